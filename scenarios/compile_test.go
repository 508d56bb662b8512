package scenarios

import (
	"encoding/binary"
	"fmt"
	"reflect"
	"testing"
	"unicode/utf16"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/trace"
)

// TestDefaults checks what a file means that says as little as possible.
func TestDefaults(t *testing.T) {
	s := compiled(t, "format: 1\ninstances: [a, b]\ntimeline:\n  - {at: 1s, acquire: x, via: b}\n")
	published, _ := protocol.EditionByName("published")
	instances := []sim.Instance{
		{Name: "a", Increment: 1, Timeout: 500 * trace.Millisecond},
		{Name: "b", Increment: 2, Timeout: 500 * trace.Millisecond},
	}
	if !reflect.DeepEqual(s.Cluster, &sim.Cluster{Rules: published.Rules, Instances: instances, Holders: []string{"x"}}) {
		t.Errorf("the cluster: %+v", s.Cluster)
	}
	tt := s.Timetable
	if s.Edition != "published" || tt.End != 0 || tt.Budget != sim.DefaultBudget || tt.Seed != 0 || s.Schedule != nil {
		t.Errorf("the timetable: %+v", tt)
	}
	for _, l := range tt.Links {
		if want := (sim.Link{Latency: sim.Range{Low: 10 * trace.Millisecond, High: 10 * trace.Millisecond}}); l != want {
			t.Errorf("a link: %+v", l)
		}
	}
	want := sim.Decision{
		At: trace.Second, Timed: true, Kind: sim.InvokeOperation, From: 1,
		Operation: protocol.Acquire, Holder: 1, Timeout: 5 * trace.Second,
	}
	if len(tt.Timeline) != 1 || !reflect.DeepEqual(tt.Timeline[0], want) {
		t.Errorf("the timeline: %+v", tt.Timeline)
	}
	if s := compiled(t, "format: 1\ninstances: [a, b]\nschedule: ''\n"); s.Timed() || s.Schedule.Settle || len(s.Schedule.Decisions) != 0 {
		t.Errorf("the schedule: %+v", s.Schedule)
	}
}

// TestLinks checks that links differ as the file says, and that later ones win.
func TestLinks(t *testing.T) {
	s := compiled(t, `format: 1
instances: [a, b, c]
network:
  latency: 1ms..2ms
  loss: 0.5%
  links:
    - {from: a, to: '*', loss: 2%}
    - {to: b, latency: 7ms}
    - {from: a, to: b, loss: 3%, duplication: 100%}
    - {from: c, to: b, latency: 0ms}
    - {from: a, to: c, duplication: 1%}
`)
	low := sim.Range{Low: trace.Millisecond, High: 2 * trace.Millisecond}
	seven := sim.Range{Low: 7 * trace.Millisecond, High: 7 * trace.Millisecond}
	for _, c := range []struct {
		from, to int
		want     sim.Link
	}{
		{0, 1, sim.Link{Latency: seven, Loss: 30_000, Duplication: 1_000_000}},
		{0, 2, sim.Link{Latency: low, Loss: 20_000, Duplication: 10_000}},
		{1, 0, sim.Link{Latency: low, Loss: 5_000}},
		{2, 1, sim.Link{Loss: 5_000}},
		{2, 0, sim.Link{Latency: low, Loss: 5_000}},
	} {
		if got := s.Timetable.Links[c.from*3+c.to]; got != c.want {
			t.Errorf("%d to %d: %+v, want %+v", c.from, c.to, got, c.want)
		}
	}
}

