//go:build unix

package program

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim"
)

// clients are all that the built-in protocol knows in a process of its own.
var clients = []string{"alice", "bob", "carol", "dave", "erin", "frank", "beaver", "alien"}

// answered is an answer as a program in Go may write it.
type answered struct {
	Memory *string     `json:"memory"`
	Disk   *string     `json:"disk"`
	State  any         `json:"state"`
	Send   []any       `json:"send,omitempty"`
	Timer  bool        `json:"timer,omitempty"`
	Retry  bool        `json:"retry,omitempty"`
	Answer interface{} `json:"answer,omitempty"`
}

// said is a proposal in JSON.
type said struct {
	ID     protocol.ID `json:"id"`
	Holder string      `json:"holder"`
}

func holderName(h protocol.Holder) string {
	if h == protocol.Free {
		return ""
	}
	return clients[h-1]
}

func holderOf(name string) protocol.Holder { return protocol.Holder(slices.Index(clients, name) + 1) }

// builtIn answers questions by the built-in protocol, in JSON that it reads and writes by
// itself.
func builtIn(rules protocol.Rules) {
	in := bufio.NewReaderSize(os.Stdin, 1<<16)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		var q struct {
			Self      string
			Instances []string
			Increment protocol.ID
			Memory    string
			Disk      string
			Event     struct {
				Type, Holder, From, Call string
				Try                      uint8
				ID                       protocol.ID
				Yes                      bool
				Accepted                 said
				Told                     protocol.ID
			}
		}
		if err := json.Unmarshal(line, &q); err != nil {
			panic(err)
		}
		c := &sim.Cluster{}
		for _, name := range q.Instances {
			c.Instances = append(c.Instances, sim.Instance{Name: name, Increment: q.Increment})
		}
		at := func(name string) protocol.Position { return protocol.Position(max(slices.Index(q.Instances, name), 0)) }
		ask := &sim.Question{Cluster: c, Self: at(q.Self), Kind: sim.AskMessage, Try: q.Event.Try}
		ask.Memory, _ = hex.DecodeString(q.Memory)
		ask.Disk, _ = hex.DecodeString(q.Disk)
		ask.Message = protocol.Message{From: at(q.Event.From), To: ask.Self, ID: q.Event.ID, Yes: q.Event.Yes, Told: q.Event.Told}
		ask.Message.Proposal = protocol.Proposal{ID: q.Event.Accepted.ID, Holder: holderOf(q.Event.Accepted.Holder)}
		switch q.Event.Type {
		case "acquire", "release":
			ask.Kind = sim.AskOperation
			kind := map[string]protocol.OperationKind{"acquire": protocol.Acquire, "release": protocol.Release}[q.Event.Type]
			ask.Operation = protocol.Operation{Kind: kind, Holder: holderOf(q.Event.Holder), Number: 1}
		case "promise":
			ask.Message.Kind = protocol.PromiseRequest
		case "promised":
			ask.Message.Kind = protocol.PromiseResponse
		case "commit":
			ask.Message.Kind = protocol.CommitRequest
			ask.Message.Proposal = protocol.Proposal{ID: q.Event.ID, Holder: holderOf(q.Event.Holder)}
		case "committed":
			ask.Message.Kind = protocol.CommitResponse
		case "failed":
			ask.Message.Kind = protocol.Failure
			ask.Message.Call = map[string]protocol.MessageKind{"promise": protocol.PromiseRequest, "commit": protocol.CommitRequest}[q.Event.Call]
		case "timeout":
			ask.Kind = sim.AskTimeout
		case "restart":
			ask.Kind = sim.AskRestart
		}
		a, err := sim.BuiltIn(rules).Step(ask)
		if err != nil {
			panic(err)
		}
		json.NewEncoder(os.Stdout).Encode(written(c, &a))
	}
}

// written is an answer in JSON.
func written(c *sim.Cluster, a *sim.Answer) answered {
	text := func(b []byte) *string {
		if b == nil {
			return nil
		}
		s := hex.EncodeToString(b)
		return &s
	}
	w := answered{Memory: text(a.Memory), Disk: text(a.Disk), Timer: a.Timer, Retry: a.Retry}
	w.State = map[string]any{"promised": a.State.Promised, "id": a.State.Accepted.ID, "holder": holderName(a.State.Accepted.Holder)}
	for _, s := range a.Send {
		m := map[string]any{"type": messageTypes[s.Kind], "to": c.Instances[s.To].Name, "id": s.ID}
		switch {
		case s.Kind == protocol.CommitRequest:
			m["holder"] = holderName(s.Proposal.Holder)
		case !s.Kind.IsRequest():
			m["yes"], m["told"] = s.Yes, s.Told
			m["accepted"] = said{s.Proposal.ID, holderName(s.Proposal.Holder)}
		}
		w.Send = append(w.Send, m)
	}
	switch a.Outcome {
	case protocol.NoOutcome:
	case protocol.Unknown:
		w.Answer = map[string]any{"outcome": "unknown"}
	default:
		w.Answer = map[string]any{"outcome": a.Outcome.String(), "holder": holderName(a.Holder)}
	}
	return w
}

// The built-in protocol in a process of its own makes the same runs as in this one, of
// every bundled scenario: nothing is lost or changed on the way.
func TestBuiltInInAProcess(t *testing.T) {
	for _, edition := range []string{"published", "sound"} {
		e, _ := protocol.EditionByName(edition)
		p := opened(t, Options{Timeout: 10 * time.Second}, "built-in", strconv.FormatUint(uint64(e.Rules), 10))
		runs := 0
		for _, entry := range scenarios.Library() {
			run := func(by sim.Program) (*scenarios.Outcome, error) {
				s, err := scenarios.Load(entry.Name, scenarios.Overrides{Edition: edition, Players: sim.Players{"": {Name: "x", Program: by}}})
				if err != nil || slices.ContainsFunc(s.Cluster.Holders, func(name string) bool { return holderOf(name) == 0 }) {
					return nil, err
				}
				return s.Run()
			}
			want, err := run(sim.BuiltIn(e.Rules))
			if err != nil || want == nil || want.Events > 5_000 {
				continue // a schedule of another protocol
			}
			got, err := run(p)
			switch {
			case err != nil || got.World.Failure() != nil:
				t.Errorf("%s, %s: %v, %v", entry.Name, edition, err, got.World.Failure())
			case got.Digest != want.Digest:
				t.Errorf("%s, %s: another run", entry.Name, edition)
			}
			runs++
		}
		if runs < 20 {
			t.Errorf("only %d scenarios were run", runs)
		}
	}
}
