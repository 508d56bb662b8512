package step

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"skinny/cmd/internal/session"
	"skinny/scenarios"
)

func plainSession(t *testing.T) *session.Session {
	t.Helper()
	file, err := scenarios.Open("two-winners")
	if err != nil {
		t.Fatal(err)
	}
	s, err := file.Compile(scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	return session.NewSession(session.New(s), "skinny step two-winners")
}

// Somebody who types nothing can still be interrupted.
func TestPlainStops(t *testing.T) {
	in, _ := io.Pipe()
	stop := make(chan struct{})
	close(stop)
	p := Plain{Session: plainSession(t), In: in, Out: io.Discard, Width: 80}
	if err := p.Run(stop); err != nil {
		t.Error(err)
	}
}

// Input that fails is an error, after what came before it was carried out.
func TestPlainInputFails(t *testing.T) {
	broken := errors.New("broken")
	in, out := io.Pipe()
	go func() {
		io.WriteString(out, "14\n")
		out.CloseWithError(broken)
	}()
	var printed bytes.Buffer
	p := Plain{Session: plainSession(t), In: in, Out: &printed, Width: 80}
	if err := p.Run(nil); !errors.Is(err, broken) {
		t.Errorf("the error is %v", err)
	}
	if !strings.Contains(printed.String(), "\n14 30 ms a ─▶ c commit 1 alice?") {
		t.Errorf("it printed\n%s", &printed)
	}
}

// What is wrong with a command is said in words that help on.
func TestPlainComplains(t *testing.T) {
	for in, want := range map[string]string{
		"d": "write: drop N (`list` shows the numbers)", "drop": "write: drop N (`list` shows the numbers)",
		"nexxt": "did you mean \"next\"?\n`help` lists them", "xyzzy": "commands: next, back, goto, start, end,",
	} {
		var printed bytes.Buffer
		p := Plain{Session: plainSession(t), In: strings.NewReader(in + "\n"), Out: &printed, Width: 80}
		if err := p.Run(nil); err != nil {
			t.Fatal(err)
		}
		if got := printed.String(); !strings.Contains(got, want) || strings.Contains(got, ", ,") {
			t.Errorf("%s: it says\n%s", in, got)
		}
	}
}

// Help knows every command.
func TestPlainHelp(t *testing.T) {
	var printed bytes.Buffer
	p := Plain{Session: plainSession(t), In: strings.NewReader("help\n"), Out: &printed, Width: 80}
	if err := p.Run(nil); err != nil {
		t.Fatal(err)
	}
	for _, c := range session.Commands() {
		if c.Word != "" && !strings.Contains(strings.Join(strings.Fields(printed.String()), " "), strings.TrimSpace(c.Word+" "+c.Operands)+" "+c.About) {
			t.Errorf("help leaves out %s", c.Word)
		}
	}
	for _, v := range scenarios.Verbs() {
		if !strings.Contains(printed.String(), v.Name+" ") {
			t.Errorf("help leaves out %s", v.Name)
		}
	}
}

// A line that is too long for a command is none, and nothing else is lost by it.
func TestPlainLongLine(t *testing.T) {
	var printed bytes.Buffer
	p := Plain{Session: plainSession(t), In: strings.NewReader("14\n" + strings.Repeat("é", 200_000) + "\nnext\n"), Out: &printed, Width: 80}
	if err := p.Run(nil); err != nil {
		t.Fatal(err)
	}
	got := printed.String()
	if !strings.Contains(got, "…' is no command") || !strings.Contains(got, "\n15 35 ms b ─▶ a commit 2 bob?") || len(got) > 2000 {
		t.Errorf("it printed\n%.3000s", got)
	}
}
