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

// decoder reads an answer.
type decoder struct {
	question *sim.Question
	answer   sim.Answer
	message  sim.Sent // that is being read
}

var answerFields = []field{
	{name: "memory", about: "what the next question brings back; null for nothing", need: true, null: true,
		to: func(d *decoder) any { return &d.answer.Memory }},
	{name: "disk", about: "what survives a crash, stored before anything is sent; null for nothing", need: true, null: true,
		to: func(d *decoder) any { return &d.answer.Disk }},
	{name: "state", about: "what Skinny's status shows of the instance", fields: append([]field{
		{name: "promised", about: "the highest ID that was promised", need: true, to: func(d *decoder) any { return &d.answer.State.Promised }},
	}, proposalFields(func(d *decoder) *protocol.Proposal { return &d.answer.State.Accepted })...)},
	{name: "send", about: "messages to peers", read: (*decoder).messages, schema: messagesSchema()},
	{name: "timer", about: "the instance's timeout begins now, in place of an earlier one", to: func(d *decoder) any { return &d.answer.Timer }},
	{name: "retry", about: "the operation is tried again after a pause", to: func(d *decoder) any { return &d.answer.Retry }},
	{name: "answer", about: "what the client is told", read: (*decoder).outcome, fields: outcomeFields},
	{name: "log", about: "a line for the story", to: func(d *decoder) any { return &d.answer.Log }},
}

func proposalFields(of func(d *decoder) *protocol.Proposal) []field {
	return []field{
		{name: "id", about: "of the last proposal that was accepted; 0 for none", need: true, to: func(d *decoder) any { return &of(d).ID }},
		{name: "holder", about: "of the proposal; \"\" for nobody", need: true, to: func(d *decoder) any { return &of(d).Holder }},
	}
}

var outcomeFields = []field{
	{name: "outcome", about: "how the operation ends", need: true, to: func(d *decoder) any { return &d.answer.Outcome }},
	{name: "holder", about: "who holds the lock, \"\" for nobody; left out with unknown", to: func(d *decoder) any { return &d.answer.Holder }},
}

var messageFields = []field{
	{name: "type", about: "promise and commit ask; promised and committed answer the last such request of that peer", need: true,
		to: func(d *decoder) any { return &d.message.Kind }},
	{name: "to", about: "the peer", need: true, to: func(d *decoder) any { return &d.message.To }},
	{name: "id", about: "the ID", need: true, to: func(d *decoder) any { return &d.message.ID }},
	{name: "holder", about: "who is to have the lock, \"\" for nobody", need: true, of: []string{"commit"},
		to: func(d *decoder) any { return &d.message.Proposal.Holder }},
	{name: "yes", about: "true or false, whether it is promised, or committed", need: true, of: responses, to: func(d *decoder) any { return &d.message.Yes }},
	{name: "accepted", about: "the last proposal that was accepted", of: responses,
		fields: proposalFields(func(d *decoder) *protocol.Proposal { return &d.message.Proposal })},
	{name: "told", about: "the ID that was promised, for a peer that is refused", of: responses, to: func(d *decoder) any { return &d.message.Told }},
	{name: "note", about: fmt.Sprintf("whatever the receiver is to know besides, up to %d bytes", sim.MaxNote), to: func(d *decoder) any { return &d.message.Note }},
}

// sendTypes are the messages that instances send; outcomes are how operations end.
var (
	sendTypes = []string{"promise", "commit", "promised", "committed"}
	outcomes  = []string{"acquired", "refused", "released", "not-released", "unknown"}
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
	for name, value := range inside(value) {
		at := slices.IndexFunc(fields, func(f field) bool { return name == f.name })
		switch {
		case at < 0:
			return 0, unknown(name, fields)
		case given&(1<<at) != 0:
			return 0, &placed{name, errors.New("stands there twice")}
		case value[0] == 'n' && !fields[at].null:
			continue
		}
		given |= 1 << at
		if err := d.field(&fields[at], value); err != nil {
			return 0, within(name, err)
		}
	}
	for at := range fields {
		if f := &fields[at]; f.need && f.of == nil && given&(1<<at) == 0 {
			return 0, missing(f)
		}
	}
	return given, nil
}

// field reads the value of a field.
func (d *decoder) field(f *field, value []byte) (err error) {
	switch {
	case f.read != nil:
		return f.read(d, value)
	case f.fields != nil:
		_, err = d.object(value, f.fields)
		return err
	}
	switch to := f.to(d).(type) {
	case *[]byte:
		if *to = nil; value[0] != 'n' {
			*to = slices.Clone(value)
		}
	case *bool:
		*to, err = read[bool](value, "true or false")
	case *string:
		*to, err = text(value)
	case *protocol.ID:
		*to, err = number(value)
	case *protocol.Holder:
		*to, err = d.holder(value)
	case *protocol.Position:
		*to, err = d.instance(value)
	case *protocol.MessageKind:
		var w string
		w, err = word(value, sendTypes)
		*to = protocol.MessageKind(slices.Index(messageTypes[:], w))
	case *protocol.Outcome:
		var w string
		w, err = word(value, outcomes)
		*to, _ = protocol.OutcomeByName(w)
	default:
		panic(fmt.Sprintf("program: field %s goes to a %T", f.name, to))
	}
	return err
}

func missing(f *field) error {
	if f.null {
		return &placed{f.name, errors.New("is missing; null if there is nothing")}
	}
	return &placed{f.name, errors.New("is missing: " + f.about)}
}

func unknown(name string, fields []field) error {
	known := form.Each(fields, func(f field) string { return f.name })
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
		names := form.Each(list, func(i sim.Instance) string { return i.Name })
		return 0, fmt.Errorf("there is no instance %q: %s", excerpt([]byte(name), 40), scenarios.Suggest(name, "instances", names))
	case at == int(d.question.Self):
		return 0, fmt.Errorf("%s is the instance itself, which sends itself nothing", name)
	}
	return protocol.Position(at), nil
}

// word reads one of some words.
func word(value []byte, words []string) (string, error) {
	w, err := text(value)
	if err == nil && !slices.Contains(words, w) {
		err = fmt.Errorf("takes %s, not %q", strings.Join(words, ", "), excerpt([]byte(w), 40))
	}
	return w, err
}

func (d *decoder) messages(value []byte) error {
	if value[0] != '[' {
		return fmt.Errorf("takes a list of messages, not %s", kindOf(value))
	}
	for _, v := range inside(value) {
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
	for at, f := range messageFields {
		switch is, fits := given&(1<<at) != 0, f.isOf(messageTypes[m.Kind]); {
		case is && !fits:
			return &placed{f.name, fmt.Errorf("is nothing that a %s has", messageTypes[m.Kind])}
		case f.need && fits && !is:
			return missing(&f)
		}
	}
	if m.Kind == protocol.CommitRequest {
		m.Proposal.ID = m.ID
	}
	return nil
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
