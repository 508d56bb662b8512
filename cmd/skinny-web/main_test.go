//go:build !js && !wasip1

package main

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"skinny/cmd/internal/report"
	"skinny/cmd/internal/web"
	"skinny/scenarios"
	"skinny/sim/trace"
)

// TestMain is the program itself where a test starts it.
func TestMain(m *testing.M) {
	if os.Getenv("SKINNY_WEB_MAIN") != "" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// Each wrong command line is refused with what is wrong, and nothing is served or written.
func TestUsage(t *testing.T) {
	t.Chdir(t.TempDir())
	os.WriteFile("big.yaml", []byte("# "+strings.Repeat("x", web.MaxText)), 0o666)
	os.WriteFile("wrong.yaml", []byte("format: 1\ninstances: [a, b, c]\neditoin: sound\n"), 0o666)
	os.WriteFile("bad.jsonl", append(slices.Clone(traced(t)), "no event\n"...), 0o666)
	os.Mkdir("dir", 0o777)
	os.WriteFile("file", nil, 0o666)
	const parts = "skinny web: --export writes the page with all bundled scenarios; a scenario, --listen and --open have no part in it"
	for args, want := range map[string]string{
		"one two":                        "skinny web: at most one scenario: a name, a file, or -",
		"--nonsense":                     "skinny web: unknown flag: --nonsense",
		"--listen":                       "skinny web: flag needs an argument: --listen",
		"--export site two-winners":      parts,
		"--export site --open":           parts,
		"--export site --listen 1:2":     parts,
		"--export file":                  "skinny web: --export file: not a directory",
		"nosuch":                         "there is no bundled scenario",
		"big.yaml":                       "skinny web: big.yaml has more than 256 KiB, which is too much for a link",
		"wrong.yaml":                     "wrong.yaml:3:1: unknown key \"editoin\"",
		"dir":                            "read dir: ",
		"bad.jsonl":                      "bad.jsonl",
		"two-winners --listen 192.0.2.1": "skinny web: listen tcp: address 192.0.2.1: missing port in address\n  --listen 127.0.0.1:0 takes any free port",
	} {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		var out strings.Builder
		err := run(ctx, strings.Fields(args), &out)
		var e *report.Exit
		if !errors.As(err, &e) || e.Code != report.ExitUsage || !strings.HasPrefix(e.Message, want) || out.Len() > 0 {
			t.Errorf("%s: %v, printed %q; want %s", args, err, &out, want)
		}
	}
	if _, err := os.Stat("site"); err == nil {
		t.Error("something was written")
	}
	for _, flag := range []string{"-h", "--help"} {
		var out strings.Builder
		if err := run(t.Context(), []string{flag}, &out); err != nil {
			t.Error(err)
		}
		for _, want := range []string{"skinny web [SCENARIO] [flags]", "--export DIR ", "--listen ADDRESS ", "(default \"127.0.0.1:7625\")", "--open "} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s does not say %q:\n%s", flag, want, &out)
			}
		}
	}
}

// The exit code and the last word of the program.
func TestExitCodes(t *testing.T) {
	for args, want := range map[string]string{"--help": "0 ", "nosuch": "2 there is no bundled scenario", "--nonsense": "2 skinny web: unknown flag"} {
		c := exec.Command(os.Args[0], args)
		c.Env = append(os.Environ(), "SKINNY_WEB_MAIN=1")
		var errs strings.Builder
		c.Stderr = &errs
		c.Run()
		code := string(rune('0' + c.ProcessState.ExitCode()))
		if got := code + " " + errs.String(); !strings.HasPrefix(got, want) || want == "0 " && got != want {
			t.Errorf("%s: %q, want %q", args, got, want)
		}
	}
}

// What is wrong while the page is exported is not a wrong command line, and is said with what it
// is about.
func TestExitOfExport(t *testing.T) {
	instead(t, map[string]string{"go": "[ \"$1\" = list ] && echo skinny && exit\necho no such flag >&2\nexit 1\n"})
	c := exec.Command(os.Args[0], "--export", filepath.Join(t.TempDir(), "site"))
	c.Env = append(os.Environ(), "SKINNY_WEB_MAIN=1")
	var errs strings.Builder
	c.Stderr = &errs
	c.Run()
	if code := c.ProcessState.ExitCode(); code != report.ExitUsage || errs.String() != "skinny web: go env: exit status 1\nno such flag\n\n" {
		t.Errorf("%d: %q", code, &errs)
	}
}

// lines is what a running program prints, line by line.
type lines chan string

