package draw

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"skinny/scenarios"
	"skinny/sim/check"
	"skinny/sim/prose"
	"skinny/sim/render"
	"skinny/sim/trace"
)

var update = flag.Bool("update", false, "draw the pictures of the docs and the golden files anew")

var everything = Options{Only: trace.None}

func load(t testing.TB, name string, o scenarios.Overrides) *Run {
	t.Helper()
	s, err := scenarios.Load(name, o)
	if err != nil {
		t.Fatal(err)
	}
	r, err := New(s, func() bool { return false })
	if err != nil {
		t.Fatal(err)
	}
	r.Again = "skinny run " + name
	return r
}

func (r *Run) drawn(t testing.TB, format string, o Options) string {
	t.Helper()
	var b bytes.Buffer
	for _, f := range Formats() {
		if f.Name != format {
			continue
		}
		if err := r.Write(&b, &f, o); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(b.String(), f.Starts) {
			t.Errorf("a file of format %s begins with %.40q", format, b.String())
		}
	}
	return b.String()
}

// golden compares a text with a file.
func golden(t *testing.T, path, got string) {
	t.Helper()
	path = filepath.FromSlash(path)
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
		t.Errorf("%s is no longer what is drawn; `go test ./cmd/internal/draw -update` draws it anew", path)
	}
}

// The pictures of the docs are those that the program draws.
func TestPicturesOfTheDocs(t *testing.T) {
	for _, name := range []string{"typical", "two-winners", "two-winners-sound", "amnesia", "blocked-proposers", "long-pause"} {
		golden(t, "../../../docs/pictures/"+name+".svg", load(t, name, scenarios.Overrides{}).drawn(t, "svg", everything))
	}
	names, err := filepath.Glob("../../../docs/pictures/*")
	if err != nil || len(names) != 6 {
		t.Errorf("there are %d pictures in the docs, of which 6 are drawn here: %v", len(names), err)
	}
}

// What other tools read is small enough to be read by people, too.
func TestGoldenFiles(t *testing.T) {
	for _, c := range []struct {
		file, scenario, format string
		o                      Options
	}{
		{"two-winners.mmd", "two-winners", "mermaid", everything},
		{"faults.mmd", "testdata/faults.yaml", "mermaid", everything},
		{"old-commit-only-b.mmd", "old-commit", "mermaid", Options{Only: 1, From: 3, To: 40}},
		{"two-winners.shiviz", "two-winners", "shiviz", everything},
		{"faults.shiviz", "testdata/faults.yaml", "shiviz", everything},
		{"acquired-alone.itf.json", "acquired-alone", "itf", Options{Only: trace.None, To: 8}},
	} {
		golden(t, "testdata/"+c.file, load(t, c.scenario, scenarios.Overrides{}).drawn(t, c.format, c.o))
	}
}

// A page as it is read, without its picture, its script and its styles.
func TestPageIsTold(t *testing.T) {
	left := regexp.MustCompile(`(?s)(<figure id="picture">).*?(</figure>)|(<(?:style|script)>).*?(</(?:style|script)>)|sha256-[^']*`)
	for _, c := range []struct {
		file, scenario string
		o              Options
	}{
		{"two-winners.html", "two-winners", Options{Only: trace.None, At: 24}},
		{"faults-only-b.html", "testdata/faults.yaml", Options{Only: 1, From: 4, To: 40}},
	} {
		r := load(t, c.scenario, scenarios.Overrides{})
		r.Scenario.About = strings.TrimSpace(r.Scenario.About) + "\n\nA second <paragraph>.\n"
		golden(t, "testdata/"+c.file, left.ReplaceAllString(r.drawn(t, "html", c.o), "$1$3…$2$4"))
	}
}

