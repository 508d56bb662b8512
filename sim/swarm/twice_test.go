package swarm

import (
	"reflect"
	"strings"
	"testing"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/trace"
)

// compareEvents expects two runs to be the same.
func compareEvents(t *testing.T, want, got []trace.Event) {
	t.Helper()
	if n := firstDifference(want, got); n != 0 {
		t.Fatalf("%d events and %d; number %d is the first to differ", len(want), len(got), n)
	}
}

// firstDifference is the number of the first event in which two runs differ, or 0.
func firstDifference(a, b []trace.Event) int {
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || !reflect.DeepEqual(a[i], b[i]) {
			return i + 1
		}
	}
	return 0
}

// A seed's runs are the same.
func TestRunTwice(t *testing.T) {
	for _, profile := range Profiles() {
		set := settingOf(t, "sound", profile.Name)
		seeds := uint64(100)
		if profile.Name == "calm" {
			seeds = 15
		}
		trial, once := NewTrial(set), NewTrial(set)
		for seed := range seeds {
			verdicts, differs := trial.RunTwice(seed)
			if differs != 0 {
				t.Errorf("%s, seed %d: event %d differs", profile.Name, seed, differs)
			}
			if want := once.Run(seed); !reflect.DeepEqual(verdicts, want) {
				t.Errorf("%s, seed %d: judged %v when run twice, %v when run once", profile.Name, seed, verdicts, want)
			}
		}
		if trial.Met != once.Met {
			t.Errorf("%s: met %v when run twice, %v when run once", profile.Name, trial.Met, once.Met)
		}
	}
}

// Whatever makes the second run another one, the first event that differs is named.
func TestDifferencesAreFound(t *testing.T) {
	disturbances := map[string]func(p *Plan){
		"seed":     func(p *Plan) { p.Timetable.Seed++ },
		"latency":  func(p *Plan) { p.Timetable.Links[1].Latency.High++ },
		"timeout":  func(p *Plan) { p.Cluster.Instances[0].Timeout = trace.Millisecond },
		"rules":    func(p *Plan) { p.Cluster.Rules &^= protocol.EarlyStopCommit },
		"timeline": func(p *Plan) { p.Timetable.Timeline = p.Timetable.Timeline[:len(p.Timetable.Timeline)/2] },
		"fewer calls": func(p *Plan) {
			c := &p.Timetable.Clients[len(p.Timetable.Clients)-1]
			c.Operations--
		},
		"shorter": func(p *Plan) { p.Timetable.Budget = 50 },
		"later":   func(p *Plan) { p.Timetable.Clients[0].Start++ },
		"groups": func(p *Plan) { // whose memory is the plan's own
			for _, d := range p.Timetable.Timeline {
				if d.Kind == sim.SetPartition {
					d.Groups[0], d.Groups[1] = d.Groups[1], d.Groups[0]
				}
			}
		},
		"longer": func(p *Plan) {
			last := p.Timetable.Timeline[len(p.Timetable.Timeline)-1]
			p.Timetable.Timeline = append(p.Timetable.Timeline, sim.Decision{At: last.At + 100*trace.Second, Kind: sim.EndPartition})
		},
	}
	set := settingOf(t, "sound", "all")
	set.Knobs[Isolations] = Span{1, 2} // so that there is always a timeline
	trial := NewTrial(set)
	for name, disturb := range disturbances {
		trial.disturb = disturb
		late := 0
		for seed := range uint64(40) {
			_, got := trial.RunTwice(seed)
			first := eventsOf(draw(new(Plan), set, seed))
			other := draw(new(Plan), set, seed)
			disturb(other)
			want := firstDifference(first, eventsOf(other))
			if got != want {
				t.Errorf("%s, seed %d: event %d differs, want %d", name, seed, got, want)
			}
			if want > 1 {
				late++
			}
		}
		if late < 5 {
			t.Errorf("%s: only %d of 40 runs begin alike and then differ", name, late)
		}
	}
}

