package session_test

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"skinny/cmd/internal/session"
	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/narrate"
	"skinny/sim/trace"
)

func open(t testing.TB, name string) *scenarios.Scenario {
	t.Helper()
	file, err := scenarios.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	s, err := file.Compile(scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// act takes an act in words and fails if that is not possible.
func act(t testing.TB, _ *session.Tree, b *session.Branch, point int, text string) (*session.Branch, int) {
	t.Helper()
	a, err := b.Moment(point).Parse(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	branch, after, err := b.Act(point, a)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return branch, after
}

// The run as it was written has the digest that `skinny run` gives it, spare
// clients or not.
func TestRootIsTheRun(t *testing.T) {
	list := map[string]*scenarios.Scenario{}
	for _, e := range scenarios.Library() {
		list[e.Name] = open(t, e.Name)
	}
	const late = "timeline: [{at: 0ms, acquire: alice, via: a}]\nrules: {timeouts: off}\nmessages: [{drop: promise-request, from: a, to: b}, {drop: promise-request, from: a, to: c}]\nprogress: {from: 0ms, within: 1s}\n"
	list["late"], list["late, ended"] = compiled(t, late), compiled(t, late+"until: 2s\n")
	for name, s := range list {
		want, err := s.Run()
		if err != nil {
			t.Fatal(err)
		}
		tree := session.New(s)
		if got, n := tree.Root().Moment(1<<20).Point(), tree.Root().Len(); got != n {
			t.Errorf("%s: the moment far behind the end is at event %d of %d", name, got, n)
		}
		if got := tree.Root().Digest(); got != want.Digest {
			t.Errorf("%s: the digest is %s, want %s", name, got, want.Digest)
		}
		if got := tree.Root().Judge(); fmt.Sprint(got) != fmt.Sprint(want.Verdicts) {
			t.Errorf("%s: the verdicts are %v, want %v", name, got, want.Verdicts)
		}
	}
}

// replayed runs what a branch is saved as, through its text.
func replayed(t testing.TB, b *session.Branch) *scenarios.Outcome {
	t.Helper()
	text := b.File().Encode()
	file, err := scenarios.Decode("saved.yaml", text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if again := file.Encode(); !bytes.Equal(again, text) {
		t.Fatalf("written again it is another file:\n%s\n%s", text, again)
	}
	s, err := file.Compile(scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	o, err := s.Run()
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return o
}

// A message that is dropped by hand after event 16 keeps the second winner from
// winning; the old future stays, and the branch can be saved and replayed.
func TestBranch(t *testing.T) {
	tree := session.New(open(t, "two-winners"))
	root := tree.Root()
	before := root.Digest()
	b, point := act(t, tree, root, 14, "drop commit-response c -> a #1")
	if b == root || b.Parent != root || b.Point != 14 || point != 15 || len(tree.Branches()) != 2 {
		t.Fatalf("branch %d parts at %d and is at %d", b.Number, b.Point, point)
	}
	if e := b.Event(15); e.Kind != trace.Lose || b.Event(14) != root.Event(14) {
		t.Errorf("after the decision comes %v", e)
	}
	if root.Digest() != before {
		t.Error("the old future has changed")
	}
	o := replayed(t, b)
	if want := b.Digest(); o.Digest != want || o.Failed() {
		t.Errorf("the saved branch has the digest %s, want %s: %+v", o.Digest, want, o.Expectations)
	}
	if got := b.Own(); len(got) != 1 || tree.Root().Text(got[0]) != "drop commit-response c -> a #1" {
		t.Errorf("its own acts are %v", got)
	}
}

// At its end, and where nobody has looked further, a branch goes on by what is
// decided; in its past a decision opens another one.
func TestActingInPlace(t *testing.T) {
	tree := session.New(open(t, "two-winners"))
	b, at := act(t, tree, tree.Root(), 6, "crash c")
	next := b.Event(at + 1)
	was := *next
	same, at := act(t, tree, b, at, "restart c")
	if !reflect.DeepEqual(*next, was) {
		t.Error("events change under those who still read them")
	}
	if same != b || at != 8 || len(tree.Branches()) != 2 {
		t.Fatalf("a second decision at the same point opened branch %d at %d", same.Number, at)
	}
	b.Seen = 12
	other, at := act(t, tree, b, 8, "isolate a")
	if other == b || other.Parent != b || other.Point != 8 || at != 9 {
		t.Fatalf("a decision in the past is on branch %d at %d", other.Number, at)
	}
	if texts := fmt.Sprint(len(other.Acts()), len(other.Own())); texts != "3 1" {
		t.Errorf("it has other acts, and of its own: %s", texts)
	}
	// Another decision where a branch parts is another future of its parent.
	if sister, _ := act(t, tree, other, 8, "isolate b"); sister.Parent != b || sister.Point != 8 {
		t.Errorf("its parent is branch %d", sister.Parent.Number)
	}
	for _, b := range tree.Branches() {
		if o := replayed(t, b); o.Digest != b.Digest() {
			t.Errorf("branch %d is not what is saved of it", b.Number)
		}
	}
}

// What is delayed makes no event, keeps its place, and is replayed.
func TestDelay(t *testing.T) {
	tree := session.New(open(t, "two-winners"))
	b, at := act(t, tree, tree.Root(), 10, "delay 40ms promise-response c -> b #1")
	if at != 10 || b.Point != 10 {
		t.Fatalf("a delay leads to event %d of a branch that parts at %d", at, b.Point)
	}
	counted := slices.IndexFunc(events(b), func(e trace.Event) bool {
		return e.Kind == trace.Count && e.Instance == 1 && e.Message.ID == 2
	})
	if counted < 0 || b.Event(counted+1).At != 65*trace.Millisecond {
		t.Fatalf("it is counted by event %d", counted+1)
	}
	again, at := act(t, tree, b, at, "drop promise-response c -> b #1")
	if again != b || at != 11 || b.Event(11).Kind != trace.Lose {
		t.Errorf("after the delay event %d is %v", at, b.Event(11))
	}
	if o := replayed(t, b); o.Digest != b.Digest() {
		t.Error("what is saved is another run")
	}
}

func events(b *session.Branch) []trace.Event {
	var list []trace.Event
	for n := 1; n <= b.Len(); n++ {
		list = append(list, *b.Event(n))
	}
	return list
}

// A schedule goes on after a decision by hand, without what has become impossible.
func TestScheduled(t *testing.T) {
	name := ""
	for _, e := range scenarios.Library() {
		if s := open(t, e.Name); !s.Timed() {
			name = e.Name
			break
		}
	}
	if name == "" {
		name = scheduledFile(t)
	}
	tree := session.New(open(t, name))
	root := tree.Root()
	for point := 0; point <= root.Len(); point++ {
		for _, d := range root.Moment(point).Possible(point) {
			if d.Kind != sim.DeliverMessage {
				continue
			}
			d.Kind = sim.DropMessage
			b, _, err := root.Act(point, session.Act{Decision: d})
			if err != nil {
				t.Fatal(err)
			}
			if b.Ending() == sim.Impossible {
				t.Errorf("after %d, dropped: the run ends at an impossible decision", point)
			}
			if o := replayed(t, b); o.Digest != b.Digest() || o.Failed() {
				t.Fatalf("what is saved is another run: %+v", o.Expectations)
			}
		}
	}
}

// Where nothing has a time, what was done by hand is done at the same number of events under
// another rule, however it goes there.
func TestScheduledUnder(t *testing.T) {
	s := session.NewSession(session.New(compiled(t, "schedule: |\n  acquire alice via a\n  acquire bob via b\nthen: settle\n")), "")
	for _, words := range []string{"6", "crash c", "20", "restart c", "rule backoff"} {
		s.Say(words)
	}
	var got []string
	for _, a := range s.Branch().Acts() {
		got = append(got, fmt.Sprint(a.After, " ", s.Branch().Text(a)))
	}
	if want := []string{"6 crash c", "22 restart c"}; !slices.Equal(got, want) || session.Shared(s.Branch().Parent, s.Branch()) >= 20 {
		t.Errorf("after %d events that are shared: %q, want %q", session.Shared(s.Branch().Parent, s.Branch()), got, want)
	}
	for _, b := range s.Tree().Branches() {
		if o := replayed(t, b); o.Digest != b.Digest() || o.Failed() {
			t.Errorf("branch %d is saved as another run: %+v", b.Number, o.Expectations)
		}
	}
}

// A limit of events is saved with a run as it was given, whatever it is, and does not cut off
// the replay, also if the run was taken further by hand.
func TestLimitIsSaved(t *testing.T) {
	for _, name := range []string{"two-winners", "typical", "amnesia", "duel", scheduledFile(t)} {
		n := session.New(open(t, name)).Root().Len()
		for limit := 1; limit <= n+2; limit += 1 + n/12 {
			file, err := scenarios.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			file.Events, file.Expect = scenarios.Some(limit), nil
			s, err := file.Compile(scenarios.Overrides{})
			if err != nil {
				t.Fatal(err)
			}
			b := session.New(s).Root()
			b.Reach(limit + 1)
			o := replayed(t, b)
			if saved := b.File().Events; b.Len() <= limit && saved != scenarios.Some(limit) {
				t.Errorf("%s: the limit of %d events is saved as %d", name, limit, saved.Value)
			}
			if o.Digest != b.Digest() || o.Failed() || o.Ending == sim.BudgetSpent {
				t.Errorf("%s, limit %d: %d events are saved as %d, and end by %d: %+v", name, limit, b.Len(), o.Events, o.Ending, o.Expectations)
			}
			on, _ := act(t, nil, b, b.Len(), "crash "+s.Cluster.Instances[0].Name)
			if o := replayed(t, on); o.Digest != on.Digest() || o.Failed() || on.Len() <= b.Len() || o.Ending == sim.BudgetSpent {
				t.Errorf("%s, limit %d: a crash after it is saved as %d events, not %d: %+v", name, limit, o.Events, on.Len(), o.Expectations)
			}
		}
	}
}

func scheduledFile(t testing.TB) string {
	tree := session.New(open(t, "two-winners"))
	b, _ := act(t, tree, tree.Root(), 6, "drop promise-request b -> c #1")
	path := t.TempDir() + "/scheduled.yaml"
	if err := writeFile(path, b.File().Encode()); err != nil {
		t.Fatal(err)
	}
	return path
}

// Whatever is done by hand, wherever: every point of every branch gives the world
// that a run from the start gives, and every branch is saved as what it is.
func TestAnyHand(t *testing.T) {
	var names []string
	for _, e := range scenarios.Library() {
		if s := open(t, e.Name); s.Cluster.Size() <= 5 {
			names = append(names, e.Name)
		}
	}
	names = append(names, scheduledFile(t))
	rapid.Check(t, func(t *rapid.T) {
		file, err := scenarios.Open(rapid.SampledFrom(names).Draw(t, "scenario"))
		if err != nil {
			t.Fatal(err)
		}
		s, err := file.Compile(scenarios.Overrides{})
		if err != nil {
			t.Fatal(err)
		}
		tree := session.New(s)
		if rapid.Bool().Draw(t, "small") {
			tree = session.NewSmall(s)
		}
		b, at := tree.Root(), 0
		for range rapid.IntRange(1, 8).Draw(t, "moves") {
			if rapid.Bool().Draw(t, "elsewhere") {
				b = tree.Branches()[rapid.IntRange(0, len(tree.Branches())-1).Draw(t, "branch")]
				at = rapid.IntRange(0, b.Len()).Draw(t, "point")
				b.Seen = max(b.Seen, at)
			}
			if n := rapid.IntRange(0, b.Len()).Draw(t, "told"); n > 0 {
				b.Line(n)
				b.Standing(n)
			}
			if rapid.IntRange(0, 7).Draw(t, "under") == 0 {
				b = b.Under(b.Header().Rules ^ rapid.SampledFrom(protocol.RuleTable()).Draw(t, "rule").Rule)
				at = min(at, b.Len())
			}
			if a, ok := anyAct(t, tree, b, at); ok {
				b, at, err = b.Act(at, a)
				if err != nil && a.Delay == 0 {
					t.Fatalf("%s: %v", tree.Root().Text(a), err)
				}
			}
		}
		for _, b := range tree.Branches() {
			checkBranch(t, b, rapid.IntRange(0, b.Len()).Draw(t, "check"))
			o := replayedIn(t, b)
			if o.Digest != b.Digest() || o.Unmet() > 0 {
				t.Fatalf("branch %d is not what is saved of it: %+v", b.Number, o.Expectations)
			}
		}
	})
}

// checkBranch compares what a branch says at a point with what follows from its
// events alone.
func checkBranch(t *rapid.T, b *session.Branch, point int) {
	end := b.Moment(point).Point()
	w := b.Moment(point).World()
	if w.Events() != end || end < point || end > b.Len() {
		t.Fatalf("the world at %d has %d events, its step ends at %d of %d", point, w.Events(), end, b.Len())
	}
	if point > 0 && (b.Event(point).At != b.Event(end).At || w.Now() < b.Event(end).At) {
		t.Fatalf("a step goes from %d to %d, and from %d to %d ns", point, end, b.Event(point).At, b.Event(end).At)
	}
	for _, a := range b.Acts() {
		if made := a.Delay == 0 && a.Decision.Kind != sim.DeliverCall; made && b.Moment(a.After).Point() != a.After {
			t.Fatalf("the act after %d comes before %d", a.After, b.Moment(a.After).Point())
		}
	}
	narrator := narrate.New(b.Header())
	run := trace.NewFollower(b.Header())
	for n := 1; n <= b.Len(); n++ {
		if got, want := b.Line(n), narrator.Tell(b.Event(n)); got != want {
			t.Fatalf("branch %d tells event %d as %+v, not as %+v", b.Number, n, got, want)
		}
		if b.Event(n).Number != n {
			t.Fatalf("event %d has number %d", n, b.Event(n).Number)
		}
		if n <= end {
			run.Observe(b.Event(n))
		}
	}
	for i, got := range b.Standing(end).Instances {
		if got != run.Instances[i] {
			t.Fatalf("branch %d at %d: the lane of %d is %+v, not %+v", b.Number, end, i, got, run.Instances[i])
		}
		if p := protocol.Position(i); w.Up(p) && w.Instance(p).State != got.State {
			t.Fatalf("branch %d at %d: instance %d is %+v, events say %+v", b.Number, end, i, w.Instance(p).State, got.State)
		}
	}
}

// However long a run gets, a bounded number of copies of its scheduler is kept.
func TestCheckpointsAreBounded(t *testing.T) {
	for _, e := range scenarios.Library() {
		b := session.NewSmall(open(t, e.Name)).Root()
		b.Reach(1 << 20)
		if n := b.Checkpoints(); n > 3 {
			t.Errorf("%s: %d copies", e.Name, n)
		}
	}
}

// Each client is listed once, in the order of its first call, however often it calls; the
// next one is idle.
func TestClients(t *testing.T) {
	const (
		alice, bob, carol = "{at: 1ms, acquire: alice, via: a}, ", "{at: 2ms, acquire: bob, via: b}, ", "{at: 3ms, acquire: carol, via: c}, "
		again, status     = "{at: 4ms, release: alice, via: a}, ", "{at: 5ms, status: c}, "
	)
	for _, c := range []struct {
		calls    string
		want     []protocol.Holder
		operator bool
	}{
		{alice + again, []protocol.Holder{1}, false},
		{alice + bob + again + status, []protocol.Holder{1, 2}, true},
		{alice + bob + carol + again + again, []protocol.Holder{1, 2, 3}, false},
		{status + status, nil, true},
	} {
		b := session.New(compiled(t, "timeline: ["+c.calls+"]\n")).Root()
		b.Reach(1000)
		if list, operator := b.Clients(); !slices.Equal(list, c.want) || operator != c.operator || b.Idle() != protocol.Holder(len(list)+1) {
			t.Errorf("%s: %v, %v, and %d is idle, want %v, %v", c.calls, list, operator, b.Idle(), c.want, c.operator)
		}
	}
}
