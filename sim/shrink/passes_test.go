package shrink

import (
	"slices"
	"strings"
	"testing"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/trace"
)

// script is a schedule under construction.
type script struct {
	cluster *sim.Cluster
	list    []sim.Decision
}

// newScript is a schedule for instances with these names, by their rules.
func newScript(rules protocol.Rules, names string) *script {
	s := &script{cluster: &sim.Cluster{Rules: rules, Holders: []string{"alice", "bob", "carol"}}}
	for p, name := range names {
		s.cluster.Instances = append(s.cluster.Instances, sim.Instance{
			Name: string(name), Increment: protocol.ID(p + 1), Timeout: sim.DefaultTimeout,
		})
	}
	return s
}

func (s *script) at(name byte) protocol.Position {
	return protocol.Position(slices.IndexFunc(s.cluster.Instances, func(i sim.Instance) bool { return i.Name == string(name) }))
}

// say adds decisions in words: "acquire alice a", "promise a b" (the request and its
// answer), "commit a b" (likewise), "ask a b", "asked b a", "commits a b" (a request alone, or an answer),
// "deadline a". A number says which of its kind on its link a message is; without it,
// it is the oldest.
func (s *script) say(lines ...string) *script {
	for _, line := range lines {
		w := strings.Fields(line)
		message := func(kind sim.DecisionKind, m protocol.MessageKind, from, to string) {
			d := sim.Decision{Kind: kind, Message: m, From: s.at(from[0]), To: s.at(to[0])}
			if len(w) > 3 {
				d.Nth = uint32(w[3][0] - '0')
			}
			s.list = append(s.list, d)
		}
		instance := func(kind sim.DecisionKind) {
			s.list = append(s.list, sim.Decision{Kind: kind, From: s.at(w[1][0])})
		}
		holder := func(name string) protocol.Holder {
			return protocol.Holder(slices.Index(s.cluster.Holders, name) + 1)
		}
		switch w[0] {
		case "acquire", "release":
			d := sim.Decision{
				Kind: sim.InvokeOperation, Operation: protocol.Acquire, Holder: holder(w[1]), From: s.at(w[2][0]),
				Timeout: trace.Second,
			}
			if w[0] == "release" {
				d.Operation = protocol.Release
			}
			s.list = append(s.list, d)
		case "promise":
			message(sim.DeliverMessage, protocol.PromiseRequest, w[1], w[2])
			message(sim.DeliverMessage, protocol.PromiseResponse, w[2], w[1])
		case "commit":
			message(sim.DeliverMessage, protocol.CommitRequest, w[1], w[2])
			message(sim.DeliverMessage, protocol.CommitResponse, w[2], w[1])
		case "ask":
			message(sim.DeliverMessage, protocol.PromiseRequest, w[1], w[2])
		case "asked":
			message(sim.DeliverMessage, protocol.PromiseResponse, w[1], w[2])
		case "copy":
			message(sim.CopyMessage, protocol.PromiseRequest, w[1], w[2])
		case "drop":
			message(sim.DropMessage, protocol.PromiseRequest, w[1], w[2])
		case "commits":
			message(sim.DeliverMessage, protocol.CommitRequest, w[1], w[2])
		case "fail":
			message(sim.DeliverMessage, protocol.Failure, w[1], w[2])
		case "refuse":
			message(sim.RefuseMessage, protocol.CommitRequest, w[1], w[2])
		case "call", "answer":
			kind := sim.DeliverCall
			if w[0] == "answer" {
				kind = sim.DeliverAnswer
			}
			s.list = append(s.list, sim.Decision{Kind: kind, Holder: holder(w[1])})
		case "deadline":
			instance(sim.FireDeadline)
		case "retry":
			instance(sim.FireWake)
		case "work":
			instance(sim.FireWork)
		case "crash":
			instance(sim.CrashInstance)
			s.list[len(s.list)-1].HostUp = true
		case "restart":
			instance(sim.RestartInstance)
		case "isolate":
			instance(sim.IsolateInstance)
		case "heal":
			s.list = append(s.list, sim.Decision{Kind: sim.HealEverything})
		default:
			panic("what is " + line + "?")
		}
	}
	return s
}

