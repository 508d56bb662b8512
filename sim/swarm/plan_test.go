package swarm

import (
	"fmt"
	"regexp"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/trace"
)

// valuesOf is what a plan drew for a knob, as far as its spans bound it.
func valuesOf(p *Plan, k Knob) (values []uint64) {
	t := &p.Timetable
	number := func(kind sim.DecisionKind) []uint64 {
		n := uint64(0)
		for i := range t.Timeline {
			if t.Timeline[i].Kind == kind {
				n++
			}
		}
		return []uint64{n}
	}
	ofLinks := func(value func(l *sim.Link) []uint64) {
		for i := range t.Links {
			if size := len(p.Cluster.Instances); i/size != i%size {
				values = append(values, value(&t.Links[i])...)
			}
		}
	}
	ofClients := func(value func(c *sim.Client) []uint64) {
		for i := range t.Clients {
			values = append(values, value(&t.Clients[i])...)
		}
	}
	bounds := func(r sim.Range) []uint64 { return []uint64{uint64(r.Low), uint64(r.High)} }
	switch k {
	case Instances:
		return []uint64{uint64(len(p.Cluster.Instances))}
	case Increments:
		for i := range p.Cluster.Instances {
			values = append(values, uint64(p.Cluster.Instances[i].Increment))
		}
	case Timeout:
		for i := range p.Cluster.Instances {
			values = append(values, uint64(p.Cluster.Instances[i].Timeout))
		}
	case Latency:
		ofLinks(func(l *sim.Link) []uint64 { return bounds(l.Latency) })
	case Tail:
		ofLinks(func(l *sim.Link) []uint64 { return []uint64{uint64(l.Tail)} })
	case TailLatency:
		ofLinks(func(l *sim.Link) []uint64 { return bounds(l.TailLatency) })
	case Loss:
		ofLinks(func(l *sim.Link) []uint64 { return []uint64{uint64(l.Loss)} })
	case RequestLoss:
		ofLinks(func(l *sim.Link) []uint64 { return []uint64{uint64(l.RequestLoss)} })
	case ResponseLoss:
		ofLinks(func(l *sim.Link) []uint64 { return []uint64{uint64(l.ResponseLoss)} })
	case Duplication:
		ofLinks(func(l *sim.Link) []uint64 { return []uint64{uint64(l.Duplication)} })
	case Clogs:
		return []uint64{uint64(len(t.Clogs))}
	case Cuts:
		return number(sim.CutLink)
	case Partitions:
		return number(sim.SetPartition)
	case Isolations:
		return number(sim.IsolateInstance)
	case Crashes: // all others that restart have lost something
		return []uint64{number(sim.RestartInstance)[0] - number(sim.WipeInstance)[0] - number(sim.TearInstance)[0]}
	case Wipes:
		return number(sim.WipeInstance)
	case Tears:
		return number(sim.TearInstance)
	case Pauses:
		return number(sim.PauseInstance)
	case Clients:
		return []uint64{uint64(len(t.Clients))}
	case Operations:
		sum := uint64(0)
		for i := range t.Clients {
			sum += uint64(t.Clients[i].Operations)
		}
		return []uint64{sum}
	case Think:
		ofClients(func(c *sim.Client) []uint64 { return bounds(c.Think) })
	case Hold:
		ofClients(func(c *sim.Client) []uint64 { return bounds(c.Hold) })
	case Patience:
		ofClients(func(c *sim.Client) []uint64 { return bounds(c.Patience) })
	case Roam:
		ofClients(func(c *sim.Client) []uint64 { return []uint64{uint64(c.Roam)} })
	case Repeat:
		ofClients(func(c *sim.Client) []uint64 { return []uint64{uint64(c.Repeat)} })
	case ReleaseTwice:
		ofClients(func(c *sim.Client) []uint64 { return []uint64{uint64(c.ReleaseTwice)} })
	}
	return values
}