// A page's picture is the plain one: what stands around it and in it is the page's.
func TestPictureOfAPage(t *testing.T) {
	r := load(t, "two-winners", scenarios.Overrides{})
	picture := regexp.MustCompile(`(?s)<figure id="picture">\n(.*?)</figure>`)
	plain := picture.FindStringSubmatch(r.drawn(t, "html", everything))[1]
	for _, text := range []string{"<title>", r.Scenario.Title + "</text>", "edition published ·"} {
		if strings.Contains(plain, text) {
			t.Errorf("it has %q", text)
		}
	}
	if picture.FindStringSubmatch(r.drawn(t, "html", Options{Only: trace.None, At: 20}))[1] != plain {
		t.Error("it is another if the page begins elsewhere")
	}
	if !strings.Contains(plain, `id="e30"`) || !strings.HasPrefix(plain, "<svg ") {
		t.Errorf("it is no picture: %.99s", plain)
	}
}

// In the end a page says of every property what is known.
func TestVerdictsOfAPage(t *testing.T) {
	r := load(t, "two-winners", scenarios.Overrides{})
	r.Outcome.Verdicts = []check.Verdict{
		{Property: "x<1", State: check.Violated, Event: 7, Why: prose.Of("since ", prose.At(3))}, {Property: "x<2", State: check.Undecided, Why: prose.Of("a&b")},
		{Property: "x<3", State: check.NotJudged, Why: prose.Of("c&d")}, {Property: "x<4", State: check.Kept},
	}
	page := r.drawn(t, "html", everything)
	for _, part := range []string{
		`<p class="bad"><strong>✗ x&lt;1</strong> is violated by <a href="#s7">event 7</a>: since <a href="#s3">event 3</a></p>`,
		`<div class="bad"><strong>✗ x&lt;1</strong>: since <a href="#s3">event 3</a></div>`,
		`<li data-e="7" data-unbroken="✓"><span></span> x&lt;1</li>`, `<li data-e="0" data-unbroken="?"><span></span> x&lt;2</li>`,
		`<li data-e="0" data-unbroken="?"><span></span> x&lt;3</li>`, `<li data-e="0" data-unbroken="✓"><span></span> x&lt;4</li>`,
		`<li class="bad">✗ x&lt;1: violated by <a href="#s7">event 7</a></li>`, "<li>? x&lt;2: undecided: a&amp;b</li>", "<li>? x&lt;3: not judged: c&amp;d</li>", "<li>✓ x&lt;4: kept</li>",
	} {
		if strings.Count(page, part) != 1 {
			t.Errorf("it has not %s", part)
		}
	}
}

// A picture has what was asked for: reasons, marks, a hand-out with what it is, and of one
// instance what it has to do with, besides what breaks.
func TestSheet(t *testing.T) {
	r := load(t, "two-winners", scenarios.Overrides{})
	all := r.Len()
	s := r.sheet(&Options{Only: trace.None, From: 1, To: all})
	if s.Tall || s.Blank || s.At != 0 || s.Shown != nil || s.Title != r.Scenario.Title || s.Subtitle != "edition published · 3 instances · seed 1" {
		t.Errorf("of everything: %+v", s)
	}
	if want := "A space-time diagram: a lane for each instance and client, time growing downwards, messages as arrows. By event "; !strings.HasPrefix(s.About, want) || !strings.Contains(s.About, ", mutual-exclusion is violated: ") {
		t.Errorf("it is about %q", s.About)
	}
	notes := 0
	reasons := r.sheet(&Options{Only: trace.None, From: 1, To: all, Reasons: true})
	for n := 1; n <= all; n++ {
		broken, why := r.broken(n), r.lines[n-1].Why
		var want []render.Note
		for _, v := range broken {
			want = append(want, render.Note{Head: v.Property, Text: v.Why.String()})
		}
		if got := s.Notes(n); !slices.Equal(got, want) {
			t.Errorf("beside event %d there is %v", n, got)
		}
		notes += len(want)
		if !why.Empty() {
			want = append([]render.Note{{Text: why.String()}}, want...)
		}
		if got := reasons.Notes(n); !slices.Equal(got, want) {
			t.Errorf("with reasons, beside event %d there is %v", n, got)
		}
		if tip := s.Tip(n); !strings.Contains(tip, ": "+r.lines[n-1].What.String()) || !why.Empty() && !strings.HasSuffix(tip, " · "+why.String()) || why.Empty() && strings.Contains(tip, " · ") {
			t.Errorf("event %d is told as %q", n, tip)
		}
	}
	if notes == 0 || !reasons.Tall {
		t.Errorf("%d notes, tall %v", notes, reasons.Tall)
	}
	blank := r.sheet(&Options{Only: 1, From: 3, To: 9, At: 4, Blank: true})
	if !blank.Blank || blank.At != 4 || !strings.HasPrefix(blank.About, "A hand-out: ") || blank.Subtitle != "edition published · 3 instances · seed 1 · events 3 to 9 of 30 · only b" {
		t.Errorf("a hand-out: %+v", blank)
	}
	for _, o := range []Options{{From: 2, To: all}, {From: 1, To: all - 1}} {
		o.Only = trace.None
		if got, want := r.facts(&o), fmt.Sprintf(" · events %d to %d of 30", o.From, o.To); !strings.HasSuffix(got, want) {
			t.Errorf("%+v: %q", o, got)
		}
	}
}

