package session

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/scenarios/form"
	"skinny/sim/check"
	"skinny/sim/trace"
)

// Shared is the last event that two branches have in common, also of two trees or under
// other rules.
func Shared(a, b *Branch) int {
	known := min(a.Len(), b.Len())
	n := sort.Search(known, func(i int) bool { return a.Event(i+1) != b.Event(i+1) })
	for n < known && equal(a.Event(n+1), b.Event(n+1)) {
		n++
	}
	return n
}

// equal reports whether two events of the same number are the same in every part.
func equal(a, b *trace.Event) bool {
	return same(a, b) && a.At == b.At && a.Cause == b.Cause && a.Asked == b.Asked && a.Proposal == b.Proposal && a.State == b.State &&
		a.Try == b.Try && a.Stored == b.Stored && a.Learned == b.Learned && a.Jumped == b.Jumped && a.Pause == b.Pause && a.Direct == b.Direct &&
		a.HostUp == b.HostUp && a.Won == b.Won && a.Copy == b.Copy && a.Note == b.Note && a.Holder == b.Holder && a.Base == b.Base &&
		a.Yea == b.Yea && a.Nay == b.Nay && a.Calls == b.Calls && slices.Equal(a.Groups, b.Groups) && a.Text == b.Text
}

// Changes says what a branch changes, in one line.
func (b *Branch) Changes() string {
	if b.Parent == nil {
		return "as it was written"
	}
	if b.Parent.scenario != b.scenario {
		return fmt.Sprintf("%d under %s", b.Parent.Number, b.OwnText())
	}
	return fmt.Sprintf("from %d after event %d: %s", b.Parent.Number, b.Point, b.OwnText())
}

// OwnText is how a branch is another one than its parent, in words: rules, and what was
// decided by hand since they parted.
func (b *Branch) OwnText() string {
	var list []string
	if b.Parent != nil {
		list = b.otherRules(b.Parent)
	}
	return strings.Join(append(list, form.Each(b.Own(), b.Text)...), "; ")
}

// Outcome says in one line whether the lock holds, and what else breaks, in all that
// is known of a branch.
func (b *Branch) Outcome() Span {
	verdicts := b.Judge()
	are := map[check.State][]string{}
	for _, v := range verdicts {
		are[v.State] = append(are[v.State], v.Property)
	}
	list := func(state check.State) string { return strings.Join(are[state], ", ") }
	span := Span{"✓ the lock holds, and so does every property", Good}
	switch {
	case slices.Contains(are[check.Violated], check.MutualExclusion):
		span = Span{"✗ the lock breaks: " + list(check.Violated), Bad}
	case len(are[check.Kept]) == len(verdicts) && !b.Acquired():
		span.Text = "✓ nobody got the lock; no property is violated"
	case are[check.Violated] != nil:
		span.Text = "✓ the lock holds, but ✗ " + list(check.Violated)
	case are[check.Undecided] != nil:
		span.Text = "✓ the lock holds; undecided: " + list(check.Undecided)
	case are[check.NotJudged] != nil:
		span.Text = "✓ the lock holds; not judged: " + list(check.NotJudged)
	}
	if !b.Whole() {
		span.Text += " (up to event " + count(b.Len()) + ")"
	}
	return span
}

// Pair is one row of two branches side by side: events of the same time, or one of
// them. 0 stands for none.
type Pair struct{ Left, Right int }

// Compare puts two branches side by side, by time, from where they part. Events of
// the same instant are in one row if they say the same.
func Compare(a, b *Branch) (from int, rows []Pair) {
	from = Shared(a, b)
	i, k := from+1, from+1
	for i <= a.Len() || k <= b.Len() {
		row := Pair{i, k}
		switch {
		case k > b.Len() || i <= a.Len() && a.Event(i).At < b.Event(k).At:
			row.Right = 0
		case i > a.Len() || b.Event(k).At < a.Event(i).At:
			row.Left = 0
		case same(a.Event(i), b.Event(k)):
		case later(b, k, a.Event(i)):
			row.Left = 0
		default:
			row.Right = 0
		}
		rows = append(rows, row)
		i += min(row.Left, 1)
		k += min(row.Right, 1)
	}
	return from, rows
}

// same reports whether two events are the same thing happening.
func same(a, b *trace.Event) bool {
	return a.Kind == b.Kind && a.Instance == b.Instance && a.Peer == b.Peer && a.Reason == b.Reason &&
		a.Operation == b.Operation && a.Message == b.Message && a.Nth == b.Nth && a.Outcome == b.Outcome
}

// later reports whether the same thing happens in a branch at the same instant, but
// not by the next event.
func later(b *Branch, from int, e *trace.Event) bool {
	for n := from + 1; n <= b.Len() && b.Event(n).At == e.At; n++ {
		if same(b.Event(n), e) {
			return true
		}
	}
	return false
}

// PropertyAt is how a property stands at a point: its mark, and what is to be said.
func PropertyAt(v check.Verdict, at int) (mark Span, text string) {
	switch {
	case v.State == check.Violated && v.Event <= at:
		return Span{"✗", Bad}, "since event " + count(v.Event)
	case v.State == check.Violated:
		return Span{"✓", Good}, "breaks at event " + count(v.Event)
	case v.State == check.Undecided:
		return Span{"?", Strong}, "undecided"
	case v.State == check.NotJudged:
		return Span{"?", Strong}, "not judged"
	}
	return Span{"✓", Good}, ""
}

