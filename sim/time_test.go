package sim

import (
	"testing"

	"skinny/protocol"
	"skinny/sim/trace"
)

// A deadline comes before a response that is due at the same instant.
func TestDeadlineBeforeResponse(t *testing.T) {
	for _, c := range []struct {
		extra trace.Time
		want  string
	}{
		{480*millisecond - 1, "acquire alice: acquired alice"},
		{480 * millisecond, "acquire alice: unknown"},
	} {
		p := newPlay(t, "ack-majority", 3)
		p.fate(DropFate, "commit-request", "a", "c", 1, 0)
		p.fate(DelayFate, "commit-request", "a", "b", 1, c.extra)
		p.timed("0ms acquire alice a")
		p.expect("response", p.outcomes(), c.want+" 520ms")
	}
}

// Without concurrent each call has a deadline of its own, from its sending; with
// it, one deadline serves the phase.
func TestDeadlinePerCall(t *testing.T) {
	p := newPlay(t, "timeouts", 4)
	p.timed("0ms crash b\n 0ms crash c\n 0ms acquire alice a")
	p.expect("rounds", p.events(trace.Expire, trace.Count)[:3],
		"500ms expire a acquire alice", "1000ms expire a acquire alice", "1020ms count a-d acquire alice promise-response 1 #1 yes")

	p = newPlay(t, "concurrent", 4)
	p.timed("0ms crash b\n 0ms crash c\n 0ms acquire alice a")
	p.expect("rounds", p.events(trace.Expire, trace.Count)[:2],
		"20ms count a-d acquire alice promise-response 1 #1 yes", "500ms expire a acquire alice")

	// Without timeouts a call is waited for until nothing is left to happen.
	p = newPlay(t, "sequential", 3)
	p.timed("0ms crash b\n 0ms acquire alice a")
	p.expect("for ever", p.outcomes(), "acquire alice: none")
	p.expect("nothing expires", p.events(trace.Expire, trace.Answer, trace.Backoff))
}

// Events at the same instant happen in the order in which they were scheduled, and
// the timeline comes before everything else at its instant, in its own order.
func TestSameInstant(t *testing.T) {
	p := newPlay(t, "published", 3).timed(`
		0ms  acquire alice a
		10ms status b
		10ms cut a b
		10ms status c
	`)
	p.expect("at 10 ms", p.eventsAt(10*millisecond),
		"10ms call b status", "10ms answer b status answered",
		"10ms cut a-b",
		"10ms call c status", "10ms answer c status answered",
		"10ms lose a-b promise-request 1 #1 cut-at-arrival",
		"10ms promise c-a promise-response 1 #1 yes",
	)
	// Two rounds that answer at the same instant: the older request comes first.
	p = newPlay(t, "sound", 3).timed("0ms acquire bob b\n 0ms acquire alice a")
	p.expect("at 10 ms", p.eventsAt(10*millisecond),
		"10ms promise a-b promise-response 2 #1 yes", "10ms promise c-b promise-response 2 #1 yes",
		"10ms promise b-a promise-response 1 #1 no", "10ms promise c-a promise-response 1 #1 no",
	)
}

func (p *play) eventsAt(at trace.Time) []string {
	var list []string
	for i := range p.log.Events {
		if e := &p.log.Events[i]; e.At == at {
			list = append(list, p.line(e))
		}
	}
	return list
}

// What arrives at a paused instance and what falls due in it waits, and happens at
// resume in the order in which it fell due.
func TestPause(t *testing.T) {
	p := newPlay(t, "published", 3)
	p.fate(DelayFate, "promise-response", "c", "a", 1, 600*millisecond)
	p.fate(DelayFate, "promise-response", "b", "a", 1, 600*millisecond)
	p.timed(`
		0ms   acquire alice a
		100ms pause a
		200ms status a
		300ms acquire carol c
		700ms resume a
	`)
	p.expect("held", p.events(trace.Hold),
		"200ms hold a status",
		"310ms hold a-c promise-request 4 #1",
		"330ms hold a-c commit-request 4 #1",
		"500ms hold a acquire alice deadline-due", // its deadline
		"620ms hold a-b promise-response 1 #1 yes",
		"620ms hold a-c promise-response 1 #1 yes",
	)
	p.expect("at resume", p.eventsAt(700*millisecond),
		"700ms resume a",
		"700ms wait a status mutex-held", // the round still runs, as far as a knows
		"700ms wait a-c promise-request 4 #1 mutex-held",
		"700ms wait a-c commit-request 4 #1 mutex-held",
		"700ms expire a acquire alice",
		"700ms backoff a acquire alice try 1",
		"700ms answer a status answered",
		"700ms promise a-c promise-response 4 #1 yes",
		"700ms accept a-c commit-response 4 #1 yes",
		"700ms ignore a-b promise-response 1 #1 yes phase-over",
		"700ms ignore a-c promise-response 1 #1 yes phase-over",
	)
	p.expect("messages that were sent before go on", p.events(trace.Promise)[:2],
		"10ms promise b-a promise-response 1 #1 yes", "10ms promise c-a promise-response 1 #1 yes")
}

