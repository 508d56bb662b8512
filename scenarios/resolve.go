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
	ok := true
	known := true
	if d.Kind.Has(sim.WithInstance) {
		done.From, ok = c.position(d.Instance)
	}
	if d.Kind.Has(sim.WithPeer) {
		done.To, known = c.position(d.To)
		ok = ok && known && c.distinct(d.Instance, d.To)
	}
	switch {
	case d.Kind.Has(sim.WithCall):
		done.Holder, done.Timeout = c.numbers[d.Holder.Value], d.Timeout.Or(sim.DefaultClientTimeout)
		known = d.Holder.Given || d.Operation == protocol.Status
	case d.Kind.Has(sim.WithClient):
		done.Holder, known = c.whose(d)
	case d.Kind.Has(sim.WithNumber):
		known = c.isOwn(d)
	case d.Kind.Has(sim.WithGroups):
		done.Groups, known = c.groups(d)
	}
	return done, ok && known
}

// nameDecision is the opposite of compiler.decision: it puts names in place of numbers.
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
	if d.Kind.Has(sim.WithInstance) {
		named.Instance = Some(c.Instances[d.From].Name)
	}
	if d.Kind.Has(sim.WithPeer) {
		named.To = Some(c.Instances[d.To].Name)
	}
	if d.Kind.Has(sim.WithClient) {
		named.Holder = unless("", c.HolderName(d.Holder))
	}
	if d.Kind.Has(sim.WithCall) {
		named.Timeout = unless(sim.DefaultClientTimeout, d.Timeout)
	}
	for _, set := range d.Groups {
		var group []Opt[string]
		for ; set != 0; set = set.Without(set.First()) {
			group = append(group, Some(c.Instances[set.First()].Name))
		}
		named.Groups = append(named.Groups, group)
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
	c := newCompiler(&File{}, form.Reader{})
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
