package scenarios

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"skinny/protocol"
	"skinny/scenarios/form"
	"skinny/sim"
	"skinny/sim/trace"
)

// operand is a part of a decision behind its verb.
type operand struct {
	read  func(l *line, d *Decision)                       // from words
	write func(d *Decision) string                         // in words, "" for nothing
	key   func(head, about string, d *Decision) form.Field // in a timeline; nil: it is in none
}

// The states of the host of a crashed instance.
var hostStates = []string{"up", "down"}

// The signs between instances.
const (
	arrow    = "->"
	bothWays = "<->"
	groupBar = "|"
)

var caller = &operand{
	read: func(l *line, d *Decision) {
		word := l.take("the name of a client", "")
		d.Holder = l.name(word)
		l.inside(word, checkHolderName(word.text))
	},
	write: func(d *Decision) string { return d.Holder.Value },
	key:   func(head, about string, d *Decision) form.Field { return form.Key(head, about, &d.Holder, client) },
}

var instance = &operand{
	read:  func(l *line, d *Decision) { d.Instance = l.name(l.take("an instance", "")) },
	write: func(d *Decision) string { return d.Instance.Value },
	key: func(head, about string, d *Decision) form.Field {
		return form.Key(head, about, &d.Instance, instanceRef)
	},
}

var via = &operand{
	read: func(l *line, d *Decision) {
		if word := l.take("`via` and an instance", ""); word.text != "via" {
			l.wrong(word, "", "expected `via` and an instance, got %s", form.Quoted(word.text))
		}
		instance.read(l, d)
	},
	write: func(d *Decision) string { return "via " + d.Instance.Value },
	key: func(_, _ string, d *Decision) form.Field {
		return form.Key("via", "The instance that the client calls.", &d.Instance, instanceRef).Must()
	},
}

// patience is how long a client waits.
var patience = &operand{
	read: func(l *line, d *Decision) {
		if l.next("timeout") {
			word := l.take("a duration", "")
			t, m := positive(word.text)
			d.Timeout = Opt[trace.Time]{Value: t, Given: true, Place: l.place(word.at)}
			l.inside(word, m)
		}
	},
	write: func(d *Decision) string {
		if !d.Timeout.Given {
			return ""
		}
		return "timeout " + FormatTime(d.Timeout.Value)
	},
	key: func(_, _ string, d *Decision) form.Field {
		return form.Key("timeout", "How long the client waits for its answer.", &d.Timeout, positiveDuration).Default(FormatTime(sim.DefaultClientTimeout))
	},
}

// message is the kind of a message. A failure is the news that a call found no process.
func message(of sim.DecisionKind) *operand {
	kinds := slices.DeleteFunc(append(slices.Clone(allKinds), protocol.Failure), func(k protocol.MessageKind) bool { return !of.AllowsMessage(k) })
	names := form.Each(kinds, protocol.MessageKind.String)
	return &operand{
		read: func(l *line, d *Decision) {
			word := l.take("a kind of message", form.Listed("kinds", names))
			if i := slices.Index(names, word.text); i >= 0 {
				d.Message = kinds[i]
			} else {
				l.wrong(word, Suggest(word.text, "kinds", names), "%s is not what can be decided about here", form.Quoted(word.text))
			}
		},
		write: func(d *Decision) string { return d.Message.String() },
	}
}

// link is a link, one way or both; oneWay is that of a message.
var (
	link   = &operand{readLink(true), writeLink, linkKey}
	oneWay = &operand{readLink(false), writeLink, nil}
)

func readLink(both bool) func(*line, *Decision) {
	return func(l *line, d *Decision) {
		from := l.take("an instance", "")
		if strings.Contains(from.text, arrow) {
			l.wrong(from, "put spaces around the arrow: a -> b", "expected a link such as a -> b, got %s", form.Quoted(from.text))
		}
		sign := l.take("an arrow: ->", "")
		d.Both = both && sign.text == bothWays
		if !d.Both && sign.text != arrow {
			l.wrong(sign, "", "expected an arrow with spaces around it, got %s", form.Quoted(sign.text))
		}
		d.Instance, d.To = l.name(from), l.name(l.take("an instance", ""))
	}
}

func writeLink(d *Decision) string {
	sign := arrow
	if d.Both {
		sign = bothWays
	}
	return d.Instance.Value + " " + sign + " " + d.To.Value
}

