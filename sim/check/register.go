package check

import "skinny/protocol"

// operation is one call in the clients' history.
type operation struct {
	kind    protocol.OperationKind
	outcome protocol.Outcome // means nothing without an answer
	holder  protocol.Holder  // who calls
	told    protocol.Holder  // who holds the lock, as the answer said
	call    int              // event number
	answer  int              // event number; 0: none, or one that does not say what happened

	// While orders has it open:
	bit    uint64 // its own
	rivals uint64 // those that change the lock in the same way, and before it
}

// mayChange reports whether the operation may have changed the lock to get its
// answer.
func (op *operation) mayChange(ownerRelease bool) bool {
	switch op.outcome {
	case protocol.Acquired, protocol.Released:
		return true
	case protocol.NotReleased:
		return !ownerRelease // it failed
	}
	return false
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
