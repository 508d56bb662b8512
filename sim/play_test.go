package sim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"skinny/protocol"
	"skinny/sim/trace"
)

// tester is what *testing.T and *rapid.T have in common.
type tester interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// play is a run that a test describes in words.
type play struct {
	t         tester
	cluster   Cluster
	timetable Timetable
	log       trace.Log
	world     *World
	ending    Ending
}

// newPlay is a cluster a, b, c ... with increments 1, 2, 3 ..., 10 ms on every
// link, the default timeout, and nothing that is left to chance.
func newPlay(t tester, edition string, size int) *play {
	t.Helper()
	found, ok := protocol.EditionByName(edition)
	if !ok {
		t.Fatalf("there is no edition %q", edition)
	}
	p := &play{t: t, cluster: Cluster{Rules: found.Rules, Holders: []string{"alice", "bob", "carol", "dave"}}}
	for i := range size {
		p.cluster.Instances = append(p.cluster.Instances, Instance{
			Name: letter(i), Increment: protocol.ID(i + 1), Timeout: DefaultTimeout,
		})
	}
	p.timetable = Timetable{Seed: 1, Budget: 100_000, Links: make([]Link, size*size)}
	for i := range p.timetable.Links {
		p.timetable.Links[i].Latency = Range{10 * trace.Millisecond, 10 * trace.Millisecond}
	}
	return p
}

func letter(i int) string { return string(rune('a' + i)) }

// link is the link between two instances.
func (p *play) link(from, to string) *Link {
	return &p.timetable.Links[int(p.at(from))*p.cluster.Size()+int(p.at(to))]
}

func (p *play) at(name string) protocol.Position { return protocol.Position(name[0] - 'a') }

func (p *play) set(names string) (set protocol.Set) {
	for _, name := range names {
		set = set.With(protocol.Position(name - 'a'))
	}
	return set
}

// timed runs a timeline, one "time what" a line, to its end.
func (p *play) timed(timeline string) *play {
	p.t.Helper()
	for words := range lines(timeline) {
		d := p.decision(words[1:])
		d.At = p.time(words[0])
		p.timetable.Timeline = append(p.timetable.Timeline, d)
	}
	s := NewTimed(&p.cluster, &p.timetable)
	s.world.Observe(&p.log)
	p.ending, p.world = s.Run(), &s.world
	return p
}

// scheduled runs a list of decisions, one a line.
func (p *play) scheduled(decisions string, settle bool) *play {
	p.t.Helper()
	schedule := &Schedule{Settle: settle, Budget: 100_000}
	for words := range lines(decisions) {
		at, timed := strings.CutPrefix(words[0], "@")
		if timed {
			words = words[1:]
		}
		d := p.decision(words)
		if timed {
			d.At, d.Timed = p.time(at), true
		}
		schedule.Decisions = append(schedule.Decisions, d)
	}
	s := NewScheduled(&p.cluster, schedule)
	s.world.Observe(&p.log)
	p.ending, p.world = s.Run(), &s.world
	return p
}

// lines yields the words of each line that has some.
func lines(text string) func(func([]string) bool) {
	return func(yield func([]string) bool) {
		for line := range strings.Lines(text) {
			if words := strings.Fields(line); len(words) > 0 && !yield(words) {
				return
			}
		}
	}
}

func (p *play) time(s string) trace.Time {
	d, err := time.ParseDuration(s)
	if err != nil {
		p.t.Fatalf("%v", err)
	}
	return trace.Time(d)
}

var kindsByWord = map[string]DecisionKind{
	"acquire": InvokeOperation, "release": InvokeOperation, "status": InvokeOperation,
	"crash": CrashInstance, "restart": RestartInstance, "pause": PauseInstance, "resume": ResumeInstance,
	"wipe": WipeInstance, "tear": TearInstance, "isolate": IsolateInstance, "rejoin": RejoinInstance, "cut": CutLink, "mend": MendLink,
	"partition": SetPartition, "unite": EndPartition, "heal": HealEverything,
	"deliver": DeliverMessage, "drop": DropMessage, "duplicate": CopyMessage, "refuse": RefuseMessage,
	"call": DeliverCall, "answer": DeliverAnswer, "give-up": FireGiveUp,
	"timeout": FireDeadline, "wake": FireWake, "work": FireWork,
}

// decision reads, for example, "acquire alice a 200ms", "crash a host-up",
// "partition ab c", "cut a b both" or "deliver commit-request a b 1".
func (p *play) decision(words []string) Decision {
	d := Decision{Kind: kindsByWord[words[0]]}
	rest := append(words[1:], "", "", "", "", "")
	switch d.Kind {
	case NoDecision:
		p.t.Fatalf("no such decision: %s", words[0])
	case InvokeOperation:
		d.Operation = map[string]protocol.OperationKind{
			"acquire": protocol.Acquire, "release": protocol.Release, "status": protocol.Status,
		}[words[0]]
		if d.Operation != protocol.Status {
			d.Holder = p.holder(rest[0])
			rest = rest[1:]
		}
		d.From, d.Timeout = p.at(rest[0]), DefaultClientTimeout
		if rest[1] != "" {
			d.Timeout = p.time(rest[1])
		}
	case DeliverMessage, DropMessage, CopyMessage, RefuseMessage:
		d.Message = p.message(rest[0])
		d.From, d.To = p.at(rest[1]), p.at(rest[2])
		nth, _ := strconv.Atoi(rest[3])
		which, _ := strconv.Atoi(rest[4])
		d.Nth, d.Which = uint32(nth), uint32(which)
	case DeliverCall, DeliverAnswer, FireGiveUp:
		d.Holder = p.holder(rest[0])
	case SetPartition:
		for _, names := range words[1:] {
			d.Groups = append(d.Groups, p.set(names))
		}
	case EndPartition, HealEverything:
	case CutLink, MendLink:
		d.From, d.To, d.Both = p.at(rest[0]), p.at(rest[1]), rest[2] == "both"
	default:
		d.From, d.HostUp = p.at(rest[0]), rest[1] == "host-up"
		number, _ := strconv.Atoi(rest[1])
		d.Number = uint32(number)
	}
	return d
}

