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
	phase   protocol.Phase       // that a message belongs to, or that a deadline limits
	from    protocol.Position    // sender of a message; where a deadline is
	to      protocol.Position    // receiver of a message
	try     uint8                // of the round that it serves
	op      int32                // the operation that it serves
}

// part is a role, and the items of the present run that have it, oldest first. There
// is one for each role.
type part struct {
	role
	items []item
}

// item is an item that was pending when it was noted.
type item struct {
	ref sim.Ref
	seq uint64
}

// act is a decision that names what it is about by its role. Positions are those
// of the cluster that was given.
type act struct {
	kind     sim.DecisionKind
	which    uint32 // among several pending with the role, the oldest is 1
	role     *part  // nil: it is possible at any time
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

func (a *act) round() round {
	r := round{op: a.op}
	if a.role != nil {
		r.try = a.role.try
	}
	return r
}
