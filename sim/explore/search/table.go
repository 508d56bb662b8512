package search

import "math/bits"

// entry is what is kept of a state that was met: its hash, and in the bits that the hash
// leaves free a value of the search's own. An entry with high 0 is empty.
type entry struct{ key }

const entryBytes = 16

func newEntry(k key, value uint64) entry { return entry{key{k.high, k.low | value}} }

func (e entry) hash() key     { return key{e.high, e.low &^ maxValue} }
func (e entry) value() uint64 { return e.low & maxValue }

// table is the set of met states of one part: open addressing in the order of the
// hashes. A state's home grows with its hash, and entries that are pushed from
// their homes stay in order, so a search ends as soon as it meets a higher hash
// (Amble and Knuth, "Ordered hash tables", 1974). That makes a full table bearable,
// and moving to a larger one a walk in order.
type table struct {
	entries []entry // homes, and behind them room for those that are pushed beyond the last
	homes   uint64
	used    int
	most    int // the number of entries at which it grows
}

const (
	firstHomes = 64
	spare      = 64 // entries behind the last home
)

// home is where the search for a hash begins. The upper bits of the hash choose
// the part, so they are no help.
func (t *table) home(high uint64) int {
	at, _ := bits.Mul64(high<<partBits, t.homes)
	return int(at)
}

// reset makes the table an empty one with a number of homes.
func (t *table) reset(homes uint64) {
	t.homes = homes
	t.entries = make([]entry, homes+spare)
	t.used = 0
	t.most = int(homes / 8 * 7)
}

// place is where the first entry is, or would have to go, whose hash has an upper half.
func (t *table) place(high uint64) int {
	at := t.home(high)
	for at < len(t.entries) && t.entries[at].high-1 < high-1 { // less 1, an empty one is the highest
		at++
	}
	return at
}

// touch begins to fetch the place where the search for a state begins. What it returns
// means nothing: the processor fetches several at once if nobody waits for them.
func (t *table) touch(k key) uint64 { return t.entries[t.home(k.high)].high }

// find is the place of a state: where it is, or where it would have to go.
func (t *table) find(k key) (at int, known bool) {
	for at = t.place(k.high); at < len(t.entries) && t.entries[at].high == k.high; at++ {
		if t.entries[at].hash() == k {
			return at, true
		}
	}
	return at, false
}

// insert adds a state. It returns its entry, valid until the next insertion, and
// false if it was there already.
func (t *table) insert(k key, value uint64) (*entry, bool) {
	at, known := t.find(k)
	if known {
		return &t.entries[at], false
	}
	for t.used >= t.most || !t.put(at, newEntry(k, value)) {
		t.grow()
		at, _ = t.find(k)
	}
	t.used++
	return &t.entries[at], true
}

// put places an entry and pushes the ones behind it on. It reports false, and
// does nothing, if there is no room at the end.
func (t *table) put(at int, e entry) bool {
	end := at
	for end < len(t.entries) && t.entries[end].high != 0 {
		end++
	}
	if end == len(t.entries) {
		return false
	}
	copy(t.entries[at+1:end+1], t.entries[at:end])
	t.entries[at] = e
	return true
}

// more is by how many homes the table grows: a half while that is little memory, then an
// eighth, so that at most 16 / 0.77 = 21 bytes are taken by a state.
func (t *table) more() uint64 {
	if t.homes < 1<<15 {
		return max(t.homes/2, firstHomes)
	}
	return t.homes / 8
}

// grow makes the table larger. What was in it fits: behind no hash's home are fewer places
// in a larger one.
func (t *table) grow() {
	old, used := t.entries, t.used
	t.reset(t.homes + t.more())
	t.used = used
	next := 0
	for i := range old {
		if e := &old[i]; e.high != 0 {
			next = max(next, t.home(e.high))
			t.entries[next] = *e
			next++
		}
	}
}

func (t *table) bytes() int64 { return int64(cap(t.entries)) * entryBytes }

// parts is how many tables there are. It does not depend on the machine, since the
// order in which states are expanded depends on it.
const (
	partBits = 6
	parts    = 1 << partBits
)

// part is the part that a state belongs to.
func (k key) part() int { return int(k.high >> (64 - partBits)) }
