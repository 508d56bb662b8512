package scenarios

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v4"

	"skinny/protocol"
	"skinny/scenarios/form"
	"skinny/sim"
	"skinny/sim/trace"
)

// Format is the version of the file format.
const Format = 1

// File is a scenario as it is written: names are names, and what is not given is
// not filled in. A File that was decoded knows where everything stands; one that a
// program made has no places and says the same.
type File struct {
	Format    Opt[uint32]
	Title     Opt[string]
	About     Opt[string]
	Edition   Opt[string]   // default: published
	Rules     []RuleSetting // on top of the edition, in the order of [protocol.RuleTable]
	Quorums   Quorums
	Seed      Opt[uint64] // default: 0
	Instances []Instance  // in display order
	Program   []Played    // which instances programs play
	Network   Network
	Timeline  []Decision // each with At
	Messages  []Fate
	Faults    Faults
	Schedule  Opt[[]Decision] // takes the place of timeline, messages, faults, until, progress and most of network
	Then      Opt[bool]       // after the schedule: settle
	Until     Opt[trace.Time] // inclusive; default: until nothing is left to happen
	Progress  Opt[Progress]   // default: none is demanded
	Events    Opt[int]        // budget; default: sim.DefaultBudget
	Explore   Explore
	Expect    []Expectation
	Lesson    Opt[Lesson]
	Exercise  Opt[Exercise]

	source *form.Source // nil for a file that a program made
}

// DefaultEdition is the edition of a file that names none.
const DefaultEdition = "published"

// form has the keys in the order in which they are written.
func (f *File) form() form.Form {
	return form.Form{Name: "a scenario", Whole: true, Fields: []form.Field{
		form.Key("format", "The version of this format: 1.", &f.Format, formatVersion).Must(),
		form.Key("title", "What it is about, in one line.", &f.Title, form.Line),
		form.Key("about", "What happens in it and what there is to see, in some sentences.", &f.About, form.Lines),
		form.Key("edition", "The set of rules that the instances follow; `skinny editions` explains them.", &f.Edition, edition).Default(DefaultEdition),
		form.Many("rules", "Single rules, on or off, on top of the edition: {durable: on}.", &f.Rules, form.Of(rulesForm)),
		form.Nested("quorums", "How many instances have to say yes, the proposer included; without it, what the rule majority says.", &f.Quorums, (*Quorums).form),
		form.Key("seed", "Where all chance comes from; the same seed gives the same run.", &f.Seed, form.Numeral[uint64]("the seed", 0, 1<<64-1)).Default(0),
		form.Many("instances", "The cluster in display order: names, or mappings where more is to be said.", &f.Instances, instances).Must(),
		form.Many("program", "Which instances programs play, and what these are called: {c: mine}. It takes the flag --program to run it.", &f.Program, played),
		form.Nested("network", "What the links do to messages.", &f.Network, (*Network).form),
		form.Many("timeline", "What clients do and what goes wrong, by time.", &f.Timeline, form.List("a list of what happens when", timelineEntry.Value())).Unless("schedule", decidesAll),
		form.Many("messages", "The fate of single messages, by name instead of by chance.", &f.Messages, form.List("a list of fates of messages", fateEntry.Value())).Unless("schedule", decidesAll),
		form.Nested("faults", "What is drawn from the seed on top of all this: a profile, and single knobs that differ from it.", &f.Faults, (*Faults).form).Unless("schedule", decidesAll),
		form.Key("schedule", "Decisions in order, one a line, in place of timeline, messages and network: deliver promise-request a -> c.", &f.Schedule, scheduleText),
		form.Key("then", "What follows the schedule: stop, or settle, which delivers what is pending until nothing is left.", &f.Then, settling).Default("stop").With("schedule", ""),
		form.Key("until", "The last instant that is simulated; without it, until nothing is left to happen.", &f.Until, duration).Unless("schedule", decidesAll),
		form.Key("progress", "By when operations must be answered, so that progress can be judged.", &f.Progress, form.Of((*Progress).form)).
			Unless("schedule", "progress has a bound in time, and a schedule has no time of its own; leave it out, or give a timeline"),
		form.Key("events", "The run ends with the step that makes it this many events.", &f.Events, form.Numeral[int]("the number of events", 1, maxCount)).Default(sim.DefaultBudget),
		form.Nested("explore", "How far `skinny explore` goes: how many of each fault it tries, in every order.", &f.Explore, (*Explore).form),
		form.Many("expect", "What the scenario claims; a run fails when it does not hold.", &f.Expect, form.List("a list of claims", expectation.Value())),
		form.Key("lesson", "What makes it a lesson of `skinny learn`: where its run halts, and what is said and asked there.", &f.Lesson, form.Of((*Lesson).form)),
		form.Key("exercise", "What makes it an exercise: what is to be done, what may be changed, and what is wanted of a solution.", &f.Exercise, form.Of((*Exercise).form)),
	}}
}

