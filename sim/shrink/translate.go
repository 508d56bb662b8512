package shrink

import "skinny/sim"

// translate carries out decisions and returns them as acts. Those that are
// impossible are left out.
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
