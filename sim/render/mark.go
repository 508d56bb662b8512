package render

import (
	"cmp"
	"strconv"

	"skinny/protocol"
	"skinny/sim/trace"
)

// Mark is what happens in a lane by an event.
type Mark struct {
	Event int
	Lane  int
	Sign  rune   // one of [Legend], or 0 where there is only a label
	Label string // a few words, where the arrow that ends here does not say it
	Other int    // where Sign is Severs or Mends: the lane at the other end of the link
}

// Signs that are no single rune in a lane.
const (
	Severs rune = '╳' // a link is cut
	Mends  rune = '╌' // a link works again
)

// signs say what happens, and in which words where these are always the same.
var signs = map[trace.Kind]struct {
	sign  rune
	label string
}{
	trace.Call:      {'●', ""},
	trace.Receive:   {'●', ""},
	trace.GiveUp:    {'T', "gives up"},
	trace.Propose:   {'P', ""},
	trace.Commit:    {'C', ""},
	trace.Backoff:   {'B', "backs off"},
	trace.Expire:    {'T', "timeout"},
	trace.Reply:     {'R', ""},
	trace.Ignore:    {'·', ""},
	trace.Fail:      {'-', ""},
	trace.Wait:      {'w', ""},
	trace.Hold:      {'w', ""},
	trace.Refuse:    {'!', "nobody there"},
	trace.Duplicate: {'D', "copied"},
	trace.Crash:     {'✝', "crashes"},
	trace.Restart:   {'↻', "restarts"},
	trace.Wipe:      {'L', "disk lost"},
	trace.Tear:      {'L', "store lost"},
	trace.Pause:     {'Z', "pauses"},
	trace.Resume:    {'↻', "resumes"},
	trace.Isolate:   {'x', "isolated"},
	trace.Rejoin:    {'o', "rejoins"},
	trace.Cut:       {Severs, "link cut"},
	trace.Mend:      {Mends, "link mended"},
	trace.Partition: {'=', "partition"},
	trace.Unite:     {'=', "partition ends"},
	trace.HealAll:   {'=', "links heal"},
	trace.Step:      {'»', ""},
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
		{'»', "a program says something, or does what has no other mark"},
		{'D', "the network makes a copy"},
		{'!', "nobody is there, and the host says so"},
		{'B', "backs off before a retry"},
		{'✝', "crashes"},
		{'L', "loses its disk, or what it stored last"},
		{'↻', "restarts, or resumes"},
		{'Z', "pauses"},
		{'x', "is isolated"},
		{'o', "rejoins"},
		{'=', "a partition, or its end"},
		{'┃', "its mutex is held"},
		{'║', "a round runs, its mutex is free"},
		{'░', "paused"},
		{'█', "this client holds the lock"},
		{'▚', "so does another one: the lock is broken"},
		{'┊', "a message is under way"},
		{'✗', "lost"},
	}
}

// appendMarks adds what happens by an event, by which a majority may have formed.
func (d *Diagram) appendMarks(list []Mark, e *trace.Event, formed trace.Majority) []Mark {
	m := Mark{Event: e.Number, Lane: d.lane(e.Instance), Sign: signs[e.Kind].sign, Label: signs[e.Kind].label}
	if e.Instance == trace.None {
		for lane, a := range d.Actors {
			if a.Instance != trace.None {
				m.Lane = lane
				list = append(list, m)
				m.Label = ""
			}
		}
		return list
	}
	switch e.Kind {
	case trace.Propose:
		m.Label = "proposes " + number(e.Message.ID)
	case trace.Commit:
		m.Label = "commits " + number(e.Proposal.ID) + " " + d.holder(e.Proposal.Holder)
	case trace.Promise, trace.Accept:
		m.Sign = verdict(e.Message.Yes, '●', '○')
		m.Label = verdict(e.Message.Yes, "", "no")
	case trace.Count:
		m.Sign = verdict(e.Message.Yes, '+', '-')
	case trace.Call, trace.GiveUp, trace.Receive:
		m.Lane = d.clientLane(e.Operation)
	case trace.Ignore:
		if e.Reason == trace.ClientGone {
			m.Lane = d.clientLane(e.Operation)
		}
	case trace.Answer:
		m.Sign = verdict(e.Outcome != protocol.Unknown, '●', '○')
	case trace.Step:
		m.Label = e.Text
	case trace.Cut, trace.Mend:
		m.Other = d.lane(e.Peer)
	}
	if formed.Votes != 0 && e.Kind != trace.Expire {
		word := cmp.Or(d.Header.Word(e.Instance, formed.Phase), "enough")
		switch {
		case formed.Yes:
			m.Label = word
		case d.Header.Quorums.Of(formed.Phase) > 0:
			m.Label = "no quorum"
		default:
			m.Label = word + ": no"
		}
	}
	if m.Lane < 0 {
		return list
	}
	return append(list, m)
}

