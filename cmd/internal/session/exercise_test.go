package session_test

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"skinny/cmd/internal/session"
	"skinny/protocol"
	"skinny/scenarios"
	"skinny/scenarios/exercise"
	"skinny/sim"
	"skinny/sim/trace"
)

// solver is a session with an exercise, and what was said when it was solved.
type solver struct {
	*session.Session
	t     *testing.T
	x     *exercise.Exercise
	times int
}

func solving(t *testing.T, name string) *solver {
	t.Helper()
	x, err := exercise.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	s := &solver{Session: session.NewSession(session.New(x.Scenario), "skinny step exercises/"+name+" --seed 0"), t: t, x: x}
	s.Words = true
	s.Solve(x, func(*exercise.Mark) string { s.times++; return "kept" })
	return s
}

// say says something and returns the answer.
func (s *solver) say(words string) string {
	a := s.Say(words)
	if a.Page != nil {
		return a.Page.Title
	}
	return a.Said
}

// follow does what a solution says, as a user would.
func (s *solver) follow(f *scenarios.File) (last string) {
	given := s.x.Scenario
	switch {
	case s.x.Hides(scenarios.HideRules):
		return s.say("claim rule " + f.Rules[0].Rule)
	case s.x.Predicts():
		for i := range f.Expect {
			last = s.say("claim " + words(&f.Expect[i]))
		}
		return last
	case s.x.Changes("rules"):
		for _, r := range f.Rules {
			last = s.say("rule " + r.Rule + "=" + map[bool]string{true: "on", false: "off"}[r.On])
		}
		return last
	case f.Schedule.Given:
		s.GoTo(0)
		var compiled []string
		for _, d := range given.Schedule.Decisions {
			d.Timed = false
			compiled = append(compiled, strings.TrimSuffix(scenarios.DecisionText(given.Cluster, d), " #1"))
		}
		for i := range f.Schedule.Value {
			text := f.Schedule.Value[i].String()
			if len(compiled) > 0 && strings.TrimSuffix(text, " #1") == compiled[0] {
				compiled = compiled[1:]
				s.GoTo(s.Branch().Moment(s.At() + 1).Point())
				continue
			}
			last = s.say(text)
		}
		return last
	}
	for i := range f.Messages {
		m := &f.Messages[i]
		text := map[sim.FateKind]string{sim.DropFate: "drop", sim.RefuseFate: "refuse"}[m.Kind] + " " + m.Message.Value.String() + " " + m.From.Value + " -> " + m.To.Value
		s.GoTo(1)
		for last = s.say(text); strings.HasPrefix(last, "that is not pending"); last = s.say(text) {
			s.Go(1)
		}
	}
	for _, d := range f.Timeline[len(given.Timetable.Timeline):] { // given are the first
		at := d.At.Value
		d.At = scenarios.Opt[trace.Time]{}
		s.say(scenarios.FormatTime(at))
		last = s.say(d.String())
	}
	return last
}

// words is a claim as it is said.
func words(e *scenarios.Expectation) string {
	var list []string
	add := func(given bool, key, value string) {
		if given {
			list = append(list, key, value)
		}
	}
	add(e.Operation.Given, "operation", fmt.Sprint(e.Operation.Value))
	add(e.Instance.Given, "instance", e.Instance.Value)
	add(e.Property.Given, "property", e.Property.Value)
	add(e.Outcome.Given, "outcome", e.Outcome.Value.String())
	add(e.Promised.Given, "promised", fmt.Sprint(e.Promised.Value))
	add(e.ID.Given, "id", fmt.Sprint(e.ID.Value))
	add(e.Holder.Given, "holder", e.Holder.Value)
	add(e.Is.Given, "is", e.Is.Value.String())
	return strings.Join(list, " ")
}

