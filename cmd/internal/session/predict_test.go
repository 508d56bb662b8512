package session

import (
	"strings"
	"testing"

	"skinny/scenarios"
	"skinny/sim/check"
)

func sessionOf(t testing.TB, name string) *Session {
	t.Helper()
	file, err := scenarios.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	s, err := file.Compile(scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	return NewSession(New(s), "skinny step "+name)
}

// press presses keys and is what the last one said.
func (s *Session) pressAll(t *testing.T, keys string) (said string) {
	t.Helper()
	for _, key := range strings.Fields(keys) {
		a, known := s.Press(key)
		if !known {
			t.Fatalf("no key %s", key)
		}
		said = a.Said
	}
	return said
}

// A prediction asks before what is worth it, keeps the score, says what a wrong answer
// would be right under, and goes on; nobody gets past a question.
func TestPredict(t *testing.T) {
	s := sessionOf(t, "two-winners")
	s.pressAll(t, "o")
	for i, step := range []struct {
		keys, said string
		at         int
		score      string
		aside      string
	}{
		{"G", "", 4, "nothing was asked", "a's request to promise ID 1 reaches b"},
		{"right", "answer first, with a key from 1 to 3", 4, "nothing was asked", "1  yes"},
		{"7", "answer first, with a key from 1 to 3", 4, "nothing was asked", "1  yes"},
		{"N", "answer first, with a key from 1 to 3", 4, "nothing was asked", "1  yes"},
		{"d", "", 4, "nothing was asked", "1  yes"},
		{"2", "", 5, "0 of 1 right", `✗ wrong: it is "nothing yet: it has to wait"; "no" would be right with yield`},
		// Looking back asks nothing, and what was answered is not asked again.
		{"left left right right", "", 5, "0 of 1 right", "wrong"},
		{"right", "", 5, "0 of 1 right", "a's request to promise ID 1 reaches c, which has promised nothing"},
		{"left", "", 4, "0 of 1 right", ""},
		{"right right", "", 5, "0 of 1 right", "a's request to promise ID 1 reaches c"},
		{"1 right 4", "answer first, with a key from 1 to 3", 6, "1 of 2 right", "  3  "},
		{"3", "", 7, "2 of 3 right, the last 2 in a row", "✓ right"},
	} {
		said := s.pressAll(t, step.keys)
		if step.said != "" && said != step.said || s.at != step.at || s.prediction.scored() != step.score {
			t.Errorf("step %d, %s: said %q at %d, %s", i, step.keys, said, s.at, s.prediction.scored())
		}
		if aside := s.Aside().text(); !strings.Contains(aside, step.aside) {
			t.Errorf("step %d, %s: aside is\n%s", i, step.keys, aside)
		}
	}
	if right, asked, streak := s.prediction.score(); right != 2 || asked != 3 || streak != 2 {
		t.Errorf("the score is %d of %d, %d in a row", right, asked, streak)
	}
	if said := s.pressAll(t, "o"); !strings.Contains(said, "2 of 3 right") || s.Veiled() || s.Question() != nil {
		t.Errorf("it ends with %q", said)
	}
}

// Where the next event is asked about, whatever goes on leads to the question, and that is all
// there is to say; the second time the question is in the way.
func TestPredictAtOnce(t *testing.T) {
	for _, key := range []string{"right", "pgdown", "G", "enter", "m", "R", "]"} {
		s := sessionOf(t, "two-winners")
		s.pressAll(t, "right right right right o")
		if said := s.pressAll(t, key); said != "" || s.at != 4 || s.Question() == nil {
			t.Errorf("%s at once says %q, at %d", key, said, s.at)
		}
		if said := s.pressAll(t, key); said != "answer first, with a key from 1 to 3" || s.at != 4 {
			t.Errorf("%s once more says %q, at %d", key, said, s.at)
		}
	}
}

// Whoever knows the run answers everything, on every way to its end, and in words as by keys.
func TestPredictToTheEnd(t *testing.T) {
	for _, e := range scenarios.Library() {
		s := sessionOf(t, e.Name)
		s.Words = true
		s.Say("predict")
		asked := 0
		for range 10_000 {
			if q := s.Question(); q != nil {
				if asked++; s.Say("answer "+count(q.Right+1)).Said != "" || s.at != q.Event {
					t.Fatalf("%s: at %d after the answer to a question about event %d", e.Name, s.at, q.Event)
				}
			} else if s.at == s.branch.Len() {
				break
			} else {
				at := s.at
				if s.Say([]string{"next", "next 3", "end", "round"}[at%4]); s.at == at && s.Question() == nil {
					s.Say("next")
				}
			}
			if s.Limit() != s.at {
				t.Fatalf("%s: event %d is seen at event %d", e.Name, s.Limit(), s.at)
			}
		}
		if right, of, _ := s.prediction.score(); right != asked || of != asked || asked < 3 && !strings.HasPrefix(e.Name, "exercises/") || asked > 60 { // what an exercise gives may be the beginning of a run
			t.Errorf("%s: %d of %d right, %d asked, at event %d of %d", e.Name, right, of, asked, s.at, s.branch.Len())
		}
	}
}

// A branch that goes on by another act asks about what happens in it now, like one of which
// nothing was asked before: what was to happen, and happens no more, is forgotten.
func TestPredictAfterAct(t *testing.T) {
	walk := func(s *Session, from int) (asked []string) {
		s.Say(count(from))
		s.Say("predict")
		for at := -1; s.at != at || s.Question() != nil; {
			if q := s.Question(); q != nil {
				asked = append(asked, count(q.Event)+": "+q.Text.String()+" "+q.Choices[q.Right].Text.String())
				s.Say("answer 1")
				continue
			}
			at = s.at
			s.Say("next")
		}
		return asked
	}
	cut := 0
	for _, e := range scenarios.Library() {
		if strings.Contains(e.Name, "/") { // the others have enough to say
			continue
		}
		for point := 2; point < 26; point += 4 {
			s := sessionOf(t, e.Name)
			s.Words = true
			s.Say(count(point))
			if s.Say("drop 1"); s.branch.Parent == nil {
				continue
			}
			branch := s.branch
			for s.Say("predict"); s.Question() == nil && s.at < branch.Len(); {
				s.Say("next")
			}
			s.Say("predict") // the question is left open
			at := s.at
			acts := []string{"deliver 2", "drop 1", "crash " + branch.Header().Instances[0]}
			for i := range acts {
				by := acts[(point/4+i)%len(acts)]
				if s.Say(by); s.branch != branch || s.at == at {
					continue
				}
				cut++
				fresh := sessionOf(t, e.Name)
				fresh.Words = true
				for _, words := range []string{count(point), "drop 1", count(at), by} {
					fresh.Say(words)
				}
				if fresh.branch.Digest() != branch.Digest() || fresh.at != s.at {
					t.Fatalf("%s: after drop 1 at %d and %s at %d it is another run", e.Name, point, by, at)
				}
				if got, want := strings.Join(walk(s, at), "\n"), strings.Join(walk(fresh, at), "\n"); got != want {
					t.Errorf("%s, after drop 1 at %d and %s at %d: it asks\n%s\nwhere nothing was asked before it asks\n%s", e.Name, point, by, at, got, want)
				}
				break
			}
		}
	}
	if cut < 30 {
		t.Errorf("only %d branches go on by another act", cut)
	}
}

// An answer is graded where it was given, and an event of another branch is asked about anew.
func TestPredictInBranches(t *testing.T) {
	s := sessionOf(t, "two-winners")
	s.Words = true
	for _, words := range []string{"predict", "end", "answer 1"} { // about event 5
		s.Say(words)
	}
	graded := func() bool {
		text := s.Aside().text()
		return strings.Contains(text, "\n✗ ") || strings.Contains(text, "\n✓ ")
	}
	if s.at != 5 || !graded() {
		t.Fatalf("at %d: %s", s.at, s.Aside().text())
	}
	for _, words := range []string{"4", "goto 4", "pause c"} {
		s.Say(words)
	}
	if s.at != 5 || s.branch.Parent == nil || graded() {
		t.Errorf("branch %d at %d: %s", s.branch.Number, s.at, s.Aside().text())
	}
	s.Say("branch 0")
	s.Say("goto 5")
	if s.at != 5 || !graded() {
		t.Errorf("at %d: %s", s.at, s.Aside().text())
	}
	for _, words := range []string{"goto 2", "delay 1ms promise-request a -> c", "end"} {
		s.Say(words)
	}
	if q := s.Question(); q == nil || q.Event != 5 {
		t.Errorf("branch %d at %d asks %v", s.branch.Number, s.at, q)
	}
}

// A delay at the end of a step that is the last event to be seen comes there.
func TestBehindIsNamed(t *testing.T) {
	s := plainSession(t)
	s.Present()
	s.GoTo(1)
	if said := s.Behind(1, 2); said != "; it comes at the end of this step" {
		t.Error(said)
	}
	if said := s.Say("delay 5ms give-up alice").Said; said != "delay 5ms give-up alice: branch 1; the old future is kept (b); it comes after event 2, the end of this step" {
		t.Errorf("at %d of %d: %s", s.at, s.Limit(), said)
	}
}

// What is done by hand is asked about, too, in the branch that it makes.
func TestPredictByHand(t *testing.T) {
	s := sessionOf(t, "two-winners")
	s.Words = true
	s.Say("10")
	s.Say("predict")
	s.Say("deliver commit-request a -> c")
	if q := s.Question(); q == nil || s.branch.Parent == nil || s.at != 10 || !strings.Contains(q.Text.String(), "ID 1 (alice) reaches c") {
		t.Fatalf("branch %d at %d asks %v", s.branch.Number, s.at, s.Question())
	}
	if s.Say("answer 2"); s.at != 11 || s.branch.Event(11).Message.Yes {
		t.Errorf("at %d", s.at)
	}
}

// With the future hidden nothing tells of it: no verdict, outcome, time or loss to come,
// no preview, and no page.
func TestVeil(t *testing.T) {
	s := sessionOf(t, "two-winners")
	s.pressAll(t, "right right right right right right V")
	if s.Limit() != 6 || !s.Veiled() || !s.Presenting() {
		t.Fatalf("the limit is %d", s.Limit())
	}
	for _, v := range s.Visible() {
		if v.State != check.Kept || v.Event != 0 || !v.Why.Empty() {
			t.Errorf("%s tells of event %d", v.Property, v.Event)
		}
	}
	for _, i := range s.Items() {
		if i.Timed || i.Due != 0 || i.Lost {
			t.Errorf("%s is due at %d", i.Text, i.Due)
		}
	}
	s.pressAll(t, "down")
	if s.Preview() != "" || s.Expected() != 0 || len(s.Coming()) != 0 {
		t.Error("it tells what would follow")
	}
	if said := s.pressAll(t, "v"); said != "no property is violated so far" || s.at != 6 {
		t.Errorf("v says %q", said)
	}
	later := []string{"acknowledged", "breaks", "violated", "event 20", "unknown"}
	for _, word := range []string{"branches", "list", "here", "show"} {
		page := s.Say(word).Page.text()
		for _, tells := range later[1:] {
			if strings.Contains(page, tells) {
				t.Errorf("%s tells of %q:\n%s", word, tells, page)
			}
		}
	}
	if text := s.Outcome(s.branch).Text; text != "what comes of it is hidden" {
		t.Errorf("the outcome is %q", text)
	}
	if text := s.Welcome().text(); strings.Contains(text, "Both are told") || strings.Contains(text, "mission") {
		t.Errorf("the first page is\n%s", text)
	}
	// Clickers send PgDn and PgUp.
	if s.pressAll(t, "pgdown pgdown pgup"); s.at != 7 {
		t.Errorf("at %d", s.at)
	}
	if said := s.pressAll(t, "G v"); said != "✗ acknowledged broken here" { // what breaks later is hidden again
		t.Error(said)
	}
	if s.at != 20 || s.Visible()[2].State != check.Violated || s.Visible()[0].State != check.Kept {
		t.Errorf("at %d: %v", s.at, s.Visible())
	}
	if s.pressAll(t, "V pgup"); s.at != 10 || s.Veiled() {
		t.Errorf("at %d, veiled %v", s.at, s.Veiled())
	}
}
