package session

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"skinny/protocol"
	"skinny/scenarios/form"
	"skinny/sim"
	"skinny/sim/narrate"
	"skinny/sim/render"
	"skinny/sim/trace"
)

// What is under way is expected to happen by the event by which it ceases to be under way,
// and no other; timers can also be stopped, and then nothing is expected of them.
func TestExpected(t *testing.T) {
	const works = "edition: published\ninstances: [{name: a, promise-delay: 3ms}, {name: b, promise-delay: 3ms}, c]\nnetwork: {latency: 10ms, client-latency: 2ms, loss: 10%}\nseed: 4\n" +
		"timeline:\n  - {at: 0ms, acquire: alice, via: a}\n  - {at: 1ms, acquire: bob, via: b, timeout: 60ms}\n  - {at: 90ms, status: c}\n  - {at: 95ms, release: alice, via: a}\n"
	met := map[sim.DecisionKind]int{}
	duplicates, texts := 0, map[string]bool{}
	for i, text := range []string{works, works, strings.Replace(works, "loss: 10%", "loss: 0%", 1), strings.Replace(works, "published", "sound", 1)} {
		s := NewSession(New(compiledOf(t, text)), "")
		for n := 1; i == 0 && s.branch.Parent == nil; n++ {
			s.GoTo(n)
			s.Say("duplicate 1")
		}
		name := func(i *Item) string { return fmt.Sprint(i.Decision.Kind, i.Decision.From, i.Decision.To, i.Of.Cause) }
		pending := make([]map[string]bool, s.branch.Len()+1) // by point
		for n := range pending {
			s.GoTo(n)
			pending[n] = map[string]bool{}
			for i := range s.Items() {
				pending[n][name(&s.items[i])] = true
			}
		}
		for at := range pending {
			s.GoTo(at)
			for i, it := range s.Items() {
				s.Choose(i)
				n, what, kind := s.Expected(), name(&it), it.Decision.Kind
				texts[it.Text] = true
				timer := kind == sim.FireDeadline || kind == sim.FireGiveUp || kind == sim.FireWake
				gone := slices.IndexFunc(pending[at:], func(is map[string]bool) bool { return !is[what] }) + at
				switch {
				case n == 0 && (timer || gone < at):
				case n <= at || n > s.branch.Len() || pending[n][what] || gone < n && s.branch.Moment(gone).Point() < n:
					t.Errorf("after event %d %s is expected at %d, and under way until %d", at, it.Text, n, gone)
				default:
					met[kind]++
					if s.branch.Event(at+1).Kind == trace.Duplicate && s.branch.Event(at+1).Cause == it.Of.Cause {
						duplicates++
					}
				}
			}
		}
	}
	for _, kind := range []sim.DecisionKind{sim.DeliverMessage, sim.DeliverCall, sim.DeliverAnswer, sim.FireDeadline, sim.FireWork, sim.FireGiveUp, sim.FireWake} {
		if met[kind] == 0 {
			t.Errorf("no %s was met: %v", kind, met)
		}
	}
	for _, text := range []string{"a finishes its answer", "a retries for alice", "a ─▶ alice  acquired", "a ─▶ b  committed 2", "a ─▶ b  promise 1? (copy)", "alice gives up", "alice ─▶ a  release",
		"b ─▶ a  no promise 1", "bob ─▶ b  acquire", "c ─▶ the operator  answered", "the operator gives up", "the operator ─▶ c  status", "timeout of b"} {
		if !texts[text] {
			t.Errorf("nothing is %q, of %q", text, slices.Sorted(maps.Keys(texts)))
		}
	}
	if duplicates == 0 {
		t.Error("nothing was duplicated")
	}
}

