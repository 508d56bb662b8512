package web

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"skinny/cmd/internal/session"
)

// commands are what can be done here.
func (p *place) commands() []command {
	group, list := "", []command{}
	groups := map[string]string{"Going": "go", "Looking": "look"}
	for _, c := range session.Commands() {
		if c.Group != "" {
			if group = groups[c.Group]; group == "" {
				group = "hand"
			}
		}
		if c.Word == "quit" || c.Word == "question" && p.Programs == nil {
			continue
		}
		list = append(list, p.commandOf(c, group))
	}
	digit := func(i int, word, help string) {
		list = append(list, command{Word: word, Keys: []string{strconv.Itoa(i + 1)}, Help: help, Group: "hand", Can: true})
	}
	if q := p.Question(); q != nil {
		for i, c := range q.Choices {
			digit(i, "answer "+strconv.Itoa(i+1), c.Text.String())
		}
	} else {
		for i, name := range p.Branch().Header().Instances[:min(9, len(p.Branch().Header().Instances))] {
			digit(i, "instance "+name, "marks "+name)
		}
	}
	entry := ""
	return append(list,
		command{Word: "which", Keys: []string{}, Help: "which single rule would have kept it", Group: "look", Can: p.can("which")},
		command{Word: "", Keys: []string{":"}, Help: "an event, a time, a command or a decision in words", Group: "go", Can: true, Ask: &entry})
}

// command is something that can be done, for keys and buttons.
type command struct {
	Word     string   `json:"word"`
	Keys     []string `json:"keys"`
	Operands string   `json:"operands,omitempty"`
	Help     string   `json:"help"`
	Group    string   `json:"group"`
	Can      bool     `json:"can"`
	Ask      *string  `json:"ask,omitempty"`
}

// keyHelp is what commands do by their keys, if their words can do more.
var keyHelp = map[string]string{
	"next": "the next event", "back": "the event before", "of": "the next event of the marked instance", "delay": "it is put off, by 50 ms",
	"save": "save this branch as a scenario", "help": "all keys",
}

func (p *place) commandOf(c session.Command, group string) command {
	keys := strings.Fields(c.Keys)
	entry := command{Word: c.Word, Keys: append([]string{}, keys...), Operands: c.Operands, Help: cmp.Or(keyHelp[c.Word], c.About), Group: group, Can: p.can(c.Word)}
	switch {
	case c.Word == "" && keys[0] == "down":
		entry.Word = "choose next"
	case c.Word == "" && keys[0] == "up":
		entry.Word = "choose previous"
	case c.Word == "" && keys[0] == "esc":
		entry.Word = "choose nothing"
	case c.Word == "" && (keys[0] == "a" || keys[0] == "A"):
		a, _ := p.Press(keys[0])
		entry.Ask = &a.Ask.Text
	case c.Word == "claim":
		text := p.toClaim()
		entry.Ask = &text
	case c.Word == "search" || c.Word == "goto" || c.Word == "compare" || c.Word == "branch":
		text := c.Word + " "
		entry.Ask = &text
	case c.Word == "rule" && p.tries():
		entry.Word = "press " + keys[0]
	case c.Word == "rule":
		entry.Word = "rules" // which the page has to choose from
	case c.Word == "present":
		entry.Keys = append(entry.Keys, "h")
	case c.Word == "":
		entry.Word = "press " + keys[0]
	}
	if i := slices.Index(entry.Keys, "h"); i >= 0 && c.Word != "present" {
		entry.Keys[i] = "H" // by h the future is hidden
	}
	entry.Keys = slices.DeleteFunc(entry.Keys, func(key string) bool { return key == "tab" }) // it is the browser's
	return entry
}

// can reports whether a command does something here.
func (p *place) can(word string) bool {
	b := p.Branch()
	switch word {
	case "back", "start", "why":
		return p.At() > 0
	case "next", "end":
		b.More(p.At())
		return p.At() < b.Len()
	case "predict":
		return !p.lesson()
	case "hint", "claim":
		return p.unsolved()
	case "answer":
		return p.Question() != nil
	case "violation":
		return p.Veiled() || len(b.Broken()) > 0
	case "which":
		return !p.Veiled() && !p.unsolved() && len(b.Broken()) > 0
	}
	return true
}
