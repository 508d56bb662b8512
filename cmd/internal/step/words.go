package step

import (
	"errors"
	"strconv"
	"strings"

	"skinny/cmd/internal/shell"
	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim"
)

// word is a command in words, as the line mode and the entry of the stepper have
// it. Some begin like a decision of a schedule and take a number from the list of
// what is under way instead.
type word struct {
	name  string
	usage string
	about string
	do    func(s *Session, rest string) (said string, known bool)
}

// words are the commands that a session itself can carry out, in the order in
// which help lists them.
var words = []word{
	{"next", "next [N]", "the next event, or N of them", func(s *Session, rest string) (string, bool) {
		n, ok := number(rest, 1)
		if !ok {
			return "", false
		}
		return s.Go(n), true
	}},
	{"back", "back [N]", "the event before", func(s *Session, rest string) (string, bool) {
		n, ok := number(rest, 1)
		if !ok {
			return "", false
		}
		return s.Go(-n), true
	}},
	{"goto", "goto N | TIME", "event N, or the last one up to a time: goto 45ms", func(s *Session, rest string) (string, bool) {
		return s.goTo(rest)
	}},
	{"start", "start", "the beginning", plainly(func(s *Session) string { return s.GoTo(0) })},
	{"end", "end", "the end", plainly((*Session).End)},
	{"round", "round [back]", "where the next round begins", func(s *Session, rest string) (string, bool) {
		return s.Round(rest != "back"), rest == "" || rest == "back"
	}},
	{"violation", "violation", "the next event by which a property breaks", plainly((*Session).Violation)},
	{"refusal", "refusal", "the next event by which an instance says no", plainly((*Session).Refusal)},
	{"majority", "majority [back]", "the next event by which a majority forms", func(s *Session, rest string) (string, bool) {
		return s.Majority(rest != "back"), rest == "" || rest == "back"
	}},
	{"of", "of INSTANCE [back]", "the next event of an instance", func(s *Session, rest string) (string, bool) {
		name, back, _ := strings.Cut(rest, " ")
		for i, n := range s.tree.Header().Instances {
			if n == name {
				s.instance = protocol.Position(i)
				return s.Same(back != "back"), true
			}
		}
		return scenarios.Suggest(name, "instances", s.tree.Header().Instances), true
	}},
	{"search", "search TEXT", "the next event whose sentence has this text", func(s *Session, rest string) (string, bool) {
		return s.Search(rest), true
	}},
	{"deliver", "deliver N", "number N of what is under way happens now", listed(func(s *Session, _ string) string { return s.Hand(sim.DeliverMessage) })},
	{"drop", "drop N", "it is lost", listed(func(s *Session, _ string) string { return s.Hand(sim.DropMessage) })},
	{"duplicate", "duplicate N", "a copy of it is made", listed(func(s *Session, _ string) string { return s.Hand(sim.CopyMessage) })},
	{"refuse", "refuse N", "its call fails at once", listed(func(s *Session, _ string) string { return s.Hand(sim.RefuseMessage) })},
	{"delay", "delay N [TIME]", "it is put off, by 50ms or a time", listed(func(s *Session, rest string) string {
		if rest == "" {
			return s.Delay(delayBy)
		}
		by, err := scenarios.ParseTime(rest)
		if err != nil {
			return err.Error()
		}
		return s.Delay(by)
	})},
	{"branch", "branch N", "the same point of another branch", func(s *Session, rest string) (string, bool) {
		n, ok := number(rest, -1)
		if !ok || n < 0 || n >= len(s.tree.Branches()) {
			return "there are branches 0 to " + count(len(s.tree.Branches())-1), true
		}
		s.Switch(n)
		return "", true
	}},
}

// plainly is a command that takes nothing.
func plainly(do func(*Session) string) func(*Session, string) (string, bool) {
	return func(s *Session, rest string) (string, bool) {
		if rest != "" {
			return "", false
		}
		return do(s), true
	}
}

// listed is a command about a number of the list of what is under way. With
// anything else behind it, it is a decision of a schedule.
func listed(do func(s *Session, rest string) string) func(*Session, string) (string, bool) {
	return func(s *Session, rest string) (string, bool) {
		word, rest, _ := strings.Cut(rest, " ")
		n, err := strconv.Atoi(word)
		if err != nil {
			return "", false
		}
		if n < 1 || n > len(s.Items()) {
			return s.noItem(n), true
		}
		s.chosen = n - 1
		return do(s, strings.TrimSpace(rest)), true
	}
}

// noItem says that there is no such number in the list of what is under way, and
// which there are.
func (s *Session) noItem(n int) string {
	if len(s.Items()) == 0 {
		return s.nothing()
	}
	text := "nothing under way here has the number " + count(n) + "; there are"
	for i, it := range s.Items() {
		text += "\n" + count(i+1) + "  " + it.text
	}
	return text
}

// number reads an optional positive number.
func number(text string, otherwise int) (int, bool) {
	if text == "" {
		return otherwise, otherwise >= 0
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 0
}

// goTo reads an event's number or a time.
func (s *Session) goTo(text string) (string, bool) {
	if text == "" || text[0] < '0' || text[0] > '9' {
		return "", false
	}
	n, err := strconv.Atoi(text)
	switch {
	case err == nil:
		return s.GoTo(n), true
	case errors.Is(err, strconv.ErrRange):
		return "no event has a number that long; the last is " + count(s.branch.Len()), true
	}
	t, err := scenarios.ParseTime(text)
	if err != nil {
		return err.Error(), true
	}
	return s.GoToTime(t), true
}

// Say carries out a command in words: a place to go to, one of the words, or a
// decision as in a schedule, which is taken at the current point.
func (s *Session) Say(text string) string {
	text = strings.TrimSpace(text)
	if text == "" {
		return ""
	}
	if said, ok := s.goTo(text); ok {
		return said
	}
	name, rest, _ := strings.Cut(text, " ")
	rest = strings.TrimSpace(rest)
	for _, w := range words {
		if w.name != name {
			continue
		}
		if said, known := w.do(s, rest); known {
			return said
		}
		if !isDecision(name) {
			return "write: " + w.usage
		}
	}
	if !isDecision(name) {
		return unknown(name)
	}
	a, err := s.now().Parse(text)
	if err != nil {
		return err.Error()
	}
	return s.Do(a)
}

// isDecision reports whether a decision of a schedule begins with a word.
func isDecision(name string) bool {
	if name == "delay" || strings.HasPrefix(name, "@") {
		return true
	}
	for _, v := range scenarios.Verbs() {
		if v.Name == name {
			return true
		}
	}
	return false
}

// unknown says what there is instead of a word that means nothing.
func unknown(name string) string {
	names := []string{"why", "list", "show", "branches", "compare", "save", "here", "help", "quit"}
	for _, w := range words {
		names = append(names, w.name)
	}
	for _, v := range scenarios.Verbs() {
		names = append(names, v.Name)
	}
	return shell.Quoted(name) + " is no command\n" + scenarios.Suggest(name, "commands", names)
}
