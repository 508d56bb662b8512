package scenarios

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"skinny/scenarios/form"
)

// StandardInput is the name under which ReadFile reads standard input.
const StandardInput = "-"

// standardInput is what it is called in messages.
const standardInput = "standard input"

// ReadFile reads a file, or standard input for -. The error is Diagnostics.
func ReadFile(name string) (*File, error) {
	if name == StandardInput {
		return ReadFrom(name, os.Stdin)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, cannotRead(name, err)
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, Diagnostics{{File: name, Message: "this is a directory", Hint: "name a file in it"}}
	}
	return ReadFrom(name, f)
}

// ReadFrom reads a file from a reader; name is what it is called in messages. Not
// more is read than a file may hold. The error is Diagnostics.
func ReadFrom(name string, from io.Reader) (*File, error) {
	if name == StandardInput {
		name = standardInput
	}
	data, err := io.ReadAll(io.LimitReader(from, MaxSize+1))
	if err != nil {
		return nil, cannotRead(name, err)
	}
	return Decode(name, data)
}

// cannotRead says why there is no file.
func cannotRead(name string, err error) Diagnostics {
	d := Diagnostic{File: name, Message: "the file cannot be read"}
	var cause *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		d.Message = "there is no such file"
		d.Hint = "`skinny scenarios` lists the bundled scenarios; `skinny scenarios new` prints a template"
		if c, ok := form.Nearest(name, libraryNames()); ok {
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
