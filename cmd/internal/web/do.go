package web

import (
	"errors"
	"fmt"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"

	"skinny/cmd/internal/session"
	"skinny/cmd/internal/shell"
	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim/check"
)

// handKeys are the keys of a session that do something to what is chosen.
var handKeys = map[string]string{"deliver": "enter", "drop": "d", "duplicate": "u", "refuse": "f", "delay": "l"}

// do carries out a command in words. Most are the session's own; these are about the
// query, or about what only a page shows.
func (p *place) do(v *view, words string) error {
	var err error
	word, rest, _ := strings.Cut(words, " ")
	rest = strings.TrimSpace(rest)
	b, at := p.Branch(), p.At()
	acts := len(b.Acts())
	if b.Seen = math.MaxInt; p.goesOn() { // an act parts from it
		b.Seen = at
	}
	switch key, byHand := handKeys[word]; {
	case byHand && rest == "":
		p.press(v, key)
	case word == "press":
		p.press(v, rest)
	case word == "delay" && !startsWithDigit(rest):
		p.take(v, p.Say("delay 50ms "+rest))
	case word == "choose":
		v.Said = p.chooseBy(rest)
	case word == "instance":
		v.Said = p.Say("mark " + rest).Said
	case word == "branch", word == "compare":
		p.numbered(v, word, rest)
	case word == "rule":
		err = p.rule(v, rest)
	case words == "rules":
	case words == "again", words == "leave":
		err = p.leave(words == "leave")
	case words == "which":
		p.which(v)
	case words == "save":
		err = p.save(v, "")
	case words == "svg":
		v.SVG = p.wholePicture()
	case words == "why":
		p.why(v)
	default:
		p.take(v, p.Say(words))
	}
	if err != nil {
		return err
	}
	now := p.Branch()
	if now.Number > len(p.query.Branches) || len(b.Acts()) > acts {
		p.note(v, at)
	}
	p.query.Chosen = ""
	if n := p.Chosen(); n >= 0 {
		p.query.Chosen = p.words(&p.Items()[n])
	}
	if p.query.Instance != "" || word == "instance" || word == "mark" || words == "press tab" {
		p.query.Instance = now.Header().Name(p.Marked())
	}
	p.query.Branch, p.query.At = now.Number, p.At()
	p.keep()
	return nil
}

func startsWithDigit(text string) bool { return text != "" && '0' <= text[0] && text[0] <= '9' }

func (p *place) press(v *view, key string) {
	a, known := p.Press(key)
	if !known {
		a.Said = "that key means nothing here"
	}
	p.take(v, a)
}

// take shows what came of a command of the session.
func (p *place) take(v *view, a session.Answer) {
	v.Said = a.Said
	switch {
	case a.Page != nil:
		v.Said = text(a.Page)
	case a.Save != "":
		if err := p.save(v, a.Save); err != nil {
			v.Said = err.Error()
		}
	case a.Ask != nil:
		v.Said = "write: " + a.Ask.Words + a.Ask.Text
	}
}

// goesOn reports whether an act here goes on with the branch, and opens none: right after
// another one, at the end of it.
func (p *place) goesOn() bool {
	q, b := p.query, p.Branch()
	return b.Number > 0 && len(q.Branches[b.Number-1].Acts) > 0 && b.Done() == p.At() &&
		!slices.ContainsFunc(q.Branches, func(other branch) bool { return other.Parent == b.Number })
}

func text(page *session.Page) string {
	lines := []string{page.Title}
	for i := range min(page.Len, 40) {
		line := ""
		for _, span := range page.Row(i).Text {
			line += span.Text
		}
		lines = append(lines, strings.TrimRight(line, " "))
	}
	return strings.Join(lines, "\n")
}

// note writes into the query what was done to the current branch, by which it came or goes
// on: an act at a point, or other rules.
func (p *place) note(v *view, at int) {
	q, b := p.query, p.Branch()
	b.Reach(mostEvents) // as for whoever opens the link
	opened := b.Number > len(q.Branches)
	if opened {
		q.Branches = append(q.Branches, branch{Parent: b.Parent.Number})
	}
	to := &q.Branches[b.Number-1]
	if opened && b.Scenario() != b.Parent.Scenario() {
		to.Rules = scenarios.Turned(b.Parent.Header().Rules, b.Header().Rules)
		return
	}
	last := b.Acts()[len(b.Acts())-1]
	words := b.Text(last)
	to.Acts = append(to.Acts, act{last.After, words})
	if opened {
		to.After = last.After
		v.Said = fmt.Sprintf("%s: branch %d; the old future is kept", words, b.Number)
	} else {
		clear(p.run.texts) // they are of what it was
		v.Said = words + ": this branch goes on by it"
	}
	v.Said += p.Behind(at, last.After)
	if p.done != nil {
		v.Said += "\n✓ " + p.Solved()
	}
}

// choose chooses something that is under way, by its decision in words.
func (p *place) choose(words string) bool {
	i := slices.IndexFunc(p.Items(), func(it session.Item) bool { return p.words(&it) == words })
	if i >= 0 {
		p.Choose(i)
	}
	return i >= 0
}

