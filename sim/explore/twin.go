package explore

import (
	"slices"

	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/trace"
)

// Twin is a run that goes like another one up to a decision, makes a different one
// there, and then goes on as like it as it can.
type Twin struct {
	At        int            // the index of the decision that differs
	Instead   sim.Decision   // what is decided there
	Decisions []sim.Decision // all of them; what is pending after them happens, too
}

// Twin finds a run that keeps a property which a run of decisions violates, and
// that differs from it as late as possible. After the difference it makes the same
// decisions as far as they are possible, and then lets what is pending happen,
// oldest first. It reports false if every such run violates the property.
func (m *Model) Twin(decisions []sim.Decision, property string) (Twin, bool) {
	for at := len(decisions) - 1; at >= 0; at-- {
		for _, instead := range m.instead(decisions, at) {
			t := m.twin(decisions, at, instead)
			if m.keeps(t.Decisions, property) {
				return t, true
			}
		}
	}
	return Twin{}, false
}

// after is the world after some decisions.
func (m *Model) after(decisions []sim.Decision) *sim.World {
	w := sim.NewWorld(&m.cluster)
	for i := range decisions {
		w.Take(&decisions[i])
	}
	return w
}

// instead lists what could be decided in place of a decision: what it is about may
// be lost, or come later than something else. Calls of clients are not among it,
// so that the two runs are about the same operations.
func (m *Model) instead(decisions []sim.Decision, at int) []sim.Decision {
	d := decisions[at]
	if d.Kind == sim.InvokeOperation {
		return nil
	}
	var list []sim.Decision
	w := m.after(decisions[:at])
	if d.Kind == sim.DeliverMessage {
		lost := d
		lost.Kind = sim.DropMessage
		list = append(list, lost)
	}
	if d.Kind == sim.DropMessage || d.Kind == sim.CopyMessage {
		arrives := d
		arrives.Kind = sim.DeliverMessage
		list = append(list, arrives)
	}
	for _, other := range w.Possible() {
		if other.Kind == sim.DeliverMessage && !sameMessage(&other, &d) {
			list = append(list, other)
		}
	}
	return list
}

// sameMessage reports whether two decisions are about the same message.
func sameMessage(a, b *sim.Decision) bool {
	return a.Message == b.Message && a.From == b.From && a.To == b.To && a.Nth == b.Nth && max(a.Which, 1) == max(b.Which, 1)
}

// twin makes another decision, then those that are still possible.
func (m *Model) twin(decisions []sim.Decision, at int, instead sim.Decision) Twin {
	t := Twin{At: at, Instead: instead, Decisions: append(slices.Clone(decisions[:at]), instead)}
	w := m.after(t.Decisions)
	for _, d := range decisions[at:] {
		if w.Take(&d) {
			t.Decisions = append(t.Decisions, d)
		}
	}
	return t
}

// twinEvents is how long a twin may go on.
const twinEvents = 10_000

// keeps reports whether a run of decisions that goes on to its end keeps a
// property.
func (m *Model) keeps(decisions []sim.Decision, property string) bool {
	judges := check.NewJudges(m.Header())
	run := sim.NewScheduled(&m.cluster, &sim.Schedule{Decisions: decisions, Settle: true, Budget: twinEvents})
	run.World.Observe(judges)
	if run.Run() != sim.NothingMore {
		return false
	}
	for _, v := range judges.Verdicts() {
		if v.Property == property {
			return v.State == check.Kept
		}
	}
	return false
}

// Header is the head of the traces of the model's runs.
func (m *Model) Header() *trace.Header { return m.cluster.Header() }
