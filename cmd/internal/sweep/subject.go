package sweep

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
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
