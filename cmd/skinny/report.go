package main

import (
	"bufio"
	"fmt"
	"strconv"
	"strings"

	"github.com/mattn/go-runewidth"

	"skinny/cmd/internal/shell"
	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/prose"
)

// printHead prints what runs: the title, and on its right or below it the rest.
func (a *app) printHead(out *bufio.Writer, s *scenarios.Scenario, o *scenarios.Outcome, f *runFlags) {
	facts := fmt.Sprintf("edition %s · %d instances · seed %d", ruleWords(s), len(s.Cluster.Instances), s.Seed)
	title := s.Title
	if title == "" {
		title = "Untitled"
	}
	between := a.width - runewidth.StringWidth(title) - runewidth.StringWidth(facts)
	if between >= gap {
		out.WriteString(bold.Sprint(title) + spaces(between) + dim.Sprint(facts))
	} else {
		out.WriteString(bold.Sprint(wrapped(title, a.width)) + "\n" + dim.Sprint(wrapped(facts, a.width)))
	}
	out.WriteString("\n\n")
	if f.why > 0 {
		fmt.Fprintf(out, "Why event %d of %d happened, from the first cause on:\n\n", f.why, o.Events)
		return
	}
	for _, paragraph := range strings.Split(strings.TrimSpace(s.About), "\n\n") {
		if paragraph != "" {
			out.WriteString("  ")
			wrap(out, paragraph, 2, 2, min(a.width, defaultWidth))
			out.WriteString("\n\n")
		}
	}
	if settings := f.settings(); settings != "" && strings.TrimSpace(s.About) != "" {
		out.WriteString("  ")
		wrap(out, "That is said of the scenario as it was written. This run has "+settings+".", 2, 2, min(a.width, defaultWidth))
		out.WriteString("\n\n")
	}
}

// ruleWords names the edition, and the rules that differ from it as far as they
// are few.
func ruleWords(s *scenarios.Scenario) string {
	edition, _ := protocol.EditionByName(s.Edition)
	words, differ := s.Edition, 0
	for _, r := range protocol.RuleTable() {
		on := s.Cluster.Rules.Has(r.Rule)
		if on == edition.Rules.Has(r.Rule) {
			continue
		}
		differ++
		words += ", " + r.Name + map[bool]string{true: " on", false: " off"}[on]
	}
	if differ > 2 {
		return fmt.Sprintf("%s, but for %d rules", s.Edition, differ)
	}
	return words
}

// printEnd prints the table, the verdict, and how to have this run again.
func (a *app) printEnd(name string, s *scenarios.Scenario, o *scenarios.Outcome, f *runFlags) error {
	var b strings.Builder
	b.WriteString("\n")
	a.table(&b, statusRows(s, o))
	b.WriteString("\n")
	a.properties(&b, o)
	a.expectations(&b, o, f)
	for _, note := range o.Notes {
		b.WriteString("  ! ")
		wrap(&b, note, 4, 4, a.width)
		b.WriteString("\n")
	}
	if o.Ending == sim.BudgetSpent {
		b.WriteString("  ! ")
		wrap(&b, "the run was ended at its budget of events (`events` in the scenario); what would have come is not judged", 4, 4, a.width)
		b.WriteString("\n")
	}
	again := "skinny run " + shell.Word(name) + f.arguments(s.Seed)
	b.WriteString("\n  again: " + again + "\n")
	_, err := a.out.Write([]byte(b.String()))
	return err
}

// properties prints what the judges say. Why a property broke stands in the story,
// under the event by which it did.
func (a *app) properties(b *strings.Builder, o *scenarios.Outcome) {
	width := 0
	for _, v := range o.Verdicts {
		width = max(width, len(v.Property))
	}
	for _, v := range o.Verdicts {
		mark, text := good.Sprint("✓"), "kept"
		switch v.State {
		case check.Violated:
			mark, text = bad.Sprint("✗"), fmt.Sprintf("violated by event %d", v.Event)
		case check.Undecided:
			mark, text = "?", "undecided: "+v.Why.String()
		}
		b.WriteString("  " + mark + " " + pad(v.Property, width) + "  ")
		wrap(b, text, width+6, width+6, a.width)
		b.WriteString("\n")
	}
}

