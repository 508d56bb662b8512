package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"skinny/cmd/internal/session"
	"skinny/cmd/internal/web"
)

// quoted is a text in a query.
func quoted(text string) string {
	data, _ := json.Marshal(text)
	return string(data)
}

// What a query may hold is bounded: as much as may be is answered, and one more is refused
// with what to do.
func TestBounds(t *testing.T) {
	branches := func(n int) string {
		return `{"scenario":"two-winners","branches":[` + strings.TrimSuffix(strings.Repeat(`{"parent":0,"rules":{"durable":true}},`, n), ",") + `]`
	}
	acts := func(n int) string {
		return `{"scenario":"two-winners","branches":[{"parent":0,"acts":[` + strings.TrimSuffix(strings.Repeat(`{"after":0,"do":"heal all"},`, n), ",") + `]}]}`
	}
	text := "format: 1\ninstances: [a, b, c]\ntimeline: [{at: 0ms, acquire: alice, via: a}]\n# "
	long := func(n int) string { return `{"text":` + quoted(text+strings.Repeat("x", n-len(text))) + `}` }
	for i, c := range []struct{ query, want, hint string }{
		{branches(50) + `}`, "", ""}, {branches(51) + `}`, "there are at most 50 branches", "save the one to go on with, and open the file"},
		{acts(1000), "", ""}, {acts(1001), "at most 1000 decisions are by hand", "save the branch, and open the file"},
		{long(web.MaxText), "", ""}, {long(web.MaxText + 1), "a scenario has at most 256 KiB here", ""},
		{`{"scenario":"two-winners"` + strings.Repeat(" ", web.MaxQuery-26) + `}`, "", ""}, {strings.Repeat(" ", web.MaxQuery+1), "a query has at most 1 MiB", ""},
		{`{"scenario":"two-winners"}{}`, "this is no query: something follows it", ""},
		{`{"scenario":"two-winners","at":200000}`, "", ""}, {`{"scenario":"two-winners","at":200001}`, "there is no event 200001", ""},
		{branches(1) + `,"branch":1}`, "", ""}, {branches(1) + `,"branch":2}`, "there is no branch 2", ""}, {branches(1) + `,"branch":-1}`, "there is no branch -1", ""},
		{branches(1) + `,"compare":1}`, "", ""}, {branches(1) + `,"compare":2}`, "there is no branch 2", ""}, {branches(1) + `,"compare":-1}`, "there is no branch -1", ""},
		{`{"scenario":"two-winners","branches":[{"parent":-1,"rules":{"durable":true}}]}`, "branch 1 has no parent before it", ""},
		{`{"scenario":"two-winners","branches":[{"parent":0,"rules":{"durabl":true}}]}`, "there is no rule \"durabl\"", "did you mean \"durable\"?"},
		{`{"scenario":"two-winners","branches":[{"parent":0,"acts":[{"after":-1,"do":"crash a"}]}]}`, "there is no event -1", ""},
		{`{"scenario":"two-winners","branches":[{"parent":0,"acts":[{"after":200001,"do":"crash a"}]}]}`, "there is no event 200001", ""},
		{`{"scenario":"two-winners","branches":[{"parent":0,"acts":[{"after":8,"do":"crash a"},{"after":7,"do":"crash b"}]}]}`, "the decisions of branch 1 are not in their order", ""},
		{`{"scenario":"two-winners","branches":[{"parent":0,"acts":[{"after":8,"do":"crash a"},{"after":8,"do":"crash b"}]}]}`, "", ""},
		{`{"scenario":"two-winners","branches":[{"parent":0,"acts":[{"after":31,"do":"crash a"}]}]}`, "branch 1: there is no event 31 after which to crash a", ""},
		{`{"scenario":"two-winners","branches":[{"parent":0,"acts":[{"after":30,"do":"crash a"}]}]}`, "", ""},
		{`{"scenario":"two-winners","branches":[{"parent":0,"acts":[{"after":8,"do":"drop promise-request a -> b #9"}]}]}`, "branch 1: after event 8, this is not possible: drop promise-request a -> b #9", ""},
		{`{"scenario":"two-winners","taken":{"claims":[` + strings.Repeat(`"x",`, 100) + `"x"]}}`, "at most 300 answers and 100 claims are taken", ""},
		{`{"scenario":"two-winners","taken":{"answers":[[1,1,-1]]}}`, "there is no branch -1", ""},
		{`{"scenario":"two-winners","seed":"18446744073709551615"}`, "", ""}, {`{"scenario":"two-winners","seed":"18446744073709551616"}`, "a seed is a whole number, 0 to 18446744073709551615", ""},
		{`{"scenario":"two-winners","edition":"publised"}`, "there is no edition \"publised\"", "did you mean \"published\"?"},
		{`{"ask":"complete"}`, "there is no text to complete", ""}, {`{"ask":"complete","text":"a","seed":"x"}`, "a seed is a whole number, 0 to 18446744073709551615", "there is no text to complete"},
		{`{"ask":"lint","seed":"x"}`, "a seed is a whole number, 0 to 18446744073709551615", ""},
		{`{"ask":"lint","text":"format: 1\n"}`, "a scenario needs the key \"instances\"", "The cluster in display order: names, or mappings where more is to be said."},
		{`{"ask":"lint","text":"format: 1\ninstances: [a, b, c]\nexpect: [{operation: 9, outcome: acquired}]\n"}`, "there is no operation 9", "nobody calls acquire, release or status"},
		{`{"ask":"lint","text":"format: 1\ninstances: [a, b, c]\nprogram: {a: x}\n"}`, "", ""},
		{`{"scenario":"two-winners","text":""}`, "the file is empty: it holds no scenario", "`skinny scenarios new` prints a commented one to start from"}, {`{"text":""}`, "the file is empty: it holds no scenario", "`skinny scenarios new` prints a commented one to start from"}, {`{"scenario":"two-winners","text":"\n"}`, "the file is empty: it holds no scenario", "`skinny scenarios new` prints a commented one to start from"}, {`{"ask":"lint","scenario":"two-winners","text":""}`, "the file is empty: it holds no scenario", "`skinny scenarios new` prints a commented one to start from"},
		{`{"ask":"text","scenario":"two-winnners"}`, "there is no bundled scenario \"two-winnners\"", "did you mean \"two-winners\"?"},
		{`{"ask":"x"}`, "nothing is known of \"x\"", ""},
	} {
		v := look(t, web.New(), c.query)
		switch {
		case c.want == "" && len(v.Errors) > 0:
			t.Errorf("%d, %.80s: %+v", i, c.query, v.Errors)
		case c.want != "" && (len(v.Errors) == 0 || v.Errors[0].Message != c.want || v.Errors[0].Hint != c.hint):
			t.Errorf("%d, %.80s: %.300s, want %s", i, c.query, fmt.Sprintf("%+v", v.Errors), c.want)
		}
	}
}

