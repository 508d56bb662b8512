// Package quiz makes questions about a run, and grades them by it: what an acceptor
// will say, whether that is a majority now, whose name is committed, what a client is
// told, what an instance knows afterwards, which property breaks, which rule is missing.
//
// A question is about one event, before which everything may be seen and after which
// nothing. The run itself gives the right choice. What a wrong choice is worth comes from
// letting the same instance take the same step under every single rule changed, and before
// the event that decided it: a choice that would be right then says so.
//
// A question depends on the events up to its own and on nothing else. It knows no screen
// and no session.
package quiz

import (
	"fmt"
	"slices"

	"skinny/protocol"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// Kind is what a question asks.
type Kind uint8

// The kinds of questions.
const (
	NoKind   Kind = iota
	Answer        // what an acceptor will say: yes, no, or that it has to wait
	Majority      // whether a proposer has its majority now
	Value         // whose name is committed
	Told          // what a client is told
	State         // what an instance has promised and accepted afterwards
	Breaks        // which property breaks, if one does
	Next          // which of the pending things would break one, if it happened now
	Rule          // which rule is missing, where an instance does what it should not

	kinds
)

var kindNames = [kinds]string{"", "answer", "majority", "value", "told", "state", "breaks", "next", "rule"}

func (k Kind) String() string { return kindNames[k] }

// Kinds lists the kinds.
func Kinds() (list []Kind) {
	for k := NoKind + 1; k < kinds; k++ {
		list = append(list, k)
	}
	return list
}

// Question is a question about an event, with choices in their natural order.
type Question struct {
	Kind    Kind
	Event   int  // that answers it; nothing from it on may be seen before
	About   int8 // the instance, or trace.None
	Text    prose.Text
	Choices []Choice // 2 to MaxChoices
	Right   int      // the choice that is right; of several the one that says most
}

// MaxChoices is how many choices a question has at most.
const MaxChoices = 9

// Choice is one answer to a question.
type Choice struct {
	Text  prose.Text
	Right bool // also of those that are right beside Question.Right

	// Why a choice that is wrong would be right otherwise: under another rule, or in
	// another order. Empty if it never would be, as far as is known.
	Why    prose.Text
	Rules  protocol.Rules // each of which, turned on or off alone, makes it right
	Before int            // the event before which it would be right; 0: none
	First  int            // the event by which a request was sent that would make it right by coming first; 0: none

	Breaks string // of a right choice of Next: the property that breaks

	key  string     // tells it from the others
	what prose.Text // the request that would come first
}

// Grade is whether a choice is right, and what is to be said about it.
func (q *Question) Grade(choice int) (right bool, said prose.Text) {
	c, best := &q.Choices[choice], &q.Choices[q.Right]
	switch {
	case c.Right && c.Breaks != "":
		return true, prose.Of("right: that breaks ", c.Breaks)
	case c.Right:
		return true, prose.Of("right", q.beside(choice))
	}
	// What is right stands in quotes behind what it is: it may itself be "no", or "acquired".
	said = prose.Of("wrong: it is \"", best.Text, "\"", q.beside(q.Right))
	if best.Breaks != "" {
		said = prose.Of("wrong: ", best.Breaks, " breaks by \"", best.Text, "\"")
	}
	if !c.Why.Empty() {
		said = prose.Of(said, "; \"", c.Text, "\" ", c.Why)
	}
	return false, said
}

// beside is what else is right of a question which property breaks: "; so do agreement".
func (q *Question) beside(choice int) prose.Text {
	var b prose.Builder
	for i := range q.Choices {
		if c := &q.Choices[i]; q.Kind == Breaks && c.Right && i != choice {
			b.Say("; and ", c.Text)
		}
	}
	return b.Text()
}

// Ask makes a question of a kind about an event of a run. Of is the instance that it is
// about where the event does not say, or trace.None. The error says why the event is no
// place for such a question, and which are.
func Ask(r *Run, kind Kind, event int, of int8) (Question, error) {
	q, err := r.ask(kind, event, of)
	if err != nil {
		return Question{}, fmt.Errorf("no question %q at event %d: %w", kind, event, err)
	}
	return q, nil
}

// draft is a question in the making.
type draft struct {
	text prose.Text

	// choices may be right beside the one that the event makes right, and say why they
	// would be right otherwise if nothing else is known.
	choices []Choice

	// key is the choice that an event makes right, "" for none of them.
	key func(e *trace.Event) string

	// otherwise is what would be in place of the event; nil: what [Run.otherwise] says.
	otherwise []alternative
}

func (r *Run) ask(kind Kind, event int, of int8) (Question, error) {
	switch {
	case kind == NoKind || kind >= kinds:
		return Question{}, fmt.Errorf("there is no such kind of question")
	case of != trace.None && (of < 0 || int(of) >= len(r.Header.Instances)):
		return Question{}, fmt.Errorf("there is no such instance")
	case kind == Next:
		return r.askNext(event)
	case event < 1 || event > r.Len():
		return Question{}, fmt.Errorf("the run has events 1 to %d", r.Len())
	}
	e := r.Event(event)
	at := e.Instance
	if kind == State && of != trace.None {
		at = of
	}
	d, err := [...]func(*Run, *trace.Event, int8) (draft, error){
		Answer: (*Run).draftAnswer, Majority: (*Run).draftMajority, Value: (*Run).draftValue,
		Told: (*Run).draftTold, State: (*Run).draftState, Breaks: (*Run).draftBreaks, Rule: (*Run).draftRule,
	}[kind](r, e, at)
	switch {
	case err != nil:
		return Question{}, err
	case of != trace.None && of != at:
		return Question{}, fmt.Errorf("it is about %s, not about %s", r.nameOf(at), r.nameOf(of))
	}
	return r.finish(Question{Kind: kind, Event: event, About: at, Text: d.text}, e, &d), nil
}

// finish grades choices by the event itself, and by what would be in its place otherwise.
func (r *Run) finish(q Question, e *trace.Event, d *draft) Question {
	find := func(key string) int {
		return slices.IndexFunc(d.choices, func(c Choice) bool { return c.key == key })
	}
	q.Choices, q.Right = d.choices, find(d.key(e))
	if q.Right < 0 {
		panic(fmt.Sprintf("quiz: event %d is none of the choices of %q", e.Number, q.Kind))
	}
	q.Choices[q.Right].Right = true
	if d.otherwise == nil {
		d.otherwise = r.otherwise(e)
	}
	for _, a := range d.otherwise {
		at := find(d.key(&a.event))
		if at < 0 || q.Choices[at].Right {
			continue
		}
		c := &q.Choices[at]
		c.Rules |= a.rule
		c.Before = max(c.Before, a.before)
		if a.first > c.First {
			c.First, c.what = a.first, a.what
		}
	}
	rules := r.rulesAt(e)
	for i := range q.Choices {
		switch c := &q.Choices[i]; {
		case c.Right:
			c.Why = prose.Text{}
		case c.Rules != 0 || c.Before != 0 || c.First != 0:
			c.Why = whyOf(c, rules)
		}
	}
	return q
}

func (r *Run) rulesAt(e *trace.Event) protocol.Rules {
	if e.Instance == trace.None {
		return r.Header.Rules
	}
	return r.Header.RulesOf(e.Instance)
}

// whyOf says when a choice is right: "would be right without adopt, or before event 12".
func whyOf(c *Choice, rules protocol.Rules) prose.Text {
	var b prose.Builder
	or := " "
	add := func(parts ...any) {
		b.Say(or, prose.Of(parts...))
		or = ", or "
	}
	b.Say("would be right")
	if on := c.Rules & rules; on != 0 {
		add("without ", anyOf(on))
	}
	if off := c.Rules &^ rules; off != 0 {
		add("with ", anyOf(off))
	}
	if c.Before != 0 {
		add("before ", prose.At(c.Before))
	}
	if c.First != 0 {
		add("if ", c.what, " (", prose.At(c.First), ") had come first")
	}
	return b.Text()
}

// anyOf names rules of which each is enough: "adopt or durable".
func anyOf(rules protocol.Rules) prose.Text {
	var b prose.Builder
	between := ""
	for _, row := range protocol.RuleTable() {
		if !rules.Has(row.Rule) {
			continue
		}
		rules &^= row.Rule
		b.Say(between, prose.RuleNames(row.Rule))
		if between = ", "; rules&(rules-1) == 0 {
			between = " or "
		}
	}
	return b.Text()
}
