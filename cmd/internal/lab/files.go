package lab

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"skinny/cmd/internal/program"
	"skinny/cmd/internal/report"
	"skinny/cmd/internal/shell"
	"skinny/scenarios"
	"skinny/scenarios/form"
	"skinny/sim"
)

// Language is one that there are files to begin with for.
type Language struct {
	Name     string
	instance string   // the file that is to be filled in
	harness  string   // the loop and the JSON
	command  []string // that starts it, where it lies
	build    string   // what has to be done before, for a person
}

// Languages lists them.
func Languages() []Language { return languages }

var languages = []Language{
	{"python", "instance.py", "harness.py", []string{"python3", "instance.py"}, ""},
	{"js", "instance.mjs", "harness.mjs", []string{"node", "instance.mjs"}, ""},
	{"go", "instance.go", "harness.go", []string{"./instance"}, "go build && "},
}

//go:embed files
var files embed.FS

// text is the ending of files that are not what they are for, as long as they lie in here.
const text = ".txt"

// contents are the files to begin with, by name, which speak of the page to read by its own.
func (l *Language) contents(page string) map[string][]byte {
	list := map[string][]byte{}
	entries, _ := files.ReadDir(path.Join("files", l.Name)) // it is there, in the program itself
	for _, e := range entries {
		list[strings.TrimSuffix(e.Name(), text)], _ = files.ReadFile(path.Join("files", l.Name, e.Name()))
	}
	readme, _ := files.ReadFile("files/README.md")
	list[page] = []byte(strings.NewReplacer(
		"FILE", "`"+l.instance+"`", "HARNESS", "`"+l.harness+"`", "BUILD", l.build, "COMMAND", strings.Join(l.command, " "),
	).Replace(string(readme)))
	for name, data := range list {
		list[name] = bytes.ReplaceAll(data, []byte("README.md"), []byte(page))
	}
	return list
}

// New writes the files to begin with into a directory, which it makes if there is none, and
// returns how to go on. A README.md of somebody's own stays, and the page to read gets
// another name. It writes nothing if another one of the files is there already, or an
// instance in another language.
func New(dir, language string) (string, error) {
	l := languages[slices.IndexFunc(languages, func(l Language) bool { return l.Name == language })]
	page := "README.md"
	if report.Exists(filepath.Join(dir, page)) {
		page = "LAB.md"
	}
	list := l.contents(page)
	instances := form.Each(languages, func(l Language) string { return l.instance })
	for _, name := range append(slices.Sorted(maps.Keys(list)), instances...) {
		if path := filepath.Join(dir, name); report.Exists(path) {
			return "", report.Usage("skinny lab new: %s is there already, and nothing is written over it; choose another directory", path)
		}
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return "", report.Usage("skinny lab new: %s cannot be made: %v", dir, report.Cause(err))
	}
	for name, data := range list {
		if err := report.WriteNew(filepath.Join(dir, name), data); err != nil {
			return "", report.Usage("skinny lab new: %s cannot be written: %v", filepath.Join(dir, name), report.Cause(err))
		}
	}
	return fmt.Sprintf("%s is to be filled in, and %s beside it says how.\nnext: skinny lab check %s\n",
		filepath.Join(dir, l.instance), page, shell.File(dir)), nil
}

// languageOf is the language of what lies in a directory. The error says that it is none,
// or more than one.
func languageOf(dir string) (*Language, error) {
	info, err := os.Stat(dir)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s cannot be opened: %w", dir, report.Cause(err))
	case !info.IsDir():
		return nil, fmt.Errorf("%s is no directory", dir)
	}
	var found *Language
	var names []string
	for i := range languages {
		l := &languages[i]
		names = append(names, l.instance)
		info, err := os.Stat(filepath.Join(dir, l.instance))
		switch {
		case err != nil || info.Mode()&fs.ModeType != 0:
		case found != nil:
			return nil, fmt.Errorf("%s has both %s and %s; --program says which is meant", dir, found.instance, l.instance)
		default:
			found = l
		}
	}
	if found == nil {
		return nil, fmt.Errorf("%s has none of %s; `skinny lab new` writes one to fill in, and --program\nsays how to start what you have", dir, strings.Join(names, ", "))
	}
	return found, nil
}

