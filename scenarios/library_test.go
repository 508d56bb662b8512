package scenarios

import (
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
	_, err = Find("two-winer")
	if err == nil || err.Error() != "there is no bundled scenario \"two-winer\"\n  did you mean \"two-winners\"?" {
		t.Errorf("got %v", err)
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
		"./no-such":    "./no-such: there is no such file",
		"library":      "library: this is a directory",
	} {
		if _, err := Open(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