// What a word does to what it numbers, its key does to what is chosen.
func TestHands(t *testing.T) {
	for word, c := range map[string]struct{ key, said string }{
		"deliver": {"enter", "deliver promise-request a -> b #1"}, "drop": {"d", "drop promise-request a -> b #1"}, "duplicate": {"u", "duplicate promise-request a -> b #1"},
		"refuse": {"f", "refuse promise-request a -> b #1"}, "delay": {"l", "delay 50ms promise-request a -> b #1"}, "preview": {"", ""},
	} {
		words, keys := plainSession(t), plainSession(t)
		words.Words = true
		words.Say("2")
		said := words.Say(word + " 1").Said
		if c.key == "" {
			if want := "a ─▶ b  promise 1?: b " + "would promise"; !strings.HasPrefix(said, "a ─▶ b  promise 1?: ") || len(said) < len(want) || words.chosen != nothing {
				t.Errorf("%s: %s", word, said)
			}
			continue
		}
		if want := c.said + ": branch 1; the old future is kept (branches)"; said != want {
			t.Errorf("%s: %q, want %q", word, said, want)
		}
		keys.Say("2")
		if said, want := keys.pressAll(t, "down "+c.key), c.said+": branch 1; the old future is kept (b)"; said != want {
			t.Errorf("%s: %q, want %q", c.key, said, want)
		}
		if words.branch.Digest() != keys.branch.Digest() || words.at != keys.at {
			t.Errorf("%s and %s are two things", word, c.key)
		}
	}
	s := plainSession(t)
	s.Say("2")
	for _, words := range []string{"preview 2", "preview"} { // what is chosen stays so
		if a := s.Say(words); a.Said != "" || s.Chosen() != 1 || s.Preview() == "" {
			t.Errorf("%s: %q, and %d is chosen", words, a.Said, s.Chosen())
		}
	}
	if said := s.Say("delay 2 30ms").Said; !strings.HasPrefix(said, "delay 30ms promise-request a -> c #1: ") {
		t.Error(said)
	}
	if said := s.Say("refuse 1").Said; !strings.HasPrefix(said, "refuse promise-request a -> b #1: ") {
		t.Error(said)
	}
	s.Say("branch 0")
	s.Say("8")
	if said := s.Say("refuse 1").Said; said != "only a request can be refused" {
		t.Error(said)
	}
}

// Who acquires by a key is somebody who has not called yet, or else the last client; who
// releases is who holds the lock there, or else the first that has called.
func TestWhoCalls(t *testing.T) {
	s := plainSession(t)
	ask := func(key string) string {
		a, _ := s.Press(key)
		if a.Ask == nil {
			return a.Said
		}
		return a.Ask.Text
	}
	for _, c := range []struct{ goTo, mark, acquire, release string }{
		{"0", "2", "acquire carol via b", "release alice via b"}, {"end", "1", "acquire carol via a", "release bob via a"},
	} {
		s.Say(c.goTo)
		s.Press(c.mark)
		if a, r := ask("a"), ask("A"); a != c.acquire || r != c.release {
			t.Errorf("at %s: %s, %s", c.goTo, a, r)
		}
	}
	for _, h := range s.branch.header.Holders {
		s.Say("acquire " + h + " via c")
	}
	h := s.branch.header
	if who := s.branch.Idle(); who != protocol.Free {
		t.Errorf("all have called, but %s", h.HolderName(who))
	}
	if got, want := ask("a"), "acquire "+h.Holders[len(h.Holders)-1]+" via a"; got != want {
		t.Errorf("%s, not %s", got, want)
	}
}

// What an instance does is one word: what keeps it from everything else comes first.
func TestDoing(t *testing.T) {
	l := trace.Instance{Working: true}
	for _, c := range []struct {
		also func()
		want string
	}{
		{func() {}, "at work"},
		{func() { l.Round = trace.Round{Phase: protocol.Committing, ID: 3} }, "commit 3"},
		{func() { l.Round = trace.Round{Phase: protocol.Proposing, ID: 4} }, "propose 4"},
		{func() { l.Isolated = true }, "isolated"},
		{func() { l.Paused = 7 }, "paused"},
		{func() { l.Down = 8 }, "down"},
		{func() { l = trace.Instance{} }, ""},
	} {
		if c.also(); Doing(&l) != c.want {
			t.Errorf("%+v does %q, not %q", l, Doing(&l), c.want)
		}
	}
}

// What was put off stays so, however few copies of the run are kept on the way.
func TestDelaysAreKept(t *testing.T) {
	s := NewSession(newTree(openNamed(t, "two-winners"), small), "")
	s.Words = true
	due := func() (list []string) {
		for _, it := range s.Items() {
			list = append(list, fmt.Sprint(it.Text, " ", it.Due))
		}
		return list
	}
	for _, words := range []string{"10", "delay 1 20ms", "delay 1 3ms", "delay 2 1ms"} {
		s.Say(words)
	}
	want := due()
	if slices.Equal(want, func() []string { s.Say("branch 0"); return due() }()) {
		t.Error("nothing is put off")
	}
	s.Say("branch 1")
	for range 3 {
		s.Say("end")
		s.Say("next")
		s.Say("crash b")
		s.Say("10")
		if got := due(); !slices.Equal(got, want) {
			t.Errorf("in branch %d there are %q, not %q", s.branch.Number, got, want)
		}
	}
}