// What is outside of the run, or of what is drawn of it, is no event to begin, end or mark.
func TestWindows(t *testing.T) {
	r := load(t, "two-winners", scenarios.Overrides{})
	n := r.Len()
	for _, c := range []struct {
		o    Options
		want string
	}{
		{Options{}, ""}, {Options{From: n, To: n, At: n}, ""}, {Options{From: 3, To: 9, At: 3}, ""}, {Options{From: 3, To: 9, At: 9}, ""}, {Options{At: n}, ""},
		{Options{To: n + 1}, "the run has 30 events"}, {Options{From: n + 1}, "the run has 30 events"}, {Options{From: 5, To: 4}, "--from 5 is after --to 4"},
		{Options{From: 3, To: 9, At: 2}, "event 2 of --at is not drawn: events 3 to 9 are"}, {Options{To: 9, At: 10}, "event 10 of --at is not drawn: events 1 to 9 are"},
		{Options{Only: 2, At: 13}, "event 13 of --at is not drawn: it is not about c"}, {Options{Only: 2, At: 24}, ""}, // where a property breaks
		{Options{Only: 2, From: 21, To: 23}, "none of events 21 to 23 is about c"}, {Options{Only: 2, From: 21, To: 24}, ""},
	} {
		if c.o.Only == 0 {
			c.o.Only = trace.None
		}
		err := r.Write(io.Discard, &Formats()[0], c.o)
		if err == nil && c.want != "" || err != nil && err.Error() != c.want {
			t.Errorf("%+v: %v, want %q", c.o, err, c.want)
		}
	}
	r.Events = nil
	if err := r.Write(io.Discard, &Formats()[0], everything); err == nil || err.Error() != "nothing happens in this run" {
		t.Errorf("of nothing: %v", err)
	}
}

// A trace in ITF of a part has the states of the whole one: that before its first event, and
// those after the events that are shown.
func TestITFOfAPart(t *testing.T) {
	type states = []map[string]any
	read := func(text string) states {
		var file struct{ States states }
		if err := json.Unmarshal([]byte(text), &file); err != nil {
			t.Fatal(err)
		}
		return file.States
	}
	r := load(t, "testdata/faults.yaml", scenarios.Overrides{})
	whole := read(r.drawn(t, "itf", everything))
	for _, o := range []Options{{Only: trace.None, From: 1, To: 7}, {Only: trace.None, From: 9, To: 20}, {Only: 1}, {Only: 2, From: 5, To: 50}} {
		part, index := read(r.drawn(t, "itf", o)), 0
		for n := max(o.From, 1) - 1; n <= r.Len() && (o.To == 0 || n <= o.To); n++ {
			if n >= max(o.From, 1) && !o.shows(r.Event(n)) {
				continue
			}
			if index == len(part) {
				t.Errorf("%+v: there are %d states", o, len(part))
				break
			}
			whole[n]["#meta"].(map[string]any)["index"] = float64(index)
			if !reflect.DeepEqual(part[index], whole[n]) {
				t.Errorf("%+v: state %d is\n%v\nwant\n%v", o, index, part[index], whole[n])
			}
			index++
		}
		if index != len(part) {
			t.Errorf("%+v: there are %d states, want %d", o, len(part), index)
		}
	}
}

