// Package draw makes pictures of runs: files to look at, to print, to send, and to
// read with other tools.
package draw

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"skinny/cmd/internal/report"
	"skinny/scenarios"
	"skinny/sim/check"
	"skinny/sim/narrate"
	"skinny/sim/render"
	"skinny/sim/trace"
)

// Run is a run to be drawn.
type Run struct {
	trace.Log
	Scenario *scenarios.Scenario
	Outcome  *scenarios.Outcome
	Again    string // the command that tells it in a terminal

	lines   []narrate.Line
	diagram render.Diagram
}

// Options say what of a run is drawn, and how.
type Options struct {
	From, To int  // the first and the last event; 0 for those of the run
	At       int  // an event to mark, or 0
	Only     int8 // the instance to follow, or trace.None
	Reasons  bool // sentences as a column
	Blank    bool // answers, marks and reasons are to be filled in
}

// shows reports whether an event is about the instance to follow.
func (o *Options) shows(e *trace.Event) bool {
	return o.Only == trace.None || e.Instance == o.Only || e.Peer == o.Only || e.Instance == trace.None
}

// Format is a form in which a run can be drawn.
type Format struct {
	Name    string
	Endings []string // of files
	About   string
	Starts  string // what every file of it begins with
	Marks   bool   // it can mark an event
	write   func(*Run, io.Writer, *Options) error
}

// Formats lists all formats. The first is the one to take where nothing says which.
func Formats() []Format {
	return []Format{
		{"svg", []string{".svg"}, "a picture", "<svg ", true, (*Run).svg},
		{"html", []string{".html", ".htm"}, "a page with picture and story, to send", "<!doctype html>", true, (*Run).html},
		{"mermaid", []string{".mmd", ".mermaid"}, "a sequence diagram, for Markdown", "sequenceDiagram\n", false, (*Run).mermaid},
		{"shiviz", []string{".shiviz", ".log"}, "vector clocks, for ShiViz", shivizParser, false, (*Run).shiviz},
		{"itf", []string{".itf.json", ".json"}, "states, in Apalache's trace format", itfStart, false, (*Run).itf},
	}
}

// New runs a scenario, until stop says so.
func New(s *scenarios.Scenario, stop func() bool) (*Run, error) {
	r := &Run{Scenario: s}
	var err error
	if r.Outcome, err = s.RunUntil(stop, &r.Log); err != nil {
		return nil, err
	}
	narrator := narrate.New(s.Header())
	for i := range r.Events {
		r.lines = append(r.lines, narrator.Tell(&r.Events[i]))
	}
	r.diagram = render.Diagram{Header: s.Header(), Events: r}
	r.diagram.Actors = render.ActorsOf(r.diagram.Header, r)
	return r, nil
}

// Header is the head of the run's trace.
func (r *Run) Header() *trace.Header { return r.diagram.Header }

// Write draws the run, or says why it cannot.
func (r *Run) Write(out io.Writer, f *Format, o Options) error {
	o.From, o.To = max(o.From, 1), cmp.Or(o.To, r.Len())
	switch {
	case r.Len() == 0:
		return errors.New("nothing happens in this run")
	case max(o.From, o.To) > r.Len():
		return fmt.Errorf("the run has %s", report.Count(r.Len(), "event"))
	case o.From > o.To:
		return fmt.Errorf("--from %d is after --to %d", o.From, o.To)
	case o.At > 0 && (o.At < o.From || o.At > o.To):
		return fmt.Errorf("event %d of --at is not drawn: events %d to %d are", o.At, o.From, o.To)
	case o.At > 0 && !r.shown(&o, o.At):
		return fmt.Errorf("event %d of --at is not drawn: it is not about %s", o.At, r.Header().Instances[o.Only])
	}
	for n := o.From; !r.shown(&o, n); n++ {
		if n == o.To {
			return fmt.Errorf("none of events %d to %d is about %s", o.From, o.To, r.Header().Instances[o.Only])
		}
	}
	return f.write(r, out, &o)
}

