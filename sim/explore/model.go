package explore

import (
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/explore/search"
)

// Call is an operation that a client may begin.
type Call struct {
	Kind   protocol.OperationKind
	Holder protocol.Holder
	Via    protocol.Position
}

// Config is what a model is made of.
type Config struct {
	Cluster    *sim.Cluster
	Calls      []Call // of each client in its own order
	Limits     Limits
	HostsUp    bool // the host of an instance that crashes stays up, so that calls fail
	HostsDown  bool // the host goes down, too, so that calls are not answered
	Reductions Reductions
	Properties []string // to be judged, by name; nil for all
}

// Model is a cluster and its clients, to be searched. It is never changed.
type Model struct {
	config   Config
	cluster  sim.Cluster
	calls    []Call // client by client
	first    []int  // by client: the index of its first call; the last one is len(calls)
	majority int
	judged   search.Marks
	tallies  bool                // what was committed and accepted is kept
	active   protocol.Set        // instances that clients call
	played   protocol.Set        // instances that programs play
	serial   protocol.Set        // instances that ask one after the other: without the rule concurrent
	texts    *search.Texts       // of what those remember, store and send
	named    []protocol.Position // instances whose columns stand in this order
	passive  []protocol.Position // instances whose columns are sorted
	used     [NumBounds]uint     // the bits in which a state says how much of each bound is used
	idBits   uint
	widths   [1 << wordKind]uint // of items, by the kind of their word
	swaps    []swap              // ways in which clients may change places; the first changes none
}

// New makes a model. The error says in a sentence what is not possible.
func New(c Config) (*Model, error) {
	m := &Model{config: c, cluster: *c.Cluster}
	m.cluster.Instances = slices.Clone(c.Cluster.Instances)
	for i := range m.cluster.Instances {
		m.cluster.Instances[i].PromiseDelay = sim.Range{} // time is abstracted away
		p := protocol.Position(i)
		if m.cluster.Instances[i].Program != nil {
			m.played = m.played.With(p)
		}
		if !m.cluster.RulesOf(p).Has(protocol.Concurrent) {
			m.serial = m.serial.With(p)
		}
	}
	if m.played != 0 {
		// A program may tell all of these apart: it knows names, and what it remembers nobody forgets.
		r := &m.config.Reductions
		r.Instances, r.Clients, r.Past = false, false, false
		m.texts = &search.Texts{}
	}
	m.majority = m.cluster.Quorums.Needed(protocol.Committing, m.cluster.Size())
	clients := len(m.cluster.Holders)
	for h := range clients {
		m.first = append(m.first, len(m.calls))
		for _, k := range c.Calls {
			if k.Kind != protocol.Status && int(k.Holder) == h+1 {
				m.calls = append(m.calls, k)
				m.active = m.active.With(k.Via)
			}
		}
	}
	m.first = append(m.first, len(m.calls))
	for b, limit := range m.config.Limits {
		m.used[b] = uint(bits.Len8(limit))
	}
	if err := m.check(clients); err != nil {
		return nil, err
	}
	if err := m.findWidths(); err != nil {
		return nil, err
	}
	// Those without clients may change places if all ask them at once, and if they are alike.
	merge := m.config.Reductions.Instances && m.cluster.Rules.Has(protocol.Concurrent) && m.cluster.Size()-m.active.Len() > 1 &&
		!slices.ContainsFunc(m.cluster.Instances, func(i sim.Instance) bool { return i.RulesOn|i.RulesOff != 0 })
	for i := range m.cluster.Size() {
		if p := protocol.Position(i); merge && !m.active.Has(p) {
			m.passive = append(m.passive, p)
		} else {
			m.named = append(m.named, p)
		}
	}
	m.swaps = m.findSwaps(clients)
	m.tallies = m.judged.Has(agreement) || m.judged.Has(acknowledged) || m.judged.Has(durability)
	return m, nil
}

// ownRules is the rules that an instance has of its own, "(durable off)", or nothing.
func ownRules(i *sim.Instance) string {
	var list []string
	for _, r := range protocol.RuleTable() {
		if (i.RulesOn | i.RulesOff).Has(r.Rule) {
			list = append(list, r.Name+map[bool]string{true: " on", false: " off"}[i.RulesOn.Has(r.Rule)])
		}
	}
	if list == nil {
		return ""
	}
	return "(" + strings.Join(list, " ") + ")"
}

func (m *Model) check(clients int) error {
	switch {
	case m.cluster.Size() > MaxInstances:
		return fmt.Errorf("a cluster of %d is too large to be explored; %d instances are the most", m.cluster.Size(), MaxInstances)
	case clients > MaxClients:
		return fmt.Errorf("%d clients are too many to be explored; %d are the most", clients, MaxClients)
	case len(m.calls) > MaxCalls:
		return fmt.Errorf("%d operations are too many to be explored; %d are the most", len(m.calls), MaxCalls)
	case len(m.calls) == 0:
		return errors.New("there is nothing to explore: no client acquires or releases")
	}
	for _, name := range m.config.Properties {
		if !slices.Contains(PropertyNames(), name) {
			return fmt.Errorf("%s is not judged in a search of every order; what is: %s", name, strings.Join(PropertyNames(), ", "))
		}
	}
	for i, p := range table {
		if m.config.Properties == nil || p.Kind == search.Sometimes || slices.Contains(m.config.Properties, p.Name) {
			m.judged |= search.Mark(i)
		}
	}
	return nil
}

