package exploration

import (
	"strings"

	"skinny/cmd/internal/report"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim/explore"
	"skinny/sim/explore/search"
)

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

// printResult prints the search for machines.
func (x *Exploration) printResult() error {
	r, cluster, merged := x.result, x.Scenario.Cluster, x.model.Reductions()
	out := exploreResult{
		Format: 1, Version: strings.TrimSuffix(report.Version(), "\n"), Title: x.Scenario.Title, Edition: x.Scenario.Edition,
		Bounds: map[string]int{}, Cut: map[string]uint64{},
		Merged:  map[string]bool{"stale": merged.Stale, "instances": merged.Instances, "clients": merged.Clients, "past": merged.Past},
		LeftOut: append([]string{}, x.Scenario.ExploreLeavesOut()...),
		Latency: int64(x.model.Cluster().ClientLatency), Events: x.Events, Ending: endings[r.Ending],
		Search: x.Search, Exhaustive: x.exhaustive(),
		Distinct: r.Distinct, Generated: r.Total, Frontier: r.Frontier(), Depth: r.Depth,
		Reached: x.sometimes(true), Unreached: x.unreached(),
		Collision: r.Collision(), TookNs: x.took.Nanoseconds(),
	}
	for p, i := range cluster.Instances {
		out.Instances = append(out.Instances, exploredNode{i.Name, int64(i.Increment), x.Scenario.OwnRules(protocol.Position(p)), i.ProgramName})
	}
	for _, c := range x.Config.Calls {
		out.Calls = append(out.Calls, exploredCall{cluster.HolderName(c.Holder), c.Kind.String(), cluster.Instances[c.Via].Name})
	}
	for i, p := range x.model.Properties() {
		if p.Kind != search.Sometimes && x.model.Judged(i) {
			out.Judged = append(out.Judged, p.Name)
			if x.model.NotJudged(i, r.Reached) {
				out.NotJudged = append(out.NotJudged, p.Name)
			}
		}
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
		out.Violated, out.Decisions, out.Saved = x.violated().Name, len(v.Path)-1, x.found.file
	}
	return x.Console.JSON("  ", out)
}
