package quiz

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/swarm"
	"skinny/sim/trace"
)

// drawn is a plan of its own, with rules, as a run of at most so many events.
func drawn(t testing.TB, seed uint64, rules protocol.Rules, most int) *Run {
	t.Helper()
	profile, ok := swarm.ProfileByName("all")
	if !ok {
		t.Fatal("no such profile")
	}
	p := &swarm.Plan{}
	p.Draw(&swarm.Setting{Rules: rules, Knobs: profile.Knobs}, seed, nil)
	return Play(&p.Header, func() sim.Runner { return sim.NewTimed(&p.Cluster, &p.Timetable) }, most)
}

// seedRules are rules that seeds take in turn: the published ones and all of them, with a
// few others.
func seedRules(seed uint64) protocol.Rules {
	published, _ := protocol.EditionByName("published")
	rules := published.Rules
	if seed%2 == 1 {
		rules = protocol.AllRules
	}
	table := protocol.RuleTable()
	return rules ^ table[int(seed/2)%len(table)].Rule
}

// incremental follows a run once, since questions about one event after the other ask for
// standings in order.
func incremental(r *Run) {
	at := map[int]*trace.Follower{0: trace.NewFollower(r.Header)}
	last := 0
	r.Standing = func(point int) *trace.Follower {
		for ; last < point; last++ {
			f := at[last].Clone()
			f.Observe(r.Event(last + 1))
			at[last+1] = f
		}
		return at[point]
	}
}

// What the instance does by its rules, stepped from what events tell, is what then happens,
// whatever the run; and the right choice of every question is that.
func TestStepsAreEvents(t *testing.T) {
	asked := map[Kind]int{}
	for seed := range uint64(60) {
		r := drawn(t, seed, seedRules(seed), 250)
		incremental(r)
		for n := 1; n <= r.Len(); n++ {
			e := r.Event(n)
			if e.Instance == trace.None {
				continue
			}
			if same, known := r.under(e, r.Header.RulesOf(e.Instance)); known && !alike(e, &same) {
				t.Fatalf("seed %d, event %d: %+v\nis stepped as %+v", seed, n, e, same)
			}
			for _, kind := range []Kind{Answer, Majority, Value, Told, State} {
				q, err := Ask(r, kind, n, trace.None)
				if err != nil {
					continue
				}
				asked[kind]++
				if problem := wrong(r, &q); problem != "" {
					t.Fatalf("seed %d, event %d, %v: %s\n%+v", seed, n, kind, problem, q)
				}
			}
		}
	}
	for _, kind := range []Kind{Answer, Majority, Value, Told, State} {
		if asked[kind] < 100 {
			t.Errorf("%v was asked %d times", kind, asked[kind])
		}
	}
}

// wrong says what is wrong with a question, by the event and the follower alone.
func wrong(r *Run, q *Question) string {
	e, after := r.Event(q.Event), r.Standing(q.Event)
	rights, texts := 0, map[string]bool{}
	for _, c := range q.Choices {
		if c.Right {
			rights++
		}
		if texts[c.Text.String()] {
			return "two choices are alike"
		}
		texts[c.Text.String()] = true
		if c.Right && !c.Why.Empty() || c.Why.Empty() != (c.Rules == 0 && c.Before == 0 && c.First == 0) && q.Kind != Majority {
			return "a choice has another reason than rules and order"
		}
	}
	right := q.Choices[q.Right].Text.String()
	want := right
	switch q.Kind {
	case Answer:
		switch {
		case e.Kind == trace.Wait || e.Kind == trace.Hold:
			want = "nothing yet: it has to wait"
		case !e.Message.Yes:
			want = "no"
		case e.Kind == trace.Accept && !e.Stored:
			want = "yes, without storing it"
		default:
			want = "yes"
		}
	case Majority:
		round := &after.Instances[e.Instance].Round
		switch formed := after.Formed; {
		case formed.Votes != 0 && formed.Yes:
			want = "yes"
		case formed.Votes != 0 && right == "yes":
			// Enough said yes before, and now too many have said no, too: quorums need not
			// be majorities.
		case formed.Votes != 0:
			want = "no, and it cannot get one any more"
		case right != "not yet":
			enough, tooMany := r.Header.Enough(e.Instance, round.Phase)
			if noes := round.Noes().Len(); round.Yea.Len() < enough && noes < tooMany && len(r.Header.Instances)-noes >= enough {
				want = "not yet"
			}
		}
	case Told:
		want = e.Outcome.String()
		if e.Outcome == protocol.Failed {
			want = "nothing: nobody answers, and the call fails"
		}
	case State:
		want = r.state(after.Instances[q.About].State).String()
	case Value:
		// In the order of clients, with nobody at the end.
		last := -1
		for _, c := range q.Choices {
			name, _ := strings.CutSuffix(c.Text.String(), "'s")
			at := slices.Index(r.Header.Holders, name)
			if at <= last && c.Text != q.Choices[len(q.Choices)-1].Text {
				return "the choices are in another order than clients"
			}
			last = at
		}
		want = r.names().Holder(e.Proposal.Holder).Words + "'s"
		if e.Proposal.Holder == protocol.Free {
			want = "nobody's: the lock is free"
		}
	}
	if rights != 1 || right != want {
		return fmt.Sprintf("right are %d, and %q, not %q", rights, right, want)
	}
	return ""
}

