package sim

import (
	"testing"

	"skinny/sim/trace"
)

// The order is what the schedule says, and nothing else happens. A decision takes
// a microsecond unless it says its time.
func TestSchedule(t *testing.T) {
	p := newPlay(t, "published", 3).scheduled(`
		acquire alice a
		acquire bob b
		deliver promise-request b c
		@2ms deliver promise-request a c
		deliver promise-response c b
		drop commit-request b c
		timeout b
		deliver promise-response c a
		timeout a
		wake a
	`, false)
	if p.ending != Stopped {
		t.Errorf("ending %d, want Stopped", p.ending)
	}
	p.expect("events", p.events(),
		"0.001ms call a acquire alice",
		"0.001ms propose a acquire alice promise-request 1",
		"0.002ms call b acquire bob",
		"0.002ms propose b acquire bob promise-request 2",
		"0.003ms promise c-b promise-response 2 #1 yes",
		"2ms promise c-a promise-response 1 #1 no",
		"2.001ms count b-c acquire bob promise-response 2 #1 yes",
		"2.001ms commit b acquire bob commit-request 2",
		"2.002ms lose b-c commit-request 2 #1 dropped",
		"2.003ms expire b acquire bob",
		"2.003ms answer b acquire bob acquired bob",
		"2.004ms count a-c acquire alice promise-response 1 #1 no",
		"2.005ms expire a acquire alice",
		"2.005ms backoff a acquire alice try 1",
		"2.006ms propose a acquire alice promise-request 2 try 1",
	)
}

// A message is named by its kind, link and number; without a number it is the
// oldest, and copies are told apart by their age.
func TestNamingMessages(t *testing.T) {
	p := newPlay(t, "published", 3).scheduled(`
		acquire alice a
		timeout a
		wake a
		duplicate promise-request a b 2
		duplicate promise-request a b 1
		deliver promise-request a b 2 2
		deliver promise-request a b
		deliver promise-request a b
		deliver promise-request a b
	`, false)
	p.expect("handled at b", p.events(trace.Promise),
		"0.006ms promise b-a promise-response 2 #2 copy yes",
		"0.007ms promise b-a promise-response 1 #1 no",
		"0.008ms promise b-a promise-response 2 #2 no",
		"0.009ms promise b-a promise-response 1 #1 copy no",
	)
}

// A decision that cannot be made ends the run where it stands; nothing happens.
func TestImpossible(t *testing.T) {
	for _, c := range []string{
		"deliver promise-request a b",
		"deliver promise-request b a",
		"drop commit-request a b",
		"deliver promise-request a b 2",
		"duplicate promise-request a c 1 2",
		"refuse promise-response c a",
		"wake a",
		"wake a 2",
		"timeout b",
		"work a",
		"give-up bob",
		"call alice",
		"answer alice",
	} {
		p := newPlay(t, "published", 3)
		p.scheduled("acquire alice a\n deliver promise-request a b\n deliver promise-request a c\n"+c+"\n crash a", true)
		if c == "deliver promise-request b a" && p.ending == Impossible {
			p.expect("possible at that point", p.possible(),
				"give-up", "deadline", "promise-response b-a #1", "promise-response c-a #1")
		}
		if p.ending != Impossible || p.world.Events() != 4 || p.world.Now() != 3*trace.Microsecond {
			t.Errorf("%s: ending %d after %d events at %d", c, p.ending, p.world.Events(), p.world.Now())
		}
	}
	// Held and waiting things are not pending: they need no decision.
	p := newPlay(t, "published", 3).scheduled("pause b\n acquire alice a\n deliver promise-request a b\n deliver promise-request a b", false)
	if p.ending != Impossible {
		t.Errorf("a message that is held was delivered again: %v", p.events())
	}
}

// possible names what is pending, oldest first.
func (p *play) possible() []string {
	var list []string
	for _, d := range p.world.Possible() {
		switch d.Kind {
		case FireGiveUp:
			list = append(list, "give-up")
		case FireDeadline:
			list = append(list, "deadline")
		case DeliverMessage:
			list = append(list, d.Message.String()+" "+letter(int(d.From))+"-"+letter(int(d.To))+" #"+string(rune('0'+d.Nth)))
		}
	}
	return list
}

