package sim

import "skinny/sim/trace"

// entry is when something pending is to happen. Entries are ordered by time and,
// at the same instant, by key, which grows with the order of scheduling; no two
// are equal.
type entry struct {
	due trace.Time
	key uint64 // age of the item, then what is done with it
	ref Ref
}

func (e *entry) before(other *entry) bool {
	return e.due < other.due || e.due == other.due && e.key < other.key
}

// agenda is a priority queue of entries: a heap in which every entry has four
// children, which makes it flat.
type agenda struct{ heap []entry }

func (a *agenda) push(e entry) {
	a.heap = append(a.heap, e)
	h := a.heap
	at := len(h) - 1
	for at > 0 {
		parent := (at - 1) / 4
		if !e.before(&h[parent]) {
			break
		}
		h[at] = h[parent]
		at = parent
	}
	h[at] = e
}

// pop removes the first entry; the agenda must not be empty.
func (a *agenda) pop() entry {
	h := a.heap
	first := h[0]
	last := h[len(h)-1]
	h = h[:len(h)-1]
	a.heap = h
	if len(h) == 0 {
		return first
	}
	at := 0
	for {
		child := 4*at + 1
		if child >= len(h) {
			break
		}
		least := child
		for c := child + 1; c < min(child+4, len(h)); c++ {
			if h[c].before(&h[least]) {
				least = c
			}
		}
		if !h[least].before(&last) {
			break
		}
		h[at] = h[least]
		at = least
	}
	h[at] = last
	return first
}