// A command that cannot be is answered by what to do instead, and changes nothing.
func TestCommandsThatCannotBe(t *testing.T) {
	d := web.New()
	for _, c := range []struct{ scenario, words, said, wrong string }{
		{"two-winners", "choose zzz", "that is not under way here: zzz", ""},
		{"two-winners", "choose", "that is not under way here: ", ""},
		{"two-winners", "press zz", "that key means nothing here", ""},
		{"two-winners", "branch 1", "there are branches 0 to 0", ""},
		{"two-winners", "branch x", "there are branches 0 to 0", ""},
		{"two-winners", "compare -1", "there are branches 0 to 0", ""},
		{"two-winners", "rule", "write: rule NAME=on or NAME=off", ""},
		{"two-winners", "rule durable=maybe", "", "write: rule NAME=on or NAME=off"},
		{"two-winners", "rule durabl=on", "", "there is no rule \"durabl\""},
		{"two-winners", "rule durable=off", "durable is off already", ""},
		{"two-winners", "drop", "nothing is chosen: ↑ ↓ choose a message or a timer", ""},
		{"two-winners", "press a", "write: acquire carol via a", ""},
		{"two-winners", "search", "nothing was searched for yet", ""},
		{"two-winners", "hint", "hints are for exercises: skinny learn lists them", ""},
		{"typical", "which", "no property is violated in this branch", ""},
		{"exercises/network-1", "which", "not before it is found out", ""},
		{"exercises/network-1", "rule durable", "in this exercise the rules stay as they are", ""},
		{"learn/two-winners", "which", "not before it is found out", ""},
	} {
		v := look(t, d, `{"scenario":"`+c.scenario+`","at":8}`)
		v = look(t, d, string(do(t, d, v, "rules").Query))
		n := look(t, d, strings.TrimSuffix(string(v.Query), "}")+`,"do":`+quoted(c.words)+`}`)
		wrong := ""
		if len(n.Errors) > 0 {
			wrong = n.Errors[0].Message
		}
		if n.Said != c.said || wrong != c.wrong || string(n.Query) != string(v.Query) {
			t.Errorf("%s, %s: %q, %q, %s", c.scenario, c.words, n.Said, wrong, n.Query)
		}
	}
	// What is sought is not told where a question halts the run on the way to it.
	v := look(t, d, `{"scenario":"lost-release","at":36,"predict":true}`)
	if n := do(t, d, v, "majority"); n.Said != "" || n.At != v.At || !strings.Contains(string(n.Query), `"asking":true`) {
		t.Errorf("%q at %d, %s", n.Said, n.At, n.Query)
	}
	// Nothing is denied of all of a run whose budget of events is spent.
	text := "instances: [a, b, c]\nevents: 12\ntimeline: [{at: 0ms, acquire: alice, via: a}, {at: 1s, acquire: bob, via: b}]\n"
	v = look(t, d, `{"text":`+quoted("format: 1\n"+text)+`}`)
	if n := do(t, d, v, "which"); n.Said != "no property is violated up to event 12" {
		t.Error(n.Said)
	}
	v = look(t, d, `{"scenario":"two-winners"}`)
	if n := do(t, d, v, "why"); n.Said != "nothing has happened yet" || n.Why != nil {
		t.Errorf("%s %v", n.Said, n.Why)
	}
	v = look(t, d, `{"scenario":"two-winners","at":8}`)
	if n := do(t, d, v, "choose "+v.Pending[1].Do); n.Said != "" || !n.Pending[1].Chosen || n.Pending[0].Chosen {
		t.Errorf("%q %+v", n.Said, n.Pending)
	}
	if n := do(t, d, v, "rule durable"); n.RulesText != "published with durable" || do(t, d, n, "rule durable").RulesText != "published" {
		t.Error(n.RulesText)
	}
	for _, span := range []string{"0.5ms ", "9ms ", "50ms ", ""} {
		if n := do(t, d, v, "delay "+span+"promise-response c -> a #1"); len(n.Branches) != 2 || n.Branches[1].Name != "delay "+map[string]string{"": "50ms ", "0.5ms ": "500us "}[span]+"promise-response c -> a #1" && n.Branches[1].Name != "delay "+span+"promise-response c -> a #1" {
			t.Errorf("delay %s: %s %+v", span, n.Said, n.Branches)
		}
	}
	for _, words := range []string{"-5ms", ".5ms promise-response c -> a #1"} { // which is no time
		if n := do(t, d, v, "delay "+words); !strings.HasPrefix(n.Said, "unknown decision \""+strings.Fields(words)[0]+"\"") {
			t.Errorf("delay %s: %s", words, n.Said)
		}
	}
	if n := do(t, d, v, "instance c"); !strings.Contains(string(n.Query), `"instance":"c"`) || !strings.Contains(string(do(t, d, n, "press tab").Query), `"instance":"a"`) {
		t.Errorf("%s", n.Query)
	}
}

