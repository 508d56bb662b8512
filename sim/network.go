package sim

import (
	"skinny/protocol"
	"skinny/sim/trace"
)

// Link is what the network does between two instances, in one direction. Shares
// are millionths of the messages that they are about.
type Link struct {
	Latency      Range
	Loss         uint32 // share of all messages
	RequestLoss  uint32 // on top of that, of requests
	ResponseLoss uint32 // and of responses and failures
	Duplication  uint32 // share of all messages
	Tail         uint32 // share of those that take TailLatency instead of Latency
	TailLatency  Range
}

// DefaultLatency is the latency of links of which nothing is said.
const DefaultLatency = 10 * trace.Millisecond

// AllLinks is the links of the timetable or, if it has none, usual ones for a cluster of a size.
func (t *Timetable) AllLinks(size int) []Link {
	if len(t.Links) > 0 {
		return t.Links
	}
	links := make([]Link, size*size)
	for i := range links {
		links[i].Latency = Range{DefaultLatency, DefaultLatency}
	}
	return links
}

// Clog is a time in which links let nothing through: what is sent then waits for
// its end, and takes its latency from there.
type Clog struct {
	From, To   protocol.Set // senders, receivers
	Begin, End trace.Time   // from Begin on, and before End
}

// Fate is what happens to messages that the scenario names.
type Fate struct {
	Kind    FateKind
	Message protocol.MessageKind
	From    protocol.Set // senders
	To      protocol.Set // receivers
	Nth     uint32       // 0: every one
	By      trace.Time   // how much longer a delayed message takes; how long after it a copy arrives
}

// FateKind tells fates apart.
type FateKind uint8

// The fates of messages.
const (
	DropFate   FateKind = iota
	RefuseFate          // of requests only
	DelayFate
	DuplicateFate
)

// String is the verb that files write.
func (k FateKind) String() string { return [...]string{"drop", "refuse", "delay", "duplicate"}[k] }

// post decides what the network does with a message.
func (s *Timed) post(r Ref) {
	t := s.timetable
	i := &s.world.table.items[r]
	m := &i.Message
	link := &s.links[int(m.From)*len(s.world.nodes)+int(m.To)]
	f := fate{
		latency: trace.Time(s.random[latencyStream].from(link.Latency)),
		action:  toDeliver,
	}
	loss, duplication := uint32(0), uint32(0)
	if t.Calm == 0 || s.world.now < t.Calm {
		loss, duplication = link.lossOf(m.Kind), link.Duplication
		if s.random[tailStream].chance(link.Tail) {
			f.latency = trace.Time(s.random[tailStream].from(link.TailLatency))
		}
	}
	if s.random[lossStream].chance(loss) {
		f.action = toDrop
	}
	for c := range t.Clogs {
		f.clog(&t.Clogs[c], m, s.world.now)
	}
	if len(t.Fates) > 0 {
		f.judge(i, t.Fates, s.met)
	}
	if i.Copy == 0 && s.random[duplicationStream].chance(duplication) {
		f.copies++
	}
	for range f.copies {
		s.plan(r, toCopy, 0)
	}
	if f.action != toDeliver {
		f.latency, f.wait = 0, 0 // a lost or refused message is gone at once
	}
	s.plan(r, f.action, later(f.wait, f.latency))
}

// lossOf is the share of the messages of a kind that are lost; what is more than all is all.
func (l *Link) lossOf(kind protocol.MessageKind) uint32 {
	if kind.IsRequest() {
		return l.Loss + l.RequestLoss
	}
	return l.Loss + l.ResponseLoss
}

type fate struct {
	latency trace.Time
	wait    trace.Time // for the end of a clog
	action  uint64
	copies  int
}

// judge applies the scenario's rules for single messages. All that match apply:
// drop beats refuse, refuse beats delay, and every duplicate makes a copy of its
// own, up to 255.
func (f *fate) judge(i *Item, rules []Fate, met []bool) {
	m := &i.Message
	duplicates := uint8(0)
	for r := range rules {
		rule := &rules[r]
		if rule.Message != m.Kind || !rule.From.Has(m.From) || !rule.To.Has(m.To) || rule.Nth != 0 && rule.Nth != i.Nth {
			continue
		}
		met[r] = true
		switch rule.Kind {
		case DropFate:
			f.action = toDrop
		case RefuseFate:
			if f.action != toDrop {
				f.action = toRefuse
			}
		case DelayFate:
			f.latency = later(f.latency, rule.By)
		case DuplicateFate:
			if duplicates == mostCopies {
				continue // more copies of one message are not made
			}
			duplicates++
			if i.Copy == 0 {
				f.copies++
			} else if i.Copy == duplicates {
				f.latency = later(f.latency, rule.By)
			}
		}
	}
}

// clog lets a message wait for the end of a clog that it is sent into; after that there is nothing to wait for.
func (f *fate) clog(c *Clog, m *protocol.Message, now trace.Time) {
	if c.From.Has(m.From) && c.To.Has(m.To) && c.Begin <= now {
		f.wait = max(f.wait, c.End-now)
	}
}
