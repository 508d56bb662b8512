package learn

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"skinny/scenarios"
)

// inState lets progress be kept in a directory of the test.
func inState(t *testing.T) (file string) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("XDG_STATE_HOME", dir)
	return filepath.Join(dir, "skinny", "progress.json")
}

// What is done is kept, the better of two scores, and forgotten on request. Nothing is
// written before.
func TestProgress(t *testing.T) {
	file := inState(t)
	if was, err := Reset(); was || err != nil {
		t.Errorf("there was something to forget: %v, %v", was, err)
	}
	if _, done := Load().Done("learn/majority"); done {
		t.Error("it is done before it was begun")
	}
	if _, err := os.Stat(filepath.Dir(file)); err == nil {
		t.Error("looking at it has written something")
	}
	note := func(name string, right, of int) {
		t.Helper()
		if err := Load().Note(name, Score{Right: right, Of: of}); err != nil {
			t.Fatal(err)
		}
	}
	for _, by := range []string{"/mine", "/theirs"} { // the later one is named
		if err := Load().Note("lab/promise", Score{Right: 1, Of: 1, By: by}); err != nil {
			t.Fatal(err)
		}
	}
	if s, _ := Load().Done("lab/promise"); s.By != "/theirs" {
		t.Errorf("it is done by %q", s.By)
	}
	other := Load()
	note("learn/majority", 3, 4)
	note("learn/majority", 2, 4)
	note("exercises/lose", 10, 8)
	note("exercises/lose", 8, 8)
	note("exercises/lose", 9, 8)
	if err := other.Note("typical", Score{Right: 1, Of: 3}); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]Score{"learn/majority": {Right: 3, Of: 4}, "exercises/lose": {Right: 8, Of: 8}, "typical": {Right: 1, Of: 3}} {
		if got, done := Load().Done(name); !done || got != want {
			t.Errorf("%s: %v, %v", name, got, done)
		}
	}
	if files, _ := os.ReadDir(filepath.Dir(file)); len(files) != 1 {
		t.Errorf("there are %d files", len(files))
	}
	if was, err := Reset(); !was || err != nil {
		t.Errorf("nothing was forgotten: %v, %v", was, err)
	}
	if _, done := Load().Done("typical"); done {
		t.Error("it is still done")
	}
}

// A file that is broken or not ours counts as nothing done. A broken one is replaced, what
// somebody else may need is not.
func TestForeignFiles(t *testing.T) {
	for text, kept := range map[string]string{
		"": "", "{": "", "null": "", "[1, 2]": "", `{"format": 1, "done": {"typical": 3}}`: "", `{"format": 1, "done": null}`: "",
		`{"format": 2, "done": {}}`:         "newer version",
		strings.Repeat("x", mostSize+1):     "too large",
		"\x00\xff" + strings.Repeat("x", 9): "",
	} {
		file := inState(t)
		os.MkdirAll(filepath.Dir(file), 0o700)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		p := Load()
		if _, done := p.Done("typical"); done {
			t.Errorf("%.20q says that something is done", text)
		}
		broken := kept == "" && !strings.Contains(text, "null}")
		if wrong := p.Wrong(); (wrong != nil) != (broken || kept != "") {
			t.Errorf("%.20q: wrong is %v", text, wrong)
		}
		err := p.Note("typical", Score{Right: 1, Of: 1})
		data, _ := os.ReadFile(file)
		switch {
		case kept == "" && err != nil:
			t.Errorf("%.20q: %v", text, err)
		case kept != "" && (err == nil || !strings.Contains(err.Error(), kept) || string(data) != text):
			t.Errorf("%.20q: %v", text, err)
		}
		if _, done := p.Done("typical"); !done {
			t.Errorf("%.20q: it is not done in this process", text)
		}
		if copied, err := os.ReadFile(file + ".bad"); broken != (err == nil) || string(copied) != text && broken {
			t.Errorf("%.20q: what was broken is kept as %.20q: %v", text, copied, err)
		}
		if was, err := Reset(); strings.Contains(kept, "newer") && (was || err == nil) {
			t.Errorf("%.20q is forgotten", text)
		}
	}
}

