package search

// worker is what one goroutine works with.
type worker struct {
	search   *Search
	explorer Explorer
	out      *Out
	keys     []key    // of the states in out
	parents  []uint64 // likewise, in brief
	touched  uint64
	since
}

// since is what a worker has found since the search was last told, beside what bounds
// have cut, which its Out counts.
type since struct {
	met       uint64
	generated uint64
	reached   Marks // of everything that was generated
	violated  []culprit
}

// batch is what was found in expanding one block.
type batch struct {
	failed error // by which the model cannot go on
	bytes  []byte
	found  [parts][]candidate
}

// candidate is a state that was not in the tables when it was found. It may be
// found several times in a round.
type candidate struct {
	entry             // its value is the parent's hash in brief; 0 for an initial state
	start, end uint32 // in the batch's bytes
	marks      Marks
}

const candidateBytes = 32

func (b *batch) reset() {
	b.failed, b.bytes = nil, b.bytes[:0]
	for p := range b.found {
		b.found[p] = b.found[p][:0]
	}
}

func (b *batch) size() int64 {
	n := int64(cap(b.bytes))
	for p := range b.found {
		n += int64(cap(b.found[p])) * candidateBytes
	}
	return n
}

// group is how many successors are looked up together, at least.
const group = 16

// ahead touches the places of the next states that may go into a table.
func (t *table) ahead(list []candidate) (sum uint64) {
	for i := range list[:min(len(list), group)] {
		sum += t.touch(list[i].key)
	}
	return sum
}

// touch touches the places of states.
func (b *Search) touch(keys []key) (sum uint64) {
	for _, k := range keys {
		sum += b.tables[k.part()].touch(k)
	}
	return sum
}

// expand finds the successors of all states of a block.
func (w *worker) expand(b block, to *batch) {
	for rest := b.bytes; len(rest) > 0; {
		var state []byte
		state, rest = next(rest)
		if w.explorer.Expand(state, w.out); w.out.failed != nil {
			to.failed = w.out.failed
			return
		}
		k := hash(state)
		if w.out.stuck && w.search.stuck != 0 {
			w.violated = append(w.violated, culprit{k, w.search.stuck, w.search.depth})
		}
		w.out.stuck = false
		for len(w.parents) < w.out.Len() {
			w.parents = append(w.parents, k.brief())
		}
		if len(w.parents) >= group {
			w.take(to)
		}
	}
	w.take(to)
}

// take keeps the states that were found and are in no table yet. The tables are
// only read here. Their places are touched ahead, so that the processor fetches several
// from a large table at once.
func (w *worker) take(to *batch) {
	out := w.out
	w.generated += uint64(out.Len())
	w.keys = w.keys[:0]
	for n := range out.Len() {
		w.keys = append(w.keys, hash(out.State(n)))
	}
	w.touched += w.search.touch(w.keys)
	for n, k := range w.keys {
		marks, part := out.Marks(n), k.part()
		w.reached |= marks
		if _, known := w.search.tables[part].find(k); !known {
			at := uint32(len(to.bytes))
			to.bytes = append(to.bytes, out.State(n)...)
			to.found[part] = append(to.found[part], candidate{newEntry(k, w.parents[n]), at, uint32(len(to.bytes)), marks})
		}
	}
	out.Reset()
	w.parents = w.parents[:0]
}
