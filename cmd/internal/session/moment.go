package session

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/trace"
)

// Due is when what a decision names is to happen, and whether it is to be lost
// then. It reports false where no time decides.
func (p *Moment) Due(d *sim.Decision) (due trace.Time, lost, found bool) { return p.player.Due(d) }

// Moment is a branch at the end of a step, to look around in.
type Moment struct {
	Point  int
	player *player
}

// Moment is the end of the step that a point is in.
func (b *Branch) Moment(point int) *Moment {
	p := b.at(point)
	return &Moment{p.events(), p}
}

// World is how things stand.
func (p *Moment) World() *sim.World { return p.player.World() }

// Try is the events that an act would make.
func (p *Moment) Try(a Act) []trace.Event {
	var log trace.Log
	copied := p.player.copy()
	copied.World().Observe(&log)
	copied.act(&a)
	return log.Events
}

// Possible lists what is pending as decisions that let it happen: by the time at
// which it is to happen, or messages first where no time decides. What later events of the
// same step have made is left out.
func (p *Moment) Possible(point int) []sim.Decision {
	w := p.World()
	var list []sim.Decision
	for _, d := range w.Possible() {
		if r, ok := w.Find(&d); ok && w.Item(r).Cause <= point {
			list = append(list, d)
		}
	}
	slices.SortStableFunc(list, func(a, b sim.Decision) int {
		if !p.player.timed() {
			return cmp.Compare(rank(&a), rank(&b))
		}
		dueA, _, _ := p.Due(&a)
		dueB, _, _ := p.Due(&b)
		return cmp.Compare(dueA, dueB)
	})
	return list
}

// rank orders what has no time: messages, then timers of instances, then clients'
// patience.
func rank(d *sim.Decision) int {
	switch d.Kind {
	case sim.FireDeadline, sim.FireWake:
		return 1
	case sim.FireGiveUp:
		return 2
	}
	return 0
}

// Parse reads an act in words: a decision as in a schedule, or "delay SPAN" and
// what is delayed. The error says what is wrong and what to write.
func (p *Moment) Parse(text string) (Act, error) {
	rest, delayed := strings.CutPrefix(text, "delay ")
	if !delayed {
		d, err := scenarios.ParseDecision(p.World(), text)
		return Act{Decision: d}, err
	}
	const usage = "write: delay 50ms KIND a -> c [#N], or: delay 50ms timeout a"
	word, rest, _ := strings.Cut(strings.TrimSpace(rest), " ")
	span, err := scenarios.ParseTime(word)
	if err != nil || span <= 0 {
		return Act{}, fmt.Errorf("%q is no span of time to delay something by\n%s", word, usage)
	}
	if !p.player.timed() {
		return Act{}, errors.New("nothing has a time in this run, so nothing can be delayed\nlet something else happen first instead")
	}
	if _, ok := protocol.MessageKindByName(strings.SplitN(rest, " ", 2)[0]); ok {
		rest = "deliver " + rest
	}
	d, err := scenarios.ParseDecision(p.World(), rest)
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
