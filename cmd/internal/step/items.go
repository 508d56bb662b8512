package step

import (
	"sort"
	"strconv"

	"skinny/cmd/internal/session"
	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/narrate"
	"skinny/sim/trace"
)

// item is something that is under way: a message or a timer.
type item struct {
	decision sim.Decision // that lets it happen
	text     string
	from     int8 // whose it is, for its colour
	due      trace.Time
	timed    bool // due means something
	lost     bool // it is going to be lost
	cause    int  // the event that made it
}

// isMessage reports whether it can be lost, copied and so on.
func (i *item) isMessage() bool { return i.decision.Kind == sim.DeliverMessage }

// now is the moment at which decisions are taken.
func (s *Session) now() *session.Moment {
	if s.moment == nil {
		s.moment = s.branch.Moment(s.at)
		s.items = nil
		narrator := narrate.New(s.tree.Header())
		for _, d := range s.moment.Possible(s.at) {
			s.items = append(s.items, s.item(narrator, d))
		}
	}
	return s.moment
}

// Items is what is under way at the current point.
func (s *Session) Items() []item {
	s.now()
	return s.items
}

// item says what a decision about something pending is about.
func (s *Session) item(n *narrate.Narrator, d sim.Decision) item {
	i := item{decision: d, from: int8(d.From)}
	i.due, i.lost, i.timed = s.moment.Due(&d)
	a := s.name(d.From)
	client := s.tree.Header().HolderName(d.Holder)
	if client == "" {
		client = "the operator"
	}
	w := s.moment.World()
	r, _ := w.Find(&d)
	what := w.Item(r)
	i.cause = what.Cause
	switch d.Kind {
	case sim.DeliverMessage:
		i.text = a + " " + narrate.Sent + " " + s.name(d.To) + "  " + n.Message(&what.Message).String()
		if what.Copy > 0 {
			i.text += " (copy)"
		}
	case sim.FireDeadline:
		i.text = "timeout of " + a
	case sim.FireWake:
		i.text = a + " retries for " + client
	case sim.FireWork:
		i.text = a + " finishes its answer"
	case sim.DeliverCall:
		i.text = client + " " + narrate.Sent + " " + a + "  " + w.Operation(int(d.Number)).Kind.String()
	case sim.DeliverAnswer:
		i.text = a + " " + narrate.Sent + " " + client + "  " + what.Outcome.String()
	case sim.FireGiveUp:
		i.text = client + " gives up"
	}
	return i
}

// choice is what is chosen, if something is.
func (s *Session) choice() (item, bool) {
	items := s.Items()
	if s.chosen >= len(items) {
		return item{}, false
	}
	return items[s.chosen], true
}

// nothing says that nothing is under way, and what is to come.
func (s *Session) nothing() string {
	if coming, _ := s.Coming(); len(coming) > 0 {
		return "nothing is under way yet; to come: " + coming[0] + " (" + s.way("→", "next") + ")"
	}
	return "nothing is under way here"
}

// Expected is the event by which the chosen thing happens in this branch if nobody
// lays a hand on it, or 0 if that is not known.
func (s *Session) Expected() int {
	const far = 1000 // events that are looked through
	i, ok := s.choice()
	if !ok {
		return 0
	}
	for n := s.moment.Point + 1; n <= min(s.branch.Len(), s.moment.Point+far); n++ {
		if i.happens(s.branch.Event(n)) {
			return n
		}
	}
	return 0
}

// happens reports whether an event is what becomes of the item.
func (i *item) happens(e *trace.Event) bool {
	if e.Cause != i.cause {
		return false
	}
	from, to := int8(i.decision.From), int8(i.decision.To)
	switch i.decision.Kind {
	case sim.DeliverMessage:
		return e.Kind != trace.Duplicate && (e.Instance == to && e.Peer == from || e.Kind == trace.Lose && e.Instance == from && e.Peer == to)
	case sim.FireDeadline:
		return e.Kind == trace.Expire && e.Instance == from
	case sim.FireGiveUp:
		return e.Kind == trace.GiveUp
	case sim.FireWork:
		return e.Kind == trace.Reply
	}
	return e.Kind != trace.GiveUp && e.Instance == from
}

// Coming is what the timeline has in store after this point, in words, with its
// times.
func (s *Session) Coming() (list []string, at []trace.Time) {
	t := s.tree.Scenario().Timetable
	if t == nil {
		return nil, nil
	}
	now := s.now().World().Now()
	// What is left of this instant are the events that nothing causes.
	next := sort.Search(len(t.Timeline), func(i int) bool { return t.Timeline[i].At > now })
	for n := s.moment.Point + 1; n <= s.branch.Len() && s.branch.Event(n).At == now; n++ {
		if s.branch.Event(n).Cause == 0 && !s.byHand(n) && next > 0 && t.Timeline[next-1].At == now {
			next--
		}
	}
	for _, d := range t.Timeline[next:min(next+20, len(t.Timeline))] {
		list = append(list, s.tree.Text(session.Act{Decision: d}))
		at = append(at, d.At)
	}
	return list, at
}

// Preview says what would follow if the chosen thing happened now, or "".
func (s *Session) Preview() string {
	i, ok := s.choice()
	if !ok {
		return ""
	}
	events := s.now().Try(session.Act{Decision: i.decision})
	lines := s.branch.Tell(s.moment.Point, events)
	if len(lines) == 0 {
		return ""
	}
	text := lines[0].Would().String()
	for k := 1; k < len(lines) && k < 3; k++ {
		l := &lines[k]
		text += "; then " + l.From.Name
		if l.To.Name != "" {
			text += " " + narrate.Sent + " " + l.To.Name
		}
		text += " " + l.What.String()
	}
	return text
}

func count(n int) string { return strconv.Itoa(n) }

func id(n protocol.ID) string { return strconv.FormatUint(uint64(n), 10) }

// doing says in a word what an instance does.
func doing(in *trace.Instance) string {
	switch {
	case in.Down != 0:
		return "down"
	case in.Paused != 0:
		return "paused"
	case in.Isolated:
		return "isolated"
	case in.Round.Phase == protocol.Proposing:
		return "propose " + id(in.Round.ID)
	case in.Round.Phase == protocol.Committing:
		return "commit " + id(in.Round.ID)
	case in.Working:
		return "at work"
	}
	return ""
}
