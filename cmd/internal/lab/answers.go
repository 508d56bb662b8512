package lab

import (
	"skinny/protocol"
	"skinny/sim/check"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

var (
	answersRow = func() check.Property {
		p := row("answers-clients", "Every operation is answered in the end, unless a crash has ended it.",
			"A client is never answered", func() check.Judge { return &answers{} })
		p.Timed = true
		return p
	}()
	tellsRow = row("tells-promised", "A refusal tells what was promised.",
		"A refusal tells nothing", func() check.Judge { return &refusals{} })
)

// answers judges whether instances with programs answer their clients.
type answers struct {
	broken
	open map[protocol.Operation]trace.Event // called, and not answered
	last trace.Event
}

// Reset makes it the judge of another run.
func (j *answers) Reset(h *trace.Header) {
	j.reset(h)
	j.open, j.last = map[protocol.Operation]trace.Event{}, trace.Event{}
}

// Observe judges one event.
func (j *answers) Observe(e *trace.Event) {
	j.last = *e
	if e.Instance == trace.None || !j.header.IsPlayed(e.Instance) {
		return
	}
	switch e.Kind {
	case trace.Call:
		j.open[e.Operation] = *e
	case trace.Answer, trace.Lose:
		delete(j.open, e.Operation)
	case trace.Crash, trace.Restart:
		for op, call := range j.open {
			if call.Instance == e.Instance {
				delete(j.open, op)
			}
		}
	}
}

// End judges what is not answered when nothing happens any more: the first of it.
func (j *answers) End(_ trace.Time, quiet bool) {
	var first *trace.Event
	for _, call := range j.open {
		if first == nil || call.Number < first.Number {
			first = &call
		}
	}
	if quiet && first != nil {
		j.violate(&j.last, "never", j.names.Instance(first.Instance), " never answers the ", first.Operation.Kind, " of ", j.names.Client(first.Operation.Holder), " (", prose.At(first.Number), ")")
	}
}

// refusals judges what instances with programs tell when they refuse.
type refusals struct {
	check.NoEnd
	broken
}

// Reset makes it the judge of another run.
func (j *refusals) Reset(h *trace.Header) { j.reset(h) }

// Observe judges one event.
func (j *refusals) Observe(e *trace.Event) {
	if e.Kind != trace.Promise && e.Kind != trace.Accept || !j.header.IsPlayed(e.Instance) {
		return
	}
	asked := map[trace.Kind]string{trace.Promise: "promise", trace.Accept: "accept"}[e.Kind]
	if m := &e.Message; !m.Yes && m.Told < m.ID {
		j.violate(e, "not told", j.names.Instance(e.Instance), " refuses to ", asked, " ID ", m.ID, " and tells ", m.Told, " as what it has promised")
	}
}
