package search

import (
	"bufio"
	"encoding/gob"
	"fmt"
	"io"
)

// saved is everything of a breadth-first search that is needed to go on.
type saved struct {
	Magic    string
	Identity string
	Result   Result
	Depth    int
	At       int
	Level    int // blocks
	Next     [parts]int
	Homes    [parts]uint64
	Used     [parts]int
}

const magic = "skinny explore 1"

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
// can go on with it.
func (s *Search) Save(to io.Writer) error {
	b := s.b
	out := bufio.NewWriterSize(to, 1<<20)
	head := saved{
		Magic: magic, Identity: b.model.Identity(), Result: b.result,
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
	// A file that was cut off does not end with this.
	if _, err := out.WriteString(magic); err != nil {
		return err
	}
	return out.Flush()
}

// Resume takes up a search that was saved. The model must have the identity that
// the saved one had; the options may be others.
func Resume(m Model, o Options, from io.Reader) (*Search, error) {
	in := bufio.NewReaderSize(from, 1<<20)
	var head saved
	if err := gob.NewDecoder(in).Decode(&head); err != nil || head.Magic != magic {
		return nil, fmt.Errorf("it is no saved search")
	}
	if head.Identity != m.Identity() {
		return nil, fmt.Errorf("it is a search of something else:\n  saved: %s\n  asked: %s", head.Identity, m.Identity())
	}
	b := newBreadth(m, o)
	b.result = head.Result
	b.result.Ending = Running
	b.depth, b.at = head.Depth, head.At
	for p := range b.tables {
		t := &b.tables[p]
		t.reset(head.Homes[p])
		t.used = head.Used[p]
		if err := readTable(in, t); err != nil {
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
	end := make([]byte, len(magic))
	if _, err := io.ReadFull(in, end); err != nil || string(end) != magic {
		return nil, damaged(err)
	}
	return &Search{b}, nil
}

func damaged(err error) error {
	if err == nil || err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("the saved search is damaged: %w", err)
}
