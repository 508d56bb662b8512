package scenarios

import (
	"errors"
	"fmt"

	"skinny/protocol"
	"skinny/scenarios/form"
	"skinny/sim"
)

// decision puts numbers in place of names. It is false if something was reported,
// or missing and reported earlier.
func (c *compiler) decision(d *Decision) (sim.Decision, bool) {
	done := sim.Decision{
		At:        d.At.Value,
		Timed:     d.At.Given,
		Kind:      d.Kind,
		Both:      d.Both,
		HostUp:    d.HostUp,
		Message:   d.Message,
		Nth:       d.Nth,
		Which:     d.Which,
		Operation: d.Operation,
		Number:    d.Number,
	}
	if d.Kind == sim.InvokeOperation && !c.file.Schedule.Given {
		c.invoked(d)
	}
	ok := true
	for _, o := range d.row().operands {
		ok = (o.resolve == nil || o.resolve(c, d, &done)) && ok
	}
	return done, ok
}

// invoked takes note of an operation and its client.
func (c *compiler) invoked(d *Decision) {
	o := operation{kind: d.Operation}
	if d.Holder.Given {
		if m := checkHolderName(d.Holder.Value); m != nil { // the decoder would have found it
			c.Report(d.Holder.Place, m.Hint, "%s", m.What)
		}
		o.holder = c.holder(d.Holder.Value)
	}
	c.operations = append(c.operations, o)
}

// whose finds the client whose operation a decision is about.
func (c *compiler) whose(d *Decision) (protocol.Holder, bool) {
	if !c.isOwn(d) {
		return protocol.Free, false
	}
	if !d.Holder.Given {
		if n := int(d.Number); n > 0 && n <= len(c.operations) {
			return c.operations[n-1].holder, true
		}
		return protocol.Free, false
	}
	h, ok := c.numbers[d.Holder.Value]
	switch {
	case !ok && !c.lost:
		c.Report(d.Holder.Place, Suggest(d.Holder.Value, "clients", c.holders), "no operation is called by %s", form.Quoted(d.Holder.Value))
	case ok && d.Number > 0 && int(d.Number) <= len(c.operations) && c.operations[d.Number-1].holder != h:
		c.Report(d.Holder.Place, "give the number or the client alone", "operation %d is not called by %s", d.Number, form.Quoted(d.Holder.Value))
		return h, false
	}
	return h, ok
}

// isOwn checks the number of an operation that a decision names.
func (c *compiler) isOwn(d *Decision) bool {
	if int(d.Number) <= len(c.operations) {
		return true
	}
	if !c.lost {
		c.Report(d.Place, c.operationsHint(), "there is no operation %d", d.Number)
	}
	return false
}

// operationsHint says how many operations there are.
func (c *compiler) operationsHint() string {
	switch n := len(c.operations); n {
	case 0:
		return "nobody calls acquire, release or status"
	case 1:
		return "there is one operation"
	default:
		return fmt.Sprintf("there are operations 1 to %d, in the order of the file", n)
	}
}

// groups is the groups of a partition.
func (c *compiler) groups(d *Decision) ([]protocol.Set, bool) {
	if len(d.Groups) == 0 {
		if !c.lost {
			c.Report(d.Place, "[[a, b], [c]]; an instance in no group is alone", "a partition needs groups")
		}
		return nil, false
	}
	var groups []protocol.Set
	var seen protocol.Set
	ok := true
	for _, names := range d.Groups {
		var group protocol.Set
		for _, name := range names {
			p, known := c.position(name)
			if known && seen.Has(p) {
				c.Report(name.Place, "an instance is in one group, or in none if it is alone", "%s is in the partition twice", form.Quoted(name.Value))
				known = false
			}
			ok = ok && known
			seen, group = seen.With(p), group.With(p)
		}
		if len(names) == 0 {
			c.Report(d.Place, "leave it out; an instance in no group is alone", "a group without instances")
			ok = false
		}
		groups = append(groups, group)
	}
	return groups, ok
}

// nameDecision is the opposite of compiler.decision: it puts names in place of
// numbers.
func nameDecision(c *sim.Cluster, d *sim.Decision) Decision {
	named := Decision{
		Kind:      d.Kind,
		Operation: d.Operation,
		Both:      d.Both,
		HostUp:    d.HostUp,
		Message:   d.Message,
		Nth:       d.Nth,
		Number:    d.Number,
	}
	if d.Timed {
		named.At = Some(d.At)
	}
	if d.Which > 1 {
		named.Which = d.Which
	}
	for _, o := range named.row().operands {
		if o.name != nil {
			o.name(c, d, &named)
		}
	}
	return named
}

// DecisionText is a decision in the words of a schedule.
func DecisionText(c *sim.Cluster, d sim.Decision) string {
	named := nameDecision(c, &d)
	return named.String()
}

// ParseDecision reads a decision in the words of a schedule, for a world that is
// running. Clients have to be among the cluster's holders. The error says in one
// or two lines what is wrong and what is allowed.
func ParseDecision(w *sim.World, text string) (sim.Decision, error) {
	d, said, m := parseDecision(text, func(at int) Place { return Place{Line: 1, Column: at + 1} })
	if m != nil {
		return sim.Decision{}, errors.New(m.What + "\n" + m.Hint)
	}
	if !said {
		return sim.Decision{}, errors.New("nothing was said\n" + form.Listed("decisions", verbNames()))
	}
	c := newCompiler(&File{Schedule: Some([]Decision(nil))}, false)
	for _, name := range w.Cluster().Holders {
		c.holder(name)
	}
	for _, i := range w.Cluster().Instances {
		c.instances = append(c.instances, i.Name)
	}
	for n := 1; n <= w.Operations(); n++ {
		o := w.Operation(n)
		c.operations = append(c.operations, operation{o.Kind, o.Operation.Holder})
	}
	done, ok := c.decision(&d)
	if ok && d.Kind == sim.InvokeOperation && d.Operation != protocol.Status && done.Holder == protocol.Free {
		c.Report(Place{}, Suggest(d.Holder.Value, "clients", c.holders), "unknown client %s", form.Quoted(d.Holder.Value))
	}
	if d.At.Given && d.At.Value < w.Now() {
		c.Report(Place{}, fmt.Sprintf("it is %s", FormatTime(w.Now())), "time does not go back to %s", FormatTime(d.At.Value))
	}
	for _, f := range c.Found {
		return sim.Decision{}, errors.New(f.Message + "\n" + f.Hint)
	}
	return done, nil
}
