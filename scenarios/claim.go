package scenarios

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"skinny/protocol"
	"skinny/scenarios/form"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/trace"
)

// Expectation is one claim about the end of a run. It is about an operation, an
// instance or a property, or else about who holds the lock.
type Expectation struct {
	Operation Opt[int] // number, from 1
	Outcome   Opt[protocol.Outcome]
	Answered  Opt[trace.Time]

	Instance Opt[string]
	Promised Opt[uint64]
	ID       Opt[uint64]
	Up       Opt[bool]

	// Holder is who holds the lock, "" for nobody: as the operation's answer
	// says, as the instance has accepted, or on as many instances as On says.
	Holder Opt[string]
	On     Opt[Count]

	Property Opt[string]
	Is       Opt[check.State]

	Place Place
}

// Count is a number of instances.
type Count int

// Counts that depend on the size of the cluster.
const (
	OnMajority Count = -1
	OnAll      Count = -2
)

// expectation is one claim. The variants are told apart by the first of their
// heads that is there, since a holder goes with several.
var expectation = form.Union[Expectation]{
	Name:    "a claim",
	InOrder: true,
	Variants: []form.Variant[Expectation]{
		{Head: "operation", Is: func(e *Expectation) bool { return e.Operation.Given }, Form: func(e *Expectation) form.Form {
			return e.claim("What became of an operation.", "operation",
				form.Key("operation", "Its number, from 1, in the order of the file.", &e.Operation, form.Numeral[int]("the number of the operation", 1, maxCount)).Must(),
				form.Key("outcome", "How it ended for its client; none: without an answer in time.", &e.Outcome, outcome),
				form.Key("holder", `Who holds the lock, as the answer says; "" for nobody.`, &e.Holder, lockHolder),
				form.Key("answered", "When the client had its answer.", &e.Answered, instant))
		}},
		{Head: "instance", Is: func(e *Expectation) bool { return e.Instance.Given }, Form: func(e *Expectation) form.Form {
			return e.claim("What an instance is like in the end.", "instance",
				form.Key("instance", "Its name.", &e.Instance, instanceRef).Must(),
				form.Key("promised", "The highest ID that it has promised.", &e.Promised, anyID),
				form.Key("id", "The ID of the last commit that it has accepted.", &e.ID, anyID),
				form.Key("holder", `The holder of the last commit that it has accepted; "" for a free lock.`, &e.Holder, lockHolder),
				form.Key("up", "Whether it runs.", &e.Up, form.TrueFalse))
		}},
		{Head: "property", Is: func(e *Expectation) bool { return e.Property.Given }, Form: func(e *Expectation) form.Form {
			return e.claim("Whether the run kept a property.", "property",
				form.Key("property", "Its name.", &e.Property, form.Choice("properties", propertyNames(), propertyNames())).Must(),
				form.Key("is", "What the judge says of it.", &e.Is, verdictState).Must())
		}},
		{Head: "holder", Is: func(*Expectation) bool { return true }, Form: func(e *Expectation) form.Form {
			return e.claim("Who holds the lock in the end, on how many running instances.", "holder",
				form.Key("holder", `The client that holds it; "" for a free lock.`, &e.Holder, lockHolder).Must(),
				form.Key("on", "On at least this many: majority, all or a number.", &e.On, count).Must())
		}},
	},
}

func (e *Expectation) claim(doc, head string, fields ...form.Field) form.Form {
	return form.Form{Name: "a claim about `" + head + "`", Doc: doc, Flow: true, Fields: fields, Place: &e.Place, Check: e.empty}
}

// Subject is what a claim is about: "operation", "instance", "property" or "", and which.
func (e *Expectation) Subject() (kind, name string) {
	switch {
	case e.Operation.Given:
		return "operation", strconv.Itoa(e.Operation.Value)
	case e.Instance.Given:
		return "instance", e.Instance.Value
	case e.Property.Given:
		return "property", e.Property.Value
	}
	return "", ""
}

// Said is the keys of a claim, what it is about first, and the text under each.
func (e *Expectation) Said() (keys []string, texts map[string]string) {
	n := expectation.Value().Write(*e)
	texts = map[string]string{}
	for i := 0; i < len(n.Content); i += 2 {
		key := n.Content[i].Value
		keys, texts[key] = append(keys, key), n.Content[i+1].Value
	}
	return keys, texts
}

// empty says that a claim claims nothing.
func (e *Expectation) empty() *mistake {
	switch {
	case e.Operation.Given && !e.Outcome.Given && !e.Holder.Given && !e.Answered.Given:
		return &mistake{What: fmt.Sprintf("this claims nothing about operation %d", e.Operation.Value), Hint: "give it outcome, holder or answered"}
	case e.Instance.Given && !e.Promised.Given && !e.ID.Given && !e.Holder.Given && !e.Up.Given:
		return &mistake{What: fmt.Sprintf("this claims nothing about %s", form.Quoted(e.Instance.Value)), Hint: "give it promised, id, holder or up"}
	}
	return nil
}

var (
	anyID        = form.Numeral[uint64]("an ID", 0, 1<<64-1)
	verdictState = form.ChoiceOf("verdicts", check.Kept, check.Violated, check.Undecided, check.NotJudged)
	outcome      = form.ChoiceOf("outcomes", outcomes()...)

	// count is a number of instances, or a word for one that depends on the size of the cluster.
	count = form.Either(form.Numeral[Count]("the number of instances", 1, protocol.MaxSize),
		form.Choice("counts", []string{"majority", "all"}, []Count{OnMajority, OnAll}), func(c Count) bool { return c > 0 })
)

func outcomes() (list []protocol.Outcome) {
	for o := range protocol.Failed + 1 {
		list = append(list, o)
	}
	return list
}

