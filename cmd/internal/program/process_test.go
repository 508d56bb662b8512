//go:build unix

package program

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"skinny/cmd/internal/report"
	"skinny/sim"
)

// Whatever a program does wrong ends in an error that says what, and leaves no process.
func TestWrongPrograms(t *testing.T) {
	for _, c := range []struct {
		how, want string
		answer    string // what it begins with
	}{
		{"debug", "it has written more than the one line", "got a question\n" + nothing},
		{"twice", "it has written more than the one line", nothing + "\n"},
		{"twice-apart", "it has written more than the one line", nothing},
		{"exits", "it has ended (exit status 3)", ""},
		{"leaves", "it has ended (exit status 4)", ""},
		{"dies", "it has ended (signal: killed)", ""},
		{"hangs", "it has not answered, or not flushed its answer, within 500ms", ""},
		{"late", "it has not answered, or not flushed its answer, within 500ms", ""},
		{"closes", "it has closed its input or output", ""},
		{"shuts", "it has closed its input or output", ""},
		{"huge", "its answer is longer than 1048576 bytes", "xxx"},
		{"flood", "its answer is longer than 1048576 bytes", "xxx"},
		{"no-newline", "its answer has no end within 500ms: a line ends with a line feed", nothing},
		{"stderr", "its answer is no JSON: invalid character 'r'", "rubbish"},
		{"gibberish", "its answer depends on more than its question", nothing},
		{"counts", "its answer depends on more than its question", `{"memory":1,`},
		{"clock", "its answer depends on more than its question", `{"memory":1`},
		{"others", "its answer depends on more than its question", `{"memory":1,`},
		{"remembers", "its answer depends on more than its question", `{"memory":0,`},
	} {
		t.Run(c.how, func(t *testing.T) {
			t.Parallel()
			timeout := 10 * time.Second
			if strings.Contains(c.want, "500ms") {
				timeout = 500 * time.Millisecond
			}
			p := opened(t, Options{Timeout: timeout, Again: 2}, c.how)
			group := groups(p)[0]
			err := askMany(p, 50)
			var f *Failure
			if !errors.As(err, &f) || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("the error is %v, want %q", err, c.want)
			}
			if !strings.HasPrefix(f.Question, `{"format":1,"self":"c",`) || f.Command == "" || !strings.Contains(f.Stderr, "question 1\n") && c.how != "stderr" {
				t.Errorf("the failure is %+v", f)
			}
			if c.how == "stderr" && (len(f.Stderr) != mostStderr || !strings.HasSuffix(f.Stderr, "the end\n")) {
				t.Errorf("standard error is %d bytes: %.100q", len(f.Stderr), f.Stderr)
			}
			if !strings.HasPrefix(f.Answer, c.answer) || c.answer == "" && f.Answer != "" || f.Answer == f.Again && f.Again != "" {
				t.Errorf("the answer is %.100q, want %q, and again %q", f.Answer, c.answer, f.Again)
			}
			if impure := errors.Is(err, ErrImpure); impure != (f.Again != "") || impure != (Exit("it", &sim.ProgramError{Err: err}).(*report.Exit).Code == report.ExitNotDeterministic) {
				t.Errorf("%v; asked again it says %q", err, f.Again)
			}
			isGone(t, group)
		})
	}
}

// If everything is asked again, the first question shows what counts.
func TestAskedAgainAtOnce(t *testing.T) {
	p := opened(t, Options{Again: 1}, "counts")
	if _, err := p.Step(question(1)); !errors.Is(err, ErrImpure) {
		t.Errorf("the error is %v", err)
	}
}

// What a program writes when nobody has asked is no answer to the next question.
func TestAfterthought(t *testing.T) {
	p := opened(t, Options{Again: 1000}, "afterthought")
	p.rechecks.asked = 1 // so that it is not asked twice
	if _, err := p.Step(question(1)); err != nil {
		t.Fatal(err)
	}
	time.Sleep(200 * time.Millisecond)
	if _, err := p.Step(question(2)); !errors.Is(err, errMore) {
		t.Errorf("the error is %v", err)
	}
}

// An answer that comes before its question was read is none.
func TestForesight(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("pipes do not say everywhere what is in them")
	}
	if _, err := opened(t, Options{}, "foresees").Step(question(1)); !errors.Is(err, errMore) {
		t.Errorf("the error is %v", err)
	}
}

