package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"

	"skinny/cmd/internal/session"
	"skinny/cmd/internal/shell"
	"skinny/protocol"
	"skinny/scenarios"
)

// What is remembered.
const (
	mostRuns       = 8
	mostRemember   = 400_000 // events of all runs together
	mostOfBranches = 200_000 // events of one run's branches; beyond, it is made anew
)

// run is a scenario with what a query puts over it, and all that was asked of it: a tree
// of branches for each set of rules.
type run struct {
	key    string
	mutex  sync.Mutex
	query  query // the parts that make it
	file   *scenarios.File
	rules  protocol.Rules // without a branch's own
	trees  map[protocol.Rules]*tree
	byName map[string]*tree // by what a branch's own rules turn
	known  map[string]made  // branches, by what makes them
	drawn  map[picture]string
	digest map[*session.Branch]digest
}

// tree is the branches under one set of rules.
type tree struct {
	*session.Tree
	rules protocol.Rules
}

// made is a branch, where its last act has ended, and what could not be done in it.
type made struct {
	tree    *tree
	branch  *session.Branch
	end     int
	skipped []string
}

// digest is that of a branch with so many events.
type digest struct {
	events int
	text   string
}

// run finds the run of a query, or makes it.
func (d *Door) run(q *query) (*run, error) {
	parts := query{Scenario: q.Scenario, Text: q.Text, Edition: q.Edition, Rules: q.Rules, Seed: q.Seed}
	if q.Text != nil {
		parts.Scenario = ""
	}
	key := string(encode(&parts))
	d.mutex.Lock()
	defer d.mutex.Unlock()
	for i, r := range d.runs {
		if r.key == key {
			d.runs = append(append(d.runs[:i:i], d.runs[i+1:]...), r)
			return r, nil
		}
	}
	file, err := q.file()
	if err != nil {
		return nil, err
	}
	r := &run{key: key, query: parts, file: file}
	r.forget()
	t, err := r.tree(nil)
	if err != nil {
		return nil, err
	}
	r.rules = t.rules
	d.runs = append(d.runs, r)
	return r, nil
}

func (r *run) forget() {
	r.trees, r.byName, r.known = map[protocol.Rules]*tree{}, map[string]*tree{}, map[string]made{}
	r.drawn, r.digest = map[picture]string{}, map[*session.Branch]digest{}
}

// shrink forgets what has become too much.
func (d *Door) shrink(now *run) {
	if now.events() > mostEvents+mostOfBranches {
		now.forget()
	}
	d.mutex.Lock()
	defer d.mutex.Unlock()
	events := 0
	for i := len(d.runs) - 1; i >= 0; i-- {
		if r := d.runs[i]; r != now {
			if !r.mutex.TryLock() {
				continue // somebody looks at it
			}
			events += r.events()
			r.mutex.Unlock()
		} else {
			events += r.events()
		}
		if i < len(d.runs)-1 && (events > mostRemember || i < len(d.runs)-mostRuns) {
			d.runs = append(d.runs[:i:i], d.runs[i+1:]...)
		}
	}
}

// events is how many are remembered.
func (r *run) events() int {
	n := 0
	for _, t := range r.trees {
		for _, b := range t.Branches() {
			n += b.Len() - b.Point
		}
	}
	return n
}

// compile makes the scenario with a branch's own rules ready to be run.
func (r *run) compile(rules map[string]bool) (*scenarios.Scenario, error) {
	o, err := r.query.overrides(rules)
	if err != nil {
		return nil, err
	}
	s, err := r.file.Compile(o)
	if err != nil {
		return nil, err
	}
	bounded := *s
	if t := s.Timetable; t != nil {
		limited := *t
		limited.Budget = bound(t.Budget)
		bounded.Timetable = &limited
	}
	if c := s.Schedule; c != nil {
		limited := *c
		limited.Budget = bound(c.Budget)
		bounded.Schedule = &limited
	}
	return &bounded, nil
}

func bound(budget int) int {
	if budget <= 0 {
		return mostEvents
	}
	return min(budget, mostEvents)
}

// tree is the run under its rules and a branch's own.
func (r *run) tree(rules map[string]bool) (*tree, error) {
	key := string(encode(settings(rules)))
	if t := r.byName[key]; t != nil {
		return t, nil
	}
	t, _, err := r.make(rules)
	if err == nil {
		r.trees[t.rules], r.byName[key] = t, t
	}
	return t, err
}

// make is tree, but it remembers nothing. It reports whether the tree was known.
func (r *run) make(rules map[string]bool) (t *tree, known bool, err error) {
	s, err := r.compile(rules)
	if err != nil {
		return nil, false, err
	}
	if t = r.trees[s.Cluster.Rules]; t != nil {
		return t, true, nil
	}
	return &tree{session.New(s), s.Cluster.Rules}, false, nil
}

