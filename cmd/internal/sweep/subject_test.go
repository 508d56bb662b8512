package sweep

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"skinny/cmd/internal/report"
	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/swarm"
)

// What is not said otherwise is the edition and the profile that everything begins with.
func TestDraw(t *testing.T) {
	c := &Check{}
	c.Draw(scenarios.Overrides{}, "")
	if c.Head.Edition != "published" || c.Head.Profile != "all" || c.Setting.Rules != rulesOf(t, "published") || c.Setting.Knobs != knobsOf(t, "all") || c.Setting.Players != nil {
		t.Errorf("by default it is %+v, %+v", c.Head, c.Setting)
	}
	players := sim.Players{"a": {Name: "x"}}
	c.Draw(scenarios.Overrides{Edition: "sound", Rules: []scenarios.RuleSetting{{Rule: "durable"}}, Players: players}, "crash")
	durable, _ := protocol.RuleByName("durable")
	if c.Head.Edition != "sound" || c.Head.Profile != "crash" || c.Setting.Rules != rulesOf(t, "sound")&^durable.Rule || c.Setting.Knobs != knobsOf(t, "crash") || len(c.Setting.Players) != 1 {
		t.Errorf("it is %+v, %+v", c.Head, c.Setting)
	}
	c.describe()
	if c.Head.Words != "edition sound without durable, a played by x · profile crash" || c.Head.Rules["durable"] || !c.Head.Rules["yield"] || len(c.Head.Rules) != len(protocol.RuleTable()) {
		t.Errorf("it is %+v", c.Head)
	}
}

