package lab

import (
	"testing"

	"skinny/protocol"
	"skinny/sim/check"
	"skinny/sim/trace"
)

// told is an event of a, about or from b, with the state that a shows after it.
func told(kind trace.Kind, m protocol.Message, promised protocol.ID, accepted protocol.Proposal) trace.Event {
	return trace.Event{Kind: kind, Peer: 1, Message: m, Proposal: accepted, State: protocol.State{Promised: promised, Accepted: accepted}}
}

// What each row says of each way to break it, with what it rests on.
func TestWhatRowsSay(t *testing.T) {
	yes := func(id protocol.ID) protocol.Message { return protocol.Message{ID: id, Yes: true} }
	no := func(id protocol.ID) protocol.Message { return protocol.Message{ID: id} }
	promise := func(m protocol.Message, promised protocol.ID) trace.Event {
		return told(trace.Promise, m, promised, protocol.Proposal{})
	}
	of := func(id protocol.ID, holder protocol.Holder) protocol.Proposal {
		return protocol.Proposal{ID: id, Holder: holder}
	}
	accept := func(m protocol.Message, promised protocol.ID, p protocol.Proposal) trace.Event {
		return told(trace.Accept, m, promised, p)
	}
	telling := func(id protocol.ID, p protocol.Proposal, shown protocol.Proposal) trace.Event {
		e := told(trace.Promise, yes(id), id, shown)
		e.Message.Proposal = p
		return e
	}
	changed := func(e trace.Event, p protocol.Proposal) trace.Event { e.State.Accepted = p; return e }
	from := func(peer int8, e trace.Event) trace.Event { e.Peer = peer; return e }
	asked := func(kind protocol.MessageKind, id protocol.ID) trace.Event {
		return trace.Event{Kind: trace.Step, Peer: 1, Message: protocol.Message{Kind: kind, ID: id}}
	}
	propose := func(id protocol.ID) trace.Event {
		return trace.Event{Kind: trace.Propose, Message: no(id), Operation: protocol.Operation{Kind: protocol.Acquire, Holder: 1, Number: 1}}
	}
	heard := func(peer int8, id protocol.ID, p protocol.Proposal) trace.Event {
		return trace.Event{Kind: trace.Count, Peer: peer, Message: protocol.Message{Kind: protocol.PromiseResponse, ID: id, Yes: true, Proposal: p}}
	}
	commit := func(id protocol.ID, holder protocol.Holder) trace.Event {
		return trace.Event{Kind: trace.Commit, Proposal: of(id, holder), Operation: protocol.Operation{Kind: protocol.Acquire, Holder: 1, Number: 1}}
	}
	none := protocol.Proposal{}
	response := func(kind trace.Kind, peer int8, m protocol.Message) trace.Event {
		m.Kind = protocol.PromiseResponse
		return trace.Event{Kind: kind, Peer: peer, Message: m}
	}
	refusal := func(id protocol.ID, told protocol.ID) protocol.Message { return protocol.Message{ID: id, Told: told} }
	at := func(instance, peer int8, e trace.Event) trace.Event { e.Instance, e.Peer = instance, peer; return e }
	release := func(e trace.Event) trace.Event { e.Operation.Kind = protocol.Release; return e }
	for _, c := range []struct {
		row    *check.Property
		events []trace.Event
		want   string
	}{
		{promisesRow, []trace.Event{promise(yes(5), 5), promise(no(4), 5)}, ""},
		{promisesRow, []trace.Event{asked(protocol.CommitRequest, 4)}, ""},
		{promisesRow, []trace.Event{asked(protocol.PromiseRequest, 4)}, "a does not answer the promise-request of b with its ID 4"},
		{promisesRow, []trace.Event{promise(yes(5), 5), promise(yes(3), 5)}, "a promises ID 3, though it promised 5 (event 1)"},
		{promisesRow, []trace.Event{promise(yes(5), 5), from(2, promise(yes(5), 5))}, "a promises ID 5 to c, though it is b's (event 1)"},
		{promisesRow, []trace.Event{promise(yes(5), 4)}, "a promises ID 5, and its state shows 4 as promised"},
		{promisesRow, []trace.Event{promise(yes(5), 5), promise(no(4), 3)}, "a refuses to promise ID 4, and what its state shows as promised sinks from 5 to 3"},
		{promisesRow, []trace.Event{promise(no(4), 0)}, "a refuses to promise ID 4, though it has promised nothing yet"},
		{promisesRow, []trace.Event{promise(yes(2), 2), promise(no(4), 2)}, "a refuses to promise ID 4, though the highest that it promised is 2 (event 1)"},
		{commitsRow, []trace.Event{promise(yes(5), 5), accept(yes(5), 5, of(5, 1)), telling(6, of(5, 1), of(5, 1))}, ""},
		{commitsRow, []trace.Event{asked(protocol.PromiseRequest, 4)}, ""},
		{commitsRow, []trace.Event{asked(protocol.CommitRequest, 4)}, "a does not answer the commit-request of b with its ID 4"},
		{commitsRow, []trace.Event{accept(yes(5), 5, of(5, 1)), telling(6, of(5, 1), of(5, 2))}, "a answers a promise-request, and its state changes from ID 5 (alice) to ID 5 (bob)"},
		{commitsRow, []trace.Event{accept(yes(5), 5, of(5, 1)), telling(6, none, of(5, 1))}, "a promises and does not tell that it accepted ID 5 (alice) (event 1)"},
		{commitsRow, []trace.Event{telling(6, of(5, 1), none)}, "a tells that it accepted ID 5 (alice), and has accepted nothing"},
		{commitsRow, []trace.Event{accept(yes(5), 5, of(5, 1)), telling(6, of(3, 2), of(5, 1))}, "a tells that it accepted ID 3 (bob), and the last that it accepted is ID 5 (alice) (event 1)"},
		{commitsRow, []trace.Event{promise(yes(5), 5), accept(yes(4), 5, of(4, 1))}, "a accepts ID 4, though it promised 5 (event 1)"},
		{commitsRow, []trace.Event{changed(accept(yes(5), 5, of(5, 1)), of(5, 2))}, "a accepts ID 5 (alice), and its state shows ID 5 (bob)"},
		{commitsRow, []trace.Event{accept(yes(5), 4, of(5, 1))}, "a accepts ID 5, and its state shows 4 as promised"},
		{commitsRow, []trace.Event{accept(yes(5), 9, of(5, 1))}, "a accepts ID 5, and its state shows 9 as promised"},
		{commitsRow, []trace.Event{promise(yes(5), 5), accept(no(4), 5, of(4, 1))}, "a refuses to accept ID 4 (alice), and its state changes from ID 0 (free) to ID 4 (alice)"},
		{commitsRow, []trace.Event{promise(yes(5), 5), changed(accept(no(4), 3, of(4, 1)), none)}, "a refuses to accept ID 4, and what its state shows as promised sinks from 5 to 3"},
		{commitsRow, []trace.Event{changed(accept(no(4), 0, of(4, 1)), none)}, "a refuses to accept ID 4, though it has promised nothing yet"},
		{commitsRow, []trace.Event{promise(yes(2), 2), changed(accept(no(4), 2, of(4, 1)), none)}, "a refuses to accept ID 4, though the highest that it promised is 2 (event 1)"},
		{roundsRow, []trace.Event{propose(3), heard(1, 3, none), heard(2, 3, none), commit(3, 1)}, ""},
		{roundsRow, []trace.Event{propose(3), propose(3)}, "a proposes ID 3 again (event 1), and each round needs an ID of its own"},
		{roundsRow, []trace.Event{propose(3), heard(1, 3, none), commit(4, 1)}, "a commits ID 4, and asked for promises of ID 3 (event 1)"},
		{roundsRow, []trace.Event{propose(3), heard(1, 2, none), commit(3, 1)}, "a commits ID 3 with the promises of a, and a majority is 2 of 3"},
		{learnsRow, []trace.Event{propose(3), heard(1, 3, none), heard(2, 3, none), commit(3, 1)}, ""},
		{learnsRow, []trace.Event{propose(3), heard(1, 3, none), heard(2, 3, none), commit(3, 2)}, "a commits bob for alice's acquire, and has heard of nobody who holds the lock"},
		{learnsRow, []trace.Event{propose(3), heard(1, 3, of(2, 2)), heard(2, 3, of(1, 1)), commit(3, 1)}, "a commits alice for alice's acquire, though b has told it of ID 2 (bob) (event 2)"},
		{learnsRow, []trace.Event{accept(yes(2), 2, of(2, 2)), propose(3), heard(1, 3, none), commit(3, 1)}, "a commits alice for alice's acquire, though it has itself accepted ID 2 (bob) (event 1)"},

		// What comes close to that and is allowed, and what else a rule rests on.
		{promisesRow, []trace.Event{promise(yes(5), 5), promise(yes(5), 5)}, ""},
		{promisesRow, []trace.Event{promise(yes(5), 7)}, ""},
		{promisesRow, []trace.Event{promise(yes(5), 5), promise(no(5), 5)}, ""},
		{promisesRow, []trace.Event{asked(protocol.PromiseResponse, 4)}, ""},
		{promisesRow, []trace.Event{asked(protocol.CommitRequest, 6), promise(no(5), 0)}, ""},
		{promisesRow, []trace.Event{accept(no(6), 0, of(6, 1)), promise(no(5), 0)}, ""},
		{promisesRow, []trace.Event{accept(yes(6), 6, of(6, 1)), promise(yes(5), 6)}, "a promises ID 5, though it promised 6 (event 1)"},
		{promisesRow, []trace.Event{propose(5), promise(no(4), 5)}, ""},
		{promisesRow, []trace.Event{propose(5), promise(yes(5), 5)}, "a promises ID 5 to b, though it is a's (event 1)"},
		{promisesRow, []trace.Event{propose(5), propose(3), promise(yes(4), 5)}, "a promises ID 4, though it promised 5 (event 1)"},
		{promisesRow, []trace.Event{commit(5, 1), promise(yes(4), 5)}, "a promises ID 4, though it promised 5 (event 1)"},
		{promisesRow, []trace.Event{response(trace.Count, 1, refusal(3, 6)), promise(no(5), 0)}, ""},
		{promisesRow, []trace.Event{response(trace.Ignore, 1, refusal(3, 6)), promise(no(5), 0)}, ""},
		{promisesRow, []trace.Event{heard(1, 3, of(6, 1)), promise(no(5), 0)}, ""},
		{promisesRow, []trace.Event{heard(1, 3, of(4, 1)), promise(no(5), 0)}, "a refuses to promise ID 5, though it has promised nothing yet"},
		{commitsRow, []trace.Event{asked(protocol.CommitResponse, 4)}, ""},
		{commitsRow, []trace.Event{promise(yes(5), 5), accept(yes(7), 7, of(7, 1))}, ""},
		{commitsRow, []trace.Event{promise(yes(5), 5), changed(accept(no(4), 5, of(4, 1)), none)}, ""},
		{commitsRow, []trace.Event{promise(yes(5), 5), changed(accept(no(5), 5, of(5, 1)), none)}, "a refuses to accept ID 5, though the highest that it promised is 5 (event 1)"},
		{commitsRow, []trace.Event{response(trace.Count, 1, refusal(3, 9)), accept(yes(5), 9, of(5, 1))}, ""},
		{commitsRow, []trace.Event{promise(yes(5), 9), accept(yes(5), 9, of(5, 1))}, ""},
		{commitsRow, []trace.Event{promise(yes(5), 5), telling(6, none, none)}, ""},
		{commitsRow, []trace.Event{accept(yes(5), 5, of(5, 1)), told(trace.Promise, no(4), 5, of(5, 1))}, ""},
		{commitsRow, []trace.Event{accept(yes(5), 5, of(5, 1)), changed(heard(1, 3, of(7, 2)), of(5, 1)), telling(8, of(7, 2), of(5, 1))}, ""},
		{commitsRow, []trace.Event{accept(yes(5), 5, of(5, 1)), changed(response(trace.Ignore, 1, protocol.Message{Proposal: of(7, 2)}), of(5, 1)), telling(8, of(7, 2), of(5, 1))}, ""},
		{commitsRow, []trace.Event{accept(yes(5), 5, of(5, 1)), changed(heard(1, 3, of(4, 2)), of(5, 1)), telling(8, of(4, 2), of(5, 1))}, "a tells that it accepted ID 4 (bob), and the last that it accepted is ID 5 (alice) (event 1)"},
		{roundsRow, []trace.Event{propose(3), heard(1, 3, none), commit(3, 1)}, ""},
		{roundsRow, []trace.Event{propose(3), response(trace.Count, 1, no(3)), commit(3, 1)}, "a commits ID 3 with the promises of a, and a majority is 2 of 3"},
		{roundsRow, []trace.Event{propose(3), response(trace.Ignore, 1, yes(3)), commit(3, 1)}, "a commits ID 3 with the promises of a, and a majority is 2 of 3"},
		{roundsRow, []trace.Event{propose(3), {Kind: trace.Count, Peer: 1, Message: protocol.Message{Kind: protocol.CommitResponse, ID: 3, Yes: true}}, commit(3, 1)}, "a commits ID 3 with the promises of a, and a majority is 2 of 3"},
		{roundsRow, []trace.Event{propose(3), heard(1, 3, none), propose(4), commit(4, 1)}, "a commits ID 4 with the promises of a, and a majority is 2 of 3"},
		{learnsRow, []trace.Event{propose(3), propose(3)}, ""},
		{learnsRow, []trace.Event{propose(3), heard(1, 3, of(2, 2)), commit(3, 2)}, ""},
		{learnsRow, []trace.Event{propose(3), heard(1, 3, of(2, 1)), release(commit(3, 0))}, ""},
		{learnsRow, []trace.Event{propose(3), heard(1, 3, of(2, 2)), release(commit(3, 0))}, "a commits free for alice's release, though b has told it of ID 2 (bob) (event 2)"},
		{learnsRow, []trace.Event{propose(3), heard(1, 3, of(1, 1)), heard(2, 3, of(2, 2)), commit(3, 1)}, "a commits alice for alice's acquire, though c has told it of ID 2 (bob) (event 3)"},
		{learnsRow, []trace.Event{propose(3), heard(1, 3, of(2, 2)), heard(2, 3, of(2, 2)), commit(3, 1)}, "a commits alice for alice's acquire, though b has told it of ID 2 (bob) (event 2)"},
		{learnsRow, []trace.Event{propose(3), heard(1, 3, of(2, 2)), response(trace.Ignore, 2, protocol.Message{ID: 1, Yes: true, Proposal: of(5, 1)}), commit(3, 1)}, ""},
		{learnsRow, []trace.Event{propose(3), response(trace.Count, 1, protocol.Message{ID: 3, Proposal: of(2, 2)}), heard(2, 3, none), commit(3, 1)}, ""},
		{learnsRow, []trace.Event{propose(3), heard(1, 3, of(2, 2)), propose(4), heard(1, 4, none), commit(4, 1)}, ""},
		{learnsRow, []trace.Event{propose(3), heard(1, 3, none), commit(3, 1), propose(4), heard(1, 4, of(2, 2)), commit(4, 1)}, ""},
		{learnsRow, []trace.Event{accept(no(2), 2, of(2, 2)), propose(3), heard(1, 3, none), commit(3, 1)}, ""},
		{learnsRow, []trace.Event{propose(3), heard(1, 3, of(2, 2)), accept(yes(5), 5, of(5, 1)), commit(3, 1)}, ""},
		{learnsRow, []trace.Event{propose(3), accept(yes(2), 2, of(2, 2)), heard(1, 3, none), commit(3, 1)}, ""},
		{learnsRow, []trace.Event{at(2, 0, accept(yes(2), 2, of(2, 2))), at(2, 2, propose(3)), at(2, 0, heard(0, 3, none)), at(2, 2, commit(3, 1))}, "c commits alice for alice's acquire, though it has itself accepted ID 2 (bob) (event 1)"},
		{promisesRow, []trace.Event{at(2, 2, propose(5)), at(2, 0, promise(yes(5), 5))}, "c promises ID 5 to a, though it is c's (event 1)"},
		{roundsRow, []trace.Event{at(2, 2, propose(3)), at(2, 2, commit(3, 1))}, "c commits ID 3 with the promises of c, and a majority is 2 of 3"},
		{tellsRow, []trace.Event{promise(yes(4), 4), accept(yes(4), 4, of(4, 1)), asked(protocol.PromiseRequest, 3)}, ""},
		{tellsRow, []trace.Event{promise(refusal(4, 4), 5), accept(refusal(4, 5), 5, of(4, 1))}, ""},
		{tellsRow, []trace.Event{promise(refusal(4, 3), 5)}, "a refuses to promise ID 4 and tells 3 as what it has promised"},
		{tellsRow, []trace.Event{promise(no(4), 5)}, "a refuses to promise ID 4 and tells 0 as what it has promised"},
		{tellsRow, []trace.Event{accept(no(4), 5, of(4, 1))}, "a refuses to accept ID 4 and tells 0 as what it has promised"},
	} {
		j := c.row.New()
		j.Reset(&trace.Header{
			Instances: []string{"a", "b", "c"}, Holders: []string{"alice", "bob"}, Rules: protocol.AllRules,
			Settings: []trace.Setting{{Program: "p"}, {Program: "p"}, {Program: "p"}},
		})
		for i := range c.events {
			c.events[i].Number = i + 1
			j.Observe(&c.events[i])
		}
		v := j.Verdict()
		if got := v.Why.String(); got != c.want || (v.State == check.Violated) != (c.want != "") || v.State == check.Violated && v.Event != len(c.events) {
			t.Errorf("%s: at event %d, %q", c.row.Name, v.Event, got)
		}
	}
}

