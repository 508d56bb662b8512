package exercise

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"skinny/scenarios"
	"skinny/scenarios/form"
)

// Names lists the bundled exercises by their short names, in their order.
func Names() []string { return form.Names(scenarios.Exercises(), scenarios.Entry.Short) }

// Load is the exercise that somebody names: a bundled one, or a file. The error is Diagnostics.
func Load(name string) (*Exercise, error) {
	s, err := scenarios.Load(name, scenarios.Overrides{})
	if err != nil {
		return nil, err
	}
	if x := Of(s); x != nil {
		return x, nil
	}
	return nil, scenarios.Diagnostics{{
		File: name, Message: "this is a scenario, and no exercise",
		Hint: "give it the section `exercise` (docs/SCENARIOS.md); " + scenarios.Suggest(name, "bundled exercises", Names()),
	}}
}

// MaxSize is the size of the largest solution that is read, in bytes: a schedule of some
// thousand decisions.
const MaxSize = 256 << 10

// Read reads a solution from a file, or from standard input. It takes neither longer nor more memory than for a
// file of MaxSize, whatever the file is. The error is one line.
func Read(name string) (*scenarios.File, error) {
	// What is no file may never begin to say something.
	from, named := os.Stdin, name != scenarios.StandardInput
	if info, err := os.Stat(name); named && err == nil {
		switch {
		case info.IsDir():
			return nil, fmt.Errorf("this is a directory; write %s/*.yaml", strings.TrimRight(name, "/"))
		case !info.Mode().IsRegular():
			return nil, errors.New("this is no file")
		}
	}
	var err error
	if named {
		from, err = os.Open(name)
	}
	var data []byte
	if err == nil {
		if named {
			defer from.Close()
		}
		data, err = io.ReadAll(io.LimitReader(from, MaxSize+1))
	}
	var cause *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errors.New("there is no such file")
	case errors.As(err, &cause):
		return nil, fmt.Errorf("the file cannot be read: %w", cause.Err)
	case err != nil:
		return nil, fmt.Errorf("the file cannot be read: %w", err)
	case len(data) > MaxSize:
		return nil, fmt.Errorf("the file is larger than %d KiB", MaxSize>>10)
	}
	f, err := scenarios.Decode(name, data)
	if err == nil {
		return f, nil
	}
	var found scenarios.Diagnostics
	if errors.As(err, &found) && len(found) > 0 {
		d := found[0]
		if d.Line > 0 {
			return nil, fmt.Errorf("line %d: %s", d.Line, oneLine(d.Message))
		}
		return nil, errors.New(oneLine(d.Message))
	}
	return nil, err
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// Begin is a file to begin a solution with: what is given, without what is hidden, and the
// task above it.
func (x *Exercise) Begin() []byte {
	var b bytes.Buffer
	for _, line := range strings.Split(strings.TrimSpace(x.Task.Value), "\n") {
		fmt.Fprintf(&b, "# %s\n", line)
	}
	fmt.Fprintf(&b, "# You may change: %s.\n", strings.Join(x.Change, ", "))
	if len(x.Allow) > 0 {
		fmt.Fprintf(&b, "# You may use: %s.\n", strings.Join(x.Allow, ", "))
	}
	for i := range x.Want {
		if d := &x.Want[i]; len(d.Predict) > 0 && !x.guessed(d) {
			fmt.Fprintf(&b, "# Predict in `expect`: %s of %s.\n", strings.Join(d.Predict, ", "), subject(d))
		}
	}
	b.Write(x.solution().Encode())
	return b.Bytes()
}
