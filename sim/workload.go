package sim

import (
	"skinny/protocol"
	"skinny/sim/trace"
)

// Client is somebody who takes the lock and gives it back, again and again. What
// it does next depends on the answers that it gets:
//
// After *acquired* it holds the lock for a while and releases it; after *refused*
// it thinks for a while and asks again. An operation whose outcome the instance
// says is unknown is followed by a release, until a release is answered. A name
// whose operation had no answer, or an unknown one, is not used for another
// acquisition: the client goes on with its next name.
type Client struct {
	First, Last protocol.Holder   // its names, in the order of their use; with the last one it ends
	Home        protocol.Position // the instance that it calls
	Roam        uint32            // share of the calls, in millionths, that go to any instance instead
	Start       trace.Time        // of its first call
	Stop        trace.Time        // it makes no call after that
	Operations  int               // nor more calls than that
	Think       Range             // from an answer to the next acquire; at least 1 ns
	Hold        Range             // from acquired to the release; at least 1 ns
	Patience    Range             // how long it waits for an answer

	// What breaks the protocol's assumption that a name is used for one acquisition
	// at a time.
	Repeat       uint32 // share of the operations without a certain answer that it makes again, anywhere
	ReleaseTwice uint32 // share of the releases that it makes again, though they were answered
}

// Frozen is the timetable with the calls that its clients made in a run, and that the
// decisions of the run tell, in its timeline instead: the same run, written down.
func (t *Timetable) Frozen(decisions []Decision) *Timetable {
	frozen := *t
	frozen.Clients, frozen.Timeline = nil, nil
	for _, d := range decisions {
		if d.Kind.AnyTime() {
			d.Timed = false
			frozen.Timeline = append(frozen.Timeline, d)
		}
	}
	return &frozen
}

const never trace.Time = 1<<63 - 1

// clients is how far the clients of a timetable have come.
type clients struct {
	of  []clientState
	due trace.Time // of the first call to come, or never
}

type clientState struct {
	due     trace.Time // of its next call; never while it waits for an answer
	waits   uint32     // for the answer of this operation
	next    protocol.OperationKind
	name    protocol.Holder
	spent   bool // the name is not to be used for another acquisition
	twice   bool // the release that is made was answered before
	calls   int
	retries bool // the next call repeats one, at any instance
}

func (c *clients) reset(t *Timetable) {
	c.of = trace.Cleared(c.of, len(t.Clients))
	for n := range c.of {
		plan := &t.Clients[n]
		c.of[n] = clientState{due: plan.Start, next: protocol.Acquire, name: plan.First}
		c.of[n].limit(plan)
	}
	c.look()
}

func (c *clients) copyFrom(other *clients) {
	c.of = append(c.of[:0], other.of...)
	c.due = other.due
}

func (c *clients) look() {
	c.due = never
	for n := range c.of {
		c.due = min(c.due, c.of[n].due)
	}
}

// limit ends a client that has done what it was to do.
func (c *clientState) limit(plan *Client) {
	if c.calls >= plan.Operations || c.due > plan.Stop || c.name > plan.Last {
		c.due = never
	}
}

// call is the call that is due first; of several, the first client's. It gets the
// number of the operation that it will be.
func (c *clients) call(t *Timetable, random *stream, size, number int) Decision {
	n := 0
	for c.of[n].due != c.due {
		n++
	}
	client, plan := &c.of[n], &t.Clients[n]
	via := plan.Home
	if random.chance(plan.Roam) || client.retries {
		via = protocol.Position(random.below(uint64(size)))
	}
	client.waits = uint32(number)
	client.due = never
	client.calls++
	client.retries = false
	c.look()
	return Decision{
		Kind: InvokeOperation, Operation: client.next, Holder: client.name, From: via,
		Timeout: trace.Time(random.from(plan.Patience)),
	}
}

// notify brings the outcome of an operation to the client that waits for it.
func (c *clients) notify(t *Timetable, random *stream, now trace.Time, o *operation) {
	for n := range c.of {
		if c.of[n].waits == o.Number {
			c.of[n].decide(&t.Clients[n], random, now, o)
			c.look()
			return
		}
	}
}

// decide says what a client does after an answer, or after it gave up.
func (c *clientState) decide(plan *Client, random *stream, now trace.Time, o *operation) {
	c.waits = 0
	pause := plan.Think
	switch {
	case c.uncertain(o) && random.chance(plan.Repeat):
		c.retries = true
		c.spent = true
	case o.outcome == protocol.Unknown:
		c.next, c.spent = protocol.Release, true
	case c.uncertain(o):
		c.acquireAs(c.name + 1)
	case o.outcome == protocol.Acquired:
		c.next = protocol.Release
		pause = plan.Hold
	case o.Kind == protocol.Release && !c.twice && random.chance(plan.ReleaseTwice):
		c.twice, c.retries = true, true
	case c.spent:
		c.acquireAs(c.name + 1)
	default:
		c.acquireAs(c.name)
	}
	c.due = later(now, trace.Time(random.from(pause)))
	c.limit(plan)
}

// uncertain reports whether the client cannot know what its operation did.
func (c *clientState) uncertain(o *operation) bool {
	return o.outcome == protocol.NoOutcome || o.outcome == protocol.Unknown || o.outcome == protocol.Failed
}

func (c *clientState) acquireAs(name protocol.Holder) {
	c.next = protocol.Acquire
	if c.name != name {
		c.name, c.spent = name, false
	}
	c.twice = false
}
