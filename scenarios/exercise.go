package scenarios

import (
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"skinny/protocol"
	"skinny/scenarios/form"
	"skinny/sim/explore"
)

// Exercise makes a scenario one that is to be changed until it does what is wanted. How
// solutions are judged is in [skinny/scenarios/exercise].
type Exercise struct {
	Task   Opt[string]
	Change []string // keys that a solution may change; see Changeable
	Allow  []string // what a solution may do to the run; none: anything; see Moves
	Want   []Demand
	Par    Opt[int] // the fewest moves of a solution
	Hide   []string // of HideFuture, HidePreview and HideRules
	Hints  []string // from the first step on

	Place Place
}

// What an exercise hides from whoever solves it.
const (
	HideFuture  = "future"  // what happens later in the run as it is given
	HidePreview = "preview" // what would follow from a decision
	HideRules   = "rules"   // which rules are on
)

var hidden = []string{HideFuture, HidePreview, HideRules}

// changeable are the keys that a solution may be allowed to change. All others are given.
var changeable = []string{"rules", "quorums", "seed", "network", "timeline", "messages", "schedule", "then", "until", "expect"}

// Demand is one thing that a solution has to fulfil: a claim about its run, or another.
type Demand struct {
	Expectation
	Predict    []string    // what the solution itself has to say, rightly; of what the claim names
	EveryOrder Opt[string] // a property that is kept in every order of events
	Moves      Opt[int]    // how many are enough
}

// PredictRules is the word for the rules of a run, which belong to nothing in it.
const PredictRules = "rules"

// predictable are the words of what can be predicted, by what it belongs to.
var predictable = map[string][]string{
	"operation": {"outcome", "holder", "answered"},
	"instance":  {"promised", "id", "holder", "up"},
	"property":  {"is"},
	"":          {PredictRules},
}

// What a solution may do to rules, beside the verbs of decisions and fates.
const (
	TurnOn  = "turn-on"
	TurnOff = "turn-off"
)

// moveNames are the words for what a solution may do: those that a decision, or the fate
// of a message, begins with, and those for rules.
func moveNames() []string { return append(verbNames(), "delay", TurnOn, TurnOff) }

func (x *Exercise) form() form.Form {
	words := func(what string, list []string) form.Value[[]string] {
		return form.Flow(form.List("a list of "+what, form.Choice(what, list, list)))
	}
	return form.Form{Name: "`exercise`", Place: &x.Place, Fields: []form.Field{
		form.Key("task", "What is to be done, for somebody who has never read about Paxos.", &x.Task, form.Lines).Must(),
		form.Many("change", "The keys that a solution may change; everything else has to be as given.", &x.Change, words("keys", changeable)).Must(),
		form.Many("allow", "The decisions that a solution may take, and turn-on and turn-off for rules; without it, all.", &x.Allow, words("decisions", moveNames())),
		form.Many("want", "What the run of a solution has to be like.", &x.Want, form.List("a list of demands", demand.Value())).Must(),
		form.Key("par", "The fewest moves of a solution: decisions, entries of timeline and messages, rules.", &x.Par, form.Numeral[int]("par", 1, maxCount)),
		form.Many("hide", "What is hidden from whoever solves it.", &x.Hide, words("things to hide", hidden)),
		form.Many("hints", "One after the other, on request: the next step, not the solution.", &x.Hints, form.List("a list of hints", form.Line)),
	}}
}

