package shrink

import (
	"fmt"
	"slices"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/trace"
)

// oracle runs decisions leniently in another way than the package does: it finds
// out what an item is for by following the causes in the trace.
type oracle struct {
	world sim.World
	log   trace.Log
	calls []int // by operation number, less 1: index of the decision that invoked it
}

func newOracle(c *sim.Cluster) (*oracle, *check.Judges) {
	o := &oracle{}
	judges := check.NewJudges(newSetup(c).header)
	o.world.Reset(c)
	o.world.Observe(trace.Tee{&o.log, judges})
	return o, judges
}

// purpose says what an item is for, in words.
func (o *oracle) purpose(i *sim.Item) string {
	m := &i.Message
	words := fmt.Sprint("item ", i.Kind, " at ", i.Instance)
	if i.Kind == sim.MessageItem || i.Kind == sim.WorkItem {
		words = fmt.Sprint(i.Kind, m.Kind, " to ", m.Call, " from ", m.From, " to ", m.To)
	}
	for number := i.Cause; number != 0; {
		e := o.log.Event(number)
		switch e.Kind {
		case trace.Call, trace.Propose, trace.Commit, trace.Backoff:
			return fmt.Sprint(words, " for ", o.calls[e.Operation.Number-1], " ", e.Kind, e.Try)
		}
		number = e.Cause
	}
	return words
}

// find is the pending item with a purpose, by its age among those, or the youngest.
func (o *oracle) find(purpose string, which int) (sim.Ref, bool) {
	var found sim.Ref
	n := 0
	for _, d := range o.world.Possible() {
		ref, ok := o.world.Find(&d)
		if ok && o.purpose(o.world.Item(ref)) == purpose && n < which {
			found = ref
			n++
		}
	}
	return found, n > 0
}

// take carries out the decision of an index, if there is an item with its purpose.
func (o *oracle) take(index int, d *sim.Decision, purpose string, which int) {
	o.world.SetClock(o.world.Now() + 1)
	o.world.ClearCreated()
	if d.Kind == sim.InvokeOperation {
		o.calls = append(o.calls, index)
	}
	if d.Kind.AnyTime() {
		o.world.Do(d)
		return
	}
	if ref, ok := o.find(purpose, which); ok {
		o.world.DoWith(ref, d.Kind)
	}
}

// breaksWithout reports whether the property breaks in a run of the decisions, which
// are all possible, without one of them.
func breaksWithout(c *sim.Cluster, decisions []sim.Decision, property string, without int) bool {
	full, _ := newOracle(c)
	part, judges := newOracle(c)
	for i := range decisions {
		d := &decisions[i]
		purpose, which := "", 0
		if ref, ok := full.world.Find(d); ok {
			it := full.world.Item(ref)
			purpose = full.purpose(it)
			for _, other := range full.world.Possible() {
				if r, _ := full.world.Find(&other); full.purpose(full.world.Item(r)) == purpose && full.world.Item(r).Seq <= it.Seq {
					which++
				}
			}
		}
		full.take(i, d, purpose, which)
		if i != without {
			part.take(i, d, purpose, which)
		}
	}
	return slices.Contains(violated(judges), property)
}

// words is a decision in words.
func words(c *sim.Cluster, d *sim.Decision) string {
	at := func(p protocol.Position) string { return c.Instances[p].Name }
	verb := map[sim.DecisionKind]string{
		sim.DeliverMessage: "deliver", sim.DropMessage: "drop", sim.CopyMessage: "copy", sim.RefuseMessage: "refuse",
		sim.DeliverCall: "call", sim.DeliverAnswer: "answer", sim.FireGiveUp: "give up", sim.FireDeadline: "deadline",
		sim.FireWake: "retry", sim.FireWork: "work", sim.CrashInstance: "crash", sim.RestartInstance: "restart",
		sim.PauseInstance: "pause", sim.ResumeInstance: "resume", sim.IsolateInstance: "isolate",
		sim.CutLink: "cut", sim.MendLink: "mend", sim.HealEverything: "heal", sim.SetPartition: "partition",
	}[d.Kind]
	switch d.Kind {
	case sim.InvokeOperation:
		return fmt.Sprint(c.HolderName(d.Holder), " ", d.Operation, " ", at(d.From))
	case sim.DeliverMessage, sim.DropMessage, sim.CopyMessage, sim.RefuseMessage:
		return fmt.Sprintf("%s %s %s %s #%d", verb, d.Message, at(d.From), at(d.To), d.Nth)
	case sim.SetPartition:
		return fmt.Sprint(verb, " ", d.Groups)
	case sim.EndPartition, sim.HealEverything:
		return verb
	}
	return verb + " " + at(d.From)
}

func story(c *sim.Cluster, decisions []sim.Decision) []string {
	var list []string
	for i := range decisions {
		list = append(list, words(c, &decisions[i]))
	}
	return list
}
