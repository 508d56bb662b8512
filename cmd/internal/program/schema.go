package program

import (
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

func described(about string, s form.Object) form.Object {
	return append(form.Object{{Name: "description", Value: about}}, s...)
}

// objectOf is the schema of an object with these fields and no others. An event or a message
// is of a type; else that is "".
func objectOf(fields []field, of string) form.Object {
	properties, required := form.Object{}, []string{}
	for _, f := range fields {
		if !f.isOf(of) {
			continue
		}
		s := f.schemaOf()
		if of != "" && f.name == "type" {
			s = form.Object{{Name: "const", Value: of}}
		}
		if f.about != "" {
			s = described(f.about, s)
		}
		properties = append(properties, form.Member{Name: f.name, Value: s})
		if f.need {
			required = append(required, f.name)
		}
	}
	return form.Object{
		{Name: "type", Value: "object"}, {Name: "properties", Value: properties},
		{Name: "required", Value: required}, {Name: "additionalProperties", Value: false},
	}
}

func (f *field) schemaOf() form.Object {
	switch {
	case f.to == nil && f.fields == nil:
		return f.schema
	case f.fields != nil:
		return objectOf(f.fields, "")
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
		kinds = append(kinds, objectOf(messageFields, messageTypes[kind]))
	}
	return listOf(form.OneOf(kinds...))
}

func eventSchema() form.Object {
	var events []form.Object
	for _, t := range eventTypes {
		events = append(events, described(t.about, objectOf(eventFields, t.name)))
	}
	return form.OneOf(events...)
}

// Schemas is the JSON Schema (draft 2020-12) of a question and of an answer. It says what
// the tables say; what an instance may do at which time is beyond it.
func Schemas() []byte {
	return form.Document("Questions to the program of an instance, and its answers", form.Object{
		{Name: "$defs", Value: form.Object{
			{Name: "question", Value: objectOf(questionFields, "")},
			{Name: "answer", Value: objectOf(answerFields, "")},
		}},
		{Name: "oneOf", Value: []form.Object{
			{{Name: "$ref", Value: "#/$defs/question"}}, {{Name: "$ref", Value: "#/$defs/answer"}},
		}},
	})
}
