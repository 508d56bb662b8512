//go:build !js && !wasip1

// The checks read the source and ask the go command for the standard library.

package sim_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The house rules: who may import whom, how long files and functions get, and (in
// purity_test.go) what a simulation must not use.

const (
	longestFile     = 400
	longestFunction = 70
)

// source is one Go file of the module.
type source struct {
	path string // from the module's root, with slashes
	file *ast.File
	set  *token.FileSet
}

func (s *source) dir() string { return path.Dir(s.path) }

func (s *source) isTest() bool { return strings.HasSuffix(s.path, "_test.go") }

func (s *source) complain(n ast.Node, format string, args ...any) string {
	return fmt.Sprintf("%s:%d: %s", s.path, s.set.Position(n.Pos()).Line, fmt.Sprintf(format, args...))
}

// parse reads files, given as path and text; a file without a text is read from
// below root.
func parse(set *token.FileSet, root string, files map[string]any) ([]*source, error) {
	var sources []*source
	for name, text := range files {
		file, err := parser.ParseFile(set, filepath.Join(root, filepath.FromSlash(name)), text, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		sources = append(sources, &source{name, file, set})
	}
	slices.SortFunc(sources, func(a, b *source) int { return strings.Compare(a.path, b.path) })
	return sources, nil
}

// module lists the Go files of the module.
func module(root string) (map[string]any, error) {
	files := map[string]any{}
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != root && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "testdata"):
			return filepath.SkipDir
		case strings.HasSuffix(name, ".go"):
			relative, err := filepath.Rel(root, name)
			files[filepath.ToSlash(relative)] = nil
			return err
		}
		return nil
	})
	return files, err
}

// complaints are all violations of the house rules. Tests are free: a test may look
// at its package from outside, and it takes the room that its tables need.
func complaints(set *token.FileSet, sources []*source) ([]string, error) {
	var list []string
	for _, s := range sources {
		if !s.isTest() {
			list = append(list, checkImports(s)...)
			list = append(list, checkLength(s)...)
			list = append(list, checkThreads(s)...)
			list = append(list, checkSentences(s)...)
		}
	}
	impure, err := checkPurity(set, sources)
	return append(list, impure...), err
}

func TestHouse(t *testing.T) {
	files, err := module("..")
	if err != nil {
		t.Fatal(err)
	}
	set := token.NewFileSet()
	sources, err := parse(set, "..", files)
	if err != nil {
		t.Fatal(err)
	}
	list, err := complaints(set, sources)
	if err != nil {
		t.Fatal(err)
	}
	for _, complaint := range list {
		t.Error(complaint)
	}
	// With a wrong root every rule would hold.
	for _, want := range []string{"protocol/instance.go", "sim/world.go", "sim/trace/event.go"} {
		if _, ok := files[want]; !ok {
			t.Errorf("%s was not read", want)
		}
	}
}

// mayImport says which packages of ours a package may import; "/..." stands for
// everything below. A folder that is not listed follows the one above it.
var mayImport = map[string][]string{
	"protocol":       {},
	"sim/trace":      {"protocol"},
	"sim/prose":      {"protocol", "sim/trace"},
	"sim/check":      {"protocol", "sim/trace", "sim/prose"},
	"sim/narrate":    {"protocol", "sim/trace", "sim/prose"},
	"sim/render":     {"protocol", "sim/trace"},
	"sim":            {"protocol", "sim/trace"},
	"sim/explore":    {"protocol", "sim", "sim/..."},
	"sim/quiz":       {"protocol", "sim", "sim/trace", "sim/prose", "sim/check"},
	"sim/shrink":     {"protocol", "sim", "sim/..."},
	"sim/swarm":      {"protocol", "sim", "sim/..."},
	"scenarios":      {"protocol", "sim", "sim/...", "scenarios/form"},
	"scenarios/form": {},

	"sim/explore/search":       {},
	"scenarios/counterexample": {"protocol", "sim", "sim/...", "scenarios"},
	"scenarios/exercise":       {"protocol", "sim", "sim/...", "scenarios", "scenarios/form"},
	"scenarios/scenariotest":   {"protocol", "sim", "sim/...", "scenarios", "scenarios/..."},

	"cmd": {"protocol", "sim", "sim/...", "scenarios", "scenarios/...", "cmd/..."},
}