// expect shrinks the schedule and compares the result and the passes that did it.
func (s *script) expect(t *testing.T, property string, passes []string, want ...string) *Result {
	t.Helper()
	r := shrinkWell(t, &failure{cluster: s.cluster, decisions: s.list}, property)
	if got := story(r.Cluster, r.Decisions); !slices.Equal(got, want) {
		t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
	var did []string
	for _, s := range r.Steps {
		did = append(did, s.Pass)
	}
	if !slices.Equal(did, passes) {
		t.Errorf("the passes were %v, want %v", did, passes)
	}
	return r
}

// alone is how an acquire at c is told acquired in the published program although
// nobody else has heard of its commit.
var alone = []string{
	"alice acquire c", "deliver promise-request c b #1", "deliver promise-response b c #1", "deadline c",
}

// What comes after the violation goes, and so do faults that only took part.
func TestFewerDecisions(t *testing.T) {
	s := newScript(published(t), "abc").say(
		"isolate a", "heal a", "acquire alice c", "drop c a", "promise c b", "deadline c",
		"acquire bob a", "promise a b",
	)
	r := s.expect(t, "acknowledged", []string{"end", "decisions"}, alone...)
	if end := r.Steps[0]; !slices.Equal(end.Removed, []int{7, 8, 9}) || end.Replaced != nil || end.Moved != 0 {
		t.Errorf("what comes after the end: %+v", end)
	}
	if got := r.Steps[1].Removed; !slices.Equal(got, []int{0, 1, 3}) {
		t.Errorf("%v were not needed", got)
	}
}

// Whole operations go, and clients get the first names.
func TestFewerOperations(t *testing.T) {
	s := newScript(published(t), "abc").say(
		"acquire carol b", "promise b c", "commit b c", "commit b a",
		"release carol b", "promise b c 2", "commit b a 2", "commit b c 2",
		"acquire bob c", "promise c b", "deadline c",
	)
	s.expect(t, "acknowledged", []string{"clients"}, alone...)
}

// A release is that of a client which never acquires, whoever else does.
func TestReleasesNothing(t *testing.T) {
	script := newScript(published(t), "abc").say("acquire alice a", "release alice a", "release bob b", "release carol c", "acquire carol c")
	s := &shrinker{}
	for i := range script.list {
		s.acts = append(s.acts, act{kind: sim.InvokeOperation, decision: &script.list[i]})
	}
	for i := range s.acts {
		if got := s.releasesNothing(i); got != (i == 2) {
			t.Errorf("act %d: %t", i, got)
		}
	}
}

// A message is named by what it is for, so it is the same one when those before it
// on its link are not sent any more; the copy stands in for the original.
func TestRoles(t *testing.T) {
	s := newScript(published(t), "abc").say(
		"acquire bob c", "promise c a", "commit c a", "commit c b",
		"release bob c", "promise c b 2", "deadline c",
	)
	s.expect(t, "acknowledged", []string{"operations", "acquires"}, alone...)

	s = newScript(published(t), "abc").say("acquire alice c", "copy c b")
	second := sim.Decision{Kind: sim.DeliverMessage, Message: protocol.PromiseRequest, From: 2, To: 1, Which: 2}
	s.list = append(s.list, second)
	s.say("asked b c", "deadline c").expect(t, "acknowledged", []string{"decisions"}, alone...)
}

// A decision serves one try of one operation: alice's first try fails, her second one
// finds b crashed when it commits, and bob waits for her deadline.
func TestTranslate(t *testing.T) {
	steps := []struct {
		say   string
		serve round
	}{
		{"acquire alice a", round{1, 0}},
		{"deadline a", round{1, 0}},
		{"retry a", round{1, 1}},
		{"ask a c 1", round{1, 0}},
		{"ask a b 2", round{1, 1}},
		{"asked b a 2", round{1, 1}},
		{"crash b", round{}},
		{"commits a b 1", round{1, 1}},
		{"fail b a 1", round{1, 1}},
		{"acquire bob a", round{2, 0}},
		{"deadline a", round{1, 1}},
		{"ask a c 3", round{2, 0}},
		{"asked c a 1", round{1, 0}},
		{"commits a c 1", round{1, 1}},
	}
	s := newScript(published(t), "abc")
	for _, step := range steps {
		s.say(step.say)
	}
	var r replay
	acts := r.translate(newSetup(s.cluster), s.list)
	if len(acts) != len(steps) {
		t.Fatalf("%d of %d decisions are possible", len(acts), len(steps))
	}
	for i, step := range steps {
		if got := acts[i].round(); got != step.serve {
			t.Errorf("%s serves %+v, want %+v", step.say, got, step.serve)
		}
	}
}

// Instances go, two at a time where one alone would change what a majority is.
func TestFewerInstances(t *testing.T) {
	s := newScript(published(t), "abcde").say("acquire alice c", "promise c b", "promise c a", "deadline c")
	r := s.expect(t, "acknowledged", []string{"instances", "decisions"}, alone...)
	if got := r.Steps[0].Instances; !slices.Equal(got, []string{"d", "e"}) {
		t.Errorf("the instances %v are gone", got)
	}
}

// A deadline stands for the answers that a phase waited for.
func TestDeadlines(t *testing.T) {
	s := newScript(published(t), "abc").say("acquire alice c", "promise c b", "refuse c b", "refuse c a")
	s.expect(t, "acknowledged", []string{"deadlines"}, alone...)
}

// A later try becomes the first one.
func TestFewerTries(t *testing.T) {
	s := newScript(published(t), "abc").say(
		"acquire alice c", "deadline c", "retry c", "deadline c", "retry c", "promise c b 3", "deadline c",
	)
	s.expect(t, "acknowledged", []string{"tries"}, alone...)
}

// Settings become what they are by default.
func TestFewerSettings(t *testing.T) {
	s := newScript(published(t), "abc")
	s.cluster.ClientLatency = trace.Millisecond
	s.cluster.Instances[1].PromiseDelay = sim.Range{Low: 1, High: 2}
	s.cluster.Instances[1].Timeout = trace.Second
	s.cluster.Instances[2].Increment = 7
	s.cluster.Instances[0].RulesOn, s.cluster.Instances[1].RulesOff = protocol.Durable, protocol.Backoff
	s.say("acquire alice c", "call alice", "ask c b", "work b", "asked b c", "deadline c", "answer alice")
	r := s.expect(t, "acknowledged", []string{"end", "settings"}, alone...)
	want := []string{"client-latency", "rules of a", "timeout of b", "promise-delay of b", "rules of b", "increment of c"}
	if got := r.Steps[1].Settings; !slices.Equal(got, want) {
		t.Errorf("the settings %v are by default, want %v", got, want)
	}
}

// One instance does what several did, where the majorities of two rounds need not
// differ. None can just go: alice's commit needs a and b, bob's b and c. So b does
// what d did, and a what e did.
func TestMerging(t *testing.T) {
	s := newScript(rulesWithout(t, "refuse-stale"), "abcde").say(
		"acquire alice d", "promise d e", "promise d a", "commit d b",
		"acquire bob e", "promise e a", "promise e c", "commit e b", "commit e c",
		"commit d a",
	)
	r := s.expect(t, "mutual-exclusion", []string{"merging", "pairs"},
		"alice acquire b", "deliver promise-request b a #1", "deliver promise-response a b #1",
		"bob acquire a", "deliver promise-request a c #1", "deliver promise-response c a #1",
		"deliver commit-request a b #1", "deliver commit-response b a #1",
		"deliver commit-request b a #1", "deliver commit-response a b #1",
	)
	if got := r.Steps[0].Instances; !slices.Equal(got, []string{"d", "e"}) {
		t.Errorf("the instances %v are gone", got)
	}
}

// Others do what one did also where an instance before or behind them has gone already.
// Alice needs d and e, bob a and b, and x just goes; or both need d and e, and only d can
// do what e did, since a and b ask e themselves.
func TestMergingOfWhatIsLeft(t *testing.T) {
	for _, lines := range [][]string{
		{"acquire alice d", "promise d e", "acquire bob a", "promise a b", "commit a b", "commit d e"},
		{"acquire alice a", "promise a e", "acquire bob b", "promise b e", "commit b d", "commit a d"},
	} {
		for _, names := range []string{"xabde", "axbde", "abxde", "abdxe", "abdex"} {
			script := newScript(rulesWithout(t, "refuse-stale"), names)
			script.cluster.Quorums = protocol.Quorums{Promise: 2, Commit: 2}
			script.say(lines...)
			s := newShrinker(script.cluster, "mutual-exclusion", Options{})
			s.acts = s.replay.translate(s.setup, script.list)
			for _, then := range []struct {
				pass func()
				left string
			}{{s.fewerInstances, "abde"}, {s.mergeInstances, "abd"}} { // the last first
				then.pass()
				left := ""
				for _, i := range s.setup.cluster.Instances {
					left += i.Name
				}
				if left != then.left {
					t.Errorf("of %s are left %s, want %s", names, left, then.left)
				}
			}
		}
	}
}

// What belongs together stands together.
func TestTidy(t *testing.T) {
	s := newScript(published(t), "abc").say(
		"acquire alice a", "acquire bob b", "ask a c", "ask b c", "asked c a", "asked c b", "deadline b", "deadline a",
	)
	r := s.expect(t, "mutual-exclusion", []string{"order"},
		"alice acquire a", "deliver promise-request a c #1", "deliver promise-response c a #1", "deadline a",
		"bob acquire b", "deliver promise-request b c #1", "deliver promise-response c b #1", "deadline b",
	)
	// Only the first and the seventh still follow the one that they followed.
	if got := r.Steps[0].Moved; got != 6 {
		t.Errorf("%d decisions were moved", got)
	}
}

func TestDisorder(t *testing.T) {
	cases := []struct {
		order string // operations; 0 is a fault
		want  disorder
	}{
		{"", disorder{0, 0}},
		{"0", disorder{0, 0}},
		{"112233", disorder{2, 0}},
		{"1212", disorder{3, 1}},
		{"2121", disorder{3, 1}},
		{"123123", disorder{5, 3}},
		{"1100", disorder{1, 0}},
		{"1010", disorder{3, 0}},
	}
	for _, c := range cases {
		var acts []act
		for _, r := range c.order {
			acts = append(acts, act{op: r - '0'})
		}
		if got := disorderOf(acts); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.order, got, c.want)
		}
	}
}

