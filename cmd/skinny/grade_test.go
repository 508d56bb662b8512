package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"skinny/cmd/internal/report"
	"skinny/scenarios/exercise"
)

// submission is a file that somebody hands in, and what it is worth.
type submission struct {
	name, text string
	points     int // of 2, where 2 is solved at par
	why        string
}

// submissions are a class of them for network-1, hostile ones among them. What makes a
// file that is none is done by hostile.
func submissions() (list []submission) {
	const given = "format: 1\ninstances: [a, b, c]\nschedule: |\n  acquire alice via a\n  acquire bob via b\n"
	solution := "  deliver promise-request a -> c\n  deliver promise-response c -> a\n  deliver promise-request b -> c\n  deliver promise-response c -> b\n  timeout a\n  timeout b\n"
	add := func(points int, why, text string) {
		list = append(list, submission{fmt.Sprintf("%03d.yaml", len(list)), text, points, why})
	}
	for i := range 20 { // the pupils
		add(2, "", given+solution)
		add(1, "", given+"  deliver promise-request a -> b\n"+solution)
		add(0, "not met: property mutual-exclusion: violated (got kept)", given+strings.Join(strings.SplitAfter(solution, "\n")[:i%6], ""))
	}
	add(0, "the file is larger than 256 KiB", given+strings.Repeat("# more\n", 100_000))
	add(0, "the file is larger than 256 KiB", strings.Repeat("[", 1<<20))
	add(0, "not allowed: drop promise-request a -> b", given+"  drop promise-request a -> b\n"+solution)
	add(0, "not allowed: crash c", given+"  crash c\n"+solution)
	add(0, "not as given: instances", strings.Replace(given, "[a, b, c]", "[a, b, c, d, e]", 1)+solution)
	add(0, "not as given: quorums", "quorums: {promise: 1}\n"+given+solution)
	add(0, "not as given: rules", "rules: {majority: off}\n"+given+solution)
	add(0, "not as given: events", "events: 3\n"+given+solution)
	add(0, "what is given is missing, or comes in another order: acquire alice via a", "format: 1\ninstances: [a, b, c]\nschedule: ''\n")
	add(0, "what is given is missing, or comes in another order: acquire bob via b", strings.Replace(given, "  acquire alice via a\n  acquire bob via b\n", "  acquire bob via b\n  acquire alice via a\n", 1)+solution)
	add(0, "is impossible", given+"  timeout a\n  timeout a\n  timeout a\n")
	add(0, "not allowed: acquire", given+strings.Repeat("  acquire carol via c\n", 10_000))
	add(0, "is impossible", given+strings.Repeat("  deliver promise-request a -> c\n", 7_000))
	add(0, "line 1: ", "\x00\x01\x02\x7fELF")
	add(0, "the file is empty", "\xff\xfe")
	add(0, "line 1: ", "\x1b]0;owned\x07\x1b[2J")
	add(0, "the file is empty", "")
	add(0, "line ", given+"title: \"\\e[31mred\"\n")
	add(0, "line ", given+"rules: "+strings.Repeat("[", 5_000)+"\n")
	add(0, "line ", given+"rules:\n"+strings.Repeat("- ", 5_000)+"x\n")
	add(0, "line ", strings.Repeat("a: &a [*a,", 1_000))
	add(0, "line ", "a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\n")
	add(0, "line ", strings.Repeat("schedule: x\n", 20_000))
	add(0, "line ", "format: 1\ninstances: ["+strings.Repeat("a, ", 50_000)+"a]\n")
	add(0, "line ", "format: 99999999999999999999\ninstances: [a, b]\n")
	add(0, "line ", given+"  deliver promise-request a -> c #99999999999999999999999\n")
	add(0, "not as given: timeline", "format: 1\ninstances: [a, b, c]\ntimeline:\n  - {at: 0ms, acquire: alice, via: a}\n  - {at: 5ms, acquire: bob, via: b}\n")
	add(2, "", given+solution+"exercise: {task: mine, change: [rules], want: [{moves: 0}]}\nexpect: [{property: agreement, is: violated}]\n")
	for len(list) < 94 {
		add(0, "line ", given+strings.Repeat(" ", len(list))+"deliver nonsense\n")
	}
	return list
}

