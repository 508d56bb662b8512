package scenarios

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"skinny/protocol"
	"skinny/scenarios/form"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/explore"
	"skinny/sim/quiz"
	"skinny/sim/swarm"
	"skinny/sim/trace"
)

// withoutPlaces is a file as a program would have made it.
func withoutPlaces(f *File) *File {
	bare := *f
	bare.source = nil
	clearPlaces(reflect.ValueOf(&bare).Elem())
	return &bare
}

func clearPlaces(v reflect.Value) {
	switch v.Kind() {
	case reflect.Slice:
		if v.Len() == 0 {
			return
		}
		fresh := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(fresh, v)
		v.Set(fresh)
		for i := range v.Len() {
			clearPlaces(v.Index(i))
		}
	case reflect.Array:
		for i := range v.Len() {
			clearPlaces(v.Index(i))
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[Place]() {
			v.SetZero()
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				clearPlaces(v.Field(i))
			}
		}
	}
}

// roundTrip writes a file and reads it again.
func roundTrip(t interface{ Fatalf(string, ...any) }, f *File) {
	text := f.Encode()
	again, err := Decode("again.yaml", text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if want, got := withoutPlaces(f), withoutPlaces(again); !reflect.DeepEqual(want, got) {
		t.Fatalf("got %+v\nwant %+v\n%s", got, want, text)
	}
	if second := again.Encode(); !bytes.Equal(text, second) {
		t.Fatalf("written twice, it differs:\n%s\n%s", text, second)
	}
}

// TestEncodeLibrary writes the bundled scenarios and reads them again.
func TestEncodeLibrary(t *testing.T) {
	for _, e := range append(Library(), Entry{Name: "template", Data: Template()}, Entry{Name: "rough", Data: []byte(rough)}, Entry{Name: "stormy", Data: []byte(stormy)}) {
		f, err := e.Decode()
		if err != nil {
			t.Fatal(err)
		}
		roundTrip(t, f)
	}
}

// everyKey has what the other files that are shown have not.
const everyKey = `format: 1
title: Everything
quorums: {promise: 3, commit: 2}
instances: [{name: a, increment: 5, timeout: 100ms, promise-timeout: 20ms, promise-delay: 1ms, rules: {durable: false}}, b, c, d, e, f, g, h, i]
program: {b: mine, c: theirs.py}
timeline:
  - {wipe: a, at: 1ms}
  - {at: 2ms, torn: b, host: up}
  - {at: 3ms, partition: [[a, b], [c, d]]}
  - {at: 4ms, cut: a   -> b}
  - {at: 5s, status: c}
faults: {profile: network, crashes: 2, cuts: 0..3, loss: 5%, duplication: 0%..2.5%, patience: 1ms, hold: 1ms..5000us}
events: 1000
explore: {losses: 2, crashes: 0, events: 30}
expect:
  - {instance: a, up: off, id: 0}
  - {holder: null, on: 4}
  - {operation: 1, outcome: none}
  - {property: progress, is: undecided}
progress: {from: 1s, within: 1s}
`

// TestEncodeStyle shows what a written file looks like.
func TestEncodeStyle(t *testing.T) {
	f, err := Decode("rough.yaml", []byte(rough))
	if err != nil {
		t.Fatal(err)
	}
	f.About = Some("One line.\nAnother one.\n")
	f.Expect = []Expectation{{Holder: Some(""), On: Some(OnMajority)}}
	text := f.Encode()
	text = append(text, "---\n"...)
	text = append(text, (&File{
		Format:    Some[uint32](Format),
		Title:     Some("A schedule: with a colon"),
		Instances: []Instance{{Name: Some("a")}, {Name: Some("no")}},
		Schedule: Some([]Decision{
			{Kind: sim.InvokeOperation, Operation: protocol.Acquire, Holder: Some("on"), Instance: Some("no")},
			{Kind: sim.DropMessage, Message: protocol.PromiseRequest, Instance: Some("no"), To: Some("a"), Nth: 1, At: Some(12_500 * trace.Microsecond)},
		}),
		Then: Some(true),
	}).Encode()...)
	for size := 8; size <= 9; size++ { // of which the larger is written in lines
		f := &File{Format: Some[uint32](Format), Title: Some("Bare names")}
		for i := range size {
			f.Instances = append(f.Instances, Instance{Name: Some(fmt.Sprint("n", i))})
		}
		text = append(append(text, "---\n"...), f.Encode()...)
	}
	for _, e := range []Entry{{Name: "stormy", Data: []byte(stormy)}, {Name: "everything", Data: []byte(everyKey)}, {Name: "template", Data: Template()}} {
		f, err := e.Decode()
		if err != nil {
			t.Fatal(err)
		}
		text = append(append(text, "---\n"...), f.Encode()...)
	}
	for _, name := range []string{"learn/two-winners", "exercises/predict-1", "exercises/shortest-1"} {
		e, err := Find(name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := e.Decode()
		if err != nil {
			t.Fatal(err)
		}
		text = append(append(text, "---\n"...), f.Encode()...)
	}
	golden(t, "style.golden", text)
}

// TestEncodeIdentity writes arbitrary files and reads them again.
func TestEncodeIdentity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { roundTrip(t, drawFile(t)) })
}

