package quiz

import (
	"slices"
	"strings"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/prose"
)

// Pending names something that is pending, and Happening an event, as questions do.
func (r *Run) Pending(w *sim.World, d sim.Decision) string { return r.pending(w, d).String() }
func (r *Run) Happening(n int) string                      { return r.happening(r.Event(n)).String() }

// Fewer is what is left of choices: r is right and w wrong, g a client that gives up, and a
// capital the best one.
func Fewer(choices string) string {
	q := Question{Right: strings.IndexAny(choices, "RG")}
	for _, c := range strings.ToLower(choices) {
		this := Choice{key: string(c), Right: c == 'r'}
		if c == 'g' {
			this.key = sim.FireGiveUp.String()
		}
		q.Choices = append(q.Choices, this)
	}
	q.Choices[q.Right].Right = true
	q.fewer()
	var left []string
	for i, c := range q.Choices {
		key := c.key[:1]
		if i == q.Right {
			key = strings.ToUpper(key)
		}
		left = append(left, key)
	}
	return strings.Join(left, "")
}

// Why says when a choice would be right: without rules that are on, or with others, before
// event 3 or if "it" of event 4 had come first.
func Why(on, off []string) string {
	c := Choice{}
	rules := protocol.Rules(0)
	for _, name := range slices.Concat(on, off) {
		switch rule, _ := protocol.RuleByName(name); name {
		case "before":
			c.Before = 3
		case "first":
			c.First, c.what = 4, prose.Words("it")
		default:
			c.Rules |= rule.Rule
			if slices.Contains(on, name) {
				rules |= rule.Rule
			}
		}
	}
	return whyOf(&c, rules).String()
}
