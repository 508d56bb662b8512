package search

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
)

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
