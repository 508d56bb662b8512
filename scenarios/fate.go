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

// fateRow is what there is to know of a kind of fate.
type fateRow struct {
	kind  sim.FateKind
	doc   string
	kinds form.Value[protocol.MessageKind]
	by    func(f *Fate) []form.Field
}

// fates has a row for every kind of fate.
var fates = [...]fateRow{
	{sim.DropFate, "The messages are lost.", form.ChoiceOf("kinds of message", allKinds...), nil},
	{sim.DelayFate, "The messages take longer.", form.ChoiceOf("kinds of message", allKinds...), func(f *Fate) []form.Field {
		return []form.Field{form.Key("by", "How much longer they take.", &f.By, positiveDuration).Must()}
	}},
	{sim.DuplicateFate, "The messages arrive twice.", form.ChoiceOf("kinds of message", allKinds...), func(f *Fate) []form.Field {
		return []form.Field{form.Key("after", "How long after the message its copy arrives.", &f.By, duration).Default("0ms")}
	}},
	{sim.RefuseFate, "The calls fail at once: connection refused.", form.ChoiceOf("kinds of request", requestKinds...), nil},
}

// fateEntry is the fate of messages that are named.
var fateEntry = func() form.Union[Fate] {
	u := form.Union[Fate]{Name: "an entry of messages"}
	for _, row := range fates {
		u.Variants = append(u.Variants, form.Variant[Fate]{
			Head: row.kind.String(),
			Is:   func(f *Fate) bool { return f.Kind == row.kind },
			Form: func(f *Fate) form.Form {
				f.Kind = row.kind
				fields := []form.Field{form.Key(row.kind.String(), "The kind of message that this happens to.", &f.Message, row.kinds).Must()}
				fields = append(fields, ends(&f.From, &f.To)...)
				fields = append(fields, form.Key("nth", "The message's number among its kind on its link, from 1; without it, every one.",
					&f.Nth, form.Numeral[uint32]("the number", 1, maxCount)))
				if row.by != nil {
					fields = append(fields, row.by(f)...)
				}
				return form.Form{Name: "`" + row.kind.String() + "`", Doc: row.doc, Flow: true, Fields: fields, Place: &f.Place}
			},
		})
	}
	return u
}()

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
