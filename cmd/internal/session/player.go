package session

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

// player is a run that can be copied, and takes acts.
type player struct {
	sim.Runner
	acts int // taken so far, of its branch
}

func newPlayer(s *scenarios.Scenario) *player { return &player{Runner: s.Start().Runner} }

func (p *player) copy() *player { return &player{p.Copy(), p.acts} }

func (p *player) events() int { return p.World().Events() }

// timed reports whether what is pending has a moment.
func (p *player) timed() bool {
	_, ok := p.Runner.(*sim.Timed)
	return ok
}

// act takes an act. It reports false, and does nothing, if that is not possible.
func (p *player) act(a *Act) bool {
	done := false
	if a.Delay > 0 {
		done = p.Delay(&a.Decision, a.Delay)
	} else {
		done = p.Act(&a.Decision)
	}
	if done {
		p.acts++
	}
	return done
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
				panic("session: an act that was possible is not any more")
			}
			continue
		}
		if p.events() >= point || !p.Step() {
			return
		}
	}
}
