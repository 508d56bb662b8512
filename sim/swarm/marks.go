package swarm

import (
	"strings"

	"skinny/protocol"
	"skinny/sim/trace"
)

// marks compares two runs, event by event: each event has a mark that depends on
// all of it, the instance's state included.
type marks struct {
	list    []uint64      // of the first run's events
	events  []trace.Event // of the first run
	at      int           // the number of events that the second run has had
	second  bool
	differs int         // the first event that is different, from 1; 0: none so far
	is      trace.Event // that event, in the second run
}

func (m *marks) begin() { *m = marks{list: m.list[:0], events: m.events[:0]} }

func (m *marks) again() { m.second = true }

// end is the number of the first event that is different, or 0.
func (m *marks) end() int {
	if m.differs == 0 && m.at != len(m.list) {
		m.differs = m.at + 1 // the second run ended early
	}
	return m.differs
}

// Observe takes the mark of an event, or compares it.
func (m *marks) Observe(e *trace.Event) {
	mark := markOf(e)
	if !m.second {
		m.list = append(m.list, mark)
		m.events = append(m.events, *e)
		return
	}
	if m.differs == 0 && (m.at >= len(m.list) || m.list[m.at] != mark) {
		m.differs = m.at + 1
		m.is = *e
	}
	m.at++
}

// texts is the first event that is different, as a line of a trace, in the first run
// and in the second; "" where a run had ended by then.
func (m *marks) texts(h *trace.Header) (was, is string) {
	if m.differs > 0 && m.differs <= len(m.events) {
		was = line(h, &m.events[m.differs-1])
	}
	if m.is.Number > 0 {
		is = line(h, &m.is)
	}
	return was, is
}

// line is the line of a trace for an event.
func line(h *trace.Header, e *trace.Event) string {
	return strings.TrimSpace(string(h.AppendEvent(nil, e)))
}

// mixer makes one number of many: for each it multiplies, as FNV-1a does for each
// byte, and folds the high bits, which depend on all, into the low ones.
type mixer uint64

// basis is what it begins with (that of FNV-1a): from 0 on, zeros would not count.
const basis mixer = 0xcbf29ce484222325

func (h *mixer) add(n uint64) {
	x := (uint64(*h) ^ n) * 0x9e3779b97f4a7c15
	*h = mixer(x ^ x>>29)
}

func (h *mixer) addProposal(p protocol.Proposal) {
	h.add(uint64(p.ID))
	h.add(uint64(p.Holder))
}

func (h *mixer) addFlags(flags ...bool) {
	n := uint64(0)
	for _, f := range flags {
		n <<= 1
		if f {
			n |= 1
		}
	}
	h.add(n)
}

func markOf(e *trace.Event) uint64 {
	h := basis
	h.add(uint64(e.Number))
	h.add(uint64(e.Cause))
	h.add(uint64(e.At))
	h.add(uint64(e.Kind)<<32 | uint64(e.Reason)<<24 | uint64(uint8(e.Instance))<<16 | uint64(uint8(e.Peer))<<8 | uint64(e.Try))
	h.addFlags(e.Stored, e.Learned, e.Jumped, e.Pause, e.Direct, e.HostUp, e.Won, e.Copy, e.Message.Yes)
	h.add(uint64(e.Outcome)<<32 | uint64(e.Operation.Kind))
	h.add(uint64(e.Operation.Number)<<32 | uint64(e.Operation.Holder))
	h.add(uint64(e.Holder)<<32 | uint64(e.Nth))
	h.add(uint64(e.Message.Kind)<<24 | uint64(e.Message.Call)<<16 | uint64(e.Message.From)<<8 | uint64(e.Message.To))
	h.add(uint64(e.Message.ID))
	h.add(uint64(e.Message.Told))
	h.addProposal(e.Message.Proposal)
	h.addProposal(e.Proposal)
	h.addProposal(e.Base)
	for _, s := range [...]protocol.Set{e.Yea, e.Nay, e.Calls, e.Asked} {
		h.add(uint64(s))
	}
	for _, g := range e.Groups {
		h.add(uint64(g))
	}
	for i := range len(e.Text) {
		h.add(uint64(e.Text[i]))
	}
	h.add(uint64(e.State.Promised))
	h.addProposal(e.State.Accepted)
	return uint64(h)
}