// maybe draws a value that may not be given.
func maybe[V any](t *rapid.T, name string, g *rapid.Generator[V]) Opt[V] {
	if !rapid.Bool().Draw(t, name+" given") {
		return Opt[V]{}
	}
	return Some(g.Draw(t, name))
}

var (
	anyTime = rapid.Map(rapid.Int64Range(0, int64(longest)), func(n int64) trace.Time { return trace.Time(n) })
	shares  = rapid.Map(rapid.Uint32Range(0, uint32(everything)), func(n uint32) Share { return Share(n) })
	spans   = rapid.Custom(func(t *rapid.T) sim.Range {
		low := anyTime.Draw(t, "low")
		return sim.Range{Low: low, High: trace.Time(rapid.Int64Range(int64(low), int64(longest)).Draw(t, "high"))}
	})
	waits = rapid.Map(rapid.Int64Range(1, int64(longest)), func(n int64) trace.Time { return trace.Time(n) })
	lines = rapid.StringOf(rapid.Rune().Filter(form.Visible))
	texts = rapid.StringOf(rapid.OneOf(rapid.Rune(), rapid.SampledFrom([]rune("\n\n\t  #:-'\"|>")))).
		Filter(func(s string) bool {
			for _, c := range s {
				if !form.Visible(c) && c != '\n' && c != '\t' {
					return false
				}
			}
			return true
		})
	holders = rapid.OneOf(
		rapid.SampledFrom([]string{"alice", "bob", "null", "true", "~", "1", "-", "on", "via", "0x1", "1.5", "!x", "&y", "*z", "%", "{", "[a]", "key:", "'", "\"", "|a", "é", "東京", "2001-01-01", "=", "<<"}),
		rapid.StringN(1, maxHolderName, -1).Filter(func(s string) bool { return checkHolderName(s) == nil }))
)

