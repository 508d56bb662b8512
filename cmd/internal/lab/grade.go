package lab

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"skinny/cmd/internal/program"
	"skinny/scenarios/form"
)

// Bounds are what one of many submissions may take.
type Bounds struct {
	Timeout time.Duration // for an answer
	Time    time.Duration // for all of it
	Data    uint64        // bytes of each of its processes, where that can be bounded
	Seeds   uint64        // see Options

	Stop func() bool // asked often: whether to end
}

// Mark is what a submission came to.
type Mark struct {
	Submission string  `json:"submission"`
	Passed     int     `json:"passed"` // stages, up to the first that is not
	Of         int     `json:"of"`
	Stage      string  `json:"stage,omitempty"` // that is not passed
	Why        string  `json:"why,omitempty"`
	Seconds    float64 `json:"seconds"`
}

// Grade judges what lies in a directory: see Find for the command. Whatever it does, what
// comes of it is a mark, but for being stopped.
func Grade(dir string, command []string, b Bounds) (m Mark, stopped bool) {
	begin := time.Now()
	m = Mark{Submission: form.Printable(dir), Of: len(stages)}
	m.Why = form.Printable(strings.Join(strings.Fields(m.judge(dir, command, b)), " "))
	m.Seconds = float64(time.Since(begin).Milliseconds()) / 1000
	return m, b.Stop()
}

// judge passes stages up to the first that is not passed, and says why it is not.
func (m *Mark) judge(dir string, command []string, b Bounds) (why string) {
	s, err := Find(dir, command, b.Stop)
	if err != nil {
		return err.Error()
	}
	defer s.Close()
	j, err := s.judging(program.Options{Timeout: b.Timeout, Data: b.Data})
	if err != nil {
		return err.Error()
	}
	defer j.close()
	end := time.Now().Add(b.Time)
	late := func() bool { return time.Now().After(end) }
	defer time.AfterFunc(b.Time, j.close).Stop() // it is not waited for
	for _, stage := range Stages() {
		r, err := stage.Judge(j.player, Options{
			Seeds: b.Seeds, Pure: j.scenarios, Stop: func() bool { return late() || b.Stop() },
		})
		m.Stage = stage.Name
		switch {
		case late():
			return fmt.Sprintf("it has not come to its end in %v", b.Time)
		case err != nil:
			return err.Error()
		case r.Failure != nil:
			return r.Failure.Words()
		}
		m.Passed++
	}
	m.Stage = ""
	return ""
}

// Words are why a stage is not passed, in a line, with the last one that a program wrote on
// standard error before it failed.
func (f *Failure) Words() string {
	switch {
	case f.Err != nil:
		words := f.Found + ": " + f.Err.Error()
		if p, is := errors.AsType[*program.Failure](f.Err); is && strings.TrimSpace(p.Stderr) != "" {
			lines := strings.Split(strings.TrimSpace(p.Stderr), "\n")
			words += ": " + strings.TrimSpace(lines[len(lines)-1])
		}
		return words
	case f.Verdict != nil:
		return f.Found + ": " + f.Verdict.Property + ": " + f.Verdict.Why.String()
	}
	return f.Found + ": " + f.Unmet[0]
}
