package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"skinny/cmd/internal/session"
	"skinny/cmd/internal/web"
	"skinny/scenarios"
	"skinny/sim/render"
	"skinny/sim/swarm"
)

// view is what these tests look at.
type view struct {
	Query                                                            json.RawMessage
	Said, Title, RulesText, Digest, Command, Time, Ending, SVG, Seed string
	At, Events                                                       int
	Errors                                                           []struct {
		Line, Column        int
		Message, Hint, Text string
	}
	Line    *line
	Story   []line
	Picture struct {
		SVG         string
		First, Last int
	}
	Instances []struct {
		Name, Promised, ID, Holder, Phase string
		Changed, Can                      []string
	}
	Clients []struct {
		Name, Via    string
		Waits, Holds bool
		Can          []string
	}
	Pending []struct {
		Do, Due, From, To, Label, Kind, Fate string
		DueNs                                *int64 `json:"due_ns"`
		Chosen                               bool
		Can                                  []string
		Preview                              []struct{ T string }
	}
	Properties []struct {
		Name, State string
		Event       int
		Broken      bool
	}
	Branches []struct {
		Number, Parent, After, Events int
		Name                          string
		Acts, Violated                []string
		Here, Hidden                  bool
	}
	Commands []struct {
		Word  string
		Help  string
		Keys  []string
		Group string
		Can   bool
		Ask   *string
	}
	Which []struct {
		Rule  string
		Helps bool
	}
	Compare *struct {
		Branch, Differs int
		Rows            []struct {
			Left, Right *line
			Same        bool
		}
	}
	Saved *struct{ Name, YAML string }
	Why   []line

	Hidden, Secret, Spoils, More bool
	Aside                        *struct {
		Title string
		Rows  []asideRow
		Acts  []offer
		Halts bool
	}
	Done *struct {
		Name      string
		Right, Of int
	}
	Rules []struct{ Name, Do string }
}

type asideRow struct {
	Text []struct{ T, Look string }
	Do   string
}

type offer struct{ Text, Key, Do, Open string }

type line struct {
	Event    int
	Time     string
	From, To string
	Violates []string
}

func look(t testing.TB, d *web.Door, query string) view {
	t.Helper()
	answer := d.View(t.Context(), []byte(query))
	var v view
	if err := json.Unmarshal(answer, &v); err != nil {
		t.Fatalf("%s: %v\n%.500s", query, err, answer)
	}
	for _, e := range v.Errors {
		if strings.Contains(e.Message, "bug") {
			t.Fatalf("%.500s: %s", query, e.Message)
		}
	}
	return v
}

// do carries out a command where a view is.
func do(t testing.TB, d *web.Door, v view, command string) view {
	t.Helper()
	words, err := json.Marshal(command)
	if err != nil {
		t.Fatal(err)
	}
	next := look(t, d, strings.TrimSuffix(string(v.Query), "}")+`,"do":`+string(words)+`}`)
	if len(next.Errors) > 0 {
		t.Fatalf("%s: %s", command, next.Errors[0].Message)
	}
	return next
}

func violated(v view) (list []string) {
	for _, p := range v.Properties {
		if p.State == "violated" {
			list = append(list, p.Name)
		}
	}
	return list
}

func TestTwoWinners(t *testing.T) {
	d := web.New()
	v := look(t, d, `{"scenario":"two-winners"}`)
	if v.At != 0 || v.Line != nil || v.Events != 30 || len(v.Story) != 30 || v.Ending == "" || v.Command != "skinny step two-winners --at 0" {
		t.Fatalf("%+v", v)
	}
	if got := violated(v); !slices.Equal(got, []string{"mutual-exclusion", "acknowledged", "linearizability"}) {
		t.Errorf("violated: %v", got)
	}
	v = do(t, d, v, "violation")
	v = do(t, d, v, "violation")
	if v.At != 24 || v.Said == "" || !v.Clients[0].Holds || !v.Clients[1].Holds || !slices.Contains(v.Line.Violates, "mutual-exclusion") {
		t.Fatalf("%+v", v.Clients)
	}
	if string(v.Query) != `{"scenario":"two-winners","at":24}` {
		t.Errorf("the link holds %s", v.Query)
	}
	if v = do(t, d, v, "why"); len(v.Why) < 5 || v.Why[len(v.Why)-1].Event != 24 {
		t.Errorf("why: %+v", v.Why)
	}
	v = do(t, d, v, "goto 8")
	v = do(t, d, v, "choose next")
	if !v.Pending[0].Chosen || len(v.Pending[0].Preview) == 0 || !strings.Contains(string(v.Query), `"chosen":"`+v.Pending[0].Do+`"`) {
		t.Errorf("%+v", v.Pending[0])
	}
	v = do(t, d, v, "drop")
	if len(v.Branches) != 2 || !v.Branches[1].Here || v.Branches[1].After != 8 || len(violated(v)) != 0 {
		t.Fatalf("%+v", v.Branches)
	}

	// Whoever opens the link sees the same, to the byte, whatever was asked before.
	again := look(t, web.New(), string(v.Query))
	if again.Digest != v.Digest || again.At != v.At || again.Picture.SVG != v.Picture.SVG {
		t.Errorf("the link %s gives another run", v.Query)
	}
	if old := look(t, d, `{"scenario":"two-winners","at":8}`); old.Digest == v.Digest || len(old.Branches) != 1 {
		t.Error("the old future has changed")
	}
}

