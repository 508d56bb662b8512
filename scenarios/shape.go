package scenarios

import (
	"fmt"
	"strings"

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

// shape is how a value stands in a file: how it is read, how it is written, and
// what an editor is told of it. Read reports what is wrong; false means that
// there is no value to go on with.
type shape[V any] struct {
	read   func(r *decoder, n *yaml.Node) (V, bool)
	write  func(v V) *yaml.Node
	schema object
}

// decoder reads nodes by their shapes.
type decoder struct {
	reporter
	lost bool // something that has a name or a number could not be read, so others may seem to be missing
}

// field is one key of a mapping that is read into a T.
type field[T any] struct {
	name     string
	doc      string // a sentence for whoever writes the key
	required bool
	read     func(r *decoder, n *yaml.Node, t *T)
	write    func(t *T) *yaml.Node // nil: it is not given
	schema   object
}

// must makes the field required.
func (f field[T]) must() field[T] {
	f.required = true
	return f
}

// otherwise tells what holds when the field is not given.
func (f field[T]) otherwise(value any) field[T] {
	f.schema = append(f.schema[:len(f.schema):len(f.schema)], member{"default", value})
	return f
}

// given is a field with one value.
func given[T, V any](name, doc string, s shape[V], at func(*T) *Opt[V]) field[T] {
	return field[T]{
		name: name, doc: doc, schema: s.schema,
		read: func(r *decoder, n *yaml.Node, t *T) {
			if v, ok := s.read(r, n); ok {
				*at(t) = Opt[V]{v, true, placeOf(n)}
			}
		},
		write: func(t *T) *yaml.Node {
			if o := at(t); o.Given {
				return s.write(o.Value)
			}
			return nil
		},
	}
}

// plain is a field whose zero value means that it is not given.
func plain[T any, V comparable](name, doc string, s shape[V], at func(*T) *V) field[T] {
	return field[T]{
		name: name, doc: doc, schema: s.schema,
		read: func(r *decoder, n *yaml.Node, t *T) {
			if v, ok := s.read(r, n); ok {
				*at(t) = v
			}
		},
		write: func(t *T) *yaml.Node {
			var zero V
			if v := at(t); *v != zero {
				return s.write(*v)
			}
			return nil
		},
	}
}

// several is a field with a list.
func several[T, E any](name, doc string, s shape[[]E], at func(*T) *[]E) field[T] {
	return field[T]{
		name: name, doc: doc, schema: s.schema,
		read: func(r *decoder, n *yaml.Node, t *T) {
			*at(t), _ = s.read(r, n)
		},
		write: func(t *T) *yaml.Node {
			if list := at(t); len(*list) > 0 {
				return s.write(*list)
			}
			return nil
		},
	}
}

// nested is a field with a mapping of its own.
func nested[T, P any](name, doc string, m *mapping[P], at func(*T) *P) field[T] {
	s := m.shape()
	return field[T]{
		name: name, doc: doc, schema: s.schema,
		read: func(r *decoder, n *yaml.Node, t *T) {
			if v, ok := s.read(r, n); ok {
				*at(t) = v
			}
		},
		write: func(t *T) *yaml.Node {
			if node := s.write(*at(t)); len(node.Content) > 0 {
				return node
			}
			return nil
		},
	}
}

// mapping describes a mapping that is read into a T.
type mapping[T any] struct {
	name   string // what it is, with its article
	doc    string
	flow   bool // written on one line
	fields []field[T]
	place  func(t *T) *Place   // where T keeps its own place; may be nil
	check  func(t *T) *mistake // what is wrong with fields that are each right; may be nil
}

func (m *mapping[T]) shape() shape[T] {
	return shape[T]{read: m.read, write: m.write, schema: m.schema()}
}

func (m *mapping[T]) read(r *decoder, n *yaml.Node) (t T, ok bool) {
	if !r.isKind(n, yaml.MappingNode, m.name, listed("keys", m.names())) {
		return t, false
	}
	m.readInto(r, n, &t)
	return t, true
}

// readInto reads the keys of a node that is a mapping.
func (m *mapping[T]) readInto(r *decoder, n *yaml.Node, t *T) {
	before := len(r.found)
	if m.place != nil {
		*m.place(t) = placeOf(n)
	}
	first := make([]*yaml.Node, len(m.fields)) // the key that gave the field
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		f := m.field(r, key)
		if f < 0 {
			continue
		}
		if first[f] != nil {
			r.report(placeOf(key), fmt.Sprintf("the first one is in line %d, column %d; keep one of them", first[f].Line, first[f].Column),
				"the key %q stands here twice", key.Value)
			continue
		}
		first[f] = key
		m.fields[f].read(r, value, t)
	}
	for i := range m.fields {
		if f := &m.fields[i]; f.required && first[i] == nil {
			r.report(placeOf(n), f.doc, "%s needs the key %q", m.name, f.name)
		}
	}
	if m.check != nil && len(r.found) == before {
		if bad := m.check(t); bad != nil {
			r.report(placeOf(n), bad.hint, "%s", bad.what)
		}
	}
}

