package session

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/trace"
)

// DelayBy is how long something is put off by default.
const DelayBy = 50 * trace.Millisecond

// act takes an act at the current point, and goes to the point after it.
func (s *Session) act(a Act) error {
	if s.Question() != nil {
		return errors.New(s.toAnswer(s.Question()))
	}
	if said := s.Forbids(a); said != "" {
		return errors.New(said)
	}
	if s.solving != nil {
		a.Decision = s.Now().numbered(a.Decision)
		if made := s.Now().Try(a); !s.solving.solved && len(made) == 1 && made[0].Reason == trace.AlreadySo {
			return errors.New(s.branch.Text(a) + ": it is so already")
		}
	}
	b, after, err := s.branch.Act(s.at, a)
	if err == nil {
		s.set(b, after)
	}
	return err
}

// Do takes an act at the current point, and says what comes of it.
func (s *Session) Do(a Act) string {
	before, from, step := s.branch, s.at, s.Now().Point()
	if err := s.act(a); err != nil {
		return err.Error()
	}
	text := s.branch.Text(a) + ": this branch goes on by it"
	if s.branch != before {
		text = fmt.Sprintf("%s: branch %d; the old future is kept (%s)", s.branch.Text(a), s.branch.Number, s.by("branches"))
	}
	if step != from {
		text += fmt.Sprintf("; it comes after event %d, the end of this step", step)
	}
	return text + s.NowSolved()
}

func (s *Session) decide(d sim.Decision) string { return s.Do(Act{Decision: d}) }

// ByHand is the act that made an event, if one did.
func (b *Branch) ByHand(n int) (Act, bool) {
	i := slices.IndexFunc(b.acts, func(a Act) bool { return a.Delay == 0 && a.After+1 == n })
	if i < 0 {
		return Act{}, false
	}
	return b.acts[i], true
}

func (s *Session) hand(i Item, kind sim.DecisionKind) string {
	d := i.Decision
	if kind != sim.DeliverMessage {
		if !i.isMessage() {
			return "only messages between instances can be lost, copied or refused; " + i.Text +
				" can happen now (" + s.by("deliver") + ") or later (" + s.by("delay") + ")"
		}
		if kind == sim.RefuseMessage && !d.Message.IsRequest() {
			return "only a request can be refused"
		}
		d.Kind = kind
	}
	return s.decide(d)
}

func (s *Session) delay(i Item, by trace.Time) string {
	if !s.Now().timed() {
		return "nothing has a time in this run: let something else happen first instead (" + s.by("deliver") + ")"
	}
	return s.Do(Act{Decision: i.Decision, Delay: by})
}

// fault does something to the marked instance, or ends it if that is how it is.
func (s *Session) fault(kind sim.DecisionKind) string {
	w := s.Now().World()
	p := s.instance
	switch {
	case (kind == sim.CrashInstance || kind == sim.TearInstance) && !w.Up(p):
		return s.name(p) + " is down already; r restarts it"
	case kind == sim.PauseInstance && !w.Up(p):
		return s.name(p) + " is down; r restarts it"
	case kind == sim.PauseInstance && w.Paused(p):
		kind = sim.ResumeInstance
	case kind == sim.IsolateInstance && w.Isolated(p):
		kind = sim.RejoinInstance
	}
	return s.decide(sim.Decision{Kind: kind, From: p})
}

// cut takes the link of a message down, or up again.
func (s *Session) cut(i Item) string {
	if !i.isMessage() {
		return "only a message between instances has a link that can be cut; or in words: cut a -> b"
	}
	d := sim.Decision{Kind: sim.CutLink, From: i.Decision.From, To: i.Decision.To}
	if s.Now().World().CutOff(d.From).Has(d.To) {
		d.Kind = sim.MendLink
	}
	return s.decide(d)
}

// call is the decision that starts an operation at the marked instance, in words to
// be changed: by a client that has not called yet, or who holds the lock.
func (s *Session) call(kind protocol.OperationKind) string {
	h := s.branch.Header()
	callers, _ := s.branch.Clients()
	last := protocol.Holder(len(h.Holders))
	who := cmp.Or(s.branch.Idle(), last)
	if kind == protocol.Release {
		who = cmp.Or(s.Now().World().State(s.instance).Accepted.Holder, append(callers, last)[0])
	}
	return kind.String() + " " + h.HolderName(who) + " via " + s.name(s.instance)
}
