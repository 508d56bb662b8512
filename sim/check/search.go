package check

import (
	"math"

	"github.com/anishathalye/porcupine"

	"skinny/protocol"
)

// searchSteps is how many placements of an operation a search may try. Steps
// are counted, not time, so that every machine comes to the same verdict.
const searchSteps = 1 << 18

// result is what a search for an order says.
type result uint8

const (
	explained   result = iota // there is an order
	unexplained               // there is none
	gaveUp                    // the search ended before it knew
)

// search looks for an order of the operations of a history that explains the
// answers: whether the history is linearizable. (Herlihy and Wing,
// "Linearizability: A Correctness Condition for Concurrent Objects", 1990)
//
// It is porcupine that searches, for one order. That is slow, but it has no bound but
// the steps: it decides the histories that orders finds too large.
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
