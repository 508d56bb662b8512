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
	read    func(l *line, d *Decision) *mistake                   // from words
	write   func(d *Decision) string                              // in words, "" for nothing
	resolve func(c *lookup, d *Decision, to *sim.Decision) bool   // numbers in place of names; false: reported; may be nil
	name    func(c *sim.Cluster, from *sim.Decision, d *Decision) // names in place of numbers; may be nil
	key     func(head, about string, d *Decision) form.Field      // in a timeline; nil: it is in none
}

// The states of the host of a crashed instance.
var hostStates = []string{"up", "down"}

// The signs between instances.
const (
	arrow    = "->"
	bothWays = "<->"
	groupBar = "|"
)

// caller is the client that calls.
var caller = &operand{
	read: func(l *line, d *Decision) *mistake {
		word, m := l.take("the name of a client", "")
		if m != nil {
			return m
		}
		d.Holder = Opt[string]{Value: word.text, Given: true, Place: l.place(word.at)}
		return l.inside(word, checkHolderName(word.text))
	},
	write: func(d *Decision) string { return d.Holder.Value },
	resolve: func(c *lookup, d *Decision, to *sim.Decision) bool {
		to.Holder = c.numbers[d.Holder.Value]
		return d.Holder.Given
	},
	name: func(c *sim.Cluster, from *sim.Decision, d *Decision) { d.Holder = Some(c.HolderName(from.Holder)) },
	key:  func(head, about string, d *Decision) form.Field { return form.Key(head, about, &d.Holder, client) },
}

// instance is the instance that a decision is about.
var instance = &operand{
	read: func(l *line, d *Decision) (m *mistake) {
		d.Instance, m = l.name("an instance")
		return m
	},
	write: func(d *Decision) string { return d.Instance.Value },
	resolve: func(c *lookup, d *Decision, to *sim.Decision) (ok bool) {
		to.From, ok = c.position(d.Instance)
		return ok
	},
	name: func(c *sim.Cluster, from *sim.Decision, d *Decision) { d.Instance = Some(c.Instances[from.From].Name) },
	key: func(head, about string, d *Decision) form.Field {
		return form.Key(head, about, &d.Instance, instanceRef)
	},
}

// via is the instance that a client calls.
var via = &operand{
	read: func(l *line, d *Decision) *mistake {
		if !l.next("via") {
			word, m := l.take("`via` and an instance", "")
			if m == nil {
				m = l.wrong(word, "", "expected `via` and an instance, got %s", form.Quoted(word.text))
			}
			return m
		}
		return instance.read(l, d)
	},
	write:   func(d *Decision) string { return "via " + d.Instance.Value },
	resolve: instance.resolve,
	name:    instance.name,
	key: func(_, _ string, d *Decision) form.Field {
		return form.Key("via", "The instance that the client calls.", &d.Instance, instanceRef).Must()
	},
}

// patience is how long a client waits.
var patience = &operand{
	read: func(l *line, d *Decision) *mistake {
		if !l.next("timeout") {
			return nil
		}
		word, m := l.take("a duration", "")
		if m != nil {
			return m
		}
		t, m := positive(word.text)
		d.Timeout = Opt[trace.Time]{Value: t, Given: true, Place: l.place(word.at)}
		return l.inside(word, m)
	},
	write: func(d *Decision) string {
		if !d.Timeout.Given {
			return ""
		}
		return "timeout " + FormatTime(d.Timeout.Value)
	},
	resolve: func(_ *lookup, d *Decision, to *sim.Decision) bool {
		to.Timeout = d.Timeout.Or(sim.DefaultClientTimeout)
		return true
	},
	name: func(_ *sim.Cluster, from *sim.Decision, d *Decision) {
		d.Timeout = unless(sim.DefaultClientTimeout, from.Timeout)
	},
	key: func(_, _ string, d *Decision) form.Field {
		return form.Key("timeout", "How long the client waits for its answer.", &d.Timeout, positiveDuration).Default(FormatTime(sim.DefaultClientTimeout))
	},
}

// message is the kind of a message. A failure is the news, on its way back, that a
// call found no process.
func message(of sim.DecisionKind) *operand {
	var kinds []protocol.MessageKind
	var names []string
	for _, k := range append(allKinds, protocol.Failure) {
		if of.AllowsMessage(k) {
			kinds, names = append(kinds, k), append(names, k.String())
		}
	}
	return &operand{
		read: func(l *line, d *Decision) *mistake {
			word, m := l.take("a kind of message", form.Listed("kinds", names))
			if m != nil {
				return m
			}
			i := slices.Index(names, word.text)
			if i < 0 {
				return l.wrong(word, Suggest(word.text, "kinds", names), "%s is not what can be decided about here", form.Quoted(word.text))
			}
			d.Message = kinds[i]
			return nil
		},
		write: func(d *Decision) string { return d.Message.String() },
	}
}

// link is a link, one way or both; oneWay is that of a message.
var (
	link   = &operand{readLink(true), writeLink, resolveLink, nameLink, linkKey}
	oneWay = &operand{readLink(false), writeLink, resolveLink, nameLink, nil}
)

