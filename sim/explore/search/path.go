package search

import (
	"bytes"
	"errors"
	"slices"
)

// errLost is met if two states have so much of their hashes in common that the way
// back cannot be told; see Result.Collision.
var errLost = errors.New("the way to a state cannot be rebuilt, since two states share half of their hash")

// path is the way from an initial state to a culprit: back by the parents in the
// tables, and forward again to have the states themselves.
func (b *Search) path(c culprit) ([][]byte, error) {
	t := &b.tables[c.part()]
	at, known := t.find(c.key)
	keys := []key{c.key}
	for known && t.entries[at].value != 0 {
		parent := t.entries[at].value
		t = &b.tables[key{high: parent}.part()]
		at = t.place(parent)
		if known = at < len(t.entries) && t.entries[at].high == parent && len(keys) < b.depth+2; known {
			keys = append(keys, t.entries[at].key)
		}
	}
	if !known {
		return nil, errLost
	}
	slices.Reverse(keys)
	return forward(b.model, keys)
}

// forward is the states of the given hashes, each following from the one before.
func forward(m Model, keys []key) ([][]byte, error) {
	explorer, out := m.Explorer(), newOut(m)
	explorer.Initial(out)
	var path [][]byte
	for _, k := range keys {
		var state []byte
		for n := range out.Len() {
			if s := out.State(n); hash(s) == k {
				state = bytes.Clone(s)
				break
			}
		}
		if state == nil {
			return nil, errLost
		}
		path = append(path, state)
		out.Reset()
		explorer.Expand(state, out)
	}
	return path, nil
}
