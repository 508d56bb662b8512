package sim

import (
	"strings"
	"testing"

	"skinny/protocol"
	"skinny/sim/trace"
)

// Whatever is wrong is refused with words that say what, and what to do.
func TestValidate(t *testing.T) {
	cluster := func(change func(*play)) func(*play) error {
		return func(p *play) error { change(p); return p.cluster.Validate() }
	}
	timetable := func(change func(*play, *Timetable)) func(*play) error {
		return func(p *play) error { change(p, &p.timetable); return p.timetable.Validate(&p.cluster) }
	}
	decision := func(d Decision) func(*play) error {
		return func(p *play) error { return (&Schedule{Decisions: []Decision{d}}).Validate(&p.cluster) }
	}
	client := func(change func(*Client)) func(*play) error {
		span := Range{millisecond, millisecond}
		c := Client{First: 1, Last: 2, Think: span, Hold: span, Patience: span}
		change(&c)
		return timetable(func(_ *play, t *Timetable) { t.Clients = []Client{c} })
	}
	for _, c := range []struct {
		want string // "": nothing is wrong
		of   func(*play) error
	}{
		{"", cluster(func(*play) {})},
		{"has 1 instances: give it 2 to 64", cluster(func(p *play) { p.cluster.Instances = p.cluster.Instances[:1] })},
		{`instance 1 is called "": give each`, cluster(func(p *play) { p.cluster.Instances[1].Name = "" })},
		{`instance 2 is called "a": give each`, cluster(func(p *play) { p.cluster.Instances[2].Name = "a" })},
		{"instance b has the increment 0, so its IDs would not grow: give it 1 or more, such as 2", cluster(func(p *play) { p.cluster.Instances[1].Increment = 0 })},
		{"instance c has the timeout 0 ns: give it a positive one", cluster(func(p *play) { p.cluster.Instances[2].Timeout = 0 })},
		{"instance b has the promise timeout -1 ns: give it a positive one, or 0", cluster(func(p *play) { p.cluster.Instances[1].PromiseTimeout = -1 })},
		{"has 65 instances: give it 2 to 64", cluster(func(p *play) { p.cluster = newPlay(p.t, "sound", 65).cluster })},
		{"", cluster(func(p *play) { p.cluster = newPlay(p.t, "sound", 64).cluster })},
		{"", cluster(func(p *play) { p.cluster = newPlay(p.t, "sound", 2).cluster })},
		{"promise delay of instance a goes from 2 to 1 ns", cluster(func(p *play) { p.cluster.Instances[0].PromiseDelay = Range{2, 1} })},
		{"holder 2 has no name", cluster(func(p *play) { p.cluster.Holders[1] = "" })},
		{"client latency is -1 ns", cluster(func(p *play) { p.cluster.ClientLatency = -1 })},

		{"", timetable(func(_ *play, t *Timetable) { *t = Timetable{} })},
		{"has 8 links for 3 instances: give it 9, or none", timetable(func(_ *play, t *Timetable) { t.Links = t.Links[1:] })},
		{"latency of link 1 (a to b) goes from -1 to 0", timetable(func(_ *play, t *Timetable) { t.Links[1].Latency = Range{Low: -1} })},
		{"tail's latency of link 5 (b to c)", timetable(func(_ *play, t *Timetable) { t.Links[5].TailLatency = Range{Low: 1} })},
		{"", timetable(func(_ *play, t *Timetable) {
			t.Links[1] = Link{Loss: million, RequestLoss: million, ResponseLoss: million, Duplication: million, Tail: million}
		})},
		{"a share of link 1 (a to b) is more than the whole: shares are millionths", timetable(func(_ *play, t *Timetable) { t.Links[1].Loss = million + 1 })},
		{"a share of link 3 (b to a)", timetable(func(_ *play, t *Timetable) { t.Links[3].RequestLoss = million + 1 })},
		{"a share of link 1 (a to b)", timetable(func(_ *play, t *Timetable) { t.Links[1].ResponseLoss = million + 1 })},
		{"a share of link 1 (a to b)", timetable(func(_ *play, t *Timetable) { t.Links[1].Duplication = million + 1 })},
		{"a share of link 1 (a to b)", timetable(func(_ *play, t *Timetable) { t.Links[1].Tail = million + 1 })},
		{"entry 0 of the timeline needs something pending (deliver)", timetable(func(_ *play, t *Timetable) {
			t.Timeline = []Decision{{Kind: DeliverMessage, To: 1, Message: protocol.PromiseRequest}}
		})},
		{"entry 1 of the timeline is at 1 ns, after one at 2 ns", timetable(func(_ *play, t *Timetable) {
			t.Timeline = []Decision{{At: 2, Kind: HealEverything}, {At: 1, Kind: HealEverything}}
		})},
		{"entry 0 of the timeline: crash: it is about instances 3", timetable(func(_ *play, t *Timetable) {
			t.Timeline = []Decision{{Kind: CrashInstance, From: 3}}
		})},
		{"", client(func(*Client) {})},
		{"client 0 has the names 0 to 2", client(func(c *Client) { c.First = 0 })},
		{"client 0 has the names 1 to 5: give it some of the cluster's holders, 1 to 4", client(func(c *Client) { c.Last = 5 })},
		{"client 0 has the names 3 to 2", client(func(c *Client) { c.First = 3 })},
		{"client 0 calls instance 3: there are 0 to 2", client(func(c *Client) { c.Home = 3 })},
		{"give it positive spans", client(func(c *Client) { c.Think = Range{} })},
		{"give it positive spans", client(func(c *Client) { c.Hold = Range{} })},
		{"give it positive spans", client(func(c *Client) { c.Patience = Range{} })},
		{"start at 0 or later", client(func(c *Client) { c.Start = -1 })},
		{"only requests can be refused", timetable(func(_ *play, t *Timetable) { t.Fates = []Fate{{Kind: RefuseFate, Message: protocol.CommitResponse}} })},
		{"fate 0 delays by -1 ns", timetable(func(_ *play, t *Timetable) { t.Fates = []Fate{{Kind: DelayFate, By: -1}} })},

		{"kind 0, which there is not", decision(Decision{})},
		{"kind 200, which there is not", decision(Decision{Kind: 200})},
		{"cut: instance 1 is both ends", decision(Decision{Kind: CutLink, From: 1, To: 1})},
		{"mend: it is about instances 0 and 9", decision(Decision{Kind: MendLink, To: 9})},
		{"drop: there are no messages of kind 0", decision(Decision{Kind: DropMessage, To: 1})},
		{"drop: there are no messages of kind 6", decision(Decision{Kind: DropMessage, To: 1, Message: protocol.Failure + 1})},
		{"", decision(Decision{Kind: DropMessage, To: 1, Message: protocol.Failure})},
		{"", decision(Decision{Kind: FireGiveUp, Holder: 4})},
		{"deliver call: there is no holder 5", decision(Decision{Kind: DeliverCall, Holder: 5})},
		{"pause: it is about instances 3 and 0: there are 0 to 2", decision(Decision{Kind: PauseInstance, From: 3})},
		{"", decision(Decision{Kind: PauseInstance, From: 2, To: 9, Holder: 9, Message: 99})}, // what it has no use for is no matter
		{"", decision(Decision{Kind: DeliverCall, From: 9, To: 9})},
		{"", decision(Decision{Kind: HealEverything, From: 9, To: 9})},
		{"no operation 9: name acquire", decision(Decision{Kind: InvokeOperation, Operation: 9, Holder: 1, Timeout: 1})},
		{"", decision(Decision{Kind: InvokeOperation, Operation: protocol.Status, Timeout: 1})},
		{"partition: there are no groups", decision(Decision{Kind: SetPartition})},
		{"give-up: there is no holder 5", decision(Decision{Kind: FireGiveUp, Holder: 5})},
		{"no operation 0: name acquire", decision(Decision{Kind: InvokeOperation, Timeout: 1})},
		{"acquire and release have a holder", decision(Decision{Kind: InvokeOperation, Operation: protocol.Acquire, Timeout: 1})},
		{"acquire and release have a holder", decision(Decision{Kind: InvokeOperation, Operation: protocol.Status, Holder: 1, Timeout: 1})},
		{"release: the client waits for 0 ns", decision(Decision{Kind: InvokeOperation, Operation: protocol.Release, Holder: 1})},
		{"decision 1 of the schedule is at 0 ns, after one at 1000 ns", func(p *play) error {
			return (&Schedule{Decisions: []Decision{{Kind: HealEverything}, {Kind: HealEverything, Timed: true}}}).Validate(&p.cluster)
		}},
		{"decision 2 of the schedule is at 1005 ns, after one at 1006 ns", func(p *play) error {
			at := func(t trace.Time) Decision { return Decision{Kind: HealEverything, Timed: true, At: t} }
			return (&Schedule{Decisions: []Decision{at(6), {Kind: HealEverything}, at(1005)}}).Validate(&p.cluster)
		}},
		{"", func(p *play) error {
			at := func(t trace.Time) Decision { return Decision{Kind: HealEverything, Timed: true, At: t} }
			return (&Schedule{Decisions: []Decision{at(6), {Kind: HealEverything}, at(1006), at(1006)}}).Validate(&p.cluster)
		}},
		{"decision 1 of the schedule: crash: it is about", func(p *play) error {
			return (&Schedule{Decisions: []Decision{{Kind: HealEverything}, {Kind: CrashInstance, From: 3}}}).Validate(&p.cluster)
		}},
	} {
		err := c.of(newPlay(t, "sound", 3))
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("the error is %v, want one that contains %q", err, c.want)
		}
	}
}