// Retries and work on an answer fall due at a paused instance too.
func TestPauseOfRetryAndWork(t *testing.T) {
	p := newPlay(t, "published", 3)
	p.cluster.Instances[2].PromiseDelay = Range{30 * millisecond, 30 * millisecond}
	p.fate(RefuseFate, "promise-request", "a", "bc", 1, 0)
	p.timed(`
		0ms   acquire alice a
		1ms   pause a
		20ms  resume a
		35ms  pause c
		100ms resume c
	`)
	p.expect("held", p.events(trace.Hold),
		"2.122ms hold a acquire alice try 1 retry-due",
		"50ms hold c-a commit-request 2 #1", // b's promise was enough
		"60ms hold c-a promise-response 2 #2 yes work-due")
	p.expect("at resume", p.events(trace.Propose, trace.Reply),
		"0ms propose a acquire alice promise-request 1",
		"20ms propose a acquire alice promise-request 2 try 1",
		"100ms reply c-a promise-response 2 #2 yes")
}

// A deadline that is held is void when its phase ends before it at resume.
func TestPauseVoidsDeadline(t *testing.T) {
	p := newPlay(t, "published", 3).timed(`
		0ms   acquire alice a
		15ms  pause a
		600ms resume a
	`)
	p.expect("held", p.events(trace.Hold),
		"20ms hold a-b promise-response 1 #1 yes", "20ms hold a-c promise-response 1 #1 yes", "500ms hold a acquire alice deadline-due")
	p.expect("rounds", p.events(trace.Expire, trace.Backoff))
	p.expect("outcome", p.outcomes(), "acquire alice: acquired alice 620ms")
	if free, all := countFree(p.world), len(p.world.table.items); free != all {
		t.Errorf("%d of %d slots are free at the end", free, all)
	}
}

// A client's timeout ends its waiting and not the operation. At the same instant
// the end of its patience comes first, as a deadline does.
func TestClientTimeout(t *testing.T) {
	for _, c := range []struct {
		latency, patience trace.Time
		events            []string
		want              string
	}{
		{0, 41 * millisecond, []string{"40ms answer a acquire alice acquired alice"}, "acquire alice: acquired alice 40ms"},
		{0, 40 * millisecond, []string{"40ms give-up a acquire alice", "40ms answer a acquire alice acquired alice client-gone"}, "acquire alice: none"},
		{0, 7 * millisecond, []string{"7ms give-up a acquire alice", "40ms answer a acquire alice acquired alice client-gone"}, "acquire alice: none"},
		{3 * millisecond, 47 * millisecond, []string{"43ms answer a acquire alice acquired alice", "46ms receive a acquire alice acquired alice"}, "acquire alice: acquired alice 46ms"},
		{3 * millisecond, 46 * millisecond, []string{"43ms answer a acquire alice acquired alice", "46ms give-up a acquire alice", "46ms ignore a acquire alice acquired alice client-gone"}, "acquire alice: none"},
		{3 * millisecond, 1, []string{"0.000001ms give-up a acquire alice", "43ms answer a acquire alice acquired alice", "46ms ignore a acquire alice acquired alice client-gone"}, "acquire alice: none"},
	} {
		p := newPlay(t, "sound", 2) // both instances are needed, so no response comes late
		p.cluster.ClientLatency = c.latency
		p.timetable.Timeline = []Decision{{Kind: InvokeOperation, Operation: protocol.Acquire, Holder: 1, Timeout: c.patience}}
		p.timed("")
		p.expect("events", p.events(trace.GiveUp, trace.Answer, trace.Receive, trace.Ignore), c.events...)
		p.expect("outcome", p.outcomes(), c.want)
		p.expect("the operation ends all the same", p.states(), "a 1 (1 alice)", "b 1 (1 alice)")
	}
}

