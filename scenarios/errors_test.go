package scenarios

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// cluster is the beginning of a file, so that a wrong input shows only what is
// wrong with it. It has four lines.
const cluster = "format: 1\ntitle: Wrong\ninstances: [london, oregon, spaulo]\n"

// wrong is inputs that are not scenarios, each with everything that is said.
var wrong = []struct{ name, text string }{
	{"empty", ""},
	{"only comments", "# nothing\n# to see\n"},
	{"only a document marker", "---\n"},
	{"a list", "- format: 1\n"},
	{"a word", "scenario\n"},
	{"second document", cluster + "---\nformat: 1\n"},
	{"content after the end", cluster + "...\nformat: 1\n"},
	{"nothing required", "title: x\n"},
	{"unknown keys", cluster + "tiemline: []\nzzz: 1\n"},
	{"duplicate keys", cluster + "seed: 1\ntitle: again\nnetwork: {loss: 1%, loss: 2%}\n"},
	{"unknown format", "format: 2\ninstances: [a, b]\n"},
	{"format as text", "format: '1'\ninstances: [a, b]\n"},
	{"null values", "format: 1\ntitle:\ninstances:\nnetwork:\n  latency:\ntimeline:\nseed:\nschedule:\nedition:\n"},

	{"anchor, alias, tag, merge key", "format: 1\ntitle: &x A\nabout: *x\ninstances: !list [a, b]\nnetwork: {<<: {loss: 1%}}\nseed: !!int 3\n"},
	{"unknown alias", cluster + "messages:\n  - {drop: commit-request, from: *any}\n"},
	{"bare star", cluster + "messages:\n  - {drop: commit-request, from: *, to: london}\n"},
	{"bare ampersand", cluster + "timeline:\n  - {at: 0s, acquire: & x, via: london}\n"},
	{"bare exclamation mark", cluster + "timeline:\n  - {at: 0s, acquire: !<x, via: london}\n"},
	{"directive", "%SKINNY 1\n---\n" + cluster},
	{"list as a key", cluster + "[a, b]: 1\n"},
	{"mapping as a key", cluster + "? {a: b}\n: 1\n"},

	{"tab as indentation", "format: 1\nnetwork:\n\tlatency: 10ms\n"},
	{"tab before the first key", "\tformat: 1\n"},
	{"tab in a block", "format: 1\nabout: |\n  x\n\ty\n"},
	{"bad indentation", "format: 1\n title: x\n"},
	{"bad indentation of a list", "format: 1\ninstances:\n  - a\n - b\n"},
	{"colon in a text", "format: 1\ntitle: Winners: two\n"},
	{"no space after the colon", "format: 1\ntitle:x\ninstances: [a, b]\n"},
	{"unclosed list", "format: 1\ninstances: [a, b\nseed: 1\n"},
	{"unclosed list at the end", "format: 1\ninstances: [a, b\n"},
	{"unclosed mapping", "format: 1\ninstances:\n  - {name: a\n  - b\n"},
	{"unclosed quote", "format: 1\ntitle: \"x\ninstances: [a, b]\n"},
	{"bad escape", "format: 1\ntitle: \"\\q\"\n"},
	{"bad start", "format: 1\ntitle: @home\n"},
	{"bad start with a backquote", "format: 1\ntitle: `x`\n"},
	{"bad hexadecimal digits", "format: 1\ntitle: \"\\xzz\"\n"},
	{"comment without a space", "format: 1\ntitle: \"x\"#c\n"},
	{"tag with a handle", "format: 1\ntitle: !y!z x\n"},
	{"quote up to the next document", "format: 1\ntitle: \"x\n---\n"},
	{"single quote up to the end", "format: 1\ntitle: 'x\n\n"},
	{"bar with an indentation of 0", "format: 1\nabout: |0\n  x\n"},
	{"question mark", "format: 1\ntitle: ? x\n"},
	{"list on the line of a key", "format: 1\ninstances: - a\n"},
	{"lone text between keys", "format: 1\ntitle\ninstances: [a, b]\n"},
	{"unclosed mapping on a line", "format: 1\nnetwork: {loss: 1%\nseed: 1\n"},
	{"text after a document marker", "format: 1\n... x\n"},
	{"entry without a dash", "format: 1\ninstances:\n  - a\n  b\n"},
	{"empty texts where numbers and times stand", cluster + "seed: ''\nuntil: ''\nevents: \"\"\nnetwork: {loss: '', latency: ''}\n"},
	{"quoted words where switches stand", cluster + "rules: {durable: 'on', adopt: [on], yield: , majority: 'true'}\n"},
	{"null where words stand", cluster + "edition: null\nthen: null\nexpect:\n  - {holder: null, on: null}\n"},
	{"no link and half a link", cluster + "network:\n  links:\n    - {loss: 1%}\n    - {from: '', loss: 1%}\n    - {to: '', loss: 1%}\n    - {from: '*', to: '*', loss: 1%}\n    - {from: london, to: '*', loss: 1%}\n"},
	{"text after a list", "format: 1\ninstances: [a, b] c\n"},
	{"text after a bar", "format: 1\nabout: | text\n"},
	{"missing entry", "format: 1\ninstances: [a,, b]\n"},
	{"only a bracket", "]"},
	{"deep nesting", cluster + "rules: " + strings.Repeat("[", 5000) + "\n"},
	{"deep nesting in blocks", cluster + "rules:\n" + strings.Repeat("- ", 5000) + "x\n"},

	{"exercise without anything", cluster + "exercise: {}\n"},
	{"exercise with wrong words", cluster + "exercise:\n  task: [x]\n  change: [instances, rule]\n  allow: [delivr]\n  hide: [past]\n  par: 0\n  want:\n" +
		"    - {property: agreement}\n    - {every-order: progres}\n    - {moves: many}\n    - {moves: 3, more: 1}\n    - {every-order: agreement, mvoes: 2}\n    - {predict: [rules], of: london}\n    - {operation: 1}\n    - {instnce: london}\n"},
	{"exercise with wrong demands", cluster + "timeline:\n  - {at: 0s, acquire: alice, via: london}\nexercise:\n  task: x\n  change: [quorums]\n  allow: [drop]\n  want:\n" +
		"    - {operation: 2, outcome: acquired}\n    - {instance: lodnon, up: true}\n    - {operation: 1, predict: [promised]}\n" +
		"    - {operation: 1, instance: london, predict: [holder]}\n    - {predict: [is]}\n"},
	{"exercise with predictions about two things", cluster + "timeline:\n  - {at: 0s, acquire: alice, via: london}\nexercise:\n  task: x\n  change: [expect]\n  want:\n" +
		"    - {operation: 1, property: agreement, predict: [is]}\n    - {instance: london, property: agreement, predict: [is]}\n    - {operation: 1, predict: [up]}\n" +
		"    - {instance: london, predict: [outcome]}\n    - {property: agreement, predict: [holder]}\n    - {property: agreement, predict: [is]}\n"},
	{"exercise that cannot be answered", cluster + "timeline:\n  - {at: 0s, acquire: alice, via: london}\nexercise:\n  task: x\n  change: [quorums]\n  allow: [drop]\n  want:\n" +
		"    - {operation: 2, outcome: acquired}\n    - {operation: 1, predict: [holder]}\n    - {predict: [rules]}\n"},
	{"exercise where nobody can call", cluster + "timeline:\n  - {at: 0s, acquire: alice, via: london}\nexercise:\n  task: x\n  change: [timeline]\n  allow: [crash]\n  want:\n" +
		"    - {operation: 2, outcome: acquired}\n    - {holder: bob, on: all}\n"},
	{"exercise with a schedule and fates", cluster + "schedule: ''\nexercise:\n  task: x\n  change: [messages]\n  want: [{property: progress, is: kept}]\n"},

	{"too large", strings.Repeat("#"+strings.Repeat(" comment", 999)+"\n", MaxSize/7993+1)},
	{"invalid UTF-8", cluster + "about: caf\xe9\n"},
	{"UTF-16", "\xff\xfef\x00o\x00"},
	{"NUL", cluster + "about: \x00\n"},
	{"escape sequence", cluster + "about: \x1b[31mred\n"},
	{"line separator", cluster + "about: x\u2028y\n"},
	{"byte order mark", "\ufeffformat: 1\nxx: 2\n"},
	{"CRLF", "format: 1\r\ntitle: x\r\nxx: 1\r\ninstances: [a, b]\r\nschedule: |\r\n  crash a\r\n  crash x\r\n"},
	{"lone CR", "format: 1\rxx: 1\rinstances: [a, b]\r"},
	{"wide characters", cluster + "timeline:\n  - {at: 0s, acquire: 東京東京, via: osaka}\n  - {at: 0s, acquire: z\u0301o, via: z\u0301}\n"},
	{"tabs within a line", cluster + "timeline:\n  - {at: 0s,\tacquire: bob,\tvia: paris}\n"},
	{"long line", cluster + "timeline: [" + strings.Repeat("{at: 0s, status: oregon}, ", 8) + "{at: 0s, status: paris}, " + strings.Repeat("{at: 0s, status: oregon}, ", 8) + "]\n"},
	{"long line, at its end", cluster + "timeline: [" + strings.Repeat("{at: 0s, status: oregon}, ", 8) + "{at: 0s, status: p}]\n"},

	{"unknown edition", cluster + "edition: publisched\n"},
	{"unknown rules", cluster + "rules: {durabel: on, durable: maybe, fast: off, majority: yes}\n"},
	{"rules as a list", cluster + "rules: [durable]\n"},
	{"numbers", cluster + "seed: 18446744073709551616\nevents: 0\n"},
	{"odd numbers", cluster + "seed: 0x10\nevents: -3\n"},
	{"more odd numbers", cluster + "seed: 1.5\nevents: 1_000\n"},
	{"still more odd numbers", cluster + "seed: 07\nevents: ten\n"},
	{"seed as text", cluster + "seed: '7'\n"},
	{"title is no text", "format: 1\ntitle: 2026\ninstances: [a, b]\nabout: [x]\n"},

	{"texts that a terminal would obey", "format: 1\ntitle: \"\\e[31m\"\ninstances: [a, b]\nabout: \"one\\ntwo\\a\"\n"},
	{"title of two lines", "format: 1\ntitle: |\n  one\n  two\ninstances: [a, b]\n"},

	{"instances as a word", "format: 1\ninstances: a\n"},
	{"an alias for a name", "format: 1\ninstances: [&1st a, *1st]\n"},
	{"cluster of none", "format: 1\ninstances: []\n"},
	{"cluster of one", "format: 1\ninstances: [a]\ntimeline:\n  - {at: 0s, status: b}\n"},
	{"cluster of 65", "format: 1\ninstances: [" + manyNames(65) + "]\n"},
	{"bad names", "format: 1\ninstances: [1st, all, a b, 5, true, 'x*', partition, '', " + strings.Repeat("n", 33) + ", [x]]\ntimeline:\n  - {at: 0s, status: q}\n"},
	{"duplicate instances", "format: 1\ninstances: [a, b, a, {name: b}]\n"},
	{"bad instances", "format: 1\ninstances:\n  - {name: a, increment: 0, timeout: 0s, promise-delay: 14s..0s}\n  - {increment: 3, tiemout: 1s}\n  - {}\n"},

	{"durations", cluster + "until: 10\nnetwork: {latency: -5ms, client-latency: 5 ms, links: [{latency: 1.5}]}\n"},
	{"more durations", cluster + "until: 1m30s\nnetwork: {latency: 0.5ns, client-latency: 99999999h, links: [{latency: fast, to: oregon}, {latency: 0.55ns}, {latency: 1.000000001s}, {latency: 1.0000000001s}]}\n"},
	{"durations of other types", cluster + "until: [1s]\nnetwork: {latency: {a: 1}, client-latency: true}\n"},
	{"ranges", cluster + "network: {latency: 20ms..5ms, links: [{latency: 5..20ms}, {latency: 5ms..}, {latency: 1ms..2}, {latency: 1ms...2ms}]}\n"},
	{"percentages", cluster + "network: {loss: 5, duplication: 101%, links: [{loss: -1%}, {loss: 0.00001%}, {loss: 99999999999999999999%}, {loss: 0.000001%}, {loss: 100.0001%}, {loss: x%}, {loss: .5%}]}\n"},
	{"links", cluster + "network:\n  links:\n    - {from: london, to: london, loss: 1%}\n    - {from: orgeon, to: '*', latency: 1ms}\n    - {from: london}\n    - london -> oregon\n"},

	{"another word for a head", cluster + "timeline:\n  - {at: 0ms, tear: paris}\n"},
	{"unknown instance", cluster + "timeline:\n  - {at: 0ms, acquire: alice, via: oregno}\n  - {at: 0ms, crash: x}\n"},
	{"timeline entries", cluster + "timeline:\n  - {at: 0s}\n  - {acquire: a, via: london}\n  - {at: 0s, acquire: a}\n  - {at: 0s, acquire: a, release: b, via: london}\n  - {at: 0s, aquire: a, via: london}\n  - crash london\n  - {at: 0s, crash: london, host: sideways}\n  - {at: 0s, status: london, via: oregon}\n"},
	{"client names", cluster + "timeline:\n  - {at: 0s, acquire: two words, via: london}\n  - {at: 0s, acquire: '#1', via: london}\n  - {at: 0s, acquire: 7, via: london}\n  - {at: 0s, acquire: '->', via: london}\n  - {at: 0s, acquire: '', via: london}\n  - {at: 0s, acquire: \"a\\tb\", via: london}\n  - {at: 0s, acquire: " + strings.Repeat("x", 65) + ", via: london}\n"},
	{"client timeout", cluster + "timeline:\n  - {at: 0s, acquire: a, via: london, timeout: 0ms}\n  - {at: 0s, acquire: a, via: london, timeout: soon}\n  - {at: 0s, status: london, timeout: 20000h}\n"},
	{"operations out of order", cluster + "timeline:\n  - {at: 5ms, acquire: a, via: london}\n  - {at: 2ms, crash: oregon}\n  - {at: 1ms, acquire: b, via: london}\n"},
	{"cuts", cluster + "timeline:\n  - {at: 0s, cut: london->oregon}\n  - {at: 0s, cut: london}\n  - {at: 0s, mend: london -> london}\n  - {at: 0s, cut: london <-> paris}\n  - {at: 0s, cut: 'londn -> oregon'}\n  - {at: 0s, cut: 'x -> x'}\n  - {at: 0s, cut: [london, oregon]}\n  - {at: 0s, cut: 7}\n"},
	{"heal", cluster + "timeline:\n  - {at: 0s, heal: everything}\n"},
	{"partitions", cluster + "timeline:\n  - {at: 0s, partition: [[london, oregon], [london]]}\n  - {at: 0s, partition: [london, oregon]}\n  - {at: 0s, partition: []}\n  - {at: 0s, partition: [[], [x]]}\n"},
	{"a partition of nothing", cluster + "timeline:\n  - {at: 0s, partition: []}\n"},
	{"a partition of somebody else", cluster + "timeline:\n  - {at: 0s, partition: [[london], [x]]}\n"},

	{"fates", cluster + "messages:\n  - {drop: commit-requests}\n  - {refuse: promise-response}\n  - {delay: promise-request}\n  - {duplicate: promise-request, by: 1s}\n  - {drop: commit-request, from: london, to: london}\n  - {drop: commit-request, nth: 0}\n  - {drop: commit-request, delay: commit-request, by: 1s}\n  - {loose: commit-request}\n  - {drop: failure}\n"},
	{"tails and clogs", cluster + "network:\n  request-loss: 101%\n  tail: {share: 2%}\n  calm-from: 0ms\n  clogs:\n    - {from: london, to: orgeon, at: 1s, for: 1s}\n    - {from: london, to: london, at: 1s, for: 1s}\n    - {at: 1s, for: 0s}\n    - {from: london}\n  links:\n    - {from: london, tail: 2%}\n    - {from: london, tail: {share: 2, latency: 1s..1ms}}\n"},
	{"progress", cluster + "progress: {from: 2s}\n"},
	{"progress of no time", cluster + "progress: {from: 2s, within: 0s, until: 3s}\n"},
	{"progress after the end", cluster + "progress: {from: 2s, within: 1s}\nuntil: 1s\n"},
	{"progress of a schedule", cluster + "progress: {from: 2s, within: 1s}\nschedule: |\n  crash oregon\nexpect:\n  - {property: progress, is: kept}\n"},
	{"progress without a demand", cluster + "expect:\n  - {property: progress, is: violated}\n"},
	{"faults", cluster + "faults: {profile: wild}\n"},
	{"no faults", cluster + "faults: {}\n"},
	{"knobs", cluster + "faults: {los: 1%, loss: 101%, request-loss: 5, tail: 5%..1%, crashes: 1..x, cuts: 2.5, pauses: -1, partitions: 101, isolations: 0..99999999999999999999, think: 0ms..5ms, hold: 20ms..5ms, patience: 2h, duplication: [1%], tail-latency: 5ms..5}\n"},
	{"knobs of other types", cluster + "faults: {profile: [all], crashes: [1], loss: {a: 1%}, hold: [1ms], patience: , cuts: ..3, pauses: 1..}\n"},
	{"knobs of clusters that are drawn", cluster + "faults: {instances: 3..5, timeout: 1s, clients: 2}\n"},
	{"knobs of clients that are not there", cluster + "faults: {operations: 4}\n"},
	{"too few instances", cluster + "faults: {instances: 1}\n"},
	{"schedule with faults", cluster + "faults: {loss: 1%}\nnetwork: {request-loss: 1%, calm-from: 1s, clogs: [{at: 1s, for: 1s}], tail: {share: 1%, latency: 1s}}\nschedule: |\n  crash oregon\n"},
	{"then without a schedule", cluster + "then: settle\n"},
	{"schedule with the rest", cluster + "network: {latency: 1ms, links: [{loss: 1%}]}\ntimeline:\n  - {at: 0s, crash: oregon}\nmessages:\n  - {drop: commit-request}\nuntil: 1s\nschedule: |\n  crash oregon\nthen: rest\n"},

	{"schedule", cluster + `schedule: |
  acquire alice via london
  acquire bob oregon
  acquire c#4 via oregon
  deliver promise-request london -> oregon #0
  deliver promise-requests london -> oregon
  deliver promise-request london => oregon
  deliver promise-request london->oregon #1
  drop promise-request london <-> oregon
  deliver promise-request london ->
  deliver promise-request london -> paris
  deliver promise-request london -> london
  drop commit-request london -> oregon 2
  drop commit-request london -> oregon #1/0
  refuse promise-response london -> oregon

  # nothing to see here
  explode oregon
  timeout
  wake london #9
  give-up
  give-up carol
  give-up alice #2
  give-up alice #4294967295
  deliver call #17
  crash oregon host off
  crash oregon now
  partition london | london
  partition london |
  partition | london
  cut london <-> oregon #1
  heal paris
  @5ms restart oregon
  restart oregon
  @1ms restart oregon
  @5 restart oregon
  @6ms
  status oregon timeout 0s
  acquire dave via oregon timeout
`},
	{"schedule with operations that are not there", cluster + "schedule: |\n  acquire alice via london\n  wake london #2\n  give-up #2\n  give-up bob\n  deliver call alice #2\n"},
	{"schedule, indented more", cluster + "schedule: |4\n      crash paris\n    crash rome\n"},
	{"schedule in quotes", cluster + "schedule: \"crash paris\\ncrash rome\"\n"},
	{"schedule, folded", cluster + "schedule: >\n  crash london\n  crash oregon\n"},
	{"schedule as a list", cluster + "schedule:\n  - crash london\n"},

	{"programs", cluster + "program: {london: mine, paris: mine, oregon: ../mine, london: other, spaulo: " + strings.Repeat("m", 33) + "}\n"},
	{"names of programs", cluster + "program: {london: my program, oregon: dir/mine, spaulo: mine!}\n"},
	{"a list of programs", cluster + "program: [london, mine, oregon]\n"},
	{"a program", cluster + "program: mine\n"},
	{"no program", cluster + "program: {london: , oregon: [mine], spaulo: -x}\n"},

	{"claims", cluster + "timeline:\n  - {at: 0s, acquire: alice, via: london}\nexpect:\n  - {operation: 2, outcome: acquired}\n  - {operation: 0, outcome: acquired}\n  - {operation: 1}\n  - {operation: 1, outcome: won}\n  - {instance: x, id: 1}\n  - {instance: london}\n  - {instance: london, on: all}\n  - {holder: alcie, on: all}\n  - {holder: alice}\n  - {holder: alice, on: most}\n  - {holder: alice, on: 4}\n  - {holder: alice, on: 0}\n  - {property: mutal-exclusion, is: kept}\n  - {property: agreement, is: broken}\n  - {property: agreement}\n  - {outcome: acquired}\n  - acquired\n"},
	{"claims of more instances than there are", cluster + "expect:\n  - {holder: '', on: 3}\n  - {holder: '', on: 4}\n"},
	{"claims without operations", cluster + "expect:\n  - {operation: 1, outcome: acquired}\n  - {holder: bob, on: all}\n"},
	{"lesson", cluster + "timeline:\n  - {at: 0s, acquire: alice, via: london}\nlesson:\n  stops:\n    - {at: 4, say: x, before: y}\n    - {at: 2, ask: anwser, of: orgeon}\n    - {at: 2}\n    - {at: 0, say: x}\n    - {at: 5, means: acept oregon, say: x, try: {durabel: on}}\n    - {at: 6, means: a b c d, say: x}\n    - {at: 6, means: accept paris, say: x}\n  next: The end\n"},
	{"a stop that tells whom it would ask", cluster + "lesson: {point: x, stops: [{at: 4, say: x, of: london}, {at: 5, say: x, before: y}, {at: 6, say: x, after: y}]}\n"},
	{"quorums", cluster + "quorums: {promise: 4, commit: 0}\n"},
	{"quorums of nothing", cluster + "quorums: {promis: 2}\n"},
	{"a quorum", cluster + "quorums: {commit: 4}\n"},
	{"explore", cluster + "explore: {losses: 1000, events: 0, drops: 1}\n"},
	{"lesson out of order", cluster + "lesson: {point: x, stops: [{at: 4, say: x}, {at: 2, ask: answer, of: orgeon}, {at: 5, means: accept paris, say: x}]}\n"},
	{"lesson without stops", cluster + "lesson: {point: x, stops: []}\n"},
	{"no false alarm after unreadable stops", cluster + "lesson: {point: x, stops: [x]}\n"},
	{"no false alarm after an instance that is lost", "format: 1\ninstances: [a, [b], c]\nquorums: {promise: 3}\nexpect:\n  - {holder: '', on: 3}\n"},
	{"no false alarm after unreadable groups", cluster + "timeline:\n  - {at: 0s, partition: [london]}\n"},
	{"no false alarm after an unreadable schedule", cluster + "schedule: [acquire alice via london]\nexpect:\n  - {operation: 1, outcome: acquired}\n  - {holder: alice, on: all}\n"},
	{"no false alarm after an unreadable line", cluster + "schedule: |\n  acquire alice via london\n  acqire bob via london\n  give-up bob\n  give-up bob #1\n  give-up #2\nexpect:\n  - {operation: 2, outcome: acquired}\n  - {holder: bob, on: all}\n"},
	{"no false alarm after an unreadable instance", "format: 1\ninstances: [{nam: a}, {name: b}, c]\ntimeline:\n  - {at: 0s, status: a}\n"},
	{"no false alarm after an unreadable part", "format: 1\ninstances: [a, {nam: b}]\ntimeline:\n  - {at: 0s, acquire: x, via: b}\n  - [x]\nexpect:\n  - {operation: 2, outcome: acquired}\n"},
}

