package exercise

import (
	"fmt"
	"math/bits"

	"skinny/protocol"
	"skinny/scenarios"
)

// usualMost is how many moves a search goes for an exercise that names no par.
const usualMost = 3

// Lint looks for a solution. Found is what is wrong with the exercise: that there is none,
// that par is not right, that nobody can tell which rule is meant. Said is what else is
// known, in a sentence, "" for nothing: also that it is not known.
func (x *Exercise) Lint(l Limits) (found scenarios.Diagnostics, said string) {
	report := func(at scenarios.Place, hint, format string, args ...any) {
		found = append(found, x.file.Complain(at, hint, fmt.Sprintf(format, args...)))
	}
	if !x.Predicts() && x.Judge(x.solution(), l).Solved {
		report(x.Place, "want something else, or give something else", "it is solved before anything is changed")
		return found, ""
	}
	most := x.Par.Or(usualMost)
	f := x.Shortest(most, l)
	par := x.Par.Value
	switch {
	case f.Solution == nil && f.Least > par && x.Par.Given:
		report(x.Par.Place, fmt.Sprintf("every solution has at least %s", Counted(f.Least)), "there is no solution of %s", Counted(par))
	case f.Solution == nil && f.All:
		report(x.Place, "look at `want`, and at what a solution may change", "there is no solution")
	case f.Solution == nil:
		said = "whether it can be solved is not known; not looked at: " + f.Why
	case x.Par.Given && f.Moves < par:
		report(x.Par.Place, fmt.Sprintf("par: %d", f.Moves), "there is a solution of %s", Counted(f.Moves))
	case x.Par.Given && !f.All:
		said = fmt.Sprintf("it can be solved in %s; whether in fewer is not known; not looked at: %s", Counted(f.Moves), f.Why)
	case x.Predicts():
		said = "it can be solved"
	default:
		said = fmt.Sprintf("it can be solved in %s", Counted(f.Moves))
		if f.All {
			said += ", and in no fewer"
		}
	}
	if other := x.mistakable(l); other != "" {
		report(x.Place, "let something happen in the run that only the right rule explains", "nobody can tell which rule is meant: with %s otherwise instead, the run is the same", other)
	}
	return found, said
}

// mistakable is a rule that explains the run as well as the one that is to be found, "" if
// there is none, or more than one rule to be found.
func (x *Exercise) mistakable(l Limits) string {
	edition, _ := protocol.EditionByName(x.Scenario.Edition)
	rules := x.Scenario.Cluster.Rules
	if !x.guesses() || bits.OnesCount64(uint64(edition.Rules^rules)) != 1 {
		return ""
	}
	digest := x.digest(rules, l)
	for _, r := range protocol.RuleTable() {
		if other := edition.Rules ^ r.Rule; other != rules && x.digest(other, l) == digest {
			return r.Name
		}
	}
	return ""
}

// digest is that of the run under rules.
func (x *Exercise) digest(rules protocol.Rules, l Limits) string {
	o, err := run(x.Scenario.Under(rules), l)
	if err != nil {
		return err.Error()
	}
	return o.Digest
}
