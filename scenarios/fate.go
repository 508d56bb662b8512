package scenarios

import (
	"fmt"

	"skinny/protocol"
	"skinny/scenarios/form"
	"skinny/sim"
	"skinny/sim/trace"
)

// Fate is what happens to messages that are named.
type Fate struct {
	Kind     sim.FateKind
	Message  Opt[protocol.MessageKind]
	From, To Opt[string]     // an instance or *; default: *
	Nth      Opt[uint32]     // at least 1; default: every one
	By       Opt[trace.Time] // how much longer it takes; how long after it the copy arrives
	Place    Place
}

// requestKinds are the messages that can be refused, allKinds those that can be lost.
var (
	requestKinds = []protocol.MessageKind{protocol.PromiseRequest, protocol.CommitRequest}
	allKinds     = []protocol.MessageKind{protocol.PromiseRequest, protocol.PromiseResponse, protocol.CommitRequest, protocol.CommitResponse}
)

// What a fate happens to.
var (
	anyKind  = form.ChoiceOf("kinds of message", allKinds...)
	aRequest = form.ChoiceOf("kinds of request", requestKinds...)
)

// fateEntry is the fate of messages that are named.
var fateEntry = form.Union[Fate]{Name: "an entry of messages", Variants: []form.Variant[Fate]{
	fateOf(sim.DropFate, "The messages are lost.", anyKind, nil),
	fateOf(sim.DelayFate, "The messages take longer.", anyKind, func(f *Fate) form.Field {
		return form.Key("by", "How much longer they take.", &f.By, positiveDuration).Must()
	}),
	fateOf(sim.DuplicateFate, "The messages arrive twice.", anyKind, func(f *Fate) form.Field {
		return form.Key("after", "How long after the message its copy arrives.", &f.By, duration).Default("0ms")
	}),
	fateOf(sim.RefuseFate, "The calls fail at once: connection refused.", aRequest, nil),
}}

// fateOf is a kind of fate, of kinds of messages; by is the key for its span, nil for none.
func fateOf(kind sim.FateKind, doc string, kinds form.Value[protocol.MessageKind], by func(f *Fate) form.Field) form.Variant[Fate] {
	return form.Variant[Fate]{
		Head: kind.String(),
		Is:   func(f *Fate) bool { return f.Kind == kind },
		Form: func(f *Fate) form.Form {
			f.Kind = kind
			fields := append([]form.Field{form.Key(kind.String(), "The kind of message that this happens to.", &f.Message, kinds).Must()}, ends(&f.From, &f.To)...)
			fields = append(fields, form.Key("nth", "The message's number among its kind on its link, from 1; without it, every one.",
				&f.Nth, form.Numeral[uint32]("the number", 1, maxCount)))
			if by != nil {
				fields = append(fields, by(f))
			}
			return form.Form{Name: "`" + kind.String() + "`", Doc: doc, Flow: true, Fields: fields, Place: &f.Place}
		},
	}
}

// words names a fate as a schedule would.
func (f *Fate) words() string {
	text := fmt.Sprintf("%s %s %s -> %s", f.Kind, f.Message.Value, f.From.Or(anyInstance), f.To.Or(anyInstance))
	if f.Nth.Given {
		text += fmt.Sprintf(" #%d", f.Nth.Value)
	}
	if f.Place != (Place{}) {
		text = fmt.Sprintf("messages, line %d: ", f.Place.Line) + text
	}
	return text
}
