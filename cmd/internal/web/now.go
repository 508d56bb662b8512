package web

import (
	"slices"
	"strconv"
	"strings"

	"skinny/cmd/internal/session"
	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/prose"
	"skinny/sim/render"
	"skinny/sim/trace"
)

type instance struct {
	Name     string   `json:"name"`
	Promised string   `json:"promised"`
	ID       string   `json:"id"`
	Holder   string   `json:"holder"`
	Mutex    bool     `json:"mutex"`
	Doing    string   `json:"doing"`
	Changed  []string `json:"changed"`
	Can      []string `json:"can"`
}

type client struct {
	Name  string   `json:"name"` // as sentences have it
	Via   string   `json:"via"`
	Waits bool     `json:"waits"`
	Holds bool     `json:"holds"`
	Can   []string `json:"can"`

	word string // its name in commands
}

var phases = map[protocol.Phase]string{protocol.Proposing: "promise", protocol.Committing: "commit"}

// instances are how they stand, what has changed by the current event, and what can be
// done to them.
func (p *place) instances() []instance {
	b := p.Branch()
	h, now, before := b.Header(), b.Standing(p.At()), b.Standing(max(p.At()-1, 0))
	list := make([]instance, len(h.Instances))
	for i := range list {
		in, was := &now.Instances[i], &before.Instances[i]
		to := instance{
			Name: h.Instances[i], Promised: prose.Of(in.State.Promised).String(), ID: prose.Of(in.State.Accepted.ID).String(),
			Holder: h.HolderName(in.State.Accepted.Holder), Doing: phases[in.Round.Phase], Mutex: in.MutexHeld(h.Rules), Changed: []string{},
		}
		compare := func(field string, same bool) {
			if !same {
				to.Changed = append(to.Changed, field)
			}
		}
		compare("promised", in.State.Promised == was.State.Promised)
		compare("id", in.State.Accepted.ID == was.State.Accepted.ID)
		compare("holder", in.State.Accepted.Holder == was.State.Accepted.Holder)
		switch {
		case in.Down != 0:
			to.Doing = "down"
		case in.Paused != 0:
			to.Doing = "paused"
		case in.Isolated:
			to.Doing = "isolated"
		case to.Mutex && to.Doing == "":
			to.Doing = "mutex held"
		}
		to.Can = p.allowed(p.faults(protocol.Position(i)))
		list[i] = to
	}
	return list
}

// faults are the decisions about an instance that are possible now.
func (p *place) faults(at protocol.Position) []string {
	w, h := p.Now().World(), p.Branch().Header()
	one := func(kind sim.DecisionKind) sim.Decision { return sim.Decision{Kind: kind, From: at} }
	list := []sim.Decision{one(sim.RestartInstance), one(sim.WipeInstance)}
	if w.Up(at) {
		list = []sim.Decision{one(sim.CrashInstance), one(sim.PauseInstance), one(sim.IsolateInstance), one(sim.TearInstance), one(sim.WipeInstance)}
		if w.Paused(at) {
			list[1].Kind = sim.ResumeInstance
		}
		if w.Isolated(at) {
			list[2].Kind = sim.RejoinInstance
		}
	}
	for i := range h.Instances {
		if other := protocol.Position(i); other != at {
			cut := sim.Decision{Kind: sim.CutLink, From: at, To: other, Both: true}
			if w.CutOff(at).Has(other) && w.CutOff(other).Has(at) {
				cut.Kind = sim.MendLink
			}
			list = append(list, cut)
		}
	}
	words := []string{}
	for _, d := range list {
		words = append(words, p.Branch().Text(session.Act{Decision: d}))
	}
	if who := p.Branch().Idle(); who != protocol.Free && w.Up(at) {
		words = append(words, "acquire "+h.HolderName(who)+" via "+h.Name(at))
	}
	return words
}

// clients are all that call in the run, so that each has its place from the beginning.
func (p *place) clients() []client {
	b := p.Branch()
	h, now, end := b.Header(), b.Standing(p.At()), b.Standing(b.Len())
	list, names := []client{}, prose.NamesOf(h)
	for n := 1; n <= end.Operations(); n++ {
		o := end.Operation(uint32(n))
		c := client{Name: "operator", Via: h.Instances[o.Via], Can: []string{}}
		if o.Kind != protocol.Status {
			c.Name, c.Holds, c.word = names.Client(o.Holder).Words, now.Holds(o.Holder), h.HolderName(o.Holder)
		}
		i := slices.IndexFunc(list, func(known client) bool { return known.Name == c.Name })
		if i < 0 {
			i, list = len(list), append(list, c)
		}
		list[i].Waits = list[i].Waits || n <= now.Operations() && now.Operation(uint32(n)).Waits
	}
	for i := range list {
		c := &list[i]
		verb := "acquire"
		if c.Holds {
			verb = "release"
		}
		if !c.Waits && c.word != "" {
			c.Can = p.allowed([]string{verb + " " + c.word + " via " + c.Via})
		}
	}
	return list
}

type pending struct {
	Do      string   `json:"do"`
	Text    []span   `json:"text"`
	Due     string   `json:"due"`
	Preview []span   `json:"preview,omitempty"`
	Chosen  bool     `json:"chosen"`
	Can     []string `json:"can"`
	*flight
}

