// Package counterexample makes a scenario of a run in which a property broke: as
// small as it can be, with a title, an account of what happens, and claims, so that
// it can be replayed, stepped through and explained.
package counterexample

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/shrink"
	"skinny/sim/swarm"
)

// Run is a run in which a property broke.
type Run struct {
	Scenario  *scenarios.Scenario // what was run; its title and its claims do not matter
	Decisions []sim.Decision      // that were made, with their times: see [sim.RunRecorded]
	Property  string              // that broke
	Exactly   bool                // nothing but this property is of interest
	Drawn     bool                // its names mean nothing and may be replaced by usual ones
	Found     string              // how it was found, for the account: "seed 7 of profile none"
}

// OfSeed is the run of a seed in which a property broke.
func OfSeed(set *swarm.Setting, edition string, seed uint64, property, found string) *Run {
	plan, decisions := swarm.Record(set, seed)
	s := &scenarios.Scenario{
		Edition: edition, Seed: seed, Cluster: &plan.Cluster, Timetable: &plan.Timetable, Progress: plan.Progress, Judges: set.Judges,
	}
	return &Run{Scenario: s, Decisions: decisions, Property: property, Found: found}
}

// Case is a run that was made small.
type Case struct {
	File     *scenarios.File
	Scenario *scenarios.Scenario // the file, compiled
	Outcome  *scenarios.Outcome  // of its run, of which the claims were not known yet
	Verdict  check.Verdict       // the violation in it; see Make for its property
	Before   Size
	After    Size
	Minimal  bool // nothing can be left out
	Tried    int  // candidates

	// Shrunk is nil for progress, which is shrunk in its timed form. Its steps may be
	// those of several searches, each of which began with what the one before had left:
	// for the property that broke, and then for one that says more.
	Shrunk *shrink.Result
}

// Size is how much there is in a run.
type Size struct {
	Decisions  int `json:"decisions"` // of a timed form: entries of the timeline
	Operations int `json:"operations"`
	Instances  int `json:"instances"`
}

// Make shrinks the run and makes a scenario of what is left: a schedule, or for
// progress a timeline. If what is left breaks a property that says more, too, the
// scenario is about that one, and is made minimal for it, unless Exactly is set. If
// the run keeps to what the protocol assumes about names, so does what is left. The
// error says that the property does not break in the run.
func Make(r *Run, o shrink.Options) (*Case, error) {
	o.Judges = r.Scenario.Judges
	if r.property().Timed {
		return r.timed(o)
	}
	c := &Case{Before: sizeOf(r.whole())}
	o.KeepNames = !shrink.ReusesNames(r.Scenario.Cluster, r.Decisions)
	for left := *r; ; {
		small, err := left.shrunk(o)
		if err != nil {
			return nil, err
		}
		if c.Shrunk != nil {
			small.Steps = append(c.Shrunk.Steps, small.Steps...)
		}
		if r.Drawn {
			small.Cluster = renamed(small.Cluster, small.Decisions)
		}
		c.Minimal, c.Tried, c.Shrunk = small.Minimal, c.Tried+small.Tried, small
		timed := &sim.Schedule{Decisions: Timed(small.Cluster, small.Decisions)}
		if _, err := c.complete(&left, &scenarios.Scenario{Cluster: small.Cluster, Schedule: timed}); err != nil {
			return nil, err
		}
		worst := check.Worst(c.Outcome.Verdicts).Property
		if r.Exactly || worst == left.Property {
			return c, nil
		}
		s := *left.Scenario
		s.Cluster = small.Cluster
		left.Scenario, left.Decisions, left.Property = &s, small.Decisions, worst
	}
}

// Whole makes a scenario of the whole run as it was, event by event. The options
// count for nothing: it takes them to be used in the place of Make.
func Whole(r *Run, _ shrink.Options) (*Case, error) {
	c := &Case{Before: sizeOf(r.whole())}
	return c.complete(r, r.whole())
}

// whole is the run as it was, in time if the property's bound is.
func (r *Run) whole() *scenarios.Scenario {
	s := scenarios.Scenario{Cluster: r.Scenario.Cluster, Schedule: &sim.Schedule{Decisions: r.Decisions}}
	if r.property().Timed {
		s.Schedule, s.Timetable, s.Progress = nil, r.Scenario.Timetable.Frozen(r.Decisions), r.Scenario.Progress
	}
	return &s
}

// shrunk is the run with everything left out that can be. The shrinker keeps the roles
// of messages; in a file they have names, and when a decision is left out, a name may
// come to mean another message, with which the property breaks as well. So that is
// tried, too.
func (r *Run) shrunk(o shrink.Options) (*shrink.Result, error) {
	small, err := shrink.Shrink(r.Scenario.Cluster, r.Decisions, r.Property, o)
	if err != nil {
		return nil, err
	}
	for i := 0; i < len(small.Decisions) && small.Minimal; i++ {
		fewer := slices.Delete(slices.Clone(small.Decisions), i, i+1)
		again, err := shrink.Shrink(small.Cluster, fewer, r.Property, o)
		small.Tried++
		if err != nil {
			continue // it is needed
		}
		again.Steps = append(small.Steps, again.Steps...)
		again.Tried += small.Tried
		small, i = again, -1
	}
	return small, nil
}