// expectations prints how far the scenario's claims are met.
func (a *app) expectations(b *strings.Builder, o *scenarios.Outcome, f *runFlags) {
	unmet := unmetClaims(o)
	b.WriteString("\n")
	if len(unmet) == 0 {
		text := "all as claimed (" + count(len(o.Expectations), "expectation") + ")"
		if len(o.Expectations) == 0 {
			text = "nothing was claimed, and nothing is violated"
		}
		b.WriteString("  " + good.Sprint("✓") + " " + text + "\n")
		return
	}
	for _, line := range unmet {
		b.WriteString("  " + bad.Sprint("✗") + " ")
		wrap(b, line, 4, 4, a.width)
		b.WriteString("\n")
	}
	if settings := f.settings(); settings != "" && o.Unmet() > 0 {
		b.WriteString("\n  ")
		wrap(b, fmt.Sprintf("With %s, %d of %s that the scenario makes no longer hold.", settings, o.Unmet(), count(len(o.Expectations), "claim")), 2, 2, a.width)
		b.WriteString("\n")
	}
}

// unmetClaims says what makes a run fail.
func unmetClaims(o *scenarios.Outcome) []string {
	var list []string
	for _, e := range o.Expectations {
		if !e.Met {
			list = append(list, "claimed: "+e.Expect+"; but "+e.Got)
		}
	}
	for _, v := range o.Surprises() {
		list = append(list, v.Property+" is violated, which the scenario does not claim with {property: "+v.Property+", is: violated}")
	}
	return list
}

// printUnmet prints only what is not as claimed.
func (a *app) printUnmet(o *scenarios.Outcome) error {
	for _, line := range unmetClaims(o) {
		if _, err := fmt.Fprintln(a.out, line); err != nil {
			return err
		}
	}
	return nil
}

// statusRows is the final state of all instances.
func statusRows(s *scenarios.Scenario, o *scenarios.Outcome) []statusRow {
	w := o.World
	var rows []statusRow
	for i, in := range s.Cluster.Instances {
		p := protocol.Position(i)
		state := w.State(p)
		row := statusRow{
			name:      in.Name,
			increment: in.Increment,
			state:     state,
			holder:    s.Cluster.HolderName(state.Accepted.Holder),
		}
		switch {
		case !w.Up(p):
			row.lastSeen = "at " + prose.Duration(w.DownSince(p)) + ", crashed"
		case w.Paused(p):
			row.lastSeen = "paused"
		}
		rows = append(rows, row)
	}
	return rows
}

// count writes "1 event", "2 events".
func count(n int, word string) string {
	if n != 1 {
		word += "s"
	}
	return strconv.Itoa(n) + " " + word
}

// table prints what Skinny's own status prints of the instances.
func (a *app) table(b *strings.Builder, rows []statusRow) {
	head := []string{"NAME", "INCREMENT", "PROMISED", "ID", "HOLDER"}
	lastSeen := false
	for _, r := range rows {
		lastSeen = lastSeen || r.lastSeen != ""
	}
	if lastSeen {
		head = append(head, "LAST SEEN")
	}
	cells := [][]string{head}
	for _, r := range rows {
		row := []string{r.name, strconv.FormatUint(uint64(r.increment), 10), number(r.state.Promised), number(r.state.Accepted.ID), r.holder}
		if lastSeen {
			row = append(row, r.lastSeen)
		}
		cells = append(cells, row)
	}
	widths := make([]int, len(head))
	for _, row := range cells {
		for i, cell := range row {
			widths[i] = max(widths[i], runewidth.StringWidth(cell))
		}
	}
	apart, total := 3, gap
	for _, w := range widths {
		total += w + apart
	}
	if total-apart > a.width {
		apart = 1
	}
	for i, row := range cells {
		line := ""
		for j, cell := range row {
			padded := pad(cell, widths[j]+apart)
			if i > 0 && j == 0 {
				padded = palette[(i-1)%len(palette)].Sprint(cell) + spaces(widths[j]+apart-runewidth.StringWidth(cell))
			}
			line += padded
		}
		b.WriteString("  " + strings.TrimRight(line, " ") + "\n")
	}
}

// statusRow is one instance in the table.
type statusRow struct {
	name      string
	increment protocol.ID
	state     protocol.State
	holder    string
	lastSeen  string
}

func number(id protocol.ID) string { return strconv.FormatUint(uint64(id), 10) }
