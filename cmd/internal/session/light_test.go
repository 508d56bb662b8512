//go:build !js && !wasip1

package session

import (
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"
)

// A session needs neither a terminal nor files: it runs in a browser, too.
func TestNoTerminal(t *testing.T) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	for _, entry := range entries {
		if name := entry.Name(); strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
			if err != nil {
				t.Fatal(err)
			}
			read++
			for _, i := range file.Imports {
				path := strings.Trim(i.Path.Value, `"`)
				if path == "os" || strings.HasPrefix(path, "charm.land/") || strings.HasPrefix(path, "golang.org/x/term") || strings.HasSuffix(path, "/report") {
					t.Errorf("%s imports %s", name, path)
				}
			}
		}
	}
	if read < 10 {
		t.Errorf("only %d files were read", read)
	}
}
