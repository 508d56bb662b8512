package lab

import (
	"cmp"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"

	"skinny/cmd/internal/program"
	"skinny/cmd/internal/report"
	"skinny/cmd/internal/session"
	"skinny/scenarios"
	"skinny/sim"
)

// Check judges what lies in a directory, and tells how far it is.
type Check struct {
	*report.Console
	Dir     string
	Command []string // how to start it; nil: by what lies in the directory
	Stage   *Stage   // the only one; nil: one after the other, up to the first that fails
	Timeout time.Duration
	Seeds   uint64 // see Options

	Save  string       // where the failing run is saved, "" for nowhere
	Step  bool         // the failing run is opened instead of told
	Again string       // the command line that repeats this one, without the stage
	Done  func(*Stage) // told of every stage that is passed, with no fewer seeds than it has

	few        bool // a stage did not fail, with fewer seeds than it has
	submission *Submission
	failed     *Stage
}

// Reopen is the command line that finds the failing run, or one like it, and opens it.
func (c *Check) Reopen() string { return c.Again + " " + c.failed.Name + " --step" }

// With is the command line that runs or steps through a scenario with the program, in the
// part that it has in the stage that fails.
func (c *Check) With(verb, scenario string) string {
	return c.submission.with(verb, scenario, c.failed.All, c.Timeout)
}

// Run judges. What it returns is the run that fails, played by the program, as long as
// Close has not been called, and the error that says so.
func (c *Check) Run() (failing *scenarios.Scenario, end func(), err error) {
	if c.Save != "" && report.Exists(c.Save) {
		return nil, nil, report.Usage("skinny lab check: --save: %s is there already, and nothing is written over it", c.Save)
	}
	s, err := Find(c.Dir, c.Command, c.Interrupted.Load)
	switch {
	case errors.Is(err, ErrStopped):
		return nil, nil, interrupted(0)
	case err != nil:
		return nil, nil, report.Usage("skinny lab check: %v", err)
	}
	c.submission = s
	j, err := s.judging(program.Options{Timeout: c.Timeout})
	if err != nil {
		s.Close()
		return nil, nil, report.Usage("skinny lab check: %v", err)
	}
	end = func() {
		j.close()
		s.Close()
	}
	p := c.Page()
	p.Hang("", fmt.Sprintf("%s, started with: %s", c.Dir, s.line()))
	p.WriteString("\n")
	if err := p.Flush(); err != nil {
		return nil, end, err
	}
	list, meter := Stages(), c.Meter()
	if c.Stage != nil {
		list = []*Stage{c.Stage}
	}
	for judged, stage := range list {
		r, err := stage.Judge(j.player, Options{Seeds: c.Seeds, Pure: j.scenarios, Stop: c.Interrupted.Load, Say: meter.Show})
		meter.Clear()
		switch {
		case errors.Is(err, ErrStopped):
			return nil, end, interrupted(judged)
		case err != nil:
			return nil, end, report.Usage("skinny lab check: %s: %v", stage.Name, err)
		}
		if err := c.line(r); err != nil {
			return nil, end, err
		}
		if r.Failure != nil {
			c.failed = stage
			err := c.tell(r)
			return r.Failure.Scenario, end, err
		}
		if c.few = c.few || r.few(); c.Done != nil && !r.few() {
			c.Done(stage)
		}
	}
	return nil, end, c.passed()
}

// judging is a program that is asked everything twice in scenarios, and some things in
// seeds.
type judging struct {
	player    sim.Player // as it is asked in seeds
	scenarios *program.Process
	seeds     *program.Process
}

func (s *Submission) judging(o program.Options) (*judging, error) {
	j := &judging{}
	var err error
	o.Again = 1
	if j.scenarios, j.player, err = s.Open(o); err != nil {
		return nil, err
	}
	o.Again, o.Processes = 0, runtime.GOMAXPROCS(0)
	if j.seeds, j.player, err = s.Open(o); err != nil {
		j.scenarios.Close()
		return nil, err
	}
	return j, nil
}

func (j *judging) close() {
	j.scenarios.Close()
	j.seeds.Close()
}

// interrupted is the end of a check before all stages are judged.
func interrupted(judged int) error {
	said := "skinny: interrupted; the stages above are judged"
	if judged == 0 {
		said = "skinny: interrupted; no stage is judged yet"
	}
	return &report.Exit{Code: report.ExitInterrupted, Message: said}
}

func (c *Check) line(r *Result) error {
	p, mark := c.Page(), report.Good.Sprint("✓")
	switch {
	case r.Failure != nil:
		mark = report.Bad.Sprint("✗")
	case r.few():
		mark = "?"
	}
	p.Hang(fmt.Sprintf("  %s %2d  %s", mark, r.Stage.number(), report.Pad(r.Stage.Title, titleWidth)), r.words())
	return p.Flush()
}

const titleWidth = 19

// few reports whether a stage does not fail, but with fewer seeds than it takes to pass it.
func (r *Result) few() bool { return r.Failure == nil && r.Seeds < r.Stage.seeds }

