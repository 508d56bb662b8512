package sim

import (
	"slices"
	"strings"
	"testing"

	"skinny/protocol"
	"skinny/sim/trace"
)

const millisecond = trace.Millisecond

// A message is lost when its link is down when it is sent, or when it would
// arrive; what happens to the link in between does not matter.
func TestLinkDown(t *testing.T) {
	cases := []struct {
		what, faults string
		want         []string
	}{
		{"down at sending, up again at arrival", `
			0ms cut a c
			0ms acquire alice a
			5ms mend a c`,
			[]string{"0ms lose a-c promise-request 1 #1 cut-at-sending"}},
		{"down at arrival only", `
			0ms acquire alice a
			5ms cut a c`,
			[]string{"10ms lose a-c promise-request 1 #1 cut-at-arrival", "20ms lose a-c commit-request 1 #1 cut-at-sending"}},
		{"down in between only", `
			0ms acquire alice a
			3ms cut a c
			7ms mend a c`, nil},
		{"a response is a message of its own", `
			0ms cut c a
			0ms acquire alice a
			15ms mend c a`,
			[]string{"10ms lose c-a promise-response 1 #1 yes cut-at-sending"}},
		{"a response that meets the cut on its way", `
			0ms acquire alice a
			15ms cut c a
			21ms mend c a`,
			[]string{"20ms lose c-a promise-response 1 #1 yes cut-at-arrival"}},
		{"cut at the very instant of arrival", `
			0ms acquire alice a
			10ms cut a c
			10ms mend a c`, nil},
		{"both ways at once", `
			0ms cut c a both
			0ms acquire alice a
			5ms mend a c both
			6ms cut c a
			21ms mend c a`,
			[]string{"0ms lose a-c promise-request 1 #1 cut-at-sending"}},
	}
	for _, c := range cases {
		p := newPlay(t, "published", 3).timed(c.faults)
		p.expect(c.what, p.events(trace.Lose), c.want...)
	}
}

// An instance that is isolated is cut from its peers, in both directions, and not
// from its clients.
func TestIsolate(t *testing.T) {
	p := newPlay(t, "published", 3).timed(`
		0ms   isolate a
		0ms   acquire alice a
		0ms   status a
		0ms   acquire bob b
		400ms rejoin a
		600ms status a
	`)
	p.expect("lost", p.events(trace.Lose)[:3],
		"0ms lose a-b promise-request 1 #1 cut-at-sending",
		"0ms lose a-c promise-request 1 #1 cut-at-sending",
		"0ms lose b-a promise-request 2 #1 cut-at-sending",
	)
	if outcome := p.world.Operation(4).Outcome.String(); outcome != "answered" {
		t.Errorf("the client of an isolated instance had %s", outcome)
	}
}

// Every cut, isolation and partition is ended by its own counterpart and by no
// other; heal ends them all.
func TestWhatEndsWhat(t *testing.T) {
	cases := []struct{ start, end string }{
		{"cut a b both", "mend a b both"}, {"isolate a", "rejoin a"}, {"partition a bc", "unite"},
	}
	for i, c := range cases {
		for j, other := range cases {
			p := newPlay(t, "published", 3)
			w := NewWorld(&p.cluster)
			do := func(text string) {
				for words := range lines(text) {
					d := p.decision(words)
					w.Do(&d)
				}
			}
			do(c.start)
			do(other.end)
			if down := w.linkDown(0, 1) && w.linkDown(1, 0); down != (i != j) {
				t.Errorf("%s, then %s: link down is %v", c.start, other.end, down)
			}
			do("heal")
			if w.linkDown(0, 1) || w.linkDown(1, 0) || w.linkDown(0, 2) {
				t.Errorf("%s, then heal: a link is still down", c.start)
			}
		}
	}
}

