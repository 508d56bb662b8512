package prose

import (
	"math/bits"
	"strconv"
	"strings"

	"skinny/protocol"
	"skinny/sim/trace"
)

// Ref refers to an event as a part of a text: "event 5".
type Ref int

// At refers to an event.
func At(event int) Ref { return Ref(event) }

// RuleNames names rules: "adopt", "refuse-stale and self-rules".
func RuleNames(rules protocol.Rules) Text {
	var b Builder
	left := bits.OnesCount32(uint32(rules))
	for _, r := range protocol.RuleTable() {
		if rules.Has(r.Rule) {
			b.Say(between(b.words == nil, left == 1), Span{Rule, int(r.Rule), r.Name})
			left--
		}
	}
	return b.Text()
}

// Off says that rules are off: "yield is off".
func Off(rules protocol.Rules) Text {
	if rules&(rules-1) == 0 {
		return Of(RuleNames(rules), " is off")
	}
	return Of(RuleNames(rules), " are off")
}

// Names is how sentences name those who act in a run.
type Names struct {
	header    *trace.Header
	instances []string
	clients   []string
}

// NamesOf are the names of the run with this header.
func NamesOf(h *trace.Header) *Names { return &Names{header: h} }

// wordsForNobody stand where a name may stand.
var wordsForNobody = []string{"free", "operator", "nobody", "network", "-", ""}

// quote puts quotation marks around a name that would be taken for something else.
func quote(name string, others []string) string {
	for _, word := range wordsForNobody {
		if strings.EqualFold(name, word) {
			return strconv.Quote(name)
		}
	}
	for _, other := range others {
		if name == other {
			return strconv.Quote(name)
		}
	}
	return name
}

// Instance names an instance.
func (n *Names) Instance(p int8) Span {
	for len(n.instances) < len(n.header.Instances) {
		n.instances = append(n.instances, quote(n.header.Instances[len(n.instances)], nil))
	}
	return Span{Instance, int(p), n.instances[p]}
}

// Client names a client, in quotation marks if it is called like an instance.
func (n *Names) Client(h protocol.Holder) Span {
	for len(n.clients) < len(n.header.Holders) { // more may come while somebody has a hand on the run
		n.clients = append(n.clients, quote(n.header.Holders[len(n.clients)], n.header.Instances))
	}
	return Span{Kind: Client, Words: n.clients[h-1]}
}

// Holder names who holds the lock: a client, or "free".
func (n *Names) Holder(h protocol.Holder) Span {
	if h == protocol.Free {
		return Span{Words: "free"}
	}
	return n.Client(h)
}

// Set is instances as a part of a text: "a", "a and b", "a, b and c".
type Set struct {
	names *Names
	set   protocol.Set
}

// Set is a set of instances.
func (n *Names) Set(s protocol.Set) Set { return Set{n, s} }

func (b *Builder) list(s Set) {
	for first := true; s.set != 0; s.set = s.set.Without(s.set.First()) {
		b.Say(between(first, s.set.Len() == 1), s.names.Instance(int8(s.set.First())))
		first = false
	}
}

// between is what stands before an element of a list.
func between(first, last bool) string {
	switch {
	case first:
		return ""
	case last:
		return " and "
	}
	return ", "
}
