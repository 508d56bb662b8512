package form

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// box is a form with one value.
type box[V any] struct{ V Opt[V] }

func boxed[V any](v Value[V]) Value[box[V]] {
	return Of(func(b *box[V]) Form {
		return Form{Name: "a box", Flow: true, Fields: []Field{Key("v", "The value.", &b.V, v)}}
	})
}

// reading is what a text behind a key is read as, and how it is written, or what is said.
type reading struct{ text, want string }

// check reads values of one kind. What is right is written as it is wanted, and read the same again.
func check[V any](t *testing.T, name string, v Value[V], list ...reading) {
	t.Helper()
	for _, c := range list {
		b, ok, r := Parse(&notes, "f", []byte("v: "+c.text+"\n"), boxed(v))
		got := ""
		for _, d := range r.Found {
			got += fmt.Sprintf("%d: %s; %s", d.Column, d.Message, d.Hint)
		}
		if ok && len(r.Found) == 0 && b.V.Given {
			if b.V.Place != (Place{1, 4}) {
				t.Errorf("%s %s stands at %v", name, c.text, b.V.Place)
			}
			got = strings.TrimSuffix(strings.TrimPrefix(string(Encode(boxed(v), b)), "{v: "), "}\n")
			again, _, _ := Parse(&notes, "f", Encode(boxed(v), b), boxed(v))
			if again.V.Place = b.V.Place; fmt.Sprint(again) != fmt.Sprint(b) {
				t.Errorf("%s %s is written as %s and read as %v", name, c.text, got, again)
			}
		}
		if got != c.want {
			t.Errorf("%s %s: %s\nwant %s", name, c.text, got, c.want)
		}
	}
}

