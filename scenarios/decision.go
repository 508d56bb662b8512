package scenarios

import (
	"slices"
	"strings"
	"sync"

	"skinny/protocol"
	"skinny/scenarios/form"
	"skinny/sim"
	"skinny/sim/trace"
)

// Decision is one thing that is made to happen, with names. What it means and
// which fields it needs is said by its Kind; see [sim.Decision].
type Decision struct {
	Kind      sim.DecisionKind
	Operation protocol.OperationKind // InvokeOperation
	Both      bool                   // a link in both directions
	HostUp    bool                   // CrashInstance
	Message   protocol.MessageKind
	Nth       uint32 // the message's number; 0: the oldest
	Which     uint32 // among several with this number; 0: the oldest
	Number    uint32 // the operation's number; 0: the oldest
	At        Opt[trace.Time]
	Instance  Opt[string] // the instance, the sender, the one that a client calls
	To        Opt[string]
	Holder    Opt[string]
	Timeout   Opt[trace.Time] // positive; default: sim.DefaultClientTimeout
	Groups    [][]Opt[string] // SetPartition
	Place     Place
}

// Verb is a word that a decision in a schedule begins with.
type Verb struct {
	Name  string
	Usage string // the whole decision: "deliver KIND a -> c [#N]"
	About string // what it does, in one sentence
}

// verbs says in words what the kinds of decisions are; what they need sim's table says.
var verbs = []Verb{
	{"acquire", "acquire HOLDER via a [timeout 5s]", "a client asks an instance for the lock"},
	{"release", "release HOLDER via a [timeout 5s]", "a client gives the lock back"},
	{"status", "status a [timeout 5s]", "an operator reads an instance"},
	{"deliver", "deliver KIND a -> c [#N[/W]], or: deliver call|answer HOLDER [#OP]", "a message arrives"},
	{"drop", "drop KIND a -> c [#N[/W]]", "a message is lost"},
	{"duplicate", "duplicate KIND a -> c [#N[/W]]", "a copy of a message is made"},
	{"refuse", "refuse KIND a -> c [#N[/W]]", "a call fails at once: connection refused"},
	{"timeout", "timeout a", "every unanswered call of an instance's running phase fails"},
	{"wake", "wake a [#OP]", "the retry after a backoff begins"},
	{"finish", "finish a", "an instance that has worked on a promise request (promise-delay) answers it"},
	{"give-up", "give-up HOLDER [#OP], or: give-up #OP", "a client stops waiting for its answer"},
	{"crash", "crash a [host up|down]", "an instance's process ends"},
	{"restart", "restart a", "an instance's process starts again, with or without its state: the rule durable"},
	{"wipe", "wipe a", "an instance loses its disk, and its process ends: a restart finds nothing"},
	{"torn", "torn a [host up|down]", "an instance crashes and loses what it stored last: a torn write"},
	{"pause", "pause a", "an instance freezes: what arrives waits"},
	{"resume", "resume a", "a frozen instance goes on"},
	{"isolate", "isolate a", "an instance is cut from its peers, not from its clients; heal ends it"},
	{"cut", "cut a -> b, or both ways: cut a <-> b", "a link loses everything, one way or both; mend ends it"},
	{"mend", "mend a -> b, or both ways: mend a <-> b", "a link that was cut works again, one way or both"},
	{"partition", "partition a b | c", "messages pass only within each group, and an instance in none is alone; heal ends it"},
	{"heal", "heal a, or: heal partition, or: heal all", "an isolated instance is back, the partitions end, or all that was cut works again"},
}

// Verbs lists what decisions can begin with.
func Verbs() []Verb { return slices.Clone(verbs) }

var verbNames = sync.OnceValue(func() []string {
	return form.Each(verbs, func(v Verb) string { return v.Name })
})

// row is a kind of decision: the words that it begins with, and the operands behind
// them. By it schedules and timelines are read and written, and names are put in
// place of numbers and numbers in place of names.
type row struct {
	words     string
	kind      sim.DecisionKind
	operation protocol.OperationKind // of a call
	operands  []*operand
}

// rows are all kinds of decisions, as sim's table has them.
var rows = func() (list []row) {
	for _, k := range sim.AllDecisionKinds() {
		if !k.Has(sim.WithCall) {
			list = append(list, row{k.String(), k, protocol.NoOperation, operandsOf(k)})
			continue
		}
		for _, o := range []protocol.OperationKind{protocol.Acquire, protocol.Release, protocol.Status} {
			operands := []*operand{caller, via, patience}
			if o == protocol.Status {
				operands = []*operand{instance, patience}
			}
			list = append(list, row{o.String(), k, o, operands})
		}
	}
	return list
}()

func operandsOf(k sim.DecisionKind) (list []*operand) {
	switch {
	case k.Has(sim.WithMessage):
		return []*operand{message(k), oneWay, nth}
	case k.Has(sim.WithClient):
		return []*operand{whose}
	case k.Has(sim.WithPeer):
		return []*operand{link}
	}
	for _, part := range []struct {
		mask sim.Operands
		*operand
	}{{sim.WithInstance, instance}, {sim.WithHost, host}, {sim.WithNumber, number}, {sim.WithGroups, groups}} {
		if k.Has(part.mask) {
			list = append(list, part.operand)
		}
	}
	return list
}

func (d *Decision) row() *row {
	return &rows[slices.IndexFunc(rows, func(r row) bool { return r.kind == d.Kind && r.operation == d.Operation })]
}

// rowOf finds a row by its words, or nil.
func rowOf(words string) *row {
	at := slices.IndexFunc(rows, func(r row) bool { return r.words == words })
	if at < 0 {
		return nil
	}
	return &rows[at]
}

func (r *row) set(d *Decision) { d.Kind, d.Operation = r.kind, r.operation }

// String is the decision in words, as a schedule has it.
func (d *Decision) String() string {
	if d.At.Given {
		return "@" + FormatTime(d.At.Value) + " " + d.phrase()
	}
	return d.phrase()
}

// phrase is the decision without its time.
func (d *Decision) phrase() string {
	r := d.row()
	text := r.words
	for _, o := range r.operands {
		if words := o.write(d); words != "" {
			text += " " + words
		}
	}
	return text
}

// timelineEntry is one thing that happens at a time.
var timelineEntry = func() form.Union[Decision] {
	u := form.Union[Decision]{Name: "an entry of the timeline"}
	for _, v := range verbs {
		if r := rowOf(v.Name); r.kind.AnyTime() {
			u.Variants = append(u.Variants, form.Variant[Decision]{
				Head: v.Name, Also: map[string]string{"torn": "tear"}[v.Name], // too far from it to be found near
				Is:   func(d *Decision) bool { return strings.Fields(d.row().words)[0] == v.Name },
				Form: func(d *Decision) form.Form { return r.form(v, d) },
			})
		}
	}
	return u
}()

// form is an entry of a timeline: its time, its head, which is the verb with the
// first operand, and a key for each of the others.
func (r *row) form(v Verb, d *Decision) form.Form {
	if d.Kind == sim.NoDecision {
		r.set(d)
	}
	about := strings.ToUpper(v.About[:1]) + v.About[1:] + "."
	head := r.operands[0].key
	if r.kind == sim.RejoinInstance {
		head = healed
	}
	fields := []form.Field{
		form.Key("at", "When, from the start of the run.", &d.At, duration).Must(),
		head(v.Name, about, d).Must(),
	}
	for _, o := range r.operands[1:] {
		fields = append(fields, o.key("", "", d))
	}
	return form.Form{Name: "`" + v.Name + "`", Doc: about, Flow: true, Fields: fields, Place: &d.Place}
}
