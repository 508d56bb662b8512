package session

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"skinny/cmd/internal/shell"

	"skinny/scenarios/exercise"
)

var update = flag.Bool("update", false, "write the golden files anew")

// more is what is said on walks beside phrases.
var more = []string{
	"predict", "present", "answer 1", "answer 2", "1", "on", "hint", "claim operation 1 outcome acquired", "claim rule durable", "claim holder alice on all",
	"goto 30", "mark b", "preview 1", "preview 2", "list", "digest", "save x.yaml", "help all", "help drop", "rule owner-release=off", "question", "start",
	"list 1", "mark zzz", "delay 1 soon", "branch x", "help nonsense", "deliver", "claim", "claim rule", "claim rule adopt", "on", "on", "", "", "1", "2", "goto x",
	"claim operation 1 outcome refused", "claim instance b promised 2", "claim holder bob on majority", "claim property agreement is kept", "rule durable=off", "rule adopt=on",
	"wipe b", "tear c", "pause b", "resume b", "isolate c", "rejoin c", "wake a", "drop 2", "deliver 1", "deliver 1", "next", "next", "next 5", "next 5", "branch 2", "compare 0",
}

// pressed is the keys that are pressed on walks.
var pressed = strings.Fields("right right right n left p pgdown pgup g G N P m M v R ] [ / down down j up k esc enter enter d u l f c h tab 1 2 3 x X W r z i t a A T E o V w Q O b s y ? q ^")

// shown is all that a session shows after an answer.
func (s *Session) shown(a Answer) string {
	var b strings.Builder
	page := func(p *Page) {
		if p == nil {
			return
		}
		fmt.Fprintln(&b, p.Title, p.Hints, p.Chosen)
		for i := range p.Len {
			for r := p.Row(i); ; r = *r.Beside {
				fmt.Fprintln(&b, r.Text, r.Indent, r.Copied, r.Event.Number, r.Do)
				if r.Beside == nil {
					break
				}
			}
		}
	}
	fmt.Fprintf(&b, "%q %q %v %v\n", a.Said, a.Save, a.Over, a.Quit)
	if a.Ask != nil {
		fmt.Fprintf(&b, "%+v\n", *a.Ask)
	}
	page(a.Page)
	page(s.standingPage())
	page(s.pendingPage())
	page(s.Aside())
	page(s.Welcome())
	texts := func(items []Item) {
		for i := range items {
			fmt.Fprintln(&b, items[i].Text)
		}
	}
	texts(s.Items())
	texts(s.Coming())
	for _, v := range s.Visible() {
		fmt.Fprintln(&b, v.Property, v.State, v.Event, v.Why)
	}
	fmt.Fprintln(&b, s.branch.Number, s.at, s.Preview(), s.Causes(), s.Returns(), s.Ending(), s.Outcome(s.branch), s.chosen, s.instance, s.Veiled(), s.Halted(), s.Expected(), s.Choosable())
	if m := s.Solving(); m != nil {
		fmt.Fprintln(&b, m.Solved, m.Points, m.Moves, m.Wrong, s.Solved(), s.NowSolved())
	}
	for _, c := range commands {
		fmt.Fprint(&b, s.Offers(c))
	}
	if q := s.Question(); q != nil {
		fmt.Fprintln(&b, q.Kind, q.Event, q.Right, q.Text)
		for _, c := range q.Choices {
			fmt.Fprintln(&b, c.Text, c.Why)
		}
	}
	return b.String()
}

