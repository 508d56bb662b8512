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

func (r *Run) nameOf(p int8) string {
	if p == trace.None {
		return "no instance"
	}
	return r.Header.Instances[p]
}

func (r *Run) names() *prose.Names { return prose.NamesOf(r.Header) }

// draftAnswer asks what an instance says to a request.
func (r *Run) draftAnswer(e *trace.Event, at int8) (draft, error) {
	m, ok := requestOf(e)
	if !ok {
		return draft{}, errors.New("no request arrives there; ask where an instance handles one (promise, accept) or lets it wait")
	}
	name := r.names().Instance(at)
	d := draft{
		text: prose.Of(r.arrival(e, &m), " What does ", name, " say?"),
		choices: []Choice{
			{key: "yes", Text: prose.Words("yes")},
			{key: "no", Text: prose.Words("no")},
			{key: "waits", Text: prose.Words("nothing yet: it has to wait")},
		},
		key: answerKey,
	}
	// An acceptor may say yes to what it does not store.
	if id := r.before(e).Instances[at].State.Accepted.ID; m.Kind == protocol.CommitRequest && id == m.ID && id < r.before(e).Instances[at].State.Promised || answerKey(e) == "pretends" {
		d.choices = slices.Insert(d.choices, 1, Choice{key: "pretends", Text: prose.Words("yes, without storing it")})
	}
	return d, nil
}

func answerKey(e *trace.Event) string {
	switch {
	case waits(e):
		return "waits"
	case e.Kind != trace.Promise && e.Kind != trace.Accept:
		return ""
	case !e.Message.Yes:
		return "no"
	case e.Kind == trace.Accept && !e.Stored:
		return "pretends"
	}
	return "yes"
}

// arrival says which request arrives where, and what the instance knows.
func (r *Run) arrival(e *trace.Event, m *protocol.Message) prose.Text {
	at, in := r.names().Instance(e.Instance), &r.before(e).Instances[e.Instance]
	how, busy := prose.Of(" reaches ", at, ", which "), prose.Text{}
	if !waits(e) && waits(r.Event(e.Cause)) {
		how = prose.Of(", which waited at ", at, " (", prose.At(e.Cause), "), is handled now; ", at, " ")
	}
	switch {
	case in.Paused != 0:
		busy = prose.Words(", and is paused")
	case in.Round.Phase != protocol.Idle:
		busy = prose.Of(", and runs its own round under ID ", in.Round.ID)
	case in.Working:
		busy = prose.Words(", and is still at work on an answer")
	}
	return prose.Of(r.request(m), how, r.knows(in.State), busy, ".")
}

// waits reports whether something has to wait by an event.
func waits(e *trace.Event) bool { return e.Kind == trace.Wait || e.Kind == trace.Hold }

// request names a request: "a's request to promise ID 2".
func (r *Run) request(m *protocol.Message) prose.Text {
	from := r.names().Instance(int8(m.From))
	if m.Kind == protocol.CommitRequest {
		return prose.Of(from, "'s commit of ", r.proposal(m.Proposal))
	}
	return prose.Of(from, "'s request to promise ID ", m.ID)
}

// proposal writes a proposal as "ID 3 (bob)".
func (r *Run) proposal(p protocol.Proposal) prose.Text {
	return prose.Of("ID ", p.ID, " (", r.names().Holder(p.Holder), ")")
}

// knows says what is promised and accepted: "has promised 2, accepted ID 1 (alice)".
func (r *Run) knows(s protocol.State) prose.Text { return prose.Of("has ", r.state(s)) }

func (r *Run) state(s protocol.State) prose.Text {
	promised := prose.Words("nothing")
	if s.Promised != 0 {
		promised = prose.Of(s.Promised)
	}
	if s.Accepted.ID == 0 {
		return prose.Of("promised ", promised, ", accepted nothing")
	}
	return prose.Of("promised ", promised, ", accepted ", r.proposal(s.Accepted))
}

// draftMajority asks how the votes of a phase stand.
func (r *Run) draftMajority(e *trace.Event, at int8) (draft, error) {
	if e.Kind != trace.Count && e.Kind != trace.Fail && e.Kind != trace.Expire {
		return draft{}, errors.New("no vote counts there; ask where an answer counts (count, fail) or a deadline passes (timeout)")
	}
	before := r.before(e)
	names, round := r.names(), before.Instances[at].Round
	if round.Phase == protocol.Idle {
		return draft{}, errors.New("no round is known to run there")
	}
	word := prose.Words(r.Header.Word(at, round.Phase))
	if word.Empty() {
		word = prose.Words("majority")
	}
	phase := prose.Of("promises for ID ", round.ID)
	if round.Phase == protocol.Committing {
		phase = prose.Of("acceptances of ID ", round.ID)
	}
	// The votes after the event, as the follower counts them.
	after := before.Clone()
	after.Observe(e)
	yea, noes := after.Instances[at].Round.Yea.Len(), after.Instances[at].Round.Noes().Len()
	size := len(r.Header.Instances)
	standing := func(rules protocol.Rules, yea int) string {
		switch enough, tooMany := r.Header.Quorums.Enough(rules, round.Phase, size); {
		case yea >= enough:
			return "yes"
		case noes >= tooMany, size-noes < enough: // not the same where the size is even
			return "lost"
		}
		return "not yet"
	}
	rules := r.Header.RulesOf(at)
	enough, tooMany := r.Header.Quorums.Enough(rules, round.Phase, size)
	tooMany = min(tooMany, size-enough+1)
	d := draft{
		text: prose.Of(r.counting(e, at), ". Does ", names.Instance(at), " have a ", word, " of ", phase, " now, among ", size, "?"),
		choices: []Choice{
			{key: "yes", Text: prose.Words("yes")},
			{key: "not yet", Text: prose.Words("not yet"), Why: prose.Of("would be right with fewer than ", tooMany, " no, and there ", isOrAre(noes))},
			{key: "lost", Text: prose.Words("no, and it cannot get one any more"), Why: prose.Of("would be right after ", tooMany, " no, and there ", isOrAre(noes),
				": an answer that has not come counts as no only when its time is over")},
		},
		key: func(x *trace.Event) string {
			if x != e { // the votes are the same, but not how many are enough
				return standing(rules^protocol.Majority, yea)
			}
			return standing(rules, yea)
		},
		otherwise: []alternative{{rule: protocol.Majority}},
	}
	alone := slices.IndexFunc(d.choices, func(c Choice) bool { return c.key == standing(rules, yea-1) })
	d.choices[alone].Why = prose.Words("would be right if its own vote did not count") // if it is not right
	return d, nil
}

