//go:build unix

package program

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"skinny/protocol"
	"skinny/sim"
)

func TestQuestions(t *testing.T) {
	c := cluster()
	c.Instances[1].Name, c.Holders[1] = "zürich", "bob \"the\" \\builder\u2028"
	begin := `{"format":1,"self":"c","instances":["a","zürich","c"],"increment":3,"memory":null,"disk":null,"event":{"type":`
	message := func(m protocol.Message) sim.Question { return sim.Question{Kind: sim.AskMessage, Message: m} }
	for _, q := range []struct {
		of   sim.Question
		want string
	}{
		{sim.Question{Kind: sim.AskOperation, Operation: protocol.Operation{Kind: protocol.Acquire, Holder: 1}}, `"acquire","holder":"alice","try":0}}`},
		{sim.Question{Kind: sim.AskOperation, Operation: protocol.Operation{Kind: protocol.Release, Holder: 2}, Try: 3}, `"release","holder":"bob \"the\" \\builder\u2028","try":3}}`},
		{message(protocol.Message{Kind: protocol.PromiseRequest, From: 1, ID: 7}), `"promise","from":"zürich","id":7}}`},
		{message(protocol.Message{Kind: protocol.CommitRequest, ID: 7, Proposal: protocol.Proposal{ID: 7, Holder: 1}}), `"commit","from":"a","id":7,"holder":"alice"}}`},
		{message(protocol.Message{Kind: protocol.CommitRequest, ID: 7, Proposal: protocol.Proposal{ID: 7}}), `"commit","from":"a","id":7,"holder":""}}`},
		{message(protocol.Message{Kind: protocol.PromiseResponse, ID: 7, Yes: true, Proposal: protocol.Proposal{ID: 5, Holder: 1}, Told: 9}), `"promised","from":"a","id":7,"yes":true,"accepted":{"id":5,"holder":"alice"},"told":9}}`},
		{message(protocol.Message{Kind: protocol.CommitResponse, ID: 7}), `"committed","from":"a","id":7,"yes":false,"accepted":{"id":0,"holder":""},"told":0}}`},
		{message(protocol.Message{Kind: protocol.Failure, ID: 7, Call: protocol.CommitRequest}), `"failed","from":"a","call":"commit","id":7}}`},
		{sim.Question{Kind: sim.AskTimeout}, `"timeout"}}`},
		{sim.Question{Kind: sim.AskRestart}, `"restart"}}`},
		{sim.Question{Kind: sim.AskMessage, Message: protocol.Message{Kind: protocol.PromiseRequest}, Note: []byte(`{"x":[1]}`)}, `"promise","from":"a","id":0,"note":{"x":[1]}}}`},
	} {
		q.of.Cluster, q.of.Self = c, 2
		if got := string(appendQuestion(nil, &q.of)); got != begin+q.want {
			t.Errorf("the question is\n%s, want\n%s", got, begin+q.want)
		}
	}
	q := sim.Question{Kind: sim.AskTimeout, Cluster: c, Self: 2, Memory: []byte(`{"a":1.50}`), Disk: []byte(`"x"`)}
	if got := string(appendQuestion(nil, &q)); !strings.Contains(got, `"memory":{"a":1.50},"disk":"x",`) {
		t.Errorf("the question is %s", got)
	}
}