// place is where a query is.
type place struct {
	*session.Session
	ctx   context.Context
	run   *run
	query *query
	made  []made            // by a branch's number in the query
	own   []map[string]bool // all rules that a branch and its parents turn

	now   *session.Moment // of a point of a branch
	nowAt int
	nowIn *session.Branch
}

// place makes the branches of a query, and goes where it is.
func (r *run) place(ctx context.Context, q *query) (*place, error) {
	p := &place{ctx: ctx, run: r, query: q}
	root, err := r.tree(nil)
	if err != nil {
		return nil, err
	}
	p.made, p.own = []made{{tree: root, branch: root.Root()}}, []map[string]bool{nil}
	for i := range q.Branches {
		if err := p.grow(&q.Branches[i]); err != nil {
			return nil, fmt.Errorf("branch %d: %w", i+1, err)
		}
	}
	p.enter(q.Branch)
	p.GoTo(q.At)
	for i, name := range p.Branch().Header().Instances {
		if name == q.Instance {
			p.Mark(i)
		}
	}
	p.choose(q.Chosen)
	return p, nil
}

// enter begins a session in a branch.
func (p *place) enter(number int) {
	m := p.made[number]
	p.query.Branch = number
	p.Session = session.NewSession(m.tree.Tree, p.command(number))
	if m.branch != m.tree.Root() {
		p.Switch(m.branch)
	}
}

// command is the command line that opens a branch's scenario in a terminal.
func (p *place) command(number int) string {
	q := p.query
	name := "FILE"
	if q.Text == nil {
		name = shell.File(q.Scenario)
	}
	text := "skinny step " + name
	if q.Seed != "" {
		text += " --seed " + q.Seed
	}
	if q.Edition != "" {
		text += " --edition " + shell.Word(q.Edition)
	}
	for _, s := range append(settings(q.Rules), settings(p.own[number])...) {
		text += " --rule " + s.Rule + map[bool]string{true: "=on", false: "=off"}[s.On]
	}
	return text
}

// grow makes the next branch.
func (p *place) grow(b *branch) error {
	if p.ctx.Err() != nil {
		return errSlow
	}
	parent, own := p.made[b.Parent], p.own[b.Parent]
	m := parent
	if len(b.Rules) > 0 {
		own = merged(own, b.Rules)
		t, err := p.run.tree(own)
		if err != nil {
			return err
		}
		if m, err = p.under(t, parent.branch); err != nil {
			return err
		}
	}
	m, err := p.act(m, b.Acts)
	p.made, p.own = append(p.made, m), append(p.own, own)
	return err
}

func merged(a, b map[string]bool) map[string]bool {
	all := map[string]bool{}
	for _, rules := range []map[string]bool{a, b} {
		for name, on := range rules {
			all[name] = on
		}
	}
	return all
}

// under is what was decided by hand in a branch, as far as it is possible, in the same
// timeline under other rules.
func (p *place) under(t *tree, of *session.Branch) (made, error) {
	m := made{tree: t, branch: t.Root()}
	for _, a := range of.Acts() {
		if p.ctx.Err() != nil {
			return m, errSlow
		}
		words := of.Text(a)
		next, err := p.act(m, []act{{session.SamePoint(of, m.branch, a.After), words}})
		if err != nil {
			m.skipped = append(m.skipped, words)
			continue
		}
		m = next
	}
	return m, nil
}

// act takes acts in a branch, one after the other, in a branch of their own.
func (p *place) act(m made, acts []act) (made, error) {
	name := func(n int) string {
		words, err := json.Marshal(acts[:n])
		if err != nil {
			panic(err)
		}
		return fmt.Sprintf("%p %s", m.branch, words)
	}
	from := len(acts)
	at := m
	for ; from > 0; from-- {
		if known, ok := p.run.known[name(from)]; ok {
			at = known
			break
		}
	}
	if from == len(acts) {
		at.skipped = m.skipped
		return at, nil
	}
	at.branch.Look(math.MaxInt) // whatever is done now parts from it
	for n, a := range acts[from:] {
		if p.ctx.Err() != nil {
			return m, errSlow
		}
		if a.After > at.branch.Len() {
			return m, fmt.Errorf("there is no event %d after which to %s", a.After, a.Do)
		}
		words, err := at.branch.Moment(a.After).Parse(a.Do)
		if err == nil {
			at.branch, at.end, err = at.branch.Act(a.After, words)
		}
		if err != nil {
			if errors.Is(err, session.ErrImpossible) {
				err = fmt.Errorf("after event %d, this is not possible: %s", a.After, a.Do)
			}
			return m, err
		}
		if from+n+1 == len(acts) {
			at.branch.Reach(mostEvents)
			p.run.known[name(len(acts))] = at
		}
	}
	at.skipped = m.skipped
	return at, nil
}

// said says what of a branch's parent is not possible in it.
func (m *made) said() string {
	if len(m.skipped) == 0 {
		return ""
	}
	return "not possible here, and left out: " + strings.Join(m.skipped, "; ")
}
