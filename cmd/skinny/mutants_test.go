package main

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"
	"testing"

	"skinny/cmd/internal/report"
	"skinny/scenarios"
)

var mutants = flag.Int("mutants", 200, "how many mutated scenarios all commands have to agree about")

// diagnosed is the first line of something that is wrong with the file.
var diagnosed = regexp.MustCompile(`(?m)^mutant\.yaml(:\d+:\d+)?: .*$`)

// Scenarios that somebody got wrong in all ways are taken or refused by all commands
// alike, for the same reasons at the same places, and none of them panics.
func TestMutants(t *testing.T) {
	t.Chdir(t.TempDir())
	bases := []string{string(scenarios.Template())}
	for _, e := range scenarios.Library() {
		bases = append(bases, string(e.Data))
	}
	refused := 0
	for n := range *mutants {
		text := mutant(rand.New(rand.NewPCG(uint64(n), 1)), bases)
		if err := os.WriteFile("mutant.yaml", []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		wrong := disagreement(&refused)
		if wrong != "" {
			t.Errorf("mutant %d: %s\n%s", n, wrong, text)
		}
	}
	if refused < *mutants/4 || refused > *mutants*9/10 {
		t.Errorf("%d of %d mutants were refused", refused, *mutants)
	}
	if found, _ := filepath.Glob("*"); *mutants > 0 && len(found) == 0 {
		t.Error("nothing was tried")
	}
}

// disagreement lets all commands have the file, and says where they differ.
func disagreement(refused *int) string {
	code, lint, panicked := command("", "scenarios", "lint", "mutant.yaml")
	if panicked != "" {
		return panicked
	}
	said := diagnosed.FindAllString(lint, -1)
	if (code == report.ExitUsage) != (len(said) > 0) {
		return fmt.Sprintf("lint ends with %d and says %q", code, lint)
	}
	if len(said) > 0 {
		*refused++
	}
	if _, err := scenarios.Load("mutant.yaml", scenarios.Overrides{}); err == nil {
		said = nil // only the stops of a lesson are wrong, which nothing else looks at
	}
	for _, args := range [][]string{
		{"run", "--quiet"},
		{"check", "--seeds", "1", "--jobs", "1", "--no-shrink", "--quiet"},
		{"explore", "--quiet", "--events", "3", "--losses", "0", "--timeouts", "0", "--retries", "0", "--crashes", "0", "--workers", "1"},
		{"step", "--plain"},
	} {
		code, text, panicked := command("quit\n", append(args, "mutant.yaml")...)
		if panicked != "" {
			return panicked
		}
		got := diagnosed.FindAllString(text, -1)
		switch {
		case len(said) > 0 && (code != report.ExitUsage || strings.Join(got, "\n") != strings.Join(said, "\n")):
			return fmt.Sprintf("%s ends with %d and says\n%s\nlint says\n%s", args[0], code, text, lint)
		case len(said) == 0 && len(got) > 0 && !strings.Contains(text, "is impossible at"):
			return fmt.Sprintf("%s says\n%s\nlint says nothing", args[0], text)
		}
	}
	return ""
}

// command runs a command line, and returns its exit code, what it said to a person
// about an error, and where it panicked.
func command(in string, args ...string) (code int, errs, panicked string) {
	var said bytes.Buffer
	defer func() {
		if r := recover(); r != nil {
			panicked = fmt.Sprintf("%v: %v\n%s", args, r, debug.Stack())
		}
	}()
	a := testApp(&bytes.Buffer{}, &said)
	a.In = strings.NewReader(in)
	a.signal = make(chan struct{})
	return a.execute(args), said.String(), ""
}

// strange is what is put in place of parts of scenarios.
var strange = []string{
	"", " ", "0", "1", "-1", "07", "0x1f", "1_000", "18446744073709551616", "1.5", "~", "null", "on", "off", "true", "'", "\"", "[", "]", "{", "}", ":", ",",
	"#", "&", "*", "!", "|", ">", "%", "@", "`", "\t", "\u202e", "é", "10ms", "0ms", "5", "-5ms", "1h..1ms", "100%", "101%", "0.00001%", "->", "<->", "a", "b", "x",
	"free", "all", "partition", "alice", "#1", "#9/9", "@5ms", "acquire", "crash", "settle", "sound", "published", "format: 2", "seed: 1\nseed: 2", "until: 0ms",
}

// mutant is a scenario with some changes, bounded so that running it ends soon.
func mutant(r *rand.Rand, bases []string) string {
	text := strings.TrimRight(bases[r.IntN(len(bases))], "\n") + "\n"
	if !strings.Contains(text, "\nevents:") {
		text += "events: 2000\n"
	}
	lines := strings.SplitAfter(text, "\n")
	any := func() *string { return &lines[r.IntN(len(lines))] }
	for range 1 + r.IntN(3) {
		line := any()
		switch r.IntN(9) {
		case 0:
			*line = ""
		case 1:
			*line += *line
		case 2:
			other := any()
			*line, *other = *other, *line
		case 3:
			*line = *any()
		case 4:
			*line = strings.Repeat(" ", r.IntN(5)) + *line
		case 5: // a character less
			if runes := []rune(*line); len(runes) > 1 {
				at := r.IntN(len(runes) - 1)
				*line = string(runes[:at]) + string(runes[at+1:])
			}
		case 6: // a word of another line
			*line = replacedWord(r, *line, func() string {
				if words := strings.Fields(*any()); len(words) > 0 {
					return words[r.IntN(len(words))]
				}
				return ""
			})
		default:
			*line = replacedWord(r, *line, func() string { return strange[r.IntN(len(strange))] })
		}
	}
	return strings.Join(lines, "")
}

var wordsOf = regexp.MustCompile(`[^\s,:{}\[\]]+`)

// replacedWord puts something in place of one word of a line.
func replacedWord(r *rand.Rand, line string, by func() string) string {
	words := wordsOf.FindAllStringIndex(line, -1)
	if len(words) == 0 {
		return by() + line
	}
	w := words[r.IntN(len(words))]
	return line[:w[0]] + by() + line[w[1]:]
}
