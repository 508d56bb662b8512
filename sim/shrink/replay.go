package shrink

import (
	"slices"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
)

// replay runs candidates, one after the other, with its memory used again.
type replay struct {
	property  string
	keepNames bool
	numbers   map[role]*part
	parts     []*part // the same
	setup     setup
	remap     sim.Remap // from what was given to the setup
	world     sim.World
	judges    check.Judges

	ops  []int32 // by operation number, less 1: the operation
	kept []act   // carried out
	ends []int   // the number of the last event of each

	// record, unless nil, is given the decisions that are carried out.
	record *[]sim.Decision
}

// part is the one part of a role.
func (r *replay) part(of role) *part {
	p := r.numbers[of]
	if p == nil {
		p = &part{role: of}
		if r.numbers == nil {
			r.numbers = map[role]*part{}
		}
		r.numbers[of], r.parts = p, append(r.parts, p)
	}
	return p
}

// begin makes a run in which nothing has happened.
func (r *replay) begin(to setup) {
	r.setup, r.remap.Instance = to, to.at
	r.world.Reset(to.cluster)
	r.world.Observe(&r.judges)
	r.judges.Reset(to.header)
	for _, p := range r.parts {
		p.items = p.items[:0]
	}
	r.ops, r.kept, r.ends = r.ops[:0], r.kept[:0], r.ends[:0]
}

// run carries out the acts that are possible and reports whether the property
// breaks. If so, kept ends with the act that breaks it.
func (r *replay) run(to setup, acts []act) bool {
	r.begin(to)
	for i := range acts {
		if r.take(&acts[i]) {
			r.kept = append(r.kept, acts[i])
			r.ends = append(r.ends, r.world.Events())
		}
	}
	broken := r.judges.Verdict(r.property)
	if broken.State != check.Violated {
		return false
	}
	last, _ := slices.BinarySearch(r.ends, broken.Event)
	r.kept = r.kept[:last+1]
	if r.record != nil {
		*r.record = (*r.record)[:last+1]
	}
	return true
}

// take carries out an act. It reports false, and does nothing, if it is impossible.
func (r *replay) take(a *act) bool {
	w := &r.world
	var d sim.Decision
	var ref sim.Ref
	var ok bool
	if a.role == nil {
		d, ok = r.place(a.decision)
	} else if ref, ok = r.find(a); ok && r.record != nil {
		d = w.Name(ref, a.kind)
	}
	if !ok {
		return false
	}
	if r.record != nil {
		*r.record = append(*r.record, d)
	}
	w.ClearCreated() // as a schedule does
	w.SetClock(w.Now() + sim.ScheduleStep)
	if a.starts() {
		r.ops = append(r.ops, a.op)
	}
	if a.role == nil {
		w.Do(&d)
	} else {
		w.DoWith(ref, a.kind)
	}
	r.note()
	return true
}

// find returns the pending item that an act is about. Where there are fewer with
// its role than it counts, the last of them will do.
func (r *replay) find(a *act) (sim.Ref, bool) {
	over := func(i item) bool { return !r.world.Pending(i.ref, i.seq) }
	a.role.items = slices.DeleteFunc(a.role.items, over)
	if n := len(a.role.items); n > 0 {
		return a.role.items[min(int(a.which), n)-1].ref, true
	}
	return 0, false
}

// note takes down what became pending, unless it is over already.
func (r *replay) note() {
	for _, ref := range r.world.Created() {
		if i := r.world.Item(ref); r.world.Pending(ref, i.Seq) {
			p := r.part(r.role(i))
			p.items = append(p.items, item{ref, i.Seq})
		}
	}
}

func (r *replay) role(i *sim.Item) role {
	it := role{item: i.Kind, try: i.Try, op: r.ops[i.Op-1]}
	switch i.Kind {
	case sim.MessageItem, sim.WorkItem:
		m := &i.Message
		it.message, it.phase = m.Kind, m.Phase()
		it.from, it.to = r.setup.origin[m.From], r.setup.origin[m.To]
	case sim.DeadlineItem:
		it.phase = r.world.Instance(i.Instance).Round.Phase
		it.from = r.setup.origin[i.Instance]
	}
	return it
}

