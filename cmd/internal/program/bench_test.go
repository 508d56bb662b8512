//go:build unix

package program

import (
	"os/exec"
	"testing"
)

// BenchmarkStep asks new questions, of a program that does nothing: a compiled one, and
// one in Python. The last ones are asked again, as a run does.
func BenchmarkStep(b *testing.B) {
	const python = `import sys, json
for line in sys.stdin:
    q = json.loads(line)
    sys.stdout.write(json.dumps({"memory": q["memory"], "disk": None}) + "\n")
    sys.stdout.flush()
`
	for _, bench := range []struct {
		name    string
		command []string
		again   int
	}{
		{"go", self(b, "nothing"), 1 << 30},
		{"go-again", self(b, "nothing"), DefaultAgain},
		{"python", []string{"python3", "-c", python}, 1 << 30},
		{"python-again", []string{"python3", "-c", python}, DefaultAgain},
	} {
		b.Run(bench.name, func(b *testing.B) {
			if _, err := exec.LookPath(bench.command[0]); err != nil {
				b.Skip(err)
			}
			p, err := Open(bench.command, Options{Again: bench.again})
			if err != nil {
				b.Fatal(err)
			}
			defer p.Close()
			n := 0
			for b.Loop() {
				n++
				if _, err := p.Step(question(n)); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "questions/s")
		})
	}
}

// BenchmarkKnown asks what was asked before.
func BenchmarkKnown(b *testing.B) {
	p := opened(b, Options{}, "nothing")
	q := question(1)
	for b.Loop() {
		if _, err := p.Step(q); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDecode reads an answer that sends something.
func BenchmarkDecode(b *testing.B) {
	q := question(1)
	line := []byte(`{"memory":{"promised":3,"id":2,"holder":"bob","round":{"id":9,"yes":["c"],"no":[]}},"disk":{"promised":3,"id":2,"holder":"bob"},` +
		`"state":{"promised":3,"id":2,"holder":"bob"},"send":[{"type":"promise","to":"a","id":9},{"type":"promise","to":"b","id":9}],"timer":true}`)
	for b.Loop() {
		if _, err := decode(q, line); err != nil {
			b.Fatal(err)
		}
	}
}