func TestPartition(t *testing.T) {
	cases := []struct{ what, down string }{
		{"partition ab cd", "ac ad bc bd ca cb da db"},
		{"partition ab c", "ac ad bc bd ca cb cd da db dc"}, // d is in no group: alone
		{"partition abc", "ad bd cd da db dc"},
		{"cut a b", "ab"},
		{"cut d a both", "ad da"},
		{"isolate c", "ac bc ca cb cd dc"},
		{"isolate c\n isolate d\n rejoin c", "ad bd cd da db dc"},
		{"partition ab cd\n partition ac bd", "ab ac ad ba bc bd ca cb cd da db dc"}, // the first one stays
		{"cut a b\n isolate c\n partition ab cd\n heal", ""},
	}
	for _, c := range cases {
		p := newPlay(t, "published", 4)
		w := NewWorld(&p.cluster)
		for words := range lines(c.what) {
			d := p.decision(words)
			w.Do(&d)
		}
		var down []string
		for from := range 4 {
			for to := range 4 {
				if from != to && w.linkDown(p.at(letter(from)), p.at(letter(to))) {
					down = append(down, letter(from)+letter(to))
				}
			}
		}
		var want []string
		for words := range lines(c.down) {
			want = words
		}
		p.expect(c.what, down, want...)
	}
}

// A partition is told with its groups, of nobody in particular.
func TestPartitionIsTold(t *testing.T) {
	p := newPlay(t, "published", 4).timed("1ms partition ab cd\n 2ms unite")
	e := &p.log.Events[0]
	if !slices.Equal(e.Groups, []protocol.Set{0b11, 0b1100}) || e.Instance != trace.None || e.State != (protocol.State{}) || len(p.log.Events[1].Groups) != 0 {
		t.Errorf("%+v", *e)
	}
}

// Faults that change nothing are told as such.
func TestAlreadySo(t *testing.T) {
	p := newPlay(t, "published", 3).timed(`
		0ms cut a b
		0ms cut a b
		0ms mend a b
		0ms mend a b
		0ms isolate c
		0ms isolate c
		0ms rejoin c
		0ms rejoin c
		0ms pause c
		0ms pause c
		0ms resume c
		0ms resume c
		0ms crash c
		0ms crash c
		0ms crash c host-up
		0ms pause c
	`)
	p.expect("events", p.events(),
		"0ms cut a-b", "0ms cut a-b already-so",
		"0ms mend a-b", "0ms mend a-b already-so",
		"0ms isolate c", "0ms isolate c already-so",
		"0ms rejoin c", "0ms rejoin c already-so",
		"0ms pause c", "0ms pause c already-so",
		"0ms resume c", "0ms resume c already-so",
		"0ms crash c", "0ms crash c already-so",
		"0ms crash c", // the host is up now, so something did change
		"0ms pause c already-so",
	)
}

// Requests are counted by kind and link from the start of the run, at sending: the
// lost and the refused ones count, and so do those before a restart.
func TestNth(t *testing.T) {
	p := newPlay(t, "published", 3)
	p.fate(RefuseFate, "promise-request", "a", "b", 1, 0)
	p.fate(DropFate, "promise-request", "a", "c", 1, 0)
	p.fate(DropFate, "promise-request", "a", "b", 3, 0)
	p.timed(`
		0ms   acquire alice a
		100ms cut a c
		800ms crash a
		900ms restart a
		900ms mend a c
		1s    release alice a
		3s    acquire bob b
	`)
	var sent []string
	for i := range p.log.Events {
		e := &p.log.Events[i]
		if e.Kind == trace.Lose || e.Kind == trace.Fail || e.Kind == trace.Promise || e.Kind == trace.Accept {
			sent = append(sent, p.line(e))
		}
	}
	p.expect("requests and responses with their numbers", sent[:10],
		"0ms fail a-b acquire alice failure 1 #1 refused",
		"0ms lose a-c promise-request 1 #1 dropped",
		"502.122ms lose a-c promise-request 2 #2 cut-at-sending",
		"512.122ms promise b-a promise-response 2 #2 yes",
		"522.122ms lose a-c commit-request 2 #1 cut-at-sending",
		"532.122ms accept b-a commit-response 2 #1 yes",
		"1000ms lose a-b promise-request 1 #3 dropped",
		"1010ms promise c-a promise-response 1 #3 yes",
		"1030ms accept b-a commit-response 1 #2 no",
		"1030ms accept c-a commit-response 1 #2 yes",
	)
}

