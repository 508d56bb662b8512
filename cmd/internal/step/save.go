package step

import (
	"errors"
	"io"
	"io/fs"

	"skinny/cmd/internal/report"
	"skinny/cmd/internal/session"
	"skinny/cmd/internal/shell"
)

// save writes the current branch to a file and says so. A file that exists is only
// replaced if that is said.
func save(s *session.Session, path string, over bool) (said string, exists bool) {
	data, err := s.File().Save()
	if err != nil {
		return "it is not saved: " + err.Error(), false
	}
	if over {
		err = report.Replace(path, func(out io.Writer) error {
			_, err := out.Write(data)
			return err
		})
	} else if err = report.WriteNew(path, data); errors.Is(err, fs.ErrExist) {
		return "", true
	}
	if err != nil {
		return path + " cannot be written: " + report.Cause(err).Error(), false
	}
	if said := s.Graded(shell.File(path)); said != "" {
		return said, false
	}
	return "saved; the same run again: " + s.Replay(shell.File(path)), false
}