// A status reads one instance when it is its turn; its answer is an operation like
// the others.
func TestStatus(t *testing.T) {
	p := newPlay(t, "published", 3)
	p.timed("0ms acquire alice a\n 12ms status c\n 12ms status a\n 50ms status a")
	p.expect("outcomes", p.outcomes(),
		"acquire alice: acquired alice 40ms", "status: answered 12ms", "status: answered alice 40ms", "status: answered alice 50ms")
	if read, want := p.world.Operation(2).Read, (protocol.State{Promised: 1}); read != want {
		t.Errorf("the status of c read %+v, want %+v", read, want)
	}
	if read, want := p.world.Operation(4).Read, (protocol.State{Promised: 1, Accepted: protocol.Proposal{ID: 1, Holder: 1}}); read != want {
		t.Errorf("the status of a read %+v, want %+v", read, want)
	}
}

// While an instance works on a promise, its mutex is held, with yield too.
func TestPromiseDelay(t *testing.T) {
	for _, edition := range []string{"published", "sound"} {
		p := newPlay(t, edition, 3)
		p.cluster.Instances[2].PromiseDelay = Range{30 * millisecond, 30 * millisecond}
		p.fate(DropFate, "promise-request", "a", "b", 0, 0)
		p.timed(`
			0ms  acquire alice a
			15ms status c
			20ms acquire carol c
		`)
		p.expect(edition, p.events(trace.Wait, trace.Promise, trace.Reply, trace.Answer)[:7],
			"10ms promise c-a promise-response 1 #1 yes",
			"15ms wait c status mutex-work",
			"20ms wait c acquire carol mutex-work",
			"40ms reply c-a promise-response 1 #1 yes",
			"40ms answer c status answered",
			map[string]string{
				"published": "50ms wait a-c promise-request 4 #1 mutex-held",
				"sound":     "50ms promise a-c promise-response 3 #1 yes", // IDs of its own
			}[edition],
			map[string]string{
				"published": "50ms promise b-c promise-response 4 #1 yes",
				"sound":     "50ms promise b-c promise-response 3 #1 yes",
			}[edition],
		)
	}
	// Only promises take their time.
	p := newPlay(t, "published", 3)
	p.cluster.Instances[2].PromiseDelay = Range{30 * millisecond, 30 * millisecond}
	p.fate(DropFate, "promise-request", "a", "b", 0, 0)
	p.timed("0ms acquire alice a")
	p.expect("outcome", p.outcomes(), "acquire alice: acquired alice 70ms")

	// A crash ends the work: the call fails, or is forgotten.
	for _, c := range []struct{ crash, want string }{
		{"crash c host-up", "30ms fail a-c acquire alice failure 1 #1 crashed-peer"},
		{"crash c", "20ms lose a-c promise-request 1 #1 crashed-waiting"},
	} {
		p := newPlay(t, "published", 3)
		p.cluster.Instances[2].PromiseDelay = Range{30 * millisecond, 30 * millisecond}
		p.fate(DropFate, "promise-request", "a", "b", 1, 0)
		p.timed("0ms acquire alice a\n 20ms " + c.crash)
		p.expect(c.crash, p.events(trace.Fail, trace.Lose)[1:2], c.want)
		p.expect("no answer leaves", p.events(trace.Reply))
	}
}

// The last instant is part of the run.
func TestUntil(t *testing.T) {
	for _, c := range []struct {
		until, last trace.Time
		ending      Ending
	}{
		{0, 0, TimeIsUp}, // at the first instant something happens
		{40*millisecond - 1, 30 * millisecond, TimeIsUp},
		{40 * millisecond, 40 * millisecond, TimeIsUp},
		{1000*millisecond - 1, 40 * millisecond, TimeIsUp},
		{1000 * millisecond, 1000 * millisecond, NothingMore},
		{-1, 1000 * millisecond, NothingMore}, // there is no end
	} {
		p := newPlay(t, "published", 3)
		p.timetable.End = c.until + 1
		p.timed("0ms acquire alice a\n 1s status a")
		if last := p.log.Events[len(p.log.Events)-1].At; p.ending != c.ending || last != c.last {
			t.Errorf("until %d: ended at %d (%d), want %d (%d)", c.until, last, p.ending, c.last, c.ending)
		}
	}
}

// A run that goes on too long is ended by its budget, after the step that spends it.
// One that has come to its end with that step needed no more.
func TestBudget(t *testing.T) {
	all := newPlay(t, "published", 3).timed("0ms acquire alice a").world.Events()
	for budget := 1; budget <= all+1; budget++ {
		p := newPlay(t, "published", 3)
		p.timetable.Budget = budget
		p.timed("0ms acquire alice a")
		events := p.world.Events()
		ending := BudgetSpent
		if events == all {
			ending = NothingMore
		}
		// A step may be several events, here up to three.
		if p.ending != ending || events < min(budget, all) || events > budget+2 {
			t.Errorf("budget %d of %d: ending %d after %d events", budget, all, p.ending, events)
		}
	}
}
