package draw

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"skinny/protocol"
	"skinny/sim/render"
	"skinny/sim/trace"
)

// itfStart is how every file of ours begins.
const itfStart = `{"#meta":{"format":"ITF",`

// itf writes the state after each event in the Informal Trace Format (Apalache,
// ADR-015). A state has one variable for each thing that instances keep, as a map from
// their names, and the clients that hold the lock; #meta says which event led to it.
func (r *Run) itf(out io.Writer, o *Options) error {
	w := bufio.NewWriter(out)
	h := r.Header()
	fmt.Fprintf(w, `%s"format-description":"https://apalache-mc.org/docs/adr/015adr-trace.html","source":%s,"description":%s},`,
		itfStart, quoted(r.Scenario.Title), quoted(r.facts(o)))
	fmt.Fprint(w, `"params":[],"vars":["promised","accepted_id","accepted_holder","up","round","holding"],"states":[`)
	run := trace.NewFollower(h)
	index := 0
	for n := 0; n <= o.To; n++ {
		if n > 0 {
			run.Observe(r.Event(n))
		}
		if n < o.From-1 || n >= o.From && !o.shows(r.Event(n)) {
			continue
		}
		if index > 0 {
			fmt.Fprint(w, ",")
		}
		fmt.Fprintf(w, "\n"+`{"#meta":{"index":%d`, index)
		if n > 0 {
			e := r.Event(n)
			fmt.Fprintf(w, `,"event":%d,"time_ns":%d,"kind":%s,"cause":%d,"text":%s`, n, e.At, quoted(e.Kind.String()), e.Cause, quoted(r.sentence(n)))
		}
		fmt.Fprint(w, "},")
		r.itfState(w, run)
		index++
	}
	fmt.Fprint(w, "\n]}\n")
	return w.Flush()
}

func (r *Run) itfState(w io.Writer, run *trace.Follower) {
	h := r.Header()
	table := func(name string, value func(in *trace.Instance) string) {
		var list []string
		for i := range run.Instances {
			list = append(list, "["+quoted(h.Instances[i])+","+value(&run.Instances[i])+"]")
		}
		fmt.Fprintf(w, `"%s":{"#map":[%s]},`, name, strings.Join(list, ","))
	}
	table("promised", func(in *trace.Instance) string { return bigInt(in.State.Promised) })
	table("accepted_id", func(in *trace.Instance) string { return bigInt(in.State.Accepted.ID) })
	table("accepted_holder", func(in *trace.Instance) string { return quoted(h.HolderName(in.State.Accepted.Holder)) })
	table("up", func(in *trace.Instance) string { return fmt.Sprint(in.Down == 0) })
	table("round", func(in *trace.Instance) string {
		return fmt.Sprintf(`{"phase":%d,"id":%s}`, in.Round.Phase, bigInt(in.Round.ID))
	})
	var clients []string
	for i := range h.Holders {
		if run.Holds(protocol.Holder(i + 1)) {
			clients = append(clients, quoted(h.Holders[i]))
		}
	}
	fmt.Fprintf(w, `"holding":{"#set":[%s]}}`, strings.Join(clients, ","))
}

func bigInt(id protocol.ID) string { return fmt.Sprintf(`{"#bigint":"%d"}`, id) }

func quoted(text string) string {
	b, _ := json.Marshal(text) // of a string, it cannot fail
	return string(b)
}

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
		if e.Direct {
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

func (s *hosts) host(e *trace.Event) int {
	switch e.Kind {
	case trace.Call, trace.GiveUp, trace.Receive:
		return s.client(e.Operation)
	case trace.Lose, trace.Duplicate, trace.Cut, trace.Mend:
		return len(s.names) - 1
	case trace.Ignore:
		if e.Reason == trace.ClientGone {
			return s.client(e.Operation)
		}
	}
	if e.Instance == trace.None {
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
	var known []string
	for i, n := range s.clocks[at] {
		if n > 0 {
			known = append(known, fmt.Sprintf("%s:%d", quoted(s.names[i]), n))
		}
	}
	fmt.Fprintf(w, "%s\n%s {%s}\n", render.Harmless(what), s.names[at], strings.Join(known, ", "))
}
