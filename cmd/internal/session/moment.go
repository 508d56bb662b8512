package session

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/scenarios/exercise"
	"skinny/sim"
	"skinny/sim/render"
	"skinny/sim/trace"
)

// Act is a decision taken by hand.
type Act struct {
	After    int // the point at which it is taken, the end of a step
	Decision sim.Decision
	Delay    trace.Time // if positive, what the decision names is put off by it, and nothing else is done
	At       trace.Time // if later than the event before, the instant at which it is taken
	behind   int        // entries of a timeline at that instant that it comes after
	events   int        // that it made
}

// Moment is a run at the end of a step, to look around in, to copy, and to act in.
type Moment struct {
	sim.Runner
	acts int // taken so far, of its branch
}

func newMoment(s *scenarios.Scenario) *Moment { return &Moment{Runner: s.Start().Runner} }

func (m *Moment) copy() *Moment { return &Moment{m.Copy(), m.acts} }

// Point is the number of events that have happened.
func (m *Moment) Point() int { return m.World().Events() }

// timed reports whether what is pending has a moment.
func (m *Moment) timed() bool {
	_, ok := m.Runner.(*sim.Timed)
	return ok
}

// act takes an act. It reports false, and does nothing, if that is not possible.
func (m *Moment) act(a *Act) bool {
	if a.At > m.World().Now() {
		m.World().SetClock(a.At)
	}
	if a.Delay > 0 && !m.Delay(&a.Decision, a.Delay) || a.Delay <= 0 && !m.Act(&a.Decision) {
		return false
	}
	m.acts++
	return true
}

// play goes on to a point, with the acts of a branch at their places. It stops at
// the end of the step that the point is in.
func (m *Moment) play(acts []Act, point int) {
	for {
		if m.acts < len(acts) && acts[m.acts].After == m.Point() {
			a := acts[m.acts] // a copy, since the recorder may keep it
			if m.Point() >= point && a.events > 0 {
				return
			}
			switch made := m.act(&a); {
			case !made && m.World().Cluster().Players() != nil:
				return // its program has failed this time, or answers otherwise
			case !made:
				panic("session: an act that was possible is not any more")
			}
			continue
		}
		if m.Point() >= point || !m.Step() {
			return
		}
	}
}

// Try is the events that an act would make.
func (m *Moment) Try(a Act) []trace.Event {
	var log trace.Log
	copied := m.copy()
	copied.World().Observe(&log)
	copied.act(&a)
	return log.Events
}

// Possible lists what is pending as decisions that let it happen: by the time at
// which it is to happen, or messages first where no time decides. What later events of the
// same step have made is left out.
func (m *Moment) Possible(point int) []sim.Decision {
	w := m.World()
	var list []sim.Decision
	for _, d := range w.Possible() {
		if r, _ := w.Find(&d); w.Item(r).Cause <= point {
			list = append(list, d)
		}
	}
	order := func(d *sim.Decision) trace.Time {
		if m.timed() {
			due, _, _ := m.Due(d)
			return due
		}
		r, _ := w.Find(d)
		return trace.Time(w.Item(r).Kind.SettleRank())
	}
	slices.SortStableFunc(list, func(a, b sim.Decision) int { return cmp.Compare(order(&a), order(&b)) })
	return list
}

// Open is the messages between instances that are under way after a point of the step.
func (m *Moment) Open(point int) (list []render.Flight) {
	w := m.World()
	for _, d := range w.Possible() {
		if r, _ := w.Find(&d); d.Kind == sim.DeliverMessage && w.Item(r).Cause <= point {
			list = append(list, render.Flight{Sent: w.Item(r).Cause, From: d.From, To: d.To})
		}
	}
	return list
}

