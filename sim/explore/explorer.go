package explore

import (
	"slices"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/explore/search"
)

// explorer explores a model. It is used by one goroutine.
type explorer struct {
	model   *Model
	decoder decoder
	encoder encoder
	world   sim.World // of the state that is expanded
	past    judge
	next    sim.World // after a transition
	judge   judge
	list    []move
	cut     [NumBounds]uint64 // ways that the bounds keep from being followed
}

func newExplorer(m *Model) *explorer {
	x := &explorer{
		model:   m,
		decoder: decoder{model: m},
		encoder: encoder{model: m},
		past:    judge{model: m},
		judge:   judge{model: m},
	}
	x.next.Observe(&x.judge)
	return x
}

// Initial is the cluster in which nothing has happened.
func (x *explorer) Initial(out *search.Out) {
	x.begin()
	out.Add(x.encoder.append(out.Buffer(), &x.world, &x.past), 0)
}

// begin makes the world one in which nothing has happened.
func (x *explorer) begin() {
	x.world.Reset(&x.model.cluster)
	x.past.reset()
	if x.past.wants(linearizability) {
		x.past.register = append(x.past.register, 0)
	}
}

// Expand adds the states that follow from a state.
func (x *explorer) Expand(state []byte, out *search.Out) {
	x.decoder.decode(state, &x.world, &x.past)
	moves, progress := x.moves()
	for i := range moves {
		if !x.take(&moves[i]) {
			x.cut[Retries]++
			progress = true
			continue
		}
		b := x.encoder.append(out.Buffer(), &x.next, &x.judge)
		err := x.next.Failure()
		if err == nil {
			err = x.encoder.failure
		}
		if err != nil {
			if e, ok := err.(*sim.ProgramError); ok {
				e.Events = 0 // they are no run's
			}
			out.Fail(err)
			return
		}
		out.Add(b, x.judge.violated|x.judge.reached)
	}
	if !progress && slices.Contains(x.past.calls[:], unanswered) { // somebody waits
		out.Stuck()
	}
	for b, ways := range x.cut {
		out.Cut(b, ways)
	}
}

// take carries out a move, from world and past to next and judge. It reports false if that
// was one retry too many, which shows only then.
func (x *explorer) take(m *move) bool {
	x.next.CopyFrom(&x.world)
	x.judge.past.copyFrom(&x.past.past)
	x.judge.reached = 0
	if m.costs != free {
		x.judge.used[m.costs]++
	}
	x.next.ClearCreated()
	if !m.kind.AnyTime() {
		if i := x.world.Item(m.item); i.Kind == sim.WakeItem && x.model.played.Has(i.Instance) {
			x.judge.used[Retries]++ // whatever the program does then
		}
		x.next.DoWith(m.item, m.kind)
	} else {
		if m.kind == sim.InvokeOperation {
			x.judge.index[x.next.Operations()+1] = uint8(m.call)
		}
		d := x.decision(m)
		x.next.Do(&d)
	}
	return x.judge.used[Retries] <= x.model.config.Limits[Retries]
}

// decision is the name of a move in the world in which it is made.
func (x *explorer) decision(m *move) sim.Decision {
	switch {
	case m.kind == sim.InvokeOperation:
		c := &x.model.calls[m.call]
		return sim.Decision{Kind: m.kind, Operation: c.Kind, Holder: c.Holder, From: c.Via, Timeout: sim.DefaultClientTimeout}
	case m.kind.AnyTime():
		return sim.Decision{Kind: m.kind, From: m.at, HostUp: m.hostUp}
	}
	return x.world.Name(m.item, m.kind)
}

// move is something that can happen next.
type move struct {
	kind   sim.DecisionKind // DeliverMessage stands for whatever an item does by itself
	costs  Bound            // what it uses up, or free
	item   sim.Ref
	at     protocol.Position
	hostUp bool
	call   int
}

const free Bound = -1

