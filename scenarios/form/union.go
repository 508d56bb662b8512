package form

import (
	"fmt"

	"go.yaml.in/yaml/v4"
)

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
	v := u.choose(r, n)
	if v == nil {
		return t, false
	}
	return t, v.Form(&t).read(r, n)
}

// choose finds the variant that a node is written as, or nil.
func (u *Union[T]) choose(r *Reader, n *yaml.Node) *Variant[T] {
	var chosen *Variant[T]
	for i := range u.Variants {
		v := &u.Variants[i]
		key := keyNode(n, v.Head)
		switch {
		case key == nil:
		case chosen == nil:
			chosen = v
		case !u.InOrder:
			r.Report(PlaceOf(key), "make two entries of it", "%s is about one thing, but this one has %q and %q", u.Name, chosen.Head, v.Head)
			return nil
		}
	}
	if chosen == nil {
		u.reportHeadless(r, n)
	}
	return chosen
}

// reportHeadless reports an entry that is none of the variants.
func (u *Union[T]) reportHeadless(r *Reader, n *yaml.Node) {
	heads := u.heads()
	for i := 0; i+1 < len(n.Content); i += 2 {
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
	return Names(u.Variants, func(v Variant[T]) string { return v.Head })
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
	for i := 0; i+1 < len(n.Content); i += 2 {
		if key := n.Content[i]; key.Kind == yaml.ScalarNode && key.Value == name {
			return key
		}
	}
	return nil
}