// A picture is of what may be seen, with the messages that are under way after it.
func TestDiagram(t *testing.T) {
	flight := func(f render.Flight) string { return fmt.Sprint(f.Sent, f.From, f.To) }
	for _, text := range []string{"", "until: 25ms\n"} {
		s := NewSession(New(compiledOf(t, "instances: [a, b, c]\ntimeline: [{at: 0ms, acquire: alice, via: a}, {at: 5ms, acquire: bob, via: b}]\n"+text)), "")
		for _, hidden := range []bool{false, true} {
			if hidden {
				s.Present()
			}
			for n := range s.branch.Len() + 1 {
				s.GoTo(n)
				d := s.Diagram()
				end := map[bool]int{true: n, false: s.branch.Len()}[hidden]
				s.GoTo(end)
				var want []string
				for _, it := range s.Items() {
					if it.isMessage() {
						want = append(want, fmt.Sprint(it.Of.Cause, it.Decision.From, it.Decision.To))
					}
				}
				got := form.Each(d.Open, flight)
				slices.Sort(got)
				slices.Sort(want)
				if d.Header != s.branch.header || d.Events.Len() != end || end > 0 && d.Events.Event(end) != s.branch.Event(end) || !slices.Equal(got, want) {
					t.Errorf("hidden %v, at event %d: %d events, then %q, want %q", hidden, n, d.Events.Len(), got, want)
				}
			}
		}
	}
}

// Spare clients are no instances and none of the scenario's own.
func TestSpares(t *testing.T) {
	for text, want := range map[string][]string{
		"instances: [a, b, c]\ntimeline: [{at: 0ms, acquire: x, via: a}]\n":                {"x", "alice", "bob", "carol", "dave", "erin"},
		"instances: [bob, b, c]\ntimeline: [{at: 0ms, acquire: dave, via: b}]\n":           {"dave", "alice", "carol", "erin", "frank", "grace"},
		"instances: [alice, judy, ivan]\ntimeline: [{at: 0ms, acquire: bob, via: judy}]\n": {"bob", "carol", "dave", "erin", "frank", "grace"},
	} {
		if got := New(compiledOf(t, text)).Root().header.Holders; !slices.Equal(got, want) {
			t.Errorf("%q, not %q", got, want)
		}
	}
}

// What is going to be lost, and when, is said in the list of what is under way; and what the
// timeline has in store, up to twenty entries of it.
func TestListTellsLosses(t *testing.T) {
	text := "instances: [a, b, c]\ntimeline:\n  - {at: 0ms, acquire: alice, via: a}\n"
	for n := range 25 {
		text += fmt.Sprintf("  - {at: %dms, crash: c}\n", 100+n)
	}
	s := NewSession(New(compiledOf(t, text+"messages: [{drop: promise-request, from: a, to: b}]\n")), "")
	s.Words = true
	s.Say("2")
	p := s.Say("list").Page
	if got := p.text(); !strings.Contains(got, "under way at event 2\n  1  a ─▶ b  promise 1?, due at 0 ms, will be lost\n  2  a ─▶ c  promise 1?, due at 10 ms\n") ||
		!strings.Contains(got, "     by number, `deliver 1`, or in words: deliver promise-request a -> b") ||
		!strings.Contains(got, "     to come at 100 ms: crash c\n") || strings.Count(got, "to come at") != 20 {
		t.Error(got)
	}
	if len(p.Hints) != 1 || p.Chosen != 0 || p.Row(1).Do["enter"] != "preview 2" {
		t.Errorf("%+v", p)
	}
	s.Words = false
	if got := s.Say("list").Page.text(); strings.Contains(got, "by number") {
		t.Error(got)
	}
	if s.End(); s.Say("list").Page.Row(0).Text[0].Text != "Nothing is under way." {
		t.Error(s.Say("list").Page.text())
	}
}

// A message that is lost has its own sign among the looks.
func TestSentence(t *testing.T) {
	s := NewSession(New(compiledOf(t, "instances: [a, b, c]\ntimeline: [{at: 0ms, acquire: alice, via: a}]\nmessages: [{drop: promise-request, from: a, to: b}]\n")), "")
	for n, want := range map[int][]Span{
		1: {{"alice", Strong}, {narrate.Sent, Strong}, {"a", Of(0)}, {"acquire", Strong}},
		2: {{"a", Of(0)}, {"proposes ID 1:", Strong}, {"promised 0 + increment 1", Plain}},
		3: {{"a", Of(0)}, {narrate.Lost, Bad}, {"b", Of(1)}, {"promise 1?", Strong}},
		4: {{"a", Of(0)}, {narrate.Sent, Strong}, {"c", Of(2)}, {"promise 1?", Strong}, {"yes: nothing promised yet", Plain}},
	} {
		l := s.branch.Line(n)
		if got := Sentence(&l); len(got) < len(want) || !slices.Equal(got[:len(want)], want) {
			t.Errorf("event %d: %v, want %v", n, got, want)
		}
	}
}
