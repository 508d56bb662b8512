package history

import (
	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/trace"
)

// Act is a decision taken by hand.
type Act struct {
	After    int // the point at which it is taken, the end of a step
	Decision sim.Decision
	Delay    trace.Time // if positive, what the decision names is put off by it, and nothing else is done
	events   int        // that it made
}

// player is a scheduler that can be copied, and takes acts.
type player struct {
	timed     *sim.Timed
	scheduled *sim.Scheduled
	acts      int // taken so far, of its branch
}

func newPlayer(s *scenarios.Scenario) *player {
	r := s.Start()
	return &player{timed: r.Timed, scheduled: r.Scheduled}
}

func (p *player) copy() *player {
	c := &player{acts: p.acts}
	if p.timed != nil {
		c.timed = &sim.Timed{}
		c.timed.CopyFrom(p.timed)
	} else {
		c.scheduled = &sim.Scheduled{}
		c.scheduled.CopyFrom(p.scheduled)
	}
	return c
}

func (p *player) world() *sim.World {
	if p.timed != nil {
		return &p.timed.World
	}
	return &p.scheduled.World
}

func (p *player) events() int { return p.world().Events() }

func (p *player) ending() sim.Ending {
	if p.timed != nil {
		return p.timed.Ending()
	}
	return p.scheduled.Ending()
}

func (p *player) step() bool {
	if p.timed != nil {
		return p.timed.Step()
	}
	return p.scheduled.Step()
}

// act takes an act. It reports false, and does nothing, if that is not possible.
func (p *player) act(a *Act) bool {
	switch {
	case a.Delay > 0:
		if p.timed == nil || !p.timed.Delay(&a.Decision, a.Delay) {
			return false
		}
	case p.timed != nil:
		if !p.timed.Act(&a.Decision) {
			return false
		}
	case !p.scheduled.Act(&a.Decision):
		return false
	}
	p.acts++
	return true
}

// record makes f be told every decision.
func (p *player) record(f func(sim.Decision)) {
	if p.timed != nil {
		p.timed.Record = f
	} else {
		p.scheduled.Record = f
	}
}

// play goes on to a point, with the acts of a branch at their places. It stops at
// the end of the step that the point is in.
func (p *player) play(acts []Act, point int) {
	for {
		if p.acts < len(acts) && acts[p.acts].After == p.events() {
			a := acts[p.acts] // a copy, since whoever is told may keep it
			if p.events() >= point && a.events > 0 {
				return
			}
			if !p.act(&a) {
				panic("history: an act that was possible is not any more")
			}
			continue
		}
		if p.events() >= point || !p.step() {
			return
		}
	}
}
