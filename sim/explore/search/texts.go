package search

import (
	"errors"
	"sync"
)

// Texts knows strings of bytes by numbers, for states that share long ones. A number is a hash,
// so it is the same in every search, whoever meets its string first. All explorers of a
// model may use the same Texts at once. The zero Texts knows no string.
type Texts struct{ known sync.Map }

var errTexts = errors.New("two strings in states have the same hash, so those cannot be told apart; other bounds may avoid it")

// Number is the number of a string, of width bits, at most 64. The error says that another
// string has it.
func (t *Texts) Number(text []byte, width uint) (uint64, error) {
	n := hash(text).high >> (64 - width)
	known, ok := t.known.Load(n)
	if !ok {
		known, _ = t.known.LoadOrStore(n, string(text))
	}
	if known != string(text) {
		return 0, errTexts
	}
	return n, nil
}

// Text is the string of a number. It panics if there is none.
func (t *Texts) Text(n uint64) string {
	text, ok := t.known.Load(n)
	if !ok {
		panic("search: a number of a string that was never met")
	}
	return text.(string)
}
