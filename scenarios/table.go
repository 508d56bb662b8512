package scenarios

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v4"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/trace"
)

// maxCount is the largest number of messages, operations or events that a file can name.
const maxCount = 1_000_000_000

// fileTable is a whole file, in the order in which it is written.
var fileTable = mapping[File]{
	name: "a scenario",
	fields: []field[File]{
		given("format", "The version of this format: 1.", formatVersion,
			func(f *File) *Opt[uint32] { return &f.Format }).must(),
		given("title", "What it is about, in one line.", freeText,
			func(f *File) *Opt[string] { return &f.Title }),
		given("about", "What happens in it and what there is to see, in some sentences.", longText,
			func(f *File) *Opt[string] { return &f.About }),
		given("edition", "The set of rules that the instances follow; `skinny editions` explains them.", edition,
			func(f *File) *Opt[string] { return &f.Edition }).otherwise(DefaultEdition),
		several("rules", "Single rules, on or off, on top of the edition: {durable: on}.", ruleSettings,
			func(f *File) *[]RuleSetting { return &f.Rules }),
		given("seed", "Where all chance comes from; the same seed gives the same run.", numeral[uint64]("the seed", 0, 1<<64-1),
			func(f *File) *Opt[uint64] { return &f.Seed }).otherwise(0),
		several("instances", "The cluster in display order: names, or mappings where more is to be said.", instances,
			func(f *File) *[]Instance { return &f.Instances }).must(),
		nested("network", "What the links do to messages.", &networkTable,
			func(f *File) *Network { return &f.Network }),
		several("timeline", "What clients do and what goes wrong, by time.", listOf("a list of what happens when", timelineEntry.shape()),
			func(f *File) *[]Decision { return &f.Timeline }),
		several("messages", "The fate of single messages, by name instead of by chance.", listOf("a list of fates of messages", fateEntry.shape()),
			func(f *File) *[]Fate { return &f.Messages }),
		nested("faults", "What is drawn from the seed on top of all this: a profile, and single knobs that differ from it.", &faultsTable,
			func(f *File) *Faults { return &f.Faults }),
		given("schedule", "Decisions in order, one a line, in place of timeline, messages and network: deliver promise-request a -> c.", scheduleText,
			func(f *File) *Opt[[]Decision] { return &f.Schedule }),
		given("then", "What follows the schedule: stop, or settle, which delivers what is pending until nothing is left.", settling,
			func(f *File) *Opt[bool] { return &f.Then }).otherwise("stop"),
		given("until", "The last instant that is simulated; without it, until nothing is left to happen.", duration,
			func(f *File) *Opt[trace.Time] { return &f.Until }),
		given("progress", "By when operations must be answered, so that progress can be judged.", progressTable.shape(),
			func(f *File) *Opt[Progress] { return &f.Progress }),
		given("events", "The run ends when it has had so many events.", numeral[int]("the number of events", 1, maxCount),
			func(f *File) *Opt[int] { return &f.Events }).otherwise(sim.DefaultBudget),
		nested("explore", "How far `skinny explore` goes: how many of each fault it tries, in every order.", &exploreTable,
			func(f *File) *Explore { return &f.Explore }),
		several("expect", "What the scenario claims; a run fails when it does not hold.", listOf("a list of claims", expectation.shape()),
			func(f *File) *[]Expectation { return &f.Expect }),
	},
}

// formatVersion is the number of this format.
var formatVersion = shape[uint32]{
	read: func(r *decoder, n *yaml.Node) (uint32, bool) {
		v, ok := r.number(n, "the version of the format", 0, maxCount)
		if ok && v != Format {
			r.report(placeOf(n), fmt.Sprintf("this program reads format %d", Format), "unknown format %d", v)
			return 0, false
		}
		return uint32(v), ok
	},
	write:  numeral[uint32]("", 0, 0).write,
	schema: object{{"const", Format}},
}

var edition = func() shape[string] {
	var names []string
	for _, e := range protocol.Editions() {
		names = append(names, e.Name)
	}
	return oneOf("editions", names, names)
}()

var settling = oneOf("ways to go on", []string{"stop", "settle"}, []bool{false, true})