func (l lines) Write(data []byte) (int, error) {
	for _, line := range strings.Split(strings.TrimSuffix(string(data), "\n"), "\n") {
		l <- line
	}
	return len(data), nil
}

// next waits for the next line.
func (l lines) next(t *testing.T) string {
	t.Helper()
	select {
	case line := <-l:
		return line
	case <-time.After(30 * time.Second):
		t.Fatal("nothing is printed")
		return ""
	}
}

// The page is where its link says, under the usual port, or another where that is taken, and
// goes with whoever started it. That others can use it is said.
func TestServes(t *testing.T) {
	if l, err := net.Listen("tcp", usual); err == nil { // or somebody has it already
		defer l.Close()
	}
	for _, c := range []struct {
		args   string
		warned bool
		link   string
	}{
		{"", false, "/#two-winners"}, {"amnesia", false, "/#amnesia"}, {"majority --listen 127.0.0.1:0", false, "/#learn/majority"}, {"--listen 0.0.0.0:0", true, "/#two-winners"},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		out, ended := make(lines, 10), make(chan error, 1)
		go func() { ended <- run(ctx, strings.Fields(c.args), out) }()
		line := out.next(t)
		if warned := line == "Whoever reaches this machine can use this page."; warned != c.warned {
			t.Errorf("%q: it begins with %s", c.args, line)
		} else if warned {
			line = out.next(t)
		}
		address := strings.TrimSpace(out.next(t))
		if last := out.next(t); line != "The sandbox is at" || !strings.HasPrefix(address, "http://") || !strings.HasSuffix(address, c.link) || last != "Ctrl-C ends it." {
			t.Errorf("%q: %s\n%s\n%s", c.args, line, address, last)
		}
		if !c.warned {
			if answer, err := http.Get(address); err != nil || answer.StatusCode != 200 || !strings.HasPrefix(address, "http://127.0.0.1:") {
				t.Errorf("%q: %v", c.args, err)
			} else {
				answer.Body.Close()
			}
		}
		http.DefaultClient.CloseIdleConnections()
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("%q: %v", c.args, err)
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0") // a port that somebody has chosen is not exchanged for another
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if err := run(t.Context(), []string{"--listen", l.Addr().String()}, io.Discard); err == nil || !strings.Contains(err.Error(), "address already in use\n  --listen 127.0.0.1:0 takes any free port") && runtime.GOOS == "linux" {
		t.Error(err)
	}
}

var sh, shErr = exec.LookPath("sh")

// instead puts programs written for sh in place of those in PATH.
func instead(t *testing.T, programs map[string]string) (dir string) {
	t.Helper()
	if shErr != nil || runtime.GOOS != "linux" {
		t.Skip("there is no sh here, or the browser is opened otherwise")
	}
	dir = t.TempDir()
	for name, text := range programs {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!"+sh+"\n"+text), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir)
	return dir
}

// With --open the browser gets the link that is printed; that there is none is said, and the
// page is served all the same.
func TestOpens(t *testing.T) {
	for _, there := range []bool{true, false} {
		programs := map[string]string{}
		if there {
			programs["xdg-open"] = "echo \"$1\" >${0%/*}/made\n: >${0%/*}/ready\n"
		}
		dir := instead(t, programs)
		ctx, cancel := context.WithCancel(t.Context())
		out, ended := make(lines, 10), make(chan error, 1)
		go func() { ended <- run(ctx, []string{"--open", "--listen", "127.0.0.1:0", "amnesia"}, out) }()
		out.next(t)
		address := strings.TrimSpace(out.next(t))
		out.next(t)
		if there {
			for range 1000 {
				if _, err := os.Stat(filepath.Join(dir, "ready")); err == nil {
					break
				}
				time.Sleep(10 * time.Millisecond)
			}
			if got, err := os.ReadFile(filepath.Join(dir, "made")); err != nil || string(got) != address+"\n" {
				t.Errorf("%s is opened, not %s: %v", got, address, err)
			}
		} else if line := out.next(t); !strings.HasPrefix(line, "No browser could be opened: ") {
			t.Errorf("it says %s", line)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

// An export is the files of the page, the runtime and what the go command builds, into a
// folder that is new, empty or an earlier export.
func TestExport(t *testing.T) {
	root := t.TempDir()
	os.MkdirAll(filepath.Join(root, "lib", "wasm"), 0o777)
	os.WriteFile(filepath.Join(root, "lib", "wasm", "wasm_exec.js"), []byte("the runtime"), 0o666)
	source, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	dir := instead(t, map[string]string{"go": `
here=${0%/*}
echo "$GOOS $GOARCH $*" >>$here/log
case "$PWD" in
` + source + `) ;;
*) echo elsewhere; exit;;
esac
case "$1" in
list) echo skinny;;
env) echo ` + root + `;;
build)
	[ -e $here/broken ] && echo "it does not build" >&2 && exit 1
	while [ "$1" != -o ]; do shift; done
	echo simulator >"$2";;
esac
`})
	site := filepath.Join(t.TempDir(), "deep", "site")
	for _, from := range []string{source, t.TempDir()} {
		t.Chdir(from)
		var out strings.Builder
		if err := run(t.Context(), []string{"--export", site}, &out); err != nil {
			t.Fatal(err)
		}
		if want := "The page is in " + site + "; any web server can serve it, as in\n  python3 -m http.server --bind 127.0.0.1 --directory " + site + "\nskinny.wasm has 0.00 MB, compressed 0.00 MB.\n"; out.String() != want {
			t.Errorf("it says %s", &out)
		}
	}
	want := map[string]string{"wasm_exec.js": "the runtime", ".nojekyll": "", "skinny.wasm": "simulator\n"}
	for path, f := range pageFiles() {
		if path != "/" {
			want[path[1:]] = string(f.data)
		}
	}
	policy := `<meta http-equiv="Content-Security-Policy" content="` + web.Policy + `">` + "\n" + wasmDoor
	want["index.html"] = strings.Replace(want["index.html"], serverDoor, policy, 1)
	entries, err := os.ReadDir(site)
	if err != nil || len(entries) != len(want) {
		t.Errorf("%d files, not %d: %v", len(entries), len(want), err)
	}
	for name, text := range want {
		if got, err := os.ReadFile(filepath.Join(site, name)); err != nil || string(got) != text {
			t.Errorf("%s: %v, %.80q", name, err, got)
		}
	}
	log, _ := os.ReadFile(filepath.Join(dir, "log"))
	for _, asked := range []string{" list -m\n", "js wasm env GOROOT\n", "js wasm build -trimpath -ldflags=-s -w ", " -o " + site + "/skinny.wasm skinny/cmd/skinny-wasm\n"} {
		if !strings.Contains(string(log), asked) {
			t.Errorf("the go command is not asked %q:\n%s", asked, log)
		}
	}
	os.Remove(filepath.Join(site, "app.js"))
	os.MkdirAll(filepath.Join(site, "app.js", "full"), 0o777) // a folder is where a file would go
	if err := export(t.Context(), site, io.Discard); err == nil || !strings.HasPrefix(err.Error(), "skinny web: --export: open "+site+"/app.js: ") {
		t.Error(err)
	}
	os.WriteFile(filepath.Join(dir, "broken"), nil, 0o666)
	if err := export(t.Context(), filepath.Join(t.TempDir(), "site"), io.Discard); err == nil || err.Error() != "go build: exit status 1\nit does not build\n" {
		t.Error(err)
	}
	os.Remove(filepath.Join(dir, "broken"))
	os.Remove(filepath.Join(root, "lib", "wasm", "wasm_exec.js"))
	if err := export(t.Context(), filepath.Join(t.TempDir(), "site"), io.Discard); !errors.Is(err, os.ErrNotExist) || !strings.HasPrefix(err.Error(), "the runtime of WebAssembly is part of Go, but not here: ") {
		t.Error(err)
	}
	if err := export(t.Context(), filepath.Join(dir, "go", "site"), io.Discard); err == nil || !strings.HasPrefix(err.Error(), "skinny web: --export "+dir) || !strings.HasSuffix(err.Error(), ": not a directory") {
		t.Error(err)
	}
	if data := traced(t); compressed(data) > len(data)/2 || compressed(data) < len(data)/20 {
		t.Errorf("%d bytes become %d", len(data), compressed(data))
	}
}

// Without the go command, or away from the source, an export says what it needs.
func TestExportNeedsSource(t *testing.T) {
	for programs, want := range map[string]string{"": "--export needs the go command", "echo other": "run it in the folder of the source", "echo skinny; exit 1": "run it in the folder of the source"} {
		if programs == "" {
			instead(t, nil)
		} else {
			instead(t, map[string]string{"go": programs + "\n"})
		}
		err := export(t.Context(), filepath.Join(t.TempDir(), "site"), io.Discard)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", programs, err)
		}
	}
}

// Folders that are not there, or have nothing in them, or an earlier export, may be written to.
func TestOurs(t *testing.T) {
	dir := t.TempDir()
	for _, path := range []string{dir, filepath.Join(dir, "none")} {
		if err := ours(path); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	os.WriteFile(filepath.Join(dir, "index.html"), static(pageFiles()["/index.html"].data), 0o666)
	os.WriteFile(filepath.Join(dir, "other.txt"), nil, 0o666)
	if err := ours(dir); err != nil {
		t.Errorf("an earlier export: %v", err)
	}
	if err := ours(filepath.Join(dir, "other.txt")); err == nil || err.Error() != "skinny web: --export "+filepath.Join(dir, "other.txt")+": not a directory" && runtime.GOOS == "linux" {
		t.Error(err)
	}
	for _, index := range []string{"", serverDoor + serverDoor} { // which is a mistake in the page
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q is made static", index)
				}
			}()
			static([]byte(index))
		}()
	}
}

// unpacked is the query of a link.
func unpacked(t *testing.T, link string) (q struct{ Scenario, Text string }) {
	t.Helper()
	packed, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(link, "#~"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := zlib.NewReader(bytes.NewReader(packed))
	if err == nil {
		err = json.NewDecoder(r).Decode(&q)
	}
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// traced is the trace of two-winners.
func traced(t *testing.T) []byte {
	t.Helper()
	s, err := scenarios.Load("two-winners", scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	w := trace.NewWriter(&log, &bytes.Buffer{}, s.Header())
	if _, err := s.Run(w); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	return log.Bytes()
}

// A link has all that is needed to show a file, standard input or a trace, and the page shows
// the run that they are.
func TestLinksOfFiles(t *testing.T) {
	s, err := scenarios.Load("two-winners", scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	o, err := s.Run()
	if err != nil {
		t.Fatal(err)
	}
	text := []byte("format: 1\ninstances: [a, b, c]\ntimeline: [{at: 0ms, acquire: alice, via: a}]\n")
	text = append(text, "# "+strings.Repeat("x", web.MaxText-len(text)-2)...) // as long as may be
	t.Chdir(t.TempDir())
	os.Mkdir("dir", 0o777)
	os.WriteFile("dir/own.yaml", text, 0o666)
	os.WriteFile("run.jsonl", traced(t), 0o666)
	stdin := os.Stdin
	defer func() { os.Stdin = stdin }()
	if os.Stdin, err = os.Open("dir/own.yaml"); err != nil {
		t.Fatal(err)
	}
	defer os.Stdin.Close()
	for _, name := range []string{"dir/own.yaml", "-", "run.jsonl"} {
		link, err := linkTo(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		q := unpacked(t, link)
		if want := map[string]string{"dir/own.yaml": "own.yaml", "run.jsonl": "run.jsonl"}[name]; q.Scenario != want || name != "run.jsonl" && q.Text != string(text) {
			t.Errorf("%s: the link is of %q, %.80q", name, q.Scenario, q.Text)
		}
		query, _ := json.Marshal(map[string]string{"scenario": q.Scenario, "text": q.Text})
		var v struct {
			Digest string
			Errors []struct{ Message string }
		}
		if err := json.Unmarshal(web.New().View(t.Context(), query), &v); err != nil || len(v.Errors) > 0 || name == "run.jsonl" && v.Digest != o.Digest {
			t.Errorf("%s: %v, %v; the digest is %s, not %s", name, err, v.Errors, v.Digest, o.Digest)
		}
	}
	if _, err := linkTo("-"); err == nil { // it is read to its end
		t.Error("nothing is a scenario")
	}
}

// Every answer of the server says how it may be used, and what it is.
func TestEveryHeader(t *testing.T) {
	address, _ := start(t)
	for _, c := range []struct{ method, path, kind string }{
		{"GET", "/", "text/html; charset=utf-8"}, {"GET", "/style.css", "text/css; charset=utf-8"}, {"GET", "/main.js", "text/javascript; charset=utf-8"}, {"GET", "/icon.svg", "image/svg+xml"},
		{"GET", "/none", "text/plain; charset=utf-8"}, {"POST", "/view", "application/json"}, {"POST", "/check", "application/x-ndjson"}, {"POST", "/", "text/plain; charset=utf-8"},
	} {
		answer, text := send(t, c.method, address, c.path, `{"query":{"scenario":"none"}}`, nil)
		for name, want := range map[string]string{
			"Content-Type": c.kind, "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-cache", "Content-Security-Policy": web.Policy + "; frame-ancestors 'none'",
		} {
			if got := answer.Header.Get(name); got != want {
				t.Errorf("%s %s: %s is %q, want %q", c.method, c.path, name, got, want)
			}
		}
		if f, is := pageFiles()[c.path]; is && c.method == "GET" && (text != string(f.data) || answer.ContentLength != int64(len(f.data))) {
			t.Errorf("%s has %d bytes, of %d", c.path, len(text), answer.ContentLength)
		}
	}
	if answer, text := send(t, "HEAD", address, "/main.js", "", nil); answer.StatusCode != 200 || text != "" || answer.ContentLength <= 0 {
		t.Errorf("HEAD: %d, %d bytes of %d", answer.StatusCode, len(text), answer.ContentLength)
	}
	for _, c := range []struct{ method, path, allow, says string }{
		{"POST", "/", "GET, HEAD", "it can only be read\n"}, {"GET", "/view", "POST", "a query is posted\n"}, {"GET", "/none", "", "there is nothing here\n"},
	} {
		if answer, text := send(t, c.method, address, c.path, "", nil); answer.Header.Get("Allow") != c.allow || text != c.says {
			t.Errorf("%s %s: %q %q", c.method, c.path, answer.Header.Get("Allow"), text)
		}
	}
	kinds := map[string]int{"": 415, "text/plain": 415, "application/json": 200, "application/json; charset=utf-8": 200, "application/json; charset": 415, "application/jsonp": 415}
	for kind, status := range kinds {
		if answer, _ := send(t, "POST", address, "/view", twoWinners, func(r *http.Request) { r.Header.Set("Content-Type", kind) }); answer.StatusCode != status {
			t.Errorf("%q: %d", kind, answer.StatusCode)
		}
	}
}

// A search says on lines how far it is, and on the last one what it has found; each path is a
// search of its own.
func TestSearches(t *testing.T) {
	address, s := start(t)
	for path, want := range map[string]string{"/check": "random run", "/explore": "every order was tried"} {
		answer, text := send(t, "POST", address, path, `{"query":{"scenario":"two-winners","edition":"sound"},"options":{"seeds":"1","depth":"1000","timeouts":"0","retries":"0","losses":"0"}}`, nil)
		list := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
		if answer.StatusCode != 200 || slices.ContainsFunc(list, func(line string) bool { return !json.Valid([]byte(line)) }) || !strings.Contains(list[len(list)-1], want) {
			t.Errorf("%s: %d %.300s", path, answer.StatusCode, text)
		}
	}
	for range mostSearches {
		s.searches <- struct{}{}
	}
	if _, text := send(t, "POST", address, "/explore", endless, nil); text != "two searches are running; cancel one of them\n" {
		t.Error(text)
	}
}

// A view that nobody waits for any more gives way to others.
func TestViewsWait(t *testing.T) {
	address, s := start(t)
	for range cap(s.views) {
		s.views <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		r, _ := http.NewRequestWithContext(ctx, "POST", "http://"+address+"/view", strings.NewReader(twoWinners))
		r.Header.Set("Content-Type", "application/json")
		_, err := http.DefaultTransport.RoundTrip(r)
		ended <- err
	}()
	select {
	case err := <-ended:
		t.Errorf("it does not wait for its turn: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	cancel()
	<-ended
	<-s.views
	if answer, text := send(t, "POST", address, "/view", twoWinners, nil); answer.StatusCode != 200 || len(s.views) != cap(s.views)-1 {
		t.Errorf("%d %.100s, %d views", answer.StatusCode, text, len(s.views))
	}
}

// The server's name in a link is its address, or this machine's where it has all addresses.
func TestNames(t *testing.T) {
	own, err := os.Hostname()
	if err != nil {
		own = "localhost"
	}
	for ip, want := range map[string]string{"127.0.0.1": "127.0.0.1:80", "::1": "[::1]:80", "192.0.2.7": "192.0.2.7:80", "0.0.0.0": own + ":80", "::": own + ":80"} {
		if got := newServer("", web.New()).name(&net.TCPAddr{IP: net.ParseIP(ip), Port: 80}); got != want {
			t.Errorf("%s: %s, want %s", ip, got, want)
		}
	}
	for host, want := range map[string]bool{"LOCALHOST": true, "Sandbox.Example:80": true, "[::1]": true, "[::1]:81": false, ":80": false, "192.0.2.1": false, "localhost.": false} {
		if got := newServer("sandbox.example:80", web.New()).known(host, &net.TCPAddr{IP: net.IPv6loopback, Port: 80}); got != want {
			t.Errorf("%s is known: %v", host, got)
		}
	}
}
