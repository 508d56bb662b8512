package check

import (
	"reflect"
	"strings"
	"testing"

	"skinny/protocol"
	"skinny/sim/trace"
)

const (
	acquire = protocol.Acquire
	release = protocol.Release

	acquired    = protocol.Acquired
	refused     = protocol.Refused
	released    = protocol.Released
	notReleased = protocol.NotReleased
)

// did adds an operation and its answer, one after the other.
func (s *story) did(kind protocol.OperationKind, holder protocol.Holder, outcome protocol.Outcome, told protocol.Holder) {
	s.answer(s.call(kind, holder), outcome, told)
}

func TestLinearizabilityWithoutOverlap(t *testing.T) {
	s := newStory(protocol.OwnerRelease, 3)
	s.did(release, alice, released, protocol.Free) // of a free lock
	s.did(acquire, alice, acquired, alice)
	s.did(acquire, alice, acquired, alice)
	s.did(acquire, bob, refused, alice)
	s.did(protocol.Status, protocol.Free, protocol.Answered, carol) // not part of it
	s.did(release, bob, notReleased, alice)
	s.did(release, alice, released, protocol.Free)
	s.did(acquire, bob, acquired, bob)
	s.kept(t, "linearizability")
}

// unexplainedHistories: where they break, and why.
var unexplainedHistories = []struct {
	name  string
	rules protocol.Rules
	story func(s *story)
	event int
	why   string // after "no order of the operations explains that "
}{
	{"acquired twice", protocol.OwnerRelease, func(s *story) {
		s.did(acquire, alice, acquired, alice)
		s.did(release, bob, notReleased, alice)
		s.did(acquire, bob, acquired, bob)
		s.did(acquire, carol, acquired, carol)
	}, 6, "bob is told acquired: alice has been told acquired (event 2) and has not released"},

	{"acquired twice, anyone may release", 0, func(s *story) {
		s.did(release, bob, released, protocol.Free)
		s.did(acquire, alice, acquired, alice)
		s.did(acquire, bob, acquired, bob)
	}, 6, "bob is told acquired: alice has been told acquired (event 4) and nobody has released"},

	{"acquired after a refusal", protocol.OwnerRelease, func(s *story) {
		s.call(acquire, alice)
		s.did(acquire, bob, refused, alice)
		s.did(acquire, carol, acquired, carol)
	}, 5, "carol is told acquired: bob has been told refused with alice as holder (event 3) and alice has not released"},

	{"acquired although a release was called", protocol.OwnerRelease, func(s *story) {
		s.did(acquire, alice, acquired, alice)
		s.did(acquire, bob, refused, alice)
		s.call(release, alice)
		s.did(acquire, carol, acquired, carol)
		s.did(acquire, bob, acquired, bob)
	}, 9, "bob is told acquired: carol has been told acquired (event 7) and has not released"},

	{"acquired although a release came too early", protocol.OwnerRelease, func(s *story) {
		s.did(acquire, alice, acquired, alice)
		s.call(release, alice)
		s.did(acquire, bob, acquired, bob)
		s.did(acquire, bob, refused, alice)
	}, 7, "bob is told refused and that alice holds the lock: bob has been told acquired (event 5)"},

	{"refused by who released", protocol.OwnerRelease, func(s *story) {
		s.did(acquire, alice, acquired, alice)
		s.did(release, alice, released, protocol.Free)
		s.did(acquire, bob, refused, alice)
	}, 6, "bob is told refused and that alice holds the lock: alice has been told released (event 4)"},

	{"refused by who never asked", protocol.OwnerRelease, func(s *story) {
		s.did(acquire, bob, refused, carol)
	}, 2, "bob is told refused and that carol holds the lock: carol has not asked for it"},

	{"refused by nobody", 0, func(s *story) {
		s.did(acquire, bob, refused, protocol.Free)
	}, 2, "bob is told refused and that nobody holds the lock: a free lock is given to who asks"},

	{"refused by oneself", 0, func(s *story) {
		s.did(acquire, bob, refused, bob)
	}, 2, "bob is told refused and that bob holds the lock: nobody is refused the lock that is already theirs"},

	{"released for another", protocol.OwnerRelease, func(s *story) {
		s.did(acquire, alice, acquired, alice)
		s.did(release, bob, released, protocol.Free)
	}, 4, "bob is told released: alice has been told acquired (event 2) and has not released"},

	{"not released by the holder", protocol.OwnerRelease, func(s *story) {
		s.call(acquire, bob)
		s.did(acquire, alice, acquired, alice)
		s.did(release, alice, notReleased, bob)
	}, 5, "alice is told not-released: alice has been told acquired (event 3)"},

	{"not released though nobody else asked", protocol.OwnerRelease, func(s *story) {
		s.did(acquire, alice, acquired, alice)
		s.did(release, alice, notReleased, bob)
	}, 4, "alice is told not-released: nobody else has asked for the lock"},

	{"not released though free", protocol.OwnerRelease, func(s *story) {
		s.did(acquire, bob, acquired, bob)
		s.did(release, bob, released, protocol.Free)
		s.did(release, alice, notReleased, bob)
	}, 6, "alice is told not-released: bob has been told released (event 4)"},

	{"failed releases free at most once each", 0, func(s *story) {
		s.did(acquire, alice, acquired, alice)
		s.did(release, carol, notReleased, alice)
		s.did(acquire, bob, acquired, bob)
		s.did(acquire, carol, acquired, carol)
	}, 8, "carol is told acquired: bob has been told acquired (event 6) and nobody has released"},

	{"a release that was needed before", protocol.OwnerRelease, func(s *story) {
		s.did(acquire, alice, acquired, alice)
		s.call(release, alice)
		s.did(acquire, bob, acquired, bob)
		s.did(release, bob, released, protocol.Free)
		s.did(acquire, alice, acquired, alice)
		s.did(acquire, carol, acquired, carol)
	}, 11, "carol is told acquired: alice has been told acquired (event 9), and no release can come between"},

	{"anybody's release that was needed before", 0, func(s *story) {
		s.did(acquire, alice, acquired, alice)
		s.call(release, bob)
		s.did(acquire, carol, acquired, carol)
		s.did(acquire, dave, acquired, dave)
	}, 7, "dave is told acquired: carol has been told acquired (event 5), and no release can come between"},

	{"a release that was answered too early", protocol.OwnerRelease, func(s *story) {
		hers, free := s.call(acquire, alice), s.call(release, alice)
		s.answer(free, released, protocol.Free)
		s.did(acquire, carol, refused, alice)
		s.answer(hers, acquired, alice)
		s.did(acquire, bob, acquired, bob)
	}, 8, "bob is told acquired: alice has been told acquired (event 6), and no release can come between"},

	{"refused by who was not the last", protocol.OwnerRelease, func(s *story) {
		s.call(acquire, bob)
		s.did(acquire, alice, acquired, alice)
		s.did(release, alice, released, protocol.Free)
		s.did(acquire, carol, refused, bob)
		s.did(acquire, carol, refused, alice)
	}, 9, "carol is told refused and that alice holds the lock: carol has been told refused with bob as holder (event 7)"},

	{"refused by who released before another did", protocol.OwnerRelease, func(s *story) {
		s.did(acquire, alice, acquired, alice)
		s.did(release, alice, released, protocol.Free)
		s.did(release, carol, released, protocol.Free)
		s.did(acquire, bob, refused, alice)
	}, 8, "bob is told refused and that alice holds the lock: alice has been told released (event 4)"},

	{"refused by who was freed of it", 0, func(s *story) {
		s.did(acquire, alice, acquired, alice)
		s.did(release, carol, released, protocol.Free)
		s.did(acquire, bob, refused, alice)
	}, 6, "bob is told refused and that alice holds the lock: carol has been told released (event 4)"},

	{"refused by who could not release", protocol.OwnerRelease, func(s *story) {
		s.call(acquire, alice)
		s.did(acquire, bob, acquired, bob)
		s.did(release, alice, notReleased, bob)
		s.did(acquire, carol, refused, alice)
	}, 7, "carol is told refused and that alice holds the lock: alice has been told not-released (event 5)"},

	{"refused by who failed to release", 0, func(s *story) {
		s.did(acquire, alice, acquired, alice)
		s.did(release, bob, released, protocol.Free)
		s.did(acquire, carol, acquired, carol)
		s.did(release, alice, notReleased, carol)
		s.did(acquire, dave, refused, alice)
	}, 10, "dave is told refused and that alice holds the lock: carol has been told acquired (event 6)"},

	{"not released though another only released", protocol.OwnerRelease, func(s *story) {
		s.did(release, bob, released, protocol.Free)
		s.did(release, alice, notReleased, bob)
	}, 4, "alice is told not-released: nobody else has asked for the lock"},

	{"not released though it was theirs", protocol.OwnerRelease, func(s *story) {
		s.call(acquire, alice)
		s.did(acquire, bob, refused, alice)
		s.did(release, alice, notReleased, bob)
	}, 5, "alice is told not-released: bob has been told refused with alice as holder (event 3)"},
}