// timed is the case of a property whose bound is in time.
func (r *Run) timed(o shrink.Options) (*Case, error) {
	s := r.whole()
	c := &Case{Before: sizeOf(s)}
	small, err := shrink.ShrinkTimed(shrink.Timed{Cluster: s.Cluster, Timetable: s.Timetable, Progress: s.Progress}, r.Property, o)
	if err != nil {
		return Whole(r, o) // it does not break, or what progress takes for granted is not so in it
	}
	c.Minimal, c.Tried = small.Minimal, small.Tried
	s.Cluster, s.Timetable = small.Cluster, small.Timetable
	if r.Drawn {
		s.Cluster = renamed(s.Cluster, s.Timetable.Timeline)
		s.Timetable.Budget = sim.DefaultBudget // it ends by itself
	}
	return c.complete(r, s)
}

// renamed is the cluster with the usual names: instances are a, b, c, and clients, in
// the order in which they call, alice, bob, carol.
func renamed(c *sim.Cluster, decisions []sim.Decision) *sim.Cluster {
	named := *c
	named.Instances = slices.Clone(c.Instances)
	for i := range named.Instances {
		named.Instances[i].Name = swarm.InstanceName(i)
	}
	named.Holders = make([]string, len(c.Holders))
	clients := 0
	for _, d := range decisions {
		if d.Kind == sim.InvokeOperation && d.Holder != protocol.Free && named.Holders[d.Holder-1] == "" {
			named.Holders[d.Holder-1] = swarm.ClientName(clients)
			clients++
		}
	}
	return &named
}

// property is the row of the property that broke.
func (r *Run) property() check.Property {
	p, _ := check.PropertyByName(r.Property, r.Scenario.Judges...)
	return p
}

func sizeOf(s *scenarios.Scenario) Size {
	size := Size{Decisions: len(s.Decisions()), Instances: s.Cluster.Size()}
	for _, d := range s.Decisions() {
		if d.Kind == sim.InvokeOperation {
			size.Operations++
		}
	}
	return size
}

// complete makes the case's file of what is left of the run, which says what happens.
func (c *Case) complete(r *Run, left *scenarios.Scenario) (made *Case, err error) {
	c.After = sizeOf(left)
	left.Title, left.Edition, left.Seed = r.property().Broken, r.Scenario.Edition, r.Scenario.Seed
	if left.Timed() {
		c.File = scenarios.FromTimetable(left)
	} else {
		c.File = scenarios.FromDecisions(left, left.Schedule.Decisions)
	}
	if c.Scenario, c.Outcome, err = claiming(c.File, r.Scenario.Judges, left.Cluster.Players()); err != nil {
		return nil, err
	}
	broken := check.Worst(c.Outcome.Verdicts, r.Property)
	if broken == nil {
		return nil, fmt.Errorf("%s does not break in this run of %d decisions", r.Property, c.After.Decisions)
	}
	c.Verdict = *broken
	c.File.About = scenarios.Some(wrapped(c.account(r)))
	c.Scenario.About = c.File.About.Value
	return c, nil
}

// account says what happens, and where it comes from.
func (c *Case) account(r *Run) string {
	text := fmt.Sprintf("By event %d %s is violated: %s.\n\n", c.Verdict.Event, r.Property, c.Verdict.Why)
	if c.Tried == 0 {
		return text + fmt.Sprintf("Found by %s.\n", r.Found)
	}
	what := "decisions"
	if c.Shrunk == nil {
		what = "entries of a timeline"
	} else if !slices.ContainsFunc(c.Shrunk.Decisions, func(d sim.Decision) bool { return d.Kind.IsFault() }) {
		text += "Nothing is lost and nobody is down: what does not arrive is still under way.\n\n"
	}
	text += fmt.Sprintf("Found by %s, and shrunk from %d %s to %d.", r.Found, c.Before.Decisions, what, c.After.Decisions)
	if c.Minimal {
		text += " None of them can be left out."
	} else {
		text += " The search for a smaller one was ended early."
	}
	return text + "\n"
}

// wrapped is a text with its paragraphs in lines that are easy to read.
func wrapped(text string) string {
	const width = 78
	paragraphs := strings.Split(strings.TrimSpace(text), "\n\n")
	for i, paragraph := range paragraphs {
		lines := []string{""}
		for _, word := range strings.Fields(paragraph) {
			last := &lines[len(lines)-1]
			if longer := strings.TrimSpace(*last + " " + word); *last == "" || utf8.RuneCountInString(longer) <= width {
				*last = longer
			} else {
				lines = append(lines, word)
			}
		}
		paragraphs[i] = strings.Join(lines, "\n")
	}
	return strings.Join(paragraphs, "\n\n") + "\n"
}

// Shape is what counterexamples of one kind have in common: the property, and the
// decisions, or the entries of the timeline, with instances and clients numbered in the
// order in which they appear, without times and numbers.
func (c *Case) Shape() string {
	var b strings.Builder
	b.WriteString(c.Verdict.Property)
	inOrder := sim.Remap{Instance: numbering[protocol.Position](), Holder: numbering[protocol.Holder]()}
	for _, d := range c.Scenario.Decisions() {
		d, _ = d.Remap(inOrder)
		fmt.Fprintf(&b, "; %d %d %d %v %v %d %d %d %v", d.Kind, d.Operation, d.Message, d.HostUp, d.Both, d.From, d.To, d.Holder, d.Groups)
	}
	if t := c.Scenario.Timetable; t != nil {
		fmt.Fprintf(&b, "; %d clogs, %d fates", len(t.Clogs), len(t.Fates))
	}
	return b.String()
}

// numbering gives numbers in the order in which it is asked, from 1.
func numbering[K ~int | ~uint8 | ~uint16 | ~uint32]() func(K) (K, bool) {
	seen := map[K]K{}
	return func(k K) (K, bool) {
		if _, known := seen[k]; !known {
			seen[k] = K(len(seen) + 1)
		}
		return seen[k], true
	}
}
