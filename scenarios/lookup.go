package scenarios

import (
	"fmt"
	"slices"

	"skinny/protocol"
	"skinny/scenarios/form"
)

// lookup knows the names of a scenario. Whatever has none it reports.
type lookup struct {
	form.Reporter
	lost       bool     // parts of the file could not be read, so names may seem unknown that are not
	instances  []string // names by position, "" where one could not be read
	holders    []string
	numbers    map[string]protocol.Holder // of the holders
	operations []operation
}

func newLookup(source *form.Source, lost bool) lookup {
	return lookup{Reporter: form.Reporter{Source: source}, lost: lost, numbers: map[string]protocol.Holder{}}
}

// operation is what is known of an operation before it runs.
type operation struct {
	kind   protocol.OperationKind
	holder protocol.Holder
}

// position finds an instance. It reports one that is not there; false means that
// there is none to go on with.
func (l *lookup) position(name Opt[string]) (protocol.Position, bool) {
	if !name.Given {
		return 0, false
	}
	if at := slices.Index(l.instances, name.Value); at >= 0 && name.Value != "" {
		return protocol.Position(at), true
	}
	if !l.lost {
		l.Report(name.Place, Suggest(name.Value, "instances", l.instances), "unknown instance %s", form.Quoted(name.Value))
	}
	return 0, false
}

// peers finds an instance, or all of them for *.
func (l *lookup) peers(name Opt[string]) (protocol.Set, bool) {
	if name.Or(anyInstance) == anyInstance {
		return protocol.All(len(l.instances)), true
	}
	p, ok := l.position(name)
	return protocol.Set(0).With(p), ok
}

// between finds the two ends of links.
func (l *lookup) between(from, to Opt[string]) (senders, receivers protocol.Set, ok bool) {
	senders, okFrom := l.peers(from)
	receivers, okTo := l.peers(to)
	return senders, receivers, l.distinct(from, to) && okFrom && okTo
}

// distinct checks that a link has two ends.
func (l *lookup) distinct(from, to Opt[string]) bool {
	if from.Given && to.Given && from.Value == to.Value && from.Value != anyInstance {
		l.Report(to.Place, "a link is between two instances", "a link from %q to itself", from.Value)
		return false
	}
	return true
}

// holder is the number of a client, a new one for a name that is met for the first
// time.
func (l *lookup) holder(name string) protocol.Holder {
	if h, ok := l.numbers[name]; ok {
		return h
	}
	l.holders = append(l.holders, name)
	h := protocol.Holder(len(l.holders))
	l.numbers[name] = h
	return h
}

// invoked takes note of an operation and its client.
func (l *lookup) invoked(d *Decision) {
	o := operation{kind: d.Operation}
	if d.Holder.Given {
		if m := checkHolderName(d.Holder.Value); m != nil { // the decoder would have found it
			l.Report(d.Holder.Place, m.Hint, "%s", m.What)
		}
		o.holder = l.holder(d.Holder.Value)
	}
	l.operations = append(l.operations, o)
}

// whose finds the client whose operation a decision is about.
func (l *lookup) whose(d *Decision) (protocol.Holder, bool) {
	if !l.isOwn(d) {
		return protocol.Free, false
	}
	if !d.Holder.Given {
		if n := int(d.Number); n > 0 && n <= len(l.operations) {
			return l.operations[n-1].holder, true
		}
		return protocol.Free, false
	}
	h, ok := l.numbers[d.Holder.Value]
	switch {
	case !ok && !l.lost:
		l.Report(d.Holder.Place, Suggest(d.Holder.Value, "clients", l.holders), "no operation is called by %s", form.Quoted(d.Holder.Value))
	case ok && d.Number > 0 && int(d.Number) <= len(l.operations) && l.operations[d.Number-1].holder != h:
		l.Report(d.Holder.Place, "give the number or the client alone", "operation %d is not called by %s", d.Number, form.Quoted(d.Holder.Value))
		return h, false
	}
	return h, ok
}

// isOwn checks the number of an operation that a decision names.
func (l *lookup) isOwn(d *Decision) bool {
	if int(d.Number) <= len(l.operations) {
		return true
	}
	if !l.lost {
		l.Report(d.Place, l.operationsHint(), "there is no operation %d", d.Number)
	}
	return false
}

// operationsHint says how many operations there are.
func (l *lookup) operationsHint() string {
	switch n := len(l.operations); n {
	case 0:
		return "nobody calls acquire, release or status"
	case 1:
		return "there is one operation"
	default:
		return fmt.Sprintf("there are operations 1 to %d, in the order of the file", n)
	}
}

// groups is the groups of a partition.
func (l *lookup) groups(d *Decision) ([]protocol.Set, bool) {
	if len(d.Groups) == 0 {
		if !l.lost {
			l.Report(d.Place, "[[a, b], [c]]; an instance in no group is alone", "a partition needs groups")
		}
		return nil, false
	}
	var groups []protocol.Set
	var seen protocol.Set
	ok := true
	for _, names := range d.Groups {
		var group protocol.Set
		for _, name := range names {
			p, known := l.position(name)
			if known && seen.Has(p) {
				l.Report(name.Place, "an instance is in one group, or in none if it is alone", "%s is in the partition twice", form.Quoted(name.Value))
				known = false
			}
			ok = ok && known
			seen, group = seen.With(p), group.With(p)
		}
		if len(names) == 0 {
			l.Report(d.Place, "leave it out; an instance in no group is alone", "a group without instances")
			ok = false
		}
		groups = append(groups, group)
	}
	return groups, ok
}
