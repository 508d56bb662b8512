package swarm

import (
	"testing"

	"pgregory.net/rapid"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/trace"
)

func rulesOf(t testing.TB, edition string) protocol.Rules {
	e, ok := protocol.EditionByName(edition)
	if !ok {
		t.Fatalf("there is no edition %q", edition)
	}
	return e.Rules
}

func knobsOf(t testing.TB, profile string) Knobs {
	p, ok := ProfileByName(profile)
	if !ok {
		t.Fatalf("there is no profile %q", profile)
	}
	return p.Knobs
}

func settingOf(t testing.TB, edition, profile string) *Setting {
	return &Setting{Rules: rulesOf(t, edition), Knobs: knobsOf(t, profile)}
}

// draw makes p the plan of a seed.
func draw(p *Plan, set *Setting, seed uint64) *Plan {
	p.Draw(set, seed, nil)
	return p
}

// eventsOf runs a plan and returns what happened.
func eventsOf(p *Plan) []trace.Event {
	var log trace.Log
	run := sim.NewTimed(&p.Cluster, &p.Timetable)
	run.World().Observe(&log)
	run.Run()
	return log.Events
}

// anyKnobs is any setting of the knobs within their bounds: many are off, many are
// at an end of what is possible.
func anyKnobs(t *rapid.T) Knobs {
	var k Knobs
	for knob, info := range knobTable {
		value := rapid.OneOf(
			rapid.Just(info.Least),
			rapid.Just(info.Most),
			rapid.Uint64Range(info.Least, info.Most),
			rapid.Uint64Range(info.Least, min(info.Least+20, info.Most)),
		)
		if rapid.IntRange(0, 2).Draw(t, info.Name+" is on") == 0 {
			continue
		}
		a := value.Draw(t, info.Name)
		b := a
		if rapid.Bool().Draw(t, info.Name+" varies") {
			b = value.Draw(t, info.Name)
		}
		k[knob] = Span{min(a, b), max(a, b)}
	}
	return k
}

// chosen is a source that rapid looks for small examples in.
type chosen struct{ t *rapid.T }

func (c chosen) Below(n uint64) uint64 { return rapid.Uint64Range(0, n-1).Draw(c.t, "draw") }

// least is the source of the simplest plan.
type least struct{}

func (least) Below(uint64) uint64 { return 0 }

// most is a source that always draws the largest.
type most struct{}

func (most) Below(n uint64) uint64 { return n - 1 }

// violated lists the properties that verdicts say are broken.
func violated(verdicts []check.Verdict) []check.Verdict {
	var list []check.Verdict
	for _, v := range verdicts {
		if v.State == check.Violated {
			list = append(list, v)
		}
	}
	return list
}