// Every bundled exercise can be solved by hand, says so once, and what is saved is worth as
// much to `skinny grade`.
func TestExercises(t *testing.T) {
	for _, name := range exercise.Names() {
		data, err := os.ReadFile(filepath.Join("..", "..", "..", "scenarios", "exercise", "testdata", "solutions", name+".yaml"))
		if err != nil {
			t.Fatal(err)
		}
		f, err := scenarios.Decode(name, data)
		if err != nil {
			t.Fatal(err)
		}
		s := solving(t, name)
		if m := s.Solving(); m.Solved || m.Wrong != "" {
			t.Errorf("%s begins as %s: %s", name, m, m.Wrong)
		}
		last := s.follow(f)
		if m := s.Solving(); !m.Solved || m.Points != m.Of || s.times != 1 || !strings.Contains(last, "✓ solved") || !strings.HasSuffix(last, "kept") {
			t.Errorf("%s: solved %d times; %s %s %+v\n%s", name, s.times, m, m.Wrong, m.Demands, last)
		}
		saved, err := s.File().Save()
		if err != nil {
			t.Fatal(err)
		}
		again, err := scenarios.Decode("saved.yaml", saved)
		if err != nil {
			t.Fatal(err)
		}
		if m := s.x.Judge(again, exercise.Usual()); !m.Solved || m.Points != m.Of {
			t.Errorf("%s: what is saved is %s %s\n%s", name, m, m.Wrong, saved)
		}
		if got := s.Aside().Title; !strings.Contains(got, "✓ solved") {
			t.Errorf("%s: beside it stands %q", name, got)
		}
		s.say("end") // once it is solved, everything may be done
		for _, words := range []string{"crash " + s.x.Scenario.Cluster.Instances[0].Name, "rule timeouts", "rule timeouts"} {
			if said := s.say(words); !strings.Contains(said, ": branch ") && !strings.Contains(said, "goes on by it") {
				t.Errorf("%s: once it is solved %s says %s", name, words, said)
			}
		}
	}
}

// What is said before anything is claimed gives no right claim away, and names commands as
// they are given there: lines know no keys.
func TestExerciseGivesNothingAway(t *testing.T) {
	for _, e := range scenarios.Library() {
		name, is := strings.CutPrefix(e.Name, "exercises/")
		if !is {
			continue
		}
		s := solving(t, name)
		said := text(s.Welcome()) + text(s.Aside()) + s.say("claim") + text(s.Say("help claim").Page)
		for _, line := range strings.Split(said, "\n") {
			if strings.HasPrefix(strings.TrimSpace(line), ": ") {
				t.Errorf("%s: %q is no command in lines", name, line)
			}
			_, claim, found := strings.Cut(line, "claim ")
			if !found {
				continue
			}
			again := solving(t, name)
			if again.say("claim " + strings.TrimSpace(claim)); again.Solving().Met() > s.Solving().Met() {
				t.Errorf("%s: what is asked for is given away by %q", name, line)
			}
		}
	}
}

// text is what stands on a page.
func text(p *session.Page) (text string) {
	for i := range p.Len {
		for _, span := range p.Row(i).Text {
			text += span.Text + " "
		}
		text += "\n"
	}
	return text
}