// demand is one thing that is wanted: three kinds of its own, or a claim.
var demand = func() form.Union[Demand] {
	u := form.Union[Demand]{Name: "a demand", InOrder: true}
	predict := func(d *Demand) form.Form {
		words := slices.Concat(predictable["operation"], predictable["instance"], predictable["property"], predictable[""])
		slices.Sort(words)
		words = slices.Compact(words)
		const doc = "What the solution itself has to say: it claims it in `expect`, or gives the `rules`."
		return form.Form{Name: "a demand to `predict`", Doc: doc, Flow: true, Place: &d.Place, Check: d.unpredictable, Fields: []form.Field{
			form.Many("predict", "What has to be said of it.", &d.Predict, form.Flow(form.List("a list of what to predict", form.Choice("things to predict", words, words)))).Must(),
			form.Key("operation", "Of this operation.", &d.Operation, form.Numeral[int]("the number of the operation", 1, maxCount)),
			form.Key("instance", "Of this instance.", &d.Instance, instanceRef),
			form.Key("property", "Of this property.", &d.Property, form.Choice("properties", propertyNames(), propertyNames())),
		}}
	}
	single := func(head, doc string, field func(d *Demand) form.Field, is func(d *Demand) bool) form.Variant[Demand] {
		return form.Variant[Demand]{Head: head, Is: is, Form: func(d *Demand) form.Form {
			return form.Form{Name: "a demand of `" + head + "`", Doc: doc, Flow: true, Place: &d.Place, Fields: []form.Field{field(d).Must()}}
		}}
	}
	names := explore.PropertyNames()
	u.Variants = []form.Variant[Demand]{
		{Head: "predict", Is: func(d *Demand) bool { return len(d.Predict) > 0 }, Form: predict},
		single("every-order", "A property that is kept in every order of events, as `skinny explore` finds it.", func(d *Demand) form.Field {
			return form.Key("every-order", "Its name; the bounds are those of the key `explore`.", &d.EveryOrder, form.Choice("properties", names, names))
		}, func(d *Demand) bool { return d.EveryOrder.Given }),
		single("moves", "How many moves have to be enough.", func(d *Demand) form.Field {
			return form.Key("moves", "The most moves.", &d.Moves, form.Numeral[int]("the number of moves", 0, maxCount))
		}, func(d *Demand) bool { return d.Moves.Given }),
	}
	for _, v := range expectation.Variants {
		u.Variants = append(u.Variants, form.Variant[Demand]{
			Head: v.Head, Also: v.Also,
			Is:   func(d *Demand) bool { return v.Is(&d.Expectation) },
			Form: func(d *Demand) form.Form { return v.Form(&d.Expectation) },
		})
	}
	return u
}()

// unpredictable says what cannot be predicted of what the demand names.
func (d *Demand) unpredictable() *mistake {
	subject, _ := d.Subject()
	about := map[string]string{
		"operation": "of an operation", "instance": "of an instance", "property": "of a property", "": "without an operation, an instance or a property",
	}[subject]
	if o, i, p := d.Operation.Given, d.Instance.Given, d.Property.Given; o && i || o && p || i && p {
		return &mistake{What: "this is about more than one thing", Hint: "make two demands of it"}
	}
	for _, word := range d.Predict {
		if !slices.Contains(predictable[subject], word) {
			return &mistake{What: form.Quoted(word) + " cannot be predicted " + about, Hint: form.Listed("what can be", predictable[subject])}
		}
	}
	return nil
}

// Changes reports whether a solution may change a key.
func (x *Exercise) Changes(key string) bool { return slices.Contains(x.Change, key) }

// Allows reports whether a solution may take a decision whose words begin with a verb, or
// give a message a fate of that name.
func (x *Exercise) Allows(verb string) bool {
	return len(x.Allow) == 0 || slices.Contains(x.Allow, verb)
}

// Hides reports whether something is hidden from whoever solves it.
func (x *Exercise) Hides(what string) bool { return slices.Contains(x.Hide, what) }

func (c *compiler) checkExercise(x *Exercise) {
	calls := false // there may be operations that are not known
	for _, kind := range []protocol.OperationKind{protocol.Acquire, protocol.Release, protocol.Status} {
		calls = calls || (x.Changes("timeline") || x.Changes("schedule")) && x.Allows(kind.String())
	}
	for i := range x.Want {
		d := &x.Want[i]
		key := "expect"
		if slices.Contains(d.Predict, PredictRules) {
			key = "rules"
		}
		if len(d.Predict) > 0 && !x.Changes(key) {
			c.Report(d.Place, "a solution says it there: add "+key+" to `change`", "what is to be predicted cannot be said, since `%s` cannot be changed", key)
		}
		c.checkClaim(&d.Expectation, calls)
	}
	for _, key := range []string{"timeline", "messages", "until"} {
		if c.file.Schedule.Given && x.Changes(key) {
			c.Report(x.Place, decidesAll, "`%s` does not go with a schedule, so no solution can change it", key)
		}
	}
	if does := x.Changes("timeline") || x.Changes("messages") || x.Changes("schedule") || x.Changes("rules"); len(x.Allow) > 0 && !does {
		c.Report(x.Place, "leave it out, or let a solution change schedule, timeline, messages or rules", "`allow` is about decisions and rules, and a solution changes none")
	}
}

// aside are the keys that decide nothing of what happens in a run.
var aside = []string{"format", "title", "about", "explore", "expect", "lesson", "exercise"}

