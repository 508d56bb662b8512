package scenariotest

import (
	"os"
	"strings"
	"testing"

	"skinny/protocol"

	"skinny/sim/check"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// counted judges how often something may happen: a number of times by any event, or,
// at the end, by the last one.
type counted struct {
	is    func(*trace.Event) bool
	most  int
	atEnd bool

	times, last int
	verdict     check.Verdict
}

func (c *counted) Reset(*trace.Header) { c.times, c.last, c.verdict = 0, 0, check.Verdict{} }

func (c *counted) Observe(e *trace.Event) {
	c.last = e.Number
	if c.is(e) {
		c.times++
	}
	c.judge(!c.atEnd)
}

func (c *counted) End(trace.Time, bool) { c.judge(true) }

func (c *counted) judge(now bool) {
	if now && c.times > c.most && c.verdict.State == check.Kept {
		c.verdict = check.Verdict{State: check.Violated, Event: c.last, Kind: "too often", Why: prose.Of("it happens too often")}
	}
}

func (c *counted) Verdict() check.Verdict { return c.verdict }

func refused(e *trace.Event) bool { return e.Received() && e.Outcome == protocol.Refused }

// Of what a judge says only once there is no counterexample, but it is told.
func TestOwnJudgeOfChance(t *testing.T) {
	t.Chdir(t.TempDir())
	judges := 0
	row := check.Property{Name: "calm", Broken: "Not calm", Severity: 10, New: func() check.Judge {
		judges++
		return &counted{is: func(*trace.Event) bool { return judges == 1 }}
	}}
	s := compiled(t, []byte(own))
	s.Judges = []check.Property{row}
	test := &fake{name: "TestOwn"}
	const want = "calm is violated by event 1: it happens too often\nthere is no counterexample: calm does not break in "
	if Check(test, s); test.fatals != 1 || !strings.HasPrefix(test.message, want) {
		t.Errorf("the test failed %d times: %s", test.fatals, test.message)
	}
	if files, _ := os.ReadDir("."); len(files) != 0 {
		t.Errorf("there are %v", files)
	}
}

// A property of one's own is judged, shrunk and written like any other, in the form
// that suits it.
func TestOwnJudge(t *testing.T) {
	for _, atEnd := range []bool{false, true} {
		t.Chdir(t.TempDir())
		row := check.Property{
			Name: "seldom-refused", Broken: "Refused too often", Severity: 10, Timed: atEnd,
			New: func() check.Judge { return &counted{is: refused, most: 1, atEnd: atEnd} },
		}
		o := Options{Profile: "none", Judges: []check.Property{row}}
		s, before := broken(t, o, row.Name)
		test := &fake{name: "TestOwn"}
		if Check(test, s); test.fatals != 1 || !strings.HasPrefix(test.message, "seldom-refused is violated: it happens too often\nshrunk from ") {
			t.Fatalf("the test failed %d times: %s", test.fatals, test.message)
		}
		text, err := os.ReadFile(Dir + "/TestOwn.yaml")
		if err != nil {
			t.Fatal(err)
		}
		small := compiled(t, text)
		if small.Title != row.Broken || !strings.Contains(small.About, "seldom-refused is violated") || small.Timed() != atEnd {
			t.Errorf("the file is\n%s", text)
		}
		small.Judges = s.Judges
		after := outcomeOf(t, small)
		v := check.Worst(after.Verdicts)
		if v == nil || v.Property != row.Name || after.Unmet() > 0 {
			t.Fatalf("%+v, and %d claims do not hold", v, after.Unmet())
		}
		// Two refusals need somebody who holds the lock, and nothing besides.
		if after.World.Operations() != 3 || after.Events >= before.Events {
			t.Errorf("%d operations and %d of %d events are left", after.World.Operations(), after.Events, before.Events)
		}
		if test = (&fake{name: "TestOther"}); Check(test, s, "agreement") == nil || test.fatals > 0 {
			t.Errorf("what was not asked for fails the test: %s", test.message)
		}
	}
}

// Judges come along where something is drawn on top of a scenario.
func TestOwnJudgeOnTop(t *testing.T) {
	row := check.Property{Name: "silence", New: func() check.Judge { return &counted{is: refused, most: 1 << 30} }}
	base := Clusters(Options{Judges: []check.Property{row}}).Example(1)
	other := row
	other.Name = "more-silence"
	s := Workloads(Options{Judges: []check.Property{other}}, base).Example(1)
	o := outcomeOf(t, s)
	for _, name := range []string{"silence", "more-silence"} {
		if len(o.Verdicts) < 2 || o.Verdicts[len(o.Verdicts)-2].Property != "silence" {
			t.Errorf("%s is not judged: %+v", name, o.Verdicts)
		}
	}
	test := &fake{name: "TestNone"}
	if Check(test, s, "silence"); test.fatals > 0 {
		t.Error(test.message)
	}
	if Check(test, s, "no-such-property"); test.fatals != 1 {
		t.Error("it is no property")
	}
	// A name stands for one property.
	defer func() {
		if recover() == nil {
			t.Error("two properties have one name")
		}
	}()
	s.Judges = append(s.Judges, check.Property{Name: "agreement", New: row.New})
	_, _ = s.Run()
}