// MaxSize is the largest file that is read, in bytes: about half a million decisions.
const MaxSize = 32 << 20

var scenarioText = form.Kind{
	Name:    "scenario",
	MaxSize: MaxSize,
	TooLong: "a scenario is written by hand or recorded from a run of at most about half a million decisions; split it up",
	Empty:   "`skinny scenarios new` prints a commented one to start from",
}

// Encode writes the file as somebody would by hand. Decoding the result gives an
// equal file, places aside.
func (f *File) Encode() []byte { return form.Encode(form.Of((*File).form), *f) }

// Save is Encode for a file that is to be opened again. The error: it is too large for that.
func (f *File) Save() ([]byte, error) {
	data := f.Encode()
	if m := scenarioText.Bound(data); m != nil {
		return nil, m
	}
	return data, nil
}

// Schema is the JSON Schema of scenario files. It says what the forms say; what
// depends on other parts of a file, such as whether an instance exists, is beyond it.
func Schema() []byte { return form.Document("Skinny scenario", form.Of((*File).form).Schema()) }

// decidesAll is why keys do not go with a schedule.
const decidesAll = "a schedule decides everything itself; of the network it only takes client-latency, which makes clients' calls and answers decisions too"

// formatVersion is a number; that it is the one of this format is seen later.
var formatVersion = form.Value[uint32]{
	Read:   form.Numeral[uint32]("the version of the format", 0, maxCount).Read,
	Write:  form.Numeral[uint32]("", 0, maxCount).Write,
	Schema: func() form.Object { return form.Object{{Name: "const", Value: Format}} },
}

var (
	edition  = form.Choice("editions", editionNames(), editionNames())
	settling = form.Choice("ways to go on", []string{"stop", "settle"}, []bool{false, true})
)

// RuleSetting turns one rule on or off.
type RuleSetting struct {
	Rule  string
	On    bool
	Place Place
}

// rulesForm has a key for every rule. The settings are in the order of the rule
// table, which is also the order in which they are written.
func rulesForm(settings *[]RuleSetting) form.Form {
	f := form.Form{Name: "`rules`", Flow: true}
	names := ruleNames()
	for _, name := range names {
		rule, _ := protocol.RuleByName(name)
		f.Fields = append(f.Fields, form.Bind(name, fmt.Sprintf("On: %s. Off: %s.", rule.On, rule.Off),
			func(r *form.Reader, n *yaml.Node) {
				if on, ok := form.OnOff.Read(r, n); ok {
					*settings = append(*settings, RuleSetting{name, on, form.PlaceOf(n)})
					slices.SortFunc(*settings, func(a, b RuleSetting) int { return slices.Index(names, a.Rule) - slices.Index(names, b.Rule) })
				}
			}, func() *yaml.Node {
				for _, s := range *settings {
					if s.Rule == name {
						return form.OnOff.Write(s.On)
					}
				}
				return nil
			}, form.OnOff.Schema))
	}
	return f
}

func ruleNames() []string {
	return form.Each(protocol.RuleTable(), func(r protocol.Rule) string { return r.Name })
}

// Quorums says how many yes each phase needs.
type Quorums struct {
	Promise Opt[uint32] // default: by the rule majority
	Commit  Opt[uint32]
}

func (q *Quorums) form() form.Form {
	return form.Form{Name: "`quorums`", Flow: true, Fields: []form.Field{
		form.Key("promise", "For phase 1. The lock is safe if both together are more than all instances.", &q.Promise, form.Numeral[uint32]("the quorum", 1, protocol.MaxSize)),
		form.Key("commit", "For phase 2.", &q.Commit, form.Numeral[uint32]("the quorum", 1, protocol.MaxSize)),
	}}
}