// A status is judged only if reads are: it reads one instance, whose answer may be old.
func TestReads(t *testing.T) {
	// Where the other answers cannot be explained either.
	also := map[string]bool{"which changes nothing": true, "not released by who was seen to hold it": true}
	for _, test := range []struct {
		name  string
		story func(s *story)
		event int
		why   string
	}{
		{"which changes nothing", func(s *story) {
			s.header.Rules = 0 // anyone may release
			s.did(acquire, alice, acquired, alice)
			op := s.call(protocol.Status, protocol.Free)
			s.did(acquire, bob, refused, alice)
			s.did(acquire, bob, acquired, bob)
			s.answer(op, protocol.Answered, bob)
		}, 7, "bob is told acquired: bob has been told refused with alice as holder (event 5) and nobody has released"},
		{"what is the case", func(s *story) {
			s.did(protocol.Status, protocol.Free, protocol.Answered, protocol.Free)
			s.did(acquire, alice, acquired, alice)
			s.did(protocol.Status, protocol.Free, protocol.Answered, alice)
			s.did(release, alice, released, protocol.Free)
			s.did(protocol.Status, protocol.Free, protocol.Answered, protocol.Free)
		}, 0, ""},
		{"what is the case at some moment", func(s *story) {
			op := s.call(protocol.Status, protocol.Free)
			s.did(acquire, alice, acquired, alice)
			s.did(release, alice, released, protocol.Free)
			s.did(acquire, bob, acquired, bob)
			s.call(protocol.Status, protocol.Free) // and one that is never answered
			s.answer(op, protocol.Answered, alice)
		}, 0, ""},
		{"an acquire of which nobody heard", func(s *story) {
			s.call(acquire, alice)
			s.did(protocol.Status, protocol.Free, protocol.Answered, alice)
			s.did(acquire, bob, refused, alice)
		}, 0, ""},
		{"an old holder", func(s *story) {
			s.did(acquire, alice, acquired, alice)
			s.did(release, alice, released, protocol.Free)
			s.did(protocol.Status, protocol.Free, protocol.Answered, alice)
		}, 6, "the status at a says that alice holds the lock: alice has been told released (event 4)"},
		{"nobody, though somebody holds it", func(s *story) {
			s.did(acquire, alice, acquired, alice)
			s.did(protocol.Status, protocol.Free, protocol.Answered, protocol.Free)
		}, 4, "the status at a says that nobody holds the lock: alice has been told acquired (event 2) and has not released"},
		{"not released by who was seen to hold it", func(s *story) {
			s.call(acquire, bob)
			s.did(acquire, alice, acquired, alice)
			s.did(protocol.Status, protocol.Free, protocol.Answered, alice)
			s.did(release, alice, notReleased, bob)
		}, 7, "alice is told not-released: the status at a says that alice holds the lock (event 5)"},
		{"back to the past", func(s *story) {
			s.call(acquire, alice)
			s.did(protocol.Status, protocol.Free, protocol.Answered, alice)
			s.did(protocol.Status, protocol.Free, protocol.Answered, protocol.Free)
		}, 5, "the status at a says that nobody holds the lock: the status at a says that alice holds the lock (event 3) and alice has not released"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newStory(protocol.OwnerRelease, 3)
			test.story(s)
			v := s.verdict(t, "linearizability")
			if (v.State == Kept) == also[test.name] || v.Without != "statuses aside: linearizable-reads judges them" {
				t.Errorf("without the statuses: %+v", v)
			}
			j := NewJudges(s.header, WithNamed(nil, ReadsName)...)
			for i := range s.events {
				j.Observe(&s.events[i])
			}
			want := Verdict{Property: ReadsName}
			if test.event > 0 {
				want.State, want.Event = Violated, test.event
			}
			v = find(t, j.Verdicts(), ReadsName)
			why := v.Why.String()
			if v.State != want.State || v.Event != want.Event || v.Without != "" || test.event > 0 && why != "no order of the operations explains that "+test.why {
				t.Errorf("%+v", v)
			}
		})
	}
}

