package session

import (
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim/check"
	"skinny/sim/render"
)

// A session can be in a mode: a lesson is taken, a prediction is made, the run is
// presented. A mode hides what comes later, says something beside the run, and may ask.
// Faces show nothing behind [Session.Limit], and [Session.Aside] wherever they are.

// Limit is the last event of the current branch that may be seen. Where nothing is hidden
// it is the last that is known.
func (s *Session) Limit() int { return s.LimitOf(s.branch) }

// LimitOf is the last event of a branch that may be seen.
func (s *Session) LimitOf(b *Branch) int {
	limit := min(s.lesson.limit(b), s.solving.limit(s, b))
	if s.prediction != nil || s.presenting {
		limit = min(limit, s.at)
	}
	return limit
}

// Veiled reports whether something of the current branch is hidden.
func (s *Session) Veiled() bool { return s.Limit() < s.branch.Len() }

// reach is the last event of a branch that one may go to: what is hidden may be seen by
// going there, but for a lesson, which halts.
func (s *Session) reach(b *Branch) int {
	switch {
	case s.lesson != nil:
		return s.lesson.halt(b)
	case s.solving != nil && s.solving.Predicts():
		return s.solving.limit(s, b)
	}
	return b.Len()
}

// hidden says that what comes next cannot be seen yet.
func (s *Session) hidden() string {
	if s.Question() != nil {
		return s.toAnswer(s.Question())
	}
	if x := s.solving; x != nil && x.Predicts() {
		return "what happens is hidden until it is predicted; " + x.usage()
	}
	return "what comes after event " + count(s.Limit()) + " is hidden until the run has come there; Enter goes on"
}

// Visible is the verdicts on the current branch as they stand by what may be seen: what
// breaks later holds. It is nil if they are not known.
func (s *Session) Visible() []check.Verdict {
	verdicts := s.branch.Verdicts()
	if limit := s.Limit(); limit < s.branch.Len() {
		verdicts = slices.Clone(verdicts)
		for i := range verdicts {
			v := &verdicts[i]
			unheard := v.State == check.NotJudged && slices.ContainsFunc(v.Why.Refs(), func(event int) bool { return event > limit })
			if unheard || v.State == check.Undecided || v.Event > limit {
				*v = check.Verdict{Property: v.Property, Severity: v.Severity}
			}
		}
	}
	return verdicts
}

// seen is the events of a branch up to a limit.
type seen struct {
	*Branch
	limit int
}

func (s seen) Len() int { return s.limit }

// Diagram is the current branch as far as it may be seen, without lanes.
func (s *Session) Diagram() *render.Diagram {
	b, limit := s.branch, s.Limit()
	last := b.head
	if limit < b.Len() {
		last = b.Moment(limit)
	}
	return &render.Diagram{Header: b.header, Events: seen{b, limit}, Open: last.Open(limit)}
}

// Outcome is that of a branch, as far as it may be seen.
func (s *Session) Outcome(b *Branch) Span {
	if s.LimitOf(b) < b.Len() {
		return Span{"what comes of it is hidden", Faint}
	}
	return b.Outcome()
}

// Halted reports whether a lesson says something at this very point.
func (s *Session) Halted() bool { return s.lesson != nil && s.lesson.shown(s) != nil }

// Aside is what the session's mode says and asks at this point, nil for nothing. A row
// that does something by enter is a choice of a question.
func (s *Session) Aside() *Page {
	switch {
	case s.lesson != nil:
		return s.lesson.aside(s)
	case s.prediction != nil:
		return s.prediction.aside(s)
	case s.solving != nil:
		return s.solving.aside(s)
	}
	return nil
}

// Presenting reports whether the run is shown to an audience: wide, with the future hidden.
func (s *Session) Presenting() bool { return s.presenting }

// Present begins or ends a presentation.
func (s *Session) Present() string {
	s.presenting = !s.presenting
	s.moment = nil // what is under way is told otherwise
	if !s.presenting {
		return "the presentation is over, and everything is shown"
	}
	return "presenting: what comes is hidden, and PgDn and PgUp are the next event and the last"
}

