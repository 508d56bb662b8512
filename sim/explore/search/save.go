package search

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"strings"
)

// saved is everything of a breadth-first search that is needed to go on.
type saved struct {
	Identity string
	Result   Result
	Depth    int
	At       int
	Level    int // blocks
	Next     [parts]int
	Homes    [parts]uint64
	Used     [parts]int
}

// A file begins with magic and ends with the SHA-256 of everything before.
const magic = "skinny explore 2"

// Search is a breadth-first search that can be kept in a file and taken up again.
type Search struct{ b *breadth }

// New is a search that has met nothing but the initial states.
func New(m Model, o Options) *Search {
	s := &Search{newBreadth(m, o)}
	s.b.begin()
	return s
}

// Run goes on until the search ends.
func (s *Search) Run() (*Result, error) { return s.b.run() }

// Result is what was found so far.
func (s *Search) Result() Result { return s.b.result }

// Save writes a search that was interrupted or ran out of memory, so that Resume
// can go on with it. A search that has met a violation is not written: what was
// met is not met again, so the one that goes on would miss it.
func (s *Search) Save(to io.Writer) error {
	b := s.b
	if len(b.violated) > 0 {
		return errors.New("the search has met a violation, and nothing is left to go on for")
	}
	sum := sha256.New()
	out := bufio.NewWriterSize(io.MultiWriter(to, sum), 1<<20)
	out.WriteString(magic) // Flush gives the error, if there is one
	head := saved{
		Identity: b.model.Identity(), Result: b.result,
		Depth: b.depth, At: b.at, Level: len(b.level),
	}
	for p := range b.tables {
		head.Next[p] = len(b.next[p])
		head.Homes[p], head.Used[p] = b.tables[p].homes, b.tables[p].used
	}
	encoder := gob.NewEncoder(out)
	if err := encoder.Encode(&head); err != nil {
		return err
	}
	for p := range b.tables {
		if err := writeTable(out, &b.tables[p]); err != nil {
			return err
		}
		if err := writeFrontier(out, b.next[p]); err != nil {
			return err
		}
	}
	if err := writeFrontier(out, b.level); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	_, err := to.Write(sum.Sum(nil))
	return err
}

// IsSaved reports whether something begins like a saved search.
func IsSaved(from io.Reader) bool {
	begin := make([]byte, len(magic))
	_, err := io.ReadFull(from, begin)
	return err == nil && string(begin) == magic
}

// Resume takes up a search that was saved. The model must have the identity that
// the saved one had; the options may be others. All of the file is checked before
// any of it is believed.
func Resume(m Model, o Options, from io.ReadSeeker) (*Search, error) {
	if err := verify(from); err != nil {
		return nil, err
	}
	in := bufio.NewReaderSize(from, 1<<20)
	var head saved
	if err := gob.NewDecoder(in).Decode(&head); err != nil {
		return nil, damaged(err)
	}
	if head.Identity != m.Identity() {
		return nil, errors.New("it is a search of something else: " + differences(head.Identity, m.Identity()))
	}
	if err := head.check(m); err != nil {
		return nil, damaged(err)
	}
	b := newBreadth(m, o)
	b.result = head.Result
	b.result.Ending = Running
	b.depth, b.at = head.Depth, head.At
	for p := range b.tables {
		t := &b.tables[p]
		t.reset(head.Homes[p])
		t.used = head.Used[p]
		if err := readTable(in, t, p); err != nil {
			return nil, damaged(err)
		}
		var err error
		if b.next[p], err = readFrontier(in, head.Next[p]); err != nil {
			return nil, damaged(err)
		}
	}
	var err error
	if b.level, err = readFrontier(in, head.Level); err != nil {
		return nil, damaged(err)
	}
	if err := b.sound(); err != nil {
		return nil, damaged(err)
	}
	return &Search{b}, nil
}

// check says what in a head cannot be, before memory is taken by what it says.
func (h *saved) check(m Model) error {
	r, met := &h.Result, uint64(0)
	for p, used := range h.Used {
		// A table grows by a quarter when four fifths of its homes are taken.
		if used < 0 || h.Homes[p] < firstHomes || h.Homes[p] > max(firstHomes, 4*uint64(used)) || uint64(used) > h.Homes[p] {
			return errors.New("a table has a size that it cannot have")
		}
		met += uint64(used)
	}
	switch {
	case met != r.Distinct || r.Expanded > r.Distinct || len(r.Cut) != len(m.Bounds()):
		return errors.New("its counts do not fit")
	case h.Depth < 0 || h.At < 0 || h.At > h.Level || r.Violation != nil:
		return errors.New("it is where no search is")
	}
	return nil
}

// sound looks whether the states that are to be expanded are states of the model: all
// of them were met, are as many as there should be, and can be expanded.
func (b *breadth) sound() (err error) {
	defer func() {
		if p := recover(); p != nil { // the model does not know such a state
			err = fmt.Errorf("a state is none: %v", p)
		}
	}()
	left := uint64(0)
	w := b.workers[0]
	for _, f := range append([]frontier{b.level[b.at:]}, b.next[:]...) {
		for i := range f {
			left += uint64(f[i].count)
			count := 0
			for rest := f[i].bytes; len(rest) > 0; count++ {
				var state []byte
				state, rest = next(rest)
				if k := hash(state); !b.tables[k.part()].has(k) {
					return errors.New("a state was never met")
				}
				w.out.Reset()
				w.explorer.Expand(state, w.out)
			}
			if count != f[i].count {
				return errors.New("a block has another number of states than it says")
			}
		}
	}
	clear(w.out.cut)
	if left != b.result.Frontier() {
		return errors.New("states are missing")
	}
	return nil
}

// verify compares a file with the sum at its end. It leaves it where the head
// begins.
func verify(from io.ReadSeeker) error {
	size, err := from.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = from.Seek(0, io.SeekStart)
	}
	if err != nil {
		return err
	}
	if !IsSaved(from) {
		return errors.New("it is no saved search")
	}
	sum, want := sha256.New(), make([]byte, sha256.Size)
	sum.Write([]byte(magic))
	rest := size - int64(len(magic)) - sha256.Size
	if rest < 0 {
		return damaged(io.ErrUnexpectedEOF)
	}
	if _, err := io.CopyN(sum, from, rest); err != nil {
		return damaged(err)
	}
	if _, err := io.ReadFull(from, want); err != nil {
		return damaged(err)
	}
	if !bytes.Equal(sum.Sum(nil), want) {
		return damaged(errors.New("its checksum is wrong"))
	}
	_, err = from.Seek(int64(len(magic)), io.SeekStart)
	return err
}

// differences names the settings in which two identities differ.
func differences(saved, asked string) string {
	was, is := strings.Split(saved, separator), strings.Split(asked, separator)
	if len(was) != len(is) {
		return "saved: " + saved + "\nasked for: " + asked
	}
	var list []string
	for i := range was {
		if was[i] != is[i] {
			list = append(list, "saved with "+was[i]+", asked for "+is[i])
		}
	}
	return strings.Join(list, "; ")
}

func damaged(err error) error {
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("the saved search is damaged: %w", err)
}
