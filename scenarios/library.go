package scenarios

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"

	"skinny/scenarios/form"
)

//go:embed library
var library embed.FS

//go:embed template.yaml
var template []byte

// Template is a commented scenario to start from.
func Template() []byte { return append([]byte(nil), template...) }

// Entry is a bundled scenario.
type Entry struct {
	Name string // its path in the library without .yaml
	Data []byte // the file; not to be changed
}

// Library lists the bundled scenarios, each once, in the order in which they are best met.
func Library() []Entry { return slices.Clone(loadLibrary().entries) }

// Group is what some bundled scenarios have in common.
type Group struct {
	Name    string
	Entries []Entry // also those that are in another group, too
	Taught  bool    // they are the lessons or the exercises
}

// Groups lists the bundled scenarios by what they have in common. A scenario that is
// a lesson may be in two of them: the course, and where it is at home.
func Groups() []Group { return slices.Clone(loadLibrary().groups) }

// The groups of the lessons and of the exercises, in their order, and the folders of the
// exercises, and of the lessons that are nothing else, too.
const (
	courseGroup    = "The course"
	exerciseGroup  = "Exercises"
	exerciseFolder = "exercises/"
	lessonFolder   = "learn/"
)

// Find is the bundled scenario of a name, or what [FindTaught] is. The error is Diagnostics.
func Find(name string) (Entry, error) {
	if e, ok := entry(loadLibrary().entries, func(e Entry) bool { return e.Name == name }); ok {
		return e, nil
	}
	if e, ok := FindTaught(name); ok {
		return e, nil
	}
	hint := form.Listed("bundled scenarios", form.Each(Library(), Entry.name))
	if c, ok := meant(name); ok {
		hint = "did you mean " + form.Quoted(c) + "?"
	}
	return Entry{}, Diagnostics{{Message: "there is no bundled scenario " + form.Quoted(name), Hint: hint}}
}

// meant is the name of the bundled scenario that was probably meant: the one in some
// folder of the library, or the one whose name, long or short, looks like it.
func meant(name string) (string, bool) {
	all := Library()
	if e, ok := entry(all, func(e Entry) bool { return e.Short() == name }); ok {
		return e.Name, true
	}
	return form.Nearest(name, append(form.Each(all, Entry.name), form.Each(Taught(), Entry.Short)...))
}

func (e Entry) name() string { return e.Name }

// Decode reads the bundled scenario.
func (e Entry) Decode() (*File, error) { return Decode(e.Name+ending, e.Data) }

// Course lists the bundled lessons in their order.
func Course() []Entry { return inGroup(courseGroup) }

// LessonNames lists the bundled lessons by their short names, in the order of the course.
func LessonNames() []string { return form.Each(Course(), Entry.Short) }

// Exercises lists the bundled exercises in their order.
func Exercises() []Entry { return inGroup(exerciseGroup) }

func inGroup(name string) []Entry {
	groups := loadLibrary().groups
	return groups[slices.IndexFunc(groups, func(g Group) bool { return g.Name == name })].Entries
}

// Short is the name of a lesson or an exercise, without its folder.
func (e Entry) Short() string { return path.Base(e.Name) }

// Taught lists the bundled lessons and then the exercises, in their order.
func Taught() []Entry { return slices.Concat(Course(), Exercises()) }

// FindTaught is the bundled lesson or exercise of this name: short, with the folder of the
// lessons, or as in the library.
func FindTaught(name string) (Entry, bool) {
	return entry(Taught(), func(e Entry) bool { return name == e.Short() || name == e.Name || name == e.Taught() })
}

// entry is the first one that passes a test.
func entry(list []Entry, is func(Entry) bool) (Entry, bool) {
	if at := slices.IndexFunc(list, is); at >= 0 {
		return list[at], true
	}
	return Entry{}, false
}

// Taught is the name under which a lesson or an exercise is one, and not only its run:
// learn/typical, exercises/mend-1.
func (e Entry) Taught() string {
	if strings.HasPrefix(e.Name, exerciseFolder) {
		return e.Name
	}
	return lessonFolder + e.Short()
}

