package shrink

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// calledAndCrashed is a judge that wants no run to have both a call and a crash.
type calledAndCrashed struct {
	check.NoEnd
	called, crashed int
}

func (j *calledAndCrashed) Reset(*trace.Header) { *j = calledAndCrashed{} }

func (j *calledAndCrashed) Observe(e *trace.Event) {
	switch e.Kind {
	case trace.Call:
		j.called = e.Number
	case trace.Crash:
		j.crashed = e.Number
	}
}

func (j *calledAndCrashed) Verdict() check.Verdict {
	if j.called == 0 || j.crashed == 0 {
		return check.Verdict{}
	}
	return check.Verdict{State: check.Violated, Event: max(j.called, j.crashed), Kind: "both", Why: prose.Of("both")}
}

// A call gets a rounder time only if the timeline stays in order.
func TestTimelineStaysInOrder(t *testing.T) {
	own := check.Property{Name: "not-both", New: func() check.Judge { return &calledAndCrashed{} }}
	const half = trace.Millisecond / 2
	acquire := sim.Decision{Kind: sim.InvokeOperation, Operation: protocol.Acquire, Holder: 1, At: 3 * half, Timeout: trace.Second}
	for crash, want := range map[trace.Time]trace.Time{half: 2 * half, 2*half + 1: 3 * half} {
		run := Timed{Cluster: newScript(0, "ab").cluster, Timetable: &sim.Timetable{
			Timeline: []sim.Decision{{Kind: sim.CrashInstance, From: 1, At: crash}, acquire},
		}}
		r, err := ShrinkTimed(run, own.Name, Options{Judges: []check.Property{own}})
		if err != nil {
			t.Fatal(err)
		}
		line := r.Timetable.Timeline
		sorted := slices.IsSortedFunc(line, func(a, b sim.Decision) int { return int(a.At - b.At) })
		if len(line) != 2 || !sorted || line[1].At != want || line[1].Timeout != sim.DefaultClientTimeout {
			t.Errorf("crash at %d: %+v", crash, line)
		}
	}
}

// both is the property that no run may have both a call and a crash.
var both = check.Property{Name: "not-both", New: func() check.Judge { return &calledAndCrashed{} }}

const ms = trace.Millisecond

func acquireAt(at trace.Time, via protocol.Position) sim.Decision {
	return sim.Decision{Kind: sim.InvokeOperation, Operation: protocol.Acquire, Holder: 1, At: at, From: via, Timeout: sim.DefaultClientTimeout}
}

func crashAt(at trace.Time, p protocol.Position) sim.Decision {
	return sim.Decision{Kind: sim.CrashInstance, At: at, From: p}
}

// shrinkBoth shrinks a run of some instances that has both.
func shrinkBoth(t *testing.T, names string, timetable *sim.Timetable, p check.Progress) *TimedResult {
	t.Helper()
	before := *timetable
	for _, list := range []any{&before.Timeline, &before.Links, &before.Clogs, &before.Fates} {
		v := reflect.ValueOf(list).Elem()
		v.Set(reflect.AppendSlice(reflect.MakeSlice(v.Type(), 0, v.Len()), v))
	}
	r, err := ShrinkTimed(Timed{newScript(published(t), names).cluster, timetable, p}, both.Name, Options{Judges: []check.Property{both}})
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprintf("%+v", before) != fmt.Sprintf("%+v", *timetable) || r.Progress != p || !r.Minimal {
		t.Errorf("the timetable has become %+v; minimal: %v, demand %+v", *timetable, r.Minimal, r.Progress)
	}
	return r
}

func namesOf(c *sim.Cluster) (names string) {
	for _, i := range c.Instances {
		names += i.Name
	}
	return names
}

// Of a run whose call and crash alone matter nothing else is left: no other instance, entry,
// clog or fate, nothing of chance, and one latency, the longest.
func TestTimedLeavesOut(t *testing.T) {
	timetable := &sim.Timetable{
		Seed: 7, Budget: 1000, Calm: 9, Links: make([]sim.Link, 16),
		Clogs: []sim.Clog{{From: 1, To: 2, End: 9}}, Fates: []sim.Fate{{Kind: sim.DropFate, Message: protocol.PromiseRequest, From: 2, To: 1}},
		Timeline: []sim.Decision{
			{Kind: sim.CutLink, To: 1}, crashAt(1*ms, 2), {Kind: sim.IsolateInstance, From: 3, At: 2 * ms}, acquireAt(3*ms, 1), {Kind: sim.MendLink, To: 1, At: 4 * ms}, crashAt(5*ms, 0),
		},
	}
	for i := range timetable.Links {
		n := trace.Time(i + 1)
		timetable.Links[i] = sim.Link{
			Latency: sim.Range{Low: n, High: n * ms}, Loss: 1, RequestLoss: 2, ResponseLoss: 3, Duplication: 4, Tail: 5, TailLatency: sim.Range{Low: 6, High: 7},
		}
	}
	r := shrinkBoth(t, "abcd", timetable, check.Progress{})
	line := []sim.Decision{acquireAt(0, 1), crashAt(5*ms, 0)} // nothing is to heal before the call
	if !slices.EqualFunc(r.Timetable.Timeline, line, func(a, b sim.Decision) bool { return reflect.DeepEqual(a, b) }) || namesOf(r.Cluster) != "ab" {
		t.Errorf("of %s is left %+v", namesOf(r.Cluster), r.Timetable.Timeline)
	}
	// Between a and b the longest link took 6 ms.
	link := sim.Link{Latency: sim.Range{Low: 6 * ms, High: 6 * ms}}
	if !slices.Equal(r.Timetable.Links, []sim.Link{link, link, link, link}) || len(r.Timetable.Clogs)+len(r.Timetable.Fates) > 0 {
		t.Errorf("left are the links %+v, %+v, %+v", r.Timetable.Links, r.Timetable.Clogs, r.Timetable.Fates)
	}
	if r.Timetable.Seed != 7 || r.Timetable.Budget != 1000 || r.Tried < 10 {
		t.Errorf("after %d runs: %+v", r.Tried, *r.Timetable)
	}
}