// Fewer changes come first, then fewer inversions.
func TestLessDisorder(t *testing.T) {
	ascending := []disorder{{0, 0}, {0, 3}, {1, 0}, {1, 1}, {2, 0}}
	for i, a := range ascending {
		for k, b := range ascending {
			if a.less(b) != (i < k) {
				t.Errorf("%+v less than %+v: %t", a, b, a.less(b))
			}
		}
	}
}

// A partition loses what is gone from its groups.
func TestGroups(t *testing.T) {
	s := newScript(published(t), "abcde")
	r := &newShrinker(s.cluster, "", Options{}).replay
	r.begin(newSetup(s.cluster).without(0, 3)) // b, c and e remain
	groups := func(g ...protocol.Set) []protocol.Set { return g }
	for _, c := range []struct{ given, want []protocol.Set }{
		{groups(0b00011, 0b11100), groups(0b001, 0b110)},
		{groups(0b01001, 0b10000), groups(0b100)},
		{groups(0b01001), groups(0b001)}, // all three are alone
	} {
		d, ok := r.place(&sim.Decision{Kind: sim.SetPartition, Groups: c.given})
		if !ok || !slices.Equal(d.Groups, c.want) {
			t.Errorf("groups %b become %b, want %b", c.given, d.Groups, c.want)
		}
	}
}

