package scenarios

import (
	"fmt"

	"skinny/protocol"
	"skinny/scenarios/form"
	"skinny/sim"
	"skinny/sim/trace"
)

// Network is what links do to messages.
type Network struct {
	Conditions    // of all links
	ClientLatency Opt[trace.Time]
	CalmFrom      Opt[trace.Time] // positive; default: never
	Clogs         []Clog
	Links         []Link // later ones win
}

func (n *Network) form() form.Form {
	return form.Form{Name: "`network`", Fields: append(n.Conditions.fields(true),
		form.Key("client-latency", "How long a client's call and its answer take, one way.", &n.ClientLatency, duration).Default("0ms"),
		form.Key("calm-from", "From then on chance neither loses, copies nor delays.", &n.CalmFrom, positiveDuration).Unless("schedule", decidesAll),
		form.Many("clogs", "Times in which links let nothing through: what is sent then waits for the end.", &n.Clogs,
			form.List("a list of clogs", form.Of((*Clog).form))).Unless("schedule", decidesAll),
		form.Many("links", "What is different on some links; later ones win.", &n.Links,
			form.List("a list of links", form.Of((*Link).form))).Unless("schedule", decidesAll),
	)}
}

// Conditions is what a link does to messages.
type Conditions struct {
	Latency      Opt[sim.Range] // one way; default: 10ms
	Loss         Opt[Share]     // of all messages; default: 0%
	RequestLoss  Opt[Share]     // on top of that, of requests; default: 0%
	ResponseLoss Opt[Share]     // on top of that, of responses and failures; default: 0%
	Duplication  Opt[Share]     // default: 0%
	Tail         Opt[Tail]      // default: none
}

// DefaultLatency is the latency of links that the file says nothing of.
const DefaultLatency = sim.DefaultLatency

// fields are the keys that links and the whole network share; the network's have defaults.
func (c *Conditions) fields(whole bool) []form.Field {
	fields := []form.Field{
		form.Key("latency", "How long a message takes, one way; a range is drawn uniformly from the seed.", &c.Latency, durationRange),
		form.Key("loss", "The share of messages that are lost.", &c.Loss, share),
		form.Key("request-loss", "The share of requests that are lost, on top of that.", &c.RequestLoss, share),
		form.Key("response-loss", "The share of responses that are lost, on top of that.", &c.ResponseLoss, share),
		form.Key("duplication", "The share of messages that arrive twice.", &c.Duplication, share),
		form.Key("tail", "Messages that take longer than the others: {share: 2%, latency: 200ms..1s}.", &c.Tail, form.Of((*Tail).form)),
	}
	if whole {
		fields[0] = fields[0].Default(FormatTime(DefaultLatency))
		for i := 1; i <= 4; i++ {
			fields[i] = fields[i].Default("0%")
		}
		for i := range fields {
			fields[i] = fields[i].Unless("schedule", decidesAll)
		}
	}
	return fields
}

// Tail is some messages that take longer than the others.
type Tail struct {
	Share   Opt[Share]
	Latency Opt[sim.Range]
}

func (t *Tail) form() form.Form {
	return form.Form{Name: "`tail`", Flow: true, Fields: []form.Field{
		form.Key("share", "The share of messages that take the latency of the tail.", &t.Share, share).Must(),
		form.Key("latency", "How long those take, one way, a duration or a range.", &t.Latency, durationRange).Must(),
	}}
}

// Link is what is different on some links.
type Link struct {
	From, To Opt[string] // an instance or *; default: *
	Conditions
}

func (l *Link) form() form.Form {
	return form.Form{
		Name: "a link", Flow: true,
		Fields: append(ends(&l.From, &l.To), l.Conditions.fields(false)...),
		Check: func() *mistake {
			if l.Conditions != (Conditions{}) {
				return nil
			}
			return &mistake{What: "this link says nothing", Hint: "give it latency, loss, request-loss, response-loss, duplication or tail"}
		},
	}
}

// Clog is a time in which some links let nothing through.
type Clog struct {
	From, To Opt[string] // an instance or *; default: *
	At       Opt[trace.Time]
	For      Opt[trace.Time] // positive
}

func (c *Clog) form() form.Form {
	return form.Form{Name: "a clog", Flow: true, Fields: append(ends(&c.From, &c.To),
		form.Key("at", "When it begins, from the start of the run.", &c.At, duration).Must(),
		form.Key("for", "How long it lasts.", &c.For, positiveDuration).Must(),
	)}
}

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
