package shrink

import (
	"skinny/protocol"
	"skinny/sim"
)

// role says what a pending item is for. It means the same in every run that is
// made of the same acts, with some of them left out.
type role struct {
	item    sim.ItemKind
	message protocol.MessageKind // of a message, and of the answer that is worked on
	call    protocol.MessageKind // the kind of request that it is, answers or limits
	from    protocol.Position    // sender of a message; where a deadline is
	to      protocol.Position    // receiver of a message
	try     uint8                // of the round that it serves
	op      int32                // the operation that it serves
}

// roleNumbers numbers the roles, since lists are searched faster than maps.
type roleNumbers struct {
	list   []role
	number map[role]int32
}

// none stands for no role, and for no position.
const none = -1

// add returns the number of a role, which is a new one if it has none.
func (c *roleNumbers) add(r role) int32 {
	n, known := c.number[r]
	if !known {
		n = int32(len(c.list))
		c.list = append(c.list, r)
		c.number[r] = n
	}
	return n
}

// act is a decision that names what it is about by its role. Positions are those
// of the cluster that was given.
type act struct {
	kind     sim.DecisionKind
	try      uint8  // of the round that it serves
	which    uint32 // among several pending with the role, the oldest is 1
	role     int32  // none: it is possible at any time
	op       int32  // the operation that it invokes or serves, from 1; 0: none
	origin   int32  // index of the decision that it came from
	decision *sim.Decision
}

// starts reports whether the act begins an operation.
func (a *act) starts() bool { return a.kind == sim.InvokeOperation }

// round is what the act belongs to: one try of one operation, or zero.
type round struct {
	op  int32
	try uint8
}

func (a *act) round() round { return round{a.op, a.try} }

// requestKind is the kind of the request that a message is or answers.
func requestKind(m *protocol.Message) protocol.MessageKind {
	switch m.Kind {
	case protocol.PromiseResponse:
		return protocol.PromiseRequest
	case protocol.CommitResponse:
		return protocol.CommitRequest
	case protocol.Failure:
		return m.Call
	}
	return m.Kind
}

// requestOf is the kind of request that a phase sends.
func requestOf(p protocol.Phase) protocol.MessageKind {
	if p == protocol.Committing {
		return protocol.CommitRequest
	}
	return protocol.PromiseRequest
}
