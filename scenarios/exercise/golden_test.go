package exercise

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"skinny/scenarios"
)

var update = flag.Bool("update", false, "write the golden files anew")

// What is said of every demand of a solution, and of exercises whose search is cut short, is
// what testdata/said.golden says.
func TestSaid(t *testing.T) {
	var b strings.Builder
	orders := rescue + "exercise: {task: x, change: [rules], want: [{every-order: mutual-exclusion}, {moves: 1}, {holder: alice, on: majority}, {instance: b, up: true}]}\n"
	for _, c := range []struct{ exercise, solution string }{
		{asNetwork, network + winners}, {asNetwork, network}, {asNetwork, network + "  deliver promise-request a -> b\n" + winners},
		{asRescue, rescue + "messages: [{drop: promise-request, from: a, to: b, nth: 1}]\n"}, {asMend, "rules: {ack-majority: on, durable: on}\n" + rescue},
		{asPredict, rescue}, {asPredict, rescue + "expect: [{operation: 1, outcome: acquired}, {property: mutual-exclusion, is: kept}]\n"},
		{asMystery, "edition: sound\nrules: {refuse-stale: off}\n" + rescue}, {asMystery, "edition: sound\nrules: {adopt: off}\n" + rescue},
		{orders, "explore: {losses: 0, timeouts: 1}\n" + rescue}, {orders, "rules: {ack-majority: on}\n" + rescue}, {orders, "rules: {ack-majority: on, adopt: off}\n" + rescue}, {orders, "nothing: 1\n" + rescue},
	} {
		f, err := scenarios.Decode("test.yaml", []byte(c.solution))
		if err != nil {
			fmt.Fprintf(&b, "%v\n", firstLine(err))
			continue
		}
		m := prepared(t, c.exercise).Judge(f, Usual())
		fmt.Fprintf(&b, "%s\n", said(m))
		for _, d := range m.Demands {
			fmt.Fprintf(&b, "  %s: %v, %v, %q\n", d.Text, d.Met, d.Unknown, d.Got)
		}
	}
	const impossible = network + "  deliver commit-request a -> c\nexercise: {task: x, change: [expect], want: [{operation: 1, predict: [outcome]}]}\n"
	const everyOrder = rescue + "exercise:\n  task: x\n  change: [rules]\n  want: [{every-order: mutual-exclusion}]\n  par: 1\n"
	for _, states := range []uint64{1, 30, 1000} {
		for _, text := range []string{asNetwork, strings.Replace(asNetwork, "par: 6", "", 1), strings.Replace(asNetwork, "par: 6", "par: 4", 1), asRescue, strings.Replace(asRescue, "par: 1", "", 1), asMystery,
			everyOrder, impossible, strings.Replace(everyOrder, "mutual-exclusion}", "mutual-exclusion}, {operation: 2, outcome: acquired}", 1), strings.Replace(asRescue, "[drop]", "[drop, delay]", 1)} {
			l := Usual()
			l.States = states
			found, said := prepared(t, text).Lint(l)
			fmt.Fprintf(&b, "%d states: %v %q\n", states, found, said)
		}
	}
	for _, most := range []int{0, 1} {
		l := Usual()
		l.States = 10_000
		f := prepared(t, everyOrder).Shortest(most, l)
		fmt.Fprintf(&b, "at most %d: %v, %d, %d, %v, %s\n", most, f.Solution != nil, f.Moves, f.Least, f.All, f.Why)
	}
	const path = "testdata/said.golden"
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("%s differs; go test -update writes it anew, then read the diff. It is now\n%s", path, b.String())
	}
}