func TestValues(t *testing.T) {
	nothing := "leave the key out if there is nothing to say"
	check(t, "line", Line,
		reading{"a b", "a b"}, reading{"'7'", "'7'"}, reading{"7", `4: expected a text, but 7 is a number; put it in quotes if it is meant: "7"`},
		reading{"1.5", `4: expected a text, but 1.5 is a number; put it in quotes if it is meant: "1.5"`},
		reading{"true", `4: expected a text, but true is true or false; put it in quotes if it is meant: "true"`},
		reading{"~", `4: expected a text, but ~ is nothing; put it in quotes if it is meant: "~"`},
		reading{"123456789012345678901", `4: expected a text, but 12345678901234567890… is a number; put it in quotes if it is meant: "12345678901234567890…"`},
		reading{"", "3: expected a text, got nothing; " + nothing}, reading{"[a]", "4: expected a text, got a list; "},
		reading{"{a: b}", "4: expected a text, got a mapping (key: value); "},
		reading{`"\e"`, `4: the text cannot contain '\x1b'; only characters that can be seen, on one line; ` + "`about` may have several lines"},
		reading{`"a\nb"`, `4: the text cannot contain '\n'; only characters that can be seen, on one line; ` + "`about` may have several lines"})
	check(t, "lines", Lines, reading{`"a\tb"`, `"a\tb"`}, reading{"|\n  a\n  b", `"a\nb\n"`})
	check(t, "number", Numeral[uint64]("a number of apples", 2, 30),
		reading{"2", "2"}, reading{"30", "30"}, reading{"1", "4: a number of apples is out of range: 1; from 2 to 30"},
		reading{"31", "4: a number of apples is out of range: 31; from 2 to 30"}, reading{"-3", "4: a number of apples is out of range: -3; from 2 to 30"},
		reading{"123456789012345678901234", "4: a number of apples is out of range: 12345678901234567890…; from 2 to 30"},
		reading{"07", "4: a number of apples cannot begin with 0: 07; did you mean 7?"}, reading{"0x8", `4: expected a number of apples, got "0x8"; digits only: 42`},
		reading{"'7'", "4: expected a number of apples, got a text; take the quotes away"}, reading{"'seven'", `4: expected a number of apples, got "seven"; digits only: 42`},
		reading{"[7]", "4: expected a number of apples, got a list; "}, reading{"", "3: expected a number of apples, got nothing; " + nothing})
	check(t, "number from 0", Numeral[uint64]("a number", 0, 1<<64-1), reading{"0", "0"}, reading{"18446744073709551615", "18446744073709551615"},
		reading{"18446744073709551616", "4: a number is out of range: 18446744073709551616; from 0 to 18446744073709551615"})
	check(t, "on or off", OnOff, reading{"on", "on"}, reading{"true", "on"}, reading{"off", "off"}, reading{"'false'", "off"},
		reading{"onn", `4: expected on or off, got "onn"; did you mean "on"?`}, reading{"[on]", "4: expected on or off, got a list; "},
		reading{"", "3: expected on or off, got nothing; values: on, off, true, false"})
	check(t, "true or false", TrueFalse, reading{"on", "true"}, reading{"false", "false"})
	choice := Choice("fruits", []string{"apple", "pear"}, []int{7, 9})
	check(t, "choice", choice, reading{"pear", "pear"}, reading{"pera", `4: "pera" is none of the fruits; did you mean "pear"?`},
		reading{"plum", `4: "plum" is none of the fruits; fruits: apple, pear`}, reading{"''", "4: expected one of the fruits, got nothing; fruits: apple, pear"},
		reading{"[pear]", "4: expected one of the fruits, got a list; "})
	check(t, "name", Name("a name", "[a-z]+", func(s string) *Mistake {
		if at := strings.IndexByte(s, '!'); at >= 0 {
			return &Mistake{"a name has no !", "leave it out", at}
		}
		return nil
	}), reading{"joe", "joe"}, reading{"jo!e", "6: a name has no !; leave it out"}, reading{"'jo!e'", "7: a name has no !; leave it out"},
		reading{`"\x6ao!e"`, "4: a name has no !; leave it out"}, reading{"!joe", "4: a tag (!joe) is not allowed; leave it out; quotes make a text of a value"},
		reading{"7", `4: expected a name, but 7 is a number; put it in quotes if it is meant: "7"`}, reading{"''", "''"})
	check(t, "nullable", Nullable("a name or null"), reading{"joe", "joe"}, reading{"null", "''"}, reading{"'null'", "'null'"}, reading{"~", `4: expected a name or null, but ~ is nothing; put it in quotes if it is meant: "~"`})
	check(t, "word", Word("a word", ".+"), reading{"x", "x"}, reading{"5", `4: expected a word, but 5 is a number; put it in quotes if it is meant: "5"`})
	either := Either(Numeral[int]("a number", 1, 9), Choice("sizes", []string{"all", "most"}, []int{-1, -2}), func(v int) bool { return v > 0 })
	check(t, "either", either, reading{"4", "4"}, reading{"all", "all"}, reading{"10", "4: a number is out of range: 10; from 1 to 9"},
		reading{"-1", "4: a number is out of range: -1; from 1 to 9"}, reading{"mots", `4: "mots" is none of the sizes; did you mean "most"?`},
		reading{"''", "4: expected one of the sizes, got nothing; sizes: all, most"})
	list := List("a list of fruits", choice)
	check(t, "list", Flow(list), reading{"[pear, apple]", "[pear, apple]"}, reading{"[]", "[]"}, reading{"pear", `4: expected a list of fruits, got "pear"; begin each entry with -, or put them in brackets: [a, b]`},
		reading{"[pear, plum]", `11: "plum" is none of the fruits; fruits: apple, pear`})
}

// What was lost with a list, or with an entry of one, may be what others name.
func TestLost(t *testing.T) {
	list := boxed(List("a list of fruits", Choice("fruits", []string{"apple", "pear"}, []int{7, 9})))
	for text, lost := range map[string]bool{
		"[pear]": false, "[]": false, "pear": true, "{pear: 1}": true, "": true, "[plum]": true, "[pear, plum, apple]": true, "[pear], w: 1": false,
	} {
		if _, _, r := Parse(&notes, "f", []byte("{v: "+text+"}\n"), list); r.Lost != lost {
			t.Errorf("%s: lost is %v", text, r.Lost)
		}
	}
}

