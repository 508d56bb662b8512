package main

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"skinny/cmd/internal/program"
	"skinny/cmd/internal/report"
	"skinny/scenarios"
	"skinny/sim"
)

// programFlags say which programs play instances.
type programFlags struct {
	commands []playedBy
	given    []string
	timeout  time.Duration
	pure     bool
	open     map[string]*program.Process // by command
}

// playedBy is a command with the instance that it plays, "" for all that no other one does.
type playedBy struct {
	instance string
	command  []string
}

// addPrograms defines the flags that give instances to programs.
func (f *programFlags) addPrograms(c *cobra.Command) {
	v := listValue(&f.given, "[INSTANCE=]COMMAND", nil, f.parse)
	v.add(c, "program", "COMMAND plays all instances, or this INSTANCE: c='python3 mine.py'; may be repeated")
	timeValue(&f.timeout, "TIME").add(c, "program-timeout", "a program answers within a TIME (default 1s)")
	c.Flags().BoolVar(&f.pure, "pure", false, "ask programs everything twice, to see whether answers depend on more than the question")
}

// parse reads a value of --program. What stands before the first = is an instance if it
// is one word.
func (f *programFlags) parse(text string) error {
	name, command, named := strings.Cut(text, "=")
	if !named || strings.ContainsAny(name, " \t\n'\"\\/") {
		name, command = "", text
	}
	words, err := program.Words(command)
	if err != nil {
		return report.Usage("--program takes a command, as in --program 'python3 mine.py' or --program c='python3 mine.py';\nin %q %v", command, err)
	}
	if slices.ContainsFunc(f.commands, func(p playedBy) bool { return p.instance == name }) {
		whom := "all instances"
		if name != "" {
			whom = name
		}
		return report.Usage("--program: two commands are to play %s", whom)
	}
	f.commands = append(f.commands, playedBy{name, words})
	return nil
}

// check looks at flags that do not go together.
func (f *programFlags) check(command string) error {
	if len(f.commands) == 0 && (f.pure || f.timeout > 0) {
		return report.Usage("skinny %s: --pure and --program-timeout are about programs, and there is no --program", command)
	}
	return nil
}

// play starts the programs, and lets them play a scenario. They are ended with the
// command, up to processes of each at a time.
func (f *programFlags) play(s *scenarios.Scenario, command string, processes int) error {
	names := s.Header().Instances
	for _, p := range f.commands {
		if p.instance != "" && !slices.Contains(names, p.instance) {
			return report.Usage("skinny %s: --program: there is no instance %q\n  %s", command, p.instance, scenarios.Suggest(p.instance, "instances", names))
		}
	}
	for i := range s.Cluster.Instances {
		in := &s.Cluster.Instances[i]
		for _, p := range f.commands {
			if p.instance != in.Name && (p.instance != "" || in.Program != nil) {
				continue
			}
			opened, err := f.start(p.command, command, processes)
			if err != nil {
				return err
			}
			in.Program = opened
		}
	}
	return nil
}

// start starts a command, unless it has been started.
func (f *programFlags) start(words []string, command string, processes int) (*program.Process, error) {
	key := strings.Join(words, "\x00")
	if p := f.open[key]; p != nil {
		return p, nil
	}
	o := program.Options{Timeout: f.timeout, Processes: processes}
	if f.pure {
		o.Again = 1
	}
	p, err := program.Open(words, o)
	if err != nil {
		return nil, report.Usage("skinny %s: --program: %v", command, err)
	}
	if f.open == nil {
		f.open = map[string]*program.Process{}
	}
	f.open[key] = p
	return p, nil
}

// failed is the end of a command whose run could not go on because of a program.
func failed(command string, w *sim.World) error {
	var e *sim.ProgramError
	if !errors.As(w.Failure(), &e) {
		return nil
	}
	return &report.Exit{Code: program.ExitCode(e), Message: "skinny " + command + ": " + program.Explain(e)}
}

// close ends the programs.
func (f *programFlags) close() {
	for _, p := range f.open {
		p.Close()
	}
	f.open = nil
}
