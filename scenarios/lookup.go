package scenarios

import (
	"errors"
	"fmt"
	"slices"

	"skinny/protocol"
	"skinny/scenarios/form"
	"skinny/sim"
)

// compiler turns names into numbers. What it cannot, it reports, and nothing comes of the file.
type compiler struct {
	form.Reader // its Lost: parts of the file could not be read, so names may seem unknown that are not
	file        *File
	instances   []string // names by position, "" where one could not be read
	holders     []string
	numbers     map[string]protocol.Holder // of the holders
	operations  []protocol.Holder          // by whom they are called, before any runs
}

func newCompiler(f *File, r form.Reader) *compiler {
	return &compiler{Reader: r, file: f, numbers: map[string]protocol.Holder{}}
}

// position finds an instance. It reports one that is not there, and is false without one.
func (c *compiler) position(name Opt[string]) (protocol.Position, bool) {
	if !name.Given {
		return 0, false
	}
	if at := slices.Index(c.instances, name.Value); at >= 0 {
		return protocol.Position(at), true
	}
	if !c.Lost {
		c.Report(name.Place, Suggest(name.Value, "instances", c.instances), "unknown instance %s", form.Quoted(name.Value))
	}
	return 0, false
}

// peers finds an instance, or all of them for *.
func (c *compiler) peers(name Opt[string]) protocol.Set {
	if name.Or(anyInstance) == anyInstance {
		return protocol.All(len(c.instances))
	}
	p, _ := c.position(name)
	return protocol.Set(0).With(p)
}

func (c *compiler) between(from, to Opt[string]) (senders, receivers protocol.Set) {
	senders, receivers = c.peers(from), c.peers(to)
	c.distinct(from, to)
	return senders, receivers
}

func (c *compiler) distinct(from, to Opt[string]) {
	if from.Given && to.Given && from.Value == to.Value && from.Value != anyInstance {
		c.Report(to.Place, "a link is between two instances", "a link from %q to itself", from.Value)
	}
}

// holder is the number of a client, a new one for a new name.
func (c *compiler) holder(name string) protocol.Holder {
	if h, ok := c.numbers[name]; ok {
		return h
	}
	c.holders = append(c.holders, name)
	h := protocol.Holder(len(c.holders))
	c.numbers[name] = h
	return h
}

// invoked takes note of an operation and its client.
func (c *compiler) invoked(d *Decision) {
	by := protocol.Free
	if d.Holder.Given {
		c.PassesAt(d.Holder.Place, checkHolderName(d.Holder.Value)) // the decoder would have found it
		by = c.holder(d.Holder.Value)
	}
	c.operations = append(c.operations, by)
}

// whose finds the client whose operation a decision is about.
func (c *compiler) whose(d *Decision) (own protocol.Holder) {
	if !c.isOwn(d) {
		return protocol.Free
	}
	if d.Number > 0 {
		own = c.operations[d.Number-1]
	}
	if !d.Holder.Given {
		return own
	}
	h, ok := c.numbers[d.Holder.Value]
	switch {
	case !ok && !c.Lost:
		c.Report(d.Holder.Place, Suggest(d.Holder.Value, "clients", c.holders), "no operation is called by %s", form.Quoted(d.Holder.Value))
	case ok && d.Number > 0 && own != h:
		c.Report(d.Holder.Place, "give the number or the client alone", "operation %d is not called by %s", d.Number, form.Quoted(d.Holder.Value))
	}
	return h
}

// isOwn checks the number of an operation that a decision names.
func (c *compiler) isOwn(d *Decision) bool {
	if int(d.Number) <= len(c.operations) {
		return true
	}
	if !c.Lost {
		c.Report(d.Place, c.operationsHint(), "there is no operation %d", d.Number)
	}
	return false
}

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

func (c *compiler) groups(d *Decision) (groups []protocol.Set) {
	if len(d.Groups) == 0 && !c.Lost {
		c.Report(d.Place, "[[a, b], [c]]; an instance in no group is alone", "a partition needs groups")
	}
	var seen protocol.Set
	for _, names := range d.Groups {
		var group protocol.Set
		for _, name := range names {
			p, known := c.position(name)
			if known && seen.Has(p) {
				c.Report(name.Place, "an instance is in one group, or in none if it is alone", "%s is in the partition twice", form.Quoted(name.Value))
			}
			seen, group = seen.With(p), group.With(p)
		}
		if len(names) == 0 {
			c.Report(d.Place, "leave it out; an instance in no group is alone", "a group without instances")
		}
		groups = append(groups, group)
	}
	return groups
}

// decision puts numbers in place of names.
func (c *compiler) decision(d *Decision) sim.Decision {
	done := sim.Decision{
		Kind: d.Kind, Operation: d.Operation, Number: d.Number, Both: d.Both, HostUp: d.HostUp,
		Message: d.Message, Nth: d.Nth, Which: d.Which,
		At: d.At.Value, Timed: d.At.Given,
	}
	known := false
	if d.Kind.Has(sim.WithInstance) {
		done.From, known = c.position(d.Instance)
	}
	if d.Kind.Has(sim.WithPeer) {
		if done.To, _ = c.position(d.To); known {
			c.distinct(d.Instance, d.To)
		}
	}
	switch {
	case d.Kind.Has(sim.WithCall):
		done.Holder, done.Timeout = c.numbers[d.Holder.Value], d.Timeout.Or(sim.DefaultClientTimeout)
	case d.Kind.Has(sim.WithClient):
		done.Holder = c.whose(d)
	case d.Kind.Has(sim.WithNumber):
		c.isOwn(d)
	case d.Kind.Has(sim.WithGroups):
		done.Groups = c.groups(d)
	}
	return done
}

// nameDecision is the opposite of compiler.decision: it puts names in place of numbers.
func nameDecision(c *sim.Cluster, d *sim.Decision) Decision {
	named := Decision{
		Kind: d.Kind, Operation: d.Operation, Number: d.Number, Both: d.Both, HostUp: d.HostUp,
		Message: d.Message, Nth: d.Nth,
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
	for _, group := range d.Groups {
		named.Groups = append(named.Groups, namesIn(c, group))
	}
	return named
}

// namesIn is the names of some instances.
func namesIn(c *sim.Cluster, set protocol.Set) (list []Opt[string]) {
	for ; set != 0; set = set.Without(set.First()) {
		list = append(list, Some(c.Instances[set.First()].Name))
	}
	return list
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
	d, said, m := parseDecision(text, nowhere)
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
	c.instances = w.Cluster().Header().Instances
	for n := 1; n <= w.Operations(); n++ {
		c.operations = append(c.operations, w.Operation(n).Operation.Holder)
	}
	done := c.decision(&d)
	if d.Kind == sim.InvokeOperation && d.Operation != protocol.Status && done.Holder == protocol.Free {
		c.Report(Place{}, Suggest(d.Holder.Value, "clients", c.holders), "unknown client %s", form.Quoted(d.Holder.Value))
	}
	if d.At.Given && d.At.Value < w.Now() {
		c.Report(Place{}, fmt.Sprintf("it is %s", FormatTime(w.Now())), "time does not go back to %s", FormatTime(d.At.Value))
	}
	return done, inWords(c.Found)
}
