package sim

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"skinny/protocol"
	"skinny/sim/trace"
)

// anyPlay is a random world: rules, size, network, clients, faults and fates.
func anyPlay(t *rapid.T) *play {
	p := newPlay(t, "sound", rapid.IntRange(2, 6).Draw(t, "size"))
	p.cluster.Rules = protocol.Rules(rapid.Uint32Range(0, uint32(protocol.AllRules)).Draw(t, "rules"))
	if rapid.IntRange(0, 3).Draw(t, "timeouts") > 0 {
		p.cluster.Rules |= protocol.Timeouts // without it most runs get stuck early
	}
	p.cluster.ClientLatency = anyTime(t, "client latency", 0, 5)
	p.timetable.Seed = rapid.Uint64().Draw(t, "seed")
	p.timetable.Budget = 20_000
	if size := p.cluster.Size(); rapid.IntRange(0, 3).Draw(t, "quorums") == 0 {
		p.cluster.Quorums = protocol.Quorums{
			Promise: uint8(rapid.IntRange(0, size).Draw(t, "promises")), Commit: uint8(rapid.IntRange(0, size).Draw(t, "commits")),
		}
	}
	for i := range p.cluster.Instances {
		n := &p.cluster.Instances[i]
		if rapid.IntRange(0, 7).Draw(t, "own rules") == 0 {
			// Without timeouts most runs get stuck early.
			n.RulesOn = protocol.Rules(rapid.Uint32Range(0, uint32(protocol.AllRules)).Draw(t, "on"))
			n.RulesOff = protocol.Rules(rapid.Uint32Range(0, uint32(protocol.AllRules)).Draw(t, "off")) &^ (n.RulesOn | protocol.Timeouts)
		}
		n.Increment = protocol.ID(rapid.IntRange(1, 3).Draw(t, "increment"))
		n.Timeout = anyTime(t, "timeout", 20, 100)
		if rapid.IntRange(0, 3).Draw(t, "works") == 0 {
			n.PromiseDelay = anyRange(t, "promise delay", 30)
		}
	}
	loss := rapid.SampledFrom([]uint32{0, 0, 20_000, 300_000}).Draw(t, "loss")
	duplication := rapid.SampledFrom([]uint32{0, 0, 20_000, 300_000}).Draw(t, "duplication")
	latency := anyRange(t, "latency", 40)
	tail := anyRange(t, "tail", 200)
	for i := range p.timetable.Links {
		p.timetable.Links[i] = Link{Latency: latency, Loss: loss, RequestLoss: loss / 2, ResponseLoss: loss / 3, Duplication: duplication, Tail: loss, TailLatency: tail}
	}
	for range rapid.IntRange(0, 2).Draw(t, "clogs") {
		begin := anyTime(t, "clog", 0, 200)
		p.timetable.Clogs = append(p.timetable.Clogs, Clog{anySet(t, p.cluster.Size()), anySet(t, p.cluster.Size()), begin, begin + anyTime(t, "clogged", 0, 200)})
	}
	for n := range rapid.IntRange(0, 3).Draw(t, "clients") {
		p.timetable.Clients = append(p.timetable.Clients, anyClient(t, p, n))
	}
	p.timetable.Calm = anyTime(t, "calm", 0, 1000)
	for range rapid.IntRange(0, 3).Draw(t, "fates") {
		p.timetable.Fates = append(p.timetable.Fates, anyFate(t, p.cluster.Size()))
	}
	for range rapid.IntRange(1, 25).Draw(t, "decisions") {
		p.timetable.Timeline = append(p.timetable.Timeline, anyDecision(t, p.cluster.Size()))
	}
	slices.SortStableFunc(p.timetable.Timeline, func(a, b Decision) int { return int(a.At - b.At) })
	return p
}

// anyTime is a whole number of milliseconds, often the same, so that things meet
// at the same instant.
func anyTime(t *rapid.T, what string, low, high int) trace.Time {
	return trace.Time(rapid.IntRange(low, high).Draw(t, what)) * millisecond
}

func anyRange(t *rapid.T, what string, high int) Range {
	r := Range{anyTime(t, what, 0, high), anyTime(t, what, 0, high)}
	if rapid.Bool().Draw(t, "fixed") {
		r.High = r.Low
	}
	return Range{min(r.Low, r.High), max(r.Low, r.High)}
}

