package scenarios

import (
	"embed"
	"fmt"
	"slices"
	"sync"

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
	Name  string // its path in the library without .yaml
	Group string // what it belongs to
	Data  []byte // the file; not to be changed
}

// Library lists the bundled scenarios in the order in which they are best met.
func Library() []Entry { return slices.Clone(loadLibrary()) }

// Find is the bundled scenario of this name. The error is Diagnostics.
func Find(name string) (Entry, error) {
	for _, e := range loadLibrary() {
		if e.Name == name {
			return e, nil
		}
	}
	return Entry{}, Diagnostics{{
		Message: fmt.Sprintf("there is no bundled scenario %s", form.Quoted(name)),
		Hint:    Suggest(name, "bundled scenarios", libraryNames()),
	}}
}

// Decode reads the bundled scenario.
func (e Entry) Decode() (*File, error) { return Decode(e.Name+ending, e.Data) }

func libraryNames() []string {
	return form.Names(loadLibrary(), func(e Entry) string { return e.Name })
}

// group is a part of the file index.yaml of the library.
type group struct {
	Name      Opt[string]
	Scenarios []Opt[string]
}

func (g *group) form() form.Form {
	return form.Form{Name: "a group of the index", Fields: []form.Field{
		form.Key("group", "What its scenarios have in common.", &g.Name, form.Line).Must(),
		form.Many("scenarios", "Their paths without .yaml.", &g.Scenarios, instanceList).Must(),
	}}
}

// loadLibrary reads the library once. The library is part of the program, so anything
// wrong with it is a bug.
var loadLibrary = sync.OnceValue(func() []Entry {
	data, err := library.ReadFile("library/index.yaml")
	if err != nil {
		panic(fmt.Sprintf("scenarios: the library: %v", err))
	}
	groups, _, r := form.Parse(&scenarioText, "index.yaml", data, form.List("a list of groups", form.Of((*group).form)))
	if err := r.Found.Err(); err != nil {
		panic(fmt.Sprintf("scenarios: the library: %v", err))
	}
	var entries []Entry
	for _, g := range groups {
		for _, name := range g.Scenarios {
			data, err := library.ReadFile("library/" + name.Value + ending)
			if err != nil {
				panic(fmt.Sprintf("scenarios: the library: %v", err))
			}
			entries = append(entries, Entry{Name: name.Value, Group: g.Name.Value, Data: data})
		}
	}
	return entries
})

// Title is the title of the scenario, for which its file is decoded.
func (e Entry) Title() string {
	f, err := e.Decode()
	if err != nil {
		panic(fmt.Sprintf("scenarios: the library: %v", err))
	}
	return f.Title.Value
}