// Fewer operations count first, then fewer decisions, then fewer instances, then order.
func TestBetter(t *testing.T) {
	at := func(names, order string) point { // a capital letter calls an operation
		p := point{setup: newSetup(newScript(0, names).cluster)}
		for _, r := range order {
			a := act{op: r &^ 0x20}
			if r&0x20 == 0 {
				a.kind = sim.InvokeOperation
			}
			p.acts = append(p.acts, a)
		}
		return p
	}
	ranking := []point{
		at("abcde", "Aaaaaaa"), at("abcde", "AB"), at("abc", "AaBb"), at("abc", "ABab"), at("abcd", "AaBb"),
		at("abc", "AaaBb"), at("abc", "ABC"),
	}
	for i := range ranking {
		for j := range ranking {
			if got := ranking[i].better(&ranking[j]); got != (i < j) {
				t.Errorf("%d is better than %d: %v", i, j, got)
			}
		}
	}
}

// A demand of progress takes for granted that all has come right when it begins: the
// last fault ends at that instant or before, and none comes later.
func TestHeals(t *testing.T) {
	const from = trace.Second
	at := func(at trace.Time, kind sim.DecisionKind) sim.Decision {
		return sim.Decision{At: at, Kind: kind, To: 1}
	}
	s := &timedShrinker{}
	for _, c := range []struct {
		timeline []sim.Decision
		want     bool
	}{
		{nil, true},
		{[]sim.Decision{at(0, sim.CrashInstance)}, false},
		{[]sim.Decision{at(0, sim.CrashInstance), at(from, sim.RestartInstance)}, true},
		{[]sim.Decision{at(0, sim.CrashInstance), at(from+1, sim.RestartInstance)}, false},
		{[]sim.Decision{at(0, sim.PauseInstance), at(1, sim.ResumeInstance), at(from+1, sim.HealEverything)}, false},
		{[]sim.Decision{at(0, sim.CutLink), at(1, sim.HealEverything), at(from+1, sim.InvokeOperation)}, true},
	} {
		candidate := &Timed{
			Cluster: newScript(0, "abc").cluster, Timetable: &sim.Timetable{Timeline: c.timeline},
			Progress: check.Progress{From: from, Within: 1},
		}
		if got := s.heals(candidate); got != c.want {
			t.Errorf("%+v: heals is %v", c.timeline, got)
		}
	}
}

// A large cluster, here one that its quorums keep large, is shrunk to the end, too: giving
// the parts of two instances to all others would take more runs than are allowed.
func TestLargeCluster(t *testing.T) {
	c := newScript(published(t), "abcdefghijklmnopqrstuvwxyzABCDEF").cluster
	c.Quorums = protocol.Quorums{Promise: 28, Commit: 28}
	call := func(holder protocol.Holder, via protocol.Position) sim.Decision {
		return sim.Decision{Kind: sim.InvokeOperation, Operation: protocol.Acquire, Holder: holder, From: via, Timeout: sim.DefaultClientTimeout}
	}
	decisions := sim.RunRecorded(sim.NewTimed(c, &sim.Timetable{Timeline: []sim.Decision{call(1, 0), call(2, 1)}}))
	r, err := Shrink(c, decisions, "mutual-exclusion", Options{Candidates: 20_000})
	if err != nil {
		t.Fatal(err)
	}
	if !r.Minimal || r.Cluster.Size() < 28 || r.Tried >= 20_000 {
		t.Errorf("%d instances and %d decisions are left after %d runs, minimal: %v", r.Cluster.Size(), len(r.Decisions), r.Tried, r.Minimal)
	}
}
