package narrate_test

import (
	"regexp"
	"slices"
	"strconv"

	"skinny/protocol"
	"skinny/sim/trace"
)

// claim is something that sentences say of an earlier event, and when it is true.
// The last group of the pattern is the event's number.
type claim struct {
	pattern *regexp.Regexp
	holds   func(h *trace.Header, words []string, said, told *trace.Event) bool
}

func isKind(kinds ...trace.Kind) func(*trace.Header, []string, *trace.Event, *trace.Event) bool {
	return func(_ *trace.Header, _ []string, said, _ *trace.Event) bool { return slices.Contains(kinds, said.Kind) }
}

// promised reports whether the state after an event has the promise that is named.
func promised(number string, e *trace.Event) bool {
	return number == strconv.FormatUint(uint64(e.State.Promised), 10)
}

var claims = []claim{
	{regexp.MustCompile(`as promised \(event (\d+)\)`), func(_ *trace.Header, _ []string, said, told *trace.Event) bool {
		return said.Kind == trace.Promise && said.Message.Yes && said.Peer == told.Peer && said.Message.ID == told.Proposal.ID
	}},
	{regexp.MustCompile(`(\d+), promised to (\w+) \(event (\d+)\)`), func(h *trace.Header, words []string, said, _ *trace.Event) bool {
		return said.Kind == trace.Promise && said.Message.Yes && h.Instances[said.Peer] == words[2] && promised(words[1], said)
	}},
	{regexp.MustCompile(`(\d+), promised by accepting it from (\w+) \(event (\d+)\)`), func(h *trace.Header, words []string, said, _ *trace.Event) bool {
		return said.Kind == trace.Accept && said.Stored && h.Instances[said.Peer] == words[2] && promised(words[1], said)
	}},
	{regexp.MustCompile(`(\d+), its own proposal \(event (\d+)\)`), func(_ *trace.Header, words []string, said, _ *trace.Event) bool {
		return said.Kind == trace.Propose && promised(words[1], said)
	}},
	{regexp.MustCompile(`(\d+), to which it jumped \(event (\d+)\)`), func(_ *trace.Header, words []string, said, _ *trace.Event) bool {
		return said.Jumped && promised(words[1], said)
	}},
	{regexp.MustCompile(`(\d+), of which it heard \(event (\d+)\)`), func(_ *trace.Header, words []string, said, _ *trace.Event) bool {
		return (said.Kind == trace.Backoff || said.Kind == trace.Answer) && promised(words[1], said)
	}},
	{regexp.MustCompile(`the newer ID (\d+) \(\w+\) is overwritten \(event (\d+)\)`), func(_ *trace.Header, words []string, said, told *trace.Event) bool {
		return words[1] == strconv.FormatUint(uint64(said.State.Accepted.ID), 10) && said.State.Accepted.ID > told.State.Accepted.ID
	}},
	{regexp.MustCompile(`another value of the same ID, (\w+), is overwritten \(event (\d+)\)`), func(h *trace.Header, words []string, said, told *trace.Event) bool {
		return said.State.Accepted.ID == told.State.Accepted.ID && said.State.Accepted.Holder != told.State.Accepted.Holder &&
			(words[1] == "free" || h.HolderName(said.State.Accepted.Holder) == words[1])
	}},
	{regexp.MustCompile(`accepting ID (\d+) \(event (\d+)\) has not raised its promise`), func(_ *trace.Header, words []string, said, told *trace.Event) bool {
		return said.Stored && words[1] == strconv.FormatUint(uint64(said.Proposal.ID), 10) && said.Proposal.ID >= told.Message.ID
	}},
	{regexp.MustCompile(`the end of \w+'s own round for (\w+) \(event (\d+)\)`), func(h *trace.Header, words []string, said, _ *trace.Event) bool {
		return (said.Kind == trace.Propose || said.Kind == trace.Commit) && h.HolderName(said.Operation.Holder) == words[1]
	}},
	{regexp.MustCompile(`waited [^(]+ \(event (\d+)\)`), isKind(trace.Wait, trace.Hold)},
	{regexp.MustCompile(`the timeout ended that phase \(event (\d+)\)`), isKind(trace.Expire)},
	{regexp.MustCompile(`(?:enough|a majority) had said yes \(event (\d+)\)`), isKind(trace.Count, trace.Fail, trace.Propose, trace.Commit)},
	{regexp.MustCompile(`that round had failed \(event (\d+)\)`), isKind(trace.Count, trace.Fail)},
}

// disprove looks for a claim of a sentence that is not true.
func (r *reader) disprove(h *trace.Header, why string, told *trace.Event) string {
	for _, c := range claims {
		for _, words := range c.pattern.FindAllStringSubmatch(why, -1) {
			n, err := strconv.Atoi(words[len(words)-1])
			if err != nil || !c.holds(h, words, r.Event(n), told) {
				return words[0]
			}
		}
	}
	rules := h.Rules
	if told.Instance != trace.None {
		rules = h.RulesOf(told.Instance)
	}
	for _, words := range off.FindAllStringSubmatch(why, -1) {
		for _, name := range words[1:] {
			if rule, ok := protocol.RuleByName(name); name != "" && (!ok || rules.Has(rule.Rule)) {
				return words[0]
			}
		}
	}
	if words := alone.FindString(why); words != "" && r.agreed(told) {
		return words
	}
	return ""
}

var (
	off   = regexp.MustCompile(`(?:([a-z-]+) and )?([a-z-]+) (?:is|are) off`)
	alone = regexp.MustCompile(`(?:nobody|only \w+ itself) (?:said yes to commit|promised ID) \d+`)
)

// agreed reports whether a peer has said yes in the phase that has ended.
func (r *reader) agreed(ended *trace.Event) bool {
	var yes []trace.Event
	for i := ended.Number - 2; i >= 0; i-- {
		e := r.Events[i]
		switch {
		case (e.Kind == trace.Promise || e.Kind == trace.Accept) && e.Peer == ended.Instance && e.Message.Yes:
			yes = append(yes, e)
		case e.Instance == ended.Instance && (e.Kind == trace.Propose || e.Kind == trace.Commit):
			kind := trace.Promise
			if e.Kind == trace.Commit {
				kind = trace.Accept
			}
			return slices.ContainsFunc(yes, func(y trace.Event) bool { return y.Kind == kind && y.Message.ID == e.Message.ID })
		}
	}
	return false
}
