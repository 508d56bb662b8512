package search

import "bytes"

// depth is a depth-first search under way. It uses one core: which states are met
// first, and so what is found, would otherwise depend on chance.
type depth struct {
	model    Model
	options  Options
	always   Marks
	stuck    Marks
	explorer Explorer
	tables   [parts]table // an entry's value is the distance at which its state was met, plus 1
	path     []*step
	spare    []*step
	limit    int // 0: none
	result   Result
	failed   error // by which the model cannot go on
}

// step is a state on the path that is being followed.
type step struct {
	state []byte
	out   *Out // its successors
	next  int  // the first of them that was not tried
}

// sometimes is how many expansions lie between two looks at the options.
const sometimes = 4096

// DepthFirst searches along one path as far as it goes, then along the next. It
// keeps the path and the table of met states, but no frontier. The way to a
// violation that it finds may be a long one. A limit of depth may make it expand a
// state again when it finds a shorter way to it; Total counts that, too.
func DepthFirst(m Model, o Options) (*Result, error) {
	d := newDepth(m, o)
	d.limit = o.Depth
	if d.search(); d.failed != nil {
		return nil, d.failed
	}
	if d.result.Ending == Exhausted && d.result.Frontier() > 0 {
		d.result.Ending = TooDeep
	}
	return &d.result, nil
}

// Deepening searches depth first up to a limit, which it raises by one until a
// violation is met or nothing is left. The way to a violation is as short as any.
// Counts are those of the last search, but Total is that of all.
func Deepening(m Model, o Options) (*Result, error) {
	d := newDepth(m, o)
	for {
		d.limit++
		total := d.result.Total
		d.restart()
		d.result.Total = total
		if d.search(); d.failed != nil {
			return nil, d.failed
		}
		r := &d.result
		switch {
		case r.Ending != Exhausted:
			return r, nil
		case r.Frontier() == 0:
			r.Depth = d.limit - 1 // nothing was as far away as the limit
			return r, nil
		case o.Depth > 0 && d.limit >= o.Depth:
			r.Ending = TooDeep
			return r, nil
		}
	}
}

func newDepth(m Model, o Options) *depth {
	d := &depth{model: m, options: o, always: marksOf(m, Always), stuck: marksOf(m, Progress), explorer: m.Explorer()}
	d.restart()
	return d
}

func (d *depth) restart() {
	for i := range d.tables {
		d.tables[i].reset(max(firstHomes, d.tables[i].homes))
	}
	d.result = Result{Cut: make([]uint64, len(d.model.Bounds()))}
}

// search follows every path from every initial state.
func (d *depth) search() {
	initial := newOut(d.model)
	d.explorer.Initial(initial)
	d.result.Total += uint64(initial.Len())
	for n := range initial.Len() {
		d.enter(initial.State(n), initial.Marks(n))
		for len(d.path) > 0 && d.result.Ending == Running {
			top := d.path[len(d.path)-1]
			if top.next == top.out.Len() {
				last := len(d.path) - 1
				d.path, d.spare = d.path[:last], append(d.spare, top)
				continue
			}
			n := top.next
			top.next++
			d.enter(top.out.State(n), top.out.Marks(n))
		}
	}
	if d.result.Ending == Running {
		d.result.Ending = Exhausted
	}
	d.measure()
}

// enter meets a state, and makes it the end of the path if it is to be expanded.
func (d *depth) enter(state []byte, marks Marks) {
	r := &d.result
	if r.Ending != Running {
		return
	}
	r.Reached |= marks
	distance := len(d.path)
	k := hash(state)
	e, fresh := d.tables[k.part()].insert(k, uint64(distance)+1)
	switch {
	case fresh:
		r.Distinct++
		r.Depth = max(r.Depth, distance)
	case d.limit == 0 || e.value() <= uint64(distance)+1:
		return
	}
	again := !fresh && e.value() <= uint64(d.limit) // it was expanded from farther away
	*e = newEntry(k, uint64(distance)+1)
	if marks&d.always != 0 {
		d.violate(marks&d.always, state)
		return
	}
	if d.limit == 0 || distance < d.limit {
		d.expand(state, again)
	}
}

// expand finds the successors of a state.
func (d *depth) expand(state []byte, again bool) {
	r := &d.result
	var s *step
	if n := len(d.spare); n > 0 {
		s, d.spare = d.spare[n-1], d.spare[:n-1]
	} else {
		s = &step{out: newOut(d.model)}
	}
	s.state, s.next = append(s.state[:0], state...), 0
	s.out.Reset()
	clear(s.out.cut)
	if d.explorer.Expand(s.state, s.out); s.out.failed != nil && d.failed == nil {
		d.failed, r.Ending = s.out.failed, Interrupted
	}
	r.Total += uint64(s.out.Len())
	if !again {
		r.Expanded++
		for i, n := range s.out.cut {
			r.Cut[i] += n
		}
	}
	if s.out.stuck && d.stuck != 0 {
		d.violate(d.stuck, state)
	}
	d.path = append(d.path, s)
	if r.Ending == Running && r.Expanded%sometimes == 0 {
		d.measure()
		d.options.pause(r, 0)
	}
}

// violate ends the search at a state that follows the path.
func (d *depth) violate(marks Marks, state []byte) {
	v := &Violation{Property: marks.first()}
	for _, s := range d.path {
		v.Path = append(v.Path, bytes.Clone(s.state))
	}
	v.Path = append(v.Path, bytes.Clone(state))
	d.result.Violation, d.result.Ending = v, Violated
}

func (d *depth) measure() {
	var n int64
	for p := range d.tables {
		n += d.tables[p].bytes()
	}
	for _, s := range append(d.path, d.spare...) {
		n += int64(cap(s.state) + cap(s.out.bytes) + 16*cap(s.out.states))
	}
	d.result.measure(n)
}
