package search

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"strings"
)

// saved is everything of a breadth-first search that is needed to go on, beside its
// tables and frontiers, of which it has the sizes.
type saved struct {
	Identity string
	Result   Result
	Depth    int
	At       int
	Level    int        // blocks
	Next     [parts]int // likewise
	Used     [parts]int // entries
}

// A file begins with magic and ends with the SHA-256 of everything before. Other
// versions of the format have another number after kind.
const (
	kind  = "skinny explore "
	magic = kind + "4"
)

// Save writes a search that was interrupted or ran out of memory, so that Resume
// can go on with it. A search that has met a violation is not written: what was
// met is not met again, so the one that goes on would miss it.
func (b *Search) Save(to io.Writer) error {
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
		head.Next[p], head.Used[p] = len(b.next[p]), b.tables[p].used
	}
	if err := gob.NewEncoder(out).Encode(&head); err != nil {
		return err
	}
	for p := range b.tables {
		b.tables[p].write(out)
		b.next[p].write(out)
	}
	b.level.write(out)
	if err := out.Flush(); err != nil {
		return err
	}
	_, err := to.Write(sum.Sum(nil))
	return err
}

// IsSaved reports whether something begins like a saved search.
func IsSaved(from io.Reader) bool {
	begin := make([]byte, len(kind))
	_, err := io.ReadFull(from, begin)
	return err == nil && string(begin) == kind
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
		return nil, errors.New("it is a search of something else:" + differences(head.Identity, m.Identity()))
	}
	b := newSearch(m, o)
	if err := b.read(in, &head); err != nil {
		return nil, damaged(err)
	}
	return b, nil
}

// read makes a search what a head and what follows it say.
func (b *Search) read(in io.Reader, head *saved) error {
	b.result, b.depth, b.at = head.Result, head.Depth, head.At
	b.result.Ending = Running
	met := 0
	for p := range b.tables {
		if err := b.tables[p].read(in, p, head.Used[p]); err != nil {
			return err
		}
		if err := b.next[p].read(in, head.Next[p]); err != nil {
			return err
		}
		met += b.tables[p].used
	}
	if err := b.level.read(in, head.Level); err != nil {
		return err
	}
	r := &b.result
	switch {
	case uint64(met) != r.Distinct || r.Expanded > r.Distinct || len(r.Cut) != len(b.model.Bounds()):
		return errors.New("its counts do not fit")
	case b.depth < 0 || b.at < 0 || b.at > len(b.level) || r.Violation != nil:
		return errors.New("it is where no search is")
	}
	return b.sound()
}

// sound looks whether the states that are to be expanded are states of the model: all
// of them were met, are as many as there should be, and can be expanded.
func (b *Search) sound() (err error) {
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
				k := hash(state)
				if _, known := b.tables[k.part()].find(k); !known {
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
	w.out.Reset()
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
	version := make([]byte, len(magic)-len(kind))
	if _, err := io.ReadFull(from, version); err != nil {
		return damaged(err)
	}
	if kind+string(version) != magic {
		return errors.New("it was saved by another version of this program; search again from the beginning")
	}
	sum, want := sha256.New(), make([]byte, sha256.Size)
	sum.Write([]byte(magic))
	if _, err := io.CopyN(sum, from, size-int64(len(magic))-sha256.Size); err != nil {
		return damaged(err)
	}
	if _, err := io.ReadFull(from, want); err != nil {
		return damaged(err) // it is shorter than its sum, too
	}
	if !bytes.Equal(sum.Sum(nil), want) {
		return damaged(errors.New("its checksum is wrong"))
	}
	_, err = from.Seek(int64(len(magic)), io.SeekStart)
	return err
}

// differences names the settings in which two identities differ, a line each.
func differences(saved, asked string) (lines string) {
	was, is := strings.Split(saved, "; "), strings.Split(asked, "; ")
	if len(was) != len(is) {
		was, is = []string{saved}, []string{asked} // they are of models of two kinds
	}
	for i := range was {
		if was[i] != is[i] {
			lines += "\n  saved with " + was[i] + ", asked for " + is[i]
		}
	}
	return lines
}

func damaged(err error) error {
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("the saved search is damaged: %w", err)
}

// write writes the entries in the order of their places. The places themselves follow
// from it. Flush gives the error, if there is one.
func (t *table) write(out *bufio.Writer) {
	var b [entryBytes]byte
	for i := range t.entries {
		e := &t.entries[i]
		if e.high == 0 {
			continue
		}
		binary.LittleEndian.PutUint64(b[:], e.high)
		binary.LittleEndian.PutUint64(b[8:], e.low)
		out.Write(b[:])
	}
}

// read adds count entries to the table of a part.
func (t *table) read(in io.Reader, part, count int) error {
	var b [entryBytes]byte
	for range count {
		if _, err := io.ReadFull(in, b[:]); err != nil {
			return err
		}
		e := entry{key{binary.LittleEndian.Uint64(b[:]), binary.LittleEndian.Uint64(b[8:])}}
		_, fresh := t.insert(e.hash(), e.value())
		if !fresh || e.brief() == 0 || e.part() != part {
			return errors.New("a table is in disorder")
		}
	}
	return nil
}

// write writes the blocks. Flush gives the error, if there is one.
func (f frontier) write(out *bufio.Writer) {
	var b [8]byte
	for i := range f {
		binary.LittleEndian.PutUint32(b[:], uint32(f[i].count))
		binary.LittleEndian.PutUint32(b[4:], uint32(len(f[i].bytes)))
		out.Write(b[:])
		out.Write(f[i].bytes)
	}
}

// read adds the blocks of a file.
func (f *frontier) read(in io.Reader, blocks int) error {
	var b [8]byte
	for range blocks {
		if _, err := io.ReadFull(in, b[:]); err != nil {
			return err
		}
		count, size := binary.LittleEndian.Uint32(b[:]), binary.LittleEndian.Uint32(b[4:])
		if count > blockSize || size > blockSize*(maxState+2) {
			return io.ErrUnexpectedEOF
		}
		next := block{make([]byte, size), int(count)}
		if _, err := io.ReadFull(in, next.bytes); err != nil {
			return err
		}
		*f = append(*f, next)
	}
	return nil
}
