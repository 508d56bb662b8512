package session

import (
	"fmt"
	"slices"
	"strings"

	"skinny/scenarios"
	"skinny/sim/quiz"
)

// lesson is a lesson that is being taken. The run as it was written halts at its stops,
// and what has not been reached in it is hidden; branches are the user's own, and whole.
type lesson struct {
	*scenarios.Lesson
	quizzing
	stops  []stop
	seen   int  // the last point that was reached
	past   int  // stops that have been reached, and answered where they ask
	over   bool // the point has been made
	course Course
}

// Course is what surrounds a lesson.
type Course struct {
	Again string // the command line that begins it again
	Next  string // the one of what comes next, "" for nothing

	// Done is told once how many of the answers were right. It returns what is to be said
	// about that.
	Done func(right, asked int) string
}

type stop struct {
	*scenarios.Stop
	question *quiz.Question // nil if it only says something
}

// before is the point at which the run halts for the stop.
func (t *stop) before() int {
	if t.question != nil {
		return t.At.Value - 1
	}
	return t.At.Value
}

// TakeLesson begins the lesson that the scenario is. The error says which stop cannot be:
// `skinny scenarios lint` says the same.
func (s *Session) TakeLesson(c Course) error {
	root := s.tree.Root()
	l := &lesson{Lesson: root.scenario.Lesson(), course: c}
	for i := range l.Stops {
		t := stop{Stop: &l.Stops[i]}
		if t.At.Value > root.Len() {
			return fmt.Errorf("the lesson halts at event %d, and the run has %d", t.At.Value, root.Len())
		}
		if t.Ask.Given {
			q, err := root.scenario.Question(root.quizzed(), t.Stop)
			if err != nil {
				return err
			}
			t.question = &q
		}
		l.stops = append(l.stops, t)
	}
	s.lesson = l
	s.set(root, 0)
	return nil
}

// InLesson reports whether a lesson is being taken, and whether it is over.
func (s *Session) InLesson() (is, over bool) {
	return s.lesson != nil, s.lesson != nil && s.lesson.over
}

// halt is the last event of a branch that one may go to: the next stop, or the one before as
// long as what it says is to be seen, also if the next one asks about the same event.
func (l *lesson) halt(b *Branch) int {
	switch {
	case b.Parent != nil || l.past == len(l.stops):
		return b.Len()
	case l.past > 0 && l.waits() == nil:
		return max(l.stops[l.past].before(), l.stops[l.past-1].At.Value)
	}
	return l.stops[l.past].before()
}

// limit is the last event of a branch that may be seen.
func (l *lesson) limit(b *Branch) int {
	if l == nil || b.Parent != nil || l.past == len(l.stops) {
		return b.Len()
	}
	return l.seen
}

// arrive halts at the next stop if the session has come to it. Where another stop is
// shown at the same point, the next one waits for [Session.onward].
func (l *lesson) arrive(s *Session) {
	if s.branch.Parent != nil {
		return
	}
	l.seen = max(l.seen, s.at)
	comes := l.past < len(l.stops) && l.stops[l.past].before() == s.at
	shown := l.past > 0 && l.stops[l.past-1].At.Value == s.at
	if comes && !shown {
		l.reach(s.tree.Root())
	}
}

// reach is that the run halts for the next stop.
func (l *lesson) reach(root *Branch) {
	if t := &l.stops[l.past]; t.question != nil {
		l.pose(root, t.At.Value, t.question)
	} else {
		l.past++
	}
}

// onward goes on to where the lesson halts next, or to its end.
func (s *Session) onward() string {
	l := s.lesson
	switch {
	case l == nil:
		return s.Go(1)
	case s.Question() != nil:
		return s.toAnswer(s.Question())
	case l.over:
		return "this is the end of the lesson"
	case l.past == len(l.stops):
		l.over = true
		right, of, _ := l.score()
		return l.course.Done(right, of)
	}
	next := l.past
	if s.set(s.tree.Root(), l.stops[next].before()); l.past == next {
		l.reach(s.tree.Root())
	}
	return ""
}

// shown is the stop that the session stands at, nil if it is between them.
func (l *lesson) shown(s *Session) *stop {
	for i := l.past - 1; i >= 0; i-- {
		t := &l.stops[i]
		if t.trial(s.branch) || s.branch.Parent == nil && s.at == t.At.Value {
			return t
		}
	}
	return nil
}

// trial reports whether a branch is the run under the rules to try at the stop.
func (t *stop) trial(b *Branch) bool {
	root := b.tree.Root()
	return b.Parent == root && len(b.acts) == 0 && b.header.Rules == scenarios.WithRules(root.header.Rules, t.Try)
}

// try turns the rules of the current stop on or off; where the next one asks already, of
// the one before. It reports false where there are none.
func (s *Session) try() bool {
	l := s.lesson
	if l == nil || l.over {
		return false
	}
	t, root := l.shown(s), s.tree.Root()
	if t == nil && l.waits() != nil && l.past > 0 {
		t = &l.stops[l.past-1]
	}
	switch {
	case t == nil || len(t.Try) == 0:
		return false
	case t.trial(s.branch) && l.waits() != nil:
		s.onward()
		return true
	case t.trial(s.branch):
		s.set(root, t.At.Value)
		return true
	}
	i := slices.IndexFunc(s.tree.branches, t.trial)
	if i < 0 {
		i = len(s.tree.branches)
		root.Under(scenarios.WithRules(root.header.Rules, t.Try))
	}
	s.set(s.tree.branches[i], Shared(root, s.tree.branches[i])+1)
	return true
}

