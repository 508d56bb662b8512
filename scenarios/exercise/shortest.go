package exercise

import (
	"cmp"
	"fmt"
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
		return x.byOrders(most, l)
	case slices.Equal(x.own, []string{"messages"}):
		return x.byFates(most, l)
	}
	return Finding{Why: "solutions that change more than one key"}
}

// solution is the exercise as a file to be solved, with nothing filled in: it has the keys
// that a solution may not change, and what is given under the others.
func (x *Exercise) solution() *scenarios.File {
	f := *x.Scenario.File()
	f.Exercise, f.Lesson = scenarios.Opt[scenarios.Exercise]{}, scenarios.Opt[scenarios.Lesson]{}
	f.Expect, f.Rules = nil, slices.Clone(f.Rules)
	if x.Hides(scenarios.HideRules) {
		f.Rules = nil
	}
	return &f
}

func (x *Exercise) answers(l Limits) Finding {
	f := x.solution()
	o, err := run(x.Scenario, l)
	if err != nil {
		return Finding{All: true}
	}
	for i := range x.Want {
		switch d := &x.Want[i]; {
		case guessed(*d):
			f.Rules = scenarios.RuleSettings(x.Scenario.Edition, x.Scenario.Cluster.Rules)
		case len(d.Predict) > 0:
			f.Expect = append(f.Expect, o.Case(&d.Expectation))
		}
	}
	if m := x.Judge(f, l); !m.Solved {
		return Finding{All: true}
	}
	return Finding{Solution: f, All: true}
}

// ways is what a search for a solution goes through.
type ways[W any] struct {
	first    []W                          // those without a move
	further  func(W, *scenarios.File) []W // those of one move more, none of which comes twice
	solution func(W) *scenarios.File      // nil: it is none yet
	spent    func() bool                  // asked before each way: whether to end
	skips    string                       // what may be done and is not tried
	longer   string                       // what is not looked at when the search ends
}

// fewest looks for a solution among ways of no more than most moves, the fewest first.
func fewest[W any](x *Exercise, most int, l Limits, w ways[W]) Finding {
	level := w.first
	for moves := 0; moves <= most; moves++ {
		var next []W
		for _, way := range level {
			if w.spent() || l.stopped() {
				return Finding{Least: moves, Why: w.longer}
			}
			f := w.solution(way)
			if f != nil {
				m := x.Judge(f, l)
				if m.Solved {
					return Finding{Solution: f, Moves: moves, Least: moves, All: w.skips == "", Why: w.skips}
				}
				if slices.ContainsFunc(m.Demands, func(d Demand) bool { return d.Unknown }) {
					w.skips = "demands that take a longer search"
				}
			}
			if moves < most {
				next = append(next, w.further(way, f)...)
			}
		}
		if level = next; len(level) == 0 && moves < most && w.skips == "" {
			return Finding{Least: moves + 1, All: true}
		}
	}
	return Finding{Least: most + 1, Why: cmp.Or(w.skips, w.longer)}
}

// judging is what it takes to judge a solution by a run, in states of a search.
const judging = 200

func (x *Exercise) byRules(most int, l Limits) Finding {
	used := uint64(0)
	l.lazy, l.used = true, &used
	return fewest(x, most, l, ways[protocol.Rules]{
		first: []protocol.Rules{0},
		further: func(changed protocol.Rules, _ *scenarios.File) (list []protocol.Rules) {
			for _, r := range protocol.RuleTable() {
				if r.Rule > changed { // than all of them
					list = append(list, changed|r.Rule)
				}
			}
			return list
		},
		solution: func(changed protocol.Rules) *scenarios.File {
			f := x.solution()
			f.Rules = scenarios.RuleSettings(x.Scenario.Edition, x.Scenario.Cluster.Rules^changed)
			return f
		},
		spent:  func() bool { used += judging; return used > 4*l.States },
		longer: "sets of more rules",
	})
}

