package sim

import (
	"testing"

	"skinny/sim/trace"
)

// The fate of single messages. The cluster has five instances so that one message
// more or less decides nothing.
func TestFates(t *testing.T) {
	const every = "abcde"
	cases := []struct {
		what  string
		set   func(p *play)
		kinds []trace.Kind
		want  []string
	}{
		{
			"a dropped request", func(p *play) { p.fate(DropFate, "promise-request", "a", "b", 1, 0) },
			[]trace.Kind{trace.Lose}, []string{"0ms lose a-b promise-request 1 #1 dropped"},
		}, {
			"a dropped response has its request's number, and its sender is the one that answers",
			func(p *play) { p.fate(DropFate, "promise-response", "b", "a", 1, 0) },
			[]trace.Kind{trace.Lose}, []string{"10ms lose b-a promise-response 1 #1 yes dropped"},
		}, {
			"the other direction is another link",
			func(p *play) { p.fate(DropFate, "promise-response", "a", "b", 1, 0) },
			[]trace.Kind{trace.Lose}, nil,
		}, {
			"a number that no message has", func(p *play) { p.fate(DropFate, "commit-request", "a", "b", 2, 0) },
			[]trace.Kind{trace.Lose}, nil,
		}, {
			"no number: every one, on all links that are named",
			func(p *play) { p.fate(DropFate, "commit-request", every, "bd", 0, 0) },
			[]trace.Kind{trace.Lose},
			[]string{"20ms lose a-b commit-request 1 #1 dropped", "20ms lose a-d commit-request 1 #1 dropped"},
		}, {
			"a delay is added to the latency",
			func(p *play) { p.fate(DelayFate, "commit-request", "a", "b", 0, 100*millisecond) },
			[]trace.Kind{trace.Accept},
			[]string{
				"30ms accept c-a commit-response 1 #1 yes", "30ms accept d-a commit-response 1 #1 yes",
				"30ms accept e-a commit-response 1 #1 yes", "130ms accept b-a commit-response 1 #1 yes",
			},
		}, {
			"all matching rules apply: two delays add up",
			func(p *play) {
				p.fate(DelayFate, "commit-request", "a", "b", 0, 100*millisecond)
				p.fate(DelayFate, "commit-request", every, "b", 1, 7*millisecond)
				p.fate(DropFate, "commit-request", "a", "cde", 1, 0)
			},
			[]trace.Kind{trace.Accept}, []string{"137ms accept b-a commit-response 1 #1 yes"},
		}, {
			"a refused call fails at once",
			func(p *play) { p.fate(RefuseFate, "promise-request", "a", "b", 1, 0) },
			[]trace.Kind{trace.Fail}, []string{"0ms fail a-b acquire alice failure 1 #1 refused"},
		}, {
			"drop beats refuse, in whatever order they stand",
			func(p *play) {
				p.fate(RefuseFate, "promise-request", "a", "b", 1, 0)
				p.fate(DropFate, "promise-request", "a", "bc", 1, 0)
				p.fate(RefuseFate, "promise-request", "a", "c", 1, 0)
			},
			[]trace.Kind{trace.Fail, trace.Lose},
			[]string{"0ms lose a-b promise-request 1 #1 dropped", "0ms lose a-c promise-request 1 #1 dropped"},
		}, {
			"refuse beats delay, in whatever order they stand",
			func(p *play) {
				p.fate(RefuseFate, "promise-request", "a", "b", 1, 0)
				p.fate(DelayFate, "promise-request", "a", "bc", 1, millisecond)
				p.fate(RefuseFate, "promise-request", "a", "c", 1, 0)
			},
			[]trace.Kind{trace.Fail},
			[]string{"0ms fail a-b acquire alice failure 1 #1 refused", "0ms fail a-c acquire alice failure 1 #1 refused"},
		}, {
			"drop beats delay",
			func(p *play) {
				p.fate(DropFate, "commit-request", "a", "b", 1, 0)
				p.fate(DelayFate, "commit-request", "a", "b", 1, millisecond)
			},
			[]trace.Kind{trace.Lose}, []string{"20ms lose a-b commit-request 1 #1 dropped"},
		}, {
			"a link that is down comes before every fate",
			func(p *play) {
				p.fate(RefuseFate, "commit-request", "a", "b", 1, 0)
				p.timetable.Timeline = []Decision{{At: 15 * millisecond, Kind: CutLink, From: 0, To: 1}}
			},
			[]trace.Kind{trace.Lose, trace.Fail}, []string{"20ms lose a-b commit-request 1 #1 cut-at-sending"},
		},
	}
	for _, c := range cases {
		p := newPlay(t, "published", 5)
		p.timetable.Timeline = nil
		c.set(p)
		later := p.timetable.Timeline
		p.timetable.Timeline = []Decision{p.decision([]string{"acquire", "alice", "a"})}
		p.timetable.Timeline = append(p.timetable.Timeline, later...)
		p.timed("")
		p.expect(c.what, p.events(c.kinds...), c.want...)
	}
}