// drawFile draws a file that can be decoded.
func drawFile(t *rapid.T) *File {
	f := &File{
		Format:  Some[uint32](Format),
		Title:   maybe(t, "title", lines),
		About:   maybe(t, "about", texts),
		Edition: maybe(t, "edition", rapid.SampledFrom(editionNames())),
		Seed:    maybe(t, "seed", rapid.Uint64()),
		Events:  maybe(t, "events", rapid.IntRange(1, maxCount)),
	}
	f.Rules = drawRules(t)
	f.Quorums = Quorums{maybe(t, "promises", rapid.Uint32Range(1, 2)), maybe(t, "commits", rapid.Uint32Range(1, 2))}
	names := rapid.SliceOfNDistinct(rapid.OneOf(
		rapid.SampledFrom([]string{"a", "b", "c", "y", "n", "no", "on", "off", "true", "null", "nan", "e1"}),
		rapid.StringMatching(namePattern)).Filter(func(s string) bool { return checkInstanceName(s) == nil }),
		2, 10, func(s string) string { return s }).Draw(t, "names")
	for _, name := range names {
		if rapid.IntRange(0, 4).Draw(t, "played") == 0 {
			f.Program = append(f.Program, Played{Some(name), rapid.StringMatching(labelPattern).Draw(t, "program")})
		}
	}
	for _, name := range names {
		var own []RuleSetting
		if rapid.IntRange(0, 4).Draw(t, "own rules") == 0 {
			own = drawRules(t)
		}
		f.Instances = append(f.Instances, Instance{
			Rules:          own,
			Name:           Some(name),
			Increment:      maybe(t, "increment", rapid.Uint64Min(1)),
			Timeout:        maybe(t, "timeout", waits),
			PromiseTimeout: maybe(t, "promise timeout", waits),
			PromiseDelay:   maybe(t, "promise delay", spans),
		})
	}
	f.Network.ClientLatency = maybe(t, "client latency", anyTime)
	d := &drawing{t, names, 0}
	if rapid.Bool().Draw(t, "scheduled") {
		f.Schedule = Some(d.schedule())
		f.Then = maybe(t, "then", rapid.Bool())
	} else {
		d.timed(f)
	}
	for _, b := range explore.Bounds() {
		f.Explore.Limits[b] = maybe(t, b.String(), rapid.IntRange(0, explore.MaxLimit))
	}
	f.Explore.Events = maybe(t, "explored events", rapid.IntRange(1, maxCount))
	f.Expect = d.claims(f)
	if rapid.Bool().Draw(t, "lesson") {
		f.Lesson = Some(d.lesson())
	}
	if rapid.IntRange(0, 2).Draw(t, "exercise") == 0 {
		f.Exercise = Some(d.exercise(f))
	}
	return f
}

// exercise draws one whose demands make sense.
func (d *drawing) exercise(f *File) Exercise {
	t := d.t
	some := func(name string, list []string, least int) []string {
		return rapid.Permutation(list).Draw(t, name)[:rapid.IntRange(least, len(list)).Draw(t, name+" so many")]
	}
	x := Exercise{
		Task:   Some(texts.Draw(t, "task")),
		Change: []string{"expect", "rules"},
		Par:    maybe(t, "par", rapid.IntRange(1, maxCount)),
		Hints:  rapid.SliceOfN(lines, 0, 3).Draw(t, "hints"),
	}
	if f.Schedule.Given {
		x.Change = append(x.Change, "schedule")
	} else {
		x.Change = append(x.Change, "timeline", "messages")
	}
	if allow := some("allow", moveNames(), 0); len(allow) > 0 {
		if x.Allow = allow; d.operations == 0 && !slices.Contains(allow, "acquire") {
			x.Allow = append(x.Allow, "acquire") // so that there may be an operation 1
		}
	}
	if hide := some("hide", hidden, 0); len(hide) > 0 {
		x.Hide = hide
	}
	if len(x.Hints) == 0 {
		x.Hints = nil
	}
	for _, e := range d.claims(f) {
		x.Want = append(x.Want, Demand{Expectation: e})
	}
	x.Want = append(x.Want,
		Demand{Predict: []string{PredictRules}},
		Demand{Predict: some("of an operation", predictable["operation"], 1), Expectation: Expectation{Operation: Some(1)}},
		Demand{Predict: some("of an instance", predictable["instance"], 1), Expectation: Expectation{Instance: d.instance()}},
		Demand{Predict: []string{"is"}, Expectation: Expectation{Property: Some(check.Agreement)}},
		Demand{EveryOrder: Some(rapid.SampledFrom(explore.PropertyNames()).Draw(t, "in every order"))},
		Demand{Moves: Some(rapid.IntRange(0, maxCount).Draw(t, "moves"))})
	return x
}

func drawRules(t *rapid.T) (list []RuleSetting) {
	for _, r := range protocol.RuleTable() {
		if on := maybe(t, r.Name, rapid.Bool()); on.Given {
			list = append(list, RuleSetting{Rule: r.Name, On: on.Value})
		}
	}
	return list
}

// drawing draws the parts of a file that need names.
type drawing struct {
	t          *rapid.T
	instances  []string
	operations int
}

func (d *drawing) instance() Opt[string] {
	return Some(rapid.SampledFrom(d.instances).Draw(d.t, "instance"))
}

// ends are two different instances.
func (d *drawing) ends() (from, to Opt[string]) {
	order := rapid.Permutation(d.instances).Draw(d.t, "ends")
	return Some(order[0]), Some(order[1])
}