// Settling delivers what is pending, oldest first; when nothing is, the oldest
// timer fires, a client's patience last; and so on until nothing is left.
func TestSettle(t *testing.T) {
	p := newPlay(t, "published", 3).scheduled(`
		acquire bob b
		acquire alice a
		drop promise-request b c
		drop promise-request a c
	`, true)
	if p.ending != NothingMore {
		t.Errorf("ending %d, want NothingMore", p.ending)
	}
	p.expect("the start", p.events()[4:12],
		"0.003ms lose b-c promise-request 2 #1 dropped",
		"0.004ms lose a-c promise-request 1 #1 dropped",
		"0.005ms wait a-b promise-request 2 #1 mutex-held", // the oldest message
		"0.006ms wait b-a promise-request 1 #1 mutex-held",
		"0.007ms expire b acquire bob", // the oldest timer
		"0.007ms backoff b acquire bob try 1",
		"0.007ms promise b-a promise-response 1 #1 no",
		"0.008ms count a-b acquire alice promise-response 1 #1 no",
	)
	if free, all := countFree(p.world), len(p.world.table.items); free != all {
		t.Errorf("%d of %d slots are free at the end", free, all)
	}

	// Nobody is left to answer: the clients' patience ends, after every other timer.
	p = newPlay(t, "sequential", 3).scheduled("acquire alice a\n acquire bob b\n drop promise-request a b", true)
	p.expect("the end", p.events(trace.Wait, trace.Answer, trace.GiveUp, trace.Expire),
		"0.004ms wait a-b promise-request 2 #1 mutex-held", // without timeouts, for ever
		"0.005ms give-up a acquire alice", "0.006ms give-up b acquire bob")
}

// Two operations pause at one instance: the oldest wakes, unless one is named.
func TestNamingWakes(t *testing.T) {
	for _, c := range []struct{ wake, want string }{
		{"wake a", "0.009ms propose a acquire alice promise-request 3 try 1"},
		{"wake a 2", "0.009ms propose a acquire bob promise-request 3 try 1"},
	} {
		p := newPlay(t, "published", 3).scheduled(`
			acquire alice a
			refuse promise-request a b
			refuse promise-request a c
			acquire bob a
			refuse promise-request a b
			refuse promise-request a c
			status b
			status b
			`+c.wake, false)
		p.expect(c.wake, p.events(trace.Propose)[2:], c.want)
	}
}

// With a latency for clients, their calls and answers need decisions here too.
func TestScheduledClients(t *testing.T) {
	p := newPlay(t, "sound", 3)
	p.cluster.ClientLatency = millisecond
	p.scheduled(`
		acquire alice a
		call alice
		deliver promise-request a b
		deliver promise-response b a
		deliver commit-request a b
		deliver commit-response b a
		answer alice
	`, false)
	p.expect("outcome", p.outcomes(), "acquire alice: acquired alice 0.007ms")

	// They are the client's, whatever instance it calls; without a name, the oldest.
	p = newPlay(t, "sound", 3)
	p.cluster.ClientLatency = millisecond
	p.scheduled("acquire alice c\n status b\n acquire bob b\n call bob\n call alice\n call nobody\n give-up bob", false)
	p.expect("at b and c", p.events(trace.Propose, trace.Answer, trace.GiveUp),
		"0.004ms propose b acquire bob promise-request 2", "0.005ms propose c acquire alice promise-request 3", "0.006ms answer b status answered",
		"0.007ms give-up b acquire bob")
}

// Stopping, budget and the clock.
func TestScheduledEndings(t *testing.T) {
	p := newPlay(t, "published", 3)
	s := NewScheduled(&p.cluster, &Schedule{Settle: true, Budget: 3, Decisions: []Decision{p.decision([]string{"acquire", "alice", "a"})}})
	if s.Run() != BudgetSpent || s.world.Events() != 3 || s.Step() {
		t.Errorf("ending %d after %d events", s.Ending(), s.world.Events())
	}
	if s.Next() != 1 {
		t.Errorf("next is %d", s.Next())
	}
	if len(s.world.Created()) != 1 { // the last step sent one response
		t.Errorf("what was created in earlier steps is still listed: %v", s.world.Created())
	}
	defer func() {
		if recover() == nil {
			t.Error("the clock ran backwards")
		}
	}()
	newPlay(t, "published", 3).scheduled("@2ms acquire alice a\n @1ms crash a", false)
}
