package render_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mattn/go-runewidth"
	"pgregory.net/rapid"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim/render"
	"skinny/sim/trace"
)

var update = flag.Bool("update", false, "write the golden files anew")

// run is a scenario that has been run, and its diagram.
type run struct {
	render.Diagram
	size int
}

func open(t testing.TB, name string, data []byte) *run {
	t.Helper()
	var file *scenarios.File
	var err error
	if data == nil {
		file, err = scenarios.Open(name)
	} else {
		file, err = scenarios.Decode(name, data)
	}
	if err != nil {
		t.Fatal(err)
	}
	s, err := file.Compile(scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	log := &trace.Log{}
	if _, err := s.Run(log); err != nil {
		t.Fatal(err)
	}
	r := &run{size: s.Cluster.Size()}
	r.Header, r.Events = s.Header(), log
	var clients []protocol.Holder
	for i := range s.Cluster.Holders {
		clients = append(clients, protocol.Holder(i+1))
	}
	operator := slices.ContainsFunc(log.Events, func(e trace.Event) bool { return e.Operation.Kind == protocol.Status })
	r.Actors = render.Actors(r.Header, clients, operator)
	return r
}

// before is a window that knows how everybody stands before its first event.
func (r *run) before(w render.Window) render.Window {
	w.Before = trace.NewFollower(r.Header)
	for n := 1; n < w.First; n++ {
		w.Before.Observe(r.Events.Event(n))
	}
	return w
}

func (r *run) draw(w render.Window) string {
	w = r.before(w)
	var b strings.Builder
	for _, row := range append(r.Head(w), r.Draw(w)...) {
		b.WriteString(strings.TrimRight(text(row), " ") + "\n")
	}
	return b.String()
}

func text(r render.Row) string {
	columns := make([]string, len(r.Cells))
	for x, c := range r.Cells {
		if c.Rune != 0 {
			columns[x] = string(c.Rune)
		}
	}
	for _, n := range r.Names {
		name := runewidth.Truncate(n.Text, max(len(columns)-n.X, 0), "")
		for i, r := range []rune(name) {
			columns[n.X+i] = string(r)
		}
	}
	return strings.Join(columns, "")
}

// faults is what the library does not show: every fault, refused and duplicated
// messages, and clients that are far away.
const faults = `
format: 1
edition: published
instances: [a, b, c]
network: {client-latency: 3ms}
timeline:
  - {at: 0ms, acquire: alice, via: a}
  - {at: 2ms, acquire: eve, via: c, timeout: 5ms}
  - {at: 4ms, cut: a -> c}
  - {at: 20ms, mend: a -> c}
  - {at: 21ms, partition: [[a, b], [c]]}
  - {at: 22ms, heal: all}
  - {at: 30ms, crash: b, host: up}
  - {at: 540ms, acquire: bob, via: a}
  - {at: 600ms, restart: b}
  - {at: 610ms, pause: c}
  - {at: 1100ms, status: b}
  - {at: 1200ms, resume: c}
messages:
  - {duplicate: promise-request, from: a, to: b, nth: 1, after: 4ms}
  - {refuse: promise-request, from: c, to: b, nth: 1}
`

func TestDiagrams(t *testing.T) {
	cases := []struct {
		name string
		data []byte
		w    render.Window
	}{
		{"two-winners", nil, render.Window{Width: 40}},
		{"two-winners", nil, render.Window{Width: 80}},
		{"two-winners", nil, render.Window{Width: 40, First: 17, Rows: 8}},
		{"two-winners", nil, render.Window{Width: 40, Skip: 2}},
		{"typical", nil, render.Window{Width: 40}},
		{"experiment-three-early", nil, render.Window{Width: 50}},
		{"long-pause", nil, render.Window{Width: 40}},
		{"blocked-proposers-sound", nil, render.Window{Width: 40, Rows: 40}},
		{"faults", []byte(faults), render.Window{Width: 60}},
	}
	for _, c := range cases {
		name := fmt.Sprintf("%s-%d", c.name, c.w.Width)
		if c.w.First > 0 {
			name += fmt.Sprintf("-from-%d", c.w.First)
		}
		if c.w.Skip > 0 {
			name += fmt.Sprintf("-skip-%d", c.w.Skip)
		}
		t.Run(name, func(t *testing.T) {
			r := open(t, c.name, c.data)
			c.w.First = max(c.w.First, 1)
			if c.w.Rows == 0 {
				c.w.Rows = r.Events.Len()
			}
			got := r.draw(c.w)
			path := filepath.Join("testdata", name+".txt")
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s: the diagram is\n%s\nand was\n%s\n`go test ./sim/render -update` writes it anew", path, got, want)
			}
		})
	}
}

