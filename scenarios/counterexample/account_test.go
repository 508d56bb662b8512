package counterexample

import (
	"strings"
	"testing"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/prose"
	"skinny/sim/shrink"
)

// An account says what breaks and where it comes from, and no more of the shrinking than was done.
func TestAccount(t *testing.T) {
	calm := &shrink.Result{Decisions: []sim.Decision{{Kind: sim.InvokeOperation}, {Kind: sim.DeliverMessage}}}
	hard := &shrink.Result{Decisions: append(calm.Decisions, sim.Decision{Kind: sim.CrashInstance})}
	const begin, nothing = "By event 7 agreement is violated: why.\n\n", "Nothing is lost and nobody is down: what does not arrive is still under way.\n\n"
	for _, c := range []struct {
		of   Case
		want string
	}{
		{Case{}, "Found by seed 7.\n"},
		{Case{Shrunk: calm}, "Found by seed 7.\n"},
		{Case{Tried: 1, Shrunk: calm}, nothing + "Found by seed 7, and shrunk from 90 decisions to 8. The search for a smaller one was ended early.\n"},
		{Case{Tried: 1, Shrunk: calm, Minimal: true}, nothing + "Found by seed 7, and shrunk from 90 decisions to 8. None of them can be left out.\n"},
		{Case{Tried: 1, Shrunk: hard, Minimal: true}, "Found by seed 7, and shrunk from 90 decisions to 8. None of them can be left out.\n"},
		{Case{Tried: 1, Minimal: true}, "Found by seed 7, and shrunk from 90 entries of a timeline to 8. None of them can be left out.\n"},
	} {
		c.of.Verdict, c.of.Before.Decisions, c.of.After.Decisions = check.Verdict{Event: 7, Why: prose.Words("why")}, 90, 8
		if got := c.of.account(&Run{Property: "agreement", Found: "seed 7"}); got != begin+c.want {
			t.Errorf("%+v:\n%s\nwant\n%s", c.of, got, begin+c.want)
		}
	}
}

// What a run came to is claimed of each operation and property; exactly, also when, and of each
// instance.
func TestClaims(t *testing.T) {
	s := read(t, []byte(`format: 1
edition: sound
instances: [a, b, c]
timeline:
  - {at: 0ms, acquire: alice, via: a}
  - {at: 1s, acquire: bob, via: b}
  - {at: 2s, crash: c}
  - {at: 3s, release: alice, via: c, timeout: 1s}
`))
	o, err := s.Run()
	if err != nil {
		t.Fatal(err)
	}
	for exactly, want := range map[bool]string{
		false: `  - {operation: 1, outcome: acquired}
  - {operation: 2, outcome: refused, holder: alice}
  - {operation: 3, outcome: none}
`,
		true: `  - {operation: 1, outcome: acquired, holder: alice, answered: 40ms}
  - {operation: 2, outcome: refused, holder: alice, answered: 1.04s}
  - {operation: 3, outcome: none}
  - {instance: a, promised: 2, id: 2, holder: alice, up: true}
  - {instance: b, promised: 2, id: 2, holder: alice, up: true}
  - {instance: c, promised: 2, id: 2, holder: alice, up: false}
`,
	} {
		f := scenarios.File{Expect: Claims(o.World, append(o.Verdicts, check.Verdict{Property: "of one's own"}), exactly)}
		text := strings.TrimPrefix(string(f.Encode()), "expect:\n")
		for _, v := range o.Verdicts {
			want += "  - {property: " + v.Property + ", is: kept}\n"
		}
		if text != want {
			t.Errorf("exactly %v:\n%s\nwant\n%s", exactly, text, want)
		}
	}
}

// Names that mean nothing are replaced by usual ones, of clients in the order of their calls, and
// the cluster itself keeps its own.
func TestRenamed(t *testing.T) {
	c := &sim.Cluster{Instances: []sim.Instance{{Name: "x"}, {Name: "y"}}, Holders: []string{"p", "q", "r"}}
	call := func(h protocol.Holder) sim.Decision { return sim.Decision{Kind: sim.InvokeOperation, Holder: h} }
	got := renamed(c, []sim.Decision{call(3), {Kind: sim.CrashInstance}, call(0), call(1), call(3)})
	if got.Instances[0].Name != "a" || got.Instances[1].Name != "b" || strings.Join(got.Holders, ",") != "bob,,alice" {
		t.Errorf("they are called %v and %q", got.Instances, got.Holders)
	}
	if c.Instances[0].Name != "x" || c.Holders[2] != "r" {
		t.Error("the cluster has other names")
	}
}
