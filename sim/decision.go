package sim

import (
	"skinny/protocol"
	"skinny/sim/trace"
)

// DecisionKind tells decisions apart. Everything there is to know of a kind is its row
// in the table of this file: code elsewhere asks the table and does not list kinds.
type DecisionKind uint8

// What can be decided: first what needs something pending, then what is possible at
// any time.
const (
	NoDecision DecisionKind = iota

	DeliverMessage
	DropMessage
	CopyMessage
	RefuseMessage
	DeliverCall
	DeliverAnswer
	FireGiveUp
	FireDeadline
	FireWake
	FireWork

	InvokeOperation
	CrashInstance
	RestartInstance
	PauseInstance
	ResumeInstance
	IsolateInstance
	RejoinInstance
	CutLink
	MendLink
	SetPartition
	EndPartition
	HealEverything
	WipeInstance
	TearInstance

	decisionKinds // how many there are
)

// Operands is the set of the fields of a Decision that its kind uses. The others mean
// nothing, At and Timed excepted, which every kind has.
type Operands uint16

// The operands, in the order in which they are written.
const (
	WithMessage  Operands = 1 << iota // Message, Nth and Which; never without WithInstance and WithPeer
	WithCall                          // Operation and Timeout; Holder too, unless it is a status
	WithClient                        // Holder: whose operation it is; Free with a Number says no client
	WithInstance                      // From: the instance, or the sender
	WithPeer                          // To: the receiver
	WithBoth                          // Both: the link in both directions
	WithHost                          // HostUp
	WithNumber                        // Number: of the operation; 0 is whichever is oldest
	WithGroups                        // Groups
)

// kindRow is what there is to know of a kind of decision.
type kindRow struct {
	name     string // the words that the decision begins with
	operands Operands
	fault    bool // what no run has by itself: something is lost, copied, broken or mended

	// Of what needs something pending: its kind, and what is done with it.
	pending ItemKind
	request bool // it has to be a request
	take    func(*World, Ref)

	// Of what is possible at any time.
	do func(*World, Decision)
}

var kindRows = [decisionKinds]kindRow{
	DeliverMessage: {name: "deliver", operands: WithMessage | WithInstance | WithPeer, pending: MessageItem, take: (*World).Deliver},
	DropMessage:    {name: "drop", operands: WithMessage | WithInstance | WithPeer, pending: MessageItem, take: (*World).Drop, fault: true},
	CopyMessage:    {name: "duplicate", operands: WithMessage | WithInstance | WithPeer, pending: MessageItem, take: (*World).Duplicate, fault: true},
	RefuseMessage:  {name: "refuse", operands: WithMessage | WithInstance | WithPeer, pending: MessageItem, take: (*World).Refuse, fault: true, request: true},
	DeliverCall:    {name: "deliver call", operands: WithClient | WithNumber, pending: CallItem, take: (*World).Deliver},
	DeliverAnswer:  {name: "deliver answer", operands: WithClient | WithNumber, pending: AnswerItem, take: (*World).Deliver},
	FireGiveUp:     {name: "give-up", operands: WithClient | WithNumber, pending: GiveUpItem, take: (*World).Deliver},
	FireDeadline:   {name: "timeout", operands: WithInstance, pending: DeadlineItem, take: (*World).Deliver},
	FireWake:       {name: "wake", operands: WithInstance | WithNumber, pending: WakeItem, take: (*World).Deliver},
	FireWork:       {name: "finish", operands: WithInstance, pending: WorkItem, take: (*World).Deliver},

	// The words of a call begin with those of its operation: see Decision.Verb.
	InvokeOperation: {name: "call", operands: WithCall | WithClient | WithInstance, do: func(w *World, d Decision) {
		w.Invoke(d.Operation, d.Holder, d.From, d.Timeout)
	}},

	CrashInstance: {name: "crash", operands: WithInstance | WithHost, fault: true, do: func(w *World, d Decision) {
		w.Crash(d.From, d.HostUp)
	}},
	RestartInstance: {name: "restart", operands: WithInstance, fault: true, do: at((*World).Restart)},
	PauseInstance:   {name: "pause", operands: WithInstance, fault: true, do: at((*World).Pause)},
	ResumeInstance:  {name: "resume", operands: WithInstance, fault: true, do: at((*World).Resume)},
	IsolateInstance: {name: "isolate", operands: WithInstance, fault: true, do: at((*World).Isolate)},
	RejoinInstance:  {name: "heal", operands: WithInstance, fault: true, do: at((*World).Rejoin)},
	CutLink:         {name: "cut", operands: WithInstance | WithPeer | WithBoth, fault: true, do: link((*World).Cut)},
	MendLink:        {name: "mend", operands: WithInstance | WithPeer | WithBoth, fault: true, do: link((*World).Mend)},
	SetPartition:    {name: "partition", operands: WithGroups, fault: true, do: func(w *World, d Decision) { w.Partition(d.Groups) }},
	EndPartition:    {name: "heal partition", fault: true, do: func(w *World, _ Decision) { w.Unite() }},
	HealEverything:  {name: "heal all", fault: true, do: func(w *World, _ Decision) { w.HealAll() }},
	WipeInstance:    {name: "wipe", operands: WithInstance, fault: true, do: at((*World).Wipe)},
	TearInstance: {name: "torn", operands: WithInstance | WithHost, fault: true, do: func(w *World, d Decision) {
		w.Tear(d.From, d.HostUp)
	}},
}

