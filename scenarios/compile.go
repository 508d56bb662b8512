package scenarios

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"skinny/protocol"
	"skinny/scenarios/form"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/swarm"
	"skinny/sim/trace"
)

// Overrides is what takes the place of what a file says.
type Overrides struct {
	Edition string        // "" for the file's own; otherwise the file's single rules do not apply
	Rules   []RuleSetting // on top of everything
	Seed    *uint64       // nil for the file's own

	// Players says who plays instances in place of the built-in protocol. Where the file
	// says that an instance is played, somebody has to, unless Unplayed says that the
	// scenario is only to be looked at.
	Players  sim.Players
	Unplayed bool
}

// Scenario is a file made ready to be run: a cluster, and either a timetable or a
// schedule. Nothing in it may be changed once a run has begun.
type Scenario struct {
	Title     string // the file's name where it has no title
	About     string
	Edition   string
	Seed      uint64
	Cluster   *sim.Cluster
	Timetable *sim.Timetable // nil if there is a schedule
	Schedule  *sim.Schedule  // nil if there is a timetable
	Progress  check.Progress // that is demanded of a timed run
	Expect    []Expectation

	Judges []check.Property // of one's own, beside those of the register; no file has them

	file *File
	base *swarm.Base // what was there before faults were drawn; nil if none were
}

// File is the file that the scenario was made from, one that says nothing if there was none.
func (s *Scenario) File() *File { return cmp.Or(s.file, &File{}) }

// Exercise is what makes the scenario an exercise, nil if it is none.
func (s *Scenario) Exercise() *Exercise { return s.File().Exercise.IfGiven() }

// Lesson is what makes the scenario a lesson, nil if it is none.
func (s *Scenario) Lesson() *Lesson { return s.File().Lesson.IfGiven() }

// Timed reports whether time decides what happens, not a schedule.
func (s *Scenario) Timed() bool { return s.Timetable != nil }

// Under is the same scenario under other rules.
func (s *Scenario) Under(rules protocol.Rules) *Scenario {
	cluster, other := *s.Cluster, *s
	cluster.Rules, other.Cluster = rules, &cluster
	return &other
}

// Header is the head of the traces of the scenario's runs.
func (s *Scenario) Header() *trace.Header {
	h := s.Cluster.Header()
	h.Title, h.Edition, h.Seed = s.Title, s.Edition, s.Seed
	return h
}

// Decode reads a file; name is what it is called in messages. The error is
// Diagnostics: everything that is wrong with it. A file without error can be
// compiled, with the programs that it needs.
func Decode(name string, data []byte) (*File, error) {
	return fileIn(decode(name, data, Overrides{Unplayed: true}))
}

func decode(name string, data []byte, o Overrides) (*Scenario, error) {
	if trace.Is(data) {
		return nil, Diagnostics{{File: name, Message: "this is a trace, and no scenario", Hint: "`skinny step` opens it"}}
	}
	f, ok, r := form.Parse(&scenarioText, name, trace.Plain(data), form.Of((*File).form))
	if !ok {
		return nil, r.Found.Err()
	}
	f.source = r.Source
	return newCompiler(&f, *r).compile(o)
}

// Compile makes a file ready to be run. The error is Diagnostics.
func (f *File) Compile(o Overrides) (*Scenario, error) {
	return newCompiler(f, form.Reader{Source: f.source}).compile(o)
}

func (c *compiler) compile(o Overrides) (*Scenario, error) {
	s := c.scenario(o)
	if err := c.Found.Err(); err != nil {
		return nil, err
	}
	return s, nil
}

// scenario compiles everything, in an order in which names are known before they are used.
func (c *compiler) scenario(o Overrides) *Scenario {
	f := c.file
	if f.Format.Given && f.Format.Value != Format {
		c.Report(f.Format.Place, fmt.Sprintf("this program reads format %d", Format), "unknown format %d", f.Format.Value)
	}
	s := &Scenario{
		Title:  f.Title.Or(c.fallbackTitle()),
		About:  f.About.Value,
		Seed:   f.Seed.Value,
		Expect: f.Expect,
		file:   f,
	}
	if o.Seed != nil {
		s.Seed = *o.Seed
	}
	s.Cluster = &sim.Cluster{
		Rules:         c.rules(s, o),
		Instances:     c.cluster(),
		ClientLatency: f.Network.ClientLatency.Value,
	}
	s.Cluster.Quorums = c.quorums()
	c.play(s.Cluster.Instances, o)
	if f.Schedule.Given {
		s.Schedule = c.schedule()
	} else {
		s.Timetable = c.timetable(s.Seed)
		s.Progress = c.progress()
		c.checkFaults()
	}
	s.Cluster.Holders = c.holders
	for i := range f.Expect {
		c.checkClaim(&f.Expect[i], false)
	}
	c.checkLesson()
	if f.Exercise.Given {
		c.checkExercise(&f.Exercise.Value)
	}
	// A claim about what is judged on demand demands it.
	for _, d := range f.Exercise.Value.Want {
		s.Judges = check.WithNamed(s.Judges, d.Property.Value)
	}
	for _, e := range f.Expect {
		s.Judges = check.WithNamed(s.Judges, e.Property.Value)
	}
	if s.Timed() && f.Faults.draws() && len(c.Found) == 0 {
		s.draw()
	}
	return s
}