func (r *Run) svg(out io.Writer, o *Options) error { return r.sheet(o).WriteSVG(out) }

// mermaid refuses to write what nobody would render.
func (r *Run) mermaid(out io.Writer, o *Options) error {
	var b bytes.Buffer
	r.sheet(o).WriteMermaid(&b)
	if n := utf8.RuneCount(b.Bytes()); n > render.MermaidLimit {
		return fmt.Errorf("the diagram has %d characters, and GitHub renders at most %d\n"+
			"  leave something out: --from and --to take some events, --only one instance", n, render.MermaidLimit)
	}
	_, err := b.WriteTo(out)
	return err
}

func (r *Run) sheet(o *Options) *render.Sheet {
	w := render.Window{First: o.From, Rows: o.To - o.From + 1, Before: r.before(o)}
	s := &render.Sheet{
		Scene: r.diagram.Lay(w), Title: r.Scenario.Title, Subtitle: r.facts(o), About: r.inWords(),
		Tip: r.sentence, Tall: o.Reasons, At: o.At, Blank: o.Blank,
		Notes: func(event int) []render.Note { return r.notes(event, o.Reasons) },
	}
	if o.Blank {
		s.About = "A hand-out: who asks whom what, and when. Answers, marks and reasons are to be filled in."
	}
	if o.Only != trace.None {
		s.Shown = func(event int) bool { return r.shown(o, event) }
	}
	return s
}

// before is how the run stands before the first event that is drawn.
func (r *Run) before(o *Options) *trace.Follower {
	run := trace.NewFollower(r.Header())
	for n := 1; n < o.From; n++ {
		run.Observe(r.Event(n))
	}
	return run
}

// facts are what one has to know to have the same run again.
func (r *Run) facts(o *Options) string {
	list := []string{
		"edition " + r.Scenario.Setting(), strconv.Itoa(len(r.Header().Instances)) + " instances", "seed " + strconv.FormatUint(r.Scenario.Seed, 10),
	}
	if o.From > 1 || o.To < r.Len() {
		list = append(list, fmt.Sprintf("events %d to %d of %d", o.From, o.To, r.Len()))
	}
	if o.Only != trace.None {
		list = append(list, "only "+r.Header().Instances[o.Only])
	}
	return strings.Join(list, " · ")
}

// inWords says what a picture shows.
func (r *Run) inWords() string {
	text := "A space-time diagram: a lane for each instance and client, time growing downwards, messages as arrows."
	for _, v := range r.Outcome.Verdicts {
		if v.State == check.Violated {
			text += fmt.Sprintf(" By event %d, %s is violated: %s.", v.Event, v.Property, v.Why)
		}
	}
	return text
}

func (r *Run) sentence(event int) string {
	l := &r.lines[event-1]
	text := l.Who(l.Glyph, func(a narrate.Actor) string { return a.Name }) + ": " + l.What.String()
	if !l.Why.Empty() {
		text += " · " + l.Why.String()
	}
	return text
}

// notes are what stands beside an event.
func (r *Run) notes(event int, reasons bool) []render.Note {
	var list []render.Note
	if why := r.lines[event-1].Why; reasons && !why.Empty() {
		list = append(list, render.Note{Text: why.String()})
	}
	for _, v := range r.broken(event) {
		list = append(list, render.Note{Head: v.Property, Text: v.Why.String()})
	}
	return list
}

// shown reports whether an event is in a picture or on a page.
func (r *Run) shown(o *Options, event int) bool {
	return event >= o.From && event <= o.To && (o.shows(r.Event(event)) || len(r.broken(event)) > 0)
}

// broken are the properties that broke by an event.
func (r *Run) broken(event int) []check.Verdict { return check.BrokenBy(event, r.Outcome.Verdicts) }