func checkImports(s *source) []string {
	home := s.dir()
	for mayImport[home] == nil && home != "." {
		home = path.Dir(home)
	}
	allowed, known := mayImport[home]
	if !known {
		return []string{s.complain(s.file.Name, "no rule says what %s may import", s.dir())}
	}
	var list []string
	for _, spec := range s.file.Imports {
		name, _ := strconv.Unquote(spec.Path.Value)
		ours, isOurs := strings.CutPrefix(name, "skinny/")
		first, _, _ := strings.Cut(name, "/")
		switch {
		case name == "text/template" || name == "html/template":
			list = append(list, s.complain(spec, "imports %s, for which the linker keeps every method of the program", name))
		case name == "net/http" && s.dir() != "cmd/skinny-web":
			list = append(list, s.complain(spec, "imports %s, which takes a third of the time to build the program", name))
		case !isOurs && home == "protocol" && strings.Contains(first, "."):
			list = append(list, s.complain(spec, "protocol imports %s, which is not of the standard library", name))
		case isOurs && !slices.ContainsFunc(allowed, func(pattern string) bool {
			tree, whole := strings.CutSuffix(pattern, "...")
			return whole && strings.HasPrefix(ours, tree) || ours == pattern
		}):
			list = append(list, s.complain(spec, "%s may not import %s", s.dir(), name))
		}
	}
	return list
}

func checkLength(s *source) []string {
	var list []string
	if lines := s.set.File(s.file.FileStart).LineCount(); lines > longestFile {
		list = append(list, s.complain(s.file, "the file has %d lines, more than %d", lines, longestFile))
	}
	for _, d := range s.file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		if lines := s.set.Position(f.End()).Line - s.set.Position(f.Pos()).Line + 1; lines > longestFunction {
			list = append(list, s.complain(f, "%s has %d lines, more than %d", f.Name.Name, lines, longestFunction))
		}
	}
	return list
}

// alone are packages that are no simulation, but must not start goroutines or know
// the time all the same: sim/explore leaves that to its search.
var alone = []string{"sim/explore"}

func checkThreads(s *source) []string {
	if !slices.Contains(alone, s.dir()) {
		return nil
	}
	var list []string
	for _, spec := range s.file.Imports {
		switch name, _ := strconv.Unquote(spec.Path.Value); name {
		case "time", "sync", "sync/atomic", "os", "runtime", "context", "unsafe", "math/rand", "crypto/rand":
			list = append(list, s.complain(spec, "imports %s", name))
		}
	}
	ast.Inspect(s.file, func(n ast.Node) bool {
		if _, ok := n.(*ast.GoStmt); ok {
			list = append(list, s.complain(n, "starts a goroutine"))
		}
		return true
	})
	return list
}

// checkSentences complains where a sentence is read: compared, or handed to a function
// that looks into texts. What a sentence is about is in its spans, and beside it.
func checkSentences(s *source) []string {
	var list []string
	sentence := func(e ast.Expr) bool {
		is := false
		ast.Inspect(e, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			method, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || method.Sel.Name != "String" {
				return true
			}
			switch of := method.X.(type) {
			case *ast.SelectorExpr:
				is = is || of.Sel.Name == "Why" || of.Sel.Name == "What"
			case *ast.CallExpr:
				f, ok := of.Fun.(*ast.SelectorExpr)
				is = is || ok && f.Sel.Name == "Would"
			}
			return true
		})
		return is
	}
	ast.Inspect(s.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BinaryExpr:
			if (n.Op == token.EQL || n.Op == token.NEQ) && (sentence(n.X) || sentence(n.Y)) {
				list = append(list, s.complain(n, "compares a sentence"))
			}
		case *ast.CallExpr:
			f, ok := n.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if from, ok := f.X.(*ast.Ident); ok && (from.Name == "strings" || from.Name == "bytes" || from.Name == "regexp") && slices.ContainsFunc(n.Args, sentence) {
				list = append(list, s.complain(n, "takes a sentence apart"))
			}
		}
		return true
	})
	return list
}