// Without an instance everything is about the others that it was about before.
func TestTimedWithoutInstance(t *testing.T) {
	links := func(list ...trace.Time) (links []sim.Link) {
		for _, l := range list {
			links = append(links, sim.Link{Latency: sim.Range{Low: l, High: l}})
		}
		return links
	}
	given := Timed{newScript(0, "abc").cluster, &sim.Timetable{
		Seed: 3, Links: links(0, 1, 2, 10, 11, 12, 20, 21, 22),
		Clogs:    []sim.Clog{{From: 0b101, To: 0b011, End: 9}},
		Fates:    []sim.Fate{{From: 0b110, To: 0b100, Nth: 2}},
		Timeline: []sim.Decision{acquireAt(0, 0), acquireAt(1, 1), crashAt(2, 2), {At: 3, Kind: sim.CutLink, From: 2, To: 1}, {At: 4, Kind: sim.CutLink, From: 2, To: 0}},
	}, check.Progress{From: 1, Within: 2}}
	s := &timedShrinker{Timed: given}
	got := s.withoutInstance(1)
	want := sim.Timetable{
		Seed: 3, Links: links(0, 2, 20, 22), Clogs: []sim.Clog{{From: 0b11, To: 0b01, End: 9}}, Fates: []sim.Fate{{From: 0b10, To: 0b10, Nth: 2}},
		Timeline: []sim.Decision{acquireAt(0, 0), crashAt(2, 1), {At: 4, Kind: sim.CutLink, From: 1, To: 0}},
	}
	if namesOf(got.Cluster) != "ac" || got.Progress != given.Progress || !reflect.DeepEqual(*got.Timetable, want) {
		t.Errorf("of %s is left\n%+v, not\n%+v", namesOf(got.Cluster), *got.Timetable, want)
	}
	if c, f := given.Timetable.Clogs[0], given.Timetable.Fates[0]; c.From != 0b101 || c.To != 0b011 || f.From != 0b110 || f.To != 0b100 || namesOf(given.Cluster) != "abc" {
		t.Errorf("what was given has become %+v, %+v", c, f)
	}
	// Quorums keep their instances.
	q := given
	c := *given.Cluster
	c.Quorums.Commit = 3
	q.Cluster, q.Progress = &c, check.Progress{}
	q.Timetable = &sim.Timetable{Timeline: []sim.Decision{acquireAt(0, 0), crashAt(1, 0)}}
	if r, err := ShrinkTimed(q, both.Name, Options{Judges: []check.Property{both}}); err != nil || r.Cluster.Size() != 3 {
		t.Errorf("%v: %+v", err, r)
	}
}

// Where progress is demanded, what has not healed by then does not count, and late calls
// come as soon as they can be judged.
func TestTimedHeals(t *testing.T) {
	p := check.Progress{From: 10 * ms, Within: 5 * ms}
	restart := sim.Decision{Kind: sim.RestartInstance, At: 9 * ms}
	for at, want := range map[trace.Time]trace.Time{60*ms + 7: 15 * ms, 15*ms + 1: 15 * ms, 12*ms + 5: 12 * ms, 15 * ms: 15 * ms} {
		call := acquireAt(at, 1)
		call.Timeout = 77 * ms
		r := shrinkBoth(t, "abc", &sim.Timetable{Timeline: []sim.Decision{crashAt(1*ms, 0), restart, call}}, p)
		line := r.Timetable.Timeline
		if n := len(line); n < 2 || line[n-1].At != want || line[n-1].Timeout != sim.DefaultClientTimeout || line[n-2].Kind != sim.RestartInstance {
			t.Errorf("called at %d: %+v", at, line)
		}
	}
	if _, err := ShrinkTimed(Timed{newScript(0, "ab").cluster, &sim.Timetable{Timeline: []sim.Decision{crashAt(1*ms, 0), acquireAt(2*ms, 1)}}, p},
		both.Name, Options{Judges: []check.Property{both}}); err == nil || err.Error() != "not-both does not break in this run, so there is nothing to shrink" {
		t.Errorf("what never heals: %v", err)
	}
}