// A page saves what a terminal does, to the byte.
func TestSave(t *testing.T) {
	for name, acts := range map[string][]string{
		"two-winners": {"8 drop promise-response c -> a #1", "9 crash b", "12 restart b"}, "integration": {"3 delay 50ms promise-request oregon -> london #1"}, "typical": nil,
	} {
		s, err := scenarios.Load(name, scenarios.Overrides{})
		if err != nil {
			t.Fatal(err)
		}
		terminal, d := session.NewSession(session.New(s), "skinny step "+name), web.New()
		v := look(t, d, `{"scenario":"`+name+`"}`)
		for _, text := range acts {
			at, words, _ := strings.Cut(text, " ")
			terminal.Say(at)
			v = do(t, d, v, "goto "+at)
			if said := terminal.Say(words).Said; !strings.Contains(said, words) {
				t.Skipf("%s: %s", name, said)
			}
			v = do(t, d, v, words)
		}
		v = do(t, d, v, "save")
		if want := string(terminal.Branch().File().Encode()); v.Saved.YAML != want {
			t.Errorf("%s: the page saves\n%s\nand a terminal\n%s", name, v.Saved.YAML, want)
		}
		if v.Digest != terminal.Branch().Digest() {
			t.Errorf("%s: another digest", name)
		}
	}
}

func TestBranches(t *testing.T) {
	d := web.New()
	v := look(t, d, `{"scenario":"two-winners","at":8}`)
	one := do(t, d, v, "drop promise-response c -> a #1")
	on := do(t, d, one, "crash b") // right after: it goes on
	if len(on.Branches) != 2 || len(on.Branches[1].Acts) != 2 {
		t.Fatalf("%+v", on.Branches)
	}
	later := do(t, d, do(t, d, one, "next"), "crash b") // seen beyond: another branch
	if len(later.Branches) != 3 || later.Branches[2].Parent != 1 {
		t.Fatalf("%+v", later.Branches)
	}
	beside := do(t, d, do(t, d, do(t, d, later, "branch 1"), "goto 9"), "crash c") // another one parts from it there
	if len(beside.Branches) != 4 || len(beside.Branches[1].Acts) != 1 || beside.Branches[3].Parent != 1 {
		t.Fatalf("%+v", beside.Branches)
	}
	earlier := do(t, d, do(t, d, one, "goto 4"), "crash c") // before anything of its own
	if len(earlier.Branches) != 3 || earlier.Branches[2].Parent != 0 {
		t.Fatalf("%+v", earlier.Branches)
	}
	for _, v := range []view{on, later, earlier} {
		if again := look(t, web.New(), string(v.Query)); again.Digest != v.Digest || again.At != v.At {
			t.Errorf("%s is not the same again", v.Query)
		}
	}
	back := do(t, d, later, "branch 0")
	if !back.Branches[0].Here || back.Digest != v.Digest {
		t.Errorf("%+v", back.Branches)
	}
	both := do(t, d, later, "compare 0")
	if both.Compare == nil || both.Compare.Differs != 9 || len(both.Compare.Rows) < 10 || !both.Compare.Rows[0].Same {
		t.Errorf("%+v", both.Compare)
	}
	if same := do(t, d, back, "compare 0"); same.Compare.Differs != 0 {
		t.Errorf("%+v", same.Compare)
	}
}

