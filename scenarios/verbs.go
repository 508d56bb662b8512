package scenarios

import (
	"fmt"
	"strings"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/trace"
)

// decidable is the messages that a schedule decides about. A failure is the news,
// on its way back, that a call has met nobody.
var decidable = append(append([]protocol.MessageKind(nil), allKinds...), protocol.Failure)

// verbs are all decisions.
var verbs = []verb{
	{"acquire", "acquire HOLDER via a [timeout 5s]", "a client asks an instance for the lock", operationVerb(protocol.Acquire)},
	{"release", "release HOLDER via a [timeout 5s]", "a client gives the lock back", operationVerb(protocol.Release)},
	{"status", "status a [timeout 5s]", "an operator reads an instance", func(l *line, d *Decision) *mistake {
		d.Operation = protocol.Status
		return l.called(d)
	}},
	{"deliver", "deliver KIND a -> c [#N[/W]], or: deliver call|answer HOLDER [#OP]", "a message arrives", deliver},
	{"drop", "drop KIND a -> c [#N[/W]]", "a message is lost", messageVerb(sim.DropMessage, decidable)},
	{"duplicate", "duplicate KIND a -> c [#N[/W]]", "a copy of a message is made", messageVerb(sim.CopyMessage, decidable)},
	{"refuse", "refuse KIND a -> c [#N[/W]]", "a call fails at once: connection refused", messageVerb(sim.RefuseMessage, requestKinds)},
	{"timeout", "timeout a", "every unanswered call of an instance's running phase fails", instanceVerb(sim.FireDeadline)},
	{"wake", "wake a [#OP]", "the retry after a backoff begins", func(l *line, d *Decision) *mistake {
		d.Kind = sim.FireWake
		if m := l.instance(d); m != nil {
			return m
		}
		return l.operationNumber(d)
	}},
	{"finish", "finish a", "an instance that has worked on a promise request (promise-delay) answers it", instanceVerb(sim.FireWork)},
	{"give-up", "give-up HOLDER [#OP], or: give-up #OP", "a client stops waiting for its answer", func(l *line, d *Decision) *mistake {
		d.Kind = sim.FireGiveUp
		return l.whose(d)
	}},
	{"crash", "crash a [host up|down]", "an instance's process ends", crash},
	{"restart", "restart a", "an instance's process starts again", instanceVerb(sim.RestartInstance)},
	{"pause", "pause a", "an instance freezes", instanceVerb(sim.PauseInstance)},
	{"resume", "resume a", "a frozen instance goes on", instanceVerb(sim.ResumeInstance)},
	{"isolate", "isolate a", "an instance is cut from its peers", instanceVerb(sim.IsolateInstance)},
	{"cut", "cut a -> b, or both ways: cut a <-> b", "a link loses everything", linkVerb(sim.CutLink)},
	{"mend", "mend a -> b, or both ways: mend a <-> b", "a link works again", linkVerb(sim.MendLink)},
	{"partition", "partition a b | c", "messages pass only within each group", func(l *line, d *Decision) *mistake {
		d.Kind = sim.SetPartition
		return l.groups(d)
	}},
	{"heal", "heal a, or: heal partition, or: heal all", "what was cut works again", func(l *line, d *Decision) *mistake {
		what, m := l.name("an instance, `partition` or `all`")
		setHealed(d, what)
		return m
	}},
}

func operationVerb(kind protocol.OperationKind) func(*line, *Decision) *mistake {
	return func(l *line, d *Decision) *mistake {
		d.Operation = kind
		return l.invocation(d)
	}
}

func instanceVerb(kind sim.DecisionKind) func(*line, *Decision) *mistake {
	return func(l *line, d *Decision) *mistake {
		d.Kind = kind
		return l.instance(d)
	}
}

func linkVerb(kind sim.DecisionKind) func(*line, *Decision) *mistake {
	return func(l *line, d *Decision) *mistake {
		d.Kind = kind
		return l.link(d, true)
	}
}

func messageVerb(kind sim.DecisionKind, kinds []protocol.MessageKind) func(*line, *Decision) *mistake {
	return func(l *line, d *Decision) *mistake {
		d.Kind = kind
		return l.message(d, kinds)
	}
}

