package shrink

import (
	"slices"

	"skinny/protocol"
)

// mergeInstances leaves out instances and lets others do what they did. It helps where
// the majorities of two rounds, or of the two phases of one, differ more than they have
// to.
func (s *shrinker) mergeInstances() {
	s.smaller(func(gone ...int) bool {
		if len(gone) > 1 && s.setup.cluster.Size() > mostMerged {
			return false
		}
		var m takeover
		for p := range m {
			m[p] = protocol.Position(p)
		}
		return s.merge(m, gone, gone)
	})
}

// mostMerged is the size of cluster up to which the parts of two instances are given to
// all others at once: it takes as many runs as the fourth power of the size.
const mostMerged = 16

// takeover says, by given position, who does what an instance did.
type takeover [protocol.MaxSize]protocol.Position

// merge tries to do without instances, with everybody else in turn taking over from
// each of those that have no successor yet.
func (s *shrinker) merge(m takeover, gone, open []int) bool {
	if s.halted() {
		return false
	}
	if len(open) == 0 {
		return s.mergeAs(&m, gone)
	}
	for successor := range s.setup.cluster.Size() {
		if slices.Contains(gone, successor) {
			continue
		}
		m[s.setup.origin[open[0]]] = s.setup.origin[successor]
		if s.merge(m, gone, open[1:]) {
			return true
		}
	}
	return false
}

func (s *shrinker) mergeAs(m *takeover, gone []int) bool {
	return s.changed(s.setup.without(gone...), func(_ int, a *act) bool { return s.merged(a, m) })
}

// merged makes of an act what becomes of it. It reports false if another act does the same
// already. What an instance would send to itself is impossible, and a fault goes with
// its instance.
func (s *shrinker) merged(a *act, m *takeover) bool {
	switch {
	case a.role != nil:
		it, before := a.role.role, a.role
		it.from, it.to = m[it.from], m[it.to]
		a.role = s.replay.part(it)
		same := func(other act) bool { return other.role == a.role && other.kind == a.kind }
		return a.role == before || !slices.ContainsFunc(s.acts, same)
	case a.starts() && m[a.decision.From] != a.decision.From:
		d := *a.decision
		d.From = m[d.From]
		a.decision = &d
	}
	return true
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
