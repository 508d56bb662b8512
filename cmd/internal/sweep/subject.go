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

// Draw makes it a check of clusters that are drawn.
func (c *Check) Draw(o scenarios.Overrides, profile string) {
	h := &c.Head
	h.Edition, h.Profile = cmp.Or(o.Edition, scenarios.DefaultEdition), cmp.Or(profile, swarm.Profiles()[0].Name)
	edition, _ := protocol.EditionByName(h.Edition)
	p, _ := swarm.ProfileByName(h.Profile)
	c.Setting = &swarm.Setting{Rules: scenarios.WithRules(edition.Rules, o.Rules), Knobs: p.Knobs, Players: o.Players}
}

// Vary makes it a check that varies a scenario.
func (c *Check) Vary(name string, of *scenarios.Scenario, profile string) error {
	if !of.Timed() {
		return report.Usage("skinny check: %s has a schedule, in which nothing is left to chance;\na scenario with a timeline can be varied, and `skinny run %s` replays this one", name, shell.File(name))
	}
	set, profile := of.Variation(profile)
	c.base, c.Setting = of, &set
	c.Head.Scenario, c.Head.Edition, c.Head.Profile = name, of.Edition, profile
	return nil
}

// KnobTexts is what knobs are to be, "" for those that stay as they are.
type KnobTexts [len(swarm.Knobs{})]string

// SetKnobs sets the knobs that are given.
func (c *Check) SetKnobs(given *KnobTexts) error {
	for _, info := range swarm.KnobTable() {
		text := given[info.Knob]
		if text == "" {
			continue
		}
		if c.base != nil && info.Base == swarm.Never {
			return report.Usage("skinny check: --%s is about clusters that are drawn, and %s brings its own", info.Name, c.Head.Scenario)
		}
		span, err := scenarios.ParseKnob(info, text)
		if err != nil {
			return report.Usage("skinny check: --%s: %s", info.Name, err)
		}
		c.Setting.Knobs[info.Knob] = span
	}
	return c.balance(given[swarm.Clients] != "", given[swarm.Operations] != "")
}

// balance lets clients that are drawn have calls, and calls have clients.
func (c *Check) balance(clientsGiven, callsGiven bool) error {
	clients, calls := &c.Setting.Knobs[swarm.Clients], &c.Setting.Knobs[swarm.Operations]
	noClients, noCalls := clientsGiven && !clients.Is(), callsGiven && !calls.Is()
	switch {
	case (noClients || noCalls) && c.base == nil:
		return report.Usage("skinny check: with --clients 0 or --operations 0 no client calls, and there is nothing to check")
	case callsGiven && calls.Is() && !clients.Is():
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

func words(name, edition, profile string, rules protocol.Rules, played []string) string {
	text := strings.Join(append([]string{"edition " + scenarios.Rules(edition, rules)}, played...), ", ")
	if name != "" {
		text = name + " · " + text
	}
	return text + " · profile " + profile
}

// hash tells settings apart, and scenarios of one name.
func hash(s *swarm.Setting) string {
	data, err := json.Marshal(s)
	if err != nil {
		panic(fmt.Sprintf("sweep: a setting is no data: %v", err))
	}
	return fmt.Sprintf("%x", sha256.Sum256(data))
}

// SetShard makes it part I of N, which run on different machines: I/N, or auto/N where
// the environment says which it is.
func (c *Check) SetShard(text string) error {
	index, count, _ := strings.Cut(text, "/")
	n, err := strconv.ParseUint(count, 10, 32)
	i, wrong := strconv.ParseUint(index, 10, 32)
	if err != nil || n == 0 || wrong != nil && index != "auto" {
		return report.Usage("skinny check: --shard takes I/N or auto/N, as in --shard 0/8, not %q", text)
	}
	if index == "auto" {
		var ok bool
		if i, ok = indexFromJob(os.Getenv); !ok {
			return report.Usage("skinny check: --shard auto/%d takes its index from JOB_COMPLETION_INDEX (a Kubernetes Indexed\nJob) or SLURM_ARRAY_TASK_ID (a Slurm job array), and neither is set to a number; --shard 0/%d says it", n, n)
		}
	}
	if i >= n {
		return report.Usage("skinny check: there is no shard %d of %d; they count from 0", i, n)
	}
	if n > c.Head.Seeds {
		return report.Usage("skinny check: %d shards need at least as many seeds, and there are %d", n, c.Head.Seeds)
	}
	c.Head.Shard, c.Head.Shards = i, n
	return nil
}

// indexFromJob is which part of a job this process is, from 0, as engines say that run parts
// of a job: Kubernetes of an Indexed Job, and Slurm of a job array, from its first number on.
func indexFromJob(look func(string) string) (uint64, bool) {
	number := func(name string) (uint64, bool) {
		n, err := strconv.ParseUint(look(name), 10, 32)
		return n, err == nil
	}
	if index, ok := number("JOB_COMPLETION_INDEX"); ok {
		return index, true
	}
	index, ok := number("SLURM_ARRAY_TASK_ID")
	if first, _ := number("SLURM_ARRAY_TASK_MIN"); first <= index {
		index -= first
	}
	return index, ok
}
