package web

import (
	"fmt"
	"strconv"
	"strings"

	"skinny/cmd/internal/session"
	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/narrate"
	"skinny/sim/prose"
	"skinny/sim/render"
	"skinny/sim/trace"
)

type view struct {
	Query  *query                `json:"query,omitempty"`
	Said   string                `json:"said,omitempty"`
	Errors scenarios.Diagnostics `json:"errors,omitempty"`
	*sight
	Done    *done       `json:"done,omitempty"`
	Which   []tried     `json:"which,omitempty"`
	Compare *comparison `json:"compare,omitempty"`
	Saved   *saved      `json:"saved,omitempty"`
	SVG     string      `json:"svg,omitempty"`
	Why     []*line     `json:"why,omitempty"`
}

// sight is the part of a view that is there unless something is wrong.
type sight struct {
	Title      string     `json:"title"`
	About      string     `json:"about"`
	Edition    string     `json:"edition"`
	RulesText  string     `json:"rulesText"`
	Seed       string     `json:"seed"`
	Editions   []edition  `json:"editions"`
	Rules      []rule     `json:"rules"`
	At         int        `json:"at"`
	Events     int        `json:"events"`
	More       bool       `json:"more"`
	Time       string     `json:"time"`
	TimeNs     trace.Time `json:"time_ns"`
	Ending     string     `json:"ending"`
	Hidden     bool       `json:"hidden"`          // that there is more than what is seen
	Secret     bool       `json:"secret"`          // which rules are on
	Spoils     bool       `json:"spoils"`          // the scenario's text tells what is to be found out
	Aside      *aside     `json:"aside,omitempty"` // what a lesson, an exercise or a prediction says
	Lock       lock       `json:"lock"`
	Line       *line      `json:"line"`
	Story      []*line    `json:"story"`
	Picture    *drawing   `json:"picture"`
	Instances  []instance `json:"instances"`
	Clients    []client   `json:"clients"`
	Stage      *stage     `json:"stage"`
	Pending    []pending  `json:"pending"`
	Properties []property `json:"properties"`
	Branches   []future   `json:"branches"`
	Commands   []command  `json:"commands"`
	Command    string     `json:"command"`
	Digest     string     `json:"digest"`
}

// span is a piece of text, and what it names.
type span struct {
	T        string `json:"t"`
	Event    *int   `json:"event,omitempty"`
	Instance *int   `json:"instance,omitempty"`
	Client   int    `json:"client,omitempty"`
	Rule     string `json:"rule,omitempty"`
	Look     string `json:"look,omitempty"` // beside a lesson or an exercise
}

// spans are a text's.
func spans(text prose.Text) []span {
	list := []span{}
	for s := range text.Spans() {
		to := span{T: s.Words}
		switch s.Kind {
		case prose.Event:
			to.Event = &s.Number
		case prose.Instance:
			to.Instance = &s.Number
		case prose.Client:
			to.Client = 1
		case prose.Rule:
			to.Rule = s.Words
		}
		list = append(list, to)
	}
	return list
}

type edition struct {
	Name  string `json:"name"`
	About string `json:"about"`
}

type rule struct {
	Name    string `json:"name"`
	About   string `json:"about"`
	Do      string `json:"do"` // turns it on or off, or says that it is this one
	On      bool   `json:"on"`
	Edition bool   `json:"edition"`
	Note    string `json:"note,omitempty"` // what is otherwise in this run
}

type line struct {
	Event    int      `json:"event"`
	Time     string   `json:"time"`
	From     string   `json:"from"`
	Glyph    string   `json:"glyph,omitempty"`
	To       string   `json:"to,omitempty"`
	What     []span   `json:"what"`
	Why      []span   `json:"why,omitempty"`
	Cause    int      `json:"cause,omitempty"`
	Violates []string `json:"violates,omitempty"`
}