// Instance is one server.
type Instance struct {
	Name           Opt[string]
	Increment      Opt[uint64]     // at least 1; default: the position, from 1
	Timeout        Opt[trace.Time] // positive; default: sim.DefaultTimeout
	PromiseTimeout Opt[trace.Time] // positive; default: the timeout
	PromiseDelay   Opt[sim.Range]  // default: 0
	Rules          []RuleSetting   // on top of those of the file
}

func (i *Instance) form() form.Form {
	return form.Form{Name: "an instance", Flow: true, Fields: []form.Field{
		form.Key("name", "A letter, then letters, digits, _ . or -, at most 32 of them.", &i.Name, newInstance).Must(),
		form.Key("increment", "What the instance adds to promised for its next ID; without it, its position from 1.", &i.Increment,
			form.Numeral[uint64]("the increment", 1, 1<<64-1)),
		form.Key("timeout", "How long it waits for its peers in a phase.", &i.Timeout, positiveDuration).Default(FormatTime(sim.DefaultTimeout)),
		form.Key("promise-timeout", "How long it waits for promises, if not as long as for commits.", &i.PromiseTimeout, positiveDuration),
		form.Key("promise-delay", "How long it works on a promise request before it answers, a duration or a range.", &i.PromiseDelay, durationRange).Default("0ms"),
		form.Many("rules", "Single rules, on or off, for this instance: {durable: off}.", &i.Rules, form.Of(rulesForm)),
	}}
}

// detailed reports whether more is said of an instance than its name.
func (i Instance) detailed() bool {
	return i.Increment.Given || i.Timeout.Given || i.PromiseTimeout.Given || i.PromiseDelay.Given || len(i.Rules) > 0
}

// oneInstance is a bare name, or a mapping where more is to be said.
var oneInstance = func() form.Value[Instance] {
	whole := form.Of((*Instance).form)
	return form.Value[Instance]{
		Read: func(r *form.Reader, n *yaml.Node) (Instance, bool) {
			if n.Kind != yaml.ScalarNode {
				i, ok := whole.Read(r, n)
				r.Lost = r.Lost || !i.Name.Given
				return i, ok
			}
			name, ok := newInstance.Read(r, n)
			return Instance{Name: Opt[string]{Value: name, Given: ok, Place: form.PlaceOf(n)}}, ok
		},
		Write: func(i Instance) *yaml.Node {
			if i.detailed() {
				return whole.Write(i)
			}
			return newInstance.Write(i.Name.Value)
		},
		Schema: func() form.Object { return form.OneOf(newInstance.Schema(), whole.Schema()) },
	}
}()

// instances is a cluster, as large as the protocol allows.
var instances = func() form.Value[[]Instance] {
	list := form.List("a list of instances", oneInstance)
	return form.Value[[]Instance]{
		Read: func(r *form.Reader, n *yaml.Node) ([]Instance, bool) {
			cluster, ok := list.Read(r, n)
			if size := len(n.Content); ok && (size < 2 || size > protocol.MaxSize) {
				r.Report(form.PlaceOf(n), fmt.Sprintf("a cluster has 2 to %d instances", protocol.MaxSize), "a cluster of %d", size)
			}
			return cluster, ok
		},
		Write: func(cluster []Instance) *yaml.Node {
			n := list.Write(cluster)
			const most = 8 // bare names on one line
			if len(cluster) <= most && !slices.ContainsFunc(cluster, Instance.detailed) {
				n.Style = yaml.FlowStyle
			}
			return n
		},
		Schema: func() form.Object {
			return append(list.Schema(), form.Member{Name: "minItems", Value: 2}, form.Member{Name: "maxItems", Value: protocol.MaxSize})
		},
	}
}()

// Progress says by when operations must be answered: see [check.Progress].
type Progress struct {
	From   Opt[trace.Time]
	Within Opt[trace.Time] // positive
}

func (p *Progress) form() form.Form {
	return form.Form{Name: "`progress`", Flow: true, Fields: []form.Field{
		form.Key("from", "From then on nothing goes wrong any more: what is called later must be answered, and not by unknown.", &p.From, duration).Must(),
		form.Key("within", "How long an operation may take that waits for no other.", &p.Within, positiveDuration).Must(),
	}}
}