// Whoever reads no more than the JSON of a question has read it, though its line has not ended.
func TestLineFeed(t *testing.T) {
	p := opened(t, Options{Timeout: 10 * time.Second}, "decodes")
	_, errs := together(p, 16)
	if err := errors.Join(append(errs, askMany(p, 50))...); err != nil {
		t.Error(err)
	}
}

// askMany asks different questions, up to the first error.
func askMany(p *Process, many int) error {
	for n := range many {
		if _, err := p.Step(question(n)); err != nil {
			return err
		}
	}
	return nil
}

// A command that cannot be started says so at once.
func TestMissingPrograms(t *testing.T) {
	for command, want := range map[string]string{
		"no-such-program --x": "no-such-program --x cannot be started: there is no such program in PATH",
		"./no/such/program":   "./no/such/program cannot be started: no such file or directory",
		"/":                   "/ cannot be started: ",
		"./process_test.go":   "./process_test.go cannot be started: permission denied",
	} {
		p, err := Open(strings.Fields(command), Options{})
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v", command, err)
		}
		if p != nil {
			p.Close()
		}
	}
}

// After an error a program is started again, and what it had answered is remembered.
func TestAfterAnError(t *testing.T) {
	p := opened(t, Options{Again: 1000}, "exits")
	if _, err := p.Step(question(1)); err != nil { // which is asked twice
		var f *Failure
		if !errors.As(err, &f) {
			t.Fatal(err)
		}
	}
	for n := 2; n < 6; n++ {
		_, err := p.Step(question(n))
		if bad := n%2 == 0; (err != nil) != !bad {
			t.Errorf("question %d: %v", n, err)
		}
	}
	_, err := p.Step(question(6))
	list := groups(p)
	if err != nil || len(list) != 1 {
		t.Fatalf("%v, %d processes", err, len(list))
	}
	p.Close()
	isGone(t, list[0])
}

// What a program has started goes with it, even if that keeps its output open.
func TestForks(t *testing.T) {
	for _, end := range []func(p *Process){
		func(p *Process) { p.Close() },
		func(*Process) { KillAll() },
		func(p *Process) { // it ends by itself
			if _, err := p.Step(question(2)); err == nil {
				_, err = p.Step(question(3))
				if err == nil || !strings.Contains(err.Error(), "it has ended") {
					t.Errorf("the error is %v", err)
				}
			}
		},
	} {
		p := opened(t, Options{Again: 1000, Timeout: 10 * time.Second}, "forks")
		p.rechecks.asked = 1 // so that it is not asked twice
		group := groups(p)[0]
		if _, err := p.Step(question(1)); err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		end(p)
		if took := time.Since(begin); took > 20*time.Second {
			t.Errorf("it took %v", took)
		}
		isGone(t, group)
	}
}

// A program has time to begin, more than for its later answers.
func TestBegins(t *testing.T) {
	p := opened(t, Options{Timeout: 100 * time.Millisecond, Again: 1000}, "late-at-first")
	p.rechecks.asked = 1 // so that it is not asked twice
	if _, err := p.Step(question(1)); err != nil {
		t.Error(err)
	}
}

// A program has no more memory than it may have.
func TestData(t *testing.T) {
	if runtime.GOOS != "linux" || testing.Short() {
		t.Skip("processes cannot be bounded everywhere, and with the race detector they need more")
	}
	for _, data := range []uint64{0, 1 << 29} {
		err := askMany(opened(t, Options{Timeout: 10 * time.Second, Data: data}, "hoards"), 3)
		if (err != nil) != (data > 0) || err != nil && !strings.Contains(err.Error(), "it has ended (exit status 2)") {
			t.Errorf("with %d bytes: %v", data, err)
		}
	}
}

// A question that is longer than what a pipe takes is not written for ever.
func TestTurnsAway(t *testing.T) {
	p := opened(t, Options{Timeout: 200 * time.Millisecond, Again: 1000}, "turns-away")
	p.rechecks.asked = 1 // so that it is not asked twice
	if _, err := p.Step(question(1)); err != nil {
		t.Fatal(err)
	}
	q := question(2)
	q.Memory = []byte(`"` + strings.Repeat("x", 1<<20) + `"`)
	done := make(chan error, 1)
	go func() {
		_, err := p.Step(q)
		done <- err
	}()
	select {
	case err := <-done:
		if err == nil || err.Error() != "it does not read its question within 200ms" {
			t.Errorf("the error is %v", err)
		}
	case <-time.After(time.Minute):
		t.Fatal("it is waited for")
	}
}