// What is told of a difference is the first event that is not the same, as each run has it,
// and nothing of a run that had ended by then; wherever in the runs that is.
func TestDifferenceIsToldWhereverItIs(t *testing.T) {
	h := &draw(new(Plan), settingOf(t, "sound", "all"), 0).Header
	text := func(run []trace.Event, number int) string {
		if number < 1 || number > len(run) {
			return ""
		}
		return strings.TrimSpace(string(h.AppendEvent(nil, &run[number-1])))
	}
	run := func(events, changed int) (list []trace.Event) {
		for n := 1; n <= events; n++ {
			e := trace.Event{Number: n, At: trace.Time(n), Kind: trace.HealAll, Instance: trace.None, Peer: trace.None}
			if n == changed {
				e.At += trace.Second
			}
			list = append(list, e)
		}
		return list
	}
	for events := range 4 {
		for again := range 4 {
			for changed := range 5 {
				first, second := run(events, 0), run(again, changed)
				var c twice
				for i := range first {
					c.first.Observe(&first[i])
				}
				for i := range second {
					c.Observe(&second[i])
				}
				want := firstDifference(first, second)
				if got := c.end(); got != want {
					t.Errorf("%d and %d events, number %d changed: event %d differs, want %d", events, again, changed, got, want)
				}
				if was, is := c.texts(h); was != text(first, want) || is != text(second, want) {
					t.Errorf("%d and %d events, number %d changed: told of the first run %q, of the second %q", events, again, changed, was, is)
				}
			}
		}
	}
}

// leaf is a place in a value that holds no other places.
type leaf struct {
	name  string
	index []int // of the fields on the way to it
}

func leavesOf(typ reflect.Type, name string, index []int) (list []leaf) {
	if typ.Kind() != reflect.Struct {
		return []leaf{{name, index}}
	}
	for i := range typ.NumField() {
		f := typ.Field(i)
		list = append(list, leavesOf(f.Type, name+"."+f.Name, append(append([]int(nil), index...), i))...)
	}
	return list
}

// others are values of a field that are neither its own nor the same.
func others(v reflect.Value) (list []reflect.Value) {
	value := func(x any) { list = append(list, reflect.ValueOf(x).Convert(v.Type())) }
	switch v.Kind() {
	case reflect.Bool:
		value(!v.Bool())
	case reflect.Int8, reflect.Int, reflect.Int64:
		value(v.Int() ^ 1)
		value(v.Int() ^ 1<<(v.Type().Bits()-2))
	case reflect.Uint8, reflect.Uint32, reflect.Uint64:
		value(v.Uint() ^ 1)
		value(v.Uint() ^ 1<<(v.Type().Bits()-1))
	case reflect.String:
		value(v.String() + "x")
		value(v.String() + "y")
	case reflect.Slice:
		value([]protocol.Set{})
		value([]protocol.Set{0})
		value([]protocol.Set{1})
		value([]protocol.Set{1, 2})
		value([]protocol.Set{2, 1})
	default:
		panic("an event has a field of a kind that is not known: " + v.Type().String())
	}
	return list
}

// Events that differ in any part are not the same.
func TestSameSeesEverything(t *testing.T) {
	leaves := leavesOf(reflect.TypeFor[trace.Event](), "Event", nil)
	if len(leaves) < 40 {
		t.Errorf("an event has only %d fields: %v", len(leaves), leaves)
	}
	full := trace.Event{}
	for _, l := range leaves {
		v := reflect.ValueOf(&full).Elem().FieldByIndex(l.index)
		v.Set(others(v)[len(others(v))-1])
	}
	for _, start := range []trace.Event{{}, {Number: 1, Instance: trace.None, Peer: trace.None}, full} {
		for _, l := range leaves {
			e := start
			v := reflect.ValueOf(&e).Elem().FieldByIndex(l.index)
			for _, other := range others(reflect.ValueOf(&start).Elem().FieldByIndex(l.index)) {
				v.Set(other)
				alike := v.Kind() == reflect.Slice && (v.Len() == 0 && len(start.Groups) == 0 || reflect.DeepEqual(e, start))
				if same(&e, &start) != alike {
					t.Errorf("another %s (%v) counts as the same: %v", l.name, other, !alike)
				}
			}
		}
	}
}