func at(change func(*World, protocol.Position)) func(*World, Decision) {
	return func(w *World, d Decision) { change(w, d.From) }
}

func link(change func(w *World, from, to protocol.Position)) func(*World, Decision) {
	return func(w *World, d Decision) {
		change(w, d.From, d.To)
		if d.Both {
			change(w, d.To, d.From)
		}
	}
}

// String is the words that a decision of this kind begins with in a schedule:
// "deliver call", "heal partition". Those of an InvokeOperation are its operation's:
// see [Decision.Verb].
func (k DecisionKind) String() string { return kindRows[k].name }

// Has reports whether decisions of this kind have all the operands in a set.
func (k DecisionKind) Has(o Operands) bool { return kindRows[k].operands&o == o }

// Pending is the kind of item that decisions of this kind need, or NoItem.
func (k DecisionKind) Pending() ItemKind { return kindRows[k].pending }

// AnyTime reports whether decisions of this kind need nothing pending.
func (k DecisionKind) AnyTime() bool { return kindRows[k].do != nil }

// AllowsMessage reports whether a decision of this kind can be about messages of a kind:
// only the call of a request can be refused.
func (k DecisionKind) AllowsMessage(m protocol.MessageKind) bool {
	return k.Has(WithMessage) && (!kindRows[k].request || m.IsRequest())
}

// IsFault reports whether decisions of this kind are what no run does by itself: a
// message is lost, copied or refused, something breaks or is mended.
func (k DecisionKind) IsFault() bool { return kindRows[k].fault }

// AllDecisionKinds lists the kinds, in the order of their constants.
func AllDecisionKinds() []DecisionKind {
	var list []DecisionKind
	for k := NoDecision + 1; k < decisionKinds; k++ {
		list = append(list, k)
	}
	return list
}

// Decision is one choice of what happens next. Decisions name things by what they
// are, not by where a world keeps them, so they mean the same in every run that
// has come to the same point. Which fields count is a matter of the kind: see
// [DecisionKind.Has].
type Decision struct {
	At    trace.Time // when, if Timed
	Timed bool

	Kind    DecisionKind
	Both    bool // a link in both directions
	HostUp  bool
	From    protocol.Position // the instance, or the sender
	To      protocol.Position // the receiver
	Message protocol.MessageKind
	Nth     uint32 // the message's number; 0: whichever is oldest
	Which   uint32 // among several pending with this number, the oldest is 1; 0 means 1

	Operation protocol.OperationKind
	Holder    protocol.Holder
	Number    uint32 // the operation's number; 0: whichever is oldest
	Timeout   trace.Time

	Groups []protocol.Set
}

// Verb is the words that the decision begins with: its kind's, or the name of its operation.
func (d *Decision) Verb() string {
	if d.Kind.Has(WithCall) {
		return d.Operation.String()
	}
	return d.Kind.String()
}

// Remap says what becomes of what decisions are about when instances or clients go away or
// get other numbers. A function that is nil changes nothing; one that reports false says
// that it is gone.
type Remap struct {
	Instance func(protocol.Position) (protocol.Position, bool)
	Holder   func(protocol.Holder) (protocol.Holder, bool)
}

// Remap is the decision where instances and clients have changed. It
// reports false if the decision is about one that is gone. A partition keeps those of
// its groups that somebody is left of; if that is none, everybody is alone in it.
func (d Decision) Remap(m Remap) (Decision, bool) {
	here := true
	if d.Kind.Has(WithInstance) {
		here = replace(&d.From, m.Instance)
	}
	if d.Kind.Has(WithPeer) {
		here = replace(&d.To, m.Instance) && here
	}
	if d.Kind.Has(WithClient) && d.Holder != protocol.Free {
		here = replace(&d.Holder, m.Holder) && here
	}
	if d.Kind.Has(WithGroups) {
		d.Groups = remapGroups(d.Groups, m.Instance)
	}
	return d, here
}

// replace puts what becomes of a value in its place, and reports whether it is still there.
func replace[T any](value *T, becomes func(T) (T, bool)) bool {
	if becomes == nil {
		return true
	}
	v, here := becomes(*value)
	*value = v
	return here
}

func remapGroups(groups []protocol.Set, becomes func(protocol.Position) (protocol.Position, bool)) []protocol.Set {
	if becomes == nil {
		return groups
	}
	var list []protocol.Set
	for _, g := range groups {
		if g = RemapSet(g, becomes); g != 0 {
			list = append(list, g)
		}
	}
	if list == nil {
		list = []protocol.Set{1} // alone, with or without a group
	}
	return list
}

// RemapSet is what becomes of a set of instances, without those that are gone.
func RemapSet(set protocol.Set, becomes func(protocol.Position) (protocol.Position, bool)) protocol.Set {
	var remapped protocol.Set
	for ; set != 0; set = set.Without(set.First()) {
		if p, here := becomes(set.First()); here {
			remapped = remapped.With(p)
		}
	}
	return remapped
}
