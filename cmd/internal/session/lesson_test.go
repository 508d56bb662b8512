package session

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"skinny/scenarios"
)

// inLesson is a session that takes the lesson of testdata.
func inLesson(t *testing.T, c Course) *Session {
	t.Helper()
	data, err := os.ReadFile("testdata/lesson.yaml")
	if err != nil {
		t.Fatal(err)
	}
	f, err := scenarios.Decode("lesson.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	s, err := f.Compile(scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.LintLesson().Err(); err != nil {
		t.Fatal(err)
	}
	at := NewSession(New(s), "skinny step learn/lesson")
	if err := at.TakeLesson(c); err != nil {
		t.Fatal(err)
	}
	return at
}

// text is the words of a page.
func (p *Page) text() string {
	var lines []string
	for i := range p.Len {
		lines = append(lines, plainText(p.Row(i).Text))
	}
	return p.Title + "\n" + strings.Join(lines, "\n")
}

// again is what a session that takes its lesson up where another one is shows.
func again(t *testing.T, was *Session, c Course) string {
	t.Helper()
	s := inLesson(t, c)
	b := s.branch
	for _, other := range was.tree.branches[1:] {
		if s.Say("branch 0"); len(other.acts) == 0 {
			b = b.Under(other.header.Rules)
		}
	}
	if was.branch.Parent == nil {
		b = s.tree.Root()
	}
	if err := s.Resume(was.Taken(), b, was.at); err != nil {
		t.Fatal(err)
	}
	return s.beside()
}

// beside is what a lesson shows beside the run, and hides of it.
func (s *Session) beside() string {
	p := s.Aside()
	return fmt.Sprint(p.text(), p.Hints, s.branch.Number, s.at, s.Limit(), s.Question() != nil, s.Halted(), s.lesson.over, s.Returns())
}

// A lesson halts at its stops, hides what comes later, asks, and says what is right.
func TestLesson(t *testing.T) {
	scored := ""
	course := Course{Again: "skinny learn lesson", Next: "skinny learn another", Done: func(right, asked int) string {
		scored += count(right) + "/" + count(asked)
		return "kept"
	}}
	s := inLesson(t, course)
	if got := s.Returns(); got != "the lesson again: skinny learn lesson\n" {
		t.Errorf("one comes back by %q", got)
	}
	for i, step := range []struct {
		key, said, aside string
		at, limit        int
	}{
		{"right", "", "Enter goes on to where the lesson halts next.", 1, 1},
		{"G", "", "", 6, 6},
		{"left", "", "Enter goes on", 5, 6},
		{"enter", "", "stop 2 of 6\nc has promised 2 to b. Now a's commit for ID 1 arrives.\n", 13, 13},
		{"right", "answer first, with a key from 1 to 3", "  1  yes\n  2  no\n  3  nothing yet: it has to wait", 13, 13},
		{"enter", "answer first, with a key from 1 to 3", "", 13, 13},
		{"G", "answer first, with a key from 1 to 3", "", 13, 13},
		{"v", "no property is violated so far", "", 13, 13},
		{"t", "answer first, with a key from 1 to 3", "", 13, 13},
		{"x", "answer first, with a key from 1 to 3", "", 13, 13},
		{"left", "", "  2  no", 12, 13},
		{"9", "answer first, with a key from 1 to 3", "", 12, 13},
		{"4", "answer first, with a key from 1 to 3", "", 12, 13},
		{"1", "", "stop 2 of 6 · 0 of 1 right\n✗ wrong: it is \"no\"; \"yes\" would be right without refuse-stale\nA promise means nothing below.", 14, 14},
		{"enter", "", "stop 3 of 6 · 0 of 1 right\nTwo stops may be at one event.", 14, 14},
		{"right", "", "Enter goes on to where", 15, 15},
		{"left", "", "stop 3 of 6 · 0 of 1 right\nTwo stops", 14, 15},
		{"enter", "", "stop 4 of 6 · 0 of 1 right\n", 19, 19},
		{"1", "", "✓ right", 20, 20},
		{"enter", "", "stop 5 of 6 · 1 of 2 right\nOne rule, same timeline.\nt: the same run with ack-majority", 20, 20},
		{"t", "", "The same run with ack-majority. Event 20 is the first that is another:\nnow: a ─▶ alice unknown: only a itself said yes to commit 1; c said no; no answer from b in time: no majority, so it may take effect or not\nbefore: a ─▶ alice acquired: ", 20, 30},
		{"t", "", "stop 5 of 6 · 1 of 2 right\nOne rule", 20, 20},
		{"o", "in a lesson the lesson asks; q leaves it", "", 20, 20},
		{"G", "", "More than one property breaks by that. Name one of them.", 23, 23},
		{"1", "", "✓ right", 24, 30},
		{"enter", "kept", "the point of this lesson\nAn answer must rest on a majority.\n2 of 3 answers right.\nnext: skinny learn another", 24, 30},
		{"enter", "this is the end of the lesson", "", 24, 30},
		{"right", "", "the point of this lesson", 25, 30},
		{"G", "", "the point of this lesson", 30, 30},
		{"right", "the run ends here: nothing is left to happen", "the point of this lesson", 30, 30},
	} {
		a, _ := s.Press(step.key)
		if a.Said != step.said || a.Page != nil || s.At() != step.at || s.Limit() != step.limit {
			t.Errorf("step %d, %s: said %q at %d of %d, want %q at %d of %d", i, step.key, a.Said, s.At(), s.Limit(), step.said, step.at, step.limit)
		}
		if got := s.Aside().text(); !strings.Contains(got, step.aside) {
			t.Errorf("step %d, %s: beside the run there is\n%s\nwant\n%s", i, step.key, got, step.aside)
		}
		want := []Hint{{"enter", "go on"}, {"o", ""}}
		switch {
		case s.lesson.over:
			want = nil
		case s.Question() != nil:
			want = want[1:]
		case strings.Contains(s.Aside().text(), "\nt: "):
			want = append(want, Hint{"t", "try"})
		}
		if got := s.Aside().Hints; !slices.Equal(got, want) {
			t.Errorf("step %d, %s: it hints at %q, not %q", i, step.key, got, want)
		}
		if got, want := again(t, s, course), s.beside(); got != want {
			t.Errorf("step %d, %s: taken up again there is\n%s\nnot\n%s", i, step.key, got, want)
		}
	}
	if got := s.Returns(); !strings.HasPrefix(got, "next: skinny learn another\nbranch 1: skinny step learn/lesson --rule ack-majority=on --at ") {
		t.Errorf("one goes on by %q", got)
	}
	if scored != "2/3" {
		t.Errorf("the score was told as %q", scored)
	}
}

