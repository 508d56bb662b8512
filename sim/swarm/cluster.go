package swarm

import (
	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/trace"
)

// drawCluster draws how many instances there are, and their increments. Half of the
// clusters have the increments of the published configuration: 1, 2, 3, ...
func (p *Plan) drawCluster() {
	c := &p.Cluster
	c.Instances = c.Instances[:0]
	c.ClientLatency = 0
	size := max(p.knob(Instances), 2)
	published := p.d.chance(1, 2)
	span := p.set.Knobs[Increments]
	different := span.Is() && span.High-span.Low >= size
	for i := range size {
		in := sim.Instance{Name: p.names.instance(int(i)), Increment: protocol.ID(i + 1)}
		for !published && different {
			in.Increment = protocol.ID(p.knob(Increments))
			if !p.hasIncrement(in.Increment) {
				break
			}
		}
		c.Instances = append(c.Instances, in)
	}
}

func (p *Plan) hasIncrement(increment protocol.ID) bool {
	for i := range p.Cluster.Instances {
		if p.Cluster.Instances[i].Increment == increment {
			return true
		}
	}
	return false
}

// drawLinks draws the latencies. In some clusters all links are alike, in others
// each is different; in some they take always the same time, in others messages
// overtake each other.
func (p *Plan) drawLinks() {
	t := &p.Timetable
	size := uint64(len(p.Cluster.Instances))
	alike, jitter := p.d.chance(1, 2), p.d.chance(2, 3)
	common := p.latency()
	for range size * size {
		l := common
		if !alike {
			l = p.latency()
		}
		if !jitter {
			l.Low = l.High
		}
		t.Links = append(t.Links, sim.Link{Latency: l})
	}
	for range min(p.knob(Stragglers), size-1) {
		far := p.d.Below(size)
		for i := range size {
			for _, l := range []*sim.Link{&t.Links[far*size+i], &t.Links[i*size+far]} {
				l.Latency.Low, l.Latency.High = 10*l.Latency.Low, 10*l.Latency.High
			}
		}
	}
	p.far = 0
	for i := range t.Links {
		p.far = max(p.far, t.Links[i].Latency.High)
	}
}

// latency draws a range.
func (p *Plan) latency() sim.Range {
	high := p.knob(Latency)
	low := max(p.set.Knobs[Latency].Low, high/10)
	return sim.Range{Low: time(min(p.d.between(low, high), high)), High: time(high)}
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
			p.Cluster.Instances[i].Timeout = time(max(p.knob(Timeout), 1))
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
		l.TailLatency = p.span(TailLatency)
	}
	for i := range p.Timetable.Links {
		k := &p.Timetable.Links[i]
		k.Loss = min(k.Loss+l.Loss, whole)
		k.RequestLoss, k.ResponseLoss = l.RequestLoss, l.ResponseLoss
		k.Duplication = min(k.Duplication+l.Duplication, whole)
		if l.Tail > 0 {
			k.Tail, k.TailLatency = l.Tail, l.TailLatency
		}
	}
}