// linkKey is a link in a timeline, which is written as in a schedule.
func linkKey(head, about string, d *Decision) form.Field {
	return form.Bind(head, about, func(r *form.Reader, n *yaml.Node) {
		text, ok := r.Text(n, "a link such as a -> b")
		if !ok {
			return
		}
		l := line{words: split(text), end: len([]rune(text)), usage: "a -> b, or both ways: a <-> b", place: func(at int) Place { return r.Within(n, at) }}
		readLink(true)(&l, d)
		if !r.Passes(n, l.done()) {
			d.Instance, d.To = Opt[string]{}, Opt[string]{}
		}
	}, func() *yaml.Node { return form.TextNode(writeLink(d)) },
		form.Word("", namePattern+` +<?-> +`+namePattern).Schema)
}

// nth is [#N[/W]], the number of a message.
var nth = &operand{
	read: func(l *line, d *Decision) {
		if len(l.words) > 0 {
			word := l.take("", "")
			nth, which, several := strings.Cut(word.text, "/")
			if d.Nth = l.count(word, nth); several {
				d.Which = l.count(word, "#"+which)
			}
		}
	},
	write: func(d *Decision) string {
		if d.Which > 0 {
			return fmt.Sprintf("%s/%d", numberText(d.Nth), d.Which)
		}
		return numberText(d.Nth)
	},
}

// number is [#OP], the number of an operation.
var number = &operand{
	read: func(l *line, d *Decision) {
		if len(l.words) > 0 {
			word := l.take("", "")
			d.Number = l.count(word, word.text)
		}
	},
	write: func(d *Decision) string { return numberText(d.Number) },
}

func numberText(number uint32) string {
	if number == 0 {
		return ""
	}
	return fmt.Sprintf("#%d", number)
}

// whose is HOLDER [#OP], or #OP alone: an operation by its client or its number.
var whose = &operand{
	read: func(l *line, d *Decision) {
		if len(l.words) == 0 || !strings.HasPrefix(l.words[0].text, "#") {
			d.Holder = l.name(l.take("a client or the number of an operation", ""))
		}
		number.read(l, d)
	},
	write: func(d *Decision) string {
		return strings.TrimSpace(d.Holder.Value + " " + numberText(d.Number))
	},
}

// host is [host up|down].
var host = &operand{
	read: func(l *line, d *Decision) {
		if l.next("host") {
			word := l.take("up or down", "")
			if d.HostUp = word.text == hostStates[0]; !slices.Contains(hostStates, word.text) {
				l.wrong(word, "", "the host is up or down, not %s", form.Quoted(word.text))
			}
		}
	},
	write: func(d *Decision) string {
		if d.HostUp {
			return "host " + hostStates[0]
		}
		return ""
	},
	key: func(_, _ string, d *Decision) form.Field {
		return form.Plain("host", "up: calls to the instance fail at once; down: they time out.", &d.HostUp,
			form.Choice("states of a host", hostStates, []bool{true, false}), func(up bool) bool { return !up }).Default(hostStates[1])
	},
}

// groups is the groups of a partition: a b | c.
var groups = &operand{
	read: func(l *line, d *Decision) {
		const none = "a group without instances"
		var group []Opt[string]
		for len(l.words) > 0 {
			switch word := l.take("", ""); {
			case word.text != groupBar:
				group = append(group, l.name(word))
			case len(group) == 0:
				l.wrong(word, "", none)
			default:
				d.Groups, group = append(d.Groups, group), nil
			}
		}
		if len(group) == 0 {
			l.wrong(token{at: l.end}, "", none)
		}
		d.Groups = append(d.Groups, group)
	},
	write: func(d *Decision) string {
		name := func(o Opt[string]) string { return o.Value }
		words := func(group []Opt[string]) string { return strings.Join(form.Each(group, name), " ") }
		return strings.Join(form.Each(d.Groups, words), " "+groupBar+" ")
	},
	key: func(head, about string, d *Decision) form.Field {
		v := form.Flow(form.List("a list of groups, such as [[a, b], [c]]", form.Flow(instanceList)))
		v.Schema = func() form.Object {
			return listSchema(listSchema(form.Object{{Name: "type", Value: "string"}}))
		}
		return form.Many(head, about, &d.Groups, v)
	},
}

// listSchema is a list that is not empty.
func listSchema(items form.Object) form.Object {
	return form.Object{{Name: "type", Value: "array"}, {Name: "minItems", Value: 1}, {Name: "items", Value: items}}
}

// healed is what a heal is about: an instance, or the second word of another kind.
func healed(head, about string, d *Decision) form.Field {
	return form.Bind(head, about, func(r *form.Reader, n *yaml.Node) {
		what, ok := instanceRef.Read(r, n)
		if other := rowOf(head + " " + what); other != nil {
			other.set(d)
		} else if ok {
			d.Instance = Opt[string]{Value: what, Given: true, Place: form.PlaceOf(n)}
		}
	}, func() *yaml.Node { return form.TextNode(strings.TrimPrefix(d.phrase(), head+" ")) }, instanceRef.Schema)
}