func anySet(t *rapid.T, size int) protocol.Set {
	return protocol.Set(rapid.Uint64Range(0, uint64(protocol.All(size))).Draw(t, "set"))
}

// anyClient is the client number n of a play, which has names of its own.
func anyClient(t *rapid.T, p *play, n int) Client {
	c := Client{
		First:        protocol.Holder(len(p.cluster.Holders) + 1),
		Home:         protocol.Position(rapid.IntRange(0, p.cluster.Size()-1).Draw(t, "home")),
		Roam:         rapid.Uint32Range(0, 1_000_000).Draw(t, "roam"),
		Start:        anyTime(t, "start", 0, 100),
		Stop:         rapid.SampledFrom([]trace.Time{0, 100 * millisecond, trace.Second}).Draw(t, "stop"),
		Operations:   rapid.SampledFrom([]int{0, 1, 2, 10, 20}).Draw(t, "operations"),
		Think:        anyPause(t, "think"),
		Hold:         anyPause(t, "hold"),
		Patience:     rapid.SampledFrom([]Range{{20 * millisecond, 60 * millisecond}, {Low: trace.Second, High: trace.Second}}).Draw(t, "patience"),
		Repeat:       rapid.Uint32Range(0, 1_000_000).Draw(t, "repeat"),
		ReleaseTwice: rapid.Uint32Range(0, 1_000_000).Draw(t, "twice"),
	}
	for name := range rapid.IntRange(1, 4).Draw(t, "names") {
		p.cluster.Holders = append(p.cluster.Holders, fmt.Sprintf("client-%d-%d", n+1, name+1))
		c.Last = protocol.Holder(len(p.cluster.Holders))
	}
	return c
}

// anyPause is a range above 0.
func anyPause(t *rapid.T, what string) Range {
	r := anyRange(t, what, 50)
	return Range{r.Low + millisecond, r.High + millisecond}
}

func anyFate(t *rapid.T, size int) Fate {
	f := Fate{
		Kind:    FateKind(rapid.IntRange(0, int(DuplicateFate)).Draw(t, "fate")),
		Message: protocol.MessageKind(rapid.IntRange(1, 4).Draw(t, "message")),
		From:    anySet(t, size),
		To:      anySet(t, size),
		Nth:     rapid.Uint32Range(0, 3).Draw(t, "nth"),
		By:      anyTime(t, "by", 0, 100),
	}
	if f.Kind == RefuseFate && !f.Message.IsRequest() {
		f.Kind = DropFate
	}
	return f
}

func anyDecision(t *rapid.T, size int) Decision {
	kind := InvokeOperation
	if rapid.Bool().Draw(t, "fault") {
		kind = DecisionKind(rapid.IntRange(int(CrashInstance), int(decisionKinds)-1).Draw(t, "kind"))
	}
	d := Decision{
		At:     anyTime(t, "at", 0, 400),
		Kind:   kind,
		Both:   rapid.Bool().Draw(t, "both"),
		HostUp: rapid.Bool().Draw(t, "host up"),
		From:   protocol.Position(rapid.IntRange(0, size-1).Draw(t, "from")),
	}
	switch kind {
	case CutLink, MendLink:
		d.To = (d.From + protocol.Position(rapid.IntRange(1, size-1).Draw(t, "to"))) % protocol.Position(size)
	case SetPartition:
		set := anySet(t, size)
		d.Groups = []protocol.Set{set, anySet(t, size) &^ set}
	case InvokeOperation:
		d.Operation = rapid.SampledFrom([]protocol.OperationKind{
			protocol.Acquire, protocol.Acquire, protocol.Release, protocol.Release, protocol.Status,
		}).Draw(t, "operation")
		d.Timeout = anyTime(t, "patience", 1, 300)
		if d.Operation != protocol.Status {
			d.Holder = protocol.Holder(rapid.IntRange(1, 4).Draw(t, "holder"))
		}
	}
	return d
}

// digester is a run's observer that only wants the digest.
func (p *play) digester() *trace.Hash { return trace.NewHash(p.cluster.Header()) }

// start is the run before its first step, and the digest of what will happen.
func (p *play) start() (*Timed, *trace.Hash) {
	s, w := NewTimed(&p.cluster, &p.timetable), p.digester()
	s.world.Observe(w)
	return s, w
}

var anyPlays = rapid.Custom(anyPlay)