// What editors are told of values.
func TestSchemas(t *testing.T) {
	for _, c := range []struct {
		schema Object
		want   string
	}{
		{Line.Schema(), `{"type":"string"}`},
		{Word("a word", "a|b").Schema(), `{"type":"string","pattern":"^a|b$"}`},
		{Numeral[int]("n", 2, 30).Schema(), `{"type":"integer","minimum":2,"maximum":30}`},
		{OnOff.Schema(), `{"enum":["on","off",true,false]}`},
		{Nullable("x").Schema(), `{"type":["string","null"]}`},
		{Choice("fruits", []string{"apple", "<pear>"}, []int{1, 2}).Schema(), `{"enum":["apple","<pear>"]}`},
		{List("fruits", Line).Schema(), `{"type":"array","items":{"type":"string"}}`},
		{Either(Numeral[int]("n", 1, 2), Choice("w", []string{"all"}, []int{-1}), nil).Schema(), `{"oneOf":[{"enum":["all"]},{"type":"integer","minimum":1,"maximum":2}]}`},
		{pairs.Schema(), `{"oneOf":[{"type":"object","description":"One.","properties":{"a":{"description":"A.","type":"string"},"c":{"description":"C.","type":"string","default":"x"}},"required":["a"],"additionalProperties":false},` +
			`{"type":"object","properties":{"b":{"description":"B.","type":"string"}},"additionalProperties":false}]}`},
		{whole.Schema(), `{"type":"object","properties":{"by":{"description":"Hand.","type":"string"},"speed":{"description":"How.","type":"string"},` +
			`"net":{"description":"Net.","type":"object","properties":{"loss":{"description":"Loss.","type":"string"}},"additionalProperties":false},"then":{"description":"Then.","type":"string"}},` +
			`"additionalProperties":false,"dependentSchemas":{"by":{"properties":{"speed":false,"net":{"properties":{"loss":false}}}}},"dependentRequired":{"then":["by"]}}`},
	} {
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(c.schema); err != nil || strings.TrimSpace(b.String()) != c.want {
			var short bytes.Buffer
			json.Compact(&short, b.Bytes())
			if short.String() != c.want {
				t.Errorf("got  %s\nwant %s, %v", short.String(), c.want, err)
			}
		}
	}
	if got := string(Document("T", Object{{"a", 1}})); got != "{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n  \"title\": \"T\",\n  \"a\": 1\n}\n" {
		t.Errorf("a document is %s", got)
	}
}

// pair is one of two variants, known by a or b.
type pair struct{ A, B, C Opt[string] }

var pairs = (&Union[pair]{Name: "an entry", Variants: []Variant[pair]{
	{Head: "a", Also: "first", Is: func(p *pair) bool { return p.A.Given }, Form: func(p *pair) Form {
		return Form{Name: "an a", Doc: "One.", Flow: true, Fields: []Field{Key("a", "A.", &p.A, Line).Must(), Key("c", "C.", &p.C, Line).Default("x")}, Check: func() *Mistake {
			if p.A.Value == p.C.Value {
				return &Mistake{What: "both are the same", Hint: "change one"}
			}
			return nil
		}}
	}},
	{Head: "b", Is: func(p *pair) bool { return p.B.Given }, Form: func(p *pair) Form {
		return Form{Name: "a b", Fields: []Field{Key("b", "B.", &p.B, Line)}}
	}},
}}).Value()

// run is a whole text, some keys of which exclude others.
type run struct {
	By, Speed, Then Opt[string]
	Net             struct{ Loss Opt[string] }
}

var whole = Of(func(r *run) Form {
	return Form{Name: "a run", Whole: true, Fields: []Field{
		Key("by", "Hand.", &r.By, Line), Key("speed", "How.", &r.Speed, Line).Unless("by", "take one of the two"),
		Nested("net", "Net.", &r.Net, func(n *struct{ Loss Opt[string] }) Form {
			return Form{Name: "a net", Flow: true, Fields: []Field{Key("loss", "Loss.", &n.Loss, Line).Unless("by", "a hand loses nothing")}}
		}),
		Key("then", "Then.", &r.Then, Line).With("by", "give a hand"),
	}}
})

