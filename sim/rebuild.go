package sim

import "skinny/protocol"

// A world can be taken apart into what decides its future, and put together again
// from that. What is lost is its past: the numbers of events, times, ages, and the
// numbers of messages. Reset, then the Put methods, in the order in which things
// were: those that wait at an instance wait in the order of their PutWaiting.

// Node is what a world knows of an instance, but for what waits at it.
type Node struct {
	protocol.Instance
	Down   bool
	HostUp bool           // while it is down
	Turn   uint32         // the operation that has its turn, through its pauses; 0 for none
	Stored protocol.State // before the last step that changed the state
}

// Node is what is the case at an instance, until something happens. It is not to be changed.
func (w *World) Node(p protocol.Position) *Node { return &w.nodes[p].Node }

// Slots is the number of slots for items, in use or not.
func (w *World) Slots() int { return len(w.table.items) }

// IsPending reports whether the slot holds an item that can happen next.
func (w *World) IsPending(r Ref) bool { return w.table.items[r].place == pending }

// IsUsed reports whether the slot holds an item that is still to happen, now or after waiting.
func (w *World) IsUsed(r Ref) bool {
	at := w.table.items[r].place
	return at == pending || at == waiting || at == held
}

// FirstWaiting is the item that waits longest at an instance, and false if none does.
func (w *World) FirstWaiting(p protocol.Position) (Ref, bool) {
	r := w.nodes[p].waiting.head
	return r, r != noRef
}

// NextWaiting is the item that waits behind another one.
func (w *World) NextWaiting(r Ref) (Ref, bool) {
	r = w.table.items[r].next
	return r, r != noRef
}

// Awaited reports whether the asker of a message still counts the answer: the
// message itself, or the response that follows from it. If not, it never will: the
// IDs of an instance's rounds grow as long as its process lives, and a phase asks
// each peer once. What a program counts it alone knows.
func (w *World) Awaited(i *Item) bool {
	m := &i.Message
	asker, asked := m.Ends()
	n := &w.nodes[asker]
	r := &n.Round
	return i.process == n.process && (w.isPlayed(asker) || r.ID == m.ID && r.Calls.Has(asked) && r.Phase == m.Phase())
}

// Waits reports whether the client of an operation still waits for its answer.
func (w *World) Waits(number uint32) bool { return w.ops[number-1].waits }

// PutNode says what is the case at an instance. A running phase of the built-in protocol
// has its deadline.
func (w *World) PutNode(p protocol.Position, node *Node) {
	n := &w.nodes[p]
	n.Node = *node
	n.process = 1 // so that there is an earlier one
	if n.Round.Phase != protocol.Idle && n.config.Rules.Has(protocol.Timeouts) && !w.isPlayed(p) {
		n.deadline = w.table.add(&Item{Kind: DeadlineItem, Instance: p, Op: n.Round.Operation.Number})
	}
}

// PutOperation adds an operation and returns its number. Its client waits for the
// answer or has stopped waiting.
func (w *World) PutOperation(kind protocol.OperationKind, holder protocol.Holder, via protocol.Position, waits bool) uint32 {
	op := protocol.Operation{Kind: kind, Holder: holder, Number: uint32(len(w.ops) + 1)}
	o := operation{Operation: op, via: via, waits: waits, giveUp: noRef, timeout: DefaultClientTimeout}
	if waits {
		o.giveUp = w.table.add(&Item{Kind: GiveUpItem, Instance: via, Op: op.Number})
	}
	w.ops = append(w.ops, o)
	return op.Number
}

// Put adds an item that can happen next, which is to be filled in. Of a message, current
// says whether the process that asked is still the one that runs.
func (w *World) Put(current bool) (Ref, *Item) {
	r, i := w.table.slot()
	*i = Item{}
	if current {
		i.process = 1
	}
	w.table.enter(i)
	return r, i
}

// PutWaiting lets an item that was put wait at its instance, behind those that wait already.
func (w *World) PutWaiting(r Ref) { w.queue(&w.nodes[w.table.items[r].Instance], r) }

// Played is what a world keeps for an instance that a program plays, beside its [Node]. Of
// one that is down only the disk matters.
type Played struct {
	Memory, Disk string
	Stored       string // what was on the disk before
	Timer        bool   // it runs

	// Heard is a byte for each kind of request, promise requests first, and for each
	// instance in it: whether one has come from it since the last restart, and from which process.
	Heard string
}

// What Played.Heard says.
const (
	heardNothing = iota
	heardEarlier // from a process that does not run any more
	heardCurrent
)

// Played is what the world keeps for an instance that a program plays.
func (w *World) Played(at protocol.Position) Played {
	n, p := &w.nodes[at], w.programs
	if n.Down {
		return Played{Disk: p.disk[at]}
	}
	size := len(w.nodes)
	heard := make([]byte, 2*size)
	for from := range heard {
		switch i := &p.heard[from*size+int(at)]; {
		case i.Kind == NoItem:
		case i.process == w.nodes[from%size].process:
			heard[from] = heardCurrent
		default:
			heard[from] = heardEarlier
		}
	}
	return Played{p.memory[at], p.disk[at], p.stored[at], n.deadline != noRef, string(heard)}
}

// PutPlayed says what the world keeps for an instance that a program plays, after PutNode.
func (w *World) PutPlayed(at protocol.Position, played Played) {
	p, size := w.programs, len(w.nodes)
	p.memory[at], p.disk[at], p.stored[at] = played.Memory, played.Disk, played.Stored
	for from := range played.Heard {
		if what := played.Heard[from]; what != heardNothing {
			p.heard[from*size+int(at)] = Item{Kind: MessageItem, process: uint32(what - heardEarlier)}
		}
	}
	if n := &w.nodes[at]; played.Timer {
		n.deadline = w.table.add(&Item{Kind: DeadlineItem, Instance: at, Op: n.Round.Operation.Number})
	}
}

// IsCurrent reports whether the process runs that the answer to a message goes to.
func (w *World) IsCurrent(i *Item) bool {
	asker, _ := i.Message.Ends()
	return i.process == w.nodes[asker].process
}

// Note is what a program has put on a message, "" for nothing.
func (w *World) Note(i *Item) string {
	if i.note == 0 {
		return ""
	}
	return w.programs.notes[i.note-1]
}

// PutNote puts a note on an item.
func (w *World) PutNote(i *Item, note string) { i.note = w.keepNote(&Sent{Note: []byte(note)}) }
