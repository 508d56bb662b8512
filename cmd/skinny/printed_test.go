//go:build unix

package main

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// printed is command lines whose whole outcome is pinned.
var printed = []string{
	"", "learn", "lab", "rules", "rules yield", "editions", "editions durable", "scenarios list", "help check", "help lab", "help grade",
	"help", "help run", "help step", "help draw", "help web", "help explore", "help learn", "help scenarios", "help scenarios new", "help scenarios lint", "help editions", "help rules", "help version", "help lab new", "help lab check",

	"run lossy.yaml", "run odd.yaml", "run odd.yaml --rounds", "run odd.yaml --only c", "run odd.yaml --why 40", "run odd.yaml --format json", "run amnesia --quiet",
	"run two-winners --rule ack-majority=on --quiet", "run budget.yaml", "run lossy.yaml --program 'player well' --questions 4", "run lossy.yaml --program b='player exits'", "run lossy.yaml --program b='player exits' --quiet",
	"run lossy.yaml --program 'player rubbish'", "run lossy.yaml --program 'player counts' --pure", "run lossy.yaml --why 99", "run lossy.yaml --only z",

	"check --edition published --profile none --seeds 40 --keep-going", "check --edition published --profile none --seeds 40 --keep-going --format json",
	"check --edition published --profile none --seeds 20 --show-shrinking", "check --edition published --profile none --seed 5 --quiet", "check --edition published --profile none --seed 5 --no-shrink",
	"check --edition sound --seeds 64 --recheck 8", "check --edition sound --profile none --clients 2 --operations 2 --instances 3 --think 1h --hold 1h --seeds 2",
	"check --edition sequential --profile none --seeds 40 --property progress", "check --edition sound --rule tell-promised=off --wipes 1 --repeat 30% --seeds 20", "check odd.yaml --profile crash --seeds 9",
	"check lossy.yaml --profile none --seeds 30 --keep-going", "check lossy.yaml --edition sound --clients 0 --operations 3", "check lossy.yaml --instances 3", "check --operations 0", "check --loss 1..2",
	"check --program 'player exits' --seeds 3 --jobs 1", "check --program z='player well'", "check --edition published --profile none --seed 5 --dir /dev/null/x", "check two-winners --merge", "check part.jsonl --merge",
	"check part.jsonl part.jsonl --merge", "check --seeds 5 --shard 1/2 --quiet", "check --seeds 5 --shard 0/9", "check --seeds 5 --shard 1", "check --shard auto/2", "check scheduled.yaml",

	"explore lossy.yaml --events 8", "explore lossy.yaml --events 8 --crashes 1 --restarts 1 --host both --quiet", "explore alike.yaml --edition sound --losses 0", "explore odd.yaml --events 3",
	"explore lossy.yaml --events 8 --search iterative --property mutual-exclusion --property agreement", "explore kept.bin",
	"explore lossy.yaml --resume kept.bin", "explore alone.yaml --property progress --edition sequential --losses 1", "explore alone.yaml --property progress --edition sequential --losses 1 --quiet", "explore lossy.yaml --events 4 --save none/s.bin", "explore lossy.yaml --events 4 --out none/x.yaml", "explore alike.yaml --losses 0 --search dfs --property acknowledged", "explore alone.yaml --format json", "explore alone.yaml", "explore scheduled.yaml --events 4",

	"draw odd.yaml --format mermaid", "draw odd.yaml --format text", "draw odd.yaml --only b --from 9 --to 40 --format mermaid", "draw lossy.yaml -o x.svg --format svg --blank", "draw lossy.yaml -o x.svg --format mermaid", "draw lossy.yaml -o there",
	"draw lossy.yaml -o lossy.yaml", "draw lossy.yaml -o x.unknown", "draw scheduled.yaml --format shiviz", "draw odd.yaml --format itf", "draw odd.yaml --from 90 --to 80",

	"grade rescue-1", "grade rescue-1 lossy.yaml solved.yaml none.yaml", "grade rescue-1 solved.yaml lossy.yaml --format json", "grade rescue-1 solved.yaml none.yaml --format csv", "grade two-winners solved.yaml",
	"grade mend-1 lossy.yaml", "grade predict-1 lossy.yaml", "grade write-1 lossy.yaml", "grade shortest-1 scheduled.yaml --format json", "grade network-1 solved.yaml", "grade mystery-1 lossy.yaml", "grade easy.yaml solved.yaml", "grade free.yaml solved.yaml",
	"grade --lab there --program 'player promises' --format json --for 1ns", "scenarios lint easy.yaml odd.yaml lossy.yaml none.yaml", "scenarios lint exercises/rescue-1 learn/two-winners exercises/predict-1 exercises/mend-1",

	"lab check there promise --program 'player promises' --seeds 3", "lab check there commit --program 'player well' --save it.yaml", "lab check there 9 --program 'player rubbish'", "lab check there", "lab check none",
	"lab check there 12", "lab check there alone --program 'player exits'", "lab new there/a --lang go", "lab new there --lang cobol", "learn nothing", "learn lossy.yaml", "learn majority --reset", "learn rescue-1",
	"step easy.yaml --plain", "step easy.yaml --plain --edition sound", "step easy.yaml --plain --rule durable=on", "step easy.yaml --plain --seed 2", "step easy.yaml --plain --predict", "step easy.yaml --plain --present", "learn easy.yaml",
	"check alone.yaml --edition sound --clients 2 --seeds 20 --no-shrink", "check lossy.yaml --profile none --seed 4 --no-shrink", "check --edition published --profile none --seeds 9 --from 5 --property acknowledged --format json", "check --edition sound --for 1ns --from 0",
	"check --seed 18446744073709551615 --edition sound --profile none", "check --edition sound --for 1ns --from 5 --format json", "check --edition sound --profile none --seeds 128 --jobs 1", "check --shard 0/10001", "check --merge part.jsonl --dir there --color never",
	"check --from 2 --seeds 18446744073709551615", "explore alone.yaml --edition sound --events 0 --losses 0 --quiet", "explore odd.yaml --events 3 --format json --crashes 1 --host up",
	"run odd.yaml --rounds --only c", "run alone.yaml --edition sound --rule durable=off --rule yield=off", "run two-winners --edition sound --rule durable=off", "run lossy.yaml --seed 18446744073709551615 --quiet", "draw alone.yaml -o X.MMD --only c", "draw alone.yaml -o a.log --only b --seed 7",
	"step odd.yaml --plain --at 30", "step odd.yaml --plain --at 999", "step lossy.yaml --plain --do 'x'", "step lossy.yaml --plain --do '3 crash z'", "scenarios show none", "scenarios new lossy.yaml", "scenarios new -",
	"check bad0.jsonl bad1.jsonl --merge", "check bad1.jsonl bad0.jsonl --merge --quiet", "check bad0.jsonl bad1.jsonl --merge --format json", "check bad1.jsonl --merge", "check bad0.jsonl --merge --dir /dev/null",
	"run lossy.yaml --program c='player well' --program c='player exits'", "run lossy.yaml --program 'player well' --program 'player exits'", "run idle.yaml --program 'player well' --questions 1", "run idle.yaml", "run short.yaml", "run short.yaml --quiet",
	"run alone.yaml --program c='player well' --pure=false --program-timeout 3s --rounds", "run two-winners --trace t.jsonl --quiet", "check lossy.yaml --profile none --seeds 3 --program 'player well'", "check --edition sound --profile none --seeds 3 --jobs 1 --program 'player well' --format json",
	"check --edition sound --profile none --seeds 1 --recheck 1 --program 'player counts'", "explore lossy.yaml --events 5 --program 'player well'", "explore lossy.yaml --events 5 --program b='player well' --format json", "explore lossy.yaml --program 'player exits'", "explore idle.yaml", "explore lossy.yaml --resume none.bin", "draw odd.yaml --reasons --at 30 -o x.svg", "draw odd.yaml --only c --from 9 --to 40 -o x.svg", "draw odd.yaml --format shiviz --only b --from 9", "draw odd.yaml --only d --to 60 -o x.json",
	"check idle.yaml --seeds 5 --edition sound", "draw idle.yaml --format mermaid", "draw idle.yaml --at 3", "draw lossy.yaml --from 9 --to 3", "draw lossy.yaml -o x.htm --reasons", "draw lossy.yaml --program 'player rubbish' -o x.mermaid",
	"scenarios new two-winners", "two-winners", "lossy.yaml", "chek", "help chek", "lab chek", "run", "run a b", "run lossy.yaml --see 3", "run lossy.yaml --seed", "run lossy.yaml --seed x", "run lossy.yaml --rounds=x", "run -x",
}

