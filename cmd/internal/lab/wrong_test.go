package lab

import (
	"strings"
	"testing"
	"time"

	"skinny/sim"
)

// wrong solutions, as changes of the one in testdata/instance.py: pairs of what stands there
// and what takes its place. Each is caught in its stage, for the reason it is wrong.
var wrong = []struct {
	stage, name string
	change      []string
	want        string // in why it is not passed
}{
	{"promise", "promises an equal ID", []string{`yes = event["id"] > m["promised"]`, `yes = event["id"] >= m["promised"]`},
		"c promises ID 1 to b, though it is a's (event 3)"},
	{"promise", "says yes to everything", []string{`yes = event["id"] > m["promised"]`, `yes = True`}, "c promises ID 1 to b"},
	{"promise", "forgets what it promised", []string{"        m[\"promised\"] = event[\"id\"]\n", "        pass\n"}, "its state shows 0 as promised"},
	{"promise", "does not answer a no", []string{`    store(step)
    step.send("promised"`, `    if not yes:
        return
    store(step)
    step.send("promised"`}, "c does not answer the promise-request of b with its ID 1"},
	{"promise", "remembers every ID", []string{"    if yes:\n        m[\"promised\"] = event[\"id\"]\n", "    m[\"promised\"] = event[\"id\"]\n"},
		"c refuses to promise ID 1, and what its state shows as promised sinks from 2 to 1"},
	{"promise", "answers another ID", []string{`step.send("promised", event["from"], id=event["id"]`, `step.send("promised", event["from"], id=event["id"] + 1`},
		"c does not answer the promise-request of a with its ID 1"},
	{"promise", "remembers in a variable", []string{`    m = step.memory
    yes = event["id"] > m["promised"]`, `    m = start.__dict__.setdefault(step.name, start(None))
    yes = event["id"] > m["promised"]`}, "lab/promise: the program of c, after event 6: its answer depends on more than its question"},

	{"commit", "accepts what is stale", []string{`    if id < m["promised"]:
        return False
    m["promised"], m["id"], m["holder"] = id, id, holder`, `    m["promised"], m["id"], m["holder"] = max(id, m["promised"]), id, holder`},
		"c accepts ID 1, though it promised 2"},
	{"commit", "accepting is no promise", []string{`m["promised"], m["id"], m["holder"] = id, id, holder`, `m["id"], m["holder"] = id, holder`},
		"and its state shows 0 as promised"},
	{"commit", "promises more than it accepts", []string{`m["promised"], m["id"], m["holder"] = id, id, holder`, `m["promised"], m["id"], m["holder"] = id + 1, id, holder`},
		"as promised"},
	{"commit", "accepts what is stale now and then", []string{`    if id < m["promised"]:`, `    if id < m["promised"] and id != 2:`},
		"c accepts ID 2, though it promised"},
	{"commit", "keeps the holder that it refuses", []string{`        return False
    m["promised"]`, `        m["holder"] = holder
        return False
    m["promised"]`}, "c refuses to accept ID 1 (alice), and its state changes from"},
	{"commit", "accepts again what it accepted", []string{`    if id < m["promised"]:`, `    if id < m["promised"] and id != m["id"]:`},
		"c accepts ID 2, though it promised 4"},
	{"commit", "accepts only what it promised", []string{`    if id < m["promised"]:`, `    if id != m["promised"]:`}, "c refuses to accept ID 2, though it has promised nothing yet"},
	{"commit", "does not tell what it accepted", []string{`accepted={"id": m["id"], "holder": m["holder"]}`, `accepted=NOTHING`}, "does not tell that it accepted"},

	{"propose", "half is enough", []string{`len(step.instances) // 2 + 1`, `len(step.instances) // 2`}, "and a majority is 3 of 4"},
	{"propose", "knows nothing, and two of five are enough", []string{`len(step.instances) // 2 + 1`, `{3: 2, 4: 3, 5: 2}[len(step.instances)]`,
		`if not won:`, `if True:`}, "and a majority is 3 of 5"}, // the first is only an end, the second a step
	{"propose", "has one ID for all rounds", []string{`    id = next_id(step)`, `    id = 1000`}, "proposes ID 1000 again"},
	{"propose", "commits before anybody has promised", []string{`    ask(step, True)


release`, `    m["round"].update(yea=0, nay=0, waiting=[], told=0)
    end_promise(step, True)


release`}, "and asked for promises of ID 0"},

	{"learn", "ignores what was accepted", []string{`if accepted["id"] > r["base"]["id"]:`, `if False:`}, "has told it of ID 1 (alice)"},
	{"learn", "believes the last that it hears", []string{`if accepted["id"] > r["base"]["id"]:`, `if accepted["id"]:`}, "has told it of ID"},
	{"learn", "forgets what it has accepted itself", []string{`"base": {"id": m["id"], "holder": m["holder"]}`, `"base": NOTHING`}, "though it has itself accepted"},
	{"learn", "lets anybody release", []string{`if operation == "release" and holder == client:`, `if operation == "release":`}, "commits free for bob's release"},

	{"learn", "refuses the holder who asks again", []string{`step.answer("acquired" if r["value"] == r["client"] else "refused", r["value"])`,
		`step.answer("acquired" if r["base"]["holder"] == "" else "refused", r["value"])`}, "linearizability"},
	{"learn", "does not release a free lock", []string{`step.answer("released" if r["value"] == "" else "not-released", r["value"])`,
		`step.answer("released" if r["base"]["holder"] == r["client"] else "not-released", r["value"])`}, "linearizability"},

	{"timeouts", "asks for no timer", []string{"    step.timer()\n", ""}, "c never answers the acquire of alice"},
	{"timeouts", "asks for a timer only in phase 2", []string{"    step.timer()\n", "    if r[\"phase\"] == \"commit\":\n        step.timer()\n"}, "c never answers the acquire of bob"},

	{"all-at-once", "asks one after the other", sequential("1"), "is not answered within 1.02s"},
	{"all-at-once", "asks two at a time", sequential("2"), "is not answered within 1.02s"},

	{"stop-early", "waits for everybody", []string{`if r["yea"] < majority and r["nay"] < majority and r["waiting"]:`, `if r["waiting"]:`}, "is not answered within 60ms"},
	{"stop-early", "waits for everybody in phase 2", []string{`if r["yea"] < majority and r["nay"] < majority and r["waiting"]:`,
		`if r["waiting"] and (r["phase"] == "commit" or r["yea"] < majority and r["nay"] < majority):`}, "is not answered within 60ms"},
	{"stop-early", "counts a yes for another ID", []string{` or r["id"] != event["id"]`, ``}, "with the promises of c, and a majority is 2 of 3"},

	{"try-again", "never tries again", []string{`if r["try"] < RETRIES:`, `if False:`}, "is answered unknown"},
	{"try-again", "ignores what refusals tell", []string{"    r[\"told\"] = max(r[\"told\"], event.get(\"told\") or 0)\n", ""}, "is not answered within 700ms"},
	{"try-again", "refuses a commit without a word", []string{`id=event["id"], yes=yes, told=0 if yes else m["promised"])`, `id=event["id"], yes=yes)`}, "refuses to accept ID"},
	{"try-again", "refuses without a word", []string{`yes=yes, told=0 if yes else m["promised"],
              accepted`, `yes=yes, told=0,
              accepted`}, "tells 0 as what it has promised"},

	{"unknown", "answers what it believes", []string{`    if not won:
        step.answer("unknown")
    elif`, `    if`}, "a answers alice acquired, but its commit"},
	{"unknown", "never gives up", []string{`if r["try"] < RETRIES:`, `if r["try"] < 250:`}, "lab/nobody-answers: the program of a, after event 20: it retries an operation once more"},
	{"unknown", "accepts its own commits unasked", []string{`ask(step, accept(m, r["id"], r["value"]))`, `m["id"], m["holder"] = r["id"], r["value"]
        ask(step, True)`}, ""},

	{"survive", "stores nothing", []string{`    step.disk = {`, `    _ = {`}, "goes back in a restart"},
	{"survive", "stores only what it accepted", []string{`for name in ("promised", "id", "holder")}`, `for name in ("id", "holder")}`}, ""},
	{"survive", "stores only what it is asked", []string{`    store(step)
    r = step.memory["round"]
    r.update`, `    r = step.memory["round"]
    r.update`}, ""},

	{"everything", "knows no cluster of more than five", []string{`len(step.instances) // 2 + 1`, `min(len(step.instances) // 2 + 1, 3)`}, "with the promises of"},
	{"everything", "knows no sixth instance", []string{`step.instances.index(step.name) + 1`, `"abcde".index(step.name) + 1`}, "it has ended (exit status 1)"},
}

