package step

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim/check"
	"skinny/sim/prose"
)

// Plain is the line mode: a line of input is a command in words, an empty one the
// next event, and the answer is plain text. It serves screen readers, pipes and
// dumb terminals. It ends at `quit` or with its input.
type Plain struct {
	Session     *Session
	In          io.Reader
	Out         io.Writer
	Width       int
	Interactive bool // somebody types: a prompt says that it is their turn
}

// plainWord is a command that only shows something, or has to do with files.
type plainWord struct {
	name, usage, about string
	do                 func(p *Plain, rest string)
}

// plainWords are all of them.
func plainWords() []plainWord {
	return []plainWord{
		{"list", "list", "what is under way, with numbers for deliver, drop, delay …", func(p *Plain, _ string) { p.list() }},
		{"show", "show", "the instances and the properties", func(p *Plain, _ string) { p.show() }},
		{"why", "why", "what led to this event: causes, votes and reasons", func(p *Plain, _ string) {
			for _, n := range p.Session.Causes() {
				p.event(n)
			}
		}},
		{"preview", "preview [N]", "what would follow if it happened now", func(p *Plain, rest string) { p.preview(rest) }},
		{"branches", "branches", "what each branch changes, and whether its properties hold", func(p *Plain, _ string) { p.branches() }},
		{"compare", "compare N", "what this branch and branch N do not have in common", func(p *Plain, rest string) { p.compare(rest) }},
		{"save", "save FILE [over]", "save this branch as a scenario; over: even if the file exists", func(p *Plain, rest string) { p.save(rest) }},
		{"here", "here", "the command line that comes back to this point", func(p *Plain, _ string) { p.say(p.Session.Return()) }},
		{"digest", "digest", "the digest of this branch, as skinny run --format json gives it", func(p *Plain, _ string) { p.say(p.Session.branch.Digest()) }},
		{"help", "help [COMMAND]", "all commands, or one", func(p *Plain, rest string) { p.help(rest) }},
		{"quit", "quit", "leave", func(*Plain, string) {}},
	}
}

// short are words that may be written as one letter, like keys.
var short = map[string]string{
	"n": "next", "p": "back", "m": "majority", "M": "majority back", "v": "violation", "R": "refusal",
	"w": "why", "b": "branches", "?": "help", "q": "quit",
}

// Run reads commands until there are no more, or stop is closed.
func (p *Plain) Run(stop <-chan struct{}) error {
	s := p.Session
	s.inWords = true
	out := bufio.NewWriter(p.Out)
	p.Out = out
	p.say(fmt.Sprintf("%s: %d events.", s.tree.Scenario().Title, s.branch.Len()))
	p.say("Enter is the next event; `help` lists the commands, `quit` leaves.")
	if s.at > 0 {
		p.event(s.at)
	}
	lines, failed := p.read()
	for {
		if p.Interactive {
			fmt.Fprint(p.Out, "> ")
		}
		if err := out.Flush(); err != nil {
			return err
		}
		select {
		case <-stop:
			return nil
		case line, more := <-lines:
			if !more {
				return <-failed
			}
			first, rest, _ := strings.Cut(line, " ")
			if long, ok := short[first]; ok {
				line = strings.TrimSpace(long + " " + rest)
			}
			if line == "quit" {
				return nil
			}
			p.obey(line)
		}
	}
}

// read reads lines in the background, since nothing can end a read, and then says
// whether it failed.
func (p *Plain) read() (<-chan string, <-chan error) {
	lines, failed := make(chan string), make(chan error, 1)
	go func() {
		in := bufio.NewScanner(p.In)
		for in.Scan() {
			lines <- strings.TrimSpace(in.Text())
		}
		failed <- in.Err()
		close(lines)
	}()
	return lines, failed
}

// obey carries out one line.
func (p *Plain) obey(text string) {
	name, rest, _ := strings.Cut(text, " ")
	for _, w := range plainWords() {
		if w.name == name {
			w.do(p, strings.TrimSpace(rest))
			return
		}
	}
	s := p.Session
	branch, before := s.branch, s.at
	said := ""
	if text == "" {
		said = s.Go(1)
	} else {
		said = s.Say(text)
	}
	if s.branch != branch || s.at != before || said == "" {
		p.event(s.at)
	}
	if said != "" {
		for _, line := range strings.Split(said, "\n") {
			p.wrap(line, 4)
		}
	}
	if s.branch != branch {
		s.branch.Judge()
		text, _ := outcome(s.branch)
		p.say(fmt.Sprintf("branch %d: %s", s.branch.Number, text))
	}
}

func (p *Plain) say(text string) { fmt.Fprintln(p.Out, text) }

// event tells an event, and what broke by it.
func (p *Plain) event(n int) {
	if n == 0 {
		p.say("Nothing has happened yet.")
		return
	}
	b := p.Session.branch
	l := b.Line(n)
	text := fmt.Sprintf("%d  %s  ", l.Event, prose.Duration(l.At))
	switch {
	case l.To.Name != "":
		text += l.From.Name + " " + l.Glyph + " " + l.To.Name
	case l.Glyph != "":
		text += l.Glyph + " " + l.From.Name
	default:
		text += l.From.Name
	}
	text += "  " + l.What.String()
	if !l.Why.Empty() {
		text += ": " + l.Why.String()
	}
	p.wrap(text, 4)
	for _, v := range b.Judge() {
		if v.State == check.Violated && v.Event == n {
			p.wrap("    ✗ "+v.Property+": "+v.Why.String(), 6)
		}
	}
}