// moves lists what can happen next in the world, in an order that depends only on
// its state. It reports whether anything of it, what was cut included, lets
// somebody go on: faults do not, nor do messages that can have no effect any more. A
// restart does where there are restarts at all.
func (x *explorer) moves() (list []move, progress bool) {
	list = x.list[:0]
	x.cut = [NumBounds]uint64{}
	for r := range sim.Ref(x.world.Slots()) {
		if !x.world.IsPending(r) || int(r) < len(x.decoder.same) && x.decoder.same[r] {
			continue
		}
		switch i := x.world.Item(r); i.Kind {
		case sim.MessageItem:
			progress = progress || x.matters(i)
			list = append(list, move{kind: sim.DeliverMessage, costs: free, item: r})
			if x.allowed(Losses) {
				list = append(list, move{kind: sim.DropMessage, costs: Losses, item: r})
			}
			if x.allowed(Duplications) {
				list = append(list, move{kind: sim.CopyMessage, costs: Duplications, item: r})
			}
		case sim.DeadlineItem:
			progress = true
			if x.allowed(Timeouts) {
				list = append(list, move{kind: sim.DeliverMessage, costs: Timeouts, item: r})
			}
		case sim.GiveUpItem:
			if abandoned(&x.world, i.Op) {
				progress = true
				list = append(list, move{kind: sim.DeliverMessage, costs: free, item: r})
			}
		default:
			progress = true
			list = append(list, move{kind: sim.DeliverMessage, costs: free, item: r})
		}
	}
	for c := range len(x.model.first) - 1 {
		if n, any := x.nextCall(c); any {
			progress = true
			list = append(list, move{kind: sim.InvokeOperation, costs: free, call: n})
		}
	}
	for i := range x.model.cluster.Size() {
		p := protocol.Position(i)
		list = x.faults(list, p)
		progress = progress || !x.world.Up(p) && x.model.config.Limits[Restarts] > 0
	}
	x.list = list
	return list, progress
}

// allowed reports whether a bound allows one more, and counts the ways that it does not.
func (x *explorer) allowed(b Bound) bool {
	if x.past.used[b] < x.model.config.Limits[b] {
		return true
	}
	x.cut[b]++
	return false
}

// faults adds what can happen to an instance.
func (x *explorer) faults(list []move, p protocol.Position) []move {
	stores := x.world.Instance(p).State != protocol.State{}
	if x.model.played.Has(p) {
		stores = x.world.Played(p).Disk != ""
	}
	if stores && x.allowed(Wipes) {
		list = append(list, move{kind: sim.WipeInstance, costs: Wipes, at: p})
	}
	if !x.world.Up(p) {
		if x.allowed(Restarts) {
			list = append(list, move{kind: sim.RestartInstance, costs: Restarts, at: p})
		}
		return list
	}
	for _, hostUp := range []bool{false, true} {
		if hostUp && !x.model.config.HostsUp || !hostUp && !x.model.config.HostsDown {
			continue
		}
		if x.allowed(Crashes) {
			list = append(list, move{kind: sim.CrashInstance, costs: Crashes, at: p, hostUp: hostUp})
		}
		if x.allowed(Tears) {
			list = append(list, move{kind: sim.TearInstance, costs: Tears, at: p, hostUp: hostUp})
		}
	}
	return list
}

// matters reports whether a message may have an effect. Where those that have none are
// forgotten, all that are left may.
func (x *explorer) matters(i *sim.Item) bool {
	if x.model.config.Reductions.Stale {
		return true
	}
	return !x.model.isStale(&i.Message, x.world.Awaited(i), x.world.Node(i.Message.To), &x.past.used)
}

// nextCall is the call that a client may make now.
func (x *explorer) nextCall(client int) (n int, any bool) {
	for n := x.model.first[client]; n < x.model.first[client+1]; n++ {
		switch x.past.calls[n] {
		case unanswered:
			return 0, false
		case notCalled:
			return n, true
		}
	}
	return 0, false
}

// abandoned reports whether nobody works on an operation any more, so that its
// client would wait in vain.
func abandoned(w *sim.World, number uint32) bool {
	via := w.Operation(int(number)).Via
	if w.Node(via).Turn == number {
		return false
	}
	for r := range sim.Ref(w.Slots()) {
		if i := w.Item(r); w.IsUsed(r) && i.Op == number && i.Kind != sim.GiveUpItem && !i.IsMessage() {
			return false
		}
	}
	return true
}
