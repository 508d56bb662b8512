// Package learn is what a user has done of the course: which lessons and exercises, and
// how well. It is kept in one small file in the state directory of the XDG rules; nothing
// else is written. What is wrong with that file never stands in the way of learning.
package learn

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"skinny/cmd/internal/report"
	"skinny/scenarios"
	"skinny/scenarios/form"
)

// Score is how something was done.
type Score struct {
	Right int `json:"right"` // answers of a lesson; moves of an exercise
	Of    int `json:"of"`    // questions; its par

	By string `json:"by,omitempty"` // what has done it last, of a stage of the lab: a directory
}

// Progress is what has been done, by the names of the scenarios in the library.
type Progress struct {
	path string
	done map[string]Score
	note error // why it cannot be kept, if that is known

	broken bool // the file is not one of progress
	newer  bool // the file is of a version that this one does not know
}

// file is what is written.
type file struct {
	Format int              `json:"format"` // 1
	Done   map[string]Score `json:"done"`
}

const (
	format   = 1
	mostSize = 1 << 20 // bytes; a course has far less
)

// Dir is the directory of what Skinny keeps between runs. The error says that there is no
// place for it.
func Dir() (string, error) {
	if dir := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "skinny"), nil
	}
	home, _ := os.UserHomeDir()
	switch {
	case !filepath.IsAbs(home):
		return "", errors.New("there is no home directory; XDG_STATE_HOME can name a directory for it")
	case runtime.GOOS == "windows":
		return filepath.Join(home, "AppData", "Local", "skinny"), nil
	}
	return filepath.Join(home, ".local", "state", "skinny"), nil
}

// Load reads what has been done. What cannot be read counts as nothing done.
func Load() *Progress {
	p := &Progress{done: map[string]Score{}}
	dir, err := Dir()
	if err != nil {
		p.note = err
		return p
	}
	p.path = filepath.Join(dir, "progress.json")
	p.read()
	return p
}

// read reads the file, if there is one that can be read.
func (p *Progress) read() {
	data, err := contents(p.path)
	var f file
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		p.note = err
	case json.Unmarshal(data, &f) != nil || f.Format < format:
		p.broken = true
	case f.Format > format:
		p.note, p.newer = errors.New("it is of a newer version of Skinny"), true
	default:
		for name, score := range f.Done {
			p.add(name, score)
		}
	}
}

// contents reads a file, unless that could take for ever.
func contents(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, report.Cause(err)
	case !info.Mode().IsRegular():
		return nil, errors.New("it is no file")
	case info.Size() > mostSize:
		return nil, errors.New("it is too large to be it")
	}
	data, err := os.ReadFile(path)
	return data, report.Cause(err)
}

// Done is how something was done best, and whether it was done at all.
func (p *Progress) Done(name string) (Score, bool) {
	s, done := p.done[name]
	return s, done
}

// add keeps the better of two scores, or the later one where something else has done it: of
// lessons that with more right answers, of exercises that with fewer moves.
func (p *Progress) add(name string, s Score) {
	if old, done := p.done[name]; !done || better(s, old) || s.By != old.By {
		p.done[name] = s
	}
}

func better(s, old Score) bool {
	if s.Right > s.Of || old.Right > old.Of {
		return s.Right < old.Right
	}
	return s.Right > old.Right
}

// Note keeps that something was done. What was kept by others meanwhile stays. The error
// says why it is not kept, and where.
func (p *Progress) Note(name string, s Score) error {
	if p.note == nil {
		p.read()
	}
	p.add(name, s) // the last one that has done it
	if p.note == nil {
		p.note = p.write()
	}
	return p.Wrong()
}

// bad is what the name of a broken file ends with, once another one is in its place.
const bad = ".bad"

// Wrong says why progress is not kept, and where, or that what was kept is broken.
func (p *Progress) Wrong() error {
	switch {
	case p.path == "":
		return fmt.Errorf("progress is not kept: %w", p.note)
	case p.note != nil:
		return fmt.Errorf("progress is not kept in %s: %w", p.path, p.note)
	case p.broken:
		return fmt.Errorf("%s is broken and counts as nothing done; what is done next begins another, and leaves it as %s", p.path, filepath.Base(p.path)+bad)
	}
	return nil
}

// write writes the file in place of the one that there is. A broken one is kept beside it.
func (p *Progress) write() error {
	if err := os.MkdirAll(filepath.Dir(p.path), 0o700); err != nil {
		return report.Cause(err)
	}
	if p.broken {
		if err := os.Rename(p.path, p.path+bad); err != nil {
			return report.Cause(err)
		}
		p.broken = false
	}
	data, _ := json.MarshalIndent(file{format, p.done}, "", "  ") // names and numbers
	return report.Replace(p.path, func(out io.Writer) error {
		_, err := out.Write(append(data, '\n'))
		return err
	})
}

// Reset forgets everything. It reports whether there was something. The error says what
// could not be removed.
func Reset() (was bool, err error) {
	p := Load()
	if p.newer {
		return false, fmt.Errorf("%s is of a newer version of Skinny, and is left as it is; that version, or you, can remove it", p.path)
	}
	switch err := os.Remove(p.path); {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("%s cannot be removed: %w", p.path, report.Cause(err))
	}
	return true, nil
}

// Names lists the short names of all lessons and exercises.
func Names() []string { return form.Each(scenarios.Taught(), scenarios.Entry.Short) }

// After is the command line that is best given after a bundled scenario was looked at, and
// what it leads to: after the last lesson the first exercise. It is "" for a name that is
// not in the library.
func After(name string) (command, title string) {
	e, err := scenarios.Find(name)
	if err != nil {
		return "", ""
	}
	next, ok := scenarios.Next(e.Name)
	if !ok {
		return "skinny check", "random seeds find what else breaks"
	}
	if e, ok := scenarios.FindTaught(next.Name); ok {
		return "skinny learn " + e.Short(), e.Title()
	}
	return "skinny run " + next.Name, next.Title()
}

// Next is the first lesson that is not done, or else the first exercise. It reports false
// if all are.
func (p *Progress) Next() (scenarios.Entry, bool) {
	for _, e := range scenarios.Taught() {
		if _, done := p.Done(e.Name); !done {
			return e, true
		}
	}
	return scenarios.Entry{}, false
}
