package web

import (
	"fmt"
	"slices"
	"strings"

	"skinny/cmd/internal/session"
	"skinny/scenarios"
	"skinny/scenarios/exercise"
	"skinny/sim/check"
)

// aside is what a lesson, an exercise or a prediction says and asks.
type aside struct {
	Title string  `json:"title"`
	Rows  []row   `json:"rows"`
	Acts  []offer `json:"acts"`
	Halts bool    `json:"halts"` // there is something to be read before it goes on
}

// row is a line of it. A choice of a question has a command.
type row struct {
	Text []span `json:"text"`
	Do   string `json:"do,omitempty"`
}

// looks are the classes of the page.
var looks = map[session.Look]string{session.Strong: "strong", session.Faint: "faint", session.Good: "good", session.Bad: "bad", session.Key: "key"}

// offer is a button: a command, or a scenario to open.
type offer struct {
	Text string `json:"text"`
	Key  string `json:"key,omitempty"`
	Do   string `json:"do,omitempty"`
	Open string `json:"open,omitempty"`
}

// done is a lesson or an exercise that was done just now: questions that were
// answered right of all, or moves and the par.
type done struct {
	Name  string `json:"name"`
	Right int    `json:"right"`
	Of    int    `json:"of"`
}

// enter begins a session where the query is.
func (p *place) enter() error {
	q, s := p.query, p.run.tree.Root().Scenario()
	p.Session = session.NewSession(p.run.tree, p.command())
	switch {
	case !q.taught():
	case p.run.task != nil:
		p.Solve(p.run.task, p.solved)
	case s.Lesson() != nil:
		err := p.TakeLesson(session.Course{Done: func(right, asked int) string { p.done = &done{q.Scenario, right, asked}; return "" }})
		if err != nil {
			return err
		}
	}
	if q.Predict && !p.lesson() {
		p.Predict()
	}
	if q.Hide {
		p.Present()
	}
	if q.Taken == nil && q.At == 0 && q.Branch == 0 {
		return nil // an exercise may begin later
	}
	var t session.Taken
	if q.Taken != nil {
		t = *q.Taken
	}
	return p.Resume(t, p.Tree().Branches()[q.Branch], q.At)
}

func (p *place) solved(m *exercise.Mark) string {
	p.done = &done{p.query.Scenario, m.Met(), len(m.Demands)}
	if par := p.run.task.Par; par.Given {
		p.done.Right, p.done.Of = m.Moves, par.Value
	}
	return ""
}

// keep writes into the query what was done in a mode, and which that is.
func (p *place) keep() {
	q, t := p.query, p.Taken()
	q.Hide, q.Predict = p.Presenting(), p.Predicting()
	if q.Taken = nil; !p.lesson() && p.Solving() == nil && !q.Predict {
		return
	}
	q.Taken = &t // as far as a link has room: the last ones
	t.Claims = t.Claims[max(len(t.Claims)-mostClaims, 0):]
	t.Answers = t.Answers[max(len(t.Answers)-mostAnswers, 0):]
}

// leave leaves the lesson or the exercise, or begins it again.
func (p *place) leave(whole bool) error {
	q := p.query
	q.Taken, q.Compare, q.Chosen = nil, nil, ""
	if q.Plain = whole; !whole {
		q.Branches, q.Branch, q.At = nil, 0, 0
		p.Tree().Cut(1)
	}
	return p.enter()
}

func (p *place) lesson() bool {
	in, _ := p.InLesson()
	return in
}

func (p *place) unsolved() bool { return p.Solving() != nil && !p.Taken().Over }

// tries reports whether there are rules to try at this point of a lesson.
func (p *place) tries() bool {
	a := p.Aside()
	return a != nil && slices.ContainsFunc(a.Hints, func(h session.Hint) bool { return h.Key == "t" })
}

// comeBack is the command line that opens this moment, or the lesson, in a terminal.
func (p *place) comeBack() string {
	if e, ok := scenarios.FindTaught(p.query.Scenario); ok && p.lesson() && p.query.Branch == 0 {
		return "skinny learn " + e.Short()
	}
	text := p.Return()
	if p.Presenting() && p.Solving() == nil {
		text += " --present"
	}
	if p.Predicting() {
		text += " --predict"
	}
	return text
}

