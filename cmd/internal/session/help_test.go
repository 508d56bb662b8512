package session_test

import (
	"os"

	"pgregory.net/rapid"

	"skinny/cmd/internal/session"
	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/trace"
)

func writeFile(path string, data []byte) error { return os.WriteFile(path, data, 0o666) }

// anyAct is something that can be done at a point.
func anyAct(t *rapid.T, tree *session.Tree, b *session.Branch, at int) (session.Act, bool) {
	c := tree.Root().Scenario().Cluster
	instance := func(name string) protocol.Position {
		return protocol.Position(rapid.IntRange(0, c.Size()-1).Draw(t, name))
	}
	if rapid.Bool().Draw(t, "pending") {
		list := b.Moment(at).Possible(at)
		if len(list) == 0 {
			return session.Act{}, false
		}
		a := session.Act{Decision: rapid.SampledFrom(list).Draw(t, "what")}
		if a.Decision.Kind == sim.DeliverMessage {
			a.Decision.Kind = rapid.SampledFrom([]sim.DecisionKind{
				sim.DeliverMessage, sim.DropMessage, sim.CopyMessage,
			}).Draw(t, "how")
		}
		if rapid.IntRange(0, 3).Draw(t, "delay") == 0 && a.Decision.Kind != sim.DropMessage && a.Decision.Kind != sim.CopyMessage {
			a.Delay = trace.Time(rapid.IntRange(1, 50).Draw(t, "by")) * trace.Millisecond
		}
		return a, true
	}
	d := sim.Decision{Kind: rapid.SampledFrom([]sim.DecisionKind{
		sim.CrashInstance, sim.RestartInstance, sim.PauseInstance, sim.ResumeInstance,
		sim.IsolateInstance, sim.RejoinInstance, sim.CutLink, sim.HealEverything, sim.InvokeOperation,
	}).Draw(t, "fault")}
	switch d.Kind {
	case sim.HealEverything:
		return session.Act{Decision: d}, true
	case sim.CutLink:
		d.From = instance("from")
		d.To = (d.From + 1) % protocol.Position(c.Size())
		return session.Act{Decision: d}, true
	case sim.InvokeOperation:
		d.Operation = rapid.SampledFrom([]protocol.OperationKind{protocol.Acquire, protocol.Release}).Draw(t, "operation")
		d.Holder = protocol.Holder(rapid.IntRange(1, len(c.Holders)).Draw(t, "holder"))
		d.Timeout = sim.DefaultClientTimeout
	}
	d.From = instance("instance")
	return session.Act{Decision: d}, true
}

func replayedIn(t *rapid.T, b *session.Branch) *scenarios.Outcome {
	text := b.File().Encode()
	file, err := scenarios.Decode("saved.yaml", text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	s, err := file.Compile(scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	o, err := s.Run()
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return o
}