// Under opens a branch: the same run under other rules, with the same timetable or
// schedule and the same decisions by hand, each where it belongs. It shares no event
// with b, even if the first ones are equal.
func (b *Branch) Under(rules protocol.Rules) *Branch {
	s := b.scenario.Under(rules)
	under := b.tree.branch(s, b, 0, newMoment(s), nil)
	end := 0
	for _, a := range b.acts {
		_, after, err := under.Act(SamePoint(b, under, a.After), Act{Decision: a.Decision, Delay: a.Delay})
		if err != nil {
			under.Left++
			continue
		}
		end = after
	}
	under.Reach(end + b.tree.limits.act)
	return under
}

// SamePoint is the point of a branch that is another's: the same number of events as long
// as they are the same, or where nothing has a time; otherwise the same time.
func SamePoint(of, in *Branch, point int) int {
	in.Reach(point)
	if Shared(of, in) >= point || !of.scenario.Timed() {
		return min(point, in.Len())
	}
	return in.upTo(of.Event(point).At)
}

// otherRules says how the rules of a branch are other than those of another one:
// "adopt=on", "durable=off".
func (b *Branch) otherRules(than *Branch) (list []string) {
	for _, r := range protocol.RuleTable() {
		if on := b.header.Rules.Has(r.Rule); on != than.header.Rules.Has(r.Rule) {
			list = append(list, r.Name+map[bool]string{true: "=on", false: "=off"}[on])
		}
	}
	return list
}

// rule turns a rule on or off, or shows all of them.
func (s *Session) rule(in operands) Answer {
	switch {
	case in.text == "" && s.try():
		return Answer{}
	case s.Question() != nil:
		return Answer{Said: s.toAnswer(s.Question())}
	case in.text == "" && s.Secret(), in.text == "" && s.solving.mayRule() == "":
		return Answer{Page: s.rulesPage()}
	case s.solving.mayRule() != "":
		return Answer{Said: s.solving.mayRule()}
	}
	name, value, given := strings.Cut(in.text, "=")
	rule, known := protocol.RuleByName(name)
	has := s.branch.header.Rules.Has(rule.Rule)
	switch {
	case !known:
		return Answer{Said: scenarios.RuleHint(name)}
	case given && value != "on" && value != "off":
		return Answer{Said: "a rule is on or off: rule " + name + "=on"}
	case given && has == (value == "on"):
		return Answer{Said: name + " is " + value + " already"}
	case s.MayTurn(rule.Rule, !has) != "":
		return Answer{Said: s.MayTurn(rule.Rule, !has)}
	}
	from := s.branch
	under := from.Under(from.header.Rules ^ rule.Rule)
	s.Switch(under)
	said := fmt.Sprintf("%s: branch %d, the same run under it", strings.Join(under.otherRules(from), ", "), under.Number)
	if same := Shared(from, under); same == from.Len() && same == under.Len() && under.Whole() && !s.Veiled() {
		said += ", which is no other"
	}
	if left := under.Left; left > 0 {
		said += fmt.Sprintf("; %d of what was done by hand cannot be done in it", left)
	}
	return Answer{Said: said + s.NowSolved()}
}

// MayTurn says why a rule is not to be turned on or off here, "" if it may be.
func (s *Session) MayTurn(rule protocol.Rules, on bool) string {
	x, word := s.solving, map[bool]string{true: scenarios.TurnOn, false: scenarios.TurnOff}[on]
	switch {
	case s.Question() != nil:
		return s.toAnswer(s.Question())
	case x.mayRule() != "":
		return x.mayRule()
	case x == nil || x.solved || x.Scenario.Cluster.Rules.Has(rule) == on || x.Allows(word):
		return ""
	}
	return x.forbidden(word)
}

// Secret reports whether it is to be found out here which rules are on.
func (s *Session) Secret() bool { return s.solving.hides(scenarios.HideRules) }

// rulesPage lists the rules. A row turns its rule on or off; where it is to be found out
// which are on, it is a guess.
func (s *Session) rulesPage() *Page {
	var rows []Row
	chosen := 0
	var named protocol.Rules // by the sentence of the current event
	if s.at > 0 {
		named = s.branch.Line(s.at).Why.Rules()
	}
	for i, r := range protocol.RuleTable() {
		if named.Has(r.Rule) {
			chosen = i
		}
		sign, does := Span{"  ● on  ", Good}, r.On
		if !s.branch.header.Rules.Has(r.Rule) {
			sign, does = Span{"  ○ off ", Bad}, r.Off
		}
		to := Row{
			Text: []Span{sign, {fmt.Sprintf("%-20s", r.Name), Strong}, {does, Plain}}, Indent: 30,
			Do: map[string]string{"enter": "rule " + r.Name},
		}
		if s.Secret() {
			to = Row{
				Text: []Span{{fmt.Sprintf("  %-20s", r.Name), Strong}, {r.On + "; without it: " + r.Off, Plain}}, Indent: 23,
				Do: map[string]string{"enter": "claim " + r.Name},
			}
		}
		rows = append(rows, to)
	}
	p := reading("rules of this branch: the same run under another one", rows)
	p.Hints, p.Chosen = []Hint{{"enter", "turns it on or off"}}, chosen
	if s.Secret() {
		p.Title = "which rule is otherwise than in " + s.solving.Scenario.Edition + "?"
		p.Hints[0].Does = "says that it is this one"
	}
	return p
}