// Who follows one instance sees what breaks a property at another one, too.
func TestOnlyShowsWhatBreaks(t *testing.T) {
	r := load(t, "two-winners", scenarios.Overrides{})
	o := Options{From: 1, To: r.Len(), Only: 2}
	shown, broken := r.sheet(&o).Shown, 0
	var page bytes.Buffer
	if err := r.html(&page, &o); err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= r.Len(); n++ {
		elsewhere := len(r.broken(n)) > 0 && !o.shows(r.Event(n))
		if elsewhere {
			broken++
		}
		if shown(n) != (elsewhere || o.shows(r.Event(n))) {
			t.Errorf("event %d is shown: %v", n, shown(n))
		}
		if told := strings.Contains(page.String(), fmt.Sprintf(`<tr id="s%d"`, n)); told != shown(n) {
			t.Errorf("event %d is told: %v", n, told)
		}
	}
	if broken == 0 {
		t.Error("nothing breaks at another instance")
	}
}

// ShiViz demands that a host's clock, which its first event sets to 1, counts its
// events, whatever is left out.
func TestShiVizClocks(t *testing.T) {
	entry := regexp.MustCompile(`(?m)^(.*)\n(\S*) ({.*})$`)
	for _, o := range []Options{everything, {Only: trace.None, From: 9, To: 40}, {Only: 1}} {
		for _, name := range []string{"two-winners", "jumping", "testdata/faults.yaml", "experiment-three"} {
			r := load(t, name, scenarios.Overrides{})
			o.To = min(o.To, r.Len())
			head, log, _ := strings.Cut(r.drawn(t, "shiviz", o), "\n\n")
			if head != shivizParser {
				t.Errorf("the head is %q", head)
			}
			seen := map[string]int{}
			entries := entry.FindAllStringSubmatch(log, -1)
			if lines := strings.Count(log, "\n"); lines != 2*len(entries) || lines == 0 {
				t.Errorf("%s: %d lines have %d entries", name, lines, len(entries))
			}
			for _, m := range entries {
				clock := map[string]int{}
				if err := json.Unmarshal([]byte(m[3]), &clock); err != nil {
					t.Fatal(err)
				}
				host := m[2]
				if seen[host]++; clock[host] != seen[host] {
					t.Errorf("%s: event %d of %s has the clock %v", name, seen[host], host, clock)
				}
				for other, n := range clock {
					if n > seen[other] {
						t.Errorf("%s: %s knows of event %d of %s, which has not happened", name, host, n, other)
					}
				}
			}
		}
	}
}

// A log of a part tells the events of the part that are shown, and what clients are told by
// them, each where it happens.
func TestShiVizOfAPart(t *testing.T) {
	entry := regexp.MustCompile(`(?m)^(\d+) (\([^)]*\)|is told .*)`)
	for _, name := range []string{"two-winners", "testdata/faults.yaml"} {
		r := load(t, name, scenarios.Overrides{})
		for _, o := range []Options{{Only: trace.None, From: 9, To: 25}, {Only: 1, To: 28}, {Only: 2, From: 5, To: 30}} {
			var want, got []string
			for n := max(o.From, 1); n <= o.To; n++ {
				e := r.Event(n)
				if !o.shows(e) {
					continue
				}
				want = append(want, fmt.Sprintf("%d (%d ns)", n, e.At))
				if e.Kind == trace.Answer && e.Direct {
					want = append(want, fmt.Sprintf("%d is told %s", n, e.Outcome))
				}
			}
			got = append(got, entry.FindAllString(r.drawn(t, "shiviz", o), -1)...)
			if !slices.Equal(got, want) {
				t.Errorf("%s, %+v: it has %q, want %q", name, o, got, want)
			}
		}
	}
}

