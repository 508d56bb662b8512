package render

import (
	"github.com/mattn/go-runewidth"

	"skinny/protocol"
	"skinny/sim/trace"
)

// canvas is rows that are drawn on. What would be outside, or left of the lanes, is
// not drawn.
type canvas struct {
	rows []Row
	left int
}

func (c *canvas) set(x, y int, cell Cell) {
	if y >= 0 && y < len(c.rows) && x >= c.left && x < len(c.rows[y].Cells) {
		c.rows[y].Cells[x] = cell
	}
}

// text writes ASCII anywhere.
func (c *canvas) text(y, x int, s string, class Class) {
	for _, r := range s {
		if x >= 0 && x < len(c.rows[y].Cells) {
			c.rows[y].Cells[x] = Cell{r, class, trace.None}
		}
		x++
	}
}

// name writes the name of a lane.
func (c *canvas) name(y, x int, s string, lane, instances int) {
	owner := trace.None
	if lane < instances {
		owner = int8(lane)
	}
	for _, r := range s {
		w := runewidth.RuneWidth(r)
		if w == 0 || x+w > len(c.rows[y].Cells) {
			continue
		}
		c.set(x, y, Cell{r, Name, owner})
		if w == 2 {
			c.set(x+1, y, Cell{0, Name, owner})
		}
		x += w
	}
}

// crossing is what becomes of a rune that a message crosses.
func crossing(r rune) rune {
	switch r {
	case '│', '┊', '╎', '┼':
		return '┼'
	case '┃':
		return '╂'
	case '║':
		return '╫'
	}
	return '─'
}

// across draws a horizontal line between two columns, both left out.
func (c *canvas) across(from, to, y int, owner int8) {
	if from > to {
		from, to = to, from
	}
	if y < 0 || y >= len(c.rows) {
		return
	}
	for x := max(from+1, c.left); x < min(to, len(c.rows[y].Cells)); x++ {
		c.set(x, y, Cell{crossing(c.rows[y].Cells[x].Rune), Arrow, owner})
	}
}

// marks say what happens.
var marks = map[trace.Kind]rune{
	trace.GiveUp:    'T',
	trace.Propose:   'P',
	trace.Commit:    'C',
	trace.Backoff:   'B',
	trace.Expire:    'T',
	trace.Reply:     'R',
	trace.Ignore:    '·',
	trace.Fail:      '-',
	trace.Wait:      'w',
	trace.Hold:      'w',
	trace.Refuse:    '!',
	trace.Duplicate: 'D',
	trace.Crash:     '✝',
	trace.Restart:   '↻',
	trace.Pause:     'Z',
	trace.Resume:    '↻',
	trace.Isolate:   'x',
	trace.Rejoin:    'o',
}

// MarkMeaning is one of the runes that say what happens.
type MarkMeaning struct {
	Rune    rune
	Meaning string
}

// Legend explains the marks and the lanes.
func Legend() []MarkMeaning {
	return []MarkMeaning{
		{'P', "proposes: phase 1 begins"},
		{'C', "commits: phase 2 begins"},
		{'●', "says yes, or calls, or is told"},
		{'○', "says no"},
		{'+', "counts a yes"},
		{'-', "counts a no, or a call that failed"},
		{'·', "ignores what comes too late; a lane of dots is down"},
		{'w', "waits for the mutex, or for the end of a pause"},
		{'T', "timeout; a client gives up"},
		{'R', "the work on an answer is done, it leaves"},
		{'D', "the network makes a copy"},
		{'!', "nobody is there, and the host says so"},
		{'B', "backs off before a retry"},
		{'✝', "crashes"},
		{'↻', "restarts, or resumes"},
		{'Z', "pauses"},
		{'x', "is isolated"},
		{'o', "rejoins"},
		{'=', "a partition, or its end"},
		{'┃', "its mutex is held"},
		{'║', "a round runs, its mutex is free"},
		{'░', "paused"},
		{'┊', "a message is under way"},
		{'✗', "lost"},
	}
}

// mark draws what happens by an event.
func (d *Diagram) mark(c *canvas, l *layout, e *trace.Event, y int) {
	if e.Instance == trace.None {
		for lane := range d.Header.Instances {
			c.set(l.column(lane), y, Cell{'=', Lost, int8(lane)})
		}
		return
	}
	lane := int(e.Instance)
	r, known := marks[e.Kind]
	switch e.Kind {
	case trace.Cut, trace.Mend:
		class := Lost
		if e.Kind == trace.Mend {
			class = Arrow
		}
		d.link(c, l, e, y, class)
		return
	case trace.Promise, trace.Accept:
		r, known = verdict(e.Message.Yes, '●', '○'), true
	case trace.Count:
		r, known = verdict(e.Message.Yes, '+', '-'), true
	case trace.Call, trace.GiveUp, trace.Receive:
		lane = d.clientLane(e.Operation)
		if !known {
			r, known = '●', true
		}
	case trace.Ignore:
		if e.Reason == trace.ClientGone {
			lane = d.clientLane(e.Operation)
		}
	case trace.Answer:
		r, known = verdict(e.Outcome != protocol.Unknown, '●', '○'), true
	}
	if known && lane >= 0 {
		c.set(l.column(lane), y, Cell{r, Mark, d.owner(lane)})
	}
}

func verdict(yes bool, r, other rune) rune {
	if yes {
		return r
	}
	return other
}

// link draws that a link is cut, or mended.
func (d *Diagram) link(c *canvas, l *layout, e *trace.Event, y int, class Class) {
	from, to := l.column(int(e.Instance)), l.column(int(e.Peer))
	head, at := '▶', to-1
	if to < from {
		head, at = '◀', to+1
	}
	for x := min(from, to) + 1; x < max(from, to); x++ {
		c.set(x, y, Cell{'╌', class, e.Instance})
	}
	if class == Lost {
		c.set((from+to)/2, y, Cell{'✗', Lost, e.Instance})
		return
	}
	c.set(at, y, Cell{head, class, e.Instance})
}