// excluded is pairs of flags that have no part in one another, by command.
var excluded = map[string]string{
	"run lossy.yaml --step":                                "--quiet|--format json|--rounds|--only a|--why 3|--trace t",
	"run lossy.yaml --quiet":                               "--rounds|--only a|--why 3",
	"run lossy.yaml --why 3":                               "--rounds|--only a|--format json",
	"run lossy.yaml --trace /dev/stdout":                   "--rounds",
	"run lossy.yaml --format json":                         "--rounds|--only a",
	"run lossy.yaml --questions 2":                         "--seed 1",
	"run lossy.yaml --program 'player well' --questions 2": "--quiet|--format json|--rounds|--only a|--why 3|--step",
	"run lossy.yaml":                                       "--pure|--program-timeout 1s",
	"check --step":                                         "--keep-going|--quiet|--format json",
	"check --seed 1":                                       "--from 2|--seeds 2|--for 1s|--shard 0/2",
	"check --show-shrinking":                               "--no-shrink|--quiet|--format json",
	"check --merge part.jsonl":                             "--seed 1|--seeds 2|--loss 1%|--jobs 1|--edition sound|--quiet|--format json",
	"explore lossy.yaml --step":                            "--quiet|--format json",
	"explore lossy.yaml --search dfs":                      "--save s.bin|--resume kept.bin",
	"explore lossy.yaml --save s.bin":                      "--out s.bin",
	"explore lossy.yaml":                                   "--save kept.bin|--out lossy.yaml",
	"draw lossy.yaml --blank":                              "--reasons|--at 3|--format mermaid",
	"draw lossy.yaml --format mermaid":                     "--reasons|--at 3",
	"grade rescue-1":                                       "--program x|--program-timeout 1s|--seeds 3|--for 1s|--memory 1MB",
	"learn majority":                                       "--reset",
	"lab check there --program 'player well'":              "--step",
}

