package web_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"skinny/cmd/internal/session"
	"skinny/cmd/internal/web"
	"skinny/scenarios"
	"skinny/scenarios/exercise"
)

// same complains unless a door that knows nothing answers a view's query with that view.
func same(t *testing.T, v view) {
	t.Helper()
	again := look(t, web.New(), string(v.Query))
	again.Said, again.Done, again.Saved, again.Which, again.Why = v.Said, v.Done, v.Saved, v.Which, v.Why
	a, _ := json.Marshal(v)
	b, _ := json.Marshal(again)
	if !bytes.Equal(a, b) {
		i := 0
		for i < min(len(a), len(b)) && a[i] == b[i] {
			i++
		}
		t.Errorf("%s gives\n…%.200s\nand was\n…%.200s", v.Query, b[max(i-60, 0):], a[max(i-60, 0):])
	}
}

// veiled complains about what is told of events that come later.
func veiled(t *testing.T, v view) {
	t.Helper()
	last := v.At
	if len(v.Story) > 0 {
		last = v.Story[len(v.Story)-1].Event
	}
	if last > v.Events || v.Picture.Last > v.Events || v.Ending != "" || !v.Hidden || !v.Spoils {
		t.Errorf("%s: story to %d, picture to %d, ending %q, of %d", v.Query, last, v.Picture.Last, v.Ending, v.Events)
	}
	if strings.Contains(v.Picture.SVG, fmt.Sprintf(`id="e%d"`, v.Events+1)) {
		t.Errorf("%s: the picture shows event %d", v.Query, v.Events+1)
	}
	for _, p := range v.Properties {
		if p.State != "kept" && p.Event > v.Events {
			t.Errorf("%s: %s is %s by event %d", v.Query, p.Name, p.State, p.Event)
		}
	}
	for _, f := range v.Pending {
		if f.DueNs != nil || f.Fate == "lost" {
			t.Errorf("%s: %+v", v.Query, f)
		}
	}
	for _, b := range v.Branches {
		if b.Here && b.Hidden && len(b.Violated) != len(violated(v)) {
			t.Errorf("%s: %+v", v.Query, b)
		}
	}
}

