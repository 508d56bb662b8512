package session

import (
	"skinny/scenarios/form"
	"skinny/sim/narrate"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// mark is what the narrator knows at a point.
type mark struct {
	point    int
	narrator *narrate.Narrator
}

// Point is where it is.
func (m mark) Point() int { return m.point }

func (m mark) clone() mark { return mark{m.point, m.narrator.Clone()} }

func (m *mark) tell(b *Branch) narrate.Line {
	m.point++
	return m.narrator.Tell(b.Event(m.point))
}

// markAt is a mark of the caller's own.
func (b *Branch) markAt(point int) mark {
	b = b.owner(point)
	b.tell(point)
	m := last(notAfter(b.marks, point)).clone()
	for m.point < point {
		m.tell(b)
	}
	return m
}

// tell tells up to a point.
func (b *Branch) tell(point int) {
	for b.next.point < point {
		b.lines = append(b.lines, b.next.tell(b))
		if b.next.point >= last(b.marks).point+b.tree.limits.marks {
			b.marks = append(b.marks, b.next.clone())
		}
	}
}

// Line is an event in words. Its number is from 1 to Len.
func (b *Branch) Line(n int) narrate.Line { return b.tree.told(*b.line(n)) }

// line is Line with what may be a secret.
func (b *Branch) line(n int) *narrate.Line {
	for n <= b.Point {
		b = b.Parent
	}
	b.tell(n)
	return &b.lines[n-b.Point-1]
}

// told is a line as it may be shown: a reason that names a rule is a secret where rules
// are.
func (t *Tree) told(l narrate.Line) narrate.Line {
	if t.secret && l.Why.Rules() != 0 {
		l.Why = prose.Text{}
	}
	return l
}

// Standing is how the run stands at a point, by what events tell.
func (b *Branch) Standing(point int) *trace.Follower {
	var run trace.Follower
	b.Follow(&run, point)
	return &run
}

// Follow makes a follower what Standing returns, with its memory used again: the longer
// a run, the more it knows of past operations.
func (b *Branch) Follow(run *trace.Follower, point int) {
	home := b.owner(point)
	home.tell(point)
	m := last(notAfter(home.marks, point))
	run.Set(m.narrator.Run())
	for n := m.point + 1; n <= point; n++ {
		run.Observe(home.Event(n))
	}
}

// Tell is what a narrator would say of events that came after a point, and how it
// names messages.
func (b *Branch) Tell(point int, events []trace.Event) []narrate.Line {
	n := b.markAt(point).narrator
	return form.Each(events, func(e trace.Event) narrate.Line { return b.tree.told(n.Tell(&e)) })
}
