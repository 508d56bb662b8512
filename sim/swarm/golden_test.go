package swarm

import (
	"bytes"
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
	"testing"
	"text/tabwriter"

	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/trace"
)

var update = flag.Bool("update", false, "write the golden files anew")

// What is said of knobs, counters, aims and profiles, and what seeds draw, is pinned: a seed
// that somebody has found means the same run elsewhere, and tomorrow.
func TestGolden(t *testing.T) {
	var text bytes.Buffer
	w := tabwriter.NewWriter(&text, 0, 1, 1, ' ', 0)
	for _, k := range KnobTable() {
		fmt.Fprintf(w, "%s\tpart %d\tbase %d\tunit %d\t%d..%d\t%s\t%s\n", k.Name, k.Part, k.Base, k.Unit, k.Least, k.Most, k.Risk, k.About)
	}
	for _, c := range CounterTable() {
		fmt.Fprintf(w, "%s\t%s\n", c.Name, c.About)
	}
	w.Flush()
	var on Knobs
	for k := range on {
		on[k] = Span{1, 2}
	}
	missed, _ := (&Met{Acquires: 1, Releases: 1}).Missed(&on)
	fmt.Fprintln(&text, "\nall that can be missed:")
	for _, c := range missed {
		fmt.Fprintf(&text, "  %s\n", c.Name)
	}
	for _, p := range Profiles() {
		fmt.Fprintf(&text, "\n%s: %s\n", p.Name, p.About)
		for k, span := range p.Knobs {
			if span.Is() {
				fmt.Fprintf(&text, "  %s %d..%d\n", knobTable[k].Name, span.Low, span.High)
			}
		}
	}
	fmt.Fprintln(&text)
	for _, n := range []int{0, 25, 26, 27, 51, 52, 78} {
		fmt.Fprintf(&text, "instance and client %d: %s %s\n", n, InstanceName(n), ClientName(n))
	}
	plansOf(&text, t)

	const file = "testdata/swarm.golden"
	if *update {
		if err := os.WriteFile(file, text.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines, wanted := bytes.Split(text.Bytes(), []byte("\n")), bytes.Split(want, []byte("\n"))
	for i := range min(len(lines), len(wanted)) {
		if !bytes.Equal(lines[i], wanted[i]) {
			t.Fatalf("line %d is\n%s, not\n%s", i+1, lines[i], wanted[i])
		}
	}
	if len(lines) != len(wanted) {
		t.Errorf("%d lines, not %d", len(lines), len(wanted))
	}
}

// plansOf writes the digests of what seeds draw of many settings.
func plansOf(text *bytes.Buffer, t *testing.T) {
	settings := map[string]*Setting{}
	var names []string
	add := func(name string, set *Setting) {
		names = append(names, name)
		settings[name] = set
	}
	for _, p := range Profiles() {
		add(p.Name, settingOf(t, "sound", p.Name))
	}
	every := settingOf(t, "timeouts", "all")
	for k, info := range knobTable {
		if !every.Knobs[k].Is() {
			every.Knobs[k] = Span{info.Least, min(info.Most, 10*info.Least+5)}
		}
	}
	every.Knobs[Timeout], every.Knobs[Wipes], every.Knobs[Tears] = Span{50 * ms, s}, Span{0, 2}, Span{0, 2}
	add("every knob", every)
	few := settingOf(t, "sequential", "all")
	few.Knobs[Increments], few.Knobs[Timeout], few.Knobs[TailLatency] = Span{}, Span{}, Span{}
	add("without what is then chosen to suit", few)
	for _, stretch := range []bool{false, true} {
		for _, progress := range []check.Progress{{}, {From: 2 * trace.Second, Within: trace.Second}} {
			set := baseSetting(t, 3)
			set.Base.Stretch, set.Base.Progress = stretch, progress
			add(fmt.Sprintf("base, stretched: %v, demand: %v", stretch, progress != check.Progress{}), set)
		}
	}
	later := baseSetting(t, 4)
	later.Base.Timetable.Clients, later.Base.Timetable.Calm = draw(new(Plan), settings["all"], 1).Timetable.Clients[:1], 9*trace.Second
	later.Base.Progress, later.Knobs[Latency] = check.Progress{From: 300 * trace.Second, Within: 1}, Span{ms, 9 * ms}
	add("base with clients, calm late, other latencies", later)
	var p Plan
	for _, name := range names {
		sum := sha256.New()
		for seed := range uint64(200) {
			fmt.Fprintln(sum, decisive(draw(&p, settings[name], seed)))
		}
		fmt.Fprintf(text, "200 plans of %s: %x\n", name, sum.Sum(nil)[:8])
	}
}

// Where two runs of a seed differ, the lines in which they do are told, in both.
func TestDifferenceIsTold(t *testing.T) {
	set := settingOf(t, "sound", "none")
	trial := NewTrial(set)
	for _, c := range []struct {
		change  func(p *Plan)
		was, is bool
	}{
		{func(*Plan) {}, false, false},
		{func(p *Plan) { p.Timetable.Clients[0].Start++ }, true, true},
		{func(p *Plan) { p.Timetable.Budget = 5 }, true, false},
		{func(p *Plan) {
			p.Timetable.Timeline = append(p.Timetable.Timeline, sim.Decision{At: trace.Time(hour), Kind: sim.EndPartition})
		}, false, true},
	} {
		trial.disturb = c.change
		_, differs := trial.RunTwice(3)
		was, is := trial.Difference()
		if (was != "") != c.was || (is != "") != c.is || (differs > 0) != (c.was || c.is) || was == is && differs > 0 {
			t.Errorf("event %d was %q, and is %q", differs, was, is)
		}
		for _, line := range []string{was, is} {
			if line != "" && !bytes.HasPrefix([]byte(line), fmt.Appendf(nil, `{"number":%d,`, differs)) {
				t.Errorf("event %d is told as %s", differs, line)
			}
		}
	}
}
