package report

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

var update = flag.Bool("update", false, "write the golden files anew")

// ran is a scenario that was run, or the text of one.
func ran(t *testing.T, name string) *Run {
	t.Helper()
	c := &Console{Out: io.Discard, Err: io.Discard, Width: DefaultWidth}
	file, err := scenarios.Open(name)
	if strings.Contains(name, "\n") {
		file, err = scenarios.Decode("x.yaml", []byte(name))
	}
	if err != nil {
		t.Fatal(err)
	}
	s, err := file.Compile(scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.Run(s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// told is the story of a run in a width.
func told(t *testing.T, r *Run, width int, what Story) string {
	t.Helper()
	var out bytes.Buffer
	c := &Console{Out: &out, Width: width}
	if whole, err := c.Tell(r, what); err != nil || !whole {
		t.Fatal(whole, err)
	}
	return out.String()
}

// longNames is a run in which who acts and what is done have no room in their columns.
const longNames = `
format: 1
title: Long names
instances: [northern-lights, southern-lights]
network: {latency: 1ms}
timeline:
  - {at: 0ms, acquire: the-first-of-clients, via: northern-lights}
  - {at: 9ms, acquire: the-second-of-them, via: southern-lights}
`

// Where there is no room for a column of reasons they stand below what they are the reasons
// of, and so does what broke. Where something is too long for its column, the rest of its line
// goes to the right, or below if that is too far.
func TestNarrowStory(t *testing.T) {
	got := told(t, ran(t, "../draw/testdata/faults.yaml"), 50, Story{Only: trace.None}) +
		"\n" + told(t, ran(t, "two-winners"), 40, Story{Only: trace.None, Rounds: true}) +
		"\n" + told(t, ran(t, longNames), 100, Story{Only: trace.None})
	const path = "testdata/narrow.txt"
	if *update {
		if err := errors.Join(os.MkdirAll("testdata", 0o777), os.WriteFile(path, []byte(got), 0o666)); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || string(want) != got {
		t.Errorf("%v: it is told as\n%s", err, got)
	}
}

// In every width each part of a line stands where it has room: beside what is before it, or below.
func TestWidthsOfAStory(t *testing.T) {
	r := ran(t, longNames)
	got := ""
	for width := 40; width <= MostWidth; width++ {
		got += fmt.Sprintf("%d %.8x\n", width, sha256.Sum256([]byte(told(t, r, width, Story{Only: trace.None}))))
	}
	const path = "testdata/widths.txt"
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(want), "\n")
	for i, line := range strings.Split(got, "\n") {
		if i >= len(lines) || line != lines[i] {
			t.Fatalf("in %d columns it is told as\n%s", 40+i, told(t, r, 40+i, Story{Only: trace.None}))
		}
	}
	if len(got) != len(want) {
		t.Errorf("%s tells of other widths, too", path)
	}
}

// Above a story there is what it is of: beside the title or below it, as far as there is room,
// and with what was made another than its text says.
func TestHead(t *testing.T) {
	r := ran(t, "two-winners")
	head := func(width int, title, about string, what Story) string {
		r.Scenario.Title, r.Scenario.About = title, about
		return print(width, func(p *Page) { p.head(r, what) })
	}
	const facts = "edition published · 3 instances · seed 1" // 40 columns
	for _, c := range []struct {
		name  string
		width int
		title string
		about string
		what  Story
		want  string
	}{
		{"room", 60, "Title", "", Story{}, "Title" + Spaces(15) + facts + "\n\n"},
		{"just room", 47, "Title", "", Story{}, "Title  " + facts + "\n\n"},
		{"no room", 46, "Title", "", Story{}, "Title\n" + facts + "\n\n"},
		{"no title", 60, "", "", Story{}, "Untitled" + Spaces(12) + facts + "\n\n"},
		{"about", 60, "Title", "\nOne.\n\n\n\nTwo\nlines.\n", Story{}, "Title" + Spaces(15) + facts + "\n\n  One.\n\n  Two lines.\n\n"},
		{"other settings", 60, "Title", "One.", Story{Settings: "edition sound"}, "Title" + Spaces(15) + facts + "\n\n  One.\n\n  That is said of the scenario as it was written. This run\n  has edition sound.\n\n"},
		{"other settings of nothing", 60, "Title", " \n", Story{Settings: "edition sound"}, "Title" + Spaces(15) + facts + "\n\n"},
		{"why", 60, "Title", "One.", Story{Why: 7, Settings: "x"}, "Title" + Spaces(15) + facts + "\n\nWhy event 7 of 30 happened, from the first cause on:\n\n"},
		{"wide", 100, "Title", strings.Repeat("word ", 20), Story{}, "Title" + Spaces(55) + facts + "\n\n  " + strings.TrimSpace(strings.Repeat("word ", 15)) + "\n  word word word word word\n\n"},
	} {
		if got := head(c.width, c.title, c.about, c.what); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}

// Below a story there is what the judges say, how far claims are met, and why the run ended
// if it did not end by itself.
func TestEnd(t *testing.T) {
	r := ran(t, "format: 1\ninstances: [a, b, c]\ntimeline:\n  - {at: 0ms, acquire: alice, via: a}\n")
	o := *r.Outcome
	met, unmet := scenarios.ExpectationResult{Expect: "this", Met: true, Got: "this"}, scenarios.ExpectationResult{Expect: "that", Got: "other"}
	end := func(settings string, change func(*scenarios.Outcome)) string {
		changed := o
		changed.Verdicts, r.Outcome = nil, &changed
		change(&changed)
		text := print(DefaultWidth, func(p *Page) { p.End(r, settings, "skinny run x --seed 1") })
		_, rest, _ := strings.Cut(text, "  c      3 ")
		_, rest, _ = strings.Cut(rest, "\n\n")
		return strings.TrimSuffix(rest, "\n  again: skinny run x --seed 1\n")
	}
	for _, c := range []struct {
		name, settings string
		change         func(*scenarios.Outcome)
		want           string
	}{
		{"nothing claimed", "", func(*scenarios.Outcome) {}, "\n  ✓ nothing was claimed, and nothing is violated\n"},
		{"one met", "edition sound", func(o *scenarios.Outcome) { o.Expectations = []scenarios.ExpectationResult{met} }, "\n  ✓ all as claimed (1 expectation)\n"},
		{"one unmet", "", func(o *scenarios.Outcome) { o.Expectations = []scenarios.ExpectationResult{met, unmet} }, "\n  ✗ claimed: that; but other\n"},
		{"one unmet in another edition", "edition sound", func(o *scenarios.Outcome) { o.Expectations = []scenarios.ExpectationResult{met, unmet} },
			"\n  ✗ claimed: that; but other\n\n  With edition sound, 1 of 2 claims that the scenario makes no longer hold.\n"},
		{"a surprise", "edition sound", func(o *scenarios.Outcome) {
			o.Verdicts = []check.Verdict{{Property: "agreement", State: check.Violated, Event: 3}}
		}, "  ✗ agreement  violated by event 3\n\n  ✗ agreement is violated, which the scenario does not claim with {property:\n    agreement, is: violated}\n"},
		{"all verdicts", "", func(o *scenarios.Outcome) {
			o.Verdicts = []check.Verdict{{Property: "x", Without: "but for y"}, {Property: "long", State: check.Undecided, Why: prose.Of("too many")}, {Property: "z", State: check.NotJudged, Why: prose.Of("not heard")}}
		}, "  ✓ x     kept (but for y)\n  ? long  undecided: too many\n  ? z     not judged: not heard\n\n  ✓ nothing was claimed, and nothing is violated\n"},
		{"notes", "", func(o *scenarios.Outcome) { o.Notes = []string{"one", "two"} }, "\n  ✓ nothing was claimed, and nothing is violated\n  ! one\n  ! two\n"},
		{"its budget", "", func(o *scenarios.Outcome) { o.Ending = sim.BudgetSpent }, "\n  ✓ nothing was claimed, and nothing is violated\n  ! the run was ended at its budget of events (`events` in the scenario); what\n    would have come is not judged\n"},
		{"a program", "", func(o *scenarios.Outcome) {
			o.Ending, o.Events, o.Expectations = sim.Failed, 4, []scenarios.ExpectationResult{unmet}
		},
			"  ! the run was ended after event 4, since a program could not go on; what would\n    have come is not judged\n"},
	} {
		if got := end(c.settings, c.change); got != c.want {
			t.Errorf("%s:\n%q\nwant\n%q", c.name, got, c.want)
		}
	}
}

// That a run is cut off at the time which its scenario gives is said, if there is more to come.
func TestCutOff(t *testing.T) {
	const begin, cut = "format: 1\ninstances: [a, b, c]\ntimeline: [{at: 0ms, acquire: alice, via: a}, {at: 2s, acquire: bob, via: b}]\n", "  ! the run was ended at "
	for until, want := range map[string]string{
		"until: 1s\n": cut + "1 s (`until` in the scenario), and something was still\n    under way or to come; what would have come is not judged\n", "until: 35ms\n": cut + "35 ms (`until`",
		"until: 9s\n": "", "": "", "until: 17us\n": cut + "17 µs (`until`",
	} {
		r := ran(t, begin+until)
		text := print(DefaultWidth, func(p *Page) { p.End(r, "", "skinny run x") })
		if got := strings.Contains(text, cut); got != (want != "") || !strings.Contains(text, want) {
			t.Errorf("%q:\n%s", until, text)
		}
	}
}

// Rules that the story names are explained as they are: on, off, or both where instances
// differ.
func TestRulesOfTheStory(t *testing.T) {
	durable, _ := protocol.RuleByName("durable")
	on, off := "  durable  on: "+durable.On, "  durable  off: "+durable.Off
	for _, c := range []struct{ all, own, want string }{
		{"on", "on", on}, {"off", "off", off}, {"on", "off", on + "; off: " + durable.Off}, {"off", "on", on + "; off: " + durable.Off},
	} {
		r := ran(t, "format: 1\nedition: sound\nrules: {durable: "+c.all+"}\ninstances: [{name: a, rules: {durable: "+c.own+"}}, b]\ntimeline:\n  - {at: 0ms, acquire: alice, via: a}\n")
		r.named = durable.Rule
		want := "  Rules that the story names (`skinny rules NAME` says what one is for):\n" + c.want + "\n\n"
		if got := print(1000, func(p *Page) { p.rules(r) }); got != want {
			t.Errorf("%s, %s of its own: %q, want %q", c.all, c.own, got, want)
		}
		r.named = 0
		if got := print(1000, func(p *Page) { p.rules(r) }); got != "" {
			t.Errorf("none is named: %q", got)
		}
	}
}

// Who holds the lock and was never told is marked, and said.
func TestUntold(t *testing.T) {
	r := ran(t, "two-winners")
	r.Untold = "bob"
	text := print(DefaultWidth, func(p *Page) { p.Status(r.Outcome) })
	if strings.Count(text, "bob *\n") != 3 || !strings.HasSuffix(text, "\n\n  * bob holds the lock, and was never told: unless bob asks again, nobody will\n    release it\n") || strings.Contains(text, "LAST SEEN") {
		t.Errorf("got\n%s", text)
	}
	r.Untold = "alice"
	if text := print(DefaultWidth, func(p *Page) { p.Status(r.Outcome) }); strings.Contains(text, "bob *") {
		t.Errorf("got\n%s", text)
	}
}

// JSON is for programs: nothing is escaped for HTML, and an error is not lost.
func TestJSON(t *testing.T) {
	var out bytes.Buffer
	if err := (&Console{Out: &out}).JSON("  ", map[string]string{"a": "<b> & c"}, 1); err != nil || out.String() != "{\n  \"a\": \"<b> & c\"\n}\n1\n" {
		t.Errorf("%v: %s", err, out.String())
	}
	if err := (&Console{Out: failing{}}).JSON("", 1); err == nil {
		t.Error("an error is lost")
	}
}

// A scenario that is impossible, or an output that is full, is an error of who tells it.
func TestTellAll(t *testing.T) {
	r := ran(t, "two-winners")
	c := &Console{Out: failing{}, Err: io.Discard, Width: DefaultWidth}
	p := c.Page()
	p.WriteString("head")
	if _, err := c.TellAll(p, r.Scenario); err == nil {
		t.Error("an error is lost")
	}
	var out bytes.Buffer
	c.Out = &out
	p = c.Page()
	p.WriteString("head\n")
	if run, err := c.TellAll(p, r.Scenario); err != nil || run.Events != r.Events || !strings.HasPrefix(out.String(), "head\nTwo winners") {
		t.Errorf("%v: %.99s", err, out.String())
	}
	file, err := scenarios.Decode("x", []byte("format: 1\ninstances: [a, b]\nschedule: |\n  timeout a\n"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := file.Compile(scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	e := &Exit{}
	if _, err := c.TellAll(p, s); !errors.As(err, &e) || e.Code != ExitUsage || !strings.Contains(e.Message, "impossible") {
		t.Errorf("got %v", err)
	}
}
