package lab

import (
	"maps"
	"slices"

	"skinny/protocol"
	"skinny/sim/check"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// row demands something of instances that programs play, judged by what they send and
// show, not by what they remember. Several rows look at the same run in different ways.
// Severity puts them before the register's: they name the step.
func row(name, about, broken string, of func(*judge) func(*trace.Event)) *check.Property {
	return &check.Property{Name: name, About: about, Broken: broken, Severity: -1, New: func() check.Judge { return &judge{of: of} }}
}

// judge keeps the first violation that is found in the events of instances with programs.
type judge struct {
	of      func(*judge) func(*trace.Event) // begins a run: what it returns is told the events
	observe func(*trace.Event)
	end     func() // judges what nothing will change any more; nil: nothing
	names   *prose.Names
	header  *trace.Header
	event   int // the last one
	verdict check.Verdict
}

// Reset makes it the judge of another run.
func (j *judge) Reset(h *trace.Header) {
	*j = judge{of: j.of, names: prose.NamesOf(h), header: h}
	j.observe = j.of(j)
}

// Observe judges one event.
func (j *judge) Observe(e *trace.Event) {
	if j.event = e.Number; j.header.IsPlayed(e.Instance) {
		j.observe(e)
	}
}

// End judges a run that is over.
func (j *judge) End(_ trace.Time, quiet bool) {
	if quiet && j.end != nil {
		j.end()
	}
}

// Verdict says how the property stands.
func (j *judge) Verdict() check.Verdict { return j.verdict }

// violate keeps the first violation, by the last event.
func (j *judge) violate(kind string, why ...any) {
	if j.verdict.State == check.Kept {
		j.verdict = check.Verdict{State: check.Violated, Event: j.event, Kind: kind, Why: prose.Of(why...)}
	}
}

func (j *judge) proposal(p protocol.Proposal) prose.Text {
	return prose.Of("ID ", p.ID, " (", j.names.Holder(p.Holder), ")")
}

var (
	answersRow = func() *check.Property {
		p := row("answers-clients", "Every operation is answered in the end, unless a crash has ended it.",
			"A client is never answered", answers)
		p.Timed = true
		return p
	}()
	tellsRow = row("tells-promised", "A refusal tells what was promised.",
		"A refusal tells nothing", refusals)
)

// answers judges whether instances with programs answer their clients: the first call that
// is not answered when nothing happens any more.
func answers(j *judge) func(*trace.Event) {
	open := map[protocol.Operation]trace.Event{} // called, and not answered
	j.end = func() {
		calls := slices.SortedFunc(maps.Values(open), func(a, b trace.Event) int { return a.Number - b.Number })
		if len(calls) > 0 {
			first := &calls[0]
			j.violate("never", j.names.Instance(first.Instance), " never answers the ", first.Operation.Kind, " of ", j.names.Client(first.Operation.Holder), " (", prose.At(first.Number), ")")
		}
	}
	return func(e *trace.Event) {
		switch e.Kind {
		case trace.Call:
			open[e.Operation] = *e
		case trace.Answer, trace.Lose:
			delete(open, e.Operation)
		case trace.Crash, trace.Restart:
			maps.DeleteFunc(open, func(_ protocol.Operation, call trace.Event) bool { return call.Instance == e.Instance })
		}
	}
}

// refusals judges what instances with programs tell when they refuse.
func refusals(j *judge) func(*trace.Event) {
	words := map[trace.Kind]string{trace.Promise: "promise", trace.Accept: "accept"}
	return func(e *trace.Event) {
		if m := &e.Message; words[e.Kind] != "" && !m.Yes && m.Told < m.ID {
			j.violate("not told", j.names.Instance(e.Instance), " refuses to ", words[e.Kind], " ID ", m.ID, " and tells ", m.Told, " as what it has promised")
		}
	}
}
