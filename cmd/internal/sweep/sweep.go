// Package sweep runs many seeds of a setting on all cores, makes counterexamples of
// those that fail, and reports: as text, or as a result that is merged with those of
// other machines. What it reports does not depend on how many cores there are: seeds
// are counted in order, and the failing seed that counts is the smallest.
package sweep

import (
	"errors"
	"sync"
	"time"

	"skinny/cmd/internal/program"
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
	Progress func(Status) // told by the clock while seeds run, never twice at once; may be nil
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

// Run runs the seeds.
func Run(c Config) *Result {
	r := &run{Config: c, start: time.Now(), early: map[uint64]*Result{}}
	var workers, clock sync.WaitGroup
	for range max(c.Workers, 1) {
		workers.Go(r.work)
	}
	done := make(chan struct{})
	clock.Go(func() { r.tell(done) })
	workers.Wait()
	close(done)
	clock.Wait()
	return r.close()
}

// run is a sweep that is under way.
type run struct {
	Config
	start time.Time

	mutex  sync.Mutex
	next   uint64 // the seed that is taken next
	over   Ended  // why no more are taken; 0: they are
	ran    Status
	result Result             // of the first seeds
	added  uint64             // how many
	early  map[uint64]*Result // of seeds that have come before one with a smaller number
}

// work runs seeds until there is none left that matters. They are taken in order, so that
// those before one by which it is enough are run, too.
func (r *run) work() {
	t := swarm.NewTrial(r.Setting)
	t.Stop = r.Stop
	for n, more := r.take(); more; n, more = r.take() {
		t.Met = swarm.Met{}
		of := r.runSeed(t, r.Seeds.At(n))
		of.Met = Met(t.Met)
		r.put(n, of)
	}
}

// progressPause is how long nothing is told.
const progressPause = 100 * time.Millisecond

// tell tells how far it is until it is done. It goes by the clock, since a seed may take long.
func (r *run) tell(done <-chan struct{}) {
	if r.Progress == nil {
		return
	}
	clock := time.NewTicker(progressPause)
	defer clock.Stop()
	for {
		select {
		case <-done:
			return
		case <-clock.C:
			r.mutex.Lock()
			now := r.ran
			r.mutex.Unlock()
			now.Elapsed = time.Since(r.start)
			r.Progress(now)
		}
	}
}

// take is the next seed, if there is one to be begun.
func (r *run) take() (n uint64, more bool) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	switch {
	case r.over != 0:
	case r.Stop != nil && r.Stop():
		r.over = Interrupted
	case r.For > 0 && time.Since(r.start) >= r.For:
		r.over = TimeOver
	case r.next < r.Seeds.Count:
		r.next++
		return r.next - 1, true
	}
	return 0, false
}

func (r *run) runSeed(t *swarm.Trial, seed uint64) *Result {
	of := &Result{}
	var verdicts []check.Verdict
	if r.Recheck > 0 && seed%r.Recheck == 0 {
		var event int
		verdicts, event = t.RunTwice(seed)
		of.Twice++
		if event != 0 {
			of.Different = &Different{Seed: seed, Event: event}
			of.Different.Was, of.Different.Is = t.Difference()
		}
	} else {
		verdicts = t.Run(seed)
	}
	if t.Stopped() {
		return of
	}
	if v := in(verdicts, check.NotJudged); v != nil {
		of.Unheard, of.Unspoken = 1, v.Why.String()
	}
	f := failure(verdicts, r.Properties)
	switch err := t.Failure(); {
	case err != nil && r.Stop != nil && r.Stop():
		return of // its program was hurried, since everything is to end
	case err != nil:
		of.Stuck = &Stuck{Seed: seed}
		errors.As(err, &of.Stuck.Err)
		return of // it has not been run to its end
	case f != nil:
		f.Seed, f.Count = seed, 1
		of.Failing++
		of.Failures = append(of.Failures, *f)
	case in(verdicts, check.Undecided) != nil:
		of.Undecided++
	}
	of.Done++
	return of
}

// put adds up what a seed has come to, once all before it are.
func (r *run) put(n uint64, of *Result) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.ran.Done++
	r.ran.Failing += of.Failing
	if r.enough(of) {
		r.over = FailureFound
	}
	if r.result.Stuck == nil && of.Stuck != nil && errors.Is(of.Stuck.Err, program.ErrImpure) {
		r.result.Stuck = of.Stuck // whatever else it answers says nothing
	}
	r.early[n] = of
	for ; r.early[r.added] != nil; r.added++ {
		if !r.enough(&r.result) {
			r.result.add(r.early[r.added])
			r.result.Failures = ways(r.result.Failures)
		}
		delete(r.early, r.added)
	}
}

// enough reports whether what comes after these seeds does not count.
func (r *run) enough(of *Result) bool {
	return of.Different != nil || of.Stuck != nil || !r.KeepGoing && of.Failing > 0
}

func (r *run) close() *Result {
	result := &r.result
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
		result.Ended = r.over
	}
	return result
}
