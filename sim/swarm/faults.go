package swarm

import (
	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/trace"
)

// drawFaults draws what goes wrong and when. Everything has come right again when
// the clients make no more calls.
func (p *Plan) drawFaults() {
	if p.end == 0 {
		return
	}
	for range p.knob(Clogs) {
		p.clog()
	}
	for range p.knob(Cuts) {
		from, to := p.twoInstances()
		p.fault(sim.Decision{Kind: sim.CutLink, From: from, To: to, Both: p.d.chance(1, 2)}, sim.MendLink)
	}
	for range p.knob(Partitions) {
		p.fault(sim.Decision{Kind: sim.SetPartition, Groups: p.partition()}, sim.EndPartition)
	}
	for range p.knob(Isolations) {
		p.fault(sim.Decision{Kind: sim.IsolateInstance, From: p.anyInstance()}, sim.RejoinInstance)
	}
	for range p.knob(Crashes) {
		p.crash()
	}
	for range p.knob(Wipes) {
		p.fault(sim.Decision{Kind: sim.WipeInstance, From: p.anyInstance()}, sim.RestartInstance)
	}
	for range p.knob(Tears) {
		p.fault(sim.Decision{Kind: sim.TearInstance, From: p.anyInstance(), HostUp: p.d.chance(1, 2)}, sim.RestartInstance)
	}
	for range p.knob(Pauses) {
		p.fault(sim.Decision{Kind: sim.PauseInstance, From: p.anyInstance()}, sim.ResumeInstance)
	}
}

// fault puts a fault into the timeline, and what ends it at the same place.
func (p *Plan) fault(begin sim.Decision, by sim.DecisionKind) {
	end := sim.Decision{Kind: by, From: begin.From, To: begin.To, Both: begin.Both}
	begin.At, end.At = p.window()
	p.Timetable.Timeline = append(p.Timetable.Timeline, begin, end)
}

func (p *Plan) window() (begin, end trace.Time) {
	whole := uint64(p.end)
	begin = time(p.d.Below(whole))
	return begin, min(p.end, begin+time(p.d.magnitude(whole/1000+1, whole)))
}

// clog lets a link clog, or all links to or from an instance.
func (p *Plan) clog() {
	begin, end := p.window()
	from, to := p.twoInstances()
	c := sim.Clog{From: protocol.Set(0).With(from), To: protocol.Set(0).With(to), Begin: begin, End: end}
	switch p.d.Below(3) {
	case 1:
		c.From = protocol.All(len(p.Cluster.Instances)).Without(to)
	case 2:
		c.To = protocol.All(len(p.Cluster.Instances)).Without(from)
	}
	p.Timetable.Clogs = append(p.Timetable.Clogs, c)
}

// crash lets an instance crash and restart, at once or later.
func (p *Plan) crash() {
	at, how := p.anyInstance(), p.d.Below(3)
	if how == 0 {
		begin, _ := p.window()
		p.Timetable.Timeline = append(p.Timetable.Timeline, sim.Decision{Kind: sim.RestartInstance, From: at, At: begin})
		return
	}
	p.fault(sim.Decision{Kind: sim.CrashInstance, From: at, HostUp: how == 1}, sim.RestartInstance)
}

// partition draws two groups, of any sizes; in some partitions there are instances
// that are in neither, and so alone.
func (p *Plan) partition() []protocol.Set {
	first := len(p.groups)
	p.groups = append(p.groups, 0, 0)
	groups := p.groups[first : first+2 : first+2]
	one, other := p.twoInstances()
	sides := 2 + p.d.Below(2)
	for at := range protocol.Position(len(p.Cluster.Instances)) {
		switch side := p.d.Below(sides); {
		case at == one || at != other && side == 0:
			groups[0] = groups[0].With(at)
		case at == other || side == 1:
			groups[1] = groups[1].With(at)
		}
	}
	return groups
}

func (p *Plan) anyInstance() protocol.Position {
	return protocol.Position(p.d.Below(uint64(len(p.Cluster.Instances))))
}

func (p *Plan) twoInstances() (a, b protocol.Position) {
	size := uint64(len(p.Cluster.Instances))
	first := p.d.Below(size)
	return protocol.Position(first), protocol.Position((first + 1 + p.d.Below(size-1)) % size)
}
