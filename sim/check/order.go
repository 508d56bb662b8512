package check

import (
	"math"
	"slices"

	"skinny/protocol"
)

// A history whose orders are more than this is left to the search.
const (
	openOperations = 64      // at a time: a configuration has one bit for each
	configurations = 1 << 10 // tried for one answer
)

// configuration is where some order of a history's operations has led to: the
// lock, and what became of the operations that are still open.
type configuration struct {
	lock register // never with maybeFree: there are two configurations instead
	used uint64   // operations that have changed the lock, which each does once at most
	done uint64   // operations whose answer, still to come, is explained
}

// covers reports whether d is superfluous: what can follow it can follow c, too.
func (c configuration) covers(d configuration) bool {
	return c.lock == d.lock && c.used&^d.used == 0 && d.done&^c.done == 0
}

// covered reports whether a configuration of the list covers c.
func covered(list []configuration, c configuration) bool {
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
type orders struct {
	ownerRelease bool
	limit        int // configurations tried for one answer

	open    []*operation
	bits    uint64          // of the open operations
	reached []configuration // after the last answer
	tried   []configuration // on the way to the next
}

// follow says whether some order of the operations explains the answers, and how
// many of them are explained. It looks up in advance how an operation will be
// answered, but holds nobody to it before the answer.
func (o *orders) follow(operations []operation, answers []int32) (int, result) {
	o.open, o.bits = o.open[:0], 0
	o.reached = append(o.reached[:0], configuration{lock: held(protocol.Free)})
	called := 0
	for n, at := range answers {
		op := &operations[at]
		for ; called < len(operations) && operations[called].call < op.answer; called++ {
			if len(o.open) == openOperations {
				return n, gaveUp
			}
			o.call(&operations[called])
		}
		if !o.answer(op) {
			return n, gaveUp
		}
		if len(o.reached) == 0 {
			return n, unexplained
		}
	}
	return len(answers), explained
}

// call opens an operation.
func (o *orders) call(op *operation) {
	op.bit = ^o.bits & (o.bits + 1) // the lowest that is not in use
	op.rivals = 0
	for _, other := range o.open {
		switch {
		case !o.alike(op, other):
		case o.precedence(op) < o.precedence(other):
			other.rivals |= op.bit
		default:
			op.rivals |= other.bit
		}
	}
	o.bits |= op.bit
	o.open = append(o.open, op)
	for i := range o.reached {
		o.read(&o.reached[i], op)
	}
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
// It reports false if too many had to be tried.
func (o *orders) answer(op *operation) bool {
	o.tried, o.reached = o.reached, o.tried[:0]
	for i := 0; i < len(o.tried); i++ {
		if len(o.tried) > o.limit {
			return false
		}
		c := o.tried[i]
		used, done := c.used&op.bit != 0, c.done&op.bit != 0
		if done {
			o.keep(configuration{c.lock, c.used &^ op.bit, c.done &^ op.bit})
		}
		// What is explained needs no further change, but the operation's own change
		// is now or never.
		if !used && (!done || op.mayChange(o.ownerRelease)) {
			o.change(c, op)
		}
	}
	o.close(op)
	return true
}

// keep has a configuration reached by the answer.
func (o *orders) keep(c configuration) {
	if !covered(o.reached, c) {
		o.reached = append(slices.DeleteFunc(o.reached, c.covers), c)
	}
}

// close forgets an operation.
func (o *orders) close(op *operation) {
	o.open = slices.DeleteFunc(o.open, func(other *operation) bool { return other == op })
	o.bits &^= op.bit
	for _, other := range o.open {
		other.rivals &^= op.bit
	}
}

// change tries every change of the lock on the way to an answer.
func (o *orders) change(c configuration, answered *operation) {
	for _, op := range o.open {
		explains := op.mayChange(o.ownerRelease)
		if c.used&op.bit != 0 || op.rivals&^c.used != 0 || op == answered && !explains {
			continue
		}
		lock, ok := c.lock.unanswered(op, o.ownerRelease)
		if !ok {
			continue
		}
		next := configuration{lock, c.used | op.bit, c.done &^ op.bit}
		if explains {
			next.done |= op.bit
		}
		for _, other := range o.open {
			o.read(&next, other)
		}
		if !covered(o.tried, next) {
			o.tried = append(o.tried, next)
		}
	}
}

// read explains the answer that an operation will have, if the lock is as the
// answer says and the operation need not change it.
func (o *orders) read(c *configuration, op *operation) {
	if op.answer == 0 || (c.used|c.done)&op.bit != 0 {
		return
	}
	if after, ok := c.lock.answered(op, o.ownerRelease); ok && after&^maybeFree == c.lock {
		c.done |= op.bit
	}
}