// What stands between the tokens of an answer makes it no other one.
func TestSpaced(t *testing.T) {
	if err := askMany(opened(t, Options{Timeout: 10 * time.Second, Again: 2}, "spaced"), 10); err != nil {
		t.Error(err)
	}
}

// A program that is closed may do something at the end of its input.
func TestGoodbye(t *testing.T) {
	file := filepath.Join(t.TempDir(), "goodbye")
	for tries := 0; ; tries++ { // on a busy machine it may be too slow
		p := opened(t, Options{Timeout: 10 * time.Second}, "says-goodbye", file)
		if _, err := p.Step(question(1)); err != nil {
			t.Fatal(err)
		}
		p.Close()
		if report.Exists(file) {
			return
		}
		if tries == 100 {
			t.Fatal("it has no time for that")
		}
	}
}

// A program that is closed ends at once if it reads its input, and soon if it does not.
func TestClose(t *testing.T) {
	for _, how := range []string{"nothing", "hangs", "stops-reading", "flood"} {
		p := opened(t, Options{}, how)
		group := groups(p)[0]
		done := make(chan error)
		go func() { done <- askMany(p, 1000) }()
		time.Sleep(50 * time.Millisecond)
		begin := time.Now()
		p.Close()
		p.Close()
		if took := time.Since(begin); took > 20*time.Second {
			t.Errorf("%s: closing it took %v", how, took)
		}
		<-done
		isGone(t, group)
		if _, err := p.Step(question(5000)); err == nil || !strings.Contains(err.Error(), "it was ended") {
			t.Errorf("%s: asked after its end: %v", how, err)
		}
	}
}

// When everything is to end, a program that hangs does not stop that, whether it is asked
// before or after; what answers at once is still heard.
func TestHurry(t *testing.T) {
	p := opened(t, Options{Timeout: time.Hour, Again: 1000}, "hangs")
	p.rechecks.asked = 1 // so that it is not asked twice
	asked, done := p.idle[0], make(chan error)
	soon := func() error {
		select {
		case err := <-done:
			return err
		case <-time.After(time.Minute):
			t.Fatal("it is waited for")
		}
		return nil
	}
	go func() { done <- askMany(p, 2) }()
	for !strings.Contains(asked.stderr.String(), "question 2") {
		time.Sleep(time.Millisecond)
	}
	Hurry()
	if soon() == nil {
		t.Error("it has answered")
	}
	answered, late := 0, 0
	for n := 1000; answered == 0 || late == 0; n++ { // on a busy machine a new process may be late
		go func() {
			_, err := p.Step(question(n))
			done <- err
		}()
		switch err := soon(); {
		case err == nil:
			answered++
		case !strings.Contains(err.Error(), "within 100ms"):
			t.Fatal(err)
		default:
			late++
		}
		if answered+late == 100 {
			t.Fatalf("%d answers, and %d that are late", answered, late)
		}
	}
}

// Many goroutines ask: each gets the answer to its question, and no more processes run
// than may.
func TestManyAtOnce(t *testing.T) {
	p := opened(t, Options{Processes: 3, Timeout: 10 * time.Second}, "environment")
	var all sync.WaitGroup
	for g := range 8 {
		all.Go(func() {
			for n := range 200 {
				a, err := p.Step(question(n*2 + g%2))
				if err != nil || !strings.HasPrefix(string(a.Memory), `["`) {
					t.Errorf("%v, %s", err, a.Memory)
					return
				}
			}
		})
	}
	all.Wait()
	if n := len(groups(p)); n > 3 {
		t.Errorf("%d processes", n)
	}
}

// together asks so many different questions at once of a process that has nothing else to
// do, and returns the answers and the errors.
func together(p *Process, many int) ([]sim.Answer, []error) {
	p.mutex.Lock()
	idle := p.idle
	p.idle = nil
	p.mutex.Unlock()
	answers, errs := make([]sim.Answer, many), make([]error, many)
	var all sync.WaitGroup
	for n := range many {
		all.Go(func() { answers[n], errs[n] = p.Step(question(n)) })
	}
	for p.mutex.Lock(); len(p.waiting) < many; p.mutex.Lock() {
		p.mutex.Unlock()
		time.Sleep(time.Millisecond)
	}
	p.idle = idle
	p.free.Broadcast()
	p.mutex.Unlock()
	all.Wait()
	return answers, errs
}