func propertyNames() []string {
	return form.Each(check.Properties(), func(p check.Property) string { return p.Name })
}

// checkClaim reports a claim that can never hold. Where calls may still be added, it may
// be about those.
func (c *compiler) checkClaim(e *Expectation, calls bool) {
	switch {
	case e.Operation.Given:
		if e.Operation.Value > len(c.operations) && !c.Lost && !calls {
			c.Report(e.Operation.Place, c.operationsHint(), "there is no operation %d", e.Operation.Value)
		}
	case e.Instance.Given:
		c.position(e.Instance)
	case e.Property.Value == check.ProgressName && c.file.Schedule.Given:
		c.Report(e.Property.Place, "leave the claim out", "progress has a bound in time, and is not judged in a schedule")
	case e.Property.Value == check.ProgressName && !c.file.Progress.Given:
		c.Report(e.Property.Place, "say when nothing goes wrong any more, and how long an operation may take then: add `progress: {from: 2s, within: 3s}`",
			"progress is not judged unless it is demanded")
	}
	if n := e.On.Value; int(n) > len(c.instances) && !c.Lost {
		c.Report(e.On.Place, fmt.Sprintf("the cluster has %d", len(c.instances)), "there are no %d instances", n)
	}
	if h := e.Holder; h.Value != "" && c.numbers[h.Value] == protocol.Free && !c.Lost && !calls {
		c.Report(h.Place, Suggest(h.Value, "clients", c.holders), "no operation is called by %s", form.Quoted(h.Value))
	}
}

// ExpectationResult says how a claim turned out.
type ExpectationResult struct {
	Expect string `json:"expect"` // the claim
	Met    bool   `json:"met"`
	Got    string `json:"got"` // what was the case instead, or as claimed
}

// OperationClaim is everything that can be claimed about what became of an operation.
func OperationClaim(w *sim.World, number int) Expectation {
	o := w.Operation(number)
	e := Expectation{Operation: Some(number), Outcome: Some(o.Outcome), Holder: Some(w.Cluster().HolderName(o.Holder))}
	if o.Outcome != protocol.NoOutcome {
		e.Answered = Some(o.Answered)
	}
	return e
}

// InstanceClaim is everything that can be claimed about what an instance is like.
func InstanceClaim(w *sim.World, at protocol.Position) Expectation {
	c, state := w.Cluster(), w.State(at)
	return Expectation{
		Instance: Some(c.Instances[at].Name),
		Promised: Some(uint64(state.Promised)),
		ID:       Some(uint64(state.Accepted.ID)),
		Holder:   Some(c.HolderName(state.Accepted.Holder)),
		Up:       Some(w.Up(at)),
	}
}

// Judge compares a claim with the end of the run, whoever makes it.
func (o *Outcome) Judge(e *Expectation) ExpectationResult {
	switch is := o.Case(e); {
	case e.Operation.Given && !is.Operation.Given:
		return ExpectationResult{Expect: e.compare(is).Expect, Got: "it was not called"}
	case e.Property.Given:
		return ExpectationResult{"property " + e.Property.Value + ": " + e.Is.Value.String(), e.Is.Value == is.Is.Value, is.Is.Value.String()}
	case e.Operation.Given || e.Instance.Given:
		return e.compare(is)
	}
	return e.judgeHolder(o.World)
}

// Case is everything that can be claimed about what a claim is about: an operation that was
// called, an instance or a property.
func (o *Outcome) Case(e *Expectation) (is Expectation) {
	switch {
	case e.Operation.Given && e.Operation.Value <= o.World.Operations():
		return OperationClaim(o.World, e.Operation.Value)
	case e.Instance.Given:
		return InstanceClaim(o.World, protocol.Position(slices.Index(o.Scenario.Header().Instances, e.Instance.Value)))
	case e.Property.Given:
		is = Expectation{Property: e.Property, Is: Some(check.Undecided)}
		for _, v := range o.Verdicts {
			if v.Property == e.Property.Value {
				is.Is = Some(v.State)
			}
		}
	}
	return is
}

// compare puts what is claimed beside what is the case.
func (e *Expectation) compare(is Expectation) ExpectationResult {
	kind, name := e.Subject()
	keys, claimed := e.Said()
	_, actual := is.Said()
	var expect, got []string
	met := true
	for _, key := range keys[1:] {
		instead, known := actual[key]
		if instead = cmp.Or(instead, "nobody"); !known {
			instead = "never"
		}
		expect, got = append(expect, key+" "+cmp.Or(claimed[key], "nobody")), append(got, key+" "+instead)
		met = met && claimed[key] == actual[key]
	}
	return ExpectationResult{kind + " " + name + ": " + strings.Join(expect, ", "), met, strings.Join(got, ", ")}
}

// judgeHolder counts the running instances that take the one named for the holder.
func (e *Expectation) judgeHolder(w *sim.World) ExpectationResult {
	size := w.Instances()
	need := int(e.On.Value)
	words := fmt.Sprintf("at least %d", need)
	switch e.On.Value {
	case OnMajority:
		need, words = size/2+1, "a majority"
	case OnAll:
		need, words = size, "all"
	}
	have := 0
	for p := range protocol.Position(size) {
		holder := w.Cluster().HolderName(w.Instance(p).Accepted.Holder)
		if w.Up(p) && holder == e.Holder.Value {
			have++
		}
	}
	return ExpectationResult{
		Expect: fmt.Sprintf("holder %s on %s", cmp.Or(e.Holder.Value, "nobody"), words),
		Met:    have >= need,
		Got:    fmt.Sprintf("on %d of %d", have, size),
	}
}