// Submission is a program that lies in a directory, ready to be started.
type Submission struct {
	Dir     string
	Command []string

	before string // what a person does first to start it
	typed  []string
	built  string // a directory to be removed, "" for none
}

// buildTime is how long building may take, and buildLook how often it is asked whether to end.
const (
	buildTime = 2 * time.Minute
	buildLook = 50 * time.Millisecond
)

// Find finds the program in a directory, and builds it if it has to be built. Unless it is
// nil, command says how to start it; {} in it stands for the directory. Stop is asked, while
// it is built, whether to end, which gives ErrStopped. Close removes what was built.
func Find(dir string, command []string, stop func() bool) (*Submission, error) {
	s := &Submission{Dir: dir}
	if command != nil {
		whole, err := filepath.Abs(dir)
		if err != nil {
			return nil, err
		}
		s.Command = form.Each(command, func(word string) string { return strings.ReplaceAll(word, "{}", whole) })
		s.typed = s.Command
		return s, nil
	}
	l, err := languageOf(dir)
	if err != nil {
		return nil, err
	}
	if l.Name == "go" {
		s.before = "(cd " + shell.Word(dir) + " && go build) && "
		s.typed = []string{filepath.Join(dir, "instance")}
		return s, s.build(stop)
	}
	s.Command = append(s.Command, l.command[:len(l.command)-1]...)
	s.Command = append(s.Command, filepath.Join(dir, l.instance))
	s.typed = s.Command
	return s, nil
}

func (s *Submission) build(stop func() bool) (err error) {
	if s.built, err = os.MkdirTemp("", "skinny-lab-*"); err != nil {
		return err
	}
	target := filepath.Join(s.built, "instance")
	ctx, cancel := context.WithTimeout(context.Background(), buildTime)
	defer cancel()
	go func() {
		for ctx.Err() == nil && !stop() {
			time.Sleep(buildLook)
		}
		cancel()
	}()
	c := exec.CommandContext(ctx, "go", "build", "-o", target, ".")
	c.Dir = s.Dir
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	program.Group(c) // Ctrl-C is not for it: it is ended here, and has ended when what it leaves is removed
	if err := c.Run(); err != nil {
		s.Close()
		if stop() {
			return ErrStopped
		}
		if errors.Is(err, exec.ErrNotFound) {
			return errors.New("it is in Go, and there is no program go in PATH to build it")
		}
		return fmt.Errorf("it cannot be built: %w\n%s", err, strings.TrimRight(out.String(), "\n"))
	}
	s.Command = []string{target}
	return nil
}

// line is the command as a person types it.
func (s *Submission) line() string { return shell.Line(s.typed) }

// with is the command line by which a person runs or steps through a scenario in which the
// program plays all instances, or Player.
func (s *Submission) with(verb, scenario string, all bool, timeout time.Duration) string {
	who := ""
	if !all {
		who = Player + "="
	}
	line := s.before + "skinny " + verb + " " + scenario + " --program " + who + shell.Word(s.line())
	if timeout > 0 {
		line += " --program-timeout " + timeout.String()
	}
	return line
}

// Close removes what was built.
func (s *Submission) Close() { os.RemoveAll(s.built) }

// Open starts the program, to be asked by some workers at the same time. It has to be
// closed.
func (s *Submission) Open(o program.Options) (*program.Process, sim.Player, error) {
	p, err := program.Open(s.Command, o)
	if err != nil {
		return nil, sim.Player{}, err
	}
	return p, sim.Player{Name: scenarios.Label(s.Command...), Program: p}, nil
}
