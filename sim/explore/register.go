package explore

import (
	"slices"

	"skinny/protocol"
)

// register is what a single lock may be like that has given all answers so far:
// who holds it, and which of the operations that are not settled have taken effect
// already. The past keeps every register that explains the answers; a history is
// linearizable as long as there is one. An operation is taken to take effect as
// late as possible: just before its own answer, or before another's that needs it.
// (Lowe, "Testing for linearizability", 2017, section 4.3)
//
// The lock's functions are those by which package check judges linearizability.
type register uint64

// A register has the holder in its lowest bits, and above it the effect of each call.
func (r register) holder() uint8 { return uint8(r & (1<<holderBits - 1)) }

func (r register) taken(call uint8) effect { return effect(r >> atEffect(call) & (1<<effectBits - 1)) }

func (r register) with(call uint8, e effect) register {
	return r&^((1<<effectBits-1)<<atEffect(call)) | register(e)<<atEffect(call)
}

func (r register) heldBy(holder uint8) register { return r&^(1<<holderBits-1) | register(holder) }

func atEffect(call uint8) uint { return holderBits + effectBits*uint(call) }

// registerBits is the width of a register.
func (m *Model) registerBits() uint { return atEffect(uint8(len(m.calls))) }

// swapped is the register after a swap.
func (r register) swapped(s *swap, calls int) register {
	to := register(s.holder[r.holder()])
	for n := range uint8(calls) {
		e := r.taken(s.from[n])
		if e > refused {
			e = refused + effect(s.holder[e-refused])
		}
		to = to.with(n, e)
	}
	return to
}

// effect is how an operation took effect: not yet, or with the answer that it has
// to be given.
type effect uint8

const (
	notTaken effect = iota
	tookLock
	freed
	notFreed
	silently // nobody will hear of it
	refused  // and above: the number of the holder that it is told

	effectBits = 4
)

// effectOf is the effect that an answer speaks of.
func effectOf(outcome protocol.Outcome, told protocol.Holder) effect {
	switch outcome {
	case protocol.Acquired:
		return tookLock
	case protocol.Released:
		return freed
	case protocol.NotReleased:
		return notFreed
	}
	return refused + effect(told)
}

// explain takes note of an answer that says what happened. It reports false if no
// register explains it.
func (w *judge) explain(call uint8, outcome protocol.Outcome, told protocol.Holder) bool {
	want := effectOf(outcome, told)
	w.before = append(w.before[:0], w.register...)
	w.register = w.register[:0]
	for _, r := range w.before {
		w.place(r, call, want)
	}
	return len(w.register) > 0
}

// place lets operations take effect in r, in any order, until the given one has.
func (w *judge) place(r register, call uint8, want effect) {
	if e := r.taken(call); e != notTaken {
		if e == want {
			w.keep(r.with(call, notTaken))
		}
		return
	}
	for n := range w.model.calls {
		if w.calls[n] != unanswered && w.calls[n] != open || r.taken(uint8(n)) != notTaken {
			continue
		}
		w.take(r, uint8(n), call, want)
	}
}

// take lets one operation take effect in every way in which it can.
func (w *judge) take(r register, n, call uint8, want effect) {
	c := &w.model.calls[n]
	me, held := uint8(c.Holder), r.holder()
	free := held == 0
	owners := w.model.cluster.Rules.Has(protocol.OwnerRelease)
	then := func(e effect, holder uint8) {
		if w.past.calls[n] == open {
			if holder == held {
				return // nothing has changed, and nobody will hear of it
			}
			e = silently
		}
		w.place(r.with(n, e).heldBy(holder), call, want)
	}
	switch {
	case c.Kind == protocol.Acquire && (free || held == me):
		then(tookLock, me)
	case c.Kind == protocol.Acquire:
		then(refused+effect(held), held)
	case owners && (free || held == me):
		then(freed, 0)
	case owners:
		then(notFreed, held)
	default:
		then(freed, 0)
		then(notFreed, held)
		if !free {
			then(notFreed, 0) // it failed, and may have freed the lock all the same
		}
	}
}

// leaveOpen takes note that nobody will hear how an operation took effect.
func (w *judge) leaveOpen(call uint8) {
	w.before = append(w.before[:0], w.register...)
	w.register = w.register[:0]
	for _, r := range w.before {
		if r.taken(call) != notTaken {
			r = r.with(call, silently)
		}
		w.keep(r)
	}
}

// keep adds a register to the ones that explain the answers, in order.
func (w *judge) keep(r register) {
	at, known := slices.BinarySearch(w.register, r)
	if !known {
		w.register = slices.Insert(w.register, at, r)
	}
}
