package program

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/scenarios/form"
	"skinny/sim"
)

// field is a field of an answer or of something in it. Left out and null are the same,
// except where null is a value of its own.
type field struct {
	name, about string
	schema      form.Object
	inner       func() form.Object // the schema, of what tables below say
	need        bool
	null        bool                   // null is a value
	of          []protocol.MessageKind // the messages that have it; none: all
	read        func(d *decoder, value []byte) error
}

// decoder reads an answer.
type decoder struct {
	question *sim.Question
	answer   sim.Answer
	message  sim.Sent          // that is being read
	proposal protocol.Proposal // that is being read
}

// The tables refer to each other through the functions that read.
var answerFields, stateFields, proposalFields, messageFields, outcomeFields []field

func init() {
	answerFields = []field{
		{name: "memory", about: "what the next question brings back; null for nothing", schema: form.Object{}, need: true, null: true,
			read: func(d *decoder, v []byte) error { d.answer.Memory = kept(v); return nil }},
		{name: "disk", about: "what survives a crash, stored before anything is sent; null for nothing", schema: form.Object{}, need: true, null: true,
			read: func(d *decoder, v []byte) error { d.answer.Disk = kept(v); return nil }},
		{name: "state", about: "what Skinny's status shows of the instance", inner: schemaOf(&stateFields),
			read: func(d *decoder, v []byte) error {
				_, err := d.object(v, stateFields)
				d.answer.State.Accepted = d.proposal
				return err
			}},
		{name: "send", about: "messages to peers", inner: messagesSchema, read: (*decoder).messages},
		{name: "timer", about: "the instance's timeout begins now, in place of an earlier one", schema: flagSchema,
			read: func(d *decoder, v []byte) (err error) { d.answer.Timer, err = flag(v); return err }},
		{name: "retry", about: "the operation is tried again after a pause", schema: flagSchema,
			read: func(d *decoder, v []byte) (err error) { d.answer.Retry, err = flag(v); return err }},
		{name: "answer", about: "what the client is told", inner: schemaOf(&outcomeFields), read: (*decoder).outcome},
		{name: "log", about: "a line for the story", schema: textSchema,
			read: func(d *decoder, v []byte) (err error) { d.answer.Log, err = text(v); return err }},
	}
	accepted := field{name: "holder", about: "of the proposal; \"\" for nobody", schema: textSchema, need: true,
		read: func(d *decoder, v []byte) (err error) { d.proposal.Holder, err = d.holder(v); return err }}
	id := field{name: "id", about: "of the last proposal that was accepted; 0 for none", schema: numberSchema, need: true,
		read: func(d *decoder, v []byte) error { return read(&d.proposal.ID, v) }}
	proposalFields = []field{id, accepted}
	stateFields = []field{{name: "promised", about: "the highest ID that was promised", schema: numberSchema, need: true,
		read: func(d *decoder, v []byte) error { return read(&d.answer.State.Promised, v) }}, id, accepted}
	outcomeFields = []field{
		{name: "outcome", about: "how the operation ends", schema: oneOf(outcomes...), need: true, read: (*decoder).outcomeWord},
		{name: "holder", about: "who holds the lock, \"\" for nobody; left out with unknown", schema: textSchema,
			read: func(d *decoder, v []byte) (err error) { d.answer.Holder, err = d.holder(v); return err }},
	}
	initMessages()
}