func (d *drawing) timed(f *File) {
	t := d.t
	f.Network.Conditions = drawConditions(t)
	f.Network.CalmFrom = maybe(t, "calm from", waits)
	for range rapid.IntRange(0, 2).Draw(t, "clogs") {
		c := Clog{At: Some(anyTime.Draw(t, "clog at")), For: Some(waits.Draw(t, "clog for"))}
		if rapid.Bool().Draw(t, "named") {
			c.From, c.To = d.ends()
		}
		f.Network.Clogs = append(f.Network.Clogs, c)
	}
	f.Until = maybe(t, "until", anyTime)
	if rapid.Bool().Draw(t, "progress") {
		from := trace.Time(rapid.Int64Range(0, int64(f.Until.Or(longest))).Draw(t, "from"))
		f.Progress = Some(Progress{From: Some(from), Within: Some(waits.Draw(t, "within"))})
	}
	d.faults(f)
	for range rapid.IntRange(0, 3).Draw(t, "links") {
		l := Link{Conditions: drawConditions(t)}
		l.Latency = Some(spans.Draw(t, "link latency"))
		l.From, l.To = d.ends()
		if rapid.Bool().Draw(t, "any") {
			l.To = Some(anyInstance)
		}
		f.Network.Links = append(f.Network.Links, l)
	}
	at := trace.Time(0)
	for range rapid.IntRange(0, 8).Draw(t, "timeline") {
		at += trace.Time(rapid.Int64Range(0, int64(trace.Second)).Draw(t, "at"))
		e := d.anyTimeDecision()
		e.At = Some(at)
		f.Timeline = append(f.Timeline, e)
	}
	for range rapid.IntRange(0, 3).Draw(t, "fates") {
		f.Messages = append(f.Messages, d.fate())
	}
}

func drawConditions(t *rapid.T) Conditions {
	c := Conditions{
		Latency:      maybe(t, "latency", spans),
		Loss:         maybe(t, "loss", shares),
		RequestLoss:  maybe(t, "request loss", shares),
		ResponseLoss: maybe(t, "response loss", shares),
		Duplication:  maybe(t, "duplication", shares),
	}
	if rapid.Bool().Draw(t, "tail") {
		c.Tail = Some(Tail{Share: Some(shares.Draw(t, "tail share")), Latency: Some(spans.Draw(t, "tail latency"))})
	}
	return c
}

// faults draws a profile and knobs that have an effect.
func (d *drawing) faults(f *File) {
	var names []string
	for _, p := range swarm.Profiles() {
		names = append(names, p.Name)
	}
	f.Faults.Profile = maybe(d.t, "profile", rapid.SampledFrom(names))
	for k, info := range swarm.KnobTable() {
		if info.Base == swarm.Never || info.Knob == swarm.Clients || info.Knob == swarm.Operations {
			continue
		}
		if rapid.IntRange(0, 4).Draw(d.t, info.Name) == 0 {
			f.Faults.Knobs[k] = Some(drawSpan(d.t, info))
		}
	}
	if rapid.Bool().Draw(d.t, "clients") {
		f.Faults.Knobs[swarm.Clients] = Some(swarm.Span{Low: 0, High: 3})
		f.Faults.Knobs[swarm.Operations] = Some(swarm.Span{Low: 1, High: 20})
	}
}

func drawSpan(t *rapid.T, info swarm.KnobInfo) swarm.Span {
	low := rapid.Uint64Range(info.Least, info.Most).Draw(t, "low")
	return swarm.Span{Low: low, High: rapid.Uint64Range(low, info.Most).Draw(t, "high")}
}

func (d *drawing) fate() Fate {
	kinds := allKinds
	f := Fate{Kind: rapid.SampledFrom([]sim.FateKind{sim.DropFate, sim.DelayFate, sim.DuplicateFate, sim.RefuseFate}).Draw(d.t, "fate")}
	switch f.Kind {
	case sim.RefuseFate:
		kinds = requestKinds
	case sim.DelayFate:
		f.By = Some(waits.Draw(d.t, "by"))
	case sim.DuplicateFate:
		f.By = maybe(d.t, "after", anyTime)
	}
	f.Message = Some(rapid.SampledFrom(kinds).Draw(d.t, "kind"))
	f.Nth = maybe(d.t, "nth", rapid.Uint32Range(1, maxCount))
	if rapid.Bool().Draw(d.t, "named") {
		f.From, f.To = d.ends()
	}
	return f
}

