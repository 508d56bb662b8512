package quiz

import (
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// broken is the properties that break by the last of some events: those of the run up to a
// point, and more. The one that says most comes first. Earlier is by which events others broke.
func (r *Run) broken(point int, more ...trace.Event) (list []check.Property, earlier map[string]int) {
	earlier = map[string]int{}
	judges := check.NewJudges(r.Header, r.Own...)
	for n := 1; n <= point; n++ {
		judges.Observe(r.Event(n))
	}
	for i := range more {
		judges.Observe(&more[i])
	}
	for _, v := range judges.Verdicts() {
		switch p, ok := check.PropertyByName(v.Property, r.Own...); {
		case !ok || v.State != check.Violated:
		case v.Event > point:
			list = append(list, p)
		default:
			earlier[p.Name] = v.Event
		}
	}
	slices.SortStableFunc(list, func(a, b check.Property) int { return a.Severity - b.Severity })
	return list, earlier
}

// draftBreaks asks which property breaks by an event.
func (r *Run) draftBreaks(e *trace.Event, _ int8) (draft, error) {
	d := draft{key: func(x *trace.Event) string {
		if list, _ := r.broken(e.Number-1, *x); len(list) > 0 {
			return list[0].Name
		}
		return "none"
	}}
	broken, earlier := r.broken(e.Number-1, *e)
	d.text = prose.Of(r.outcome(e), " Which property breaks by that?")
	if len(broken) > 1 {
		d.text = prose.Of(r.outcome(e), " More than one property breaks by that. Name one of them.")
	}
	for _, p := range append(check.Properties(), r.Own...) {
		c := Choice{key: p.Name, Text: titled(&p), Right: slices.ContainsFunc(broken, func(b check.Property) bool { return b.Name == p.Name })}
		if event := earlier[p.Name]; event != 0 {
			c.Why = prose.Of("broke before, by ", prose.At(event))
		}
		known := slices.ContainsFunc(d.choices, func(other Choice) bool { return other.key == p.Name }) // the register's, on demand
		if !known && (c.Right || !p.OnDemand) {
			d.choices = append(d.choices, c)
		}
	}
	d.choices = append(d.choices, Choice{key: "none", Text: prose.Words("none")})
	return d, nil
}

// titled is a property with what its violation means: "agreement: one ID with two holders".
func titled(p *check.Property) prose.Text {
	if p.Broken == "" {
		return prose.Words(p.Name)
	}
	return prose.Of(p.Name, ": ", strings.ToLower(p.Broken[:1]), p.Broken[1:])
}

// outcome says what an event is, what comes of it included.
func (r *Run) outcome(e *trace.Event) prose.Text {
	_, isRequest := requestOf(e)
	switch {
	case e.Kind == trace.Commit:
		return prose.Of(r.names().Instance(e.Instance), " asks its peers to accept ", r.proposal(e.Proposal), ".")
	case e.Kind == trace.Restart:
		return prose.Of(r.happening(e), " Now it ", r.knows(e.State), ".")
	case isRequest:
		return prose.Of(r.happening(e), said[answerKey(e)])
	}
	return r.happening(e)
}

// said is what comes of a request.
var said = map[string]string{
	"yes": " It says yes.", "pretends": " It says yes, without storing it.", "no": " It says no.", "waits": " It has to wait.",
}

// askNext asks what of the pending things would break a property, if it happened now.
func (r *Run) askNext(event int) (Question, error) {
	if event < 1 || event > r.Len()+1 {
		return Question{}, fmt.Errorf("the run has events 1 to %d", r.Len())
	}
	now := r.Moment(event - 1)
	if now.World().Events() != event-1 {
		return Question{}, fmt.Errorf("it is in the middle of a step; ask at event %d", now.World().Events()+1)
	}
	q := Question{Kind: Next, Event: event, About: trace.None, Right: -1, Text: prose.Words("Which of these, if it happened now, would break a property?")}
	severity := 0
	for _, d := range now.World().Possible() {
		c := Choice{key: d.Kind.String(), Text: r.pending(now.World(), d)}
		var made trace.Log
		then := now.Copy()
		then.World().Observe(&made)
		then.Act(&d)
		if broken, _ := r.broken(event-1, made.Events...); len(broken) > 0 {
			c.Right, c.Breaks = true, broken[0].Name
			if i := len(q.Choices); q.Right < 0 || broken[0].Severity < severity {
				q.Right, severity = i, broken[0].Severity
			}
		}
		q.Choices = append(q.Choices, c)
	}
	q.fewer()
	switch {
	case len(q.Choices) < 2:
		return Question{}, errors.New("fewer than two things are pending")
	case q.Right < 0:
		return Question{}, errors.New("nothing that is pending would break a property")
	}
	return q, nil
}

// fewer leaves wrong choices out where there are too many, clients that give up first.
func (q *Question) fewer() {
	for pass := range 2 {
		for i := len(q.Choices) - 1; i >= 0 && len(q.Choices) > MaxChoices; i-- {
			if q.Choices[i].Right || pass == 0 && q.Choices[i].key != sim.FireGiveUp.String() {
				continue
			}
			q.Choices = slices.Delete(q.Choices, i, i+1)
			if i < q.Right {
				q.Right--
			}
		}
	}
	if len(q.Choices) > MaxChoices { // all of them are right
		q.Choices, q.Right = q.Choices[:MaxChoices], q.Right%MaxChoices
	}
}

func (r *Run) pending(w *sim.World, d sim.Decision) prose.Text {
	names := r.names()
	client := prose.Span{Words: "the operator"}
	if d.Holder != protocol.Free {
		client = names.Client(d.Holder)
	}
	at := names.Instance(int8(d.From))
	ref, _ := w.Find(&d)
	item := w.Item(ref)
	switch d.Kind {
	case sim.DeliverMessage:
		m := &item.Message
		to := names.Instance(int8(d.To))
		switch {
		case m.Kind.IsRequest():
			return prose.Of(r.request(m), " reaches ", to)
		case m.Kind == protocol.Failure:
			return prose.Of(to, " hears that nobody is at ", at)
		}
		return prose.Of(at, vote(m), " to ID ", m.ID, " reaches ", to)
	case sim.FireDeadline:
		return prose.Of("the deadline of ", at, " passes")
	case sim.FireWake:
		return prose.Of(at, " tries again for ", client)
	case sim.FireWork:
		return prose.Of(at, " finishes its answer")
	case sim.DeliverCall:
		return prose.Of(client, "'s ", w.Operation(int(d.Number)).Kind, " reaches ", at)
	case sim.DeliverAnswer:
		return prose.Of(at, "'s answer reaches ", client, ": ", item.Outcome)
	}
	return prose.Of(client, " gives up waiting")
}

// inCompany is the rules that another one stands in for where they are off.
const inCompany = protocol.PromiseOnce | protocol.UniqueIDs | protocol.LearnAside | protocol.AckAccepted

// draftRule asks which rule is missing where an instance does what it should not: of the
// rules that are off there, the one that alone would have made another event of it.
func (r *Run) draftRule(e *trace.Event, _ int8) (draft, error) {
	missing := protocol.Rules(0)
	for _, a := range r.otherwise(e) {
		missing |= a.rule &^ r.rulesAt(e)
	}
	switch {
	case missing == 0:
		return draft{}, errors.New("no rule that is off would change what happens there")
	case bits.OnesCount32(uint32(missing)) > 1:
		return draft{}, errors.New("several rules that are off would change what happens there, each alone")
	}
	says := r.outcome(e)
	if answerKey(e) != "" {
		says = prose.Of(says, " Now it ", r.knows(e.State), ".")
	}
	d := draft{
		text:      prose.Of(says, " Which rule is missing there?"),
		otherwise: []alternative{}, // what this event would be says nothing
	}
	right, room := "", MaxChoices-1
	for _, row := range protocol.RuleTable() {
		switch {
		case row.Rule == missing:
			right = row.Name
		case !row.Safe || inCompany.Has(row.Rule) || room == 0:
			continue
		default:
			room--
		}
		d.choices = append(d.choices, Choice{key: row.Name, Text: prose.Of(prose.RuleNames(row.Rule), ": ", row.On)})
	}
	d.key = func(*trace.Event) string { return right }
	return d, nil
}
