package session

import (
	"skinny/sim/narrate"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// transcript is what is told of a branch's own events: their lines, and at some points
// what the narrator knows there.
type transcript struct {
	branch *Branch
	lines  []narrate.Line
	marks  []mark
	next   mark // after the last line
}

type mark struct {
	point    int
	narrator *narrate.Narrator
}

// Point is where it is.
func (m mark) Point() int { return m.point }

func (m *mark) clone() mark { return mark{m.point, m.narrator.Clone()} }

func (m *mark) tell(b *Branch) narrate.Line {
	m.point++
	return m.narrator.Tell(b.Event(m.point))
}

func newTranscript(b *Branch) transcript {
	h := b.header
	start := mark{narrator: narrate.New(h)}
	if b.owner(b.Point) != b {
		start = b.Parent.markAt(b.Point)
	}
	return transcript{branch: b, marks: []mark{start.clone()}, next: start}
}

// markAt is a mark of the caller's own.
func (b *Branch) markAt(point int) mark {
	b = b.owner(point)
	b.transcript.reach(point)
	m := b.transcript.before(point).clone()
	for m.point < point {
		m.tell(b)
	}
	return m
}

// before is the last mark that is not after a point.
func (t *transcript) before(point int) *mark {
	marks := notAfter(t.marks, point)
	return &marks[len(marks)-1]
}

func (t *transcript) reach(point int) {
	for t.next.point < point {
		t.lines = append(t.lines, t.next.tell(t.branch))
		if t.next.point >= t.marks[len(t.marks)-1].point+t.branch.tree.limits.marks {
			t.marks = append(t.marks, t.next.clone())
		}
	}
}

func (t *transcript) cutAt(point int) {
	t.marks = notAfter(t.marks, point)
	last := t.marks[len(t.marks)-1]
	t.next = last.clone()
	t.lines = append([]narrate.Line(nil), t.lines[:last.point-t.branch.Point]...)
}

// Line is an event in words. Its number is from 1 to Len.
func (b *Branch) Line(n int) narrate.Line { return b.tree.told(*b.line(n)) }

// line is Line with what may be a secret.
func (b *Branch) line(n int) *narrate.Line {
	for n <= b.Point {
		b = b.Parent
	}
	b.transcript.reach(n)
	return &b.transcript.lines[n-b.Point-1]
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
	home.transcript.reach(point)
	m := home.transcript.before(point)
	run.Set(m.narrator.Run())
	for n := m.point + 1; n <= point; n++ {
		run.Observe(home.Event(n))
	}
}

// Tell is what a narrator would say of events that came after a point, and how it
// names messages.
func (b *Branch) Tell(point int, events []trace.Event) []narrate.Line {
	n := b.markAt(point).narrator
	var lines []narrate.Line
	for i := range events {
		lines = append(lines, b.tree.told(n.Tell(&events[i])))
	}
	return lines
}
