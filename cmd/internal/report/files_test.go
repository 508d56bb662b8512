package report

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
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
		if e.Type()&fs.ModeSymlink != 0 {
			continue
		}
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
	taken := filepath.Join(dir, "taken") // while it is written
	if err := Replace(taken, func(io.Writer) error { return os.Mkdir(taken, 0o777) }); err == nil || strings.Contains(err.Error(), taken) {
		t.Errorf("got %v", err)
	}
	os.Remove(taken)
	if have := contents(t, dir); len(have) != 1 {
		t.Errorf("it leaves %v", have)
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

// A file is replaced where a link points to, and what is no file is written to.
func TestReplaceOthers(t *testing.T) {
	dir := t.TempDir()
	link, far := filepath.Join(dir, "link"), filepath.Join(t.TempDir(), "far")
	if err := os.WriteFile(far, []byte("old"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(far, link); err != nil {
		t.Skip(err)
	}
	err := Replace(link, func(out io.Writer) error { _, err := io.WriteString(out, "new"); return err })
	text, _ := os.ReadFile(far)
	if to, _ := os.Readlink(link); err != nil || to != far || string(text) != "new" {
		t.Errorf("%v: it points to %s, where there is %q", err, to, text)
	}
	if err := Replace(os.DevNull, func(out io.Writer) error { _, err := io.WriteString(out, "x"); return err }); err != nil {
		t.Error(err)
	}
	full := errors.New("full")
	if err := Replace(os.DevNull, func(io.Writer) error { return full }); !errors.Is(err, full) {
		t.Errorf("what goes wrong is lost: %v", err)
	}
	if err := Replace(dir, func(io.Writer) error { return nil }); err == nil || strings.Contains(err.Error(), dir) {
		t.Errorf("a folder is written: %v", err)
	}
}

// What is replaced is what begins alike, or nothing.
func TestBegins(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"empty": "", "ours": "start and more", "exactly": "start", "short": "star", "other": "a start"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]bool{"empty": true, "ours": true, "exactly": true, "short": false, "other": false, "none": true, ".": true} {
		if got := Begins(filepath.Join(dir, name), "start"); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// A name is taken by whatever there is, and a folder can be written to or says why not.
func TestExists(t *testing.T) {
	dir := t.TempDir()
	there, dangling := filepath.Join(dir, "there"), filepath.Join(dir, "dangling")
	if err := os.WriteFile(there, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(dir, "nowhere"), dangling); err != nil {
		t.Skip(err)
	}
	if !Exists(there) || !Exists(dangling) || !Exists(dir) || Exists(filepath.Join(dir, "nowhere")) {
		t.Error("a name is taken or not")
	}
	if err := Writable(filepath.Join(dir, "x")); err != nil || len(contents(t, dir)) != 1 {
		t.Errorf("%v; it leaves %v", err, contents(t, dir))
	}
	if err := Writable(filepath.Join(dir, "no", "x")); err == nil || strings.Contains(err.Error(), "skinny") {
		t.Errorf("got %v", err)
	}
	if err := Cause(&os.LinkError{Op: "rename", Old: "a", New: "b", Err: fs.ErrExist}); err != fs.ErrExist {
		t.Errorf("of a link: %v", err)
	}
	if err := Cause(io.EOF); err != io.EOF || Cause(nil) != nil {
		t.Errorf("got %v", err)
	}
}
