package shrink

import (
	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
)

// replay runs candidates, one after the other, with its memory used again.
type replay struct {
	property  string
	keepNames bool
	roles     roleNumbers
	numbering bool // new roles get numbers
	setup     setup
	world     sim.World
	judges    check.Judges

	remap    sim.Remap             // from what was given to the setup
	position [protocol.MaxSize]int // by given position: the position, or none
	ops      []int32               // by operation number, less 1: the operation
	pending  [][]pending           // by role

	kept []act // carried out
	ends []int // the number of the last event of each

	// record, unless nil, is given the decisions that are carried out.
	record *[]sim.Decision
}

// pending is an item that was pending when it was noted.
type pending struct {
	ref sim.Ref
	seq uint64
}

// begin makes a run in which nothing has happened.
func (r *replay) begin(to setup) {
	r.setup = to
	r.world.Reset(to.cluster)
	r.world.Observe(&r.judges)
	r.judges.Reset(to.header)
	for p := range r.position {
		r.position[p] = none
	}
	for p, origin := range to.origin {
		r.position[origin] = p
	}
	r.ops = r.ops[:0]
	r.pending = emptyLists(r.pending, len(r.roles.list))
	r.kept, r.ends = r.kept[:0], r.ends[:0]
	if r.record != nil {
		*r.record = (*r.record)[:0]
	}
}

// emptyLists is n empty lists, with their memory kept.
func emptyLists[T any](s [][]T, n int) [][]T {
	for len(s) < n {
		s = append(s, nil)
	}
	s = s[:n]
	for i := range s {
		s[i] = s[i][:0]
	}
	return s
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
	broken := r.broken()
	if broken == 0 {
		return false
	}
	last := 0
	for r.ends[last] < broken {
		last++
	}
	r.kept = r.kept[:last+1]
	if r.record != nil {
		*r.record = (*r.record)[:last+1]
	}
	return true
}

// broken is the number of the event that broke the property, or 0.
func (r *replay) broken() int {
	for _, v := range r.judges.Verdicts() {
		if v.Property == r.property && v.State == check.Violated {
			return v.Event
		}
	}
	return 0
}

// take carries out an act. It reports false, and does nothing, if it is impossible.
func (r *replay) take(a *act) bool {
	w := &r.world
	if a.role == none {
		d, ok := r.place(a.decision)
		if ok = ok && !(r.keepNames && ReusesName(w, &d)); ok {
			r.next(d)
			if a.starts() {
				r.ops = append(r.ops, a.op)
			}
			w.Do(&d)
			r.note()
		}
		return ok
	}
	ref, ok := r.find(a)
	if !ok {
		return false
	}
	if r.record != nil {
		r.next(w.Name(ref, a.kind))
	} else {
		r.next(sim.Decision{})
	}
	w.DoWith(ref, a.kind)
	r.note()
	return true
}

// next prepares the world for a decision, as a schedule does.
func (r *replay) next(d sim.Decision) {
	if r.record != nil {
		*r.record = append(*r.record, d)
	}
	r.world.ClearCreated()
	r.world.SetClock(r.world.Now() + sim.ScheduleStep)
}

// find returns the pending item that an act is about. Where there are fewer with
// its role than it counts, the last of them will do.
func (r *replay) find(a *act) (sim.Ref, bool) {
	list := r.pending[a.role]
	still := list[:0]
	for _, p := range list {
		if r.world.Pending(p.ref, p.seq) {
			still = append(still, p)
		}
	}
	r.pending[a.role] = still
	if len(still) == 0 {
		return 0, false
	}
	return still[min(int(a.which), len(still))-1].ref, true
}

// note takes down what became pending.
func (r *replay) note() {
	for _, ref := range r.world.Created() {
		i := r.world.Item(ref)
		if !r.world.Pending(ref, i.Seq) {
			continue // it is over already
		}
		n, known := r.roles.number[r.role(i)]
		if !known {
			if !r.numbering {
				continue // no act is about it
			}
			n = r.roles.add(r.role(i))
			r.pending = append(r.pending, nil)
		}
		r.pending[n] = append(r.pending[n], pending{ref, i.Seq})
	}
}

// role is the role of a pending item.
func (r *replay) role(i *sim.Item) role {
	it := role{item: i.Kind, try: i.Try, op: r.ops[i.Op-1]}
	switch i.Kind {
	case sim.MessageItem, sim.WorkItem:
		m := &i.Message
		it.message, it.call = m.Kind, requestKind(m)
		it.from, it.to = r.setup.origin[m.From], r.setup.origin[m.To]
	case sim.DeadlineItem:
		it.call = requestOf(r.world.Instance(i.Instance).Round.Phase)
		it.from = r.setup.origin[i.Instance]
	}
	return it
}

// place puts positions and holders of the setup into a decision that is possible
// at any time. It reports false if it is about an instance that is gone.
func (r *replay) place(d *sim.Decision) (sim.Decision, bool) {
	placed, ok := d.Remap(r.remap)
	placed.At, placed.Timed = 0, false
	placed.Timeout = sim.DefaultClientTimeout // without times any will do
	return placed, ok
}

// at is the position of the instance with a given position.
func (r *replay) at(given protocol.Position) (protocol.Position, bool) {
	p := r.position[given]
	return protocol.Position(max(p, 0)), p != none
}

// client is the holder of the setup with a given holder.
func (r *replay) client(given protocol.Holder) (protocol.Holder, bool) {
	return r.setup.holder[given], true
}
