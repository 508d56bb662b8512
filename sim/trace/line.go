package trace

// AppendEvent appends an event as the line that a [Writer] writes.
func (h *Header) AppendEvent(b []byte, e *Event) []byte { return h.appendEvent(b, e) }
