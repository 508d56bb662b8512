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
	"regexp"
	"strconv"
	"strings"
	"testing"

	"skinny/scenarios"
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
