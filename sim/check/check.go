package check

import "skinny/sim/trace"

// State is what a judge says of its property.
type State uint8

// The states of a verdict.
const (
	Kept      State = iota
	Violated        // at Verdict.Event, because of Verdict.Why
	Undecided       // the search for the answer took too many steps; Verdict.Why says so
)

var stateNames = [...]string{"kept", "violated", "undecided"}

func (s State) String() string { return stateNames[s] }

// Verdict is what a judge says of its property after the events so far.
type Verdict struct {
	Property string
	State    State
	Event    int    // number of the event that broke the property; 0 unless Violated
	Why      string // one sentence without a full stop; empty if Kept
}

// Property is something that a lock service should have.
type Property struct {
	Name  string // as in scenario files
	About string // what it demands, in one sentence
}

// The names of the properties.
const (
	mutualExclusionName = "mutual-exclusion"
	agreementName       = "agreement"
	acknowledgedName    = "acknowledged"
	promiseKeptName     = "promise-kept"
	durabilityName      = "durability"
	linearizabilityName = "linearizability"
)

// ProgressName is the name of the property that is only judged where it is demanded.
const ProgressName = "progress"

var properties = [...]Property{
	{mutualExclusionName, "No client is told acquired while another one holds the lock."},
	{agreementName, "No ID is committed, nor chosen, with two different holders."},
	{acknowledgedName, "No client is told acquired or released unless a majority has accepted exactly that."},
	{promiseKeptName, "No instance promises or accepts an ID below one that it has promised, restarts included."},
	{durabilityName, "What a majority has accepted is the base of every later commit, and no instance's accepted ID goes back, restarts included."},
	{linearizabilityName, "The answers are those of a single lock that takes the operations one after the other, each between its call and its answer."},
	{ProgressName, "When nothing goes wrong any more, every client that waits is answered within a bound, and a new one is not told unknown."},
}

// Properties lists all properties, in the order of the verdicts. The last one,
// progress, is only judged where it is demanded: see [Judges.Demand].
func Properties() []Property { return append([]Property(nil), properties[:]...) }

// Judges judges a run by all properties. It is a trace.Observer, which must be
// told every event of the run from the first one on.
type Judges struct {
	tally           tally
	mutualExclusion mutualExclusion
	agreement       agreement
	acknowledged    acknowledged
	promiseKept     promiseKept
	durability      durability
	linearizability linearizability
	progress        progress
}

// NewJudges are the judges of the run with this header, which must not be changed
// while they are used.
func NewJudges(h *trace.Header) *Judges {
	j := &Judges{}
	j.Reset(h)
	return j
}

// Reset makes j what NewJudges returns, with its memory used again.
func (j *Judges) Reset(h *trace.Header) {
	j.tally.reset(h)
	j.mutualExclusion.reset(h)
	j.agreement.reset(h, &j.tally)
	j.acknowledged.reset(h, &j.tally)
	j.promiseKept.reset(h)
	j.durability.reset(h, &j.tally)
	j.linearizability.reset(h)
	j.progress.reset(h)
}

// Demand makes j judge progress, too, until it is reset. It has to come before the
// first event.
func (j *Judges) Demand(p Progress) { j.progress.begin(p) }

// End says that the run has ended: nothing more happens up to now, or, if it is
// quiet, ever. Whoever still waits is then known to have waited in vain.
func (j *Judges) End(now trace.Time, quiet bool) { j.progress.end(now, quiet) }

// Observe judges one event.
func (j *Judges) Observe(e *trace.Event) {
	switch e.Kind {
	case trace.Commit, trace.Accept:
		j.tally.Observe(e) // before the judges that read it
		j.agreement.Observe(e)
		j.acknowledged.Observe(e)
	case trace.Call, trace.Answer, trace.Receive:
		j.mutualExclusion.Observe(e)
		j.acknowledged.Observe(e)
		j.linearizability.Observe(e)
	}
	if e.Instance != trace.None {
		j.promiseKept.Observe(e)
		j.durability.Observe(e)
	}
	if j.progress.demanded {
		j.progress.Observe(e)
	}
}

// Verdicts says how every property stands after the events so far, in the order
// of Properties; without progress, where that is not demanded. More events may
// follow.
func (j *Judges) Verdicts() []Verdict {
	verdicts := []Verdict{
		j.mutualExclusion.Verdict(),
		j.agreement.Verdict(),
		j.acknowledged.Verdict(),
		j.promiseKept.Verdict(),
		j.durability.Verdict(),
		j.linearizability.Verdict(),
	}
	if j.progress.demanded {
		verdicts = append(verdicts, j.progress.Verdict())
	}
	return verdicts
}