// Identity says what is explored, setting by setting.
func (m *Model) Identity() string {
	onOff := map[bool]string{true: " on", false: " off"}
	list := []string{fmt.Sprintf("client-latency %d ns", m.cluster.ClientLatency)}
	for _, r := range protocol.RuleTable() {
		list = append(list, "rule "+r.Name+onOff[m.cluster.Rules.Has(r.Rule)])
	}
	var instances, judged []string
	for _, i := range m.cluster.Instances {
		instances = append(instances, fmt.Sprintf("%s+%d%s", i.Name, i.Increment, ownRules(&i)))
	}
	q := m.cluster.Quorums
	list = append(list, fmt.Sprintf("quorums %d %d", q.Promise, q.Commit), "instances "+strings.Join(instances, " "))
	var calls []string
	for _, c := range m.calls {
		calls = append(calls, fmt.Sprintf("%s of %s via %s", c.Kind, m.cluster.HolderName(c.Holder), m.cluster.Instances[c.Via].Name))
	}
	list = append(list, "calls "+strings.Join(calls, ", "))
	for _, b := range Bounds() {
		list = append(list, fmt.Sprintf("%s %d", b, m.config.Limits[b]))
	}
	for i, p := range table {
		if m.judged.Has(i) {
			judged = append(judged, p.Name)
		}
	}
	r := m.config.Reductions
	return strings.Join(append(list,
		"hosts up"+onOff[m.config.HostsUp], "hosts down"+onOff[m.config.HostsDown],
		"merging of stale messages"+onOff[r.Stale], "merging of instances"+onOff[r.Instances],
		"merging of clients"+onOff[r.Clients], "merging of pasts"+onOff[r.Past],
		"properties "+strings.Join(judged, ", ")), "; ")
}

// Properties lists what is asked of the states. Those that are not to be judged
// are never violated.
func (m *Model) Properties() []search.Property {
	list := slices.Clone(table[:])
	if !m.judged.Has(answered) {
		list[answered].Kind = search.Always // its mark is never given
	}
	return list
}

// Judged reports whether a property is to be judged.
func (m *Model) Judged(property int) bool { return m.judged.Has(property) }

// Bounds names the bounds.
func (m *Model) Bounds() (names []string) {
	for _, b := range Bounds() {
		names = append(names, b.String())
	}
	return names
}

// Explorer makes what one goroutine explores the model with.
func (m *Model) Explorer() search.Explorer { return newExplorer(m) }

// Cluster is what is explored.
func (m *Model) Cluster() *sim.Cluster { return &m.cluster }

// Alike names the instances that are taken for interchangeable, if there are several.
func (m *Model) Alike() (names []string) {
	for _, p := range m.passive {
		names = append(names, m.cluster.Instances[p].Name)
	}
	return names
}

// Reductions is what is merged: what was asked for, as far as the programs that play
// instances cannot tell it apart.
func (m *Model) Reductions() Reductions { return m.config.Reductions }

// Swaps is the number of ways in which clients may change places, at least 1.
func (m *Model) Swaps() int { return len(m.swaps) }

// swap is a way in which interchangeable clients may change places.
type swap struct {
	holder [MaxClients + 1]uint8 // the new number of each holder; 0 is nobody
	call   [MaxCalls]uint8       // the new place of each call
	from   [MaxCalls]uint8       // the old place of each call
}

// findSwaps lists the ways in which clients that make the same calls may change
// places.
func (m *Model) findSwaps(clients int) []swap {
	var swaps []swap
	order := make([]int, 0, clients)
	var extend func()
	extend = func() {
		if len(order) == clients {
			swaps = append(swaps, m.swapOf(order))
			return
		}
		for c := range clients {
			if slices.Contains(order, c) || !m.alike(len(order), c) {
				continue
			}
			order = append(order, c)
			extend()
			order = order[:len(order)-1]
		}
	}
	extend()
	if !m.config.Reductions.Clients {
		return swaps[:1]
	}
	return swaps
}

// alike reports whether two clients make the same calls.
func (m *Model) alike(a, b int) bool {
	return slices.EqualFunc(m.calls[m.first[a]:m.first[a+1]], m.calls[m.first[b]:m.first[b+1]],
		func(x, y Call) bool { return x.Kind == y.Kind && x.Via == y.Via })
}

// swapOf is the swap in which each client takes the place of the one in order.
func (m *Model) swapOf(order []int) swap {
	var s swap
	for c, place := range order {
		s.holder[c+1] = uint8(place + 1)
		for k := range m.first[c+1] - m.first[c] {
			s.call[m.first[c]+k] = uint8(m.first[place] + k)
			s.from[m.first[place]+k] = uint8(m.first[c] + k)
		}
	}
	return s
}
