package scenarios

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
)

func libraryFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	err := fs.WalkDir(library, "library", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestFind checks that a bundled scenario is found, and what is said where there
// is none.
func TestFind(t *testing.T) {
	e, err := Find("two-winners")
	if err != nil || e.Title() != "Two winners, nothing lost, nobody down" {
		t.Errorf("got %v, %v", e.Title(), err)
	}
	for name, meant := range map[string]string{
		"two-winer": "two-winners", "netwrok-1": "network-1", "majorty": "majority",
		"refuse-stale": "rules/refuse-stale", "learn/majorty": "learn/majority",
	} {
		if _, err := Find(name); err == nil || err.Error() != fmt.Sprintf("there is no bundled scenario %q\n  did you mean %q?", name, meant) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// Every name of a lesson or an exercise, the short one too, is that of nothing else, and is
// found.
func TestShortNames(t *testing.T) {
	lessons := len(Course())
	for i, e := range Taught() {
		if folder, _, _ := strings.Cut(e.Taught(), "/"); (folder == "learn") != (i < lessons) || (folder == "exercises") != (i >= lessons) {
			t.Errorf("%s is taught as %s", e.Name, e.Taught())
		}
		for _, name := range []string{e.Name, e.Short(), e.Taught()} {
			if got, err := Find(name); err != nil || got.Name != e.Name {
				t.Errorf("%s is found as %q, not %q: %v", name, got.Name, e.Name, err)
			}
		}
	}
}

// TestOpen checks which names are files and which are bundled scenarios.
func TestOpen(t *testing.T) {
	if f, err := Open("two-winners"); err != nil || f.Title.Value == "" {
		t.Errorf("a bundled one: %v", err)
	}
	if f, err := Open("library/two-winners.yaml"); err != nil || f.Title.Value == "" {
		t.Errorf("a file: %v", err)
	}
	for name, want := range map[string]string{
		"no-such":      "there is no bundled scenario",
		"no-such.yaml": "no-such.yaml: there is no such file",
		"./no-such":    "./no-such: there is no such file\n  `skinny scenarios` lists the bundled scenarios; `skinny scenarios new` prints a template",
		"promise.yaml": "did you mean the bundled scenario \"learn/promise\"?",
		"library":      "library: this is a directory",
	} {
		if _, err := Open(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// After a lesson comes the next one, after the last the exercises, and after any other scenario
// the next of the library.
func TestNext(t *testing.T) {
	taught, all := Taught(), Library()
	for i := range taught[:len(taught)-1] {
		if next, ok := Next(taught[i].Name); !ok || next.Name != taught[i+1].Name {
			t.Errorf("after %s comes %q", taught[i].Name, next.Name)
		}
	}
	others := 0
	for i := range all[:len(all)-1] {
		if _, is := FindTaught(all[i].Name); is {
			continue
		}
		others++
		if next, ok := Next(all[i].Name); !ok || next.Name != all[i+1].Name {
			t.Errorf("after %s comes %q", all[i].Name, next.Name)
		}
	}
	if next, ok := Next(taught[len(taught)-1].Name); ok && next.Name == "" || all[len(all)-1].Name != taught[len(taught)-1].Name {
		t.Errorf("after the last one comes %q", next.Name)
	}
	if next, ok := Next("no-such"); ok || others == 0 {
		t.Errorf("after nothing comes %q, and %d are no lessons", next.Name, others)
	}
	// The groups have all of the library, and say which are taught.
	groups := map[string]bool{}
	for _, g := range Groups() {
		for _, e := range g.Entries {
			groups[e.Name] = true
		}
		if want := g.Name == courseGroup || g.Name == exerciseGroup; g.Taught != want {
			t.Errorf("%s are taught: %v", g.Name, g.Taught)
		}
	}
	if len(groups) != len(all) || len(Exercises()) == 0 || len(LessonNames()) != len(Course()) {
		t.Errorf("%d of %d scenarios are in groups", len(groups), len(all))
	}
}