// What the client's own hold says is no reason against its next one.
func TestLinearizabilityWhyNotItself(t *testing.T) {
	s := newStory(protocol.OwnerRelease, 3)
	s.did(acquire, alice, acquired, alice)
	late := s.call(acquire, carol)
	s.did(release, alice, released, protocol.Free)
	s.did(acquire, bob, acquired, bob)
	s.answer(late, refused, alice)
	s.did(acquire, alice, acquired, alice)
	s.violated(t, "linearizability", 10, "acquired, after acquired, not released", "no order of the operations explains that alice is told acquired: "+
		"bob has been told acquired (event 7) and has not released")
}

func TestLinearizabilityWhy(t *testing.T) {
	const prefix = "no order of the operations explains that "
	for _, test := range unexplainedHistories {
		t.Run(test.name, func(t *testing.T) {
			s := newStory(test.rules, 3)
			test.story(s)
			s.violated(t, "linearizability", test.event, s.verdict(t, "linearizability").Kind, prefix+test.why)
		})
	}
}

// What kind of violation it is says as much as the reason without names and numbers.
func TestLinearizabilityKinds(t *testing.T) {
	kinds := map[string][]string{}
	for _, test := range unexplainedHistories {
		s := newStory(test.rules, 3)
		test.story(s)
		kind := s.verdict(t, "linearizability").Kind
		kinds[kind] = append(kinds[kind], test.name)
	}
	want := map[string][]string{
		"acquired, after acquired, not released":     {"acquired twice", "acquired twice, anyone may release", "acquired although a release was called", "failed releases free at most once each"},
		"acquired, after acquired, released in vain": {"a release that was needed before", "anybody's release that was needed before", "a release that was answered too early"},
		"acquired, after refused, not released":      {"acquired after a refusal"},
		"refused, after acquired":                    {"acquired although a release came too early", "refused by who failed to release"},
		"refused, after released":                    {"refused by who released", "refused by who released before another did", "refused by who was freed of it"},
		"refused, after refused":                     {"refused by who was not the last"},
		"refused, after not-released":                {"refused by who could not release"},
		"refused, holder has not asked":              {"refused by who never asked"},
		"refused, free":                              {"refused by nobody"},
		"refused, own lock":                          {"refused by oneself"},
		"released, after acquired, not released":     {"released for another"},
		"not-released, after acquired":               {"not released by the holder"},
		"not-released, after refused":                {"not released though it was theirs"},
		"not-released, after released":               {"not released though free"},
		"not-released, nobody has asked":             {"not released though nobody else asked", "not released though another only released"},
	}
	if !reflect.DeepEqual(kinds, want) {
		t.Errorf("got  %q\nwant %q", kinds, want)
	}
}

