package swarm

import (
	"slices"
	"strings"

	"skinny/sim/trace"
)

// twice compares a run, event by event, with the one before.
type twice struct {
	first   trace.Log
	at      int         // the number of events that the second run has had
	differs int         // the first event that is different, from 1; 0: none so far
	is      trace.Event // that event, in the second run
}

// Observe compares an event of the second run.
func (c *twice) Observe(e *trace.Event) {
	if c.differs == 0 && (c.at >= len(c.first.Events) || !same(c.first.Event(c.at+1), e)) {
		c.differs, c.is = c.at+1, *e
	}
	c.at++
}

// end is the number of the first event that is different, or 0.
func (c *twice) end() int {
	if c.differs == 0 && c.at != len(c.first.Events) {
		c.differs = c.at + 1 // the second run ended early
	}
	return c.differs
}

// same reports whether two events are the same in all that they say.
func same(a, b *trace.Event) bool {
	return a.Number == b.Number && a.Cause == b.Cause && a.At == b.At && a.Kind == b.Kind && a.Reason == b.Reason &&
		a.Instance == b.Instance && a.Peer == b.Peer && a.Try == b.Try && a.Outcome == b.Outcome &&
		a.Stored == b.Stored && a.Learned == b.Learned && a.Jumped == b.Jumped && a.Pause == b.Pause &&
		a.Direct == b.Direct && a.HostUp == b.HostUp && a.Won == b.Won && a.Copy == b.Copy && a.Note == b.Note &&
		a.Operation == b.Operation && a.Holder == b.Holder && a.Message == b.Message && a.Nth == b.Nth &&
		a.Proposal == b.Proposal && a.Base == b.Base && a.Yea == b.Yea && a.Nay == b.Nay &&
		a.Calls == b.Calls && a.Asked == b.Asked && slices.Equal(a.Groups, b.Groups) && a.State == b.State && a.Text == b.Text
}

// texts is the first event that differs, as lines of traces; "" where a run had ended by then.
func (c *twice) texts(h *trace.Header) (was, is string) {
	line := func(e *trace.Event) string { return strings.TrimSpace(string(h.AppendEvent(nil, e))) }
	if c.differs > 0 && c.differs <= len(c.first.Events) {
		was = line(c.first.Event(c.differs))
	}
	if c.is.Number > 0 {
		is = line(&c.is)
	}
	return was, is
}
