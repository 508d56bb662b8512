package exercise

import (
	"fmt"
	"math/bits"
	"strings"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim"
)

// moves counts what is otherwise in a solution than in the exercise: decisions, entries of
// timeline and messages, rules and quorums. Wrong says which of them is not allowed.
func (x *Exercise) moves(tried *scenarios.Scenario) (n int, wrong string) {
	s := x.Scenario
	if !x.guesses() {
		changed := tried.Cluster.Rules ^ s.Cluster.Rules
		n += bits.OnesCount64(uint64(changed))
		for _, r := range protocol.RuleTable() {
			word := scenarios.TurnOff
			if tried.Cluster.Rules.Has(r.Rule) {
				word = scenarios.TurnOn
			}
			if changed.Has(r.Rule) && !x.Allows(word) {
				return n, "not allowed: " + word + " " + r.Name
			}
		}
	}
	if tried.Cluster.Quorums.Promise != s.Cluster.Quorums.Promise {
		n++
	}
	if tried.Cluster.Quorums.Commit != s.Cluster.Quorums.Commit {
		n++
	}
	own, missing := added(texts(s), texts(tried))
	if len(missing) > 0 {
		return n, isMissing + missing[0]
	}
	for _, text := range own {
		if verb, _, _ := strings.Cut(text, " "); !x.Allows(verb) {
			return n, "not allowed: " + text
		}
	}
	if !tried.Timed() {
		return n + len(own), ""
	}
	fates, wrong := x.fates(tried)
	return n + len(own) + fates, wrong
}

// texts is the decisions of a scenario in words. In a schedule their times do not matter.
func texts(s *scenarios.Scenario) (list []string) {
	for _, d := range s.Decisions() {
		text := ""
		if d.Timed = false; s.Timed() {
			text = " at " + scenarios.FormatTime(d.At)
		}
		list = append(list, scenarios.DecisionText(s.Cluster, d)+text)
	}
	return list
}

// added is what there is in a list besides what is given, all of which has to be there
// in its order; missing begins with the first that is not.
func added[V comparable](given, all []V) (own, missing []V) {
	for _, v := range all {
		if len(given) > 0 && v == given[0] {
			given = given[1:]
		} else {
			own = append(own, v)
		}
	}
	return own, given
}

const isMissing = "what is given is missing, or comes in another order: "

// fates counts the fates that a solution adds, each of which has to be that of one message.
func (x *Exercise) fates(tried *scenarios.Scenario) (n int, wrong string) {
	var given []sim.Fate
	if x.Scenario.Timed() {
		given = x.Scenario.Timetable.Fates
	}
	own, missing := added(given, tried.Timetable.Fates)
	for i, f := range own {
		switch {
		case !x.Allows(f.Kind.String()):
			return i + 1, fmt.Sprintf("not allowed: %s %s", f.Kind, f.Message)
		case f.From.Len() != 1 || f.To.Len() != 1 || f.Nth == 0:
			return i + 1, fmt.Sprintf("%s %s is more than one message: give from, to and nth", f.Kind, f.Message)
		}
	}
	if len(missing) > 0 {
		return len(own), fmt.Sprintf("%s%s %s", isMissing, missing[0].Kind, missing[0].Message)
	}
	return len(own), ""
}