// What of a branch cannot be done under other rules is said, each time that one goes there.
func TestLeftOut(t *testing.T) {
	d := web.New()
	v := look(t, d, `{"scenario":"two-winners"}`)
	for _, words := range []string{"10", "drop promise-response c -> b", "25", "drop promise-response a -> b #2"} {
		v = do(t, d, v, words)
	}
	const left = "1 of what was done by hand cannot be done in it"
	v = do(t, d, v, "rule majority=off")
	if want := fmt.Sprintf("branch %d is the same timeline with majority off; %s", len(v.Branches)-1, left); v.Said != want {
		t.Errorf("%q, want %q", v.Said, want)
	}
	there := len(v.Branches) - 1
	v = do(t, d, do(t, d, v, "branch 0"), fmt.Sprint("branch ", there))
	if v.Said != left {
		t.Error(v.Said)
	}
	if at := look(t, web.New(), string(v.Query)); at.At != v.At || at.Digest != v.Digest {
		t.Errorf("the link leads to %d", at.At)
	}
}

// The whole picture is a file: title, settings, where one is, and what breaks, as far as it
// may be seen.
func TestWholePicture(t *testing.T) {
	d := web.New()
	v := do(t, d, look(t, d, `{"scenario":"two-winners","seed":"7","at":24}`), "svg")
	for _, want := range []string{"Two winners, nothing lost, nobody down", "edition published · 3 instances · seed 7", "mutual-exclusion", "acknowledged", `id="e1"`, `id="e30"`, "A space-time diagram: a lane for each instance and client, time growing downwards, messages as arrows."} {
		if !strings.Contains(v.SVG, want) {
			t.Errorf("the picture does not have %q", want)
		}
	}
	if other := do(t, d, look(t, d, `{"scenario":"two-winners","seed":"7","at":23}`), "svg"); other.SVG == v.SVG {
		t.Error("it does not show where one is")
	}
	hidden := do(t, d, look(t, d, `{"scenario":"two-winners","at":14,"hide":true}`), "svg").SVG
	if strings.Contains(hidden, "mutual-exclusion") || strings.Contains(hidden, `id="e15"`) || !strings.Contains(hidden, `id="e14"`) {
		t.Error("it tells what is hidden")
	}
	if v = do(t, d, v, "next"); v.SVG != "" {
		t.Error("it stays")
	}
}

// How all stands in a line: who holds the lock, what is violated and what will be.
func TestLock(t *testing.T) {
	type lock struct {
		Text, State, Verdict, Mood string
		Next                       int
	}
	of := func(query string) (l lock) {
		v := struct{ Lock *lock }{&l}
		if err := json.Unmarshal(web.New().View(t.Context(), []byte(query)), &v); err != nil {
			t.Fatal(err)
		}
		return l
	}
	const kept = "✓ every property holds in this run"
	for query, want := range map[string]lock{
		`{"text":"format: 1\ninstances: [a, b, c]\nevents: 12\ntimeline: [{at: 0ms, acquire: alice, via: a}, {at: 1s, acquire: bob, via: b}]\n"}`: {"Nobody holds the lock", "", "✓ every property holds up to event 12", "good", 0},
		`{"scenario":"two-winners"}`:                     {"Nobody holds the lock", "", "✗ will violate mutual-exclusion and 2 more", "bad", 24},
		`{"scenario":"two-winners","at":20}`:             {"alice holds the lock", "held", "✗ violated: acknowledged", "bad", 24},
		`{"scenario":"two-winners","at":24}`:             {"alice and bob hold the lock at once", "conflict", "✗ violated: mutual-exclusion, acknowledged and linearizability", "bad", 0},
		`{"scenario":"two-winners","at":19,"hide":true}`: {"Nobody holds the lock", "", "what comes is hidden", "", 0},
		`{"scenario":"two-winners","at":20,"hide":true}`: {"alice holds the lock", "held", "✗ violated: acknowledged", "bad", 0},
		`{"scenario":"typical"}`:                         {"Nobody holds the lock", "", kept, "good", 0},
	} {
		if got := of(query); got != want {
			t.Errorf("%s: %+v, want %+v", query, got, want)
		}
	}
}

