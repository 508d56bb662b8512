package web

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"skinny/cmd/internal/session"
	"skinny/scenarios"
)

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

type command struct {
	Word  string   `json:"word"`
	Keys  []string `json:"keys"`
	Help  string   `json:"help"`
	Group string   `json:"group"`
	Can   bool     `json:"can"`
	Ask   *string  `json:"ask,omitempty"`
}

// keyHelp is what commands do by their keys, if their words can do more.
var keyHelp = map[string]string{
	"next": "the next event", "back": "the event before", "of": "the next event of the marked instance", "delay": "it is put off, by 50 ms",
	"save": "save this branch as a scenario", "help": "all keys",
}

// keyWords are the page's words for keys that have none.
var keyWords = map[string]string{"down": "choose next", "up": "choose previous", "esc": "choose nothing"}

func (p *place) commandOf(c session.Command, group string) command {
	keys := strings.Fields(c.Keys)
	entry := command{Word: c.Word, Keys: append([]string{}, keys...), Help: cmp.Or(keyHelp[c.Word], c.About), Group: group, Can: p.can(c.Word)}
	ask := func(text string) { entry.Ask = &text }
	switch c.Word {
	case "claim":
		ask(p.toClaim())
	case "search", "goto", "compare", "branch":
		ask(c.Word + " ")
	case "present":
		entry.Keys = append(entry.Keys, "h")
	case "rule":
		if entry.Word = "rules"; p.tries() { // otherwise the page has to choose one
			entry.Word = "press " + keys[0]
		}
	case "":
		if keys[0] == "a" || keys[0] == "A" {
			a, _ := p.Press(keys[0])
			ask(a.Ask.Text)
		} else {
			entry.Word = cmp.Or(keyWords[keys[0]], "press "+keys[0])
		}
	}
	if i := slices.Index(entry.Keys, "h"); i >= 0 && c.Word != "present" {
		entry.Keys[i] = "H" // by h the future is hidden
	}
	entry.Keys = slices.DeleteFunc(entry.Keys, func(key string) bool { return key == "tab" }) // it is the browser's
	return entry
}

func (p *place) can(word string) bool {
	b := p.Branch()
	switch word {
	case "back", "start", "why":
		return p.At() > 0
	case "next", "end":
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

// completion is what can stand at the end of a text that is being written.
type completion struct {
	Typed string      `json:"typed"` // of it, so far
	Found [][2]string `json:"found"` // each with what it is about
}

const mostFound = 12

// schema is that of the format, read once.
var schema = sync.OnceValue(func() (node map[string]any) {
	if err := json.Unmarshal(scenarios.Schema(), &node); err != nil {
		panic(err) // it is our own
	}
	return node
})

// complete offers the keys of a mapping, or the values of a key, that begin as the last
// word of a text does. Places are found by indentation, since the text is not whole.
func complete(text string) *completion {
	lines := strings.Split(text, "\n")
	line := lines[len(lines)-1]
	before := strings.TrimRightFunc(line, isWord)
	c := &completion{Typed: strings.TrimLeft(line[len(before):], "-"), Found: [][2]string{}}
	found := map[string]string{}
	path := above(lines)
	if open := strings.LastIndexByte(line, '{'); open > strings.LastIndexByte(line, '}') {
		path = append(path, keyAtEnd(line[:open])...)
	}
	bare := strings.TrimRight(before, " \t")
	key := keyAtEnd(bare)
	switch {
	case len(key) > 0 && len(bare) < len(before):
		for _, node := range within(schema(), append(path, key...)) {
			values, _ := node["enum"].([]any)
			for _, v := range values {
				if word, ok := v.(string); ok {
					found[word] = ""
				}
			}
		}
	case c.Typed != "" && (strings.Trim(bare, " \t-") == "" || strings.HasSuffix(bare, "{") || strings.HasSuffix(bare, ",")):
		for _, node := range within(schema(), path) {
			keys, _ := node["properties"].(map[string]any)
			for name, about := range keys {
				found[name+": "], _ = about.(map[string]any)["description"].(string)
			}
		}
	}
	for _, word := range slices.Sorted(maps.Keys(found)) {
		if strings.HasPrefix(word, c.Typed) && word != c.Typed && len(c.Found) < mostFound {
			c.Found = append(c.Found, [2]string{word, found[word]})
		}
	}
	return c
}

func isWord(r rune) bool {
	return r == '-' || r == '_' || '0' <= r && r <= '9' || 'a' <= r|0x20 && r|0x20 <= 'z'
}

// keyAtEnd is the key whose colon ends a text, or nothing.
func keyAtEnd(text string) []string {
	text, ok := strings.CutSuffix(strings.TrimRight(text, " \t"), ":")
	word := strings.TrimLeft(text[len(strings.TrimRightFunc(text, isWord)):], "-")
	if !ok || word == "" {
		return nil
	}
	return []string{word}
}

// above is the keys of the mappings around the last line, from the outermost.
func above(lines []string) (path []string) {
	last := len(lines) - 1
	indent := len(lines[last]) - len(strings.TrimLeft(lines[last], " \t-"))
	for _, line := range slices.Backward(lines[:last]) {
		rest := strings.TrimLeft(line, " \t-")
		key, _, ok := strings.Cut(rest, ":")
		if ok && key != "" && strings.TrimLeftFunc(key, isWord) == "" && len(line)-len(rest) < indent {
			path = append(path, key)
			indent = len(line) - len(strings.TrimLeft(line, " \t"))
		}
	}
	slices.Reverse(path)
	return path
}

// within is all that the schema says about what stands at a path: alternatives and items
// are looked through.
func within(node map[string]any, path []string) (list []map[string]any) {
	inner := []any{node["items"]}
	for _, word := range []string{"anyOf", "oneOf", "allOf"} {
		more, _ := node[word].([]any)
		inner = append(inner, more...)
	}
	if len(path) == 0 {
		list = append(list, node)
	} else if keys, ok := node["properties"].(map[string]any); ok && keys[path[0]] != nil {
		list = append(list, within(keys[path[0]].(map[string]any), path[1:])...)
	}
	for _, other := range inner {
		if n, ok := other.(map[string]any); ok {
			list = append(list, within(n, path)...)
		}
	}
	return list
}
