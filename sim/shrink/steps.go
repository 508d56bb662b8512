package shrink

import (
	"slices"

	"skinny/protocol"
	"skinny/sim"
)

// Step is what one pass did.
type Step struct {
	// Pass is "end" for what comes after the violation or was impossible; then
	// "clients", "operations", "instances", "settings", "decisions", "deadlines"
	// (one in place of the answers that a phase waited for), "tries" (a later try
	// made the first one), "merging" (an instance's part taken over by another),
	// "pairs" (of decisions), "acquires" (in place of releases of what was never acquired) or "order".
	Pass string

	Removed   []int    // decisions, by index among those given
	Replaced  []int    // likewise; another decision took their place
	Instances []string // removed
	Settings  []string // made what they are by default: "increments of a"
	Moved     int      // decisions that do not follow the same one as before

	Tried     int // candidates
	Decisions int // that remain
}

func (s *shrinker) pass(p pass) {
	if s.halted() {
		return
	}
	before, effort := s.point.clone(), s.effort
	p.do(s)
	if s.improved != effort.improved {
		s.log(p.name, &before, effort.tried)
	}
}

// log takes down what was done since, and since how many were tried. Acts of no kind
// stand for what was given.
func (s *shrinker) log(name string, before *point, tried int) {
	step := Step{Pass: name, Tried: s.tried - tried, Decisions: len(s.acts)}
	at := make([]int, s.given) // by origin: place among the acts, from 1
	for i := range s.acts {
		at[s.acts[i].origin] = i + 1
	}
	follows := -1 // where the last decision that is still there is now
	for _, a := range before.acts {
		now := at[a.origin] - 1
		switch {
		case now < 0:
			step.Removed = append(step.Removed, int(a.origin))
			continue
		case a.kind != sim.NoDecision && s.acts[now] != a:
			step.Replaced = append(step.Replaced, int(a.origin))
		}
		if now != follows+1 {
			step.Moved++
		}
		follows = now
	}
	step.Instances, step.Settings = s.changes(before.setup)
	s.steps = append(s.steps, step)
}

// changes is which instances of a cluster are gone, and which settings have changed.
func (s *shrinker) changes(before setup) (gone, changed []string) {
	now := s.setup
	if now.cluster.ClientLatency != before.cluster.ClientLatency {
		changed = append(changed, "client-latency")
	}
	p := 0
	for old, i := range before.cluster.Instances {
		if p == len(now.origin) || now.origin[p] != before.origin[old] {
			gone = append(gone, i.Name)
			continue
		}
		is := now.cluster.Instances[p]
		p++
		for _, setting := range settings {
			if setting.value(&is) != setting.value(&i) {
				changed = append(changed, setting.name+" of "+i.Name)
			}
		}
	}
	return gone, changed
}

// Need says what happens when a decision is left out, and all others are made as
// far as they are possible.
type Need struct {
	Kept bool // the property; always, in a minimal result

	// Impossible are the later decisions that cannot be made then, by index.
	Impossible []int

	// Operation is the number of the first operation whose client is told
	// something else than in the full run, or 0. Was is what the client is told
	// there, Is what it is told then: NoOutcome means nothing.
	Operation int
	Was, Is   Told
}

// Told is what a client was told: the outcome and, as far as it says, who holds
// the lock.
type Told struct {
	Outcome protocol.Outcome
	Holder  protocol.Holder
}

// needs says of every act what happens without it.
func (s *shrinker) needs() []Need {
	r := &s.replay
	r.run(s.setup, s.acts)
	ops, was := slices.Clone(r.ops), r.told()
	list := make([]Need, len(s.acts))
	for i := range s.acts {
		n := &list[i]
		s.scratch = append(append(s.scratch[:0], s.acts[:i]...), s.acts[i+1:]...)
		n.Kept = !r.run(s.setup, s.scratch)
		for later, kept := i+1, i; later < len(s.acts) && n.Kept; later++ {
			if kept < len(r.kept) && r.kept[kept].origin == s.acts[later].origin {
				kept++
			} else {
				n.Impossible = append(n.Impossible, later)
			}
		}
		is := r.told()
		if at := slices.IndexFunc(ops, func(op int32) bool { return was[op] != is[op] }); at >= 0 {
			n.Operation, n.Was, n.Is = at+1, was[ops[at]], is[ops[at]]
		}
	}
	return list
}

// told is what the clients were told in the run, by operation; nothing of one that is not called.
func (r *replay) told() map[int32]Told {
	told := map[int32]Told{}
	for n, op := range r.ops {
		o := r.world.Operation(n + 1)
		told[op] = Told{o.Outcome, o.Holder}
	}
	return told
}