// Questions of many are written before the first is answered, as far as they fit.
func TestTogether(t *testing.T) {
	p := opened(t, Options{Again: 1000}, "ahead")
	p.rechecks.asked = 1 // so that it is not asked twice
	ahead := 0
	answers, errs := together(p, 64)
	for _, a := range answers {
		bytes, _ := strconv.Atoi(string(a.Memory))
		ahead = max(bytes, ahead)
	}
	if err := errors.Join(errs...); err != nil || ahead < 3500 || ahead > 4096 {
		t.Errorf("%d bytes were there to be read, %v", ahead, err)
	}
}

// Of questions that were asked together the one that goes wrong is told apart.
func TestWrongAmongOthers(t *testing.T) {
	p := opened(t, Options{Again: 1000}, "seventh")
	_, errs := together(p, 16)
	for n, err := range errs {
		var f *Failure
		if wrong := errors.As(err, &f); wrong != (n == 7) || wrong && (!errors.Is(err, errMore) || !strings.Contains(f.Question, `"id":7}`)) {
			t.Errorf("question %d: %v", n, err)
		}
	}
}

// What goes wrong only as long as questions are asked together goes wrong all the same.
func TestWrongTogether(t *testing.T) {
	for how, want := range map[string]string{
		"exits": "it has ended (exit status 3)", "twice": "it has written more than the one line", "closes": "it has closed its input or output",
		"hangs": "it has not answered, or not flushed its answer, within 200ms",
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			p := opened(t, Options{Timeout: 200 * time.Millisecond}, how)
			p.rechecks.asked = 1 // so that it is not asked twice
			group := groups(p)[0]
			if _, err := p.Step(question(100)); err != nil {
				t.Fatal(err)
			}
			_, errs := together(p, 4)
			err := errors.Join(errs...)
			for n := 101; err == nil && n < 200; n++ { // what is too much may arrive late
				_, err = p.Step(question(n))
			}
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("the error is %v, want %q", err, want)
			}
			isGone(t, group)
		})
	}
}

// What a program remembers may be long.
func TestLargeMemory(t *testing.T) {
	p := opened(t, Options{Again: 1000, Timeout: 10 * time.Second}, "large")
	p.rechecks.asked = 1 // so that it is not asked twice
	q := question(1)
	for n := range 4 {
		a, err := p.Step(q)
		if err != nil || len(a.Memory) != 900_003+n {
			t.Fatalf("%d bytes, %v", len(a.Memory), err)
		}
		q.Memory = a.Memory
	}
}

// Programs see little of the machine. Python leaves nothing behind beside what it runs, unless
// the user has it so.
func TestEnvironment(t *testing.T) {
	t.Setenv("SECRET", "x")
	t.Setenv("PATH", "/bin")
	t.Setenv("HOME", "/home/me")
	t.Setenv("TMPDIR", "")
	t.Setenv("PYTHONDONTWRITEBYTECODE", "")
	for _, set := range []bool{true, false} {
		python := "PYTHONDONTWRITEBYTECODE="
		if !set {
			os.Unsetenv("PYTHONDONTWRITEBYTECODE")
			os.Unsetenv("TMPDIR")
			python += "1"
		}
		want := []string{"LANG=C.UTF-8", "PYTHONHASHSEED=0", python, "PATH=/bin", "HOME=/home/me"}
		if set {
			want = append(want, "TMPDIR=")
		}
		var got []string
		a, err := opened(t, Options{}, "environment").Step(question(1))
		if json.Unmarshal(a.Memory, &got); err != nil || !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))) {
			t.Errorf("%v: %q, want %q", err, got, want)
		}
	}
}

// An answer that is remembered is not asked for again, and is the asker's own.
func TestMemo(t *testing.T) {
	p := opened(t, Options{Again: 1000}, "says", `{"memory":null,"disk":null,"send":[{"type":"promise","to":"a","id":1}]}`)
	first, err := p.Step(question(1))
	if err != nil {
		t.Fatal(err)
	}
	first.Send[0].From = 9
	p.Close()
	again, err := p.Step(question(1))
	if err != nil || again.Send[0].From == 9 {
		t.Errorf("%v, %+v", err, again)
	}
}