// Taken is what was done in the mode of a session, beside its branches: with it another
// session is where this one was ([Session.Resume]).
type Taken struct {
	Seen    int      `json:"seen,omitempty"`    // of a lesson: the last point that was reached
	Stops   int      `json:"stops,omitempty"`   // of a lesson: those that were reached, and answered where they ask
	Asking  bool     `json:"asking,omitempty"`  // a question waits
	Over    bool     `json:"over,omitempty"`    // the lesson has ended, or the exercise is solved
	Claims  []string `json:"claims,omitempty"`  // of an exercise, and then guesses which rule is off
	Hints   int      `json:"hints,omitempty"`   // of an exercise
	Answers [][3]int `json:"answers,omitempty"` // in their order: event, choice from 1, number of the branch
}

// Taken is what was done in the session's mode.
func (s *Session) Taken() (t Taken) {
	var list []posed
	if l := s.lesson; l != nil {
		t, list = Taken{Seen: l.seen, Stops: l.past, Asking: l.waits() != nil, Over: l.over}, l.posed
	}
	if x := s.solving; x != nil {
		t = Taken{Over: x.solved, Claims: append(x.claimed(), x.guesses...), Hints: x.hints}
	}
	if p := s.prediction; p != nil {
		t.Asking, list = s.waiting() != nil, p.posed
	}
	for _, p := range list {
		if p.choice != nothing {
			t.Answers = append(t.Answers, [3]int{p.event, p.choice + 1, p.branch.Number})
		}
	}
	return t
}

// Resume makes a session that has just entered its mode what another one was, and goes to
// a point of a branch, or as far as that may be seen. The error says what cannot be.
func (s *Session) Resume(t Taken, b *Branch, point int) error {
	var err error
	if s.lesson != nil {
		err = s.lesson.resume(s, &t)
	} else if s.solving != nil {
		err = s.solving.resume(s, &t)
	}
	if s.prediction != nil && err == nil {
		err = s.prediction.resume(s, &t)
	}
	if err != nil {
		return err
	}
	b.More(point)
	s.branch, s.at = b, min(point, s.reach(b), s.lesson.limit(b))
	s.chosen, s.moment = nothing, nil
	if s.prediction != nil && t.Asking {
		s.prediction.ask(b, s.at+1)
	}
	return nil
}

func (l *lesson) resume(s *Session, t *Taken) error {
	if t.Stops < 0 || t.Stops > len(l.stops) {
		return fmt.Errorf("the lesson has %d stops", len(l.stops))
	}
	l.past = t.Stops
	root := s.tree.Root()
	answers := t.Answers
	for _, stop := range l.stops[:l.past] {
		if stop.question == nil {
			continue
		}
		if len(answers) == 0 || !l.pose(root, stop.At.Value, stop.question).take(answers[0][1]-1) {
			return fmt.Errorf("the question about event %d has no such answer", stop.At.Value)
		}
		answers = answers[1:]
	}
	if l.past > 0 {
		l.seen = l.stops[l.past-1].At.Value
	}
	l.over = t.Over && l.past == len(l.stops)
	if l.past < len(l.stops) && l.stops[l.past].question != nil && t.Asking {
		l.reach(root)
		l.seen = max(l.seen, l.stops[l.past].before())
	}
	l.seen = max(l.seen, min(t.Seen, l.halt(root)))
	return nil
}

func (x *solving) resume(s *Session, t *Taken) error {
	for _, words := range t.Claims {
		if _, err := x.take(words); err != nil {
			return err
		}
	}
	if t.Hints < 0 || t.Hints > len(x.Hints) {
		return fmt.Errorf("the exercise has %d hints", len(x.Hints))
	}
	x.hints, x.solved = t.Hints, t.Over
	s.tree.secret = x.hides(scenarios.HideRules)
	return nil
}

