package check

import (
	"math"

	"github.com/anishathalye/porcupine"

	"skinny/protocol"
)

// searchSteps is how many placements of an operation a search may try. Steps
// are counted, not time, so that every machine comes to the same verdict.
const searchSteps = 1 << 18

// search looks for an order of the operations of a history that explains the
// answers: whether the history is linearizable. (Herlihy and Wing,
// "Linearizability: A Correctness Condition for Concurrent Objects", 1990)
//
// It is porcupine that searches, for one order: an oracle for orders, which has nothing
// in common with it.
type search struct {
	ownerRelease bool
	limit        int // steps

	operations []operation // in the order of their calls
	end        int         // the last event of the prefix that is searched
	steps      int         // left
	history    []porcupine.Operation
}

// isOpen reports whether the operation has no answer in the prefix.
func (s *search) isOpen(op *operation) bool { return op.answer == 0 || op.answer > s.end }

// explain searches the history up to an event, at which the last answer is.
// Operations without an answer by then may have taken effect or not.
func (s *search) explain(operations []operation, end int) result {
	s.operations, s.end = operations, end
	s.collect()
	return s.run()
}

// matters reports whether the effect of an open operation can explain an answer.
// If not, then whatever order has the effect in it explains the answers as well
// without it, and the operation is left out.
func (s *search) matters(op *operation) bool {
	if op.kind == protocol.Release && s.ownerRelease && !s.mayHold(op.holder) {
		return false
	}
	for i := range s.operations {
		other := &s.operations[i]
		if other.call > s.end {
			break
		}
		if s.isOpen(other) || other.answer < op.call {
			continue
		}
		if op.kind == protocol.Acquire && s.needsHeld(other, op.holder) ||
			op.kind == protocol.Release && s.needsFreed(other, op.holder) {
			return true
		}
	}
	return false
}

// mayHold reports whether any operation can make the client the lock's holder.
func (s *search) mayHold(holder protocol.Holder) bool {
	for i := range s.operations {
		op := &s.operations[i]
		if op.call > s.end {
			break
		}
		if op.kind == protocol.Acquire && op.holder == holder && (s.isOpen(op) || op.outcome == protocol.Acquired) {
			return true
		}
	}
	return false
}

// needsHeld reports whether an answer asks for a lock that the client holds and is
// not given as well where the lock is free.
func (s *search) needsHeld(op *operation, holder protocol.Holder) bool {
	switch op.outcome {
	case protocol.Refused:
		return op.told == holder
	case protocol.NotReleased:
		return s.ownerRelease && op.holder != holder
	}
	return false
}

// needsFreed reports whether an answer asks for a lock that the client does not
// hold.
func (s *search) needsFreed(op *operation, holder protocol.Holder) bool {
	if !s.ownerRelease {
		return op.kind == protocol.Acquire
	}
	switch op.outcome {
	case protocol.Refused:
		return op.told != holder
	case protocol.NotReleased:
		return op.holder == holder
	}
	return op.holder != holder
}

// What porcupine is told as an operation's output.
const (
	isAnswered = false
	isPending  = true
)

// collect makes porcupine's history of the operations. Those that are pending
// overlap with an operation of its own that marks the end.
func (s *search) collect() {
	s.history = s.history[:0]
	pending := false
	for i := 0; i < len(s.operations) && s.operations[i].call < s.end; i++ {
		op := &s.operations[i]
		entry := porcupine.Operation{Input: op, Call: int64(op.call), Output: isAnswered, Return: int64(op.answer)}
		if s.isOpen(op) {
			if !s.matters(op) {
				continue
			}
			pending = true
			entry.Output, entry.Return = isPending, math.MaxInt64
		}
		s.history = append(s.history, entry)
	}
	if pending {
		s.history = append(s.history, porcupine.Operation{Call: int64(s.end) + 1, Return: int64(s.end) + 2})
	}
}

// run lets porcupine search the history that was collected.
func (s *search) run() result {
	s.steps = s.limit
	model := porcupine.Model{
		Init: func() any { return held(protocol.Free) },
		Step: s.step,
	}
	switch {
	case porcupine.CheckOperations(model, s.history):
		return explained
	case s.steps < 0:
		return gaveUp
	}
	return unexplained
}

// step is porcupine's model of the lock. Once the steps are used up nothing can
// be placed any more, which ends the search soon.
func (s *search) step(state, input, output any) (bool, any) {
	if s.steps--; s.steps < 0 {
		return false, state
	}
	r := state.(register)
	if input == nil {
		return true, r | ended
	}
	var ok bool
	if op := input.(*operation); output == isPending {
		r, ok = r.unanswered(op, s.ownerRelease)
	} else {
		r, ok = r.answered(op, s.ownerRelease)
	}
	return ok, r
}

// register is the state of the lock register in a search for an order: which
// client holds the lock, and two bits more.
type register uint64

const (
	// maybeFree: the lock may be free instead. A release that failed leaves
	// this.
	maybeFree register = 1 << iota

	// ended: everything that was answered has been placed. What has not been
	// placed then is taken to have had no effect.
	ended

	holderShift = iota
)

// held is the register of a lock that this client holds.
func held(holder protocol.Holder) register { return register(holder) << holderShift }

func (r register) holder() protocol.Holder { return protocol.Holder(r >> holderShift) }

// answered lets an operation take place that was answered. It reports false if
// its answer is not what the register says.
//
// The lock's functions are those of the CASPaxos register that the sound edition
// is: acquire(h) is x -> (x = "" ? h : x), release(h) is x -> (x = h ? "" : x).
// Without the rule owner-release anyone's release frees the lock.
func (r register) answered(op *operation, ownerRelease bool) (register, bool) {
	x := r.holder()
	free := x == protocol.Free || r&maybeFree != 0
	switch op.outcome {
	case protocol.Acquired:
		return held(op.holder), free || x == op.holder
	case protocol.Refused:
		return held(x), x == op.told && x != protocol.Free && x != op.holder
	case protocol.Released:
		return held(protocol.Free), !ownerRelease || free || x == op.holder
	}
	if ownerRelease {
		return r, x != protocol.Free && x != op.holder
	}
	// It failed; it may or may not have freed the lock.
	if x != protocol.Free {
		r |= maybeFree
	}
	return r, true
}

// unanswered lets an operation take effect whose client never heard what became
// of it. It reports false if the effect is none: such an operation is placed after
// the end instead, so that there is one way less to search.
func (r register) unanswered(op *operation, ownerRelease bool) (register, bool) {
	x := r.holder()
	switch {
	case r&ended != 0:
		return r, true
	case op.kind == protocol.Acquire:
		return held(op.holder), x == protocol.Free || r&maybeFree != 0
	default:
		return held(protocol.Free), x != protocol.Free && (!ownerRelease || x == op.holder)
	}
}

// searched is the event at which the story's history breaks by porcupine's search, or
// 0. It reports false if the search took too many steps.
func (s *story) searched() (event int, decided bool) {
	l := observed(s.header, s.events)
	o := search{ownerRelease: l.orders.ownerRelease, limit: searchSteps}
	for n := 1; n <= len(l.answers); n++ {
		end := l.answer(n).answer
		switch o.explain(l.operations, end) {
		case unexplained:
			return end, true
		case gaveUp:
			return 0, false
		}
	}
	return 0, true
}