// Next is what is best met after a bundled scenario: the next lesson, after the last one
// the exercises, or else the next one in the library. It reports false after the last one,
// and for a name that is not in the library.
func Next(name string) (Entry, bool) {
	for _, list := range [][]Entry{Taught(), loadLibrary().entries} {
		at := slices.IndexFunc(list, func(e Entry) bool { return e.Name == name })
		if at >= 0 && at+1 < len(list) {
			return list[at+1], true
		}
	}
	return Entry{}, false
}

type shelves struct {
	entries []Entry
	groups  []Group
}

// loadLibrary reads the library once. It is part of the program: a mistake in it is a bug.
var loadLibrary = sync.OnceValue(func() (all shelves) {
	var index []struct {
		Group     string
		Scenarios []string // their paths without .yaml
	}
	must(0, yaml.Unmarshal(must(library.ReadFile("library/index.yaml")), &index))
	for _, g := range index {
		shown := Group{Name: g.Group, Taught: g.Group == courseGroup || g.Group == exerciseGroup}
		for _, name := range g.Scenarios {
			e := Entry{Name: name, Data: must(library.ReadFile("library/" + name + ending))}
			shown.Entries = append(shown.Entries, e)
			// In the whole library it stands where its last group is.
			all.entries = slices.DeleteFunc(all.entries, func(other Entry) bool { return other.Name == name })
			all.entries = append(all.entries, e)
		}
		all.groups = append(all.groups, shown)
	}
	return all
})

func must[V any](value V, err error) V {
	if err != nil {
		panic(fmt.Sprintf("scenarios: the library: %v", err))
	}
	return value
}

// Title is the title of the scenario, for which its file is decoded.
func (e Entry) Title() string { return must(e.Decode()).Title.Value }

// StandardInput is the name under which standard input is read.
const StandardInput = "-"

const (
	standardInput = "standard input" // in messages
	ending        = ".yaml"          // of the names of scenario files
)

// Open is the scenario that somebody names: a file, - for standard input, or a
// bundled one. A bundled name that is also a file here is the bundled one; ./ in
// front of it names the file. The error is Diagnostics.
func Open(name string) (*File, error) {
	return fileIn(Load(name, Overrides{Unplayed: true}))
}

func fileIn(s *Scenario, err error) (*File, error) {
	if err != nil {
		return nil, err
	}
	return s.file, nil
}

// Load is Open with what takes the place of what the file says, ready to be run.
func Load(name string, o Overrides) (*Scenario, error) {
	e, err := Find(name)
	if err == nil {
		return decode(e.Name+ending, e.Data, o)
	}
	if _, missing := os.Stat(name); errors.Is(missing, fs.ErrNotExist) && path.Ext(name) == "" && !strings.ContainsAny(name, `/\`) && name != StandardInput {
		return nil, err // it looks like no file
	}
	from := os.Stdin
	if name != StandardInput {
		if from, err = os.Open(name); err != nil {
			return nil, cannotRead(name, err)
		}
		defer from.Close()
		if info, err := from.Stat(); err == nil && info.IsDir() {
			return nil, Diagnostics{{File: name, Message: "this is a directory", Hint: "name a file in it"}}
		}
	}
	return read(name, from, o)
}

// read reads a scenario, called name in messages, and no more than a file may hold.
func read(name string, from io.Reader, o Overrides) (*Scenario, error) {
	if name == StandardInput {
		name = standardInput
	}
	data, err := io.ReadAll(io.LimitReader(from, MaxSize+1))
	if err != nil {
		return nil, cannotRead(name, err)
	}
	return decode(name, data, o)
}

// cannotRead says why there is no file.
func cannotRead(name string, err error) Diagnostics {
	d := Diagnostic{File: name, Message: "the file cannot be read"}
	var cause *fs.PathError
	if errors.As(err, &cause) {
		err = cause.Err
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		d.Message = "there is no such file"
		d.Hint = "`skinny scenarios` lists the bundled scenarios; `skinny scenarios new` prints a template"
		c, ok := meant(name)
		if e, err := Find(strings.TrimSuffix(name, ending)); err == nil {
			c, ok = e.Name, true
		}
		if ok {
			d.Hint = "did you mean the bundled scenario " + form.Quoted(c) + "?"
		}
	case errors.Is(err, fs.ErrPermission):
		d.Message = "there is no permission to read the file"
		d.Hint = "look at its owner and mode"
	default:
		d.Hint = err.Error()
	}
	return Diagnostics{d}
}
