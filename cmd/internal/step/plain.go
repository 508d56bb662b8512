// Package step is the stepper in a terminal: two faces of a
// [skinny/cmd/internal/session.Session]. A [Model] shows it full screen, and [Plain]
// says it in lines.
package step

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"skinny/cmd/internal/report"
	"skinny/cmd/internal/session"
	"skinny/cmd/internal/shell"
	"skinny/sim/check"
	"skinny/sim/prose"
)

// Plain is the line mode: a line of input is a command in words, an empty one the
// next event, and the answer is plain text. It serves screen readers, pipes and
// dumb terminals. It ends at `quit` or with its input.
type Plain struct {
	Session     *session.Session
	In          io.Reader
	Out         io.Writer
	Width       int
	Interactive bool // a user types: a prompt says that it is their turn

	told int // the last event of the run as it was written that was told
}

// Run reads commands until there are no more, or stop is closed.
func (p *Plain) Run(stop <-chan struct{}) error {
	s := p.Session
	s.Words = true
	out := bufio.NewWriter(p.Out)
	p.Out = out
	p.begin()
	lines, failed := p.read()
	for {
		if p.unattended() {
			return out.Flush()
		}
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
				if p.Interactive { // what follows has a line of its own
					fmt.Fprintln(p.Out)
				}
				return errors.Join(<-failed, out.Flush())
			}
			if !p.obey(line) {
				return nil
			}
		}
	}
}

func (p *Plain) begin() {
	s := p.Session
	if in, _ := s.InLesson(); in || s.Solving() != nil {
		p.page(s.Welcome())
		return
	}
	events := fmt.Sprintf("%d events", s.Branch().Len())
	if s.Veiled() {
		events = "what comes is hidden"
	}
	p.say(s.Branch().Scenario().Title + ": " + events + ".")
	p.say("Enter is the next event; `help` lists the commands, `quit` leaves.")
	if s.At() > 0 {
		p.event(session.Happening{Branch: s.Branch(), Number: s.At()}, "")
	}
	p.aside()
}

// unattended lets a lesson go on to its next question where nobody is there to press Enter,
// and reports whether it is over by that.
func (p *Plain) unattended() bool {
	in, over := p.Session.InLesson()
	for in && !over && !p.Interactive && p.Session.Question() == nil {
		p.obey("")
		_, over = p.Session.InLesson()
	}
	return over && !p.Interactive
}

// read reads lines in the background, since nothing can end a read, and then says
// whether it failed.
func (p *Plain) read() (<-chan string, <-chan error) {
	lines, failed := make(chan string), make(chan error, 1)
	go func() {
		defer close(lines)
		in := bufio.NewReaderSize(p.In, 1<<16)
		for {
			line, more, err := in.ReadLine()
			text := strings.TrimSpace(string(line))
			for more && err == nil { // no command is that long
				text = strings.ToValidUTF8(text[:min(len(text), 40)], "") + "…"
				_, more, err = in.ReadLine()
			}
			if err != nil {
				if err == io.EOF {
					err = nil
				}
				failed <- err
				return
			}
			lines <- text
		}
	}()
	return lines, failed
}

// obey carries out one line. It reports false for one that ends it all.
func (p *Plain) obey(text string) bool {
	s := p.Session
	branch, before, asked := s.Branch(), s.At(), s.Question()
	in, ended := s.InLesson()
	a := s.Say(text)
	moved := s.Branch() != branch || s.At() != before
	asks := s.Question() != nil && s.Question() != asked
	_, over := s.InLesson()
	if moved || !asks && !in && a.Said == "" && a.Page == nil && a.Ask == nil && a.Save == "" && !a.Quit {
		first := s.At()
		switch { // all that happens up to where it halts is told
		case (in || s.Predicting()) && s.Branch() == branch:
			first = min(before+1, first)
		case in && s.Branch().Parent == nil:
			first = p.told + 1
		}
		if s.Branch().Parent == nil {
			p.told = max(p.told, s.At())
		}
		for n := first; n <= s.At(); n++ {
			p.event(session.Happening{Branch: s.Branch(), Number: n}, "")
		}
	}
	switch {
	case a.Page != nil:
		p.page(a.Page)
	case a.Ask != nil:
		p.say("write: " + a.Ask.Words + a.Ask.Text)
	case a.Save != "":
		said, exists := save(s, a.Save, a.Over)
		if exists {
			said = a.Save + " exists; `save " + a.Save + " over` writes over it"
		}
		p.say(said)
	case a.Said != "":
		for _, line := range strings.Split(a.Said, "\n") {
			p.wrap(4, session.Span{Text: line})
		}
	}
	if s.Branch() != branch && (!in || s.Branch().Parent != nil) {
		p.say(fmt.Sprintf("branch %d: %s", s.Branch().Number, s.Outcome(s.Branch()).Text))
	}
	if moved || asks || in && text == "" && a.Said == "" || over && !ended {
		p.aside()
	}
	return !a.Quit
}

func (p *Plain) page(page *session.Page) {
	if page.Len == 0 || !page.Row(0).Copied {
		p.wrap(4, session.Span{Text: page.Title})
	}
	for i := range page.Len {
		p.row(page.Row(i))
	}
}

func (p *Plain) aside() {
	if page := p.Session.Aside(); page != nil && page.Len > 0 {
		p.say("")
		p.page(page)
	}
}

func (p *Plain) say(text string) { fmt.Fprintln(p.Out, text) }

// event tells an event behind some text, and what broke by it.
func (p *Plain) event(h session.Happening, before string) {
	b, n := h.Branch, h.Number
	if n == 0 {
		p.say("Nothing has happened yet.")
		return
	}
	l := b.Line(n)
	clock := session.Span{Text: fmt.Sprintf("%s%d %s", before, l.Event, prose.Duration(l.At))}
	p.wrap(4, append([]session.Span{clock}, session.Sentence(&l)...)...)
	for _, v := range check.BrokenBy(n, b.Judge()) {
		p.wrap(6, session.Span{Text: "    ✗ " + v.Property + ": " + v.Why.String()})
	}
}

// row prints a row of a page. What is only on the right is behind a bar.
func (p *Plain) row(r session.Row) {
	beside := r.Beside
	if beside == nil {
		beside = new(session.Row)
	}
	switch {
	case r.Event.Number > 0:
		p.event(r.Event, "")
	case beside.Event.Number > 0:
		p.event(beside.Event, "| ")
	case r.Copied:
		p.say(r.Text[0].Text)
	default:
		p.wrap(r.Indent, r.Text...)
	}
	if beside.Text != nil {
		p.wrap(beside.Indent, append([]session.Span{{Text: "|"}}, beside.Text...)...)
	}
}

func (p *Plain) wrap(indent int, spans ...session.Span) {
	for _, line := range wrapped(spans, p.Width, indent, false) {
		p.say(line.String(0))
	}
}

// save writes the current branch to a file and says so. A file that exists is only
// replaced if that is said.
func save(s *session.Session, path string, over bool) (said string, exists bool) {
	data, err := s.File().Save()
	if err != nil {
		return "it is not saved: " + err.Error(), false
	}
	if over {
		err = report.Replace(path, func(out io.Writer) error {
			_, err := out.Write(data)
			return err
		})
	} else if err = report.WriteNew(path, data); errors.Is(err, fs.ErrExist) {
		return "", true
	}
	if err != nil {
		return path + " cannot be written: " + report.Cause(err).Error(), false
	}
	if said := s.Graded(shell.File(path)); said != "" {
		return said, false
	}
	return "saved; the same run again: " + s.Replay(shell.File(path)), false
}