// Where nothing can be kept, that is said, and everything else works.
func TestNoPlace(t *testing.T) {
	file := inState(t)
	os.MkdirAll(file, 0o700) // a directory is in its place
	if err := Load().Note("typical", Score{Right: 1, Of: 1}); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("it is kept in a directory: %v", err)
	}
	os.MkdirAll(filepath.Join(file, "full"), 0o700)
	if was, err := Reset(); was || err == nil {
		t.Errorf("a directory is forgotten: %v", err)
	}
	blocked := filepath.Join(t.TempDir(), "file")
	os.WriteFile(blocked, nil, 0o600)
	t.Setenv("XDG_STATE_HOME", blocked)
	if err := Load().Note("typical", Score{Right: 1, Of: 1}); err == nil || !strings.Contains(err.Error(), "progress is not kept in "+blocked) {
		t.Errorf("it is kept below a file: %v", err)
	}
	t.Setenv("XDG_STATE_HOME", "relative")
	t.Setenv("HOME", "")
	t.Setenv("USERPROFILE", "")
	if err := Load().Note("typical", Score{Right: 1, Of: 1}); err == nil || !strings.Contains(err.Error(), "no home directory") {
		t.Errorf("it is kept nowhere: %v", err)
	}
	if was, err := Reset(); was || err != nil {
		t.Errorf("nowhere is forgotten: %v, %v", was, err)
	}
}

// What comes next is the first that is not done, and after a scenario what it names or
// what follows it.
func TestNext(t *testing.T) {
	inState(t)
	p := Load()
	names := Names()
	for _, name := range names {
		e, ok := scenarios.FindTaught(name)
		if next, more := p.Next(); !ok || !more || next.Name != e.Name {
			t.Fatalf("after those before %s comes %s", name, next.Name)
		}
		p.add(e.Name, Score{})
	}
	if next, more := p.Next(); more {
		t.Errorf("after everything comes %s", next.Name)
	}
	library := scenarios.Library()
	for i, e := range library {
		f, err := e.Decode()
		if err != nil {
			t.Fatal(err)
		}
		got, title := After(e.Name)
		want := "skinny check"
		switch next := f.Lesson.Value.Next; {
		case next.Given:
			want = "skinny learn " + next.Value
		case e.Name == "learn/unsolved": // the last lesson
			want = "skinny learn " + scenarios.Exercises()[0].Short()
		case i+1 < len(library):
			want = "skinny run " + library[i+1].Name
			if _, ok := scenarios.FindTaught(library[i+1].Name); ok {
				want = "skinny learn " + library[i+1].Short()
			}
		}
		if got != want || title == "" {
			t.Errorf("after %s comes %q (%s), not %q", e.Name, got, title, want)
		}
	}
	if got, _ := After("mine.yaml"); got != "" {
		t.Errorf("after a file of one's own comes %q", got)
	}
}

// Of lessons more right answers are better, of exercises fewer moves, from par on.
func TestBetter(t *testing.T) {
	for _, c := range []struct {
		s, old Score
		want   bool
	}{
		{Score{Right: 4, Of: 4}, Score{Right: 3, Of: 4}, true}, {Score{Right: 3, Of: 4}, Score{Right: 4, Of: 4}, false}, {Score{Right: 3, Of: 4}, Score{Right: 3, Of: 4}, false},
		{Score{Right: 8, Of: 8}, Score{Right: 9, Of: 8}, true}, {Score{Right: 9, Of: 8}, Score{Right: 8, Of: 8}, false}, {Score{Right: 9, Of: 8}, Score{Right: 10, Of: 8}, true}, {Score{Right: 9, Of: 8}, Score{Right: 9, Of: 8}, false},
	} {
		if got := better(c.s, c.old); got != c.want {
			t.Errorf("%+v is better than %+v: %v", c.s, c.old, got)
		}
	}
}
