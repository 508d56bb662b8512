// Package sweep runs many seeds of a setting on all cores, makes counterexamples of
// those that fail, and reports: as text, or as a result that is merged with those of
// other machines. What it reports does not depend on how many cores there are: seeds
// are counted in order, and the failing seed that counts is the smallest.
package sweep

import (
	"cmp"
	"errors"
	"maps"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"skinny/sim/check"
	"skinny/sim/swarm"
)

// Config says which seeds are run, and how.
type Config struct {
	Setting *swarm.Setting
	Seeds   Seeds
	For     time.Duration // no new seeds are begun after that; 0: until all are run
	Workers int           // at least 1

	Properties []string // that count; none: all
	KeepGoing  bool     // collect failures instead of stopping at the first

	// Recheck is how many seeds there are for each that is run twice, to see
	// whether both runs are the same; 0: none is.
	Recheck uint64

	Stop     func() bool  // asked often: whether to end with what is known
	Progress func(Status) // told a few times a second; may be nil
}

// Seeds is an arithmetic progression: the seeds of one part of a sweep that is
// shared between machines.
type Seeds struct {
	First uint64
	Step  uint64 // at least 1
	Count uint64 // how many at most; at least 1
}

// At is the nth seed, from 0.
func (s Seeds) At(n uint64) uint64 { return s.First + n*s.Step }

// Shard is the part number i, from 0, of n parts that together are all seeds.
func (s Seeds) Shard(i, n uint64) Seeds {
	count := s.Count / n
	if i < s.Count%n {
		count++
	}
	return Seeds{First: s.At(i), Step: s.Step * n, Count: count}
}

// Status is how far a sweep is.
type Status struct {
	Done    uint64 // seeds
	Failing uint64 // of those
	Elapsed time.Duration
}

// Ended says why a sweep ended.
type Ended uint8

// The ends.
const (
	AllRun Ended = iota
	FailureFound
	TimeOver
	Interrupted
	NotDeterministic
	Incomplete // a merge without some of its shards
)

// blockSize is how many seeds a worker takes at a time.
const blockSize = 64

// Run runs the seeds.
func Run(c Config) *Result {
	r := &run{Config: c, start: time.Now(), blocks: make(chan *block)}
	r.last.Store(math.MaxUint64)
	var workers sync.WaitGroup
	for range max(c.Workers, 1) {
		workers.Go(r.work)
	}
	go func() {
		workers.Wait()
		close(r.blocks)
	}()
	return r.collect()
}

// run is a sweep that is under way.
type run struct {
	Config
	start   time.Time
	next    atomic.Uint64 // the block that is taken next
	last    atomic.Uint64 // the block by which it is enough, so that no later one matters
	done    atomic.Uint64 // seeds
	failing atomic.Uint64
	over    atomic.Uint32 // Ended, once no new seed is to be begun
	blocks  chan *block   // that have been run
}

// block is the result of some seeds in a row.
type block struct {
	number uint64
	Result
}

// work runs blocks until there is none left that matters. They are taken in the order of
// their numbers, and one that was taken is run unless one before it is enough.
func (r *run) work() {
	t := swarm.NewTrial(r.Setting)
	t.Stop = r.Stop
	for !r.ended() {
		number := r.next.Add(1) - 1
		if number > min((r.Seeds.Count-1)/blockSize, r.last.Load()) {
			return
		}
		b := r.runBlock(t, number)
		if r.enough(&b.Result) {
			for last := r.last.Load(); number < last && !r.last.CompareAndSwap(last, number); last = r.last.Load() {
			}
		}
		r.blocks <- b
	}
}

// ended reports whether no new seed is to be begun, and notes why.
func (r *run) ended() bool {
	switch {
	case r.over.Load() != 0:
	case r.Stop != nil && r.Stop():
		r.over.Store(uint32(Interrupted))
	case r.For > 0 && time.Since(r.start) >= r.For:
		r.over.Store(uint32(TimeOver))
	default:
		return false
	}
	return true
}

func (r *run) runBlock(t *swarm.Trial, number uint64) *block {
	b := &block{number: number}
	t.Met = swarm.Met{}
	first := number * blockSize
	last := min(first+blockSize, r.Seeds.Count)
	for n := first; n < last && number <= r.last.Load() && !r.enough(&b.Result) && !r.ended(); n++ {
		r.runSeed(t, b, r.Seeds.At(n))
		r.done.Add(1)
	}
	b.Met = Met(t.Met)
	r.failing.Add(b.Failing)
	return b
}

func (r *run) runSeed(t *swarm.Trial, b *block, seed uint64) {
	b.Done++
	var verdicts []check.Verdict
	if r.Recheck > 0 && seed%r.Recheck == 0 {
		var event int
		verdicts, event = t.RunTwice(seed)
		b.Twice++
		if event != 0 {
			b.Different = &Different{Seed: seed, Event: event}
			b.Different.Was, b.Different.Is = t.Difference()
		}
	} else {
		verdicts = t.Run(seed)
	}
	if t.Stopped() {
		b.Done--
		return
	}
	if why := unheard(verdicts); why != "" {
		b.Unheard++
		b.Unspoken = cmp.Or(b.Unspoken, why)
	}
	f := failure(verdicts, r.Properties)
	switch err := t.Failure(); {
	case err != nil && r.Stop != nil && r.Stop():
		b.Done-- // its program was hurried, since everything is to end
	case err != nil:
		b.Stuck = &Stuck{Seed: seed}
		errors.As(err, &b.Stuck.Err)
		b.Done-- // it has not been run to its end
	case f != nil:
		f.Seed, f.Count = seed, 1
		b.Failing++
		b.Failures = append(b.Failures, *f)
	case undecided(verdicts):
		b.Undecided++
	}
}

// collect adds the blocks up in the order of their numbers, in which they need not come.
func (r *run) collect() *Result {
	result := &Result{}
	early, next := map[uint64]*block{}, uint64(0) // that have come before the next one
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if r.Progress != nil {
				r.Progress(Status{r.done.Load(), r.failing.Load(), time.Since(r.start)})
			}
		case b, more := <-r.blocks:
			if !more {
				// If the sweep was ended early, there may be blocks after a gap.
				for _, n := range slices.Sorted(maps.Keys(early)) {
					r.add(result, early[n])
				}
				r.close(result)
				return result
			}
			early[b.number] = b
			for ; early[next] != nil; next++ {
				r.add(result, early[next])
				delete(early, next)
			}
		}
	}
}

// add adds a block, unless it comes after what has ended the sweep.
func (r *run) add(result *Result, b *block) {
	if !r.enough(result) {
		result.add(&b.Result)
		result.Failures = ways(result.Failures)
	}
}

// enough reports whether what comes after these seeds does not count.
func (r *run) enough(of *Result) bool {
	return of.Different != nil || of.Stuck != nil || !r.KeepGoing && of.Failing > 0
}

// close says how it ended.
func (r *run) close(result *Result) {
	result.Elapsed = time.Since(r.start)
	switch {
	case result.Different != nil:
		result.Ended = NotDeterministic
	case result.Stuck != nil:
		result.Ended = Interrupted
	case len(result.Failures) > 0 && !r.KeepGoing:
		result.Ended = FailureFound
	case result.Done == r.Seeds.Count:
		result.Ended = AllRun
	default:
		result.Ended = Ended(r.over.Load())
	}
}
