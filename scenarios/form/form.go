// Package form reads and writes YAML strictly: every mapping is a [Form], a table of
// its keys, and whatever is not in it is an error with a place and, where there is
// one, a suggestion. Everything that is wrong with a text is reported at once, as
// [Diagnostics].
//
// A form is bound to a value: each of its fields knows its key, what may stand there
// and the variable that holds it. The same table is read, written and described for
// editors (JSON Schema), so the three cannot disagree.
package form

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v4"
)

// Opt is a value that a file may give or leave out.
type Opt[V any] struct {
	Value V
	Given bool
	Place Place // where it stands; nowhere if it was not read from a file
}

// Some is a value that is given.
func Some[V any](value V) Opt[V] { return Opt[V]{Value: value, Given: true} }

// Or is the value, or the other one where none is given.
func (o Opt[V]) Or(other V) V {
	if o.Given {
		return o.Value
	}
	return other
}

// IfGiven is the value, nil where none is given.
func (o *Opt[V]) IfGiven() *V {
	if !o.Given {
		return nil
	}
	return &o.Value
}

// Value is what can stand behind a key or in a list: how it is read, how it is
// written, and what an editor is told of it. Read reports what is wrong; false means
// that there is no value to go on with.
type Value[V any] struct {
	Read   func(r *Reader, n *yaml.Node) (V, bool)
	Write  func(v V) *yaml.Node
	Schema func() Object
}

// Placed is a value with its place.
func Placed[V any](v Value[V]) Value[Opt[V]] {
	return Value[Opt[V]]{
		Read: func(r *Reader, n *yaml.Node) (Opt[V], bool) {
			value, ok := v.Read(r, n)
			return Opt[V]{value, ok, PlaceOf(n)}, ok
		},
		Write:  func(o Opt[V]) *yaml.Node { return v.Write(o.Value) },
		Schema: v.Schema,
	}
}

// Field is one key of a form and the variable that holds its value.
type Field struct {
	name     string
	doc      string // a sentence for whoever writes the key
	required bool
	unless   string      // the key of the whole text beside which this one means nothing
	with     string      // the key without which it means nothing
	why      string      // what to do then
	nested   func() Form // of a Nested one
	read     func(r *Reader, n *yaml.Node)
	write    func() *yaml.Node // nil: it is not given
	schema   func() Object
}

// Must makes the field required.
func (f Field) Must() Field {
	f.required = true
	return f
}

// Unless makes the field one that means nothing if the whole text has another key.
// Why is what to do about it.
func (f Field) Unless(key, why string) Field {
	f.unless, f.why = key, why
	return f
}

// With makes the field one that means nothing unless the whole text has another key.
func (f Field) With(key, why string) Field {
	f.with, f.why = key, why
	return f
}

// Default tells editors what holds when the field is not given.
func (f Field) Default(value any) Field {
	schema := f.schema
	f.schema = func() Object { return append(schema(), Member{"default", value}) }
	return f
}

// Bind is a field that is read and written by functions; write is nil if it is not given.
func Bind(name, doc string, read func(r *Reader, n *yaml.Node), write func() *yaml.Node, schema func() Object) Field {
	return Field{name: name, doc: doc, read: read, write: write, schema: schema}
}

// Key is a field that is given or left out.
func Key[V any](name, doc string, at *Opt[V], v Value[V]) Field {
	return Plain(name, doc, at, Placed(v), func(o Opt[V]) bool { return !o.Given })
}

// Plain is a field that is left out when the test says that there is nothing to say.
func Plain[V any](name, doc string, at *V, v Value[V], empty func(V) bool) Field {
	return Bind(name, doc, func(r *Reader, n *yaml.Node) {
		if value, ok := v.Read(r, n); ok {
			*at = value
		}
	}, func() *yaml.Node {
		if empty(*at) {
			return nil
		}
		return v.Write(*at)
	}, v.Schema)
}

// Many is a field with a list, which is left out when it is empty.
func Many[E any](name, doc string, at *[]E, v Value[[]E]) Field {
	return Plain(name, doc, at, v, func(list []E) bool { return len(list) == 0 })
}

// Nested is a field with a form of its own, left out when nothing in it is given.
func Nested[T any](name, doc string, at *T, of func(*T) Form) Field {
	f := Plain(name, doc, at, Of(of), func(t T) bool { return of(&t).write().Content == nil })
	f.nested = func() Form { return of(at) }
	return f
}