func TestAnswers(t *testing.T) {
	got, err := decode(question(1), []byte(` {
		"memory": {"b": 1.50, "a": [1 , 2], "x": "\u00e9 é"}, "disk": [ ],
		"state": {"promised": 3, "id": 2, "holder": "bob"},
		"send": [
			{"type": "promise", "to": "a", "id": 9, "note": {"for": [1, 2]}},
			{"type": "commit", "to": "b", "id": 9, "holder": "alice", "note": null},
			{"type": "commit", "to": "b", "id": 9, "holder": ""},
			{"type": "promised", "to": "b", "id": 3, "yes": true, "accepted": {"id": 2, "holder": "bob"}, "told": null},
			{"type": "committed", "to": "a", "id": 3, "yes": false, "told": 7}
		],
		"timer": true, "retry": null, "answer": {"outcome": "not-released", "holder": "alice"}, "log": "a \"line\""
	} `))
	want := sim.Answer{
		Memory: []byte(`{"b":1.50,"a":[1,2],"x":"\u00e9 é"}`), Disk: []byte(`[]`),
		State: protocol.State{Promised: 3, Accepted: protocol.Proposal{ID: 2, Holder: 2}},
		Send: []sim.Sent{
			{Message: protocol.Message{Kind: protocol.PromiseRequest, To: 0, ID: 9}, Note: []byte(`{"for":[1,2]}`)},
			{Message: protocol.Message{Kind: protocol.CommitRequest, To: 1, ID: 9, Proposal: protocol.Proposal{ID: 9, Holder: 1}}},
			{Message: protocol.Message{Kind: protocol.CommitRequest, To: 1, ID: 9, Proposal: protocol.Proposal{ID: 9}}},
			{Message: protocol.Message{Kind: protocol.PromiseResponse, To: 1, ID: 3, Yes: true, Proposal: protocol.Proposal{ID: 2, Holder: 2}}},
			{Message: protocol.Message{Kind: protocol.CommitResponse, To: 0, ID: 3, Told: 7}},
		},
		Timer: true, Outcome: protocol.NotReleased, Holder: 1, Log: `a "line"`,
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("the answer is\n%+v, %v, want\n%+v", got, err, want)
	}
	if got, err := decode(question(1), []byte(nothing)); err != nil || !reflect.DeepEqual(got, sim.Answer{}) {
		t.Errorf("nothing is %+v, %v", got, err)
	}
	if got, err := decode(question(1), []byte(`{"memory":0,"disk":false,"answer":{"outcome":"unknown"},"state":null}`)); err != nil || got.Outcome != protocol.Unknown || string(got.Memory) != "0" || string(got.Disk) != "false" {
		t.Errorf("the answer is %+v, %v", got, err)
	}
	if got, err := decode(question(1), []byte(`{"memory":null,"disk":null,"state":{"promised":9007199254740991,"id":0,"holder":""}}`)); err != nil || got.State.Promised != mostNumber {
		t.Errorf("the answer is %+v, %v", got, err)
	}
}

