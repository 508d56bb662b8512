package explore

import (
	"slices"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/trace"
)

// Passing is a run that goes like another one up to a decision, makes a different one
// there, and then goes on as like it as it can.
type Passing struct {
	At        int            // the index of the decision that differs
	Instead   sim.Decision   // what is decided there
	Decisions []sim.Decision // all of them; what is pending after them happens, too
	Changes   []Change       // what clients are told otherwise
}

// Change is an operation to which the two runs give different answers.
type Change struct {
	Operation protocol.Operation
	Was, Is   protocol.Outcome // NoOutcome is no answer
}

// Nearest finds a run that keeps a property which a run of decisions violates, and
// that differs from it as late as possible. Something else comes first in it, or,
// if no other order helps, a message is lost that arrived, as far as losses are
// allowed. After the difference it makes the same decisions as far as they are
// possible, and then lets what is pending happen, oldest first. It reports false
// if every such run violates the property.
func (m *Model) Nearest(decisions []sim.Decision, property string) (Passing, bool) {
	for _, instead := range []func([]sim.Decision, int) []sim.Decision{m.reordered, m.lost} {
		for at := len(decisions) - 1; at > 0; at-- { // the first is a call
			for _, d := range instead(decisions, at) {
				t := m.passing(decisions, at, d)
				if w, kept := m.keeps(t.Decisions, property); kept {
					t.Changes = m.changes(decisions, w)
					return t, true
				}
			}
		}
	}
	return Passing{}, false
}

// changes lists the answers of a run that another world does not give.
func (m *Model) changes(decisions []sim.Decision, other *sim.World) (list []Change) {
	w := m.after(decisions)
	for n := 1; n <= min(w.Operations(), other.Operations()); n++ {
		was, is := w.Operation(n), other.Operation(n)
		if was.Outcome != protocol.NoOutcome && was.Outcome != is.Outcome && was.Operation == is.Operation {
			list = append(list, Change{was.Operation, was.Outcome, is.Outcome})
		}
	}
	return list
}

// after is the world after some decisions.
func (m *Model) after(decisions []sim.Decision) *sim.World {
	w := sim.NewWorld(&m.cluster)
	for i := range decisions {
		w.Take(&decisions[i])
	}
	return w
}

// reordered lists what could be decided in place of a decision without a new
// fault: something else arrives first, or a message arrives that was lost. Calls of
// clients stay where they are, so that the two runs are about the same operations.
func (m *Model) reordered(decisions []sim.Decision, at int) []sim.Decision {
	d := decisions[at]
	if d.Kind == sim.InvokeOperation {
		return nil
	}
	var list []sim.Decision
	if d.Kind == sim.DropMessage || d.Kind == sim.CopyMessage {
		arrives := d
		arrives.Kind = sim.DeliverMessage
		list = append(list, arrives)
	}
	for _, other := range m.after(decisions[:at]).Possible() {
		if other.Kind == sim.DeliverMessage && !sameMessage(&other, &d) {
			list = append(list, other)
		}
	}
	return list
}

// lost is the loss of a message in place of its arrival, if one more is allowed.
func (m *Model) lost(decisions []sim.Decision, at int) []sim.Decision {
	d := decisions[at]
	losses := 0
	for i := range decisions {
		if decisions[i].Kind == sim.DropMessage {
			losses++
		}
	}
	if d.Kind != sim.DeliverMessage || losses >= int(m.config.Limits[Losses]) {
		return nil
	}
	d.Kind = sim.DropMessage
	return []sim.Decision{d}
}

// sameMessage reports whether two decisions are about the same message.
func sameMessage(a, b *sim.Decision) bool {
	return a.Message == b.Message && a.From == b.From && a.To == b.To && a.Nth == b.Nth && max(a.Which, 1) == max(b.Which, 1)
}

// passing makes another decision, then those that are still possible.
func (m *Model) passing(decisions []sim.Decision, at int, instead sim.Decision) Passing {
	t := Passing{At: at, Instead: instead, Decisions: append(slices.Clone(decisions[:at]), instead)}
	w := m.after(t.Decisions)
	for _, d := range decisions[at:] {
		if w.Take(&d) {
			t.Decisions = append(t.Decisions, d)
		}
	}
	return t
}

// passingEvents is how long a passing run may go on.
const passingEvents = 10_000

// keeps reports whether a run of decisions that goes on to its end keeps a
// property, and gives the world at that end.
func (m *Model) keeps(decisions []sim.Decision, property string) (*sim.World, bool) {
	judges := check.NewJudges(m.Header())
	run := sim.NewScheduled(&m.cluster, &sim.Schedule{Decisions: decisions, Settle: true, Budget: passingEvents})
	run.World().Observe(judges)
	if run.Run() != sim.NothingMore {
		return nil, false
	}
	for _, v := range judges.Verdicts() {
		if v.Property == property {
			return run.World(), v.State == check.Kept
		}
	}
	return nil, false
}

// Header is the head of the traces of the model's runs.
func (m *Model) Header() *trace.Header { return m.cluster.Header() }
