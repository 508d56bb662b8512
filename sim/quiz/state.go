package quiz

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"skinny/protocol"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// draftState asks what an instance has promised and accepted after an event.
func (r *Run) draftState(e *trace.Event, at int8) (draft, error) {
	if at == trace.None {
		return draft{}, errors.New("it happens at no instance; name the one that the question is about (of)")
	}
	was := r.before(e).Instances[at].State
	is := was
	if at == e.Instance {
		is = e.State
	}
	states := append(r.guesses(e, was), was, is)
	if at == e.Instance {
		for _, a := range r.otherwise(e) {
			states = append(states, a.event.State)
		}
	}
	slices.SortFunc(states, func(a, b protocol.State) int {
		return cmp.Or(cmp.Compare(a.Promised, b.Promised), cmp.Compare(a.Accepted.ID, b.Accepted.ID), cmp.Compare(a.Accepted.Holder, b.Accepted.Holder))
	})
	states = slices.Compact(states)
	if len(states) < 2 {
		return draft{}, fmt.Errorf("nothing that %s could know otherwise is in play there; ask where it handles a request, begins a round or restarts", r.nameOf(at))
	}
	for len(states) > MaxChoices {
		states = slices.DeleteFunc(states, func(s protocol.State) bool { return s != is && s != was && len(states) > MaxChoices })
	}
	d := draft{
		text: prose.Of(r.happening(e), " What has ", r.names().Instance(at), " promised and accepted then?"),
		key: func(x *trace.Event) string {
			switch {
			case x == e:
				return fmt.Sprint(is)
			case at != e.Instance:
				return ""
			}
			return fmt.Sprint(x.State)
		},
	}
	for _, s := range states {
		d.choices = append(d.choices, Choice{key: fmt.Sprint(s), Text: r.state(s)})
	}
	return d, nil
}

// guesses are states that one might take for what comes of an event.
func (r *Run) guesses(e *trace.Event, was protocol.State) (list []protocol.State) {
	m, ok := requestOf(e)
	switch {
	case ok && m.Kind == protocol.PromiseRequest:
		list = append(list, protocol.State{Promised: m.ID, Accepted: was.Accepted})
	case ok:
		list = append(list, protocol.State{Promised: was.Promised, Accepted: m.Proposal},
			protocol.State{Promised: m.ID, Accepted: was.Accepted}, protocol.State{Promised: m.ID, Accepted: m.Proposal})
	case e.Kind == trace.Restart:
		list = append(list, protocol.State{}, protocol.State{Accepted: was.Accepted}, protocol.State{Promised: was.Promised})
	case e.Kind == trace.Commit:
		list = append(list, protocol.State{Promised: was.Promised, Accepted: e.Proposal})
	case e.Kind == trace.Propose:
		list = append(list, protocol.State{Promised: was.Promised + 1, Accepted: was.Accepted})
	case e.Kind == trace.Count && e.Message.Proposal.ID != 0:
		list = append(list, protocol.State{Promised: was.Promised, Accepted: e.Message.Proposal},
			protocol.State{Promised: max(was.Promised, e.Message.Proposal.ID), Accepted: e.Message.Proposal})
	}
	return list
}

// happening says what happens, as far as a question may say so.
func (r *Run) happening(e *trace.Event) prose.Text {
	names := r.names()
	m, isRequest := requestOf(e)
	if isRequest {
		return r.arrival(e, &m)
	}
	if e.Instance == trace.None {
		return prose.Of("The network changes (", prose.At(e.Number), ").")
	}
	at := names.Instance(e.Instance)
	switch e.Kind {
	case trace.Propose:
		return prose.Of(at, " begins a round for ", names.Client(e.Operation.Holder), "'s ", e.Operation.Kind, ".")
	case trace.Commit:
		return prose.Of(at, " has its promises, and goes on to phase 2 for ", names.Client(e.Operation.Holder), "'s ", e.Operation.Kind, ".")
	case trace.Restart:
		return prose.Of(at, ", which ", r.knows(r.before(e).Instances[e.Instance].State), ", restarts.")
	case trace.Count:
		with := prose.Words("")
		if p := e.Message.Proposal; e.Message.Kind == protocol.PromiseResponse && p.ID != 0 {
			with = prose.Of(", with ", r.proposal(p), " accepted,")
		}
		return prose.Of(names.Instance(e.Peer), "'s answer", with, " counts at ", at, ".")
	case trace.Answer, trace.Receive:
		if e.Operation.Kind != protocol.Status {
			return prose.Of(names.Client(e.Operation.Holder), "'s ", e.Operation.Kind, " at ", at, " ends: ", e.Outcome, ".")
		}
	}
	return prose.Of("The next event, ", prose.At(e.Number), ", happens.")
}
