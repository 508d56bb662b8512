package search

import (
	"bytes"
	"errors"
	"slices"
)

// errLost is met if two states have so much of their hashes in common that the way
// back cannot be told; see Result.Collision.
var errLost = errors.New("the way to a state cannot be rebuilt, since another state has the same hash")

// path is the way from an initial state to the first of some states, each of which is followed
// by the one before: back by the parents in the tables, and forward again to have the states
// themselves. What is known of a parent fits several states at times; then each is tried.
func (b *Search) path(keys ...key) [][]byte {
	last := keys[len(keys)-1]
	t := &b.tables[last.part()]
	at, known := t.find(last)
	switch {
	case !known || len(keys) > b.depth+2:
		return nil
	case t.entries[at].value() == 0:
		return forward(b.model, keys)
	}
	first := key{high: t.entries[at].value() << (64 - valueBits)}
	t = &b.tables[first.part()]
	for at = t.place(first.high); at < len(t.entries) && t.entries[at].brief() == first.brief(); at++ {
		if path := b.path(append(keys, t.entries[at].hash())...); path != nil {
			return path
		}
	}
	return nil
}

// forward is the states of the given hashes, from the last to the first, each following from the
// one before, or nil if one does not.
func forward(m Model, keys []key) [][]byte {
	explorer, out := m.Explorer(), newOut(m)
	explorer.Initial(out)
	var path [][]byte
	for _, k := range slices.Backward(keys) {
		var state []byte
		for n := range out.Len() {
			if s := out.State(n); hash(s) == k {
				state = bytes.Clone(s)
				break
			}
		}
		if state == nil {
			return nil
		}
		path = append(path, state)
		out.Reset()
		explorer.Expand(state, out)
	}
	return path
}
