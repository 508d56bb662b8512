package scenarios

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/trace"
)

// FromDecisions is a file whose schedule is the decisions of a run of the
// scenario. With the times that [sim.RunRecorded] gives them, running the file
// gives the same events to the byte. It claims what the scenario claims, progress
// aside, which is not judged in a schedule.
func FromDecisions(s *Scenario, decisions []sim.Decision) *File {
	f := fileOf(s)
	f.Seed = Some(s.Seed)
	f.Schedule = Some([]Decision{})
	f.Expect = slices.DeleteFunc(slices.Clone(s.Expect), func(e Expectation) bool { return e.Property.Value == check.ProgressName })
	f.Events = s.File().Events
	for i := range decisions {
		f.Schedule.Value = append(f.Schedule.Value, nameDecision(s.Cluster, &decisions[i]))
	}
	return f
}

// fileOf is a file with what timed and scheduled scenarios have in common.
func fileOf(s *Scenario) *File {
	f := &File{
		Format:  Some[uint32](Format),
		Title:   Some(s.Title),
		About:   unless("", s.About),
		Edition: Some(s.Edition),
		Rules:   RuleSettings(s.Edition, s.Cluster.Rules),
		Quorums: Quorums{Promise: unless(0, uint32(s.Cluster.Quorums.Promise)), Commit: unless(0, uint32(s.Cluster.Quorums.Commit))},
		Program: playedOf(s.Cluster),
		Expect:  s.Expect,
	}
	for p, i := range s.Cluster.Instances {
		f.Instances = append(f.Instances, Instance{
			Name:           Some(i.Name),
			Increment:      unless(uint64(p+1), uint64(i.Increment)),
			Timeout:        unless(sim.DefaultTimeout, i.Timeout),
			PromiseTimeout: unless(0, i.PromiseTimeout),
			PromiseDelay:   unless(sim.Range{}, i.PromiseDelay),
			Rules:          settingsOf(i.RulesOn, i.RulesOff),
		})
	}
	f.Network.ClientLatency = unless(0, s.Cluster.ClientLatency)
	return f
}

// settingsOf is the settings that turn rules on and off.
func settingsOf(on, off protocol.Rules) (settings []RuleSetting) {
	for _, r := range protocol.RuleTable() {
		if (on | off).Has(r.Rule) {
			settings = append(settings, RuleSetting{Rule: r.Name, On: on.Has(r.Rule)})
		}
	}
	return settings
}

// FromTrace is a file whose schedule is what was decided in the run of a trace, so
// that it gives the same run. It is run once, to make sure of that. Of a trace that was
// cut off, it is the run up to the end of the step that makes its last event. Instances
// that programs played need players. The error names the line that is wrong.
func FromTrace(name string, data []byte, players sim.Players) (*File, error) {
	t, err := trace.Read(data)
	if err != nil {
		return nil, inTrace(name, err)
	}
	h := t.Header
	c := &sim.Cluster{Rules: h.Rules, Quorums: h.Quorums, ClientLatency: h.ClientLatency}
	for p, s := range h.Settings {
		c.Instances = append(c.Instances, sim.Instance{
			RulesOn: s.RulesOn, RulesOff: s.RulesOff, ProgramName: s.Program,
			Name: h.Instances[p], Increment: s.Increment, Timeout: s.Timeout, PromiseTimeout: s.PromiseTimeout, PromiseDelay: sim.Range(s.PromiseDelay),
		})
	}
	f := fileOf(&Scenario{Title: h.Title, Edition: h.Edition, Cluster: c})
	f.Seed, f.Schedule = Some(h.Seed), Some([]Decision{})
	for i, text := range h.Decisions {
		d, said, m := parseDecision(text, nowhere)
		if m != nil {
			return nil, fmt.Errorf("%s:1: decision %d, %q: %s", name, i+1, text, m.What)
		}
		if said {
			f.Schedule.Value = append(f.Schedule.Value, d)
		}
	}
	s, err := f.Compile(Overrides{Players: players})
	if err != nil {
		return nil, fmt.Errorf("%s:1: %w", name, err)
	}
	same := trace.Compare(t, s.Header())
	run := s.Start()
	w := run.World()
	w.Observe(same)
	for w.Events() < len(t.Lines) && run.Step() {
	}
	if err := run.Problem(); err != nil {
		return nil, fmt.Errorf("%s:1: %w", name, err)
	}
	if w.Events() > sim.DefaultBudget {
		f.Events = Some(w.Events())
	}
	f.Schedule.Value = f.Schedule.Value[:run.Runner.(*sim.Scheduled).Next()]
	if err := same.Err(); err != nil {
		return nil, fmt.Errorf("%w\n  the trace was changed, or is of another version of Skinny", inTrace(name, err))
	}
	return f, nil
}

// inTrace says of a line that is wrong which file it is in.
func inTrace(name string, err error) error {
	var l *trace.LineError
	if errors.As(err, &l) {
		return fmt.Errorf("%s:%d: %s", name, l.Line, l.What)
	}
	return fmt.Errorf("%s: %w", name, err)
}

