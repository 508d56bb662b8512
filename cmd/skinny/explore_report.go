package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/mattn/go-runewidth"

	"skinny/sim/check"
	"skinny/sim/explore"
	"skinny/sim/explore/search"
)

// searchMeter shows on the terminal how far a search has come.
type searchMeter struct {
	out    io.Writer
	on     bool
	width  int // of the terminal
	begin  time.Time
	last   time.Time
	before uint64 // states that an earlier search has expanded
}

// newSearchMeter is a meter that shows something only if standard error is a terminal.
func newSearchMeter(a *app, wanted bool) *searchMeter {
	return &searchMeter{out: a.err, on: wanted && isTerminal(os.Stderr), width: a.width, begin: time.Now()}
}

const meterPause = 200 * time.Millisecond

func (m *searchMeter) show(r *search.Result) {
	now := time.Now()
	if !m.on || now.Sub(m.last) < meterPause {
		return
	}
	m.last = now
	level := ""
	if r.Left > 0 {
		// How many levels are to come nobody knows; how long this one takes is easy.
		left := time.Duration(float64(now.Sub(m.begin)) / float64(max(r.Expanded-m.before, 1)) * float64(r.Left))
		level = " · this depth in " + left.Round(time.Second).String()
	}
	line := fmt.Sprintf("  depth %d · %s · %s to expand · %s a second · %s%s", r.Depth, countOf(r.Distinct, "state"),
		grouped(r.Frontier()), grouped(perSecond(r.Expanded-m.before, now.Sub(m.begin))), megabytes(r.Bytes), level)
	// A line that goes on below could not be erased.
	fmt.Fprint(m.out, "\r\x1b[K"+runewidth.Truncate(line, m.width-1, "…"))
}

func (m *searchMeter) clear() {
	if m.on {
		fmt.Fprint(m.out, "\r\x1b[K")
	}
}

