package search

import (
	"cmp"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// breadth is a breadth-first search under way.
type breadth struct {
	model   Model
	options Options
	always  Marks
	stuck   int // index of the progress property, or -1

	tables   [parts]table
	next     [parts]frontier // states of the level to come, by part
	level    frontier        // states of the running level
	at       int             // the first block of level that was not expanded
	depth    int             // of the running level: transitions from the beginning
	workers  []*worker
	batches  []*batch // by place in the round
	spare    [][]byte // memory of blocks that were expanded
	result   Result
	violated []culprit
}

// culprit is a state that violates a property.
type culprit struct {
	key
	state []byte
	marks Marks
	depth int
}

// BreadthFirst searches level by level. The way to a violation that it finds is as
// short as any.
func BreadthFirst(m Model, o Options) (*Result, error) {
	b := newBreadth(m, o)
	b.begin()
	return b.run()
}

func newBreadth(m Model, o Options) *breadth {
	b := &breadth{model: m, options: o, always: marksOf(m, Always), stuck: -1}
	for i, p := range m.Properties() {
		if p.Kind == Progress {
			b.stuck = i
		}
	}
	for i := range b.tables {
		b.tables[i].reset(firstHomes)
	}
	count := o.Workers
	if count <= 0 {
		count = runtime.GOMAXPROCS(0)
	}
	for range min(count, blocksPerRound) {
		b.workers = append(b.workers, newWorker(b))
	}
	for range blocksPerRound {
		b.batches = append(b.batches, &batch{})
	}
	b.result.Cut = make([]uint64, len(m.Bounds()))
	return b
}

// begin meets the initial states.
func (b *breadth) begin() {
	w := b.workers[0]
	w.out.Reset()
	w.explorer.Initial(w.out)
	b.batches[0].reset()
	w.take(b.batches[0], 0)
	b.depth = -1
	b.merge(1)
	b.advance()
}

// advance makes the level to come the running one.
func (b *breadth) advance() {
	b.level, b.at = b.level[:0], 0
	for p := range b.next {
		b.level = append(b.level, b.next[p]...)
		b.next[p] = b.next[p][:0]
	}
	b.depth++
	b.result.Level = b.level.states()
	b.result.Left = b.result.Level
}

// run goes on to the end.
func (b *breadth) run() (*Result, error) {
	r := &b.result
	for r.Ending == Running {
		switch {
		case len(b.violated) > 0 && (b.at == 0 || b.at == len(b.level)):
			r.Ending = Violated // the level is done, so nothing nearer is left
		case len(b.level) == 0:
			r.Ending = Exhausted
		case b.at == len(b.level):
			b.advance()
		case b.options.Depth > 0 && b.depth == b.options.Depth:
			r.Ending = TooDeep
		default:
			if b.pause(); r.Ending == Running {
				b.round()
			}
		}
	}
	b.measure()
	return b.conclude()
}

// pause is where a search can end between two rounds.
func (b *breadth) pause() {
	b.measure()
	switch {
	case b.options.stop():
		b.result.Ending = Interrupted
	case b.options.Memory > 0 && b.result.Bytes+b.need() > b.options.Memory:
		b.result.Ending = OutOfMemory
	case b.options.Progress != nil:
		b.options.Progress(&b.result)
	}
}

// round expands some blocks of the level and merges what was found.
func (b *breadth) round() {
	count := min(blocksPerRound, len(b.level)-b.at)
	b.share(count, func(w *worker, n int) {
		b.batches[n].reset()
		w.expand(b.level[b.at+n], b.batches[n])
	})
	for n := range count {
		b.result.Left -= uint64(b.level[b.at+n].count)
		b.spare = append(b.spare, b.level[b.at+n].bytes)
		b.level[b.at+n] = block{}
	}
	b.at += count
	b.merge(count)
}

// merge puts what the first batches hold into the tables, part by part, and in each
// part in the order of the batches.
func (b *breadth) merge(count int) {
	for _, batch := range b.batches[:count] {
		b.account(batch)
	}
	b.lend()
	b.share(parts, func(w *worker, p int) {
		t := &b.tables[p]
		for _, batch := range b.batches[:count] {
			for i := range batch.found[p] {
				c := &batch.found[p][i]
				if _, fresh := t.insert(c.key, c.parent); !fresh {
					continue
				}
				w.met++
				state := batch.bytes[c.start:c.end]
				b.next[p].add(state, &w.spare)
				if c.marks&b.always != 0 {
					w.violated = append(w.violated, culprit{c.key, slices.Clone(state), c.marks & b.always, b.depth + 1})
				}
			}
		}
	})
	for _, w := range b.workers {
		if w.met > 0 {
			b.result.Depth = b.depth + 1
		}
		b.result.Distinct += w.met
		b.violated = append(b.violated, w.violated...)
		b.spare = append(b.spare, w.spare...)
		w.met, w.violated, w.spare = 0, nil, w.spare[:0]
	}
}

// account adds up what a batch counted.
func (b *breadth) account(batch *batch) {
	r := &b.result
	r.Expanded += batch.expanded
	r.Total += batch.generated
	r.Reached |= batch.reached
	for i, n := range batch.cut {
		r.Cut[i] += n
	}
	b.violated = append(b.violated, batch.stuck...)
}

// lend divides the spare memory among the workers.
func (b *breadth) lend() {
	for i, s := range b.spare {
		w := b.workers[i%len(b.workers)]
		w.spare = append(w.spare, s)
	}
	b.spare = b.spare[:0]
}

// share lets the workers do the jobs 0 to count-1, each as soon as one is free.
// Which worker does which is left to chance, so it must not matter.
func (b *breadth) share(count int, do func(w *worker, job int)) {
	if count == 1 || len(b.workers) == 1 || b.level.few(b.at) {
		for job := range count {
			do(b.workers[0], job)
		}
		return
	}
	var done atomic.Int64
	var group sync.WaitGroup
	for _, w := range b.workers[:min(len(b.workers), count)] {
		group.Go(func() {
			for job := int(done.Add(1)) - 1; job < count; job = int(done.Add(1)) - 1 {
				do(w, job)
			}
		})
	}
	group.Wait()
}

// few reports whether so little is left of a level that it is done sooner alone.
func (f frontier) few(at int) bool {
	n := 0
	for i := at; i < len(f); i++ {
		if n += f[i].count; n > blockSize {
			return false
		}
	}
	return true
}

// measure says how much memory tables and frontier take.
func (b *breadth) measure() {
	n := b.level[b.at:].bytes()
	for p := range b.tables {
		n += b.tables[p].bytes() + b.next[p].bytes()
	}
	for _, batch := range b.batches {
		n += batch.size()
	}
	for _, s := range b.spare {
		n += int64(cap(s))
	}
	b.result.Bytes = n
}

// need is about how much more memory the next round may take: tables that are
// nearly full grow, and one at a time for each worker is there twice.
func (b *breadth) need() int64 {
	const soon = 1024
	var n, largest int64
	for p := range b.tables {
		t := &b.tables[p]
		if t.used+soon > t.most {
			n += t.bytes() / 4
		}
		largest = max(largest, t.bytes())
	}
	return n + largest*int64(len(b.workers))
}

// conclude rebuilds the way to the violation, if there is one.
func (b *breadth) conclude() (*Result, error) {
	r := &b.result
	if len(b.violated) == 0 {
		return r, nil
	}
	// The nearest, and of several the one with the lowest hash, is the one to tell.
	c := slices.MinFunc(b.violated, func(x, y culprit) int {
		return cmp.Or(cmp.Compare(x.depth, y.depth), cmp.Compare(x.high, y.high), cmp.Compare(x.low, y.low))
	})
	property := 0
	for !c.marks.Has(property) {
		property++
	}
	path, err := b.path(c)
	r.Violation = &Violation{property, path}
	return r, err
}
