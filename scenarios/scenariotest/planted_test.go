//go:build !js && !wasip1

// The tests run themselves as processes.

package scenariotest

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
	"skinny/sim/check"
)

const planted = "SCENARIOTEST_PLANTED"

// TestPlanted fails in the process that TestUnderRapid starts.
func TestPlanted(t *testing.T) {
	if os.Getenv(planted) == "" {
		t.Skip("it is there for TestUnderRapid")
	}
	g := Scenarios(Options{Edition: "published", Profile: "none"})
	rapid.Check(t, func(t *rapid.T) { Check(t, g.Draw(t, "scenario"), "mutual-exclusion") })
}

// A broken rule makes a test under rapid fail, and the file that its last words name is
// the counterexample that they tell about.
func TestUnderRapid(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	c := exec.Command(self, "-test.run=^TestPlanted$", "-rapid.seed=1", "-rapid.shrinktime=300ms", "-rapid.nofailfile")
	c.Dir, c.Env = dir, append(os.Environ(), planted+"=1")
	out, err := c.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		t.Fatalf("the process ends with %v\n%s", err, out)
	}
	const file = Dir + "/TestPlanted.yaml"
	text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(file)))
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	o := outcomeOf(t, compiled(t, text))
	v := check.Worst(o.Verdicts, "mutual-exclusion")
	if o.Failed() || v == nil || len(o.Scenario.Schedule.Decisions) > 10 {
		t.Fatalf("the file is\n%s", text)
	}
	if said := string(out); !strings.Contains(said, v.Why.String()) || !strings.Contains(said, "skinny run "+file) || strings.Contains(said, "flaky") {
		t.Errorf("the test says\n%s", said)
	}
}
