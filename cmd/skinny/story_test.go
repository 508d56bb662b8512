package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/mattn/go-runewidth"

	"skinny/cmd/internal/report"
	"skinny/scenarios"
)

// tell runs the command in this process, without colour.
func tell(t *testing.T, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	a := testApp(&out, &errs)
	if code := a.execute(append(args, "--color", "never")); code != report.ExitClaimed {
		t.Errorf("skinny %s: exit code %d, %s", strings.Join(args, " "), code, errs.String())
	}
	return out.String()
}

// The stories of all bundled scenarios, to be read after every change of a
// sentence: go test ./cmd/skinny -update writes them anew.
func TestStories(t *testing.T) {
	known := make(map[string]bool)
	for _, e := range scenarios.Library() {
		known[e.Name+".txt"] = true
		t.Run(e.Name, func(t *testing.T) {
			story := tell(t, "run", e.Name)
			name := filepath.Join("testdata", "story", e.Name+".txt")
			if *update {
				if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o777), os.WriteFile(name, []byte(story), 0o666)); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if string(want) != story {
				t.Errorf("the story is another now; read it, then write it anew with -update.\n%s", firstDifference(string(want), story))
			}
			checkSanity(t, story)
		})
	}
	root := filepath.Join("testdata", "story")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(root, path)
		switch {
		case err != nil || known[filepath.ToSlash(name)]:
			return err
		case *update:
			return os.Remove(path)
		}
		t.Errorf("%s: there is no such scenario any more", name)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// firstDifference shows where two texts part.
func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range w {
		if i >= len(g) || w[i] != g[i] {
			return "from line " + strconv.Itoa(i+1) + ":\n- " + strings.Join(w[i:min(i+3, len(w))], "\n- ") +
				"\n+ " + strings.Join(g[min(i, len(g)):min(i+3, len(g))], "\n+ ")
		}
	}
	return "there is more at the end"
}

// Marks of a sentence that was put together wrongly.
var nonsense = regexp.MustCompile(`event 0\b|event -|[(] |[ (][;:,)]|[;:,]{2}|%!|\bfor ,|from ,|promised by ;|<nil>|\bID 0\b|\(\)`)

// checkSanity looks for lines that are too wide and for sentences that no person
// would write.
func checkSanity(t *testing.T, story string) {
	t.Helper()
	for i, line := range strings.Split(story, "\n") {
		if w := runewidth.StringWidth(line); w > report.DefaultWidth {
			t.Errorf("line %d has %d columns: %s", i+1, w, line)
		}
		if strings.HasSuffix(line, " ") {
			t.Errorf("line %d ends with a space: %q", i+1, line)
		}
		if m := nonsense.FindString(line); m != "" {
			t.Errorf("line %d has %q: %s", i+1, m, line)
		}
	}
}
