package session

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"skinny/cmd/internal/shell"
	"skinny/scenarios"
	"skinny/scenarios/counterexample"
	"skinny/scenarios/form"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/trace"
)

// decisions is everything that was decided in a branch up to the last event that is
// known, by the scheduler and by hand, each with its time; what followed by settling only
// if that is wanted.
func (b *Branch) decisions(settling bool) (list []sim.Decision) {
	p := newMoment(b.scenario)
	p.Record(func(d sim.Decision) { list = append(list, d) })
	if settling || !b.scenario.Schedule.Settle {
		p.play(b.acts, b.Len())
		return list
	}
	if len(b.acts) > 0 {
		p.play(b.acts, b.Done())
	}
	for run := p.Runner.(*sim.Scheduled); run.Next() < len(b.scenario.Schedule.Decisions) && run.Step(); {
	}
	return list
}

// File is the branch as a scenario that gives the same events, to the byte, and
// claims what is the case after the last one.
func (b *Branch) File() *scenarios.File {
	s := b.scenario
	f := scenarios.FromDecisions(s, b.decisions(true))
	if f.Events.Given && f.Events.Value < b.Len() {
		f.Events = scenarios.Some(b.Len() + 1) // what was done by hand went on after its end
	}
	f.Title, f.About = scenarios.Some(s.Title), scenarios.Some(s.About)
	if change := b.change(); change != "" { // what was said of the run may not be true any more
		f.Title = scenarios.Some(s.Title + ", changed by hand")
		f.About = scenarios.Some("Saved from skinny step. By hand: " + change + ".")
	}
	timed := func(v check.Verdict) bool { return v.Property == check.ProgressName } // a schedule demands none
	f.Expect = counterexample.Claims(b.head.World(), slices.DeleteFunc(slices.Clone(b.Judge()), timed), true)
	return f
}

// change is what was changed in the run as it was written, in words.
func (b *Branch) change() string {
	acts := form.Each(b.acts, func(a Act) string { return fmt.Sprintf("after event %d, %s", a.After, b.Text(a)) })
	return strings.Join(append(b.otherRules(b.tree.Root()), acts...), "; ")
}

// Digest is the digest of the events that are known, as `skinny run` gives it.
func (b *Branch) Digest() string {
	w := trace.NewHash(b.header)
	for n := 1; n <= b.Len(); n++ {
		w.Observe(b.Event(n))
	}
	return w.Digest()
}

// Return is the command line that comes back to the current point.
func (s *Session) Return() string { return s.returnTo(s.branch, s.at) }

// Replay is the command line by which a saved branch runs again.
func (s *Session) Replay(file string) string {
	if s.Replays != nil {
		return s.Replays(file)
	}
	return "skinny run " + file
}

func (s *Session) returnTo(b *Branch, point int) string {
	var text strings.Builder
	text.WriteString(s.command)
	for _, rule := range b.otherRules(s.tree.Root()) {
		text.WriteString(" --rule " + rule)
	}
	for _, a := range b.Acts() { // those after the point, too: it is a point of this branch
		fmt.Fprintf(&text, " --do %s", shell.Quoted(count(a.After)+" "+b.Text(a)))
	}
	fmt.Fprintf(&text, " --at %d", point)
	return text.String()
}

// Returns is the command lines that bring everything back, the current point and the
// other branches, so that leaving loses nothing.
func (s *Session) Returns() string {
	if s.Found {
		return "a run like this again: " + s.command + "\n"
	}
	text := "back to this point: " + s.Return() + "\n"
	if l := s.lesson; l != nil && s.branch.Parent == nil {
		if text = "the lesson again: " + l.course.Again + "\n"; l.over && l.course.Next != "" {
			text = "next: " + l.course.Next + "\n"
		}
	}
	for _, b := range s.tree.Branches()[1:] {
		if b != s.branch {
			text += fmt.Sprintf("branch %d: %s\n", b.Number, s.returnTo(b, b.Len()))
		}
	}
	return text
}

// Redo takes an act that Return has named: the point, and the act in words.
func (s *Session) Redo(text string) error {
	word, words, _ := strings.Cut(strings.TrimSpace(text), " ")
	var point int
	if _, err := fmt.Sscanf(word, "%d", &point); err != nil || point < 0 || words == "" {
		return fmt.Errorf("--do takes the number of an event and what is done after it, as in\n  --do '14 drop commit-response c -> a', not %q", text)
	}
	if said := s.GoTo(point); said != "" {
		return errors.New("--do " + shell.Quoted(text) + ": " + said)
	}
	a, err := s.Now().Parse(words)
	if err == nil {
		err = s.act(a)
	}
	if err != nil {
		return fmt.Errorf("--do %s: %w", shell.Quoted(text), err)
	}
	return nil
}

// fileName is a name for the current branch as a file: that of the scenario, with a
// number, or that of the exercise.
func (s *Session) fileName() string {
	words, _, _ := strings.Cut(s.command, " -")
	name := strings.Trim(words[strings.LastIndexAny(words, `/\ `)+1:], "'")
	switch own := strings.HasSuffix(name, ".yaml"); {
	case s.solving != nil && own:
		return strings.TrimSuffix(name, ".yaml") + "-solution.yaml"
	case s.solving != nil:
		return name + ".yaml"
	}
	return fmt.Sprintf("%s-branch-%d.yaml", cmp.Or(strings.TrimSuffix(name, ".yaml"), "step"), s.branch.Number)
}
