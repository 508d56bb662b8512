package check

import "skinny/protocol"

// operation is one call in the clients' history.
type operation struct {
	kind    protocol.OperationKind
	outcome protocol.Outcome // means nothing without an answer
	holder  protocol.Holder  // who calls; of a status nobody
	via     int8
	told    protocol.Holder // who holds the lock, as the answer said
	call    int             // event number
	answer  int             // event number; 0: none, or one that does not say what happened

	// While orders has it open:
	bit    uint8 // its own
	rivals mask  // those that change the lock in the same way, and before it
}

// mayChange reports whether the lock may have been changed to get the answer.
func (op *operation) mayChange(ownerRelease bool) bool {
	switch op.outcome {
	case protocol.Acquired, protocol.Released:
		return true
	case protocol.NotReleased:
		return !ownerRelease // it failed
	}
	return false
}

// sees is who holds the lock, as the answer says; Free if that is nobody or not said.
func (op *operation) sees() protocol.Holder {
	switch op.outcome {
	case protocol.Acquired:
		return op.holder
	case protocol.Refused, protocol.Answered:
		return op.told
	}
	return protocol.Free
}

// reads reports whether the lock may be found as the answer says, and left so.
func (op *operation) reads(lock protocol.Holder, ownerRelease bool) bool {
	switch op.outcome {
	case protocol.Acquired:
		return lock == op.holder
	case protocol.Refused:
		return lock == op.told && lock != protocol.Free && lock != op.holder
	case protocol.Released:
		return lock == protocol.Free
	case protocol.Answered:
		return lock == op.told
	}
	// Not released. Without the rule owner-release that says that it failed, which
	// depends on nothing.
	return !ownerRelease || lock != protocol.Free && lock != op.holder
}

// changes is the lock after the operation has changed it. It reports false if that is
// no change.
//
// The lock's functions are those of the CASPaxos register that the sound edition
// is: acquire(h) is x -> (x = "" ? h : x), release(h) is x -> (x = h ? "" : x).
// Without the rule owner-release anyone's release frees the lock.
func (op *operation) changes(lock protocol.Holder, ownerRelease bool) (protocol.Holder, bool) {
	switch op.kind {
	case protocol.Acquire:
		return op.holder, lock == protocol.Free
	case protocol.Status:
		return lock, false
	}
	return protocol.Free, lock != protocol.Free && (!ownerRelease || lock == op.holder)
}