// Form is a mapping: a table of its keys, bound to a value.
type Form struct {
	Name   string // what it is, with its article
	Doc    string // in a sentence; may be ""
	Flow   bool   // written on one line
	Whole  bool   // it is the whole text, so that keys in it can exclude each other
	Fields []Field
	Place  *Place          // is set to where the mapping stands; may be nil
	Check  func() *Mistake // what is wrong with fields that are each right; may be nil
}

// Of is a value that is a mapping.
func Of[T any](form func(*T) Form) Value[T] {
	return Value[T]{
		Read: func(r *Reader, n *yaml.Node) (t T, ok bool) {
			return t, form(&t).read(r, n)
		},
		Write:  func(t T) *yaml.Node { return form(&t).write() },
		Schema: func() Object { return form(new(T)).schema() },
	}
}

func (f Form) keys() []string { return Each(f.Fields, func(f Field) string { return f.name }) }

func (f Form) read(r *Reader, n *yaml.Node) bool {
	if !r.IsKind(n, yaml.MappingNode, f.Name, Listed("keys", f.keys())) {
		return false
	}
	before := len(r.Found)
	if f.Place != nil {
		*f.Place = PlaceOf(n)
	}
	first := make([]*yaml.Node, len(f.Fields)) // the key that gave the field
	for i := 0; i < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		at := f.index(r, key)
		if at < 0 {
			continue
		}
		if first[at] != nil {
			r.Report(PlaceOf(key), fmt.Sprintf("the first one is in line %d, column %d; keep one of them", first[at].Line, first[at].Column),
				"the key %q stands here twice", key.Value)
			continue
		}
		first[at] = key
		f.Fields[at].read(r, value)
	}
	for i := range f.Fields {
		if field := &f.Fields[i]; field.required && first[i] == nil {
			r.Report(PlaceOf(n), field.doc, "%s needs the key %q", f.Name, field.name)
		}
	}
	if f.Check != nil && len(r.Found) == before {
		r.PassesAt(PlaceOf(n), f.Check())
	}
	if f.Whole {
		f.reportConflicts(r, n, n, "")
	}
	return true
}

// reportConflicts reports keys that mean nothing beside others of the text, or without them.
func (f Form) reportConflicts(r *Reader, whole, n *yaml.Node, prefix string) {
	for i := 0; i < len(n.Content) && n.Kind == yaml.MappingNode; i += 2 {
		key, value := n.Content[i].Value, n.Content[i+1]
		for _, field := range f.Fields {
			switch {
			case field.name != key || value.ShortTag() == "!!null":
			case field.unless != "" && keyNode(whole, field.unless) != nil:
				r.Report(PlaceOf(value), field.why, "`%s%s` does not go with a %s", prefix, key, field.unless)
			case field.with != "" && keyNode(whole, field.with) == nil:
				r.Report(PlaceOf(value), field.why, "`%s%s` goes with a %s, and there is none", prefix, key, field.with)
			case field.nested != nil:
				field.nested().reportConflicts(r, whole, value, prefix+key+": ")
			}
		}
	}
}

// index finds the field that a key names, or -1.
func (f Form) index(r *Reader, key *yaml.Node) int {
	switch {
	case key.Kind == yaml.AliasNode || key.Tag == "!!merge":
		return -1 // reported already
	case key.Kind != yaml.ScalarNode:
		r.Report(PlaceOf(key), Listed("keys", f.keys()), "a key is a single word")
		return -1
	}
	names := f.keys()
	if at := slices.Index(names, key.Value); at >= 0 {
		return at
	}
	r.Report(PlaceOf(key), Suggest(key.Value, "keys", names), "unknown key %s in %s", Quoted(key.Value), f.Name)
	return -1
}

func (f Form) write() *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode}
	if f.Flow {
		n.Style = yaml.FlowStyle
	}
	for i := range f.Fields {
		if value := f.Fields[i].write(); value != nil {
			n.Content = append(n.Content, TextNode(f.Fields[i].name), value)
		}
	}
	return n
}