// An exercise keeps to what it allows, and says what that is.
func TestExerciseAllows(t *testing.T) {
	for _, c := range []struct{ name, say, want string }{
		{"network-1", "drop promise-request a -> c", "not in this exercise: drop promise-request a -> c\nallowed: deliver, timeout"},
		{"network-1", "crash a", "not in this exercise: crash a"},
		{"network-1", "rule durable=on", "in this exercise the rules stay as they are"},
		{"network-1", "claim operation 1 outcome acquired", "nothing is to be predicted here"},
		{"rescue-1", "crash a", "not in this exercise: crash a"},
		{"rescue-1", "deliver call alice", "not in this exercise: deliver call alice"},
		{"mend-1", "crash a", "in this exercise what happens stays as it is"},
		{"mend-1", "rule timeouts=off", "not in this exercise: turn-off\nallowed: turn-on"},
		{"predict-1", "next", "what happens is hidden until it is predicted"},
		{"predict-1", "goto 5", "what happens is hidden until it is predicted"},
		{"predict-1", "end", "what happens is hidden until it is predicted"},
		{"predict-1", "claim durable", "a claim is keys and their values\n"},
		{"predict-1", "claim", "write: claim operation 2 outcome OUTCOME holder NAME\nor: claim instance c promised NUMBER id NUMBER holder NAME"},
		{"predict-1", "claim operation 2", "this claims nothing about operation 2"},
		{"predict-1", "claim operation two outcome x", "expected the number of the operation"},
		{"predict-1", "claim operation 2 outcome acquired", "noted; 0 of 2 are right\n○ claimed: operation 2 outcome acquired; holder is not said\n○ "},
		{"predict-1", "claim instance zzz up true", "unknown instance \"zzz\"\ninstances: a, b, c"},
		{"predict-1", "claim instance c holder bbo", "no operation is called by \"bbo\"\ndid you mean \"bob\"?"},
		{"predict-1", "claim operation 3 outcome acquired", "there is no operation 3\nthere are operations 1 to 2"},
		{"predict-1", "claim property progress kept", "progress is not judged unless it is demanded\n"},
		{"predict-1", "claim holder bob on 4", "there are no 4 instances\nthe cluster has 3"},
		{"mend-1", "claim instance a up true", "nothing is to be predicted here"},
		{"mystery-1", "claim durable", "no, it is not durable"},
		{"mystery-1", "claim durable=banana", "a rule is on or off: claim durable=off"},
		{"mystery-1", "rule", "which rule is otherwise than in sound?"},
		{"mystery-1", "rule adopt=on", "write: claim RULE"},
		{"mystery-1", "claim adpt", "did you mean \"adopt\"?"},
		{"mystery-1", "claim rule durable", "no, it is not durable"},
	} {
		s := solving(t, c.name)
		got := s.say(c.say)
		if !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %s: got %q, want %q", c.name, c.say, got, c.want)
		}
		if s.times > 0 || len(s.Tree().Branches()) > 1 || strings.HasPrefix(c.name, "predict") && s.At() > 0 {
			t.Errorf("%s: after %s the run is another, at event %d", c.name, c.say, s.At())
		}
	}
}

// Hints come one after the other, and the last one stays.
func TestHints(t *testing.T) {
	s := solving(t, "network-1")
	var got []string
	for range 4 {
		got = append(got, s.say("hint"))
	}
	if !strings.HasPrefix(got[0], "hint 1 of 3: ") || !strings.HasPrefix(got[2], "hint 3 of 3: ") || got[3] != got[2] {
		t.Errorf("%q", got)
	}
	s = solving(t, "network-1")
	s.Words = false
	for range 3 {
		if said := s.say("hint"); said != "" {
			t.Errorf("it stands there twice: %s", said)
		}
	}
	if a := s.Aside(); !strings.Contains(a.Row(a.Len - 1).Text[0].Text, "hint 3 of 3") {
		t.Errorf("%+v", a.Row(a.Len-1))
	}
}

// A rule that an exercise does not let one turn may be turned back.
func TestTurnedBack(t *testing.T) {
	s := session.NewSession(session.New(compiled(t, "timeline: [{at: 0ms, acquire: alice, via: a}]\nexercise: {task: x, change: [rules], allow: [turn-on], want: [{instance: c, up: false}]}\n")), "")
	s.Solve(exercise.Of(s.Branch().Scenario()), nil)
	for _, c := range []struct{ words, want string }{
		{"rule adopt", "not in this exercise: turn-off\nallowed: turn-on"}, {"rule durable", "durable=on: branch 1"}, {"rule durable", "durable=off: branch 2"}, {"rule durable=on", "durable=on: branch 3"},
	} {
		if said := s.Say(c.words).Said; !strings.HasPrefix(said, c.want) {
			t.Errorf("%s: %s, want %s", c.words, said, c.want)
		}
	}
}

// Once an exercise is solved, a hint is said, by keys too.
func TestHintWhenSolved(t *testing.T) {
	s := solving(t, "rescue-1")
	s.Words = false
	s.GoTo(9)
	s.say("drop promise-response c -> b")
	if said := s.say("hint"); !s.Solving().Solved || !strings.HasPrefix(said, "hint 1 of ") {
		t.Errorf("solved %v: %q", s.Solving().Solved, said)
	}
}

