package sim

import (
	"testing"

	"skinny/sim/trace"
)

// While an instance proposes or commits it holds its mutex: promise, commit, status
// and client requests wait, and are handled when it lets go, first come, first
// served.
func TestMutexOverRounds(t *testing.T) {
	p := newPlay(t, "published", 3)
	p.fate(DropFate, "promise-request", "a", "bc", 1, 0)
	p.timed(`
		0ms   acquire alice a
		100ms status a
		110ms acquire bob b
		200ms release carol a
	`)
	p.expect("at a", p.at500(),
		"100ms wait a status mutex-held",
		"120ms wait a-b promise-request 2 #1 mutex-held",
		"140ms wait a-b commit-request 2 #1 mutex-held",
		"200ms wait a release carol mutex-held",
		// The round failed. All that waited is handled before the retry, in order.
		"500ms answer a status answered",
		"500ms promise a-b promise-response 2 #1 yes",
		"500ms accept a-b commit-response 2 #1 yes",
		"500ms propose a release carol promise-request 3",
		// The retry comes back while the release runs: it queues behind what waits.
		"502.122ms wait a acquire alice try 1 mutex-held",
	)
}

// at500 is what happens at a after it has started, up to 505 ms.
func (p *play) at500() []string {
	var list []string
	for i := range p.log.Events {
		e := &p.log.Events[i]
		if e.Instance != 0 || e.At == 0 || e.At > 505*millisecond {
			continue
		}
		switch e.Kind {
		case trace.Wait, trace.Answer, trace.Promise, trace.Accept, trace.Propose:
			list = append(list, p.line(e))
		}
	}
	return list
}

// A retry joins the end of the queue, so another operation runs in between, and
// what came before it is handled before it.
func TestRetryJoinsTheEnd(t *testing.T) {
	p := newPlay(t, "published", 3)
	p.fate(DropFate, "promise-request", "a", "bc", 1, 0)
	p.timed(`
		0ms   acquire alice a
		100ms acquire bob a
		501ms acquire carol a
	`)
	p.expect("rounds at a", p.events(trace.Propose, trace.Answer),
		"0ms propose a acquire alice promise-request 1",
		"500ms propose a acquire bob promise-request 2",
		"540ms answer a acquire bob acquired bob",
		"540ms propose a acquire carol promise-request 3", // waits since 501 ms, the retry since 502.122 ms
		"580ms answer a acquire carol refused bob",
		"580ms propose a acquire alice promise-request 4 try 1",
		"620ms answer a acquire alice refused bob",
	)

	// Without a pause the retry takes its place in the queue at once.
	p = newPlay(t, "published", 3)
	p.cluster.Rules &^= ruleNamed("backoff")
	p.fate(DropFate, "promise-request", "a", "bc", 1, 0)
	p.timed(`
		0ms   acquire alice a
		100ms acquire bob a
		510ms acquire carol a
	`)
	p.expect("rounds at a, no backoff", p.events(trace.Propose),
		"0ms propose a acquire alice promise-request 1",
		"500ms propose a acquire bob promise-request 2",
		"540ms propose a acquire alice promise-request 3 try 1",
		"580ms propose a acquire carol promise-request 4",
	)
	// And with nobody waiting it starts at once.
	p = newPlay(t, "published", 3)
	p.cluster.Rules &^= ruleNamed("backoff")
	p.fate(DropFate, "promise-request", "a", "bc", 1, 0)
	p.timed("0ms acquire alice a")
	p.expect("alone, no backoff", p.events(trace.Backoff, trace.Propose)[1:],
		"500ms backoff a acquire alice try 1", "500ms propose a acquire alice promise-request 2 try 1")
}