// Quorums and instances' own rules are said in the title, and beside the rules of which
// they make something else.
func TestQuorums(t *testing.T) {
	text, err := json.Marshal("format: 1\nedition: sound\nquorums: {promise: 2, commit: 2}\n" +
		"instances: [{name: a, rules: {durable: off}}, b, c, d]\ntimeline:\n  - {at: 0s, acquire: alice, via: a}\n")
	if err != nil {
		t.Fatal(err)
	}
	answer := web.New().View(t.Context(), []byte(`{"text":`+string(text)+`}`))
	var v struct {
		RulesText string
		Rules     []struct{ Name, Note string }
	}
	if err := json.Unmarshal(answer, &v); err != nil {
		t.Fatal(err)
	}
	notes := map[string]string{"majority": "In this run: phase 1 needs 2 of 4 instead, phase 2 needs 2 of 4 instead.", "durable": "In this run: off at a."}
	if v.RulesText != "sound, quorums 2 and 2 of 4, a without durable" || len(v.Rules) == 0 {
		t.Errorf("%q, %d rules", v.RulesText, len(v.Rules))
	}
	for _, r := range v.Rules {
		if r.Note != notes[r.Name] {
			t.Errorf("%s: %q", r.Name, r.Note)
		}
	}
}

func TestRules(t *testing.T) {
	d := web.New()
	v := look(t, d, `{"scenario":"two-winners","at":24}`)
	v = do(t, d, v, "which")
	helps := map[string]bool{}
	for _, w := range v.Which {
		helps[w.Rule] = w.Helps
	}
	if len(helps) != 20 || !helps["ack-majority"] || helps["durable"] || helps["timeouts"] { // without timeouts nobody gets it
		t.Errorf("%+v", v.Which)
	}
	with := do(t, d, v, "rule ack-majority=on")
	if with.RulesText != "published with ack-majority" || len(violated(with)) != 0 || with.At != 20 || with.Branches[1].After != 19 {
		t.Fatalf("%s at %d, %+v", with.RulesText, with.At, with.Branches)
	}
	if same := do(t, d, v, "rule ack-majority=off"); same.Said != "ack-majority is off already" || len(same.Branches) != 1 {
		t.Errorf("%s %+v", same.Said, same.Branches)
	}
	both := do(t, d, with, "rule durable=on")
	if both.RulesText != "published with durable, ack-majority" || both.Branches[2].Parent != 0 {
		t.Errorf("%s %+v", both.RulesText, both.Branches)
	}
	if back := do(t, d, with, "rule ack-majority=off"); !back.Branches[0].Here || len(back.Branches) != 2 {
		t.Errorf("%+v", back.Branches)
	}
	// What was decided by hand is decided under the other rules, too.
	hand := do(t, d, look(t, d, `{"scenario":"two-winners","at":8}`), "drop promise-response c -> b #1")
	under := do(t, d, hand, "rule durable=on")
	if len(under.Branches) != 3 || under.Branches[2].Parent != 1 || !strings.Contains(under.Command, "--rule durable=on --do '8 drop promise-response c -> b #1'") {
		t.Errorf("%s %+v", under.Command, under.Branches)
	}
	// Another branch under these rules is another run.
	plain := do(t, d, look(t, d, `{"scenario":"two-winners","at":8}`), "rule durable=on")
	hand = do(t, d, do(t, d, do(t, d, plain, "branch 0"), "8"), "drop promise-response c -> b #1")
	if both := do(t, d, hand, "rule durable=on"); len(both.Branches) != 4 || !both.Branches[3].Here || both.Branches[3].Parent != 2 {
		t.Errorf("%s %+v", both.Said, both.Branches)
	}
	for _, v := range []view{with, both, under} {
		if again := look(t, web.New(), string(v.Query)); again.Digest != v.Digest || again.RulesText != v.RulesText {
			t.Errorf("%s is not the same again", v.Query)
		}
	}
}

// What is done in the middle of a step comes after it, and that is said.
func TestWithinAStep(t *testing.T) {
	v := look(t, web.New(), `{"scenario":"two-winners","at":1}`)
	if got := do(t, web.New(), v, "crash c").Said; got != "crash c: branch 1; the old future is kept; it comes after event 2, the end of this step" {
		t.Error(got)
	}
}

// With the future hidden nothing of it is told, but for who has a lane.
func TestHidden(t *testing.T) {
	d := web.New()
	v := look(t, d, `{"scenario":"two-winners","at":14,"hide":true}`)
	if len(v.Story) != 14 || v.Picture.Last != 14 || strings.Contains(v.Picture.SVG, `id="e15"`) || strings.Contains(v.Picture.SVG, "acquired") {
		t.Errorf("%d rows, picture to %d", len(v.Story), v.Picture.Last)
	}
	for _, f := range v.Pending {
		if f.DueNs != nil || f.Fate == "lost" {
			t.Errorf("%+v", f)
		}
	}
}

