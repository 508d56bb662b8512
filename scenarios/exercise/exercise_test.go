package exercise

import (
	"strings"
	"testing"

	"skinny/scenarios"
)

// decoded reads a scenario.
func decoded(t *testing.T, text string) *scenarios.File {
	t.Helper()
	f, err := scenarios.Decode("test.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// prepared reads an exercise.
func prepared(t *testing.T, text string) *Exercise {
	t.Helper()
	s, err := decoded(t, text).Compile(scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	return Of(s)
}

const (
	network = "format: 1\ninstances: [a, b, c]\nschedule: |\n  acquire alice via a\n  acquire bob via b\n"
	rescue  = "format: 1\ninstances: [a, b, c]\ntimeline:\n  - {at: 0ms, acquire: alice, via: a}\n  - {at: 5ms, acquire: bob, via: b}\n"
	winners = `  deliver promise-request a -> c
  deliver promise-response c -> a
  deliver promise-request b -> c
  deliver promise-response c -> b
  timeout a
  timeout b
`
	asNetwork  = network + "exercise:\n  task: x\n  change: [schedule]\n  allow: [deliver, timeout]\n  want: [{property: mutual-exclusion, is: violated}, {operation: 2, outcome: acquired}]\n  par: 6\n"
	asRescue   = rescue + "exercise:\n  task: x\n  change: [messages]\n  allow: [drop]\n  want: [{property: mutual-exclusion, is: kept}]\n  par: 1\n"
	asMend     = rescue + "exercise:\n  task: x\n  change: [rules]\n  want: [{property: mutual-exclusion, is: kept}, {moves: 1}]\n  par: 1\n"
	asFlexible = rescue + "exercise:\n  task: x\n  change: [quorums]\n  want: [{operation: 1, outcome: released}]\n"
	asPredict  = rescue + "exercise:\n  task: x\n  change: [expect]\n  want: [{operation: 1, predict: [outcome, holder]}, {instance: c, predict: [promised]}, {property: mutual-exclusion, predict: [is]}]\n"
	asMystery  = "edition: sound\nrules: {adopt: off}\n" + rescue + "exercise:\n  task: x\n  change: [rules]\n  want: [{predict: [rules]}]\n"
)

// Solutions are judged by what they change, do and say; what is no solution says why.
func TestJudge(t *testing.T) {
	for _, c := range []struct{ name, exercise, solution, want string }{
		{"shortest", asNetwork, network + winners, "solved, 6 moves, 3 of 3"},
		{"one move more", asNetwork, network + "  deliver promise-request a -> b\n" + winners, "solved, 7 moves, 2 of 3"},
		{"nothing done", asNetwork, network, "not solved, 0 moves, 0 of 3"},
		{"only one of two demands", asNetwork, network + strings.Replace(winners, "  timeout a\n", "", 1), "not solved, 5 moves, 1 of 3"},
		{"with times", asNetwork, strings.ReplaceAll(network+winners, "  deliver", "  @20ms deliver"), "solved, 6 moves, 3 of 3"},
		{"a decision that is not allowed", asNetwork, network + "  drop promise-request a -> c\n", "not allowed: drop promise-request a -> c"},
		{"another call", asNetwork, network + "  acquire carol via c\n", "not allowed: acquire carol via c"},
		{"a call left out", asNetwork, strings.Replace(network, "  acquire bob via b\n", "", 1), "what is given is missing, or comes in another order: acquire bob via b"},
		{"other instances", asNetwork, strings.Replace(network, "[a, b, c]", "[a, b, c, d]", 1) + winners, "not as given: instances"},
		{"another edition", asNetwork, "edition: sound\n" + network + winners, "not as given: edition"},
		{"rules", asNetwork, "rules: {durable: on}\n" + network + winners, "not as given: rules"},
		{"what means the same", asNetwork, "edition: published\nseed: 0\nrules: {durable: off}\n" + network + winners, "solved, 6 moves, 3 of 3"},
		{"settle", asNetwork, network + winners + "then: settle\n", "not as given: then"},
		{"a timeline instead", asNetwork, rescue, "not as given: timeline"},
		{"impossible", asNetwork, network + "  wake a\n", "not allowed: wake a"},
		{"impossible", asNetwork, network + "  deliver commit-request a -> c\n", "decision 3 of the schedule is impossible at 2us: deliver commit-request a -> c"},
		{"more events than are given", strings.Replace(asNetwork, "schedule:", "events: 7\nschedule:", 1), strings.Replace(network, "schedule:", "events: 7\nschedule:", 1) + winners, "its run does not end within 7 events"},
		{"a property that is judged on demand", strings.Replace(asMend, "want: [", "want: [{property: linearizable-reads, is: kept}, ", 1), "rules: {ack-majority: on}\n" + rescue, "solved, 1 move, 4 of 4"},
		{"claims of its own", asNetwork, network + winners + "expect: [{property: mutual-exclusion, is: kept}]\n", "solved, 6 moves, 3 of 3"},

		{"one message", asRescue, rescue + "messages: [{drop: promise-request, from: a, to: c, nth: 1}]\n", "solved, 1 move, 2 of 2"},
		{"two messages", asRescue, rescue + "messages: [{drop: promise-request, from: a, to: c, nth: 1}, {drop: commit-request, from: a, to: c, nth: 1}]\n", "solved, 2 moves, 1 of 2"},
		{"the wrong one", asRescue, rescue + "messages: [{drop: promise-request, from: a, to: b, nth: 1}]\n", "not solved, 1 move, 0 of 2"},
		{"every one", asRescue, rescue + "messages: [{drop: promise-request, from: a, to: c}]\n", "drop promise-request is more than one message: give from, to and nth"},
		{"from anybody", asRescue, rescue + "messages: [{drop: promise-request, to: c, nth: 1}]\n", "drop promise-request is more than one message: give from, to and nth"},
		{"to anybody", asRescue, rescue + "messages: [{drop: promise-request, from: a, nth: 1}]\n", "drop promise-request is more than one message: give from, to and nth"},
		{"another fate", asRescue, rescue + "messages: [{delay: promise-request, from: a, to: c, nth: 1, by: 1s}]\n", "not allowed: delay promise-request"},
		{"a crash", asRescue, rescue + "  - {at: 6ms, crash: a}\n", "not as given: timeline"},
		{"a demand of progress", asRescue, rescue + "progress: {from: 1s, within: 1s}\n", "not as given: progress"},
		{"a link", asRescue, rescue + "network: {links: [{from: a, to: c, loss: 100%}]}\n", "not as given: network"},

		{"the rule", asMend, "rules: {ack-majority: on}\n" + rescue, "solved, 1 move, 3 of 3"},
		{"a rule too many", asMend, "rules: {ack-majority: on, durable: on}\n" + rescue, "not solved, 2 moves, 1 of 3"},
		{"a rule for one instance", asMend, strings.Replace(rescue, "[a,", "[{name: a, rules: {ack-majority: on}},", 1), "not as given: instances"},

		{"a rule turned off", strings.Replace(asMend, "change: [rules]", "change: [rules]\n  allow: [turn-on]", 1), "rules: {timeouts: off}\n" + rescue, "not allowed: turn-off timeouts"},
		{"a rule turned on", strings.Replace(asMend, "change: [rules]", "change: [rules]\n  allow: [turn-on]", 1), "rules: {ack-majority: on}\n" + rescue, "solved, 1 move, 3 of 3"},

		{"a quorum", asFlexible, "quorums: {commit: 3}\n" + rescue, "not solved, 1 move, 0 of 1"},
		{"the other quorum", asFlexible, "quorums: {promise: 3}\n" + rescue, "not solved, 1 move, 0 of 1"},
		{"both quorums", asFlexible, "quorums: {promise: 3, commit: 1}\n" + rescue, "not solved, 2 moves, 0 of 1"},

		{"right", asPredict, rescue + "expect: [{operation: 1, outcome: acquired, holder: alice}, {instance: c, promised: 2}, {property: mutual-exclusion, is: violated}]\n", "solved, 0 moves, 3 of 3"},
		{"half of it", asPredict, rescue + "expect: [{operation: 1, outcome: acquired}, {instance: c, promised: 2}, {property: mutual-exclusion, is: violated}]\n", "not solved, 0 moves, 2 of 3"},
		{"everything at once", asPredict, rescue + "expect: [{property: mutual-exclusion, is: violated}, {property: mutual-exclusion, is: kept}]\n", "not solved, 0 moves, 0 of 3"},
		{"everything at once, the right one last", asPredict, rescue + "expect: [{property: mutual-exclusion, is: kept}, {property: mutual-exclusion, is: violated}]\n", "not solved, 0 moves, 0 of 3"},
		{"nothing", asPredict, rescue, "not solved, 0 moves, 0 of 3"},

		{"the rule that is off", asMystery, "edition: sound\nrules: {adopt: off}\n" + rescue, "solved, 0 moves, 1 of 1"},
		{"another one", asMystery, "edition: sound\nrules: {refuse-stale: off}\n" + rescue, "not solved, 0 moves, 0 of 1"},
		{"that and another one", asMystery, "edition: sound\nrules: {adopt: off, refuse-stale: off}\n" + rescue, "not solved, 0 moves, 0 of 1"},
		{"none", asMystery, "edition: sound\n" + rescue, "not solved, 0 moves, 0 of 1"},
		{"another timeline", asMystery, "edition: sound\n" + strings.Replace(rescue, "5ms", "6ms", 1), "not as given: timeline"},
	} {
		x := prepared(t, c.exercise)
		if got := said(x.Judge(decoded(t, c.solution), Usual())); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func said(m *Mark) string {
	if m.Wrong != "" {
		return m.Wrong
	}
	return m.String()
}

// What a prediction should have been is not told.
func TestPredictionsKeepTheirSecret(t *testing.T) {
	x := prepared(t, asPredict)
	m := x.Judge(decoded(t, rescue+"expect: [{operation: 1, outcome: refused, holder: bob}, {instance: c, promised: 7}, {property: mutual-exclusion, is: kept}]\n"), Usual())
	for _, d := range m.Demands {
		if d.Met || d.Got != "" {
			t.Errorf("%+v", d)
		}
	}
}

// A run that does not end, and a search that may not go on, are no solutions.
func TestLimits(t *testing.T) {
	x := prepared(t, asRescue)
	l := Usual()
	l.Events = 5
	if m := x.Judge(decoded(t, rescue), l); m.Wrong != "its run does not end within 5 events" || m.Points != 0 {
		t.Errorf("%+v", m)
	}
	x = prepared(t, rescue+"exercise: {task: x, change: [rules], want: [{every-order: mutual-exclusion}]}\n")
	l = Usual()
	l.States = 10
	m := x.Judge(decoded(t, "rules: {ack-majority: on}\n"+rescue), l)
	if d := m.Demands[0]; d.Met || !d.Unknown || m.Solved || !strings.HasPrefix(d.Got, "not known after ") {
		t.Errorf("%+v", m)
	}
}