// A file of one format is not taken for one of another, and each says what it is for.
func TestFormatsAreTold(t *testing.T) {
	formats := Formats()
	endings := map[string]bool{}
	for i, f := range formats {
		if f.About == "" || len(f.Endings) == 0 || len(f.Starts) < 5 || f.Marks != (f.Name == "svg" || f.Name == "html") {
			t.Errorf("%s is about %q, starts with %q, marks %v", f.Name, f.About, f.Starts, f.Marks)
		}
		for k, o := range formats {
			if i != k && strings.HasPrefix(f.Starts, o.Starts) {
				t.Errorf("%s begins as %s does", f.Name, o.Name)
			}
		}
		for _, ending := range f.Endings {
			if endings[ending] {
				t.Errorf("two formats have the ending %s", ending)
			}
			endings[ending] = true
		}
	}
}

// full is an output that takes nothing.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("full") }

// An output that takes nothing is no success.
func TestFullOutput(t *testing.T) {
	r := load(t, "two-winners", scenarios.Overrides{})
	for _, f := range Formats() {
		if err := r.Write(full{}, &f, everything); err == nil || err.Error() != "full" {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
	file, err := scenarios.Decode("x", []byte("format: 1\ninstances: [a, b]\nschedule: |\n  timeout a\n"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := file.Compile(scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := New(s, func() bool { return false }); err == nil || !strings.Contains(err.Error(), "impossible") {
		t.Errorf("what is impossible is drawn: %v", err)
	}
}

// A trace in ITF has a state before the first event and one after each, with the
// same variables.
func TestITF(t *testing.T) {
	r := load(t, "amnesia", scenarios.Overrides{})
	var file struct {
		Meta   map[string]any   `json:"#meta"`
		Vars   []string         `json:"vars"`
		States []map[string]any `json:"states"`
	}
	if err := json.Unmarshal([]byte(r.drawn(t, "itf", everything)), &file); err != nil {
		t.Fatal(err)
	}
	if len(file.States) != r.Len()+1 || file.Meta["format"] != "ITF" {
		t.Errorf("%d events have %d states, #meta is %v", r.Len(), len(file.States), file.Meta)
	}
	for i, s := range file.States {
		if meta := s["#meta"].(map[string]any); meta["index"] != float64(i) {
			t.Errorf("state %d has #meta %v", i, meta)
		}
		if len(s) != len(file.Vars)+1 {
			t.Errorf("state %d has %d variables", i, len(s)-1)
		}
		for _, v := range file.Vars {
			if _, ok := s[v]; !ok {
				t.Errorf("state %d has no %s", i, v)
			}
		}
	}
	if holding, _ := json.Marshal(file.States[r.Len()]["holding"]); string(holding) != `{"#set":["alice","bob"]}` {
		t.Errorf("in the end, %s hold the lock", holding)
	}
}

// A page needs nothing else, is small enough to be sent, tells every event, and has
// a policy that lets only its own script and styles work.
func TestPage(t *testing.T) {
	for _, e := range scenarios.Library() {
		r := load(t, e.Name, scenarios.Overrides{})
		page := r.drawn(t, "html", everything)
		if size := len(page); e.Name == "two-winners" && size > 300_000 {
			t.Errorf("the page of two-winners has %d bytes", size)
		}
		for n := 1; n <= r.Len(); n++ {
			for _, id := range []string{`id="s`, `id="e`} {
				if strings.Count(page, id+strconv.Itoa(n)+`"`) != 1 {
					t.Fatalf("%s: there is not one %s%d", e.Name, id, n)
				}
			}
		}
		checkPolicy(t, page)
	}
}

func checkPolicy(t *testing.T, page string) {
	t.Helper()
	if strings.Contains(page, "://") && strings.Count(page, "://") != strings.Count(page, "http://www.w3.org/2000/svg") {
		t.Error("the page has an address from outside")
	}
	policy := regexp.MustCompile(`Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(page)
	if policy == nil {
		t.Fatal("the page has no policy")
	}
	if strings.Contains(policy[1], "unsafe") || !strings.HasPrefix(policy[1], "default-src 'none';") {
		t.Errorf("the policy is %s", policy[1])
	}
	inside := regexp.MustCompile(`(?s)<(script|style)>(.*?)</(?:script|style)>`).FindAllStringSubmatch(page, -1)
	if len(inside) != 3 {
		t.Errorf("the page has %d scripts and styles", len(inside))
	}
	for _, m := range inside {
		if !strings.Contains(policy[1], hashed(m[2])) {
			t.Errorf("the policy forbids a %s of the page", m[1])
		}
	}
	// Quotation marks of texts are escaped.
	bare := regexp.MustCompile(`(?s)<(script|style)>.*?</(script|style)>|"[^"]*"`).ReplaceAllString(page, "")
	if m := regexp.MustCompile(`<[^>]* (on\w+|style|src)=`).FindString(bare); m != "" {
		t.Errorf("the page has %s", m)
	}
}

// Whatever a scenario is called, it is text.
func TestHostileTexts(t *testing.T) {
	r := load(t, "two-winners", scenarios.Overrides{})
	evil := `</title><script>alert(1)</script><img src=x onerror=alert(1)> & " ' <!-- ]]>` + "\x00\x1b\u202e\xff\nend\n"
	r.Scenario.Title, r.Scenario.About, r.Again = evil, evil+"\n\n"+evil, evil
	h := *r.diagram.Header
	h.Instances, h.Holders = []string{evil, "end", "a b"}, []string{evil + "2", "a b"}
	r.diagram.Header, r.diagram.Actors = &h, render.ActorsOf(&h, r)
	for i := range r.lines {
		r.lines[i].From.Name, r.lines[i].To.Name = evil, evil
	}
	page := r.drawn(t, "html", everything)
	checkPolicy(t, page)
	for _, format := range []string{"svg", "html"} {
		text := r.drawn(t, format, everything)
		if strings.Contains(text, "<script>alert") || strings.Contains(text, "<img") || strings.ContainsAny(text, "\x00\x1b\u202e") {
			t.Errorf("markup or a control character gets into %s", format)
		}
	}
	for d := xml.NewDecoder(strings.NewReader(r.drawn(t, "svg", everything))); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	diagram := r.drawn(t, "mermaid", everything)
	if strings.Contains(diagram, "<") || strings.ContainsAny(diagram, "\x00\x1b") {
		t.Errorf("markup gets into a diagram:\n%s", diagram)
	}
	for _, line := range strings.Split(strings.TrimSuffix(diagram, "\n"), "\n")[1:] {
		if !strings.HasPrefix(line, "  ") || strings.TrimSpace(line) == "end" && strings.Count(diagram, "  rect") == 0 {
			t.Errorf("a text became a line of its own: %q", line)
		}
	}
	golden(t, "testdata/hostile.mmd", diagram) // which .ci/run has rendered
	if !json.Valid([]byte(r.drawn(t, "itf", everything))) {
		t.Error("the ITF is no JSON")
	}
}

// Whoever is called alike has another name in the file, and so has whoever is called that.
func TestShivizNames(t *testing.T) {
	r := load(t, "two-winners", scenarios.Overrides{})
	h := r.Header()
	h.Instances, h.Holders = []string{"a", "a'", "a b"}, []string{"a", "network"}
	if got := strings.Join(r.newHosts().names, " "); got != "a a' a_b a'' network operator network'" {
		t.Error(got)
	}
}

// What GitHub would not render is not written.
func TestMermaidLimit(t *testing.T) {
	r := load(t, "two-winners", scenarios.Overrides{})
	r.Scenario.Title = strings.Repeat("ö", render.MermaidLimit)
	var b bytes.Buffer
	err := r.Write(&b, &Formats()[2], everything)
	if err == nil || !strings.Contains(err.Error(), "--from and --to") || b.Len() > 0 {
		t.Errorf("%d bytes are written, and the error is %v", b.Len(), err)
	}
}
