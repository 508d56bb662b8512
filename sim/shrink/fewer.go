package shrink

import (
	"slices"

	"skinny/sim"
)

// fewerActs leaves out chunks of acts, in the end single ones.
func (s *shrinker) fewerActs() {
	minimise(func() int { return len(s.acts) }, func(from, to int) bool {
		return s.without(func(i int, _ *act) bool { return from <= i && i < to })
	})
}

// fewerClients leaves out all operations of some clients.
func (s *shrinker) fewerClients() {
	s.fewerCalls(func(a *act) int32 { return int32(a.decision.Holder) })
}

// fewerOperations leaves out operations.
func (s *shrinker) fewerOperations() {
	s.fewerCalls(func(a *act) int32 { return a.op })
}

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

// withoutTry leaves out one try of an operation. The act at wake begins the try
// after it.
func (s *shrinker) withoutTry(wake int, gone round) {
	start := -1
	s.changed(s.setup, func(i int, a *act) bool {
		begins := a.kind == sim.FireWake || a.kind == sim.InvokeOperation || a.kind == sim.DeliverCall
		switch {
		case i == wake && start >= 0:
			*a = s.acts[start]
		case i != wake && a.round() == gone && begins:
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