// field is the index of the field that a key names, or -1.
func (m *mapping[T]) field(r *decoder, key *yaml.Node) int {
	switch {
	case key.Kind == yaml.AliasNode || key.Tag == "!!merge":
		return -1 // reported already
	case key.Kind != yaml.ScalarNode:
		r.report(placeOf(key), listed("keys", m.names()), "a key is a single word")
		return -1
	}
	for i := range m.fields {
		if m.fields[i].name == key.Value {
			return i
		}
	}
	r.report(placeOf(key), Suggest(key.Value, "keys", m.names()), "unknown key %s in %s", quoted(key.Value), m.name)
	return -1
}

func (m *mapping[T]) names() []string {
	names := make([]string, len(m.fields))
	for i := range m.fields {
		names[i] = m.fields[i].name
	}
	return names
}

func (m *mapping[T]) write(t T) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	if m.flow {
		n.Style = yaml.FlowStyle
	}
	for i := range m.fields {
		if value := m.fields[i].write(&t); value != nil {
			n.Content = append(n.Content, textNode(m.fields[i].name), value)
		}
	}
	return n
}

// variant is a mapping that a list knows by one of its keys.
type variant[T any] struct {
	head string // the key
	is   func(t *T) bool
	set  func(t *T) // makes a zero T one of this variant
	mapping[T]
}

// union is a list entry that comes in variants.
type union[T any] struct {
	name     string // what an entry is, with its article
	variants []variant[T]
	inOrder  bool // a head may also be an ordinary key of the variants before it
}

func (u *union[T]) shape() shape[T] {
	return shape[T]{read: u.read, write: u.write, schema: u.schema()}
}

func (u *union[T]) read(r *decoder, n *yaml.Node) (t T, ok bool) {
	if !r.isKind(n, yaml.MappingNode, u.name, listed("one of the keys", u.heads())) {
		return t, false
	}
	v := u.choose(r, n)
	if v == nil {
		return t, false
	}
	if v.set != nil {
		v.set(&t)
	}
	v.readInto(r, n, &t)
	return t, true
}

// choose is the variant that a node is written as.
func (u *union[T]) choose(r *decoder, n *yaml.Node) *variant[T] {
	var chosen *variant[T]
	for i := range u.variants {
		v := &u.variants[i]
		key := keyNode(n, v.head)
		switch {
		case key == nil:
		case chosen == nil:
			chosen = v
		case !u.inOrder:
			r.report(placeOf(key), "make two entries of it", "%s is about one thing, but this one has %q and %q", u.name, chosen.head, v.head)
			return nil
		}
	}
	if chosen == nil {
		u.reportHeadless(r, n)
	}
	return chosen
}

// reportHeadless reports an entry that is none of the variants.
func (u *union[T]) reportHeadless(r *decoder, n *yaml.Node) {
	heads := u.heads()
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if meant, ok := nearest(key.Value, heads); ok && !u.isField(key.Value) {
			r.report(placeOf(key), fmt.Sprintf("did you mean %q?", meant), "unknown key %s in %s", quoted(key.Value), u.name)
			return
		}
	}
	r.report(placeOf(n), listed("one of the keys", heads), "%s does not say what it is about", u.name)
}

func (u *union[T]) heads() []string {
	heads := make([]string, len(u.variants))
	for i := range u.variants {
		heads[i] = u.variants[i].head
	}
	return heads
}

// isField reports whether any variant has this key.
func (u *union[T]) isField(name string) bool {
	for i := range u.variants {
		for _, f := range u.variants[i].fields {
			if f.name == name {
				return true
			}
		}
	}
	return false
}

func (u *union[T]) write(t T) *yaml.Node {
	for i := range u.variants {
		if v := &u.variants[i]; v.is(&t) {
			return v.write(t)
		}
	}
	panic(fmt.Sprintf("scenarios: %s of no variant: %+v", u.name, t))
}

// keyNode is the key of this name in a mapping, or nil.
func keyNode(n *yaml.Node, name string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if key := n.Content[i]; key.Kind == yaml.ScalarNode && key.Value == name {
			return key
		}
	}
	return nil
}

// listOf is a list of values. An entry that cannot be read is left out.
func listOf[E any](what string, element shape[E]) shape[[]E] {
	return shape[[]E]{
		read: func(r *decoder, n *yaml.Node) (list []E, ok bool) {
			if !r.isKind(n, yaml.SequenceNode, what, "begin each entry with -, or put them in brackets: [a, b]") {
				r.lost = true
				return nil, false
			}
			for _, entry := range n.Content {
				if e, ok := element.read(r, entry); ok {
					list = append(list, e)
				} else {
					r.lost = true
				}
			}
			return list, true
		},
		write: func(list []E) *yaml.Node {
			n := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
			for _, e := range list {
				n.Content = append(n.Content, element.write(e))
			}
			return n
		},
		schema: object{{"type", "array"}, {"items", element.schema}},
	}
}

// isKind checks the kind of a node and reports another one. What says what is
// expected, and hint how to write it.
func (r *decoder) isKind(n *yaml.Node, kind yaml.Kind, what, hint string) bool {
	if n.Kind == kind {
		return true
	}
	switch {
	case n.Kind == yaml.AliasNode:
		// Reported already.
	case n.ShortTag() == "!!null" && n.Value == "":
		r.reportNothing(n, what)
	default:
		r.report(placeOf(n), hint, "expected %s, got %s", what, kindName(n))
	}
	return false
}

// kindName is what a node is, in plain words.
func kindName(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping (key: value)"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.ShortTag() == "!!null":
		return "nothing"
	}
	return strings.TrimSpace(quoted(n.Value))
}