func (p *place) pending() []pending {
	list := []pending{}
	for i := range p.Items() {
		it := &p.Items()[i]
		to := pending{Do: p.words(it), Text: p.named(it), Chosen: i == p.Chosen(), Can: []string{}, flight: p.flight(it)}
		can := func(verb string, kind sim.DecisionKind, delay trace.Time) {
			a := session.Act{Decision: it.Decision, Delay: delay}
			if a.Decision.Kind = kind; p.Forbids(a) == "" {
				to.Can = append(to.Can, verb)
			}
		}
		can("deliver", it.Decision.Kind, 0)
		if it.Decision.Kind == sim.DeliverMessage {
			can("drop", sim.DropMessage, 0)
			can("duplicate", sim.CopyMessage, 0)
			if it.Decision.Message.IsRequest() {
				can("refuse", sim.RefuseMessage, 0)
			}
		}
		if it.Timed {
			can("delay", it.Decision.Kind, session.DelayBy)
			to.Due = prose.Duration(it.Due)
			if it.Lost {
				to.Due += ", lost"
			}
		}
		if to.Chosen {
			to.Preview = []span{{T: p.Preview()}}
		}
		list = append(list, to)
	}
	return list
}

// named is what is under way, with the names of instances told apart.
func (p *place) named(it *session.Item) []span {
	if it.Sent.Says == "" {
		return []span{{T: it.Text}}
	}
	return []span{p.nameSpan(it.Sent.From), {T: sent}, p.nameSpan(it.Sent.To), {T: "  " + it.Sent.Says}}
}

func (p *place) nameSpan(name string) span {
	if i := slices.Index(p.Branch().Header().Instances, name); i >= 0 {
		return span{T: name, Instance: &i}
	}
	return span{T: name, Client: 1}
}

// stage is where messages travel, and when.
type stage struct {
	NowNs trace.Time `json:"now_ns"`
	Cut   [][2]int   `json:"cut"`
}

// flight is how a message or a call is on its way.
type flight struct {
	From   string      `json:"from"`
	To     string      `json:"to"`
	Label  string      `json:"label"`
	Kind   string      `json:"kind"`
	SentNs trace.Time  `json:"sent_ns"`
	DueNs  *trace.Time `json:"due_ns"`
	Fate   string      `json:"fate"`
}

func (p *place) stage() *stage {
	b, w := p.Branch(), p.Now().World()
	s := &stage{Cut: [][2]int{}}
	if p.At() > 0 {
		s.NowNs = b.Event(p.At()).At
	}
	for i := range b.Header().Instances {
		for k := i + 1; k < len(b.Header().Instances); k++ {
			if w.CutOff(protocol.Position(i)).Has(protocol.Position(k)) || w.CutOff(protocol.Position(k)).Has(protocol.Position(i)) {
				s.Cut = append(s.Cut, [2]int{i, k})
			}
		}
	}
	return s
}

// flight is how something is on its way; nil for a timer.
func (p *place) flight(it *session.Item) *flight {
	if it.Sent.Says == "" {
		return nil
	}
	what := &it.Of
	f := &flight{From: strings.TrimPrefix(it.Sent.From, "the "), To: strings.TrimPrefix(it.Sent.To, "the "), Label: it.Sent.Says, Kind: "client", Fate: "arrives"}
	if it.Decision.Kind == sim.DeliverMessage {
		f.Kind = map[bool]string{true: "yes", false: "no"}[what.Message.Yes]
		if what.Message.Kind.IsRequest() {
			f.Kind = "request"
		}
		if what.Copy > 0 {
			f.Fate = "copy"
		}
	}
	if what.Cause > 0 {
		f.SentNs = p.Branch().Event(what.Cause).At
	}
	if it.Timed {
		f.DueNs = &it.Due
		if it.Lost {
			f.Fate = "lost"
		}
	}
	return f
}

type drawing struct {
	SVG   string `json:"svg"`
	First int    `json:"first"`
	Last  int    `json:"last"`
}

// picture tells drawings apart.
type picture struct {
	branch      *session.Branch
	first, last int
	end         int // what is known of the run
}

// mostOfPicture is how many events a picture to be copied has at most.
const mostOfPicture = 2_000

// picture draws the events in sight. It does not say where one is, so that it stays the
// same from one event to the next.
func (p *place) picture(first, last int) *drawing {
	text := p.run.text(picture{p.Branch(), first, last, p.Limit()}, func() string {
		return written(&render.Sheet{Scene: p.scene(first, last), Bare: true, About: "Space-time picture: a lane for each instance and client, time growing downwards."})
	})
	return &drawing{text, first, last}
}

// scene lays out some events.
func (p *place) scene(first, last int) *render.Scene {
	b, d := p.Branch(), p.Diagram()
	d.Actors = render.ActorsOf(d.Header, b)
	return d.Lay(render.Window{First: first, Rows: last - first + 1, Before: b.Standing(first - 1)})
}

func written(s *render.Sheet) string {
	var b strings.Builder
	if err := s.WriteSVG(&b); err != nil {
		panic(err) // nothing can go wrong in memory
	}
	return b.String()
}

func (p *place) wholePicture() string {
	b, s := p.Branch(), p.Branch().Scenario()
	end := min(p.Limit(), mostOfPicture)
	sheet := render.Sheet{
		Scene: p.scene(1, end), Title: s.Title, At: p.At(),
		Subtitle: "edition " + s.Setting() + " · " + strconv.Itoa(len(s.Cluster.Instances)) + " instances · seed " + strconv.FormatUint(s.Seed, 10),
		About:    "A space-time diagram: a lane for each instance and client, time growing downwards, messages as arrows.",
		Notes: func(event int) (list []render.Note) {
			for _, v := range check.BrokenBy(event, b.Judge()) {
				list = append(list, render.Note{Head: v.Property, Text: v.Why.String()})
			}
			return list
		},
	}
	return written(&sheet)
}
