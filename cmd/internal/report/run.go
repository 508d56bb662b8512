package report

import (
	"encoding/json"
	"fmt"
	"strings"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/narrate"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// Run is a scenario that was run to its end, and what it takes to tell it.
type Run struct {
	*scenarios.Outcome
	events trace.Log // the first mostKept
	seen   int
	grain  grain
	named  protocol.Rules // by the story, as far as it was told
}

// mostKept is how many events are kept to be told; a longer run is run once more.
const mostKept = 1 << 16

// Observe keeps an event.
func (r *Run) Observe(e *trace.Event) {
	r.grain.Observe(e)
	r.seen++
	if r.seen <= mostKept {
		r.events.Observe(e)
	}
}

// Run runs a scenario, judged, until Ctrl-C.
func (c *Console) Run(s *scenarios.Scenario, observers ...trace.Observer) (*Run, error) {
	r := &Run{}
	meter, steps := c.Meter(), 0
	defer meter.Clear()
	stop := func() bool {
		if steps++; steps%1024 == 0 {
			meter.Show(func() string { return "running: " + Count(r.seen, "event") })
		}
		return c.Interrupted.Load()
	}
	var err error
	if r.Outcome, err = s.RunUntil(stop, append(observers, r)...); err != nil {
		return nil, Usage("%v", err)
	}
	return r, nil
}

// again shows an observer the run's events, until that has enough. Those that were not
// kept happen once more.
func (r *Run) again(enough func() bool, o trace.Observer) {
	if r.seen <= mostKept {
		for n := 1; n <= r.seen && !enough(); n++ {
			o.Observe(r.events.Event(n))
		}
		return
	}
	run := r.Scenario.Start()
	run.World().Observe(o)
	for run.World().Events() < r.Events && !enough() && run.Step() {
	}
}

// Story says which part of a run is told.
type Story struct {
	Only     int8   // the instance to follow, or trace.None
	Rounds   bool   // each round folded to a few lines
	Why      int    // the event whose causes are told; 0: all events
	Settings string // the flags that made the run another than its scenario says, "" for none
}

// Tell tells a run. It reports whether the story was told as far as the run went;
// Ctrl-C ends the telling, too.
func (c *Console) Tell(r *Run, what Story) (whole bool, err error) {
	h := r.Scenario.Header()
	p := c.Page()
	s := &story{
		out: p, narrator: narrate.New(h), layout: newLayout(h, p.Width, r.Events, r.End, r.grain.divisor),
		Story: what, run: r,
	}
	if what.Why > 0 {
		causes := &causes{narrator: narrate.New(h)}
		r.again(func() bool { return false }, causes)
		s.chain = causes.chain(what.Why, r.Verdicts)
	}
	p.head(r, what)
	// A run that was interrupted is told as far as it came.
	r.again(func() bool { return r.Ending != sim.NotEnded && c.Interrupted.Load() }, s)
	if s.last == "" && s.seen > 0 {
		p.Printf("None of its %s is among those asked for.\n", Count(s.seen, "event"))
	}
	return s.seen >= r.Events, p.Flush()
}

// TellAll runs a scenario and tells all of it, below what the page has.
func (c *Console) TellAll(p *Page, s *scenarios.Scenario) (*Run, error) {
	run, err := c.Run(s)
	if err == nil {
		err = p.Flush()
	}
	if err == nil {
		_, err = c.Tell(run, Story{Only: trace.None})
	}
	return run, err
}

func (p *Page) head(r *Run, what Story) {
	s := r.Scenario
	facts := fmt.Sprintf("edition %s · %d instances · seed %d", s.Setting(), len(s.Cluster.Instances), s.Seed)
	title := s.Title
	if title == "" {
		title = "Untitled"
	}
	between := p.Width - Width(title) - Width(facts)
	if between >= gap {
		p.WriteString(Bold.Sprint(title) + Spaces(between) + Dim.Sprint(facts) + "\n\n")
	} else {
		p.Hang("", Bold.Sprint(title))
		p.Hang("", Dim.Sprint(facts))
		p.WriteString("\n")
	}
	if what.Why > 0 {
		p.Printf("Why event %d of %d happened, from the first cause on:\n\n", what.Why, r.Events)
		return
	}
	text := &Page{p.Writer, min(p.Width, DefaultWidth)}
	for _, paragraph := range strings.Split(strings.TrimSpace(s.About), "\n\n") {
		if paragraph != "" {
			text.Hang("  ", paragraph)
			p.WriteString("\n")
		}
	}
	if what.Settings != "" && strings.TrimSpace(s.About) != "" {
		text.Hang("  ", "That is said of the scenario as it was written. This run has "+what.Settings+".")
		p.WriteString("\n")
	}
}

// End prints the table, the verdict, and how to have this run again.
func (p *Page) End(r *Run, settings, again string) {
	p.WriteString("\n")
	p.rules(r)
	p.Status(r.Outcome)
	p.WriteString("\n")
	p.Verdicts(r.Verdicts)
	if r.Ending != sim.Failed && r.Ending != sim.NotEnded { // of what did not come nothing was claimed
		p.expectations(r.Outcome, settings)
	}
	for _, note := range r.Notes {
		p.Hang("  ! ", note)
	}
	if r.Ending == sim.BudgetSpent {
		p.Hang("  ! ", "the run was ended at its budget of events (`events` in the scenario); what would have come is not judged")
	}
	if r.Ending == sim.TimeIsUp {
		until := prose.Duration(r.Scenario.Timetable.End - 1)
		p.Hang("  ! ", "the run was ended at "+until+" (`until` in the scenario), and something was still under way or to come; what would have come is not judged")
	}
	if r.Ending == sim.Failed {
		p.Hang("  ! ", fmt.Sprintf("the run was ended after event %d, since a program could not go on; what would have come is not judged", r.Events))
	}
	p.WriteString("\n  again: " + again + "\n")
}

// rules says what the rules are that the story has named.
func (p *Page) rules(r *Run) {
	var rows [][]string
	h := r.Scenario.Header()
	some, all := h.Rules, h.Rules // that some instances follow, and all
	for at := range h.Instances {
		some, all = some|h.RulesOf(int8(at)), all&h.RulesOf(int8(at))
	}
	for _, rule := range protocol.RuleTable() {
		if !r.named.Has(rule.Rule) {
			continue
		}
		text := "on: " + rule.On
		switch on, off := some.Has(rule.Rule), !all.Has(rule.Rule); {
		case on && off:
			text += "; off: " + rule.Off
		case off:
			text = "off: " + rule.Off
		}
		rows = append(rows, []string{Bold.Sprint(rule.Name), text})
	}
	if rows == nil {
		return
	}
	p.Hang("  ", "Rules that the story names (`skinny rules NAME` says what one is for):")
	p.Table(gap, rows...)
	p.WriteString("\n")
}

// InWords is a verdict's state for people.
func InWords(s check.State) string { return strings.ReplaceAll(s.String(), "-", " ") }

// Verdicts prints what the judges say. Why a property broke stands in the story,
// under the event by which it did.
func (p *Page) Verdicts(verdicts []check.Verdict) {
	var rows [][]string
	for _, v := range verdicts {
		mark, text := "?", InWords(v.State)
		switch v.State {
		case check.Kept:
			mark = Good.Sprint("✓")
		case check.Violated:
			mark, text = Bad.Sprint("✗"), fmt.Sprintf("violated by event %d", v.Event)
		default:
			text += ": " + Spans(v.Why)
		}
		if v.Without != "" {
			text += " (" + v.Without + ")"
		}
		rows = append(rows, []string{mark + " " + v.Property, text})
	}
	p.Table(gap, rows...)
}

// expectations prints how far the scenario's claims are met.
func (p *Page) expectations(o *scenarios.Outcome, settings string) {
	p.WriteString("\n")
	claims := Count(len(o.Expectations), "expectation")
	unmet := UnmetClaims(o)
	switch {
	case len(unmet) == 0 && len(o.Expectations) == 0:
		p.Hang("  "+Good.Sprint("✓")+" ", "nothing was claimed, and nothing is violated")
	case len(unmet) == 0:
		p.Hang("  "+Good.Sprint("✓")+" ", "all as claimed ("+claims+")")
	}
	for _, line := range unmet {
		p.Hang("  "+Bad.Sprint("✗")+" ", line)
	}
	if settings != "" && o.Unmet() > 0 {
		p.WriteString("\n")
		p.Hang("  ", fmt.Sprintf("With %s, %d of %s that the scenario makes no longer hold.", settings, o.Unmet(), Count(len(o.Expectations), "claim")))
	}
}

// UnmetClaims says what makes a run fail.
func UnmetClaims(o *scenarios.Outcome) []string {
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

// Status prints what Skinny's own status prints of the instances, in the end.
func (p *Page) Status(o *scenarios.Outcome) {
	c, w := o.Scenario.Cluster, o.World
	names := prose.NamesOf(c.Header())
	rows := [][]string{{"NAME", "INCREMENT", "PROMISED", "ID", "HOLDER", "LAST SEEN"}}
	columns := len(rows[0]) - 1
	for i, in := range c.Instances {
		at := protocol.Position(i)
		state := w.State(at)
		lastSeen := ""
		switch {
		case !w.Up(at):
			lastSeen = "at " + prose.Duration(w.DownSince(at)) + ", crashed"
		case w.Paused(at):
			lastSeen = "paused"
		}
		if lastSeen != "" {
			columns = len(rows[0])
		}
		holder := ""
		if h := state.Accepted.Holder; h != protocol.Free {
			holder = names.Client(h).Words
			if c.HolderName(h) == o.Untold {
				holder += " *"
			}
		}
		rows = append(rows, []string{Palette[i%len(Palette)].Sprint(in.Name), fmt.Sprint(in.Increment),
			fmt.Sprint(state.Promised), fmt.Sprint(state.Accepted.ID), holder, lastSeen})
	}
	for i := range rows {
		rows[i] = rows[i][:columns]
	}
	p.Table(3, rows...)
	if o.Untold != "" {
		p.WriteString("\n")
		p.Hang("  * ", o.Untold+" holds the lock, and was never told: unless "+o.Untold+" asks again, nobody will release it")
	}
}

// JSON prints a value for machines.
func (c *Console) JSON(indent string, values ...any) error {
	encoder := json.NewEncoder(c.Out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", indent)
	for _, v := range values {
		if err := encoder.Encode(v); err != nil {
			return err
		}
	}
	return nil
}
