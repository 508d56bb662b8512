package main

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"skinny/cmd/internal/report"
	"skinny/cmd/internal/shell"
	"skinny/protocol"
	"skinny/scenarios"
	"skinny/scenarios/form"
)

// value is a flag's value: how it is read, what it takes, and what completes it.
type value struct {
	placeholder string // in the help
	takes       string // in an error: "--seeds takes a whole number from 1"
	set         func(string) error
	get         func() string
	list        func() []string // of a flag that may be repeated
	words       func(typed string) []string
}

// errTakes says no more than that the flag takes something else.
var errTakes = errors.New("takes something else")

func (v *value) String() string         { return v.get() }
func (v *value) Type() string           { return v.placeholder }
func (v *value) Set(text string) error  { return v.set(text) }
func (v *value) GetSlice() []string     { return v.list() }
func (v *value) Append(s string) error  { return v.set(s) }
func (v *value) Replace([]string) error { panic("skinny: a flag is never replaced") }

// add defines a flag, with what completes it.
func (v *value) add(c *cobra.Command, name, usage string) { v.addTo(c, c.Flags(), name, usage) }

func (v *value) addTo(c *cobra.Command, flags *pflag.FlagSet, name, usage string) {
	flags.Var(v, name, usage)
	if v.words != nil {
		c.RegisterFlagCompletionFunc(name, only(v.words))
	}
}

// newValue takes what parse can read.
func newValue[T any](to *T, placeholder, takes string, parse func(string) (T, error)) *value {
	return &value{
		placeholder: placeholder, takes: takes,
		get: func() string { return fmt.Sprint(*to) },
		set: func(text string) (err error) {
			*to, err = parse(text)
			return err
		},
	}
}

// textValue takes anything but nothing.
func textValue(to *string, placeholder string) *value {
	return checkedValue(to, placeholder, "something that is not empty", func(text string) bool { return text != "" })
}

// fileValue takes the name of a file.
func fileValue(to *string) *value {
	return checkedValue(to, "FILE", "the name of a file (./- for one that is called -)", func(text string) bool { return text != "" && text != "-" })
}

// choiceValue takes one of a few words.
func choiceValue(to *string, placeholder string, choices ...string) *value {
	last := len(choices) - 1
	v := checkedValue(to, placeholder, strings.Join(choices[:last], ", ")+" or "+choices[last], func(text string) bool { return slices.Contains(choices, text) })
	v.words = func(typed string) []string { return withPrefix(choices, typed) }
	return v
}

func checkedValue(to *string, placeholder, takes string, good func(string) bool) *value {
	return newValue(to, placeholder, takes, func(text string) (string, error) {
		if !good(text) {
			return "", errTakes
		}
		return text, nil
	})
}

// wordValue takes a word of a vocabulary.
func wordValue(to *string, placeholder string, from *vocabulary) *value {
	v := newValue(to, placeholder, "", func(text string) (string, error) { return text, from.check(text) })
	v.words = from.complete
	return v
}

// wordsValue takes a word of a vocabulary each time it is given.
func wordsValue(to *[]string, placeholder string, from *vocabulary) *value {
	return listValue(to, placeholder, from.complete, from.check)
}

func listValue(to *[]string, placeholder string, words func(string) []string, check func(string) error) *value {
	v := newValue(to, placeholder, "", func(text string) ([]string, error) { return append(*to, text), check(text) })
	v.words = words
	v.get = func() string { return strings.Join(*to, ",") }
	v.list = func() []string { return *to }
	return v
}

// numberValue takes a whole number within bounds, in decimal digits only.
func numberValue[N int | uint64](to *N, placeholder string, low, high N) *value {
	takes := fmt.Sprintf("a whole number from %d to %d", low, high)
	if uint64(high) == math.MaxInt32 {
		takes = fmt.Sprintf("a whole number from %d on", low)
	}
	return newValue(to, placeholder, takes, func(text string) (N, error) {
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil || n < uint64(low) || n > uint64(high) {
			return 0, errTakes
		}
		return N(n), nil
	})
}

