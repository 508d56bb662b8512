package check

import (
	"math"
	"math/bits"
	"slices"

	"skinny/protocol"
	"skinny/sim/trace"
)

// How much is followed at most. Nothing more is needed to explain what clients are told
// in nearly all runs; see [orders] for the others.
const (
	openOperations = 256 // at a time: a configuration has one bit for each
	configurations = 512 // tried for one answer; a quarter of them are kept
)

// result is what a search for an order says.
type result uint8

const (
	explained   result = iota // there is an order
	unexplained               // there is none
	gaveUp                    // the search ended before it knew
)

// mask is a set of open operations.
type mask [openOperations / 64]uint64

func (m *mask) has(bit uint8) bool { return m[bit/64]>>(bit%64)&1 != 0 }
func (m *mask) set(bit uint8)      { m[bit/64] |= 1 << (bit % 64) }
func (m *mask) clear(bit uint8)    { m[bit/64] &^= 1 << (bit % 64) }

// within reports whether all of m is in n.
func (m *mask) within(n *mask) bool {
	return m[0]&^n[0]|m[1]&^n[1]|m[2]&^n[2]|m[3]&^n[3] == 0
}

func (m *mask) len() (n int) {
	for _, word := range m {
		n += bits.OnesCount64(word)
	}
	return n
}

// free is the lowest bit that is not in m.
func (m *mask) free() uint8 {
	for i, word := range m {
		if word != math.MaxUint64 {
			return uint8(64*i + bits.TrailingZeros64(^word))
		}
	}
	panic("check: every bit is in use")
}

// configuration is where some order of a history's operations has led to: the
// lock, and what became of the operations that are still open.
type configuration struct {
	lock protocol.Holder
	used mask // operations that have changed the lock, which each does once at most
	done mask // operations whose answer, still to come, is explained
}

// covers reports whether d is superfluous: what can follow it can follow c, too.
func (c *configuration) covers(d *configuration) bool {
	return c.lock == d.lock && c.used.within(&d.used) && d.done.within(&c.done)
}

// covered reports whether a configuration of the list covers c.
func covered(list []configuration, c *configuration) bool {
	for i := range list {
		if list[i].covers(c) {
			return true
		}
	}
	return false
}

// orders follows a history from answer to answer in all orders of its operations
// at once. The lock is changed only when an answer asks for it: what else a change
// may explain it can explain later. So few configurations are left after an answer,
// often one. If none is, that answer is the first without an explanation.
// (Just-in-time linearization: Lowe, "Testing for linearizability", 2017)
//
// An operation that finds the lock as its answer says, and leaves it so, need not
// be ordered: from then on its answer is explained. Only changes are tried.
//
// Where there are too many configurations, those that have used most are dropped. An
// order that is found all the same is one; if none is, nothing is known.
type orders struct {
	ownerRelease bool
	limit        int  // configurations tried for one answer
	dropped      bool // some that might lead to an order

	needed  []int // by holder: the last answer that asks for a lock that the client holds
	open    []*operation
	bits    mask            // of the open operations
	reached []configuration // after the last answer
	tried   []configuration // on the way to the next
}

// follow says whether some order of the operations explains the answers, and how
// many of them are explained. It looks up in advance how an operation will be
// answered, but holds nobody to it before the answer.
func (o *orders) follow(operations []operation, answers []int32) (int, result) {
	o.open, o.bits, o.dropped = o.open[:0], mask{}, false
	o.reached = append(o.reached[:0], configuration{lock: protocol.Free})
	o.look(operations)
	called := 0
	for n, at := range answers {
		op := &operations[at]
		for ; called < len(operations) && operations[called].call < op.answer; called++ {
			if !o.call(&operations[called]) {
				return n, gaveUp
			}
		}
		o.answer(op)
		switch {
		case len(o.reached) > 0:
		case o.dropped:
			return n, gaveUp
		default:
			return n, unexplained
		}
	}
	return len(answers), explained
}

// look finds out which clients have to hold the lock for an answer, and until when.
func (o *orders) look(operations []operation) {
	clear(o.needed)
	anybody := 0 // by whom does not matter
	for i := range operations {
		op := &operations[i]
		o.needed = trace.Grown(o.needed, int(max(op.holder, op.told))+1)
		switch op.outcome {
		case protocol.Acquired:
			o.needed[op.holder] = max(o.needed[op.holder], op.answer)
		case protocol.Refused, protocol.Answered:
			o.needed[op.told] = max(o.needed[op.told], op.answer)
		case protocol.NotReleased:
			anybody = max(anybody, op.answer)
		}
	}
	for h := range o.needed {
		o.needed[h] = max(o.needed[h], anybody)
	}
}