// TestLinearizabilityOfOpenOperations has operations take effect of which the
// client never hears that they did.
func TestLinearizabilityOfOpenOperations(t *testing.T) {
	endings := map[string]func(s *story, op int){
		"none":    func(*story, int) {},
		"unknown": func(s *story, op int) { s.answer(op, protocol.Unknown, protocol.Free) },
		"failed": func(s *story, op int) {
			s.add(trace.Event{Kind: trace.Receive, Operation: s.operations[op-1], Outcome: protocol.Failed})
		},
		"given up": func(s *story, op int) {
			o := s.operations[op-1]
			s.add(trace.Event{Kind: trace.GiveUp, Operation: o})
			s.add(trace.Event{Kind: trace.Answer, Reason: trace.ClientGone, Operation: o, Outcome: acquired, Holder: bob})
		},
	}
	for name, end := range endings {
		t.Run(name, func(t *testing.T) {
			s := newStory(protocol.OwnerRelease, 3)
			s.did(acquire, alice, acquired, alice)
			end(s, s.call(release, alice))
			end(s, s.call(acquire, bob))
			s.did(acquire, carol, refused, alice) // neither had an effect yet
			s.did(acquire, carol, refused, bob)   // now both had
			s.kept(t, "linearizability")
			s.did(acquire, carol, refused, alice) // and cannot have it again
			last := len(s.events)
			if v := s.verdict(t, "linearizability"); v.State != Violated || v.Event != last {
				t.Errorf("event %d: %+v", last, v)
			}
		})
	}
}

