package exercise

import (
	"errors"
	"fmt"
	"maps"
	"math/bits"
	"slices"
	"strings"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/explore"
	"skinny/sim/explore/search"
	"skinny/sim/trace"
)

// Judge judges a solution.
func (x *Exercise) Judge(solution *scenarios.File, l Limits) *Mark {
	m := &Mark{Of: x.Points()}
	tried, otherwise, err := x.Scenario.File().Solution(solution, x.own)
	if x.guesses() {
		otherwise = slices.DeleteFunc(otherwise, func(key string) bool { return key == "rules" })
	}
	switch {
	case len(otherwise) > 0:
		m.Wrong = "not as given: " + strings.Join(otherwise, ", ")
		return m
	case err != nil:
		m.Wrong = "it does not fit: " + firstLine(err)
		return m
	}
	if m.Moves, m.Wrong = x.moves(tried); m.Wrong != "" {
		return m
	}
	x.demand(m, tried, solution, l)
	m.Solved = m.Wrong == "" && m.Met() == len(x.Want)
	if m.Points = m.Met(); m.Solved && x.Par.Given && m.Moves <= x.Par.Value {
		m.Points++
	}
	return m
}

// firstLine is what is wrong first, in one line.
func firstLine(err error) string {
	var d scenarios.Diagnostics
	if errors.As(err, &d) {
		return d[0].Message
	}
	text, _, _ := strings.Cut(err.Error(), "\n")
	return text
}

// demand runs a solution and says how it stands with every demand.
func (x *Exercise) demand(m *Mark, tried *scenarios.Scenario, solution *scenarios.File, l Limits) {
	// What the run is to be like is also what has to be judged.
	tried.Judges = x.Scenario.Judges
	o, err := run(tried, l)
	switch {
	case err != nil:
		m.Wrong = firstLine(err)
		return
	case o.Ending == sim.NotEnded || o.Ending == sim.BudgetSpent:
		m.Wrong = fmt.Sprintf("its run does not end within %d events", min(o.World.Events(), l.Events))
		return
	}
	for i := range x.Want {
		d := &x.Want[i]
		switch {
		case d.EveryOrder.Given:
			m.Demands = append(m.Demands, Demand{}) // it takes longer: below
		case d.Moves.Given:
			m.Demands = append(m.Demands, Demand{
				Text: "at most " + Counted(d.Moves.Value), Met: m.Moves <= d.Moves.Value, Got: Counted(m.Moves),
			})
		case len(d.Predict) > 0:
			m.Demands = append(m.Demands, x.predicted(d, o, solution))
		default:
			r := o.Judge(&d.Expectation)
			m.Demands = append(m.Demands, Demand{Text: r.Expect, Met: r.Met, Got: r.Got})
		}
	}
	for i := range x.Want {
		unmet := func(d Demand) bool { return d.Text != "" && !d.Met }
		if d := x.Want[i].EveryOrder; d.Given && !(l.lazy && slices.ContainsFunc(m.Demands, unmet)) {
			m.Demands[i] = everyOrder(d.Value, tried, l)
		}
	}
}

// Counted is a number of moves.
func Counted(n int) string {
	if n == 1 {
		return "1 move"
	}
	return fmt.Sprintf("%d moves", n)
}

// run lets a scenario run, as far as the limits allow.
func run(s *scenarios.Scenario, l Limits) (*scenarios.Outcome, error) {
	var events counter
	return s.RunUntil(func() bool { return int(events) > l.Events || l.stopped() }, &events)
}

type counter int

func (c *counter) Observe(*trace.Event) { *c++ }

// predicted judges what a solution says itself. It does not tell what would be right.
func (x *Exercise) predicted(d *scenarios.Demand, o *scenarios.Outcome, solution *scenarios.File) Demand {
	if guessed(*d) {
		tried, _, err := x.Scenario.File().Solution(solution, []string{"rules"})
		return Demand{Text: "find out the rules of this run", Met: err == nil && tried.Cluster.Rules == x.Scenario.Cluster.Rules}
	}
	j := Demand{Text: "predict " + strings.Join(d.Predict, ", ") + " of " + subject(d), Met: true}
	said := map[string]string{}
	for i := range solution.Expect {
		e := &solution.Expect[i]
		if kind, name := e.Subject(); kind+" "+name != subject(d) {
			continue
		}
		_, texts := e.Said()
		maps.Copy(said, texts)
		j.Met = j.Met && o.Judge(e).Met
	}
	for _, word := range d.Predict {
		if _, is := said[word]; !is {
			j.Met, j.Got = false, word+" is not said"
		}
	}
	return j
}

