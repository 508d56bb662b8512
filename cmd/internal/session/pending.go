package session

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/scenarios/form"
	"skinny/sim"
	"skinny/sim/narrate"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// Item is something that is under way: a message or a timer.
type Item struct {
	Text  string
	Sent  Sent       // what is on its way; none of a timer
	From  int8       // the instance whose it is
	Due   trace.Time // if Timed
	Timed bool
	Lost  bool // it is going to be lost

	Decision sim.Decision // that lets it happen
	Of       sim.Item     // what it is in the world
}

// Sent is what somebody tells somebody else, a message, a call or an answer.
type Sent struct{ From, To, Says string }

func (i *Item) isMessage() bool { return i.Decision.Kind == sim.DeliverMessage }

// Now is the moment at which decisions are taken here. It is only to be looked at.
func (s *Session) Now() *Moment {
	if s.moment == nil {
		s.moment = s.branch.Moment(s.at)
		s.items = nil
		narrator := narrate.New(s.branch.Header())
		for _, d := range s.moment.Possible(s.at) {
			s.items = append(s.items, s.item(narrator, d))
		}
		if s.Veiled() { // not even what is due next
			for i := range s.items {
				s.items[i].Due, s.items[i].Timed, s.items[i].Lost = 0, false, false
			}
			slices.SortStableFunc(s.items, func(a, b Item) int { return cmp.Compare(a.Of.Cause, b.Of.Cause) })
		}
	}
	return s.moment
}

// Items is what is under way at the current point.
func (s *Session) Items() []Item {
	s.Now()
	return s.items
}

// item says what a decision about something pending is about.
func (s *Session) item(n *narrate.Narrator, d sim.Decision) Item {
	w := s.moment.World()
	r, _ := w.Find(&d)
	what := w.Item(r)
	i := Item{Decision: d, Of: *what, From: int8(d.From)}
	i.Due, i.Lost, i.Timed = s.moment.Due(&d)
	a := s.name(d.From)
	client := "the operator"
	if d.Holder != protocol.Free {
		client = prose.NamesOf(s.branch.header).Client(d.Holder).Words
	}
	switch d.Kind {
	case sim.DeliverMessage:
		i.Sent = Sent{a, s.name(d.To), n.Message(&what.Message).String()}
		if what.Copy > 0 {
			i.Sent.Says += " (copy)"
		}
	case sim.FireDeadline:
		i.Text = "timeout of " + a
	case sim.FireWake:
		i.Text = a + " retries for " + client
	case sim.FireWork:
		i.Text = a + " finishes its answer"
	case sim.DeliverCall:
		i.Sent = Sent{client, a, w.Operation(int(d.Number)).Kind.String()}
	case sim.DeliverAnswer:
		i.Sent = Sent{a, client, what.Outcome.String()}
	case sim.FireGiveUp:
		i.Text = client + " gives up"
	}
	if i.Sent != (Sent{}) {
		i.Text = i.Sent.From + " " + narrate.Sent + " " + i.Sent.To + "  " + i.Sent.Says
	}
	return i
}

func (s *Session) choice() (Item, bool) {
	if s.chosen == nothing {
		return Item{}, false
	}
	return s.Items()[s.chosen], true
}

func (s *Session) idle() string {
	if coming := s.entries(); len(coming) > 0 {
		return "nothing is under way yet; to come: " + s.branch.Text(Act{Decision: coming[0]}) + " (" + s.by("next") + ")"
	}
	return "nothing is under way here"
}

// Expected is the event by which the chosen thing happens in this branch if it
// is left alone, or 0 if that is not known.
func (s *Session) Expected() int {
	const far = 1000 // events that are looked through
	i, ok := s.choice()
	if !ok {
		return 0
	}
	for n := s.moment.Point() + 1; n <= min(s.Limit(), s.moment.Point()+far); n++ {
		if i.happens(s.branch.Event(n)) {
			return n
		}
	}
	return 0
}

