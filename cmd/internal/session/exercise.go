package session

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/scenarios/exercise"
	"skinny/scenarios/form"
	"skinny/sim"
)

// solving is an exercise that is being solved: a branch is a try, and so are claims.
type solving struct {
	*exercise.Exercise
	done func(m *exercise.Mark) string

	claims []claim        // one of each operation, instance and property
	guess  protocol.Rules // what the rules are taken to be
	hints  int            // that were asked for
	solved bool
	note   string // what there was to say about that

	guesses []string // rules, in their order
}

type claim struct {
	scenarios.Expectation
	words string
}

type judged struct {
	branch *Branch
	acts   int
	claims string
	guess  protocol.Rules
}

// Solve begins the exercise that the scenario is. Done is told once how it was solved, and
// returns what is to be said about that.
func (s *Session) Solve(x *exercise.Exercise, done func(m *exercise.Mark) string) {
	edition, _ := protocol.EditionByName(x.Scenario.Edition)
	s.solving = &solving{Exercise: x, done: done, guess: edition.Rules}
	s.tree.Write(x)
	s.tree.secret = x.Hides(scenarios.HideRules)
	if !x.Scenario.Timed() {
		s.End() // what is given is where it begins
	}
}

// Solving is the mark of the current branch as a solution, nil where no exercise is being
// solved.
func (s *Session) Solving() *exercise.Mark {
	if s.solving == nil {
		return nil
	}
	return s.solving.marked(s)
}

// hides reports whether something is hidden until the exercise is solved.
func (x *solving) hides(what string) bool { return x != nil && !x.solved && x.Hides(what) }

// limit is the last event of a branch that may be seen.
func (x *solving) limit(s *Session, b *Branch) int {
	if x.hides(scenarios.HideFuture) {
		return s.at
	}
	return b.Len()
}

// marked judges the current branch, unless that was done last.
func (x *solving) marked(s *Session) *exercise.Mark {
	now := judged{s.branch, len(s.branch.acts), strings.Join(x.claimed(), "\n"), x.guess}
	if t := s.tree; t.judged != now {
		t.judged, t.mark = now, &exercise.Mark{Of: x.Points()}
		if f, err := x.written(s.branch); err != nil {
			t.mark.Wrong = err.Error()
		} else {
			t.mark = x.Judge(f, exercise.Usual())
		}
	}
	return s.tree.mark
}

func (x *solving) claimed() []string {
	return form.Each(x.claims, func(c claim) string { return c.words })
}

// written is a branch as a solution, with what was claimed.
func (x *solving) written(b *Branch) (*scenarios.File, error) {
	w := exercise.Work{
		Scenario: b.scenario, Guess: x.guess,
		Claims: form.Each(x.claims, func(c claim) scenarios.Expectation { return c.Expectation }),
		Done: form.Each(b.acts, func(a Act) exercise.Move {
			return exercise.Move{Decision: a.Decision, At: a.At, Behind: a.behind, Delay: a.Delay}
		}),
	}
	if !b.scenario.Timed() {
		w.Decided = b.decisions(false)
	}
	return x.Written(&w)
}

// File is what is saved: a solution, or the branch.
func (s *Session) File() *scenarios.File {
	if x := s.solving; x != nil {
		if f, err := x.written(s.branch); err == nil {
			return f
		}
	}
	return s.branch.File()
}

// Graded says that a solution was saved to a file, and by which command it is judged; ""
// where no exercise is being solved.
func (s *Session) Graded(file string) string {
	if s.solving == nil {
		return ""
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(s.command, "skinny step "), " -")
	said := "saved; judged by: "
	if !s.solving.marked(s).Solved {
		said = "saved, though not solved yet; judged by: "
	}
	return said + "skinny grade " + name + " " + file
}

// Forbids says why an act may not be taken here, "" if it may be.
func (s *Session) Forbids(a Act) string {
	x, timed, words := s.solving, s.branch.scenario.Timed(), s.branch.Text(a)
	verb, _, _ := strings.Cut(words, " ")
	switch {
	case x == nil || x.solved:
		return ""
	case !x.Changes("schedule") && !x.Changes("timeline") && !x.Changes("messages"):
		return "in this exercise what happens stays as it is; it is about " + strings.Join(x.Change, " and ")
	case !x.Allows(verb):
		return x.forbidden(words)
	case timed && a.Decision.Kind.AnyTime() && !x.Changes("timeline"):
		return "not in this exercise: " + words + "; only messages are yours"
	case timed && !a.Decision.Kind.AnyTime() && !x.Changes("messages"):
		return "not in this exercise: " + words + "; only what a timeline says is yours"
	}
	_, err := x.Written(&exercise.Work{Scenario: s.branch.scenario, Done: []exercise.Move{{Decision: a.Decision, Delay: a.Delay}}})
	if err != nil {
		return "not in this exercise: " + words + "\n" + err.Error()
	}
	return ""
}

// forbidden says that the exercise does not allow something, and what it does.
func (x *solving) forbidden(words string) string {
	return "not in this exercise: " + words + "\nallowed: " + strings.Join(x.Allow, ", ")
}