// sequential asks so many peers at a time.
func sequential(many string) []string {
	return []string{
		`    for peer in step.peers:
        if r`, `    ask_next(step)


def ask_next(step):
    r = step.memory["round"]
    r["asked"] = r["waiting"][:` + many + `]
    for peer in r["asked"]:
        if r`,
		`r["waiting"]:
        return
    if`, `r["waiting"]:
        if not set(r["asked"]) & set(r["waiting"]):
            ask_next(step)
        return
    if`,
		`r["nay"] += len(r["waiting"])
    r["waiting"] = []`, `r["nay"] += len(set(r["asked"]) & set(r["waiting"]))
    r["waiting"] = [name for name in r["waiting"] if name not in r["asked"]]`,
	}
}

// Each wrong solution is caught in its stage, by a run that names the step.
func TestWrongSolutions(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes some seconds")
	}
	command(t, &languages[0], ".") // or it is skipped
	for _, w := range wrong {
		t.Run(w.stage+", "+w.name, func(t *testing.T) {
			dir := reference(t, &languages[0], w.change...)
			j := started(t, &languages[0], dir)
			stage, _ := ByName(w.stage)
			start := time.Now()
			r, err := stage.Judge(j.player, Options{Pure: j.scenarios, Seeds: 400, Quick: true})
			if err != nil {
				t.Fatal(err)
			}
			said := r.Failure.describe()
			t.Logf("%v: %s", time.Since(start), said)
			if r.Failure == nil || !strings.Contains(said, w.want) {
				t.Fatalf("it is judged: %s\nwant: %s", said, w.want)
			}
			if r.Failure.Err == nil && lastQuestion(r.Failure) == nil {
				t.Error("no question led to it")
			}
		})
	}
}

