package web

import (
	"context"
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
	mostTexts      = 16
)

// run is a scenario with what a query puts over it, and all that was asked of it.
type run struct {
	key   string
	mutex sync.Mutex
	query query              // the parts that make it
	tree  *session.Tree      // nil before it has begun, or if it cannot
	task  *exercise.Exercise // nil if the scenario is none
	known map[cause]made     // branches, by what makes them
	texts map[any]string     // pictures and digests, by what they are of
}

// cause is what makes a branch of another one: other rules, or acts in JSON.
type cause struct {
	of    *session.Branch
	rules protocol.Rules
	acts  string
}

// made is a branch, where its last act has ended, and how many of its parent's acts
// are not possible in it.
type made struct {
	branch *session.Branch
	end    int
	left   int
}

// text is one that takes a while to make, remembered by what it is of.
func (r *run) text(of any, make func() string) string {
	text, known := r.texts[of]
	if !known {
		if text = make(); len(r.texts) >= mostTexts {
			clear(r.texts)
		}
		r.texts[of] = text
	}
	return text
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
	r.tree, r.task, r.known, r.texts = session.New(s), exercise.Of(s), map[cause]made{}, map[any]string{}
	if r.task != nil {
		r.tree.Write(r.task)
	}
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
	events := file.Events
	file.Events = scenarios.Some(min(events.Or(mostEvents), mostEvents))
	s, err := file.Compile(r.query.overrides())
	file.Events = events // which is what is saved
	return s, err
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

// under is a branch under other rules.
func (p *place) under(b *session.Branch, rules protocol.Rules) made {
	by := cause{of: b, rules: rules}
	m, known := p.run.known[by]
	if !known {
		m.branch, m.left = b.Under(rules)
		m.branch.Reach(mostEvents)
		p.run.known[by] = m
	}
	return m
}

// act takes acts in a branch, one after the other, in a branch of their own.
func (p *place) act(m made, acts []act) (made, error) {
	by := func(n int) cause { return cause{of: m.branch, acts: string(encode(acts[:n]))} }
	at, from := m, len(acts)
	for ; from > 0; from-- {
		if known, ok := p.run.known[by(from)]; ok {
			at = known
			break
		}
	}
	if from == len(acts) {
		return at, nil
	}
	at.branch.Look(math.MaxInt) // whatever is done now parts from it
	for _, a := range acts[from:] {
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
		if errors.Is(err, session.ErrImpossible) {
			err = fmt.Errorf("after event %d, this is not possible: %s", a.After, a.Do)
		}
		if err != nil {
			return m, err
		}
	}
	at.branch.Reach(mostEvents)
	p.run.known[by(len(acts))] = at
	return at, nil
}

// said says what of a branch's parent is not possible in it.
func (m *made) said() string {
	if m.left == 0 {
		return ""
	}
	return fmt.Sprintf("%d of what was done by hand cannot be done in it", m.left)
}