// spanOf is the span that the values of a plan have to keep to. Where a plan has
// nobody who calls, nothing goes wrong either.
func spanOf(p *Plan, k *Knobs, knob Knob) Span {
	span := k[knob]
	idle := len(p.Timetable.Clients) == 0
	switch {
	case knob == Instances && !span.Is():
		return Span{2, 2}
	case knob == Increments && !span.Is():
		return Span{1, uint64(len(p.Cluster.Instances))}
	case knob == Timeout && !span.Is():
		return Span{1, uint64(max(sim.DefaultTimeout, 2*9*p.far+2*trace.Millisecond))}
	case knob == Latency && k[Stragglers].Is():
		span.High *= 10
	case knob == TailLatency && p.Timetable.Links[1].Tail == 0:
		return Span{}
	case knob == TailLatency && !span.Is():
		return Span{uint64(p.far), uint64(10 * p.far)}
	case knob == TailLatency:
		return Span{max(span.Low, 1), max(span.High, 1)}
	case knob >= Clogs && knob <= Pauses && idle:
		return Span{}
	case (knob == Clients || knob == Operations) && idle:
		return Span{}
	case knob == Clients:
		span.Low = min(span.Low, valuesOf(p, Operations)[0]) // each of them calls
	case knobTable[knob].Unit == Duration:
		return Span{max(span.Low, knobTable[knob].Least), max(span.High, knobTable[knob].Least)}
	}
	return span
}

var (
	instanceNames = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.-]{0,31}$`)
	holderNames   = regexp.MustCompile(`^[^\s#@,]{1,64}$`)
)

// problems lists what is wrong with a plan without a base.
func problems(p *Plan, k *Knobs) (list []string) {
	complain := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	t, size := &p.Timetable, uint64(len(p.Cluster.Instances))
	for knob, info := range knobTable {
		if Knob(knob) == Stragglers {
			continue
		}
		span := spanOf(p, k, Knob(knob))
		for _, v := range valuesOf(p, Knob(knob)) {
			if v < span.Low && !(v == 0 && k[knob].Low == 0) || v > span.High {
				complain("%s: %d is not within %d..%d", info.Name, v, span.Low, span.High)
			}
		}
	}
	increments := map[uint64]bool{}
	for _, v := range valuesOf(p, Increments) {
		increments[v] = true
	}
	span := spanOf(p, k, Increments)
	if want := min(size, span.High-span.Low+1); uint64(len(increments)) < want && (want == size || k[Increments].High == k[Increments].Low) {
		complain("%d different increments in %d instances from %v", len(increments), size, span)
	}
	used := map[string]bool{}
	for i := range p.Cluster.Instances {
		if name := p.Cluster.Instances[i].Name; used[name] || !instanceNames.MatchString(name) {
			complain("instance %q", name)
		} else {
			used[name] = true
		}
	}
	clear(used)
	for _, name := range p.Cluster.Holders {
		if used[name] || !holderNames.MatchString(name) {
			complain("client %q", name)
		}
		used[name] = true
	}
	next := protocol.Holder(1)
	for i := range t.Clients {
		c := &t.Clients[i]
		if c.First != next || int(c.Last-c.First)+1 != c.Operations || c.Operations < 1 || uint64(c.Home) >= size || c.Stop != p.end || c.Start < 0 {
			complain("client %+v", *c)
		}
		next = c.Last + 1
	}
	return append(list, faultProblems(p)...)
}

// faultProblems lists what is wrong with a plan's faults: each has to end, and in time.
func faultProblems(p *Plan) (list []string) {
	t, size := &p.Timetable, protocol.Position(len(p.Cluster.Instances))
	complain := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	begun := map[sim.DecisionKind]int{}
	ends := map[sim.DecisionKind]sim.DecisionKind{
		sim.CutLink: sim.MendLink, sim.SetPartition: sim.EndPartition, sim.IsolateInstance: sim.RejoinInstance,
		sim.PauseInstance: sim.ResumeInstance, sim.CrashInstance: sim.RestartInstance,
	}
	for i, d := range t.Timeline {
		if i > 0 && d.At < t.Timeline[i-1].At || d.At < 0 {
			complain("decision %d comes at %d", i, d.At)
		}
		if d.Kind != sim.InvokeOperation && d.At > p.end {
			complain("decision %+v comes after %d", d, p.end)
		}
		if d.From >= size || d.To >= size || (d.Kind == sim.CutLink || d.Kind == sim.MendLink) && d.From == d.To {
			complain("decision %+v", d)
		}
		for _, g := range d.Groups {
			if g == 0 || g&^protocol.All(int(size)) != 0 {
				complain("groups %v", d.Groups)
			}
		}
		if d.Kind == sim.SetPartition && d.Groups[0]&d.Groups[1] != 0 {
			complain("groups %v", d.Groups)
		}
		begun[d.Kind]++
	}
	for begin, end := range ends {
		if begin == sim.CrashInstance && begun[begin] <= begun[end] {
			continue // others restart at once
		}
		if begun[begin] != begun[end] {
			complain("%d faults begin, %d end", begun[begin], begun[end])
		}
	}
	for _, c := range t.Clogs {
		if c.From == 0 || c.To == 0 || (c.From|c.To)&^protocol.All(int(size)) != 0 || c.Begin < 0 || c.Begin >= c.End || c.End > p.end {
			complain("clog %+v", c)
		}
	}
	return list
}

