package sim

import (
	"testing"

	"skinny/sim/trace"
)

// Calls to a crashed instance: with the host up they fail one response latency
// after they have met the crash, with the host down they time out.
func TestCallToCrashedInstance(t *testing.T) {
	p := newPlay(t, "published", 3).timed(`
		0ms crash c host-up
		1ms acquire alice a`)
	p.expect("host up", p.events(trace.Refuse, trace.Fail, trace.Ignore, trace.Lose, trace.Expire, trace.Answer),
		"11ms refuse c-a promise-request 1 #1",
		"21ms ignore a-c failure 1 #1 phase-over", // at that instant b's promise came first
		"31ms refuse c-a commit-request 1 #1",
		"41ms fail a-c acquire alice failure 1 #1 crashed-peer",
		"41ms answer a acquire alice acquired alice",
	)
	p = newPlay(t, "published", 3).timed(`
		0ms crash c
		1ms acquire alice a`)
	p.expect("host down", p.events(trace.Refuse, trace.Fail, trace.Lose, trace.Expire, trace.Answer),
		"11ms lose a-c promise-request 1 #1 host-down",
		"31ms lose a-c commit-request 1 #1 host-down",
		"521ms expire a acquire alice",
		"521ms answer a acquire alice acquired alice",
	)
}

// What waited in an instance fails one response latency after its crash, or is
// forgotten; what the instance had sent goes on.
func TestCrashWithCallsWaiting(t *testing.T) {
	timeline := `
		0ms  acquire alice a
		1ms  acquire bob b
		5ms  acquire carol a
		7ms  status a
	`
	kinds := []trace.Kind{trace.Fail, trace.Lose, trace.Receive, trace.GiveUp, trace.Promise}

	p := newPlay(t, "published", 3).timed(timeline + "14ms crash a host-up")
	p.expect("host up", p.events(kinds...)[:7],
		"10ms promise c-a promise-response 1 #1 yes", // the request was sent before the crash
		"11ms promise c-b promise-response 2 #1 yes",
		"14ms receive a acquire alice failed crashed-peer",
		"14ms receive a acquire carol failed crashed-peer",
		"14ms receive a status failed crashed-peer",
		"20ms lose c-a promise-response 1 #1 yes receiver-down",
		"41ms fail b-a acquire bob failure 2 #1 crashed-peer",
	)
	// b's promise request had waited in a since 11 ms, and fails at 14 + 10 ms: too
	// late, since c's promise decided at 21 ms.
	p.expect("ignored", p.events(trace.Ignore)[:1], "24ms ignore b-a failure 2 #1 phase-over")

	p = newPlay(t, "published", 3).timed(timeline + "14ms crash a")
	p.expect("host down", p.events(kinds...)[:9],
		"10ms promise c-a promise-response 1 #1 yes",
		"11ms promise c-b promise-response 2 #1 yes",
		"14ms lose b-a promise-request 2 #1 crashed-waiting",
		"20ms lose c-a promise-response 1 #1 yes receiver-down",
		"31ms lose b-a commit-request 2 #1 host-down",
		"521ms promise b-a promise-response 1 #1 no",
		"531ms lose b-a promise-response 1 #1 no receiver-down",
		"5000ms give-up a acquire alice",
		"5005ms give-up a acquire carol",
	)
	p.expect("outcomes", p.outcomes(), "acquire alice: none", "acquire bob: acquired bob 521ms", "acquire carol: none", "status: none")
}

// A client's call that finds the instance down.
func TestClientOfACrashedInstance(t *testing.T) {
	for _, c := range []struct {
		latency trace.Time
		crash   string
		want    string
	}{
		{0, "crash a host-up", "acquire alice: failed 1ms"},
		{3 * millisecond, "crash a host-up", "acquire alice: failed 7ms"},
		{0, "crash a", "acquire alice: none"},
		{3 * millisecond, "crash a", "acquire alice: none"},
	} {
		p := newPlay(t, "published", 3)
		p.cluster.ClientLatency = c.latency
		p.timed("0ms " + c.crash + "\n 1ms acquire alice a")
		p.expect(c.crash, p.outcomes(), c.want)
	}
	// An operation in its pause is ended too, and one on its way meets the restart.
	p := newPlay(t, "published", 3)
	p.cluster.ClientLatency = 3 * millisecond
	p.fate(RefuseFate, "promise-request", "a", "bc", 0, 0)
	p.timed(`
		0ms acquire alice a
		4ms acquire bob a
		5ms crash a host-up
		6ms restart a
	`)
	p.expect("crash in a pause", p.outcomes()[:1], "acquire alice: failed 8ms")
	p.expect("rounds", p.events(trace.Propose)[:2],
		"3ms propose a acquire alice promise-request 1", "7ms propose a acquire bob promise-request 1")
}

// Two operations in their pauses fail in the order in which they paused.
func TestCrashEndsAllPauses(t *testing.T) {
	p := newPlay(t, "published", 3)
	p.fate(RefuseFate, "promise-request", "a", "bc", 0, 0)
	p.timed(`
		0ms acquire alice a
		0ms acquire bob a
		1ms crash a host-up
	`)
	p.expect("outcomes", p.outcomes(), "acquire alice: failed 1ms", "acquire bob: failed 1ms")
	p.expect("nothing goes on", p.events(trace.Propose)[2:])
	p.expect("order", p.events(trace.Receive),
		"1ms receive a acquire alice failed crashed-peer", "1ms receive a acquire bob failed crashed-peer")
}

