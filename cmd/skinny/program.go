package main

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"skinny/cmd/internal/program"
	"skinny/cmd/internal/report"
	"skinny/cmd/internal/session"
	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/swarm"
)

// programFlags say which programs play instances.
type programFlags struct {
	commands []playedBy
	given    []string
	timeout  time.Duration
	pure     bool
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
	if !named || name == "" || strings.ContainsAny(name, " \t\n'\"\\/") {
		name, command = "", text
	}
	words, err := program.Words(command)
	if err != nil {
		return report.Usage("--program takes a command, as in --program 'python3 mine.py' or --program c='python3 mine.py';\n%q cannot be one: %v", command, err)
	}
	if slices.ContainsFunc(f.commands, func(p playedBy) bool { return p.instance == name }) {
		whom := "all instances"
		if name != "" {
			whom = name
		}
		return report.Usage("--program: only one command can play %s", whom)
	}
	f.commands = append(f.commands, playedBy{name, words})
	return nil
}

// players starts the programs, up to processes of each at a time. They end with the command.
func (a *app) players(f *scenarioFlags, processes int) (sim.Players, error) {
	if len(f.commands) == 0 {
		if f.pure || f.timeout > 0 {
			return nil, report.Usage("%s: --pure and --program-timeout are about programs, and there is no --program", f.path)
		}
		return nil, nil
	}
	players := sim.Players{}
	started := map[string]*program.Process{} // by command
	o := program.Options{Timeout: f.timeout, Processes: processes}
	if f.pure {
		o.Again = 1
	}
	for _, p := range f.commands {
		key := strings.Join(p.command, "\x00")
		if started[key] == nil {
			opened, err := program.Open(p.command, o)
			if err != nil {
				return nil, report.Usage("%s: --program: %v", f.path, err)
			}
			started[key] = opened
			a.programs = append(a.programs, opened)
		}
		players[p.instance] = sim.Player{Name: scenarios.Label(p.command...), Program: started[key]}
	}
	return players, nil
}

// asked prints what a program was asked about an event, and its answer.
func (a *app) asked(s *scenarios.Scenario, event int) error {
	run := session.New(s).Root()
	p, q := run.Asked(event)
	if p == nil {
		return report.Usage("skinny run: no program was asked about event %d%s", event, nearestAsked(run, event))
	}
	return a.Print(strings.Join(program.Lines{}.Spoken(p, q), "\n") + "\n")
}

// nearestAsked says about which events before and after another one programs were asked.
func nearestAsked(run *session.Branch, event int) string {
	var near []string
	for _, step := range []int{-1, 1} {
		for n := event + step; n > 0 && n <= run.Len(); n += step {
			if p, _ := run.Asked(n); p != nil {
				near = append(near, strconv.Itoa(n))
				break
			}
		}
	}
	if near == nil {
		return "; none was asked in this run"
	}
	return "; the nearest ones that one was asked about: " + strings.Join(near, " and ")
}

// drawn checks that clusters that are drawn may have the instances that programs play.
func (f *programFlags) drawn() error {
	names := make([]string, protocol.MaxSize)
	for i := range names {
		names[i] = swarm.InstanceName(i)
	}
	for _, p := range f.commands {
		if p.instance != "" && !slices.Contains(names, p.instance) {
			return report.Usage("skinny check: --program: no instance is called %q in clusters that are drawn; they are called %s and so on", p.instance, strings.Join(names[:3], ", "))
		}
	}
	return nil
}
