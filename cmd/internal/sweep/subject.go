package sweep

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"skinny/cmd/internal/report"
	"skinny/cmd/internal/shell"
	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim/swarm"
)

// Subject is what is checked: the setting that all seeds have in common, and what it
// is called.
type Subject struct {
	Name      string // of the scenario that is the base, "" for none
	Edition   string
	Profile   string
	Setting   swarm.Setting
	Scenario  *scenarios.Scenario // nil: clusters are drawn
	Arguments string              // the flags that repeat it
}

// Drawn is a subject whose clusters are drawn.
func Drawn(o scenarios.Overrides, profile string) *Subject {
	s := &Subject{Edition: cmp.Or(o.Edition, scenarios.DefaultEdition), Profile: cmp.Or(profile, swarm.Profiles()[0].Name)}
	edition, _ := protocol.EditionByName(s.Edition)
	p, _ := swarm.ProfileByName(s.Profile)
	s.Setting = swarm.Setting{Rules: scenarios.WithRules(edition.Rules, o.Rules), Knobs: p.Knobs, Players: o.Players}
	return s
}

// Based is a subject that varies a scenario.
func Based(name string, of *scenarios.Scenario, profile string) (*Subject, error) {
	if !of.Timed() {
		return nil, report.Usage("skinny check: %s has a schedule, in which nothing is left to chance;\na scenario with a timeline can be varied, and `skinny run %s` replays this one", name, shell.File(name))
	}
	s := &Subject{Name: name, Edition: of.Edition, Scenario: of}
	s.Setting, s.Profile = of.Variation(profile)
	return s, nil
}

// KnobTexts is what knobs are to be, "" for those that stay as they are.
type KnobTexts [len(swarm.Knobs{})]string

// SetKnobs sets the knobs that are given.
func (s *Subject) SetKnobs(given *KnobTexts) error {
	for _, info := range swarm.KnobTable() {
		text := given[info.Knob]
		if text == "" {
			continue
		}
		if s.Scenario != nil && info.Base == swarm.Never {
			return report.Usage("skinny check: --%s is about clusters that are drawn, and %s brings its own", info.Name, s.Name)
		}
		span, err := scenarios.ParseKnob(info, text)
		if err != nil {
			return report.Usage("skinny check: --%s: %s", info.Name, err)
		}
		s.Setting.Knobs[info.Knob] = span
	}
	return s.balance(given[swarm.Clients] != "", given[swarm.Operations] != "")
}

// balance lets clients that are drawn have calls, and calls have clients.
func (s *Subject) balance(clientsGiven, callsGiven bool) error {
	clients, calls := &s.Setting.Knobs[swarm.Clients], &s.Setting.Knobs[swarm.Operations]
	noClients, noCalls := clientsGiven && !clients.Is(), callsGiven && !calls.Is()
	switch {
	case (noClients || noCalls) && s.Scenario == nil:
		return report.Usage("skinny check: with --clients 0 or --operations 0 no client calls, and there is nothing to check")
	case noClients && callsGiven && calls.Is(), callsGiven && calls.Is() && !clients.Is():
		return report.Usage("skinny check: --operations are those of the clients that are drawn, and there are none; add --clients 3")
	case noCalls && clientsGiven && clients.Is():
		return report.Usage("skinny check: --clients that are drawn call nothing with --operations 0; leave out both")
	case noClients, noCalls:
		*clients, *calls = swarm.Span{}, swarm.Span{} // only the scenario's own clients call
	case clients.Is() && !calls.Is():
		*calls = swarm.Span{Low: 4, High: 20}
	}
	return nil
}

// words says what is checked.
func words(name, edition, profile string, rules protocol.Rules, played []string) string {
	text := strings.Join(append([]string{"edition " + scenarios.Rules(edition, rules)}, played...), ", ")
	if name != "" {
		text = name + " · " + text
	}
	return text + " · profile " + profile
}

// played says who plays which instances.
func (s *Subject) played() []string {
	players := s.Setting.Players
	if s.Scenario != nil {
		players = s.Scenario.Cluster.Players()
	}
	return scenarios.PlayedBy(players)
}

// hash tells settings apart, and scenarios of one name.
func (s *Subject) hash() string {
	data, err := json.Marshal(s.Setting)
	if err != nil {
		panic(fmt.Sprintf("sweep: a setting is no data: %v", err))
	}
	return fmt.Sprintf("%x", sha256.Sum256(data))
}

// Shard is one of several parts of a check, which run on different machines.
type Shard struct{ Index, Count uint64 } // Index from 0

// indexVariables is where engines that run parts of a job say which part it is, and
// from what number on they count.
var indexVariables = []struct{ index, first string }{
	{"JOB_COMPLETION_INDEX", ""},                    // Kubernetes, Indexed Job: from 0
	{"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN"}, // Slurm, job array: from its first
}

// ParseShard reads I/N or auto/N, of a number of seeds.
func ParseShard(text string, seeds uint64) (Shard, error) {
	index, count, ok := strings.Cut(text, "/")
	n, err := strconv.ParseUint(count, 10, 32)
	i, wrong := strconv.ParseUint(index, 10, 32)
	if !ok || err != nil || n == 0 || wrong != nil && index != "auto" {
		return Shard{}, report.Usage("skinny check: --shard takes I/N or auto/N, as in --shard 0/8, not %q", text)
	}
	if index == "auto" {
		if i, ok = indexFromJob(os.LookupEnv); !ok {
			return Shard{}, report.Usage("skinny check: --shard auto/%d takes its index from JOB_COMPLETION_INDEX (a Kubernetes Indexed\nJob) or SLURM_ARRAY_TASK_ID (a Slurm job array), and neither is set to a number; --shard 0/%d says it", n, n)
		}
	}
	if i >= n {
		return Shard{}, report.Usage("skinny check: there is no shard %d of %d; they count from 0", i, n)
	}
	if n > seeds {
		return Shard{}, report.Usage("skinny check: %d shards need at least as many seeds, and there are %d", n, seeds)
	}
	return Shard{i, n}, nil
}

// indexFromJob is which part of a job this process is, from 0.
func indexFromJob(look func(string) (string, bool)) (uint64, bool) {
	number := func(name string) (uint64, bool) {
		text, _ := look(name)
		n, err := strconv.ParseUint(text, 10, 32)
		return n, err == nil
	}
	for _, v := range indexVariables {
		if index, ok := number(v.index); ok {
			if first, ok := number(v.first); ok && first <= index {
				index -= first
			}
			return index, true
		}
	}
	return 0, false
}
