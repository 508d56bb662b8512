package session

import (
	"sort"
	"strconv"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/trace"
)

// Session is a user's place in a tree: where they are, and what they have chosen.
// Everything that can be done in a stepper, whatever its face, is a [Command] of it.
// Methods that may fail return what is to be said about it, "" if there is nothing.
type Session struct {
	// Words says that commands are given as words here, not by keys. It decides how
	// commands are called in what is said, and that nothing stays chosen.
	Words bool

	// Programs tells about the programs that play; nil if none does.
	Programs Programs

	// Replays is the command line by which a saved branch runs again; nil: skinny run.
	Replays func(file string) string

	// Found says that the run is found anew by the command that opens it, perhaps as another
	// one: that does not come back to a point of it, and a saved branch does.
	Found bool

	// Own is what the help of this face says besides the commands.
	Own []Row

	tree     *Tree
	branch   *Branch
	at       int               // events that have happened
	chosen   int               // among what is under way, or nothing
	instance protocol.Position // that faults are about
	command  string            // that opens the scenario again: skinny step two-winners
	sought   string            // what was searched for last
	lesson   *lesson           // that is being taken, or nil

	prediction *prediction // what will happen is asked; nil: it is not
	solving    *solving    // an exercise, or nil
	presenting bool        // to an audience
	refused    bool        // a command would have gone beyond a question that waits

	moment *Moment // of branch and at; nil when they have changed
	items  []Item  // of moment
}

// nothing stands for an item when none is chosen.
const nothing = -1

// NewSession is at the beginning of a tree. Command is the command line that opens
// the same scenario again.
func NewSession(t *Tree, command string) *Session {
	s := &Session{tree: t, branch: t.Root(), chosen: nothing, command: command}
	t.secret = false // perhaps an exercise was solved in the tree before
	s.branch.Judge()
	s.branch.tell(s.branch.Len()) // now, so that no key has to wait for it
	return s
}

// Tree is all that was tried.
func (s *Session) Tree() *Tree { return s.tree }

// Branch is where the session is.
func (s *Session) Branch() *Branch { return s.branch }

// At is the number of the current event, 0 before the first.
func (s *Session) At() int { return s.at }

// Marked is the instance that faults are about.
func (s *Session) Marked() protocol.Position { return s.instance }

// set moves to a point of a branch, or towards it as far as one may go. It reports whether
// the session is there. What is pending there may be another, so nothing is chosen.
func (s *Session) set(b *Branch, point int) (there bool) {
	wanted := point
	b.More(point)
	s.refused = s.Question() != nil && b == s.branch && point > s.at
	point = min(max(point, 0), s.reach(b))
	if s.prediction != nil {
		point = s.prediction.halt(s, b, point)
	}
	s.branch, s.at = b, point
	b.Seen = max(b.Seen, s.at)
	s.chosen, s.moment = nothing, nil
	if s.lesson != nil {
		s.lesson.arrive(s)
	}
	return s.at == wanted
}

// Go moves by n events, back if it is negative.
func (s *Session) Go(n int) string {
	before := s.at
	s.set(s.branch, s.at+n)
	switch {
	case s.at != before, n == 0:
		return ""
	case n < 0:
		return "this is the beginning"
	case s.lesson != nil && (s.Veiled() || s.lesson.waits() != nil):
		return s.onward()
	case s.Question() != nil:
		return "" // now it asks
	case s.Veiled():
		return s.hidden()
	}
	return "the run ends here: " + s.Ending()
}

var endings = map[sim.Ending]string{
	sim.NothingMore: "nothing is left to happen",
	sim.TimeIsUp:    "its time is up (until)",
	sim.BudgetSpent: "it has spent its budget of events",
	sim.Stopped:     "its schedule has no more decisions; yours can go on",
	sim.Impossible:  "the next decision of its schedule cannot be made; yours can go on",
	sim.Failed:      "a program cannot go on",
}

// Ending says why the run goes no further.
func (s *Session) Ending() string {
	if s.branch.Ending() == sim.NotEnded {
		return "no more than " + count(s.branch.Len()) + " events of a run are kept here; skinny run goes to its end"
	}
	text := endings[s.branch.Ending()]
	if err := s.branch.Failure(); err != nil {
		text = err.Error() + "; " + s.by("question") + " shows the question"
	}
	return text
}

// GoTo moves to an event.
func (s *Session) GoTo(event int) string {
	s.set(s.branch, event)
	switch {
	case s.at == event, s.Question() != nil:
		return ""
	case s.Veiled():
		return s.hidden()
	case s.branch.Full():
		return s.Ending()
	}
	return "there is no event " + count(event) + "; the last is " + count(s.at)
}

// upTo is the last event up to a time.
func (b *Branch) upTo(t trace.Time) int {
	for b.Ending() == sim.NotEnded && !b.Full() && b.Event(b.Len()).At <= t {
		b.Reach(b.Len() + 1000)
	}
	return sort.Search(b.Len(), func(i int) bool { return b.Event(i+1).At > t })
}

// End moves to the last event.
func (s *Session) End() string {
	before := s.at
	s.set(s.branch, s.branch.Len())
	switch {
	case s.Question() != nil:
		return ""
	case s.Veiled() && s.at == before:
		return s.hidden()
	case s.Veiled():
		return ""
	case s.branch.Full():
		return s.Ending()
	case s.branch.Ending() == sim.NotEnded:
		return "event " + count(s.at) + " is the last that is known so far; " + s.by("next") + " goes on"
	}
	return ""
}

// Mark marks the instance that faults are about.
func (s *Session) Mark(p int) string {
	if p < 0 || p >= len(s.branch.Header().Instances) {
		return "there is no instance " + count(p+1)
	}
	s.instance = protocol.Position(p)
	return ""
}

// Choose chooses something that is under way, by its index.
func (s *Session) Choose(i int) string {
	n := len(s.Items())
	if n == 0 {
		return s.idle()
	}
	s.chosen = min(max(i, 0), n-1)
	return ""
}

// Chosen is the index of what is chosen, -1 for nothing.
func (s *Session) Chosen() int { return s.chosen }

// Switch goes to the same point of another branch, or to where it parts if that is
// earlier.
func (s *Session) Switch(b *Branch) {
	at := s.at
	if shared := Shared(s.branch, b); at > shared {
		at = shared
		if b.Point == shared && b.Parent != nil || b.scenario != s.branch.scenario {
			at = shared + 1 // what is different is seen
		}
	}
	s.set(b, at)
}

func (s *Session) name(p protocol.Position) string { return s.branch.Header().Name(p) }

func count(n int) string { return strconv.Itoa(n) }
