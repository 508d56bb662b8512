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
type register struct {
	holder uint8
	taken  [MaxCalls]effect
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
	if r.taken[call] != notTaken {
		if r.taken[call] == want {
			r.taken[call] = notTaken
			w.keep(r)
		}
		return
	}
	for n := range w.model.calls {
		if w.calls[n] != unanswered && w.calls[n] != open || r.taken[n] != notTaken {
			continue
		}
		w.take(r, uint8(n), call, want)
	}
}

// take lets one operation take effect in every way in which it can.
func (w *judge) take(r register, n, call uint8, want effect) {
	c := &w.model.calls[n]
	me, free := uint8(c.Holder), r.holder == 0
	owners := w.model.cluster.Rules.Has(protocol.OwnerRelease)
	then := func(e effect, holder uint8) {
		next := r
		next.holder = holder
		next.taken[n] = e
		if w.past.calls[n] == open {
			if holder == r.holder {
				return // nothing has changed, and nobody will hear of it
			}
			next.taken[n] = silently
		}
		w.place(next, call, want)
	}
	switch {
	case c.Kind == protocol.Acquire && (free || r.holder == me):
		then(tookLock, me)
	case c.Kind == protocol.Acquire:
		then(refused+effect(r.holder), r.holder)
	case owners && (free || r.holder == me):
		then(freed, 0)
	case owners:
		then(notFreed, r.holder)
	default:
		then(freed, 0)
		then(notFreed, r.holder)
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
		if r.taken[call] != notTaken {
			r.taken[call] = silently
		}
		w.keep(r)
	}
}

// keep adds a register to the ones that explain the answers, in order.
func (w *judge) keep(r register) {
	at, known := slices.BinarySearchFunc(w.register, r, register.compare)
	if !known {
		w.register = slices.Insert(w.register, at, r)
	}
}

func (r register) compare(o register) int {
	if r.holder != o.holder {
		return int(r.holder) - int(o.holder)
	}
	return slices.Compare(r.taken[:], o.taken[:])
}