// A request that the network duplicated is handled twice; the copy has its number.
// The caller takes the first response and ignores the other.
func TestDuplicate(t *testing.T) {
	p := newPlay(t, "published", 5)
	p.fate(DuplicateFate, "promise-request", "a", "b", 1, 40*millisecond)
	p.fate(DuplicateFate, "commit-request", "a", "c", 1, 2*millisecond)
	p.timed("0ms acquire alice a")
	var lines []string
	for i := range p.log.Events {
		if e := &p.log.Events[i]; e.Kind == trace.Duplicate || e.Copy || e.Kind == trace.Ignore ||
			e.Kind == trace.Promise && e.Instance == 1 || e.Kind == trace.Accept && e.Instance == 2 {
			lines = append(lines, p.line(e))
		}
	}
	p.expect("what happens to the copies", lines,
		"0ms duplicate a-b promise-request 1 #1",
		"10ms promise b-a promise-response 1 #1 yes",
		"20ms ignore a-d promise-response 1 #1 yes phase-over",
		"20ms ignore a-e promise-response 1 #1 yes phase-over",
		"20ms duplicate a-c commit-request 1 #1",
		"30ms accept c-a commit-response 1 #1 yes",
		"32ms accept c-a commit-response 1 #1 copy yes",
		"42ms ignore a-c commit-response 1 #1 yes phase-over",
		"50ms promise b-a promise-response 1 #1 copy no", // its own promise is in the way
		"60ms ignore a-b promise-response 1 #1 no phase-over",
	)
}

// A second response while the phase still runs is ignored for another reason.
func TestSecondResponseWhileThePhaseRuns(t *testing.T) {
	p := newPlay(t, "published", 5)
	p.fate(DuplicateFate, "commit-response", "b", "a", 1, millisecond)
	p.fate(DelayFate, "commit-request", "a", "c", 1, 100*millisecond)
	p.timed("0ms acquire alice a")
	p.expect("ignored", p.events(trace.Ignore)[2:], "41ms ignore a-b commit-response 1 #1 copy yes call-over")
	p.expect("outcome", p.outcomes(), "acquire alice: acquired alice 140ms")
}

// A copy has the fates of its number too, except that it is not copied again.
func TestFatesOfACopy(t *testing.T) {
	p := newPlay(t, "published", 5)
	p.fate(DuplicateFate, "commit-request", "a", "b", 0, 5*millisecond)
	p.fate(DelayFate, "commit-request", "a", "b", 0, 30*millisecond)
	p.timed("0ms acquire alice a")
	p.expect("copies", p.events(trace.Duplicate), "20ms duplicate a-b commit-request 1 #1")
	p.expect("accepted at b", p.events(trace.Accept)[3:],
		"60ms accept b-a commit-response 1 #1 yes", "65ms accept b-a commit-response 1 #1 copy yes")

	p = newPlay(t, "published", 5)
	p.fate(DuplicateFate, "commit-request", "a", "b", 0, 5*millisecond)
	p.fate(DropFate, "commit-request", "a", "b", 0, 0)
	p.timed("0ms acquire alice a")
	p.expect("both lost", p.events(trace.Lose),
		"20ms lose a-b commit-request 1 #1 dropped", "20ms lose a-b commit-request 1 #1 copy dropped")
}

// By chance a message is copied once, and a copy never.
func TestCopiesAreNotCopied(t *testing.T) {
	p := newPlay(t, "published", 2)
	for i := range p.timetable.Links {
		p.timetable.Links[i].Duplication = 1_000_000
	}
	p.timed("0ms acquire alice a")
	// One request in each phase, handled twice; each of the two answers is copied.
	if copies := len(p.events(trace.Duplicate)); copies != 6 {
		t.Errorf("%d copies, want 6: %v", copies, p.events())
	}
}

// All matching rules apply: each duplicate makes a copy, with a delay of its own.
func TestTwoDuplicates(t *testing.T) {
	p := newPlay(t, "published", 5)
	p.fate(DuplicateFate, "commit-request", "a", "b", 1, 40*millisecond)
	p.fate(DuplicateFate, "commit-request", "a", "bc", 0, 5*millisecond)
	p.timed("0ms acquire alice a")
	var handled []string
	for i := range p.log.Events {
		if e := &p.log.Events[i]; e.Kind == trace.Accept && e.Copy {
			handled = append(handled, p.line(e))
		}
	}
	p.expect("copies", handled,
		"35ms accept b-a commit-response 1 #1 copy yes",
		"35ms accept c-a commit-response 1 #1 copy yes",
		"70ms accept b-a commit-response 1 #1 copy yes")
}

// The refusal of a scenario meets an asker that is paused, or gone.
func TestRefuseLater(t *testing.T) {
	p := newPlay(t, "published", 3).scheduled(`
		acquire alice a
		pause a
		refuse promise-request a b
		resume a
	`, false)
	p.expect("paused", p.events(trace.Hold, trace.Fail),
		"0.003ms hold a-b failure 1 #1", "0.004ms fail a-b acquire alice failure 1 #1 refused")

	for _, c := range []struct{ restart, want string }{
		{"", "ignore"}, {"restart a", "ignore"}, {"restart a\n acquire bob a", "ignore"},
	} {
		p := newPlay(t, "published", 3).scheduled("acquire alice a\n crash a\n"+c.restart+"\n refuse promise-request a b", false)
		last := p.log.Events[len(p.log.Events)-1]
		if last.Kind.String() != c.want || last.Reason != trace.AskerRestart {
			t.Errorf("%q, then refused: %s", c.restart, p.line(&last))
		}
	}
}
