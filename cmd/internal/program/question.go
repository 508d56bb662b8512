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

// field is a field of a question, of an answer, or of something in them.
type field struct {
	name, about string
	need        bool        // it is never left out
	of          []string    // the types of events or messages that have it; none: all
	schema      form.Object // of its value, where nothing else says it

	// What appends the value to a question.
	put func(b []byte, q *sim.Question) []byte

	// Where the value in an answer goes, which says what it is; or the fields that it has
	// itself; or how it is read. Left out and null are the same, except where null is a value
	// of its own.
	to     func(d *decoder) any
	fields []field
	read   func(d *decoder, value []byte) error
	null   bool
}

// questionFields are what a question is made of, in this order.
var questionFields = []field{
	{name: "format", about: "the version of these lines", need: true, schema: form.Object{{Name: "const", Value: Format}},
		put: func(b []byte, _ *sim.Question) []byte { return strconv.AppendInt(b, Format, 10) }},
	{name: "self", about: "the instance that is played", need: true, schema: textSchema,
		put: func(b []byte, q *sim.Question) []byte { return quote(b, q.Cluster.Instances[q.Self].Name) }},
	{name: "instances", about: "all instances of the cluster, in their order", need: true, schema: listOf(textSchema), put: putInstances},
	{name: "increment", about: "what the instance adds to an ID for its next one", need: true, schema: numberSchema,
		put: func(b []byte, q *sim.Question) []byte { return putNumber(b, q.Cluster.Instances[q.Self].Increment) }},
	{name: "memory", about: "what the last answer left in memory; null at the start and after a crash", need: true, schema: form.Object{},
		put: func(b []byte, q *sim.Question) []byte { return putJSON(b, q.Memory) }},
	{name: "disk", about: "what is on the disk; null at the start", need: true, schema: form.Object{},
		put: func(b []byte, q *sim.Question) []byte { return putJSON(b, q.Disk) }},
	{name: "event", about: "what happens", need: true, schema: eventSchema(),
		put: func(b []byte, q *sim.Question) []byte { return putFields(b, ofEvent[eventType(q)], q) }},
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

// eventFields are what an event is made of, in this order.
var eventFields = []field{
	{name: "type", need: true,
		put: func(b []byte, q *sim.Question) []byte { return quote(b, eventType(q)) }},
	{name: "from", about: "the peer", need: true, schema: textSchema, of: fromPeers,
		put: func(b []byte, q *sim.Question) []byte { return quote(b, q.Cluster.Instances[q.Message.From].Name) }},
	{name: "call", about: "the request that met nobody", need: true, schema: oneOf("promise", "commit"), of: []string{"failed"},
		put: func(b []byte, q *sim.Question) []byte { return quote(b, messageTypes[q.Message.Call]) }},
	{name: "id", about: "the ID of the request", need: true, schema: numberSchema, of: fromPeers,
		put: func(b []byte, q *sim.Question) []byte { return putNumber(b, q.Message.ID) }},
	{name: "yes", about: "whether the peer promised or committed", need: true, schema: flagSchema, of: responses,
		put: func(b []byte, q *sim.Question) []byte { return strconv.AppendBool(b, q.Message.Yes) }},
	{name: "accepted", about: "the last proposal that the peer accepted; ID 0 if it has accepted none", need: true, schema: proposalSchema, of: responses,
		put: func(b []byte, q *sim.Question) []byte { return putProposal(b, q.Cluster, q.Message.Proposal) }},
	{name: "told", about: "the ID that the peer has promised, if it says so; otherwise 0", need: true, schema: numberSchema, of: responses,
		put: func(b []byte, q *sim.Question) []byte { return putNumber(b, q.Message.Told) }},
	{name: "holder", about: "the client that calls, or whom a commit gives the lock; \"\" for nobody", need: true, schema: textSchema,
		of: []string{"acquire", "release", "commit"}, put: putHolder},
	{name: "try", about: "0, or how often the operation has been tried before", need: true, schema: numberSchema, of: []string{"acquire", "release"},
		put: func(b []byte, q *sim.Question) []byte { return putNumber(b, q.Try) }},
	{name: "note", about: "what the sender put on the message, whatever it is; left out if it put nothing", schema: form.Object{},
		of: []string{"promise", "commit", "promised", "committed"}, put: func(b []byte, q *sim.Question) []byte { return append(b, q.Note...) }},
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

// ofEvent lists the fields of each type of event.
var ofEvent = func() map[string][]field {
	list := map[string][]field{}
	for _, t := range eventTypes {
		for _, f := range eventFields {
			if f.isOf(t.name) {
				list[t.name] = append(list[t.name], f)
			}
		}
	}
	return list
}()

// isOf reports whether events or messages of a type have the field.
func (f *field) isOf(name string) bool { return f.of == nil || slices.Contains(f.of, name) }

// appendQuestion appends a question as a line of JSON, without the end of the line.
func appendQuestion(b []byte, q *sim.Question) []byte { return putFields(b, questionFields, q) }

func putFields(b []byte, fields []field, q *sim.Question) []byte {
	separator := byte('{')
	for i := range fields {
		if f := &fields[i]; f.need || q.Note != nil {
			b = append(append(append(b, separator, '"'), f.name...), `":`...)
			b, separator = f.put(b, q), ','
		}
	}
	return append(b, '}')
}

func putNumber[N ~int | ~int64 | ~uint8 | ~uint64](b []byte, n N) []byte {
	return strconv.AppendUint(b, uint64(n), 10)
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
	b = putNumber(append(b, `{"id":`...), p.ID)
	return append(quote(append(b, `,"holder":`...), c.HolderName(p.Holder)), '}')
}