// In lines a number answers what waits, or does nothing: one that is typed twice, or too
// early, leads nowhere. So it is while predictions are asked for.
func TestNumbersNeverJump(t *testing.T) {
	s := inLesson(t, Course{Done: func(int, int) string { return "" }})
	s.Words = true
	for _, c := range []struct {
		say, said string
		at        int
	}{
		{"", "", 6}, {"1", "nothing is asked here; `goto 1` goes to that event", 6}, {"", "", 13},
		{"2", "", 14}, {"2", "nothing is asked here; `goto 2` goes to that event", 14}, {"goto 2", "", 2},
	} {
		if a := s.Say(c.say); a.Said != c.said || s.At() != c.at {
			t.Errorf("%q: said %q at %d, want %q at %d", c.say, a.Said, s.At(), c.said, c.at)
		}
	}
	s = NewSession(New(s.tree.Root().scenario), "skinny step lesson")
	s.Words = true
	s.Predict()
	if a := s.Say("7"); s.At() != 0 || a.Said != "nothing is asked here; `goto 7` goes to that event" {
		t.Errorf("before the first question 7 says %q at %d", a.Said, s.At())
	}
}

// What a rule changes can be looked at while the next question waits, and a lesson says of a
// branch only what is true there.
func TestLessonBranches(t *testing.T) {
	s := inLesson(t, Course{Done: func(int, int) string { return "" }})
	s.Words = true
	for range 2 {
		s.Say("")
	}
	s.Say("2")
	s.Say("")
	s.Say("")
	s.Say("1")
	s.Say("") // stop 5, at event 20
	s.Say("") // the question of stop 6, at event 23
	waits := s.Question()
	for i, c := range []struct {
		say, aside string
		at         int
		asks       bool
	}{
		{"rule", "The same run with ack-majority.", 20, false},
		{"", "More than one property breaks", 23, true},
		{"rule", "The same run with ack-majority.", 20, false},
		{"rule", "More than one property breaks", 23, true},
		{"goto 5", "More than one property breaks", 5, true},
		{"goto 5", "More than one property breaks", 5, true},
		{"rule", "The same run with ack-majority.", 20, false},
		{"branch 1", "The same run with ack-majority.", 20, false},
		{"crash c", "This branch is your own; Enter goes back to the lesson.", 0, false},
		{"end", "This branch is your own; Enter goes back to the lesson.", 0, false},
		{"next", "More than one property breaks", 23, true},
		{"rule", "The same run with ack-majority.", 20, false},
		{"", "More than one property breaks", 23, true},
		{"rule", "The same run with ack-majority.", 20, false},
		{"1", "✓ right", 24, false}, // the question that waits
	} {
		said := s.Say(c.say).Said
		if got := s.Aside().text(); !strings.Contains(got, c.aside) || c.at > 0 && s.At() != c.at || (s.Question() != nil) != c.asks || said != "" && c.at > 0 {
			t.Errorf("step %d, %q: %q at %d there is\n%s\nwant %q at %d", i, c.say, said, s.At(), got, c.aside, c.at)
		}
	}
	if waits == nil {
		t.Error("no question waited")
	}
}

// Each lesson of the course says at its head which program it shows, and which IDs come next.
func TestLessonSaysWhichProgram(t *testing.T) {
	for name, want := range map[string][]string{
		"learn/majority":       {"The program: sound (sound has every rule on", "Instances have their own IDs, and take the next above what they promised: a 1, 5, 9 …, b 2, 6, 10 …\n"},
		"duel":                 {"The program: sound without backoff (sound has"},
		"typical":              {"The program: published (published is Skinny as its author wrote it; the edition sound has 12 more rules on)", "An instance's next ID is what it promised plus its increment: 1 at london, 2 at oregon …\n"},
		"slow-peer-sequential": {"The program: sequential (sequential asks its peers one after the other"},
	} {
		sc, err := scenarios.Load(name, scenarios.Overrides{})
		if err != nil {
			t.Fatal(err)
		}
		s := NewSession(New(sc), "skinny step "+name)
		if err := s.TakeLesson(Course{Done: func(int, int) string { return "" }}); err != nil {
			t.Fatal(err)
		}
		for _, part := range want {
			if got := s.Welcome().text(); !strings.Contains(got, part) {
				t.Errorf("%s begins with\n%s\nwant %q", name, got, part)
			}
		}
	}
}
