package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"skinny/cmd/internal/report"
	"skinny/cmd/internal/web"
)

// The element of the page that says which door it has, and what stands in its place
// where there is no server.
const (
	serverDoor = `<meta name="door" content="server">`
	wasmDoor   = `<meta name="door" content="wasm">`
)

// small are the flags that keep the simulator small: nothing is inlined but where events
// are made and states are searched, which takes a tenth off what a browser has to fetch.
var small = []string{
	"-trimpath", "-ldflags=-s -w", "-gcflags=all=-l", "-gcflags=skinny/protocol=", "-gcflags=skinny/sim=", "-gcflags=skinny/sim/trace=", "-gcflags=skinny/sim/explore/...=",
}

// export writes the page as a static site: with the simulator as WebAssembly, which the
// go command builds.
func export(ctx context.Context, dir string, out io.Writer) error {
	if err := ours(dir); err != nil {
		return err
	}
	source, err := module(ctx)
	if err != nil {
		return err
	}
	root, err := goCommand(ctx, source, "env", "GOROOT")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return report.Usage("skinny web: --export %s: %v", dir, report.Cause(err))
	}
	binary, err := filepath.Abs(filepath.Join(dir, "skinny.wasm"))
	if err != nil {
		return err
	}
	if _, err := goCommand(ctx, source, append(append([]string{"build"}, small...), "-o", binary, "skinny/cmd/skinny-wasm")...); err != nil {
		return err
	}
	runtime, err := os.ReadFile(filepath.Join(root, "lib", "wasm", "wasm_exec.js"))
	if err != nil {
		return fmt.Errorf("the runtime of WebAssembly is part of Go, but not here: %w", err)
	}
	files := map[string][]byte{"wasm_exec.js": runtime, ".nojekyll": nil}
	for path, f := range pageFiles() {
		if path != "/" {
			files[strings.TrimPrefix(path, "/")] = f.data
		}
	}
	files["index.html"] = static(files["index.html"])
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
			return report.Usage("skinny web: --export: %v", err)
		}
	}
	wasm, err := os.ReadFile(binary)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "The page is in %s; any web server can serve it, as in\n  python3 -m http.server --bind 127.0.0.1 --directory %s\n"+
		"skinny.wasm has %.2f MB, compressed %.2f MB.\n", dir, dir, float64(len(wasm))/1e6, float64(compressed(wasm))/1e6)
	return nil
}

// static is the page's index for a site without a server.
func static(index []byte) []byte {
	if bytes.Count(index, []byte(serverDoor)) != 1 {
		panic("skinny web: the page does not say which door it has")
	}
	policy := `<meta http-equiv="Content-Security-Policy" content="` + web.Policy + `">`
	return bytes.Replace(index, []byte(serverDoor), []byte(policy+"\n"+wasmDoor), 1)
}

// ours refuses a folder with something in it that an export has not written.
func ours(dir string) error {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, os.ErrNotExist) || err == nil && len(entries) == 0:
		return nil
	case err != nil:
		return report.Usage("skinny web: --export %s: %v", dir, report.Cause(err))
	}
	index, _ := os.ReadFile(filepath.Join(dir, "index.html")) // or nothing
	if !bytes.Contains(index, []byte(wasmDoor)) {
		return report.Usage("skinny web: %s has other files in it; --export takes a folder that is new, empty, or an earlier export", dir)
	}
	return nil
}

// module is the folder of this program's source, in which the go command can build.
func module(ctx context.Context) (string, error) {
	_, here, _, _ := runtime.Caller(0)
	for _, dir := range []string{".", filepath.Dir(here)} {
		c := exec.CommandContext(ctx, "go", "list", "-m")
		c.Dir = dir
		if name, err := c.Output(); err == nil && strings.TrimSpace(string(name)) == "skinny" {
			return dir, nil
		} else if errors.Is(err, exec.ErrNotFound) {
			return "", report.Usage("skinny web: --export needs the go command, which builds the part of the page that is WebAssembly (https://go.dev/dl)")
		}
	}
	return "", report.Usage("skinny web: --export builds a part of the page from the source; run it in the folder of the source")
}

// goCommand runs the go command for js/wasm, and returns what it says.
func goCommand(ctx context.Context, dir string, args ...string) (string, error) {
	c := exec.CommandContext(ctx, "go", args...)
	c.Dir = dir
	c.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	var errs bytes.Buffer
	c.Stderr = &errs
	said, err := c.Output()
	if err != nil {
		return "", fmt.Errorf("go %s: %w\n%s", args[0], err, errs.Bytes())
	}
	return strings.TrimSpace(string(said)), nil
}

// compressed is the size of data as servers send it.
func compressed(data []byte) int {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level exists
	w.Write(data)
	w.Close()
	return b.Len()
}
