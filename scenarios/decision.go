package scenarios

import (
	"strings"

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

// verb is a row of the table of decisions: the words that one begins with, and the
// operands that follow. By it schedules and timelines are read and written, and names
// are put in place of numbers and numbers in place of names.
type verb struct {
	name      string // one word, or two where the second one makes it another kind
	kind      sim.DecisionKind
	operation protocol.OperationKind // InvokeOperation
	operands  []*operand
	usage     string // of all decisions with this first word; "" for the others
	about     string // what it does, in one sentence; likewise
}

// decidable is the messages that a schedule decides about. A failure is the news,
// on its way back, that a call found no process.
var decidable = append(append([]protocol.MessageKind(nil), allKinds...), protocol.Failure)

// verbs has a row for every kind of decision.
var verbs = []verb{
	{"acquire", sim.InvokeOperation, protocol.Acquire, []*operand{caller, via, patience},
		"acquire HOLDER via a [timeout 5s]", "a client asks an instance for the lock"},
	{"release", sim.InvokeOperation, protocol.Release, []*operand{caller, via, patience},
		"release HOLDER via a [timeout 5s]", "a client gives the lock back"},
	{"status", sim.InvokeOperation, protocol.Status, []*operand{instance, patience},
		"status a [timeout 5s]", "an operator reads an instance"},
	{"deliver", sim.DeliverMessage, 0, []*operand{message(decidable), oneWay, nth},
		"deliver KIND a -> c [#N[/W]], or: deliver call|answer HOLDER [#OP]", "a message arrives"},
	{"deliver call", sim.DeliverCall, 0, []*operand{whose}, "", ""},
	{"deliver answer", sim.DeliverAnswer, 0, []*operand{whose}, "", ""},
	{"drop", sim.DropMessage, 0, []*operand{message(decidable), oneWay, nth},
		"drop KIND a -> c [#N[/W]]", "a message is lost"},
	{"duplicate", sim.CopyMessage, 0, []*operand{message(decidable), oneWay, nth},
		"duplicate KIND a -> c [#N[/W]]", "a copy of a message is made"},
	{"refuse", sim.RefuseMessage, 0, []*operand{message(requestKinds), oneWay, nth},
		"refuse KIND a -> c [#N[/W]]", "a call fails at once: connection refused"},
	{"timeout", sim.FireDeadline, 0, []*operand{instance},
		"timeout a", "every unanswered call of an instance's running phase fails"},
	{"wake", sim.FireWake, 0, []*operand{instance, number},
		"wake a [#OP]", "the retry after a backoff begins"},
	{"finish", sim.FireWork, 0, []*operand{instance},
		"finish a", "an instance that has worked on a promise request (promise-delay) answers it"},
	{"give-up", sim.FireGiveUp, 0, []*operand{whose},
		"give-up HOLDER [#OP], or: give-up #OP", "a client stops waiting for its answer"},
	{"crash", sim.CrashInstance, 0, []*operand{instance, host},
		"crash a [host up|down]", "an instance's process ends"},
	{"restart", sim.RestartInstance, 0, []*operand{instance},
		"restart a", "an instance's process starts again, with or without its state: the rule durable"},
	{"pause", sim.PauseInstance, 0, []*operand{instance},
		"pause a", "an instance freezes: what arrives waits"},
	{"resume", sim.ResumeInstance, 0, []*operand{instance},
		"resume a", "a frozen instance goes on"},
	{"isolate", sim.IsolateInstance, 0, []*operand{instance},
		"isolate a", "an instance is cut from its peers, not from its clients; heal ends it"},
	{"cut", sim.CutLink, 0, []*operand{link},
		"cut a -> b, or both ways: cut a <-> b", "a link loses everything, one way or both; mend ends it"},
	{"mend", sim.MendLink, 0, []*operand{link},
		"mend a -> b, or both ways: mend a <-> b", "a link that was cut works again, one way or both"},
	{"partition", sim.SetPartition, 0, []*operand{groups},
		"partition a b | c", "messages pass only within each group, and an instance in none is alone; heal ends it"},
	{"heal", sim.RejoinInstance, 0, []*operand{instance},
		"heal a, or: heal partition, or: heal all", "an isolated instance is back, the partitions end, or all that was cut works again"},
	{"heal partition", sim.EndPartition, 0, nil, "", ""},
	{"heal all", sim.HealEverything, 0, nil, "", ""},
}

// verb finds the row of the decision.
func (d *Decision) verb() *verb {
	for i := range verbs {
		if v := &verbs[i]; v.kind == d.Kind && v.operation == d.Operation {
			return v
		}
	}
	panic("scenarios: a decision of no kind")
}

// verbOf finds a row by its name, or nil.
func verbOf(name string) *verb {
	for i := range verbs {
		if verbs[i].name == name {
			return &verbs[i]
		}
	}
	return nil
}

// set makes a decision one of this row.
func (v *verb) set(d *Decision) { d.Kind, d.Operation = v.kind, v.operation }

// Verb is a word that a decision in a schedule begins with.
type Verb struct {
	Name  string
	Usage string // the whole decision: "deliver KIND a -> c [#N]"
	About string // what it does, in one sentence
}

// Verbs lists what decisions can begin with.
func Verbs() []Verb {
	var list []Verb
	for _, v := range verbs {
		if v.usage != "" {
			list = append(list, Verb{v.name, v.usage, v.about})
		}
	}
	return list
}

func verbNames() []string {
	var names []string
	for _, v := range Verbs() {
		names = append(names, v.Name)
	}
	return names
}

// String is the decision in words, as a schedule has it.
func (d *Decision) String() string {
	if d.At.Given {
		return "@" + FormatTime(d.At.Value) + " " + d.phrase()
	}
	return d.phrase()
}

// phrase is the decision without its time.
func (d *Decision) phrase() string {
	v := d.verb()
	text := v.name
	for _, o := range v.operands {
		if words := o.write(d); words != "" {
			text += " " + words
		}
	}
	return text
}

// timelineEntry is one thing that happens at a time.
var timelineEntry = func() form.Union[Decision] {
	u := form.Union[Decision]{Name: "an entry of the timeline"}
	for i := range verbs {
		v := &verbs[i]
		if v.kind < sim.InvokeOperation || v.usage == "" {
			continue
		}
		u.Variants = append(u.Variants, form.Variant[Decision]{
			Head: v.name,
			Is:   func(d *Decision) bool { return strings.Fields(d.verb().name)[0] == v.name },
			Form: v.form,
		})
	}
	return u
}()

// form is an entry of a timeline: its time, its head, which is the verb with the
// first operand, and a key for each of the others.
func (v *verb) form(d *Decision) form.Form {
	if d.Kind == sim.NoDecision {
		v.set(d)
	}
	about := strings.ToUpper(v.about[:1]) + v.about[1:] + "."
	fields := []form.Field{form.Key("at", "When, from the start of the run.", &d.At, duration).Must()}
	for i, o := range v.operands {
		switch {
		case i > 0:
			fields = append(fields, o.key("", "", d))
		case v.kind == sim.RejoinInstance:
			fields = append(fields, healed(v, about, d).Must())
		default:
			fields = append(fields, o.key(v.name, about, d).Must())
		}
	}
	return form.Form{Name: "`" + v.name + "`", Doc: about, Flow: true, Fields: fields, Place: &d.Place}
}
