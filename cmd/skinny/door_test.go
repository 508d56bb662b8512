package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// Whatever comes from a file, or names one, cannot control the terminal.
func TestStrangers(t *testing.T) {
	t.Chdir(t.TempDir())
	const evil = "x\x1b]0;title\x07\u009b2J\x7f\u202ey"
	scenario := "format: 1\ntitle: \"x\\e]0;title\\a\\u009b2J\\x7f\\u202ey\"\ninstances: [a, b]\ntimeline:\n  - {at: 0s, acquire: alice, via: a}\n"
	trace := `{"format":1,"title":"x\u001b]0;title\u0007\u009b2J\u007f\u202ey","instances":["a"]}` + "\n" + `{"number":"` + evil + `"}` + "\n"
	result := `{"kind":"check","format":1,"scenario":"\u001b]0;title\u0007\u202e","` + evil + `":1}`
	for name, text := range map[string]string{evil + ".yaml": scenario, evil + ".jsonl": trace, evil + ".result": result, "plain.yaml": scenario, "broken.yaml": "format: 1\n" + evil + ": 1\n"} {
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(evil, 0o777); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"run", evil}, {"run", evil + ".yaml"}, {"run", "plain.yaml"}, {"run", "broken.yaml"}, {"run", "plain.yaml", "--only", evil}, {"run", "plain.yaml", "--format", "json"},
		{"run", "plain.yaml", "--trace", evil}, {"run", "plain.yaml", "--edition", evil}, {"run", "plain.yaml", "--" + evil},
		{"step", evil + ".jsonl"}, {"step", evil + ".yaml", "--plain"}, {"step", evil},
		{"check", evil + ".yaml", "--seeds", "3"}, {"check", "--merge", evil + ".result"}, {"check", "--merge", evil}, {"check", "--dir", evil + "/no"}, {"check", "--loss", evil},
		{"explore", evil + ".yaml", "--events", "2"}, {"explore", "plain.yaml", "--resume", evil}, {"explore", "plain.yaml", "--save", evil},
		{"scenarios", "lint", evil + ".yaml", evil}, {"scenarios", "new", evil}, {"scenarios", "new", evil + "2"}, {"scenarios", "show", evil}, {evil}, {"help", evil}, {"rules", evil},
	} {
		var out bytes.Buffer
		a := testApp(&out, &out)
		a.execute(append(args, "--color", "always"))
		for _, text := range []string{"\x1b]", "\x07", "\u009b", "\x7f", "\u202e", "\r"} {
			if strings.Contains(out.String(), text) {
				t.Errorf("skinny %q writes %q: %q", args, text, out.String())
			}
		}
		if out.Len() == 0 {
			t.Errorf("skinny %q writes nothing", args)
		}
	}
}