// What is remembered has names: in another cluster the same client has another number.
func TestMemoInAnotherCluster(t *testing.T) {
	p := opened(t, Options{Again: 1000}, "says", `{"memory":null,"disk":null,"state":{"promised":1,"id":1,"holder":"bob"}}`)
	for _, holders := range [][]string{{"alice", "bob"}, {"bob", "alice"}, {"bob"}, {"alice", "carol", "bob"}} {
		q := question(1)
		q.Cluster.Holders = holders
		a, err := p.Step(q)
		if err != nil || q.Cluster.HolderName(a.State.Accepted.Holder) != "bob" {
			t.Errorf("of %q it is %d, %v", holders, a.State.Accepted.Holder, err)
		}
	}
	q := question(1)
	q.Cluster.Holders = []string{"alice"}
	_, err := p.Step(q)
	var f *Failure
	if !errors.As(err, &f) || !strings.Contains(err.Error(), `there is no client "bob"`) {
		t.Fatalf("without bob: %v", err)
	}
	if !strings.Contains(f.Answer, `"holder":"bob"`) || f.Question != string(appendQuestion(nil, q)) || f.Command != p.String() {
		t.Errorf("without bob: %+v", f)
	}
}

// What is remembered is bounded, and what is asked for stays.
func TestMemoIsBounded(t *testing.T) {
	m := newMemo(100 * overhead)
	for n := range 1000 {
		m.put(&entry{question: fmt.Sprint(n)})
		if m.get([]byte("0")) == nil {
			t.Fatalf("after %d the first is forgotten", n)
		}
		if size := len(m.recent) + len(m.earlier); size > 100 {
			t.Fatalf("it remembers %d", size)
		}
	}
	if m.get([]byte("999")) == nil || m.get([]byte("500")) != nil {
		t.Error("it remembers the wrong ones")
	}
}

// Explanations name what went wrong, with what may be large cut off.
func TestExplain(t *testing.T) {
	p := opened(t, Options{}, "says", strings.Repeat("x", 10_000))
	c := cluster()
	c.Instances[2].Program = p
	q := question(1)
	q.Cluster = c
	_, err := p.Step(q)
	text := Explain(&sim.ProgramError{Instance: "c", Events: 7, Question: q, Err: err})
	for _, part := range []string{
		"the program of c, after event 7: its answer is no JSON", "\n  command   ", "\n  question  {\"format\":1,", "\n  answer    xxxx", "xxxx…\n", "\n  stderr    question 1",
	} {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in\n%s", part, text)
		}
	}
	exit := Exit("it", &sim.ProgramError{Instance: "c", Events: 7, Question: q, Err: err})
	if is, ok := exit.(*report.Exit); !ok || is.Code != report.ExitUsage || is.Message != "it: "+text || Exit("it", errors.New("another")) != nil {
		t.Errorf("the end is %+v", exit)
	}
	if len(text) > 3*mostShown {
		t.Errorf("%d bytes", len(text))
	}
}

// passed passes its questions on.
type passed struct{ sim.Program }

func (p passed) Unwrap() sim.Program { return p.Program }