// What is wrong with mappings, with its place and what to do about it.
func TestForms(t *testing.T) {
	entry := func(text string) string {
		p, ok, r := Parse(&notes, "f", []byte(text), pairs)
		if ok && len(r.Found) == 0 {
			return string(Encode(pairs, p))
		}
		return says(r)
	}
	for _, c := range []reading{
		{"a: x\nc: y\n", "{a: x, c: y}\n"}, {"b: x\n", "b: x\n"}, {"{c: y, a: x}", "{a: x, c: y}\n"},
		{"{a: x, b: y}", "1:8: an entry is about one thing, but this one has \"a\" and \"b\"; make two entries of it\n"},
		{"{c: x}", "1:1: an entry does not say what it is about; one of the keys: a, b\n"},
		{"{first: x}", "1:2: unknown key \"first\" in an entry; did you mean \"a\"?\n"},
		{"{zzz: x}", "1:1: an entry does not say what it is about; one of the keys: a, b\n"},
		{"[a]", "1:1: expected an entry, got a list; one of the keys: a, b\n"},
		{"{a: x, a: y}", "1:8: the key \"a\" stands here twice; the first one is in line 1, column 2; keep one of them\n"},
		{"{a: x, a: [y]}", "1:8: the key \"a\" stands here twice; the first one is in line 1, column 2; keep one of them\n"},
		{"{'': x}", "1:1: an entry does not say what it is about; one of the keys: a, b\n"},
		{"{a: &n x, *n : y}", "1:5: an anchor (&n) is not allowed; write values out where they are needed, or put text that begins with & in quotes\n" +
			"1:11: an alias (*n) is not allowed; write the value out again, or put text that begins with * in quotes\n"},
		{"{a: x, [b]: y}", "1:8: a key is a single word; keys: a, c\n"},
		{"{a: x, cc: y}", "1:8: unknown key \"cc\" in an a; keys: a, c\n"},
		{"{a: x, c: x}", "1:1: both are the same; change one\n"},
		{"{a: 7, c: 7}", "1:5: expected a text, but 7 is a number; put it in quotes if it is meant: \"7\"\n1:11: expected a text, but 7 is a number; put it in quotes if it is meant: \"7\"\n"},
		{"{a: x, <<: {c: y}}", "1:8: a merge key (<<) is not allowed; write the keys out\n"},
		{"{a: &n x, c: *n}", "1:5: an anchor (&n) is not allowed; write values out where they are needed, or put text that begins with & in quotes\n" +
			"1:14: an alias (*n) is not allowed; write the value out again, or put text that begins with * in quotes\n"},
		{"", "0:0: the file is empty: it holds no note; \n"}, {"# x\n", "0:0: the file is empty: it holds no note; \n"},
		{"{a: x}\n---\n{b: y}\n", "2:1: a second document begins here; a file holds one note; put each note into a file of its own\n"},
		{"{a: x\n", "1:6: a mapping is not closed here: expected `,` or `}`; it begins in line 1, column 1\n"}, {"a: \"x\n", "1:4: a text in quotes does not end; close it with the same quote\n"},
	} {
		if got := entry(c.text); got != c.want {
			t.Errorf("%q:\n%s\nwant\n%s", c.text, got, c.want)
		}
	}
	for _, c := range []reading{
		{"by: x\nthen: y\n", ""}, {"speed: x\nnet: {loss: y}\n", ""}, {"by: x\nspeed:\n", "2:7: expected a text, got nothing; leave the key out if there is nothing to say\n"},
		{"by: x\nspeed: y\n", "2:8: `speed` does not go with a by; take one of the two\n"},
		{"net: {loss: y}\nby: x\n", "1:13: `net: loss` does not go with a by; a hand loses nothing\n"},
		{"by: x\nnet: [loss, y]\n", "2:6: expected a net, got a list; keys: loss\n"}, {"'': x\nspeed: y\n", "1:1: unknown key \"\" in a run; keys: by, speed, net, then\n"},
		{"then: y\n", "1:7: `then` goes with a by, and there is none; give a hand\n"},
		{"speed: x\nthen: y\n", "2:7: `then` goes with a by, and there is none; give a hand\n"},
	} {
		_, _, r := Parse(&notes, "f", []byte(c.text), whole)
		if got := says(r); got != c.want {
			t.Errorf("%q:\n%s\nwant\n%s", c.text, got, c.want)
		}
	}
	// What is not given is not written.
	if got := string(Encode(whole, run{By: Some("x")})); got != "by: x\n" {
		t.Errorf("written as %q", got)
	}
	_, _, r := Parse(&notes, "f", []byte("{}"), Of(func(p *pair) Form { return Form{Name: "an a", Fields: []Field{Key("a", "One a.", &p.A, Line).Must()}} }))
	if got := says(r); got != "1:1: an a needs the key \"a\"; One a.\n" {
		t.Errorf("what is missing: %s", got)
	}
	o := Opt[int]{}
	if some := Some(5); o.Or(3) != 3 || some.Or(3) != 5 || o.IfGiven() != nil || *some.IfGiven() != 5 {
		t.Error("values that are given are taken for others")
	}
}

func says(r *Reader) string {
	text := ""
	for _, d := range r.Found.Sorted() {
		text += fmt.Sprintf("%d:%d: %s; %s\n", d.Line, d.Column, d.Message, d.Hint)
	}
	return text
}
