package scenarios

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// validate checks a value against the part of JSON Schema that the generated
// schema uses. It returns what is wrong, and panics on a keyword it does not know.
func validate(schema, value any, path string) []string {
	if schema == false {
		return []string{path + ": not allowed"}
	}
	var wrong []string
	bad := func(format string, args ...any) { wrong = append(wrong, path+": "+fmt.Sprintf(format, args...)) }
	s := schema.(map[string]any)
	for key, want := range s {
		switch key {
		case "$schema", "title", "description", "default", "properties":
		case "type":
			if types, ok := want.([]any); ok && !slices.Contains(types, any(typeOf(value))) || !ok && typeOf(value) != want {
				bad("a %s, not a %v", typeOf(value), want)
			}
		case "enum":
			if !slices.Contains(want.([]any), value) {
				bad("%v is none of %v", value, want)
			}
		case "const":
			if value != want {
				bad("%v is not %v", value, want)
			}
		case "pattern":
			if text, ok := value.(string); ok && !regexp.MustCompile(want.(string)).MatchString(text) {
				bad("%q does not match %s", text, want)
			}
		case "minimum":
			if n, ok := value.(float64); ok && n < want.(float64) {
				bad("%v is less than %v", n, want)
			}
		case "maximum":
			if n, ok := value.(float64); ok && n > want.(float64) {
				bad("%v is more than %v", n, want)
			}
		case "minItems":
			if list, ok := value.([]any); ok && len(list) < int(want.(float64)) {
				bad("too short")
			}
		case "maxItems":
			if list, ok := value.([]any); ok && len(list) > int(want.(float64)) {
				bad("too long")
			}
		case "items":
			if list, ok := value.([]any); ok {
				for i, e := range list {
					wrong = append(wrong, validate(want, e, fmt.Sprintf("%s[%d]", path, i))...)
				}
			}
		case "oneOf":
			if n := matching(want.([]any), value, path); n != 1 {
				bad("matches %d of the variants", n)
			}
		case "required", "additionalProperties", "dependentSchemas", "dependentRequired":
			if object, ok := value.(map[string]any); ok {
				wrong = append(wrong, validateKeys(key, want, s, object, path)...)
			}
		default:
			panic("unknown keyword " + key)
		}
	}
	if object, ok := value.(map[string]any); ok {
		properties, _ := s["properties"].(map[string]any)
		for name, schema := range properties {
			if v, given := object[name]; given {
				wrong = append(wrong, validate(schema, v, path+"."+name)...)
			}
		}
	}
	return wrong
}

func matching(variants []any, value any, path string) int {
	n := 0
	for _, v := range variants {
		if len(validate(v, value, path)) == 0 {
			n++
		}
	}
	return n
}

// validateKeys checks the keywords that are about the keys of an object.
func validateKeys(keyword string, want any, schema, object map[string]any, path string) []string {
	var wrong []string
	switch keyword {
	case "required":
		for _, name := range want.([]any) {
			if _, ok := object[name.(string)]; !ok {
				wrong = append(wrong, fmt.Sprintf("%s: no %s", path, name))
			}
		}
	case "additionalProperties":
		for name, value := range object {
			known, _ := schema["properties"].(map[string]any)
			if _, ok := known[name]; !ok && want == false {
				wrong = append(wrong, fmt.Sprintf("%s: unknown key %s", path, name))
			} else if !ok {
				wrong = append(wrong, validate(want, value, path+"."+name)...)
			}
		}
	case "dependentSchemas":
		for name, s := range want.(map[string]any) {
			if _, ok := object[name]; ok {
				wrong = append(wrong, validate(s, object, path)...)
			}
		}
	case "dependentRequired":
		for name, s := range want.(map[string]any) {
			if _, ok := object[name]; ok {
				wrong = append(wrong, validateKeys("required", s, nil, object, path)...)
			}
		}
	}
	return wrong
}