// wrap prints a text whose further lines are indented.
func (p *Plain) wrap(text string, indent int) {
	start := text[:len(text)-len(strings.TrimLeft(text, " "))]
	for i, line := range folded(text, p.Width-indent) {
		if i == 0 {
			p.say(start + line)
		} else {
			p.say(strings.Repeat(" ", indent) + line)
		}
	}
}

func (p *Plain) list() {
	items := p.Session.Items()
	if len(items) == 0 {
		p.say("Nothing is under way.")
	}
	for i := range items {
		it := &items[i]
		text := fmt.Sprintf("%3d  %s", i+1, it.text)
		if it.timed {
			text += ", due at " + prose.Duration(it.due)
		}
		if it.lost {
			text += ", will be lost"
		}
		p.say(text)
	}
	coming, times := p.Session.Coming()
	for i, text := range coming {
		p.say("     to come at " + prose.Duration(times[i]) + ": " + text)
	}
}

func (p *Plain) show() {
	s := p.Session
	h := s.tree.Header()
	for i, l := range s.branch.Standing(s.at).Instances {
		holder := h.HolderName(l.State.Accepted.Holder)
		if holder == "" {
			holder = "free"
		}
		text := fmt.Sprintf("%s  promised %s, ID %s, holder %s", h.Name(protocol.Position(i)), id(l.State.Promised), id(l.State.Accepted.ID), holder)
		if what := doing(&l); what != "" {
			text += ", " + what
		}
		p.say(text)
	}
	for _, v := range s.branch.Judge() {
		mark, _, text := standing(v, s.at)
		if mark != "✓" {
			text += ": " + v.Why.String()
		}
		p.wrap(strings.TrimSpace(mark+" "+v.Property+"  "+text), 4)
	}
}

func (p *Plain) preview(rest string) {
	s := p.Session
	n, ok := number(rest, 1)
	if !ok || n < 1 || n > len(s.Items()) {
		for _, line := range strings.Split(s.noItem(n), "\n") {
			p.wrap(line, 4)
		}
		return
	}
	s.chosen = n - 1
	p.wrap(s.items[s.chosen].text+": "+s.Preview(), 4)
}

func (p *Plain) branches() {
	s := p.Session
	for _, b := range s.tree.Branches() {
		here := " "
		if b == s.branch {
			here = "*"
		}
		b.Judge()
		text, _ := outcome(b)
		p.say(fmt.Sprintf("%s %d  %s", here, b.Number, s.changes(b)))
		p.say("     " + text)
	}
}

func (p *Plain) compare(rest string) {
	s := p.Session
	n, ok := number(rest, 0)
	if !ok || n >= len(s.tree.Branches()) {
		p.say("there are branches 0 to " + count(len(s.tree.Branches())-1))
		return
	}
	other := s.tree.Branches()[n]
	from, rows := compare(s.branch, other)
	p.say(fmt.Sprintf("They part after event %d. Only in branch %d, or behind a bar only in branch %d:", from, s.branch.Number, n))
	here := s.branch
	for _, r := range rows {
		switch {
		case r.right == 0:
			p.event(r.left)
		case r.left == 0:
			s.branch = other
			fmt.Fprint(p.Out, "  | ")
			p.event(r.right)
			s.branch = here
		}
	}
}

func (p *Plain) save(rest string) {
	path, over := strings.CutSuffix(rest, " over")
	if path == "" {
		p.say("write: save FILE")
		return
	}
	err := p.Session.Save(path, over)
	switch {
	case errors.Is(err, ErrExists):
		p.say(path + " exists; `save " + path + " over` writes over it")
	case err != nil:
		p.say(path + " cannot be written: " + err.Error())
	default:
		p.say(saved(path))
	}
}

// help tells about a command, or about all of them.
func (p *Plain) help(only string) {
	told := false
	tell := func(name, usage, about string) {
		if only != "" && only != name {
			return
		}
		told = true
		if len(usage) > 20 {
			p.wrap("  "+usage+" — "+about, 6)
		} else {
			p.say(fmt.Sprintf("  %-20s %s", usage, about))
		}
	}
	if long, ok := short[only]; ok {
		only, _, _ = strings.Cut(long, " ")
	}
	if only == "" {
		p.say("Enter alone is the next event. A number or a time goes there.")
	}
	for _, w := range words {
		tell(w.name, w.usage, w.about)
	}
	for _, w := range plainWords() {
		tell(w.name, w.usage, w.about)
	}
	if only == "" {
		p.wrap("Short: n next, p back, m majority, M majority back, v violation, R refusal, w why, b branches, ? help, q quit.", 2)
		p.wrap("Every decision of a schedule is taken here and now; in the past it opens a branch. "+
			"A step is several events of one instant that belong together: within one, it comes after it.", 2)
	}
	for _, v := range scenarios.Verbs() {
		tell(v.Name, v.Usage, v.About)
	}
	if !told {
		p.say(unknown(only))
	}
}
