package form

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Member is one name and value of an object.
type Member struct {
	Name  string
	Value any
}

// Object is a JSON object whose members keep their order.
type Object []Member

// MarshalJSON writes the members in order.
func (o Object) MarshalJSON() ([]byte, error) {
	members := make([]string, len(o))
	for i, m := range o {
		members[i] = encoded(m.Name, "") + ":" + encoded(m.Value, "")
	}
	return []byte("{" + strings.Join(members, ",") + "}"), nil
}

// encoded is a value as JSON, with < and > as they are.
func encoded(value any, indent string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", indent)
	if err := e.Encode(value); err != nil {
		panic(fmt.Sprintf("form: schema: %v", err))
	}
	return b.String()
}

// OneOf is the schema of a value that has one of some forms.
func OneOf(schemas ...Object) Object { return Object{{"oneOf", schemas}} }

func (f Form) schema() Object {
	properties := Object{}
	required := []string{}
	for _, field := range f.Fields {
		properties = append(properties, Member{field.name, append(Object{{"description", field.doc}}, field.schema()...)})
		if field.required {
			required = append(required, field.name)
		}
	}
	s := Object{{"type", "object"}}
	if f.Doc != "" {
		s = append(s, Member{"description", f.Doc})
	}
	s = append(s, Member{"properties", properties})
	if len(required) > 0 {
		s = append(s, Member{"required", required})
	}
	s = append(s, Member{"additionalProperties", false})
	if f.Whole {
		s = append(s, f.conflicts()...)
	}
	return s
}

// conflicts says which keys of a whole text do not go with each other.
func (f Form) conflicts() (s Object) {
	for _, field := range f.Fields {
		if none := f.without(field.name); none != nil {
			s = append(s, Member{"dependentSchemas", Object{{field.name, none}}})
		}
		if field.with != "" {
			s = append(s, Member{"dependentRequired", Object{{field.name, []string{field.with}}}})
		}
	}
	return s
}

// without lists the keys that do not go with another one, nil if there are none.
func (f Form) without(key string) Object {
	var none Object
	for _, field := range f.Fields {
		if field.unless == key {
			none = append(none, Member{field.name, false})
		} else if field.nested != nil {
			if inner := field.nested().without(key); inner != nil {
				none = append(none, Member{field.name, inner})
			}
		}
	}
	if none == nil {
		return nil
	}
	return Object{{"properties", none}}
}

// schema is what the variants look like. Each requires its head, and no other
// variant has it, so an editor can tell which one is meant.
func (u *Union[T]) schema() Object {
	variants := make([]Object, len(u.Variants))
	for i := range u.Variants {
		variants[i] = u.Variants[i].Form(new(T)).schema()
	}
	return OneOf(variants...)
}

// Document is a JSON Schema (draft 2020-12) with a title as a text, for editors and other
// programs. That of a value says what the forms say; what depends on other parts of a text
// is beyond it.
func Document(title string, s Object) []byte {
	s = append(Object{{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", title}}, s...)
	return []byte(encoded(s, "  "))
}