// Says is what an event's message says, in a few words, or "".
func (d *Diagram) Says(e *trace.Event) string {
	m := &e.Message
	id := number(m.ID)
	switch {
	case e.Kind == trace.Promise, m.Kind == protocol.PromiseRequest:
		return "promise " + id + "?"
	case e.Kind == trace.Accept:
		return "commit " + id + " " + d.holder(e.Proposal.Holder) + "?"
	case m.Kind == protocol.CommitRequest:
		return "commit " + id + " " + d.holder(m.Proposal.Holder) + "?"
	case m.Kind == protocol.Failure:
		return "no connection"
	case m.Kind != protocol.NoMessage && !m.Yes:
		return "no " + id
	case m.Kind == protocol.PromiseResponse:
		return "promised " + id
	case m.Kind == protocol.CommitResponse:
		return "committed " + id
	}
	return ""
}

func (d *Diagram) holder(h protocol.Holder) string {
	switch name := d.Header.HolderName(h); {
	case h == protocol.Free:
		return "free"
	case name == "free":
		return strconv.Quote(name)
	default:
		return name
	}
}

func number[T ~int | ~uint64](n T) string { return strconv.FormatInt(int64(n), 10) }

func verdict[T any](yes bool, a, b T) T {
	if yes {
		return a
	}
	return b
}

const legendLine = 22

type meaning struct {
	what any // the rune of a mark, or the kind of a span
	text string
	x, y int
}

var meanings = [...]meaning{
	{what: 'P', text: "proposes"},
	{what: 'C', text: "commits"},
	{what: '●', text: "yes"},
	{what: '○', text: "no"},
	{what: '+', text: "counts a yes"},
	{what: '-', text: "counts a no"},
	{what: 'w', text: "has to wait"},
	{what: '·', text: "too late"},
	{what: 'T', text: "timeout"},
	{what: 'B', text: "tries again later"},
	{what: 'R', text: "answer leaves"},
	{what: '✗', text: "lost"},
	{what: Running, text: "round runs, mutex free"},
	{what: Locked, text: "mutex held"},
	{what: Crashed, text: "down"},
	{what: Halted, text: "paused"},
	{what: Holding, text: "client holds the lock"},
	{what: Conflict, text: "two clients hold the lock"},
}

// placeLegend explains the marks and spans of a page below it.
func (p *page) placeLegend() {
	there := map[any]bool{}
	for i := range p.Scene.Marks {
		if _, ok := p.find(p.Scene.Marks[i].Event); ok {
			there[p.Scene.Marks[i].Sign] = true
		}
	}
	for i := range p.Scene.Arrows {
		if _, ok := p.find(p.Scene.Arrows[i].Arrived); ok && p.Scene.Arrows[i].Lost {
			there['✗'] = true
		}
	}
	for i := range p.Scene.Spans {
		there[p.Scene.Spans[i].Kind] = true
	}
	x, y := margin, p.height+4
	for _, m := range meanings {
		// Where something is to be filled in, the legend says what that can be.
		if !p.Blank && !there[m.what] {
			continue
		}
		width := 2*markRadius + 6 + textWidth(m.text, fontSize, false) + 10
		if x+width > p.width-margin {
			x, y = margin, y+legendLine
		}
		m.x, m.y = x, y
		p.legend = append(p.legend, m)
		x += width
	}
	p.height = y + legendLine
}

func (g *svg) legends() {
	for i := range g.legend {
		m := &g.legend[i]
		x := m.x + markRadius
		switch what := m.what.(type) {
		case SpanKind:
			g.span(what, x, m.y-markRadius, 2*markRadius, "i")
		case rune:
			g.sign(what, x, m.y, "i")
		}
		g.f(`<text class="fm" x="%d" y="%d">%s</text>`, m.x+2*markRadius+6, m.y+4, m.text)
	}
	g.f("\n")
}
