package counterexample

import (
	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/trace"
)

// clock gives the decisions of a schedule times that look natural: a message takes
// the usual latency, a phase ends with its timeout, a retry comes after its pause.
// What comes later in the schedule than it would by that comes when it can.
type clock struct {
	trace.Log
	world *sim.World
}

// Timed is the decisions of a schedule, each of which is possible in its turn, with
// times that look natural. The times change nothing but how it reads.
func Timed(cluster *sim.Cluster, decisions []sim.Decision) []sim.Decision {
	c := clock{world: sim.NewWorld(cluster)}
	c.world.Observe(&c)
	list := make([]sim.Decision, len(decisions))
	for i, d := range decisions {
		d.At, d.Timed = max(c.world.Now(), c.natural(&d)), true
		c.world.SetClock(d.At)
		c.world.ClearCreated()
		c.world.Take(&d)
		list[i] = d
	}
	return list
}

// natural is when something pending would happen by itself; 0 for what always can.
func (c *clock) natural(d *sim.Decision) trace.Time {
	if d.Kind >= sim.InvokeOperation {
		return 0
	}
	r, ok := c.world.Find(d)
	if !ok {
		return 0
	}
	i := c.world.Item(r)
	began := c.Event(i.Cause).At
	switch cluster := c.world.Cluster(); d.Kind {
	case sim.DeliverMessage:
		return began + scenarios.DefaultLatency
	case sim.DeliverCall, sim.DeliverAnswer:
		return began + cluster.ClientLatency
	case sim.FireDeadline:
		return began + cluster.Instances[i.Instance].TimeoutOf(c.world.Instance(i.Instance).Round.Phase)
	case sim.FireGiveUp:
		return began + c.world.Patience(i.Op)
	case sim.FireWake:
		return began + 2*trace.Time(i.Try)*trace.Millisecond
	case sim.FireWork:
		return began + cluster.Instances[i.Instance].PromiseDelay.High
	}
	return began // lost, copied or refused when it was sent
}
