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
		cut := sim.Decision{Kind: sim.CutLink, From: from, To: to, Both: p.d.chance(1, 2)}
		mend := cut
		mend.Kind = sim.MendLink
		p.fault(cut, mend)
	}
	for range p.knob(Partitions) {
		p.fault(sim.Decision{Kind: sim.SetPartition, Groups: p.partition()}, sim.Decision{Kind: sim.EndPartition})
	}
	for range p.knob(Isolations) {
		at := p.anyInstance()
		p.fault(sim.Decision{Kind: sim.IsolateInstance, From: at}, sim.Decision{Kind: sim.RejoinInstance, From: at})
	}
	for range p.knob(Crashes) {
		p.crash()
	}
	for range p.knob(Wipes) {
		at := p.anyInstance()
		p.fault(sim.Decision{Kind: sim.WipeInstance, From: at}, sim.Decision{Kind: sim.RestartInstance, From: at})
	}
	for range p.knob(Tears) {
		at := p.anyInstance()
		p.fault(sim.Decision{Kind: sim.TearInstance, From: at, HostUp: p.d.chance(1, 2)}, sim.Decision{Kind: sim.RestartInstance, From: at})
	}
	for range p.knob(Pauses) {
		at := p.anyInstance()
		p.fault(sim.Decision{Kind: sim.PauseInstance, From: at}, sim.Decision{Kind: sim.ResumeInstance, From: at})
	}
}

func (p *Plan) fault(begin, end sim.Decision) {
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
	at := p.anyInstance()
	restart := sim.Decision{Kind: sim.RestartInstance, From: at}
	how := p.d.Below(3)
	if how == 0 {
		restart.At, _ = p.window()
		p.Timetable.Timeline = append(p.Timetable.Timeline, restart)
		return
	}
	p.fault(sim.Decision{Kind: sim.CrashInstance, From: at, HostUp: how == 1}, restart)
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
