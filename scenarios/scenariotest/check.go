package scenariotest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"skinny/scenarios"
	"skinny/scenarios/counterexample"
	"skinny/scenarios/form"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/narrate"
	"skinny/sim/shrink"
	"skinny/sim/swarm"
	"skinny/sim/trace"
)

// Dir is where counterexamples are written, in the folder of the test.
const Dir = "testdata/skinny"

// Test is what Check needs of a *testing.T, *testing.B or *rapid.T.
type Test interface {
	Helper()
	Name() string
	Fatalf(format string, args ...any)
}

// Check runs a scenario to its end, with all judges and those of its own, and fails the
// test if a property breaks, one of those that are named or, if none is, any. What the scenario itself expects counts
// for nothing; a program that cannot go on fails the test, too. The run is then shrunk, and written as a scenario into [Dir], under
// the name of the test, where it takes the place of what an earlier failure left. Of a run
// in which instances of one's own play, which no command can repeat, the story is told.
// Otherwise Check returns what became of the run.
//
// Without names, the scenario that is written may be about another property than
// the one that broke in the run: about one that says more, if what is left breaks it,
// too.
func Check(t Test, s *scenarios.Scenario, properties ...string) *scenarios.Outcome {
	t.Helper()
	for _, p := range properties {
		if _, ok := check.PropertyByName(p, s.Judges...); !ok {
			t.Fatalf("scenariotest: there is no property %q", p)
			return nil
		}
	}
	o, err := s.Run()
	if err == nil {
		err = o.World.Failure()
	}
	if err != nil {
		t.Fatalf("%v", err)
		return nil
	}
	if v := check.Worst(o.Verdicts, properties...); v != nil {
		t.Fatalf("%s", failure(t.Name(), s, v, len(properties) > 0))
		return nil
	}
	return o
}

// failure writes the counterexample and tells about it, also of what cannot be written.
func failure(test string, s *scenarios.Scenario, v *check.Verdict, exactly bool) string {
	c, err := counterexample.Make(&counterexample.Run{
		Scenario:  s,
		Decisions: sim.RunRecorded(s.Start()),
		Property:  v.Property,
		Exactly:   exactly,
		Drawn:     usual(s.Cluster),
		Found:     test,
	}, shrink.Options{})
	if err != nil {
		return fmt.Sprintf("%s is violated by event %d: %s\nthere is no counterexample: %v", v.Property, v.Event, v.Why, err)
	}
	text := fmt.Sprintf("%s is violated: %s\n", c.Verdict.Property, c.Verdict.Why)
	path := Dir + "/" + fileName(test)
	if err := write(path, c.File.Encode()); err != nil {
		return fmt.Sprintf("%sthe counterexample cannot be written: %v\n\n%s", text, err, c.File.Encode())
	}
	if played := c.Scenario.Cluster.Players(); played != nil { // by what no command can start
		return fmt.Sprintf("%sshrunk from %d decisions to %d: %s\n%s", text, c.Before.Decisions, c.After.Decisions, path, told(c.Scenario))
	}
	return fmt.Sprintf("%sshrunk from %d decisions to %d; to see it happen, in the folder of the test:\nskinny run %s --why %d",
		text, c.Before.Decisions, c.After.Decisions, path, c.Verdict.Event)
}

// told is the story of a run, for those who cannot have it told by skinny run.
func told(s *scenarios.Scenario) string {
	var log trace.Log
	if _, err := s.Run(&log); err != nil {
		return err.Error()
	}
	narrator := narrate.New(s.Header())
	lines := form.Each(log.Events, func(e trace.Event) string {
		l := narrator.Tell(&e)
		line := fmt.Sprintf("%4d  %s: %s", l.Event, l.Who(l.Glyph, func(a narrate.Actor) string { return a.Name }), l.What)
		if !l.Why.Empty() {
			line += fmt.Sprintf(" (%s)", l.Why)
		}
		return line
	})
	return strings.Join(lines, "\n")
}

// write writes a file, and makes its folder where there is none.
func write(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o644)
}

// usual reports whether instances have the names that are drawn, which mean nothing.
func usual(c *sim.Cluster) bool {
	for p := range c.Instances {
		if c.Instances[p].Name != swarm.InstanceName(p) {
			return false
		}
	}
	return true
}

// fileName is the name of a test as one of a file that every system and shell takes.
func fileName(test string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) || c == '_' || c == '.' {
			return c
		}
		return '-'
	}, test) + ".yaml"
}