// Of a word that is begun everything is offered that can stand there, once and in order, and
// no more than a dozen.
func TestCompletions(t *testing.T) {
	for text, want := range map[string]string{
		"timeline:\n  - {at: 0ms, a":                      "acquire: |at: ",
		"faults: {profile: ":                              "all|calm|crash|late|network|none",
		"faults:\n  profile: n":                           "network|none",
		"network:\n  links:\n    - {f":                    "from: ",
		"exercise:\n  want:\n    - {p":                    "predict: |promised: |property: ",
		"lesson:\n  stops:\n    - at: 3\n      ask: ":     "answer|breaks|majority|next|rule|state|told|value",
		"expect:\n  - {outcome: a":                        "acquired|answered",
		"expect:\n  - outcome: r":                         "refused|released",
		"timeline:\n- at: 0ms\n  acq":                     "acquire: ",
		"schedule: |\n  acq":                              "",
		"a: {b: 1}\ntit":                                  "title: ",
		"timeline:\n  - {at: 0ms, acquire: alice, v":      "via: ",
		"lesson:\n  point: x\nexer":                       "exercise: ",
		"title:":                                          "",
		"rules: {early-":                                  "early-stop-commit: |early-stop-promise: ",
		"rules: {durable: on, own":                        "own-id: |owner-release: ",
		"network:\n  links:\n    - from: a\nedition: sou": "sound",
	} {
		var found struct{ Found [][2]string }
		if err := json.Unmarshal(web.New().View(t.Context(), []byte(`{"ask":"complete","text":`+quoted(text)+`}`)), &found); err != nil {
			t.Fatal(err)
		}
		var words []string
		for _, f := range found.Found {
			words = append(words, f[0])
			if strings.HasSuffix(f[0], ": ") && f[1] == "" {
				t.Errorf("nothing is said of %s", f[0])
			}
		}
		if got := strings.Join(words, "|"); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
	var found struct{ Found [][2]string }
	json.Unmarshal(web.New().View(t.Context(), []byte(`{"ask":"complete","text":"format: 1\nedition: "}`)), &found)
	if len(found.Found) != 12 || !slices.IsSortedFunc(found.Found, func(a, b [2]string) int { return strings.Compare(a[0], b[0]) }) {
		t.Errorf("%q", found.Found)
	}
}

// What is wrong with a search is its answer; each option changes it; and what was searched is
// said with the numbers that it had.
func TestSearchOptions(t *testing.T) {
	const bounds = " · losses 1 · duplications 0 · timeouts 1 · crashes 0 · restarts 0 · retries 1 · wipes 0 · tears 0"
	const of = "“Two winners, nothing lost, nobody down” · edition published"
	for _, c := range []struct{ kind, query, options, want string }{
		{"walk", "", "", "There is no search walk."},
		{"check", `{}`, "", "there is no bundled scenario \"\""},
		{"check", `[]`, "", "this is no query: "},
		{"check", `{"scenario":"two-winners","at":-1}`, "", "there is no event -1"},
		{"check", `{"text":"format: 1\n"}`, "", "a scenario needs the key \"instances\""},
		{"check", `{"text":"format: 1\ninstances: [a, b]\nprogram: {a: mine}\n"}`, "", "a is played by a program called mine, and no program is given"},
		{"check", "", `"seeds":"10000001"`, "seeds takes a whole number from 1 to 10000000"},
		{"check", "", `"seeds":"-1"`, "seeds takes a whole number from 1 to 10000000"},
		{"check", "", `"profile":"zz"`, "there is no profile \"zz\""},
		{"check", "", `"property":"zz"`, "there is no property \"zz\""},
		{"check", "", `"seeds":"0"`, "seeds takes a whole number from 1 to 10000000"},
		{"check", "", `"seeds":"5","profile":"none"`, "1 random run of " + of + " · profile none: seed 1 violates mutual-exclusion."},
		{"check", "", `"property":"durability"`, "3 random runs of " + of + " · profile all: seed 3 violates durability."},
		{"check", `{"scenario":"two-winners","edition":"sound"}`, `"seeds":"20","profile":"calm"`, "20 random runs of “Two winners, nothing lost, nobody down” · edition sound · profile calm: nothing is violated in them."},
		{"check", `{"scenario":"two-winners","branches":[{"parent":0,"rules":{"durable":true}},{"parent":1,"rules":{"yield":true}}],"branch":2}`, `"seeds":"1","profile":"none","property":"agreement"`, "1 random run of " + of + " with durable, yield · profile none: nothing is violated in them."},
		{"check", `{"scenario":"two-winners","branches":[{"parent":0,"rules":{"durable":true}},{"parent":1,"rules":{"yield":true}}],"branch":1}`, `"seeds":"1","profile":"none","property":"agreement"`, "1 random run of " + of + " with durable · profile none: nothing is violated in them."},
		{"explore", "", `"losses":"201"`, "losses takes a whole number from 0 to 200"},
		{"explore", "", `"depth":"x"`, "depth takes a whole number from 0 to 1048576"},
		{"explore", "", `"property":"zz"`, "there is no property \"zz\""},
		{"explore", "", `"depth":"1"`, "3 states of " + of + ", to a depth of 1 decision" + bounds + ": every order up to that depth was tried, and nothing is violated."},
		{"explore", `{"scenario":"two-winners","edition":"sound"}`, `"timeouts":"0","losses":"","retries":"0"`, "states of “Two winners, nothing lost, nobody down” · edition sound, to a depth of"},
		{"explore", `{"scenario":"two-winners","edition":"sound"}`, `"timeouts":"0","losses":"","retries":"0"`, " decisions" + strings.Replace(strings.Replace(bounds, "timeouts 1", "timeouts 0", 1), "retries 1", "retries 0", 1) + ": every order was tried, and nothing is violated."},
		{"explore", "", `"property":"mutual-exclusion"`, ": mutual-exclusion is violated after 11 decisions, and after no fewer."},
	} {
		if c.query == "" {
			c.query = `{"scenario":"two-winners"}`
		}
		query := `{"query":` + c.query + `,"options":{` + c.options + `}}`
		if r := search(t, t.Context(), c.kind, query); !strings.Contains(r.Text, c.want) || strings.Contains(c.want, "edition") && !strings.HasPrefix(c.want, "states") && r.Text != c.want {
			t.Errorf("%s %s: %q, want %q", c.kind, query, r.Text, c.want)
		}
	}
	for kind, want := range map[string]string{"check": `{"done":1,"of":20,"text":"1 of 20 runs, `, "explore": `"of":0,"text":"depth 0 · 1 state · `} {
		var said []string
		web.New().Search(t.Context(), kind, []byte(`{"query":{"scenario":"two-winners","edition":"sound"},"options":{"seeds":"20","depth":"2"}}`), func(line []byte) { said = append(said, string(line)) })
		if len(said) == 0 || !strings.Contains(said[0], want) || !strings.HasPrefix(said[0], `{"done":1,`) {
			t.Errorf("%s says %q", kind, said)
		}
	}
	var said []string
	web.New().Search(t.Context(), "check", []byte(`{"query":{"scenario":"two-winners"},"options":{"property":"durability"}}`), func(line []byte) { said = append(said, string(line)) })
	if last := said[len(said)-1]; !strings.HasPrefix(last, `{"done":3,"of":0,`) || !strings.Contains(last, `"text":"seed 3 violates durability; it is made small"`) {
		t.Error(last)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for kind, want := range map[string]string{"check": ": nothing is violated in them; the search was ended.", "explore": ": nothing is violated so far; the search was ended."} {
		if r := search(t, ended, kind, `{"query":{"scenario":"two-winners"}}`); !strings.HasSuffix(r.Text, want) || r.Violated != "" {
			t.Errorf("%s: %+v", kind, r)
		}
	}
}

// A view that nobody waits for any more is none, but the rules that were tried in time.
func TestNoTime(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for query, want := range map[string]string{
		`{"scenario":"two-winners"}`: `"message":"this takes too long to show","hint":"a shorter run (until, events), fewer branches or fewer decisions take less"`,
		`{"scenario":"two-winners","branches":[{"parent":0,"acts":[{"after":8,"do":"crash a"}]}]}`: `"message":"branch 1: this takes too long to show"`,
		`{"scenario":"two-winners","do":"which"}`:                                                  `"message":"this takes too long to show"`,
	} {
		if got := string(web.New().View(ctx, []byte(query))); !strings.Contains(got, want) {
			t.Errorf("%s: %.300s", query, got)
		}
	}
}

// Every command of a session has its button or its key, but for leaving; the page has no key
// of the browser's, and what cannot be done here is told apart.
func TestCommandList(t *testing.T) {
	d := web.New()
	v := look(t, d, `{"scenario":"two-winners"}`)
	can := func(v view) (list []string) {
		for _, c := range v.Commands {
			if slices.Contains([]string{"back", "start", "why", "next", "end", "predict", "hint", "claim", "answer", "violation", "which"}, c.Word) && c.Can {
				list = append(list, c.Word)
			}
		}
		slices.Sort(list)
		return list
	}
	for query, want := range map[string]string{
		`{"scenario":"two-winners"}`:                                               "end next predict violation which",
		`{"scenario":"two-winners","at":8}`:                                        "back end next predict start violation which why",
		`{"scenario":"two-winners","at":30}`:                                       "back predict start violation which why",
		`{"scenario":"two-winners","hide":true}`:                                   "end next predict violation",
		`{"scenario":"typical"}`:                                                   "end next predict",
		`{"scenario":"learn/majority","at":1}`:                                     "end next violation",
		`{"scenario":"exercises/network-1"}`:                                       "back claim hint predict start why",
		`{"scenario":"two-winners","predict":true,"at":4,"taken":{"asking":true}}`: "answer back end next predict start violation why",
	} {
		if got := strings.Join(can(look(t, d, query)), " "); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	for _, c := range session.Commands() {
		is := slices.ContainsFunc(v.Commands, func(o struct {
			Word  string
			Help  string
			Keys  []string
			Group string
			Can   bool
			Ask   *string
		}) bool {
			return c.Word != "" && (o.Word == c.Word || c.Word == "rule" && o.Word == "rules") || c.Word == "" && (o.Help == c.About)
		})
		if !is && c.Word != "quit" && c.Word != "question" {
			t.Errorf("%s%s is not offered", c.Word, c.Keys)
		}
	}
	marks := 0
	for _, c := range v.Commands {
		if strings.HasPrefix(c.Word, "instance ") {
			marks++
		}
		if slices.Contains(c.Keys, "tab") || c.Word == "quit" || c.Help == "" || !slices.Contains([]string{"go", "hand", "look"}, c.Group) {
			t.Errorf("%+v", c)
		}
	}
	if marks != 3 {
		t.Errorf("%d instances can be marked", marks)
	}
}

// Which rules are on is told, with what the edition has and what is otherwise in this run; where
// it is to be found out none of that is, and a click is a guess.
func TestRuleList(t *testing.T) {
	const begins = "format: 1\nedition: published\nrules: {adopt: off, durable: on}\ninstances: [{name: a, rules: {yield: on}}, b, c]\ntimeline: [{at: 0ms, acquire: alice, via: a}]\n"
	const exercise = "exercise: {task: x, change: [rules], want: [{predict: [rules]}], hide: [rules]}\n"
	type rule struct {
		Name, Do, Note string
		On, Edition    bool
	}
	for text, want := range map[string][3]rule{
		begins:            {{"adopt", "rule adopt=on", "", false, true}, {"durable", "rule durable=off", "", true, false}, {"yield", "rule yield=on", "In this run: on at a.", false, false}},
		begins + exercise: {{Name: "adopt", Do: "claim adopt"}, {Name: "durable", Do: "claim durable"}, {Name: "yield", Do: "claim yield"}},
	} {
		var v struct {
			Rules     []rule
			RulesText string
			Spoils    bool
		}
		if err := json.Unmarshal(web.New().View(t.Context(), []byte(`{"text":`+quoted(text)+`}`)), &v); err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if !slices.Contains(v.Rules, w) {
				t.Errorf("%s\nthere is no %+v in %+v", text, w, v.Rules)
			}
		}
		secret := strings.Contains(text, "hide")
		if v.Spoils != secret || secret != (v.RulesText == "published, but for what is to be found out") {
			t.Errorf("spoils %v, %s", v.Spoils, v.RulesText)
		}
	}
}

// What is claimed first is what is not right yet, of all that is to be predicted.
func TestNextClaim(t *testing.T) {
	d := web.New()
	v := look(t, d, `{"scenario":"exercises/predict-1"}`)
	for _, words := range []string{"claim operation 2 outcome ? holder ?", "claim instance c promised ? id ? holder ?", "claim "} {
		for _, c := range v.Commands {
			if c.Word == "claim" && *c.Ask != words {
				t.Errorf("a claim begins with %q, not %q", *c.Ask, words)
			}
		}
		v = do(t, d, v, map[bool]string{true: "claim operation 2 outcome refused holder alice", false: "claim instance c promised 3 id 3 holder alice"}[strings.Contains(words, "operation")])
	}
}

// A link of an exercise that was left, or of a lesson under other rules, is that of a mere run,
// which can be done anything to.
func TestPlainLinks(t *testing.T) {
	d := web.New()
	for _, query := range []string{
		`{"scenario":"exercises/network-1","plain":true}`, `{"scenario":"exercises/network-1","edition":"sound"}`, `{"scenario":"exercises/predict-1","seed":"3"}`, `{"scenario":"network-1","rules":{"durable":true}}`,
	} {
		v := look(t, d, query)
		if len(v.Errors) > 0 || v.Aside != nil || v.Hidden || v.Secret || v.Spoils || v.At != 0 || !slices.Contains(v.Instances[0].Can, "crash a") {
			t.Errorf("%s: %+v at %d, %q", query, v.Errors, v.At, v.Instances[0].Can)
		}
		if strings.Contains(string(v.Query), "taken") {
			t.Errorf("%s", v.Query)
		}
	}
}

// Where a run is longer than what is in sight, that is 200 events with the current one, in steps
// of half of them; and the picture is of the same.
func TestWindow(t *testing.T) {
	const rows, half = 200, 100
	for _, calls := range []int{18, 19, 20, 21, 22, 45} { // 180 to 450 events
		d := web.New()
		text := "format: 1\ninstances: [a, b, c]\ntimeline:\n"
		for n := range calls {
			text += fmt.Sprintf("  - {at: %ds, acquire: x%d, via: %c}\n", n, n, 'a'+n%3)
		}
		total := look(t, d, `{"text":`+quoted(text)+`}`).Events
		firsts := map[int]bool{}
		for at := 0; at <= total; at += 29 {
			v := look(t, d, fmt.Sprintf(`{"text":%s,"at":%d}`, quoted(text), at))
			first, last := v.Story[0].Event, v.Story[len(v.Story)-1].Event
			firsts[first] = true
			whole := last-first+1 == min(rows, total) || last == total && last-first+1 > half && rows < total
			if !whole || len(v.Story) != last-first+1 || at > 0 && (at < first || at > last) || v.Picture.First != first || v.Picture.Last != last || (first-1)%half != 0 {
				t.Errorf("at %d of %d: events %d to %d, the picture %d to %d", at, total, first, last, v.Picture.First, v.Picture.Last)
			}
			if rows < total && last < total && at > first+rows*3/4+1 || first > 1 && at < first+rows/4-1 {
				t.Errorf("at %d of %d: events %d to %d leave no room", at, total, first, last)
			}
			if !strings.Contains(v.Picture.SVG, fmt.Sprintf(`id="e%d"`, last)) || strings.Contains(v.Picture.SVG, fmt.Sprintf(`id="e%d"`, last+1)) {
				t.Errorf("at %d of %d: the picture does not end with event %d", at, total, last)
			}
		}
		if want := 1 + max(0, total-rows+half-1)/half; len(firsts) != want {
			t.Errorf("%d events: they begin at %v, not at %d events", total, firsts, want)
		}
	}
	if v := look(t, web.New(), `{"scenario":"two-winners","rows":50}`); len(v.Errors) == 0 {
		t.Error("what is not asked for is taken")
	}
}

// Two branches side by side begin with the last events that they share; what is hidden is left
// out on both sides; and the same branch twice has nothing to show but these.
func TestComparison(t *testing.T) {
	d := web.New()
	v := do(t, d, look(t, d, `{"scenario":"two-winners","at":14}`), "drop commit-request b -> a #1")
	for _, c := range []struct {
		words          string
		differs, first int
		hidden         bool
	}{{"compare 0", 15, 12, false}, {"compare 1", 0, v.Events - 2, false}, {"present", 15, 12, true}} {
		w := do(t, d, v, "compare 0")
		if w = do(t, d, w, c.words); w.Compare == nil || w.Compare.Differs != c.differs || w.Compare.Rows[0].Left.Event != c.first || w.Compare.Rows[0].Right.Event != c.first || !w.Compare.Rows[0].Same {
			t.Errorf("%s: %+v", c.words, w.Compare)
			continue
		}
		for _, r := range w.Compare.Rows {
			if r.Left != nil && r.Left.Event > w.Events && c.hidden || r.Same != (r.Left != nil && r.Right != nil) && !c.hidden {
				t.Errorf("%s: %+v", c.words, r)
			}
		}
	}
	v = do(t, d, look(t, d, `{"scenario":"two-winners","at":1}`), "crash c")
	if v = do(t, d, v, "compare 0"); v.Compare.Rows[0].Left.Event != 1 || v.Compare.Differs != 3 {
		t.Errorf("%+v", v.Compare.Rows[0])
	}
}

// How messages, calls and timers are on their way: from where to where, as what, since when and
// until when.
func TestFlights(t *testing.T) {
	const text = "format: 1\ninstances: [a, b, c]\nnetwork: {latency: 10ms, client-latency: 3ms}\ntimeline:\n  - {at: 0ms, acquire: alice, via: a}\n  - {at: 1ms, status: b}\n  - {at: 14ms, cut: a -> c}\n" +
		"messages: [{duplicate: promise-request, from: a, to: b, after: 2ms}, {drop: commit-request, from: a, to: b}]\n"
	type flight struct {
		Do, From, To, Label, Kind, Fate, Due string
		SentNs                               int64  `json:"sent_ns"`
		DueNs                                *int64 `json:"due_ns"`
	}
	seen := map[string]string{}
	for at := range 25 {
		var v struct {
			Pending []flight
			Stage   struct {
				NowNs int64 `json:"now_ns"`
				Cut   [][2]int
			}
			Time_ns int64
		}
		if err := json.Unmarshal(web.New().View(t.Context(), []byte(fmt.Sprintf(`{"text":%s,"at":%d}`, quoted(text), at))), &v); err != nil {
			t.Fatal(err)
		}
		if v.Stage.NowNs != v.Time_ns {
			t.Errorf("at %d: %d ns, and it is %d ns", at, v.Stage.NowNs, v.Time_ns)
		}
		if now := v.Stage.NowNs; now < 14e6 && len(v.Stage.Cut) > 0 || now > 14e6 && !slices.Equal(v.Stage.Cut, [][2]int{{0, 2}}) {
			t.Errorf("at %d, %d ns, these are cut: %v", at, now, v.Stage.Cut)
		}
		for _, f := range v.Pending {
			if f.Label == "" { // a timer
				continue
			}
			if f.DueNs == nil || f.SentNs > v.Stage.NowNs || *f.DueNs < f.SentNs {
				t.Errorf("at %d: %+v", at, f)
				continue
			}
			seen[f.From+" "+f.To+" "+f.Label+" "+f.Kind+" "+f.Fate] = fmt.Sprint(f.SentNs/1e6, " ", *f.DueNs/1e6, " ", f.Due)
		}
	}
	for what, when := range map[string]string{
		"alice a acquire client arrives": "0 3 3 ms", "operator b status client arrives": "1 4 4 ms", "a b promise 1? request arrives": "3 13 13 ms", "a b promise 1? (copy) request copy": "3 15 15 ms",
		"b a promised 1 yes arrives": "13 23 23 ms", "a b commit 1 alice? request lost": "23 23 23 ms, lost",
	} {
		if seen[what] != when {
			t.Errorf("%s is on its way %q, not %q", what, seen[what], when)
		}
	}
	if t.Failed() {
		for what, when := range seen {
			t.Log(what, "-", when)
		}
	}
}

// How an instance stands after each thing that can be done to it, and what can be done then.
func TestInstances(t *testing.T) {
	type instance struct {
		Name, Promised, ID, Holder, Doing string
		Mutex                             bool
		Changed                           []string
	}
	d := web.New()
	for _, c := range []struct {
		at       int
		do       string
		want     instance
		can, not string
	}{
		{0, "", instance{Name: "a", Promised: "0", ID: "0", Changed: []string{}}, "crash a|pause a|isolate a|torn a|wipe a|cut a <-> b|cut a <-> c|acquire carol via a", "restart a|resume a|heal a"},
		{2, "", instance{Name: "a", Promised: "1", ID: "0", Doing: "promise", Mutex: true, Changed: []string{"promised"}}, "crash a", "restart a"},
		{10, "", instance{Name: "a", Promised: "1", ID: "1", Holder: "alice", Doing: "commit", Mutex: true, Changed: []string{"id", "holder"}}, "crash a", ""},
		{11, "", instance{Name: "a", Promised: "1", ID: "1", Holder: "alice", Doing: "commit", Mutex: true, Changed: []string{}}, "crash a", ""},
		{8, "crash a", instance{Name: "a", Promised: "1", ID: "0", Doing: "down", Changed: []string{}}, "restart a|wipe a|cut a <-> b", "crash a|pause a|isolate a|torn a|acquire carol via a"},
		{8, "pause a", instance{Name: "a", Promised: "1", ID: "0", Doing: "paused", Mutex: true, Changed: []string{}}, "crash a|resume a|isolate a", "pause a"},
		{8, "isolate a", instance{Name: "a", Promised: "1", ID: "0", Doing: "isolated", Mutex: true, Changed: []string{}}, "crash a|pause a|heal a", "isolate a"},
	} {
		v := look(t, d, fmt.Sprintf(`{"scenario":"two-winners","at":%d}`, c.at))
		if c.do != "" {
			v = do(t, d, v, c.do)
		}
		var got struct{ Instances []instance }
		if err := json.Unmarshal(d.View(t.Context(), []byte(v.Query)), &got); err != nil {
			t.Fatal(err)
		}
		is, want := got.Instances[0], c.want
		if is.Holder == "free" || is.Holder == "-" {
			is.Holder = ""
		}
		if fmt.Sprintf("%+v", is) != fmt.Sprintf("%+v", want) || is.Changed == nil {
			t.Errorf("at %d, %s: %+v, want %+v", c.at, c.do, is, want)
		}
		for _, can := range strings.Split(c.can, "|") {
			if !slices.Contains(v.Instances[0].Can, can) {
				t.Errorf("at %d, %s: a cannot %s of %q", c.at, c.do, can, v.Instances[0].Can)
			}
		}
		for _, not := range strings.Split(c.not, "|") {
			if slices.Contains(v.Instances[0].Can, not) {
				t.Errorf("at %d, %s: a can %s", c.at, c.do, not)
			}
		}
	}
}

// A door that has been asked for many runs tells them apart by all that makes them, answers as
// one that was asked for nothing else, and remembers the last few.
func TestDoorTellsRunsApart(t *testing.T) {
	d := web.New()
	queries := []string{
		`{"scenario":"two-winners"}`, `{"scenario":"two-winners","edition":"sound"}`, `{"scenario":"two-winners","rules":{"durable":true}}`, `{"scenario":"amnesia","seed":"3"}`, `{"scenario":"amnesia"}`,
		`{"scenario":"typical"}`, `{"scenario":"integration","seed":"5"}`, `{"scenario":"integration"}`, `{"text":"format: 1\ninstances: [a, b]\n"}`, `{"scenario":"own.yaml","text":"format: 1\ninstances: [a, b]\n"}`, `{"text":"format: 1\ninstances: [a, c]\n"}`,
	}
	for range 2 {
		for _, q := range queries {
			if got, want := d.View(t.Context(), []byte(q)), web.New().View(t.Context(), []byte(q)); string(got) != string(want) {
				t.Errorf("%s: %.200s, alone %.200s", q, got, want)
			}
			if n := d.Runs(); n > 8 {
				t.Errorf("%d runs are remembered", n)
			}
		}
	}
	if n := d.Runs(); n != 8 {
		t.Errorf("%d runs are remembered", n)
	}
}

// Who has done an exercise has done it in so many moves, where there is a par, or met so many
// demands.
func TestDoneInMoves(t *testing.T) {
	for name, want := range map[string][2]int{"network-1": {6, 6}, "predict-1": {2, 2}, "mystery-1": {1, 1}} {
		d := web.New()
		v := look(t, d, `{"scenario":"exercises/`+name+`"}`)
		for _, words := range byHand[name] {
			v = do(t, d, v, words)
		}
		if v.Done == nil || [2]int{v.Done.Right, v.Done.Of} != want {
			t.Errorf("%s: %+v, want %v", name, v.Done, want)
		}
	}
	d := web.New()
	v := look(t, d, `{"scenario":"exercises/network-1"}`)
	for _, words := range append([]string{"deliver promise-request a -> b"}, byHand["network-1"]...) {
		v = do(t, d, v, words)
	}
	if v.Done == nil || v.Done.Right != 7 || v.Done.Of != 6 {
		t.Errorf("with a move more it is %+v", v.Done)
	}
}

// Names in sentences are told apart, so that the page can make links of them.
func TestSpans(t *testing.T) {
	type span struct {
		T               string
		Event, Instance *int
		Client          int
		Rule            string
	}
	met := map[string]bool{}
	for at := 1; at <= 30; at++ {
		var v struct{ Line struct{ What, Why []span } }
		if err := json.Unmarshal(web.New().View(t.Context(), []byte(fmt.Sprintf(`{"scenario":"two-winners","at":%d}`, at))), &v); err != nil {
			t.Fatal(err)
		}
		for _, s := range append(v.Line.What, v.Line.Why...) {
			switch {
			case s.Event != nil:
				if met["event"] = true; !strings.HasSuffix(s.T, fmt.Sprint(*s.Event)) || *s.Event >= at {
					t.Errorf("event %d: %+v", at, s)
				}
			case s.Instance != nil:
				if met["instance"] = true; s.T != string(rune('a'+*s.Instance)) {
					t.Errorf("event %d: %+v is %d", at, s, *s.Instance)
				}
			case s.Client > 0:
				if met["client"] = true; s.T != "alice" && s.T != "bob" || s.Client != 1 {
					t.Errorf("event %d: %+v", at, s)
				}
			case s.Rule != "":
				if met["rule"] = true; s.Rule != s.T {
					t.Errorf("event %d: %+v", at, s)
				}
			}
		}
	}
	if len(met) != 4 {
		t.Errorf("only %v are named", met)
	}
}

// Calls and answers are between an instance and a client of the list, also where a client is
// called like an instance, or like nobody.
func TestNamesakes(t *testing.T) {
	d := web.New()
	const text = `"text":"format: 1\ninstances: [a, b, c]\nnetwork: {client-latency: 3ms}\ntimeline: [{at: 0ms, acquire: a, via: b}, {at: 1ms, acquire: operator, via: a}, {at: 2ms, status: c}]\n"`
	met := map[string]bool{}
	for at := range 40 {
		v := look(t, d, fmt.Sprintf(`{%s,"at":%d}`, text, at))
		stands := map[string]bool{}
		for _, i := range v.Instances {
			stands[i.Name] = false
		}
		for _, c := range v.Clients {
			if _, ok := stands[c.Name]; ok {
				t.Fatalf("two are called %s", c.Name)
			}
			stands[c.Name] = true
		}
		for _, f := range v.Pending {
			if f.Kind != "client" {
				continue
			}
			from, to := stands[f.From], stands[f.To]
			if from == to {
				t.Errorf("at %d: %s to %s, where the clients are %+v", at, f.From, f.To, v.Clients)
			}
			met[f.From], met[f.To] = true, true
		}
		for _, c := range v.Clients {
			for _, act := range c.Can {
				do(t, d, v, act)
			}
		}
	}
	for _, name := range []string{`"a"`, `"operator"`} {
		if !met[name] {
			t.Errorf("nothing is under way from or to %s, only %v", name, met)
		}
	}
}
