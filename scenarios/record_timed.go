package scenarios

import (
	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
)

// FromTimetable is a file that says all of a timed scenario's cluster, timetable and
// demand of progress, whatever was drawn for them, so that running it gives the same
// events to the byte. There is no way to write clients who act by their answers: a
// timetable with such panics, and the calls that they made in a run have to be put
// into its timeline before.
func FromTimetable(s *Scenario) *File {
	t := s.Timetable
	if len(t.Clients) > 0 {
		panic("scenarios: clients who act by their answers cannot be written")
	}
	f := fileOf(s)
	f.Seed = Some(t.Seed)
	n := namer{s.Cluster}
	n.network(&f.Network, t)
	for i := range t.Timeline {
		d := t.Timeline[i]
		d.Timed = true
		f.Timeline = append(f.Timeline, nameDecision(s.Cluster, &d))
	}
	for i := range t.Fates {
		f.Messages = append(f.Messages, n.fates(&t.Fates[i])...)
	}
	if t.End > 0 {
		f.Until = Some(t.End - 1)
	}
	switch t.Budget {
	case sim.DefaultBudget:
		// It goes without saying.
	case 0:
		f.Events = Some(maxCount)
	default:
		f.Events = Some(t.Budget)
	}
	if p := s.Progress; p != (check.Progress{}) {
		f.Progress = Some(Progress{From: Some(p.From), Within: Some(p.Within)})
	}
	return f
}

// namer puts names in place of positions.
type namer struct{ cluster *sim.Cluster }

// ends is the links between two sets of instances, as few pairs of names as say it.
func (n namer) ends(from, to protocol.Set) (list [][2]Opt[string]) {
	all := protocol.All(n.cluster.Size())
	from, to = from&all, to&all
	for f := from; f != 0; f = f.Without(f.First()) {
		sender := Some(n.cluster.Instances[f.First()].Name)
		receivers := to.Without(f.First())
		if receivers.With(f.First()) == all {
			list = append(list, [2]Opt[string]{sender, {}})
			continue
		}
		for ; receivers != 0; receivers = receivers.Without(receivers.First()) {
			list = append(list, [2]Opt[string]{sender, Some(n.cluster.Instances[receivers.First()].Name)})
		}
	}
	switch {
	case from == all && to == all:
		return [][2]Opt[string]{{}}
	case to.Len() == 1 && from|to == all:
		return [][2]Opt[string]{{{}, Some(n.cluster.Instances[to.First()].Name)}}
	}
	return list
}

// fates is a fate, or several that together say the same.
func (n namer) fates(f *sim.Fate) []Fate {
	var list []Fate
	for _, ends := range n.ends(f.From, f.To) {
		named := Fate{Kind: f.Kind, Message: Some(f.Message), From: ends[0], To: ends[1]}
		if f.Nth > 0 {
			named.Nth = Some(f.Nth)
		}
		if f.By > 0 {
			named.By = Some(f.By)
		}
		list = append(list, named)
	}
	return list
}

// network says what most links have in common, and what is different on others.
func (n namer) network(to *Network, t *sim.Timetable) {
	usual := usualLink(t.Links, n.cluster.Size())
	to.Conditions = difference([]sim.Link{{Latency: sim.Range{Low: DefaultLatency, High: DefaultLatency}}}, usual)
	said := make([]sim.Link, len(t.Links))
	for i := range said {
		said[i] = usual
	}
	all := protocol.All(n.cluster.Size())
	for at := range protocol.Position(n.cluster.Size()) {
		self := protocol.Set(0).With(at)
		n.alike(to, t.Links, said, self, all)
		n.alike(to, t.Links, said, all, self)
	}
	for from := range protocol.Position(n.cluster.Size()) {
		for at := range protocol.Position(n.cluster.Size()) {
			n.alike(to, t.Links, said, protocol.Set(0).With(from), protocol.Set(0).With(at))
		}
	}
	if t.Calm > 0 {
		to.CalmFrom = Some(t.Calm)
	}
	for i := range t.Clogs {
		c := &t.Clogs[i]
		if c.End <= c.Begin {
			continue // it lets everything through
		}
		for _, ends := range n.ends(c.From, c.To) {
			to.Clogs = append(to.Clogs, Clog{From: ends[0], To: ends[1], At: Some(c.Begin), For: Some(c.End - c.Begin)})
		}
	}
}