// FromTimetable is a file that says all of a timed scenario's cluster, timetable and
// demand of progress, whatever was drawn for them, so that running it gives the same
// events to the byte. There is no way to write clients who act by their answers: a
// timetable with such panics, and the calls that they made in a run have to be put
// into its timeline before.
func FromTimetable(s *Scenario) *File {
	t := s.Timetable
	if len(t.Clients) > 0 {
		panic("scenarios: clients who act by their answers cannot be written")
	}
	f := fileOf(s)
	f.Seed = Some(t.Seed)
	f.Network.record(s.Cluster, t)
	for _, d := range t.Timeline {
		d.Timed = true
		f.Timeline = append(f.Timeline, nameDecision(s.Cluster, &d))
	}
	for _, fate := range t.Fates {
		for _, ends := range endsOf(s.Cluster, fate.From, fate.To) {
			f.Messages = append(f.Messages, Fate{
				Kind: fate.Kind, Message: Some(fate.Message), From: ends[0], To: ends[1], Nth: unless(0, fate.Nth), By: unless(0, fate.By),
			})
		}
	}
	if t.End > 0 {
		f.Until = Some(t.End - 1)
	}
	f.Events = unless(sim.DefaultBudget, cmp.Or(t.Budget, maxCount))
	if p := s.Progress; p != (check.Progress{}) {
		f.Progress = Some(Progress{From: Some(p.From), Within: Some(p.Within)})
	}
	return f
}

// endsOf is the links between two sets of instances, as few pairs of names as say it.
func endsOf(c *sim.Cluster, from, to protocol.Set) (list [][2]Opt[string]) {
	all := protocol.All(c.Size())
	from, to = from&all, to&all
	switch {
	case from == all && to == all:
		return [][2]Opt[string]{{}}
	case to.Len() == 1 && from|to == all:
		return [][2]Opt[string]{{{}, namesIn(c, to)[0]}}
	}
	for ; from != 0; from = from.Without(from.First()) {
		receivers := []Opt[string]{{}}
		if to.With(from.First()) != all {
			receivers = namesIn(c, to.Without(from.First()))
		}
		for _, receiver := range receivers {
			list = append(list, [2]Opt[string]{Some(c.Instances[from.First()].Name), receiver})
		}
	}
	return list
}

// record says what most links have in common, and what is different on others.
func (n *Network) record(c *sim.Cluster, t *sim.Timetable) {
	links := make([]traits, len(t.Links))
	for i := range links {
		links[i] = traitsOf(&t.Links[i])
	}
	usual := usualOf(links, c.Size())
	common := traitsOf(&sim.Link{Latency: sim.Range{Low: DefaultLatency, High: DefaultLatency}})
	n.Conditions = common.become(usual).conditions()
	said := slices.Repeat([]traits{usual}, len(links))
	all := protocol.All(c.Size())
	for at := range protocol.Position(c.Size()) {
		self := protocol.Set(0).With(at)
		n.alike(c, links, said, self, all)
		n.alike(c, links, said, all, self)
	}
	for from := range protocol.Position(c.Size()) {
		for at := range protocol.Position(c.Size()) {
			n.alike(c, links, said, protocol.Set(0).With(from), protocol.Set(0).With(at))
		}
	}
	n.CalmFrom = unless(0, t.Calm)
	for _, clog := range t.Clogs {
		if clog.End <= clog.Begin {
			continue // it lets everything through
		}
		for _, ends := range endsOf(c, clog.From, clog.To) {
			n.Clogs = append(n.Clogs, Clog{From: ends[0], To: ends[1], At: Some(clog.Begin), For: Some(clog.End - clog.Begin)})
		}
	}
}

// alike says what is different on the links between two sets, if they are all alike.
func (n *Network) alike(c *sim.Cluster, links, said []traits, senders, receivers protocol.Set) {
	size := c.Size()
	var between []int
	for i := range links {
		from, at := protocol.Position(i/size), protocol.Position(i%size)
		if from == at || !senders.Has(from) || !receivers.Has(at) {
			continue
		}
		if len(between) > 0 && links[i] != links[between[0]] {
			return
		}
		between = append(between, i)
	}
	var different traits
	for _, i := range between {
		for k, value := range said[i].become(links[i]) {
			different[k] = cmp.Or(value, different[k])
		}
		said[i] = links[i]
	}
	if different != (traits{}) {
		ends := endsOf(c, senders, receivers)[0]
		n.Links = append(n.Links, Link{From: ends[0], To: ends[1], Conditions: different.conditions()})
	}
}

// traits are what can be said of a link, as the fields of Conditions; nil says nothing.
type traits [6]any

func traitsOf(l *sim.Link) traits {
	tail := Tail{Share: Some(Share(l.Tail)), Latency: Some(l.TailLatency)}
	if l.Tail == 0 {
		tail.Latency = Some(sim.Range{})
	}
	return traits{l.Latency, Share(l.Loss), Share(l.RequestLoss), Share(l.ResponseLoss), Share(l.Duplication), tail}
}

// conditions is the traits as a file says them.
func (t traits) conditions() Conditions {
	return Conditions{said[sim.Range](t[0]), said[Share](t[1]), said[Share](t[2]), said[Share](t[3]), said[Share](t[4]), said[Tail](t[5])}
}

func said[V any](trait any) Opt[V] {
	value, given := trait.(V)
	return Opt[V]{Value: value, Given: given}
}

// become is the traits that are otherwise afterwards.
func (t traits) become(after traits) traits {
	for k := range t {
		if t[k] == after[k] {
			after[k] = nil
		}
	}
	return after
}

// usualOf is, for each of the traits, what more than half of the links have, or else
// any. (Boyer and Moore, "MJRTY: A Fast Majority Vote Algorithm", 1981)
func usualOf(links []traits, size int) (usual traits) {
	for k := range usual {
		votes := 0
		for i, link := range links {
			switch {
			case i/size == i%size:
			case votes == 0:
				usual[k], votes = link[k], 1
			case link[k] == usual[k]:
				votes++
			default:
				votes--
			}
		}
	}
	return usual
}
