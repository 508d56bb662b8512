package lab

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"skinny/cmd/internal/report"
	"skinny/cmd/internal/shell"
)

// Language is one that there are files to begin with for.
type Language struct {
	Name     string
	instance string   // the file that is to be filled in
	harness  string   // the loop and the JSON
	command  []string // that starts it, where it lies
	build    string   // what has to be done before, for a person
}

// Languages lists them.
func Languages() []Language { return languages }

var languages = []Language{
	{"python", "instance.py", "harness.py", []string{"python3", "instance.py"}, ""},
	{"js", "instance.mjs", "harness.mjs", []string{"node", "instance.mjs"}, ""},
	{"go", "instance.go", "harness.go", []string{"./instance"}, "go build && "},
}

//go:embed files
var files embed.FS

// text is the ending of files that are not what they are for, as long as they lie in here.
const text = ".txt"

// contents are the files to begin with, by name.
func (l *Language) contents() map[string][]byte {
	list := map[string][]byte{}
	entries, err := files.ReadDir(path.Join("files", l.Name))
	for _, e := range entries {
		var data []byte
		if data, err = files.ReadFile(path.Join("files", l.Name, e.Name())); err != nil {
			break
		}
		list[strings.TrimSuffix(e.Name(), text)] = data
	}
	readme, missing := files.ReadFile("files/README.md")
	if err != nil || missing != nil {
		panic(fmt.Sprintf("lab: the files for %s: %v, %v", l.Name, err, missing))
	}
	list["README.md"] = []byte(strings.NewReplacer(
		"FILE", "`"+l.instance+"`", "HARNESS", "`"+l.harness+"`", "BUILD", l.build, "COMMAND", strings.Join(l.command, " "),
	).Replace(string(readme)))
	return list
}

// New writes the files to begin with into a directory, which it makes if there is none, and
// returns how to go on. It writes nothing if one of them is there already.
func New(dir, language string) (string, error) {
	l := languages[slices.IndexFunc(languages, func(l Language) bool { return l.Name == language })]
	list := l.contents()
	for name := range list {
		if path := filepath.Join(dir, name); report.Exists(path) {
			return "", report.Usage("skinny lab new: %s is there already, and nothing is written over it; choose another directory", path)
		}
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return "", report.Usage("skinny lab new: %s cannot be made: %v", dir, report.Cause(err))
	}
	for name, data := range list {
		if err := report.WriteNew(filepath.Join(dir, name), data); err != nil {
			return "", report.Usage("skinny lab new: %s cannot be written: %v", filepath.Join(dir, name), report.Cause(err))
		}
	}
	return fmt.Sprintf("%s is to be filled in, and README.md beside it says how.\nnext: skinny lab check %s\n",
		filepath.Join(dir, l.instance), shell.File(dir)), nil
}

// languageOf is the language of what lies in a directory. The error says that it is none,
// or more than one.
func languageOf(dir string) (*Language, error) {
	info, err := os.Stat(dir)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s cannot be opened: %w", dir, report.Cause(err))
	case !info.IsDir():
		return nil, fmt.Errorf("%s is no directory", dir)
	}
	var found *Language
	var names []string
	for i := range languages {
		l := &languages[i]
		names = append(names, l.instance)
		info, err := os.Stat(filepath.Join(dir, l.instance))
		switch {
		case err != nil || info.Mode()&fs.ModeType != 0:
		case found != nil:
			return nil, fmt.Errorf("%s has both %s and %s; --program says which is meant", dir, found.instance, l.instance)
		default:
			found = l
		}
	}
	if found == nil {
		return nil, fmt.Errorf("%s has none of %s; `skinny lab new` writes one to fill in, and --program\nsays how to start what you have", dir, strings.Join(names, ", "))
	}
	return found, nil
}
