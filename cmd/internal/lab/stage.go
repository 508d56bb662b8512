// Package lab is where people write their own instance of Skinny, in any language, stage
// by stage: what each stage asks for, the files to begin with, and what judges it.
package lab

import (
	"fmt"
	"slices"
	"strconv"

	"skinny/cmd/internal/report"
	"skinny/protocol"
	"skinny/scenarios/form"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/swarm"
	"skinny/sim/trace"
)

// Stage is one step on the way to an instance of one's own.
type Stage struct {
	Name      string
	Title     string
	Task      string   // what is to be done, in some sentences
	Hint      string   // for whoever fails
	Scenarios []string // bundled ones, the first to watch it in
	All       bool     // programs play all instances, not c alone

	row     *check.Property
	profile string
	knobs   map[swarm.Knob]swarm.Span // that differ from the profile
	seeds   uint64

	searches bool // every order of events of the first scenario
}

// What seeds vary, where it is not all that their profile has.
var (
	few = map[swarm.Knob]swarm.Span{swarm.Instances: {Low: 3, High: 5}}

	// Nothing comes too late, and nothing twice.
	orderly = map[swarm.Knob]swarm.Span{
		swarm.Instances: {Low: 3, High: 5}, swarm.Stragglers: {},
		swarm.Timeout: {Low: uint64(sim.DefaultTimeout), High: uint64(sim.DefaultTimeout)},
	}
)

// Player is the instance that the program plays while it does not play all.
const Player = "c"

// LastSeeds is how many seeds the last stage runs.
const LastSeeds = 20_000

var stages = []*Stage{
	{Name: "promise", Title: "Promise", Scenarios: []string{"lab/promise"},
		Task: "A peer asks for a promise: the event promise, with from and id. Answer with promised: yes if the ID is above all that was promised before, and remember it; otherwise no. Status shows what memory calls promised.",
		Hint: "Compare the ID with the highest one that was promised. An equal ID may be somebody else's.",
		row:  promisesRow, profile: "network", seeds: 200},
	{Name: "commit", Title: "Commit", Scenarios: []string{"lab/commit"},
		Task: "A peer asks to accept a holder: the event commit, with from, id and holder. Answer with committed: yes and keep id and holder, unless something higher was promised. Whoever accepts an ID has promised it, too. From now on a promise tells in accepted what was accepted last.",
		Hint: "A promise means: nothing below that ID any more. It does not matter whether the ID of a commit was ever promised, but accepting it raises what is promised.",
		row:  commitsRow, profile: "network", seeds: 200},
	{Name: "propose", Title: "Propose", Scenarios: []string{"lab/propose"},
		Task: "A client asks: acquire, or release. Choose an ID above all that was promised, promise it yourself, and ask the peers for promises, one after the other will do. With a majority, yourself included, ask them to commit: the client as holder, or \"\" for a release. When a majority has accepted, answer acquired or released.",
		Hint: "More than half of all instances, and the instance itself is one of them. What must not be forgotten between two answers has to be in memory: whose operation it is, its ID, who said yes.",
		row:  roundsRow, profile: "none", knobs: orderly, seeds: 200},
	{Name: "learn", Title: "Learn", Scenarios: []string{"lab/learn", "lab/learn-again", "lab/learn-highest", "lab/learn-own"},
		Task: "Promises tell what was accepted. Take up the one with the highest ID, your own included: if somebody holds the lock, commit that holder again under your ID, and answer refused and who it is, or acquired if that is who asks. A release frees the lock only for its holder; for others answer not-released. A lock that is free already is released for anybody.",
		Hint: "Of everything that the promises tell, and of what you have accepted yourself, the highest ID counts, not the first or the last that is heard. The answer follows from the holder that was committed: an acquire has what it wants if that is its client, and a release if that is nobody.",
		row:  learnsRow, profile: "none", knobs: orderly, seeds: 200},
	{Name: "timeouts", Title: "Timeouts", Scenarios: []string{"lab/timeouts", "lab/alone"},
		Task: "Peers may be down. With timer you get a timeout event later; a call that has no answer by then is a no. So is the event failed: nobody is there.",
		Hint: "Ask for the timer in the same answer as for the calls. It does not repeat: each phase, or each call, needs one of its own.",
		row:  answersRow, profile: "none", knobs: orderly, seeds: 200},
	{Name: "all-at-once", Title: "All at once", Scenarios: []string{"lab/all-at-once"},
		Task:    "Ask all peers in one answer instead of one after the other, and count what comes back in any order.",
		Hint:    "Two peers that are down cost one timeout a phase then, not two. A peer that has been counted must not be counted twice.",
		profile: "none", knobs: orderly, seeds: 200},
	{Name: "stop-early", Title: "Stop early", Scenarios: []string{"lab/stop-early", "lab/late-answers"},
		Task:    "End a phase as soon as a majority is certain, yes or no. The answers that are still to come will come all the same: pass over what belongs to an earlier phase or round.",
		Hint:    "Each answer repeats the ID of its request. Compare it, and the phase, with what you are waiting for.",
		profile: "network", knobs: few, seeds: 300},
	{Name: "try-again", Title: "Try again", Scenarios: []string{"lab/try-again"},
		Task: "If a majority does not promise, retry: the operation comes again after a pause, with try one higher. Say in told what you have promised when you refuse, and go on above what refusals told you.",
		Hint: "The next ID has to be above the highest that any refusal told; counting up to it takes a round for each step.",
		row:  tellsRow, profile: "network", knobs: few, seeds: 300},
	{Name: "unknown", Title: "Say what you know", Scenarios: []string{"lab/unknown", "lab/nobody-answers"}, All: true,
		Task:    "Answer acquired, refused, released or not-released only when a majority has accepted that very commit. If it has not, answer unknown: it may take effect or not. After three retries answer unknown as well.",
		Hint:    "The answer follows from the commit and its votes. What the instance has accepted itself is one vote, and no more. And before it accepts its own commit, it has to look whether it has promised something higher meanwhile.",
		profile: "network", knobs: few, seeds: 400},
	{Name: "survive", Title: "Survive", Scenarios: []string{"lab/survive"}, All: true,
		Task:    "A crash takes the memory. What is in disk of an answer is stored before anything of that answer is sent, and comes with the questions. Store what others rely on.",
		Hint:    "Others rely on what was promised and on what was accepted, your own rounds included: an ID is never used again.",
		profile: "crash", knobs: few, seeds: 400},
	{Name: "everything", Title: "Everything", Scenarios: []string{"lab/everything"}, All: true,
		Task:    "Nothing new: 20,000 seeds with everything that can go wrong, and every order of events within small bounds.",
		Hint:    "Follow the causes back from the event where it breaks: skinny run FILE --why N.",
		profile: "all", seeds: LastSeeds, searches: true},
}

