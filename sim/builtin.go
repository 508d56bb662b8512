package sim

import (
	"bytes"
	"encoding/binary"
	"errors"

	"skinny/protocol"
)

// BuiltIn is the built-in protocol under these rules as a [Program]: what to compare one
// of one's own with, or to make one of by changing its answers. It yields whatever the
// rules say, as all programs do; and it keeps all of its state, that of its round included,
// in Memory, and with the rule durable what has to last on Disk.
func BuiltIn(rules protocol.Rules) Program { return &builtIn{rules | protocol.Yield} }

type builtIn struct{ rules protocol.Rules }

func (b *builtIn) Step(q *Question) (Answer, error) {
	c := protocol.Config{
		Rules: b.rules, Quorums: q.Cluster.Quorums, Size: q.Cluster.Size(),
		Self: q.Self, Increment: q.Cluster.Instances[q.Self].Increment,
	}
	var in protocol.Instance
	var e protocol.Effects
	input := protocol.Input{Message: q.Message, Operation: q.Operation, Try: q.Try}
	kept := q.Memory
	switch q.Kind {
	case AskRestart:
		kept = q.Disk
	case AskOperation:
		input.Kind = protocol.Start
	case AskTimeout:
		input.Kind = protocol.Expire
	}
	if err := unpack(kept, &in); err != nil {
		return Answer{}, err
	}
	if q.Kind != AskRestart {
		in.Step(&c, &input, &e)
	}
	return b.answer(&in, &e), nil
}

func (b *builtIn) answer(in *protocol.Instance, e *protocol.Effects) Answer {
	a := Answer{State: in.State, Timer: e.Deadline, Retry: e.Retry > 0, Outcome: e.Outcome, Holder: e.Holder}
	// Both have room in one piece of memory, and the disk's is a beginning of the other.
	text := make([]byte, 0, 32)
	a.Memory = pack(text, in)
	if b.rules.Has(protocol.Durable) {
		a.Disk = bytes.TrimRight(a.Memory[:stateSize(a.Memory)], "\x00") // so that one state has one text
	}
	if e.Reply.Kind != protocol.NoMessage {
		a.Send = []Sent{{Message: e.Reply}}
	} else if n := e.Ask.Len(); n > 0 {
		a.Send = make([]Sent, 0, n)
	}
	for set := e.Ask; set != 0; set = set.Without(set.First()) {
		e.Request.To = set.First()
		a.Send = append(a.Send, Sent{Message: e.Request})
	}
	return a
}

// pack writes an instance as numbers, its state first, and nothing of what is zero at the
// end.
func pack(text []byte, in *protocol.Instance) []byte {
	r := &in.Round
	numbers := [...]uint64{
		uint64(in.Promised), uint64(in.Accepted.ID), uint64(in.Accepted.Holder),
		uint64(r.Phase), uint64(r.Operation.Kind), uint64(r.Operation.Holder), uint64(r.Operation.Number),
		uint64(r.Try), uint64(r.Next), uint64(r.Value), uint64(r.ID), uint64(r.Base.ID), uint64(r.Base.Holder),
		uint64(r.Told), uint64(r.Calls), uint64(r.Yea), uint64(r.Nay),
	}
	end := len(numbers)
	for end > 0 && numbers[end-1] == 0 {
		end--
	}
	for _, n := range numbers[:end] {
		text = binary.AppendUvarint(text, n)
	}
	return text
}

// stateSize is how much of a packed instance is its state.
func stateSize(text []byte) (size int) {
	for numbers := 0; size < len(text) && numbers < 3; size++ {
		if text[size] < 0x80 {
			numbers++
		}
	}
	return size
}

// unpack reads what pack has written into an instance that is zero.
func unpack(text []byte, in *protocol.Instance) error {
	var n [17]uint64
	for i := 0; len(text) > 0; i++ {
		value, size := binary.Uvarint(text)
		if size <= 0 || i == len(n) {
			return errors.New("its memory is none of its own")
		}
		n[i], text = value, text[size:]
	}
	r := &in.Round
	in.Promised, in.Accepted = protocol.ID(n[0]), protocol.Proposal{ID: protocol.ID(n[1]), Holder: protocol.Holder(n[2])}
	r.Phase = protocol.Phase(n[3])
	r.Operation = protocol.Operation{Kind: protocol.OperationKind(n[4]), Holder: protocol.Holder(n[5]), Number: uint32(n[6])}
	r.Try, r.Next, r.Value, r.ID = uint8(n[7]), protocol.Position(n[8]), protocol.Holder(n[9]), protocol.ID(n[10])
	r.Base = protocol.Proposal{ID: protocol.ID(n[11]), Holder: protocol.Holder(n[12])}
	r.Told, r.Calls, r.Yea, r.Nay = protocol.ID(n[13]), protocol.Set(n[14]), protocol.Set(n[15]), protocol.Set(n[16])
	return nil
}