// subject names what a prediction is about.
func subject(d *scenarios.Demand) string {
	kind, name := d.Subject()
	return kind + " " + name
}

// everyOrder judges whether a property is kept in every order of events.
func everyOrder(property string, tried *scenarios.Scenario, l Limits) Demand {
	d := Demand{Text: property + " is kept in every order of events"}
	config, events := tried.ExploreConfig()
	config.Properties = []string{property}
	over := false
	var r *search.Result
	model, err := explore.New(config)
	if err == nil {
		r, err = search.BreadthFirst(model, search.Options{
			Depth:    events,
			Stop:     func() bool { return over || l.stopped() },
			Progress: func(r *search.Result) { over = r.Distinct > l.States },
		})
	}
	if l.used != nil && r != nil {
		*l.used += r.Distinct
	}
	switch {
	case err != nil:
		d.Unknown, d.Got = true, err.Error()
	case r.Ending == search.Violated:
		d.Got = "it is violated in one"
	case r.Ending == search.Exhausted || r.Ending == search.TooDeep:
		d.Met = true
	default:
		d.Unknown, d.Got = true, fmt.Sprintf("not known after %d states", r.Distinct)
	}
	return d
}

// moves counts what is otherwise in a solution than in the exercise: decisions, entries of
// timeline and messages, rules and quorums. Wrong says which of them is not allowed.
func (x *Exercise) moves(tried *scenarios.Scenario) (n int, wrong string) {
	s := x.Scenario
	if !x.guesses() {
		changed := tried.Cluster.Rules ^ s.Cluster.Rules
		n += bits.OnesCount64(uint64(changed))
		for _, r := range protocol.RuleTable() {
			word := scenarios.TurnOff
			if tried.Cluster.Rules.Has(r.Rule) {
				word = scenarios.TurnOn
			}
			if changed.Has(r.Rule) && !x.Allows(word) {
				return n, "not allowed: " + word + " " + r.Name
			}
		}
	}
	if tried.Cluster.Quorums.Promise != s.Cluster.Quorums.Promise {
		n++
	}
	if tried.Cluster.Quorums.Commit != s.Cluster.Quorums.Commit {
		n++
	}
	own, missing := added(texts(s), texts(tried))
	if len(missing) > 0 {
		return n, isMissing + missing[0]
	}
	for _, text := range own {
		if verb, _, _ := strings.Cut(text, " "); !x.Allows(verb) {
			return n, "not allowed: " + text
		}
	}
	if !tried.Timed() {
		return n + len(own), ""
	}
	fates, wrong := x.fates(tried)
	return n + len(own) + fates, wrong
}

// texts is the decisions of a scenario in words. In a schedule their times do not matter.
func texts(s *scenarios.Scenario) (list []string) {
	for _, d := range s.Decisions() {
		text := ""
		if d.Timed = false; s.Timed() {
			text = " at " + scenarios.FormatTime(d.At)
		}
		list = append(list, scenarios.DecisionText(s.Cluster, d)+text)
	}
	return list
}

// added is what there is in a list besides what is given, all of which has to be there
// in its order; missing begins with the first that is not.
func added[V comparable](given, all []V) (own, missing []V) {
	for _, v := range all {
		if len(given) > 0 && v == given[0] {
			given = given[1:]
		} else {
			own = append(own, v)
		}
	}
	return own, given
}

const isMissing = "what is given is missing, or comes in another order: "

// fates counts the fates that a solution adds, each of which has to be that of one message.
func (x *Exercise) fates(tried *scenarios.Scenario) (n int, wrong string) {
	var given []sim.Fate
	if x.Scenario.Timed() {
		given = x.Scenario.Timetable.Fates
	}
	own, missing := added(given, tried.Timetable.Fates)
	for i, f := range own {
		switch {
		case !x.Allows(f.Kind.String()):
			return i + 1, fmt.Sprintf("not allowed: %s %s", f.Kind, f.Message)
		case f.From.Len() != 1 || f.To.Len() != 1 || f.Nth == 0:
			return i + 1, fmt.Sprintf("%s %s is more than one message: give from, to and nth", f.Kind, f.Message)
		}
	}
	if len(missing) > 0 {
		return len(own), fmt.Sprintf("%s%s %s", isMissing, missing[0].Kind, missing[0].Message)
	}
	return len(own), ""
}