// happens reports whether an event is what becomes of the item.
func (i *Item) happens(e *trace.Event) bool {
	if e.Cause != i.Of.Cause {
		return false
	}
	from, to := int8(i.Decision.From), int8(i.Decision.To)
	switch i.Decision.Kind {
	case sim.DeliverMessage:
		return e.Instance == to && e.Peer == from || e.Kind == trace.Lose && e.Instance == from && e.Peer == to
	case sim.FireDeadline:
		return e.Kind == trace.Expire
	case sim.FireGiveUp:
		return e.Kind == trace.GiveUp
	case sim.FireWork:
		return e.Kind == trace.Reply
	}
	return e.Kind != trace.GiveUp && e.Instance == from
}

// Coming is what the timeline has in store after this point, and the end of the run where
// that cuts something off.
func (s *Session) Coming() []Item {
	list := form.Each(s.entries(), func(d sim.Decision) Item {
		return Item{Text: s.branch.Text(Act{Decision: d}), From: trace.None, Timed: true, Due: d.At}
	})
	if s.branch.Ending() == sim.TimeIsUp && (!s.Veiled() || s.solving != nil) {
		end := s.branch.scenario.Timetable.End - 1
		list = append(list, Item{Text: "the run ends (until)", From: trace.None, Timed: true, Due: end})
	}
	return list
}

// entries is what the timeline has in store, as far as it is listed.
func (s *Session) entries() []sim.Decision {
	run, ok := s.Now().Runner.(*sim.Timed)
	if !ok || s.Veiled() && s.solving == nil { // an exercise tells what is to be done, and hides what comes of it
		return nil
	}
	t := s.branch.scenario.Timetable
	list := t.Timeline[run.Next():]
	if late := slices.IndexFunc(list, func(d sim.Decision) bool { return t.End > 0 && d.At >= t.End }); late >= 0 {
		list = list[:late]
	}
	return list[:min(20, len(list))]
}

// Preview says what would follow if the chosen thing happened now, and what comes with
// it. It is "" if nothing is chosen.
func (s *Session) Preview() string {
	const most = 3 // events that are told
	i, ok := s.choice()
	if !ok || s.Veiled() || s.solving.hides(scenarios.HidePreview) { // it may be the answer
		return ""
	}
	events := s.Now().Try(Act{Decision: i.Decision})
	lines := s.branch.Tell(s.moment.Point(), events[:min(len(events), most)])
	list := form.Each(lines, func(l narrate.Line) string { return plainText(Sentence(&l)) })
	if len(list) > 0 {
		list[0] = lines[0].Would().String()
	}
	return strings.Join(list, "; then ")
}

// Doing says in a word what an instance does.
func Doing(l *trace.Instance) string {
	switch {
	case l.Down > 0:
		return "down"
	case l.Paused > 0:
		return "paused"
	case l.Isolated:
		return "isolated"
	case l.Round.Phase == protocol.Proposing:
		return fmt.Sprintf("propose %d", l.Round.ID)
	case l.Round.Phase == protocol.Committing:
		return fmt.Sprintf("commit %d", l.Round.ID)
	case l.Working:
		return "at work"
	}
	return ""
}

// Choosable says what there is to choose from where nothing is chosen.
func (s *Session) Choosable() string {
	switch {
	case len(s.Items()) == 0:
		return s.idle()
	case s.Words:
		return "nothing is chosen: " + listed
	}
	return "nothing is chosen: ↑ ↓ choose a message or a timer"
}

// DelayBy is how long something is put off by default.
const DelayBy = 50 * trace.Millisecond

// act takes an act at the current point, and goes to the point after it.
func (s *Session) act(a Act) error {
	if s.Question() != nil {
		return errors.New(s.toAnswer(s.Question()))
	}
	if said := s.Forbids(a); said != "" {
		return errors.New(said)
	}
	if s.solving != nil {
		a.Decision = s.Now().numbered(a.Decision)
		if made := s.Now().Try(a); !s.solving.solved && len(made) == 1 && made[0].Reason == trace.AlreadySo {
			return errors.New(s.branch.Text(a) + ": it is so already")
		}
	}
	b, after, err := s.branch.Act(s.at, a)
	if err == nil {
		s.set(b, after)
	}
	return err
}