// An answer that is wrong is refused, by an error that says where and what.
func TestWrongAnswers(t *testing.T) {
	with := func(more string) string { return `{"memory":null,"disk":null,` + more + `}` }
	send := func(more string) string { return with(`"send":[{"type":"promise","to":"a","id":1},{` + more + `}]`) }
	for line, want := range map[string]string{
		"":                                    "its answer is no JSON: unexpected end of JSON input",
		"got it":                              "its answer is no JSON: invalid character 'g' looking for beginning of value",
		nothing + nothing:                     "its answer is no JSON: invalid character '{' after top-level value",
		"{\"memory\":null,\"disk\":\"\xff\"}": "its answer is no JSON: it is not in UTF-8",
		strings.Repeat("[", 20_000):           "its answer is no JSON: ",
		"[]":                                  "its answer is no object, but a list",
		"null":                                "its answer is no object, but null",
		"17":                                  "its answer is no object, but 17",
		`"x"`:                                 "its answer is no object, but a text",
		"{}":                                  "in its answer, memory: is missing; null if there is nothing",
		`{"memory":1}`:                        "in its answer, disk: is missing; null if there is nothing",
		with(`"Send":[]`):                     `in its answer, there is no field "Send" here: did you mean "send"?`,
		with(`"zzz":1`):                       `in its answer, there is no field "zzz" here: fields: memory, disk, state, send, timer, retry, answer, log`,
		with(`"disk":1`):                      "in its answer, disk: stands there twice",
		with(`"timer":1`):                     "in its answer, timer: takes true or false, not 1",
		with(`"retry":"yes"`):                 "in its answer, retry: takes true or false, not a text",
		with(`"log":["x"]`):                   "in its answer, log: takes a text, not a list",
		with(`"state":{}`):                    "in its answer, state.promised: is missing: the highest ID that was promised",
		with(`"state":{"promised":1,"id":1}`): `in its answer, state.holder: is missing: of the proposal; "" for nobody`,
		with(`"state":{"promised":1,"id":1,"holder":"carol"}`): `in its answer, state.holder: there is no client "carol": clients: alice, bob`,
		with(`"state":{"promised":-1,"id":1,"holder":""}`):     "in its answer, state.promised: takes a whole number from 0 to 9007199254740991, not -1",
		with(`"state":{"promised":1.0,"id":1,"holder":""}`):    "in its answer, state.promised: takes a whole number from 0 to 9007199254740991, not 1.0",
		with(`"state":{"promised":9007199254740992,"id":1}`):   "in its answer, state.promised: takes a whole number from 0 to 9007199254740991, not 9007199254740992",
		with(`"send":{}`):  "in its answer, send: takes a list of messages, not an object",
		with(`"send":[7]`): "in its answer, send[0]: takes an object, not 7",
		send(``):           "in its answer, send[1].type: is missing: promise and commit ask; promised and committed answer the last such request of that peer",
		send(`"type":"promises","to":"a","id":1`):                 `in its answer, send[1].type: takes promise, commit, promised, committed, not "promises"`,
		send(`"type":"failed","to":"a","id":1`):                   `in its answer, send[1].type: takes promise, commit, promised, committed, not "failed"`,
		send(`"type":"promise","to":"c","id":1`):                  "in its answer, send[1].to: c is the instance itself, which sends itself nothing",
		send(`"type":"promise","to":"d","id":1`):                  `in its answer, send[1].to: there is no instance "d": instances: a, b, c`,
		send(`"type":"promise","to":null,"id":1`):                 "in its answer, send[1].to: is missing: the peer",
		send(`"type":"promise","to":"a"`):                         "in its answer, send[1].id: is missing: the ID",
		send(`"type":"promise","to":"a","id":1,"yes":true`):       "in its answer, send[1].yes: is nothing that a promise has",
		send(`"type":"commit","to":"a","id":1`):                   `in its answer, send[1].holder: is missing: who is to have the lock, "" for nobody`,
		send(`"type":"promised","to":"a","id":1`):                 "in its answer, send[1].yes: is missing: true or false, whether it is promised, or committed",
		send(`"type":"promised","to":"a","id":1,"accepted":[]`):   "in its answer, send[1].accepted: takes an object, not a list",
		send(`"type":"promised","to":"a","id":1,"accepted":{}`):   "in its answer, send[1].accepted.id: is missing: of the last proposal that was accepted; 0 for none",
		send(`"type":"promised","to":"a","id":1,"note":{},"x":1`): `in its answer, send[1]: there is no field "x" here: `,
		with(`"answer":"acquired"`):                               "in its answer, answer: takes an object, not a text",
		with(`"answer":{}`):                                       "in its answer, answer.outcome: is missing: how the operation ends",
		with(`"answer":{"outcome":"failed"}`):                     `in its answer, answer.outcome: takes acquired, refused, released, not-released, unknown, not "failed"`,
		with(`"answer":{"outcome":"acquired"}`):                   `in its answer, answer.holder: is missing: who holds the lock, "" for nobody; left out with unknown`,
		with(`"answer":{"outcome":"unknown","holder":""}`):        "in its answer, answer.holder: is left out with unknown",
	} {
		if _, err := decode(question(1), []byte(line)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.80s\n%v, want\n%s", line, err, want)
		}
	}
}

// Whatever a program writes, reading it ends without a panic; what is valid JSON and is
// walked through comes out as it went in.
func TestWalk(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, err := compact(nil, rapid.SliceOfN(rapid.SampledFrom([]byte(`{}[]",:\0 1en`)), 0, 30).Draw(t, "text"))
		if err == nil {
			if value, rest := cut(text); !bytes.Equal(value, text) || len(rest) > 0 {
				t.Fatalf("%s is cut into %s and %s", text, value, rest)
			}
		}
		value := rapid.Custom(anyJSON(3)).Draw(t, "value")
		if text, err = json.Marshal(value); err != nil {
			t.Fatal(err)
		}
		if again := rebuilt(text); !bytes.Equal(again, text) {
			t.Fatalf("%s becomes %s", text, again)
		}
	})
}

// anyJSON draws a value that is nested at most so deep.
func anyJSON(depth int) func(t *rapid.T) any {
	return func(t *rapid.T) any {
		kinds := 4
		if depth > 0 {
			kinds = 6
		}
		inner := rapid.Custom(anyJSON(depth - 1))
		switch rapid.IntRange(1, kinds).Draw(t, "kind") {
		case 1:
			return nil
		case 2:
			return rapid.Bool().Draw(t, "flag")
		case 3:
			return rapid.Int().Draw(t, "number")
		case 4:
			return rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{`"`, `\`, `\"`, "]", "}", "a:b,c"})).Draw(t, "text")
		case 5:
			return rapid.SliceOfN(inner, 0, 4).Draw(t, "list")
		}
		return rapid.MapOfN(rapid.String(), inner, 0, 4).Draw(t, "object")
	}
}

