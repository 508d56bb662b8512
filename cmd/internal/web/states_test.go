package web_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"skinny/cmd/internal/web"
	"skinny/scenarios"
)

// busy is a cluster in which instances are at work, paused, isolated and down, links are cut one
// way, and much is under way.
const busy = `format: 1
edition: published
title: Much under way
about: "What is said at once.\n\nWhat tells the end."
rules: {durable: on}
quorums: {promise: 2, commit: 4}
instances: [{name: a, promise-delay: 20ms}, {name: b, rules: {yield: on}}, {name: c, promise-delay: 30ms}, d, e]
network: {latency: 10ms, client-latency: 3ms}
timeline:
  - {at: 0ms, acquire: alice, via: a}
  - {at: 1ms, acquire: bob, via: b}
  - {at: 2ms, pause: d}
  - {at: 3ms, isolate: e}
  - {at: 4ms, cut: b -> a}
  - {at: 15ms, crash: d}
  - {at: 16ms, status: c}
  - {at: 30ms, acquire: carol, via: c}
  - {at: 600ms, heal: all}
messages:
  - {drop: promise-request, from: a, to: b, nth: 1}
  - {duplicate: promise-request, from: b, to: c, nth: 1, after: 5ms}
`

// nothing are the parts of a page that are null.
var nothing = regexp.MustCompile(`"(\w+)":null`)

// shown is what a page shows: a line for each part, but for those that are long and have tests
// of their own.
func shown(t *testing.T, answer []byte) (lines []string) {
	t.Helper()
	for _, part := range nothing.FindAllSubmatch(answer, -1) {
		if !slices.Contains([]string{"line", "left", "right", "due_ns"}, string(part[1])) {
			t.Errorf("a page cannot go through null: %s", part[0])
		}
	}
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(answer, &parts); err != nil {
		t.Fatal(err)
	}
	for _, long := range []string{"query", "picture", "story", "rules", "editions", "commands", "svg"} {
		delete(parts, long)
	}
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		var list []json.RawMessage
		if json.Unmarshal(parts[name], &list) != nil || len(list) == 0 {
			list = []json.RawMessage{parts[name]}
		}
		for _, part := range list {
			lines = append(lines, name+": "+string(part))
		}
	}
	return lines
}

// names are the parts of which there are lines.
func names(lines ...[]string) []string {
	list := map[string]bool{}
	for _, l := range slices.Concat(lines...) {
		name, _, _ := strings.Cut(l, ":")
		list[name] = true
	}
	return slices.Sorted(maps.Keys(list))
}

func count(lines []string, name string) (n int) {
	for _, l := range lines {
		if strings.HasPrefix(l, name+":") {
			n++
		}
	}
	return n
}