// A rule planted in the protocol changes what happens as questions say: where a run under
// one rule changed is another one for the first time, the event is what the instance was
// said to do under that rule, and the choice that is right there says so.
func TestPlantedRules(t *testing.T) {
	met := map[protocol.Rules]int{}
	named := map[Kind]int{}
	for seed := range uint64(40) {
		rules := seedRules(seed)
		r := drawn(t, seed, rules, 400)
		incremental(r)
		for _, row := range protocol.RuleTable() {
			planted := drawn(t, seed, rules^row.Rule, 400)
			n := 1
			for n <= min(r.Len(), planted.Len()) && fmt.Sprint(*r.Event(n)) == fmt.Sprint(*planted.Event(n)) {
				n++
			}
			if n > min(r.Len(), planted.Len()) {
				continue
			}
			e, p := r.Event(n), planted.Event(n)
			if e.Instance == trace.None || e.Instance != p.Instance || e.Cause != p.Cause {
				continue // another thing happens first
			}
			other, known := r.under(e, rules^row.Rule)
			if !known || alike(e, p) { // in what is not asked about
				continue
			}
			if !alike(p, &other) {
				t.Fatalf("seed %d, %s: event %d is %+v\nand was said to be %+v\nin place of %+v", seed, row.Name, n, p, other, e)
			}
			met[row.Rule]++
			for _, kind := range []Kind{Answer, Value, Told, State} {
				q, err := Ask(r, kind, n, trace.None)
				if err != nil {
					continue
				}
				then, err := Ask(planted, kind, n, trace.None)
				if err != nil {
					continue
				}
				text := then.Choices[then.Right].Text
				for _, c := range q.Choices {
					if c.Text == text && !c.Right {
						if !c.Rules.Has(row.Rule) {
							t.Errorf("seed %d, event %d, %v: %q does not say that it is right under %s", seed, n, kind, text, row.Name)
						}
						named[kind]++
					}
				}
			}
		}
	}
	if len(met) < 8 {
		t.Errorf("only the rules %v made a difference", met)
	}
	for _, kind := range []Kind{Answer, Value, Told, State} {
		if named[kind] == 0 {
			t.Errorf("no rule changed the answer to a question %v", kind)
		}
	}
	t.Log(met, named)
}

// However long a run gets, the same thing is asked about no more than twice, and what is
// plain once.
func TestWorthInLongRuns(t *testing.T) {
	for seed := range uint64(12) {
		r := drawn(t, seed, seedRules(seed), 3000)
		worth := 0
		for n := 1; n <= r.Len(); n++ {
			if _, ok := Worth(r, n); ok {
				worth++
			}
		}
		plain := 0
		for s, a := range r.met.asked {
			if a.times > often || s.trivial && a.times > 1 {
				t.Errorf("seed %d: %+v was asked about %d times", seed, s, a.times)
			}
			if s.trivial {
				plain++
			}
		}
		if worth < 10 || worth > 150 || plain == 0 {
			t.Errorf("seed %d: %d of %d events are worth asking about, %d are plain", seed, worth, r.Len(), plain)
		}
	}
}

// What would be right before an event is what the instance says if the request is
// delivered just before that.
func TestBefore(t *testing.T) {
	tried := 0
	for seed := range uint64(30) {
		r := drawn(t, seed, seedRules(seed), 200)
		incremental(r)
		for n := 1; n <= r.Len(); n++ {
			q, err := Ask(r, Answer, n, trace.None)
			if err != nil {
				continue
			}
			request, _ := requestOf(r.Event(n))
			for _, c := range q.Choices {
				if c.Before == 0 {
					continue
				}
				now := r.Moment(c.Before - 1)
				if now.World().Events() != c.Before-1 {
					continue // within a step nothing can be put
				}
				var made trace.Log
				now.World().Observe(&made)
				d := sim.Decision{Kind: sim.DeliverMessage, Message: request.Kind, From: request.From, To: request.To, Nth: r.Event(n).Nth}
				if !now.Act(&d) {
					continue // it waited already
				}
				tried++
				want := map[string]string{"yes": "yes", "no": "no", "waits": "nothing yet: it has to wait", "pretends": "yes, without storing it"}[answerKey(&made.Events[0])]
				if c.Text.String() != want {
					t.Errorf("seed %d, event %d: before event %d it is %q, not %q", seed, n, c.Before, want, c.Text)
				}
			}
		}
	}
	if tried < 20 {
		t.Errorf("tried %d times", tried)
	}
}
