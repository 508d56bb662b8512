package swarm

import (
	"cmp"
	"slices"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/trace"
)

// Setting is what all seeds of a check have in common.
type Setting struct {
	Rules protocol.Rules
	Knobs Knobs
	Base  *Base // nil: clusters and clients are drawn, too

	Judges []check.Property // besides those that always judge

	// Players says who plays the instances of clusters that are drawn. A base says it itself.
	Players sim.Players `json:",omitempty"`
}

// Base is a scenario that seeds vary: its cluster, its links, its timeline and its
// clients stay, and what the knobs say comes on top.
type Base struct {
	Cluster   *sim.Cluster
	Timetable *sim.Timetable
	Progress  check.Progress
	Stretch   bool // latencies are drawn between half and double of what the base says
}

// budget ends a run by its number of events. Drawn runs end by themselves long before.
const budget = 1_000_000

// playedBudget is the same where programs play drawn clusters: what they send, and all
// that they put on it, is kept as long as the run goes on.
const playedBudget = 100_000

// Plan is a whole run, drawn. Its memory is used again by the next draw.
type Plan struct {
	Cluster   sim.Cluster
	Timetable sim.Timetable
	Progress  check.Progress // what is demanded; zero: nothing
	Header    trace.Header   // of its trace

	set    *Setting
	seeded seeded
	d      draws
	far    trace.Time     // the longest latency of any link, tails aside
	end    trace.Time     // of clients' calls and of faults
	names  names          // of clients
	groups []protocol.Set // of partitions
}

// Draw makes p the plan that a source makes of a setting, which is the seed if it is
// nil. The run's own chance comes from the seed.
func (p *Plan) Draw(set *Setting, seed uint64, source Source) {
	if source == nil {
		p.seeded.random.Seed(seed, drawStream)
		source = &p.seeded
	}
	p.set, p.d = set, draws{source}
	p.groups = p.groups[:0]
	t := &p.Timetable
	*t = sim.Timetable{
		Seed: seed, Budget: budget,
		Links: t.Links[:0], Clogs: t.Clogs[:0], Timeline: t.Timeline[:0], Clients: t.Clients[:0],
	}
	p.Cluster.Rules = set.Rules
	if set.Players != nil {
		t.Budget = playedBudget
	}
	if set.Base == nil {
		p.drawCluster()
		p.drawLinks()
		p.drawTimeouts()
		p.Cluster.Holders = p.Cluster.Holders[:0]
		p.end = 0
	} else {
		p.takeBase()
	}
	p.drawLosses()
	p.drawClients()
	p.limit()
	p.drawFaults()
	p.demand()
	slices.SortStableFunc(t.Timeline, func(a, b sim.Decision) int { return cmp.Compare(a.At, b.At) })
	p.Cluster.Describe(&p.Header)
	p.Header.Seed = seed
}

func (p *Plan) takeBase() {
	base, t := p.set.Base, &p.Timetable
	p.Cluster.Instances = append(p.Cluster.Instances[:0], base.Cluster.Instances...)
	p.Cluster.Holders = append(p.Cluster.Holders[:0], base.Cluster.Holders...)
	p.Cluster.ClientLatency, p.Cluster.Quorums = base.Cluster.ClientLatency, base.Cluster.Quorums
	t.Links = append(t.Links, base.Timetable.Links...)
	t.Clogs = append(t.Clogs, base.Timetable.Clogs...)
	t.Timeline = append(t.Timeline, base.Timetable.Timeline...)
	t.Clients = append(t.Clients, base.Timetable.Clients...)
	t.Fates, t.Calm, t.End, t.Budget = base.Timetable.Fates, base.Timetable.Calm, base.Timetable.End, base.Timetable.Budget
	for i := range t.Links {
		l := &t.Links[i].Latency
		if p.set.Knobs[Latency].Is() {
			*l = p.latency()
		} else if base.Stretch {
			low, high := uint64(l.Low), uint64(l.High)
			l.Low = time(p.d.between(low/2, low))
			l.High = max(l.Low, time(p.d.between(high/2, 2*high)))
		}
	}
	p.far = p.farthest()
	p.end = 0
	if n := len(t.Timeline); n > 0 {
		p.end = t.Timeline[n-1].At
	}
	for i := range t.Clients {
		p.end = max(p.end, t.Clients[i].Stop)
	}
	p.end += 20 * p.far // so that faults meet the last operation, too
}

// limit ends what is drawn: where a base demands progress, in time for that.
func (p *Plan) limit() {
	drawn := p.Timetable.Clients
	if base := p.set.Base; base != nil {
		drawn = drawn[len(base.Timetable.Clients):]
		if base.Progress != (check.Progress{}) {
			p.end = max(min(p.end, base.Progress.From-p.longestLatency()), 0)
		}
	}
	for n := range drawn {
		drawn[n].Stop = p.end
	}
}

// time is a drawn duration with three digits that count: enough, and easy to read.
func time(n uint64) trace.Time {
	step := uint64(1)
	for digits := n; digits >= 1000; digits /= 10 {
		step *= 10
	}
	return trace.Time(n - n%step)
}

// span draws a range from a knob of durations.
func (p *Plan) span(k Knob) sim.Range {
	a, b := trace.Time(max(p.knob(k), 1)), trace.Time(max(p.knob(k), 1))
	return sim.Range{Low: min(a, b), High: max(a, b)}
}
