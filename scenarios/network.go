package scenarios

import (
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
