package scenarios

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/trace"
)

// everybody has one program play all instances.
func everybody(p sim.Program) sim.Players { return sim.Players{"": {Name: "mine", Program: p}} }

// soundPlayers have the built-in protocol play all instances.
func soundPlayers(rules protocol.Rules) sim.Players { return everybody(sim.BuiltIn(rules)) }

// seen is what of an event does not depend on who plays.
func seen(e *trace.Event) string {
	return fmt.Sprint(e.Number, e.Cause, e.At, e.Kind, e.Reason, e.Instance, e.Peer, e.Try, e.Outcome, e.Holder, e.Message, e.Nth, e.Copy, e.Operation, e.Asked, e.State)
}

// What the built-in protocol does, a program that does the same does at the same times, in
// every bundled scenario of the edition sound.
func TestSoundIsPlayedTheSame(t *testing.T) {
	played := 0
	for _, entry := range Library() {
		own, err := Load(entry.Name, Overrides{})
		if err != nil {
			t.Fatal(err)
		}
		if own.Edition != "sound" || !strings.HasSuffix(entry.Name, "-sound") {
			continue
		}
		played++
		other, err := Load(entry.Name, Overrides{Players: soundPlayers(own.Cluster.Rules)})
		if err != nil {
			t.Fatal(err)
		}
		var want, got trace.Log
		was, err := own.Run(&want)
		if err != nil {
			t.Fatal(err)
		}
		is, err := other.Run(&got)
		if err != nil {
			t.Fatal(err)
		}
		for i := range want.Events {
			if i == len(got.Events) || seen(&got.Events[i]) != seen(&want.Events[i]) {
				t.Fatalf("%s: event %d is\n%+v, not\n%+v", entry.Name, i+1, got.Events[min(i, len(got.Events)-1)], want.Events[i])
			}
		}
		if is.Failed() != was.Failed() || is.Unmet() != was.Unmet() {
			t.Errorf("%s: %+v, %+v", entry.Name, is.Expectations, is.Verdicts)
		}
		for i := range was.Verdicts {
			if is.Verdicts[i].State != was.Verdicts[i].State {
				t.Errorf("%s: %+v, not %+v", entry.Name, is.Verdicts[i], was.Verdicts[i])
			}
		}
	}
	if played < 5 {
		t.Errorf("only %d scenarios are sound", played)
	}
}

const duel = `format: 1
edition: sound
instances: [a, b, c]
%s
timeline:
  - {at: 0ms, acquire: alice, via: a}
  - {at: 5ms, acquire: bob, via: c}
`

// A file that says that an instance is played needs a program to be run, none to be read.
func TestProgramIsMissing(t *testing.T) {
	text := []byte(fmt.Sprintf(duel, "program: {a: theirs, c: mine}"))
	f, err := Decode("duel.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(f.Encode()); !strings.Contains(got, "program: {a: theirs, c: mine}\n") {
		t.Errorf("it is written as %s", got)
	}
	sound, _ := protocol.EditionByName("sound")
	player := sim.Player{Name: "other", Program: sim.BuiltIn(sound.Rules)}
	for _, c := range []struct {
		players sim.Players
		want    []string
	}{
		{nil, []string{"duel.yaml:4:11: a is played by a program called theirs, and no program is given", "duel.yaml:4:22: c is", "add --program c='COMMAND'"}},
		{sim.Players{"a": player}, []string{"duel.yaml:4:22: c is played by a program called mine"}},
		{sim.Players{"": player, "d": player}, []string{"a program is to play \"d\", and no instance is called that\n  instances: a, b, c"}},
		{sim.Players{"": player}, nil},
		{sim.Players{"a": player, "c": player}, nil},
	} {
		_, err := f.Compile(Overrides{Players: c.players})
		if (err == nil) != (c.want == nil) {
			t.Errorf("%v: %v", c.players, err)
		}
		for _, want := range c.want {
			if err != nil && !strings.Contains(err.Error(), want) {
				t.Errorf("%v: the error is %v, want %q in it", c.players, err, want)
			}
		}
	}
}

// What plays an instance that is not there is not asked for.
func TestProgramOfNobody(t *testing.T) {
	_, err := decode("x.yaml", []byte("format: 1\ninstances: [a, b]\nprogram: {c: mine}\n"), Overrides{})
	var found Diagnostics
	if !errors.As(err, &found) || len(found) != 1 || found[0].Message != `unknown instance "c"` {
		t.Errorf("the error is %v", err)
	}
}