// wrong is what can be wrong with the scenario of a command, and with what is said of it.
var wrong = []string{"none.yaml", "broken.yaml", "impossible.yaml", "lossy.yaml --edition x", "lossy.yaml --rule x=on", "lossy.yaml --rule yield", "lossy.yaml --program 'none x'", "lossy.yaml --program d='player well'", "lossy.yaml --program ''"}

// What commands print, and the files that they write, is what it was.
func TestPrinted(t *testing.T) {
	lines := slices.Clone(printed)
	for _, with := range slices.Sorted(maps.Keys(excluded)) {
		for flag := range strings.SplitSeq(excluded[with], "|") {
			lines = append(lines, with+" "+flag)
		}
	}
	for _, command := range []string{"run", "draw", "step --plain", "check", "explore"} {
		for _, w := range wrong {
			lines = append(lines, command+" "+w)
		}
	}
	for _, command := range []string{"learn", "grade", "grade easy.yaml", "scenarios lint", "scenarios show"} {
		lines = append(lines, command+" none.yaml", command+" broken.yaml")
	}
	wantPrinted(t, "printed.golden", lines)
}

// inked is where the colour of text changes.
var inked = regexp.MustCompile("\x1b\\[([0-9;]*)m")

// wantPrinted compares the outcome of command lines with a file in testdata.
func wantPrinted(t *testing.T, name string, lines []string) {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	inputs := flagInputs(t)
	var got strings.Builder
	for _, line := range lines {
		got.WriteString("=== skinny " + line + "\n")
		lines := strings.SplitAfter(inked.ReplaceAllString(outcome(t, inputs, line), "{$1}"), "\n")
		for i, text := range lines {
			if len(lines) > 50 && i == 25 || len(text) > 500 { // the rest as a digest
				fmt.Fprintf(&got, "… %d lines, %.8x\n", len(lines)-i, sha256.Sum256([]byte(strings.Join(lines[i:], ""))))
				break
			}
			got.WriteString(text)
		}
	}
	if *update {
		if err := os.WriteFile(path, []byte(got.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got.String() {
		t.Errorf("cmd/skinny/testdata/%s is no longer what is printed; go test -update writes it anew: %s", name, firstDifference(string(want), got.String()))
	}
}
