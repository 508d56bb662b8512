package program

import (
	"slices"
	"strconv"

	"skinny/protocol"
	"skinny/scenarios/form"
	"skinny/sim"
)

// Format is the version of questions and answers.
const Format = 1

// part is a field of a question or of its event.
type part struct {
	name, about string
	schema      form.Object
	put         func(b []byte, q *sim.Question) []byte
	of          []string // the types of events that have it; none: all
}

// questionFields are what a question is made of, in this order.
var questionFields = []part{
	{name: "format", about: "the version of these lines", schema: form.Object{{Name: "const", Value: Format}},
		put: func(b []byte, _ *sim.Question) []byte { return strconv.AppendInt(b, Format, 10) }},
	{name: "self", about: "the instance that is played", schema: textSchema,
		put: func(b []byte, q *sim.Question) []byte { return quote(b, q.Cluster.Instances[q.Self].Name) }},
	{name: "instances", about: "all instances of the cluster, in their order", schema: listOf(textSchema), put: putInstances},
	{name: "increment", about: "what the instance adds to an ID for its next one", schema: numberSchema,
		put: func(b []byte, q *sim.Question) []byte {
			return strconv.AppendUint(b, uint64(q.Cluster.Instances[q.Self].Increment), 10)
		}},
	{name: "memory", about: "what the last answer left in memory; null at the start and after a crash", schema: form.Object{},
		put: func(b []byte, q *sim.Question) []byte { return putJSON(b, q.Memory) }},
	{name: "disk", about: "what is on the disk; null at the start", schema: form.Object{},
		put: func(b []byte, q *sim.Question) []byte { return putJSON(b, q.Disk) }},
}

// eventTypes are the things that can happen to an instance.
var eventTypes = []struct{ name, about string }{
	{"acquire", "a client wants the lock, and its operation has its turn"},
	{"release", "a client gives the lock back, and its operation has its turn"},
	{"promise", "a peer asks for a promise"},
	{"commit", "a peer asks to accept a proposal"},
	{"promised", "a peer's answer to a promise that was asked for"},
	{"committed", "a peer's answer to a commit that was asked for"},
	{"failed", "a request met nobody: connection refused"},
	{"timeout", "the timer that was asked for has run down"},
	{"restart", "the process has started again after a crash"},
}

// eventFields are what an event is made of besides its type, in this order.
var eventFields = []part{
	{name: "from", about: "the peer", schema: textSchema, of: fromPeers,
		put: func(b []byte, q *sim.Question) []byte { return quote(b, q.Cluster.Instances[q.Message.From].Name) }},
	{name: "call", about: "the request that met nobody", schema: oneOf("promise", "commit"), of: []string{"failed"},
		put: func(b []byte, q *sim.Question) []byte { return quote(b, messageTypes[q.Message.Call]) }},
	{name: "id", about: "the ID of the request", schema: numberSchema, of: fromPeers,
		put: func(b []byte, q *sim.Question) []byte { return strconv.AppendUint(b, uint64(q.Message.ID), 10) }},
	{name: "yes", about: "whether the peer promised or committed", schema: flagSchema, of: responses,
		put: func(b []byte, q *sim.Question) []byte { return strconv.AppendBool(b, q.Message.Yes) }},
	{name: "accepted", about: "the last proposal that the peer accepted; ID 0 if it has accepted none", schema: proposalSchema, of: responses,
		put: func(b []byte, q *sim.Question) []byte { return putProposal(b, q.Cluster, q.Message.Proposal) }},
	{name: "told", about: "the ID that the peer has promised, if it says so; otherwise 0", schema: numberSchema, of: responses,
		put: func(b []byte, q *sim.Question) []byte { return strconv.AppendUint(b, uint64(q.Message.Told), 10) }},
	{name: "holder", about: "the client that calls, or whom a commit gives the lock; \"\" for nobody", schema: textSchema,
		of: []string{"acquire", "release", "commit"}, put: putHolder},
	{name: "try", about: "0, or how often the operation has been tried before", schema: numberSchema,
		of:  []string{"acquire", "release"},
		put: func(b []byte, q *sim.Question) []byte { return strconv.AppendUint(b, uint64(q.Try), 10) }},
	{name: "note", about: "what the sender put on the message, whatever it is; left out if it put nothing", schema: form.Object{},
		of: []string{"promise", "commit", "promised", "committed"}},
}

var (
	responses = []string{"promised", "committed"}
	fromPeers = []string{"promise", "commit", "promised", "committed", "failed"}
)

// messageTypes are the types of events and messages, by their kind.
var messageTypes = [...]string{
	protocol.PromiseRequest: "promise", protocol.PromiseResponse: "promised",
	protocol.CommitRequest: "commit", protocol.CommitResponse: "committed", protocol.Failure: "failed",
}

// eventType is the type of a question's event.
func eventType(q *sim.Question) string {
	switch q.Kind {
	case sim.AskOperation:
		return q.Operation.Kind.String()
	case sim.AskMessage:
		return messageTypes[q.Message.Kind]
	case sim.AskTimeout:
		return "timeout"
	}
	return "restart"
}

// parts lists the fields of each type of event.
var parts = func() map[string][]part {
	list := map[string][]part{}
	for _, t := range eventTypes {
		for _, p := range eventFields {
			if slices.Contains(p.of, t.name) {
				list[t.name] = append(list[t.name], p)
			}
		}
	}
	return list
}()

// appendQuestion appends a question as a line of JSON, without the end of the line.
func appendQuestion(b []byte, q *sim.Question) []byte {
	b = append(b, '{')
	for i := range questionFields {
		b = questionFields[i].append(b, q)
		b = append(b, ',')
	}
	event := eventType(q)
	b = append(b, `"event":{"type":"`...)
	b = append(b, event...)
	b = append(b, '"')
	for _, p := range parts[event] {
		if p.put != nil {
			b = p.append(append(b, ','), q)
		}
	}
	if q.Note != nil {
		b = append(append(b, `,"note":`...), q.Note...)
	}
	return append(b, "}}"...)
}

func (p *part) append(b []byte, q *sim.Question) []byte {
	b = append(b, '"')
	b = append(b, p.name...)
	return p.put(append(b, `":`...), q)
}

func putInstances(b []byte, q *sim.Question) []byte {
	separator := byte('[')
	for i := range q.Cluster.Instances {
		b = quote(append(b, separator), q.Cluster.Instances[i].Name)
		separator = ','
	}
	return append(b, ']')
}

func putJSON(b, value []byte) []byte {
	if value == nil {
		return append(b, "null"...)
	}
	return append(b, value...)
}

func putHolder(b []byte, q *sim.Question) []byte {
	if q.Kind == sim.AskOperation {
		return quote(b, q.Cluster.HolderName(q.Operation.Holder))
	}
	return quote(b, q.Cluster.HolderName(q.Message.Proposal.Holder))
}

func putProposal(b []byte, c *sim.Cluster, p protocol.Proposal) []byte {
	b = strconv.AppendUint(append(b, `{"id":`...), uint64(p.ID), 10)
	return append(quote(append(b, `,"holder":`...), c.HolderName(p.Holder)), '}')
}