// What is going to be lost is not told before, where the future is hidden.
func TestLossIsHidden(t *testing.T) {
	const text = `"text":"format: 1\ninstances: [a, b, c]\ntimeline:\n  - {at: 0s, acquire: alice, via: a}\nmessages:\n  - {drop: promise-request, from: a, to: b}\n"`
	for _, hide := range []bool{false, true} {
		v := look(t, web.New(), fmt.Sprintf(`{%s,"at":2,"hide":%v}`, text, hide))
		if len(v.Pending) == 0 {
			t.Fatalf("%+v", v.Errors)
		}
		told := strings.Contains(v.Pending[0].Due, "lost")
		if lost := v.Pending[0].Fate == "lost"; told == hide || lost == hide {
			t.Errorf("hidden %v: %+v", hide, v.Pending[0])
		}
	}
}

// A link that is cut in one direction can be cut in the other, too; only one that is cut in
// both can be mended.
func TestCutsOfALink(t *testing.T) {
	d := web.New()
	v := look(t, d, `{"scenario":"two-winners","at":8}`)
	for _, c := range []struct{ do, can string }{{"cut a -> b", "cut a <-> b"}, {"cut b -> a", "mend a <-> b"}} {
		if v = do(t, d, v, c.do); !slices.Contains(v.Instances[0].Can, c.can) {
			t.Errorf("after %s, a can %q", c.do, v.Instances[0].Can)
		}
	}
}

// All that is listed as possible can be done.
func TestCan(t *testing.T) {
	for _, name := range []string{"two-winners", "integration", "torn-commit", "lost-release"} {
		d := web.New()
		v := look(t, d, `{"scenario":"`+name+`"}`)
		if len(v.Errors) > 0 {
			continue
		}
		v = do(t, d, v, fmt.Sprint(v.Events/2))
		var all []string
		for _, in := range v.Instances {
			all = append(all, in.Can...)
		}
		for _, c := range v.Clients {
			all = append(all, c.Can...)
		}
		for _, p := range v.Pending {
			for _, verb := range p.Can {
				if verb == "deliver" {
					all = append(all, p.Do)
				} else {
					all = append(all, verb+" "+strings.TrimPrefix(p.Do, "deliver "))
				}
			}
		}
		for _, act := range all {
			if next := do(t, d, v, act); len(next.Branches) != 2 {
				t.Errorf("%s, %s: %s", name, act, next.Said)
			}
		}
		keys := map[string]bool{}
		for _, c := range v.Commands {
			for _, k := range c.Keys {
				if keys[k] {
					t.Errorf("two commands have the key %s", k)
				}
				keys[k] = true
			}
			if c.Ask == nil && c.Word != "save" {
				do(t, d, v, c.Word)
			}
		}
	}
}

func TestErrors(t *testing.T) {
	d := web.New()
	many := `{"scenario":"two-winners","branches":[` + strings.Repeat(`{"parent":0,"acts":[{"after":8,"do":"crash a"}]},`, 60) + `{"parent":0,"acts":[{"after":8,"do":"crash a"}]}]}`
	for query, want := range map[string]string{
		`{}`:                       "there is no bundled scenario",
		`{"scenario":"two-winer"}`: "there is no bundled scenario",
		`{"scenario":"two-winners","rules":{"durabl":true}}`:                                                              "there is no rule",
		`{"scenario":"two-winners","edition":"publised"}`:                                                                 "there is no edition",
		`{"scenario":"two-winners","seed":"-1"}`:                                                                          "a seed is a whole number",
		`{"scenario":"two-winners","at":-1}`:                                                                              "there is no event",
		`{"scenario":"two-winners","branch":1}`:                                                                           "there is no branch 1",
		`{"scenario":"two-winners","branches":[{"parent":1,"acts":[{"after":8,"do":"crash a"}]}]}`:                        "has no parent",
		`{"scenario":"two-winners","branches":[{"parent":0}]}`:                                                            "changes nothing",
		`{"scenario":"two-winners","branches":[{"parent":0,"acts":[{"after":8,"do":"drop promise-request a -> b #9"}]}]}`: "branch 1: ",
		`{"scenario":"two-winners","branches":[{"parent":0,"acts":[{"after":900,"do":"crash a"}]}]}`:                      "there is no event 900",
		`{"text":"format: 1\ninstances: [a, b]\neditoin: sound\n"}`:                                                       "editoin",
		`{"scenario":"two-winners","surprise":1}`:                                                                         "this is no query",
		`[]`:                   "this is no query",
		many:                   "there are at most 50 branches",
		`{"ask":"everything"}`: "nothing is known of",
	} {
		v := look(t, d, query)
		if len(v.Errors) == 0 || !strings.Contains(v.Errors[0].Message, want) {
			t.Errorf("%.200s: %+v, not %q", query, v.Errors, want)
		}
	}
	v := look(t, d, `{"text":"format: 1\ninstances: [a, b, c]\neditoin: sound\n"}`)
	if e := v.Errors[0]; e.Line != 3 || e.Column != 1 || e.Text != "editoin: sound" || e.Hint == "" {
		t.Errorf("%+v", e)
	}
}