// matters reports whether the effect of an operation that is never answered can explain
// an answer. If not, whatever order has the effect in it explains the answers as well
// without it.
func (o *orders) matters(op *operation) bool {
	switch op.kind {
	case protocol.Acquire:
		return o.needed[op.holder] > op.call
	case protocol.Status:
		return false
	}
	return !o.ownerRelease || o.needed[op.holder] > 0
}

// call opens an operation. One that has no answer to be explained is taken to have had
// no effect where there is little room left. It reports false where there is none.
func (o *orders) call(op *operation) bool {
	switch room := openOperations - len(o.open); {
	case op.answer == 0 && !o.matters(op):
		return true
	case room == 0:
		return false
	case room <= openOperations/4 && op.answer == 0:
		o.dropped = true
		return true
	}
	op.bit, op.rivals = o.bits.free(), mask{}
	for _, other := range o.open {
		switch {
		case !o.alike(op, other):
		case o.precedence(op) < o.precedence(other):
			other.rivals.set(op.bit)
		default:
			op.rivals.set(other.bit)
		}
	}
	o.bits.set(op.bit)
	o.open = append(o.open, op)
	for i := range o.reached {
		o.read(&o.reached[i], op)
	}
	return true
}

// alike reports whether two operations change the lock in the same way.
func (o *orders) alike(a, b *operation) bool {
	return a.kind == b.kind && (a.holder == b.holder || a.kind == protocol.Release && !o.ownerRelease)
}

// precedence says which of the open operations that are alike goes first: the one
// with the least. If an order has another one change the lock, the two can swap.
//
// First come those whose answer the change explains, the earliest answer before
// the others, since the change explains all of them and the later ones can change
// the lock for longer. Then come those without an answer. Last are those whose
// answer denies the change and rules the order out: the later the better.
func (o *orders) precedence(op *operation) int {
	switch {
	case op.answer == 0:
		return math.MaxInt / 2
	case op.mayChange(o.ownerRelease):
		return op.answer
	}
	return math.MaxInt - op.answer
}

// answer closes an operation: the configurations that are left explain its answer.
func (o *orders) answer(op *operation) {
	o.tried, o.reached = o.reached, o.tried[:0]
	for i := 0; i < len(o.tried); i++ {
		c := o.tried[i]
		used, done := c.used.has(op.bit), c.done.has(op.bit)
		if done {
			closed := c
			closed.used.clear(op.bit)
			closed.done.clear(op.bit)
			o.keep(&closed)
		}
		// What is explained needs no further change, but the operation's own change
		// is now or never.
		if !used && (!done || op.mayChange(o.ownerRelease)) {
			o.change(&c, op)
		}
	}
	o.close(op)
	if most := o.limit / 4; len(o.reached) > most {
		o.dropped = true
		slices.SortStableFunc(o.reached, func(a, b configuration) int { return a.used.len() - b.used.len() })
		o.reached = o.reached[:most]
	}
}

// keep has a configuration reached by the answer.
func (o *orders) keep(c *configuration) {
	if !covered(o.reached, c) {
		superfluous := func(d configuration) bool { return c.covers(&d) }
		o.reached = append(slices.DeleteFunc(o.reached, superfluous), *c)
	}
}

func (o *orders) close(op *operation) {
	o.open = slices.DeleteFunc(o.open, func(other *operation) bool { return other == op })
	o.bits.clear(op.bit)
	for _, other := range o.open {
		other.rivals.clear(op.bit)
	}
}

// change tries every change of the lock on the way to an answer.
func (o *orders) change(c *configuration, answered *operation) {
	for _, op := range o.open {
		explains := op.mayChange(o.ownerRelease)
		if c.used.has(op.bit) || !op.rivals.within(&c.used) || op == answered && !explains {
			continue
		}
		lock, ok := op.changes(c.lock, o.ownerRelease)
		if !ok {
			continue
		}
		next := *c
		next.lock = lock
		next.used.set(op.bit)
		next.done.clear(op.bit)
		if explains {
			next.done.set(op.bit)
		}
		for _, other := range o.open {
			o.read(&next, other)
		}
		switch {
		case covered(o.tried, &next):
		case len(o.tried) >= o.limit:
			o.dropped = true
		default:
			o.tried = append(o.tried, next)
		}
	}
}

// read explains an answer to come, if the lock is as it says and need not be changed.
func (o *orders) read(c *configuration, op *operation) {
	if op.answer != 0 && !c.used.has(op.bit) && op.reads(c.lock, o.ownerRelease) {
		c.done.set(op.bit)
	}
}