// Parse reads an act in words: a decision as in a schedule, or "delay SPAN" and
// what is delayed. The error says what is wrong and what to write.
func (m *Moment) Parse(text string) (Act, error) {
	rest, delayed := strings.CutPrefix(text, "delay ")
	if !delayed {
		d, err := scenarios.ParseDecision(m.World(), text)
		return Act{Decision: d}, err
	}
	const usage = "write: delay 50ms KIND a -> c [#N], or: delay 50ms timeout a"
	word, rest, _ := strings.Cut(strings.TrimSpace(rest), " ")
	span, err := scenarios.ParseTime(word)
	if err != nil || span <= 0 {
		return Act{}, fmt.Errorf("%q is no span of time to delay something by\n%s", word, usage)
	}
	if !m.timed() {
		return Act{}, errors.New("nothing has a time in this run, so nothing can be delayed\nlet something else happen first instead")
	}
	first, _, _ := strings.Cut(rest, " ")
	if _, ok := protocol.MessageKindByName(first); ok || first == "call" || first == "answer" {
		rest = "deliver " + rest
	}
	d, err := scenarios.ParseDecision(m.World(), rest)
	if err == nil && d.Kind >= sim.InvokeOperation {
		err = errors.New("only what is pending can be delayed\n" + usage)
	}
	return Act{Decision: d, Delay: span}, err
}

// Text is an act in the words that Parse reads.
func (b *Branch) Text(a Act) string {
	d := a.Decision
	d.Timed = false
	text := scenarios.DecisionText(b.scenario.Cluster, d)
	if a.Delay > 0 {
		text = "delay " + scenarios.FormatTime(a.Delay) + " " + strings.TrimPrefix(text, "deliver ")
	}
	return text
}

// aMoment is how long after an event comes what is done by hand after it, where that is
// to be an entry of a timeline: those come before everything else at their instant.
const aMoment = trace.Microsecond

// Write lets what is done by hand from now on be what a solution can say, where that is a
// timeline, or fates of messages.
func (t *Tree) Write(x *exercise.Exercise) { t.writes = x.Scenario.Timed() }

// instant gives an act at a moment of b the instant at which a timeline can have it after
// all that has happened, and before all else, so that the run is that of the timeline. The
// error says where there is one, if there is none here.
func (b *Branch) instant(p *Moment, a *Act) error {
	if !b.tree.writes {
		return nil
	}
	w, d := p.World(), &a.Decision
	now, end := w.Now(), b.scenario.Timetable.End
	switch {
	case d.Kind == sim.RefuseMessage || d.Kind == sim.CopyMessage:
		if r, ok := w.Find(d); ok && b.Event(w.Item(r).Cause).At < now {
			return fmt.Errorf("a solution can have it refused or copied only as soon as it is sent, after event %d; go there first", w.Item(r).Cause)
		}
		return nil
	case !d.Kind.AnyTime():
		return nil
	}
	next := p.copy()
	next.Step()
	a.At, a.behind = now, b.written(p)
	if a.behind < 0 {
		a.At, a.behind = now+aMoment, 0
	}
	if due := next.World().Now(); a.At > now && due == now && next.Point() > p.Point() {
		at := next.Point()
		for next.Step() && next.World().Now() == now {
			at = next.Point()
		}
		return fmt.Errorf("a timeline comes before what happens at %s, or after all of it: go to event %d first, or to one before", scenarios.FormatTime(now), at)
	}
	if end > 0 && a.At >= end {
		return fmt.Errorf("the run is over at %s; go to an event before", scenarios.FormatTime(end-1))
	}
	return nil
}

// written is how many entries of a timeline have happened at the instant of a moment of b,
// those by hand included; -1 if something else has, too.
func (b *Branch) written(p *Moment) (n int) {
	now, others := p.World().Now(), 0
	again := newMoment(b.scenario)
	again.Record(func(d sim.Decision) {
		if d.At == now {
			others++
		}
	})
	again.play(b.acts[:p.acts], p.Point())
	for _, a := range b.acts[:p.acts] {
		if a.At == now && a.Decision.Kind.AnyTime() {
			n++
		}
	}
	timed, _ := p.Runner.(*sim.Timed)
	for _, d := range b.scenario.Timetable.Timeline[:timed.Next()] {
		if d.At == now {
			n++
		}
	}
	if others > n {
		return -1
	}
	return n
}