// words say what a stage took.
func (r *Result) words() string {
	if r.Failure != nil {
		return "by " + r.Failure.Found
	}
	builtIn := "; the built-in one: " + r.BuiltIn.Words()
	if r.Cost.Same(&r.BuiltIn) {
		builtIn = ", as the built-in one"
	}
	words := r.Cost.Words() + builtIn + "; " + report.Count(r.Seeds, "seed")
	if r.few() {
		words += " only: it takes " + report.Grouped(r.Stage.seeds) + " to pass"
	}
	switch {
	case r.Exhausted:
		words += "; all " + report.Count(r.States, "state") + " of two clients at once"
	case r.States > 0:
		words += "; the first " + report.Count(r.States, "state") + " of two clients at once"
	}
	return words
}

// passed ends a check in which nothing fails.
func (c *Check) passed() error {
	p := c.Page()
	p.WriteString("\n")
	if c.Save != "" {
		p.Hang("", "No run fails, so nothing is saved.")
	}
	if c.few {
		p.Hang("", "What is marked with ? does not fail, and is passed only with all its seeds: leave out --seeds, or give more.")
	}
	switch {
	case c.few:
	case c.Stage == nil:
		p.Hang("", "All stages are passed: this is a Skinny that holds the lock.")
		p.Printf("to watch: %s\n", c.submission.with("step", stages[len(stages)-1].Scenarios[0], true, c.Timeout))
	case c.Stage.number() < len(stages):
		p.Hang("next: ", stages[c.Stage.number()].Title+". "+stages[c.Stage.number()].Task)
	}
	return p.Flush()
}

func (c *Check) tell(r *Result) error {
	f := r.Failure
	p := c.Page()
	p.WriteString("\n")
	p.Hang("", report.Bold.Sprint(r.Stage.Title)+": "+r.Stage.Task)
	p.WriteString("\n")
	var exit error = &report.Exit{Code: report.ExitUnmet}
	if f.Err != nil {
		exit = cmp.Or(program.Exit("skinny lab check: "+f.Found, f.Err), report.Usage("%v", f.Err))
	} else if err := c.story(p, f); err != nil {
		return err
	}
	switch {
	case errors.Is(f.Err, program.ErrImpure):
		p.Hang("hint: ", impureHint)
	case f.Err == nil:
		p.Hang("hint: ", r.Stage.Hint)
		if !c.Step {
			p.Printf("this run: %s\n", c.Reopen())
		}
		p.Printf("to watch: %s\n", c.With("step", r.Stage.Scenarios[0]))
	}
	return cmp.Or(p.Flush(), c.save(f), exit)
}

// impureHint is for programs whose answers depend on more than the question.
const impureHint = "What the instance has to know later belongs into its memory, which comes back with the next question: in the harnesses step.memory. A variable of the program is another thing whenever the same is asked again."

// story tells the run that fails, and the step at which it went wrong.
func (c *Check) story(p *report.Page, f *Failure) error {
	event := 0
	if f.Verdict != nil {
		event = f.Verdict.Event
	}
	if !c.Step && f.Scenario != nil {
		if _, err := c.TellAll(p, f.Scenario); err != nil {
			return err
		}
		p.WriteString("\n")
	}
	if f.Verdict != nil {
		p.Hang(report.Bad.Sprint("✗")+fmt.Sprintf(" event %d, %s: ", event, f.Verdict.Property), report.Spans(f.Verdict.Why))
	}
	for _, line := range f.Unmet {
		p.Hang(report.Bad.Sprint("✗")+" ", line)
	}
	if f.Scenario != nil {
		if asked, q := lastAsked(f.Scenario, event); q != nil {
			p.WriteString("\n")
			for _, line := range (program.Lines{}).Spoken(asked, q) {
				p.WriteString(strings.TrimRight("  "+line, " ") + "\n")
			}
		}
	}
	p.WriteString("\n")
	return nil
}

// lastAsked is the question that led to an event; if none did, or with event 0, to the last
// event before it, or of all, to which one led.
func lastAsked(s *scenarios.Scenario, event int) (asked sim.Program, q *sim.Question) {
	run := session.New(s).Root()
	if event == 0 {
		event = run.Len()
	}
	for ; q == nil && event > 0; event-- {
		asked, q = run.Asked(event)
	}
	return asked, q
}

func (c *Check) save(f *Failure) error {
	if c.Save == "" || f.Scenario == nil {
		return nil
	}
	file := *f.Scenario.File() // which stays as it is
	said := "saved: " + c.Save + "\n"
	if v := f.Verdict; v != nil && v.Severity < 0 {
		file.About = scenarios.Some(file.About.Value + "\n" + fmt.Sprintf("Event %d is what the lab does not allow (%s: %s); `skinny lab check` alone judges that.", v.Event, v.Property, v.Why.String()))
		said += fmt.Sprintf("skinny run tells it, and does not judge %s: that is for skinny lab check alone\n", v.Property)
	}
	data, err := file.Save()
	if err == nil {
		err = report.WriteNew(c.Save, data)
	}
	if err != nil {
		return report.Usage("skinny lab check: --save: %s cannot be written: %v", c.Save, report.Cause(err))
	}
	return c.Print(said)
}