// evenCuts is a judge that wants calls only after an odd number of cuts and ends of cuts. It
// says so at the end.
type evenCuts struct {
	cuts, call, at int
	ended          bool
}

func (j *evenCuts) Reset(*trace.Header)  { *j = evenCuts{} }
func (j *evenCuts) End(trace.Time, bool) { j.ended = true }
func (j *evenCuts) Observe(e *trace.Event) {
	switch e.Kind {
	case trace.Cut, trace.Mend:
		j.cuts++
	case trace.Call:
		j.call, j.at = e.Number, j.cuts
	}
}

func (j *evenCuts) Verdict() check.Verdict {
	if !j.ended || j.call == 0 || j.at%2 == 1 {
		return check.Verdict{}
	}
	return check.Verdict{State: check.Violated, Event: j.call, Kind: "even", Why: prose.Of("even")}
}

// A fault and its end go together where neither goes alone, whatever stands between them;
// what is judged at the end of a run is judged there.
func TestTimedPairs(t *testing.T) {
	own := check.Property{Name: "odd", New: func() check.Judge { return &evenCuts{} }}
	cut := func(at trace.Time, kind sim.DecisionKind) sim.Decision {
		return sim.Decision{Kind: kind, To: 1, At: at}
	}
	for _, line := range [][]sim.Decision{
		{cut(0, sim.CutLink), crashAt(1, 2), crashAt(2, 2), cut(3, sim.MendLink), acquireAt(4, 0)},
		{crashAt(0, 2), cut(1, sim.CutLink), acquireAt(4, 0), cut(5, sim.MendLink), cut(6, sim.CutLink)},
		{cut(1, sim.CutLink), acquireAt(2, 0), acquireAt(3, 0), cut(4, sim.MendLink), acquireAt(5, 0)},
	} {
		run := Timed{Cluster: newScript(published(t), "abc").cluster, Timetable: &sim.Timetable{Timeline: line}}
		r, err := ShrinkTimed(run, own.Name, Options{Judges: []check.Property{own}})
		if err != nil && line[1].Kind != sim.CutLink {
			t.Fatal(err)
		}
		if err == nil && (len(r.Timetable.Timeline) != 1 || r.Timetable.Timeline[0].Kind != sim.InvokeOperation) {
			t.Errorf("of %+v is left %+v", line, r.Timetable.Timeline)
		}
	}
}

// A search of timed runs that is ended has the best so far, and says so.
func TestTimedEnds(t *testing.T) {
	line := []sim.Decision{crashAt(0, 0), acquireAt(1*ms, 1)}
	for n := range trace.Time(20) {
		line = append(line, crashAt((n+2)*ms, 2))
	}
	asked := 0
	for _, o := range []Options{{Candidates: 5}, {Stop: func() bool { asked++; return asked > 4 }}} {
		o.Judges = []check.Property{both}
		r, err := ShrinkTimed(Timed{Cluster: newScript(published(t), "abc").cluster, Timetable: &sim.Timetable{Timeline: line}}, both.Name, o)
		if err != nil || r.Minimal || r.Tried > 5 || r.Tried < 4 || len(r.Timetable.Timeline) < 2 {
			t.Errorf("%v: %+v", err, r)
		}
	}
}

// exits is a program that fails.
type exits struct{}

func (exits) Step(*sim.Question) (sim.Answer, error) { return sim.Answer{}, errors.New("it exits") }

// What was given stays as it was, also where no instance goes; and a run that a program cannot
// go on with breaks nothing.
func TestTimedOfTwo(t *testing.T) {
	links := make([]sim.Link, 4)
	for i := range links {
		links[i] = sim.Link{Latency: sim.Range{Low: 1, High: 2}, Loss: 3}
	}
	run := &sim.Timetable{Links: links, Timeline: []sim.Decision{acquireAt(0, 1), crashAt(1*ms, 0)}}
	r := shrinkBoth(t, "ab", run, check.Progress{})
	if want := (sim.Link{Latency: sim.Range{Low: 2, High: 2}}); r.Timetable.Links[1] != want || namesOf(r.Cluster) != "ab" {
		t.Errorf("of %s is left %+v", namesOf(r.Cluster), r.Timetable.Links)
	}
	c := newScript(published(t), "abc").cluster
	c.Instances[1].Program = exits{}
	run.Timeline, run.Links = []sim.Decision{crashAt(0, 0), acquireAt(1, 1)}, nil
	if r, err := ShrinkTimed(Timed{Cluster: c, Timetable: run}, both.Name, Options{Judges: []check.Property{both}}); err == nil {
		t.Errorf("left is %+v", r)
	}
}
