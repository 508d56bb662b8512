package explore

import (
	"encoding/binary"
	"fmt"
)

// writer appends numbers to a string of bytes, each with the bits that it needs at
// most. A string ends at a byte.
type writer struct {
	bytes []byte
	tail
}

// tail is what of a string is not in its bytes yet. Whoever writes much at once keeps it aside.
type tail struct {
	word uint64
	used uint   // bits of it, below 64
	lost uint64 // not 0 if a number had more bits than it was given
}

// add is the tail after a number of at most width bits, below 64.
func (t tail) add(w *writer, v uint64, width uint) tail {
	t.word |= v << (t.used & 63)
	t.lost |= v >> (width & 63)
	if t.used += width; t.used >= 64 {
		w.bytes = binary.LittleEndian.AppendUint64(w.bytes, t.word)
		t.used -= 64
		t.word = v >> ((width - t.used) & 63)
	}
	return t
}

// put writes a number of at most width bits, below 64.
func (w *writer) put(v uint64, width uint) { w.tail = w.add(w, v, width) }

func bit(v bool) uint64 {
	if v {
		return 1
	}
	return 0
}

// end ends a string.
func (w *writer) end() {
	if w.lost != 0 {
		panic(fmt.Sprintf("explore: a number in a state is larger than it can be: %x, %x", w.bytes, w.word))
	}
	for ; w.used > 0; w.used -= min(w.used, 8) {
		w.bytes = append(w.bytes, byte(w.word))
		w.word >>= 8
	}
	w.word = 0
}

// sortWords sorts few numbers.
func sortWords(list []uint64) {
	for n := range list {
		for ; n > 0; n-- { // to compare all costs less than to guess wrong where to stop
			list[n-1], list[n] = min(list[n-1], list[n]), max(list[n-1], list[n])
		}
	}
}

// reader reads what a writer wrote. It panics where that is not what it says.
type reader struct {
	bytes []byte // with room behind the string for the last word
	at    uint   // in bits
	size  uint   // likewise
}

func (r *reader) reset(b []byte) {
	r.bytes = append(append(r.bytes[:0], b...), make([]byte, 8)...)
	r.at, r.size = 0, 8*uint(len(b))
}

// get reads a number of width bits, 56 or fewer.
func (r *reader) get(width uint) uint64 {
	word := binary.LittleEndian.Uint64(r.bytes[r.at/8:]) >> (r.at % 8)
	r.at += width
	return word & (1<<(width&63) - 1)
}

// wide reads a number of more than 32 bits, up to 63.
func (r *reader) wide(width uint) uint64 {
	low := r.get(32)
	return low | r.get(width-32)<<32
}

func (r *reader) flag() bool { return r.get(1) != 0 }

// end goes to the end of a string.
func (r *reader) end() {
	r.at = (r.at + 7) / 8 * 8
	if r.at > r.size {
		panic("explore: a state that is shorter than what it says")
	}
}