// ruleTable has a key for every rule.
var ruleTable = func() mapping[[]RuleSetting] {
	m := mapping[[]RuleSetting]{name: "`rules`", flow: true}
	for _, rule := range protocol.RuleTable() {
		m.fields = append(m.fields, field[[]RuleSetting]{
			name:   rule.Name,
			doc:    fmt.Sprintf("On: %s. Off: %s.", rule.On, rule.Off),
			schema: onOff.schema,
			read: func(r *decoder, n *yaml.Node, settings *[]RuleSetting) {
				if on, ok := onOff.read(r, n); ok {
					*settings = append(*settings, RuleSetting{rule.Name, on, placeOf(n)})
				}
			},
			write: func(settings *[]RuleSetting) *yaml.Node {
				for _, s := range *settings {
					if s.Rule == rule.Name {
						return onOff.write(s.On)
					}
				}
				return nil
			},
		})
	}
	return m
}()

// ruleSettings is the rules in the order of the rule table, which is also the
// order in which they are written.
var ruleSettings = shape[[]RuleSetting]{
	read: func(r *decoder, n *yaml.Node) ([]RuleSetting, bool) {
		settings, ok := ruleTable.read(r, n)
		var sorted []RuleSetting
		for _, rule := range protocol.RuleTable() {
			for _, s := range settings {
				if s.Rule == rule.Name {
					sorted = append(sorted, s)
				}
			}
		}
		return sorted, ok
	},
	write:  ruleTable.write,
	schema: ruleTable.schema(),
}

var instanceTable = mapping[Instance]{
	name: "an instance",
	flow: true,
	fields: []field[Instance]{
		given("name", "A letter, then letters, digits, _ . or -, at most 32 of them.", newInstance,
			func(i *Instance) *Opt[string] { return &i.Name }).must(),
		given("increment", "What the instance adds to promised for its next ID; without it, its position from 1.", numeral[uint64]("the increment", 1, 1<<64-1),
			func(i *Instance) *Opt[uint64] { return &i.Increment }),
		given("timeout", "How long it waits for its peers in a phase.", positiveDuration,
			func(i *Instance) *Opt[trace.Time] { return &i.Timeout }).otherwise(FormatTime(sim.DefaultTimeout)),
		given("promise-delay", "How long it works on a promise request before it answers, a duration or a range.", durationRange,
			func(i *Instance) *Opt[sim.Range] { return &i.PromiseDelay }).otherwise("0ms"),
	},
	place: func(i *Instance) *Place { return &i.Place },
}

// detailed reports whether more is said of an instance than its name.
func (i Instance) detailed() bool {
	return i.Increment.Given || i.Timeout.Given || i.PromiseDelay.Given
}

// maxOnOneLine is how many bare names are written on one line.
const maxOnOneLine = 8

// oneInstance is a bare name, or a mapping where more is to be said.
var oneInstance = shape[Instance]{
	read: func(r *decoder, n *yaml.Node) (Instance, bool) {
		if n.Kind != yaml.ScalarNode {
			i, ok := instanceTable.read(r, n)
			r.lost = r.lost || !i.Name.Given
			return i, ok
		}
		name, ok := newInstance.read(r, n)
		return Instance{Name: Opt[string]{name, ok, placeOf(n)}, Place: placeOf(n)}, ok
	},
	write: func(i Instance) *yaml.Node {
		if i.detailed() {
			return instanceTable.write(i)
		}
		return textNode(i.Name.Value)
	},
	schema: object{{"oneOf", []object{newInstance.schema, instanceTable.schema()}}},
}

// instances is a cluster, as large as the protocol allows.
var instances = func() shape[[]Instance] {
	list := listOf("a list of instances", oneInstance)
	return shape[[]Instance]{
		read: func(r *decoder, n *yaml.Node) ([]Instance, bool) {
			cluster, ok := list.read(r, n)
			if size := len(n.Content); ok && (size < 2 || size > protocol.MaxSize) {
				r.report(placeOf(n), fmt.Sprintf("a cluster has 2 to %d instances", protocol.MaxSize), "a cluster of %d", size)
			}
			return cluster, ok
		},
		write: func(cluster []Instance) *yaml.Node {
			n := list.write(cluster)
			if len(cluster) <= maxOnOneLine && !slices.ContainsFunc(cluster, Instance.detailed) {
				n.Style = yaml.FlowStyle
			}
			return n
		},
		schema: append(list.schema, member{"minItems", 2}, member{"maxItems", protocol.MaxSize}),
	}
}()