// The first operation that is never answered is told, once nothing happens any more; what is
// answered, lost or ended by a crash is not held against anybody, and nothing is against an
// instance that no program plays.
func TestNeverAnswered(t *testing.T) {
	call := func(instance int8, holder protocol.Holder, number uint32) trace.Event {
		return trace.Event{Kind: trace.Call, Instance: instance, Operation: protocol.Operation{Kind: protocol.Acquire, Holder: holder, Number: number}}
	}
	end := func(kind trace.Kind, of trace.Event) trace.Event { of.Kind = kind; return of }
	one, two, three := call(0, 1, 1), call(0, 2, 2), call(2, 1, 3)
	for _, c := range []struct {
		events  []trace.Event
		playing bool // c, too
		quiet   bool
		want    string
	}{
		{[]trace.Event{one, two, three}, true, true, "a never answers the acquire of alice (event 1)"},
		{[]trace.Event{one, two, three}, true, false, ""},
		{[]trace.Event{three, two, one, end(trace.Answer, three)}, true, true, "a never answers the acquire of bob (event 2)"},
		{[]trace.Event{one, two, three, end(trace.Answer, one), end(trace.Lose, two)}, true, true, "c never answers the acquire of alice (event 3)"},
		{[]trace.Event{one, two, three, end(trace.Answer, one), end(trace.Lose, two)}, false, true, ""},
		{[]trace.Event{one, two, three, {Kind: trace.Crash}}, true, true, "c never answers the acquire of alice (event 3)"},
		{[]trace.Event{one, two, three, {Kind: trace.Restart}}, true, true, "c never answers the acquire of alice (event 3)"},
		{[]trace.Event{one, end(trace.Receive, one)}, true, true, "a never answers the acquire of alice (event 1)"},
	} {
		h := &trace.Header{Instances: []string{"a", "b", "c"}, Holders: []string{"alice", "bob"}, Settings: []trace.Setting{{Program: "p"}, {}, {}}}
		if c.playing {
			h.Settings[2].Program = "p"
		}
		j := answersRow.New()
		j.Reset(h)
		for i, e := range c.events {
			e.Number = i + 1
			j.Observe(&e)
		}
		j.End(0, c.quiet)
		if got := j.Verdict().Why.String(); got != c.want {
			t.Errorf("%q, not %q", got, c.want)
		}
	}
}
