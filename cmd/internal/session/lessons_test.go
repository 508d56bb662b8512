package session

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"skinny/protocol"
)

// takingOwn is a session that takes a lesson with these stops.
func takingOwn(t *testing.T, stops string) (*Session, error) {
	t.Helper()
	s := NewSession(New(compiledOf(t, "title: Mine\n"+oneCall+"lesson:\n  point: x\n  stops:\n"+stops)), "skinny step own.yaml")
	return s, s.TakeLesson(Course{Again: "skinny learn own.yaml", Done: func(int, int) string { return "" }})
}

// A lesson that cannot be taken says which stop is in the way.
func TestLessonThatCannotBe(t *testing.T) {
	for stops, want := range map[string]string{
		"    - {at: 13, say: x}\n":   "the lesson halts at event 13, and the run has 12",
		"    - {at: 12, say: x}\n":   "",
		"    - {at: 1, ask: told}\n": "told",
	} {
		s, err := takingOwn(t, stops)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v", stops, err)
		}
		if in, _ := s.InLesson(); in != (err == nil) {
			t.Errorf("%s: in a lesson: %v", stops, in)
		}
	}
}

// The first page counts stops and questions; there may be one.
func TestLessonCounts(t *testing.T) {
	for stops, want := range map[string]string{
		"    - {at: 3, say: x}\n":                                 "This lesson halts once, and asks 0 questions.",
		"    - {at: 3, ask: answer}\n":                            "This lesson halts once, and asks 1 question.",
		"    - {at: 3, ask: answer}\n    - {at: 4, ask: state}\n": "This lesson halts 2 times, and asks 2 questions.",
	} {
		s, err := takingOwn(t, stops)
		if err != nil {
			t.Fatal(err)
		}
		for _, s.Words = range []bool{false, true} {
			if got := s.Welcome(); got.Title != "Mine" || !strings.Contains(got.text(), "\n"+want+"\n") || s.Words != strings.Contains(got.text(), "a number answers") {
				t.Errorf("%s: it begins with\n%s", stops, got.text())
			}
		}
	}
}

// Two questions about one event are two; between stops, and after the last, a lesson says how
// it goes on; lines say nothing there.
func TestLessonBetweenStops(t *testing.T) {
	s, err := takingOwn(t, "    - {at: 3, ask: answer}\n    - {at: 3, ask: state}\n    - {at: 5, say: Five.}\n")
	if err != nil {
		t.Fatal(err)
	}
	for i, step := range []struct {
		key, aside string
		at         int
	}{
		{"right", "lesson, stop 1 of 3\nEnter goes on to where the lesson halts next.", 1},
		{"enter", "lesson, stop 1 of 3\na's request to promise ID 1 reaches b", 2},
		{"1", "lesson, stop 1 of 3 · 1 of 1 right\n✓ right", 3},
		{"enter", "lesson, stop 2 of 3 · 1 of 1 right\n", 2},
		{"1", "lesson, stop 2 of 3 · ", 3},
		{"right", "lesson, stop 3 of 3 · ", 4},
		{"right", "\nFive.", 5},
		{"right", "\nThat was the last stop. Enter ends the lesson.", 6},
		{"left", "\nFive.", 5},
		{"left", "lesson, stop 3 of 3 · 1 of 2 right\nThat was the last stop. Enter ends the lesson.", 4},
		{"enter", "the point of this lesson\nx\n", 4},
		{"G", "the point of this lesson\nx\n", 12},
	} {
		s.Press(step.key)
		if got := s.Aside().text(); s.at != step.at || !strings.Contains(got, step.aside) {
			t.Errorf("step %d, %s: at %d there is\n%s\nwant at %d\n%s", i, step.key, s.at, got, step.at, step.aside)
		}
	}
	if s.lesson.stops[0].question == s.lesson.stops[1].question || s.lesson.stops[0].question.Kind == s.lesson.stops[1].question.Kind {
		t.Error("two questions about one event are the same")
	}
	if got := s.Returns(); got != "the lesson again: skinny learn own.yaml\n" { // nothing comes next
		t.Error(got)
	}
	s, _ = takingOwn(t, "    - {at: 3, ask: answer}\n")
	s.Words = true
	if s.Say("next"); s.Aside().Len != 0 {
		t.Error(s.Aside().text())
	}
}