// List is a list of values. An entry that cannot be read is left out.
func List[E any](what string, element Value[E]) Value[[]E] {
	return Value[[]E]{
		Read: func(r *Reader, n *yaml.Node) (list []E, ok bool) {
			if !r.IsKind(n, yaml.SequenceNode, what, "begin each entry with -, or put them in brackets: [a, b]") {
				r.Lost = true
				return nil, false
			}
			for _, entry := range n.Content {
				if e, ok := element.Read(r, entry); ok {
					list = append(list, e)
				} else {
					r.Lost = true
				}
			}
			return list, true
		},
		Write: func(list []E) *yaml.Node {
			n := &yaml.Node{Kind: yaml.SequenceNode}
			for _, e := range list {
				n.Content = append(n.Content, element.Write(e))
			}
			return n
		},
		Schema: func() Object { return Object{{"type", "array"}, {"items", element.Schema()}} },
	}
}

// Flow is a value that is written on one line.
func Flow[V any](v Value[V]) Value[V] {
	write := v.Write
	v.Write = func(value V) *yaml.Node {
		n := write(value)
		n.Style = yaml.FlowStyle
		return n
	}
	return v
}

// Encode writes a value as somebody would by hand. Reading the result gives an
// equal value, places aside.
func Encode[T any](v Value[T], value T) []byte {
	data, err := yaml.Dump(v.Write(value),
		yaml.WithIndent(2),
		yaml.WithCompactSeqIndent(false),
		yaml.WithLineWidth(-1),
		yaml.WithUnicode(true),
	)
	if err != nil {
		panic(fmt.Sprintf("form: a value that cannot be written: %v", err))
	}
	return data
}

// Variant is a form that is known by one of its keys.
type Variant[T any] struct {
	Head string // the key
	Also string // what somebody may write for it, which is only understood to suggest it; or ""
	Is   func(t *T) bool
	Form func(t *T) Form // also makes a zero T one of this variant
}

// Union is a mapping that comes in variants.
type Union[T any] struct {
	Name     string // what it is, with its article
	Variants []Variant[T]
	InOrder  bool // a head may also be an ordinary key of the variants before it
}

// Value is one of the variants.
func (u *Union[T]) Value() Value[T] {
	return Value[T]{Read: u.read, Write: u.write, Schema: u.schema}
}

func (u *Union[T]) read(r *Reader, n *yaml.Node) (t T, ok bool) {
	if !r.IsKind(n, yaml.MappingNode, u.Name, Listed("one of the keys", u.heads())) {
		return t, false
	}
	var meant []*Variant[T]
	for i := range u.Variants {
		if keyNode(n, u.Variants[i].Head) != nil {
			meant = append(meant, &u.Variants[i])
		}
	}
	switch {
	case len(meant) == 0:
		u.reportHeadless(r, n)
		return t, false
	case len(meant) > 1 && !u.InOrder:
		r.Report(PlaceOf(keyNode(n, meant[1].Head)), "make two entries of it", "%s is about one thing, but this one has %q and %q", u.Name, meant[0].Head, meant[1].Head)
		return t, false
	}
	return t, meant[0].Form(&t).read(r, n)
}

// reportHeadless reports an entry that is none of the variants.
func (u *Union[T]) reportHeadless(r *Reader, n *yaml.Node) {
	heads := u.heads()
	for i := 0; i < len(n.Content); i += 2 {
		key := n.Content[i]
		meant, ok := Nearest(key.Value, heads)
		for _, v := range u.Variants {
			if v.Also != "" && v.Also == key.Value {
				meant, ok = v.Head, true
			}
		}
		if ok {
			r.Report(PlaceOf(key), fmt.Sprintf("did you mean %q?", meant), "unknown key %s in %s", Quoted(key.Value), u.Name)
			return
		}
	}
	r.Report(PlaceOf(n), Listed("one of the keys", heads), "%s does not say what it is about", u.Name)
}

func (u *Union[T]) heads() []string {
	return Each(u.Variants, func(v Variant[T]) string { return v.Head })
}

func (u *Union[T]) write(t T) *yaml.Node {
	for i := range u.Variants {
		if v := &u.Variants[i]; v.Is(&t) {
			return v.Form(&t).write()
		}
	}
	panic(fmt.Sprintf("form: %s of no variant: %+v", u.Name, t))
}

// keyNode is the key of this name in a mapping, or nil.
func keyNode(n *yaml.Node, name string) *yaml.Node {
	for i := 0; i < len(n.Content); i += 2 {
		if key := n.Content[i]; key.Value == name {
			return key
		}
	}
	return nil
}
