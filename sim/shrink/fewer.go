package shrink

import (
	"slices"

	"skinny/protocol"
	"skinny/sim"
)

// fewerActs leaves out chunks of acts, in the end single ones.
func (s *shrinker) fewerActs() {
	minimise(func() int { return len(s.acts) }, func(from, to int) bool {
		return s.without(func(i int, _ *act) bool { return from <= i && i < to })
	})
}

func (s *shrinker) fewerClients() {
	s.fewerCalls(func(a *act) int32 { return int32(a.decision.Holder) })
}

func (s *shrinker) fewerOperations() { s.fewerCalls(func(a *act) int32 { return a.op }) }

// fewerCalls leaves out the operations whose calls have some key. Without the call
// nothing is possible that serves the operation.
func (s *shrinker) fewerCalls(key func(*act) int32) {
	keys := func() (list []int32) {
		for i := range s.acts {
			if a := &s.acts[i]; a.starts() && !slices.Contains(list, key(a)) {
				list = append(list, key(a))
			}
		}
		return list
	}
	minimise(func() int { return len(keys()) }, func(from, to int) bool {
		unwanted := keys()[from:to]
		return s.without(func(_ int, a *act) bool { return a.starts() && slices.Contains(unwanted, key(a)) })
	})
}

// fewerInstances leaves out instances. What is about them is impossible then.
func (s *shrinker) fewerInstances() {
	s.smaller(func(gone ...int) bool {
		return s.try(s.setup.without(gone...), s.acts)
	})
}

// smallest is the size below which no cluster is made smaller: its quorums, or three. With
// two instances none may be down, so nothing that breaks there says much about the protocol.
func (s *shrinker) smallest() int {
	q := s.setup.cluster.Quorums
	return int(max(q.Promise, q.Commit, 3))
}

// smaller lets try do without instances, the last first: two at once as long as that
// works, since it keeps an odd cluster odd, then one.
func (s *shrinker) smaller(try func(gone ...int) bool) {
	for n := 2; n > 0; n-- {
		for s.setup.cluster.Size()-n >= s.smallest() && among(s.setup.cluster.Size(), n, nil, try) {
		}
	}
}

// among tries each choice of n of the numbers below size, with others that are chosen
// already, the highest first. It reports false if none will do.
func among(size, n int, others []int, try func(...int) bool) bool {
	if n == 0 {
		return try(others...)
	}
	for p := size - 1; p >= n-1; p-- {
		if among(p, n-1, append([]int{p}, others...), try) {
			return true
		}
	}
	return false
}

// fewerTries makes a later try of an operation the try before it: what that did is
// left out, and the later one begins in its place.
func (s *shrinker) fewerTries() {
	for i := len(s.acts) - 1; i >= 0; i = min(i, len(s.acts)) - 1 {
		if a := &s.acts[i]; a.kind == sim.FireWake {
			s.withoutTry(i, round{a.op, a.role.try - 1})
		}
	}
}

// withoutTry leaves out one try of an operation. The act at wake begins the next one.
func (s *shrinker) withoutTry(wake int, gone round) {
	start := -1
	s.changed(s.setup, func(i int, a *act) bool {
		begins := a.kind == sim.FireWake || a.kind == sim.InvokeOperation || a.kind == sim.DeliverCall
		switch {
		case i == wake && start >= 0:
			*a = s.acts[start]
		case a.round() == gone && begins:
			start = i
			return a.starts() && s.setup.cluster.ClientLatency > 0 // then another act begins the try
		case a.op == gone.op && a.round().try > gone.try:
			it := a.role.role
			it.try--
			a.role = s.replay.part(it)
		}
		return true
	})
}

// minimise leaves chunks out of a list: halves first, then ever smaller ones, in
// the end single elements until none can be left out. It goes from back to front,
// since what comes later depends on what comes earlier. The function without
// leaves out the elements from one index to another, if it can. What remains is
// locally minimal if that is a function of what would remain. (Zeller and Hildebrandt,
// "Simplifying and Isolating Failure-Inducing Input", 2002)
func minimise(size func() int, without func(from, to int) bool) {
	for chunk := max(size()/2, 1); ; chunk = max(chunk/2, 1) {
		removed := false
		for to := size(); to > 0; to = min(to-chunk, size()) {
			if without(max(to-chunk, 0), to) {
				removed = true
			}
		}
		if chunk == 1 && !removed {
			return
		}
	}
}

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
		return s.changed(s.setup.without(gone...), func(_ int, a *act) bool { return s.merged(a, &m) })
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
