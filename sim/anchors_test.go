package sim

import (
	"testing"

	"skinny/protocol"
	"skinny/sim/trace"
)

// Both runs were seen in the published program itself; every time is exact.

func TestTwoWinners(t *testing.T) {
	p := newPlay(t, "published", 3).timed(`
		0ms acquire alice a
		5ms acquire bob b
	`)
	p.expect("outcomes", p.outcomes(), "acquire alice: acquired alice 520ms", "acquire bob: acquired bob 525ms")
	p.expect("states", p.states(), "a 2 (2 bob)", "b 2 (2 bob)", "c 2 (2 bob)")
	p.expect("the run", p.events(),
		"0ms call a acquire alice",
		"0ms propose a acquire alice promise-request 1",
		"5ms call b acquire bob",
		"5ms propose b acquire bob promise-request 2",
		"10ms wait b-a promise-request 1 #1 mutex-held",
		"10ms promise c-a promise-response 1 #1 yes",
		"15ms wait a-b promise-request 2 #1 mutex-held",
		"15ms promise c-b promise-response 2 #1 yes",
		"20ms count a-c acquire alice promise-response 1 #1 yes",
		"20ms commit a acquire alice commit-request 1",
		"25ms count b-c acquire bob promise-response 2 #1 yes",
		"25ms commit b acquire bob commit-request 2",
		"30ms wait b-a commit-request 1 #1 mutex-held",
		"30ms accept c-a commit-response 1 #1 no",
		"35ms wait a-b commit-request 2 #1 mutex-held",
		"35ms accept c-b commit-response 2 #1 yes",
		"40ms count a-c acquire alice commit-response 1 #1 no",
		"45ms count b-c acquire bob commit-response 2 #1 yes",
		"520ms expire a acquire alice",
		"520ms answer a acquire alice acquired alice",
		"520ms promise a-b promise-response 2 #1 yes",
		"520ms accept a-b commit-response 2 #1 yes",
		"525ms expire b acquire bob",
		"525ms answer b acquire bob acquired bob",
		"525ms promise b-a promise-response 1 #1 no",
		"525ms accept b-a commit-response 1 #1 no",
		"530ms ignore b-a promise-response 2 #1 yes phase-over",
		"530ms ignore b-a commit-response 2 #1 yes phase-over",
		"535ms ignore a-b promise-response 1 #1 no phase-over",
		"535ms ignore a-b commit-response 1 #1 no phase-over",
	)
}

func TestLostRelease(t *testing.T) {
	p := newPlay(t, "published", 3).timed(`
		0ms    acquire alice a
		1000ms release alice a
		1005ms acquire bob b
		3000ms acquire carol c
	`)
	p.expect("outcomes", p.outcomes(),
		"acquire alice: acquired alice 40ms",
		"release alice: released 1520ms",
		"acquire bob: refused alice 1525ms",
		"acquire carol: refused alice 3040ms",
	)
	p.expect("states", p.states(), "a 6 (6 alice)", "b 6 (6 alice)", "c 6 (6 alice)")
}

// The same clients with every rule on: nobody is told a thing that is not so.
func TestTheSameWithEveryRule(t *testing.T) {
	p := newPlay(t, "sound", 3).timed(`
		0ms acquire alice a
		5ms acquire bob b
	`)
	winners := 0
	for n := 1; n <= 2; n++ {
		if p.world.Operation(n).Outcome == protocol.Acquired {
			winners++
		}
	}
	if winners > 1 {
		t.Errorf("%d winners", winners)
	}

	p = newPlay(t, "sound", 3).timed(`
		0ms    acquire alice a
		1000ms release alice a
		1005ms acquire bob b
		3000ms acquire carol c
	`)
	p.expect("nobody waits for anybody", p.events(trace.Wait, trace.Expire))
	// Bob asks while alice releases; he is refused once and comes back after a pause.
	p.expect("outcomes", p.outcomes(),
		"acquire alice: acquired alice 40ms",
		"release alice: released 1040ms",
		"acquire bob: acquired bob 1067.122ms",
		"acquire carol: refused bob 3040ms",
	)
}