// Where nothing is asked nothing is counted, from the first stop to the end.
func TestLessonWithoutQuestions(t *testing.T) {
	s, err := takingOwn(t, "    - {at: 3, say: Three.}\n")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{
		"lesson, stop 1 of 1\nThree.", "the point of this lesson\nx",
	} {
		s.Press("enter")
		if i == 0 {
			if got := s.Aside().text(); got != want {
				t.Errorf("there is\n%s", got)
			}
			s.Press("enter")
		} else if got := s.Aside().text(); got != want {
			t.Errorf("at the end there is\n%s", got)
		}
	}
}

// What there is to try at a stop is said in words: what is on then, and what is off.
func TestToTry(t *testing.T) {
	for try, want := range map[string]string{
		"{ack-majority: on}": "with ack-majority", "{durable: off}": "without durable", "{adopt: off, yield: on, durable: off, ack-majority: on}": "with ack-majority, yield and without adopt, durable",
	} {
		s, err := takingOwn(t, "    - {at: 2, say: Look., try: "+try+"}\n")
		if err != nil {
			t.Fatal(err)
		}
		s.Press("enter")
		for _, s.Words = range []bool{false, true} {
			said := map[bool]string{false: "t: the same run " + want, true: "`rule` shows the same run " + want + "."}[s.Words]
			if got := s.Aside().text(); !strings.HasSuffix(got, "\nLook.\n"+said) {
				t.Errorf("%s:\n%s", try, got)
			}
		}
		s.Words = false
		s.Press("right") // from the stop on there is nothing to try, nor at the end
		if a, _ := s.Press("t"); a.Page == nil {
			t.Errorf("%s: between stops t shows no rules", try)
		}
		s.Press("left")
		if said := s.Say("rule majority").Said; said != "majority=off: branch 1, the same run under it" && said != "majority=off: branch 1, the same run under it, which is no other" {
			t.Errorf("%s: a rule that is named: %s", try, said)
		}
		if got := s.Aside().text(); !strings.Contains(got, "This branch is your own") {
			t.Errorf("%s: under a rule that is named:\n%s", try, got)
		}
		s.Say("branch 0")
		s.Press("enter")
		if a, _ := s.Press("t"); a.Page == nil || !s.lesson.over {
			t.Errorf("%s: at the end t shows no rules", try)
		}
		s.lesson.over = false
		s.Press("t")
		if s.branch.Parent == nil { // nothing is another under these rules
			continue
		}
		s.branch.Judge()
		got, first := s.Aside().text(), Shared(s.tree.Root(), s.branch)+1
		if want := fmt.Sprintf("\nThe same run %s. Event %d is the first that is another:\n", want, first); !strings.Contains(got, want) || !strings.HasSuffix(got, "\nIn the end: "+s.branch.Outcome().Text+"\nt: the run as it was") {
			t.Errorf("%s, tried:\n%s", try, got)
		} else if strings.Contains(got, "\nnow: ") != (first <= s.branch.Len()) || strings.Contains(got, "\nbefore: ") != (first <= 2) { // event 2 is the last that was seen
			t.Errorf("%s, tried:\n%s", try, got)
		}
	}
}

