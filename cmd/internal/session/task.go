package session

import (
	"fmt"
	"slices"
	"strings"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/scenarios/exercise"
	"skinny/sim"
)

// aside is the task, how far the solution has come, and the hint that was asked for last.
func (x *solving) aside(s *Session) *Page {
	m := x.marked(s)
	title := "exercise"
	switch {
	case x.solved:
		title += ": ✓ solved"
	case !x.Predicts():
		title += ": " + exercise.Counted(m.Moves)
	case len(x.guesses) > 0:
		title += ": " + count(len(x.guesses)) + " tried"
	}
	if x.Par.Given {
		title += fmt.Sprintf(" · par %d", x.Par.Value)
	}
	if len(m.Demands) > 1 {
		title += fmt.Sprintf(" · %d of %d demands met", m.Met(), len(m.Demands))
	}
	rows := []Row{row(Strong, oneLine(x.Task.Value))}
	if x.solved {
		rows = []Row{{Text: []Span{{"✓", Good}, {x.solvedText(m), Strong}}, Indent: 2}}
		if x.note != "" {
			rows = append(rows, row(Key, x.note))
		}
	}
	if m.Wrong != "" {
		rows = append(rows, Row{Text: []Span{{"✗", Bad}, {m.Wrong, Plain}}, Indent: 2})
	}
	for i := range m.Demands {
		rows = append(rows, Row{Text: x.wanted(i, &m.Demands[i]), Indent: 2})
	}
	if x.hints > 0 && !x.solved {
		rows = append(rows, row(Faint, x.lastHint()))
	}
	return reading(title, rows)
}

// wanted is a demand by its index, and whether it is met. That one is not is no fault of
// the run, so it does not look like one; but what was claimed may be wrong.
func (x *solving) wanted(i int, d *exercise.Demand) []Span {
	claimed := ""
	for _, c := range x.claims {
		if w := &x.Want[i]; len(w.Predict) > 0 && about(&c.Expectation) == about(&w.Expectation) {
			claimed = c.words
		}
	}
	switch {
	case d.Met:
		return []Span{{"✓", Good}, {d.Text, Plain}}
	case d.Unknown:
		return []Span{{"?", Strong}, {d.Text + ": " + d.Got, Plain}}
	case claimed != "" && d.Got == "":
		return []Span{{"✗", Bad}, {"claimed: " + claimed + "; not so", Plain}}
	case claimed != "": // a part of it
		return []Span{{"○", Strong}, {"claimed: " + claimed + "; " + d.Got, Plain}}
	}
	return []Span{{"○", Strong}, {"wanted, not yet so: " + d.Text, Plain}}
}

// welcome is the first page of an exercise: what is given, the task, and the keys for it.
func (x *solving) welcome(s *Session) *Page {
	var rows []Row
	for _, paragraph := range strings.Split(strings.TrimSpace(s.branch.scenario.About), "\n\n") {
		if paragraph != "" {
			rows = append(rows, row(Plain, oneLine(paragraph)), Row{})
		}
	}
	rows = append(rows, row(Strong, "Your task: "+oneLine(x.Task.Value)), Row{})
	return s.beginning(rows, x.keys(s)...)
}

// listed is how to choose where there are only words.
const listed = "`list` shows what is under way, with numbers"

// keys is what there is to press, or to say.
func (x *solving) keys(s *Session) (list []string) {
	say := func(words, does string) { list = append(list, fmt.Sprintf("%-7s %s", s.by(words), does)) }
	choose := "↑ ↓ choose what is under way"
	if s.Words {
		choose = listed
	}
	switch {
	case x.Hides(scenarios.HideRules):
		say("rule", "lists the rules")
		say("claim", "RULE, the one that it is")
	case x.Predicts():
		for _, text := range x.claimable() {
			say("claim", map[bool]string{false: "predicts, as in: "}[s.Words]+text)
		}
	case x.Changes("rules"):
		say("rule", "turns a rule on or off")
	case x.Changes("schedule"):
		say("deliver", "lets something happen now; "+choose)
	case x.Changes("timeline"):
		if decision, there := "a decision in words, here and now", "; a number or a time goes there"; s.Words {
			list = append(list, x.example(s)+"   "+decision+there)
		} else {
			say(":", decision+", as in: "+x.example(s)+there)
		}
	default:
		say("drop", "loses a message; "+choose)
		say("majority", "goes to where a majority forms")
	}
	if len(x.Hints) > 0 {
		say("hint", "a hint")
	}
	say("save", "saves your solution, for skinny grade")
	say("help", "all keys")
	return list
}

// Offers reports whether a command is worth naming here: not what an exercise forbids, or
// what a question that waits is in the way of.
func (s *Session) Offers(c Command) bool {
	x := s.solving
	switch {
	case s.Question() != nil:
		return slices.Contains([]string{"back", "predict", "why", "help", "quit"}, c.Word)
	case c.Hint == "violation" && s.Veiled():
		return false
	case x == nil || x.solved:
		return true
	}
	timed := x.Scenario.Timed()
	messages := x.Changes("schedule") || x.Changes("messages")
	switch c.Word {
	case "deliver":
		return messages && !timed && x.Allows(c.Word)
	case "drop":
		return messages && x.Allows(c.Word)
	case "delay":
		return messages && timed && x.Allows(c.Word)
	}
	return c.Hint != "predict" && (messages || c.Hint != "choose")
}

// example is a decision that may be taken here, in words: a fault if there may be one.
func (x *solving) example(s *Session) string {
	cluster := s.branch.scenario.Cluster
	for _, kind := range sim.AllDecisionKinds() {
		d := sim.Decision{Kind: kind, From: protocol.Position(cluster.Size() - 1)}
		fits := kind.AnyTime() && kind.Has(sim.WithInstance) && !kind.Has(sim.WithCall)
		if word, _, _ := strings.Cut(d.Verb(), " "); fits && x.Allows(word) {
			return scenarios.DecisionText(cluster, d)
		}
	}
	for _, kind := range []protocol.OperationKind{protocol.Acquire, protocol.Release} {
		if x.Allows(kind.String()) {
			return s.call(kind)
		}
	}
	return x.Allow[0]
}

// mayRule says why rules are left alone in the exercise, "" if they need not be.
func (x *solving) mayRule() string {
	switch {
	case x == nil || x.solved || x.Changes("rules") && !x.Hides(scenarios.HideRules):
		return ""
	case x.Changes("rules"):
		return "write: claim RULE"
	}
	return "in this exercise the rules stay as they are"
}
