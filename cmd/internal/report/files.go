package report

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// WriteNew writes a file that does not exist yet, whole or not at all. The error is
// fs.ErrExist if there is one, which is left as it is.
func WriteNew(path string, data []byte) error {
	return create(path, func(file *os.File) error {
		_, err := file.Write(data)
		return err
	})
}

func create(path string, write func(*os.File) error) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	if err = errors.Join(write(file), file.Close()); err != nil {
		os.Remove(path)
	}
	return err
}

// WriteFree writes a file under the first name that is free: name and ending, or with
// -2, -3 and so on between them. A file that says the same already is left alone.
func WriteFree(name, ending string, data []byte) (path string, err error) {
	for n := 1; ; n++ {
		path = name + ending
		if n > 1 {
			path = fmt.Sprintf("%s-%d%s", name, n, ending)
		}
		if there, err := os.ReadFile(path); err == nil && bytes.Equal(there, data) {
			return path, nil
		}
		switch err := WriteNew(path, data); {
		case err == nil:
			return path, nil
		case !errors.Is(err, fs.ErrExist):
			return "", err
		}
	}
}

// Replace writes a file in place of another, whole or not at all: beside it, under a
// name of its own, until nothing can go wrong any more. What is no ordinary file, as
// /dev/stdout, is written directly.
func Replace(path string, write func(io.Writer) error) error {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		// A pipe that nobody reads is not waited for.
		file, err := os.OpenFile(path, os.O_WRONLY|nonblocking, 0)
		if err != nil {
			return Cause(err)
		}
		return errors.Join(write(file), file.Close())
	}
	beside := filepath.Join(filepath.Dir(path), fmt.Sprintf(".%s.%d", filepath.Base(path), os.Getpid()))
	err = create(beside, func(file *os.File) error {
		if info != nil {
			file.Chmod(info.Mode())
		}
		return write(file)
	})
	if err != nil {
		return Cause(err)
	}
	if err = os.Rename(beside, path); err != nil {
		os.Remove(beside)
	}
	return Cause(err)
}

// Begins reports whether a file begins as one that may be replaced does; nothing is lost
// either where there is no ordinary file, or an empty one.
func Begins(path, start string) bool {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() == 0 {
		return true // creating it will say what is wrong
	}
	old, _ := os.ReadFile(path) // what cannot be read begins as nothing does
	return bytes.HasPrefix(old, []byte(start))
}

// Exists reports whether a name is taken.
func Exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// Writable says why a file could not be written or replaced later, nil if it can.
func Writable(path string) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".skinny-*")
	if err == nil {
		err = errors.Join(file.Close(), os.Remove(file.Name()))
	}
	return Cause(err)
}

// Cause is an error without the name of the file, which may be one that the user
// does not know.
func Cause(err error) error {
	if p, is := errors.AsType[*fs.PathError](err); is {
		return p.Err
	}
	if l, is := errors.AsType[*os.LinkError](err); is {
		return l.Err
	}
	return err
}
