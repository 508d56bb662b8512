package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/mattn/go-runewidth"
	"github.com/rogpeppe/go-internal/testscript"

	"skinny/cmd/internal/program"
	"skinny/cmd/internal/report"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"skinny": main, "player": player})
}

// The scripts talk to the command as a user does. Beside testscript's own
// commands they have:
//
//	exits CODE ARGUMENT...   runs skinny, which has to end with this exit code
//	again                    runs what the "again:" line names, which has to print the same
//	field PATH VALUE         looks into the JSON that was printed, as in instances.0.name '"a"'
//	narrow [COLUMNS]         no line that was printed is wider; 80 if it is not said
//	big FILE MEGABYTES       writes a large file
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       *update,
		Setup: func(e *testscript.Env) error { // with the race detector every process ends after a second otherwise
			e.Setenv("GORACE", os.Getenv("GORACE"))
			return nil
		},
		Condition: func(condition string) (bool, error) {
			if condition == "root" {
				return os.Geteuid() == 0, nil
			}
			return false, fmt.Errorf("there is no condition %q", condition)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":  exits,
			"again":  again,
			"field":  field,
			"narrow": narrow,
			"big":    big,
		},
	})
}

// testApp is the command with outputs of a test.
func testApp(out, errs io.Writer) *app {
	return &app{Console: &report.Console{In: strings.NewReader(""), Out: out, Err: errs, Width: report.DefaultWidth}}
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	if err != nil || neg {
		ts.Fatalf("usage: exits CODE ARGUMENT...")
	}
	got := 0
	err = ts.Exec("skinny", args[1:]...)
	var status *exec.ExitError
	switch {
	case errors.As(err, &status):
		got = status.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("the exit code is %d, not %d", got, want)
	}
	// A run that a program ends is told as far as it went.
	if want == report.ExitUsage && ts.ReadFile("stdout") != "" && args[1] != "scenarios" && !slices.Contains(args, "--program") {
		ts.Fatalf("bad input prints to standard output")
	}
}

var againLine = regexp.MustCompile(`(?m)^  again: skinny (.*)$`)

func again(ts *testscript.TestScript, neg bool, _ []string) {
	before := ts.ReadFile("stdout")
	line := againLine.FindStringSubmatch(before)
	if line == nil {
		ts.Fatalf("no line says how to have this again")
	}
	words, err := program.Words(line[1])
	ts.Check(err)
	ts.Exec("skinny", words...)
	if (ts.ReadFile("stdout") == before) == neg {
		ts.Fatalf("skinny %s: the same output is %v", line[1], neg)
	}
}

func field(ts *testscript.TestScript, neg bool, args []string) {
	var value any
	decoder := json.NewDecoder(strings.NewReader(ts.ReadFile("stdout")))
	decoder.UseNumber()
	ts.Check(decoder.Decode(&value))
	for _, key := range strings.Split(args[0], ".") {
		switch v := value.(type) {
		case map[string]any:
			var ok bool
			if value, ok = v[key]; !ok {
				ts.Fatalf("%s: there is no %s", args[0], key)
			}
		case []any:
			i, err := strconv.Atoi(key)
			ts.Check(err)
			if i >= len(v) {
				ts.Fatalf("%s: it has %d elements", args[0], len(v))
			}
			value = v[i]
		default:
			ts.Fatalf("%s: nothing is below %v", args[0], value)
		}
	}
	got, err := json.Marshal(value)
	ts.Check(err)
	if (string(got) == args[1]) == neg {
		ts.Fatalf("%s is %s", args[0], got)
	}
}

func narrow(ts *testscript.TestScript, neg bool, args []string) {
	columns := report.DefaultWidth
	if len(args) > 0 {
		var err error
		columns, err = strconv.Atoi(args[0])
		ts.Check(err)
	}
	for _, line := range strings.Split(ts.ReadFile("stdout"), "\n") {
		if w := runewidth.StringWidth(line); w > columns {
			if neg {
				return
			}
			ts.Fatalf("%d columns: %s", w, line)
		}
	}
	if neg {
		ts.Fatalf("no line has more than %d columns", columns)
	}
}

func big(ts *testscript.TestScript, _ bool, args []string) {
	megabytes, err := strconv.Atoi(args[1])
	ts.Check(err)
	line := []byte("about: " + strings.Repeat("x", 1015) + " \n")
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), bytes.Repeat(line, megabytes<<10), 0o666))
}