// Do takes an act at the current point, and says what comes of it.
func (s *Session) Do(a Act) string {
	before, from, step := s.branch, s.at, s.Now().Point()
	if err := s.act(a); err != nil {
		return err.Error()
	}
	text := s.branch.Text(a) + ": this branch goes on by it"
	if s.branch != before {
		text = fmt.Sprintf("%s: branch %d; the old future is kept (%s)", s.branch.Text(a), s.branch.Number, s.by("branches"))
	}
	return text + s.Behind(from, step) + s.NowSolved()
}

// Behind says where what was done at a point comes, "" if that is right after it: after the
// event that ends its step, which is not named where it is hidden.
func (s *Session) Behind(point, step int) string {
	switch {
	case step == point:
		return ""
	case step > s.Limit():
		return "; it comes at the end of this step"
	}
	return "; it comes after event " + count(step) + ", the end of this step"
}

func (s *Session) decide(d sim.Decision) string { return s.Do(Act{Decision: d}) }

// ByHand is the act that made an event, if one did.
func (b *Branch) ByHand(n int) (Act, bool) {
	i := slices.IndexFunc(b.acts, func(a Act) bool { return a.Delay == 0 && a.After+1 == n })
	if i < 0 {
		return Act{}, false
	}
	return b.acts[i], true
}

func (s *Session) hand(i Item, kind sim.DecisionKind) string {
	d := i.Decision
	if kind != sim.DeliverMessage {
		if !i.isMessage() {
			return "only messages between instances can be lost, copied or refused; " + i.Text +
				" can happen now (" + s.by("deliver") + ") or later (" + s.by("delay") + ")"
		}
		if kind == sim.RefuseMessage && !d.Message.IsRequest() {
			return "only a request can be refused"
		}
		d.Kind = kind
	}
	return s.decide(d)
}

func (s *Session) delay(i Item, by trace.Time) string {
	if !s.Now().timed() {
		return "nothing has a time in this run: let something else happen first instead (" + s.by("deliver") + ")"
	}
	return s.Do(Act{Decision: i.Decision, Delay: by})
}

// fault does something to the marked instance, or ends it if that is how it is.
func (s *Session) fault(kind sim.DecisionKind) string {
	w := s.Now().World()
	p := s.instance
	switch {
	case (kind == sim.CrashInstance || kind == sim.TearInstance) && !w.Up(p):
		return s.name(p) + " is down already; r restarts it"
	case kind == sim.PauseInstance && !w.Up(p):
		return s.name(p) + " is down; r restarts it"
	case kind == sim.PauseInstance && w.Paused(p):
		kind = sim.ResumeInstance
	case kind == sim.IsolateInstance && w.Isolated(p):
		kind = sim.RejoinInstance
	}
	return s.decide(sim.Decision{Kind: kind, From: p})
}

// cut takes the link of a message down, or up again.
func (s *Session) cut(i Item) string {
	if !i.isMessage() {
		return "only a message between instances has a link that can be cut; or in words: cut a -> b"
	}
	d := sim.Decision{Kind: sim.CutLink, From: i.Decision.From, To: i.Decision.To}
	if s.Now().World().CutOff(d.From).Has(d.To) {
		d.Kind = sim.MendLink
	}
	return s.decide(d)
}

// call is the decision that starts an operation at the marked instance, in words to
// be changed: by a client that has not called yet, or who holds the lock.
func (s *Session) call(kind protocol.OperationKind) string {
	h := s.branch.Header()
	callers, _ := s.branch.Clients()
	last := protocol.Holder(len(h.Holders))
	who := cmp.Or(s.branch.Idle(), last)
	if kind == protocol.Release {
		who = cmp.Or(s.Now().World().State(s.instance).Accepted.Holder, append(callers, last)[0])
	}
	return kind.String() + " " + h.HolderName(who) + " via " + s.name(s.instance)
}
