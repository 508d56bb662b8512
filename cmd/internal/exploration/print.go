package exploration

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"skinny/cmd/internal/report"
	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim/check"
	"skinny/sim/explore"
	"skinny/sim/explore/search"
)

func megabytes(n int64) string {
	if n < 10e6 {
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
	return report.Grouped(uint64(n/1e6)) + " MB"
}

// print says what was searched, what was found, and what not.
func (x *Exploration) print() error {
	p := x.Page()
	if !x.Quiet {
		x.head(p)
		x.numbers(p)
		x.conclusion(p)
	}
	text := x.proven()
	if x.Quiet && x.result.Violation != nil {
		text = x.violated().Name + " is " + text
	}
	p.Hang("  ", text)
	if !x.Quiet && x.exhaustive() {
		x.meaning(p)
	}
	if x.kept != nil {
		p.WriteString("\n")
		row(p, "kept in", x.Save)
		p.WriteString("  again: " + x.goesOn() + "\n")
	}
	if x.found != nil {
		if err := x.printFound(p); err != nil {
			return err
		}
	}
	return p.Flush()
}

// row writes a line with a name on its left.
func row(p *report.Page, name, text string) { p.Hang("  "+report.Pad(name, 11), text) }

func (x *Exploration) head(p *report.Page) {
	s := x.Scenario
	p.Hang("", report.Bold.Sprint(s.Title))
	p.Hang("", report.Dim.Sprintf("every order of events · edition %s · %d instances", s.Setting(), len(s.Cluster.Instances)))
	p.WriteString("\n")
	for i, client := range s.Cluster.Holders {
		var calls []string
		for _, c := range x.Config.Calls {
			if int(c.Holder) == i+1 {
				calls = append(calls, c.Kind.String()+" via "+s.Cluster.Instances[c.Via].Name)
			}
		}
		row(p, client, strings.Join(calls, ", then "))
	}
	var bounds []string
	for _, bound := range explore.Bounds() {
		bounds = append(bounds, fmt.Sprintf("%s %d", bound, x.Config.Limits[bound]))
	}
	if x.Events > 0 {
		bounds = append(bounds, report.Count(x.Events, "decision"))
	}
	row(p, "bounds", strings.Join(bounds, " · "))
	if x.Config.Limits[explore.Restarts] > 0 && !x.Config.Limits.Stop() {
		row(p, "restarts", "have no effect without crashes (see --crashes)")
	}
	if x.Config.Limits[explore.Crashes] > 0 {
		hosts := map[[2]bool]string{{true, true}: "up or down", {true, false}: "up, so calls to it fail at once", {false, true}: "down, so calls to it are not answered"}
		row(p, "crashes", "the host stays "+hosts[[2]bool{x.Config.HostsUp, x.Config.HostsDown}])
	}
	if list := s.ExploreLeavesOut(); len(list) > 0 {
		row(p, "put aside", strings.Join(list, ", ")+" of the scenario; faults happen anywhere within the bounds (see --crashes, --restarts, --losses)")
	}
	order := map[string]string{"bfs": "breadth first", "dfs": "depth first, on one core", "iterative": "depth first to a growing depth, on one core"}[x.Search]
	if x.Resume != "" {
		order += ", from " + report.Grouped(x.before.Distinct) + " states on"
	}
	row(p, "search", order)
	row(p, "merged", x.reductionWords())
	if x.model.Played() != 0 {
		row(p, "not merged", "messages that a program may still count or answer, what is known of IDs out of use, and instances and clients that are alike: a program may tell them apart")
	}
}

// reductionWords says which states count as the same.
func (x *Exploration) reductionWords() string {
	r := x.model.Reductions()
	alike := x.model.Alike()
	var list []string
	for _, merged := range []struct {
		are   bool
		words string
	}{
		{r.Stale, "messages that can have no effect any more"},
		{len(alike) > 1, "instances that nobody calls (" + strings.Join(alike, ", ") + ")"},
		{x.model.Swaps() > 1, "clients that make the same calls"},
		{r.Past, "what is known of IDs out of use"},
	} {
		if merged.are {
			list = append(list, merged.words)
		}
	}
	return cmp.Or(strings.Join(list, "; "), "nothing")
}

func (x *Exploration) numbers(p *report.Page) {
	r := x.result
	p.WriteString("\n")
	states := fmt.Sprintf("%s distinct, of %s generated; depth %d", report.Grouped(r.Distinct), report.Grouped(r.Total), r.Depth)
	if n := r.Frontier(); n > 0 {
		states += "; " + report.Grouped(n) + " not expanded"
	}
	row(p, "states", states)
	row(p, "speed", fmt.Sprintf("%s distinct and %s generated a second, %s", report.Grouped(report.PerSecond(r.Distinct-x.before.Distinct, x.took)),
		report.Grouped(report.PerSecond(r.Total-x.before.Total, x.took)), x.took.Round(time.Millisecond)))
	row(p, "memory", megabytes(r.Peak)+" at most for tables and frontier")
	var cut []string
	for _, bound := range explore.Bounds() {
		if n := r.Cut[bound]; n > 0 {
			cut = append(cut, bound.String()+" "+report.Grouped(n))
		}
	}
	if r.Ending == search.TooDeep {
		cut = append(cut, "decisions "+report.Count(r.Frontier(), "state"))
	}
	if len(cut) > 0 {
		row(p, "cut off", strings.Join(cut, " · ")+" (ways that the bounds kept from being followed)")
	}
	row(p, "collision", fmt.Sprintf("two states had the same hash with a probability of about %.0e", r.Collision()))
	p.WriteString("\n")
}

// conclusion says of each property what was found.
func (x *Exploration) conclusion(p *report.Page) {
	s, violation := x.standing(), x.result.Violation
	line := func(mark, text string) { p.Hang("  "+mark+" ", text) }
	for _, name := range s.judged {
		switch {
		case violation != nil && x.violated().Name == name:
			line(report.Bad.Sprint("✗"), name+" is violated")
		case violation != nil, slices.Contains(s.foreign, name):
		case x.exhaustive():
			line(report.Good.Sprint("✓"), name)
		default:
			line("?", name+": not violated so far, and not proven")
		}
	}
	for _, name := range s.unreached {
		if x.exhaustive() {
			line(report.Bad.Sprint("✗"), "never: "+name)
		} else {
			line("?", "not so far: "+name)
		}
	}
	if len(s.foreign) > 0 && violation == nil {
		line("-", "not judged from where a program speaks a protocol of its own: "+strings.Join(s.foreign, ", ")+" (not violated before)")
	}
	if len(s.reached) > 0 {
		line(report.Good.Sprint("✓"), "sometimes: "+strings.Join(s.reached, ", ")+" (without that a proof would be empty)")
	}
	if aside := append(s.aside, explore.Unjudged(check.Properties())...); len(aside) > 0 {
		line("-", "not looked at: "+strings.Join(aside, ", "))
	}
	p.WriteString("\n")
}

// proven is the verdict in a sentence.
func (x *Exploration) proven() string {
	r := x.result
	if r.Violation != nil {
		after := "violated after " + report.Count(len(r.Violation.Path)-1, "decision")
		switch {
		case x.Search == "dfs":
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
		return "no violation within these bounds, exhaustive up to " + report.Count(x.Events, "decision")
	}
	// Distinct is never 0: there is an initial state.
	return fmt.Sprintf("no violation found, not exhaustive: %d %% of the states that were met are still to be expanded", 100*r.Frontier()/r.Distinct)
}

// meaning says what a proof is a proof of.
func (x *Exploration) meaning(p *report.Page) {
	calls := "calls and answers are under way like messages, and are not lost"
	if x.model.Cluster().ClientLatency == 0 {
		calls = "calls and answers take no time (client-latency: 0ms)"
	}
	text := "That is proven for these calls, this cluster and these bounds, in every order of events. " +
		"Clients are patient: they give up only when nobody works on their operation any more; " + calls + "."
	if free := x.unneeded(); len(free) > 0 {
		text += " The bound of " + strings.Join(free, ", of ") + " was never the reason to stop a way, so it holds for any number of them."
	}
	p.Hang("  ", text)
}

// unneeded lists the bounds that kept no way from being followed: a larger number
// would lead to no other state.
func (x *Exploration) unneeded() []string {
	var list []string
	for _, bound := range explore.Bounds() {
		// Without crashes nothing can restart, which is no news.
		if x.result.Cut[bound] == 0 && (bound != explore.Restarts || x.Config.Limits.Stop()) {
			list = append(list, bound.String())
		}
	}
	return list
}

// exploreResult is a search for other programs.
type exploreResult struct {
	Format     uint32                   `json:"format"`
	Title      string                   `json:"title"`
	Version    string                   `json:"version"` // of this program
	Edition    string                   `json:"edition"`
	Instances  []exploredNode           `json:"instances"`
	Calls      []exploredCall           `json:"calls"`                // of each client in its own order
	Latency    int64                    `json:"client_latency"`       // in ns; 0: calls and answers take no time
	LeftOut    []string                 `json:"put_aside"`            // of the scenario
	Judged     []string                 `json:"judged"`               // properties
	NotJudged  []string                 `json:"not_judged,omitempty"` // of those, what is not known of programs that speak a protocol of their own
	Hosts      []string                 `json:"hosts"`                // of crashed instances: up, down
	Merged     map[string]bool          `json:"merged"`               // as --no-stale and so on turn it off
	Events     int                      `json:"events"`               // decisions one after the other; 0: no limit
	Ending     string                   `json:"ending"`
	Rules      map[string]bool          `json:"rules"` // every rule
	Quorums    *scenarios.QuorumsResult `json:"quorums,omitempty"`
	Bounds     map[string]int           `json:"bounds"`
	Search     string                   `json:"search"`
	Exhaustive bool                     `json:"exhaustive"`
	Distinct   uint64                   `json:"distinct"`
	Generated  uint64                   `json:"generated"`
	Frontier   uint64                   `json:"frontier"` // states that were met and not expanded
	Depth      int                      `json:"depth"`
	Cut        map[string]uint64        `json:"cut"` // ways that each bound kept from being followed
	Reached    []string                 `json:"reached"`
	Unreached  []string                 `json:"unreached"`
	Collision  float64                  `json:"collision"`
	TookNs     int64                    `json:"took_ns"`
	Violated   string                   `json:"violated,omitempty"`
	Decisions  int                      `json:"decisions,omitempty"` // that lead to the violation
	Saved      string                   `json:"saved,omitempty"`     // the counterexample's file
	Kept       string                   `json:"kept,omitempty"`      // the search's file, for --resume
}

// exploredNode is an instance that was explored.
type exploredNode struct {
	Name      string          `json:"name"`
	Increment int64           `json:"increment"`
	Rules     map[string]bool `json:"rules,omitempty"`   // that it follows otherwise than the rest
	Program   string          `json:"program,omitempty"` // that plays it
}

// exploredCall is a call that a client may make.
type exploredCall struct {
	Client string `json:"client"`
	Call   string `json:"call"`
	Via    string `json:"via"`
}

// endings names the endings of searches.
var endings = map[search.Ending]string{
	search.Exhausted: "exhausted", search.Violated: "violated", search.Interrupted: "interrupted",
	search.OutOfMemory: "out of memory", search.TooDeep: "too deep",
}

func (x *Exploration) printResult() error {
	r, cluster, merged, props := x.result, x.Scenario.Cluster, x.model.Reductions(), x.standing()
	out := exploreResult{
		Format: 1, Version: strings.TrimSuffix(report.Version(), "\n"), Title: x.Scenario.Title, Edition: x.Scenario.Edition,
		Bounds: map[string]int{}, Cut: map[string]uint64{},
		Merged:  map[string]bool{"stale": merged.Stale, "instances": merged.Instances, "clients": merged.Clients, "past": merged.Past},
		LeftOut: append([]string{}, x.Scenario.ExploreLeavesOut()...),
		Latency: int64(x.model.Cluster().ClientLatency), Events: x.Events, Ending: endings[r.Ending],
		Search: x.Search, Exhaustive: x.exhaustive(),
		Distinct: r.Distinct, Generated: r.Total, Frontier: r.Frontier(), Depth: r.Depth,
		Judged: props.judged, NotJudged: props.foreign, Reached: props.reached, Unreached: props.unreached,
		Collision: r.Collision(), TookNs: x.took.Nanoseconds(),
	}
	for p, i := range cluster.Instances {
		out.Instances = append(out.Instances, exploredNode{i.Name, int64(i.Increment), x.Scenario.OwnRules(protocol.Position(p)), i.ProgramName})
	}
	for _, c := range x.Config.Calls {
		out.Calls = append(out.Calls, exploredCall{cluster.HolderName(c.Holder), c.Kind.String(), cluster.Instances[c.Via].Name})
	}
	if x.Config.HostsUp {
		out.Hosts = append(out.Hosts, "up")
	}
	if x.Config.HostsDown {
		out.Hosts = append(out.Hosts, "down")
	}
	out.Rules, out.Quorums = x.Scenario.RulesResult()
	for _, b := range explore.Bounds() {
		out.Bounds[b.String()], out.Cut[b.String()] = int(x.Config.Limits[b]), r.Cut[b]
	}
	if x.Events > 0 {
		out.Bounds["events"] = x.Events
	}
	if x.kept != nil {
		out.Kept = x.Save
	}
	if v := r.Violation; v != nil {
		out.Violated, out.Decisions, out.Saved = x.violated().Name, len(v.Path)-1, x.saved
	}
	return x.Console.JSON("  ", out)
}
