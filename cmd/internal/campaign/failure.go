package campaign

import (
	"slices"
	"strings"

	"skinny/sim/check"
)

// most is how many ways to fail are told apart. Those that come later are counted
// with the others.
const most = 64

// failure is what verdicts come to: nil if no property that counts is violated.
func failure(verdicts []check.Verdict, count []string) *Failure {
	worst := check.Worst(verdicts, count...)
	if worst == nil {
		return nil
	}
	f := &Failure{Verdict: *worst}
	for _, v := range verdicts {
		if v.State == check.Violated && (len(count) == 0 || slices.Contains(count, v.Property)) {
			f.Broken = append(f.Broken, v)
		}
	}
	f.Shape = f.shape()
	return f
}

func undecided(verdicts []check.Verdict) bool {
	return slices.ContainsFunc(verdicts, func(v check.Verdict) bool { return v.State == check.Undecided })
}

// merge adds a failure to a list, or counts it with the one that is alike.
func merge(list []Failure, f Failure) []Failure {
	for i := range list {
		if l := &list[i]; l.Shape == f.Shape || len(list) >= most && i == len(list)-1 {
			l.Count += f.Count
			return list
		}
	}
	return append(list, f)
}

// shape is what a failure has in common with those that are alike: the properties
// that are broken, and the kind of the violation that matters most.
func (f *Failure) shape() string {
	var b strings.Builder
	for _, v := range f.Broken {
		b.WriteString(v.Property + " ")
	}
	return b.String() + f.Verdict.Kind
}
