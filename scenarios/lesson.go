package scenarios

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"skinny/protocol"
	"skinny/scenarios/form"
	"skinny/sim"
	"skinny/sim/quiz"
	"skinny/sim/trace"
)

// Lesson is what makes a scenario a lesson: where it halts, and what is said and asked.
type Lesson struct {
	Point Opt[string] // what there is to learn, in a sentence
	Stops []Stop      // in the order of their events
	Next  Opt[string] // the lesson that comes next, by its short name; default: none
	Place Place
}

// Stop is where a lesson halts: one idea.
type Stop struct {
	At     Opt[int]       // the number of the event, from 1
	Means  Opt[Meaning]   // which event that is, so that a change of the run cannot go unnoticed
	Ask    Opt[quiz.Kind] // the event and what comes after it are hidden until the answer
	Of     Opt[string]    // the instance that the question is about, where the event does not say
	Before Opt[string]    // said with the question
	After  Opt[string]    // said with the answer
	Say    Opt[string]    // said once the event has happened
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
		form.Key("ask", "The run halts before the event, which stays hidden, and asks; what is right follows from the run.", &s.Ask, form.ChoiceOf("questions", quiz.Kinds()...)),
		form.Key("of", "The instance that the question is about, where the event does not say.", &s.Of, instanceRef),
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
		return &mistake{What: "`before`, `after` and `of` go with a question", Hint: "give it ask, or say instead; " + form.Listed("questions", form.Each(quiz.Kinds(), quiz.Kind.String))}
	case !s.Ask.Given && !s.Say.Given:
		return &mistake{What: "this stop neither says nor asks anything", Hint: "give it say or ask"}
	}
	return nil
}

// What the names of lessons and events look like.
const (
	lessonPattern  = `[a-z0-9][a-z0-9-]*`
	meaningPattern = `[a-z][a-z-]*( +[^\s]+){0,2}`
)

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
	names := form.Each(kinds, trace.Kind.String)
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
	if m.Peer = h.HolderName(e.Operation.Holder); e.Peer != trace.None {
		m.Peer = h.Instances[e.Peer]
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
		c.position(s.Of)
		if m := s.Means; m.Value.Instance != "" {
			c.position(Opt[string]{Value: m.Value.Instance, Given: true, Place: m.Place})
		}
	}
}

// Question is what a stop asks of a run. The error says why it cannot be asked there.
func (s *Scenario) Question(run *quiz.Run, stop *Stop) (quiz.Question, error) {
	return quiz.Ask(run, stop.Ask.Value, stop.At.Value, int8(slices.Index(run.Header.Instances, stop.Of.Value)))
}

// WithRules is rules with single ones turned on or off.
func WithRules(rules protocol.Rules, list []RuleSetting) protocol.Rules {
	on, off := (&compiler{}).settings(list)
	return rules&^off | on
}

// LintLesson runs a lesson and compares its stops with what happens. What it finds is
// mistakes; it finds nothing in a scenario that is no lesson.
func (s *Scenario) LintLesson() Diagnostics {
	l := s.Lesson()
	if l == nil {
		return nil
	}
	r := form.Reader{Source: s.file.source}
	if next, names := l.Next, LessonNames(); next.Given && !slices.Contains(names, next.Value) {
		r.Report(next.Place, Suggest(next.Value, "lessons", names), "there is no lesson %s", form.Quoted(next.Value))
	}
	last := l.Stops[len(l.Stops)-1].At.Value
	run := quiz.Play(s.Header(), func() sim.Runner { return s.Start().Runner }, last)
	var problem Diagnostics
	if errors.As((&Run{s, run.Moment(last)}).Problem(), &problem) {
		r.Found = append(r.Found, problem...)
	}
	for i := range l.Stops {
		stop := &l.Stops[i]
		switch at, means := stop.At.Value, stop.Means; {
		case at > run.Len():
			if problem == nil {
				r.Report(stop.At.Place, fmt.Sprintf("it has %d", run.Len()), "the run has no event %d", at)
			}
			continue
		case means.Given && !means.Value.covers(MeaningOf(run.Header, run.Event(at))):
			r.Report(means.Place, nearest(run, at, means.Value), "event %d is %s, not %s", at, MeaningOf(run.Header, run.Event(at)), means.Value)
		}
		if stop.Ask.Given {
			if _, err := s.Question(run, stop); err != nil {
				r.Report(stop.Ask.Place, "ask something else, or at another event", "%v", err)
			}
		}
		if len(stop.Try) > 0 && s.same(WithRules(s.Cluster.Rules, stop.Try)) {
			r.Report(stop.Place, "try rules that make a difference in this run", "the rules to try at event %d change nothing", stop.At.Value)
		}
	}
	return r.Found.Sorted()
}

// same reports whether the run is the same under other rules.
func (s *Scenario) same(rules protocol.Rules) bool {
	digest := func(s *Scenario) string {
		run, hash := s.Start(), trace.NewHash(s.Header())
		run.World().Observe(hash)
		for run.Step() {
		}
		return hash.Digest()
	}
	return digest(s) == digest(s.Under(rules))
}

// nearest says where the event that is meant is, if it is somewhere.
func nearest(run *quiz.Run, at int, m Meaning) string {
	instead := fmt.Sprintf("write means: %q", MeaningOf(run.Header, run.Event(at)))
	for d := range run.Len() {
		for _, n := range []int{at + d, at - d} {
			if n >= 1 && n <= run.Len() && m.covers(MeaningOf(run.Header, run.Event(n))) {
				return fmt.Sprintf("event %d is %s; if the number is right, %s", n, m, instead)
			}
		}
	}
	return "no event up to the last stop is that; if the number is right, " + instead
}
