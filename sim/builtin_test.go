package sim_test

import (
	"math"
	"testing"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/trace"
)

// count is an observer that only counts.
type count struct{ events int }

func (c *count) Observe(*trace.Event) { c.events++ }

// BenchmarkPrograms is the event loop with the built-in protocol in all instances, and with
// the same behind the interface of programs, in turns: the best of each.
func BenchmarkPrograms(b *testing.B) {
	e, _ := protocol.EditionByName("sound")
	own, played := newWorkload(b, "sound", 5, 20), newWorkload(b, "sound", 5, 20)
	var run sim.Timed
	sim.Players{"": {Program: sim.BuiltIn(e.Rules)}}.Play(played.cluster.Instances)
	best := [2]float64{math.Inf(1), math.Inf(1)}
	for b.Loop() {
		for k, w := range []*workload{own, played} {
			c := count{}
			at := b.Elapsed()
			for _, t := range w.timetables {
				run.Reset(&w.cluster, t)
				run.World().Observe(&c)
				run.Run()
			}
			best[k] = min(best[k], float64((b.Elapsed()-at).Nanoseconds())/float64(c.events))
		}
	}
	b.ReportMetric(best[1]/best[0], "ratio")
	b.ReportMetric(best[0], "built-in-ns/event")
	b.ReportMetric(best[1], "played-ns/event")
}

// A state has one text on the disk, whatever the rest of memory says: otherwise the end of a
// round would store it anew, and a torn write would find it already there.
func TestBuiltInStoresAStateOnce(t *testing.T) {
	e, _ := protocol.EditionByName("sound")
	c := sim.Cluster{Rules: e.Rules, Holders: []string{"alice"}, Instances: []sim.Instance{{Name: "a", Increment: 1}, {Name: "b", Increment: 2}}}
	program := sim.BuiltIn(e.Rules)
	q := sim.Question{Kind: sim.AskOperation, Cluster: &c, Operation: protocol.Operation{Kind: protocol.Release, Holder: 1, Number: 1}}
	yes := func(kind protocol.MessageKind) protocol.Message {
		return protocol.Message{Kind: kind, From: 1, ID: 1, Yes: true}
	}
	disks := map[protocol.State]string{}
	for _, m := range []protocol.Message{{}, yes(protocol.PromiseResponse), yes(protocol.CommitResponse)} {
		q.Message = m
		a, err := program.Step(&q)
		if err != nil {
			t.Fatal(err)
		}
		if was, known := disks[a.State]; known && was != string(a.Disk) {
			t.Errorf("%+v is %q on the disk, and was %q", a.State, a.Disk, was)
		}
		disks[a.State] = string(a.Disk)
		q.Kind, q.Memory, q.Disk = sim.AskMessage, a.Memory, a.Disk
	}
	if len(disks) != 2 {
		t.Errorf("there were %d states", len(disks))
	}
}