func lastQuestion(f *Failure) *sim.Question {
	event := 0
	if f.Verdict != nil {
		event = f.Verdict.Event
	}
	_, q := lastAsked(f.Scenario, event)
	return q
}

// What is right in another way passes every stage.
func TestOtherStyles(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes some seconds")
	}
	for name, change := range map[string][]string{
		"other IDs, another order, few words": {
			`for peer in step.peers:`, `for peer in reversed(step.peers):`,
			`    size = len(step.instances)
    own = step.instances.index(step.name) + 1
    return step.memory["promised"] + (own - step.memory["promised"] - 1) % size + 1`, `    step.log("another round")
    return step.memory["promised"] + step.increment`,
			`    step.send("promised", event["from"], id=event["id"], yes=yes, told=0 if yes else m["promised"],
              accepted={"id": m["id"], "holder": m["holder"]})`, `    fields = {"id": event["id"], "yes": yes}
    if not yes:
        fields["told"] = m["promised"]
    if m["id"]:
        fields["accepted"] = {"id": m["id"], "holder": m["holder"]}
    step.send("promised", event["from"], **fields)`,
		},
		"IDs from the other end":   {`own = step.instances.index(step.name) + 1`, `own = size - step.instances.index(step.name)`},
		"IDs that others may have": {`    return step.memory["promised"] + (own - step.memory["promised"] - 1) % size + 1`, `    return step.memory["promised"] + 1`},
		"notes, and the same promise again": {
			`    yes = event["id"] > m["promised"]
    if yes:
        m["promised"] = event["id"]`, `    again = [event["id"], event["from"]]
    yes = event["id"] > m["promised"] or event["id"] == m["promised"] and m.get("last") == again
    if yes:
        m["promised"], m["last"] = event["id"], again`,
			`step.send("promise", peer, id=r["id"])`, `step.send("promise", peer, id=r["id"], note={"for": r["client"]})`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := &languages[0]
			command(t, l, ".")
			j := started(t, l, reference(t, l, change...))
			for _, s := range Stages() {
				r, err := s.Judge(j.player, Options{Pure: j.scenarios, Seeds: 25, Quick: true})
				if err != nil {
					t.Fatal(err)
				}
				if r.Failure != nil {
					t.Errorf("%s: %s", s.Name, r.Failure.describe())
				}
			}
		})
	}
}
