package web

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
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
	mutex sync.Mutex
	query query              // the parts that make it
	tree  *session.Tree      // nil before it has begun, or if it cannot
	task  *exercise.Exercise // nil if the scenario is none
	grown []branch           // that the tree has, from number 1 on
	texts map[any]string     // pictures and digests, by what they are of
	size  int                // events, when it was looked at last; of the door's mutex
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
	d.mutex.Lock()
	defer d.mutex.Unlock()
	r := &run{query: parts}
	if i := slices.IndexFunc(d.runs, func(r *run) bool { return reflect.DeepEqual(r.query, parts) }); i >= 0 {
		r = d.runs[i]
		d.runs = slices.Delete(d.runs, i, i+1)
	}
	d.runs = append(d.runs, r)
	return r
}

// begin runs the scenario, and forgets all else.
func (r *run) begin() error {
	s, err := r.compile()
	if err != nil {
		return err
	}
	r.tree, r.task, r.grown, r.texts = session.New(s), exercise.Of(s), nil, map[any]string{}
	if r.task != nil {
		r.tree.Write(r.task)
	}
	return nil
}

// shrink forgets what has become too much: of a run that was looked at, and of all.
func (d *Door) shrink(now *run) {
	if now.events() > mostEvents+mostOfBranches {
		if err := now.begin(); err != nil {
			panic(err) // it has begun before
		}
	}
	d.mutex.Lock()
	defer d.mutex.Unlock()
	now.size = now.events()
	last, events := len(d.runs)-1, 0
	for i, r := range slices.Backward(d.runs) {
		if events += r.size; i < last && (events > mostRemember || i <= last-mostRuns) {
			d.runs = slices.Clone(d.runs[i+1:])
			break
		}
	}
}

func (r *run) events() (n int) {
	if r.tree != nil {
		for _, b := range r.tree.Branches() {
			n += b.Len() - b.Point
		}
	}
	return n
}

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

type place struct {
	*session.Session
	ctx   context.Context
	run   *run
	query *query
	done  *done // a lesson or an exercise, by this very command
}

// place goes where a query is, in a tree that has its branches and no others.
func (r *run) place(ctx context.Context, q *query) (*place, error) {
	p := &place{ctx: ctx, run: r, query: q}
	same := 0
	for same < min(len(r.grown), len(q.Branches)) && reflect.DeepEqual(r.grown[same], q.Branches[same]) {
		same++
	}
	r.grown = nil // until the query is answered
	r.tree.Cut(same + 1)
	for i := same; i < len(q.Branches); i++ {
		if err := p.grow(&q.Branches[i]); err != nil {
			return nil, fmt.Errorf("branch %d: %w", i+1, err)
		}
	}
	if err := p.enter(); err != nil {
		return nil, err
	}
	q.At = p.At()                                                   // there may be no such event
	p.Mark(slices.Index(p.Branch().Header().Instances, q.Instance)) // none if there is no such
	p.choose(q.Chosen)
	return p, nil
}

// command is the command line that opens the scenario in a terminal.
func (p *place) command() string {
	q := p.query
	name := "FILE"
	if q.Text == nil {
		e, _ := scenarios.Find(q.Scenario) // which has been run
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
		text += " --rule " + s.Rule + "=" + onOff(s.On)
	}
	return text
}

func (p *place) grow(b *branch) error {
	at, seen := p.run.tree.Branches()[b.Parent], math.MaxInt // what is done first parts from it
	if len(b.Rules) > 0 {
		at, seen = at.Under(turned(at.Header().Rules, b.Rules)), 0
	}
	for _, a := range b.Acts {
		if p.ctx.Err() != nil {
			return errSlow
		}
		if at.Reach(a.After); a.After > at.Len() {
			return fmt.Errorf("there is no event %d after which to %s", a.After, a.Do)
		}
		words, err := at.Moment(a.After).Parse(a.Do)
		if at.Seen = seen; err == nil {
			at, _, err = at.Act(a.After, words)
		}
		if errors.Is(err, session.ErrImpossible) {
			err = fmt.Errorf("after event %d, this is not possible: %s", a.After, a.Do)
		}
		if err != nil {
			return err
		}
		seen = 0
	}
	at.Reach(mostEvents)
	return nil
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
