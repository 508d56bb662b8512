package render_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"skinny/scenarios"
	"skinny/sim/render"
)

// hostile is a run in which every text is something else for somebody. Scenario files
// allow little of it, but the painters do not know that.
func hostile(t testing.TB) *run {
	r := open(t, "faults", []byte(faults))
	r.Header.Title = "</title><script>alert(1)</script> & ]]> \u202e \x00\x1b\x1f \u0085 \" ' <!-- \ufffe \xff"
	r.Header.Instances = []string{"<b>&amp;", "end", "漢字 a;b#c:d\n"}
	r.Header.Holders = []string{"</text>", "\"onload=\"x", strings.Repeat("W", 40)}
	return r
}

// sheet is a whole run on a page, as it is drawn.
func (r *run) sheet(w render.Window) *render.Sheet {
	r.Actors = render.ActorsOf(r.Header, r.Events)
	return &render.Sheet{
		Scene: r.Lay(r.before(w)), Title: r.Header.Title, Subtitle: "edition " + r.Header.Edition,
		Tip: func(event int) string { return fmt.Sprintf("<event> %d", event) },
		Notes: func(event int) []render.Note {
			return slices.Repeat([]render.Note{
				{Text: "a reason that is longer than one line of the margin can be"},
				{Head: "property", Text: "a sentence that says why this is no longer so"},
			}, event%3)
		},
	}
}

func (r *run) whole() render.Window { return render.Window{First: 1, Rows: r.Events.Len()} }

// everything is all bundled scenarios, and what they do not show.
func everything(t testing.TB) map[string]*run {
	runs := map[string]*run{"faults": open(t, "faults", []byte(faults)), "hostile": hostile(t)}
	for _, e := range scenarios.Library() {
		runs[e.Name] = open(t, e.Name, nil)
	}
	return runs
}

// No text of any picture covers another text or a mark, and none leaves the page.
func TestNothingIsCovered(t *testing.T) {
	runs := everything(t)
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(names(runs)).Draw(t, "run")
		r := runs[name]
		w := r.whole()
		if rapid.Bool().Draw(t, "part") {
			w.First = rapid.IntRange(1, r.Events.Len()).Draw(t, "first")
			w.Rows = rapid.IntRange(1, r.Events.Len()).Draw(t, "rows")
		}
		s := r.sheet(w)
		s.Tall = rapid.Bool().Draw(t, "tall")
		if rapid.Bool().Draw(t, "only") {
			s.Shown = func(event int) bool { return event%3 != 0 }
		}
		covered(t, s)
	})
}

func names(runs map[string]*run) []string {
	var list []string
	for name := range runs {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

func TestNothingIsCoveredInTheLibrary(t *testing.T) {
	for name, r := range everything(t) {
		t.Run(name, func(t *testing.T) {
			for _, tall := range []bool{false, true} {
				s := r.sheet(r.whole())
				s.Tall = tall
				covered(t, s)
			}
		})
	}
}

func covered(t rapid.TB, s *render.Sheet) {
	texts, marks, page := s.Boxes()
	for i := range texts {
		a := &texts[i]
		if a.X0 < page.X0 || a.X1 > page.X1 || a.Y0 < page.Y0 || a.Y1 > page.Y1 {
			t.Fatalf("%+v leaves the page, %+v", *a, page)
		}
		for k := range i {
			if a.Overlaps(&texts[k]) {
				t.Fatalf("%+v covers %+v", *a, texts[k])
			}
		}
		for k := range marks {
			if a.Overlaps(&marks[k]) {
				t.Fatalf("%+v covers the mark %+v", *a, marks[k])
			}
		}
	}
}

// Every picture is XML, has an id for each event, and nothing that is active or
// comes from elsewhere.
func TestPicturesAreXML(t *testing.T) {
	for name, r := range everything(t) {
		t.Run(name, func(t *testing.T) {
			for _, blank := range []bool{false, true} {
				s := r.sheet(r.whole())
				s.Blank = blank
				var b bytes.Buffer
				if err := s.WriteSVG(&b); err != nil {
					t.Fatal(err)
				}
				checkXML(t, b.String(), r.Events.Len())
			}
		})
	}
}

func checkXML(t *testing.T, text string, events int) {
	ids := map[string]int{}
	allowed := strings.Fields("svg title desc style defs marker pattern path rect circle text g")
	for d := xml.NewDecoder(strings.NewReader(text)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if !slices.Contains(allowed, start.Name.Local) {
			t.Errorf("there is an element %s", start.Name.Local)
		}
		for _, a := range start.Attr {
			if a.Name.Local == "id" {
				ids[a.Value]++
			}
			if strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "href" || a.Name.Local == "style" ||
				strings.Contains(a.Value, "://") && a.Name.Local != "xmlns" {
				t.Errorf("there is an attribute %s=%q", a.Name.Local, a.Value)
			}
		}
	}
	for n := 1; n <= events; n++ {
		if ids["e"+strconv.Itoa(n)] != 1 {
			t.Errorf("event %d has %d places", n, ids["e"+strconv.Itoa(n)])
		}
	}
	for id, n := range ids {
		if n > 1 {
			t.Errorf("%d elements have the id %s", n, id)
		}
	}
}

// Everything can be read on white and on dark, and what is written on a colour, too.
func TestContrast(t *testing.T) {
	hues := []render.Hue{render.Ink, render.Muted, render.Alarm}
	for i := range render.Colors {
		hues = append(hues, render.Color(int8(i)))
	}
	for _, h := range hues[1:] { // ink is the terminal's own
		for _, ground := range []string{"#ffffff", "#000000"} {
			if c := contrast(t, h.On(render.AnyGround), ground); c < 4.5 {
				t.Errorf("%s: %s on %s has a contrast of %.2f", h.Name, h.On(render.AnyGround), ground, c)
			}
		}
	}
	for _, h := range hues {
		for _, pair := range [][2]string{{h.On(render.LightGround), render.Paper.Light}, {h.On(render.DarkGround), render.Paper.Dark}, {h.Dark, "#000000"}} {
			if c := contrast(t, pair[0], pair[1]); c < 4.5 {
				t.Errorf("%s: %s on %s has a contrast of %.2f", h.Name, pair[0], pair[1], c)
			}
		}
	}
}

// contrast is that of two colours (WCAG 2.2).
func contrast(t *testing.T, a, b string) float64 {
	la, lb := luminance(t, a), luminance(t, b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(t *testing.T, hex string) float64 {
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