// says is what stands aside.
func (v *view) says() string {
	if v.Aside == nil {
		return ""
	}
	lines := []string{v.Aside.Title}
	for _, r := range v.Aside.Rows {
		line := ""
		for _, p := range r.Text {
			line += " " + p.T
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// Every lesson can be taken to its end; each moment of it is in its link, and nothing
// tells what comes.
func TestLessons(t *testing.T) {
	for _, e := range scenarios.Course() {
		d := web.New()
		v := look(t, d, `{"scenario":"`+e.Taught()+`"}`)
		if len(v.Errors) > 0 || v.Aside == nil || v.At != 0 || v.Command != "skinny learn "+e.Short() {
			t.Fatalf("%s: %+v, %s", e.Name, v.Errors, v.Command)
		}
		veiled(t, v)
		asked := 0
		for step := 0; v.Done == nil; step++ {
			if step > 100 {
				t.Fatalf("%s does not end: %s", e.Name, v.Query)
			}
			choices := slices.ContainsFunc(v.Aside.Rows, func(r asideRow) bool { return r.Do != "" })
			if choices {
				veiled(t, v)
				asked++
				v = do(t, d, v, "answer 1")
			} else if v = do(t, d, v, "deliver"); v.Done == nil && !v.Aside.Halts && v.Hidden {
				t.Errorf("%s: it does not halt at %d", e.Name, v.At)
			}
			same(t, v)
		}
		if v.Done.Name != e.Taught() || v.Done.Of != asked || v.Hidden || v.Spoils || !strings.Contains(v.says(), "the point of this lesson") {
			t.Errorf("%s: %+v, %s", e.Name, v.Done, v.says())
		}
		next := v.Aside.Acts[len(v.Aside.Acts)-1]
		if w := look(t, d, `{"scenario":"`+next.Open+`"}`); len(w.Errors) > 0 || w.Aside == nil || !strings.HasSuffix(next.Text, w.Title) {
			t.Errorf("%s: next is %+v", e.Name, next)
		}
		if again := look(t, d, string(v.Query)); again.Done != nil {
			t.Errorf("%s: who opens the link of the end is done with it", e.Name)
		}
	}
}

// With another edition, another rule or another seed a lesson is only a run.
func TestLessonOtherwise(t *testing.T) {
	for query, lesson := range map[string]bool{
		`{"scenario":"learn/majority"}`:                         true,
		`{"scenario":"learn/majority","seed":"7"}`:              false,
		`{"scenario":"learn/majority","edition":"published"}`:   false,
		`{"scenario":"learn/majority","rules":{"yield":false}}`: false,
		`{"scenario":"learn/majority","plain":true}`:            false,
	} {
		if v := look(t, web.New(), query); len(v.Errors) > 0 || (v.Aside != nil) != lesson {
			t.Errorf("%s: %+v %s", query, v.Errors, v.says())
		}
	}
}

// A wrong answer says what it would have needed; rules to try show the same run under
// them, and back.
func TestLessonAnswers(t *testing.T) {
	d := web.New()
	v := look(t, d, `{"scenario":"learn/majority"}`)
	seen := do(t, d, do(t, d, v, "next"), "back")
	if seen.Events != 1 || seen.At != 0 || seen.Aside.Halts {
		t.Errorf("%s: of %d", seen.Query, seen.Events)
	}
	same(t, seen)
	v = do(t, d, do(t, d, v, "deliver"), "deliver")
	if !strings.Contains(v.says(), "two of four") || v.At != 4 {
		t.Fatalf("at %d: %s", v.At, v.says())
	}
	if w := do(t, d, v, "next"); w.At != 4 || !strings.Contains(w.Said, "answer first") {
		t.Errorf("at %d it says %q", w.At, w.Said)
	}
	for _, command := range []string{"rule durable=off", "which", "end", "goto 20"} {
		if w := do(t, d, v, command); w.At != 4 || len(w.Branches) != 1 || w.Said == "" {
			t.Errorf("%s: at %d, %q", command, w.At, w.Said)
		}
	}
	wrong := do(t, d, v, v.Aside.Rows[2].Do)
	for _, r := range v.Aside.Rows {
		if w := do(t, d, v, r.Do); r.Do != "" && strings.Contains(w.says(), "without majority") {
			wrong = w
		}
	}
	if !strings.Contains(wrong.says(), "without majority") || !strings.Contains(wrong.Aside.Title, "0 of 1 right") {
		t.Errorf("%s", wrong.says())
	}
	back := do(t, d, wrong, "goto 2")
	if back.Events != wrong.Events || !back.Hidden {
		t.Errorf("what was seen is hidden again: %d", back.Events)
	}
	same(t, back)

	v = look(t, d, `{"scenario":"learn/two-winners"}`)
	tries := func(o offer) bool { return o.Key == "t" }
	for !slices.ContainsFunc(v.Aside.Acts, tries) {
		before := string(v.Query)
		if v = do(t, d, v, "deliver"); string(v.Query) == before {
			v = do(t, d, v, "answer 1")
		}
	}
	under := do(t, d, v, "press t")
	if len(under.Branches) != 2 || !under.Branches[1].Here || !strings.Contains(under.says(), "The same run with") {
		t.Fatalf("%+v\n%s", under.Branches, under.says())
	}
	same(t, under)
	for range 2 {
		if back = do(t, d, under, "press t"); !back.Branches[0].Here || back.At != v.At || back.says() != v.says() {
			t.Errorf("%s", back.says())
		}
		same(t, back)
		if under = do(t, d, back, "press t"); len(under.Branches) != 2 {
			t.Errorf("%+v", under.Branches)
		}
	}
}

// Names of instances beside a lesson have their instance's colour.
func TestLessonLooks(t *testing.T) {
	for lesson, name := range map[string]string{"two-winners": "a", "holder": "b", "promise": "c"} {
		d := web.New()
		v := look(t, d, `{"scenario":"learn/`+lesson+`"}`)
		for !slices.ContainsFunc(v.Aside.Acts, func(o offer) bool { return o.Key == "t" }) {
			before := string(v.Query)
			if v = do(t, d, v, "deliver"); string(v.Query) == before {
				v = do(t, d, v, "answer 1")
			}
		}
		looks := map[string]string{}
		for _, r := range do(t, d, v, "press t").Aside.Rows {
			for _, s := range r.Text {
				looks[s.T] = s.Look
			}
		}
		if looks[name] != fmt.Sprintf("i%d", name[0]-'a') || looks["now:"] != "faint" || looks["In the end:"] != "" {
			t.Errorf("what %s says looks like %v", lesson, looks)
		}
	}
}

// Predictions keep their score in the link.
func TestPredictions(t *testing.T) {
	d := web.New()
	v := do(t, d, look(t, d, `{"scenario":"two-winners"}`), "predict")
	s, err := scenarios.Load("two-winners", scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	place := session.NewSession(session.New(s), "skinny step two-winners")
	place.Predict()
	for step := range 200 {
		if v.At == 30 {
			break
		}
		veiled(t, v)
		command := "next"
		if place.Question() != nil {
			command = "answer " + fmt.Sprint(step%2+1)
		}
		place.Say(command)
		v = do(t, d, v, command)
		same(t, v)
		if page := place.Aside(); v.At != place.At() || page.Title != v.Aside.Title || page.Len != len(v.Aside.Rows) {
			t.Fatalf("at %d, %s; the session is at %d, %s", v.At, v.Aside.Title, place.At(), page.Title)
		}
	}
	if !strings.HasSuffix(v.Command, " --at 30 --predict") {
		t.Errorf("in a terminal it is %s", v.Command)
	}
	if asked := len(place.Taken().Answers); asked < 5 || !strings.Contains(v.says(), fmt.Sprintf(" of %d right", asked)) {
		t.Errorf("%s", v.says())
	}
	if v = do(t, d, v, "predict"); v.Aside != nil || strings.Contains(string(v.Query), "taken") {
		t.Errorf("%s", v.Query)
	}
}

// While a run is presented a clicker goes event by event.
func TestPresenting(t *testing.T) {
	d := web.New()
	v := do(t, d, look(t, d, `{"scenario":"two-winners","at":14}`), "present")
	veiled(t, v)
	if v.Command != "skinny step two-winners --at 14 --present" {
		t.Errorf("in a terminal it is %s", v.Command)
	}
	if x := look(t, d, `{"scenario":"exercises/mend-1","hide":true}`); x.Aside == nil || strings.Contains(x.Command, "--present") {
		t.Errorf("in a terminal the exercise is %s, which would leave it", x.Command)
	}
	if v = do(t, d, v, "press pgdown"); v.At != 15 {
		t.Errorf("at %d", v.At)
	}
	if v = do(t, d, v, "press pgup"); v.At != 14 {
		t.Errorf("at %d", v.At)
	}
	same(t, v)
	if v = do(t, d, v, "present"); v.Hidden || string(v.Query) != `{"scenario":"two-winners","at":14}` {
		t.Errorf("%s", v.Query)
	}
}

// byHand is what a user does to solve an exercise of each kind; a number goes there.
var byHand = map[string][]string{
	"network-1": {"deliver promise-request a -> c", "deliver promise-request b -> c", "deliver promise-response c -> a", "deliver promise-response c -> b", "timeout a", "timeout b"},
	"mend-1":    {"rule durable=on", "rule durable=off", "rule ack-majority=on"},
	"predict-1": {"claim operation 2 outcome acquired holder bob", "claim instance c promised 3 id 3 holder alice", "claim operation 2 outcome refused holder alice"},
	"mystery-1": {"claim durable", "claim adopt"},
	"write-1":   {"5ms", "isolate a"},
	"rescue-1":  {"goto 4", "drop promise-request a -> c"},
}

// Exercises are solved in the page as in the stepper, each moment is in its link, and what
// is downloaded is, to the byte, what the stepper saves, and a solution.
func TestExercises(t *testing.T) {
	for name, list := range byHand {
		x, err := exercise.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		place := session.NewSession(session.New(x.Scenario), "skinny step exercises/"+name)
		place.Solve(x, func(*exercise.Mark) string { return "" })
		d := web.New()
		v := look(t, d, `{"scenario":"exercises/`+name+`"}`)
		if len(v.Errors) > 0 || v.Aside == nil || v.At != place.At() || !v.Spoils {
			t.Fatalf("%s: at %d, %+v", name, v.At, v.Errors)
		}
		if x.Hides(scenarios.HideFuture) {
			veiled(t, v)
		}
		if v.Secret != x.Hides(scenarios.HideRules) || v.Secret && strings.Contains(v.RulesText, "without") {
			t.Errorf("%s: %s", name, v.RulesText)
		}
		for i, words := range list {
			said := place.Say(words).Said
			if v.Done != nil {
				t.Errorf("%s: solved before %s", name, words)
			}
			if v = do(t, d, v, words); said != "" && v.Said == "" && words != "rule durable=off" {
				t.Errorf("%s: %s says nothing, and %q", name, words, said)
			}
			if page := place.Aside(); page.Len != len(v.Aside.Rows) && i < len(list)-1 {
				t.Errorf("%s, %s: %s", name, words, v.says())
			}
			same(t, v)
		}
		if v.Done == nil || v.Done.Name != "exercises/"+name || v.Spoils || !strings.Contains(v.Said, "solved") || !strings.Contains(v.Aside.Title, "solved") {
			t.Errorf("%s: %+v %q\n%s", name, v.Done, v.Said, v.says())
			continue
		}
		if name == "mend-1" {
			continue // the stepper has a branch more
		}
		v = do(t, d, v, "save")
		data, err := place.File().Save()
		if err != nil || v.Saved == nil || v.Saved.YAML != string(data) {
			t.Errorf("%s: %v; the page saves\n%+v\nand the stepper\n%s", name, err, v.Saved, data)
			continue
		}
		file, err := scenarios.Decode(v.Saved.Name, []byte(v.Saved.YAML))
		if err != nil || !x.Judge(file, exercise.Usual()).Solved || !strings.Contains(v.Said, "skinny grade exercises/"+name+" "+v.Saved.Name) {
			t.Errorf("%s: %v, %q", name, err, v.Said)
		}
	}
}

// Only what an exercise allows can be done, hints come one by one, and it can be begun
// again, or left.
func TestSolving(t *testing.T) {
	d := web.New()
	v := look(t, d, `{"scenario":"exercises/network-1"}`)
	for _, p := range v.Pending {
		if may := !strings.HasPrefix(p.Do, "give-up"); may != slices.Equal(p.Can, []string{"deliver"}) || !may && len(p.Can) > 0 {
			t.Errorf("%s can %q", p.Do, p.Can)
		}
	}
	for _, in := range v.Instances {
		if len(in.Can) > 0 {
			t.Errorf("%s can %q", in.Name, in.Can)
		}
	}
	for _, words := range []string{"crash a", "drop promise-request a -> c", "rule durable=on", "which"} {
		if w := do(t, d, v, words); len(w.Branches) > 1 || w.Said == "" || len(w.Which) > 0 {
			t.Errorf("%s: %q", words, w.Said)
		}
	}
	for n := range 3 {
		v = do(t, d, v, "hint")
		if !strings.Contains(v.says(), fmt.Sprintf("hint %d of 3: ", n+1)) {
			t.Errorf("%s", v.says())
		}
		same(t, v)
	}
	v = do(t, d, v, "deliver promise-request a -> c")
	if again := do(t, d, v, "again"); len(again.Branches) != 1 || again.At == 0 || strings.Contains(again.says(), "hint") {
		t.Errorf("%s", again.Query)
	}
	for _, c := range look(t, d, `{"scenario":"exercises/predict-1"}`).Commands {
		if c.Word == "claim" && *c.Ask != "claim operation 2 outcome ? holder ?" {
			t.Errorf("a claim begins with %q", *c.Ask)
		}
	}
	if v = do(t, d, v, "leave"); v.Aside != nil || len(v.Branches) != 2 || len(v.Pending[0].Can) < 2 {
		t.Errorf("%s", v.Query)
	}
}

// Links that say what cannot be are answered, whatever it is.
func TestTakenErrors(t *testing.T) {
	for query, want := range map[string]string{
		`{"scenario":"learn/majority","taken":{"stops":99}}`:                                                             "the lesson has 8 stops",
		`{"scenario":"learn/majority","taken":{"stops":-1}}`:                                                             "the lesson has 8 stops",
		`{"scenario":"learn/majority","taken":{"stops":3}}`:                                                              "no such answer",
		`{"scenario":"learn/majority","taken":{"stops":3,"answers":[[5,9,0],[6,1,0]]}}`:                                  "no such answer",
		`{"scenario":"two-winners","predict":true,"taken":{"answers":[[900,1,0]]}}`:                                      "no such answer",
		`{"scenario":"two-winners","predict":true,"taken":{"answers":[[9,1,7]]}}`:                                        "there is no branch 7",
		`{"scenario":"exercises/predict-1","taken":{"hints":7}}`:                                                         "the exercise has 3 hints",
		`{"scenario":"exercises/predict-1","taken":{"claims":["nonsense"]}}`:                                             "a claim is keys",
		`{"scenario":"two-winners","predict":true,"taken":{"answers":[` + strings.Repeat("[1,1,0],", 300) + `[1,1,0]]}}`: "at most 300 answers",
		`{"scenario":"two-winners","predict":true,"taken":{"answers":[` + strings.Repeat("[1,1,0],", 299) + `[1,1,0]]}}`: "no such answer",
		`{"scenario":"exercises/predict-1","taken":{"claims":[` + strings.Repeat(`"nonsense",`, 99) + `"nonsense"]}}`:    "a claim is keys",
		`{"scenario":"exercises/none"}`:                                                                                  "there is no bundled scenario",
	} {
		if v := look(t, web.New(), query); len(v.Errors) == 0 || !strings.Contains(v.Errors[0].Message, want) {
			t.Errorf("%.200s: %+v, not %q", query, v.Errors, want)
		}
	}
	for _, query := range []string{
		`{"scenario":"learn/majority","at":30,"taken":{"asking":true,"over":true,"seen":99}}`, `{"scenario":"learn/majority","at":30}`,
		`{"scenario":"learn/majority","hide":true,"predict":true,"at":30,"taken":{"seen":30}}`,
	} {
		if v := look(t, web.New(), query); len(v.Errors) > 0 {
			t.Errorf("%s: %+v", query, v.Errors)
		} else {
			veiled(t, v)
		}
	}
}

// A scenario that a program plays in says what is missing; one of one's own with a lesson
// is one.
func TestOwnFiles(t *testing.T) {
	text, _ := json.Marshal("format: 1\ninstances: [a, b, c]\nprogram: {c: mine}\ntimeline: [{at: 0ms, acquire: alice, via: a}]\n")
	v := look(t, web.New(), `{"text":`+string(text)+`}`)
	if len(v.Errors) != 1 || v.Errors[0].Line != 3 || v.Errors[0].Message != "c is played by a program called mine, and a page starts none" ||
		!strings.Contains(v.Errors[0].Hint, "skinny step FILE --program c='COMMAND'") {
		t.Errorf("%+v", v.Errors)
	}
	data, err := os.ReadFile("../session/testdata/lesson.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text, _ = json.Marshal(string(data))
	if v = look(t, web.New(), `{"scenario":"own.yaml","text":`+string(text)+`}`); len(v.Errors) > 0 || v.Aside == nil {
		t.Errorf("%+v", v.Errors)
	}
	veiled(t, v)
	if v = look(t, web.New(), `{"plain":true,"text":`+string(text)+`}`); v.Aside != nil || v.Hidden {
		t.Errorf("%s", v.says())
	}
	v = do(t, web.New(), look(t, web.New(), `{"scenario":"two-winners"}`), "save ../my file.yaml over")
	if v.Saved == nil || v.Saved.Name != "my file.yaml" || v.Saved.YAML == "" {
		t.Errorf("%+v", v.Saved)
	}
}
