package sim_test

import (
	"fmt"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/trace"
)

// Two clients want the lock of three instances, and one message is lost.
func Example() {
	edition, _ := protocol.EditionByName("sound")
	cluster := &sim.Cluster{
		Rules: edition.Rules,
		Instances: []sim.Instance{
			{Name: "a", Increment: 1, Timeout: sim.DefaultTimeout},
			{Name: "b", Increment: 2, Timeout: sim.DefaultTimeout},
			{Name: "c", Increment: 3, Timeout: sim.DefaultTimeout},
		},
		Holders: []string{"alice", "bob"},
	}
	acquire := func(at trace.Time, holder protocol.Holder, via protocol.Position) sim.Decision {
		return sim.Decision{
			At: at, Kind: sim.InvokeOperation, Operation: protocol.Acquire,
			Holder: holder, From: via, Timeout: sim.DefaultClientTimeout,
		}
	}
	timetable := &sim.Timetable{
		Seed:     1,
		Timeline: []sim.Decision{acquire(0, 1, 0), acquire(trace.Second, 2, 1)},
		Fates: []sim.Fate{{
			Kind: sim.DropFate, Message: protocol.PromiseRequest,
			From: protocol.Set(0).With(0), To: protocol.Set(0).With(2), Nth: 1, // the first from a to c
		}},
	}
	// What comes from somebody else is to be validated before. NewTimed panics.
	for _, err := range []error{cluster.Validate(), timetable.Validate(cluster)} {
		if err != nil {
			fmt.Println(err)
			return
		}
	}
	run := sim.NewTimed(cluster, timetable)
	var log trace.Log
	run.World().Observe(&log)
	for run.Step() {
	}
	for n := 1; n <= run.World().Operations(); n++ {
		o := run.World().Operation(n)
		fmt.Printf("%s: %s after %d ms, the lock is %s's\n",
			cluster.HolderName(o.Operation.Holder), o.Outcome, (o.Answered-o.Invoked)/trace.Millisecond, cluster.HolderName(o.Holder))
	}
	for i := range log.Events {
		if e := &log.Events[i]; e.Kind == trace.Lose {
			fmt.Printf("event %d, caused by event %d: %s from %s to %s is lost\n",
				e.Number, e.Cause, e.Message.Kind, cluster.Instances[e.Message.From].Name, cluster.Instances[e.Message.To].Name)
		}
	}

	// Output:
	// alice: acquired after 40 ms, the lock is alice's
	// bob: refused after 40 ms, the lock is alice's
	// event 3, caused by event 2: promise-request from a to c is lost
}

// standalone is an instance that asks nobody: it remembers whom it gave the lock to.
type standalone struct{}

func (*standalone) Step(q *sim.Question) (sim.Answer, error) {
	a := sim.Answer{Memory: q.Memory}
	if q.Kind != sim.AskOperation {
		return a, nil
	}
	me := q.Cluster.HolderName(q.Operation.Holder)
	switch holder := string(q.Memory); {
	case q.Operation.Kind == protocol.Release:
		a.Memory, a.Outcome = nil, protocol.Released
	case holder == "" || holder == me:
		a.Memory, a.Outcome, a.Holder = []byte(me), protocol.Acquired, q.Operation.Holder
	default:
		a.Outcome = protocol.Refused
	}
	a.Log = "asks nobody"
	return a, nil
}

// An instance of one's own plays in place of the built-in protocol, here all three, and is
// judged like it.
func ExampleProgram() {
	cluster := &sim.Cluster{Holders: []string{"alice", "bob"}}
	for n, name := range []string{"a", "b", "c"} {
		cluster.Instances = append(cluster.Instances, sim.Instance{
			Name: name, Increment: protocol.ID(n + 1), Timeout: sim.DefaultTimeout, Program: &standalone{},
		})
	}
	timetable := &sim.Timetable{}
	for n := range 2 {
		timetable.Timeline = append(timetable.Timeline, sim.Decision{
			Kind: sim.InvokeOperation, Operation: protocol.Acquire,
			Holder: protocol.Holder(n + 1), From: protocol.Position(n), Timeout: sim.DefaultClientTimeout,
		})
	}
	run := sim.NewTimed(cluster, timetable)
	judges := check.NewJudges(cluster.Header())
	run.World().Observe(judges)
	if run.Run() == sim.Failed {
		fmt.Println(run.World().Failure())
	}
	fmt.Println(judges.Verdict(check.MutualExclusion).Why)

	// Output:
	// bob is told acquired while alice has held the lock since event 3
}