// timeValue takes a span of real time.
func timeValue(to *time.Duration, placeholder string) *value {
	v := newValue(to, placeholder, "a time above 0, such as 30s", func(text string) (time.Duration, error) {
		d, err := time.ParseDuration(text)
		if d <= 0 {
			err = errTakes
		}
		return d, err
	})
	v.get = func() string { return strings.TrimPrefix(to.String(), "0s") } // none is no default
	return v
}

// vocabulary is the words of one kind, each with what it means.
type vocabulary struct {
	one, many string
	explained string          // where, "" if nowhere
	words     func() []string // each with what is said of it, after a tab
}

// listed is the words of the rows of a table.
func listed[R any](rows func() []R, word func(R) string) func() []string {
	return func() []string { return form.Each(rows(), word) }
}

// named is a word that nothing is said of.
func named(name string) string { return name + "\t" }

// editions, rules, bundled and taught are what scenarios are made of.
var (
	editions = &vocabulary{"edition", "editions", "\n`skinny editions` explains them.",
		listed(protocol.Editions, func(e protocol.Edition) string { return e.Name + "\t" + e.About })}
	rules = &vocabulary{"rule", "rules", "\n`skinny rules` explains them.",
		listed(protocol.RuleTable, func(r protocol.Rule) string { return r.Name + "\t" + r.On })}
	bundled = &vocabulary{"bundled scenario", "bundled scenarios", "",
		listed(scenarios.Library, func(e scenarios.Entry) string { return e.Name + "\t" + e.Title() })}
	taught = &vocabulary{"lesson", "lessons and exercises", "",
		listed(scenarios.Taught, func(e scenarios.Entry) string { return e.Short() + "\t" + e.Title() })}
)

func (v *vocabulary) names() []string {
	return form.Each(v.words(), func(w string) string { return w[:strings.IndexByte(w, '\t')] })
}

// complete lists the words that begin with what was typed.
func (v *vocabulary) complete(typed string) []string { return withPrefix(v.words(), typed) }

// check makes sure that a word is one of these.
func (v *vocabulary) check(word string) error {
	names := v.names()
	if slices.Contains(names, word) {
		return nil
	}
	return report.Usage("there is no %s %q\n  %s%s", v.one, word, scenarios.Suggest(word, v.many, names), v.explained)
}

func withPrefix(list []string, typed string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return !strings.HasPrefix(s, typed) })
}

// scenarioFlags change a scenario before it runs.
type scenarioFlags struct {
	scenarios.Overrides
	programFlags
	rules []string       // as they were given
	flags *pflag.FlagSet // all of the command
	path  string         // the command's
}

// add defines the flags that change the scenario which a command takes.
func (f *scenarioFlags) add(c *cobra.Command) {
	c.ValidArgsFunction = once(completeScenarios)
	if c.Args == nil {
		c.Args = arguments(1, 1, "one scenario: a name, a file, or -")
	}
	f.flags, f.path = c.Flags(), "skinny "+c.Name()
	wordValue(&f.Edition, "EDITION", editions).add(c, "edition", "take this EDITION instead of the scenario's, whose single rules go with it")
	listValue(&f.rules, "NAME=on", completeSettings, f.setRule).add(c, "rule", "turn a rule on or off: NAME=on or NAME=off; may be repeated")
	f.addPrograms(c)
}

// addSeed defines the flag for the seed, where one decides anything.
func (f *scenarioFlags) addSeed(c *cobra.Command, usage string) {
	var seed uint64
	v := numberValue(&seed, "SEED", 0, 1<<64-1)
	set := v.set
	v.set = func(text string) error {
		f.Seed = &seed
		return set(text)
	}
	v.add(c, "seed", usage)
}

// open starts the programs that play, up to processes of each at a time, and loads the
// scenario.
func (a *app) open(f *scenarioFlags, name string, processes int) (s *scenarios.Scenario, err error) {
	if f.Players, err = a.players(f, processes); err != nil {
		return nil, err
	}
	return a.load(name, f.Overrides)
}

