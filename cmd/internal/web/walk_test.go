package web_test

import (
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"skinny/cmd/internal/web"
)

var update = flag.Bool("update", false, "write the golden files anew")

// begun is where walks begin: every part of a query is in one of them.
var begun = []string{
	`{"scenario":"two-winners"}`, `{"scenario":"two-winners","seed":"7","edition":"sound","rules":{"durable":false},"at":9,"instance":"b"}`,
	`{"scenario":"amnesia","hide":true}`, `{"scenario":"two-winners","predict":true}`, `{"scenario":"learn/majority"}`, `{"scenario":"learn/two-winners"}`, `{"scenario":"learn/majority","plain":true,"at":4}`,
	`{"scenario":"exercises/rescue-1"}`, `{"scenario":"exercises/mystery-1"}`, `{"scenario":"exercises/predict-1"}`, `{"scenario":"exercises/mend-1"}`, `{"scenario":"exercises/shortest-1"}`, `{"scenario":"exercises/write-1","plain":true}`,
	`{"scenario":"two-winners","branches":[{"parent":0,"rules":{"ack-majority":true},"acts":[{"after":8,"do":"crash a"}]},{"parent":0,"acts":[{"after":3,"do":"drop promise-request a -> c #1"}]}],"branch":1,"compare":2,"at":12}`,
	`{"scenario":"own.yaml","text":"format: 1\nquorums: {promise: 2, commit: 3}\ninstances: [a, b, c, d]\nnetwork: {client-latency: 3ms}\ntimeline:\n  - {at: 0ms, acquire: alice, via: a}\n  - {at: 2ms, status: b}\n  - {at: 4ms, partition: [[a, b], [c, d]]}\n  - {at: 9ms, pause: c}\n  - {at: 700ms, heal: all}\n  - {at: 800ms, acquire: bob, via: d, timeout: 40ms}\n"}`,
	`{"text":"format: 1\ninstances: [a, b, c]\nschedule: |\n  acquire alice via a\n  deliver promise-request a -> c\n  crash b host up\n"}`,
}

// done is what is said on walks.
var done = []string{
	"next", "next", "next", "next 4", "back 2", "end", "start", "goto 9", "majority", "violation", "refusal", "round back", "of b", "search commit", "deliver", "deliver", "drop", "duplicate", "delay", "refuse", "preview",
	"press down", "press up", "press esc", "press x", "press r", "press z", "press W", "press X", "press i", "press c", "press h", "press t", "press 1", "press 2", "press 3", "press a", "press A", "press ?", "press o", "press V", "press zz",
	"rule durable=off", "rule adopt=on", "which", "mark b", "why", "show", "list", "branches", "branch 0", "branch 1", "compare 1", "here", "digest", "help", "help drop", "answer 1", "answer 2", "1", "2", "on", "hint", "predict", "present",
	"claim operation 1 outcome acquired", "claim durable", "claim rule own-id", "crash a", "restart a", "acquire carol via b", "release alice via a", "cut a <-> b", "heal all", "nonsense", "save", "save x.yaml", "question", "deliver 1", "drop 2",
}

// Walks over the page show what they always have: a step is the digest of the whole view,
// and the first that differs is shown as it is now.
func TestWalks(t *testing.T) {
	const path = "testdata/walks.golden"
	var want, got []string
	if data, err := os.ReadFile(path); err == nil {
		want = strings.Split(strings.TrimSpace(string(data)), "\n")
	}
	d := web.New()
	for n, query := range begun {
		r := rand.New(rand.NewPCG(uint64(n), 2))
		line := fmt.Sprint(n, ":")
		for step := range 45 {
			answer := d.View(t.Context(), []byte(query))
			line += fmt.Sprintf(" %.2x", sha256.Sum256(answer))
			if !*update && (n >= len(want) || !strings.HasPrefix(want[n], line)) {
				t.Fatalf("%s, step %d of %s shows something else than it did; go test -update writes %s anew. It is now\n%.3000s", line, step, query, path, answer)
			}
			var v view
			if err := json.Unmarshal(answer, &v); err != nil {
				t.Fatal(err)
			}
			at := string(v.Query)
			if at == "" || at == "null" || len(v.Errors) > 0 {
				at = begun[n]
			}
			words, _ := json.Marshal(done[r.IntN(len(done))])
			query = strings.TrimSuffix(at, "}") + `,"do":` + string(words) + `}`
		}
		got = append(got, line)
	}
	if *update {
		if err := os.MkdirAll("testdata", 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(strings.Join(got, "\n")+"\n"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}