// fallbackTitle is the name of the file without its folder and ending.
func (c *compiler) fallbackTitle() string {
	name := c.Source.Name()
	if name == "" || name == standardInput {
		return "untitled"
	}
	base := form.Printable(filepath.Base(name))
	return strings.TrimSuffix(base, filepath.Ext(base))
}

// rules is the edition's, then single ones: the file's, which go with its own edition,
// and those on top.
func (c *compiler) rules(s *Scenario, o Overrides) protocol.Rules {
	s.Edition = c.file.Edition.Or(DefaultEdition)
	place, own := c.file.Edition.Place, c.file.Rules
	if o.Edition != "" {
		s.Edition, place, own = o.Edition, Place{}, nil
	}
	edition, ok := protocol.EditionByName(s.Edition)
	if !ok {
		c.reportAt(place, EditionHint(s.Edition), "unknown edition %s", form.Quoted(s.Edition))
	}
	on, off := c.settings(slices.Concat(own, o.Rules))
	return edition.Rules&^off | on
}

// settings is the rules that a list turns on, and those that it turns off.
func (c *compiler) settings(list []RuleSetting) (on, off protocol.Rules) {
	for _, setting := range list {
		rule, ok := protocol.RuleByName(setting.Rule)
		switch {
		case !ok:
			c.reportAt(setting.Place, RuleHint(setting.Rule), "unknown rule %s", form.Quoted(setting.Rule))
		case setting.On:
			on |= rule.Rule // which wins
		default:
			on, off = on&^rule.Rule, off|rule.Rule
		}
	}
	return on, off
}

// quorums checks that the cluster is large enough for them.
func (c *compiler) quorums() protocol.Quorums {
	q := c.file.Quorums
	for _, n := range []Opt[uint32]{q.Promise, q.Commit} {
		if size := len(c.instances); int(n.Value) > size && !c.Lost {
			c.Report(n.Place, fmt.Sprintf("there are %d", size), "a quorum of %d instances", n.Value)
		}
	}
	return protocol.Quorums{Promise: uint8(q.Promise.Value), Commit: uint8(q.Commit.Value)}
}

// reportAt reports something that may not come from the file.
func (c *compiler) reportAt(at Place, hint, format string, args ...any) {
	c.Report(at, hint, format, args...)
	if at == (Place{}) {
		c.Found[len(c.Found)-1].File = ""
	}
}

func editionNames() []string {
	return form.Each(protocol.Editions(), func(e protocol.Edition) string { return e.Name })
}

func (c *compiler) cluster() []sim.Instance {
	list := c.file.Instances
	if n := len(list); n < 2 || n > protocol.MaxSize {
		if c.Source == nil {
			c.Report(Place{}, "", "a cluster has 2 to %d instances, not %d", protocol.MaxSize, n)
		}
		c.Lost = true // reported where it stands, if it was read from a file
		list = list[:min(n, protocol.MaxSize)]
	}
	var cluster []sim.Instance
	for i := range list {
		f := &list[i]
		if f.Name.Given {
			c.PassesAt(f.Name.Place, checkInstanceName(f.Name.Value)) // the decoder would have found it
		}
		if f.Name.Given && slices.Contains(c.instances, f.Name.Value) {
			c.Report(f.Name.Place, "every instance has a name of its own", "there are two instances %q", f.Name.Value)
		}
		c.instances = append(c.instances, f.Name.Value)
		on, off := c.settings(f.Rules)
		cluster = append(cluster, sim.Instance{
			Name: f.Name.Value, Increment: protocol.ID(f.Increment.Or(uint64(i + 1))), RulesOn: on, RulesOff: off,
			Timeout: f.Timeout.Or(sim.DefaultTimeout), PromiseTimeout: f.PromiseTimeout.Value, PromiseDelay: f.PromiseDelay.Value,
		})
	}
	return cluster
}
