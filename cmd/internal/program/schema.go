package program

import (
	"slices"

	"skinny/protocol"
	"skinny/scenarios/form"
)

// Schemas of what is in questions and answers.
var (
	textSchema     = form.Object{{Name: "type", Value: "string"}}
	flagSchema     = form.Object{{Name: "type", Value: "boolean"}}
	numberSchema   = form.Object{{Name: "type", Value: "integer"}, {Name: "minimum", Value: 0}, {Name: "maximum", Value: uint64(mostNumber)}}
	proposalSchema = form.Object{
		{Name: "type", Value: "object"},
		{Name: "properties", Value: form.Object{{Name: "id", Value: numberSchema}, {Name: "holder", Value: textSchema}}},
		{Name: "required", Value: []string{"id", "holder"}},
	}
)

func listOf(of any) form.Object {
	return form.Object{{Name: "type", Value: "array"}, {Name: "items", Value: of}}
}

func oneOf(words ...string) form.Object { return form.Object{{Name: "enum", Value: words}} }

// described is a schema with what it is for.
func described(about string, s form.Object) form.Object {
	return append(form.Object{{Name: "description", Value: about}}, s...)
}

// object is the schema of an object with these fields and no others.
func object(properties form.Object, required []string) form.Object {
	return form.Object{
		{Name: "type", Value: "object"}, {Name: "properties", Value: properties},
		{Name: "required", Value: required}, {Name: "additionalProperties", Value: false},
	}
}

// objectOf is the schema of an object, which may be a message of a kind.
func objectOf(fields []field, kind protocol.MessageKind) form.Object {
	properties, required := form.Object{}, []string{}
	for _, f := range fields {
		if f.of != nil && !slices.Contains(f.of, kind) {
			continue
		}
		s := f.schemaOf()
		if kind != protocol.NoMessage && f.name == "type" {
			s = form.Object{{Name: "const", Value: messageTypes[kind]}}
		}
		properties = append(properties, form.Member{Name: f.name, Value: described(f.about, s)})
		if f.need {
			required = append(required, f.name)
		}
	}
	return object(properties, required)
}

// schemaOf is the schema of a field's value.
func (f *field) schemaOf() form.Object {
	switch {
	case f.schema != nil:
		return f.schema()
	case f.fields != nil:
		return objectOf(f.fields, protocol.NoMessage)
	}
	switch f.to(&decoder{}).(type) {
	case *bool:
		return flagSchema
	case *protocol.ID:
		return numberSchema
	case *protocol.MessageKind:
		return oneOf(sendTypes...)
	case *protocol.Outcome:
		return oneOf(outcomes...)
	case *[]byte:
		return form.Object{}
	}
	return textSchema
}

func messagesSchema() form.Object {
	var kinds []form.Object
	for kind := protocol.PromiseRequest; kind <= protocol.CommitResponse; kind++ {
		kinds = append(kinds, objectOf(messageFields, kind))
	}
	return listOf(form.OneOf(kinds...))
}

func questionSchema() form.Object {
	properties, required := form.Object{}, []string{}
	for _, p := range questionFields {
		properties = append(properties, form.Member{Name: p.name, Value: described(p.about, p.schema)})
		required = append(required, p.name)
	}
	var events []form.Object
	for _, t := range eventTypes {
		fields, always := form.Object{{Name: "type", Value: form.Object{{Name: "const", Value: t.name}}}}, []string{"type"}
		for _, p := range parts[t.name] {
			fields = append(fields, form.Member{Name: p.name, Value: described(p.about, p.schema)})
			if p.put != nil {
				always = append(always, p.name)
			}
		}
		events = append(events, described(t.about, object(fields, always)))
	}
	properties = append(properties, form.Member{Name: "event", Value: described("what happens", form.OneOf(events...))})
	return object(properties, append(required, "event"))
}

// Schemas is the JSON Schema (draft 2020-12) of a question and of an answer. It says what
// the tables say; what an instance may do at which time is beyond it.
func Schemas() []byte {
	return form.Document("Questions to the program of an instance, and its answers", form.Object{
		{Name: "$defs", Value: form.Object{
			{Name: "question", Value: questionSchema()},
			{Name: "answer", Value: objectOf(answerFields, protocol.NoMessage)},
		}},
		{Name: "oneOf", Value: []form.Object{
			{{Name: "$ref", Value: "#/$defs/question"}}, {{Name: "$ref", Value: "#/$defs/answer"}},
		}},
	})
}
