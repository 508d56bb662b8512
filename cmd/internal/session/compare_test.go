package session

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"skinny/protocol"
	"skinny/sim/trace"
)

// Side by side every event of both branches from where they part stands once, in its order, by
// time; two are in one row only if they are the same at the same instant.
func TestCompareIsBoth(t *testing.T) {
	for _, name := range []string{"two-winners", "amnesia", "blocked-proposers"} {
		s := NewSession(New(openNamed(t, name)), "")
		s.Words = true
		for _, words := range []string{"8", "crash a", "branch 0", "12", "drop 1", "next 3", "restart a", "branch 0", "rule durable=on", "20", "isolate c", "branch 0", "4", "delay 1 7ms", "branch 0", "end", "crash b"} {
			s.Say(words)
		}
		paired := 0
		for _, a := range s.tree.branches {
			for _, b := range s.tree.branches {
				from, rows := Compare(a, b)
				if from != Shared(b, a) || a == b && len(rows) > 0 {
					t.Errorf("%s: %d and %d part after %d, with %d rows", name, a.Number, b.Number, from, len(rows))
				}
				left, right, last := from, from, a.Event(1).At
				for _, r := range rows {
					at := last
					if r.Left > 0 {
						left++
						at = a.Event(r.Left).At
					}
					if r.Right > 0 {
						right++
						at = b.Event(r.Right).At
					}
					if r.Left > 0 && r.Left != left || r.Right > 0 && r.Right != right || at < last || r == (Pair{}) {
						t.Fatalf("%s: %d and %d: row %v comes after %d, %d", name, a.Number, b.Number, r, left, right)
					}
					if r.Left > 0 && r.Right > 0 {
						if paired++; a.Event(r.Left).At != at || !same(a.Event(r.Left), b.Event(r.Right)) {
							t.Errorf("%s: %d and %d: %v is no pair", name, a.Number, b.Number, r)
						}
					}
					last = at
				}
				if left != a.Len() || right != b.Len() {
					t.Errorf("%s: %d and %d: up to %d of %d and %d of %d", name, a.Number, b.Number, left, a.Len(), right, b.Len())
				}
			}
		}
		if paired == 0 {
			t.Errorf("%s: nothing is the same", name)
		}
	}
}

// Branches are the same as far as every part of their events is.
func TestShared(t *testing.T) {
	s := plainSession(t)
	root := s.branch
	for point := range root.Len() {
		s.Switch(root)
		s.GoTo(point)
		s.Say("crash c")
		if got := Shared(root, s.branch); got != s.branch.Point || got < point || s.branch.Own()[0].After != got {
			t.Errorf("after event %d: %d shared, parts at %d", point, got, s.branch.Point)
		}
	}
	again := New(openNamed(t, "two-winners")).Root()
	if got := Shared(root, again); got != root.Len() {
		t.Errorf("of another tree %d are shared", got)
	}
	for i := range reflect.TypeFor[trace.Event]().NumField() {
		again = New(openNamed(t, "two-winners")).Root()
		switch f := reflect.ValueOf(&again.log[7]).Elem().Field(i); f.Kind() {
		case reflect.Bool:
			f.SetBool(!f.Bool())
		case reflect.String:
			f.SetString("x")
		case reflect.Slice:
			again.log[7].Groups = []protocol.Set{1, 2}
		case reflect.Struct: // its last part, whatever it is
			last := f.Field(f.NumField() - 1)
			for last.Kind() == reflect.Struct {
				last = last.Field(last.NumField() - 1)
			}
			last.Set(reflect.ValueOf(3).Convert(last.Type()))
		default:
			f.Set(reflect.ValueOf(99).Convert(f.Type()))
		}
		if what := reflect.TypeFor[trace.Event]().Field(i).Name; what != "Number" && Shared(root, again) != 7 {
			t.Errorf("with another %s %d are shared: %+v", what, Shared(root, again), again.log[7])
		}
	}
}