type property struct {
	Name   string `json:"name"`
	About  string `json:"about"`
	State  string `json:"state"`
	Event  int    `json:"event,omitempty"`
	Why    []span `json:"why,omitempty"`
	Broken bool   `json:"broken"`
}

// future is a branch in the list of all.
type future struct {
	Number   int      `json:"number"`
	Parent   int      `json:"parent"`
	After    int      `json:"after"`
	Name     string   `json:"name"`
	Acts     []string `json:"acts"`
	Events   int      `json:"events"`
	Violated []string `json:"violated"`
	Here     bool     `json:"here"`
	Hidden   bool     `json:"hidden"` // how it goes on
}

// fill looks around where a query is.
func (p *place) fill(v *view) {
	b, s, q := p.Branch(), p.Branch().Scenario(), p.query
	v.sight = &sight{
		Title: s.Title, About: s.About, Edition: s.Edition, RulesText: s.Setting(), Seed: strconv.FormatUint(s.Seed, 10),
		Rules: rulesOf(s), At: p.At(), Events: p.Limit(), Hidden: p.Veiled(), Secret: p.Secret(),
		Spoils: p.Veiled() || p.unsolved(), Aside: p.aside(), Instances: p.instances(), Clients: p.clients(), Stage: p.stage(),
		Pending: p.pending(), Properties: p.properties(), Branches: p.branches(), Command: p.comeBack(), Digest: p.digest(),
	}
	if v.Lock = p.lock(); !v.Hidden {
		v.More, v.Ending = b.Ending() == sim.NotEnded, p.Ending()
	} else if !p.unsolved() {
		v.About, _, _ = strings.Cut(strings.TrimSpace(s.About), "\n\n") // what follows tells what there is to be seen
	}
	if v.Secret {
		v.conceal()
	}
	v.Done = p.done
	for _, e := range protocol.Editions() {
		v.Editions = append(v.Editions, edition{e.Name, e.About})
	}
	if p.At() > 0 {
		v.Line, v.TimeNs = p.line(b, p.At()), b.Event(p.At()).At
	}
	v.Time = prose.Duration(v.TimeNs)
	first, last := p.window()
	v.Story = make([]*line, 0, last-first+1)
	for n := first; n <= last; n++ {
		v.Story = append(v.Story, p.line(b, n))
	}
	v.Picture = p.picture(first, last)
	if q.Compare != nil {
		v.Compare = p.compare(*q.Compare)
	}
	v.Commands = p.commands()
}

// window is the events in sight: all if they fit, else those around the current one, in
// steps of half a window, so that what is seen stays where it is for a while.
func (p *place) window() (first, last int) {
	const rows, half = 200, 100
	total := p.Limit()
	if total <= rows {
		return 1, total
	}
	steps := max(0, (p.At()-half/2-1)/half)
	steps = min(steps, (total-rows+half-1)/half)
	first = steps*half + 1
	return first, min(first+rows-1, total)
}

func rulesOf(s *scenarios.Scenario) []rule {
	e, _ := protocol.EditionByName(s.Edition)
	c := s.Cluster
	var list []rule
	for _, r := range protocol.RuleTable() {
		on := c.Rules.Has(r.Rule)
		list = append(list, rule{r.Name, r.On, "rule " + r.Name + "=" + onOff(!on), on, e.Rules.Has(r.Rule), ruleNote(c, r.Rule)})
	}
	return list
}

// ruleNote says where a rule is not what it is elsewhere: where quorums are given, and at
// instances that have rules of their own.
func ruleNote(c *sim.Cluster, r protocol.Rules) string {
	var notes []string
	if q := c.Quorums; r == protocol.Majority && q != (protocol.Quorums{}) {
		for i, p := range []protocol.Phase{protocol.Proposing, protocol.Committing} {
			if q.Of(p) > 0 {
				notes = append(notes, fmt.Sprintf("phase %d needs %d of %d instead", i+1, q.Of(p), c.Size()))
			}
		}
	}
	for i, in := range c.Instances {
		if on := c.RulesOf(protocol.Position(i)).Has(r); on != c.Rules.Has(r) {
			notes = append(notes, onOff(on)+" at "+in.Name)
		}
	}
	if len(notes) == 0 {
		return ""
	}
	return "In this run: " + strings.Join(notes, ", ") + "."
}