// Where the rules are a secret, no sentence names one until it is found out.
func TestMysteryKeepsItsSecret(t *testing.T) {
	for _, name := range exercise.Names() {
		s := solving(t, name)
		if !s.x.Hides(scenarios.HideRules) {
			continue
		}
		for n := 1; n <= s.Branch().Len(); n++ {
			if l := s.Branch().Line(n); l.Why.Rules() != 0 {
				t.Errorf("%s: event %d names a rule: %s", name, n, l.Why)
			}
		}
		page := s.Say("rule").Page
		for i := range page.Len {
			for _, span := range page.Row(i).Text {
				if strings.Contains(span.Text, "●") || strings.Contains(span.Text, "○") {
					t.Errorf("%s: the list of rules tells: %q", name, span.Text)
				}
			}
		}
		if page.Len != len(protocol.RuleTable()) {
			t.Errorf("%d rules", page.Len)
		}
	}
}

// What would follow is not told where it is hidden.
func TestHiddenPreview(t *testing.T) {
	s := solving(t, "network-1")
	s.Words = false
	s.Choose(0)
	if got := s.Preview(); got != "" {
		t.Errorf("the preview tells: %s", got)
	}
	s = solving(t, "rescue-1")
	s.Words = false
	s.Go(3)
	s.Choose(0)
	if s.Preview() == "" {
		t.Error("there is no preview where nothing is hidden")
	}
	if !slices.Contains(s.x.Allow, "drop") {
		t.Error("another exercise was meant")
	}
}