// numbered is a decision about a message with its number, by which a solution names it.
func (m *Moment) numbered(d sim.Decision) sim.Decision {
	if r, ok := m.World().Find(&d); ok && d.Kind.Has(sim.WithMessage) {
		return m.World().Name(r, d.Kind)
	}
	return d
}

// NowSolved says once that the exercise is solved, and what the shortest way is.
func (s *Session) NowSolved() string {
	x, m := s.solving, s.Solving()
	if x == nil || x.solved || !m.Solved {
		return ""
	}
	x.solved, s.tree.secret = true, false
	text := "\n✓ " + x.solvedText(m)
	if x.note = x.done(m); x.note != "" {
		text += "\n" + x.note
	}
	return text
}

// Solved says how the exercise is solved by the current branch.
func (s *Session) Solved() string { return s.solving.solvedText(s.solving.marked(s)) }

// solvedText says what was needed, and what the shortest is.
func (x *solving) solvedText(m *exercise.Mark) string {
	par := x.Par.Value
	switch {
	case x.Predicts():
		return "solved"
	case !x.Par.Given:
		return "solved in " + exercise.Counted(m.Moves)
	case m.Moves > par:
		return fmt.Sprintf("solved in %s; the shortest solution has %d", exercise.Counted(m.Moves), par)
	}
	return "solved in " + exercise.Counted(m.Moves) + ", and none is shorter"
}

func (s *Session) hint() string {
	x := s.solving
	switch {
	case x == nil:
		return "hints are for exercises: skinny learn lists them"
	case x.hints == len(x.Hints) && x.hints == 0:
		return "this exercise has no hints"
	case x.hints < len(x.Hints):
		x.hints++
		if !s.Words && !x.solved {
			return "" // it stands beside the run
		}
	}
	return x.lastHint()
}

func (x *solving) lastHint() string {
	return fmt.Sprintf("hint %d of %d: %s", x.hints, len(x.Hints), x.Hints[x.hints-1])
}

// claim takes a prediction, or a guess: which rule is off.
func (s *Session) claim(in operands) Answer {
	x := s.solving
	switch {
	case x == nil || len(x.claimable()) == 0:
		return Answer{Said: "nothing is to be predicted here"}
	case in.text == "":
		return Answer{Said: x.usage()}
	}
	before := x.claims
	rule, err := x.take(in.text)
	switch {
	case err != nil:
		return Answer{Said: err.Error()}
	case rule != "":
		if said := s.NowSolved(); said != "" {
			return Answer{Said: rule + " it is" + said}
		}
		return Answer{Said: "no, it is not " + rule}
	}
	m := x.marked(s)
	if m.Wrong != "" {
		x.claims = before
		return Answer{Said: m.Wrong}
	}
	said := fmt.Sprintf("noted; %d of %d are right", m.Met(), len(m.Demands))
	for i := range m.Demands {
		if s.Words { // elsewhere they are seen
			said += "\n" + plainText(x.wanted(i, &m.Demands[i]))
		}
	}
	return Answer{Said: said + s.NowSolved()}
}

// take takes a claim in place of the one about the same thing, or a guess, whose rule it
// returns.
func (x *solving) take(words string) (rule string, err error) {
	hidden := x.Hides(scenarios.HideRules)
	name, value, given := strings.Cut(words, "=")
	if hidden {
		name = strings.TrimSpace(strings.TrimPrefix(name, "rule "))
	}
	if rule, known := protocol.RuleByName(name); known && hidden {
		if given && value != "on" && value != "off" {
			return "", errors.New("a rule is on or off: claim " + name + "=off")
		}
		edition, _ := protocol.EditionByName(x.Scenario.Edition)
		if x.guess = edition.Rules ^ rule.Rule; given && edition.Rules.Has(rule.Rule) == (value == "on") {
			x.guess = edition.Rules
		}
		x.guesses = append(x.guesses, words)
		return name, nil
	}
	if hidden {
		return "", errors.New(scenarios.RuleHint(name))
	}
	e, err := x.Scenario.File().ParseClaim(words)
	if err != nil {
		return "", err
	}
	same := func(c claim) bool { return about(&c.Expectation) == about(&e) }
	x.claims = append(slices.DeleteFunc(slices.Clone(x.claims), same), claim{e, words})
	return "", nil
}

func (x *solving) usage() string {
	if x.Hides(scenarios.HideRules) {
		return "write: claim RULE, the one that is otherwise than in " + x.Scenario.Edition
	}
	return "write: claim " + strings.Join(x.claimable(), "\nor: claim ")
}

// about is what a claim is about, as it is claimed: "operation 3".
func about(e *scenarios.Expectation) string {
	kind, name := e.Subject()
	return kind + " " + name
}

// claimable is what there is to claim, with a word in capitals for what is to be found out.
func (x *solving) claimable() (list []string) {
	unknown := map[string]string{"outcome": "OUTCOME", "holder": "NAME", "answered": "TIME", "is": "VERDICT", "promised": "NUMBER", "id": "NUMBER", "up": "true|false"}
	for i := range x.Want {
		d := &x.Want[i]
		text := about(&d.Expectation)
		for _, key := range d.Predict {
			text += " " + key + " " + unknown[key]
		}
		if len(d.Predict) > 0 {
			list = append(list, text)
		}
	}
	return list
}