func initMessages() {
	answers := []protocol.MessageKind{protocol.PromiseResponse, protocol.CommitResponse}
	messageFields = []field{
		{name: "type", about: "promise and commit ask; promised and committed answer the last such request of that peer",
			schema: oneOf(sendTypes...), need: true, read: (*decoder).messageType},
		{name: "to", about: "the peer", schema: textSchema, need: true,
			read: func(d *decoder, v []byte) (err error) { d.message.To, err = d.instance(v); return err }},
		{name: "id", about: "the ID", schema: numberSchema, need: true,
			read: func(d *decoder, v []byte) error { return read(&d.message.ID, v) }},
		{name: "holder", about: "who is to have the lock, \"\" for nobody", schema: textSchema, need: true, of: []protocol.MessageKind{protocol.CommitRequest},
			read: func(d *decoder, v []byte) (err error) { d.proposal.Holder, err = d.holder(v); return err }},
		{name: "yes", about: "promised, or committed", schema: flagSchema, need: true, of: answers,
			read: func(d *decoder, v []byte) (err error) { d.message.Yes, err = flag(v); return err }},
		{name: "accepted", about: "the last proposal that was accepted", inner: schemaOf(&proposalFields), of: answers,
			read: func(d *decoder, v []byte) error {
				_, err := d.object(v, proposalFields)
				return err
			}},
		{name: "told", about: "the ID that was promised, for a peer that is refused", schema: numberSchema, of: answers,
			read: func(d *decoder, v []byte) error { return read(&d.message.Told, v) }},
		{name: "note", about: fmt.Sprintf("whatever the receiver is to know besides, up to %d bytes", sim.MaxNote), schema: form.Object{},
			read: func(d *decoder, v []byte) error { d.message.Note = kept(v); return nil }},
	}
}

// sendTypes are the messages that instances send; outcomes are how operations end.
var (
	sendTypes = []string{"promise", "commit", "promised", "committed"}
	outcomes  = func() (list []string) {
		for o := protocol.Acquired; o <= protocol.Unknown; o++ {
			list = append(list, o.String())
		}
		return list
	}()
)

// decode reads the answer to a question. It does not keep the line.
func decode(q *sim.Question, line []byte) (sim.Answer, error) {
	value, err := compact(make([]byte, 0, len(line)), line)
	if err != nil {
		return sim.Answer{}, err
	}
	if value[0] != '{' {
		return sim.Answer{}, fmt.Errorf("its answer is no object, but %s", kindOf(value))
	}
	d := &decoder{question: q}
	if _, err = d.object(value, answerFields); err != nil {
		err = fmt.Errorf("in its answer, %w", err)
	}
	return d.answer, err
}

// object reads the fields of an object, and says which of them there are.
func (d *decoder) object(value []byte, fields []field) (given uint32, err error) {
	if value[0] != '{' {
		return 0, fmt.Errorf("takes an object, not %s", kindOf(value))
	}
	d.proposal = protocol.Proposal{}
	for name, value := range members(value) {
		at := slices.IndexFunc(fields, func(f field) bool { return len(name) == len(f.name)+2 && string(name[1:len(name)-1]) == f.name })
		switch {
		case at < 0:
			return 0, unknown(unquote(name), fields)
		case given&(1<<at) != 0:
			return 0, &placed{fields[at].name, errors.New("stands there twice")}
		case value[0] == 'n' && !fields[at].null:
			continue
		}
		given |= 1 << at
		if err := fields[at].read(d, value); err != nil {
			return 0, within(fields[at].name, err)
		}
	}
	for at := range fields {
		if f := &fields[at]; f.need && f.of == nil && given&(1<<at) == 0 {
			return 0, missing(f)
		}
	}
	return given, nil
}

func missing(f *field) error {
	if f.null {
		return &placed{f.name, errors.New("is missing; null if there is nothing")}
	}
	return &placed{f.name, errors.New("is missing: " + f.about)}
}

func unknown(name string, fields []field) error {
	known := form.Names(fields, func(f field) string { return f.name })
	return fmt.Errorf("there is no field %q here: %s", excerpt([]byte(name), 40), scenarios.Suggest(name, "fields", known))
}

// placed is an error that says where it is: send[0].to.
type placed struct {
	path string
	err  error
}

func (e *placed) Error() string { return e.path + ": " + e.err.Error() }

// within says in what an error is.
func within(name string, err error) error {
	inner, ok := err.(*placed)
	switch {
	case !ok:
		return &placed{name, err}
	case inner.path[0] == '[':
		return &placed{name + inner.path, inner.err}
	}
	return &placed{name + "." + inner.path, inner.err}
}

