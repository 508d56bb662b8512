package sim

import "skinny/protocol"

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