func (p *place) line(b *session.Branch, n int) *line {
	l := b.Line(n)
	to := &line{
		Event: n, Time: render.Milliseconds(l.At), From: l.From.Name, Glyph: l.Glyph, To: l.To.Name,
		What: spans(l.What), Why: spans(l.Why), Cause: l.Cause,
	}
	for _, v := range check.BrokenBy(n, b.Judge()) {
		to.Violates = append(to.Violates, v.Property)
	}
	return to
}

var states = map[check.State]string{check.Kept: "kept", check.Violated: "violated", check.Undecided: "undecided", check.NotJudged: "not judged"}

func (p *place) properties() []property {
	list := []property{}
	p.Branch().Judge()
	for _, v := range p.Visible() {
		about, _ := check.PropertyByName(v.Property)
		list = append(list, property{
			v.Property, about.About, states[v.State], v.Event, spans(v.Why), v.State == check.Violated && v.Event <= p.At(),
		})
	}
	return list
}

func (p *place) branches() (list []future) {
	all := p.Tree().Branches()
	for i, b := range all {
		f := future{Number: i, Parent: -1, Name: "as written", Acts: []string{}, Events: p.LimitOf(b), Violated: []string{}, Here: i == p.query.Branch}
		if i > 0 {
			said, names := &p.query.Branches[i-1], []string{}
			for _, s := range settings(said.Rules) {
				names = append(names, s.Rule+" "+onOff(s.On))
			}
			for _, a := range said.Acts {
				f.Acts = append(f.Acts, "after event "+strconv.Itoa(a.After)+", "+a.Do)
				names = append(names, a.Do)
			}
			f.Parent, f.After, f.Name = said.Parent, said.After, strings.Join(names, ", ")
			if len(said.Rules) > 0 {
				f.After = session.Shared(all[f.Parent], b)
			}
		}
		f.Hidden = f.Events < b.Len()
		for _, v := range b.Judge() {
			if v.State == check.Violated && v.Event <= f.Events {
				f.Violated = append(f.Violated, v.Property)
			}
		}
		list = append(list, f)
	}
	return list
}

func (p *place) why(v *view) {
	if p.At() == 0 {
		v.Said = "nothing has happened yet"
		return
	}
	for _, n := range p.Causes() {
		v.Why = append(v.Why, p.line(p.Branch(), n))
	}
}

func (p *place) digest() string {
	b := p.Branch()
	return p.run.text(picture{branch: b, end: b.Len()}, b.Digest)
}

type comparison struct {
	Branch  int   `json:"branch"`
	Differs int   `json:"differs"`
	Rows    []two `json:"rows"`
}

type two struct {
	Left  *line `json:"left"`
	Right *line `json:"right"`
	Same  bool  `json:"same"`
}

func (p *place) compare(number int) *comparison {
	const before, most = 3, 400
	left, right := p.Branch(), p.Tree().Branches()[number]
	from, rows := session.Compare(left, right)
	c := &comparison{Branch: number, Rows: []two{}}
	if len(rows) > 0 {
		c.Differs = from + 1
	}
	tell := func(b *session.Branch, n int) *line {
		if n == 0 || n > p.LimitOf(b) {
			return nil
		}
		return p.line(b, n)
	}
	for n := max(1, from-before+1); n <= from; n++ {
		c.Rows = append(c.Rows, two{tell(left, n), tell(right, n), true})
	}
	for _, r := range rows[:min(len(rows), most-len(c.Rows))] {
		c.Rows = append(c.Rows, two{tell(left, r.Left), tell(right, r.Right), r.Left > 0 && r.Right > 0})
	}
	return c
}

// sent is the arrow between two names.
const sent = " " + narrate.Sent + " "