// number is the stage's, from 1.
func (s *Stage) number() int { return slices.Index(stages, s) + 1 }

// Stages lists the stages in order.
func Stages() []*Stage { return slices.Clone(stages) }

// ByName finds a stage by its name or its number from 1.
func ByName(name string) (*Stage, bool) {
	for _, s := range stages {
		if s.Name == name || strconv.Itoa(s.number()) == name {
			return s, true
		}
	}
	return nil, false
}

// rows are what the stage and those before it demand of the program's messages.
func (s *Stage) rows() (list []check.Property) {
	for _, passed := range stages[:s.number()] {
		if passed.row != nil {
			list = append(list, *passed.row)
		}
	}
	return list
}

// judged lists the properties that count in seeds: until programs play all instances and
// answer only what they know, those of the lab alone.
func (s *Stage) judged() []string {
	rows := s.rows()
	if s.All {
		rows = append(rows, check.Properties()...)
	}
	return form.Each(rows, func(p check.Property) string { return p.Name })
}

// players has the program play what it plays in this stage.
func (s *Stage) players(p sim.Player) sim.Players {
	if s.All {
		return sim.Players{"": p}
	}
	return sim.Players{Player: p}
}

// setting is what the stage's seeds have in common.
func (s *Stage) setting(p sim.Player) *swarm.Setting {
	profile, _ := swarm.ProfileByName(s.profile)
	knobs := profile.Knobs
	for k, span := range s.knobs {
		knobs[k] = span
	}
	set := &swarm.Setting{Rules: protocol.AllRules, Judges: s.rows(), Players: s.players(p)}
	if s.number() <= 2 { // c is only asked
		set.Rules &^= protocol.UniqueIDs // so that two ask for promises of the same ID
		set.Base, knobs = asking(set.Rules, set.Players, s.number() == 2), knobs.OnBase()
	}
	set.Knobs = knobs
	return set
}

// List prints the stages, with a mark at those that are done, and by what.
func List(p *report.Page, done func(*Stage) (by string, done bool)) {
	for _, s := range Stages() {
		mark := " "
		by, done := done(s)
		if done {
			mark = report.Good.Sprint("✓")
		}
		p.Printf("%s %2d  %s  %s\n", mark, s.number(), report.Bold.Sprint(report.Pad(s.Title, titleWidth)), report.Dim.Sprint("skinny run "+s.Scenarios[0]))
		p.Hang("      ", s.Task)
		if by != "" {
			p.Hang("      ", report.Dim.Sprint("passed last by ")+by)
		}
	}
	p.WriteString("\n")
	p.Hang("", fmt.Sprintf("begin: skinny lab new DIR --lang %s", "python|js|go"))
	p.Hang("judge: ", "skinny lab check DIR")
}

// asking is a base for seeds in which only a and b are called by clients, so that c has
// nothing to do but to answer. Without commits none of theirs reach it.
func asking(rules protocol.Rules, players sim.Players, commits bool) *swarm.Base {
	const names = 4 // of each client
	c := &sim.Cluster{Rules: rules}
	t := &sim.Timetable{Budget: 100_000}
	for p := range 3 {
		c.Instances = append(c.Instances, sim.Instance{Name: swarm.InstanceName(p), Increment: 1, Timeout: sim.DefaultTimeout})
		for range 3 {
			t.Links = append(t.Links, sim.Link{Latency: sim.Range{Low: trace.Millisecond, High: 20 * trace.Millisecond}})
		}
	}
	players.Play(c.Instances)
	for n := range 2 {
		t.Clients = append(t.Clients, sim.Client{
			First: protocol.Holder(len(c.Holders) + 1), Last: protocol.Holder(len(c.Holders) + names), Home: protocol.Position(n),
			Stop: 10 * trace.Second, Operations: 8,
			Think: sim.Range{Low: trace.Millisecond, High: 50 * trace.Millisecond}, Hold: sim.Range{Low: trace.Millisecond, High: 50 * trace.Millisecond},
			Patience: sim.Range{Low: sim.DefaultClientTimeout, High: sim.DefaultClientTimeout},
		})
		for k := range names {
			c.Holders = append(c.Holders, fmt.Sprintf("%s-%d", swarm.ClientName(n), k+1))
		}
	}
	if !commits {
		t.Fates = []sim.Fate{{Kind: sim.DropFate, Message: protocol.CommitRequest, From: protocol.All(2), To: protocol.Set(0).With(2)}}
	}
	return &swarm.Base{Cluster: c, Timetable: t, Stretch: true}
}