func (p *play) holder(name string) protocol.Holder {
	i := slices.Index(p.cluster.Holders, name)
	if i < 0 && name != "nobody" {
		p.t.Fatalf("no such client: %s", name)
	}
	return protocol.Holder(i + 1)
}

func (p *play) message(name string) protocol.MessageKind {
	if name == protocol.Failure.String() {
		return protocol.Failure
	}
	kind, ok := protocol.MessageKindByName(name)
	if !ok {
		p.t.Fatalf("no such message: %s", name)
	}
	return kind
}

// fate adds a rule for single messages: from and to are sets of letters.
func (p *play) fate(kind FateKind, message, from, to string, nth uint32, by trace.Time) *play {
	p.timetable.Fates = append(p.timetable.Fates, Fate{kind, p.message(message), p.set(from), p.set(to), nth, by})
	return p
}

// outcomes says how each operation ended: "acquire alice: acquired alice 40ms".
func (p *play) outcomes() []string {
	var list []string
	for n := 1; n <= p.world.Operations(); n++ {
		o := p.world.Operation(n)
		text := strings.TrimSpace(o.Kind.String()+" "+p.cluster.HolderName(o.Operation.Holder)) + ": " + o.Outcome.String()
		if o.Outcome != protocol.NoOutcome {
			text += fmt.Sprintf(" %s %s", p.cluster.HolderName(o.Holder), milliseconds(o.Answered))
		}
		list = append(list, strings.Join(strings.Fields(text), " "))
	}
	return list
}

// states is the final table: "a 2 (2 bob)".
func (p *play) states() []string {
	var list []string
	for i := range p.world.Instances() {
		s := p.world.Instance(protocol.Position(i)).State
		list = append(list, fmt.Sprintf("%s %d (%d %s)", letter(i), s.Promised, s.Accepted.ID, p.cluster.HolderName(s.Accepted.Holder)))
	}
	return list
}

func milliseconds(t trace.Time) string {
	return strconv.FormatFloat(float64(t)/float64(trace.Millisecond), 'f', -1, 64) + "ms"
}

// events lists the events of some kinds, or all, as short lines.
func (p *play) events(kinds ...trace.Kind) []string {
	var list []string
	for i := range p.log.Events {
		if e := &p.log.Events[i]; len(kinds) == 0 || slices.Contains(kinds, e.Kind) {
			list = append(list, p.line(e))
		}
	}
	return list
}

// line is an event as words, for example
// "10ms lose a-c commit-request 1 #1 cut-at-arrival".
func (p *play) line(e *trace.Event) string {
	words := []string{milliseconds(e.At), e.Kind.String()}
	say := func(format string, values ...any) { words = append(words, fmt.Sprintf(format, values...)) }
	ends := ""
	if e.Instance != trace.None {
		ends = letter(int(e.Instance))
	}
	if e.Peer != trace.None {
		ends += "-" + letter(int(e.Peer))
	}
	say("%s", ends)
	if o := e.Operation; o.Kind != protocol.NoOperation {
		say("%s %s", o.Kind, p.cluster.HolderName(o.Holder))
	}
	if m := e.Message; m.Kind != protocol.NoMessage {
		say("%s %d", m.Kind, m.ID)
		if e.Nth != 0 {
			say("#%d", e.Nth)
		}
		if e.Copy {
			say("copy")
		}
		if m.Kind == protocol.PromiseResponse || m.Kind == protocol.CommitResponse {
			say("%s", map[bool]string{true: "yes", false: "no"}[m.Yes])
		}
	}
	if e.Outcome != protocol.NoOutcome {
		say("%s %s", e.Outcome, p.cluster.HolderName(e.Holder))
	}
	if e.Try != 0 {
		say("try %d", e.Try)
	}
	say("%s", e.Reason)
	return strings.Join(strings.Fields(strings.Join(words, " ")), " ")
}

// expect compares lists of lines.
func (p *play) expect(what string, got []string, want ...string) *play {
	p.t.Helper()
	if !slices.Equal(got, want) {
		p.t.Errorf("%s\n got:\n\t%s\nwant:\n\t%s", what, strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
	return p
}

// digest is the digest of what the log holds.
func (p *play) digest() string {
	w := trace.NewHash(p.cluster.Header())
	for i := range p.log.Events {
		w.Observe(&p.log.Events[i])
	}
	return w.Digest()
}

func ruleNamed(name string) protocol.Rules {
	rule, ok := protocol.RuleByName(name)
	if !ok {
		panic("no such rule: " + name)
	}
	return rule.Rule
}

// countFree is the number of free slots of the world's table.
func countFree(w *World) int {
	n := 0
	for r := w.table.free; r != noRef; r = w.table.items[r].next {
		if n++; w.table.items[r].place != nowhere || n > len(w.table.items) {
			panic("sim: the list of free slots is broken")
		}
	}
	return n
}
