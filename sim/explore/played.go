package explore

import (
	"encoding/binary"
	"fmt"

	"skinny/protocol"
	"skinny/sim"
)

// What programs remember, store and put on messages is part of a state, too. Such
// strings of bytes are kept once, in a table of the model, and a state has their numbers.

// The widths where programs play. Their IDs may be larger than those of the built-in protocol.
const (
	playedIDBits = 30
	textBits     = 60
	mailBits     = 50 // of a message's
)

// Played is the instances that programs play.
func (m *Model) Played() protocol.Set { return m.played }

// note puts the number of a text into the state.
func (e *encoder) note(text []byte, width uint) uint64 {
	n, err := e.model.texts.Number(text, width)
	if err != nil && e.failure == nil {
		e.failure = err
	}
	return n
}

// check looks whether what a program says can be explored.
func (e *encoder) check(what string, id protocol.ID) {
	if id >= 1<<playedIDBits && e.failure == nil {
		e.failure = fmt.Errorf("a program %s ID %d, which is too large to be explored; %d is the most", what, id, 1<<playedIDBits-1)
	}
}

// mail makes a word of a message where programs play: what is not in its lowest bits is a text.
func (e *encoder) mail(i *sim.Item, word uint64) uint64 {
	m := &i.Message
	e.check("sends", max(m.ID, m.Proposal.ID, m.Told))
	e.text = e.text[:0]
	for _, n := range [...]uint64{uint64(m.ID), uint64(m.Proposal.ID), uint64(m.Proposal.Holder), uint64(m.Told)} {
		e.text = binary.AppendUvarint(e.text, n)
	}
	e.text = append(e.text, e.world.Note(i)...)
	return word&(1<<wordHolder-1) | e.note(e.text, mailBits)<<wordHolder
}

// mail fills in what the text of a message says, and gives its note.
func (d *decoder) mail(m *protocol.Message, word uint64) (note string) {
	s := scanner(d.model.texts.Text(word >> wordHolder))
	m.ID = protocol.ID(s.uvarint())
	m.Proposal = protocol.Proposal{ID: protocol.ID(s.uvarint()), Holder: protocol.Holder(s.uvarint())}
	m.Told = protocol.ID(s.uvarint())
	return string(s)
}

// played is the number of what the world keeps for an instance that a program plays, and what was heard of
// it. How its round was voted for is left out: nothing follows from that, but how it is told.
func (e *encoder) played(p protocol.Position) uint64 {
	node, played := e.nodes[p], e.world.Played(p)
	if e.judge.used[Tears] >= e.model.config.Limits[Tears] {
		played.Stored = ""
	}
	r := &node.Round
	e.text = e.text[:0]
	for _, text := range [...]string{played.Memory, played.Disk, played.Stored, played.Heard} {
		e.text = append(binary.AppendUvarint(e.text, uint64(len(text))), text...)
	}
	own := &e.judge.spoken[p]
	for _, n := range [...]uint64{
		bit(played.Timer), bit(r.Operation.Number != 0), uint64(r.Phase), uint64(r.Try), uint64(r.Value), uint64(r.ID), uint64(r.Told),
		uint64(r.Base.ID), uint64(r.Base.Holder), uint64(r.Calls),
		bit(node.Turn != 0 && own.Proposed == node.Turn), uint64(own.Proposal.ID), uint64(own.Proposal.Holder),
	} {
		e.text = binary.AppendUvarint(e.text, n)
	}
	return e.note(e.text, textBits)
}

// played reads what played wrote. The world has it after its node.
func (d *decoder) played(p protocol.Position) (played sim.Played) {
	s := scanner(d.model.texts.Text(d.wide(textBits)))
	for _, text := range [...]*string{&played.Memory, &played.Disk, &played.Stored, &played.Heard} {
		*text = s.string()
	}
	node, own := &d.nodes[p], &d.judge.spoken[p]
	r := &node.Round
	played.Timer = s.uvarint() != 0
	if s.uvarint() != 0 {
		r.Operation = d.operationOf(node.Turn)
	}
	r.Phase, r.Try, r.Value = protocol.Phase(s.uvarint()), uint8(s.uvarint()), protocol.Holder(s.uvarint())
	r.ID, r.Told = protocol.ID(s.uvarint()), protocol.ID(s.uvarint())
	r.Base = protocol.Proposal{ID: protocol.ID(s.uvarint()), Holder: protocol.Holder(s.uvarint())}
	r.Calls = protocol.Set(s.uvarint())
	if s.uvarint() != 0 {
		own.Proposed = node.Turn
	}
	own.Proposal = protocol.Proposal{ID: protocol.ID(s.uvarint()), Holder: protocol.Holder(s.uvarint())}
	return played
}

// scanner is what is left of a text.
type scanner string

func (s *scanner) uvarint() (n uint64) {
	for shift := 0; ; shift += 7 {
		b := (*s)[0]
		*s = (*s)[1:]
		if n |= uint64(b&0x7f) << shift; b < 0x80 {
			return n
		}
	}
}

func (s *scanner) string() string {
	size := s.uvarint()
	text := string((*s)[:size])
	*s = (*s)[size:]
	return text
}