// What was played is saved as played: in a file of its decisions, and in a trace.
func TestPlayedIsSaved(t *testing.T) {
	f, err := Decode("duel.yaml", []byte(fmt.Sprintf(duel, "program: {c: theirs}")))
	if err != nil {
		t.Fatal(err)
	}
	sound, _ := protocol.EditionByName("sound")
	players := sim.Players{"c": {Name: "mine.py", Program: sim.BuiltIn(sound.Rules)}}
	s, err := f.Compile(Overrides{Players: players})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Setting(); got != "sound, c played by mine.py" {
		t.Errorf("it is %s", got)
	}
	var text bytes.Buffer
	w := trace.NewWriter(&text, &bytes.Buffer{}, s.Header())
	o, err := s.Run(w)
	if err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	if r := o.Result().Instances; r[2].Program != "mine.py" || r[0].Program != "" || r[2].Rules != nil {
		t.Errorf("the result says %+v", r)
	}
	if first, _, _ := strings.Cut(text.String(), "\n"); strings.Count(first, `"program":"mine.py"`) != 1 {
		t.Errorf("the trace begins with %s", first)
	}
	saved := FromDecisions(s, sim.RunRecorded(s.Start()))
	found, err := FromTrace("x.jsonl", text.Bytes(), players)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []*File{saved, found} {
		if got := string(file.Encode()); !strings.Contains(got, "program: {c: mine.py}\n") {
			t.Errorf("it is saved as %s", got)
		}
		again, err := file.Compile(Overrides{Players: players})
		if err != nil {
			t.Fatal(err)
		}
		if got := outcomeOf(t, again); got.Digest != o.Digest {
			t.Error("it is another run")
		}
	}
	if _, err := FromTrace("x.jsonl", text.Bytes(), nil); err == nil || !strings.Contains(err.Error(), "c is played by a program called mine.py, and no program is given") {
		t.Errorf("the error is %v", err)
	}
}

// fails is a program that cannot go on.
type fails struct{}

func (*fails) Step(*sim.Question) (sim.Answer, error) { return sim.Answer{}, fmt.Errorf("no more") }

// A program that cannot go on ends the run, and says why.
func TestProgramFails(t *testing.T) {
	f, err := Decode("duel.yaml", []byte(fmt.Sprintf(duel, "")))
	if err != nil {
		t.Fatal(err)
	}
	s, err := f.Compile(Overrides{Players: everybody(&fails{})})
	if err != nil {
		t.Fatal(err)
	}
	o := outcomeOf(t, s)
	if err := o.World.Failure(); o.Ending != sim.Failed || err == nil || !strings.Contains(err.Error(), "the program of a, after event 1: no more") {
		t.Errorf("it ends with %d, %v", o.Ending, err)
	}
}

func TestLabel(t *testing.T) {
	for want, command := range map[string][]string{
		"mine.py":                          {"python3", "-u", "./dir/mine.py"},
		"mine":                             {`C:\x\mine`, "-v"},
		"program":                          {"--", "..."},
		"m":                                {"-.m ü"},
		"go":                               {"go"},
		"mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm": {strings.Repeat("m", 40)},
	} {
		if got := Label(command...); got != want && want != "m" || checkLabel(got) != nil {
			t.Errorf("%q is called %q, not %q", command, got, want)
		}
	}
}

// What others decided may be impossible with a program, which is said.
func TestImpossibleWithAProgram(t *testing.T) {
	s, err := decode("x.yaml", []byte("format: 1\ninstances: [a, b]\nschedule: wake a\n"), Overrides{Players: everybody(sim.BuiltIn(protocol.AllRules))})
	if err != nil {
		t.Fatal(err)
	}
	const want = "\n  it was written with no program, and now one plays a and b\n  nothing is pending at this point"
	if _, err := s.Run(); err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("the error is %v", err)
	}
}

// Who plays whom is said in order, each program once; of those that the file does not name it is
// said what may be missing.
func TestWhoPlays(t *testing.T) {
	program := sim.BuiltIn(protocol.AllRules)
	mine, theirs := sim.Player{Name: "mine", Program: program}, sim.Player{Name: "theirs", Program: program}
	for _, c := range []struct {
		named   string // by the file
		players sim.Players
		who     []string
		others  string
	}{
		{"", nil, nil, ""},
		{"", sim.Players{"": mine}, []string{"a, b and c played by mine"}, "it was written with no program, and now one plays a, b and c\n  "},
		{"", sim.Players{"b": mine, "": theirs}, []string{"a and c played by theirs", "b played by mine"}, "it was written with no program, and now one plays a, b and c\n  "},
		{"program: {a: mine}\n", sim.Players{"a": mine}, []string{"a played by mine"}, ""},
		{"program: {a: mine, c: mine}\n", sim.Players{"": mine}, []string{"a, b and c played by mine"},
			"it was written with a program that plays a and c, and now one plays b, too; give --program a='COMMAND' --program c='COMMAND'\n  "},
	} {
		s, err := decode("x.yaml", []byte("format: 1\ninstances: [a, b, c]\n"+c.named), Overrides{Players: c.players})
		if err != nil {
			t.Fatal(err)
		}
		if got := s.PlayedBy(); !slices.Equal(got, c.who) {
			t.Errorf("%v: %q, not %q", c.players, got, c.who)
		}
		if got := s.othersPlay(); got != c.others {
			t.Errorf("%v: %q, not %q", c.players, got, c.others)
		}
	}
	for _, c := range []struct {
		players sim.Players
		want    []string
	}{
		{nil, nil}, {sim.Players{"": mine}, []string{"all played by mine"}}, {sim.Players{"c": mine}, []string{"c played by mine"}},
		{sim.Players{"": theirs, "c": mine, "a": mine}, []string{"a played by mine", "c played by mine", "all others played by theirs"}},
		{sim.Players{"c": mine, "a": theirs}, []string{"a played by theirs", "c played by mine"}},
	} {
		if got := PlayedBy(c.players); !slices.Equal(got, c.want) {
			t.Errorf("%v: %q, not %q", c.players, got, c.want)
		}
	}
}