// Going to another branch leads to the same point of it, or to the first event that is another.
func TestSwitch(t *testing.T) {
	s := plainSession(t)
	root := s.branch
	s.Say("8")
	s.Say("crash c")
	hand := s.branch
	s.Switch(root)
	s.Say("rule ack-majority=on")
	under := s.branch
	first := Shared(root, under) + 1
	for _, c := range []struct {
		from, to *Branch
		at, want int
	}{
		{root, hand, 5, 5}, {root, hand, 8, 8}, {root, hand, 9, 9}, {root, hand, 20, 9}, {hand, root, 20, 8}, {hand, root, 9, 8}, {hand, root, 3, 3},
		{root, under, first - 1, first - 1}, {root, under, first, first}, {root, under, 30, first}, {under, root, under.Len(), first}, {root, root, 12, 12},
	} {
		s.set(c.from, c.at)
		if s.Switch(c.to); s.branch != c.to || s.at != c.want || s.chosen != nothing {
			t.Errorf("from %d at %d to %d: at %d, want %d", c.from.Number, c.at, c.to.Number, s.at, c.want)
		}
	}
}

// What is named where an exercise is being solved is what it lets one do; once it is solved, or
// where there is none, that is everything.
func TestOffered(t *testing.T) {
	const begin, rules = "instances: [a, b, c]\nschedule: |\n  acquire alice via a\n", "exercise: {task: x, change: [rules], " + aliceHolds
	const never = "want: [{holder: alice, on: all}, {property: agreement, is: violated}]}\n"
	for text, want := range map[string]string{
		begin + "exercise: {task: x, change: [schedule], " + never:                "choose deliver drop",
		begin + "exercise: {task: x, change: [schedule], allow: [drop], " + never: "choose drop",
		begin + rules: "",
		oneCall + "exercise: {task: x, change: [messages], " + never:                                      "choose drop delay",
		oneCall + "exercise: {task: x, change: [messages], allow: [delay], " + never:                      "choose delay",
		oneCall + "exercise: {task: x, change: [timeline], " + never:                                      "",
		oneCall + "exercise: {task: x, change: [messages, timeline], allow: [crash, duplicate], " + never: "choose",
	} {
		s := solvingOwn(t, text)
		got := func() (list []string) {
			for _, c := range Commands() {
				if word := c.Word; s.Offers(c) && slices.Contains([]string{"choose", "now", "drop", "later", "predict"}, c.Hint) {
					if word == "" {
						word = c.Hint
					}
					list = append(list, word)
				}
			}
			return list
		}
		if list := strings.Join(got(), " "); list != want {
			t.Errorf("%s: %s, want %s", text, list, want)
		}
		s.solving.solved = true
		if list := strings.Join(got(), " "); list != "choose deliver drop delay predict" {
			t.Errorf("%s: solved, %s", text, list)
		}
	}
	s := plainSession(t)
	s.Press("o")
	s.Press("G")
	if got := s.MayTurn(protocol.Durable, false); got != "answer first, with a key from 1 to 3" {
		t.Errorf("where a question waits a rule may not be turned: %q", got)
	}
	for _, c := range Commands() {
		if want := slices.Contains([]string{"back", "predict", "why", "help", "quit"}, c.Word); s.Offers(c) != want {
			t.Errorf("where a question waits %s%s is offered: %v", c.Word, c.Keys, !want)
		}
	}
}

// What is sought and is not there is said, with the direction.
func TestNotFound(t *testing.T) {
	s := plainSession(t)
	for _, c := range []struct{ from, words, want string }{
		{"start", "round back", "no round begins before this event"}, {"start", "of a back", "no event of a before this event"}, {"start", "majority back", "no majority before this event"},
		{"end", "refusal", "no refusal after this event"}, {"end", "round", "no round begins after this event"}, {"end", "of a", "no event of a after this event"},
	} {
		s.Say(c.from)
		if got := s.Say(c.words).Said; got != c.want {
			t.Errorf("%s: %q, want %q", c.words, got, c.want)
		}
	}
	// An event of an instance is one that happens there, or that it is the other end of.
	for p, name := range s.branch.header.Instances {
		var want, got []int
		for n := 1; n <= s.branch.Len(); n++ {
			if e := s.branch.Event(n); int(e.Instance) == p || int(e.Peer) == p {
				want = append(want, n)
			}
		}
		s.GoTo(0)
		for s.Say("of "+name).Said == "" {
			got = append(got, s.at)
		}
		if !slices.Equal(got, want) || int(s.Marked()) != p {
			t.Errorf("of %s: %v, want %v", name, got, want)
		}
		s.Say("of back")
		if s.at != want[len(want)-2] {
			t.Errorf("back to %d", s.at)
		}
	}
}
