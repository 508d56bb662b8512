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
	if missing != "" {
		return n, "what is given is missing, or comes in another order: " + missing
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
// in its order; missing is the first that is not.
func added(given, all []string) (own []string, missing string) {
	for _, text := range all {
		if len(given) > 0 && text == given[0] {
			given = given[1:]
		} else {
			own = append(own, text)
		}
	}
	if len(given) > 0 {
		missing = given[0]
	}
	return own, missing
}

// verbs are the words for fates.
var verbs = map[sim.FateKind]string{sim.DropFate: "drop", sim.DelayFate: "delay", sim.DuplicateFate: "duplicate", sim.RefuseFate: "refuse"}

// fates counts the fates that a solution adds, each of which has to be that of one message.
func (x *Exercise) fates(tried *scenarios.Scenario) (n int, wrong string) {
	var given []sim.Fate
	if x.Scenario.Timed() {
		given = x.Scenario.Timetable.Fates
	}
	for _, f := range tried.Timetable.Fates {
		if len(given) > 0 && f == given[0] {
			given = given[1:]
			continue
		}
		n++
		verb := verbs[f.Kind]
		switch {
		case !x.Allows(verb):
			return n, fmt.Sprintf("not allowed: %s %s", verb, f.Message)
		case f.From.Len() != 1 || f.To.Len() != 1 || f.Nth == 0:
			return n, fmt.Sprintf("%s %s is more than one message: give from, to and nth", verb, f.Message)
		}
	}
	if len(given) > 0 {
		return n, "what is given is missing, or comes in another order: " + verbs[given[0].Kind] + " " + given[0].Message.String()
	}
	return n, ""
}