// A page, in every state of a run: what it shows is what stands in testdata, of each state what
// the one before does not show.
func TestStates(t *testing.T) {
	const path = "testdata/states.golden"
	own := `{"scenario":"own.yaml","text":` + quoted(busy)
	lesson := `{"text":` + quoted("format: 1\ntitle: Mine\nabout: \"First.\\n\\nSecond.\"\ninstances: [a, b, c]\ntimeline: [{at: 0ms, acquire: alice, via: a}]\nlesson: {point: That is it., stops: [{at: 2, say: Look., try: {durable: on}}]}\n")
	const twice = `,"branches":[{"parent":0,"after":8,"acts":[{"after":8,"do":"crash a"}]},{"parent":1,"rules":{"adopt":false,"yield":true}}]`
	mend, err := scenarios.Find("exercises/mend-1")
	if err != nil {
		t.Fatal(err)
	}
	unhinted, _, _ := strings.Cut(string(mend.Data), "  hints:\n")
	d := web.New()
	var got, before []string
	queries := []string{
		own + `}`, own + `,"at":5}`, own + `,"at":16,"chosen":"timeout a"}`, own + `,"at":26,"instance":"d"}`, own + `,"at":60}`, own + `,"at":9999}`,
		own + `,"at":16,"hide":true}`, own + `,"at":16,"predict":true}`, own + `,"at":12,"predict":true,"do":"next"}`,
		own + `,"at":9` + twice + `,"branch":1,"compare":2}`, own + `,"at":9` + twice + `,"branch":2,"hide":true}`, own + `,"at":9` + twice + `,"branch":0,"do":"branch 2"}`,
		own + `,"at":20,"do":"why"}`, own + `,"at":20,"do":"save"}`, own + `,"at":20,"do":"save no/mine.yaml"}`, own + `,"at":9` + twice + `,"branch":1,"do":"save"}`,
		own + `,"at":9` + twice + `,"branch":1,"do":"drop"}`, own + `,"at":9,"do":"crash zzz"}`, own + `,"at":9,"do":"rule zzz=on"}`,
		`{"scenario":"two-winners","at":30,"do":"which"}`, `{"scenario":"typical","do":"which"}`, `{"scenario":"two-winners","hide":true,"do":"which"}`,
		lesson + `}`, lesson + `,"do":"on"}`, lesson + `,"at":2,"taken":{"seen":2,"stops":1},"do":"next"}`, lesson + `,"at":2,"taken":{"seen":2,"stops":1},"do":"on"}`,
		lesson + `,"at":2,"taken":{"seen":12,"stops":1,"over":true},"do":"on"}`, lesson + `,"at":2,"taken":{"seen":12,"stops":1,"over":true},"do":"again"}`, lesson + `,"at":2,"taken":{"seen":2,"stops":1},"do":"leave"}`,
		`{"scenario":"learn/majority"}`, `{"scenario":"learn/majority","do":"on"}`, `{"scenario":"exercises/mystery-1"}`, `{"scenario":"exercises/predict-1","do":"hint"}`, `{"scenario":"exercises/mend-1","do":"rule ack-majority=on"}`,
		`{"text":"format: 1\ntitle: Nothing happens\ninstances: [a, b]\n"}`, `{"text":"format: 1\ninstances: [a, b]\nprogram: {a: mine}\n"}`, `{"ask":"lint","text":"format: 1\ninstances: [a, b]\ntimeline: [{at: 1ms, crash: c}]\n"}`,
		`{"ask":"lint","text":"format: 1\ninstances: [a, b]\nprogram: {a: mine}\n"}`, `{"ask":"lint","text":"format: 1\ninstances: [a, b]\nschedule: |\n  deliver promise-request a -> b\n"}`,
		`{"scenario":"exercises/mend-1","branches":[{"parent":0,"rules":{"durable":true}}],"branch":1}`,
		`{"scenario":"exercises/mend-1","branches":[{"parent":0,"rules":{"durable":true}}],"branch":1,"taken":{}}`,
		`{"scenario":"two-winners","at":13,"predict":true,"do":"next"}`,
		`{"text":"format: 1\ntitle: Nothing happens\ninstances: [a, b]\n","compare":0}`, `{"text":` + quoted(unhinted) + `}`,
	}
	for _, e := range scenarios.Exercises() {
		queries = append(queries, `{"scenario":"`+e.Taught()+`","at":8}`)
	}
	for _, query := range queries {
		now := shown(t, d.View(t.Context(), []byte(query)))
		got = append(got, "=== "+strings.NewReplacer(own, `{OWN`, lesson, `{LESSON`).Replace(query))
		for _, line := range now {
			if !slices.Contains(before, line) {
				got = append(got, line)
			}
		}
		for _, name := range names(before, now) {
			if is := count(now, name); is != count(before, name) {
				got = append(got, fmt.Sprintf("(%d × %s)", is, name))
			}
		}
		before = now
	}
	if *update {
		if err := os.WriteFile(path, []byte(strings.Join(got, "\n")), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(string(data), "\n")
	if len(got) < len(want) {
		t.Errorf("%d lines of %d", len(got), len(want))
	}
	query := ""
	for i, line := range got {
		if strings.HasPrefix(line, "===") {
			query = line
		}
		if i >= len(want) || line != want[i] {
			t.Fatalf("%s\nshows\n%s\nwhich line %d of %s has not; go test -update writes it anew, then read the diff", query, line, i+1, path)
		}
	}
}

// Who looks for one property is given a run that breaks that one, whatever else a smaller one
// would break.
func TestSearchForOne(t *testing.T) {
	for _, name := range []string{"acknowledged", "linearizability", "promise-kept", "mutual-exclusion"} {
		r := search(t, t.Context(), "check", `{"query":{"scenario":"two-winners"},"options":{"seeds":"200","property":"`+name+`"}}`)
		text, _ := json.Marshal(r.YAML)
		if r.Violated != name || !strings.HasSuffix(r.Text, " violates "+name+".") {
			t.Errorf("%s: %q, %q", name, r.Violated, r.Text)
		} else if v := look(t, web.New(), fmt.Sprintf(`{"text":%s,"at":%d}`, text, r.At)); len(v.Errors) > 0 || !slices.Contains(v.Line.Violates, name) {
			t.Errorf("%s: what was found does not open at its violation: %+v", name, v.Errors)
		}
	}
}

// Where a lesson has rules to try, their key turns them; elsewhere it lists all rules.
func TestRuleKey(t *testing.T) {
	for query, want := range map[string]string{
		`,"at":1`: "rules", `,"at":2,"taken":{"seen":2,"stops":1}`: "press t", `,"at":3,"taken":{"seen":3,"stops":1}`: "rules", `,"at":2,"plain":true`: "rules",
	} {
		v := look(t, web.New(), `{"text":`+quoted("format: 1\ninstances: [a, b, c]\ntimeline: [{at: 0ms, acquire: alice, via: a}]\nlesson: {point: x, stops: [{at: 2, say: y, try: {durable: on}}]}\n")+query+`}`)
		for _, c := range v.Commands {
			if slices.Contains(c.Keys, "t") && c.Word != want {
				t.Errorf("%s: t does %q, not %q", query, c.Word, want)
			}
		}
		if len(v.Errors) > 0 || len(v.Commands) == 0 {
			t.Errorf("%s: %+v", query, v.Errors)
		}
	}
}

// Who begins again is where one begins.
func TestAgainBegins(t *testing.T) {
	d := web.New()
	begun, later := look(t, d, `{"scenario":"exercises/mend-1"}`), look(t, d, `{"scenario":"exercises/mend-1","at":6}`)
	if again := do(t, d, later, "again"); again.At != begun.At || later.At == begun.At {
		t.Errorf("it begins at %d, again at %d from %d", begun.At, again.At, later.At)
	}
}

// Who begins again, or leaves, while two branches are compared sees no comparison any more.
func TestAgainEndsComparison(t *testing.T) {
	for _, words := range []string{"again", "leave"} {
		d := web.New()
		v := do(t, d, look(t, d, `{"scenario":"exercises/mend-1","at":3}`), "rule durable=on")
		v = do(t, d, v, "compare 0")
		if v.Compare == nil {
			t.Fatal("nothing is compared")
		}
		if v = do(t, d, v, words); v.Compare != nil || strings.Contains(string(v.Query), "compare") {
			t.Errorf("after %s: %s", words, v.Query)
		}
	}
}
