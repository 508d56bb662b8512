package step

import (
	"errors"
	"io/fs"
	"os"

	"skinny/cmd/internal/session"
	"skinny/cmd/internal/shell"
)

// save writes the current branch to a file and says so. A file that exists is only
// overwritten if that is said.
func save(s *session.Session, path string, overwrite bool) (said string, exists bool) {
	flags := os.O_WRONLY | os.O_CREATE | os.O_EXCL
	if overwrite {
		flags = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	}
	file, err := os.OpenFile(path, flags, 0o666)
	if err == nil {
		_, err = file.Write(s.Branch().File().Encode())
		err = errors.Join(err, file.Close())
	}
	var failed *fs.PathError
	switch {
	case errors.Is(err, fs.ErrExist):
		return "", true
	case errors.As(err, &failed):
		err = failed.Err // the path is known
	}
	if err != nil {
		return path + " cannot be written: " + err.Error(), false
	}
	return "saved; the same run again: skinny run " + shell.File(path), false
}