// Where the future is hidden, a run is seen as far as one has gone, until it is solved.
func TestHiddenFuture(t *testing.T) {
	f, err := scenarios.Open("exercises/rescue-1")
	if err != nil {
		t.Fatal(err)
	}
	f.Exercise.Value.Hide = []string{scenarios.HideFuture}
	scenario, err := f.Compile(scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	s := &solver{Session: session.NewSession(session.New(scenario), "skinny step own.yaml"), t: t, x: exercise.Of(scenario)}
	s.Words = true
	s.Solve(s.x, func(*exercise.Mark) string { return "" })
	for _, n := range []int{0, 9, 3} {
		if s.GoTo(n); s.At() != n || s.Limit() != n {
			t.Errorf("at event %d, and %d is seen", s.At(), s.Limit())
		}
	}
	s.GoTo(9)
	if said := s.say("drop promise-response c -> b"); !strings.Contains(said, "✓ solved") || s.Veiled() {
		t.Errorf("veiled: %t, %s", s.Veiled(), said)
	}
}

// Who may change messages only does not change the timeline, and the other way round.
func TestExerciseOfOneKind(t *testing.T) {
	for change, c := range map[string]struct{ say, may, want string }{
		"messages": {"crash a", "drop promise-request a -> c", "not in this exercise: crash a; only messages are yours"},
		"timeline": {"drop promise-request a -> c", "crash a", "not in this exercise: drop promise-request a -> c; only what a timeline says is yours"},
	} {
		file := filepath.Join(t.TempDir(), change+".yaml")
		text := "format: 1\ninstances: [a, b, c]\ntimeline: [{at: 0ms, acquire: alice, via: a}]\n" +
			"exercise: {task: x, change: [" + change + "], want: [{holder: alice, on: all}]}\n"
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		s := solving(t, file)
		s.Go(2)
		if got := s.say(c.say); got != c.want {
			t.Errorf("%s: %s", change, got)
		}
		if got := s.say(c.may); !strings.HasPrefix(got, c.may) {
			t.Errorf("%s: %s", change, got)
		}
	}
}

// What is done by hand in a timeline is written where it was done: the run that is seen is
// the one that is saved and judged.
func TestTimelineAsSeen(t *testing.T) {
	const text = `format: 1
instances: [x, y, z]
timeline:
  - {at: 0ms, acquire: alice, via: x}
  - {at: 0ms, acquire: bob, via: y}
exercise:
  task: keep y from promising
  change: [timeline]
  want: [{instance: y, promised: 0}]
`
	refused := 0
	for _, verb := range []string{"crash x", "isolate y", "acquire carol via z"} {
		for n := range 20 {
			f, err := scenarios.Decode("own.yaml", []byte(text))
			if err != nil {
				t.Fatal(err)
			}
			scenario, err := f.Compile(scenarios.Overrides{})
			if err != nil {
				t.Fatal(err)
			}
			s := session.NewSession(session.New(scenario), "skinny learn own.yaml")
			s.Words = true
			s.Solve(exercise.Of(scenario), func(*exercise.Mark) string { return "" })
			s.GoTo(n)
			if said := s.Say(verb).Said; strings.Contains(said, "a timeline comes before") {
				refused++
				continue
			}
			s.Say("cut z -> y") // at the same place
			s.Branch().Reach(10_000)
			saved, err := s.File().Compile(scenarios.Overrides{})
			if err != nil {
				t.Fatal(err)
			}
			var log trace.Log
			o, err := saved.Run(&log)
			if err != nil {
				t.Fatal(err)
			}
			if got := s.Branch().Len(); len(s.Branch().Acts()) != 2 || o.World.Events() != got {
				t.Errorf("%s after event %d: %d events are seen, %d are saved", verb, n, got, o.World.Events())
			}
			for i := range log.Events {
				seen, is := string(s.Branch().Header().AppendEvent(nil, s.Branch().Event(i+1))), string(saved.Header().AppendEvent(nil, &log.Events[i]))
				if seen != is {
					t.Errorf("%s after event %d: event %d is\n%s, saved\n%s", verb, n, i+1, seen, is)
					break
				}
			}
		}
	}
	if refused == 0 {
		t.Error("there is a place for everything")
	}
}

// A claim that is wrong is told apart from none, and from one that is only a part.
func TestWrongClaim(t *testing.T) {
	s := solving(t, "predict-1")
	for _, c := range []struct{ claim, want string }{
		{"instance c promised 3", "○ claimed: instance c promised 3; holder is not said"},
		{"instance c promised 3 id 1 holder alice", "✗ claimed: instance c promised 3 id 1 holder alice; not so"},
		{"instance c promised 3 id 3 holder alice", "✓ predict promised, id, holder of instance c"},
	} {
		if said := s.say("claim " + c.claim); !strings.Contains(said, "\n○ wanted, not yet so: predict outcome") || !strings.Contains(said, c.want) {
			t.Errorf("%s: %s", c.claim, said)
		}
		page := s.Aside()
		if got := page.Row(page.Len - 1).Text; got[0].Text+" "+got[1].Text != c.want {
			t.Errorf("%s: %v", c.claim, got)
		}
	}
}

// What is offered may be done, and has a name to be saved under; what is so already is no
// move.
func TestOffers(t *testing.T) {
	for name, c := range map[string]struct{ example, saved string }{
		"write-1":  {"crash c", "write-1.yaml"},
		"write-3":  {"restart c", "write-3.yaml"},
		"own.yaml": {"acquire carol via x", "own-solution.yaml"},
	} {
		if name == "own.yaml" {
			t.Chdir(t.TempDir())
			text := "format: 1\ninstances: [x, y, z]\ntimeline: [{at: 0ms, acquire: alice, via: x}, {at: 1ms, acquire: bob, via: x}]\n" +
				"exercise: {task: x, change: [timeline], allow: [acquire], want: [{holder: carol, on: all}]}\n"
			if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		s := solving(t, name)
		page, found := s.Welcome(), false
		for i := range page.Len {
			for _, span := range page.Row(i).Text {
				found = found || strings.HasPrefix(span.Text, "    "+c.example+"   ")
			}
		}
		if got := session.FileName(s.Session); !found || got != c.saved {
			t.Errorf("%s: %t, saved as %s", name, found, got)
		}
	}
	s := solving(t, "write-3")
	s.Say("isolate c")
	if said := s.Say("isolate c").Said; said != "isolate c: it is so already" || s.Solving().Moves != 1 {
		t.Errorf("%s: %d moves", said, s.Solving().Moves)
	}
}

// A last row names no key that an exercise forbids.
func TestNamedKeys(t *testing.T) {
	for name, want := range map[string]string{
		"network-1": "choose deliver",
		"rescue-1":  "choose drop",
		"mend-1":    "",
		"predict-1": "",
	} {
		s, got := solving(t, name), []string{}
		for _, c := range session.Commands() {
			if s.Offers(c) && slices.Contains([]string{"choose", "now", "drop", "later", "predict"}, c.Hint) {
				got = append(got, cmp.Or(c.Word, c.Hint))
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %q", name, got)
		}
		if said := s.Graded("f.yaml"); !strings.HasPrefix(said, "saved, though not solved yet; judged by: skinny grade exercises/"+name+" f.yaml") {
			t.Error(said)
		}
	}
}