// The checkers find what is planted, and nothing in what is clean.
func TestHouseFindsViolations(t *testing.T) {
	lines := func(n int) string { return strings.Repeat("\n", n) }
	cases := []struct{ path, text, want string }{
		{"protocol/x.go", "package protocol\nimport _ \"math/bits\"", ""},
		{"protocol/x.go", "package protocol\nimport _ \"skinny/sim/trace\"", "2: protocol may not import skinny/sim/trace"},
		{"protocol/x.go", "package protocol\nimport _ \"go.example/x\"", "2: protocol imports go.example/x, which is not"},
		{"protocol/x_test.go", "package protocol\nimport _ \"go.example/x\"", ""},
		{"sim/trace/x.go", "package trace\nimport _ \"skinny/protocol\"", ""},
		{"cmd/skinny/x.go", "package main\nimport _ \"text/template\"", "2: imports text/template"},
		{"cmd/internal/web/x.go", "package web\nimport _ \"net/http\"", "2: imports net/http"},
		{"cmd/skinny-web/x.go", "package main\nimport _ \"net/http\"", ""},
		{"sim/trace/x.go", "package trace\nimport _ \"skinny/sim\"", "sim/trace may not import skinny/sim"},
		{"sim/x.go", "package sim\nimport _ \"skinny/sim/check\"", "sim may not import skinny/sim/check"},
		{"sim/check/x.go", "package check\nimport _ \"skinny/sim\"", "sim/check may not import skinny/sim"},
		{"sim/check/x.go", "package check\nimport _ \"go.example/x\"", ""},
		{"sim/narrate/deep/x.go", "package deep\nimport _ \"skinny/sim\"", "sim/narrate/deep may not import skinny/sim"},
		{"sim/render/x.go", "package render\nimport _ \"skinny/sim/narrate\"", "sim/render may not import skinny/sim/narrate"},
		{"sim/explore/x.go", "package explore\nimport _ \"skinny/sim\"\nimport _ \"skinny/sim/check\"", ""},
		{"sim/explore/search/x.go", "package search\nimport _ \"sync\"\nfunc f() { go f() }", ""},
		{"sim/explore/x.go", "package explore\nimport _ \"sync\"", "2: imports sync"},
		{"sim/explore/x.go", "package explore\nfunc f() { go f() }", "2: starts a goroutine"},
		{"sim/explore/search/x.go", "package search\nimport _ \"skinny/sim\"", "sim/explore/search may not import skinny/sim"},
		{"sim/shrink/x.go", "package shrink\nimport _ \"skinny/scenarios\"", "sim/shrink may not import skinny/scenarios"},
		{"scenarios/x.go", "package scenarios\nimport _ \"skinny/sim/check\"", ""},
		{"scenarios/x.go", "package scenarios\nimport _ \"skinny/cmd/skinny\"", "scenarios may not import skinny/cmd/skinny"},
		{"cmd/skinny/x.go", "package main\nimport _ \"skinny/scenarios\"\nimport _ \"skinny/cmd/internal/step\"", ""},
		{"cmd/skinny/x.go", "package main\nfunc f() { print(l.Why.String() + v.What.String()) }", ""},
		{"cmd/skinny/x.go", "package main\nfunc f() { _ = strings.Contains(l.Why.String(), \"a majority\") }", "2: takes a sentence apart"},
		{"cmd/skinny/x.go", "package main\nfunc f() { _ = strings.TrimPrefix(\"x\" + l.Would().String(), \"x\") }", "2: takes a sentence apart"},
		{"cmd/skinny/x.go", "package main\nfunc f() bool { return v.Why.String() == \"no\" }", "2: compares a sentence"},
		{"other/x.go", "package other", "no rule says what other may import"},
		{"cmd/skinny/x.go", "package main" + lines(longestFile), ""},
		{"cmd/skinny/x.go", "package main" + lines(longestFile+1), "1: the file has 401 lines, more than 400"},
		{"cmd/skinny/x_test.go", "package main" + lines(longestFile+1), ""},
		{"cmd/skinny/x.go", "package main\nfunc f() {" + lines(longestFunction-1) + "}", ""},
		{"cmd/skinny/x.go", "package main\nfunc f() {" + lines(longestFunction) + "}", "2: f has 71 lines, more than 70"},
	}
	for _, c := range cases {
		set := token.NewFileSet()
		sources, err := parse(set, "", map[string]any{c.path: c.text})
		if err != nil {
			t.Fatal(err)
		}
		var list []string
		if s := sources[0]; !s.isTest() {
			list = append(checkImports(s), checkLength(s)...)
			list = append(list, checkThreads(s)...)
			list = append(list, checkSentences(s)...)
		}
		expectComplaint(t, c.path, c.text, list, c.want)
	}
}

func expectComplaint(t *testing.T, name, text string, list []string, want string) {
	t.Helper()
	text = text[:min(len(text), 80)]
	switch {
	case want == "" && len(list) > 0:
		t.Errorf("%s: %q is clean, yet: %v", name, text, list)
	case want != "" && (len(list) != 1 || !strings.Contains(list[0], want)):
		t.Errorf("%s: %q: %v, want one that contains %q", name, text, list, want)
	}
}
