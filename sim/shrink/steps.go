package shrink

import (
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

// mark is what a step needs to know of an act.
type mark struct {
	origin   int32
	kind     sim.DecisionKind // NoDecision: as the given one's
	role     int32
	decision *sim.Decision
}

func markOf(a *act) mark { return mark{a.origin, a.kind, a.role, a.decision} }

// state is what a step is told from.
type state struct {
	origins         []mark
	setup           setup
	tried, improved int
}

func (s *shrinker) state() state {
	before := state{setup: s.setup, tried: s.tried, improved: s.improved}
	for i := range s.acts {
		before.origins = append(before.origins, markOf(&s.acts[i]))
	}
	return before
}

// pass does one pass and takes down what it did.
func (s *shrinker) pass(p pass) {
	if s.halted() {
		return
	}
	before := s.state()
	p.do(s)
	if s.improved != before.improved {
		s.log(p.name, before)
	}
}

// log takes down what was done since.
func (s *shrinker) log(name string, before state) {
	step := Step{Pass: name, Tried: s.tried - before.tried, Decisions: len(s.acts)}
	at := make([]int, s.given) // by origin: place among the acts, from 1
	for i := range s.acts {
		at[s.acts[i].origin] = i + 1
	}
	follows := none // where the last decision that is still there is now
	for _, m := range before.origins {
		now := at[m.origin] - 1
		switch {
		case now == none:
			step.Removed = append(step.Removed, int(m.origin))
			continue
		case m.kind != sim.NoDecision && markOf(&s.acts[now]) != m:
			step.Replaced = append(step.Replaced, int(m.origin))
		}
		if now != follows+1 {
			step.Moved++
		}
		follows = now
	}
	step.Instances, step.Settings = s.changes(before.setup)
	s.steps = append(s.steps, step)
}

// changes is what became of a cluster: the names of the instances that are gone,
// and the settings that changed.
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
	was := r.told()
	origins := make([]int32, len(s.acts))
	for i := range s.acts {
		origins[i] = s.acts[i].origin
	}
	list := make([]Need, len(s.acts))
	for i := range s.acts {
		n := &list[i]
		s.scratch = append(append(s.scratch[:0], s.acts[:i]...), s.acts[i+1:]...)
		n.Kept = !r.run(s.setup, s.scratch)
		for later, kept := i+1, i; later < len(s.acts) && n.Kept; later++ {
			if kept < len(r.kept) && r.kept[kept].origin == origins[later] {
				kept++
			} else {
				n.Impossible = append(n.Impossible, later)
			}
		}
		n.compare(was, r.told())
	}
	return list
}

// toldOf is what the client of an operation was told.
type toldOf struct {
	op int32
	Told
}

// told is what the clients were told in the run, by operation number.
func (r *replay) told() []toldOf {
	list := make([]toldOf, r.world.Operations())
	for n := range list {
		o := r.world.Operation(n + 1)
		list[n] = toldOf{r.ops[n], Told{o.Outcome, o.Holder}}
	}
	return list
}

// compare finds the first operation whose client is told something else.
func (n *Need) compare(was, is []toldOf) {
	for number, before := range was {
		var now Told // nothing, if it was not called
		for _, t := range is {
			if t.op == before.op {
				now = t.Told
			}
		}
		if now != before.Told {
			n.Operation, n.Was, n.Is = number+1, before.Told, now
			return
		}
	}
}
