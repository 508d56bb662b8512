package scenarios

import (
	"fmt"
	"strings"

	"skinny/protocol"
	"skinny/scenarios/form"
	"skinny/sim"
	"skinny/sim/check"
)

// checkClaims reports claims that can never hold.
func (c *compiler) checkClaims() {
	for i := range c.file.Expect {
		e := &c.file.Expect[i]
		switch {
		case e.Operation.Given:
			if e.Operation.Value > len(c.operations) && !c.lost {
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
		if n := e.On.Value; e.On.Given && int(n) > len(c.instances) && !c.lost {
			c.Report(e.On.Place, fmt.Sprintf("the cluster has %d", len(c.instances)), "there are no %d instances", n)
		}
		if h := e.Holder; h.Given && h.Value != "" && c.numbers[h.Value] == protocol.Free && !c.lost {
			c.Report(h.Place, Suggest(h.Value, "clients", c.holders), "no operation is called by %s", form.Quoted(h.Value))
		}
	}
}

// ExpectationResult says how a claim turned out.
type ExpectationResult struct {
	Expect string `json:"expect"` // the claim
	Met    bool   `json:"met"`
	Got    string `json:"got"` // what was the case instead, or as claimed
}

// judge compares a claim with the end of a run.
func (e *Expectation) judge(w *sim.World, verdicts []check.Verdict) ExpectationResult {
	var r comparison
	switch {
	case e.Operation.Given:
		r.about = fmt.Sprintf("operation %d: ", e.Operation.Value)
		e.judgeOperation(&r, w)
	case e.Instance.Given:
		r.about = fmt.Sprintf("instance %s: ", e.Instance.Value)
		e.judgeInstance(&r, w)
	case e.Property.Given:
		r.about = fmt.Sprintf("property %s: ", e.Property.Value)
		for _, v := range verdicts {
			if v.Property == e.Property.Value {
				r.compare("", e.Is.Value.String(), v.State.String())
			}
		}
	default:
		e.judgeHolder(&r, w)
	}
	return r.result()
}

func (e *Expectation) judgeOperation(r *comparison, w *sim.World) {
	if e.Operation.Value > w.Operations() {
		r.compare("", "was called", "it was not called")
		return
	}
	o := w.Operation(e.Operation.Value)
	if e.Outcome.Given {
		r.compare("outcome", e.Outcome.Value.String(), o.Outcome.String())
	}
	if e.Holder.Given {
		r.compare("holder", holderText(e.Holder.Value), holderText(w.Cluster().HolderName(o.Holder)))
	}
	if e.Answered.Given {
		answered := "never"
		if o.Outcome != protocol.NoOutcome {
			answered = FormatTime(o.Answered)
		}
		r.compare("answered", FormatTime(e.Answered.Value), answered)
	}
}

func (e *Expectation) judgeInstance(r *comparison, w *sim.World) {
	for p, i := range w.Cluster().Instances {
		if i.Name != e.Instance.Value {
			continue
		}
		at := protocol.Position(p)
		state := w.State(at)
		if e.Promised.Given {
			r.compare("promised", fmt.Sprint(e.Promised.Value), fmt.Sprint(state.Promised))
		}
		if e.ID.Given {
			r.compare("id", fmt.Sprint(e.ID.Value), fmt.Sprint(state.Accepted.ID))
		}
		if e.Holder.Given {
			r.compare("holder", holderText(e.Holder.Value), holderText(w.Cluster().HolderName(state.Accepted.Holder)))
		}
		if e.Up.Given {
			r.compare("up", fmt.Sprint(e.Up.Value), fmt.Sprint(w.Up(at)))
		}
	}
}

// judgeHolder counts on how many running instances the lock is held by the one
// that the claim names.
func (e *Expectation) judgeHolder(r *comparison, w *sim.World) {
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
	r.expect = []string{fmt.Sprintf("holder %s on %s", holderText(e.Holder.Value), words)}
	r.got = []string{fmt.Sprintf("on %d of %d", have, size)}
	r.unmet = have < need
}

func holderText(name string) string {
	if name == "" {
		return "nobody"
	}
	return name
}

// comparison builds the result of a claim that may have several parts.
type comparison struct {
	about       string
	expect, got []string
	unmet       bool
}

// compare adds a part. The name is left out where there can be only one.
func (r *comparison) compare(name, expect, got string) {
	r.expect = append(r.expect, strings.TrimSpace(name+" "+expect))
	r.got = append(r.got, strings.TrimSpace(name+" "+got))
	r.unmet = r.unmet || expect != got
}

func (r *comparison) result() ExpectationResult {
	return ExpectationResult{Expect: r.about + strings.Join(r.expect, ", "), Met: !r.unmet, Got: strings.Join(r.got, ", ")}
}
