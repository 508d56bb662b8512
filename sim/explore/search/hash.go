package search

import (
	"encoding/binary"
	"math/bits"
)

// key is the hash of a state, by which it is known, of 88 bits: the lower valueBits of low
// are free. So many of the first bits of high, which are enough to find a state by, are
// never all 0.
type key struct{ high, low uint64 }

const (
	valueBits = 40
	maxValue  = 1<<valueBits - 1
	hashBits  = 128 - valueBits
)

// brief is what a value has room for of a key, and never 0.
func (k key) brief() uint64 { return k.high >> (64 - valueBits) }

// Odd numbers with as many ones as zeros, taken from the digits of pi.
const (
	salt1 = 0x243f6a8885a308d3
	salt2 = 0x13198a2e03707345
	salt3 = 0xa4093822299f31d1
	salt4 = 0x082efa98ec4e6c89
)

// hash is two hashes of 64 bits, of which the second lends its lower ones to values. They
// multiply and fold as wyhash does (Wang Yi, "Modern non-cryptographic hash function"),
// each with other salts and with the words in other roles, so that what weakens one does
// not weaken both. It is the same on every machine and in every run.
func hash(b []byte) key {
	size := uint64(len(b))
	one, two := salt1^size, salt2+size
	for len(b) > 16 {
		x, y := binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:])
		one = fold(x^salt1, y^one)
		two = fold(y^salt2, x^two)
		b = b[16:]
	}
	var x, y uint64
	switch n := len(b); {
	case n > 8:
		x, y = binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[n-8:])
	case n == 8:
		x = binary.LittleEndian.Uint64(b)
	case n >= 4:
		x, y = uint64(binary.LittleEndian.Uint32(b)), uint64(binary.LittleEndian.Uint32(b[n-4:]))
	default:
		for i, c := range b {
			x |= uint64(c) << (8 * i)
		}
	}
	one = fold(x^salt3, y^one)
	two = fold(y^salt4, x^two)
	k := key{fold(one^salt2, two^salt3), fold(two^salt1, one^salt4) &^ maxValue}
	if k.brief() == 0 {
		k.high |= 1 << (64 - valueBits) // 0 marks an empty place, and an initial state's parent
	}
	return k
}

// fold is the product of two numbers, its upper half laid over its lower one.
func fold(a, b uint64) uint64 {
	high, low := bits.Mul64(a, b)
	return high ^ low
}
