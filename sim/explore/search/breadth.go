package search

import (
	"cmp"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// Search is a breadth-first search, which can be kept in a file and taken up again.
type Search struct {
	model   Model
	options Options
	always  Marks
	stuck   Marks

	tables   [parts]table
	next     [parts]frontier // states of the level to come, by part
	level    frontier        // states of the running level
	at       int             // the first block of level that was not expanded
	depth    int             // of the running level: transitions from the beginning
	workers  []*worker
	batches  [blocksPerRound]batch // by place in the round
	result   Result
	violated []culprit
}

// culprit is a state that violates a property.
type culprit struct {
	key
	marks Marks
	depth int
}

// BreadthFirst searches level by level. The way to a violation that it finds is as
// short as any.
func BreadthFirst(m Model, o Options) (*Result, error) {
	return New(m, o).Run()
}

// New is a search that has met nothing but the initial states.
func New(m Model, o Options) *Search {
	b := newSearch(m, o)
	w := b.workers[0]
	w.explorer.Initial(w.out)
	w.parents = make([]uint64, w.out.Len())
	w.take(&b.batches[0])
	b.depth = -1
	b.merge(1)
	b.advance()
	return b
}

func newSearch(m Model, o Options) *Search {
	b := &Search{model: m, options: o, always: marksOf(m, Always), stuck: marksOf(m, Progress)}
	for i := range b.tables {
		b.tables[i].reset(firstHomes)
	}
	count := o.Workers
	if count <= 0 {
		count = runtime.GOMAXPROCS(0)
	}
	for range min(count, blocksPerRound) {
		b.workers = append(b.workers, &worker{search: b, explorer: m.Explorer(), out: newOut(m)})
	}
	b.result.Cut = make([]uint64, len(m.Bounds()))
	return b
}

// advance makes the level to come the running one.
func (b *Search) advance() {
	b.level, b.at = b.level[:0], 0
	for p := range b.next {
		b.level = append(b.level, b.next[p]...)
		b.next[p] = b.next[p][:0]
	}
	b.depth++
	b.result.Left = b.level.states()
}

// Result is what was found so far.
func (b *Search) Result() Result { return b.result }

// Run goes on until the search ends.
func (b *Search) Run() (*Result, error) {
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
			b.measure()
			if b.options.pause(r, b.need()); r.Ending != Running {
				break
			}
			if err := b.round(); err != nil {
				return nil, err
			}
		}
	}
	b.measure()
	return b.conclude()
}

// round expands some blocks of the level and merges what was found. Its error is the
// first by which the model could not go on.
func (b *Search) round() error {
	count := min(blocksPerRound, len(b.level)-b.at)
	b.share(count, func(w *worker, n int) {
		b.batches[n].reset()
		w.expand(b.level[b.at+n], &b.batches[n])
	})
	for n := range count {
		if err := b.batches[n].failed; err != nil {
			return err
		}
	}
	for range count {
		n := uint64(b.level[b.at].count)
		b.result.Left -= n
		b.result.Expanded += n
		b.level[b.at] = block{}
		b.at++
	}
	b.merge(count)
	return nil
}

// merge puts what the first batches hold into the tables, part by part, and in each
// part in the order of the batches.
func (b *Search) merge(count int) {
	b.share(parts, func(w *worker, p int) {
		t := &b.tables[p]
		for n := range count {
			batch := &b.batches[n]
			for i := range batch.found[p] {
				if i%group == 0 {
					w.touched += t.ahead(batch.found[p][i:])
				}
				c := &batch.found[p][i]
				if _, fresh := t.insert(c.hash(), c.value()); !fresh {
					continue
				}
				w.met++
				b.next[p].add(batch.bytes[c.start:c.end])
				if c.marks&b.always != 0 {
					w.violated = append(w.violated, culprit{c.hash(), c.marks & b.always, b.depth + 1})
				}
			}
		}
	})
	r := &b.result
	for _, w := range b.workers {
		if w.met > 0 {
			r.Depth = b.depth + 1
		}
		r.Distinct += w.met
		r.Total += w.generated
		r.Reached |= w.reached
		for i, n := range w.out.cut {
			r.Cut[i] += n
		}
		clear(w.out.cut)
		b.violated = append(b.violated, w.violated...)
		w.since = since{}
	}
}

// share lets the workers do the jobs 0 to count-1, each as soon as one is free.
// Which worker does which is left to chance, so it must not matter.
func (b *Search) share(count int, do func(w *worker, job int)) {
	if count == 1 || len(b.workers) == 1 || b.result.Left <= blockSize { // what is little is done sooner alone
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

// measure says how much memory tables and frontier take.
func (b *Search) measure() {
	n := b.level[b.at:].bytes()
	for p := range b.tables {
		n += b.tables[p].bytes() + b.next[p].bytes()
	}
	for i := range b.batches {
		n += b.batches[i].size()
	}
	b.result.measure(n)
}

// need is about how much more memory the next round may take: tables that are
// nearly full grow, and one at a time for each worker is there twice.
func (b *Search) need() int64 {
	const soon = 1024
	var n, largest int64
	for p := range b.tables {
		t := &b.tables[p]
		if t.used+soon > t.most {
			n += int64(t.more()) * entryBytes
		}
		largest = max(largest, t.bytes())
	}
	return n + largest*int64(len(b.workers))
}

// conclude rebuilds the way to the violation, if there is one.
func (b *Search) conclude() (*Result, error) {
	r := &b.result
	if len(b.violated) == 0 {
		return r, nil
	}
	// The nearest, and of several the one with the lowest hash, is the one to tell.
	c := slices.MinFunc(b.violated, func(x, y culprit) int {
		return cmp.Or(cmp.Compare(x.depth, y.depth), cmp.Compare(x.high, y.high), cmp.Compare(x.low, y.low))
	})
	if r.Violation = (&Violation{c.marks.first(), b.path(c.key)}); r.Violation.Path == nil {
		return r, errLost
	}
	return r, nil
}
