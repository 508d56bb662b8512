package learn

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// The state directory is that of the XDG rules, if it names one from the root; else it is below
// the home directory.
func TestDir(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the rules are of other systems")
	}
	state, home := t.TempDir(), t.TempDir()
	for _, c := range []struct{ state, home, want string }{
		{state, home, filepath.Join(state, "skinny")}, {"", home, filepath.Join(home, ".local", "state", "skinny")}, {"relative", home, filepath.Join(home, ".local", "state", "skinny")},
		{state, "", filepath.Join(state, "skinny")}, {"", "", ""}, {"", "relative", ""}, {"relative", "relative", ""},
	} {
		t.Setenv("XDG_STATE_HOME", c.state)
		t.Setenv("HOME", c.home)
		if got, err := Dir(); got != c.want || (err != nil) != (c.want == "") {
			t.Errorf("state %q, home %q: %q, %v", c.state, c.home, got, err)
		}
	}
	p := Load()
	if got := p.Wrong(); got == nil || got.Error() != "progress is not kept: there is no home directory; XDG_STATE_HOME can name a directory for it" {
		t.Error(got)
	}
}

// What is no file is not read, nor what is too large; what is as large as may be is.
func TestContents(t *testing.T) {
	dir := t.TempDir()
	if _, err := contents(dir); err == nil || err.Error() != "it is no file" {
		t.Error(err)
	}
	if _, err := contents(filepath.Join(dir, "none")); !errors.Is(err, os.ErrNotExist) || strings.Contains(err.Error(), dir) {
		t.Error(err)
	}
	path := filepath.Join(dir, "file")
	for size, wrong := range map[int]string{mostSize: "", mostSize + 1: "it is too large to be it"} {
		os.WriteFile(path, make([]byte, size), 0o600)
		data, err := contents(path)
		if wrong == "" && (err != nil || len(data) != size) || wrong != "" && (err == nil || err.Error() != wrong) {
			t.Errorf("%d bytes: %d, %v", size, len(data), err)
		}
	}
}

// The file says which version it is, and is nobody else's; a score that needs no name has
// none.
func TestWritten(t *testing.T) {
	file := inState(t)
	for _, s := range []struct {
		name  string
		score Score
	}{{"typical", Score{Right: 1, Of: 3}}, {"lab/promise", Score{Right: 1, Of: 1, By: "/mine"}}} {
		if err := Load().Note(s.name, s.score); err != nil {
			t.Fatal(err)
		}
	}
	const want = `{
  "format": 1,
  "done": {
    "lab/promise": {
      "right": 1,
      "of": 1,
      "by": "/mine"
    },
    "typical": {
      "right": 1,
      "of": 3
    }
  }
}
`
	if data, err := os.ReadFile(file); err != nil || string(data) != want {
		t.Errorf("%v\n%s", err, data)
	}
	if info, err := os.Stat(filepath.Dir(file)); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

// A file that is broken or of another version is named in what is said of it, and forgetting
// leaves what a newer version has kept.
func TestWrong(t *testing.T) {
	for text, want := range map[string]string{
		"{": " is broken and counts as nothing done; what is done next begins another, and leaves it as progress.json.bad",
		`{"format": 0, "done": {"typical": {"right": 1, "of": 1}}}`: " is broken and counts as nothing done; what is done next begins another, and leaves it as progress.json.bad",
		`{"format": 2}`: "progress is not kept in FILE: it is of a newer version of Skinny",
		`{"format": 1}`: "",
	} {
		file := inState(t)
		os.MkdirAll(filepath.Dir(file), 0o700)
		os.WriteFile(file, []byte(text), 0o600)
		got := ""
		if err := Load().Wrong(); err != nil {
			got = strings.TrimPrefix(strings.Replace(err.Error(), file, "FILE", 1), "FILE")
		}
		if got != want {
			t.Errorf("%s: %s", text, got)
		}
		was, err := Reset()
		if newer := strings.Contains(text, "2"); newer != (err != nil) || was == newer {
			t.Errorf("%s: forgotten %v, %v", text, was, err)
		} else if newer && err.Error() != file+" is of a newer version of Skinny, and is left as it is; that version, or you, can remove it" {
			t.Error(err)
		}
		if _, err := os.Stat(file); (err == nil) != strings.Contains(text, "2") {
			t.Errorf("%s: %v", text, err)
		}
	}
	file := inState(t)
	os.MkdirAll(filepath.Join(file, "full"), 0o700)
	if _, err := Reset(); err == nil || !strings.HasPrefix(err.Error(), file+" cannot be removed: ") || strings.Count(err.Error(), file) > 1 {
		t.Error(err)
	}
}

// A broken file that cannot be put aside is kept, and so is the reason.
func TestBrokenStays(t *testing.T) {
	file := inState(t)
	os.MkdirAll(filepath.Join(file+bad, "full"), 0o700) // a directory is where it would go
	os.WriteFile(file, []byte("{"), 0o600)
	p := Load()
	if err := p.Note("typical", Score{Right: 1, Of: 1}); err == nil || !strings.HasPrefix(err.Error(), "progress is not kept in "+file+": ") {
		t.Error(err)
	}
	if data, err := os.ReadFile(file); err != nil || string(data) != "{" {
		t.Errorf("%q, %v", data, err)
	}
	if err := p.Note("duel", Score{}); err == nil { // it is said each time
		t.Error("the second is kept")
	}
}
