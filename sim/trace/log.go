package trace

// Log keeps all events of a run. It is an Observer.
type Log struct{ Events []Event }

// Observe keeps a copy of the event.
func (l *Log) Observe(e *Event) { l.Events = append(l.Events, *e) }

// Len is the number of events.
func (l *Log) Len() int { return len(l.Events) }

// Event is the event of this number, which must be in the log.
func (l *Log) Event(number int) *Event { return &l.Events[number-1] }

// Tee tells several observers the same events, in order.
type Tee []Observer

// Observe passes the event on.
func (t Tee) Observe(e *Event) {
	for _, o := range t {
		o.Observe(e)
	}
}
