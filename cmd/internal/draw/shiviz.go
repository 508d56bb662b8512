package draw

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
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
	names     []string
	instances int
	clients   map[protocol.Holder]int // where the operator is Free
	clocks    [][]int
	after     map[int][]int // by event: the clock of its host then
}

// newHosts names all hosts: the instances, the clients, the operator and the network.
func (r *Run) newHosts() *hosts {
	h := r.Header()
	s := &hosts{instances: len(h.Instances), clients: map[protocol.Holder]int{}, after: map[int][]int{}}
	seen := map[string]bool{}
	add := func(name string) int {
		// A host is a word.
		name = strings.Join(strings.Fields(render.Harmless(name)), "_")
		for name == "" || seen[name] {
			name += "'"
		}
		seen[name] = true
		s.names = append(s.names, name)
		return len(s.names) - 1
	}
	for _, name := range h.Instances {
		add(name)
	}
	for i, name := range h.Holders {
		s.clients[protocol.Holder(i+1)] = add(name)
	}
	s.clients[protocol.Free] = add("operator")
	add("network")
	s.clocks = make([][]int, len(s.names))
	for i := range s.clocks {
		s.clocks[i] = make([]int, len(s.names))
	}
	return s
}

// host is where an event happens.
func (s *hosts) host(e *trace.Event) int {
	switch e.Kind {
	case trace.Call, trace.GiveUp, trace.Receive:
		return s.client(e.Operation)
	case trace.Ignore:
		if e.Reason == trace.ClientGone {
			return s.client(e.Operation)
		}
	case trace.Lose, trace.Duplicate, trace.Cut, trace.Mend, trace.Partition, trace.Unite, trace.HealAll:
		return len(s.names) - 1
	}
	if e.Instance == trace.None {
		return len(s.names) - 1
	}
	return int(e.Instance)
}

func (s *hosts) client(op protocol.Operation) int {
	if op.Kind == protocol.Status {
		return s.clients[protocol.Free]
	}
	return s.clients[op.Holder]
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
	s.after[event] = append([]int(nil), clock...)
}

func (s *hosts) write(w io.Writer, at int, what string) {
	fmt.Fprintf(w, "%s\n%s {", render.Harmless(what), s.names[at])
	comma := ""
	for i, n := range s.clocks[at] {
		if n > 0 {
			name, _ := json.Marshal(s.names[i])
			fmt.Fprintf(w, "%s%s:%d", comma, name, n)
			comma = ", "
		}
	}
	fmt.Fprint(w, "}\n")
}
