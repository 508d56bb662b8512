package scenarios

import (
	"bytes"
	"encoding/json"
	"fmt"

	"skinny/protocol"
	"skinny/scenarios/form"
	"skinny/sim"
	"skinny/sim/trace"
)

// IsTrace reports whether a text is a trace, as `--trace` writes it.
func IsTrace(data []byte) bool { return bytes.HasPrefix(data, []byte(`{"format":1,"title":`)) }

// traceHead is the first line of a trace.
type traceHead struct {
	Title     string
	Edition   string
	Rules     []string
	Seed      uint64
	Instances []struct {
		Name      string
		Increment uint64
		TimeoutNs trace.Time `json:"timeout_ns"`
	}
}

// traceLine is what has to be known of an event to find the decision that made it.
type traceLine struct {
	text      []byte     // all of it, with its end
	TimeNs    trace.Time `json:"time_ns"`
	Kind      string
	Reason    string
	Instance  string
	Peer      string
	Cause     int
	HostUp    bool `json:"host_up"`
	Direct    bool
	Groups    [][]string
	Operation struct {
		N      uint32
		Op     string
		Holder string
	}
}

// FromTrace is a file whose schedule gives the events of a trace. A trace says what
// happened and not what was decided, so the decisions are found out: each is one
// that, in the world so far, makes just the events that come next. The error names
// the line for which there is none.
func FromTrace(name string, data []byte) (*File, error) {
	head, lines, err := readTrace(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	s, err := head.scenario(lines)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	r := &retracer{lines: lines, header: s.Header()}
	r.world.Reset(s.Cluster)
	var decisions []sim.Decision
	for r.at < len(lines) {
		d, ok := r.next()
		if !ok {
			return nil, fmt.Errorf("%s:%d: no decision makes this event: %s\n  the trace is of another version of Skinny, or something is missing",
				name, r.at+2, bytes.TrimSpace(lines[r.at].text))
		}
		decisions = append(decisions, d)
	}
	return FromDecisions(s, decisions), nil
}

func readTrace(data []byte) (*traceHead, []traceLine, error) {
	texts := bytes.SplitAfter(data, []byte("\n"))
	var head traceHead
	if err := json.Unmarshal(texts[0], &head); err != nil {
		return nil, nil, fmt.Errorf("the first line is no head of a trace: %w", err)
	}
	var lines []traceLine
	for i, text := range texts[1:] {
		if len(bytes.TrimSpace(text)) == 0 {
			continue
		}
		text = append(bytes.TrimSpace(text), '\n')
		l := traceLine{text: text}
		if err := json.Unmarshal(text, &l); err != nil {
			return nil, nil, fmt.Errorf("line %d is no event: %w", i+2, err)
		}
		lines = append(lines, l)
	}
	return &head, lines, nil
}

// scenario is the cluster that a trace is of, as far as the trace tells: whose
// answers take time, and whether clients are far away, is seen by what happens.
func (h *traceHead) scenario(lines []traceLine) (*Scenario, error) {
	edition, ok := protocol.EditionByName(h.Edition)
	if !ok {
		return nil, fmt.Errorf("unknown edition %s\n  %s", form.Quoted(h.Edition), Suggest(h.Edition, "editions", editionNames()))
	}
	if n := len(h.Instances); n < 2 || n > protocol.MaxSize {
		return nil, fmt.Errorf("a cluster has 2 to %d instances, not %d", protocol.MaxSize, n)
	}
	s := &Scenario{Title: h.Title, Edition: edition.Name, Seed: h.Seed, Cluster: &sim.Cluster{}}
	for _, name := range h.Rules {
		rule, ok := protocol.RuleByName(name)
		if !ok {
			return nil, fmt.Errorf("unknown rule %s\n  %s", form.Quoted(name), Suggest(name, "rules", ruleNames()))
		}
		s.Cluster.Rules |= rule.Rule
	}
	c := newCompiler(&File{}, false)
	works := map[string]bool{}
	for i := range lines {
		l := &lines[i]
		works[l.Instance] = works[l.Instance] || l.Kind == trace.Reply.String()
		if l.Operation.Holder != "" {
			c.holder(l.Operation.Holder)
		}
		if cause := l.Cause - 1; l.Kind == trace.Receive.String() && cause >= 0 && cause < len(lines) && lines[cause].Kind == trace.Answer.String() {
			s.Cluster.ClientLatency = max(l.TimeNs-lines[cause].TimeNs, 1)
		}
	}
	for _, i := range h.Instances {
		in := sim.Instance{Name: i.Name, Increment: protocol.ID(i.Increment), Timeout: i.TimeoutNs}
		if works[i.Name] {
			in.PromiseDelay = sim.Range{Low: 1, High: 1} // in a schedule it counts only that it takes time
		}
		s.Cluster.Instances = append(s.Cluster.Instances, in)
	}
	s.Cluster.Holders = c.holders
	return s, nil
}

// retracer goes through a trace with a world that does the same.
type retracer struct {
	world  sim.World
	trial  sim.World
	lines  []traceLine
	at     int // lines that have been made
	header *trace.Header
	log    trace.Log
	line   []byte
}

// next finds the decision that makes the events that come next, and takes it.
func (r *retracer) next() (sim.Decision, bool) {
	l := &r.lines[r.at]
	for _, d := range r.candidates(l) {
		d.At, d.Timed = l.TimeNs, true
		if made := r.makes(&d); made > 0 {
			r.world, r.trial = r.trial, r.world
			r.at += made
			return d, true
		}
	}
	// A call that finds its instance crashed makes no event: only the news of it do.
	for _, d := range r.world.Possible() {
		d.At, d.Timed = r.world.Now(), true
		if d.Kind == sim.DeliverCall && r.makes(&d) == 0 {
			r.world, r.trial = r.trial, r.world
			return d, true
		}
	}
	return sim.Decision{}, false
}

// makes tries a decision at its time, and returns the number of events if they are
// those that come next, or else -1.
func (r *retracer) makes(d *sim.Decision) int {
	if d.At < r.world.Now() {
		return -1
	}
	r.log.Events = r.log.Events[:0]
	r.trial.CopyFrom(&r.world)
	r.trial.Observe(&r.log)
	r.trial.ClearCreated()
	r.trial.SetClock(d.At)
	if !r.trial.Take(d) || len(r.log.Events) > len(r.lines)-r.at {
		return -1
	}
	for i := range r.log.Events {
		r.line = r.header.AppendEvent(r.line[:0], &r.log.Events[i])
		if !bytes.Equal(r.line, r.lines[r.at+i].text) {
			return -1
		}
	}
	return len(r.log.Events)
}

// decisionsByKind are the decisions that are events of their own.
var decisionsByKind = map[string]sim.DecisionKind{
	trace.Crash.String():     sim.CrashInstance,
	trace.Restart.String():   sim.RestartInstance,
	trace.Pause.String():     sim.PauseInstance,
	trace.Resume.String():    sim.ResumeInstance,
	trace.Isolate.String():   sim.IsolateInstance,
	trace.Rejoin.String():    sim.RejoinInstance,
	trace.Cut.String():       sim.CutLink,
	trace.Mend.String():      sim.MendLink,
	trace.Partition.String(): sim.SetPartition,
	trace.Unite.String():     sim.EndPartition,
	trace.HealAll.String():   sim.HealEverything,
}

// candidates are the decisions that may have made an event.
func (r *retracer) candidates(l *traceLine) []sim.Decision {
	if l.Kind == trace.Call.String() {
		return []sim.Decision{r.call(l)}
	}
	if kind, ok := decisionsByKind[l.Kind]; ok {
		d := sim.Decision{Kind: kind, From: r.position(l.Instance), To: r.position(l.Peer), HostUp: l.HostUp}
		for _, names := range l.Groups {
			var group protocol.Set
			for _, name := range names {
				group = group.With(r.position(name))
			}
			d.Groups = append(d.Groups, group)
		}
		return []sim.Decision{d}
	}
	var list []sim.Decision
	for _, d := range r.world.Possible() {
		if d.Kind == sim.DeliverMessage {
			switch {
			case l.Kind == trace.Lose.String() && l.Reason == "dropped":
				d.Kind = sim.DropMessage
			case l.Kind == trace.Duplicate.String():
				d.Kind = sim.CopyMessage
			case l.Reason == "refused" || l.Kind == trace.Hold.String() || l.Kind == trace.Ignore.String():
				if d.Message.IsRequest() {
					refuse := d
					refuse.Kind = sim.RefuseMessage
					list = append(list, refuse)
				}
			}
		}
		list = append(list, d)
	}
	return list
}

// call is the decision that started an operation. How long its client waits is
// known if that ended.
func (r *retracer) call(l *traceLine) sim.Decision {
	d := sim.Decision{Kind: sim.InvokeOperation, From: r.position(l.Instance), Timeout: sim.DefaultClientTimeout}
	for _, kind := range []protocol.OperationKind{protocol.Acquire, protocol.Release, protocol.Status} {
		if kind.String() == l.Operation.Op {
			d.Operation = kind
		}
	}
	for i, name := range r.header.Holders {
		if name == l.Operation.Holder {
			d.Holder = protocol.Holder(i + 1)
		}
	}
	for i := r.at; i < len(r.lines); i++ {
		if other := &r.lines[i]; other.Kind == trace.GiveUp.String() && other.Operation.N == l.Operation.N && other.TimeNs > l.TimeNs {
			d.Timeout = other.TimeNs - l.TimeNs
		}
	}
	return d
}

func (r *retracer) position(name string) protocol.Position {
	for i, n := range r.header.Instances {
		if n == name {
			return protocol.Position(i)
		}
	}
	return 0
}