// Which of them paused first is not seen from where they are kept.
func TestCrashEndsPausesByAge(t *testing.T) {
	p := newPlay(t, "published", 3)
	p.fate(RefuseFate, "promise-request", "a", "bc", 0, 0)
	p.timed(`
		0ms    acquire carol b
		0ms    acquire dave c
		5ms    cut b a
		5ms    cut c a
		9.9ms  acquire alice a
		10.1ms acquire bob a
		10.2ms crash a host-up
	`)
	p.expect("order", p.events(trace.Receive)[:2],
		"10.2ms receive a acquire alice failed crashed-peer", "10.2ms receive a acquire bob failed crashed-peer")
}

// After a restart: without durable nothing is left, with it everything; answers to
// the old process are ignored, requests that arrive are handled.
func TestRestart(t *testing.T) {
	timeline := `
		0ms   acquire alice a
		100ms acquire bob a
		105ms crash a
		108ms restart a
		108ms status a
		109ms acquire carol b
	`
	p := newPlay(t, "published", 3).timed(timeline)
	p.expect("status", p.outcomes()[2:3], "status: answered 108ms")
	p.expect("old answers", p.events(trace.Ignore)[1:2],
		"120ms ignore a-c promise-response 2 #2 yes asker-restarted")
	p.expect("a request after the restart", p.atA(trace.Promise), "119ms promise a-b promise-response 3 #1 yes")

	p = newPlay(t, "published", 3)
	p.cluster.Rules |= ruleNamed("durable")
	p.timed(timeline)
	p.expect("durable status", p.outcomes()[2:3], "status: answered alice 108ms")

	// A restart of one that is up ends it first, with its host up.
	p = newPlay(t, "published", 3).timed(`
		0ms acquire alice a
		5ms restart a
	`)
	p.expect("restart at once", p.events(trace.Crash, trace.Restart, trace.Receive, trace.Ignore),
		"5ms crash a acquire alice", "5ms receive a acquire alice failed crashed-peer", "5ms restart a",
		"20ms ignore a-b promise-response 1 #1 yes asker-restarted",
		"20ms ignore a-c promise-response 1 #1 yes asker-restarted")
}

func (p *play) atA(kind trace.Kind) []string {
	var list []string
	for i := range p.log.Events {
		if e := &p.log.Events[i]; e.Instance == 0 && e.Kind == kind {
			list = append(list, p.line(e))
		}
	}
	return list
}

// A crash ends a pause, and what was held fails or is forgotten.
func TestCrashWhilePaused(t *testing.T) {
	timeline := `
		0ms  acquire alice a
		1ms  pause a
		5ms  acquire bob b
		6ms  acquire carol a
	`
	p := newPlay(t, "published", 3).timed(timeline + "16ms crash a host-up\n 17ms restart a")
	p.expect("host up", p.events(trace.Hold, trace.Receive, trace.Fail),
		"6ms hold a acquire carol",
		"15ms hold a-b promise-request 2 #1",
		"16ms receive a acquire alice failed crashed-peer",
		"16ms receive a acquire carol failed crashed-peer",
	)
	p.expect("b's call", p.events(trace.Ignore)[1:2], "26ms ignore b-a failure 2 #1 phase-over")

	p = newPlay(t, "published", 3).timed(timeline + "16ms crash a\n 17ms restart a")
	p.expect("host down", p.events(trace.Lose), "16ms lose b-a promise-request 2 #1 crashed-waiting")
	p.expect("not paused after the restart", p.atA(trace.Accept), "35ms accept a-b commit-response 2 #1 yes")
}

// One that is down cannot be paused, so its restart finds it running.
func TestPauseWhileDown(t *testing.T) {
	p := newPlay(t, "published", 3).timed(`
		0ms crash b
		1ms pause b
		2ms restart b
		3ms acquire alice a
	`)
	p.expect("held", p.events(trace.Hold))
}

// What a status would show after a restart can be seen before it.
func TestStateOfOneThatIsDown(t *testing.T) {
	for edition, want := range map[string]string{"published": "b 0 (0 )", "durable": "b 1 (1 alice)"} {
		p := newPlay(t, edition, 3).timed("0ms acquire alice a\n 60ms crash b")
		if p.states()[1] != "b 1 (1 alice)" {
			t.Errorf("%s: before the restart %v", edition, p.states())
		}
		if p.world.Up(1) || p.world.DownSince(1) != 60*millisecond {
			t.Errorf("%s: down since %d", edition, p.world.DownSince(1))
		}
		left := p.world.State(1)
		if w := p.world; w.State(0) != w.Instance(0).State {
			t.Errorf("%s: the state of one that is up", edition)
		}
		p.world.Restart(1)
		if p.states()[1] != want || p.world.State(1) != left {
			t.Errorf("%s: after the restart %v, foretold %v", edition, p.states(), left)
		}
	}
}