// A hundred submissions are judged in their order, and what is hostile costs its own line.
func TestGradeClass(t *testing.T) {
	dir := t.TempDir()
	list := submissions()
	args := []string{"grade", "network-1"}
	for _, s := range list {
		path := filepath.Join(dir, s.name)
		if err := os.WriteFile(path, []byte(s.text), 0o666); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
	}
	odd := []submission{
		{filepath.Join(dir, "missing.yaml"), "", 0, "there is no such file"},
		{dir, "", 0, "this is a directory; write " + dir + "/*.yaml"},
		{os.DevNull, "", 0, "this is no file"},
		{filepath.Join(dir, "\x1b[2J.yaml"), "", 0, "there is no such file"},
		{"two-winners", "", 0, "there is no such file"},
		{"=1+2", "", 0, "there is no such file"},
	}
	for _, s := range odd {
		args = append(args, s.name)
	}
	list = append(list, odd...)
	if len(list) != 100 {
		t.Fatalf("there are %d submissions", len(list))
	}

	code, out := grading(t, append(args, "--format", "csv")...)
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil || len(rows) != len(list)+1 || code != report.ExitUnmet {
		t.Fatalf("%d rows, exit code %d, %v", len(rows), code, err)
	}
	for i, s := range list {
		row := rows[i+1]
		solved := strconv.FormatBool(s.points > 0)
		if !strings.HasSuffix(row[0], strings.ReplaceAll(s.name, "\x1b", `�`)) && !strings.Contains(s.name, "\x1b") ||
			row[1] != solved || row[2] != strconv.Itoa(s.points) || row[3] != "2" || !strings.Contains(row[6], s.why) {
			t.Errorf("%d: got %q, want %d points, %q", i, row, s.points, s.why)
		}
	}
	if last := rows[len(rows)-1][0]; last != "'=1+2" {
		t.Errorf("a spreadsheet would calculate %s", last)
	}

	_, out = grading(t, args...)
	if lines := strings.Split(strings.TrimSpace(out), "\n"); len(lines) != len(list) {
		t.Errorf("%d lines for %d files", len(lines), len(list))
	}
	_, asJSON := grading(t, append(args, "--format", "json")...)
	var marks struct{ Solutions []map[string]any }
	if err := json.Unmarshal([]byte(asJSON), &marks); err != nil || len(marks.Solutions) != len(list) {
		t.Errorf("%d solutions, %v", len(marks.Solutions), err)
	}
	for _, text := range []string{out, asJSON} {
		if strings.ContainsAny(text, "\x1b\x07\x00") {
			t.Error("a file's escape sequences come out again")
		}
	}
}

// grading runs the command.
func grading(t *testing.T, args ...string) (int, string) {
	t.Helper()
	var out, errs bytes.Buffer
	a := testApp(&out, &errs)
	code := a.execute(args)
	return code, out.String()
}

