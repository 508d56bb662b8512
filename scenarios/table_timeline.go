package scenarios

import (
	"go.yaml.in/yaml/v4"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/trace"
)

// The keys that timeline entries share.
var (
	atKey = given("at", "When, from the start of the run.", duration,
		func(d *Decision) *Opt[trace.Time] { return &d.At }).must()
	viaKey = given("via", "The instance that the client calls.", instanceRef,
		func(d *Decision) *Opt[string] { return &d.Instance }).must()
	timeoutKey = given("timeout", "How long the client waits for its answer.", positiveDuration,
		func(d *Decision) *Opt[trace.Time] { return &d.Timeout }).otherwise(FormatTime(sim.DefaultClientTimeout))
	hostKey = plain("host", "up: calls to the instance fail at once; down: they time out.",
		oneOf("states of a host", []string{hostUp, hostDown}, []bool{true, false}),
		func(d *Decision) *bool { return &d.HostUp }).otherwise(hostDown)
)

// The states of the host of a crashed instance.
const (
	hostUp   = "up"
	hostDown = "down"
)

// timelineEntry is one thing that happens at a time.
var timelineEntry = union[Decision]{
	name: "an entry of the timeline",
	variants: []variant[Decision]{
		operationVariant("acquire", "A client asks for the lock.", protocol.Acquire,
			holderKey("acquire", "The client that asks for the lock."), viaKey, timeoutKey),
		operationVariant("release", "A client gives the lock back.", protocol.Release,
			holderKey("release", "The client that gives the lock back."), viaKey, timeoutKey),
		operationVariant("status", "An operator reads one instance.", protocol.Status,
			instanceKey("status", "The instance that is read."), timeoutKey),
		faultVariant(sim.IsolateInstance, "An instance is cut from its peers, not from its clients.",
			instanceKey("isolate", "The instance that is cut from its peers; heal: the same ends it.")),
		healVariant,
		faultVariant(sim.CutLink, "A link loses everything.",
			link("cut", "The link: a -> b is one way, a <-> b both; mend: the same ends it.")),
		faultVariant(sim.MendLink, "A link works again.",
			link("mend", "The link that was cut: a -> b, or a <-> b for both ways.")),
		faultVariant(sim.SetPartition, "Messages pass only within each group.",
			several("partition", "The groups: [[a, b], [c]]; an instance in none is alone. It adds to an earlier one; heal: partition ends them.", groupList,
				func(d *Decision) *[][]Opt[string] { return &d.Groups })),
		faultVariant(sim.CrashInstance, "An instance's process ends.",
			instanceKey("crash", "The instance whose process ends."), hostKey),
		faultVariant(sim.RestartInstance, "An instance's process starts again, with or without its state: the rule durable.",
			instanceKey("restart", "The instance that starts again.")),
		faultVariant(sim.PauseInstance, "An instance freezes: what arrives waits.",
			instanceKey("pause", "The instance that freezes.")),
		faultVariant(sim.ResumeInstance, "A frozen instance goes on.",
			instanceKey("resume", "The instance that goes on.")),
	},
}

func holderKey(name, doc string) field[Decision] {
	return given(name, doc, client, func(d *Decision) *Opt[string] { return &d.Holder })
}

func instanceKey(name, doc string) field[Decision] {
	return given(name, doc, instanceRef, func(d *Decision) *Opt[string] { return &d.Instance })
}

// operationVariant is what a client does. The first field is the head.
func operationVariant(head, doc string, kind protocol.OperationKind, fields ...field[Decision]) variant[Decision] {
	return variant[Decision]{
		head:    head,
		is:      func(d *Decision) bool { return d.Kind == sim.InvokeOperation && d.Operation == kind },
		set:     func(d *Decision) { d.Kind, d.Operation = sim.InvokeOperation, kind },
		mapping: timelineMapping(doc, fields),
	}
}

// faultVariant is what goes wrong or comes right. The first field is the head.
func faultVariant(kind sim.DecisionKind, doc string, fields ...field[Decision]) variant[Decision] {
	return variant[Decision]{
		head:    fields[0].name,
		is:      func(d *Decision) bool { return d.Kind == kind },
		set:     func(d *Decision) { d.Kind = kind },
		mapping: timelineMapping(doc, fields),
	}
}