// Retry k waits k·2 ms and up to 999 whole microseconds.
func TestBackoffTimes(t *testing.T) {
	seen := map[trace.Time]bool{}
	for seed := range uint64(400) {
		p := newPlay(t, "published", 3)
		p.timetable.Seed = seed
		p.fate(RefuseFate, "promise-request", "a", "bc", 0, 0)
		p.timed("0ms acquire alice a 10s")
		var rounds []trace.Time
		for i := range p.log.Events {
			if e := &p.log.Events[i]; e.Kind == trace.Propose {
				rounds = append(rounds, e.At)
			}
		}
		if len(rounds) != 4 {
			t.Fatalf("%d rounds, want 4: %v", len(rounds), p.events())
		}
		for k := 1; k <= 3; k++ {
			jitter := rounds[k] - rounds[k-1] - trace.Time(2*k)*millisecond
			if jitter < 0 || jitter > 999*trace.Microsecond || jitter%trace.Microsecond != 0 {
				t.Fatalf("seed %d: retry %d after %d ns", seed, k, rounds[k]-rounds[k-1])
			}
			seen[jitter] = true
		}
	}
	if !seen[0] || !seen[999*trace.Microsecond] || len(seen) < 600 {
		t.Errorf("of 1000 possible jitters %d were drawn; 0: %v, 999: %v", len(seen), seen[0], seen[999*trace.Microsecond])
	}
}

// With yield requests are answered while a round runs; operations still take
// turns, and a turn lasts through the pauses of its operation.
func TestYield(t *testing.T) {
	p := newPlay(t, "sound", 3)
	p.fate(DropFate, "promise-request", "a", "bc", 1, 0)
	p.timed(`
		0ms     acquire alice a
		100ms   status a
		110ms   acquire bob b
		200ms   release carol a
		500.5ms acquire dave a
		500.6ms status a
	`)
	p.expect("at a", p.at500(),
		"100ms answer a status answered",
		"120ms promise a-b promise-response 2 #1 yes",
		"140ms accept a-b commit-response 2 #1 yes",
		"200ms wait a release carol turn-taken",
		"500.5ms wait a acquire dave turn-taken",
		"500.6ms answer a status answered bob",
		"502.122ms propose a acquire alice promise-request 4 try 1",
	)
	p.expect("turns", p.events(trace.Propose)[2:],
		"502.122ms propose a acquire alice promise-request 4 try 1",
		"542.122ms propose a release carol promise-request 7",
		"582.122ms propose a acquire dave promise-request 10",
	)
}

// A handler that waits is not abandoned when its caller has timed out: it runs
// late and its effect stands. A cancelled request is delivered all the same.
func TestLateHandlers(t *testing.T) {
	p := newPlay(t, "published", 5)
	p.fate(DelayFate, "promise-request", "a", "e", 1, 600*millisecond)
	p.fate(DelayFate, "commit-request", "a", "e", 1, 500*millisecond)
	p.timed("0ms acquire alice a")
	p.expect("at e", p.atE(),
		"530ms accept e-a commit-response 1 #1 yes",   // its deadline passed at 520 ms
		"610ms promise e-a promise-response 1 #1 yes") // cancelled at 20 ms
	p.expect("ignored", p.events(trace.Ignore)[1:],
		"540ms ignore a-e commit-response 1 #1 yes phase-over",
		"620ms ignore a-e promise-response 1 #1 yes phase-over")

	// Waiting for the mutex of another round, beyond the caller's own deadline.
	p = newPlay(t, "published", 3)
	p.cluster.Instances[2].Timeout = 100 * millisecond
	p.fate(DropFate, "promise-request", "b", "ac", 1, 0)
	p.timed(`
		0ms acquire bob b
		5ms acquire alice c
	`)
	var late []string
	for i := range p.log.Events {
		if e := &p.log.Events[i]; (e.Kind == trace.Promise || e.Kind == trace.Accept) && e.Instance == 1 || e.Kind == trace.Answer {
			late = append(late, p.line(e))
		}
	}
	p.expect("b stores alice's commit after alice was answered", late[:3],
		"125ms answer c acquire alice acquired alice",
		"500ms promise b-c promise-response 3 #1 yes",
		"500ms accept b-c commit-response 3 #1 yes")
}

func (p *play) atE() []string {
	var list []string
	for i := range p.log.Events {
		if e := &p.log.Events[i]; e.Instance == 4 && (e.Kind == trace.Promise || e.Kind == trace.Accept) {
			list = append(list, p.line(e))
		}
	}
	return list
}