// TestTimelineOrder checks that faults may stand in the file in any order, those
// of one instant in the file's.
func TestTimelineOrder(t *testing.T) {
	s := compiled(t, `format: 1
instances: [a, b, c]
timeline:
  - {at: 1ms, acquire: x, via: a}
  - {at: 3ms, crash: a}
  - {at: 3ms, restart: a}
  - {at: 2ms, partition: [[a, c], [b]]}
  - {at: 1ms, cut: b <-> c}
  - {at: 1ms, status: b}
  - {at: 0ms, crash: c, host: up}
`)
	want := []sim.DecisionKind{
		sim.CrashInstance, sim.InvokeOperation, sim.CutLink, sim.InvokeOperation, sim.SetPartition, sim.CrashInstance, sim.RestartInstance,
	}
	for i, d := range s.Timetable.Timeline {
		if d.Kind != want[i] {
			t.Errorf("%d: %s", i, DecisionText(s.Cluster, d))
		}
	}
	list := s.Timetable.Timeline
	if !list[0].HostUp || list[5].HostUp || !list[2].Both || list[2].From != 1 || list[2].To != 2 {
		t.Errorf("%+v", list)
	}
	if groups := []protocol.Set{0b101, 0b010}; !reflect.DeepEqual(list[4].Groups, groups) {
		t.Errorf("groups %b", list[4].Groups)
	}
}

// TestFates checks the fates of messages.
func TestFates(t *testing.T) {
	s := compiled(t, `format: 1
instances: [a, b]
messages:
  - {drop: commit-request, from: a, to: b, nth: 3}
  - {delay: promise-response, from: '*', by: 2ms}
  - {duplicate: promise-request, after: 4ms}
  - {refuse: commit-request, to: a}
`)
	want := []sim.Fate{
		{Kind: sim.DropFate, Message: protocol.CommitRequest, From: 1, To: 2, Nth: 3},
		{Kind: sim.DelayFate, Message: protocol.PromiseResponse, From: 3, To: 3, By: 2 * trace.Millisecond},
		{Kind: sim.DuplicateFate, Message: protocol.PromiseRequest, From: 3, To: 3, By: 4 * trace.Millisecond},
		{Kind: sim.RefuseFate, Message: protocol.CommitRequest, From: 3, To: 1},
	}
	if !reflect.DeepEqual(s.Timetable.Fates, want) {
		t.Errorf("got %+v", s.Timetable.Fates)
	}
}