func (f *scenarioFlags) setRule(setting string) error {
	name, state, _ := strings.Cut(setting, "=")
	if err := rules.check(name); err != nil {
		return err
	}
	if state != "on" && state != "off" {
		return report.Usage("--rule takes NAME=on or NAME=off, as in --rule %s=off, not %q", name, setting)
	}
	f.Rules = append(f.Rules, scenarios.RuleSetting{Rule: name, On: state == "on"})
	return nil
}

func completeSettings(typed string) []string {
	var list []string
	for _, r := range protocol.RuleTable() {
		list = append(list, r.Name+"=on\t"+r.On, r.Name+"=off\t"+r.Off)
	}
	return withPrefix(list, typed)
}

// arguments repeats the flags on a command line.
func (f *scenarioFlags) arguments(seed uint64) string {
	return " --seed " + strconv.FormatUint(seed, 10) + repeated(f.flags, "edition", "rule", "program", "program-timeout", "pure")
}

// changed names the flags that were given, but for some.
func changed(flags *pflag.FlagSet, but ...string) (names []string) {
	flags.Visit(func(flag *pflag.Flag) {
		if !slices.Contains(but, flag.Name) {
			names = append(names, flag.Name)
		}
	})
	return names
}

// repeated is flags as they were given, for a command line.
func repeated(flags *pflag.FlagSet, names ...string) string {
	var b strings.Builder
	for _, name := range names {
		flag := flags.Lookup(name)
		if !flag.Changed {
			continue
		}
		values := []string{flag.Value.String()}
		if v, ok := flag.Value.(*value); ok && v.list != nil {
			values = v.list()
		}
		for _, v := range values {
			switch {
			case flag.Value.Type() != "bool":
				b.WriteString(" --" + name + " " + shell.Word(v))
			case v == "true":
				b.WriteString(" --" + name)
			default:
				b.WriteString(" --" + name + "=" + v)
			}
		}
	}
	return b.String()
}

// settings says which edition and rules the flags ask for, "" for none.
func (f *scenarioFlags) settings() string {
	var list []string
	if f.Edition != "" {
		list = append(list, "edition "+f.Edition)
	}
	return strings.Join(append(list, f.rules...), ", ")
}

type completion = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective)

// once completes the first argument and no other.
func once(complete completion) completion {
	return func(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return complete(c, args, typed)
	}
}

// only completes words, and no files.
func only(words func(typed string) []string) completion {
	return func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		return words(typed), cobra.ShellCompDirectiveNoFileComp
	}
}

// completeScenarios completes bundled scenarios and files. Shells look for files only
// where nothing else is offered, so files stand beside bundled names.
func completeScenarios(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	list := completeNames(typed)
	if len(list) == 0 {
		return nil, cobra.ShellCompDirectiveDefault
	}
	dir, name := filepath.Split(typed)
	entries, _ := os.ReadDir(filepath.Join(".", dir))
	for _, e := range entries {
		switch {
		case !strings.HasPrefix(e.Name(), name) || name == "" && strings.HasPrefix(e.Name(), "."):
		case e.IsDir():
			list = append(list, dir+e.Name()+"/")
		default:
			list = append(list, dir+e.Name())
		}
	}
	return list, cobra.ShellCompDirectiveDefault
}

// completeNames completes a bundled scenario's name: that in the library, and the short one
// of a lesson or an exercise.
func completeNames(typed string) []string {
	list := bundled.complete(typed)
	for _, name := range taught.complete(typed) {
		if !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list
}

// completeInstances completes the instances of the scenario that is named already.
func completeInstances(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	var names []string
	if len(args) > 0 && args[0] != scenarios.StandardInput {
		if file, err := scenarios.Open(args[0]); err == nil {
			names = form.Each(file.Instances, func(i scenarios.Instance) string { return i.Name.Value })
		}
	}
	return withPrefix(names, typed), cobra.ShellCompDirectiveNoFileComp
}
