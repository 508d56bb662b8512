package scenarios

import (
	"fmt"
	"strconv"

	"go.yaml.in/yaml/v4"

	"skinny/protocol"
	"skinny/sim/check"
	"skinny/sim/trace"
)

// expectation is one claim. The variants are told apart by the first of their
// heads that is there, since a holder goes with several.
var expectation = union[Expectation]{
	name:    "a claim",
	inOrder: true,
	variants: []variant[Expectation]{
		claim("operation", "What became of an operation.",
			func(e *Expectation) bool { return e.Operation.Given },
			given("operation", "Its number, from 1, in the order of the file.", numeral[int]("the number of the operation", 1, maxCount),
				func(e *Expectation) *Opt[int] { return &e.Operation }),
			given("outcome", "How it ended for its client; none: without an answer in time.", outcome,
				func(e *Expectation) *Opt[protocol.Outcome] { return &e.Outcome }),
			given("holder", `Who holds the lock, as the answer says; "" for nobody.`, lockHolder,
				func(e *Expectation) *Opt[string] { return &e.Holder }),
			given("answered", "When the client had its answer.", duration,
				func(e *Expectation) *Opt[trace.Time] { return &e.Answered })),
		claim("instance", "What an instance is like in the end.",
			func(e *Expectation) bool { return e.Instance.Given },
			given("instance", "Its name.", instanceRef,
				func(e *Expectation) *Opt[string] { return &e.Instance }),
			given("promised", "The highest ID that it has promised.", anyID,
				func(e *Expectation) *Opt[uint64] { return &e.Promised }),
			given("id", "The ID of the last commit that it has accepted.", anyID,
				func(e *Expectation) *Opt[uint64] { return &e.ID }),
			given("holder", `The holder of the last commit that it has accepted; "" for a free lock.`, lockHolder,
				func(e *Expectation) *Opt[string] { return &e.Holder }),
			given("up", "Whether it runs.", trueFalse,
				func(e *Expectation) *Opt[bool] { return &e.Up })),
		claim("property", "Whether the run kept a property.",
			func(e *Expectation) bool { return e.Property.Given },
			given("property", "Its name.", property,
				func(e *Expectation) *Opt[string] { return &e.Property }),
			given("is", "What the judge says of it.", verdictState,
				func(e *Expectation) *Opt[check.State] { return &e.Is }).must()),
		claim("holder", "Who holds the lock in the end, on how many running instances.",
			func(*Expectation) bool { return true },
			given("holder", `The client that holds it; "" for a free lock.`, lockHolder,
				func(e *Expectation) *Opt[string] { return &e.Holder }),
			given("on", "On at least so many: majority, all or a number.", count,
				func(e *Expectation) *Opt[Count] { return &e.On }).must()),
	},
}

// claim is a variant whose head is its first field.
func claim(head, doc string, is func(*Expectation) bool, fields ...field[Expectation]) variant[Expectation] {
	fields[0] = fields[0].must()
	return variant[Expectation]{
		head: head,
		is:   is,
		mapping: mapping[Expectation]{
			name:   "a claim about `" + head + "`",
			doc:    doc,
			flow:   true,
			fields: fields,
			place:  func(e *Expectation) *Place { return &e.Place },
			check:  (*Expectation).empty,
		},
	}
}

// empty says that a claim claims nothing.
func (e *Expectation) empty() *mistake {
	switch {
	case e.Operation.Given && !e.Outcome.Given && !e.Holder.Given && !e.Answered.Given:
		return &mistake{what: fmt.Sprintf("this claims nothing about operation %d", e.Operation.Value), hint: "give it outcome, holder or answered"}
	case e.Instance.Given && !e.Promised.Given && !e.ID.Given && !e.Holder.Given && !e.Up.Given:
		return &mistake{what: fmt.Sprintf("this claims nothing about %s", quoted(e.Instance.Value)), hint: "give it promised, id, holder or up"}
	}
	return nil
}

var anyID = numeral[uint64]("an ID", 0, 1<<64-1)

var outcome = func() shape[protocol.Outcome] {
	var words []string
	var values []protocol.Outcome
	for o := protocol.NoOutcome; o <= protocol.Failed; o++ {
		words = append(words, o.String())
		values = append(values, o)
	}
	return oneOf("outcomes", words, values)
}()

var property = func() shape[string] {
	var names []string
	for _, p := range check.Properties() {
		names = append(names, p.Name)
	}
	return oneOf("properties", names, names)
}()

var verdictState = func() shape[check.State] {
	values := []check.State{check.Kept, check.Violated, check.Undecided}
	var words []string
	for _, v := range values {
		words = append(words, v.String())
	}
	return oneOf("verdicts", words, values)
}()

// countWords are the counts that depend on the size of the cluster.
var countWords = oneOf("counts", []string{"majority", "all"}, []Count{OnMajority, OnAll})

// count is a number of instances.
var count = shape[Count]{
	read: func(r *decoder, n *yaml.Node) (Count, bool) {
		if n.Kind == yaml.ScalarNode && n.Value != "" && (n.Value[0] == '-' || n.Value[0] >= '0' && n.Value[0] <= '9') {
			v, ok := r.number(n, "the number of instances", 1, protocol.MaxSize)
			return Count(v), ok
		}
		return countWords.read(r, n)
	},
	write: func(c Count) *yaml.Node {
		if c > 0 {
			return bareNode("!!int", strconv.Itoa(int(c)))
		}
		return countWords.write(c)
	},
	schema: object{{"oneOf", []object{countWords.schema, {{"type", "integer"}, {"minimum", 1}, {"maximum", protocol.MaxSize}}}}},
}
