package scenarios

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"skinny/scenarios/form"
)

// StandardInput is the name under which standard input is read.
const StandardInput = "-"

// standardInput is what it is called in messages.
const standardInput = "standard input"

// ending is what the names of scenario files end with.
const ending = ".yaml"

// Open is the scenario that somebody names: a file, - for standard input, or a
// bundled one. A bundled name that is also a file here is the bundled one; ./ in
// front of it names the file. The error is Diagnostics.
func Open(name string) (*File, error) {
	return fileIn(Load(name, Overrides{Unplayed: true}))
}

func fileIn(s *Scenario, err error) (*File, error) {
	if err != nil {
		return nil, err
	}
	return s.file, nil
}

// Load is Open with what takes the place of what the file says, ready to be run.
func Load(name string, o Overrides) (*Scenario, error) {
	e, err := Find(name)
	if err == nil {
		return decode(e.Name+ending, e.Data, o)
	}
	if _, missing := os.Stat(name); errors.Is(missing, fs.ErrNotExist) && path.Ext(name) == "" && !strings.ContainsAny(name, `/\`) && name != StandardInput {
		return nil, err // it looks like no file
	}
	from := os.Stdin
	if name != StandardInput {
		if from, err = os.Open(name); err != nil {
			return nil, cannotRead(name, err)
		}
		defer from.Close()
		if info, err := from.Stat(); err == nil && info.IsDir() {
			return nil, Diagnostics{{File: name, Message: "this is a directory", Hint: "name a file in it"}}
		}
	}
	return read(name, from, o)
}

// read reads a scenario, called name in messages, and no more than a file may hold.
func read(name string, from io.Reader, o Overrides) (*Scenario, error) {
	if name == StandardInput {
		name = standardInput
	}
	data, err := io.ReadAll(io.LimitReader(from, MaxSize+1))
	if err != nil {
		return nil, cannotRead(name, err)
	}
	return decode(name, data, o)
}

// cannotRead says why there is no file.
func cannotRead(name string, err error) Diagnostics {
	d := Diagnostic{File: name, Message: "the file cannot be read"}
	var cause *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		d.Message = "there is no such file"
		d.Hint = "`skinny scenarios` lists the bundled scenarios; `skinny scenarios new` prints a template"
		c, ok := meant(name)
		if e, err := Find(strings.TrimSuffix(name, ending)); err == nil {
			c, ok = e.Name, true
		}
		if ok {
			d.Hint = "did you mean the bundled scenario " + form.Quoted(c) + "?"
		}
	case errors.Is(err, fs.ErrPermission):
		d.Message = "there is no permission to read the file"
		d.Hint = "look at its owner and mode"
	case errors.As(err, &cause):
		d.Hint = cause.Err.Error()
	default:
		d.Hint = err.Error()
	}
	return Diagnostics{d}
}
