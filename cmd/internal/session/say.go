package session

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"skinny/cmd/internal/shell"
	"skinny/scenarios"
)

// Commands lists all commands.
func Commands() []Command { return slices.Clone(commands) }

// Press does what a key does. It reports false for one that means nothing. A digit
// answers the question that waits, or marks an instance.
func (s *Session) Press(key string) (Answer, bool) {
	s.refused = false
	a, known := s.press(key)
	return s.refusing(a), known
}

// refusing is an answer that says so if a question that waits was in the way.
func (s *Session) refusing(a Answer) Answer {
	if s.refused {
		a.Said = s.toAnswer(s.Question())
	}
	return a
}

func (s *Session) press(key string) (Answer, bool) {
	if len(key) == 1 && '1' <= key[0] && key[0] <= '9' {
		if s.Question() != nil {
			return s.answer(int(key[0] - '0')), true
		}
		return Answer{Said: s.Mark(int(key[0] - '1'))}, true
	}
	c := withKey(key)
	switch {
	case c == nil:
		return Answer{}, false
	case c.presenting != "" && s.presenting:
		return s.say(c.presenting), true
	case c.says != "":
		return s.say(c.says), true
	case c.ask != nil:
		return Answer{Ask: s.asking(c)}, true
	case key == "enter" && s.chosen == nothing:
		return Answer{Said: s.onward()}, true
	}
	in, wrong := s.operands(c, "")
	if wrong != "" { // nothing else has to be given to a key
		return Answer{Said: s.Choosable()}, true
	}
	return c.do(s, in), true
}

func (s *Session) asking(c *Command) *Ask {
	a := &Ask{Label: ":", Text: c.ask(s)}
	if c.Word != "" {
		a.Label, a.Words, a.Whole = c.Word+": ", c.Word+" ", a.Text != ""
	}
	return a
}

func withKey(key string) *Command {
	i := slices.IndexFunc(commands, func(c Command) bool { return slices.Contains(strings.Fields(c.Keys), key) })
	if i < 0 {
		return nil
	}
	return &commands[i]
}

// Say carries out a command in words: a place to go to, one of the words, or a
// decision as in a schedule, which is taken at the current point. Nothing is Enter.
// In lines a key of one letter stands for its words.
func (s *Session) Say(text string) Answer {
	s.refused = false
	return s.refusing(s.say(text))
}

func (s *Session) say(text string) Answer {
	name, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
	rest = strings.TrimSpace(rest)
	if s.Words {
		defer func() { s.chosen = nothing }() // a choice is the word's own
	}
	if name == "" {
		a, _ := s.press("enter")
		return a
	}
	if '0' <= name[0] && name[0] <= '9' {
		// In lines a number that answers, once too often or too late, must lead nowhere else.
		asks := s.Question() != nil || s.Words && (s.lesson != nil || s.prediction != nil)
		if n, err := strconv.Atoi(text); err == nil && asks {
			return s.answer(n)
		}
		return s.place(strings.TrimSpace(text))
	}
	if s.Words && utf8.RuneCountInString(name) == 1 {
		if c := withKey(name); c != nil && c.Word != "" {
			name = c.Word
		} else if c != nil && rest == "" {
			a, _ := s.press(name)
			return a
		}
	}
	wrong := ""
	if i := slices.IndexFunc(commands, func(c Command) bool { return c.Word == name }); i >= 0 {
		var in operands
		if in, wrong = s.operands(&commands[i], rest); wrong == "" {
			return commands[i].do(s, in)
		}
	}
	first, _, _ := strings.Cut(rest, " ")
	_, err := strconv.Atoi(first)
	if numbered := err == nil; isDecision(name) && !numbered && (wrong == "" || rest != "") {
		a, err := s.Now().Parse(name + " " + rest)
		if err != nil {
			return Answer{Said: err.Error()}
		}
		return Answer{Said: s.Do(a)}
	}
	return Answer{Said: cmp.Or(wrong, unknown(name))}
}