// TestLinearizabilityNeedsThemAll has histories in which every open operation must
// have taken effect.
func TestLinearizabilityNeedsThemAll(t *testing.T) {
	// Not released by alice: bob has it, since her earlier release.
	s := newStory(protocol.OwnerRelease, 3)
	s.did(acquire, alice, acquired, alice)
	s.call(release, alice)
	s.call(acquire, bob)
	s.did(release, alice, notReleased, bob)
	s.kept(t, "linearizability")

	// Refused with bob: carol's release failed, and freed the lock all the same.
	s = newStory(0, 3)
	s.did(acquire, alice, acquired, alice)
	s.did(release, carol, notReleased, alice)
	s.call(acquire, bob)
	s.did(acquire, carol, refused, bob)
	s.kept(t, "linearizability")
}

// TestLinearizabilityBeforeTheCall demands an effect from an operation that is
// called only later.
func TestLinearizabilityBeforeTheCall(t *testing.T) {
	s := newStory(protocol.OwnerRelease, 3)
	s.did(acquire, bob, refused, alice)
	s.call(acquire, alice)
	s.did(acquire, bob, refused, alice)
	if v := s.verdict(t, "linearizability"); v.State != Violated || v.Event != 2 {
		t.Errorf("%+v", v)
	}
}

// tangle is a history with a number of acquires and releases that are never answered,
// in which the last of the answers has no explanation.
func tangle(open int) *story {
	s := newStory(protocol.OwnerRelease, 3)
	s.header.Holders = nil
	for n := range open {
		s.header.Holders = append(s.header.Holders, "client-"+string(rune('A'+n)))
	}
	s.header.Holders = append(s.header.Holders, "reader", "loser")
	reader := protocol.Holder(open + 1)
	for n := range open {
		s.call(acquire, protocol.Holder(n+1))
		s.call(release, protocol.Holder(n+1))
	}
	for n := range open {
		s.did(acquire, reader, refused, protocol.Holder(n+1))
	}
	s.did(acquire, reader, refused, reader+1)
	return s
}

func TestLinearizabilityGivesUp(t *testing.T) {
	s := tangle(6)
	j := NewJudges(s.header)
	j.linearizability.orders.limit = 4
	for i := range s.events {
		j.Observe(&s.events[i])
	}
	// Too few configurations for anything but the first answers.
	v := find(t, j.Verdicts(), "linearizability")
	if v.State != Undecided || v.Event != 0 || !strings.Contains(v.Why.String(), "given up, since") {
		t.Errorf("%+v", v)
	}
	j.linearizability.orders.limit = configurations
	if v := find(t, j.Verdicts(), "linearizability"); v.State != Undecided {
		t.Errorf("searched again without a new event: %+v", v)
	}
	s.did(acquire, 1, acquired, 1)
	for _, e := range s.events[len(s.events)-2:] {
		j.Observe(&e)
	}
	if v := find(t, j.Verdicts(), "linearizability"); v.State != Violated || v.Event != len(s.events)-2 {
		t.Errorf("%+v", v)
	}
	j = NewJudges(s.header)
	j.linearizability.orders.limit = 4
	for i := range s.events {
		j.Observe(&s.events[i])
	}
	given := find(t, j.Verdicts(), "linearizability")
	j.Reset(s.header)
	if v := find(t, j.Verdicts(), "linearizability"); given.State != Undecided || v.State != Kept {
		t.Errorf("%v, and in the next run, before anything happens, %v", given.State, v.State)
	}
}

func TestLinearizabilityOfTangles(t *testing.T) {
	for _, open := range []int{1, 2, 4, 8} {
		s := tangle(open)
		v := s.judged(configurations)
		if v.State != Violated || v.Event != len(s.events) || !strings.HasSuffix(v.Why.String(), "loser has not asked for it") {
			t.Errorf("%d open: %+v", open, v)
		}
	}
}
