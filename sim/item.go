package sim

import (
	"skinny/protocol"
	"skinny/sim/trace"
)

// ItemKind tells apart what can be pending in a world.
type ItemKind uint8

// What can be pending.
const (
	NoItem       ItemKind = iota
	MessageItem           // a message between two instances
	CallItem              // a client's call, on its way to an instance
	AnswerItem            // an answer, on its way to a client
	DeadlineItem          // the deadline of an instance's running phase
	WakeItem              // the retry of an operation, after its pause
	GiveUpItem            // the end of a client's patience
	WorkItem              // an instance's work on a promise request
)

const settleRanks = 3

// SettleRank is the order in which a schedule that settles lets things happen: what is
// under way or worked on, then timers of instances, then the ends of clients' patience.
func (k ItemKind) SettleRank() int {
	switch k {
	case DeadlineItem, WakeItem:
		return 1
	case GiveUpItem:
		return 2
	}
	return 0
}

type place uint8

const (
	nowhere place = iota // the slot is free
	pending              // whoever schedules decides when it happens
	waiting              // in an instance's queue for the mutex or its turn
	held                 // at a paused instance
	voided               // cancelled while it was waiting or held
)

// Ref is a slot in a world's table of items.
type Ref int32

const noRef Ref = -1

// Item is something that has not happened yet: a message under way, a timer, or
// a request that waits at an instance.
type Item struct {
	Kind     ItemKind
	place    place
	Instance protocol.Position // where it will happen
	Try      uint8             // of the operation: the number of its retry, or 0
	reason   trace.Reason      // of a failed call: who failed it
	Copy     uint8             // 0 for the original of a message; its copies count from 1
	copies   uint8             // of an original: made so far
	Outcome  protocol.Outcome  // AnswerItem
	Holder   protocol.Holder   // AnswerItem
	Nth      uint32            // a message's number among those of its kind on its link
	Op       uint32            // number of the operation that it belongs to; of a message, that it serves
	process  uint32            // the process that asked, where an answer goes back to one
	note     uint32            // of a message: its note's place in programs.notes, from 1; 0: none
	next     Ref               // in a queue or in the list of free slots
	Cause    int               // number of the event that created it
	Seq      uint64            // age: unique and increasing in order of creation
	Message  protocol.Message
}

// IsMessage reports whether it is a message between instances, or becomes one.
func (i *Item) IsMessage() bool { return i.Kind == MessageItem || i.Kind == WorkItem }

// table holds a world's items in slots that are used again.
type table struct {
	items []Item
	free  Ref
	seq   uint64
}

// slot takes a slot, with what was in it before.
func (t *table) slot() (r Ref, i *Item) {
	if r = t.free; r == noRef {
		r = Ref(len(t.items))
		t.items = append(t.items, Item{})
		return r, &t.items[r]
	}
	i = &t.items[r]
	t.free = i.next
	return r, i
}

// enter makes what is in a slot the newest item, as pending.
func (t *table) enter(i *Item) {
	t.seq++
	i.Seq, i.place, i.next = t.seq, pending, noRef
}

// add puts a copy of an item into a slot, as pending.
func (t *table) add(item *Item) Ref {
	r, i := t.slot()
	if i != item { // an answer often takes the slot of its request
		*i = *item
	}
	t.enter(i)
	return r
}

// remove frees the slot. Its contents stay readable until the next add.
func (t *table) remove(r Ref) {
	t.items[r].place = nowhere
	t.items[r].next = t.free
	t.free = r
}

// queue is a list of items, first in, first out.
type queue struct{ head, tail Ref }

var emptyQueue = queue{noRef, noRef}

func (t *table) push(q *queue, r Ref, where place) {
	t.items[r].place = where
	t.items[r].next = noRef
	if q.head == noRef {
		q.head = r
	} else {
		t.items[q.tail].next = r
	}
	q.tail = r
}

// unlink takes r out of the queue; before is the item in front of it, or noRef.
func (t *table) unlink(q *queue, before, r Ref) {
	next := t.items[r].next
	if before == noRef {
		q.head = next
	} else {
		t.items[before].next = next
	}
	if q.tail == r {
		q.tail = before
	}
}

// cancel takes back an item that will not happen.
func (t *table) cancel(r Ref) {
	if t.items[r].place == pending {
		t.remove(r)
		return
	}
	t.items[r].place = voided // whoever takes it from its queue will free it
}

// operation is a client's call and what became of it.
type operation struct {
	protocol.Operation
	via      protocol.Position
	waits    bool // its client does
	outcome  protocol.Outcome
	holder   protocol.Holder
	call     int // number of the call's event
	giveUp   Ref
	invoked  trace.Time
	answered trace.Time
	timeout  trace.Time
	read     protocol.State // what a status saw
}