func (l *lesson) aside(s *Session) *Page {
	number := min(l.past+1, len(l.stops))
	var rows []Row
	switch t := l.shown(s); {
	case l.over:
		return reading("the point of this lesson", l.end())
	case s.branch.Parent != nil && t == nil:
		rows = []Row{row(Faint, "This branch is your own; Enter goes back to the lesson.")}
	case s.Question() != nil:
		rows = l.stops[l.past].asking()
	case t != nil:
		number = slices.IndexFunc(l.stops, func(o stop) bool { return o.Stop == t.Stop }) + 1
		rows = t.saying(s)
	case s.Words: // it is said where it halts
	case l.past == len(l.stops):
		rows = []Row{row(Faint, "That was the last stop. Enter ends the lesson.")}
	default:
		rows = []Row{row(Faint, "Enter goes on to where the lesson halts next.")}
	}
	title := fmt.Sprintf("lesson, stop %d of %d", number, len(l.stops))
	if right, of, _ := l.score(); of > 0 {
		title += fmt.Sprintf(" · %d of %d right", right, of)
	}
	p := reading(title, rows)
	p.Hints = l.hints(s)
	return p
}

// hints is what keys do in a lesson that they do not do elsewhere.
func (l *lesson) hints(s *Session) []Hint {
	if s.Question() != nil {
		return []Hint{{"o", ""}}
	}
	hints := []Hint{{"enter", "go on"}, {"o", ""}}
	if t := l.shown(s); t != nil && len(t.Try) > 0 {
		hints = append(hints, Hint{"t", "try"})
	}
	return hints
}

func (t *stop) asking() (rows []Row) {
	if t.Before.Given {
		rows = append(rows, row(Plain, oneLine(t.Before.Value)))
	}
	return append(rows, asking(t.question)...)
}

func (t *stop) saying(s *Session) (rows []Row) {
	if t.trial(s.branch) {
		return t.trying(s)
	}
	for _, p := range s.lesson.posed {
		if p.question == t.question {
			rows = append(rows, p.graded())
		}
	}
	for _, text := range []scenarios.Opt[string]{t.After, t.Say} {
		if text.Given {
			rows = append(rows, row(Plain, oneLine(text.Value)))
		}
	}
	if len(t.Try) > 0 {
		rows = append(rows, row(Key, s.toTry("the same run "+t.tryText())))
	}
	return rows
}

// toTry says what turning the rules on or off shows.
func (s *Session) toTry(what string) string {
	if s.Words {
		return "`rule` shows " + what + "."
	}
	return s.by("rule") + ": " + what
}

// tryText is "with ack-majority", "without durable".
func (t *stop) tryText() string {
	var words []string
	for _, word := range []string{"with ", "without "} {
		var rules []string
		for _, r := range t.Try {
			if r.On == (word == "with ") {
				rules = append(rules, r.Rule)
			}
		}
		if rules != nil {
			words = append(words, word+strings.Join(rules, ", "))
		}
	}
	return strings.Join(words, " and ")
}

// trying is what the rules to try change: the first event that is another, how the run
// goes on to its end, and the event in the run as it was written.
func (t *stop) trying(s *Session) (rows []Row) {
	root, first := s.tree.Root(), Shared(s.tree.Root(), s.branch)+1
	changed := func(what string, b *Branch) {
		if first <= s.LimitOf(b) {
			l := b.Line(first)
			rows = append(rows, Row{Text: append([]Span{{what, Faint}}, Sentence(&l)...), Indent: 2})
		}
	}
	rows = append(rows, row(Strong, fmt.Sprintf("The same run %s. Event %d is the first that is another:", t.tryText(), first)))
	changed("now:", s.branch)
	changed("before:", root)
	return append(rows, Row{Text: []Span{{"In the end:", Plain}, s.branch.Outcome()}, Indent: 2},
		row(Key, s.toTry("the run as it was")))
}

func (l *lesson) end() []Row {
	rows := []Row{row(Strong, l.Point.Value)}
	if right, of, _ := l.score(); of > 0 {
		rows = append(rows, row(Plain, fmt.Sprintf("%d of %d answers right.", right, of)))
	}
	if l.course.Next != "" {
		rows = append(rows, row(Key, "next: "+l.course.Next))
	}
	return rows
}

func (l *lesson) welcome(s *Session) *Page {
	rows := s.about() // what stands behind tells what there is to be found out
	questions := 0
	for i := range l.stops {
		if l.stops[i].question != nil {
			questions++
		}
	}
	rows = append(rows, row(Plain, shown(s.branch.scenario)), Row{})
	times := map[bool]string{true: "once", false: count(len(l.stops)) + " times"}[len(l.stops) == 1]
	halts := fmt.Sprintf("This lesson halts %s, and asks %d question%s.", times, questions, map[bool]string{false: "s"}[questions == 1])
	rows = append(rows, row(Strong, halts), Row{})
	if s.Words {
		return reading(s.branch.scenario.Title, append(rows[:len(rows)-1], row(Plain, "Enter goes on, a number answers; `help` says what else there is, `quit` leaves."), Row{}))
	}
	return s.beginning(rows,
		"enter  goes on to where it halts next; → one event",
		"1 … 9  answer a question",
		"←      looks back at what has happened; nothing is lost",
		"?      all keys; q leaves")
}

// oneLine is a text without the line breaks of its file.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
