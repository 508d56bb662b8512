package check

import (
	"strconv"
	"strings"

	"skinny/protocol"
	"skinny/sim/trace"
)

// idWords names an ID.
func idWords(id protocol.ID) string { return "ID " + strconv.FormatUint(uint64(id), 10) }

// holderWords says which value a proposal has.
func holderWords(h *trace.Header, holder protocol.Holder) string {
	if holder == protocol.Free {
		return "the free lock"
	}
	return "holder " + h.HolderName(holder)
}

// proposalWords names a proposal.
func proposalWords(h *trace.Header, p protocol.Proposal) string {
	return idWords(p.ID) + " with " + holderWords(h, p.Holder)
}

// setWords lists instances: "a", "a and b", "a, b and c".
func setWords(h *trace.Header, s protocol.Set) string {
	var b strings.Builder
	for ; s != 0; s = s.Without(s.First()) {
		b.WriteString(h.Instances[s.First()])
		switch left := s.Len() - 1; {
		case left > 1:
			b.WriteString(", ")
		case left == 1:
			b.WriteString(" and ")
		}
	}
	return b.String()
}

// eventWords names an event.
func eventWords(number int) string { return "event " + strconv.Itoa(number) }

// verdict is Kept, unless an event broke the property.
func verdict(event int, say func() (kind, why string)) Verdict {
	if event == 0 {
		return Verdict{}
	}
	kind, why := say()
	return Verdict{State: Violated, Event: event, Kind: kind, Why: why}
}

// resize returns s with n zero elements.
func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	s = s[:n]
	clear(s)
	return s
}

// reach returns s with at least n elements, the new ones zero.
func reach[T any](s []T, n int) []T {
	var zero T
	for len(s) < n {
		s = append(s, zero)
	}
	return s
}