// rebuilt takes a text apart and puts it together again.
func rebuilt(text []byte) (out []byte) {
	switch text[0] {
	case '{':
		for name, value := range inside(text) {
			out = append(append(append(append(out, ','), must(json.Marshal(name))...), ':'), rebuilt(value)...)
		}
		return append(append([]byte{'{'}, bytes.TrimPrefix(out, []byte(","))...), '}')
	case '[':
		for _, value := range inside(text) {
			out = append(append(out, ','), rebuilt(value)...)
		}
		return append(append([]byte{'['}, bytes.TrimPrefix(out, []byte(","))...), ']')
	case '"':
		return must(json.Marshal(must(read[string](text, ""))))
	}
	return text
}

func TestWords(t *testing.T) {
	for command, want := range map[string][]string{
		"python3 mine.py":        {"python3", "mine.py"},
		"  a\t\tb\nc ":           {"a", "b", "c"},
		`'a b' "c d"e f\ g`:      {"a b", "c de", "f g"},
		`a "" ''`:                {"a", "", ""},
		`a '\"$x' "\"\\\n'" \'`:  {"a", `\"$x`, `"\\n'`, "'"},
		`$HOME ~ *.py | rm; > x`: {"$HOME", "~", "*.py", "|", "rm;", ">", "x"},
		`ä"ö"`:                   {"äö"},
	} {
		if got, err := Words(command); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %q, %v", command, got, err)
		}
	}
	for command, want := range map[string]string{
		"": "it names no program", "  ": "it names no program", `""`: "it names no program", `a "b`: `its last " is not closed`, "a 'b": "its last ' is not closed",
		`a \`: `it ends with a \ that stands before nothing`, "a\x00": "it has a character 0 in it", "\x00a": "it has a character 0 in it",
	} {
		if got, err := Words(command); err == nil || err.Error() != want {
			t.Errorf("%q is %q, %v", command, got, err)
		}
	}
}

// Names come out as they went in, whatever one character is in them.
func TestNames(t *testing.T) {
	for _, name := range []string{"", "plain", `a"b`, `a\b`, "a\tb", "a\x1fb", "zürich", "a\u2028b", "a<b"} {
		c := cluster()
		c.Holders = []string{name}
		q := sim.Question{Kind: sim.AskOperation, Cluster: c, Operation: protocol.Operation{Kind: protocol.Acquire, Holder: 1}}
		var said struct{ Event struct{ Holder string } }
		if err := json.Unmarshal(appendQuestion(nil, &q), &said); err != nil || said.Event.Holder != name {
			t.Errorf("%q becomes %q, %v", name, said.Event.Holder, err)
		}
	}
}

var update = flag.Bool("update", false, "write the golden files anew")

// The schema, whole.
func TestSchema(t *testing.T) {
	const path = "testdata/schema.json"
	if *update {
		if err := os.WriteFile(path, Schemas(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(path); err != nil || !bytes.Equal(Schemas(), want) {
		t.Errorf("%v: it is\n%s\n`go test ./cmd/internal/program -update` writes %s anew", err, Schemas(), path)
	}
}

// The schema knows what questions and answers are made of, and nothing else.
func TestSchemas(t *testing.T) {
	var s struct {
		Defs map[string]struct {
			Properties map[string]json.RawMessage
			Required   []string
			Additional *bool `json:"additionalProperties"`
		} `json:"$defs"`
	}
	text := Schemas()
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	var said map[string]any
	if err := json.Unmarshal(appendQuestion(nil, question(1)), &said); err != nil {
		t.Fatal(err)
	}
	q, a := s.Defs["question"], s.Defs["answer"]
	for name := range said {
		if q.Properties[name] == nil {
			t.Errorf("a question has %s, which the schema does not know", name)
		}
	}
	if len(q.Properties) != len(said) || len(q.Required) != len(said) || q.Additional == nil || *q.Additional {
		t.Errorf("the schema of a question is %+v", q)
	}
	if len(a.Properties) != len(answerFields) || !reflect.DeepEqual(a.Required, []string{"memory", "disk"}) || a.Additional == nil || *a.Additional {
		t.Errorf("the schema of an answer is %+v", a)
	}
	for _, part := range []string{`"const": "committed"`, `"enum": [`, `"description": "a peer asks for a promise"`} {
		if !bytes.Contains(text, []byte(part)) {
			t.Errorf("it has no %s", part)
		}
	}
}
