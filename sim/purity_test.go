//go:build !js && !wasip1

// The checks read the source and ask the go command for the standard library.

package sim_test

import (
	"go/ast"
	"go/importer"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// pure are the packages whose runs depend on nothing but their inputs, in the order
// in which they import each other. Of sim/trace only the types are needed.
var pure = []string{"protocol", "sim/trace", "sim"}

// impureImports bring a clock, other threads, the system, or an order that is not
// fixed.
var impureImports = []string{
	"time", "sync", "sync/atomic", "os", "runtime", "context", "unsafe", "maps", "math", "math/rand", "crypto/rand",
}

// checker knows the types of one package.
type checker struct {
	*source
	info *types.Info
	pkg  *types.Package
	list []string
}

// ours imports our own packages from what was checked already, and the standard
// library from its compiled form.
type ours struct {
	checked map[string]*types.Package
	types.Importer
}

func (o ours) Import(name string) (*types.Package, error) {
	if p := o.checked[name]; p != nil {
		return p, nil
	}
	return o.Importer.Import(name)
}

// checkPurity is what protocol and sim do that a simulation must not do.
func checkPurity(set *token.FileSet, sources []*source) ([]string, error) {
	var list []string
	imports := ours{map[string]*types.Package{}, importer.ForCompiler(set, "gc", nil)}
	for _, dir := range pure {
		var files []*ast.File
		var members []*source
		for _, s := range sources {
			if s.dir() == dir && !s.isTest() {
				files, members = append(files, s.file), append(members, s)
			}
		}
		info := &types.Info{
			Types: map[ast.Expr]types.TypeAndValue{},
			Defs:  map[*ast.Ident]types.Object{},
			Uses:  map[*ast.Ident]types.Object{},
		}
		config := types.Config{Importer: imports}
		pkg, err := config.Check("skinny/"+dir, set, files, info)
		if err != nil {
			return nil, err
		}
		imports.checked[pkg.Path()] = pkg
		if dir == "sim/trace" {
			continue
		}
		for _, s := range members {
			c := checker{source: s, info: info, pkg: pkg}
			c.check()
			list = append(list, c.list...)
		}
	}
	return list, nil
}

func (c *checker) say(n ast.Node, format string, args ...any) {
	c.list = append(c.list, c.complain(n, format, args...))
}

func (c *checker) check() {
	for _, spec := range c.file.Imports {
		if name, _ := strconv.Unquote(spec.Path.Value); slices.Contains(impureImports, name) {
			c.say(spec, "imports %s", name)
		}
	}
	ast.Inspect(c.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			c.say(n, "starts a goroutine")
		case *ast.SelectStmt:
			c.say(n, "selects between channels")
		case *ast.ChanType:
			c.say(n, "uses a channel")
		case *ast.RangeStmt:
			if _, isMap := c.info.TypeOf(n.X).Underlying().(*types.Map); isMap {
				c.say(n, "ranges over a map, whose order is not fixed")
			}
		case *ast.Ident:
			c.checkName(n)
		case *ast.BasicLit:
			if n.Kind == token.FLOAT || n.Kind == token.IMAG {
				c.say(n, "uses the floating point number %s", n.Value)
			}
		case *ast.AssignStmt:
			if n.Tok != token.DEFINE {
				for _, left := range n.Lhs {
					c.checkChange(left)
				}
			}
		case *ast.IncDecStmt:
			c.checkChange(n.X)
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				c.checkChange(n.X)
			}
		}
		return true
	})
}

// checkName looks at what a name stands for.
func (c *checker) checkName(n *ast.Ident) {
	if v, ok := c.info.Defs[n].(*types.Var); ok && v.Parent() == c.pkg.Scope() && v.Exported() {
		c.say(n, "%s can be changed by everybody", n.Name)
	}
	object := c.info.ObjectOf(n)
	if object == nil || n.Name == "_" {
		return
	}
	if basic, ok := object.Type().Underlying().(*types.Basic); ok && basic.Info()&(types.IsFloat|types.IsComplex) != 0 {
		if _, isFunction := object.(*types.Func); !isFunction {
			c.say(n, "%s is a floating point number or its type", n.Name)
		}
	}
	f, ok := object.(*types.Func)
	if ok && f.Pkg() != nil && f.Pkg().Path() == "math/rand/v2" && f.Signature().Recv() == nil && !strings.HasPrefix(f.Name(), "New") {
		c.say(n, "rand.%s draws from a source that everybody shares", f.Name())
	}
}