func deliver(l *line, d *Decision) *mistake {
	switch {
	case l.next("call"):
		d.Kind = sim.DeliverCall
		return l.whose(d)
	case l.next("answer"):
		d.Kind = sim.DeliverAnswer
		return l.whose(d)
	}
	d.Kind = sim.DeliverMessage
	return l.message(d, decidable)
}

func crash(l *line, d *Decision) *mistake {
	d.Kind = sim.CrashInstance
	if m := l.instance(d); m != nil || !l.next("host") {
		return m
	}
	word, m := l.take("up or down", "")
	switch {
	case m != nil:
		return m
	case word.text != hostUp && word.text != hostDown:
		return l.wrong(word, "", "the host is up or down, not %s", quoted(word.text))
	}
	d.HostUp = word.text == hostUp
	return nil
}

// positive is parseSpan without 0.
func positive(text string) (trace.Time, *mistake) {
	t, m := parseSpan(text)
	if m == nil && t == 0 {
		m = &mistake{what: "the duration has to be longer than 0", hint: "the shortest is 1ns"}
	}
	return t, m
}

// String is the decision in words, as a schedule has it.
func (d *Decision) String() string {
	text := d.phrase()
	if d.At.Given {
		text = "@" + FormatTime(d.At.Value) + " " + text
	}
	return text
}

// phrase is the decision without its time.
func (d *Decision) phrase() string {
	a := d.Instance.Value
	switch d.Kind {
	case sim.DeliverMessage:
		return "deliver " + d.messageText()
	case sim.DropMessage:
		return "drop " + d.messageText()
	case sim.CopyMessage:
		return "duplicate " + d.messageText()
	case sim.RefuseMessage:
		return "refuse " + d.messageText()
	case sim.DeliverCall:
		return "deliver call" + d.whoseText()
	case sim.DeliverAnswer:
		return "deliver answer" + d.whoseText()
	case sim.FireGiveUp:
		return "give-up" + d.whoseText()
	case sim.FireDeadline:
		return "timeout " + a
	case sim.FireWake:
		return "wake " + a + numberText(d.Number)
	case sim.FireWork:
		return "finish " + a
	case sim.InvokeOperation:
		return d.operationText()
	case sim.CrashInstance:
		if d.HostUp {
			return "crash " + a + " host " + hostUp
		}
		return "crash " + a
	case sim.RestartInstance:
		return "restart " + a
	case sim.PauseInstance:
		return "pause " + a
	case sim.ResumeInstance:
		return "resume " + a
	case sim.IsolateInstance:
		return "isolate " + a
	case sim.CutLink:
		return "cut " + linkText(d)
	case sim.MendLink:
		return "mend " + linkText(d)
	case sim.SetPartition:
		return "partition " + d.groupsText()
	case sim.RejoinInstance, sim.EndPartition, sim.HealEverything:
		return "heal " + healedText(d)
	}
	panic(fmt.Sprintf("scenarios: a decision of no kind: %+v", *d))
}

func (d *Decision) messageText() string {
	text := d.Message.String() + " " + linkText(d) + numberText(d.Nth)
	if d.Which > 0 {
		text += fmt.Sprintf("/%d", d.Which)
	}
	return text
}

// whoseText names an operation by its client or its number.
func (d *Decision) whoseText() string {
	if d.Holder.Given {
		return " " + d.Holder.Value + numberText(d.Number)
	}
	return numberText(d.Number)
}

func (d *Decision) operationText() string {
	text := d.Operation.String() + " "
	if d.Operation != protocol.Status {
		text += d.Holder.Value + " via "
	}
	text += d.Instance.Value
	if d.Timeout.Given {
		text += " timeout " + FormatTime(d.Timeout.Value)
	}
	return text
}

func (d *Decision) groupsText() string {
	groups := make([]string, len(d.Groups))
	for i, group := range d.Groups {
		names := make([]string, len(group))
		for k, name := range group {
			names[k] = name.Value
		}
		groups[i] = strings.Join(names, " ")
	}
	return strings.Join(groups, " "+groupBar+" ")
}

func numberText(number uint32) string {
	if number == 0 {
		return ""
	}
	return fmt.Sprintf(" #%d", number)
}
