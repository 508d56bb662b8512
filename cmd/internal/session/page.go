package session

import (
	"fmt"
	"slices"
	"strings"

	"skinny/scenarios"
	"skinny/scenarios/form"
	"skinny/sim/check"
	"skinny/sim/narrate"
	"skinny/sim/prose"
)

// Page is something to look at: rows, of which some lead somewhere. There may be very
// many, so they are made when they are seen.
type Page struct {
	Title  string
	Hints  []Hint // what the keys of its rows do
	Len    int
	Row    func(i int) Row
	Chosen int // the row to begin with, -1 if they are only read
}

// Hint is what a key does.
type Hint struct{ Key, Does string }

// Row is one entry of a page: text, or an event.
type Row struct {
	Text   []Span
	Indent int               // of its second line and of further ones
	Copied bool              // it is to be copied, so a line of it is better not wrapped
	Event  Happening         // in place of Text
	Beside *Row              // on the right of it, if the page has two sides
	Do     map[string]string // what its keys say
}

// Happening is an event of a branch, or none.
type Happening struct {
	Branch *Branch
	Number int
}

func reading(title string, rows []Row) *Page {
	return &Page{Title: title, Len: len(rows), Row: func(i int) Row { return rows[i] }, Chosen: -1}
}

func row(look Look, text string) Row { return Row{Text: []Span{{text, look}}} }

func going(n int) map[string]string { return map[string]string{"enter": count(n)} }

func (s *Session) causesPage() *Page {
	chain := s.Causes()
	b := s.branch
	return &Page{
		Title: fmt.Sprintf("why event %d happened: causes, votes and reasons, from the first on", s.at),
		Hints: []Hint{{"enter", "goes there"}},
		Len:   len(chain),
		Row: func(i int) Row {
			return Row{Event: Happening{b, chain[i]}, Indent: 16, Do: going(chain[i])}
		},
		Chosen: max(slices.Index(chain, b.Event(s.at).Cause), 0),
	}
}

// pendingPage is all that is under way, with the numbers that words take.
func (s *Session) pendingPage() *Page {
	var rows []Row
	for i, it := range s.Items() {
		text := fmt.Sprintf("%3d  %s", i+1, it.Text)
		if it.Timed {
			text += ", due at " + prose.Duration(it.Due)
		}
		if it.Lost {
			text += ", will be lost"
		}
		r := row(Of(it.From), text)
		r.Do = map[string]string{"enter": "preview " + count(i+1)}
		rows = append(rows, r)
	}
	if len(rows) == 0 {
		rows = append(rows, row(Plain, "Nothing is under way."))
	}
	if len(s.Items()) > 0 && s.Words {
		it := s.Items()[0]
		rows = append(rows, row(Faint, "     by number, `deliver 1`, or in words: "+s.branch.Text(Act{Decision: it.Decision})))
	}
	for _, it := range s.Coming() {
		rows = append(rows, row(Faint, "     to come at "+prose.Duration(it.Due)+": "+it.Text))
	}
	p := reading("under way at event "+count(s.at), rows)
	p.Hints, p.Chosen = []Hint{{"enter", "chooses it"}}, max(s.chosen, 0)
	return p
}

func (s *Session) branchesPage() *Page {
	var rows []Row
	for _, b := range s.tree.Branches() {
		here := "  "
		if b == s.branch {
			here = "* "
		}
		rows = append(rows, Row{
			Text:   s.judgedText(b, fmt.Sprintf("%s%d  ", here, b.Number)),
			Indent: 5,
			Do:     map[string]string{"enter": "branch " + count(b.Number), "c": "compare " + count(b.Number)},
		})
	}
	p := reading("branches: what each changes, and whether its properties hold", rows)
	p.Hints, p.Chosen = []Hint{{"enter", "goes there"}, {"c", "compares with the current one"}}, s.branch.Number
	return p
}