// TestMadeFiles checks that files that a program made are checked like others.
func TestMadeFiles(t *testing.T) {
	good := func() *File {
		return &File{
			Instances: []Instance{{Name: Some("a")}, {Name: Some("b")}},
			Timeline:  []Decision{{Kind: sim.InvokeOperation, Operation: protocol.Acquire, Holder: Some("x"), Instance: Some("a")}},
		}
	}
	if s, err := good().Compile(Overrides{}); err != nil || s.Title != "untitled" {
		t.Errorf("a good one: %+v, %v", s, err)
	}
	for want, spoil := range map[string]func(f *File){
		"a cluster has 2 to 64 instances, not 65": func(f *File) {
			for i := range 63 {
				f.Instances = append(f.Instances, Instance{Name: Some(fmt.Sprint("c", i))})
			}
		},
		"a cluster has 2 to 64 instances, not 1": func(f *File) { f.Instances = f.Instances[:1] },
		`the name "1" of an instance cannot contain '1' here` + "\n  a name is a letter, then letters, digits, _ . or -, at most 32 of them": func(f *File) { f.Instances[1].Name.Value = "1" },
		`there are two instances "a"` + "\n  every instance has a name of its own":                                                           func(f *File) { f.Instances[1].Name.Value = "a" },
		"a client needs a name\n  a holder is one word of at most 64 characters, without # @ , or arrows":                                    func(f *File) { f.Timeline[0].Holder.Value = "" },
		`unknown instance "q"` + "\n  instances: a, b":                                                                                       func(f *File) { f.Timeline[0].Instance.Value = "q" },
	} {
		f := good()
		spoil(f)
		if _, err := f.Compile(Overrides{}); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// An edition that is asked for is taken as it is: the file's single rules go with the
// file's own edition. A rule that is asked for comes on top.
func TestEditionInPlaceOfTheFiles(t *testing.T) {
	sound, _ := protocol.EditionByName("sound")
	own := compiled(t, "format: 1\nedition: sound\nrules: {adopt: off}\ninstances: [a, b, c]\n").Cluster.Rules
	if own != sound.Rules&^protocol.Adopt {
		t.Errorf("the file's own rules: %v", own)
	}
	for name, test := range map[string]struct {
		o    Overrides
		want protocol.Rules
	}{
		"edition":            {Overrides{Edition: "sound"}, sound.Rules},
		"edition and a rule": {Overrides{Edition: "sound", Rules: []RuleSetting{{Rule: "durable", On: false}}}, sound.Rules &^ protocol.Durable},
		"the last of two":    {Overrides{Rules: []RuleSetting{{Rule: "durable", On: true}, {Rule: "durable", On: false}, {Rule: "adopt", On: false}, {Rule: "adopt", On: true}}}, sound.Rules &^ protocol.Durable},
		"a rule":             {Overrides{Rules: []RuleSetting{{Rule: "durable", On: false}}}, sound.Rules &^ protocol.Adopt &^ protocol.Durable},
	} {
		s, err := Load("rules/adopt", test.o)
		if err != nil {
			t.Fatal(err)
		}
		if s.Cluster.Rules != test.want || s.Edition != "sound" {
			t.Errorf("%s: rules %v of edition %s, want %v", name, s.Cluster.Rules, s.Edition, test.want)
		}
	}
}

// A scenario may begin with a byte order mark, and be in UTF-16 then.
func TestByteOrderMarks(t *testing.T) {
	const text = "format: 1\ntitle: Zürich, 日本 🦫\ninstances: [a, b]\n"
	encoded := func(order binary.AppendByteOrder) []byte {
		var b []byte
		for _, u := range utf16.Encode([]rune("\ufeff" + text)) {
			b = order.AppendUint16(b, u)
		}
		return b
	}
	for name, data := range map[string][]byte{
		"UTF-8": []byte(text), "UTF-8 with a mark": []byte("\ufeff" + text),
		"UTF-16, little end first": encoded(binary.LittleEndian), "UTF-16, big end first": encoded(binary.BigEndian),
	} {
		if f, err := Decode("x.yaml", data); err != nil || f.Title.Value != "Zürich, 日本 🦫" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What ends, or begins, at the very moment of something else is no mistake.
func TestBounds(t *testing.T) {
	for _, text := range []string{
		"timeline: [{at: 1s, acquire: x, via: a}, {at: 1s, acquire: y, via: b}]\n",
		"timeline: [{at: 1s, acquire: x, via: a}]\nprogress: {from: 2s, within: 1ns}\nuntil: 2s\n",
		"quorums: {promise: 3, commit: 1}\ntimeline: []\n",
		"schedule: |\n  acquire x via a\n  acquire y via b\nexpect:\n  - {operation: 2, outcome: none}\n  - {holder: y, on: 3}\n",
		"lesson: {point: x, stops: [{at: 2, say: x}, {at: 2, say: y}]}\n",
		"network: {loss: 100%, latency: 0ms..10000h}\ntimeline: []\n",
	} {
		compiled(t, "format: 1\ninstances: [a, b, c]\n"+text)
	}
	s := compiled(t, "format: 1\ninstances: [a, b, c]\ntimeline: [{at: 1s, acquire: x, via: a}]\nuntil: 1s\n")
	if o := outcomeOf(t, s); o.Events == 0 || o.End != trace.Second {
		t.Errorf("what happens at the end does not: %d events up to %d", o.Events, o.End)
	}
}

// Of settings that contradict each other the last one counts.
func TestLastSettingCounts(t *testing.T) {
	f, err := Decode("x.yaml", []byte("format: 1\nrules: {yield: on}\ninstances: [a, b]\n"))
	if err != nil {
		t.Fatal(err)
	}
	on, off := RuleSetting{Rule: "yield", On: true}, RuleSetting{Rule: "yield"}
	for _, c := range []struct {
		list []RuleSetting
		want bool
	}{{nil, true}, {[]RuleSetting{off}, false}, {[]RuleSetting{on, off}, false}, {[]RuleSetting{off, on}, true}} {
		s, err := f.Compile(Overrides{Rules: c.list})
		if err != nil || s.Cluster.Rules.Has(protocol.Yield) != c.want {
			t.Errorf("%v: yield is not %v, %v", c.list, c.want, err)
		}
		if got := WithRules(protocol.Yield, c.list).Has(protocol.Yield); got != c.want {
			t.Errorf("%v on top of yield: %v", c.list, got)
		}
	}
}