// What is sent into a clog waits for its end, and takes its latency from there, but what
// is lost is gone at once, and a refusal does not wait either.
func TestClog(t *testing.T) {
	for _, c := range []struct {
		kind FateKind
		want string
	}{
		{DelayFate, "60ms promise c-a promise-response 1 #1 yes"},
		{DropFate, "0ms lose a-c promise-request 1 #1 dropped"},
		{RefuseFate, "0ms fail a-c acquire alice failure 1 #1 refused"},
	} {
		p := newPlay(t, "published", 3)
		p.timetable.Clogs = []Clog{{From: p.set("a"), To: p.set("bc"), End: 50 * millisecond}}
		p.fate(c.kind, "promise-request", "a", "c", 1, 0)
		p.timed("0ms acquire alice a")
		var got []string
		for i := range p.log.Events {
			if e := &p.log.Events[i]; e.Kind != trace.Call && e.Kind != trace.Propose && (e.Instance == 2 || e.Peer == 2) {
				got = append(got, p.line(e))
			}
		}
		p.expect("the first of the message to c", got[:1], c.want)
	}
}

// From the very instant of the calm on, chance takes nothing.
func TestCalmBegins(t *testing.T) {
	p := newPlay(t, "published", 3)
	for i := range p.timetable.Links {
		p.timetable.Links[i].Loss = 1_000_000
	}
	p.timetable.Calm = 5 * millisecond
	p.timed("4ms acquire alice a\n 5ms acquire bob b")
	p.expect("lost", p.events(trace.Lose),
		"4ms lose a-b promise-request 1 #1 dropped", "4ms lose a-c promise-request 1 #1 dropped")
}

// Copies are counted up to 255, whoever makes them; the network makes no more of one
// message, and all that are made stay copies.
func TestManyCopies(t *testing.T) {
	p := newPlay(t, "published", 2)
	for range 300 {
		p.fate(DuplicateFate, "promise-request", "a", "b", 1, 0)
	}
	p.timed("0ms acquire alice a")
	if n := len(p.events(trace.Duplicate)); n != 255 {
		t.Errorf("the network makes %d copies", n)
	}
	p = newPlay(t, "published", 2)
	p.scheduled("acquire alice a\n"+strings.Repeat("duplicate promise-request a b 1 1\n", 300)+strings.Repeat("deliver promise-request a b 1\n", 301), false)
	copies := 0
	for i := range p.log.Events {
		if e := &p.log.Events[i]; e.Kind == trace.Promise && e.Copy {
			copies++
		}
	}
	if copies != 300 || p.ending != Stopped {
		t.Errorf("%d copies are answered", copies)
	}
}

// The network's own losses, and delays of a range, come from the seed.
func TestChance(t *testing.T) {
	lost, sent, copies := 0, 0, 0
	for seed := range uint64(200) {
		p := newPlay(t, "published", 5)
		p.timetable.Seed = seed
		for i := range p.timetable.Links {
			p.timetable.Links[i] = Link{Latency: Range{5 * millisecond, 20 * millisecond}, Loss: 100_000, Duplication: 50_000}
		}
		p.timed("0ms acquire alice a")
		at := map[int]trace.Time{}
		for i := range p.log.Events {
			e := &p.log.Events[i]
			at[e.Number] = e.At
			switch {
			case e.Kind == trace.Lose:
				lost, sent = lost+1, sent+1
			case e.Kind == trace.Duplicate:
				copies++
			case e.Kind == trace.Promise || e.Kind == trace.Accept || e.Kind == trace.Count || e.Kind == trace.Ignore:
				sent++
				if took := e.At - at[e.Cause]; took < 5*millisecond || took > 20*millisecond {
					t.Fatalf("a message took %d ns: %s", took, p.line(e))
				}
			}
		}
	}
	// Ten and five in a hundred, give or take what chance may take.
	if rate := 1000 * lost / sent; rate < 80 || rate > 120 {
		t.Errorf("%d of 1000 messages lost", rate)
	}
	if rate := 1000 * copies / sent; rate < 35 || rate > 65 {
		t.Errorf("%d of 1000 messages duplicated", rate)
	}
}
