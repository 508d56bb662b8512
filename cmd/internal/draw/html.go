package draw

import (
	"bufio"
	"crypto/sha256"
	_ "embed" // of the page's style and script
	"encoding/base64"
	"fmt"
	"io"
	"strings"

	"skinny/cmd/internal/report"
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

// html writes a page that needs nothing else: the whole story for those who read or
// print it, and a slider and keys for those who have scripts.
func (r *Run) html(out io.Writer, o *Options) error {
	p := &page{bufio.NewWriter(out), r, o}
	p.head()
	p.f("<main>\n<figure id=\"picture\">\n")
	sheet := r.sheet(o)
	sheet.Title, sheet.Subtitle, sheet.Tip, sheet.At = "", "", nil, 0
	if err := sheet.WriteSVG(p); err != nil {
		return err
	}
	p.f("</figure>\n")
	p.controls()
	p.story()
	p.end()
	p.f("</main>\n<script>%s</script>\n</body>\n</html>\n", pageScript)
	return p.Flush()
}

// page is a page being written.
type page struct {
	*bufio.Writer
	run *Run
	o   *Options
}

func (p *page) f(format string, args ...any) { fmt.Fprintf(p, format, args...) }

// hashed names a script or a style sheet in a content security policy.
func hashed(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func (p *page) head() {
	title, style := render.Escape(p.run.Scenario.Title), pageStyle+render.NameStyle()
	p.f("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n" +
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
	p.f("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; base-uri 'none'; form-action 'none'; style-src %s %s; script-src %s\">\n",
		hashed(style), hashed(render.Style()), hashed(pageScript))
	p.f("<title>%s</title>\n<style>%s</style>\n</head>\n<body data-at=\"%d\" data-before=\"%d\" data-of=\"%d\">\n", title, style, p.o.At, p.o.From-1, p.run.Len())
	p.f("<header>\n<h1>%s</h1>\n<p class=\"facts\">%s</p>\n", title, render.Escape(p.run.facts(p.o)))
	for _, paragraph := range strings.Split(strings.TrimSpace(p.run.Scenario.About), "\n\n") {
		if paragraph != "" {
			p.f("<p>%s</p>\n", render.Escape(paragraph))
		}
	}
	for _, v := range p.run.Outcome.Verdicts {
		if v.State == check.Violated {
			p.f("<p class=\"bad\"><strong>✗ %s</strong> is violated by %s: %s</p>\n", render.Escape(v.Property), p.breaks(&v), p.text(v.Why))
		}
	}
	p.f("</header>\n")
}

// controls are what only scripts can use, and what is known at an event.
func (p *page) controls() {
	p.f("<section id=\"now\" hidden aria-label=\"the current event\">\n<div id=\"buttons\">" +
		"<button data-key=\"g\" title=\"the beginning (g)\">|◀</button><button data-key=\"p\" title=\"back (← p)\">◀</button>" +
		"<input type=\"range\" id=\"slider\" aria-label=\"event\">" +
		"<button data-key=\"n\" title=\"on (→ space n)\">▶</button><button data-key=\"G\" title=\"the end (G)\">▶|</button>" +
		"<button data-key=\"m\" title=\"next majority (m, M)\">majority</button><button data-key=\"R\" title=\"next refusal (R)\">refusal</button>" +
		"<button data-key=\"v\" title=\"next violation (v)\">violation</button><button data-key=\"h\" title=\"hide or show the future (h)\">future</button></div>\n" +
		"<p id=\"where\" aria-live=\"polite\"></p>\n<p id=\"said\" aria-live=\"polite\"></p>\n<div id=\"tables\">\n<table id=\"status\"><thead><tr><th>instance<th>promised<th>ID<th>holder</thead>\n<tbody>")
	for i, in := range p.run.before(p.o).Instances {
		if p.o.Only != trace.None && i != int(p.o.Only) {
			continue // what becomes of the others is left out
		}
		p.f("<tr data-i=\"%d\" data-s=\"%s\"><th>%s<td>%d<td>%d<td>%s\n", i, p.stored(&in.State), colored(i, p.run.Header().Instances[i]),
			in.State.Promised, in.State.Accepted.ID, p.holder(&in.State))
	}
	p.f("</tbody></table>\n<ul id=\"verdicts\">\n")
	for _, v := range p.run.Outcome.Verdicts {
		unbroken := "?"
		if v.State == check.Violated || v.State == check.Kept {
			unbroken = "✓"
		}
		p.f("<li data-e=\"%d\" data-unbroken=\"%s\"><span></span> %s</li>\n", v.Event, unbroken, render.Escape(v.Property))
	}
	p.f("</ul>\n</div>\n<p class=\"keys\">← → events · N P rounds · m M majorities · R refusals · v violations · g G ends · h hides what is to come</p>\n</section>\n")
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

// link is words for an event, which lead to it if it is on the page.
func (p *page) link(event int, words, attributes string) string {
	if !p.run.shown(p.o, event) {
		return fmt.Sprintf("<span%s>%s</span>", attributes, words)
	}
	return fmt.Sprintf(`<a href="#s%d"%s>%s</a>`, event, attributes, words)
}

// breaks is the event by which a property broke, and where it is.
func (p *page) breaks(v *check.Verdict) string {
	words := p.link(v.Event, fmt.Sprintf("event %d", v.Event), "")
	switch {
	case v.Event < p.o.From:
		words += ", before this part"
	case v.Event > p.o.To:
		words += ", after this part"
	}
	return words
}

// text is a sentence with links to the events that it names.
func (p *page) text(t prose.Text) string {
	var b strings.Builder
	for s := range t.Spans() {
		switch s.Kind {
		case prose.Event:
			b.WriteString(p.link(s.Number, render.Escape(s.Words), ""))
		case prose.Instance:
			b.WriteString(colored(s.Number, s.Words))
		case prose.Rule:
			b.WriteString("<code>" + render.Escape(s.Words) + "</code>")
		default:
			b.WriteString(render.Escape(s.Words))
		}
	}
	return b.String()
}

// story tells every event, with what its instance knows then.
func (p *page) story() {
	p.f("<section id=\"story\">\n<h2>The story</h2>\n<table>\n<thead><tr><th>ms<th>#<th>who<th>what, and why<th>knows then</thead>\n<tbody>\n")
	last := ""
	for n := p.o.From; n <= p.o.To; n++ {
		e, l := p.run.Event(n), &p.run.lines[n-1]
		broken := p.run.broken(n)
		if !p.run.shown(p.o, n) {
			continue
		}
		at := render.Milliseconds(e.At)
		p.f(`<tr id="s%d" data-e="%d" data-k="%s"`, n, n, p.tokens(n, len(broken) > 0))
		state := ""
		if e.Instance != trace.None {
			state = fmt.Sprintf("%s %d · %d %s", colored(int(e.Instance), p.run.Header().Instances[e.Instance]), e.State.Promised, e.State.Accepted.ID, p.holder(&e.State))
			p.f(` data-i="%d" data-s="%s"`, e.Instance, p.stored(&e.State))
		}
		if at == last {
			at = ""
		} else {
			last = at
		}
		p.f("><td>%s<td><a href=\"#e%d\">%d</a><td>%s<td>%s", at, n, n, l.Who(l.Glyph, painted), p.text(l.What))
		if !l.Why.Empty() {
			p.f(` <span class="why">%s</span>`, p.text(l.Why))
		}
		if e.Cause > 0 {
			p.f(" %s", p.link(e.Cause, fmt.Sprintf("↑ %d", e.Cause), fmt.Sprintf(` class="cause" title="caused by event %d"`, e.Cause)))
		}
		for _, v := range broken {
			p.f(`<div class="bad"><strong>✗ %s</strong>: %s</div>`, render.Escape(v.Property), p.text(v.Why))
		}
		p.f("<td>%s\n", state)
	}
	p.f("</tbody></table>\n</section>\n")
}

// holder is who holds the lock, as an instance has it.
func (p *page) holder(s *protocol.State) string {
	return render.Escape(p.run.Header().HolderName(s.Accepted.Holder))
}

// stored is what an instance has stored, for the script.
func (p *page) stored(s *protocol.State) string {
	return fmt.Sprintf("%d|%d|%s", s.Promised, s.Accepted.ID, p.holder(s))
}

// tokens say what of interest an event is.
func (p *page) tokens(n int, broken bool) string {
	var list []string
	e := p.run.Event(n)
	switch {
	case e.Kind == trace.Propose:
		list = append(list, "round")
	case (e.Kind == trace.Promise || e.Kind == trace.Accept) && !e.Message.Yes:
		list = append(list, "refusal")
	}
	if p.run.lines[n-1].Majority.Votes != 0 {
		list = append(list, "majority")
	}
	if broken {
		list = append(list, "violation")
	}
	return strings.Join(list, " ")
}

// end is the final table, the verdicts, and how to have the run again.
func (p *page) end() {
	h := p.run.Header()
	p.f("<section id=\"end\">\n<h2>In the end</h2>\n<table>\n<thead><tr><th>name<th>increment<th>promised<th>ID<th>holder</thead>\n<tbody>\n")
	for i := range h.Instances {
		state := p.run.Outcome.World.State(protocol.Position(i))
		p.f("<tr><th>%s<td>%d<td>%d<td>%d<td>%s\n", colored(i, h.Instances[i]), h.Settings[i].Increment, state.Promised, state.Accepted.ID, render.Escape(h.HolderName(state.Accepted.Holder)))
	}
	p.f("</tbody></table>\n<ul>\n")
	for _, v := range p.run.Outcome.Verdicts {
		switch v.State {
		case check.Violated:
			p.f("<li class=\"bad\">✗ %s: violated by %s</li>\n", render.Escape(v.Property), p.breaks(&v))
		case check.Kept:
			p.f("<li>✓ %s: kept</li>\n", render.Escape(v.Property))
		default:
			p.f("<li>? %s: %s: %s</li>\n", render.Escape(v.Property), report.InWords(v.State), p.text(v.Why))
		}
	}
	p.f("</ul>\n<p class=\"facts\">%d events, %s<br>again: <code>%s</code></p>\n</section>\n",
		p.run.Outcome.Events, render.Escape(p.run.Outcome.Digest), render.Escape(p.run.Again))
}