// Any window of any run has one row for each event, as wide as the window; what
// arrives has its arrow's head beside the lane, or its end.
func TestAnyWindow(t *testing.T) {
	var runs []*run
	for _, e := range scenarios.Library() {
		runs = append(runs, open(t, e.Name, nil))
	}
	runs = append(runs, open(t, "faults", []byte(faults)))
	rapid.Check(t, func(t *rapid.T) {
		r := runs[rapid.IntRange(0, len(runs)-1).Draw(t, "run")]
		w := render.Window{
			First: rapid.IntRange(1, r.Events.Len()).Draw(t, "first"),
			Rows:  rapid.IntRange(1, 60).Draw(t, "rows"),
			Width: rapid.IntRange(1, 200).Draw(t, "width"),
			Skip:  rapid.IntRange(0, len(r.Actors)).Draw(t, "skip"),
		}
		w = r.before(w)
		rows := r.Draw(w)
		if want := min(w.Rows, r.Events.Len()-w.First+1); len(rows) != want {
			t.Fatalf("%d rows, not %d", len(rows), want)
		}
		for i, row := range append(rows, r.Head(w)...) {
			if len(row.Cells) != w.Width || runewidth.StringWidth(text(row)) > w.Width {
				t.Fatalf("row %d is %d columns wide, not %d", i, len(row.Cells), w.Width)
			}
		}
		if w.Width < 20+4*len(r.Actors) || w.Skip > 0 {
			return // not everything is in the window
		}
		for _, row := range rows {
			e := r.Events.Event(row.Event)
			arrives := e.Kind == trace.Promise || e.Kind == trace.Accept || e.Kind == trace.Count
			if k := r.Events.Event(max(e.Cause, 1)).Kind; arrives && k != trace.Wait && k != trace.Hold && e.Peer != trace.None {
				if line := text(row); !strings.ContainsAny(line, "▶◀") {
					t.Fatalf("nothing arrives in the row of event %d: %s", e.Number, line)
				}
			}
			if e.Kind == trace.Lose && !strings.Contains(text(row), "✗") {
				t.Fatalf("nothing is lost in the row of event %d: %s", e.Number, text(row))
			}
		}
	})
}

// Links are cut and mended over their whole length, and the head shows the way.
func TestCutAndMended(t *testing.T) {
	log := &trace.Log{}
	for n, e := range []trace.Event{{Kind: trace.Cut, Instance: 0, Peer: 2}, {Kind: trace.Mend, Instance: 0, Peer: 2}, {Kind: trace.Mend, Instance: 2, Peer: 1}} {
		e.Number = n + 1
		log.Observe(&e)
	}
	r := run{size: 3}
	r.Header = &trace.Header{Instances: []string{"a", "b", "c"}}
	r.Events, r.Actors = log, render.Actors(r.Header, nil, false)
	got := r.draw(render.Window{First: 1, Rows: 5, Width: 26})
	want := "\n" + "  ms #    a     b     c\n" + " 0.0 1    │╌╌╌╌╌✗╌╌╌╌╌│\n" + "     2    │╌╌╌╌╌╌╌╌╌╌▶│\n" + "     3    │     │◀╌╌╌╌│\n"
	if got != want {
		t.Errorf("it is\n%s\nnot\n%s", got, want)
	}
}

// What is under way at the end stays open.
func TestOpenEnd(t *testing.T) {
	log := &trace.Log{}
	for n, k := range []trace.Kind{trace.Propose, trace.Pause} {
		log.Observe(&trace.Event{Number: n + 1, Kind: k, Peer: trace.None})
	}
	r := run{size: 3}
	r.Header = &trace.Header{Instances: []string{"a", "b", "c"}}
	r.Events = log
	r.Actors = render.Actors(r.Header, nil, false)
	r.Open = []render.Flight{{Sent: 1, From: 0, To: 1}}
	got := r.draw(render.Window{First: 1, Rows: 5, Width: 26})
	want := "\n" + "  ms #    a     b     c\n" + " 0.0 1    P╮    │     │\n" + "     2    Z┊    │     │\n"
	if got != want {
		t.Errorf("it is\n%s\nnot\n%s", got, want)
	}
}