// judgedText is what a branch changes, and below it what comes of that.
func (s *Session) judgedText(b *Branch, before string) []Span {
	outcome := s.Outcome(b)
	outcome.Text = "\n" + outcome.Text
	return []Span{{before + b.Changes(), Strong}, outcome}
}

func (s *Session) comparisonPage(other *Branch) *Page {
	left, right := s.branch, other
	if left == right && left.Parent != nil {
		right = left.Parent
	}
	from, pairs := Compare(left, right)
	pairs = slices.DeleteFunc(pairs, func(p Pair) bool { return p.Left > s.LimitOf(left) || p.Right > s.LimitOf(right) })
	head := func(b *Branch) []Span { return s.judgedText(b, fmt.Sprintf("branch %d: ", b.Number)) }
	return &Page{
		Title: fmt.Sprintf("branch %d and branch %d side by side, from where they part after event %d", left.Number, right.Number, from),
		Hints: []Hint{{"enter", "goes to the event on the left"}},
		Len:   len(pairs) + 1,
		Row: func(i int) Row {
			if i == 0 {
				return Row{Text: head(left), Indent: 2, Beside: &Row{Text: head(right), Indent: 2}}
			}
			p := pairs[i-1]
			r := Row{Event: Happening{left, p.Left}, Indent: 6, Beside: &Row{Event: Happening{right, p.Right}, Indent: 6}}
			if p.Left > 0 {
				r.Do = going(p.Left)
			}
			return r
		},
	}
}

func (s *Session) standingPage() *Page {
	var rows []Row
	h := s.branch.Header()
	for i, l := range s.branch.Standing(s.at).Instances {
		text := fmt.Sprintf("promised %d, ID %d, holder %s", l.State.Promised, l.State.Accepted.ID, prose.NamesOf(h).Holder(l.State.Accepted.Holder).Words)
		if what := Doing(&l); what != "" {
			text += ", " + what
		}
		rows = append(rows, Row{Text: []Span{{h.Instances[i] + "  ", Of(int8(i))}, {text, Plain}}, Indent: 4})
	}
	rows = append(rows, Row{})
	s.branch.Judge()
	for _, v := range s.Visible() {
		mark, text := PropertyAt(v, s.at)
		property, _ := check.PropertyByName(v.Property)
		mark.Text += " " + v.Property
		rows = append(rows, Row{Text: []Span{mark, {"  " + text, mark.Look}, {"\n" + property.About, Faint}}, Indent: 4})
		if v.State != check.Kept {
			rows = append(rows, Row{Text: []Span{{"    " + v.Why.String(), Plain}}, Indent: 4})
		}
	}
	return reading("instances and properties, after event "+count(s.at), rows)
}

func (s *Session) copied(title, text, remark string) *Page {
	rows := []Row{{Text: []Span{{text, Strong}}, Copied: true}}
	if !s.Words {
		rows = append(rows, Row{}, row(Faint, remark))
	}
	return reading(title, rows)
}

func (s *Session) returnPage() *Page {
	if s.Found {
		return s.copied("this command finds a run like this again", s.command, "The word save keeps this one.")
	}
	return s.copied("this command comes back to event "+count(s.at), s.Return(), "It is printed once more when you leave.")
}

func (s *Session) digestPage() *Page {
	return s.copied("the digest of this branch", s.branch.Digest(), "skinny run --format json gives the same for a saved branch.")
}

