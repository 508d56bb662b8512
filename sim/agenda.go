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

// agenda is a priority queue of entries: a short sorted list, which is quicker than
// anything else as long as little is pending, and a heap for those that come when the list
// is full. In the heap every entry has four children, which makes it flat.
type agenda struct {
	list []entry // the first one last
	heap []entry
}

// listed is how many entries the list has at most.
const listed = 64

func (a *agenda) reset() { a.list, a.heap = a.list[:0], a.heap[:0] }

func (a *agenda) copyFrom(other *agenda) {
	a.list = append(a.list[:0], other.list...)
	a.heap = append(a.heap[:0], other.heap...)
}

func (a *agenda) push(e entry) {
	if len(a.list) == listed {
		a.pushHeap(e)
		return
	}
	a.list = append(a.list, e)
	l := a.list
	at := len(l) - 1
	for at > 0 && l[at-1].before(&e) {
		l[at] = l[at-1]
		at--
	}
	l[at] = e
}

func (a *agenda) pushHeap(e entry) {
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

// inHeap reports whether the first entry is in the heap.
func (a *agenda) inHeap() bool {
	return len(a.heap) > 0 && (len(a.list) == 0 || a.heap[0].before(&a.list[len(a.list)-1]))
}

// first is the first entry, until the agenda changes; nil if there is none.
func (a *agenda) first() *entry {
	switch {
	case a.inHeap():
		return &a.heap[0]
	case len(a.list) > 0:
		return &a.list[len(a.list)-1]
	}
	return nil
}

// pop removes the first entry; the agenda must not be empty.
func (a *agenda) pop() entry {
	if a.inHeap() {
		return a.popHeap()
	}
	last := len(a.list) - 1
	first := a.list[last]
	a.list = a.list[:last]
	return first
}

func (a *agenda) popHeap() entry {
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