func (r *Run) counting(e *trace.Event, at int8) prose.Text {
	names := r.names()
	switch e.Kind {
	case trace.Count:
		return prose.Of(names.Instance(e.Peer), vote(&e.Message), " counts at ", names.Instance(at))
	case trace.Fail:
		return prose.Of(names.Instance(at), "'s call to ", names.Instance(e.Peer), " fails")
	}
	return prose.Of("The deadline passes at ", names.Instance(at), ", and nothing has come from ", names.Set(e.Calls))
}

// vote is what a response says, after the name of its sender.
func vote(m *protocol.Message) string {
	if m.Yes {
		return "'s yes"
	}
	return "'s no"
}

// isOrAre counts votes: "is 1", "are 2".
func isOrAre(n int) string {
	if n == 1 {
		return "is 1"
	}
	return fmt.Sprintf("are %d", n)
}

// draftValue asks whose name a commit carries.
func (r *Run) draftValue(e *trace.Event, at int8) (draft, error) {
	if e.Kind != trace.Commit {
		return draft{}, errors.New("nothing is committed there; ask where phase 2 begins (commit)")
	}
	names, f := r.names(), r.before(e)
	d := draft{
		text: prose.Of(r.happening(e), " Whose name does it ask its peers to accept?"),
		key: func(x *trace.Event) string {
			if x.Kind != trace.Commit {
				return ""
			}
			return fmt.Sprint(x.Proposal.Holder)
		},
	}
	clients := []protocol.Holder{protocol.Free, e.Proposal.Holder}
	for n := range f.Operations() {
		clients = append(clients, f.Operation(uint32(n+1)).Holder)
	}
	slices.Sort(clients)
	clients = slices.Compact(clients)
	clients = append(clients[1:min(len(clients), MaxChoices)], protocol.Free) // free stands last
	if !slices.Contains(clients, e.Proposal.Holder) {
		clients[len(clients)-2] = e.Proposal.Holder
	}
	for _, h := range clients {
		text := prose.Words("nobody's: the lock is free")
		if h != protocol.Free {
			text = prose.Of(names.Client(h), "'s")
		}
		d.choices = append(d.choices, Choice{key: fmt.Sprint(h), Text: text})
	}
	return d, nil
}

// outcomes are what a client may be told, by what it wants.
var outcomes = map[protocol.OperationKind][]protocol.Outcome{
	protocol.Acquire: {protocol.Acquired, protocol.Refused, protocol.Unknown, protocol.Failed},
	protocol.Release: {protocol.Released, protocol.NotReleased, protocol.Unknown, protocol.Failed},
}

// draftTold asks what a client is told.
func (r *Run) draftTold(e *trace.Event, at int8) (draft, error) {
	list := outcomes[e.Operation.Kind]
	if e.Kind != trace.Answer && e.Kind != trace.Receive || list == nil {
		return draft{}, errors.New("no acquire or release is answered there; ask where an instance answers its client (answer)")
	}
	names := r.names()
	client := names.Client(e.Operation.Holder)
	d := draft{
		text: prose.Of(client, "'s ", e.Operation.Kind, " at ", names.Instance(at), " has come to its end. What is ", client, " told?"),
		key: func(x *trace.Event) string {
			if x.Kind != trace.Answer && x.Kind != trace.Receive {
				return ""
			}
			return x.Outcome.String()
		},
	}
	for _, o := range list {
		text := prose.Words(o.String())
		if o == protocol.Failed {
			text = prose.Words("nothing: nobody answers, and the call fails")
		}
		d.choices = append(d.choices, Choice{key: o.String(), Text: text})
	}
	return d, nil
}

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
	if len(states) > MaxChoices {
		states = slices.DeleteFunc(states, func(s protocol.State) bool { return s != is && s != was })
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
func (r *Run) guesses(e *trace.Event, was protocol.State) []protocol.State {
	m, ok := requestOf(e)
	switch told := e.Message.Proposal; {
	case ok && m.Kind == protocol.PromiseRequest:
		return []protocol.State{{Promised: m.ID, Accepted: was.Accepted}}
	case ok:
		return []protocol.State{{Promised: was.Promised, Accepted: m.Proposal}, {Promised: m.ID, Accepted: was.Accepted}, {Promised: m.ID, Accepted: m.Proposal}}
	case e.Kind == trace.Restart:
		return []protocol.State{{}, {Accepted: was.Accepted}, {Promised: was.Promised}}
	case e.Kind == trace.Commit:
		return []protocol.State{{Promised: was.Promised, Accepted: e.Proposal}}
	case e.Kind == trace.Propose:
		return []protocol.State{{Promised: was.Promised + 1, Accepted: was.Accepted}}
	case e.Kind == trace.Count && told.ID != 0:
		return []protocol.State{{Promised: was.Promised, Accepted: told}, {Promised: max(was.Promised, told.ID), Accepted: told}}
	}
	return nil
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
