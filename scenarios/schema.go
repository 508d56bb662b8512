package scenarios

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// schema is what a mapping looks like.
func (m *mapping[T]) schema() object {
	properties := object{}
	required := []string{}
	for _, f := range m.fields {
		described := append(object{{"description", f.doc}}, f.schema...)
		properties = append(properties, member{f.name, described})
		if f.required {
			required = append(required, f.name)
		}
	}
	s := object{{"type", "object"}}
	if m.doc != "" {
		s = append(s, member{"description", m.doc})
	}
	s = append(s, member{"properties", properties})
	if len(required) > 0 {
		s = append(s, member{"required", required})
	}
	return append(s, member{"additionalProperties", false})
}

// schema is what the variants look like. Each requires its head, and no other
// variant has it, so an editor can tell which one is meant.
func (u *union[T]) schema() object {
	variants := make([]object, len(u.variants))
	for i := range u.variants {
		variants[i] = u.variants[i].schema()
	}
	return object{{"oneOf", variants}}
}

// Schema is the JSON Schema (draft 2020-12) of scenario files, for editors and
// other programs. It says what the decoder's tables say; what depends on other
// parts of a file, such as whether an instance exists, is beyond it.
func Schema() []byte {
	s := object{
		{"$schema", "https://json-schema.org/draft/2020-12/schema"},
		{"title", "Skinny scenario"},
	}
	s = append(s, fileTable.schema()...)
	s = append(s, scheduleRules...)
	var out bytes.Buffer
	var line bytes.Buffer
	if err := appendJSON(&line, s); err != nil {
		panic(fmt.Sprintf("scenarios: schema: %v", err))
	}
	if err := json.Indent(&out, line.Bytes(), "", "  "); err != nil {
		panic(fmt.Sprintf("scenarios: schema: %v", err))
	}
	out.WriteByte('\n')
	return out.Bytes()
}

// scheduleRules is the part of the schema about what goes with a schedule.
var scheduleRules = object{
	{"dependentSchemas", object{{"schedule", object{{"properties", object{
		{"timeline", false}, {"messages", false}, {"faults", false}, {"until", false}, {"progress", false},
		{"network", object{{"properties", object{
			{"latency", false}, {"loss", false}, {"request-loss", false}, {"response-loss", false}, {"duplication", false},
			{"tail", false}, {"calm-from", false}, {"clogs", false}, {"links", false},
		}}}},
	}}}}}},
	{"dependentRequired", object{{"then", []string{"schedule"}}}},
}