// nodes is the values of a file, by their keys.
func (f *File) nodes() map[string]*yaml.Node {
	n, values := form.Of((*File).form).Write(*f), map[string]*yaml.Node{}
	for i := 0; i < len(n.Content); i += 2 {
		values[n.Content[i].Value] = n.Content[i+1]
	}
	return values
}

// with is the file of some values, ready to be run. It is neither lesson nor exercise.
func with(values map[string]*yaml.Node) (*Scenario, error) {
	n := &yaml.Node{Kind: yaml.MappingNode}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		if key != "lesson" && key != "exercise" {
			n.Content = append(n.Content, form.TextNode(key), values[key])
		}
	}
	return decode("", form.Encode(form.Value[*yaml.Node]{Write: func(n *yaml.Node) *yaml.Node { return n }}, n), Overrides{})
}

// Solution is the exercise with what a solution has under keys that are its own: what is
// to be judged, so that nothing else of a solution counts. Otherwise is the keys by which
// the solution would run otherwise than the exercise, though they are not its own. The
// error says that the two do not fit together.
func (f *File) Solution(solution *File, own []string) (s *Scenario, otherwise []string, err error) {
	given, theirs := f.nodes(), solution.nodes()
	var base *Scenario // made only where a key may differ
	put := func(to map[string]*yaml.Node, key string) {
		if delete(to, key); theirs[key] != nil {
			to[key] = theirs[key]
		}
	}
	both := maps.Clone(given)
	maps.Copy(both, theirs)
	for _, key := range slices.Sorted(maps.Keys(both)) {
		if slices.Contains(aside, key) || slices.Contains(own, key) || reflect.DeepEqual(given[key], theirs[key]) {
			continue
		}
		if base == nil {
			if base, err = with(given); err != nil {
				return nil, nil, err
			}
		}
		changed := maps.Clone(given)
		put(changed, key)
		if c, err := with(changed); err != nil || !c.alike(base) {
			otherwise = append(otherwise, key)
		}
	}
	for _, key := range own {
		put(given, key)
	}
	s, err = with(given)
	return s, otherwise, err
}

// alike reports whether two scenarios have the same runs.
func (s *Scenario) alike(other *Scenario) bool {
	return reflect.DeepEqual(s.Cluster, other.Cluster) && reflect.DeepEqual(s.Timetable, other.Timetable) &&
		reflect.DeepEqual(s.Schedule, other.Schedule) && s.Progress == other.Progress
}

// Complain is a diagnostic about a place in the file.
func (f *File) Complain(at Place, hint, message string) Diagnostic {
	r := form.Reader{Source: f.source}
	r.Report(at, hint, "%s", message)
	return r.Found[0]
}

// RuleSettings says how rules are other than those of an edition, as a file does.
func RuleSettings(edition string, rules protocol.Rules) []RuleSetting {
	e, _ := protocol.EditionByName(edition)
	return settingsOf(rules&^e.Rules, e.Rules&^rules)
}

// ParseClaim reads a claim in words, as keys and values: operation 2 outcome refused
// holder alice. The error says in one or two lines what is wrong.
func ParseClaim(text string) (Expectation, error) {
	words := split(text)
	if len(words) == 3 && words[0].text == "property" {
		words = slices.Insert(words, 2, token{text: "is"})
	}
	if len(words) == 0 || len(words)%2 != 0 {
		return Expectation{}, errors.New("a claim is keys and their values\nwrite: operation 2 outcome refused holder alice")
	}
	n := &yaml.Node{Kind: yaml.MappingNode}
	for i, w := range words {
		n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: w.text})
		if i%2 == 1 && words[i-1].text == "holder" && w.text == "nobody" {
			n.Content[i] = form.TextNode("")
		}
	}
	var r form.Reader
	e, _ := expectation.Value().Read(&r, n)
	return e, inWords(r.Found)
}

// inWords is what is wrong first, without a place in a text that nobody has.
func inWords(found Diagnostics) error {
	if len(found) == 0 {
		return nil
	}
	return errors.New(strings.TrimSuffix(found[0].Message+"\n"+found[0].Hint, "\n"))
}

// ParseClaim reads a claim about a run of a solution, as [ParseClaim] does. What it names
// has to be there, so far as that is known before there is a solution.
func (f *File) ParseClaim(text string) (Expectation, error) {
	e, err := ParseClaim(text)
	if err != nil {
		return e, err
	}
	demanding := *f
	demanding.Exercise.Value.Want = []Demand{{Expectation: e}}
	c := newCompiler(&demanding, form.Reader{})
	c.scenario(Overrides{Unplayed: true})
	return e, inWords(c.Found)
}
