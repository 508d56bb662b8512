package check

import (
	"slices"

	"skinny/protocol"
	"skinny/sim/prose"
)

// why says which answer has no explanation, and what stands against it. Its kind is
// the outcome, and what kind of thing stands against it.
func (l *linearizability) why() (kind string, why prose.Text) {
	l.names = prose.NamesOf(l.header)
	op := l.answer(l.broken)
	kind, why = op.outcome.String(), prose.Of("no order of the operations explains that ", l.answerWords(op))
	if a := l.against(op); !a.text.Empty() {
		kind += ", " + a.kind
		why = prose.Of(why, ": ", a.text)
	}
	return kind, why
}

// reason is what stands against an answer; the zero reason is none that is known.
type reason struct {
	kind string
	text prose.Text
}

// answerWords says what a client is told.
func (l *linearizability) answerWords(op *operation) prose.Text {
	holds := prose.Of("nobody holds the lock")
	if op.told != protocol.Free {
		holds = prose.Of(l.names.Client(op.told), " holds the lock")
	}
	switch op.outcome {
	case protocol.Answered:
		return prose.Of("the status at ", l.names.Instance(op.via), " says that ", holds)
	case protocol.Refused:
		return prose.Of(l.names.Client(op.holder), " is told refused and that ", holds)
	}
	return prose.Of(l.names.Client(op.holder), " is told ", op.outcome)
}

// against says what speaks against an answer, or nothing where that is more than a sentence.
func (l *linearizability) against(op *operation) reason {
	switch {
	case op.outcome == protocol.NotReleased:
		return l.notHeldByAnother(op)
	case op.outcome == protocol.Refused || op.sees() != op.holder && op.outcome == protocol.Answered:
		return l.notHeldBy(op)
	}
	return l.heldByAnother(op)
}

// heldByAnother says who else was last said to hold the lock, and whether it was released since.
func (l *linearizability) heldByAnother(op *operation) reason {
	for n := l.broken - 1; n > 0; n-- {
		last := l.answer(n)
		holder := last.sees()
		if holder == protocol.Free || holder == op.holder {
			continue
		}
		told, released := l.past(last), "not released"
		switch {
		case l.releasedSince(last, holder):
			told.text = prose.Of(told.text, ", and no release can come between")
			released = "released in vain"
		case !l.orders.ownerRelease:
			told.text = prose.Of(told.text, " and nobody has released")
		case last.outcome == protocol.Acquired:
			told.text = prose.Of(told.text, " and has not released")
		default:
			told.text = prose.Of(told.text, " and ", l.names.Client(holder), " has not released")
		}
		told.kind += ", " + released
		return told
	}
	return reason{}
}

// releasedSince reports whether a release can have freed the lock after its holder was seen.
func (l *linearizability) releasedSince(last *operation, holder protocol.Holder) bool {
	return l.called(func(op *operation) bool {
		return op.kind == protocol.Release && (op.holder == holder || !l.orders.ownerRelease) && (op.answer == 0 || op.answer > last.call)
	})
}

// called reports whether an operation that is wanted was called before the broken answer.
func (l *linearizability) called(want func(*operation) bool) bool {
	end := l.answer(l.broken).answer
	return slices.ContainsFunc(l.operations, func(op operation) bool { return op.call < end && want(&op) })
}

// past says what a client was told, and when.
func (l *linearizability) past(op *operation) reason {
	var told prose.Text
	if op.outcome == protocol.Answered {
		told = l.answerWords(op)
	} else {
		told = prose.Of(l.names.Client(op.holder), " has been told ", op.outcome)
	}
	if op.outcome == protocol.Refused && op.told != protocol.Free {
		told = prose.Of(told, " with ", l.names.Client(op.told), " as holder")
	}
	return reason{"after " + op.outcome.String(), prose.Of(told, " (", prose.At(op.answer), ")")}
}

// notHeldBy says why the holder that a refused client is named cannot be it.
func (l *linearizability) notHeldBy(op *operation) reason {
	switch {
	case op.told == protocol.Free:
		return reason{"free", prose.Of("a free lock is given to who asks")}
	case op.told == op.holder:
		return reason{"own lock", prose.Of("nobody is refused the lock that is already theirs")}
	case !l.called(func(other *operation) bool { return other.kind == protocol.Acquire && other.holder == op.told }):
		return reason{"holder has not asked", prose.Of(l.names.Client(op.told), " has not asked for it")}
	}
	return l.lastSaid(func(other *operation) bool {
		switch other.outcome {
		case protocol.Acquired, protocol.Refused, protocol.Answered:
			return other.sees() != op.told
		case protocol.Released:
			return other.holder == op.told || !l.orders.ownerRelease
		}
		return other.holder == op.told && l.orders.ownerRelease
	})
}

// notHeldByAnother says why nobody else can hold the lock.
func (l *linearizability) notHeldByAnother(op *operation) reason {
	if !l.called(func(other *operation) bool { return other.kind == protocol.Acquire && other.holder != op.holder }) {
		return reason{"nobody has asked", prose.Of("nobody else has asked for the lock")}
	}
	return l.lastSaid(func(other *operation) bool {
		switch other.outcome {
		case protocol.Acquired, protocol.Refused, protocol.Answered:
			return other.sees() == op.holder
		}
		return other.outcome == protocol.Released
	})
}

// lastSaid repeats the last answer before the broken one that is wanted.
func (l *linearizability) lastSaid(want func(*operation) bool) reason {
	for n := l.broken - 1; n > 0; n-- {
		if op := l.answer(n); want(op) {
			return l.past(op)
		}
	}
	return reason{}
}
