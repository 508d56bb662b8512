package render

import (
	"slices"

	"skinny/protocol"
	"skinny/sim/trace"
)

// Holds is which clients hold the lock, as clients see it: from the moment in which
// one is told acquired to the invocation of its release. An answer to a call that a
// release has overtaken begins no hold.
type Holds struct {
	held     []bool // by holder
	many     int
	released []int // by holder: the event by which it last released
	called   []int // by operation number
}

// Clone returns a copy that goes on independently.
func (h Holds) Clone() Holds {
	h.held, h.released, h.called = slices.Clone(h.held), slices.Clone(h.released), slices.Clone(h.called)
	return h
}

// Has reports whether a client holds the lock.
func (h *Holds) Has(client protocol.Holder) bool { return int(client) < len(h.held) && h.held[client] }

// Len is the number of clients that hold the lock. It ought to be at most 1.
func (h *Holds) Len() int { return h.many }

// Observe takes note of the next event.
func (h *Holds) Observe(e *trace.Event) {
	client := e.Operation.Holder
	switch {
	case e.Kind == trace.Call:
		grow(&h.called, int(e.Operation.Number))
		h.called[e.Operation.Number] = e.Number
		if e.Operation.Kind == protocol.Release {
			grow(&h.released, int(client))
			h.released[client] = e.Number
			h.set(client, false)
		}
	case !e.Received() || e.Outcome != protocol.Acquired:
		// Nobody's hold begins.
	case int(client) < len(h.released) && h.released[client] > h.called[e.Operation.Number]:
		// It does not want the lock any more.
	default:
		h.set(client, true)
	}
}

func (h *Holds) set(client protocol.Holder, held bool) {
	grow(&h.held, int(client))
	switch {
	case held && !h.held[client]:
		h.many++
	case !held && h.held[client]:
		h.many--
	}
	h.held[client] = held
}

// grow makes room for index i.
func grow[T any](list *[]T, i int) {
	if n := i + 1 - len(*list); n > 0 {
		*list = append(*list, make([]T, n)...)
	}
}