// Where two questions are about one event, the second one waits before it, and nothing that
// has been seen leads past it.
func TestQuestionsAboutOneEvent(t *testing.T) {
	s := NewSession(New(compiledOf(t, "edition: published\ninstances: [a, b, c]\ntimeline: [{at: 0ms, acquire: alice, via: a}, {at: 5ms, acquire: bob, via: b}]\n"+
		"lesson: {point: x, stops: [{at: 20, ask: told}, {at: 20, ask: breaks}, {at: 22, say: x}]}\n")), "")
	if err := s.TakeLesson(Course{}); err != nil {
		t.Fatal(err)
	}
	if said := s.pressAll(t, "enter t"); said != "answer first, with a key from 1 to 4" { // at the first stop
		t.Error(said)
	}
	s.pressAll(t, "1 enter")
	for _, key := range []string{"v", "G", "right", "left", "R", "v"} {
		s.Press(key)
		if s.at >= 20 || s.Question() == nil {
			t.Errorf("%s leads to event %d", key, s.at)
		}
	}
	if said := s.pressAll(t, "v"); said != "answer first, with a key from 1 to 7" {
		t.Error(said)
	}
	if s, err := takingOwn(t, "    - {at: 1, ask: breaks}\n"); err != nil || s.Question() == nil { // before anything has happened
		t.Error(err)
	}
}

// Whoever looks back tries what the stop there is about, whatever waits.
func TestToTryAtEachStop(t *testing.T) {
	s, err := takingOwn(t, "    - {at: 3, say: Three., try: {backoff: off}}\n    - {at: 5, say: Five., try: {early-stop-commit: on}}\n    - {at: 8, ask: answer}\n")
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		s.Press("enter")
	}
	for at, rule := range map[int]protocol.Rules{3: protocol.Backoff, 5: protocol.EarlyStopCommit, 6: protocol.EarlyStopCommit, 7: protocol.EarlyStopCommit} {
		s.Say("branch 0")
		s.GoTo(at)
		s.Press("t")
		if got := s.branch.header.Rules ^ s.tree.Root().header.Rules; got != rule {
			t.Errorf("at event %d t leads to branch %d with other rules %b, want %b", at, s.branch.Number, got, rule)
		}
	}
}

