//go:build unix

package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"skinny/cmd/internal/program"
	"skinny/cmd/internal/report"
	"skinny/sim/swarm"
)

// flagCases has a command line for each flag, and the flag with a value that changes what
// comes of it. Where = stands between them, the flag must change nothing.
var flagCases = map[string]string{
	"skinny --version":  " | --version",
	"skinny --color":    "run two-winners | --color always",
	"skinny --no-pager": "run two-winners --rounds | --no-pager",

	"run --seed":            "run lossy.yaml | --seed 3",
	"run --edition":         "run lossy.yaml | --edition sound",
	"run --rule":            "run lossy.yaml | --rule ack-majority=on",
	"run --program":         "run lossy.yaml | --program 'player well'",
	"run --program-timeout": "run lossy.yaml --program 'player well' | --program-timeout 1ns",
	"run --pure":            "run lossy.yaml --program 'player counts-later' | --pure",
	"run --format":          "run lossy.yaml | --format json",
	"run --rounds":          "run lossy.yaml | --rounds",
	"run --only":            "run lossy.yaml | --only a",
	"run --why":             "run lossy.yaml | --why 9",
	"run --questions":       "run lossy.yaml --program 'player well' | --questions 2",
	"run --trace":           "run lossy.yaml | --trace t.jsonl",
	"run --step":            "run lossy.yaml | --step",
	"run --quiet":           "run lossy.yaml | --quiet",

	"step --seed":            "step lossy.yaml --plain --at 20 | --seed 3",
	"step --edition":         "step lossy.yaml --plain --at 20 | --edition sound",
	"step --rule":            "step lossy.yaml --plain --at 20 | --rule timeouts=off",
	"step --program":         "step lossy.yaml --plain --at 1 | --program 'player well'",
	"step --program-timeout": "step lossy.yaml --plain --at 1 --program 'player well' | --program-timeout 1ns",
	"step --pure":            "step lossy.yaml --plain --at 1 --program 'player counts-later' | --pure",
	"step --at":              "step lossy.yaml --plain | --at 5",
	"step --do":              "step lossy.yaml --plain | --do '9 crash a'",
	"step --plain":           "step lossy.yaml | --plain",
	"step --predict":         "step lossy.yaml --plain --at 3 | --predict",
	"step --present":         "step lossy.yaml --plain --at 3 | --present",

	"draw --seed":            "draw lossy.yaml | --seed 3",
	"draw --edition":         "draw lossy.yaml | --edition sound",
	"draw --rule":            "draw lossy.yaml | --rule ack-majority=on",
	"draw --program":         "draw lossy.yaml | --program 'player well'",
	"draw --program-timeout": "draw lossy.yaml --program 'player well' | --program-timeout 1ns",
	"draw --pure":            "draw lossy.yaml --format html --program 'player counts-later' | --pure",
	"draw --output":          "draw lossy.yaml | --output picture.svg",
	"draw --format":          "draw lossy.yaml | --format mermaid",
	"draw --only":            "draw lossy.yaml | --only a",
	"draw --from":            "draw lossy.yaml | --from 5",
	"draw --to":              "draw lossy.yaml | --to 5",
	"draw --at":              "draw lossy.yaml | --at 5",
	"draw --reasons":         "draw lossy.yaml | --reasons",
	"draw --blank":           "draw lossy.yaml | --blank",

	"web --listen": "web | --listen 127.0.0.1:1",
	"web --open":   "web | --open",
	"web --export": "web | --export site",

	"check --seed":            "check --edition published --profile none --no-shrink | --seed 9",
	"check --edition":         "check --profile none --seeds 20 --no-shrink | --edition sound",
	"check --rule":            "check --edition sound --profile none --seeds 20 | --rule early-stop-promise=off",
	"check --program":         "check --edition sound --profile none --seeds 2 | --program 'player well'",
	"check --program-timeout": "check --edition sound --profile none --seeds 2 --program 'player well' | --program-timeout 1ns",
	"check --pure":            "check --edition sound --profile none --seeds 2 --recheck 0 --program 'player counts-later' | --pure",
	"check --profile":         "check --edition sound --seeds 20 | --profile crash",
	"check --seeds":           "check --edition sound --profile none --clients 1 --operations 2 | --seeds 9",
	"check --for":             "check --edition sound --profile none --clients 1 --operations 2 | --for 1ns",
	"check --from":            "check --edition sound --seeds 20 | --from 7",
	"check --property":        "check --edition published --profile none --seeds 20 --no-shrink | --property progress",
	"check --keep-going":      "check --edition published --profile none --seeds 30 --no-shrink | --keep-going",
	"check --recheck":         "check --edition sound --seeds 20 --format json | --recheck 1",
	"check --jobs":            "check --edition sound --seeds 200 = --jobs 1",
	"check --shard":           "check --edition sound --seeds 20 | --shard 1/2",
	"check --merge":           "check part.jsonl | --merge",
	"check --format":          "check --edition sound --seeds 20 | --format json",
	"check --quiet":           "check --edition sound --seeds 20 | --quiet",
	"check --dir":             "check --edition published --profile none --seeds 20 --no-shrink | --dir there",
	"check --no-shrink":       "check --edition published --profile none --seeds 20 | --no-shrink",
	"check --show-shrinking":  "check --edition published --profile none --seeds 20 | --show-shrinking",
	"check --step":            "check --edition published --profile none --seeds 20 --no-shrink | --step",

	"explore --edition":         "explore lossy.yaml --events 5 --format json | --edition sound",
	"explore --rule":            "explore lossy.yaml --events 5 --format json | --rule ack-majority=on",
	"explore --program":         "explore lossy.yaml --events 5 --format json | --program 'player well'",
	"explore --program-timeout": "explore lossy.yaml --events 3 --format json --program 'player well' | --program-timeout 1ns",
	"explore --pure":            "explore lossy.yaml --edition sound --events 5 --format json --program 'player counts-later' | --pure",
	"explore --losses":          "explore lossy.yaml --events 5 --format json | --losses 2",
	"explore --duplications":    "explore lossy.yaml --events 5 --format json | --duplications 2",
	"explore --timeouts":        "explore lossy.yaml --events 5 --format json | --timeouts 0",
	"explore --crashes":         "explore lossy.yaml --events 5 --format json | --crashes 2",
	"explore --restarts":        "explore lossy.yaml --events 5 --format json --crashes 1 | --restarts 1",
	"explore --retries":         "explore lossy.yaml --events 12 --edition sequential --losses 0 --format json | --retries 0",
	"explore --wipes":           "explore lossy.yaml --events 5 --format json --restarts 1 | --wipes 1",
	"explore --tears":           "explore lossy.yaml --events 5 --format json --restarts 1 | --tears 1",
	"explore --events":          "explore lossy.yaml --edition sound --events 5 --format json | --events 4",
	"explore --host":            "explore lossy.yaml --events 5 --format json --crashes 1 | --host up",
	"explore --property":        "explore lossy.yaml --events 5 --format json | --property agreement",
	"explore --search":          "explore lossy.yaml --events 5 --format json | --search dfs",
	"explore --workers":         "explore lossy.yaml --events 5 --format json = --workers 1",
	"explore --memory":          "explore lossy.yaml --edition sound --events 10 --format json | --memory 1MB",
	"explore --save":            "explore lossy.yaml --edition sound --events 10 --memory 1MB | --save s.bin",
	"explore --resume":          "explore lossy.yaml --edition sound --events 10 | --resume kept.bin",
	"explore --out":             "explore lossy.yaml --events 5 | --out it.yaml",
	"explore --step":            "explore lossy.yaml --events 5 | --step",
	"explore --format":          "explore lossy.yaml --events 5 | --format json",
	"explore --quiet":           "explore lossy.yaml --events 5 | --quiet",
	"explore --no-stale":        "explore alike.yaml --events 6 --format json | --no-stale",
	"explore --no-instances":    "explore alike.yaml --events 6 --format json | --no-instances",
	"explore --no-clients":      "explore alike.yaml --events 6 --format json | --no-clients",
	"explore --no-past":         "explore lossy.yaml --events 5 | --no-past",

	"grade --format":          "grade rescue-1 lossy.yaml | --format csv",
	"grade --lab":             "grade there | --lab",
	"grade --program":         "grade --lab there | --program 'player exits'",
	"grade --program-timeout": "grade --lab there --program 'player well' | --program-timeout 1ns",
	"grade --seeds":           "grade --lab there --program 'player promises' | --seeds 1",
	"grade --for":             "grade --lab there --program 'player well' | --for 1ns",
	"grade --memory":          "grade --lab there --program 'player swells' | --memory 1MB",

	"scenarios --names":      "scenarios | --names",
	"scenarios list --names": "scenarios list | --names",

	"learn --plain": "learn majority = --plain", // where there is no terminal
	"learn --reset": "learn | --reset",

	"lab new --lang":              "lab new mine | --lang go",
	"lab check --program":         "lab check there promise | --program 'player exits'",
	"lab check --program-timeout": "lab check there promise --program 'player well' | --program-timeout 1ns",
	"lab check --seeds":           "lab check there promise --program 'player promises' | --seeds 1",
	"lab check --save":            "lab check there commit --program 'player well' | --save it.yaml",
	"lab check --step":            "lab check there promise --program 'player well' | --step",
}

