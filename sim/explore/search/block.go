package search

import "encoding/binary"

// blockSize is how many states a block holds at most, and blocksPerRound how many
// blocks a round expands.
const (
	blockSize      = 256
	blocksPerRound = 64
)

// block is a run of states that have still to be expanded: for each its length in
// two bytes, then its own bytes.
type block struct {
	bytes []byte
	count int
}

const maxState = 1<<16 - 1 // bytes

// next takes the first state from rest, which is what is left of a block's bytes.
func next(rest []byte) (state, after []byte) {
	size := int(binary.LittleEndian.Uint16(rest))
	return rest[2 : 2+size : 2+size], rest[2+size:]
}

// frontier is states that have still to be expanded.
type frontier []block

// add appends a state to the last block, or to a new one.
func (f *frontier) add(state []byte) {
	if n := len(*f); n == 0 || (*f)[n-1].count == blockSize {
		var next block
		if n > 0 {
			next.bytes = make([]byte, 0, len((*f)[n-1].bytes)+blockSize/2) // states of one part are alike
		}
		*f = append(*f, next)
	}
	b := &(*f)[len(*f)-1]
	b.bytes = binary.LittleEndian.AppendUint16(b.bytes, uint16(len(state)))
	b.bytes = append(b.bytes, state...)
	b.count++
}

func (f frontier) states() uint64 {
	n := 0
	for i := range f {
		n += f[i].count
	}
	return uint64(n)
}

func (f frontier) bytes() int64 {
	n := int64(0)
	for i := range f {
		n += int64(cap(f[i].bytes)) + 32
	}
	return n
}