func (p *prediction) resume(s *Session, t *Taken) error {
	for _, a := range t.Answers {
		if q := p.ask(s.tree.branches[a[2]], a[0]); q == nil || !q.take(a[1]-1) {
			return errors.New("there is no such answer to a question about event " + count(a[0]))
		}
	}
	return nil
}

// Welcome is the first page: what the run is about, and keys to begin with.
func (s *Session) Welcome() *Page {
	switch {
	case s.lesson != nil:
		return s.lesson.welcome(s)
	case s.solving != nil:
		return s.solving.welcome(s)
	case s.Veiled():
		return s.veiledWelcome()
	}
	return s.beginning(s.about(), s.firstKeys()...)
}

// about is the first paragraph of what the scenario is about, as rows.
func (s *Session) about() []Row {
	about, _, _ := strings.Cut(strings.TrimSpace(s.branch.scenario.About), "\n\n")
	if about == "" {
		return nil
	}
	return []Row{row(Plain, oneLine(about)), {}}
}

// beginning is a first page that ends with keys, or with words in lines.
func (s *Session) beginning(rows []Row, keys ...string) *Page {
	for _, k := range keys {
		rows = append(rows, Row{Text: []Span{{"    " + k, Key}}, Indent: 12})
	}
	if !s.Words {
		rows = append(rows, Row{}, row(Faint, "Any key begins."))
	}
	return reading(s.branch.scenario.Title, rows)
}

// veiledWelcome is the first page where it must not tell what the run is about to show.
func (s *Session) veiledWelcome() *Page {
	rows := []Row{row(Strong, "What comes is hidden: event by event you see what happens, and why."), {}}
	keys := []string{"→   the next event; ← goes back", "PgDn, PgUp   likewise, from a clicker", "V   shows everything again"}
	if s.prediction != nil {
		rows[0] = row(Strong, "Predict: before an event that is worth asking about, the run asks what it will be.")
		keys = []string{"→   the next event, or the next question; ← goes back", "1 … 9   answers", "o   shows everything again"}
	}
	return s.beginning(rows, append(keys, "?   all keys")...)
}

// firstKeys are the keys for this run: where something breaks, that one first.
func (s *Session) firstKeys() []string {
	keys := []string{
		"→   the next event; ← goes back",
		"d   loses the message that ↑ ↓ choose; what follows is a branch",
		"t   the same run under another rule",
		"o   predict: what comes is hidden, and the run asks",
		"?   all keys",
	}
	if broken := s.branch.Broken(); len(broken) > 0 {
		keys = append([]string{"v   goes to where " + broken[0].Property + " breaks"}, keys...)
	}
	return keys
}

// shown says, at the head of a lesson, which program it shows, what that means, and which
// ID an instance takes next, since what can be foreseen follows from it.
func shown(sc *scenarios.Scenario) string {
	text := "The program: " + sc.Setting()
	edition, _ := protocol.EditionByName(sc.Edition)
	switch edition.Name {
	case "sound":
		text += " (sound has every rule on; a rule is one thing that Skinny does or leaves out). "
	case "published":
		text += fmt.Sprintf(" (published is Skinny as its author wrote it; the edition sound has %d more rules on). ", bits.OnesCount64(uint64(protocol.AllRules&^edition.Rules)))
	default:
		text += " (" + edition.Name + " " + edition.About + "). "
	}
	h := sc.Header()
	var ids []string
	for i, name := range h.Instances[:min(len(h.Instances), 2)] {
		if first, size := i+1, len(h.Instances); h.Rules.Has(protocol.UniqueIDs) {
			ids = append(ids, fmt.Sprintf("%s %d, %d, %d …", name, first, first+size, first+2*size))
		} else {
			ids = append(ids, fmt.Sprintf("%d at %s", h.Settings[i].Increment, name))
		}
	}
	if h.Rules.Has(protocol.UniqueIDs) {
		return text + "Instances have their own IDs, and take the next above what they promised: " + strings.Join(ids, ", ")
	}
	return text + "An instance's next ID is what it promised plus its increment: " + strings.Join(ids, ", ") + " …"
}
