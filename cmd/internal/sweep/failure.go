package sweep

import (
	"slices"
	"strings"
	"time"

	"skinny/scenarios"
	"skinny/scenarios/counterexample"
	"skinny/sim/check"
)

// Failure is one way in which runs fail, as it is reported.
type Failure struct {
	Line       string        `json:"kind"` // failure
	Seed       uint64        `json:"seed"` // the smallest
	Count      uint64        `json:"count"`
	Property   string        `json:"property"`        // that the counterexample breaks
	Found      string        `json:"found,omitempty"` // that the seed's own run breaks
	Why        string        `json:"why"`
	Broken     []string      `json:"broken"` // all properties that are
	Way        string        `json:"way"`    // the same for seeds whose runs break alike
	Shape      string        `json:"shape"`  // the same for counterexamples that are alike
	Minimal    bool          `json:"minimal"`
	Tried      int           `json:"tried,omitempty"`
	Before     *Size         `json:"before,omitempty"`
	After      *Size         `json:"after,omitempty"`
	YAML       string        `json:"yaml,omitempty"` // the counterexample
	File       string        `json:"file,omitempty"` // where it was saved
	ShrinkTime time.Duration `json:"shrink_ns,omitempty"`

	verdict check.Verdict
	made    *counterexample.Case // by this process
}

// Size is how much there is in a run.
type Size struct {
	Decisions  int `json:"decisions"`
	Operations int `json:"operations"`
	Instances  int `json:"instances"`
}

// mostWays is how many ways to fail are told apart. Those that come later are counted
// with the last of them.
const mostWays = 64

// failure is what verdicts come to: nil if no property that counts is violated.
func failure(verdicts []check.Verdict, count []string) *Failure {
	worst := check.Worst(verdicts, count...)
	if worst == nil {
		return nil
	}
	f := &Failure{Line: failureLine, Property: worst.Property, Why: worst.Why.String(), verdict: *worst}
	for _, v := range verdicts {
		if v.State == check.Violated && (len(count) == 0 || slices.Contains(count, v.Property)) {
			f.Broken = append(f.Broken, v.Property)
		}
	}
	f.Way = strings.Join(append(slices.Clone(f.Broken), worst.Kind), " ")
	return f
}

func undecided(verdicts []check.Verdict) bool {
	return slices.ContainsFunc(verdicts, func(v check.Verdict) bool { return v.State == check.Undecided })
}

// unheard is why what goes on within instances is not judged, "" if it is.
func unheard(verdicts []check.Verdict) string {
	for _, v := range verdicts {
		if v.State == check.NotJudged {
			return v.Why.String()
		}
	}
	return ""
}

// add adds a failure to a list, or counts it with the one that is alike.
func add(list []Failure, f Failure) []Failure {
	for i := range list {
		if l := &list[i]; l.Way == f.Way || len(list) >= mostWays && i == len(list)-1 {
			l.Count += f.Count
			return list
		}
	}
	return append(list, f)
}

// alike puts failures together whose counterexamples are alike.
func alike(list []Failure) []Failure {
	var kinds []Failure
	for _, f := range list {
		if at := slices.IndexFunc(kinds, func(k Failure) bool { return k.Shape == f.Shape }); at >= 0 {
			kinds[at].Count += f.Count
		} else {
			kinds = append(kinds, f)
		}
	}
	return kinds
}

// Counterexample is the scenario that this process has made of it, and its file.
func (f *Failure) Counterexample() (*scenarios.Scenario, string) { return f.made.Scenario, f.File }
