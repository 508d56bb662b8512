package step

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
	"strings"

	"skinny/cmd/internal/session"
	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/narrate"
	"skinny/sim/trace"
)

// Session is somebody's place in a tree: where they are, and what they have chosen.
// All that can be done in the stepper and in its line mode is done by its methods.
// Those that may fail return what is to be said about it, "" if there is nothing.
type Session struct {
	tree     *session.Tree
	branch   *session.Branch
	at       int               // events that have happened
	chosen   int               // among what is pending
	instance protocol.Position // that faults are about
	command  string            // that opens the scenario again: skinny step two-winners
	sought   string            // what was searched for last
	inWords  bool              // commands are words, not keys

	moment *session.Moment // of branch and at; nil when they have changed
	items  []item          // of moment
}

// NewSession is at the beginning of a tree. Command is the command line that opens
// the same scenario again.
func NewSession(t *session.Tree, command string) *Session {
	s := &Session{tree: t, branch: t.Root(), command: command}
	s.branch.Judge()
	if n := s.branch.Len(); n > 0 {
		s.branch.Line(n) // all are told now, so that no key has to wait for it
	}
	return s
}

// Branch is where the session is.
func (s *Session) Branch() *session.Branch { return s.branch }

// At is the number of the current event, 0 before the first.
func (s *Session) At() int { return s.at }

// way is how something is done: by a key, or by a word.
func (s *Session) way(key, word string) string {
	if s.inWords {
		return word
	}
	return key
}

// line is the current event in words; there has to be one.
func (s *Session) line() narrate.Line { return s.branch.Line(s.at) }

// set moves to a point of a branch. What is pending there may be another, so the
// choice begins anew.
func (s *Session) set(b *session.Branch, point int) {
	b.More(point)
	s.branch, s.at = b, min(max(point, 0), b.Len())
	b.Look(s.at)
	s.chosen, s.moment = 0, nil
}

// Go moves by so many events, back if it is negative.
func (s *Session) Go(by int) string {
	before := s.at
	s.set(s.branch, s.at+by)
	switch {
	case s.at != before:
		return ""
	case by < 0:
		return "this is the beginning"
	}
	return "the run ends here: " + s.ending()
}

// ending says why the run goes no further.
func (s *Session) ending() string {
	switch s.branch.Ending() {
	case sim.NothingMore:
		return "nothing is left to happen"
	case sim.TimeIsUp:
		return "its time is up (until)"
	case sim.BudgetSpent:
		return "it has spent its budget of events"
	case sim.Stopped:
		return "its schedule has no more decisions; yours can go on"
	case sim.Impossible:
		return "the next decision of its schedule cannot be made; yours can go on"
	}
	return "more was not asked for"
}

// GoTo moves to an event.
func (s *Session) GoTo(event int) string {
	s.branch.Reach(event)
	if event < 0 || event > s.branch.Len() {
		s.set(s.branch, event)
		return "there is no event " + count(event) + "; the last is " + count(s.branch.Len())
	}
	s.set(s.branch, event)
	return ""
}

// GoToTime moves to the last event up to a time.
func (s *Session) GoToTime(t trace.Time) string {
	b := s.branch
	for b.Ending() == sim.NotEnded && b.Event(b.Len()).At <= t {
		b.Reach(b.Len() + 1000)
	}
	s.set(b, sort.Search(b.Len(), func(i int) bool { return b.Event(i+1).At > t }))
	return ""
}

// End moves to the last event.
func (s *Session) End() string {
	s.set(s.branch, s.branch.Len())
	if s.branch.Ending() == sim.NotEnded {
		return "event " + count(s.at) + " is the last that is known so far; " + s.way("→", "next") + " goes on"
	}
	return ""
}

// seek moves to the next event that is wanted, or to the one before.
func (s *Session) seek(forward bool, what string, wanted func(n int, e *trace.Event) bool) string {
	b := s.branch
	by := -1
	if forward {
		by = 1
	}
	for n := s.at + by; n > 0; n += by {
		if forward && n > b.Len() {
			b.Reach(n)
		}
		if n > b.Len() {
			break
		}
		if wanted(n, b.Event(n)) {
			s.set(b, n)
			return ""
		}
	}
	if forward {
		return "no " + what + " after this event"
	}
	return "no " + what + " before this event"
}

// Round moves to where the next round begins, or the one before.
func (s *Session) Round(forward bool) string {
	return s.seek(forward, "round begins", func(_ int, e *trace.Event) bool { return e.Kind == trace.Propose })
}

// Same moves to the next event of the chosen instance, or the one before.
func (s *Session) Same(forward bool) string {
	p := int8(s.instance)
	return s.seek(forward, "event of "+s.name(s.instance), func(_ int, e *trace.Event) bool {
		return e.Instance == p || e.Peer == p
	})
}

// Refusal moves to the next event by which an instance says no.
func (s *Session) Refusal() string {
	return s.seek(true, "refusal", func(_ int, e *trace.Event) bool {
		return (e.Kind == trace.Promise || e.Kind == trace.Accept) && !e.Message.Yes
	})
}

// Majority moves to the next event by which a majority forms, or to the one before,
// and says of what.
func (s *Session) Majority(forward bool) string {
	said := s.seek(forward, "majority", s.formsMajority)
	switch {
	case said == "":
		return s.majority()
	case forward:
		return said + "; the first of this run: " + s.way("g, then m", "start, then majority")
	}
	return said
}