// walkers are the sessions in which walks begin.
func walkers(t *testing.T) map[string]func() *Session {
	list := map[string]func() *Session{
		"lesson": func() *Session {
			return inLesson(t, Course{Again: "skinny learn it", Next: "more", Done: func(r, of int) string { return fmt.Sprint(r, of) }})
		},
	}
	for _, name := range []string{"two-winners", "amnesia", "blocked-proposers", "rules/durable", "../../../sim/quiz/testdata/odd.yaml"} {
		list[name] = func() *Session { return NewSession(New(openNamed(t, name)), "skinny step "+shell.File(name)) }
	}
	for _, name := range []string{"rescue-1", "network-1", "mystery-1", "predict-1", "mend-1", "write-1", "shortest-1"} {
		list[name] = func() *Session {
			x, err := exercise.Load(name)
			if err != nil {
				t.Fatal(err)
			}
			s := NewSession(New(x.Scenario), "skinny step exercises/"+name)
			s.Solve(x, func(m *exercise.Mark) string { return fmt.Sprint("kept ", m.Moves) })
			return s
		}
	}
	return list
}

// resumed is another session that is where this one was, and what it does not take.
func resumed(was *Session, begin func() *Session) (all string) {
	for spoil := range 7 {
		s, t := begin(), was.Taken()
		if was.Predicting() {
			s.Predict()
		}
		t.Answers = slices.Clone(t.Answers)
		for i := range t.Answers {
			t.Answers[i][2] = s.branch.Number
		}
		switch {
		case spoil == 1:
			t.Hints, t.Stops = -1, -1
		case spoil == 2:
			t.Hints, t.Stops = 9, 99
		case spoil == 3 && len(t.Answers) > 0:
			t.Answers[0][1] = 0
		case spoil == 4 && len(t.Answers) > 0:
			t.Answers[0][1] = 100
		case spoil == 5 && len(t.Answers) > 0:
			t.Answers[0][0] = 0
		case spoil == 6:
			t.Claims, t.Asking, t.Over = append(t.Claims, "no claim"), !t.Asking, !t.Over
		}
		shown := ""
		if err := s.Resume(t, s.branch, was.at); err != nil {
			shown = err.Error()
		} else {
			shown = s.shown(Answer{}) + fmt.Sprint(len(t.Answers), s.Taken().Seen, s.Taken().Stops)
		}
		all += fmt.Sprintf(" %.2x", sha256.Sum256([]byte(shown)))
	}
	return all
}

// Walks by words and by keys show what they always have. A step is one digest of all that
// can be seen after it; the first that differs is shown as it is now.
func TestWalks(t *testing.T) {
	const path = "testdata/walks.golden"
	var want, got []string
	if data, err := os.ReadFile(path); err == nil {
		want = strings.Split(strings.TrimSpace(string(data)), "\n")
	}
	sessions := walkers(t)
	words := append(append([]string(nil), phrases...), more...)
	for n, name := range slices.Sorted(maps.Keys(sessions)) {
		for _, byKeys := range []bool{false, true} {
			s := sessions[name]()
			s.Words = !byKeys
			r := rand.New(rand.NewPCG(uint64(n), 1))
			line := fmt.Sprintf("%s, by keys %v:", name, byKeys)
			for step := range 100 {
				does := words[r.IntN(len(words))]
				var a Answer
				if byKeys && r.IntN(4) > 0 {
					does = pressed[r.IntN(len(pressed))]
					a, _ = s.Press(does)
				} else {
					a = s.Say(does)
				}
				shown := s.shown(a)
				line += fmt.Sprintf(" %.2x", sha256.Sum256([]byte(shown)))
				if i := len(got); !*update && (i >= len(want) || !strings.HasPrefix(want[i], line)) {
					t.Fatalf("%s, step %d, %q shows something else than it did; go test -update writes %s anew. It is now:\n%s", line, step, does, path, shown)
				}
			}
			got = append(got, line, "and taken up again: "+resumed(s, sessions[name]))
		}
	}
	switch {
	case *update:
		if err := os.WriteFile(path, []byte(strings.Join(got, "\n")+"\n"), 0o666); err != nil {
			t.Fatal(err)
		}
	case !slices.Equal(got, want):
		t.Errorf("walks are taken up otherwise: now\n%s", strings.Join(got, "\n"))
	}
}