// knobCase is a check in which every knob changes the runs.
const knobCase = "check --edition sound --rule unique-ids=off --profile all --property progress --seeds 30 --format json"

// flagInputs makes programs and files for command lines.
func flagInputs(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	if err := os.Symlink(self, filepath.Join(bin, "player")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(bin, page), []byte("#!/bin/sh\nprintf '%s\\n' \"$@\" >given\n"), 0o777); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	t.Setenv("PAGER", "sed s/^/paged:/")
	inputs := t.TempDir()
	const rescue = "format: 1\ninstances: [a, b, c]\ntimeline:\n  - {at: 0ms, acquire: alice, via: a}\n  - {at: 5ms, acquire: bob, via: b}\n"
	for name, text := range map[string]string{
		"lossy.yaml": "format: 1\ninstances: [a, b, c]\nnetwork: {latency: 1ms..20ms, loss: 20%}\ntimeline:\n" +
			"  - {at: 0ms, acquire: alice, via: a}\n  - {at: 5ms, acquire: bob, via: b}\n",
		"alike.yaml": "format: 1\ninstances: [a, b, c]\ntimeline:\n" +
			"  - {at: 0ms, acquire: alice, via: a}\n  - {at: 5ms, acquire: bob, via: a}\n",
		"alone.yaml":      "format: 1\ninstances: [a, b, c]\ntimeline:\n  - {at: 0ms, acquire: alice, via: a}\n",
		"idle.yaml":       "format: 1\ninstances: [a, b, c]\ntimeline:\n  - {at: 0ms, status: a}\n",
		"short.yaml":      "format: 1\ninstances: [a, b, c]\nschedule: |\n  acquire alice via a\n  crash b\n  deliver promise-request a -> c\nevents: 3\n",
		"broken.yaml":     "format: 1\ninstances: [a, a]\ntimeline:\n  - {at: 0ms, aquire: alice}\nevents: many\n",
		"impossible.yaml": "format: 1\ninstances: [a, b, c]\nschedule: |\n  timeout a\n",
		"budget.yaml":     "format: 1\ninstances: [a, b, c]\ntimeline:\n  - {at: 0ms, acquire: alice, via: a}\nevents: 5\n",
		"scheduled.yaml":  "format: 1\ninstances: [a, b, c]\nschedule: |\n  acquire alice via a\n  crash b\n  deliver promise-request a -> c\nthen: settle\n",
		"easy.yaml":       rescue + "exercise:\n  task: Lose messages until the lock holds.\n  change: [messages]\n  allow: [drop]\n  want:\n    - {property: mutual-exclusion, is: kept}\n  par: 2\n",
		"free.yaml":       rescue + "exercise:\n  task: Lose messages until the lock holds.\n  change: [messages]\n  want: [{property: mutual-exclusion, is: kept}]\n",
		"solved.yaml":     rescue + "messages:\n  - {drop: promise-request, from: a, to: c, nth: 1}\n",
	} {
		if err := os.WriteFile(filepath.Join(inputs, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	odd, err := os.ReadFile("../../sim/quiz/testdata/odd.yaml")
	if err != nil {
		t.Fatal(err)
	}
	os.WriteFile(filepath.Join(inputs, "odd.yaml"), odd, 0o666)
	os.WriteFile(filepath.Join(inputs, "part.jsonl"), []byte(said(t, inputs, "check --edition sound --seeds 20 --shard 0/1 --format json")), 0o666)
	for _, shard := range []string{"0", "1"} {
		os.WriteFile(filepath.Join(inputs, "bad"+shard+".jsonl"), []byte(strings.TrimSuffix(said(t, inputs, "check --edition published --profile none --seeds 24 --format json --no-shrink --shard "+shard+"/2"), "exit code 1\n")), 0o666)
	}
	outcome(t, inputs, "explore lossy.yaml --edition sound --events 10 --memory 1MB --save "+filepath.Join(inputs, "kept.bin"))
	return inputs
}

// Every flag of every command arrives where it has an effect.
func TestFlags(t *testing.T) {
	inputs := flagInputs(t)
	comes := func(t *testing.T, line string) string { return outcome(t, inputs, line) }
	cases := map[string]string{}
	for name, c := range flagCases {
		cases[name] = c
	}
	for _, k := range swarm.KnobTable() {
		value := map[swarm.Unit]string{swarm.Count: "3..4", swarm.Share: "30%", swarm.Duration: "3ms..40ms"}[k.Unit]
		cases["check --"+k.Name] = knobCase + " | --" + k.Name + " " + value
	}
	before := map[string]string{}
	var visit func(c *cobra.Command)
	visit = func(c *cobra.Command) {
		check := func(f *pflag.Flag) {
			name := strings.TrimPrefix(c.CommandPath(), "skinny ") + " --" + f.Name
			if f.Name == "help" {
				return
			}
			line, flag, changes := strings.Cut(cases[name], "|")
			if !changes {
				line, flag, _ = strings.Cut(cases[name], "=")
			}
			if flag == "" {
				t.Errorf("%s has no case", name)
				return
			}
			t.Run(name, func(t *testing.T) {
				if _, is := before[line]; !is {
					before[line] = comes(t, line)
				}
				got, want := settings.ReplaceAllString(comes(t, line+flag), ""), settings.ReplaceAllString(before[line], "")
				if got = strings.ReplaceAll(got, flag, ""); (got != want) != changes {
					t.Errorf("skinny %s with%s:\n%s\nwithout it:\n%s", line, flag, got, want)
				}
			})
		}
		c.LocalFlags().VisitAll(check)
		for _, below := range c.Commands() {
			visit(below)
		}
	}
	visit(testApp(nil, nil).root(func(*cobra.Command) {}))
}

// vague is what differs from run to run and from machine to machine.
var vague = regexp.MustCompile(`"(elapsed|took|shrink)_ns": ?\d+|"(checksum|hash)": ?"\w+"|"seconds": [0-9.]+|"version": ?"[^"]*"|speed [^\n]*(\n {13}[^\n]*)*|memory {2,}[0-9.]+ MB`)

// timed is paragraphs with times, which break their lines accordingly, and times what is
// vague in them.
var (
	timed = regexp.MustCompile(`(?s)(It took|in [0-9.]+[mµn]?s:) .*?\n\n`)
	times = regexp.MustCompile(`\b[0-9.]+[mµn]?s\b|[0-9,]+ (seeds|rounds) (and|a second)`)
)

// settings is what only repeats what was asked for.
var settings = regexp.MustCompile(`{"kind":"check".*\n|(?s)"(bounds|merged|events)": [^}]*[}\n]`)

// outcome is all that comes of a command line: what is said, the exit code, and the files
// that were written.
func outcome(t *testing.T, inputs, line string) string {
	t.Helper()
	all := said(t, inputs, line)
	filepath.WalkDir(".", func(path string, _ fs.DirEntry, _ error) error {
		data, err := os.ReadFile(path)
		if was, _ := os.ReadFile(filepath.Join(inputs, path)); err == nil && !bytes.Equal(was, data) {
			if strings.HasSuffix(path, ".bin") {
				data = nil
			}
			all += fmt.Sprintf("%s: %s\n", path, data)
		}
		return nil
	})
	all = timed.ReplaceAllStringFunc(all, func(text string) string {
		return times.ReplaceAllString(strings.Join(strings.Fields(text), " "), "") + "\n\n"
	})
	return vague.ReplaceAllString(all, "")
}

// said is what a command line says, and the exit code.
func said(t *testing.T, inputs, line string) string {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := os.CopyFS(".", os.DirFS(inputs)); err != nil {
		t.Fatal(err)
	}
	os.Mkdir("there", 0o777)
	t.Setenv("XDG_STATE_HOME", filepath.Join(t.TempDir(), "state"))
	face, rest, is := strings.Cut(line, "| ")
	if is {
		line = rest
	}
	args := []string{} // not nil, for which cobra takes those of the test
	if line = strings.TrimSpace(line); line != "" {
		var err error
		if args, err = program.Words(line); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	a := testApp(&b, &errorsIn{&b, true})
	a.In, a.signal = strings.NewReader("here\n"), make(chan struct{})
	a.pages = strings.HasSuffix(line, "--rounds --no-pager") || line == "run two-winners --rounds"
	if is {
		faces[face](a)
	}
	if code := a.execute(args); code != report.ExitClaimed {
		fmt.Fprintln(&b, "exit code", code)
	}
	return b.String()
}

// errorsIn is standard error in a text that has the output, too: its lines begin with "! ".
type errorsIn struct {
	all   *bytes.Buffer
	fresh bool // a line begins
}

func (e *errorsIn) Write(b []byte) (int, error) {
	for _, c := range b {
		if e.fresh {
			e.all.WriteString("! ")
		}
		e.all.WriteByte(c)
		e.fresh = c == '\n'
	}
	return len(b), nil
}