func manyNames(n int) string {
	var names []string
	for i := range n {
		names = append(names, fmt.Sprintf("i%d", i))
	}
	return strings.Join(names, ", ")
}

// What is said of a trace is about all of it.
func TestTraceIsNoScenario(t *testing.T) {
	const want = "wrong: this is a trace, and no scenario\n  `skinny step` opens it"
	if _, err := Decode("wrong", []byte(`{"format":1,"title":"x","rules":["durable"],"instances":[]}`)); err == nil || err.Error() != want {
		t.Errorf("%v", err)
	}
}

// TestWrongInputs compares everything that is said about wrong inputs with
// testdata/errors.golden, where it can be read as a whole.
func TestWrongInputs(t *testing.T) {
	var b strings.Builder
	for _, w := range wrong {
		_, err := Decode("wrong", []byte(w.text))
		var found Diagnostics
		if !errors.As(err, &found) || len(found) == 0 {
			t.Errorf("%s: no diagnostics, but %v", w.name, err)
			continue
		}
		fmt.Fprintf(&b, "=== %s\n%s\n\n", w.name, found.Error())
		for _, bad := range []string{"yaml:", "go-yaml", "!!", "scenarios.", "sim.", "%!"} {
			if strings.Contains(found.Error(), bad) && !strings.Contains(w.text, bad) {
				t.Errorf("%s: %q is not for users:\n%s", w.name, bad, found)
			}
		}
	}
	golden(t, "errors.golden", []byte(b.String()))
}