func timelineMapping(doc string, fields []field[Decision]) mapping[Decision] {
	all := append([]field[Decision]{atKey}, fields...)
	all[1] = all[1].must()
	return mapping[Decision]{
		name:   "`" + fields[0].name + "`",
		doc:    doc,
		flow:   true,
		fields: all,
		place:  func(d *Decision) *Place { return &d.Place },
	}
}

// healVariant ends an isolation, a partition, or everything.
var healVariant = func() variant[Decision] {
	v := faultVariant(sim.RejoinInstance, "What was cut works again.", field[Decision]{
		name: "heal",
		doc:  "An instance that was isolated; partition; or all, which ends every cut, isolation and partition.",
		read: func(r *decoder, n *yaml.Node, d *Decision) {
			if name, ok := instanceRef.read(r, n); ok {
				setHealed(d, Opt[string]{name, true, placeOf(n)})
			}
		},
		write:  func(d *Decision) *yaml.Node { return textNode(healedText(d)) },
		schema: instanceRef.schema,
	})
	v.is = func(d *Decision) bool {
		return d.Kind == sim.RejoinInstance || d.Kind == sim.EndPartition || d.Kind == sim.HealEverything
	}
	return v
}()

// setHealed says what a heal is about.
func setHealed(d *Decision, what Opt[string]) {
	switch what.Value {
	case wordAll:
		d.Kind = sim.HealEverything
	case wordPartition:
		d.Kind = sim.EndPartition
	default:
		d.Kind = sim.RejoinInstance
		d.Instance = what
	}
}

// healedText is what setHealed reads.
func healedText(d *Decision) string {
	switch d.Kind {
	case sim.HealEverything:
		return wordAll
	case sim.EndPartition:
		return wordPartition
	}
	return d.Instance.Value
}

// fateEntry is the fate of messages that are named.
var fateEntry = union[Fate]{
	name: "an entry of messages",
	variants: []variant[Fate]{
		fateVariant(sim.DropFate, "drop", "The messages are lost.", "The kind of message that is lost.", allKinds),
		fateVariant(sim.DelayFate, "delay", "The messages take longer.", "The kind of message that takes longer.", allKinds,
			given("by", "How much longer they take.", positiveDuration,
				func(f *Fate) *Opt[trace.Time] { return &f.By }).must()),
		fateVariant(sim.DuplicateFate, "duplicate", "The messages arrive twice.", "The kind of message that arrives twice.", allKinds,
			given("after", "How long after the message its copy arrives.", duration,
				func(f *Fate) *Opt[trace.Time] { return &f.By }).otherwise("0ms")),
		fateVariant(sim.RefuseFate, "refuse", "The calls fail at once: connection refused.", "The kind of request that is refused.", requestKinds),
	},
}

var (
	requestKinds = []protocol.MessageKind{protocol.PromiseRequest, protocol.CommitRequest}
	allKinds     = []protocol.MessageKind{protocol.PromiseRequest, protocol.PromiseResponse, protocol.CommitRequest, protocol.CommitResponse}
)

func kindNames(kinds []protocol.MessageKind) []string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = k.String()
	}
	return names
}

func fateVariant(kind sim.FateKind, head, doc, headDoc string, kinds []protocol.MessageKind, more ...field[Fate]) variant[Fate] {
	what := "kinds of message"
	if len(kinds) == len(requestKinds) {
		what = "kinds of request"
	}
	fields := []field[Fate]{
		given(head, headDoc, oneOf(what, kindNames(kinds), kinds),
			func(f *Fate) *Opt[protocol.MessageKind] { return &f.Message }).must(),
	}
	fields = append(fields, endFields(func(f *Fate) (from, to *Opt[string]) { return &f.From, &f.To })...)
	fields = append(fields, given("nth", "The message's number among its kind on its link, from 1; without it, every one.", numeral[uint32]("the number", 1, maxCount),
		func(f *Fate) *Opt[uint32] { return &f.Nth }))
	return variant[Fate]{
		head: head,
		is:   func(f *Fate) bool { return f.Kind == kind },
		set:  func(f *Fate) { f.Kind = kind },
		mapping: mapping[Fate]{
			name:   "`" + head + "`",
			doc:    doc,
			flow:   true,
			fields: append(fields, more...),
			place:  func(f *Fate) *Place { return &f.Place },
		},
	}
}
