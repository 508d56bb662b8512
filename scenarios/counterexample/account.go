package counterexample

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"skinny/sim"
)

// account says what happens, and where it comes from.
func (c *Case) account(r *Run) string {
	text := fmt.Sprintf("By event %d %s is violated: %s.\n\n", c.Verdict.Event, r.Property, c.Verdict.Why)
	if c.Tried == 0 {
		return text + fmt.Sprintf("Found by %s.\n", r.Found)
	}
	what := "decisions"
	if c.Shrunk == nil {
		what = "entries of a timeline"
	} else if !slices.ContainsFunc(c.Shrunk.Decisions, func(d sim.Decision) bool { return d.Kind.IsFault() }) {
		text += "Nothing is lost and nobody is down: what does not arrive is still under way.\n\n"
	}
	text += fmt.Sprintf("Found by %s, and shrunk from %d %s to %d.", r.Found, c.Before.Decisions, what, c.After.Decisions)
	if c.Minimal {
		text += " None of them can be left out."
	} else {
		text += " The search for a smaller one was ended early."
	}
	return text + "\n"
}

// wrapped is a text with its paragraphs in lines that are easy to read.
func wrapped(text string) string {
	const width = 78
	var lines []string
	for i, paragraph := range strings.Split(strings.TrimSpace(text), "\n\n") {
		if i > 0 {
			lines = append(lines, "")
		}
		line := ""
		for _, word := range strings.Fields(paragraph) {
			switch {
			case line == "":
				line = word
			case utf8.RuneCountInString(line+" "+word) > width:
				lines = append(lines, line)
				line = word
			default:
				line += " " + word
			}
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n") + "\n"
}