// aside is what the session's mode says, with what can be done about it.
func (p *place) aside() *aside {
	page := p.Aside()
	if page == nil {
		return nil
	}
	a := &aside{Title: page.Title, Rows: []row{}, Acts: []offer{}, Halts: p.Question() != nil || p.Halted()}
	for i := range page.Len {
		r := page.Row(i)
		to := row{Text: []span{}, Do: r.Do["enter"]}
		for _, s := range r.Text {
			look := looks[s.Look]
			if s.Look >= session.OfInstance {
				look = fmt.Sprintf("i%d", (s.Look-session.OfInstance)%5)
			}
			to.Text = append(to.Text, span{T: s.Text, Look: look})
		}
		a.Rows = append(a.Rows, to)
	}
	over, task := p.Taken().Over, p.run.task
	ended, solving, unsolved := p.lesson() && over, p.Solving() != nil, p.unsolved()
	expect := unsolved && task.Changes("expect")
	secret := !expect && p.Secret()
	for _, h := range page.Hints {
		if h.Does != "" && !ended {
			a.Acts = append(a.Acts, offer{Text: h.Does, Key: strings.Replace(h.Key, "enter", "⏎", 1), Do: "press " + h.Key})
		}
	}
	for _, o := range []struct {
		offered bool
		offer
	}{
		{ended, offer{Text: "again", Do: "again"}},
		{expect, offer{Text: "predict …", Key: "E", Do: "claim"}},
		{secret, offer{Text: "which rule is it?", Key: "t", Do: "rules"}},
		{unsolved && !expect && !secret && task.Changes("rules"), offer{Text: "rules", Key: "t", Do: "rules"}},
		{unsolved && len(task.Hints) > 0, offer{Text: "a hint", Key: "T", Do: "hint"}},
		{unsolved, offer{Text: "begin again", Do: "again"}},
		{solving, offer{Text: "download your solution", Key: "s", Do: "save"}},
		{p.Predicting(), offer{Text: "no more questions", Key: "o", Do: "predict"}},
		{!p.Predicting() && !over, offer{Text: "leave", Do: "leave"}},
	} {
		if o.offered {
			a.Acts = append(a.Acts, o.offer)
		}
	}
	if e, ok := scenarios.FindTaught(p.query.Scenario); ok && over {
		if next, more := scenarios.Next(e.Name); more {
			next, _ = scenarios.FindTaught(next.Name)
			a.Acts = append(a.Acts, offer{Text: "next: " + next.Title(), Open: next.Taught()})
		}
	}
	return a
}

// toClaim is what is to be predicted next, with question marks to be replaced.
func (p *place) toClaim() string {
	if !p.unsolved() || p.Secret() {
		return "claim "
	}
	demands := p.Solving().Demands
	for i := range p.run.task.Want {
		if d := &p.run.task.Want[i]; len(d.Predict) > 0 && (i >= len(demands) || !demands[i].Met) {
			kind, name := d.Subject()
			return "claim " + kind + " " + name + " " + strings.Join(d.Predict, " ? ") + " ?"
		}
	}
	return "claim "
}

// conceal leaves out which rules are on. A click on one says that it is the one.
func (v *view) conceal() {
	v.RulesText = v.Edition + ", but for what is to be found out"
	for i := range v.Rules {
		r := &v.Rules[i]
		r.On, r.Edition, r.Note, r.Do = false, false, "", "claim "+r.Name
	}
}

// lock is who holds it, and how the run stands.
type lock struct {
	Text    string `json:"text"`
	State   string `json:"state"` // "", held or conflict
	Verdict string `json:"verdict"`
	Mood    string `json:"mood"`           // "", good or bad
	Next    int    `json:"next,omitempty"` // the event by which a property breaks that was kept so far
}

func (p *place) lock() lock {
	l := lock{Text: "Nobody holds the lock", Verdict: "✓ every property holds in this run", Mood: "good"}
	if b := p.Branch(); !b.Whole() {
		l.Verdict = fmt.Sprintf("✓ every property holds up to event %d", b.Len())
	}
	var holders, now, later []string
	for _, c := range p.clients() {
		if c.Holds {
			holders = append(holders, c.Name)
		}
	}
	if len(holders) == 1 {
		l.Text, l.State = holders[0]+" holds the lock", "held"
	} else if len(holders) > 1 {
		l.Text, l.State = listed(holders)+" hold the lock at once", "conflict"
	}
	for _, v := range p.Visible() {
		switch {
		case v.State == check.Violated && v.Event <= p.At():
			now = append(now, v.Property)
		case v.State == check.Violated:
			if later = append(later, v.Property); l.Next == 0 {
				l.Next = v.Event
			}
		case v.State != check.Kept:
			l.Verdict = "✓ nothing is violated; not all is decided"
		}
	}
	switch {
	case len(now) > 0:
		l.Verdict, l.Mood = "✗ violated: "+listed(now), "bad"
	case len(later) > 0:
		l.Verdict, l.Mood = "✗ will violate "+later[0], "bad"
		if len(later) > 1 {
			l.Verdict += fmt.Sprintf(" and %d more", len(later)-1)
		}
	case p.Veiled():
		l.Verdict, l.Mood = "what comes is hidden", ""
	}
	return l
}

// listed is names as in a sentence.
func listed(names []string) string {
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// allowed is what of some acts may be taken: all, unless an exercise is being solved.
func (p *place) allowed(words []string) []string {
	if !p.unsolved() {
		return words
	}
	list := []string{}
	for _, w := range words {
		if a, err := p.Now().Parse(w); err == nil && p.Forbids(a) == "" {
			list = append(list, w)
		}
	}
	return list
}