// Whatever the knobs are, what is drawn keeps to them.
func TestPlansKeepToTheirKnobs(t *testing.T) {
	var p Plan
	rapid.Check(t, func(t *rapid.T) {
		set := Setting{Rules: protocol.AllRules, Knobs: anyKnobs(t)}
		for seed := range uint64(3) {
			draw(&p, &set, rapid.Uint64().Draw(t, "seed")+seed)
			for _, problem := range problems(&p, &set.Knobs) {
				t.Error(problem)
			}
		}
	})
}

// So do those of the profiles, in many more seeds.
func TestProfilesKeepToTheirKnobs(t *testing.T) {
	for _, profile := range Profiles() {
		set := settingOf(t, "sound", profile.Name)
		var p Plan
		for seed := range uint64(500) {
			for _, problem := range problems(draw(&p, set, seed), &set.Knobs) {
				t.Errorf("%s, seed %d: %s", profile.Name, seed, problem)
			}
		}
	}
}

// Faults last as long as it comes: some end when all is to heal, and some before.
func TestFaultsEndAtAnyTime(t *testing.T) {
	set := settingOf(t, "sound", "all")
	before, then := 0, 0
	var p Plan
	for seed := range uint64(200) {
		draw(&p, set, seed)
		for _, c := range p.Timetable.Clogs {
			if c.End < p.end {
				before++
			} else {
				then++
			}
		}
	}
	if before == 0 || then == 0 {
		t.Errorf("%d clogs end before the end, %d then", before, then)
	}
}

// A source that wants the simplest, or the largest, gets a plan, too.
func TestPlansOfConstantSources(t *testing.T) {
	for _, profile := range Profiles() {
		set := settingOf(t, "sound", profile.Name)
		for _, source := range []Source{least{}, most{}} {
			var p Plan
			p.Draw(set, 1, source)
			for _, problem := range problems(&p, &set.Knobs) {
				t.Errorf("%s, %T: %s", profile.Name, source, problem)
			}
		}
	}
	var p Plan
	p.Draw(settingOf(t, "sound", "all"), 1, least{})
	link := p.Timetable.Links[1]
	for _, l := range p.Timetable.Links {
		if l != link || l != (sim.Link{Latency: l.Latency}) {
			t.Errorf("of the simplest plan one link is %+v, another %+v", link, l)
		}
	}
	if len(p.Cluster.Instances) != 3 || len(p.Timetable.Timeline) > 1 || len(p.Timetable.Clogs) > 0 || len(p.Timetable.Clients) != 1 {
		t.Errorf("the simplest plan is %+v", p.Timetable)
	}
}