// What is wrong does not get in; it panics with the same words.
func TestConstructorsValidate(t *testing.T) {
	p := newPlay(t, "sound", 3)
	bad := &Cluster{Instances: make([]Instance, 3)}
	for _, f := range []func(){
		func() { NewTimed(bad, &p.timetable) },
		func() { NewScheduled(bad, &Schedule{}) },
		func() { NewTimed(&p.cluster, &Timetable{Links: make([]Link, 1)}) },
		func() { NewScheduled(&p.cluster, &Schedule{Decisions: make([]Decision, 1)}) },
	} {
		func() {
			defer func() {
				if got, ok := recover().(string); !ok || !strings.HasPrefix(got, "sim: ") || !strings.Contains(got, ": give ") {
					t.Errorf("it panics with %v", got)
				}
			}()
			f()
		}()
	}
}

// An empty timetable has usual links and no end.
func TestZeroTimetable(t *testing.T) {
	p := newPlay(t, "sound", 3)
	p.timetable = Timetable{}
	p.timed("0ms acquire alice a\n 1s release alice a")
	if o := p.world.Operation(2); p.ending != NothingMore || o.Outcome != protocol.Released || o.Answered-o.Invoked != 4*DefaultLatency {
		t.Errorf("ending %d: the release was answered with %v after %d ns", p.ending, o.Outcome, o.Answered-o.Invoked)
	}
}

// Whatever a random world is made of is valid, and so are the decisions that are made.
func TestAnyPlayIsValid(t *testing.T) {
	for example := range 100 {
		p := anyPlays.Example(example)
		schedule := &Schedule{Decisions: RunRecorded(NewTimed(&p.cluster, &p.timetable))}
		if err := schedule.Validate(&p.cluster); err != nil {
			t.Fatal(err)
		}
	}
}
