package sim

import (
	"cmp"
	"fmt"
	"slices"

	"skinny/protocol"
	"skinny/sim/trace"
)

// Validate says what is wrong with a cluster and what to do about it, or nil.
func (c *Cluster) Validate() error {
	if n := c.Size(); n < 2 || n > protocol.MaxSize {
		return fmt.Errorf("a cluster has %d instances: give it 2 to %d", n, protocol.MaxSize)
	}
	for p := range c.Instances {
		i := &c.Instances[p]
		switch {
		case i.Name == "" || slices.ContainsFunc(c.Instances[:p], func(other Instance) bool { return other.Name == i.Name }):
			return fmt.Errorf("instance %d is called %q: give each a name of its own", p, i.Name)
		case i.Increment == 0:
			return fmt.Errorf("instance %s has the increment 0, so its IDs would not grow: give it 1 or more, such as %d", i.Name, p+1)
		case i.Timeout <= 0:
			return fmt.Errorf("instance %s has the timeout %d ns: give it a positive one, such as DefaultTimeout", i.Name, i.Timeout)
		case i.PromiseTimeout < 0:
			return fmt.Errorf("instance %s has the promise timeout %d ns: give it a positive one, or 0", i.Name, i.PromiseTimeout)
		}
		if err := i.PromiseDelay.validate("promise delay of instance " + i.Name); err != nil {
			return err
		}
	}
	for h, name := range c.Holders {
		if name == "" {
			return fmt.Errorf("holder %d has no name: give it one, or leave it out", h+1)
		}
	}
	if c.ClientLatency < 0 {
		return fmt.Errorf("the client latency is %d ns: give it 0 or more", c.ClientLatency)
	}
	return nil
}

func (r Range) validate(what string) error {
	if r.Low < 0 || r.High < r.Low {
		return fmt.Errorf("the %s goes from %d to %d ns: begin at 0 or more, and end no earlier", what, r.Low, r.High)
	}
	return nil
}

// Validate says what is wrong with a timetable for a valid cluster, and what to do about
// it, or nil.
func (t *Timetable) Validate(c *Cluster) error {
	if n := c.Size() * c.Size(); len(t.Links) != 0 && len(t.Links) != n {
		return fmt.Errorf("a timetable has %d links for %d instances: give it %d, or none for the usual ones", len(t.Links), c.Size(), n)
	}
	for i := range t.Links {
		l := &t.Links[i]
		name := fmt.Sprintf("of link %d (%s to %s)", i, c.Instances[i/c.Size()].Name, c.Instances[i%c.Size()].Name)
		if err := cmp.Or(l.Latency.validate("latency "+name), l.TailLatency.validate("tail's latency "+name)); err != nil {
			return err
		}
		if l.Tail > million || l.Duplication > million || max(l.Loss, l.RequestLoss, l.ResponseLoss) > million {
			return fmt.Errorf("a share %s is more than the whole: shares are millionths, up to 1,000,000", name)
		}
	}
	var last trace.Time
	for i := range t.Timeline {
		d := &t.Timeline[i]
		switch err := d.Validate(c); {
		case err != nil:
			return fmt.Errorf("entry %d of the timeline: %w", i, err)
		case !d.Kind.AnyTime():
			return fmt.Errorf("entry %d of the timeline needs something pending (%s): only a schedule can have it; a Fate or Timed.Act may serve instead", i, d.Kind)
		case d.At < last:
			return fmt.Errorf("entry %d of the timeline is at %d ns, after one at %d ns: put them in order of time", i, d.At, last)
		}
		last = d.At
	}
	return t.validateClients(c)
}

// million is the whole of a share.
const million = 1_000_000

func (t *Timetable) validateClients(c *Cluster) error {
	for n := range t.Clients {
		p := &t.Clients[n]
		switch {
		case p.First == protocol.Free || p.Last < p.First || int(p.Last) > len(c.Holders):
			return fmt.Errorf("client %d has the names %d to %d: give it some of the cluster's holders, 1 to %d", n, p.First, p.Last, len(c.Holders))
		case int(p.Home) >= c.Size():
			return fmt.Errorf("client %d calls instance %d: there are 0 to %d", n, p.Home, c.Size()-1)
		case p.Start < 0 || p.Think.Low <= 0 || p.Hold.Low <= 0 || p.Patience.Low <= 0:
			return fmt.Errorf("client %d starts at %d ns, thinks for %v, holds for %v and waits for %v ns: start at 0 or later, and give it positive spans", n, p.Start, p.Think, p.Hold, p.Patience)
		}
	}
	for n := range t.Fates {
		switch f := &t.Fates[n]; {
		case f.Kind == RefuseFate && !f.Message.IsRequest():
			return fmt.Errorf("fate %d refuses messages of kind %s: only requests can be refused", n, f.Message)
		case f.By < 0:
			return fmt.Errorf("fate %d delays by %d ns: give it 0 or more", n, f.By)
		}
	}
	return nil
}

// Validate says what is wrong with a schedule for a valid cluster, and what to do about
// it, or nil. Whether its decisions are possible turns out in the run.
func (s *Schedule) Validate(c *Cluster) error {
	var now trace.Time
	for i := range s.Decisions {
		d := &s.Decisions[i]
		if err := d.Validate(c); err != nil {
			return fmt.Errorf("decision %d of the schedule: %w", i, err)
		}
		switch {
		case !d.Timed:
			now = later(now, ScheduleStep)
		case d.At < now:
			return fmt.Errorf("decision %d of the schedule is at %d ns, after one at %d ns: put them in order of time", i, d.At, now)
		default:
			now = d.At
		}
	}
	return nil
}

// Validate says what is wrong with a decision in a valid cluster, and what to do about
// it, or nil.
func (d *Decision) Validate(c *Cluster) error {
	k, size := d.Kind, c.Size()
	if k == NoDecision || k >= decisionKinds {
		return fmt.Errorf("a decision has the kind %d, which there is not: give it one of AllDecisionKinds", k)
	}
	switch {
	case k.Has(WithInstance) && int(d.From) >= size, k.Has(WithPeer) && int(d.To) >= size:
		return fmt.Errorf("%s: it is about instances %d and %d: there are 0 to %d", k, d.From, d.To, size-1)
	case k.Has(WithPeer) && d.From == d.To:
		return fmt.Errorf("%s: instance %d is both ends of the link: name two", k, d.From)
	case k.Has(WithMessage) && (d.Message == protocol.NoMessage || d.Message > protocol.Failure):
		return fmt.Errorf("%s: there are no messages of kind %d: name one", k, d.Message)
	case k.Has(WithClient) && int(d.Holder) > len(c.Holders):
		return fmt.Errorf("%s: there is no holder %d: the cluster has %d", k, d.Holder, len(c.Holders))
	case k.Has(WithGroups) && len(d.Groups) == 0:
		return fmt.Errorf("%s: there are no groups: give it one or more", k)
	case !k.Has(WithCall):
		return nil
	case d.Operation == protocol.NoOperation || d.Operation > protocol.Status:
		return fmt.Errorf("%s: there is no operation %d: name acquire, release or status", k, d.Operation)
	case (d.Operation == protocol.Status) != (d.Holder == protocol.Free):
		return fmt.Errorf("%s: acquire and release have a holder, status has none", d.Operation)
	case d.Timeout <= 0:
		return fmt.Errorf("%s: the client waits for %d ns: give it a positive span, such as DefaultClientTimeout", d.Operation, d.Timeout)
	}
	return nil
}

func must(err error) {
	if err != nil {
		panic("sim: " + err.Error())
	}
}