// chooseBy is choose with the words of the page.
func (p *place) chooseBy(words string) string {
	key := map[string]string{"next": "down", "previous": "up", "nothing": "esc"}[words]
	switch {
	case key != "":
		a, _ := p.Press(key)
		return a.Said
	case p.choose(words):
		return ""
	}
	return "that is not under way here: " + words
}

func (p *place) words(i *session.Item) string {
	return p.Branch().Text(session.Act{Decision: i.Decision})
}

// numbered goes to a branch, or compares with it.
func (p *place) numbered(v *view, word, text string) {
	switch n, err := strconv.Atoi(text); {
	case err != nil || n < 0 || n > len(p.query.Branches):
		v.Said = "there are branches 0 to " + strconv.Itoa(len(p.query.Branches))
	case word == "branch":
		v.Said = p.goBranch(n)
	default:
		p.query.Compare = &n
	}
}

// goBranch goes to the same point of another branch, or to where it parts. It says what of
// its parent is not possible in it.
func (p *place) goBranch(number int) string {
	from, at, to := p.Branch(), p.At(), p.Tree().Branches()[number]
	p.Switch(to)
	p.GoTo(min(at, session.Shared(from, to)+1, to.Len())) // what is different is seen
	p.query.Compare = nil
	if to.Left == 0 {
		return ""
	}
	return fmt.Sprintf("%d of what was done by hand cannot be done in it", to.Left)
}

// rule shows the same timeline with a rule turned on or off.
func (p *place) rule(v *view, setting string) error {
	name, state, given := strings.Cut(setting, "=")
	now := p.Branch().Header().Rules
	r, known := protocol.RuleByName(name)
	if !given {
		state = onOff(!now.Has(r.Rule))
	}
	wanted := turned(now, map[string]bool{name: state == "on"})
	switch {
	case name == "":
		v.Said = "write: rule NAME=on or NAME=off"
	case !known:
		return unknownRule(name)
	case state != "on" && state != "off":
		return errors.New("write: rule NAME=on or NAME=off")
	case p.MayTurn(r.Rule, state == "on") != "":
		v.Said = p.MayTurn(r.Rule, state == "on")
	case wanted == now:
		v.Said = name + " is " + state + " already"
	default:
		v.Said = p.under(wanted, name+" "+state) + p.NowSolved()
	}
	return nil
}

// under goes to the same timeline under other rules, and says which branch that is.
func (p *place) under(rules protocol.Rules, change string) string {
	origin := p.origin(p.Branch())
	for _, b := range p.Tree().Branches() { // perhaps another branch is this already
		if b.Header().Rules == rules && p.origin(b) == origin {
			return p.goBranch(b.Number)
		}
	}
	b := origin.Under(rules)
	b.Reach(mostEvents)
	left := p.goBranch(b.Number)
	return strings.TrimSuffix(fmt.Sprintf("branch %d is the same timeline with %s; %s", b.Number, change, left), "; ")
}

// origin is the branch that another one is under other rules, or itself.
func (p *place) origin(b *session.Branch) *session.Branch {
	for b.Number > 0 && len(p.query.Branches[b.Number-1].Acts) == 0 {
		b = b.Parent
	}
	return b
}

type tried struct {
	Rule  string `json:"rule"`
	Helps bool   `json:"helps"`
	Text  []span `json:"text"`
}

// which tries every rule on this timeline: would it have kept what breaks? A lock that nobody
// gets is no help, but for a schedule, which may stop before.
func (p *place) which(v *view) {
	worst := check.Worst(p.Branch().Judge())
	switch {
	case p.unsolved() || p.Veiled():
		v.Said = "not before it is found out"
		return
	case worst == nil:
		v.Said = p.Unviolated()
		return
	}
	had := p.Branch().Header().Rules
	for _, r := range protocol.RuleTable() {
		if p.ctx.Err() != nil {
			v.Said = "not every rule could be tried in time"
			break
		}
		b := p.Branch().Under(had ^ r.Rule)
		b.Reach(mostEvents)
		now := check.Worst(b.Judge())
		helps := (now == nil || now.Severity > worst.Severity) && (b.Acquired() || !p.Branch().Scenario().Timed())
		v.Which = append(v.Which, tried{r.Name, helps, []span{{T: onOff(!had.Has(r.Rule)) + ": " + b.Outcome().Text}}})
		p.Tree().Cut(b.Number)
	}
}

type saved struct {
	Name string `json:"name"`
	YAML string `json:"yaml"`
}

// save gives the branch, or the solution, under a name that may be given.
func (p *place) save(v *view, name string) error {
	if name == "" {
		name = "scenario"
		if p.query.Text == nil {
			name = p.query.Scenario
		}
		name = path.Base(name)
		if p.query.Branch > 0 {
			name += "-by-hand"
		}
		name += ".yaml"
	}
	data, err := p.File().Save()
	if err != nil {
		return err
	}
	v.Saved = &saved{path.Base(name), string(data)}
	if said := p.Graded(shell.File(v.Saved.Name)); said != "" {
		v.Said = said
	}
	return nil
}