// byFates tries fates of messages that have no amount: that they are lost, or refused.
func (x *Exercise) byFates(most int, l Limits) Finding {
	tried := uint64(0)
	w := ways[[]scenarios.Fate]{
		first:   make([][]scenarios.Fate, 1),
		further: x.more,
		solution: func(fates []scenarios.Fate) *scenarios.File {
			f := x.solution()
			f.Messages = append(slices.Clone(f.Messages), fates...)
			return f
		},
		spent:  func() bool { tried += judging; return tried > l.States },
		longer: "more fates of messages",
	}
	if x.Allows("delay") || x.Allows("duplicate") {
		w.skips = "messages that are delayed or duplicated"
	}
	return fewest(x, most, l, w)
}

// more is sets of fates with one more: of a message of the run of a solution, behind the
// last one that has a fate, so that no set comes twice.
func (x *Exercise) more(fates []scenarios.Fate, f *scenarios.File) (list [][]scenarios.Fate) {
	s, _, err := x.Scenario.File().Solution(f, x.own)
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

// usualMost is how many moves a search goes for an exercise that names no par.
const usualMost = 3

// Lint looks for a solution. Found is what is wrong with the exercise: that there is none,
// that par is not right, that nobody can tell which rule is meant. Said is what else is
// known, in a sentence, "" for nothing: also that it is not known.
func (x *Exercise) Lint(l Limits) (found scenarios.Diagnostics, said string) {
	report := func(at scenarios.Place, hint, format string, args ...any) {
		found = append(found, x.Scenario.File().Complain(at, hint, fmt.Sprintf(format, args...)))
	}
	if !x.Predicts() && x.Judge(x.solution(), l).Solved {
		report(x.Place, "want something else, or give something else", "it is solved before anything is changed")
		return found, ""
	}
	most := x.Par.Or(usualMost)
	f := x.Shortest(most, l)
	par := x.Par.Value
	switch {
	case f.Solution == nil && f.Least > par && x.Par.Given:
		report(x.Par.Place, fmt.Sprintf("every solution has at least %s", Counted(f.Least)), "there is no solution of %s", Counted(par))
	case f.Solution == nil && f.All:
		report(x.Place, "look at `want`, and at what a solution may change", "there is no solution")
	case f.Solution == nil:
		said = "whether it can be solved is not known; not looked at: " + f.Why
	case f.Moves < par:
		report(x.Par.Place, fmt.Sprintf("par: %d", f.Moves), "there is a solution of %s", Counted(f.Moves))
	case x.Par.Given && !f.All:
		said = fmt.Sprintf("it can be solved in %s; whether in fewer is not known; not looked at: %s", Counted(f.Moves), f.Why)
	case x.Predicts():
		said = "it can be solved"
	default:
		said = fmt.Sprintf("it can be solved in %s", Counted(f.Moves))
		if f.All {
			said += ", and in no fewer"
		}
	}
	if other := x.mistakable(l); other != "" {
		report(x.Place, "let something happen in the run that only the right rule explains", "nobody can tell which rule is meant: with %s otherwise instead, the run is the same", other)
	}
	return found, said
}

// mistakable is a rule that explains the run as well as the one that is to be found, "" if
// there is none, or more than one rule to be found.
func (x *Exercise) mistakable(l Limits) string {
	edition, _ := protocol.EditionByName(x.Scenario.Edition)
	rules := x.Scenario.Cluster.Rules
	if !x.guesses() || bits.OnesCount64(uint64(edition.Rules^rules)) != 1 {
		return ""
	}
	digest := x.digest(rules, l)
	for _, r := range protocol.RuleTable() {
		if other := edition.Rules ^ r.Rule; other != rules && x.digest(other, l) == digest {
			return r.Name
		}
	}
	return ""
}

func (x *Exercise) digest(rules protocol.Rules, l Limits) string {
	o, err := run(x.Scenario.Under(rules), l)
	if err != nil {
		return err.Error()
	}
	return o.Digest
}