// Of an answer that was read, and then refused, it is told what it was; of who is no process only
// the question.
func TestExplainRefused(t *testing.T) {
	p := opened(t, Options{Again: 1000}, "nothing")
	q := question(1)
	const told = "the program of c, after event 7: it is refused\n  command   COMMAND\n  question  QUESTION\n  answer    ANSWER\n"
	for _, c := range []struct {
		by   sim.Program
		want string
	}{
		{sim.BuiltIn(0), strings.NewReplacer("  command   COMMAND\n", "", "  answer    ANSWER\n", "").Replace(told)},
		{p, strings.Replace(told, "  answer    ANSWER\n", "", 1)}, // it was not asked yet
		{passed{p}, strings.Replace(told, "ANSWER", nothing, 1)},
	} {
		q.Cluster.Instances[2].Program = c.by
		want := strings.NewReplacer("COMMAND", p.String(), "QUESTION", string(appendQuestion(nil, q))).Replace(c.want)
		if got := Explain(&sim.ProgramError{Instance: "c", Events: 7, Question: q, Err: errors.New("it is refused")}) + "\n"; got != want {
			t.Errorf("it says\n%s\nnot\n%s", got, want)
		}
		if c.by == p {
			if _, err := p.Step(q); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// In the stepper questions and answers are laid out for people; what is no JSON stays as it
// is, and what is very long is cut off.
func TestLines(t *testing.T) {
	said := `{"memory":{"promised":[1,2],"who":"` + strings.Repeat("x", 80) + `","empty":{},"none":[]},"disk":null}`
	p := opened(t, Options{}, "says", said)
	q := question(1)
	got := strings.Join(Lines{}.Spoken(p, q), "\n")
	want := `question to c
{
  "format": 1,
  "self": "c",
  "instances": ["a", "b", "c"],
  "increment": 3,
  "memory": {"promised": 7},
  "disk": null,
  "event": {"type": "promise", "from": "a", "id": 1}
}

answer
{
  "memory": {
    "promised": [1, 2],
    "who": "` + strings.Repeat("x", 80) + `",
    "empty": {},
    "none": []
  },
  "disk": null
}

on standard error
question 1`
	if got != want {
		t.Errorf("it says\n%s\nnot\n%s", got, want)
	}
	p = opened(t, Options{}, "says", strings.Repeat("x", 10_000))
	_, err := p.Step(q)
	list := Lines{}.Failure(&sim.ProgramError{Instance: "c", Events: 7, Question: q, Err: err})
	text := strings.Join(list, "\n")
	for _, part := range []string{"the program of c, after event 7: its answer is no JSON", "\n\nquestion\n{\n  \"format\": 1,", "\n\nanswer\nxxxx", "xxxx…\n", "\n\nthe end of standard error\nquestion 1"} {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in\n%s", part, text)
		}
	}
	if len(text) > 2*mostShown {
		t.Errorf("%d bytes", len(text))
	}
	impure := &Failure{Err: ErrImpure, Command: "mine", Question: `{"a":1}`, Answer: `{"b":1}`, Again: `{"b":2}`, Stderr: "one\ntwo\n\n"}
	got = strings.Join(Lines{}.Failure(&sim.ProgramError{Instance: "c", Events: 7, Question: q, Err: impure}), "\n")
	if want := "the program of c, after event 7: " + ErrImpure.Error() + "\n\nquestion\n{\"a\": 1}\n\nanswer\n{\"b\": 1}\n\nand asked again\n{\"b\": 2}\n\nthe end of standard error\none\ntwo"; got != want {
		t.Errorf("it says\n%s\nnot\n%s", got, want)
	}
	if list := (Lines{}).Failure(errors.New("another")); !slices.Equal(list, []string{"another"}) {
		t.Errorf("it says %q", list)
	}
	for end, p := range map[string]sim.Program{"is not known": sim.BuiltIn(0), "its answer is no JSON: invalid character 'x' looking for beginning of value": p} {
		said := strings.Join(Lines{}.Spoken(p, question(9)), "\n")
		if !strings.HasPrefix(said, "question to c\n{") || !strings.HasSuffix(said, "}\n\nanswer\n"+end) {
			t.Errorf("it says %q", said)
		}
	}
}

// What a program prints is shown with its answer: the end of it, and nothing that a terminal
// would obey.
func TestPrints(t *testing.T) {
	p := opened(t, Options{}, "prints")
	p.Step(question(8))
	text := strings.Join(Lines{}.Spoken(p, question(9)), "\n")
	want := "\n\non standard error\n…\n" + strings.Repeat("no\n", mostPrinted-3) + "\uFFFD[31mred\n\n" + nothing
	if !strings.HasSuffix(text, want) {
		t.Errorf("it says\n%s\nwhich does not end with\n%s", text, want)
	}
}

// The flags that repeat a run name one program if it plays everybody, and each otherwise.
func TestArguments(t *testing.T) {
	one, other := &Process{command: []string{"one"}}, &Process{command: []string{"other", "-x"}}
	for want, programs := range map[string][]sim.Program{
		"": {nil, nil}, " --program one": {one, one, one}, " --program 'b=other -x'": {nil, other}, " --program a=one --program 'b=other -x'": {one, other},
		" --program a=one --program 'b=other -x' --program c=one": {one, other, one}, " --program a=one --program c=one": {one, nil, one},
	} {
		c := &sim.Cluster{}
		for i, p := range programs {
			c.Instances = append(c.Instances, sim.Instance{Name: string(rune('a' + i)), Program: p})
		}
		if got := Arguments(c); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
