package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"sync"

	"skinny/cmd/internal/session"
	"skinny/cmd/internal/shell"
	"skinny/protocol"
	"skinny/scenarios"
	"skinny/scenarios/exercise"
)

// What is remembered.
const (
	mostRuns       = 8
	mostRemember   = 400_000 // events of all runs together
	mostOfBranches = 200_000 // events of one run's branches; beyond, it is made anew
)

// run is a scenario with what a query puts over it, and all that was asked of it.
type run struct {
	key    string
	mutex  sync.Mutex
	query  query              // the parts that make it
	tree   *session.Tree      // nil before it has begun, or if it cannot
	task   *exercise.Exercise // nil if the scenario is none
	known  map[string]made    // branches, by what makes them
	drawn  map[picture]string
	digest map[*session.Branch]digest
}

// made is a branch, where its last act has ended, and how many of its parent's acts
// are not possible in it.
type made struct {
	branch *session.Branch
	end    int
	left   int
}

// digest is that of a branch with this number of events.
type digest struct {
	events int
	text   string
}

// run finds the run of a query, which perhaps has to begin.
func (d *Door) run(q *query) *run {
	parts := query{Scenario: q.Scenario, Text: q.Text, Edition: q.Edition, Rules: q.Rules, Seed: q.Seed}
	key := string(encode(&parts))
	d.mutex.Lock()
	defer d.mutex.Unlock()
	for i, r := range d.runs {
		if r.key == key {
			d.runs = append(append(d.runs[:i:i], d.runs[i+1:]...), r)
			return r
		}
	}
	r := &run{key: key, query: parts}
	d.runs = append(d.runs, r)
	return r
}

// begin runs the scenario, and forgets all else.
func (r *run) begin() error {
	s, err := r.compile()
	if err != nil {
		return err
	}
	r.tree, r.task, r.known = session.New(s), exercise.Of(s), map[string]made{}
	if r.task != nil {
		r.tree.Write(r.task)
	}
	r.drawn, r.digest = map[picture]string{}, map[*session.Branch]digest{}
	return nil
}

// shrink forgets what has become too much.
func (d *Door) shrink(now *run) {
	if now.events() > mostEvents+mostOfBranches {
		if err := now.begin(); err != nil {
			panic(err) // it has begun before
		}
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
	if r.tree == nil {
		return 0
	}
	for _, b := range r.tree.Branches() {
		n += b.Len() - b.Point
	}
	return n
}

// compile makes the scenario ready to be run.
func (r *run) compile() (*scenarios.Scenario, error) {
	o, err := r.query.overrides()
	if err != nil {
		return nil, err
	}
	file, err := r.query.file()
	if err != nil {
		return nil, err
	}
	if list := file.Program; len(list) > 0 { // no link starts a program
		in := list[0].Instance
		return nil, scenarios.Diagnostics{{
			Line: in.Place.Line, Column: in.Place.Column, Message: in.Value + " is played by a program called " + list[0].Program + ", and a page starts none",
			Hint: "in a terminal, skinny step FILE --program " + in.Value + "='COMMAND' shows this run",
		}}
	}
	s, err := file.Compile(o)
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

// place is where a query is.
type place struct {
	*session.Session
	ctx   context.Context
	run   *run
	query *query
	made  []made // by a branch's number in the query
	done  *done  // a lesson or an exercise, by this very command
}

// place makes the branches of a query, and goes where it is.
func (r *run) place(ctx context.Context, q *query) (*place, error) {
	p := &place{ctx: ctx, run: r, query: q}
	p.made = []made{{branch: r.tree.Root()}}
	for i := range q.Branches {
		if err := p.grow(&q.Branches[i]); err != nil {
			return nil, fmt.Errorf("branch %d: %w", i+1, err)
		}
	}
	if err := p.enter(); err != nil {
		return nil, err
	}
	q.At = p.At() // there may be no such event
	for i, name := range p.Branch().Header().Instances {
		if name == q.Instance {
			p.Mark(i)
		}
	}
	p.choose(q.Chosen)
	return p, nil
}

// command is the command line that opens the scenario in a terminal.
func (p *place) command() string {
	q := p.query
	name := "FILE"
	if e, err := q.entry(); q.Text == nil && err == nil {
		name = shell.File(e.Name)
	}
	text := "skinny step " + name
	if q.Seed != "" {
		text += " --seed " + q.Seed
	}
	if q.Edition != "" {
		text += " --edition " + shell.Word(q.Edition)
	}
	for _, s := range settings(q.Rules) {
		text += " --rule " + s.Rule + map[bool]string{true: "=on", false: "=off"}[s.On]
	}
	return text
}

// grow makes the next branch.
func (p *place) grow(b *branch) error {
	m := p.made[b.Parent]
	if len(b.Rules) > 0 {
		m = p.under(m.branch, turned(m.branch.Header().Rules, b.Rules))
	}
	m, err := p.act(m, b.Acts)
	p.made = append(p.made, m)
	return err
}

// turned are rules of which some are turned on or off.
func turned(rules protocol.Rules, by map[string]bool) protocol.Rules {
	for name, on := range by {
		if r, _ := protocol.RuleByName(name); on {
			rules |= r.Rule
		} else {
			rules &^= r.Rule
		}
	}
	return rules
}

// ruled names a branch under other rules in run.known.
func ruled(b *session.Branch, rules protocol.Rules) string { return fmt.Sprintf("%p %d", b, rules) }

// under is a branch under other rules.
func (p *place) under(b *session.Branch, rules protocol.Rules) made {
	name := ruled(b, rules)
	m, known := p.run.known[name]
	if !known {
		m.branch, m.left = b.Under(rules)
		m.branch.Reach(mostEvents)
		p.run.known[name] = m
	}
	return m
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
	return at, nil
}

// said says what of a branch's parent is not possible in it.
func (m *made) said() string {
	if m.left == 0 {
		return ""
	}
	return fmt.Sprintf("%d of what was done by hand cannot be done in it", m.left)
}