// anyTimeDecision is a decision that a timeline takes as well as a schedule.
func (d *drawing) anyTimeDecision() Decision {
	e := Decision{Kind: sim.DecisionKind(rapid.IntRange(int(sim.InvokeOperation), int(sim.HealEverything)).Draw(d.t, "kind"))}
	switch e.Kind {
	case sim.InvokeOperation:
		d.operations++
		e.Instance = d.instance()
		e.Timeout = maybe(d.t, "client timeout", waits)
		e.Operation = rapid.SampledFrom([]protocol.OperationKind{protocol.Acquire, protocol.Release, protocol.Status}).Draw(d.t, "operation")
		if e.Operation != protocol.Status {
			e.Holder = Some(holders.Draw(d.t, "holder"))
		}
	case sim.CutLink, sim.MendLink:
		e.Instance, e.To = d.ends()
		e.Both = rapid.Bool().Draw(d.t, "both")
	case sim.SetPartition:
		order := rapid.Permutation(d.instances).Draw(d.t, "order")
		cut := rapid.IntRange(1, len(order)-1).Draw(d.t, "cut")
		for _, part := range [][]string{order[:cut], order[cut:]} {
			var group []Opt[string]
			for _, name := range part {
				group = append(group, Some(name))
			}
			e.Groups = append(e.Groups, group)
		}
	case sim.EndPartition, sim.HealEverything:
	default:
		e.Instance = d.instance()
		e.HostUp = e.Kind == sim.CrashInstance && rapid.Bool().Draw(d.t, "host up")
	}
	return e
}

func (d *drawing) schedule() []Decision {
	list := []Decision{}
	at := trace.Time(0)
	for range rapid.IntRange(0, 12).Draw(d.t, "decisions") {
		var e Decision
		if rapid.Bool().Draw(d.t, "at any time") {
			e = d.anyTimeDecision()
		} else {
			e = d.pendingDecision()
		}
		at += sim.ScheduleStep
		if rapid.Bool().Draw(d.t, "timed") {
			at += trace.Time(rapid.Int64Range(0, int64(trace.Second)).Draw(d.t, "at"))
			e.At = Some(at)
		}
		list = append(list, e)
	}
	return list
}

// pendingDecision is a decision about something that may be pending.
func (d *drawing) pendingDecision() Decision {
	e := Decision{Kind: sim.DecisionKind(rapid.IntRange(int(sim.DeliverMessage), int(sim.FireWork)).Draw(d.t, "kind"))}
	switch e.Kind {
	case sim.DeliverMessage, sim.DropMessage, sim.CopyMessage, sim.RefuseMessage:
		kinds := append(allKinds[:len(allKinds):len(allKinds)], protocol.Failure)
		if e.Kind == sim.RefuseMessage {
			kinds = requestKinds
		}
		e.Message = rapid.SampledFrom(kinds).Draw(d.t, "message")
		e.Instance, e.To = d.ends()
		if e.Nth = rapid.Uint32Range(0, 9).Draw(d.t, "nth"); e.Nth > 0 {
			e.Which = rapid.Uint32Range(0, 3).Draw(d.t, "which")
		}
	case sim.DeliverCall, sim.DeliverAnswer, sim.FireGiveUp:
		if d.operations == 0 {
			return Decision{Kind: sim.HealEverything}
		}
		e.Number = uint32(rapid.IntRange(1, d.operations).Draw(d.t, "number"))
	case sim.FireWake:
		e.Instance = d.instance()
		e.Number = uint32(rapid.IntRange(0, d.operations).Draw(d.t, "number"))
	default:
		e.Instance = d.instance()
	}
	return e
}

