package scenarios

import (
	"skinny/sim"
	"skinny/sim/trace"
)

var networkTable = mapping[Network]{
	name: "`network`",
	fields: append(conditionFields(func(n *Network) *Conditions { return &n.Conditions }, true),
		given("client-latency", "How long a client's call and its answer take, one way.", duration,
			func(n *Network) *Opt[trace.Time] { return &n.ClientLatency }).otherwise("0ms"),
		given("calm-from", "From then on chance neither loses, copies nor delays.", positiveDuration,
			func(n *Network) *Opt[trace.Time] { return &n.CalmFrom }),
		several("clogs", "Times in which links let nothing through: what is sent then waits for the end.", listOf("a list of clogs", clogTable.shape()),
			func(n *Network) *[]Clog { return &n.Clogs }),
		several("links", "What is different on some links; later ones win.", listOf("a list of links", linkTable.shape()),
			func(n *Network) *[]Link { return &n.Links }),
	),
}

var linkTable = mapping[Link]{
	name: "a link",
	flow: true,
	fields: append(
		endFields(func(l *Link) (from, to *Opt[string]) { return &l.From, &l.To }),
		conditionFields(func(l *Link) *Conditions { return &l.Conditions }, false)...),
	place: func(l *Link) *Place { return &l.Place },
	check: func(l *Link) *mistake {
		if l.Conditions != (Conditions{}) {
			return nil
		}
		return &mistake{what: "this link says nothing", hint: "give it latency, loss, request-loss, response-loss, duplication or tail"}
	},
}

// conditionFields are the keys that links and the whole network share. The whole
// network's have defaults.
func conditionFields[T any](of func(*T) *Conditions, defaults bool) []field[T] {
	fields := []field[T]{
		given("latency", "How long a message takes, one way; a range is drawn uniformly from the seed.", durationRange,
			func(t *T) *Opt[sim.Range] { return &of(t).Latency }),
		given("loss", "The share of messages that are lost.", share,
			func(t *T) *Opt[Share] { return &of(t).Loss }),
		given("request-loss", "The share of requests that are lost, on top of that.", share,
			func(t *T) *Opt[Share] { return &of(t).RequestLoss }),
		given("response-loss", "The share of responses that are lost, on top of that.", share,
			func(t *T) *Opt[Share] { return &of(t).ResponseLoss }),
		given("duplication", "The share of messages that arrive twice.", share,
			func(t *T) *Opt[Share] { return &of(t).Duplication }),
		given("tail", "Messages that take longer than the others: {share: 2%, latency: 200ms..1s}.", tailTable.shape(),
			func(t *T) *Opt[Tail] { return &of(t).Tail }),
	}
	if defaults {
		fields[0] = fields[0].otherwise(FormatTime(DefaultLatency))
		for i := 1; i <= 4; i++ {
			fields[i] = fields[i].otherwise("0%")
		}
	}
	return fields
}

// endFields are the keys for the ends of links.
func endFields[T any](of func(*T) (from, to *Opt[string])) []field[T] {
	return []field[T]{
		given("from", "The sender, or '*' for any instance.", peerRef,
			func(t *T) *Opt[string] { from, _ := of(t); return from }).otherwise(anyInstance),
		given("to", "The receiver, or '*' for any instance.", peerRef,
			func(t *T) *Opt[string] { _, to := of(t); return to }).otherwise(anyInstance),
	}
}

var tailTable = mapping[Tail]{
	name: "`tail`",
	flow: true,
	fields: []field[Tail]{
		given("share", "The share of messages that take the latency of the tail.", share,
			func(t *Tail) *Opt[Share] { return &t.Share }).must(),
		given("latency", "How long those take, one way, a duration or a range.", durationRange,
			func(t *Tail) *Opt[sim.Range] { return &t.Latency }).must(),
	},
	place: func(t *Tail) *Place { return &t.Place },
}

var clogTable = mapping[Clog]{
	name: "a clog",
	flow: true,
	fields: append(endFields(func(c *Clog) (from, to *Opt[string]) { return &c.From, &c.To }),
		given("at", "When it begins, from the start of the run.", duration,
			func(c *Clog) *Opt[trace.Time] { return &c.At }).must(),
		given("for", "How long it lasts.", positiveDuration,
			func(c *Clog) *Opt[trace.Time] { return &c.For }).must(),
	),
	place: func(c *Clog) *Place { return &c.Place },
}

var progressTable = mapping[Progress]{
	name: "`progress`",
	flow: true,
	fields: []field[Progress]{
		given("from", "From then on nothing goes wrong any more: what is called later must be answered, and not by unknown.", duration,
			func(p *Progress) *Opt[trace.Time] { return &p.From }).must(),
		given("within", "How long an operation may take that waits for no other.", positiveDuration,
			func(p *Progress) *Opt[trace.Time] { return &p.Within }).must(),
	},
	place: func(p *Progress) *Place { return &p.Place },
}