// An endless run and a search that is too large cost their own line, too, and a teacher's
// own exercise is as good as a bundled one.
func TestGradeOwnExercise(t *testing.T) {
	t.Chdir(t.TempDir())
	const given = "format: 1\nedition: sequential\ninstances: [a, b, c]\ntimeline:\n  - {at: 0ms, acquire: alice, via: a}\n"
	files := map[string]string{
		"own.yaml":     given + "exercise:\n  task: x\n  change: [timeline, rules, network]\n  want: [{operation: 1, outcome: acquired}]\n",
		"done.yaml":    given,
		"endless.yaml": given + strings.Repeat("  - {at: 0ms, status: b}\n", 5_000),
		"storm.yaml":   given + "network: {duplication: 100%, loss: 100%}\n",
	}
	for name, text := range files {
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	code, out := grading(t, "grade", "own.yaml", "done.yaml", "endless.yaml", "storm.yaml")
	if !strings.Contains(out, "✓ 1 of 1  done.yaml: solved\n") || strings.Count(out, "\n") != 3 || code != report.ExitUnmet {
		t.Errorf("exit code %d\n%s", code, out)
	}
	if code, out := grading(t, "grade", "own.yaml", "done.yaml"); code != report.ExitClaimed {
		t.Errorf("exit code %d\n%s", code, out)
	}
	if code, _ := grading(t, "grade", "done.yaml", "done.yaml"); code != report.ExitUsage {
		t.Errorf("what is no exercise: exit code %d", code)
	}
}

// A demand is met, not met, or not known, each in its own way in every format: what could not
// be found out is held against nobody, and is no point either.
func TestMarksOfDemands(t *testing.T) {
	t.Chdir(t.TempDir())
	const head = "format: 1\ninstances: [a, b]\n"
	const clients = "  - {at: 0ms, acquire: alice, via: a}\n  - {at: 1s, acquire: bob, via: b}\n"
	write := func(name, text string) {
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("own.yaml", head+"edition: sound\ntimeline:\n"+clients+
		"exercise:\n  task: x\n  change: [timeline, rules]\n  want: [{operation: 1, outcome: acquired}, {every-order: mutual-exclusion}]\n")
	type demand struct {
		Met *bool
		Got string
	}
	const first, every = "operation 1: outcome acquired", "mutual-exclusion is kept in every order of events"
	for _, c := range []struct {
		name, text string
		met        [2]string // true, false, or null
		why        []string
	}{
		{"met.yaml", "edition: sound\ntimeline:\n" + clients, [2]string{"true", "true"}, nil},
		{"outcome.yaml", "edition: sound\ntimeline:\n  - {at: 0ms, release: carol, via: a}\n" + clients, [2]string{"false", "true"}, []string{"not met: " + first}},
		{"order.yaml", "edition: sound\nrules: {majority: off, ack-majority: off}\ntimeline:\n" + clients, [2]string{"true", "false"}, []string{"not met: " + every}},
		// More clients than a search takes.
		{"crowd.yaml", "edition: sound\ntimeline:\n" + clients + crowd(99), [2]string{"true", "null"}, []string{"not known: " + every}},
		{"both.yaml", "edition: sound\ntimeline:\n  - {at: 0ms, release: carol, via: a}\n" + clients + crowd(99), [2]string{"false", "null"}, []string{"not met: " + first, "not known: " + every}},
	} {
		write(c.name, head+c.text)
		_, asJSON := grading(t, "grade", "own.yaml", c.name, "--format", "json")
		var marks struct {
			Solutions []struct {
				Solved  bool
				Points  int
				Demands []demand
			}
		}
		if err := json.Unmarshal([]byte(asJSON), &marks); err != nil || len(marks.Solutions) != 1 || len(marks.Solutions[0].Demands) != 2 {
			t.Fatalf("%s: %v\n%s", c.name, err, asJSON)
		}
		got, points := marks.Solutions[0], 0
		for i, d := range got.Demands {
			met := "null"
			if d.Met != nil {
				met = strconv.FormatBool(*d.Met)
			}
			if met == "true" {
				points++
			}
			if met != c.met[i] || met == "null" && d.Got == "" {
				t.Errorf("%s: demand %d is %s (%s), want %s", c.name, i+1, met, d.Got, c.met[i])
			}
		}
		if got.Points != points || got.Solved != (points == 2) {
			t.Errorf("%s: %d points, solved %v", c.name, got.Points, got.Solved)
		}
		_, out := grading(t, "grade", "own.yaml", c.name)
		_, table := grading(t, "grade", "own.yaml", c.name, "--format", "csv")
		for _, text := range []string{out, table} {
			if n := strings.Count(text, "not met: ") + strings.Count(text, "not known: "); n != len(c.why) {
				t.Errorf("%s lacks %d demands, want %d: %s", c.name, n, len(c.why), text)
			}
			for _, why := range c.why {
				if !strings.Contains(text, why) {
					t.Errorf("%s: want %q: %s", c.name, why, text)
				}
			}
		}
	}
}

// crowd is a timeline in which so many clients want the lock, one after the other.
func crowd(clients int) string {
	var b strings.Builder
	for i := range clients {
		fmt.Fprintf(&b, "  - {at: %ds, acquire: c%d, via: a}\n", i+2, i)
	}
	return b.String()
}

// What `skinny grade` prints to begin with is a solution that lacks what is asked for, and
// does not tell what is hidden.
func TestGradeBegin(t *testing.T) {
	for _, name := range exercise.Names() {
		code, out := grading(t, "grade", name)
		if code != report.ExitClaimed {
			t.Fatalf("%s: exit code %d", name, code)
		}
		path := filepath.Join(t.TempDir(), "mine.yaml")
		if err := os.WriteFile(path, []byte(out), 0o666); err != nil {
			t.Fatal(err)
		}
		code, marks := grading(t, "grade", name, path)
		if code != report.ExitUnmet || !strings.Contains(marks, "not met") {
			t.Errorf("%s: exit code %d, %s", name, code, marks)
		}
		if strings.HasPrefix(name, "mystery") && strings.Contains(out, ": off") {
			t.Errorf("%s tells which rule is off:\n%s", name, out)
		}
	}
}

// No cell of a table is a formula for a spreadsheet.
func TestCell(t *testing.T) {
	for text, want := range map[string]string{"": "", "mine.yaml": "mine.yaml", "=1+2": "'=1+2", "+1": "'+1", "-1": "'-1", "@SUM(1)": "'@SUM(1)", "a=1": "a=1"} {
		if got := cell(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// What an interrupt has left open is no mark, and no mistake looked for in vain.
func TestInterruptedMarks(t *testing.T) {
	t.Chdir(t.TempDir())
	const given = "format: 1\nedition: sound\ninstances: [a, b, c]\ntimeline:\n  - {at: 0ms, acquire: alice, via: a}\n  - {at: 0ms, acquire: bob, via: b}\n  - {at: 0ms, acquire: carol, via: c}\n"
	for name, text := range map[string]string{
		"own.yaml":  "rules: {ack-majority: off, majority: off}\n" + given + "exercise: {task: x, change: [rules], want: [{every-order: mutual-exclusion}]}\n",
		"mine.yaml": given,
	} {
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"scenarios", "lint", "own.yaml"}, {"grade", "own.yaml", "mine.yaml"}} {
		var out, errs bytes.Buffer
		a := testApp(&out, &errs)
		time.AfterFunc(100*time.Millisecond, func() { a.Interrupted.Store(true) })
		if code := a.execute(args); code != report.ExitInterrupted || out.Len() > 0 || !strings.Contains(errs.String(), "interrupted") {
			t.Errorf("%v: exit code %d\n%s%s", args, code, out.String(), errs.String())
		}
	}
}
