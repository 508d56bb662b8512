package scenarios

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"skinny/protocol"
	"skinny/scenarios/form"
	"skinny/sim/trace"
)

// Lesson is what makes a scenario a lesson: where its run halts, and what is said and
// asked there.
type Lesson struct {
	Point Opt[string] // what there is to learn, in a sentence
	Stops []Stop      // in the order of their events
	Next  Opt[string] // the lesson that comes next, by its short name; default: none
	Place Place
}

// Stop is where a lesson halts: one idea.
type Stop struct {
	At     Opt[int]     // the number of the event, from 1
	Means  Opt[Meaning] // which event that is, so that a change of the run cannot go unnoticed
	Ask    Opt[string]  // one of [AskKinds]: the event and what comes after it are hidden until the answer
	Of     Opt[string]  // the instance or client that the question is about, where the event does not say
	Before Opt[string]  // said with the question
	After  Opt[string]  // said with the answer
	Say    Opt[string]  // said once the event has happened
	Try    []RuleSetting
	Place  Place
}

func (l *Lesson) form() form.Form {
	return form.Form{Name: "`lesson`", Place: &l.Place, Fields: []form.Field{
		form.Key("point", "What there is to learn, in one sentence; it ends the lesson.", &l.Point, form.Line).Must(),
		form.Many("stops", "Where the run halts, in the order of the events.", &l.Stops, form.List("a list of stops", form.Of((*Stop).form))).Must(),
		form.Key("next", "The lesson that comes next.", &l.Next, form.Word("a lesson", lessonPattern)),
	}}
}

func (s *Stop) form() form.Form {
	return form.Form{Name: "a stop", Place: &s.Place, Check: s.empty, Fields: []form.Field{
		form.Key("at", "The number of the event that it is about.", &s.At, form.Numeral[int]("the number of an event", 1, maxCount)).Must(),
		form.Key("means", "Which event that is, kind, instance and perhaps peer or client: accept c a. `skinny scenarios lint` compares.", &s.Means,
			form.Parsed("an event such as accept c", meaningPattern, parseMeaning, Meaning.String)),
		form.Key("ask", "The run halts before the event, which stays hidden, and asks; what is right follows from the run.", &s.Ask, form.Choice("questions", AskKinds(), AskKinds())),
		form.Key("of", "The instance or client that the question is about, where the event does not say.", &s.Of, form.Word("an instance or a client", holderPattern)),
		form.Key("before", "Said with the question.", &s.Before, form.Lines),
		form.Key("after", "Said with the answer.", &s.After, form.Lines),
		form.Key("say", "Said once the event has happened.", &s.Say, form.Lines),
		form.Many("try", "Rules to turn on or off here, to see the same run under them: {ack-majority: on}.", &s.Try, form.Of(rulesForm)),
	}}
}

// empty says that a stop has nothing to show, or words that are never said.
func (s *Stop) empty() *mistake {
	asks := s.Before.Given || s.After.Given || s.Of.Given
	switch {
	case !s.Ask.Given && asks:
		return &mistake{What: "`before`, `after` and `of` go with a question", Hint: "give it ask, or say instead; " + form.Listed("questions", AskKinds())}
	case !s.Ask.Given && !s.Say.Given:
		return &mistake{What: "this stop neither says nor asks anything", Hint: "give it say or ask"}
	}
	return nil
}

// AskKinds lists what a stop can ask.
func AskKinds() []string {
	return []string{"answer", "majority", "value", "told", "state", "breaks", "next"}
}

// lessonPattern is what the name of a lesson looks like.
const lessonPattern = `[a-z0-9][a-z0-9-]*`

// meaningPattern is what the name of an event looks like.
const meaningPattern = `[a-z][a-z-]*( +[^\s]+){0,2}`

// Meaning names an event: its kind, where it happens, and the other end.
type Meaning struct {
	Kind     trace.Kind
	Instance string // "" where the event has none
	Peer     string // an instance, or the client of an operation; "" for any
}

// String is the meaning as it is written.
func (m Meaning) String() string {
	return strings.TrimSpace(m.Kind.String() + " " + strings.TrimSpace(m.Instance+" "+m.Peer))
}

func parseMeaning(text string) (Meaning, *mistake) {
	words := strings.Fields(text)
	const hint = "a kind of event, its instance, and perhaps the other end: accept c a"
	if len(words) == 0 || len(words) > 3 {
		return Meaning{}, &mistake{What: fmt.Sprintf("expected an event such as accept c, got %s", form.Quoted(text)), Hint: hint}
	}
	kinds := trace.Kinds()
	names := form.Names(kinds, trace.Kind.String)
	at := slices.Index(names, words[0])
	if at < 0 {
		return Meaning{}, &mistake{What: fmt.Sprintf("%s is no kind of event", form.Quoted(words[0])), Hint: Suggest(words[0], "kinds", names)}
	}
	words = append(words, "", "")
	return Meaning{kinds[at], words[1], words[2]}, nil
}