// A run that is too long is shown as far as it is kept, and nothing takes for ever.
func TestTooLong(t *testing.T) {
	const text = `format: 1\ntitle: Long\ninstances: [a, i0, i1, i2, i3, i4, i5, i6, i7, i8, i9, i10, i11, i12, i13, i14, i15, i16, i17, i18, i19, i20, i21, i22, i23, i24, i25, i26, i27, i28, i29, i30, i31, i32, i33, i34, i35, i36, i37, i38, i39, j0, j1, j2, j3, j4, j5, j6, j7, j8, j9, k0, k1, k2, k3, k4, k5, k6, k7, k8, k9]\nfaults: {clients: 3, operations: 10000}\n`
	d := web.New()
	start := time.Now()
	v := look(t, d, `{"text":"`+text+`"}`)
	if len(v.Errors) > 0 || v.Events < 200_000 || v.Events > 200_020 {
		t.Fatalf("%d events, %+v", v.Events, v.Errors)
	}
	for _, words := range []string{"end", "goto 900h", "next 1000000", "search nothing says this", "goto 999999999", "rule durable=on", "which", "crash a", "save"} {
		at := time.Now()
		look(t, d, strings.TrimSuffix(string(v.Query), "}")+`,"do":"`+words+`"}`) // it may say that it takes too long
		t.Log(words, time.Since(at))
	}
	t.Logf("%d events in %v", v.Events, time.Since(start))
}

func TestAsk(t *testing.T) {
	d := web.New()
	var all struct {
		Groups []struct {
			Title     string
			Scenarios []struct{ Name, Title string }
		}
	}
	if err := json.Unmarshal(d.View(t.Context(), []byte(`{"ask":"library"}`)), &all); err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, g := range all.Groups {
		for _, s := range g.Scenarios {
			names[s.Name] = true
		}
	}
	for _, e := range scenarios.Library() {
		if !names[e.Name] && !names[e.Taught()] {
			t.Errorf("%s is not listed", e.Name)
		}
	}
	if !names["learn/two-winners"] || !names["two-winners"] || !names["exercises/mend-1"] {
		t.Error("lessons are not listed as such")
	}
	if !bytes.Contains(d.View(t.Context(), []byte(`{"ask":"text","scenario":"two-winners"}`)), []byte("format: 1")) {
		t.Error("there is no text")
	}
	if got := string(d.View(t.Context(), []byte(`{"ask":"lint","text":"format: 1\ninstances: [a, b, c]\n"}`))); got != `{"errors":[]}` {
		t.Error(got)
	}
}

func search(t *testing.T, ctx context.Context, kind, query string) (result struct {
	Text, Violated, YAML string
	At                   int
}) {
	t.Helper()
	answer := web.New().Search(ctx, kind, []byte(query), func(line []byte) {
		if !bytes.Contains(line, []byte(`"done"`)) || bytes.ContainsRune(line, '\n') {
			t.Errorf("progress is %q", line)
		}
	})
	if err := json.Unmarshal(answer, &result); err != nil {
		t.Fatal(err)
	}
	return result
}

// An event that is not there is the last, a text without a title has the name of its file,
// and help by keys says what keys do.
func TestAnswered(t *testing.T) {
	v := look(t, web.New(), `{"scenario":"two-winners","at":99999}`)
	if string(v.Query) != `{"scenario":"two-winners","at":30}` {
		t.Errorf("the query is %s", v.Query)
	}
	text, _ := json.Marshal("format: 1\ninstances: [a, b, c]\ntimeline: [{at: 0ms, acquire: alice, via: a}]\n")
	if v := look(t, web.New(), fmt.Sprintf(`{"scenario":"q.yaml","text":%s}`, text)); v.Title != "q" {
		t.Errorf("the title is %q", v.Title)
	}
	for _, c := range v.Commands {
		if c.Word == "next" && c.Help != "the next event" {
			t.Errorf("%s: %q", c.Word, c.Help)
		}
	}
}

