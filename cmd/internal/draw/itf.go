package draw

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"skinny/protocol"
	"skinny/sim/render"
)

// itfStart is how every file of ours begins.
const itfStart = `{"#meta":{"format":"ITF",`

// itf writes the state after each event in the Informal Trace Format (Apalache,
// ADR-015). A state has one variable for each thing that instances keep, as a map from
// their names, and the clients that hold the lock; #meta says which event led to it.
func (r *Run) itf(out io.Writer, o *Options) error {
	w := bufio.NewWriter(out)
	h := r.diagram.Header
	fmt.Fprintf(w, `%s"format-description":"https://apalache-mc.org/docs/adr/015adr-trace.html","source":%s,"description":%s},`,
		itfStart, quoted(r.Scenario.Title), quoted(r.facts(o)))
	fmt.Fprint(w, `"params":[],"vars":["promised","accepted_id","accepted_holder","up","round","holding"],"states":[`)
	lanes, holds := make(render.Lanes, len(h.Instances)), render.Holds{}
	index := 0
	for n := 0; n <= o.To; n++ {
		if n > 0 {
			lanes.Observe(r.Event(n), r.diagram.Slow)
			holds.Observe(r.Event(n))
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
		r.itfState(w, lanes, &holds)
		index++
	}
	fmt.Fprint(w, "\n]}\n")
	return w.Flush()
}

// itfState writes the variables of a state.
func (r *Run) itfState(w io.Writer, lanes render.Lanes, holds *render.Holds) {
	h := r.diagram.Header
	table := func(name string, value func(l *render.Lane) string) {
		var list []string
		for i := range lanes {
			list = append(list, "["+quoted(h.Instances[i])+","+value(&lanes[i])+"]")
		}
		fmt.Fprintf(w, `"%s":{"#map":[%s]},`, name, strings.Join(list, ","))
	}
	table("promised", func(l *render.Lane) string { return bigInt(l.State.Promised) })
	table("accepted_id", func(l *render.Lane) string { return bigInt(l.State.Accepted.ID) })
	table("accepted_holder", func(l *render.Lane) string { return quoted(h.HolderName(l.State.Accepted.Holder)) })
	table("up", func(l *render.Lane) string { return fmt.Sprint(!l.Down) })
	table("round", func(l *render.Lane) string {
		return fmt.Sprintf(`{"phase":%d,"id":%s}`, l.Phase, bigInt(l.ID))
	})
	var clients []string
	for i := range h.Holders {
		if holds.Has(protocol.Holder(i + 1)) {
			clients = append(clients, quoted(h.Holders[i]))
		}
	}
	fmt.Fprintf(w, `"holding":{"#set":[%s]}}`, strings.Join(clients, ","))
}

func bigInt(id protocol.ID) string { return fmt.Sprintf(`{"#bigint":"%d"}`, id) }

// quoted is a JSON string.
func quoted(text string) string {
	b, _ := json.Marshal(text) // of a string, it cannot fail
	return string(b)
}
