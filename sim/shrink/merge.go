package shrink

import (
	"slices"

	"skinny/protocol"
)

// mergeInstances leaves out instances and lets others do what they did: two at
// once as long as that works, then one. It helps where the majorities of two
// rounds, or of the two phases of one, differ more than they have to.
func (s *shrinker) mergeInstances() {
	for s.mergeTwo() {
	}
	for s.mergeOne() {
	}
}

// takeover says, by given position, who does what an instance did.
type takeover [protocol.MaxSize]protocol.Position

// noTakeover lets everybody do what they did.
func noTakeover() takeover {
	var m takeover
	for p := range m {
		m[p] = protocol.Position(p)
	}
	return m
}

func (s *shrinker) mergeTwo() bool {
	size := s.setup.cluster.Size()
	if size <= smallest+1 {
		return false
	}
	for second := size - 1; second > 0; second-- {
		for first := second - 1; first >= 0; first-- {
			gone := protocol.Set(1)<<first | 1<<second
			for a := range size {
				for b := range size {
					both := protocol.Set(1)<<a | 1<<b
					if gone&both == 0 && s.merge(gone, [][2]int{{first, a}, {second, b}}) {
						return true
					}
				}
			}
		}
	}
	return false
}

func (s *shrinker) mergeOne() bool {
	size := s.setup.cluster.Size()
	if size <= smallest {
		return false
	}
	for gone := size - 1; gone >= 0; gone-- {
		for a := range size {
			if a != gone && s.merge(1<<gone, [][2]int{{gone, a}}) {
				return true
			}
		}
	}
	return false
}

// merge tries to do without instances. Each pair of positions says who does what
// one of them did.
func (s *shrinker) merge(gone protocol.Set, pairs [][2]int) bool {
	m := noTakeover()
	for _, p := range pairs {
		m[s.setup.origin[p[0]]] = s.setup.origin[p[1]]
	}
	s.scratch = s.scratch[:0]
	for i := range s.acts {
		if a, ok := s.merged(&s.acts[i], &m); ok {
			s.scratch = append(s.scratch, a)
		}
	}
	return s.try(s.setup.without(gone), s.scratch)
}

// merged is what becomes of an act. It reports false if another act does the same
// already. What an instance would send to itself is impossible, and a fault goes with
// its instance.
func (s *shrinker) merged(a *act, m *takeover) (act, bool) {
	b := *a
	switch {
	case a.role != none:
		it := *s.cast(a)
		it.from, it.to = m[it.from], m[it.to]
		b.role = s.replay.cast.add(it)
		same := func(other act) bool { return other.role == b.role && other.kind == b.kind }
		return b, b.role == a.role || !slices.ContainsFunc(s.acts, same)
	case a.starts() && m[a.decision.From] != a.decision.From:
		d := *a.decision
		d.From = m[d.From]
		b.decision = &d
	}
	return b, true
}

// mostPairs is the number of acts up to which pairs of them are tried.
const mostPairs = 100

// fewerPairs leaves out two acts where neither could go alone.
func (s *shrinker) fewerPairs() {
	for second := len(s.acts) - 1; second > 0; second = min(second, len(s.acts)) - 1 {
		for first := second - 1; first >= 0 && len(s.acts) <= mostPairs; first-- {
			if s.without(func(i int, _ *act) bool { return i == first || i == second }) {
				break
			}
		}
	}
}
