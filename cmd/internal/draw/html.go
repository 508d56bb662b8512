package draw

import (
	"bufio"
	"crypto/sha256"
	_ "embed" // of the page, its style and its script
	"encoding/base64"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/template" // not html/template, which does not know of the policy, and refuses SVG

	"skinny/protocol"
	"skinny/sim/check"
	"skinny/sim/narrate"
	"skinny/sim/prose"
	"skinny/sim/render"
	"skinny/sim/trace"
)

//go:embed page.css
var pageStyle string

//go:embed page.js
var pageScript string

//go:embed page.html
var pageText string

// pageFuncs are what the page writes with. Whatever comes from a scenario is escaped.
var pageFuncs = template.FuncMap{
	"escape": render.Escape, "hashed": hashed, "colored": colored, "text": text,
	"violated":  func(v check.Verdict) bool { return v.State == check.Violated },
	"undecided": func(v check.Verdict) bool { return v.State == check.Undecided },
}

// page is what a page is written from.
type page struct {
	*Run
	At                          int
	Facts, Picture              string
	About                       []string // paragraphs
	Style, PictureStyle, Script string
	Rows                        []pageRow
	End                         []pageState
}

// pageRow is an event in the story, and what its instance knows then.
type pageRow struct {
	*narrate.Line
	pageState
	Time, Kinds, Who string
	Broken           []check.Verdict
}

// pageState is what an instance knows.
type pageState struct {
	Number    int    // of the instance, from 0
	Instance  string // "" where it is none
	Increment uint64
	State     protocol.State
	Holder    string
}

// html writes a page that needs nothing else: the whole story for those who read or
// print it, and a slider and keys for those who have scripts.
func (r *Run) html(out io.Writer, o *Options) error {
	t, err := template.New("page").Funcs(pageFuncs).Parse(pageText)
	if err != nil {
		return err
	}
	p := page{
		Run: r, At: o.At, Facts: r.facts(o), About: strings.Split(strings.TrimSpace(r.Scenario.About), "\n\n"),
		Style: pageStyle + render.NameStyle(), PictureStyle: render.Style(), Script: pageScript,
	}
	p.About = slices.DeleteFunc(p.About, func(text string) bool { return text == "" })
	var picture strings.Builder
	sheet := r.sheet(o)
	sheet.Title, sheet.Subtitle, sheet.Tip, sheet.Blank, sheet.At, sheet.Tall = "", "", nil, false, 0, false
	if err := sheet.WriteSVG(&picture); err != nil {
		return err
	}
	p.Picture = picture.String()
	last := ""
	for n := o.From; n <= o.To; n++ {
		row := r.row(n)
		if !o.shows(r.Event(n)) && len(row.Broken) == 0 {
			continue
		}
		if row.Time == last {
			row.Time = ""
		} else {
			last = row.Time
		}
		p.Rows = append(p.Rows, row)
	}
	for i := range r.Header().Instances {
		p.End = append(p.End, r.state(i, r.Outcome.World.State(protocol.Position(i))))
	}
	w := bufio.NewWriter(out)
	if err := t.Execute(w, &p); err != nil {
		return err
	}
	return w.Flush()
}

// hashed names a script or a style sheet in a content security policy.
func hashed(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// row tells an event.
func (r *Run) row(n int) pageRow {
	e, l := r.Event(n), &r.lines[n-1]
	row := pageRow{Line: l, Time: render.Milliseconds(e.At), Who: who(l, painted), Broken: r.broken(n)}
	if e.Instance != trace.None {
		row.pageState = r.state(int(e.Instance), e.State)
	}
	var kinds []string // for the keys that look for them
	switch {
	case e.Kind == trace.Propose:
		kinds = append(kinds, "round")
	case (e.Kind == trace.Promise || e.Kind == trace.Accept) && !e.Message.Yes:
		kinds = append(kinds, "refusal")
	}
	if l.Majority.Votes != 0 {
		kinds = append(kinds, "majority")
	}
	if len(row.Broken) > 0 {
		kinds = append(kinds, "violation")
	}
	row.Kinds = strings.Join(kinds, " ")
	return row
}

func (r *Run) state(i int, s protocol.State) pageState {
	h := r.Header()
	return pageState{i, h.Instances[i], uint64(h.Increment[i]), s, h.HolderName(s.Accepted.Holder)}
}

// colored is a name in the colour of its instance.
func colored(instance int, name string) string {
	return fmt.Sprintf(`<b class="c%d">%s</b>`, instance%render.Colors, render.Escape(name))
}

// painted is the name of somebody who acts.
func painted(a narrate.Actor) string {
	if a.Instance == trace.None {
		return "<b>" + render.Escape(a.Name) + "</b>"
	}
	return colored(int(a.Instance), a.Name)
}

// text is a sentence with links to the events that it names.
func text(t prose.Text) string {
	var b strings.Builder
	for s := range t.Spans() {
		switch words := render.Escape(s.Words); s.Kind {
		case prose.Event:
			fmt.Fprintf(&b, `<a href="#s%d">%s</a>`, s.Number, words)
		case prose.Instance:
			b.WriteString(colored(s.Number, s.Words))
		case prose.Rule:
			b.WriteString("<code>" + words + "</code>")
		default:
			b.WriteString(words)
		}
	}
	return b.String()
}
