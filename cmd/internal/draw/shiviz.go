package draw

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"skinny/protocol"
	"skinny/sim/render"
	"skinny/sim/trace"
)

// shivizParser is the first line of a log: how ShiViz is to read the others.
const shivizParser = `(?<event>.*)\n(?<host>\S*) (?<clock>{.*})`

// shiviz writes two lines an event: what happened, and where, with the vector clock.
// Clocks know of an event's cause, and of the votes of a phase by the events that
// count them. What happens to the network happens at a host of its own.
func (r *Run) shiviz(out io.Writer, o *Options) error {
	w := bufio.NewWriter(out)
	fmt.Fprintf(w, "%s\n\n", shivizParser)
	s := r.newHosts()
	for n := 1; n <= o.To; n++ {
		e := r.Event(n)
		at := s.host(e)
		shown := n >= o.From && o.shows(e)
		s.happen(at, e.Cause, n, shown)
		if shown {
			s.write(w, at, fmt.Sprintf("%d (%d ns) %s", n, e.At, r.sentence(n)))
		}
		if e.Kind == trace.Answer && e.Direct {
			// The client has it at once, by the same event.
			client := s.client(e.Operation)
			s.happen(client, n, n, shown)
			if shown {
				s.write(w, client, fmt.Sprintf("%d is told %s", n, e.Outcome))
			}
		}
	}
	return w.Flush()
}

// hosts are those at which something happens, and their clocks.
type hosts struct {
	names   []string // the instances, the clients, the operator and the network
	clients int      // the first
	clocks  [][]int
	after   map[int][]int // by event: the clock of its host then
}

func (r *Run) newHosts() *hosts {
	h := r.Header()
	s := &hosts{clients: len(h.Instances), after: map[int][]int{}}
	for _, name := range slices.Concat(h.Instances, h.Holders, []string{"operator", "network"}) {
		// A host is a word.
		name = strings.Join(strings.Fields(render.Harmless(name)), "_")
		for name == "" || slices.Contains(s.names, name) {
			name += "'"
		}
		s.names = append(s.names, name)
	}
	for range s.names {
		s.clocks = append(s.clocks, make([]int, len(s.names)))
	}
	return s
}

// host is where an event happens.
func (s *hosts) host(e *trace.Event) int {
	switch e.Kind {
	case trace.Call, trace.GiveUp, trace.Receive:
		return s.client(e.Operation)
	case trace.Lose, trace.Duplicate, trace.Cut, trace.Mend, trace.Partition, trace.Unite, trace.HealAll:
		return len(s.names) - 1
	}
	switch {
	case e.Kind == trace.Ignore && e.Reason == trace.ClientGone:
		return s.client(e.Operation)
	case e.Instance == trace.None:
		return len(s.names) - 1
	}
	return int(e.Instance)
}

func (s *hosts) client(op protocol.Operation) int {
	if op.Kind == protocol.Status {
		return len(s.names) - 2
	}
	return s.clients + int(op.Holder) - 1
}

// happen lets an event happen at a host, which learns what the cause knew. Only events
// that are shown count, for ShiViz wants clocks without gaps.
func (s *hosts) happen(at, cause, event int, shown bool) {
	clock := s.clocks[at]
	for i, n := range s.after[cause] {
		clock[i] = max(clock[i], n)
	}
	if shown {
		clock[at]++
	}
	s.after[event] = slices.Clone(clock)
}

func (s *hosts) write(w io.Writer, at int, what string) {
	fmt.Fprintf(w, "%s\n%s {", render.Harmless(what), s.names[at])
	comma := ""
	for i, n := range s.clocks[at] {
		if n > 0 {
			fmt.Fprintf(w, "%s%s:%d", comma, quoted(s.names[i]), n)
			comma = ", "
		}
	}
	fmt.Fprint(w, "}\n")
}
