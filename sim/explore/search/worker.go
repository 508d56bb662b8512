package search

// worker is what one goroutine works with.
type worker struct {
	search   *breadth
	explorer Explorer
	out      *Out
	keys     []key

	// Of the merging that was done since these were last collected.
	met      uint64
	violated []culprit
	spare    [][]byte // memory for blocks
}

// batch is what was found in expanding one block.
type batch struct {
	bytes     []byte
	found     [parts][]candidate
	expanded  uint64
	generated uint64
	reached   Marks // of everything that was generated
	cut       []uint64
	stuck     []culprit
}

// candidate is a state that was not in the tables when it was found. It may be
// found several times in a round.
type candidate struct {
	key
	parent     uint64 // the upper half of the parent's hash; 0 for an initial state
	start, end uint32 // in the batch's bytes
	marks      Marks
}

const candidateBytes = 40

func (b *batch) reset() {
	b.bytes = b.bytes[:0]
	for p := range b.found {
		b.found[p] = b.found[p][:0]
	}
	b.expanded, b.generated, b.reached = 0, 0, 0
	clear(b.cut)
	b.stuck = nil
}

func (b *batch) size() int64 {
	n := int64(cap(b.bytes))
	for p := range b.found {
		n += int64(cap(b.found[p])) * candidateBytes
	}
	return n
}

func newWorker(b *breadth) *worker {
	return &worker{search: b, explorer: b.model.Explorer(), out: newOut(b.model)}
}

// expand finds the successors of all states of a block.
func (w *worker) expand(b block, to *batch) {
	for rest := b.bytes; len(rest) > 0; {
		var state []byte
		state, rest = next(rest)
		w.out.Reset()
		w.explorer.Expand(state, w.out)
		k := hash(state)
		if w.out.stuck && w.search.stuck >= 0 {
			to.stuck = append(to.stuck, culprit{k, append([]byte(nil), state...), Mark(w.search.stuck), w.search.depth})
		}
		w.take(to, k.high)
	}
	to.expanded += uint64(b.count)
	if len(to.cut) == 0 {
		to.cut = make([]uint64, len(w.out.cut))
	}
	copy(to.cut, w.out.cut)
	clear(w.out.cut)
}

// take keeps the states that were found and are in no table yet. The tables are
// only read here. All hashes come first, so that the processor can fetch several
// places of a large table at once.
func (w *worker) take(to *batch, parent uint64) {
	out := w.out
	to.generated += uint64(len(out.states))
	w.keys = w.keys[:0]
	start := 0
	for i := range out.states {
		end := out.states[i].end
		w.keys = append(w.keys, hash(out.bytes[start:end]))
		start = end
	}
	start = 0
	for i, k := range w.keys {
		f := &out.states[i]
		to.reached |= f.marks
		part := k.part()
		if !w.search.tables[part].has(k) {
			at := uint32(len(to.bytes))
			to.bytes = append(to.bytes, out.bytes[start:f.end]...)
			to.found[part] = append(to.found[part], candidate{k, parent, at, uint32(len(to.bytes)), f.marks})
		}
		start = f.end
	}
}