// An act that cannot come back says what was asked for, and why not.
func TestRedoErrors(t *testing.T) {
	for text, want := range map[string]string{
		"31 crash a":                           "--do '31 crash a': there is no event 31; the last is 30",
		"14 crash zzz":                         "--do '14 crash zzz': unknown instance \"zzz\"\ninstances: a, b, c",
		"14 drop commit-request a -> b #9":     "--do '14 drop commit-request a -> b #9': that is not pending at this point",
		"14 it's nothing":                      "--do '14 it'\\''s nothing': unknown decision \"it's\"",
		" 14 drop commit-response c -> a #1  ": "",
	} {
		s := plainSession(t)
		switch err := s.Redo(text); {
		case want == "" && (err != nil || s.at != 15 || len(s.tree.branches) != 2):
			t.Errorf("%q: %v, at %d", text, err, s.at)
		case want != "" && (err == nil || !strings.HasPrefix(err.Error(), want)):
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	if err := plainSession(t).Redo("0 crash a"); err != nil {
		t.Error(err)
	}
	s := plainSession(t)
	if err := s.Redo("14 drop commit-request a -> b #9"); !errors.Is(err, ErrImpossible) {
		t.Error(err)
	}
}

// The page with the command that comes back, and the digest: by keys there is a remark.
func TestCopiedPages(t *testing.T) {
	s := plainSession(t)
	s.Say("14")
	for _, found := range []bool{false, true} {
		s.Found = found
		here, remark := "this command comes back to event 14\nskinny step two-winners --at 14", "\n\nIt is printed once more when you leave."
		if found {
			here, remark = "this command finds a run like this again\nskinny step two-winners", "\n\nThe word save keeps this one."
		}
		digest := "the digest of this branch\n" + s.branch.Digest()
		for _, s.Words = range []bool{false, true} {
			if s.Words {
				remark = ""
			}
			if p := s.Say("here").Page; p.text() != here+remark || !p.Row(0).Copied {
				t.Errorf("found %v, in words %v: %s", found, s.Words, p.text())
			}
			if p := s.Say("digest").Page; !strings.HasPrefix(p.text(), digest) || s.Words != (p.text() == digest) {
				t.Errorf("in words %v: %s", s.Words, p.text())
			}
		}
	}
}

// Help says of every command what it does, by its key as by its word, and in lines only what
// can be said there.
func TestHelp(t *testing.T) {
	const path = "testdata/help.txt"
	s := plainSession(t)
	text := s.Say("help").Page.text() + "\n\n"
	for _, key := range []string{"d", "right", "]", "goto", "torn", "mark"} {
		text += "help " + key + ": " + s.Say("help "+key).Page.text() + "\n"
	}
	s.Words = true
	text += "\n" + s.Say("help").Page.text() + "\n\n"
	s.Predict()
	text += s.Say("help").Page.text() + "\n"
	if all := s.Say("help all").Page.text(); !strings.Contains(text, all) {
		t.Error("all is less where something is asked")
	}
	lesson, err := takingOwn(t, "    - {at: 3, ask: answer}\n")
	if err != nil {
		t.Fatal(err)
	}
	lesson.Words = true
	text += "\n" + lesson.Say("help").Page.text() + "\n"
	if *update {
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	s.Own = []Row{row(Plain, "Of this face.")}
	if all, one := s.Say("help all").Page.text(), s.Say("help drop").Page.text(); !strings.HasSuffix(all, "\nOf this face.") || strings.Contains(one, "face") {
		t.Errorf("what is a face's own is not at the end of\n%s\nor of\n%s", all, one)
	}
	if want, err := os.ReadFile(path); err != nil || string(want) != text {
		t.Errorf("%v; help says now\n%s", err, text)
	}
}

// The names of files to save under come from the command that opens the scenario.
func TestFileNames(t *testing.T) {
	for command, want := range map[string]string{
		"skinny step two-winners": "two-winners-branch-0.yaml", "skinny step two-winners --seed 3": "two-winners-branch-0.yaml", "skinny step rules/durable": "durable-branch-0.yaml",
		"skinny step 'my dir/own.yaml' --rule x=on": "own-branch-0.yaml", `skinny step C:\runs\own.yaml`: "own-branch-0.yaml", "skinny step -": "step-branch-0.yaml", "": "step-branch-0.yaml",
	} {
		if got := NewSession(New(openNamed(t, "two-winners")), command).fileName(); got != want {
			t.Errorf("%q: %s, want %s", command, got, want)
		}
	}
	for command, want := range map[string]string{"skinny step exercises/write-1": "write-1.yaml", "skinny step own.yaml --seed 3": "own-solution.yaml"} {
		s := solvingOwn(t, oneCall+"exercise: {task: x, change: [timeline], "+aliceHolds)
		if s.command = command; s.fileName() != want {
			t.Errorf("%q: %s, want %s", command, s.fileName(), want)
		}
	}
}

// Events that a search finds are those whose sentence has the text, from the next one on.
func TestSearchIsOfSentences(t *testing.T) {
	s := plainSession(t)
	for _, text := range []string{"promise", "BOB", "a ─▶ c", "ID 1", "✗", "zzz", "majority", ": only", ":", "─", "b"} {
		var want []int
		for n := 1; n <= s.branch.Len(); n++ {
			l := s.branch.Line(n)
			if strings.Contains(strings.ToLower(plainText(Sentence(&l))), strings.ToLower(text)) {
				want = append(want, n)
			}
		}
		var got []int
		s.GoTo(0)
		for range want {
			if said := s.Say("search " + text).Said; said != "" {
				t.Error(said)
			}
			got = append(got, s.at)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q is found at %v, and said at %v", text, got, want)
		}
		if said := s.Say("search " + text).Said; len(want) > 0 && s.at != want[0] || (said != "") != (len(want) == 0) {
			t.Errorf("%q once more: %q, at %d", text, said, s.at)
		}
	}
	s.Say("search bob")
	at := s.at
	if s.Say("search"); s.at == at || s.sought != "bob" {
		t.Errorf("the same again leads to %d", s.at)
	}
}
