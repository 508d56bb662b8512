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
	data := must(library.ReadFile("library/index.yaml"))
	groups, _, r := form.Parse(&scenarioText, "index.yaml", data, form.List("a list of groups", form.Of((*group).form)))
	must(0, r.Found.Err())
	var entries []Entry
	for _, g := range groups {
		for _, name := range g.Scenarios {
			data := must(library.ReadFile("library/" + name.Value + ending))
			entries = append(entries, Entry{Name: name.Value, Group: g.Name.Value, Data: data})
		}
	}
	return entries
})

func must[V any](value V, err error) V {
	if err != nil {
		panic(fmt.Sprintf("scenarios: the library: %v", err))
	}
	return value
}

// Title is the title of the scenario, for which its file is decoded.
func (e Entry) Title() string { return must(e.Decode()).Title.Value }