// Where the span begins at 0, half of the seeds go without.
func TestHalfGoWithout(t *testing.T) {
	const seeds = 2000
	set := settingOf(t, "sound", "all")
	for k := range set.Knobs { // so that there are clients whose knobs can be seen
		if info := knobTable[k]; info.Risk != NoRisk {
			set.Knobs[k] = Span{0, min(info.Most, whole)}
		}
	}
	var p Plan
	zero, all := [knobs]int{}, [knobs]int{}
	for seed := range uint64(seeds) {
		draw(&p, set, seed)
		for k := range knobs {
			for _, v := range valuesOf(&p, k) {
				all[k]++
				if v == 0 {
					zero[k]++
				}
			}
		}
	}
	seen := 0
	for k, span := range set.Knobs {
		if Knob(k) == Stragglers || Knob(k) == Timeout {
			continue // see below; chosen to suit
		}
		without := float64(zero[k]) / float64(all[k])
		switch {
		case Knob(k) == TailLatency:
			continue // there is one where there is a tail
		case span.Low > 0 && without > 0:
			t.Errorf("%s is never 0, yet it is in %.3f of the draws", knobTable[k].Name, without)
		case span.Low == 0 && (without < 0.46 || without > 0.54):
			t.Errorf("%s is 0 in %.3f of the draws", knobTable[k].Name, without)
		case span.Low == 0:
			seen++
		}
	}
	if seen < 14 {
		t.Errorf("only %d knobs begin at 0", seen)
	}
}

// Stragglers are ten times as far away as they would be, and nobody else is.
func TestStragglers(t *testing.T) {
	set := settingOf(t, "sound", "none")
	set.Knobs[Instances] = Span{2, 6}
	set.Knobs[Latency] = Span{10 * ms, 20 * ms}
	set.Knobs[Stragglers] = Span{0, 4}
	var p Plan
	count := map[int]int{}
	for seed := range uint64(1000) {
		draw(&p, set, seed)
		size := len(p.Cluster.Instances)
		far := func(from, to int) bool {
			l := p.Timetable.Links[from*size+to].Latency
			unit := trace.Time(10 * ms)
			if !(l.Low >= unit && l.High <= 2*unit || l.Low >= 10*unit && l.High <= 20*unit) {
				t.Fatalf("seed %d: latency %v from %d to %d", seed, l, from, to)
			}
			return l.Low >= 10*unit
		}
		near := []int{} // those with a link that is not far
		for i := range size {
			for k := range size {
				if i != k && !far(i, k) {
					near = append(near, i, k)
				}
			}
		}
		slices.Sort(near)
		near = slices.Compact(near)
		for _, i := range near {
			for _, k := range near {
				if i != k && far(i, k) {
					t.Fatalf("seed %d: the link from %d to %d is far, though neither is", seed, i, k)
				}
			}
		}
		// With one instance left, no link shows that it is near.
		count[size-max(len(near), 1)]++
	}
	for _, want := range []int{0, 1, 2, 3, 4} {
		if count[want] < 25 {
			t.Errorf("%d of 1000 clusters have %d stragglers: %v", count[want], want, count)
		}
	}
	if count[0] < 400 || count[0] > 600 || count[5] > 0 {
		t.Errorf("clusters by the number of their stragglers: %v", count)
	}
}

// What a plan says of the longest latency is true: its timeouts and its bounds are
// made of it.
func TestFarthest(t *testing.T) {
	set := settingOf(t, "sound", "all")
	set.Knobs[Stragglers] = Span{1, 2}
	var p Plan
	for seed := range uint64(300) {
		draw(&p, set, seed)
		if want := slices.Max(valuesOf(&p, Latency)); uint64(p.far) != want {
			t.Fatalf("seed %d: %d, want %d", seed, p.far, want)
		}
	}
}

// The bound of progress allows for four first phases and a second one, and for the
// pauses in between: of 2, 4 and 6 ms, and up to 1 ms more each.
func TestBounds(t *testing.T) {
	var p Plan
	for _, edition := range []string{"sound", "sequential", "timeouts"} {
		set := settingOf(t, edition, "all")
		for seed := range uint64(100) {
			draw(&p, set, seed)
			phase := p.Cluster.Instances[0].Timeout
			if edition == "sequential" {
				phase = 2 * p.far // whoever waits for ever gets an answer when nothing goes wrong
			}
			if edition != "sound" {
				phase *= trace.Time(len(p.Cluster.Instances) - 1)
			}
			if want := 5*phase + 15*trace.Millisecond; p.Progress.Within != want && p.Progress.Within != 0 {
				t.Errorf("%s, seed %d: progress within %d, want %d", edition, seed, p.Progress.Within, want)
			}
		}
	}
}

