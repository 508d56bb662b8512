package swarm

import (
	"slices"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/trace"
)

// drawCluster draws how many instances there are, and their increments: in half of
// the clusters one after the other, as in the published configuration.
func (p *Plan) drawCluster() {
	c := &p.Cluster
	c.Instances = c.Instances[:0]
	c.ClientLatency, c.Quorums = 0, protocol.Quorums{}
	size := max(p.knob(Instances), 2)
	span := p.set.Knobs[Increments]
	if !span.Is() {
		span = Span{1, size}
	}
	mixed := p.d.chance(1, 2)
	for i := range size {
		c.Instances = append(c.Instances, sim.Instance{
			Name:      InstanceName(int(i)),
			Increment: p.increment(span, mixed),
		})
	}
	p.set.Players.Play(c.Instances)
}

// increment draws the next instance's increment, a new one as long as the span has one.
func (p *Plan) increment(span Span, mixed bool) protocol.ID {
	width := span.High - span.Low + 1
	used := uint64(len(p.Cluster.Instances))
	if !mixed {
		return protocol.ID(span.Low + used%width)
	}
	at := p.d.Below(width)
	for used < width && p.hasIncrement(protocol.ID(span.Low+at)) {
		at = (at + 1) % width
	}
	return protocol.ID(span.Low + at)
}

func (p *Plan) hasIncrement(increment protocol.ID) bool {
	return slices.ContainsFunc(p.Cluster.Instances, func(i sim.Instance) bool { return i.Increment == increment })
}

// drawLinks draws the latencies. In some clusters all links are alike, in others
// each is different; in some they take always the same time, in others messages
// overtake each other.
func (p *Plan) drawLinks() {
	t := &p.Timetable
	size := uint64(len(p.Cluster.Instances))
	different, jitter := p.d.chance(1, 2), p.d.chance(2, 3)
	common := p.latency()
	for range size * size {
		l := common
		if different {
			l = p.latency()
		}
		if !jitter {
			l.Low = l.High
		}
		t.Links = append(t.Links, sim.Link{Latency: l})
	}
	stragglers := p.stragglers()
	for i := range size * size {
		if l := &t.Links[i].Latency; stragglers.Has(protocol.Position(i/size)) || stragglers.Has(protocol.Position(i%size)) {
			l.Low, l.High = 10*l.Low, 10*l.High
		}
	}
	p.far = p.farthest()
}

// stragglers draws the instances that are far away: never all of them.
func (p *Plan) stragglers() protocol.Set {
	far, size := protocol.Set(0), len(p.Cluster.Instances)
	for range min(p.knob(Stragglers), uint64(size-1)) {
		at := p.anyInstance()
		for far.Has(at) {
			at = (at + 1) % protocol.Position(size)
		}
		far = far.With(at)
	}
	return far
}

// farthest is the longest latency of any link, tails aside.
func (p *Plan) farthest() trace.Time {
	far, size := trace.Time(0), len(p.Cluster.Instances)
	for i := range p.Timetable.Links {
		if i/size != i%size {
			far = max(far, p.Timetable.Links[i].Latency.High)
		}
	}
	return far
}

func (p *Plan) latency() sim.Range {
	high := p.knob(Latency)
	least := p.set.Knobs[Latency].Low
	low := p.d.between(max(least, high/10), high)
	return sim.Range{Low: max(time(low), trace.Time(least)), High: trace.Time(high)}
}

// drawTimeouts draws how long instances wait: not quite a round trip, a little more,
// a lot more, or what the published configuration has.
func (p *Plan) drawTimeouts() {
	roundTrip := 2 * p.far
	choices := [...]trace.Time{8*roundTrip + trace.Millisecond, sim.DefaultTimeout, roundTrip + roundTrip/4 + trace.Millisecond, max(roundTrip-roundTrip/4, trace.Millisecond)}
	timeout := choices[p.d.Below(uint64(len(choices)))]
	for i := range p.Cluster.Instances {
		p.Cluster.Instances[i].Timeout = time(uint64(timeout))
		if p.set.Knobs[Timeout].Is() {
			p.Cluster.Instances[i].Timeout = trace.Time(max(p.knob(Timeout), 1))
		}
	}
}

// drawLosses draws what chance does to messages, the same on all links, on top of
// what a base says.
func (p *Plan) drawLosses() {
	l := sim.Link{
		Loss:         uint32(p.knob(Loss)),
		RequestLoss:  uint32(p.knob(RequestLoss)),
		ResponseLoss: uint32(p.knob(ResponseLoss)),
		Duplication:  uint32(p.knob(Duplication)),
		Tail:         uint32(p.knob(Tail)),
	}
	if l.Tail > 0 {
		l.TailLatency = p.tailLatency()
	}
	for i := range p.Timetable.Links {
		k := &p.Timetable.Links[i]
		k.Loss = min(k.Loss+l.Loss, whole)
		k.RequestLoss = min(k.RequestLoss+l.RequestLoss, whole)
		k.ResponseLoss = min(k.ResponseLoss+l.ResponseLoss, whole)
		k.Duplication = min(k.Duplication+l.Duplication, whole)
		if l.Tail > 0 {
			k.Tail, k.TailLatency = l.Tail, l.TailLatency
		}
	}
}

// tailLatency draws how long the messages take that are late.
func (p *Plan) tailLatency() sim.Range {
	if p.set.Knobs[TailLatency].Is() {
		return p.span(TailLatency)
	}
	return sim.Range{Low: p.far, High: 10 * p.far}
}