// formsMajority reports whether a majority forms by an event.
func (s *Session) formsMajority(n int, e *trace.Event) bool {
	return e.Kind == trace.Count && s.tree.Header().Rules.Has(protocol.Majority) && s.branch.Line(n).Majority.Votes != 0
}

// majorities is how many form in what is known of the branch.
func (s *Session) majorities() int {
	number := 0
	for n := 1; n <= s.branch.Len(); n++ {
		if s.formsMajority(n, s.branch.Event(n)) {
			number++
		}
	}
	return number
}

// majority says of what the current event makes a majority.
func (s *Session) majority() string {
	l := s.line()
	votes := fmt.Sprintf("%d of %d", l.Majority.Votes.Len(), len(s.tree.Header().Instances))
	phase, what := "phase 1", "promises"
	if l.Majority.Phase == protocol.Committing {
		phase, what = "phase 2", "commits"
	}
	if !l.Majority.Yes {
		return phase + ": " + votes + " say no to " + l.To.Name + ", a majority"
	}
	return phase + ": " + l.To.Name + " has " + votes + " " + what + ", a majority"
}

// broken is every property that is violated, by the event at which it breaks.
func (s *Session) broken() []check.Verdict {
	list := slices.DeleteFunc(slices.Clone(s.branch.Judge()), func(v check.Verdict) bool { return v.State != check.Violated })
	slices.SortStableFunc(list, func(a, b check.Verdict) int { return cmp.Compare(a.Event, b.Event) })
	return list
}

// Violation moves to the next event by which a property breaks, after the last to
// the first, and says which does.
func (s *Session) Violation() string {
	list := s.broken()
	if len(list) == 0 {
		return "no property is violated in this branch"
	}
	next := max(slices.IndexFunc(list, func(v check.Verdict) bool { return v.Event > s.at }), 0)
	at := list[next].Event
	s.GoTo(at)
	var names []string
	for ; next < len(list) && list[next].Event == at; next++ {
		names = append(names, list[next].Property)
	}
	said := "✗ " + strings.Join(names, ", ") + " broken here"
	on := s.way("v", "violation")
	switch {
	case next < len(list):
		said += "; " + on + " goes on to event " + count(list[next].Event) + ": " + list[next].Property
	case list[0].Event != at:
		said += "; " + on + " goes back to event " + count(list[0].Event)
	}
	return said
}

// Worst moves to where the property breaks whose violation says most, if one is
// violated.
func (s *Session) Worst() {
	if v := check.Worst(s.branch.Judge()); v != nil {
		s.GoTo(v.Event)
	}
}

// Search moves to the next event whose sentence contains a text; after the last
// from the first on. An empty text is the last one again.
func (s *Session) Search(text string) string {
	if text == "" {
		text = s.sought
	}
	if text == "" {
		return "nothing was searched for yet"
	}
	s.sought = text
	part := inSmall(text)
	n := s.branch.Len()
	for i := range n {
		at := (s.at+i)%n + 1
		l := s.branch.Line(at)
		if contains(l.What.String(), part) || contains(l.Why.String(), part) || contains(l.From.Name, part) || contains(l.To.Name, part) {
			s.set(s.branch, at)
			return ""
		}
	}
	return "no event says \"" + text + "\""
}

// contains is strings.Contains for whom upper and lower case are the same, in
// ASCII. Part is not empty and in lower case.
func contains(s, part string) bool {
	first := part[0]
	for i := 0; i+len(part) <= len(s); i++ {
		if small[s[i]] == first && begins(s[i:], part) {
			return true
		}
	}
	return false
}

func begins(s, part string) bool {
	for i := range len(part) {
		if small[s[i]] != part[i] {
			return false
		}
	}
	return true
}

// small is every byte in lower case.
var small = func() (table [256]byte) {
	for i := range table {
		table[i] = byte(i)
		if 'A' <= i && i <= 'Z' {
			table[i] += 'a' - 'A'
		}
	}
	return table
}()

// inSmall is a text in lower case, in ASCII.
func inSmall(s string) string {
	b := []byte(s)
	for i := range b {
		b[i] = small[b[i]]
	}
	return string(b)
}

// Causes is everything that led to the current event, in its order, and the event
// itself: causes, votes, and what the sentences name.
func (s *Session) Causes() []int {
	b := s.branch
	return trace.Causes(s.at, b.Event, func(n int) []int {
		refs := b.Line(n).Why.Refs()
		if n == s.at {
			refs = append(refs, check.Refs(b.Verdicts(), n)...)
		}
		return refs
	})
}

// Choose marks the next thing that is pending, or the one before.
func (s *Session) Choose(by int) string {
	n := len(s.Items())
	if n == 0 {
		return s.nothing()
	}
	s.chosen = min(max(s.chosen+by, 0), n-1)
	return ""
}

// Instance marks the instance that faults are about.
func (s *Session) Instance(p int) string {
	if p < 0 || p >= s.tree.Scenario().Cluster.Size() {
		return "there is no instance " + count(p+1)
	}
	s.instance = protocol.Position(p)
	return ""
}

func (s *Session) name(p protocol.Position) string { return s.tree.Header().Name(p) }