func readLink(both bool) func(*line, *Decision) *mistake {
	return func(l *line, d *Decision) (m *mistake) {
		from, m := l.take("an instance", "")
		if m != nil {
			return m
		}
		d.Instance = Opt[string]{Value: from.text, Given: true, Place: l.place(from.at)}
		sign, m := l.take("an arrow: ->", "")
		switch {
		case m != nil && strings.Contains(from.text, arrow):
			return l.wrong(from, "put spaces around the arrow: a -> b", "expected a link such as a -> b, got %s", form.Quoted(from.text))
		case m != nil:
			return m
		case sign.text == bothWays && both:
			d.Both = true
		case sign.text != arrow:
			return l.wrong(sign, "", "expected an arrow with spaces around it, got %s", form.Quoted(sign.text))
		}
		d.To, m = l.name("an instance")
		return m
	}
}

func writeLink(d *Decision) string {
	sign := arrow
	if d.Both {
		sign = bothWays
	}
	return d.Instance.Value + " " + sign + " " + d.To.Value
}

func resolveLink(c *lookup, d *Decision, to *sim.Decision) bool {
	from, other := false, false
	to.From, from = c.position(d.Instance)
	to.To, other = c.position(d.To)
	return from && other && c.distinct(d.Instance, d.To)
}

func nameLink(c *sim.Cluster, from *sim.Decision, d *Decision) {
	d.Instance, d.To = Some(c.Instances[from.From].Name), Some(c.Instances[from.To].Name)
}

// linkKey is a link in a timeline, which is written as in a schedule.
func linkKey(head, about string, d *Decision) form.Field {
	return form.Bind(head, about, func(r *form.Reader, n *yaml.Node) {
		text, ok := r.Text(n, "a link such as a -> b")
		if !ok {
			return
		}
		l := line{words: split(text), end: len([]rune(text)), usage: "a -> b, or both ways: a <-> b", place: func(at int) Place { return r.Within(n, at) }}
		m := readLink(true)(&l, d)
		if m == nil {
			m = l.done()
		}
		if !r.Passes(n, m) {
			d.Instance, d.To = Opt[string]{}, Opt[string]{}
		}
	}, func() *yaml.Node { return form.TextNode(writeLink(d)) },
		form.Word("", namePattern+` +<?-> +`+namePattern).Schema)
}

// nth is [#N[/W]], the number of a message.
var nth = &operand{
	read: func(l *line, d *Decision) *mistake {
		word, given := l.more()
		if !given {
			return nil
		}
		nth, which, several := strings.Cut(word.text, "/")
		var m *mistake
		if d.Nth, m = l.count(word, nth); m == nil && several {
			d.Which, m = l.count(word, "#"+which)
		}
		return m
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
	read: func(l *line, d *Decision) (m *mistake) {
		if word, given := l.more(); given {
			d.Number, m = l.count(word, word.text)
		}
		return m
	},
	write:   func(d *Decision) string { return numberText(d.Number) },
	resolve: func(c *lookup, d *Decision, _ *sim.Decision) bool { return c.isOwn(d) },
}

func numberText(number uint32) string {
	if number == 0 {
		return ""
	}
	return fmt.Sprintf("#%d", number)
}

// whose is HOLDER [#OP], or #OP alone: an operation by its client or its number.
var whose = &operand{
	read: func(l *line, d *Decision) (m *mistake) {
		if len(l.words) == 0 || !strings.HasPrefix(l.words[0].text, "#") {
			if d.Holder, m = l.name("a client or the number of an operation"); m != nil {
				return m
			}
		}
		return number.read(l, d)
	},
	write: func(d *Decision) string {
		return strings.TrimSpace(d.Holder.Value + " " + numberText(d.Number))
	},
	resolve: func(c *lookup, d *Decision, to *sim.Decision) (ok bool) {
		to.Holder, ok = c.whose(d)
		return ok
	},
	name: func(c *sim.Cluster, from *sim.Decision, d *Decision) {
		d.Holder = unless("", c.HolderName(from.Holder))
	},
}

// host is [host up|down].
var host = &operand{
	read: func(l *line, d *Decision) *mistake {
		if !l.next("host") {
			return nil
		}
		word, m := l.take("up or down", "")
		switch {
		case m != nil:
			return m
		case !slices.Contains(hostStates, word.text):
			return l.wrong(word, "", "the host is up or down, not %s", form.Quoted(word.text))
		}
		d.HostUp = word.text == hostStates[0]
		return nil
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
	read: func(l *line, d *Decision) *mistake {
		var group []Opt[string]
		for {
			word, given := l.more()
			switch {
			case given && word.text != groupBar:
				group = append(group, Opt[string]{Value: word.text, Given: true, Place: l.place(word.at)})
				continue
			case len(group) == 0 && given:
				return l.wrong(word, "", "a group without instances")
			case len(group) == 0:
				return l.wrong(token{at: l.end}, "", "a group without instances")
			}
			d.Groups = append(d.Groups, group)
			if group = nil; !given {
				return nil
			}
		}
	},
	write: func(d *Decision) string {
		var words []string
		for i, group := range d.Groups {
			if i > 0 {
				words = append(words, groupBar)
			}
			for _, name := range group {
				words = append(words, name.Value)
			}
		}
		return strings.Join(words, " ")
	},
	resolve: func(c *lookup, d *Decision, to *sim.Decision) (ok bool) {
		to.Groups, ok = c.groups(d)
		return ok
	},
	name: func(c *sim.Cluster, from *sim.Decision, d *Decision) {
		for _, set := range from.Groups {
			var group []Opt[string]
			for ; set != 0; set = set.Without(set.First()) {
				group = append(group, Some(c.Instances[set.First()].Name))
			}
			d.Groups = append(d.Groups, group)
		}
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

// healed is what a heal in a timeline is about: an instance, or the second word of
// another kind.
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
