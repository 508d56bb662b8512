package search

import (
	"encoding/binary"
	"errors"
	"io"
)

// Tables are written entry by entry in the order of their places; empty places are
// left out, and an entry's own place follows from the order.

func writeTable(out io.Writer, t *table) error {
	var b [entryBytes]byte
	for i := range t.entries {
		e := &t.entries[i]
		if e.high == 0 {
			continue
		}
		binary.LittleEndian.PutUint64(b[:], e.high)
		binary.LittleEndian.PutUint64(b[8:], e.low)
		binary.LittleEndian.PutUint64(b[16:], e.value)
		if _, err := out.Write(b[:]); err != nil {
			return err
		}
	}
	return nil
}

// readTable fills an empty table of a part, with as many homes as it had.
func readTable(in io.Reader, t *table, part int) error {
	var b [entryBytes]byte
	next, before := 0, key{}
	for range t.used {
		if _, err := io.ReadFull(in, b[:]); err != nil {
			return err
		}
		e := entry{key{binary.LittleEndian.Uint64(b[:]), binary.LittleEndian.Uint64(b[8:])}, binary.LittleEndian.Uint64(b[16:])}
		if next = max(next, t.home(e.high)); next >= len(t.entries) || e.part() != part || e.high < before.high || e.key == before || e.high == 0 {
			return errors.New("a table is in disorder")
		}
		before = e.key
		t.entries[next] = e
		next++
	}
	return nil
}

func writeFrontier(out io.Writer, f frontier) error {
	var b [8]byte
	for i := range f {
		binary.LittleEndian.PutUint32(b[:], uint32(f[i].count))
		binary.LittleEndian.PutUint32(b[4:], uint32(len(f[i].bytes)))
		if _, err := out.Write(b[:]); err != nil {
			return err
		}
		if _, err := out.Write(f[i].bytes); err != nil {
			return err
		}
	}
	return nil
}

func readFrontier(in io.Reader, blocks int) (frontier, error) {
	var f frontier
	var b [8]byte
	for range blocks {
		if _, err := io.ReadFull(in, b[:]); err != nil {
			return nil, err
		}
		count, size := binary.LittleEndian.Uint32(b[:]), binary.LittleEndian.Uint32(b[4:])
		if count > blockSize || size > blockSize*(maxState+2) {
			return nil, io.ErrUnexpectedEOF
		}
		next := block{make([]byte, size), int(count)}
		if _, err := io.ReadFull(in, next.bytes); err != nil {
			return nil, err
		}
		f = append(f, next)
	}
	return f, nil
}
