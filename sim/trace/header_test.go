package trace

import (
	"testing"

	"skinny/protocol"
)

// What is set for one instance holds for that one, and what is not said of any is as always.
func TestSettings(t *testing.T) {
	rules := protocol.Majority | protocol.Durable
	h := &Header{Rules: rules, Instances: []string{"a", "b", "c", "d"}, Quorums: protocol.Quorums{Commit: 3}, Settings: []Setting{
		{Timeout: 5},
		{Timeout: 5, PromiseTimeout: 7, RulesOn: protocol.Yield, RulesOff: protocol.Durable},
		{Timeout: 5, PromiseDelay: Delay{0, 1}, RulesOff: protocol.Majority},
		{Timeout: 5, Program: "mine", RulesOff: protocol.Durable},
	}}
	for p, want := range []struct {
		rules       protocol.Rules
		one, two    Time
		slow, plays bool
		word        string
		yea, nay    int
	}{
		{rules, 5, 5, false, false, "majority", 3, 3},
		{protocol.Majority | protocol.Yield, 7, 5, false, false, "majority", 3, 3},
		{protocol.Durable, 5, 5, true, false, "", 2, 2},
		{^protocol.Rules(0), 5, 5, false, true, "majority", 3, 3},
	} {
		at := int8(p)
		if h.RulesOf(at) != want.rules || h.TimeoutOf(at, protocol.Proposing) != want.one || h.TimeoutOf(at, protocol.Committing) != want.two ||
			h.Slow(at) != want.slow || h.IsPlayed(at) != want.plays || h.Word(at, protocol.Proposing) != want.word {
			t.Errorf("instance %d: %b, %d, %d, %v, %v, %q", p, h.RulesOf(at), h.TimeoutOf(at, protocol.Proposing), h.TimeoutOf(at, protocol.Committing),
				h.Slow(at), h.IsPlayed(at), h.Word(at, protocol.Proposing))
		}
		if yea, nay := h.Enough(at, protocol.Proposing); yea != want.yea || nay != want.nay {
			t.Errorf("instance %d: %d yes or %d no decide phase 1", p, yea, nay)
		}
		if yea, nay := h.Enough(at, protocol.Committing); yea != 3 || nay != 2 || h.Word(at, protocol.Committing) != "quorum" {
			t.Errorf("instance %d: %d yes or %d no decide phase 2", p, yea, nay)
		}
	}
	if h.Played() != 8 || h.Needed(protocol.Proposing) != 3 || h.Needed(protocol.Committing) != 3 {
		t.Errorf("played are %b, and needed %d and %d", h.Played(), h.Needed(protocol.Proposing), h.Needed(protocol.Committing))
	}
	bare := &Header{Rules: rules, Instances: h.Instances}
	if bare.RulesOf(3) != rules || bare.IsPlayed(3) || bare.Played() != 0 || bare.Slow(3) || h.IsPlayed(None) {
		t.Error("without settings there are some")
	}
}

// A proposer's acceptor that has not stored the commit refuses it, or says yes where equal
// IDs are enough.
func TestRefusesItself(t *testing.T) {
	for _, c := range []struct {
		stored   bool
		accepted protocol.ID
		off      protocol.Rules
		want     bool
	}{
		{true, 3, 0, false}, {false, 2, 0, true}, {false, 3, 0, true},
		{false, 2, protocol.AckAccepted, true}, {false, 3, protocol.AckAccepted, false},
	} {
		h := &Header{Rules: protocol.AllRules, Settings: []Setting{{}, {RulesOff: c.off}}}
		e := Event{Kind: Commit, Instance: 1, Stored: c.stored, Proposal: protocol.Proposal{ID: 3}, State: protocol.State{Accepted: protocol.Proposal{ID: c.accepted}}}
		if got := h.RefusesItself(&e); got != c.want {
			t.Errorf("%+v: refused %v", c, got)
		}
	}
}

// Every kind and reason has a name of its own, and the list of kinds is all of them.
func TestNames(t *testing.T) {
	if list := Kinds(); len(list) != int(kinds)-1 || list[0] != Call || list[len(list)-1] != Step {
		t.Errorf("the kinds are %v", list)
	}
	seen := map[string]bool{}
	for _, k := range Kinds() {
		seen[k.String()] = true
	}
	if len(seen) != len(Kinds()) {
		t.Error("two kinds have one name")
	}
	seen = map[string]bool{}
	for r := range reasons {
		seen[r.String()] = true
	}
	if len(seen) != int(reasons) {
		t.Error("two reasons have one name")
	}
}