func typeOf(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case float64:
		if v == float64(int64(v)) {
			return "integer"
		}
		return "number"
	case []any:
		return "array"
	}
	return "object"
}

// jsonValue is a YAML text as an editor sees it.
func jsonValue(t testing.TB, text []byte) any {
	t.Helper()
	var v any
	if err := yaml.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func schemaValue(t testing.TB) any {
	t.Helper()
	var s any
	if err := json.Unmarshal(Schema(), &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestSchemaAccepts checks the bundled scenarios against the schema.
func TestSchemaAccepts(t *testing.T) {
	schema := schemaValue(t)
	for _, e := range append(Library(), Entry{Name: "template", Data: Template()}, Entry{Name: "rough", Data: []byte(rough)}, Entry{Name: "stormy", Data: []byte(stormy)},
		Entry{Name: "faults", Data: []byte(bare + "faults: {profile: all, crashes: 1, cuts: 0..3, loss: 0%..5%, think: 1ms..5ms}\n")}) {
		for _, w := range validate(schema, jsonValue(t, e.Data), e.Name) {
			t.Error(w)
		}
	}
}

// TestSchemaRefuses checks that the schema knows what it can know.
func TestSchemaRefuses(t *testing.T) {
	schema := schemaValue(t)
	for _, more := range []string{
		"tiemline: []", "seed: -1", "edition: sund", "rules: {durabel: on}", "rules: {durable: maybe}",
		"until: 10", "until: -1s", "network: {loss: 5}", "network: {latency: 1ms..}", "events: 0",
		"timeline: [{at: 0s}]", "timeline: [{crash: london}]", "timeline: [{at: 0s, crash: london, via: london}]",
		"timeline: [{at: 0s, acquire: two words, via: london}]", "timeline: [{at: 0s, cut: london}]",
		"messages: [{delay: promise-request}]", "messages: [{refuse: promise-response}]",
		"expect: [{holder: bob}]", "expect: [{property: agreement}]", "expect: [{operation: 1, on: all}]",
		"schedule: x\nuntil: 1s", "schedule: x\nnetwork: {loss: 1%}", "then: stop", "schedule: [x]", "faults: {profile: wild}",
		"faults: {loss: 5}", "faults: {crashes: 1.5}", "faults: {crashes: 101}", "faults: {crashes: '1'}", "faults: {partition: 1}",
		"network: {tail: {share: 1%}}", "network: {calm-from: 5}", "network: {clogs: [{at: 1s}]}", "network: {clogs: [{from: '', at: 1s, for: 1s}]}",
		"progress: {from: 1s}", "progress: 1s", "schedule: x\nprogress: {from: 1s, within: 1s}", "schedule: x\nnetwork: {tail: {share: 1%, latency: 1s}}",
	} {
		if wrong := validate(schema, jsonValue(t, []byte(cluster+more+"\n")), ""); len(wrong) == 0 {
			t.Errorf("the schema accepts %s", more)
		}
	}
}

// TestSchemaDocuments checks that the schema explains every key, in sentences.
func TestSchemaDocuments(t *testing.T) {
	var visit func(schema any, path string)
	visit = func(schema any, path string) {
		s, ok := schema.(map[string]any)
		if !ok {
			return
		}
		if properties, ok := s["properties"].(map[string]any); ok && !strings.Contains(path, "dependent") {
			for name, p := range properties {
				doc, _ := p.(map[string]any)["description"].(string)
				if utf8.RuneCountInString(doc) < 8 || !strings.HasSuffix(doc, ".") {
					t.Errorf("%s.%s: %q explains nothing", path, name, doc)
				}
			}
		}
		for key, child := range s {
			visit(child, path+"."+key)
			if list, ok := child.([]any); ok {
				for _, e := range list {
					visit(e, path+"."+key)
				}
			}
		}
	}
	visit(schemaValue(t), "")
	golden(t, "schema.golden", Schema())
}
