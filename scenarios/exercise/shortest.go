package exercise

import (
	"math/bits"
	"slices"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim"
)

// Finding is what a search for a solution has found.
type Finding struct {
	Solution *scenarios.File // nil if there is none, or none was found
	Moves    int             // of the solution
	Least    int             // no solution has fewer moves than this
	All      bool            // every solution there can be was looked at, or the one that was found is shortest
	Why      string          // if not All: what was not looked at
}

// Shortest looks for a solution of the fewest moves, and goes no further than most.
func (x *Exercise) Shortest(most int, l Limits) Finding {
	scheduled := x.Changes("schedule") && (!x.Scenario.Timed() || len(x.Scenario.Timetable.Timeline) == 0)
	others := slices.DeleteFunc(slices.Clone(x.own), func(key string) bool { return key == "schedule" || key == "rules" || key == "messages" })
	switch {
	case len(others) > 0:
		return Finding{Why: "solutions that change " + others[0]}
	case x.Predicts():
		return x.answers(l)
	case slices.Equal(x.own, []string{"rules"}):
		return x.byRules(most, l)
	case slices.Equal(x.own, []string{"schedule"}) && scheduled:
		return newOrders(x, l).search(most)
	case slices.Equal(x.own, []string{"messages"}):
		return x.byFates(most, l)
	}
	return Finding{Why: "solutions that change more than one key"}
}

// solution is the exercise as a file to be solved, with nothing filled in: it has the keys
// that a solution may not change, and what is given under the others.
func (x *Exercise) solution() *scenarios.File {
	f := *x.file
	f.Exercise, f.Lesson = scenarios.Opt[scenarios.Exercise]{}, scenarios.Opt[scenarios.Lesson]{}
	f.Expect, f.Rules = nil, slices.Clone(f.Rules)
	if x.Hides(scenarios.HideRules) {
		f.Rules = nil
	}
	return &f
}

// answers is the predictions that are right.
func (x *Exercise) answers(l Limits) Finding {
	f := x.solution()
	o, err := run(x.Scenario, l)
	if err != nil {
		return Finding{All: true}
	}
	for i := range x.Want {
		d := &x.Want[i]
		var is scenarios.Expectation
		switch {
		case x.guessed(d):
			f.Rules = scenarios.RuleSettings(x.Scenario.Edition, x.Scenario.Cluster.Rules)
			continue
		case len(d.Predict) == 0:
			continue
		case d.Operation.Given && d.Operation.Value <= o.World.Operations():
			is = scenarios.OperationClaim(o.World, d.Operation.Value)
		case d.Instance.Given:
			at := slices.Index(x.Scenario.Header().Instances, d.Instance.Value)
			is = scenarios.InstanceClaim(o.World, protocol.Position(at))
		case d.Property.Given:
			for _, v := range o.Verdicts {
				if v.Property == d.Property.Value {
					is = scenarios.Expectation{Property: d.Property, Is: scenarios.Some(v.State)}
				}
			}
		}
		f.Expect = append(f.Expect, is)
	}
	if m := x.Judge(f, l); !m.Solved {
		return Finding{All: true}
	}
	return Finding{Solution: f, All: true}
}

// judging is what it takes to judge a solution by a run, in states of a search.
const judging = 200

// byRules tries sets of rules, the smallest first.
func (x *Exercise) byRules(most int, l Limits) Finding {
	table := protocol.RuleTable()
	unknown, used := false, uint64(0)
	l.lazy, l.used = true, &used
	for size := 0; size <= min(most, len(table)); size++ {
		for set := range uint64(1) << len(table) {
			if bits.OnesCount64(set) != size {
				continue
			}
			if used += judging; used > 4*l.States || l.stopped() {
				return Finding{Least: size, Why: "sets of more rules"}
			}
			rules := x.Scenario.Cluster.Rules
			for i, r := range table {
				if set>>i&1 != 0 {
					rules ^= r.Rule
				}
			}
			f := x.solution()
			f.Rules = scenarios.RuleSettings(x.Scenario.Edition, rules)
			m := x.Judge(f, l)
			unknown = unknown || slices.ContainsFunc(m.Demands, func(d Demand) bool { return d.Unknown })
			if m.Solved {
				return Finding{Solution: f, Moves: size, Least: size, All: !unknown}
			}
		}
	}
	return Finding{Least: most + 1, Why: "sets of more rules"}
}

// byFates tries fates of the messages that are sent, the fewest first. Only what has no
// amount is tried: that messages are lost or refused.
func (x *Exercise) byFates(most int, l Limits) Finding {
	inexhaustive := ""
	for _, verb := range []string{"delay", "duplicate"} {
		if x.Allows(verb) {
			inexhaustive = "messages that are delayed or duplicated"
		}
	}
	tried := uint64(0)
	level := [][]scenarios.Fate{nil}
	for size := 0; size <= most && len(level) > 0; size++ {
		var next [][]scenarios.Fate
		for _, fates := range level {
			if tried += judging; tried > l.States || l.stopped() {
				return Finding{Least: size, Why: "more fates of messages"}
			}
			f := x.solution()
			f.Messages = append(slices.Clone(f.Messages), fates...)
			if m := x.Judge(f, l); m.Solved {
				return Finding{Solution: f, Moves: size, Least: size, All: inexhaustive == "" || size == 0, Why: inexhaustive}
			}
			if size < most {
				next = append(next, x.more(f, fates)...)
			}
		}
		level = next
	}
	if inexhaustive == "" {
		inexhaustive = "more fates of messages"
	}
	return Finding{Least: most + 1, Why: inexhaustive}
}

// more is sets of fates with one more: of a message of the run of a solution, behind the
// last one that has a fate, so that no set comes twice.
func (x *Exercise) more(f *scenarios.File, fates []scenarios.Fate) (list [][]scenarios.Fate) {
	s, _, err := x.file.Solution(f, x.own)
	if err != nil {
		return nil
	}
	begun, header := len(fates) == 0, s.Header()
	seen := map[scenarios.Fate]bool{}
	for _, d := range sim.RunRecorded(s.Start()) {
		if !d.Kind.Has(sim.WithMessage) {
			continue
		}
		fate := scenarios.Fate{
			Message: scenarios.Some(d.Message), From: scenarios.Some(header.Name(d.From)), To: scenarios.Some(header.Name(d.To)), Nth: scenarios.Some(d.Nth),
		}
		if !begun {
			last := fates[len(fates)-1]
			last.Kind = fate.Kind
			begun = last == fate
			continue
		}
		if seen[fate] {
			continue
		}
		seen[fate] = true
		for _, kind := range []sim.FateKind{sim.DropFate, sim.RefuseFate} {
			if x.Allows(kind.String()) && (kind == sim.DropFate || d.Message.IsRequest()) {
				fate.Kind = kind
				list = append(list, append(slices.Clone(fates), fate))
			}
		}
	}
	return list
}
