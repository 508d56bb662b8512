package counterexample

import (
	"slices"
	"strings"
	"testing"

	"skinny/sim/check"
	"skinny/sim/prose"
	"skinny/sim/swarm"
)

// shapeOf is the shape of a scenario that breaks a property.
func shapeOf(t *testing.T, property, text string) string {
	t.Helper()
	s := read(t, []byte("format: 1\n"+text))
	c := &Case{Scenario: s, Verdict: check.Verdict{Property: property, State: check.Violated, Event: 7, Why: prose.Of("so")}}
	return c.Shape()
}

const twoWinners = `instances: [a, b, c]
schedule: |
  @0ms acquire alice via a
  @10ms deliver promise-request a -> c #1
  @20ms deliver promise-response c -> a #1
  @520ms timeout a
  @520ms acquire bob via b
  @530ms crash b host down
  @530ms cut a <-> c
  @530ms partition a c | b
`

func TestShape(t *testing.T) {
	const property = "mutual-exclusion"
	shape := shapeOf(t, property, twoWinners)
	same := `seed: 8
instances: [{name: x, timeout: 20ms}, {name: y, increment: 7}, {name: z}]
schedule: |
  acquire zoe via z
  deliver promise-request z -> x #1
  deliver promise-response x -> z #1
  timeout z
  @3s acquire yann via y
  crash y host down
  cut z <-> x
  partition x z | y
`
	if got := shapeOf(t, property, same); got != shape {
		t.Errorf("with other names, positions and times:\n%s\n%s", got, shape)
	}
	if shapeOf(t, "agreement", twoWinners) == shape {
		t.Error("another property has the same shape")
	}
	known := map[string]string{shape: "the original"}
	for _, change := range [][2]string{
		{"acquire bob", "release bob"},
		{"acquire bob", "acquire alice"},
		{"bob via b", "bob via a"},
		{"a -> c", "a -> b"},
		{"deliver promise-request", "drop promise-request"},
		{"promise-response c -> a", "commit-response c -> a"},
		{"timeout a", "timeout b"},
		{"b host down", "b host up"},
		{"crash b", "crash c"},
		{"a <-> c", "a -> c"},
		{"a c | b", "a b | c"},
		{"  @520ms timeout a\n", ""},
	} {
		got := shapeOf(t, property, strings.Replace(twoWinners, change[0], change[1], 1))
		if known[got] != "" {
			t.Errorf("%q has the shape of %q", change, known[got])
		}
		known[got] = strings.Join(change[:], " -> ")
	}
}

func TestShapeOfProgress(t *testing.T) {
	const timeline = `instances: [a, b, c]
timeline:
  - {at: 1ms, acquire: alice, via: a}
  - {at: 2ms, isolate: b}
  - {at: 9ms, heal: b}
progress: {from: 1s, within: 1s}
`
	shape := shapeOf(t, check.ProgressName, timeline)
	same := `instances: [a, b, c]
network: {latency: 3ms}
timeline:
  - {at: 10ms, acquire: bob, via: c}
  - {at: 20ms, isolate: a}
  - {at: 90ms, heal: a}
progress: {from: 2s, within: 3s}
`
	if got := shapeOf(t, check.ProgressName, same); got != shape {
		t.Errorf("with other names, positions and times:\n%s\n%s", got, shape)
	}
	for _, other := range []string{
		strings.Replace(timeline, "isolate: b", "pause: b", 1),
		strings.Replace(timeline, "timeline:", "network: {clogs: [{at: 1s, for: 1s}]}\ntimeline:", 1),
		strings.Replace(timeline, "timeline:", "messages: [{drop: commit-request}]\ntimeline:", 1),
	} {
		if shapeOf(t, check.ProgressName, other) == shape {
			t.Errorf("another failure has the same shape:\n%s", other)
		}
	}
}

// Seeds that fail alike give few shapes.
func TestShapesOfSeeds(t *testing.T) {
	for _, c := range []struct {
		edition, profile, property string
		most                       int
	}{
		{"published", "none", "acknowledged", 2},
		{"sequential", "none", check.ProgressName, 6},
	} {
		set := settingOf(t, c.edition, "", c.profile)
		trial := swarm.NewTrial(set)
		cases, shapes := 0, map[string]int{}
		for seed := uint64(1); cases < 20; seed++ {
			if slices.ContainsFunc(trial.Run(seed), func(v check.Verdict) bool {
				return v.Property == c.property && v.State == check.Violated
			}) {
				cases++
				r := recorded(set, c.edition, seed, c.property)
				r.Exactly = true
				shapes[makeOf(t, r).Shape()]++
			}
		}
		if len(shapes) > c.most {
			t.Errorf("%s: %d failures have %d shapes, want at most %d: %v", c.edition, cases, len(shapes), c.most, shapes)
		}
	}
}
