package draw

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"skinny/protocol"
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

// itfState writes the variables of a state.
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

// quoted is a JSON string.
func quoted(text string) string {
	b, _ := json.Marshal(text) // of a string, it cannot fail
	return string(b)
}