// alike says what is different on the links between two sets, if all of them are
// alike.
func (n namer) alike(to *Network, links, said []sim.Link, senders, receivers protocol.Set) {
	size := n.cluster.Size()
	var between []int
	for i := range links {
		from, at := protocol.Position(i/size), protocol.Position(i%size)
		if from == at || !senders.Has(from) || !receivers.Has(at) {
			continue
		}
		if len(between) > 0 && plainLink(links[i]) != plainLink(links[between[0]]) {
			return
		}
		between = append(between, i)
	}
	if len(between) == 0 {
		return
	}
	before := make([]sim.Link, len(between))
	for k, i := range between {
		before[k] = said[i]
	}
	c := difference(before, links[between[0]])
	if c == (Conditions{}) {
		return
	}
	ends := n.ends(senders, receivers)[0]
	to.Links = append(to.Links, Link{From: ends[0], To: ends[1], Conditions: c})
	for _, i := range between {
		said[i] = plainLink(links[i])
	}
}

// plainLink is a link without the latency of a tail that it has not.
func plainLink(l sim.Link) sim.Link {
	if l.Tail == 0 {
		l.TailLatency = sim.Range{}
	}
	return l
}

// difference is what makes links with these conditions the given one.
func difference(before []sim.Link, l sim.Link) (c Conditions) {
	l = plainLink(l)
	for _, b := range before {
		if b.Latency != l.Latency {
			c.Latency = Some(l.Latency)
		}
		setShare(&c.Loss, b.Loss, l.Loss)
		setShare(&c.RequestLoss, b.RequestLoss, l.RequestLoss)
		setShare(&c.ResponseLoss, b.ResponseLoss, l.ResponseLoss)
		setShare(&c.Duplication, b.Duplication, l.Duplication)
		if b.Tail != l.Tail || b.TailLatency != l.TailLatency {
			c.Tail = Some(Tail{Share: Some(Share(l.Tail)), Latency: Some(l.TailLatency)})
		}
	}
	return c
}

func setShare(o *Opt[Share], before, after uint32) {
	if before != after {
		*o = Some(Share(after))
	}
}

// usualLink has what most links have, if most have the same.
func usualLink(links []sim.Link, size int) sim.Link {
	var between []sim.Link
	for i := range links {
		if i/size != i%size {
			between = append(between, plainLink(links[i]))
		}
	}
	type tail struct {
		share   uint32
		latency sim.Range
	}
	t := usual(between, func(l *sim.Link) tail { return tail{l.Tail, l.TailLatency} })
	return sim.Link{
		Latency:      usual(between, func(l *sim.Link) sim.Range { return l.Latency }),
		Loss:         usual(between, func(l *sim.Link) uint32 { return l.Loss }),
		RequestLoss:  usual(between, func(l *sim.Link) uint32 { return l.RequestLoss }),
		ResponseLoss: usual(between, func(l *sim.Link) uint32 { return l.ResponseLoss }),
		Duplication:  usual(between, func(l *sim.Link) uint32 { return l.Duplication }),
		Tail:         t.share,
		TailLatency:  t.latency,
	}
}

// usual is the value that more than half of the links have, or else any. (Boyer and
// Moore, "MJRTY: A Fast Majority Vote Algorithm", 1981)
func usual[V comparable](links []sim.Link, of func(*sim.Link) V) (candidate V) {
	votes := 0
	for i := range links {
		switch v := of(&links[i]); {
		case votes == 0:
			candidate, votes = v, 1
		case v == candidate:
			votes++
		default:
			votes--
		}
	}
	return candidate
}