// Where the longest times do not add up, nothing is demanded.
func TestEternity(t *testing.T) {
	set := &Setting{Rules: rulesOf(t, "timeouts")}
	for k, info := range knobTable {
		if info.Unit == Duration {
			set.Knobs[k] = Span{hour, hour}
		}
	}
	set.Knobs[Timeout], set.Knobs[Stragglers] = Span{}, Span{1, 1}
	set.Knobs[Instances], set.Knobs[Clients], set.Knobs[Operations] = Span{32, 32}, Span{1, 1}, Span{maxOps, maxOps}
	var p Plan
	tight := 0
	for seed := range uint64(40) {
		draw(&p, set, seed)
		for _, problem := range problems(&p, &set.Knobs) {
			t.Errorf("seed %d: %s", seed, problem)
		}
		if p.Progress != (check.Progress{}) {
			t.Errorf("seed %d: progress is demanded: %+v", seed, p.Progress)
		}
		if p.Cluster.Instances[0].Timeout <= 2*p.far {
			tight++
		}
	}
	if tight == 40 {
		t.Error("all timeouts are tight")
	}
}

// Timeouts are drawn on both sides of a round trip, and progress is demanded where
// they are all longer.
func TestTimeoutsAndDemands(t *testing.T) {
	set := settingOf(t, "sound", "all")
	set.Knobs[Timeout] = Span{ms, s}
	for seed := range uint64(300) {
		p := draw(new(Plan), set, seed)
		if tight := slices.Min(valuesOf(p, Timeout)) <= 2*uint64(p.far); (p.Progress.Within > 0) == tight {
			t.Fatalf("seed %d: timeouts %v, round trip %d, demand %+v", seed, valuesOf(p, Timeout), 2*p.far, p.Progress)
		}
	}
	set.Knobs[Timeout] = Span{}
	var p Plan
	demanded := 0
	for seed := range uint64(1000) {
		draw(&p, set, seed)
		tight := p.Cluster.Instances[0].Timeout <= 2*p.far
		if (p.Progress.Within > 0) == tight {
			t.Fatalf("seed %d: timeout %d, round trip %d, demand %+v", seed, p.Cluster.Instances[0].Timeout, 2*p.far, p.Progress)
		}
		if !tight {
			demanded++
			last := &p.Timetable.Timeline[len(p.Timetable.Timeline)-1]
			if name := p.Cluster.HolderName(last.Holder); name != probe || last.Operation != protocol.Acquire || last.At <= p.Progress.From {
				t.Fatalf("seed %d: the fresh operation is %+v by %s", seed, last, name)
			}
		}
	}
	if demanded < 500 || demanded > 800 {
		t.Errorf("progress is demanded in %d of 1000 plans", demanded)
	}
}

// decisive is all of a plan that decides its run, in words.
func decisive(p *Plan) string {
	return fmt.Sprintf("%+v\n%+v\n%+v\n%+v", p.Cluster, p.Timetable, p.Progress, p.Header)
}

// A seed makes the same plan wherever it is drawn, and no two seeds make the same.
func TestSeedsDecide(t *testing.T) {
	var used Plan
	others := []*Setting{settingOf(t, "published", "calm"), baseSetting(t, 4)}
	others[1].Base.Cluster.ClientLatency, others[1].Base.Cluster.Quorums = 7, protocol.Quorums{Promise: 3, Commit: 2}
	for _, profile := range Profiles() {
		set := settingOf(t, "sound", profile.Name)
		seen := map[string]uint64{}
		for seed := range uint64(100) {
			fresh := decisive(draw(new(Plan), set, seed))
			draw(&used, others[seed%2], seed+5)
			if got := decisive(draw(&used, set, seed)); got != fresh || len(used.groups) > 2*int(set.Knobs[Partitions].High) {
				t.Fatalf("seed %d of %s in used memory:\n%s\nin fresh memory:\n%s", seed, profile.Name, got, fresh)
			}
			used.Timetable.Seed, used.Header.Seed = 0, 0
			plan := decisive(&used)
			if other, ok := seen[plan]; ok {
				t.Errorf("%s: seeds %d and %d make the same plan", profile.Name, seed, other)
			}
			seen[plan] = seed
		}
	}
}
