package check

import (
	"slices"
	"testing"

	"skinny/protocol"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// patience is a judge of one's own: nobody may be refused.
type patience struct {
	ended bool
	event int
}

func (p *patience) Reset(*trace.Header)  { *p = patience{} }
func (p *patience) End(trace.Time, bool) { p.ended = true }
func (p *patience) Observe(e *trace.Event) {
	if p.event == 0 && e.Received() && e.Outcome == protocol.Refused {
		p.event = e.Number
	}
}

func (p *patience) Verdict() Verdict {
	if p.event == 0 {
		return Verdict{}
	}
	return Verdict{State: Violated, Event: p.event, Kind: "refused", Why: prose.Of("somebody is refused")}
}

// A judge of one's own judges every run beside those of the register, has its row's
// name and rank in the verdict, and can say more than they do.
func TestOwnJudge(t *testing.T) {
	judge := &patience{}
	own := Property{Name: "never-refused", Severity: -1, New: func() Judge { return judge }}
	rules := edition(t, "published")
	used := NewJudges(header(rules, 3), own)
	broken := 0
	for seed := range uint64(50) {
		s := random(rules, 3, seed)
		used.Reset(header(rules, 3))
		s.run(used)
		used.End(0, true)
		got := used.Verdicts()
		if want := s.judge(); !slices.Equal(got[:len(got)-1], want) {
			t.Errorf("seed %d:\ngot  %+v\nwant %+v", seed, got, want)
		}
		last := got[len(got)-1]
		if last.Property != own.Name || last.Severity != own.Severity || last.Event != judge.event || !judge.ended {
			t.Errorf("seed %d: %+v", seed, last)
		}
		if last.State == Violated {
			broken++
			if worst := Worst(got); worst.Property != own.Name {
				t.Errorf("seed %d: %s says most", seed, worst.Property)
			}
		}
	}
	if broken == 0 || broken == 50 {
		t.Errorf("violated in %d of 50 runs", broken)
	}
	used.Use()
	used.Reset(header(rules, 3))
	if n := len(used.Verdicts()); n != len(properties)-2 {
		t.Errorf("%d verdicts once it is gone", n)
	}
}

func TestWorst(t *testing.T) {
	verdicts := []Verdict{
		{Property: "a", State: Violated, Severity: 3},
		{Property: "b", State: Undecided, Severity: 0},
		{Property: "c", State: Violated, Severity: 1},
		{Property: "d", State: Violated, Severity: 1},
	}
	for _, test := range []struct {
		names []string
		want  string
	}{{nil, "c"}, {[]string{"a"}, "a"}, {[]string{"d", "a"}, "d"}, {[]string{"b"}, ""}} {
		got := ""
		if v := Worst(verdicts, test.names...); v != nil {
			got = v.Property
		}
		if got != test.want {
			t.Errorf("of %v %q says most, want %q", test.names, got, test.want)
		}
	}
}