// base is a check that varies a scenario, or draws clusters.
func base(t *testing.T, varies bool, profile string) *Check {
	t.Helper()
	c := &Check{}
	if !varies {
		c.Draw(scenarios.Overrides{}, profile)
		return c
	}
	s, err := scenarios.Load("two-winners", scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Vary("two-winners", s, profile); err != nil {
		t.Fatal(err)
	}
	return c
}

// Clients that are drawn have calls, and calls have clients, whichever of both was given.
func TestBalance(t *testing.T) {
	const nothing = "no client calls, and there is nothing to check"
	const none = "--operations are those of the clients that are drawn, and there are none; add --clients 3"
	const calls = "--clients that are drawn call nothing with --operations 0; leave out both"
	for _, c := range []struct {
		varies              bool
		clients, operations string // as given
		want                string // what there is of both, or the error
	}{
		{false, "0", "", nothing}, {false, "", "0", nothing}, {false, "0", "0", nothing}, {false, "0", "5", nothing}, {false, "2", "0", nothing},
		{false, "2", "", "2..2 and as before"}, {false, "", "5", "as before and 5..5"}, {false, "2", "5", "2..2 and 5..5"},
		{true, "0", "", "0..0 and 0..0"}, {true, "", "0", "0..0 and 0..0"}, {true, "0", "0", "0..0 and 0..0"}, {true, "0", "5", none},
		{true, "", "5", none}, {true, "2", "0", calls}, {true, "2", "", "2..2 and 4..20"}, {true, "2", "5", "2..2 and 5..5"},
		{true, "", "", "0..0 and 0..0"},
	} {
		check := base(t, c.varies, "none")
		before := check.Setting.Knobs
		var texts KnobTexts
		texts[swarm.Clients], texts[swarm.Operations] = c.clients, c.operations
		err := check.SetKnobs(&texts)
		word := func(k swarm.Knob) string {
			span := check.Setting.Knobs[k]
			if !c.varies && span == before[k] {
				return "as before"
			}
			return fmt.Sprintf("%d..%d", span.Low, span.High)
		}
		got := word(swarm.Clients) + " and " + word(swarm.Operations)
		if err != nil {
			got = err.Error()
		}
		if err == nil && got != c.want || err != nil && !strings.HasSuffix(got, c.want) {
			t.Errorf("varies %v, --clients %q --operations %q: %s, want %s", c.varies, c.clients, c.operations, got, c.want)
		}
	}
}

// Clients that a scenario itself draws call as often as it says, or as is given, or not at all.
func TestBalanceOfItsOwn(t *testing.T) {
	file, err := scenarios.Decode("x", []byte("format: 1\ninstances: [a, b]\ntimeline: []\nfaults: {clients: 2, operations: 5}\n"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := file.Compile(scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	two := func(low, high uint64) swarm.Span { return swarm.Span{Low: low, High: high} }
	for given, want := range map[[2]string][2]swarm.Span{
		{"", ""}: {two(2, 2), two(5, 5)}, {"0", ""}: {}, {"", "0"}: {}, {"3", ""}: {two(3, 3), two(5, 5)}, {"", "1..7"}: {two(2, 2), two(1, 7)},
	} {
		c := &Check{}
		if err := c.Vary("x", s, ""); err != nil {
			t.Fatal(err)
		}
		var texts KnobTexts
		texts[swarm.Clients], texts[swarm.Operations] = given[0], given[1]
		err := c.SetKnobs(&texts)
		if k := c.Setting.Knobs; err != nil || k[swarm.Clients] != want[0] || k[swarm.Operations] != want[1] {
			t.Errorf("--clients %q --operations %q: %v and %v, %v", given[0], given[1], k[swarm.Clients], k[swarm.Operations], err)
		}
	}
}

// Of a scenario that is varied everything is a knob that is not about clusters that are
// drawn, and what is said wrongly names its flag.
func TestSetKnobs(t *testing.T) {
	for _, info := range swarm.KnobTable() {
		for _, varies := range []bool{false, true} {
			c := base(t, varies, "all")
			before := c.Setting.Knobs
			var texts KnobTexts
			texts[info.Knob] = map[swarm.Unit]string{swarm.Count: "3..4", swarm.Share: "1%..20%", swarm.Duration: "3ms..40ms"}[info.Unit]
			switch err := c.SetKnobs(&texts); {
			case varies && info.Base == swarm.Never:
				if err == nil || err.Error() != "skinny check: --"+info.Name+" is about clusters that are drawn, and two-winners brings its own" {
					t.Errorf("--%s: %v", info.Name, err)
				}
			case err != nil && (!varies || info.Knob != swarm.Operations):
				t.Errorf("--%s, varies %v: %v", info.Name, varies, err)
			case err == nil:
				want, _ := scenarios.ParseKnob(info, texts[info.Knob])
				if c.Setting.Knobs[info.Knob] != want {
					t.Errorf("--%s is %v", info.Name, c.Setting.Knobs[info.Knob])
				}
				for k := range before {
					if swarm.Knob(k) != info.Knob && c.Setting.Knobs[k] != before[k] && !(info.Knob == swarm.Clients && swarm.Knob(k) == swarm.Operations) {
						t.Errorf("--%s changes knob %d, too", info.Name, k)
					}
				}
			}
			texts[info.Knob] = "nonsense"
			if err := c.SetKnobs(&texts); err == nil || !strings.HasPrefix(err.Error(), "skinny check: --"+info.Name+" is about") && !strings.HasPrefix(err.Error(), "skinny check: --"+info.Name+": ") {
				t.Errorf("--%s nonsense: %v", info.Name, err)
			}
		}
	}
}

// A scenario that is varied is what the check is of, in its words and its hash; one with a
// schedule cannot be.
func TestVary(t *testing.T) {
	c := base(t, true, "crash")
	c.describe()
	other := base(t, true, "all")
	other.describe()
	if c.Head.Words != "two-winners · edition published · profile crash" || c.Head.Scenario != "two-winners" || c.Head.Hash == other.Head.Hash || len(c.Head.Hash) != 64 {
		t.Errorf("it is %+v", c.Head)
	}
	s, err := scenarios.Load("rules/majority", scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Vary("-odd name", s, "all"); err == nil || !strings.Contains(err.Error(), "skinny check: -odd name has a schedule,") || !strings.Contains(err.Error(), "`skinny run './-odd name'` replays") {
		t.Errorf("got %v", err)
	}
}

// What of a scenario's own timeline is left out is said where something was.
func TestTimelineLeftOut(t *testing.T) {
	for whole, said := range map[bool]bool{false: true, true: false} {
		var out bytes.Buffer
		c := base(t, true, "none")
		c.Console, c.Dir, c.Whole, c.Head.Shards, c.Head.Seeds = &report.Console{Out: &out, Err: &bytes.Buffer{}, Width: report.DefaultWidth}, t.TempDir(), whole, 1, 1
		if _, err := c.Run(); err != nil {
			t.Fatal(err)
		}
		text := strings.Join(strings.Fields(out.String()), " ")
		if strings.Contains(text, "What of the scenario's own timeline is not needed is left out, too, and so are its times.") != said || strings.Contains(text, "This is the whole run.") == said {
			t.Errorf("whole %v: %s", whole, out.String())
		}
	}
}

// What a check is told is in its head, and nothing else.
func TestDescribe(t *testing.T) {
	c := base(t, false, "none")
	c.For, c.Properties, c.KeepGoing = 3*time.Second, []string{"agreement"}, true
	c.Setting.Knobs[swarm.Loss] = swarm.Span{}
	var texts KnobTexts
	texts[swarm.Loss] = "5%"
	if err := c.SetKnobs(&texts); err != nil {
		t.Fatal(err)
	}
	c.describe()
	h := c.Head
	if h.For != 3*time.Second || !reflect.DeepEqual(h.Properties, []string{"agreement"}) || !h.KeepGoing || h.Knobs["loss"] != "5%" || h.Knobs["crashes"] != "" || h.Line != "check" || h.Format != 1 || h.Version != strings.TrimSpace(report.Version()) {
		t.Errorf("it is %+v", h)
	}
	if _, there := h.Knobs["crashes"]; there {
		t.Error("a knob that is 0 is said")
	}
}

// Results that were missing, there twice, or of no check are told by their files.
func TestMerge(t *testing.T) {
	dir := t.TempDir()
	file := func(name string, shard uint64, change func(*Check)) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, printed(t, shard, 3, change), 0o666); err != nil {
			t.Fatal(err)
		}
		return path
	}
	whole := func(c *Check) { c.Whole, c.Head.Seeds = true, 12 }
	parts := []string{file("0", 0, whole), file("1", 1, whole), file("2", 2, whole)}
	other := file("other", 1, func(c *Check) { c.Whole, c.Head.Seeds, c.Head.Arguments = true, 12, " --seeds 3" })
	sound := func(c *Check) { c.Draw(scenarios.Overrides{Edition: "sound"}, "none") }
	kept := []string{file("k0", 0, sound), file("k1", 1, sound), file("k2", 2, sound)}
	for name, c := range map[string]struct {
		files []string
		code  int
		want  string // in the error
		said  string // in the report
	}{
		"all":                 {parts, report.ExitUnmet, "", "  12 seeds from 1 on, in "},
		"all, in any order":   {[]string{parts[2], parts[0], parts[1]}, report.ExitUnmet, "", "  12 seeds from 1 on, in "},
		"some":                {parts[:2], report.ExitUnmet, "skinny check: this is not the whole check: of 3 shards these are missing: 2", "  8 seeds from 1 on, in "},
		"some, and kept":      {kept[1:], report.ExitUsage, "skinny check: this is not the whole check: of 3 shards these are missing: 0", "  ? nothing is violated in the parts that are there; of 3 shards these are\n    missing: 0\n"},
		"all, and kept":       {kept, report.ExitClaimed, "", "  ✓ nothing is violated\n"},
		"none":                {nil, report.ExitUsage, "--merge takes the files that shards have printed", ""},
		"twice":               {[]string{parts[0], parts[1], parts[0]}, report.ExitUsage, "skinny check: shard 0 is in " + parts[0] + " and again in " + parts[0], ""},
		"of another check":    {[]string{parts[0], other}, report.ExitUsage, "skinny check: " + parts[0] + " and " + other + " are not parts of one check:\n  edition published · profile none, 12 seeds from 1, 3 shards, ", ""},
		"a file that is none": {[]string{parts[0], filepath.Join(dir, "none")}, report.ExitUsage, "skinny check: open " + filepath.Join(dir, "none"), ""},
	} {
		var out bytes.Buffer
		check := &Check{Console: &report.Console{Out: &out, Err: &bytes.Buffer{}, Width: report.DefaultWidth}, Dir: t.TempDir()}
		e := &report.Exit{}
		errors.As(check.Merge(c.files), &e)
		if e.Code != c.code || !strings.HasPrefix(strings.TrimPrefix(e.Message, "skinny check: "), strings.TrimPrefix(c.want, "skinny check: ")) || (e.Message == "") != (c.want == "") || !strings.Contains(out.String(), c.said) || c.said == "" && out.Len() > 0 {
			t.Errorf("%s: %d, %q\n%s", name, e.Code, e.Message, out.String())
		}
		files, _ := os.ReadDir(check.Dir)
		if found := strings.Contains(out.String(), "✗"); found != (len(files) > 0) {
			t.Errorf("%s: %d files", name, len(files))
		}
	}
}