// operands reads what stands behind a command's word. The complaint says what is
// wrong, or is "".
func (s *Session) operands(c *Command, rest string) (in operands, complaint string) {
	usage := "write: " + c.Word + " " + c.Operands
	first, text, _ := strings.Cut(rest, " ")
	n, err := strconv.Atoi(first)
	in = operands{number: n, text: strings.TrimSpace(text)}
	switch c.takes {
	case none:
		if rest != "" {
			return in, "write: " + c.Word
		}
	case aNumber:
		if rest == "" {
			in.number = 1
		} else if err != nil || n < 0 || text != "" {
			return in, usage
		}
	case perhaps:
		if in.back = rest == "back"; rest != "" && !in.back {
			return in, usage
		}
	case aBranch:
		all := s.tree.Branches()
		if err != nil || n < 0 || n >= len(all) || text != "" {
			return in, "there are branches 0 to " + count(len(all)-1)
		}
		in.branch = all[n]
	case anItem:
		var chosen bool
		switch in.item, chosen = s.choice(); {
		case rest == "" && chosen:
			in.number = s.chosen + 1
		case err != nil:
			return in, usage + " (`list` shows the numbers)"
		case n < 1 || n > len(s.Items()):
			return in, s.noItem(n)
		default:
			in.item = s.items[n-1]
		}
	default:
		in.text = rest
	}
	return in, ""
}

// cutLast cuts a word off that a text ends with.
func cutLast(text, word string) (before string, found bool) {
	before, found = strings.CutSuffix(" "+text, " "+word)
	return strings.TrimSpace(before), found
}

// noItem says that there is no such number in the list of what is under way, and
// which there are.
func (s *Session) noItem(n int) string {
	if len(s.Items()) == 0 {
		return s.idle()
	}
	text := "nothing under way here has the number " + count(n) + "; there are"
	for i, it := range s.Items() {
		text += "\n" + count(i+1) + "  " + it.Text
	}
	return text
}

// place goes to an event, by its number, or to a time.
func (s *Session) place(text string) Answer {
	if text == "" || text[0] < '0' || text[0] > '9' {
		return Answer{Said: "write: goto N | TIME"}
	}
	n, err := strconv.Atoi(text)
	switch {
	case err == nil:
		return Answer{Said: s.GoTo(n)}
	case errors.Is(err, strconv.ErrRange):
		said := "no event has a number that long"
		if s.looked() == "" {
			said += "; the last is " + count(s.branch.Len())
		}
		return Answer{Said: said}
	}
	t, err := scenarios.ParseTime(text)
	if err != nil {
		return Answer{Said: err.Error()}
	}
	return Answer{Said: s.GoTo(s.branch.upTo(t))}
}

func isDecision(name string) bool {
	return name == "delay" || strings.HasPrefix(name, "@") ||
		slices.ContainsFunc(scenarios.Verbs(), func(v scenarios.Verb) bool { return v.Name == name })
}

// unknown says what there is instead of a word that means nothing.
func unknown(name string) string {
	var names []string
	for _, c := range commands {
		if c.Word != "" {
			names = append(names, c.Word)
		}
	}
	for _, v := range scenarios.Verbs() {
		if !slices.Contains(names, v.Name) {
			names = append(names, v.Name)
		}
	}
	return shell.Quoted(name) + " is no command\n" + scenarios.Suggest(name, "commands", names) + "\n`help` lists them all"
}

// by names a command as it is given here: by its key, or in words.
func (s *Session) by(words string) string {
	if s.Words {
		return words
	}
	for _, c := range commands {
		if c.Word == words {
			return KeyName(strings.Fields(c.Keys)[0])
		}
	}
	return words
}

// arrows are the keys that people know by another name than terminals.
var arrows = map[string]string{"right": "→", "left": "←", "up": "↑", "down": "↓"}

// KeyName is a key as people know it.
func KeyName(key string) string { return cmp.Or(arrows[key], key) }