// place puts positions of the setup into a decision that is possible at any time. It
// reports false if it is about an instance that is gone, or uses a name again that
// must not be.
func (r *replay) place(d *sim.Decision) (sim.Decision, bool) {
	placed, ok := d.Remap(r.remap)
	placed.At, placed.Timed = 0, false
	placed.Timeout = sim.DefaultClientTimeout // without times any will do
	return placed, ok && !(r.keepNames && ReusesName(&r.world, &placed))
}

// role says what a pending item is for. It means the same in every run that is
// made of the same acts, with some of them left out.
type role struct {
	item    sim.ItemKind
	message protocol.MessageKind // of a message, and of the answer that is worked on
	phase   protocol.Phase       // that a message belongs to, or that a deadline limits
	from    protocol.Position    // sender of a message; where a deadline is
	to      protocol.Position    // receiver of a message
	try     uint8                // of the round that it serves
	op      int32                // the operation that it serves
}

// part is a role with the items of the present run that have it, oldest first: one a role.
type part struct {
	role
	items []item
}

// item is an item that was pending when it was noted.
type item struct {
	ref sim.Ref
	seq uint64
}

// act is a decision that names what it is about by its role. Positions are those
// of the cluster that was given.
type act struct {
	kind     sim.DecisionKind
	which    uint32 // among several pending with the role, the oldest is 1
	role     *part  // nil: it is possible at any time
	op       int32  // the operation that it invokes or serves, from 1; 0: none
	origin   int32  // index of the decision that it came from
	decision *sim.Decision
}

func (a *act) starts() bool { return a.kind == sim.InvokeOperation }

// round is what the act belongs to: one try of one operation, or zero.
type round struct {
	op  int32
	try uint8
}

func (a *act) round() round {
	r := round{op: a.op}
	if a.role != nil {
		r.try = a.role.try
	}
	return r
}

// translate carries out decisions and returns them as acts, without the impossible ones.
func (r *replay) translate(to setup, decisions []sim.Decision) []act {
	r.begin(to)
	var acts []act
	for i := range decisions {
		a, ok := r.act(&decisions[i])
		a.origin = int32(i)
		if ok && r.take(&a) {
			acts = append(acts, a)
		}
	}
	return acts
}

// act is the act of a decision that can be made now.
func (r *replay) act(d *sim.Decision) (act, bool) {
	a := act{kind: d.Kind, decision: d}
	if d.Kind == sim.InvokeOperation {
		a.op = int32(len(r.ops) + 1)
	}
	if d.Kind.AnyTime() {
		return a, true
	}
	ref, ok := r.world.Find(d)
	if !ok {
		return a, false
	}
	i := r.world.Item(ref)
	a.role = r.part(r.role(i))
	a.op = a.role.op
	for _, p := range a.role.items {
		if p.seq <= i.Seq && r.world.Pending(p.ref, p.seq) {
			a.which++
		}
	}
	return a, true
}

// ReusesName reports whether a decision is an acquire by a name that has called an
// operation before and was not told for certain what became of it. The protocol
// assumes that nobody does that: a name is used for one acquisition at a time.
func ReusesName(w *sim.World, d *sim.Decision) bool {
	if d.Kind != sim.InvokeOperation || d.Operation != protocol.Acquire {
		return false
	}
	for n := 1; n <= w.Operations(); n++ {
		o := w.Operation(n)
		if o.Operation.Holder == d.Holder && (o.Outcome == protocol.NoOutcome || o.Outcome == protocol.Unknown || o.Outcome == protocol.Failed) {
			return true
		}
	}
	return false
}

// ReusesNames reports whether ReusesName is true of any decision of a run. Those that
// are impossible count for nothing.
func ReusesNames(c *sim.Cluster, decisions []sim.Decision) bool {
	w := sim.NewWorld(c)
	for i := range decisions {
		if ReusesName(w, &decisions[i]) {
			return true
		}
		w.ClearCreated()
		w.Take(&decisions[i])
	}
	return false
}