// checkChange finds changes of what belongs to the package: its variables are
// tables, which are written once.
func (c *checker) checkChange(e ast.Expr) {
	for {
		switch x := e.(type) {
		case *ast.IndexExpr:
			e = x.X
		case *ast.SelectorExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		case *ast.Ident:
			if v, ok := c.info.Uses[x].(*types.Var); ok && v.Parent() == c.pkg.Scope() {
				c.say(x, "%s belongs to the package, and is changed", x.Name)
			}
			return
		default:
			return
		}
	}
}

func TestPurityFindsViolations(t *testing.T) {
	cases := []struct{ text, want string }{
		{"var table = [...]int{1, 2}\nfunc f() int { s := table; s[0]++; return table[1] }", ""},
		{"func f(m map[int]int) int { for i := range len(m) { m[i]++ }; return m[3] }", ""},
		{"import \"math/rand/v2\"\nfunc f(p *rand.PCG) uint64 { return rand.New(p).Uint64() + p.Uint64() }", ""},
		{"import _ \"time\"", "2: imports time"},
		{"import _ \"sync\"", "imports sync"},
		{"import _ \"sync/atomic\"", "imports sync/atomic"},
		{"import _ \"math/rand\"", "imports math/rand"},
		{"import _ \"maps\"", "imports maps"},
		{"func f() { go f() }", "2: starts a goroutine"},
		{"func f() { select {} }", "selects between channels"},
		{"var c struct{ c chan int }", "uses a channel"},
		{"func f(m map[int]int) { for range m { f(m) } }", "ranges over a map"},
		{"type t struct{ m map[int]int }\nfunc (x *t) f() { for k := range x.m { _ = k } }", "3: ranges over a map"},
		{"type named map[int]int\nfunc f(m named) { for range m { f(m) } }", "3: ranges over a map"},
		{"import \"math/rand/v2\"\nfunc f() int { return rand.IntN(3) }", "3: rand.IntN draws from a source"},
		{"import r \"math/rand/v2\"\nvar f = r.Perm", "3: rand.Perm draws"},
		{"func f(x any) bool { _, is := x.(float64); return is }", "float64 is a floating point number or its type"},
		{"func f() bool { return 1 > 0.5 }", "uses the floating point number 0.5"},
		{"var Table = [...]int{1, 2}", "2: Table can be changed by everybody"},
		{"var n int\nfunc f() { n = 3 }", "3: n belongs to the package, and is changed"},
		{"var n int\nfunc f() { n++ }", "3: n belongs to the package, and is changed"},
		{"var table [3]struct{ x int }\nfunc f() { table[1].x += 2 }", "3: table belongs to the package, and is changed"},
		{"var n int\nfunc f() *int { return &n }", "3: n belongs to the package, and is changed"},
	}
	for _, dir := range []string{"protocol", "sim"} {
		for _, c := range cases {
			set := token.NewFileSet()
			files := map[string]any{dir + "/x.go": "package " + dir + "\n" + c.text}
			for _, other := range pure {
				if other != dir {
					files[other+"/y.go"] = "package " + other[strings.LastIndex(other, "/")+1:]
				}
			}
			// In tests, and in packages that are not pure, the same is nobody's concern.
			files[dir+"/x_test.go"] = files[dir+"/x.go"]
			files["sim/check/x.go"] = "package check\n" + c.text
			sources, err := parse(set, "", files)
			if err != nil {
				t.Fatal(err)
			}
			list, err := checkPurity(set, sources)
			if err != nil {
				t.Fatal(err)
			}
			expectComplaint(t, dir, c.text, list, c.want)
		}
	}
}
