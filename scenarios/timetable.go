package scenarios

import (
	"cmp"
	"fmt"
	"slices"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/trace"
)

func (c *compiler) timetable(seed uint64) *sim.Timetable {
	f := c.file
	t := &sim.Timetable{
		Seed:   seed,
		Links:  c.links(),
		Clogs:  c.clogs(),
		Calm:   f.Network.CalmFrom.Value,
		End:    f.Until.Or(-1) + 1,
		Budget: f.Events.Or(sim.DefaultBudget),
	}
	t.Timeline = c.timeline()
	for i := range f.Messages {
		m := &f.Messages[i]
		from, to := c.between(m.From, m.To)
		t.Fates = append(t.Fates, sim.Fate{Kind: m.Kind, Message: m.Message.Value, From: from, To: to, Nth: m.Nth.Value, By: m.By.Value})
	}
	return t
}

func (c *compiler) progress() check.Progress {
	f := c.file
	p := &f.Progress.Value
	if f.Until.Given && p.From.Value > f.Until.Value {
		c.Report(p.From.Place, "let it begin earlier, or the run end later", "progress is demanded from %s, and the run ends at %s",
			FormatTime(p.From.Value), FormatTime(f.Until.Value))
	}
	return check.Progress{From: p.From.Value, Within: p.Within.Value}
}

func (c *compiler) links() []sim.Link {
	n := &c.file.Network
	size := len(c.instances)
	links := make([]sim.Link, size*size)
	for i := range links {
		links[i].Latency = sim.Range{Low: DefaultLatency, High: DefaultLatency}
		n.Conditions.apply(&links[i])
	}
	for k := range n.Links {
		l := &n.Links[k]
		from, to := c.between(l.From, l.To)
		for i := range links {
			if from.Has(protocol.Position(i/size)) && to.Has(protocol.Position(i%size)) {
				l.Conditions.apply(&links[i])
			}
		}
	}
	return links
}

// apply lets what is given take the place of what a link has.
func (c *Conditions) apply(l *sim.Link) {
	l.Latency = c.Latency.Or(l.Latency)
	l.Loss = uint32(c.Loss.Or(Share(l.Loss)))
	l.RequestLoss = uint32(c.RequestLoss.Or(Share(l.RequestLoss)))
	l.ResponseLoss = uint32(c.ResponseLoss.Or(Share(l.ResponseLoss)))
	l.Duplication = uint32(c.Duplication.Or(Share(l.Duplication)))
	if t := &c.Tail; t.Given {
		l.Tail, l.TailLatency = uint32(t.Value.Share.Value), t.Value.Latency.Value
	}
}

func (c *compiler) clogs() []sim.Clog {
	var list []sim.Clog
	for i := range c.file.Network.Clogs {
		f := &c.file.Network.Clogs[i]
		from, to := c.between(f.From, f.To)
		list = append(list, sim.Clog{From: from, To: to, Begin: f.At.Value, End: f.At.Value + f.For.Value})
	}
	return list
}

// timeline is the entries in order of their times. Operations are numbered in the
// order of the file, so theirs has to be the order of time, too.
func (c *compiler) timeline() []sim.Decision {
	var list []sim.Decision
	var last *Decision // operation
	for i := range c.file.Timeline {
		d := &c.file.Timeline[i]
		if d.Kind == sim.InvokeOperation {
			if last != nil && d.At.Given && d.At.Value < last.At.Value {
				c.Report(d.At.Place, "operations are numbered as they stand in the file; put them in order of time",
					"this operation is at %s, before the one above it at %s", FormatTime(d.At.Value), FormatTime(last.At.Value))
			}
			last = d
			c.invoked(d)
		}
		list = append(list, c.decision(d))
	}
	slices.SortStableFunc(list, func(a, b sim.Decision) int { return cmp.Compare(a.At, b.At) })
	return list
}

func (c *compiler) schedule() *sim.Schedule {
	s := &sim.Schedule{
		Settle: c.file.Then.Value,
		Budget: c.file.Events.Or(sim.DefaultBudget),
	}
	var clock trace.Time
	list := c.file.Schedule.Value
	for i := range list { // a decision may name an operation by number before it is called
		if list[i].Kind == sim.InvokeOperation {
			c.invoked(&list[i])
		}
	}
	for i := range list {
		d := &list[i]
		switch {
		case !d.At.Given:
			clock += sim.ScheduleStep
		case d.At.Value < clock:
			c.Report(d.At.Place, fmt.Sprintf("the decision above it is at %s; a decision without a time comes %s after the one before it",
				FormatTime(clock), FormatTime(sim.ScheduleStep)), "time goes back to %s", FormatTime(d.At.Value))
		default:
			clock = d.At.Value
		}
		s.Decisions = append(s.Decisions, c.decision(d))
	}
	return s
}