// MeaningOf is the full name of an event.
func MeaningOf(h *trace.Header, e *trace.Event) Meaning {
	m := Meaning{Kind: e.Kind}
	if e.Instance != trace.None {
		m.Instance = h.Instances[e.Instance]
	}
	switch {
	case e.Peer != trace.None:
		m.Peer = h.Instances[e.Peer]
	case e.Operation.Kind != protocol.NoOperation && e.Operation.Holder != protocol.Free:
		m.Peer = h.HolderName(e.Operation.Holder)
	}
	return m
}

// covers reports whether the event of the full name is one that is meant.
func (m Meaning) covers(full Meaning) bool {
	return m.Kind == full.Kind && m.Instance == full.Instance && (m.Peer == "" || m.Peer == full.Peer)
}

// checkLesson reports what is wrong with the lesson as far as it is seen without a run.
func (c *compiler) checkLesson() {
	l := &c.file.Lesson.Value
	if c.file.Lesson.Given && len(l.Stops) == 0 && !c.Lost {
		c.Report(l.Place, "a stop says or asks something at an event: {at: 6, say: …}", "a lesson without stops")
	}
	last := 0
	for i := range l.Stops {
		s := &l.Stops[i]
		if s.At.Given && s.At.Value < last {
			c.Report(s.At.Place, "put the stops in the order of their events", "this stop is at event %d, and the one before it at %d", s.At.Value, last)
		}
		last = max(last, s.At.Value)
		c.settings(s.Try)
		if s.Of.Given && !slices.Contains(c.instances, s.Of.Value) && !slices.Contains(c.holders, s.Of.Value) && !c.Lost {
			c.Report(s.Of.Place, Suggest(s.Of.Value, "instances and clients", slices.Concat(c.instances, c.holders)), "unknown instance or client %s", form.Quoted(s.Of.Value))
		}
		if m := s.Means; m.Value.Instance != "" {
			c.position(Opt[string]{Value: m.Value.Instance, Given: true, Place: m.Place})
		}
	}
}

// Lesson is what makes the scenario a lesson, nil if it is none.
func (s *Scenario) Lesson() *Lesson {
	if s.file == nil || !s.file.Lesson.Given {
		return nil
	}
	return &s.file.Lesson.Value
}

// LintLesson runs a lesson and compares its stops with what happens. What it finds is
// mistakes; it finds nothing in a scenario that is no lesson.
func (s *Scenario) LintLesson() Diagnostics {
	l := s.Lesson()
	if l == nil {
		return nil
	}
	r, problem := form.Reader{Source: s.file.source}, Diagnostics(nil)
	if next := l.Next; next.Given {
		if _, err := FindLesson(next.Value); err != nil {
			r.Report(next.Place, Suggest(next.Value, "lessons", LessonNames()), "there is no lesson %s", form.Quoted(next.Value))
		}
	}
	met, err := s.meanings(l.Stops[len(l.Stops)-1].At.Value)
	if errors.As(err, &problem) {
		r.Found = append(r.Found, problem...)
	}
	for i := range l.Stops {
		stop := &l.Stops[i]
		switch at, means := stop.At.Value, stop.Means; {
		case at > len(met) && err == nil:
			r.Report(stop.At.Place, fmt.Sprintf("it has %d", len(met)), "the run has no event %d", at)
		case at <= len(met) && means.Given && !means.Value.covers(met[at-1]):
			r.Report(means.Place, nearest(met, at, means.Value), "event %d is %s, not %s", at, met[at-1], means.Value)
		}
	}
	return r.Found.Sorted()
}

// meanings lists the full names of the first events, so many at most. The error says
// why the run went no further, if a decision was impossible.
func (s *Scenario) meanings(most int) (list []Meaning, err error) {
	run, h, log := s.Start(), s.Header(), &trace.Log{}
	run.World().Observe(log)
	for log.Len() < most && run.Step() {
	}
	for i := range log.Events[:min(most, log.Len())] {
		list = append(list, MeaningOf(h, &log.Events[i]))
	}
	return list, run.Problem()
}

// nearest says where the event that is meant is, if it is somewhere.
func nearest(met []Meaning, at int, m Meaning) string {
	for d := range len(met) {
		for _, n := range []int{at + d, at - d} {
			if n >= 1 && n <= len(met) && m.covers(met[n-1]) {
				return fmt.Sprintf("event %d is %s; if the event of this number is right, write means: %q", n, m, met[at-1])
			}
		}
	}
	return fmt.Sprintf("no event up to the last stop is that; if this one is right, write means: %q", met[at-1])
}

// lessonFolder is where the bundled lessons are in the library.
const lessonFolder = "learn/"

// LessonNames lists the bundled lessons by their short names, in the order of the course.
func LessonNames() (list []string) {
	for _, name := range libraryNames() {
		if short, ok := strings.CutPrefix(name, lessonFolder); ok {
			list = append(list, short)
		}
	}
	return list
}

// FindLesson is [Find] for a bundled lesson, by its short name or its name in the library.
// The error is Diagnostics.
func FindLesson(name string) (Entry, error) {
	short := strings.TrimPrefix(name, lessonFolder)
	if slices.Contains(LessonNames(), short) {
		return Find(lessonFolder + short)
	}
	return Entry{}, Diagnostics{{
		Message: fmt.Sprintf("there is no lesson %s", form.Quoted(name)),
		Hint:    Suggest(short, "lessons", LessonNames()),
	}}
}
