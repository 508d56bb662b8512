package scenarios

import (
	"fmt"
	"math/bits"
	"strings"

	"skinny/protocol"
	"skinny/sim/prose"
)

// mostNamed is how many rules and how many groups of instances a heading names.
const mostNamed = 2

// Setting is the edition and all that this scenario has otherwise: "sound without
// durable, quorums 2 and 3 of 4, a with yield, c played by mine". Headings say it.
func (s *Scenario) Setting() string {
	c := s.Cluster
	parts := []string{Rules(s.Edition, c.Rules)}
	if c.Quorums != (protocol.Quorums{}) {
		promise, _ := c.Quorums.Enough(c.Rules, protocol.Proposing, c.Size())
		commit, _ := c.Quorums.Enough(c.Rules, protocol.Committing, c.Size())
		parts = append(parts, fmt.Sprintf("quorums %d and %d of %d", promise, commit, c.Size()))
	}
	parts = append(parts, s.ownRules()...)
	return strings.Join(append(parts, s.PlayedBy()...), ", ")
}

// Rules is an edition and the rules that are otherwise: "sound without durable".
func Rules(edition string, rules protocol.Rules) string {
	e, _ := protocol.EditionByName(edition)
	switch n := bits.OnesCount64(uint64(e.Rules ^ rules)); {
	case n > mostNamed:
		return fmt.Sprintf("%s, but for %d rules", edition, n)
	case n > 0:
		return edition + " " + differing(e.Rules, rules)
	}
	return edition
}

// ownRules says which instances follow other rules than the rest, and how they differ;
// only how many do where too much differs.
func (s *Scenario) ownRules() (list []string) {
	c := s.Cluster
	names, many := prose.NamesOf(c.Header()), false
	all := s.having(func(at protocol.Position) bool { return c.RulesOf(at) != c.Rules && c.Instances[at].Program == nil })
	for left := all; left != 0; {
		rules := c.RulesOf(left.First())
		same := s.having(func(at protocol.Position) bool { return all.Has(at) && c.RulesOf(at) == rules })
		left &^= same
		many = many || bits.OnesCount64(uint64(rules^c.Rules)) > mostNamed
		list = append(list, prose.Of(names.Set(same), " ", differing(c.Rules, rules)).String())
	}
	switch {
	case all.Len() == 1 && many:
		return []string{prose.Of(names.Set(all), " with rules of its own").String()}
	case many || len(list) > mostNamed:
		return []string{fmt.Sprintf("%d instances with rules of their own", all.Len())}
	}
	return list
}

// having is the instances of which something is so.
func (s *Scenario) having(is func(at protocol.Position) bool) (set protocol.Set) {
	for at := range protocol.Position(s.Cluster.Size()) {
		if is(at) {
			set = set.With(at)
		}
	}
	return set
}

// differing says what rules have that others have not: "with yield without durable".
func differing(from, rules protocol.Rules) string {
	var words []string
	for _, d := range []struct {
		word  string
		rules protocol.Rules
	}{{"with", rules &^ from}, {"without", from &^ rules}} {
		if d.rules != 0 {
			words = append(words, d.word+" "+strings.Join(d.rules.Names(), ", "))
		}
	}
	return strings.Join(words, " ")
}
