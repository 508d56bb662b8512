package shrink

import (
	"slices"

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

// role is the role of a pending item.
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