// kept is a copy of a value, nil for null.
func kept(value []byte) []byte {
	if value[0] == 'n' {
		return nil
	}
	return slices.Clone(value)
}

func read(id *protocol.ID, value []byte) error {
	n, err := number(value)
	*id = protocol.ID(n)
	return err
}

func (d *decoder) holder(value []byte) (protocol.Holder, error) {
	name, err := text(value)
	if err != nil || name == "" {
		return protocol.Free, err
	}
	at := slices.Index(d.question.Cluster.Holders, name)
	if at < 0 {
		return 0, fmt.Errorf("there is no client %q: %s", excerpt([]byte(name), 40), scenarios.Suggest(name, "clients", d.question.Cluster.Holders))
	}
	return protocol.Holder(at + 1), nil
}

func (d *decoder) instance(value []byte) (protocol.Position, error) {
	name, err := text(value)
	if err != nil {
		return 0, err
	}
	list := d.question.Cluster.Instances
	at := slices.IndexFunc(list, func(i sim.Instance) bool { return i.Name == name })
	switch {
	case at < 0:
		names := form.Names(list, func(i sim.Instance) string { return i.Name })
		return 0, fmt.Errorf("there is no instance %q: %s", excerpt([]byte(name), 40), scenarios.Suggest(name, "instances", names))
	case at == int(d.question.Self):
		return 0, fmt.Errorf("%s is the instance itself, which sends itself nothing", name)
	}
	return protocol.Position(at), nil
}

// word reads one of some words, and says which.
func word(value []byte, words []string) (int, error) {
	w, err := text(value)
	at := slices.Index(words, w)
	if err == nil && at < 0 {
		err = fmt.Errorf("takes %s, not %q", strings.Join(words, ", "), excerpt([]byte(w), 40))
	}
	return at, err
}

func (d *decoder) messages(value []byte) error {
	if value[0] != '[' {
		return fmt.Errorf("takes a list of messages, not %s", kindOf(value))
	}
	for v := range elements(value) {
		if err := d.oneMessage(v); err != nil {
			return within(fmt.Sprintf("[%d]", len(d.answer.Send)), err)
		}
		d.answer.Send = append(d.answer.Send, d.message)
	}
	return nil
}

func (d *decoder) oneMessage(value []byte) error {
	d.message = sim.Sent{}
	given, err := d.object(value, messageFields)
	if err != nil {
		return err
	}
	m := &d.message
	for at := range messageFields {
		f := &messageFields[at]
		switch is, fits := given&(1<<at) != 0, f.of == nil || slices.Contains(f.of, m.Kind); {
		case is && !fits:
			return &placed{f.name, fmt.Errorf("is nothing that a %s has", messageTypes[m.Kind])}
		case f.need && fits && !is:
			return missing(f)
		}
	}
	m.Proposal = d.proposal
	if m.Kind == protocol.CommitRequest {
		m.Proposal.ID = m.ID
	}
	return nil
}

func (d *decoder) messageType(value []byte) error {
	at, err := word(value, sendTypes)
	if err == nil {
		d.message.Kind = protocol.MessageKind(slices.Index(messageTypes[:], sendTypes[at]))
	}
	return err
}

func (d *decoder) outcome(value []byte) error {
	given, err := d.object(value, outcomeFields)
	switch has := given&2 != 0; {
	case err != nil:
	case d.answer.Outcome == protocol.Unknown && has:
		err = &placed{"holder", errors.New("is left out with unknown")}
	case d.answer.Outcome != protocol.Unknown && !has:
		err = missing(&outcomeFields[1])
	}
	return err
}

func (d *decoder) outcomeWord(value []byte) error {
	at, err := word(value, outcomes)
	if err == nil {
		d.answer.Outcome = protocol.Acquired + protocol.Outcome(at)
	}
	return err
}
