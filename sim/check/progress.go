package check

import (
	"math"

	"skinny/protocol"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// Progress says by when operations must be answered. The zero Progress demands
// nothing.
type Progress struct {
	From   trace.Time // from then on nothing goes wrong any more
	Within trace.Time // how long an operation may take that waits for no other
}

// progress judges that clients are answered once nothing goes wrong any more.
//
// A client that waits at From must be answered by From + k * Within, where k is the
// number of operations that are not over then, since each may have to wait for all
// others. It is excused if it gives up before, and if a crash has wiped its
// operation out, or its call was lost: nobody is left who could answer.
//
// An operation called at From or later must be answered within Within of its call,
// unless its client gives up before, and neither by unknown nor by a refused
// connection.
type progress struct {
	header   *trace.Header
	demand   Progress
	demanded bool
	healed   bool       // From has come
	due      trace.Time // no deadline is before it
	last     int        // number of the last event
	run      trace.Follower
	waiting  []waiting // by operation number, from 0

	violation int
	kind      string
	why       prose.Text
	breach    breach
	number    int         // of the operation that has no answer
	answer    trace.Event // unknownAnswer: with the votes of the last phase
}

// waiting is what an operation's client is entitled to.
type waiting struct {
	fresh    bool // called when nothing went wrong any more
	deadline trace.Time
}

// stageNames name stages for the kind of a violation.
var stageNames = [...]string{"calling", "arrived", "queued", "working", "running", "pausing", "answered", "vanished", "wiped"}

type breach uint8

const (
	tooLate breach = iota
	forever
	unknownAnswer
	refusedConnection
)

var breachNames = [...]string{"late", "never answered", "unknown", "nobody there"}

// never is after every deadline that is due.
const never trace.Time = math.MaxInt64

// Reset makes it judge nothing, until it is demanded.
func (p *progress) Reset(h *trace.Header) { p.header, p.demanded = h, false }

// begin makes p judge the run that follows by a demand.
func (p *progress) begin(d Progress) {
	*p = progress{header: p.header, demand: d, demanded: d != Progress{}, due: never, run: p.run, waiting: p.waiting[:0]}
	if p.demanded {
		p.run.Reset(p.header)
		p.run.FollowRequests()
	}
}

func (p *progress) Observe(e *trace.Event) {
	if p.violation == 0 {
		p.judge(e)
	}
	p.run.Observe(e)
	if e.Kind == trace.Call {
		p.called(e)
	}
}

// judge judges an event that has not been followed yet.
func (p *progress) judge(e *trace.Event) {
	if !p.healed && e.At >= p.demand.From {
		p.heal()
	}
	if e.At > p.due && p.late(e.At) || p.denied(e) {
		p.violate(e.Number)
	}
	p.last = e.Number
}

// violate says what is violated while the run still stands as it does.
func (p *progress) violate(event int) {
	p.violation, p.kind, p.why = event, p.kindOf(), p.reason()
}

func (p *progress) called(e *trace.Event) {
	n := int(e.Operation.Number)
	p.waiting = trace.Grown(p.waiting, n+1)
	p.waiting[n] = waiting{p.healed, never}
	if p.healed {
		p.await(n, afterwards(e.At, p.demand.Within))
	}
}

// heal gives those who wait at From their deadline.
func (p *progress) heal() {
	p.healed = true
	open := 0
	for n := 1; n <= p.run.Operations(); n++ {
		o := p.run.Operation(uint32(n))
		if o.Stage < trace.Answered || o.Stage == trace.Answered && o.Waits { // others may have to wait for it
			open++
		}
	}
	deadline := p.demand.From
	for range open {
		deadline = afterwards(deadline, p.demand.Within)
	}
	for n := 1; n <= p.run.Operations(); n++ {
		if p.run.Operation(uint32(n)).Waits {
			p.await(n, deadline)
		}
	}
}

func (p *progress) await(number int, deadline trace.Time) {
	p.waiting[number].deadline = deadline
	p.due = min(p.due, deadline)
}

// late looks for a client whose deadline is over by now, the first one of several.
func (p *progress) late(now trace.Time) bool {
	p.due = never
	first := never
	for n := 1; n <= p.run.Operations(); n++ {
		o, w := p.run.Operation(uint32(n)), p.waiting[n]
		if !o.Waits || !w.fresh && o.Stage > trace.Answered { // nobody is left who could answer it
			continue
		}
		p.due = min(p.due, w.deadline)
		if w.deadline < now && w.deadline < first {
			first, p.number = w.deadline, n
		}
	}
	return first != never
}

// denied reports whether an event denies a fresh operation its answer.
func (p *progress) denied(e *trace.Event) bool {
	if e.Outcome != protocol.Unknown && e.Outcome != protocol.Failed {
		return false
	}
	p.number = int(e.Operation.Number)
	if !p.waiting[p.number].fresh || !p.run.Operation(e.Operation.Number).Waits {
		return false
	}
	p.breach, p.answer = unknownAnswer, *e
	if e.Outcome == protocol.Failed {
		p.breach = refusedConnection
	}
	return true
}

// End judges those who still wait when the run has ended.
func (p *progress) End(now trace.Time, quiet bool) {
	if !p.demanded || p.violation != 0 {
		return
	}
	after := never
	if !quiet {
		after = now + 1
	}
	if !p.healed && after > p.demand.From {
		p.heal()
	}
	if p.late(after) {
		if quiet {
			p.breach = forever
		}
		p.violate(p.last)
	}
}

func (p *progress) Verdict() Verdict {
	return verdict(p.violation, func() (string, prose.Text) { return p.kind, p.why })
}

// kindOf is the kind of violation: how the answer is missed, and what it waits for.
func (p *progress) kindOf() string {
	o := p.run.Operation(uint32(p.number))
	in, how := &p.run.Instances[o.Via], stageNames[o.Stage]
	switch {
	case p.breach >= unknownAnswer:
		return breachNames[p.breach]
	case o.Stage >= trace.Answered || o.Stage == trace.Calling:
		// Its instance has nothing to do with it.
	case in.Down != 0:
		how = "down"
	case in.Paused != 0:
		how = "paused"
	case in.Round.Phase == protocol.Committing:
		how += ", committing"
	}
	return breachNames[p.breach] + ", " + how
}

// afterwards is a moment after another one, and before never.
func afterwards(t, span trace.Time) trace.Time {
	if span >= never-t {
		return never - 1
	}
	return t + span
}