func TestSearch(t *testing.T) {
	r := search(t, t.Context(), "explore", `{"query":{"scenario":"two-winners"},"options":{"property":"mutual-exclusion","timeouts":"1"}}`)
	if r.Violated != "mutual-exclusion" || !strings.Contains(r.Text, "after 11 decisions, and after no fewer") {
		t.Errorf("%+v", r)
	}
	text, _ := json.Marshal(r.YAML)
	if v := look(t, web.New(), fmt.Sprintf(`{"text":%s,"at":%d}`, text, r.At)); len(v.Errors) > 0 || !slices.Contains(v.Line.Violates, "mutual-exclusion") {
		t.Errorf("what was found does not open at its violation: %+v", v.Errors)
	}
	if r = search(t, t.Context(), "explore", `{"query":{"scenario":"two-winners","branches":[{"parent":0,"rules":{"ack-majority":true}}],"branch":1},"options":{"property":"mutual-exclusion","timeouts":"1"}}`); r.Violated != "" {
		t.Errorf("with the branch's rules: %+v", r)
	}
	r = search(t, t.Context(), "check", `{"query":{"scenario":"two-winners"},"options":{"seeds":"10"}}`)
	if r.Violated == "" || r.At == 0 {
		t.Errorf("%+v", r)
	}
	if r = search(t, t.Context(), "check", `{"query":{"scenario":"two-winners","edition":"sound"},"options":{"seeds":"50"}}`); r.Violated != "" || !strings.HasPrefix(r.Text, "50 random runs of “Two winners, nothing lost, nobody down” · ") {
		t.Errorf("%+v", r)
	}
	if r = search(t, t.Context(), "check", `{"query":{"scenario":"two-winners"},"options":{"seeds":"1"}}`); !strings.HasPrefix(r.Text, "1 random run of “") {
		t.Errorf("%+v", r)
	}
	schedule, _ := json.Marshal("format: 1\ninstances: [a, b, c]\nschedule: |\n  acquire alice via a\n")
	if r = search(t, t.Context(), "check", `{"query":{"text":`+string(schedule)+`},"options":{}}`); !strings.Contains(r.Text, "schedule") {
		t.Errorf("%+v", r)
	}
	for _, options := range []string{`{"seeds":"many"}`, `{"seeds":"99999999999"}`, `{"profile":"none at all"}`, `{"property":"luck"}`} {
		if r = search(t, t.Context(), "check", `{"query":{"scenario":"two-winners"},"options":`+options+`}`); r.Violated != "" || r.Text == "" {
			t.Errorf("%s: %+v", options, r)
		}
	}
}

