package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"skinny/protocol"
	"skinny/sim/explore"
	"skinny/sim/explore/search"
)

// searchMeter shows on the terminal how far a search has come.
type searchMeter struct {
	out    io.Writer
	on     bool
	begin  time.Time
	last   time.Time
	before uint64 // states that an earlier search has expanded
}

// newSearchMeter is a meter that shows something only if standard error is a terminal.
func newSearchMeter(a *app, wanted bool) *searchMeter {
	return &searchMeter{out: a.err, on: wanted && isTerminal(os.Stderr), begin: time.Now()}
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
	fmt.Fprintf(m.out, "\r\x1b[K  depth %d · %s states · %s to expand · %s a second · %s%s", r.Depth, grouped(r.Distinct),
		grouped(r.Frontier()), grouped(perSecond(r.Expanded-m.before, now.Sub(m.begin))), megabytes(r.Bytes), level)
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
	}
	x.conclusion(&b)
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
		bounds = append(bounds, fmt.Sprintf("events %d", x.events))
	}
	x.row(b, "bounds", strings.Join(bounds, " · "))
	if x.config.Limits[explore.Crashes] > 0 {
		hosts := map[[2]bool]string{{true, true}: "up or down", {true, false}: "up, so calls to it fail at once", {false, true}: "down, so calls to it are not answered"}
		x.row(b, "crashes", "the host stays "+hosts[[2]bool{x.config.HostsUp, x.config.HostsDown}])
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
	x.row(b, "memory", megabytes(r.Bytes)+" for tables and frontier")
	var cut []string
	for _, bound := range explore.Bounds() {
		if n := r.Cut[bound]; n > 0 {
			cut = append(cut, bound.String()+" "+grouped(n))
		}
	}
	if r.Ending == search.TooDeep {
		cut = append(cut, "events "+grouped(r.Frontier())+" states")
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

// conclusion says what that proves.
func (x *exploration) conclusion(b *strings.Builder) {
	r := x.result
	for i, p := range x.model.Properties() {
		switch {
		case p.Kind == search.Sometimes && r.Reached.Has(i):
			b.WriteString("  " + good.Sprint("✓") + " sometimes: " + p.Name + "\n")
		case p.Kind == search.Sometimes && !x.exhaustive():
			b.WriteString("  ? not so far: " + p.Name + "\n")
		case p.Kind == search.Sometimes:
			b.WriteString("  " + bad.Sprint("✗") + " never: " + p.Name + "\n")
		case !x.model.Judged(i):
			b.WriteString("  - " + p.Name + " was not looked at\n")
		case r.Violation != nil && r.Violation.Property == i:
			b.WriteString("  " + bad.Sprint("✗") + " " + p.Name + " is violated\n")
		case r.Violation != nil:
		case x.exhaustive():
			b.WriteString("  " + good.Sprint("✓") + " " + p.Name + "\n")
		default:
			b.WriteString("  ? " + p.Name + "\n")
		}
	}
	b.WriteString("\n  ")
	wrap(b, x.proven(), 2, 2, x.width)
	b.WriteString("\n")
}

// proven is the verdict in a sentence.
func (x *exploration) proven() string {
	r := x.result
	switch r.Ending {
	case search.Violated:
		n := count(len(r.Violation.Path)-1, "decision")
		if x.flags.search == "dfs" {
			return "violated after " + n + "; there may be a shorter way, which --search bfs finds"
		}
		return "violated after " + n + ", and after no fewer"
	case search.Exhausted:
		return "no violation within these bounds, exhaustive"
	case search.TooDeep:
		return fmt.Sprintf("no violation within these bounds, exhaustive up to %d events", x.events)
	}
	// Distinct is never 0: there is an initial state.
	return fmt.Sprintf("no violation found, not exhaustive: %d %% of the states that were met are still to be expanded", 100*r.Frontier()/r.Distinct)
}

// exploreResult is a search for other programs.
type exploreResult struct {
	Format     uint32            `json:"format"`
	Title      string            `json:"title"`
	Edition    string            `json:"edition"`
	Rules      map[string]bool   `json:"rules"` // every rule
	Bounds     map[string]int    `json:"bounds"`
	Search     string            `json:"search"`
	Exhaustive bool              `json:"exhaustive"`
	Distinct   uint64            `json:"distinct"`
	Generated  uint64            `json:"generated"`
	Frontier   uint64            `json:"frontier"` // states that were met and not expanded
	Depth      int               `json:"depth"`
	Cut        map[string]uint64 `json:"cut"` // ways that each bound kept from being followed
	Reached    []string          `json:"reached"`
	Unreached  []string          `json:"unreached"`
	Collision  float64           `json:"collision"`
	TookNs     int64             `json:"took_ns"`
	Violated   string            `json:"violated,omitempty"`
	Decisions  int               `json:"decisions,omitempty"` // that lead to the violation
	Saved      string            `json:"saved,omitempty"`     // the counterexample's file
}

// printResult prints the search for machines.
func (x *exploration) printResult() error {
	r := x.result
	out := exploreResult{
		Format: 1, Title: x.scenario.Title, Edition: x.scenario.Edition,
		Rules: map[string]bool{}, Bounds: map[string]int{}, Cut: map[string]uint64{},
		Search: x.flags.search, Exhaustive: x.exhaustive(),
		Distinct: r.Distinct, Generated: r.Total, Frontier: r.Frontier(), Depth: r.Depth,
		Reached: []string{}, Unreached: append([]string{}, x.unreached()...),
		Collision: r.Collision(), TookNs: x.took.Nanoseconds(),
	}
	for _, rule := range protocol.RuleTable() {
		out.Rules[rule.Name] = x.scenario.Cluster.Rules.Has(rule.Rule)
	}
	for _, b := range explore.Bounds() {
		out.Bounds[b.String()], out.Cut[b.String()] = int(x.config.Limits[b]), r.Cut[b]
	}
	if x.events > 0 {
		out.Bounds["events"] = x.events
	}
	for i, p := range x.model.Properties() {
		if p.Kind == search.Sometimes && r.Reached.Has(i) {
			out.Reached = append(out.Reached, p.Name)
		}
	}
	if v := r.Violation; v != nil {
		out.Violated, out.Decisions, out.Saved = x.model.Properties()[v.Property].Name, len(v.Path)-1, x.found.file
	}
	encoder := json.NewEncoder(x.out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(out)
}
