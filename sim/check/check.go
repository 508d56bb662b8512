package check

import (
	"fmt"
	"slices"

	"skinny/sim/prose"
	"skinny/sim/trace"
)

// State is what a judge says of its property.
type State uint8

// The states of a verdict.
const (
	Kept      State = iota
	Violated        // at Verdict.Event, because of Verdict.Why
	Undecided       // the search for the answer took too many steps; Verdict.Why says so
	NotJudged       // a program plays an instance and speaks a protocol of its own: Verdict.Why says how that is known
)

var stateNames = [...]string{"kept", "violated", "undecided", "not-judged"}

func (s State) String() string { return stateNames[s] }

// Verdict is what a judge says of its property after the events so far.
type Verdict struct {
	Property string // its name, and its severity: Judges fills in both
	Severity int
	State    State
	Event    int        // number of the event that broke the property; 0 unless Violated
	Kind     string     // what kind of violation it is: the same for those that are alike; of NotJudged, what kind of reason; else empty
	Why      prose.Text // one sentence without a full stop; empty if Kept
	Without  string     // what of the run was not looked at, in a few words; empty: all was
}

// Judge judges one property of a run by the events of the run.
type Judge interface {
	// Reset makes it what it is before the first event of a run. The header must not
	// be changed while the run is judged.
	Reset(h *trace.Header)

	// Observe judges one event. It is told every event of the run, in order.
	Observe(e *trace.Event)

	// End says that nothing more happens up to now, or, if the run is quiet, ever.
	End(now trace.Time, quiet bool)

	// Verdict says how the property stands after the events so far. More of them may
	// follow, but what is violated stays so, by the same event. Property and severity
	// are filled in from the judge's row.
	Verdict() Verdict
}

// Judges judges a run by the properties of the register, and by those that [Judges.Use]
// adds. It is a trace.Observer, which must be told every event of the run from the
// first one on. The zero Judges has to be reset first; it must not be copied.
type Judges struct {
	speech          speech
	tally           tally
	mutualExclusion mutualExclusion
	agreement       agreement
	acknowledged    acknowledged
	promiseKept     promiseKept
	durability      durability
	linearizability linearizability
	progress        progress

	judges []seated // in the order of the verdicts
	added  []seated // the last ones, which are not of the register
}

type seated struct {
	Judge
	row Property
}

// NewJudges are the judges of the run with this header, which must not be changed
// while they are used, with judges of one's own.
func NewJudges(h *trace.Header, own ...Property) *Judges {
	j := &Judges{}
	j.Use(own...)
	j.Reset(h)
	return j
}

// Use has properties judged that are not of the register, from the next Reset on.
// They take the place of those that were added before. It panics if one of them has no
// name of its own.
func (j *Judges) Use(own ...Property) {
	j.judges = j.judges[:0]
	for _, p := range properties {
		if p.of != nil {
			j.judges = append(j.judges, seated{p.of(j), p})
		}
	}
	known := len(j.judges)
	for i, p := range own {
		q, known := PropertyByName(p.Name)
		again := func(q Property) bool { return q.Name == p.Name }
		if p.Name == "" || known && q.New == nil || slices.ContainsFunc(own[:i], again) {
			panic(fmt.Sprintf("check: there is a property %q already", p.Name))
		}
		j.judges = append(j.judges, seated{p.New(), p})
	}
	j.added = j.judges[known:]
}

// Reset makes j what NewJudges returns, with its memory used again.
func (j *Judges) Reset(h *trace.Header) {
	if j.judges == nil {
		j.Use()
	}
	j.speech.reset(h)
	j.tally.reset(h)
	for i := range j.judges {
		j.judges[i].Reset(h)
	}
}

// Demand makes j judge progress, too, until it is reset. It comes before the first event.
func (j *Judges) Demand(p Progress) { j.progress.begin(p) }

// Run is how the run stands, where progress is demanded; nil otherwise.
func (j *Judges) Run() *trace.Follower {
	if !j.progress.demanded {
		return nil
	}
	return &j.progress.run
}

// End says that the run has ended: nothing more happens up to now, or, if it is
// quiet, ever. Whoever still waits is then known to have waited in vain.
func (j *Judges) End(now trace.Time, quiet bool) {
	for i := range j.judges {
		j.judges[i].End(now, quiet)
	}
}

// Observe judges one event. What an event means to the judges of the register is
// known here, so that most of them do not hear of most events.
func (j *Judges) Observe(e *trace.Event) {
	if j.speech.played && j.speech.header.IsPlayed(e.Instance) {
		j.listen(e)
	}
	switch e.Kind {
	case trace.Commit:
		j.tally.Observe(e) // before the judges that read it
		j.agreement.Observe(e)
		j.acknowledged.Observe(e)
	case trace.Accept:
		j.tally.Observe(e)
		j.agreement.Observe(e)
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
	for i := range j.added {
		j.added[i].Observe(e)
	}
}

// listen takes note of an event at an instance that a program plays. The own acceptor of a
// proposer may accept its commit later than it begins: that is known when its state shows it.
func (j *Judges) listen(e *trace.Event) {
	j.speech.Observe(e)
	if p, ok := j.speech.own[e.Instance].Accepts(e); ok {
		accept := *e
		accept.Kind, accept.Proposal, accept.Stored = trace.Accept, p, true
		j.tally.Observe(&accept)
		j.agreement.Observe(&accept)
		j.durability.Observe(&accept)
	}
}

// verdict is that of a judge, with what its row says. It reports false if that does not
// judge: progress that is not demanded.
func (j *Judges) verdict(judge *seated) (v Verdict, ok bool) {
	if judge.Judge == Judge(&j.progress) && !j.progress.demanded {
		return v, false
	}
	v = judge.Verdict()
	if judge.row.Inner && j.speech.played {
		v = j.speech.heard(v)
	}
	v.Property, v.Severity = judge.row.Name, judge.row.Severity
	return v, true
}

// Verdicts says how every property stands after the events so far, in the order
// of Properties, then those that were added; without progress, where that is not
// demanded. More events may follow.
func (j *Judges) Verdicts() []Verdict {
	verdicts := make([]Verdict, 0, len(j.judges))
	for i := range j.judges {
		if v, ok := j.verdict(&j.judges[i]); ok {
			verdicts = append(verdicts, v)
		}
	}
	return verdicts
}

// Verdict is the one of Verdicts on a property; its zero value, if there is none.
func (j *Judges) Verdict(property string) (v Verdict) {
	for i := range j.judges {
		if j.judges[i].row.Name == property {
			v, _ = j.verdict(&j.judges[i])
		}
	}
	return v
}

// NoEnd is embedded by judges that the end of a run tells nothing.
type NoEnd struct{}

// End does nothing.
func (NoEnd) End(trace.Time, bool) {}

// BrokenBy is the verdicts on what broke by an event.
func BrokenBy(event int, verdicts []Verdict) (list []Verdict) {
	for _, v := range verdicts {
		if v.State == Violated && v.Event == event {
			list = append(list, v)
		}
	}
	return list
}

// Worst is the violation that says most, of the named properties or, if none is
// named, of all; nil if there is none.
func Worst(verdicts []Verdict, names ...string) *Verdict {
	var worst *Verdict
	for i := range verdicts {
		v := &verdicts[i]
		counts := v.State == Violated && (len(names) == 0 || slices.Contains(names, v.Property))
		if counts && (worst == nil || v.Severity < worst.Severity) {
			worst = v
		}
	}
	return worst
}