func megabytes(n int64) string {
	if n < 10e6 {
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
	return grouped(uint64(n/1e6)) + " MB"
}

// printReport says what was searched, what was found, and what not.
func (x *exploration) printReport() error {
	var b strings.Builder
	if !x.flags.quiet {
		x.head(&b)
		x.numbers(&b)
		x.conclusion(&b)
	}
	b.WriteString("  ")
	text := x.proven()
	if v := x.result.Violation; v != nil && x.flags.quiet {
		text = x.model.Properties()[v.Property].Name + " is " + text
	}
	wrap(&b, text, 2, 2, x.width)
	b.WriteString("\n")
	if !x.flags.quiet && x.exhaustive() {
		x.meaning(&b)
	}
	if x.kept {
		b.WriteString("\n")
		x.row(&b, "kept in", x.flags.save)
		b.WriteString("  again: " + x.goesOn() + "\n")
	}
	if err := x.print(b.String()); err != nil || x.found == nil {
		return err
	}
	return x.printFound()
}

// row writes a line with a name on its left.
func (x *exploration) row(b *strings.Builder, name, text string) {
	const column = 13
	b.WriteString("  " + pad(name, column-2))
	wrap(b, text, column, column, x.width)
	b.WriteString("\n")
}

// head says what was searched.
func (x *exploration) head(b *strings.Builder) {
	s := x.scenario
	b.WriteString(bold.Sprint(wrapped(s.Title, x.width)) + "\n")
	b.WriteString(dim.Sprint(wrapped(fmt.Sprintf("every order of events · edition %s · %d instances", ruleWords(s), len(s.Cluster.Instances)), x.width)) + "\n\n")
	for i, client := range s.Cluster.Holders {
		var calls []string
		for _, c := range x.config.Calls {
			if int(c.Holder) == i+1 {
				calls = append(calls, c.Kind.String()+" via "+s.Cluster.Instances[c.Via].Name)
			}
		}
		x.row(b, client, strings.Join(calls, ", then "))
	}
	var bounds []string
	for _, bound := range explore.Bounds() {
		bounds = append(bounds, fmt.Sprintf("%s %d", bound, x.config.Limits[bound]))
	}
	if x.events > 0 {
		bounds = append(bounds, count(x.events, "decision"))
	}
	x.row(b, "bounds", strings.Join(bounds, " · "))
	if x.config.Limits[explore.Restarts] > 0 && x.config.Limits[explore.Crashes] == 0 {
		x.row(b, "restarts", "have no effect without crashes (see --crashes)")
	}
	if x.config.Limits[explore.Crashes] > 0 {
		hosts := map[[2]bool]string{{true, true}: "up or down", {true, false}: "up, so calls to it fail at once", {false, true}: "down, so calls to it are not answered"}
		x.row(b, "crashes", "the host stays "+hosts[[2]bool{x.config.HostsUp, x.config.HostsDown}])
	}
	if list := s.ExploreLeavesOut(); len(list) > 0 {
		x.row(b, "put aside", strings.Join(list, ", ")+" of the scenario; faults happen anywhere within the bounds (see --crashes, --restarts, --losses)")
	}
	x.row(b, "search", x.searchWords())
	x.row(b, "merged", x.reductionWords())
}

func (x *exploration) searchWords() string {
	text := map[string]string{
		"bfs":       "breadth first",
		"dfs":       "depth first, on one core",
		"iterative": "depth first to a growing depth, on one core",
	}[x.flags.search]
	if x.flags.resume != "" {
		text += ", from " + grouped(x.before.Distinct) + " states on"
	}
	return text
}

// reductionWords says which states count as the same.
func (x *exploration) reductionWords() string {
	var list []string
	r := x.config.Reductions
	if r.Stale {
		list = append(list, "messages that can have no effect any more")
	}
	if names := x.model.Alike(); len(names) > 1 {
		list = append(list, "instances that nobody calls ("+strings.Join(names, ", ")+")")
	}
	if x.model.Swaps() > 1 {
		list = append(list, "clients that make the same calls")
	}
	if r.Past {
		list = append(list, "what is known of IDs out of use")
	}
	if len(list) == 0 {
		return "nothing"
	}
	return strings.Join(list, "; ")
}

// numbers says how much was searched.
func (x *exploration) numbers(b *strings.Builder) {
	r := x.result
	b.WriteString("\n")
	states := fmt.Sprintf("%s distinct, of %s generated; depth %d", grouped(r.Distinct), grouped(r.Total), r.Depth)
	if n := r.Frontier(); n > 0 {
		states += "; " + grouped(n) + " not expanded"
	}
	x.row(b, "states", states)
	x.row(b, "speed", fmt.Sprintf("%s distinct and %s generated a second, %s", grouped(perSecond(r.Distinct-x.before.Distinct, x.took)),
		grouped(perSecond(r.Total-x.before.Total, x.took)), x.took.Round(time.Millisecond)))
	x.row(b, "memory", megabytes(r.Bytes)+" for tables and frontier; the process takes about a third more")
	var cut []string
	for _, bound := range explore.Bounds() {
		if n := r.Cut[bound]; n > 0 {
			cut = append(cut, bound.String()+" "+grouped(n))
		}
	}
	if r.Ending == search.TooDeep {
		cut = append(cut, "decisions "+countOf(r.Frontier(), "state"))
	}
	if len(cut) > 0 {
		x.row(b, "cut off", strings.Join(cut, " · ")+" (ways that the bounds kept from being followed)")
	}
	x.row(b, "collision", fmt.Sprintf("two states had the same hash with a probability of about %.0e", r.Collision()))
	b.WriteString("\n")
}

// exhaustive reports whether every state within the bounds was looked at.
func (x *exploration) exhaustive() bool {
	return x.result.Ending == search.Exhausted || x.result.Ending == search.TooDeep
}

// conclusion says of each property what was found.
func (x *exploration) conclusion(b *strings.Builder) {
	r := x.result
	var reached []string
	unjudged := explore.Unjudged(check.Properties())
	line := func(mark, text string) {
		b.WriteString("  " + mark + " ")
		wrap(b, text, 4, 4, x.width)
		b.WriteString("\n")
	}
	for i, p := range x.model.Properties() {
		switch {
		case p.Kind == search.Sometimes && r.Reached.Has(i):
			reached = append(reached, p.Name)
		case p.Kind == search.Sometimes && !x.exhaustive():
			line("?", "not so far: "+p.Name)
		case p.Kind == search.Sometimes:
			line(bad.Sprint("✗"), "never: "+p.Name)
		case !x.model.Judged(i):
			unjudged = append(unjudged, p.Name)
		case r.Violation != nil && r.Violation.Property == i:
			line(bad.Sprint("✗"), p.Name+" is violated")
		case r.Violation != nil:
		case x.exhaustive():
			line(good.Sprint("✓"), p.Name)
		default:
			line("?", p.Name+": not violated so far, and not proven")
		}
	}
	if len(reached) > 0 {
		line(good.Sprint("✓"), "sometimes: "+strings.Join(reached, ", ")+" (without that a proof would be empty)")
	}
	if len(unjudged) > 0 {
		line("-", "not looked at: "+strings.Join(unjudged, ", "))
	}
	b.WriteString("\n")
}

// proven is the verdict in a sentence.
func (x *exploration) proven() string {
	r := x.result
	if r.Violation != nil {
		after := "violated after " + count(len(r.Violation.Path)-1, "decision")
		switch {
		case x.flags.search == "dfs":
			return after + "; there may be a shorter way, which --search bfs finds"
		case r.Ending != search.Violated:
			return after + "; the search ended before it had looked at all ways of this length, so there may be a shorter one"
		}
		return after + ", and after no fewer"
	}
	switch r.Ending {
	case search.Exhausted:
		return "no violation within these bounds, exhaustive"
	case search.TooDeep:
		return "no violation within these bounds, exhaustive up to " + count(x.events, "decision")
	}
	// Distinct is never 0: there is an initial state.
	return fmt.Sprintf("no violation found, not exhaustive: %d %% of the states that were met are still to be expanded", 100*r.Frontier()/r.Distinct)
}

// meaning says what a proof is a proof of.
func (x *exploration) meaning(b *strings.Builder) {
	calls := "calls and answers are under way like messages, and are not lost"
	if x.model.Cluster().ClientLatency == 0 {
		calls = "calls and answers take no time (client-latency: 0ms)"
	}
	text := "That is proven for these calls, this cluster and these bounds, in every order of events. " +
		"Clients are patient: they give up only when nobody works on their operation any more; " + calls + "."
	if free := x.unneeded(); len(free) > 0 {
		text += " The bound of " + strings.Join(free, ", of ") + " was never the reason to stop a way, so it holds for any number of them."
	}
	b.WriteString("  ")
	wrap(b, text, 2, 2, x.width)
	b.WriteString("\n")
}

// unneeded lists the bounds that kept no way from being followed: a larger number
// would lead to no other state.
func (x *exploration) unneeded() []string {
	var list []string
	for _, bound := range explore.Bounds() {
		// Without crashes nothing can restart, which is no news.
		idle := bound == explore.Restarts && x.config.Limits[explore.Crashes] == 0
		if x.result.Cut[bound] == 0 && !idle {
			list = append(list, bound.String())
		}
	}
	return list
}