func (s *Session) help(in operands) Answer {
	only := in.text
	switch asks := s.lesson != nil || s.prediction != nil; {
	case only == "" && s.Words && asks:
		return Answer{Page: s.firstHelp()}
	case only == "all":
		only = ""
	}
	if c := withKey(only); c != nil && c.Word != "" {
		only = c.Word
	}
	var rows []Row
	for _, c := range commands {
		switch {
		case only != "" && c.Word != only:
			continue
		case only == "" && c.Group != "":
			if len(rows) > 0 {
				rows = append(rows, Row{})
			}
			rows = append(rows, row(Strong, c.Group))
		}
		if r, ok := s.helpRow(&c); ok {
			rows = append(rows, r)
		}
	}
	if only == "" {
		rows = append(rows, Row{}, row(Strong, "Every decision of a schedule, here and now; a number or a time goes there"))
	}
	for _, v := range scenarios.Verbs() {
		if only == "" || only == v.Name {
			rows = append(rows, Row{Text: []Span{{"  " + v.Usage + "  ", Key}, {v.About, Plain}}, Indent: 6})
		}
	}
	switch {
	case only == "":
		rows = append(rows, s.Own...)
	case len(rows) == 0:
		return Answer{Said: unknown(only)}
	}
	return Answer{Page: reading("commands", rows)}
}

// firstHelp is what one needs where the run asks, in lines.
func (s *Session) firstHelp() *Page {
	list := [][2]string{
		{"Enter", "goes on"},
		{"N", "a number answers the question that waits"},
		{"why", "what led to this event"},
		{"back", "looks back at the event before; nothing is lost"},
		{"show", "what the instances know, and the properties"},
		{"quit", "leaves"},
		{"help all", "all commands"},
	}
	if s.lesson != nil {
		list = slices.Insert(list, 2, [2]string{"rule", "where a lesson says so: the same run under another rule; once more: back"})
	}
	return reading("commands", form.Each(list, func(r [2]string) Row {
		return Row{Text: []Span{{fmt.Sprintf("  %-9s", r[0]), Strong}, {r[1], Plain}}, Indent: 12}
	}))
}

// helpRow is a command's line of help: its keys, in lines those of one letter, and
// its words.
func (s *Session) helpRow(c *Command) (Row, bool) {
	var keys []string
	for _, k := range strings.Fields(c.Keys) {
		if name := KeyName(k); !s.Words || len(k) == 1 {
			keys = append(keys, name)
		}
	}
	words := c.says
	if c.Word != "" {
		words = strings.TrimSpace(c.Word + " " + c.Operands)
	}
	if s.Words && words == "" {
		return Row{}, false // it is about what keys choose
	}
	room := 9
	if s.Words {
		room = 3
	}
	return Row{
		Text:   []Span{{fmt.Sprintf("  %-*s  ", room, strings.Join(keys, " ")), Key}, {fmt.Sprintf("%-21s ", words), Strong}, {c.About, Plain}},
		Indent: room + 26,
	}, true
}

// Look is how a piece of text is to be set off. Nothing is told by it alone.
type Look int8

// The looks. Those from OfInstance on are an instance's own: see [Of].
const (
	Plain Look = iota
	Strong
	Faint
	Good
	Bad
	Key
	OfInstance
)

// Of is the look of an instance, or of a client if the position is negative.
func Of(position int8) Look {
	if position < 0 {
		return Strong
	}
	return OfInstance + Look(position)
}

// Span is a piece of text in one look.
type Span struct {
	Text string
	Look Look
}

func plainText(spans []Span) string {
	return strings.Join(form.Each(spans, func(s Span) string { return s.Text }), " ")
}

// Sentence is an event in words: who, what, why.
func Sentence(l *narrate.Line) (list []Span) {
	glyph := Span{l.Glyph, Strong}
	if l.Glyph == narrate.Lost {
		glyph.Look = Bad
	}
	if l.To.Name == "" && l.Glyph != "" {
		list = append(list, glyph)
	}
	list = append(list, Span{l.From.Name, Of(l.From.Instance)})
	if l.To.Name != "" {
		list = append(list, glyph, Span{l.To.Name, Of(l.To.Instance)})
	}
	what := Span{l.What.String(), Strong}
	if l.Why.Empty() {
		return append(list, what)
	}
	if !l.Question {
		what.Text += ":"
	}
	return append(list, what, Span{l.Why.String(), Plain})
}
