package scenarios

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"skinny/protocol"
	"skinny/scenarios/form"
	"skinny/sim"
	"skinny/sim/check"
)

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
	if n := e.On.Value; e.On.Given && int(n) > len(c.instances) && !c.Lost {
		c.Report(e.On.Place, fmt.Sprintf("the cluster has %d", len(c.instances)), "there are no %d instances", n)
	}
	if h := e.Holder; h.Given && h.Value != "" && c.numbers[h.Value] == protocol.Free && !c.Lost && !calls {
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
	w := o.World
	switch n := e.Operation.Value; {
	case e.Operation.Given && n > w.Operations():
		return ExpectationResult{Expect: fmt.Sprintf("operation %d: was called", n), Got: "it was not called"}
	case e.Operation.Given:
		return e.compare(OperationClaim(w, n))
	case e.Instance.Given:
		named := func(i sim.Instance) bool { return i.Name == e.Instance.Value }
		return e.compare(InstanceClaim(w, protocol.Position(slices.IndexFunc(w.Cluster().Instances, named))))
	case e.Property.Given:
		is := Expectation{Property: e.Property, Is: Some(check.Undecided)}
		for _, v := range o.Verdicts {
			if v.Property == e.Property.Value {
				is.Is = Some(v.State)
			}
		}
		return e.compare(is)
	}
	return e.judgeHolder(w)
}

// compare puts what is claimed beside what is the case.
func (e *Expectation) compare(is Expectation) ExpectationResult {
	kind, name := e.Subject()
	keys, claimed := e.Said()
	_, actual := is.Said()
	var expect, got []string
	met := true
	for _, key := range keys[1:] {
		label := key + " "
		if key == "is" {
			label = ""
		}
		instead, known := actual[key]
		if instead = cmp.Or(instead, "nobody"); !known {
			instead = "never"
		}
		expect, got = append(expect, label+cmp.Or(claimed[key], "nobody")), append(got, label+instead)
		met = met && known && claimed[key] == actual[key]
	}
	return ExpectationResult{kind + " " + name + ": " + strings.Join(expect, ", "), met, strings.Join(got, ", ")}
}

// judgeHolder counts on how many running instances the lock is held by the one
// that the claim names.
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
