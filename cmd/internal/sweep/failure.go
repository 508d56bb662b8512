package sweep

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"skinny/scenarios"
	"skinny/scenarios/counterexample"
	"skinny/sim/check"
)

// Failure is one way in which runs fail, as it is reported.
type Failure struct {
	Line       string               `json:"kind"` // failure
	Seed       uint64               `json:"seed"` // the smallest
	Count      uint64               `json:"count"`
	Property   string               `json:"property"`        // that the counterexample breaks
	Found      string               `json:"found,omitempty"` // that the seed's own run breaks
	Why        string               `json:"why"`
	Broken     []string             `json:"broken"` // all properties that are
	Way        string               `json:"way"`    // the same for seeds whose runs break alike
	Shape      string               `json:"shape"`  // the same for counterexamples that are alike
	Minimal    bool                 `json:"minimal"`
	Tried      int                  `json:"tried,omitempty"`
	Before     *counterexample.Size `json:"before,omitempty"`
	After      *counterexample.Size `json:"after,omitempty"`
	YAML       string               `json:"yaml,omitempty"` // the counterexample
	File       string               `json:"file,omitempty"` // where it was saved
	ShrinkTime time.Duration        `json:"shrink_ns,omitempty"`

	verdict check.Verdict
	made    *counterexample.Case // by this process
}

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

// mostWays is how many ways to fail are told apart. Those that come later are counted
// with the last of them.
const mostWays = 64

// ways is failures in the order of their seeds, of each way to fail the first.
func ways(list []Failure) []Failure {
	slices.SortFunc(list, func(a, b Failure) int { return cmp.Compare(a.Seed, b.Seed) })
	return firsts(list, mostWays, func(f *Failure) string { return f.Way })
}

// alike is failures by what their counterexamples are like, of each kind the first.
func alike(list []Failure) []Failure {
	return firsts(list, len(list), func(f *Failure) string { return f.Shape })
}

// firsts is the first failures of each kind, up to a number of kinds, counting all.
func firsts(list []Failure, most int, kind func(*Failure) string) (kinds []Failure) {
	for _, f := range list {
		at := slices.IndexFunc(kinds, func(k Failure) bool { return kind(&k) == kind(&f) })
		if at < 0 && len(kinds) < most {
			kinds = append(kinds, f)
			continue
		}
		if at < 0 {
			at = most - 1
		}
		kinds[at].Count += f.Count
	}
	return kinds
}

// Counterexample is the scenario that this process has made of it, and its file.
func (f *Failure) Counterexample() (*scenarios.Scenario, string) { return f.made.Scenario, f.File }