func (d *drawing) lesson() Lesson {
	l := Lesson{Point: Some(lines.Draw(d.t, "point")), Next: maybe(d.t, "next", rapid.StringMatching(lessonPattern))}
	at := 1
	for range rapid.IntRange(1, 4).Draw(d.t, "stops") {
		at += rapid.IntRange(0, 9).Draw(d.t, "at")
		s := Stop{At: Some(at), Say: Some(texts.Draw(d.t, "say")), Try: drawRules(d.t)}
		if rapid.Bool().Draw(d.t, "means") {
			m := Meaning{Kind: rapid.SampledFrom(trace.Kinds()).Draw(d.t, "kind")}
			if rapid.Bool().Draw(d.t, "with an instance") {
				m.Instance, m.Peer = d.instance().Value, maybe(d.t, "peer", holders).Value
			}
			s.Means = Some(m)
		}
		if rapid.Bool().Draw(d.t, "asks") {
			s.Ask, s.Of = Some(rapid.SampledFrom(quiz.Kinds()).Draw(d.t, "ask")), maybe(d.t, "of", rapid.SampledFrom(d.instances))
			s.Say, s.Before, s.After = maybe(d.t, "says", texts), maybe(d.t, "before", texts), maybe(d.t, "after", texts)
		}
		l.Stops = append(l.Stops, s)
	}
	return l
}

// claims are claims of every kind that the file allows.
func (d *drawing) claims(f *File) []Expectation {
	var list []Expectation
	clients := []string{""}
	for _, e := range append(f.Timeline, f.Schedule.Value...) {
		if e.Holder.Given {
			clients = append(clients, e.Holder.Value)
		}
	}
	someone := rapid.SampledFrom(clients)
	judged := slices.DeleteFunc(check.Properties(), func(p check.Property) bool { return p.Timed && !f.Progress.Given })
	for i := range rapid.IntRange(0, 6).Draw(d.t, "claims") {
		switch {
		case i%4 == 0 && d.operations > 0:
			list = append(list, Expectation{
				Operation: Some(rapid.IntRange(1, d.operations).Draw(d.t, "operation")),
				Outcome:   Some(protocol.Outcome(rapid.IntRange(0, int(protocol.Failed)).Draw(d.t, "outcome"))),
				Holder:    maybe(d.t, "lock holder", someone),
				Answered:  maybe(d.t, "answered", anyTime),
			})
		case i%4 == 1:
			list = append(list, Expectation{
				Instance: d.instance(),
				Promised: maybe(d.t, "promised", rapid.Uint64()),
				ID:       maybe(d.t, "id", rapid.Uint64()),
				Holder:   maybe(d.t, "holder", someone),
				Up:       Some(rapid.Bool().Draw(d.t, "up")),
			})
		case i%4 == 2:
			list = append(list, Expectation{
				Property: Some(rapid.SampledFrom(judged).Draw(d.t, "property").Name),
				Is:       Some(rapid.SampledFrom([]check.State{check.Kept, check.Violated, check.Undecided}).Draw(d.t, "is")),
			})
		default:
			counts := []Count{OnMajority, OnAll, 1, Count(len(d.instances))}
			list = append(list, Expectation{Holder: Some(someone.Draw(d.t, "holder")), On: Some(rapid.SampledFrom(counts).Draw(d.t, "on"))})
		}
	}
	return list
}

// What is written can be read: a recorded run of tens of thousands of decisions, and
// what could not be read is not saved.
func TestSave(t *testing.T) {
	f := &File{Format: Some[uint32](Format), Instances: []Instance{{Name: Some("a")}, {Name: Some("b")}}, Schedule: Some([]Decision{})}
	for n := range 60_000 {
		f.Schedule.Value = append(f.Schedule.Value, Decision{Kind: sim.PauseInstance, Instance: Some("a"), At: Some(trace.Time(n) * 12_345_678)})
	}
	data, err := f.Save()
	if err != nil {
		t.Fatal(err)
	}
	if again, err := Decode("x.yaml", data); err != nil || len(data) < 1<<20 || len(again.Schedule.Value) != len(f.Schedule.Value) {
		t.Errorf("%d bytes: %v", len(data), err)
	}
	for name, about := range map[string]string{"bytes": strings.Repeat("x", MaxSize), "lines": strings.Repeat("x\n", 2<<20)} {
		f := &File{About: Some(about)}
		if _, err := f.Save(); err == nil || !strings.Contains(err.Error(), "the file ") {
			t.Errorf("too many %s: %v", name, err)
		}
	}
}