// All that searches find, of every ending: what stands in testdata.
func TestFound(t *testing.T) {
	const path = "testdata/found.golden"
	var got strings.Builder
	for _, c := range []struct{ kind, query, options string }{
		{"check", `{"scenario":"two-winners"}`, `{"seeds":"10"}`}, {"check", `{"scenario":"typical"}`, `{"seeds":"3"}`}, {"check", `{"scenario":"typical"}`, `{"seeds":"1","profile":"network"}`},
		{"check", `{"scenario":"typical","edition":"published","rules":{"backoff":false}}`, `{"seeds":"50","profile":"network"}`},
		{"explore", `{"scenario":"two-winners"}`, `{}`}, {"explore", `{"scenario":"two-winners","edition":"sound"}`, `{"depth":"5","timeouts":"1"}`}, {"explore", `{"scenario":"two-winners"}`, `{"property":"durability","timeouts":"0","retries":"0"}`},
		{"explore", `{"scenario":"acquired-alone"}`, `{"property":"acknowledged"}`},
	} {
		answer := web.New().Search(t.Context(), c.kind, []byte(`{"query":`+c.query+`,"options":`+c.options+`}`), func([]byte) {})
		var parts map[string]any
		if err := json.Unmarshal(answer, &parts); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&got, "=== %s %s %s\n", c.kind, c.query, c.options)
		for _, name := range slices.Sorted(maps.Keys(parts)) {
			fmt.Fprintf(&got, "%s: %v\n", name, parts[name])
		}
	}
	if *update {
		if err := os.WriteFile(path, []byte(got.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(path); err != nil || got.String() != string(want) {
		t.Errorf("%v; go test -update writes %s anew, then read the diff. It is now\n%s", err, path, got.String())
	}
}

// A search that is ended while what it found is made small gives what it has.
func TestFoundIsCancelled(t *testing.T) {
	var found [2]struct{ Text, YAML string }
	for i := range found {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		answer := web.New().Search(ctx, "check", []byte(`{"query":{"scenario":"two-winners"}}`), func(line []byte) {
			if i == 1 && strings.Contains(string(line), "it is made small") {
				cancel()
			}
		})
		if err := json.Unmarshal(answer, &found[i]); err != nil {
			t.Fatal(err)
		}
	}
	whole, ended := found[0], found[1]
	if whole.Text != ended.Text || !strings.Contains(whole.YAML, "None of them can") || strings.Contains(ended.YAML, "None of them can") || len(ended.YAML) <= len(whole.YAML) {
		t.Errorf("%s\n%s", ended.Text, ended.YAML)
	}
}

// A search that breaks down says so.
func TestSearchBreaksDown(t *testing.T) {
	broken := func([]byte) { panic("nobody listens") }
	if got := string(web.New().Search(t.Context(), "check", []byte(`{"query":{"scenario":"two-winners"}}`), broken)); got != `{"text":"This is a bug of the sandbox: nobody listens","violated":""}` {
		t.Error(got)
	}
}

// A branch is run to its end, however long that is, for whoever makes it as for whoever opens its link.
func TestLongBranches(t *testing.T) {
	text := "format: 1\nedition: sound\ninstances: [a, b, c]\ntimeline:\n"
	for n := range 500 {
		text += fmt.Sprintf("  - {at: %dms, %s: alice, via: a}\n", 100*n, []string{"acquire", "release"}[n%2])
	}
	d := web.New()
	v := look(t, d, `{"text":`+quoted(text)+`,"branches":[{"parent":0,"after":5,"acts":[{"after":5,"do":"crash c"}]},{"parent":0,"rules":{"durable":false}}]}`)
	if len(v.Branches) != 3 || v.More || v.Branches[0].Events < 5000 || v.Branches[1].Events < 5000 || v.Branches[2].Events != v.Branches[0].Events {
		t.Errorf("%+v %+v", v.Errors, v.Branches)
	}
	for _, words := range []string{"crash b", "rule adopt=off"} {
		if w := do(t, d, v, words); len(w.Branches) != 4 || w.More || w.Branches[3].Events < 5000 {
			t.Errorf("%s: %+v", words, w.Branches)
		} else {
			same(t, w)
		}
	}
	v = do(t, d, do(t, d, v, "crash b"), "restart b") // which goes on with the branch
	if len(v.Branches) != 4 || v.More || v.Branches[3].Events != 6000+2 {
		t.Errorf("%+v", v.Branches)
	}
	same(t, v)
}

func TestSearchIsCancelled(t *testing.T) {
	for _, kind := range []string{"explore", "check"} {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		r := search(t, ctx, kind, `{"query":{"scenario":"two-winners","edition":"sound"},"options":{"seeds":"10000000","losses":"4","crashes":"3","retries":"3","timeouts":"4"}}`)
		cancel()
		if !strings.Contains(r.Text, "the search was ended") {
			t.Errorf("%s: %+v", kind, r)
		}
	}
}

// The page knows every class that pictures have, and no other.
func TestClasses(t *testing.T) {
	css, err := fs.ReadFile(web.Page, "page/style.css")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	class, list := regexp.MustCompile(` class="([^"]*)"`), regexp.MustCompile(`\.([a-z][a-z0-9]?)\b`)
	d := web.New()
	for _, e := range scenarios.Library() {
		for _, match := range class.FindAllStringSubmatch(look(t, d, `{"plain":true,"scenario":"`+e.Name+`"}`).Picture.SVG, -1) {
			for _, name := range strings.Fields(match[1]) {
				used[name] = true
			}
		}
	}
	known := map[string]bool{}
	for _, match := range regexp.MustCompile(`#picture ([^{]*)\{`).FindAllStringSubmatch(string(css), -1) {
		for _, name := range list.FindAllStringSubmatch(match[1], -1) {
			known[name[1]] = true
		}
	}
	for name := range used {
		if !known[name] && strings.Contains(render.Style(), "."+name) {
			t.Errorf("style.css does not know the class %s of pictures", name)
		}
	}
	if len(used) < 10 {
		t.Errorf("only %d classes are used", len(used))
	}
}

// The page has no styles and scripts within, which its policy forbids, and nothing of it
// is from elsewhere.
func TestPage(t *testing.T) {
	files, err := fs.ReadDir(web.Page, "page")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		data, err := fs.ReadFile(web.Page, "page/"+f.Name())
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(string(data), "http://www.w3.org/2000/svg", "")
		for _, bad := range []string{"http://", "https://", "innerHTML", "insertAdjacent", "eval(", "new Function", "document.write", " style=", "@import", "javascript:"} {
			if strings.Contains(text, bad) {
				t.Errorf("%s has %s", f.Name(), bad)
			}
		}
	}
	index, _ := fs.ReadFile(web.Page, "page/index.html")
	for _, p := range swarm.Profiles() {
		if !strings.Contains(string(index), "<option>"+p.Name+"</option>") {
			t.Errorf("the page does not offer the profile %s", p.Name)
		}
	}
	if regexp.MustCompile(`<script>|<style|\son[a-z]+=`).Match(index) {
		t.Error("index.html has scripts or styles within")
	}
}

func TestManyAtOnce(t *testing.T) {
	d := web.New()
	var all sync.WaitGroup
	for i := range 64 {
		all.Go(func() {
			name := []string{"two-winners", "typical", "duel", "integration"}[i%4]
			v := look(t, d, fmt.Sprintf(`{"scenario":%q,"at":%d}`, name, i/4))
			if len(v.Errors) > 0 || v.At != i/4 {
				t.Errorf("%s: at %d, %+v", name, v.At, v.Errors)
			}
			do(t, d, v, "crash "+v.Instances[0].Name)
		})
	}
	all.Wait()
}

func FuzzView(f *testing.F) {
	f.Add(`{"scenario":"two-winners","at":14,"do":"drop"}`)
	f.Add(`{"scenario":"two-winners","branches":[{"parent":0,"rules":{"durable":true},"acts":[{"after":3,"do":"crash a"}]}],"branch":1,"at":4,"hide":true}`)
	f.Add(`{"ask":"complete","text":"timeline:\n  - {at: 0ms, acq"}`)
	f.Add(`{"scenario":"learn/majority","at":4,"taken":{"seen":4,"stops":1,"asking":true},"do":"answer 1"}`)
	f.Add(`{"scenario":"two-winners","predict":true,"at":5,"taken":{"asking":true,"answers":[[4,1,0]]},"do":"press 1"}`)
	f.Add(`{"scenario":"exercises/mystery-1","taken":{"hints":1,"claims":["durable"]},"do":"claim adopt"}`)
	f.Add(`{"text":"format: 1\ninstances: [a, b, c]\ntimeline: [{at: 0ms, acquire: alice, via: a}]\n","do":"rule yield=on"}`)
	d := web.New()
	f.Fuzz(func(t *testing.T, query string) {
		if answer := d.View(t.Context(), []byte(query)); !json.Valid(answer) || bytes.Contains(answer, []byte("this is a bug")) {
			t.Errorf("%s", answer)
		}
	})
}

// long is the text of a run of 100,000 events.
func long(b *testing.B) string {
	var text strings.Builder
	text.WriteString("format: 1\ntitle: A long run\nedition: sound\nseed: 1\ninstances: [a, b, c, d, e]\nnetwork: {latency: 5ms..20ms, loss: 1%}\ntimeline:\n")
	for n := range 5_100 {
		fmt.Fprintf(&text, "- {at: %dms, %s: %s, via: %c}\n", 200*n, []string{"acquire", "release"}[n%2], []string{"x", "y"}[n/2%2], 'a'+n%5)
	}
	quoted, err := json.Marshal(text.String())
	if err != nil {
		b.Fatal(err)
	}
	return string(quoted)
}

func BenchmarkView(b *testing.B) {
	text := long(b)
	for _, command := range []string{"next", "back", "violation", "round", "choose next", "why", "goto 50000", "search acquired", "drop 1"} {
		b.Run(strings.ReplaceAll(command, " ", "-"), func(b *testing.B) {
			d, at := web.New(), 0
			v := look(b, d, `{"text":`+text+`}`)
			if v.Events < 100_000 {
				b.Fatalf("%d events, %+v", v.Events, v.Errors)
			}
			for b.Loop() {
				at = 30_000 + (at+1)%1000
				if v := d.View(b.Context(), []byte(fmt.Sprintf(`{"text":%s,"at":%d,"do":%q}`, text, at, command))); bytes.Contains(v[:200], []byte("errors")) {
					b.Fatalf("%.300s", v)
				}
			}
		})
	}
}

func BenchmarkOpen(b *testing.B) {
	for b.Loop() {
		look(b, web.New(), `{"scenario":"two-winners","at":14}`)
	}
}

// Lessons, predictions and exercises take a link as their whole state, each time.
func BenchmarkTaught(b *testing.B) {
	for name, query := range map[string]string{
		"lesson":     `{"scenario":"learn/missing","at":51,"taken":{"seen":51,"stops":7,"asking":true,"answers":[[9,1,0],[14,1,0],[23,1,0],[27,1,0],[40,1,0]]}}`,
		"prediction": `{"scenario":"two-winners","at":22,"predict":true,"taken":{"answers":[[5,2,0],[6,2,0],[7,2,0],[8,2,0],[9,2,0]]},"do":"next"}`,
		"exercise":   `{"scenario":"exercises/network-1","branches":[{"parent":0,"after":4,"acts":[{"after":4,"do":"deliver promise-request a -> c #1"}]}],"branch":1,"at":5}`,
	} {
		b.Run(name, func(b *testing.B) {
			d := web.New()
			if v := look(b, d, query); len(v.Errors) > 0 {
				b.Fatalf("%+v", v.Errors)
			}
			for b.Loop() {
				d.View(b.Context(), []byte(query))
			}
		})
	}
}
