package sim

import (
	"skinny/protocol"
	"skinny/sim/trace"
)

// DecisionKind tells decisions apart.
type DecisionKind uint8

// What can be decided. The first group needs something pending that Decision
// names; the second is possible at any time.
const (
	NoDecision DecisionKind = iota

	DeliverMessage // Message, From, To, Nth, Which
	DropMessage    // likewise
	CopyMessage    // likewise
	RefuseMessage  // likewise, a request
	DeliverCall    // Number, or Holder's oldest
	DeliverAnswer  // likewise
	FireGiveUp     // likewise
	FireDeadline   // At the instance From
	FireWake       // From; Number, or its oldest
	FireWork       // From

	InvokeOperation // Operation, Holder, From is the instance called, Timeout
	CrashInstance   // From, HostUp
	RestartInstance // From
	PauseInstance   // From
	ResumeInstance  // From
	IsolateInstance // From
	RejoinInstance  // From
	CutLink         // From, To, Both
	MendLink        // likewise
	SetPartition    // Groups
	EndPartition
	HealEverything
)

// Decision is one choice of what happens next. Decisions name things by what they
// are, not by where a world keeps them, so they mean the same in every run that
// has come to the same point.
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

// Do carries out a decision that is possible at any time. It reports false, and
// does nothing, if the decision needs something pending.
func (w *World) Do(d *Decision) bool {
	switch d.Kind {
	case InvokeOperation:
		w.Invoke(d.Operation, d.Holder, d.From, d.Timeout)
	case CrashInstance:
		w.Crash(d.From, d.HostUp)
	case RestartInstance:
		w.Restart(d.From)
	case PauseInstance:
		w.Pause(d.From)
	case ResumeInstance:
		w.Resume(d.From)
	case IsolateInstance:
		w.Isolate(d.From)
	case RejoinInstance:
		w.Rejoin(d.From)
	case CutLink, MendLink:
		w.cutOrMend(d)
	case SetPartition:
		w.Partition(d.Groups)
	case EndPartition:
		w.Unite()
	case HealEverything:
		w.HealAll()
	default:
		return false
	}
	return true
}

func (w *World) cutOrMend(d *Decision) {
	change := w.Cut
	if d.Kind == MendLink {
		change = w.Mend
	}
	change(d.From, d.To)
	if d.Both {
		change(d.To, d.From)
	}
}

// Find returns the pending item that a decision names, the oldest of several.
func (w *World) Find(d *Decision) (Ref, bool) {
	which := max(d.Which, 1)
	var last uint64
	for {
		r := w.oldest(last, func(i *Item) bool { return d.names(i, w) })
		if r == noRef {
			return noRef, false
		}
		if which--; which == 0 {
			return r, true
		}
		last = w.table.items[r].Seq
	}
}

// oldest returns the oldest pending item after the given age that is wanted.
func (w *World) oldest(after uint64, want func(*Item) bool) Ref {
	found := noRef
	for r := range w.table.items {
		i := &w.table.items[r]
		if i.place == pending && i.Seq > after && want(i) &&
			(found == noRef || i.Seq < w.table.items[found].Seq) {
			found = Ref(r)
		}
	}
	return found
}

// names reports whether the decision may be about this item.
func (d *Decision) names(i *Item, w *World) bool {
	switch d.Kind {
	case DeliverMessage, DropMessage, CopyMessage, RefuseMessage:
		m := &i.Message
		return i.Kind == MessageItem && m.Kind == d.Message && m.From == d.From && m.To == d.To &&
			(d.Nth == 0 || d.Nth == i.Nth)
	case DeliverCall:
		return i.Kind == CallItem && d.isOperation(i, w)
	case DeliverAnswer:
		return i.Kind == AnswerItem && d.isOperation(i, w)
	case FireGiveUp:
		return i.Kind == GiveUpItem && d.isOperation(i, w)
	case FireDeadline:
		return i.Kind == DeadlineItem && i.Instance == d.From
	case FireWake:
		return i.Kind == WakeItem && i.Instance == d.From && (d.Number == 0 || d.Number == i.Op)
	case FireWork:
		return i.Kind == WorkItem && i.Instance == d.From
	}
	return false
}

func (d *Decision) isOperation(i *Item, w *World) bool {
	o := &w.ops[i.Op-1]
	return o.Holder == d.Holder && (d.Number == 0 || d.Number == i.Op)
}

// Name returns the decision of this kind about a pending item. The kind is one of
// the message decisions for a message, and ignored for everything else.
func (w *World) Name(r Ref, kind DecisionKind) Decision {
	i := &w.table.items[r]
	d := Decision{From: i.Instance, Number: i.Op}
	switch i.Kind {
	case MessageItem:
		m := &i.Message
		d = Decision{Kind: kind, Message: m.Kind, From: m.From, To: m.To, Nth: i.Nth, Which: 1}
		for other := range w.table.items {
			o := &w.table.items[other]
			if o.place == pending && o.Seq < i.Seq && d.names(o, w) {
				d.Which++
			}
		}
		return d
	case DeadlineItem:
		d.Kind = FireDeadline
		d.Number = 0
	case WakeItem:
		d.Kind = FireWake
	case WorkItem:
		d.Kind = FireWork
	case CallItem:
		d.Kind = DeliverCall
	case AnswerItem:
		d.Kind = DeliverAnswer
	case GiveUpItem:
		d.Kind = FireGiveUp
	}
	if i.Op != 0 {
		d.Holder = w.ops[i.Op-1].Holder
	}
	return d
}

// Take carries out any decision. It reports false, and does nothing, if what the
// decision names is not pending.
func (w *World) Take(d *Decision) bool {
	if w.Do(d) {
		return true
	}
	r, ok := w.Find(d)
	if !ok || d.Kind == RefuseMessage && !d.Message.IsRequest() {
		return false
	}
	switch d.Kind {
	case DropMessage:
		w.Drop(r)
	case CopyMessage:
		w.Duplicate(r)
	case RefuseMessage:
		w.Refuse(r)
	default:
		w.Deliver(r)
	}
	return true
}

// Possible lists what the pending items allow, oldest first: one decision for
// each, to deliver the message or let the timer fire.
func (w *World) Possible() []Decision {
	var list []Decision
	var last uint64
	for {
		r := w.oldest(last, func(*Item) bool { return true })
		if r == noRef {
			return list
		}
		list = append(list, w.Name(r, DeliverMessage))
		last = w.table.items[r].Seq
	}
}
