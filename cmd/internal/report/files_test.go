package report

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, e := range list {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		texts[e.Name()] = string(text)
	}
	return texts
}

// A file is replaced as a whole, or stays as it was; nothing else is left behind.
func TestReplace(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "x")
	write := func(text string, err error) error {
		return Replace(name, func(out io.Writer) error {
			io.WriteString(out, text)
			if have := contents(t, dir); len(text) > 0 && have["x"] == text {
				t.Error("it is there before it is complete")
			}
			return err
		})
	}
	full := errors.New("the disk is full")
	if err := write("first", full); !errors.Is(err, full) || len(contents(t, dir)) > 0 {
		t.Errorf("got %v, %v", err, contents(t, dir))
	}
	if err := write("first", nil); err != nil || len(contents(t, dir)) != 1 || contents(t, dir)["x"] != "first" {
		t.Errorf("got %v, %v", err, contents(t, dir))
	}
	os.Chmod(name, 0o600)
	if err := write("sec", full); !errors.Is(err, full) || len(contents(t, dir)) != 1 || contents(t, dir)["x"] != "first" {
		t.Errorf("got %v, %v", err, contents(t, dir))
	}
	if err := write("second", nil); err != nil || len(contents(t, dir)) != 1 || contents(t, dir)["x"] != "second" {
		t.Errorf("got %v, %v", err, contents(t, dir))
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v: it is for others now", info.Mode(), err)
	}
	if err := Replace(filepath.Join(dir, "no", "x"), nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

// Nothing is written over, and what is there already is not written again.
func TestWriteFree(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct{ text, want string }{{"a", "x.y"}, {"a", "x.y"}, {"b", "x-2.y"}, {"c", "x-3.y"}, {"b", "x-2.y"}} {
		path, err := WriteFree(filepath.Join(dir, "x"), ".y", []byte(c.text))
		if err != nil || path != filepath.Join(dir, c.want) {
			t.Errorf("%s: %s, %v", c.text, path, err)
		}
	}
	if have := contents(t, dir); len(have) != 3 || have["x.y"] != "a" || have["x-2.y"] != "b" || have["x-3.y"] != "c" {
		t.Errorf("got %v", have)
	}
	if path, err := WriteFree(filepath.Join(dir, "no", "x"), ".y", nil); err == nil || path != "" {
		t.Errorf("got %q, %v", path, err)
	}
	if err := WriteNew(filepath.Join(dir, "x.y"), nil); !errors.Is(err, fs.ErrExist) {
		t.Errorf("got %v", err)
	}
}
