package prose

import (
	"strconv"
	"strings"

	"skinny/protocol"
	"skinny/sim/trace"
)

// At refers to an event: "event 5".
func At(event int) Span { return Span{Event, event, "event " + strconv.Itoa(event)} }

// RuleNames names rules: "adopt", "refuse-stale and self-rules".
func RuleNames(rules protocol.Rules) Text {
	var names []Text
	for _, r := range protocol.RuleTable() {
		if rules.Has(r.Rule) {
			names = append(names, Of(Span{Rule, int(r.Rule), r.Name}))
		}
	}
	return Join(names)
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

// Set lists instances: "a", "a and b", "a, b and c".
func (n *Names) Set(s protocol.Set) Text {
	var list []Text
	for ; s != 0; s = s.Without(s.First()) {
		list = append(list, Of(n.Instance(int8(s.First()))))
	}
	return Join(list)
}
