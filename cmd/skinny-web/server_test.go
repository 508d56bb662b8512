package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"skinny/cmd/internal/web"
	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/trace"
)

// start serves the page, and returns the address.
func start(t *testing.T) (address string, s *server) {
	t.Helper()
	address, s, _ = startWith(t, usualSpans)
	return address, s
}

// startWith serves the page with other spans, until end is called or the test is over.
func startWith(t *testing.T, spans spans) (address string, s *server, end func()) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s = newServer("127.0.0.1:0", web.New())
	s.spans = spans
	ctx, cancel := context.WithCancel(context.Background())
	var ended sync.WaitGroup
	ended.Go(func() {
		if err := s.serve(ctx, l); err != nil {
			t.Error(err)
		}
	})
	end = func() { cancel(); ended.Wait() }
	t.Cleanup(end)
	return l.Addr().String(), s, end
}

// send sends a request, and returns its status and its answer.
func send(t *testing.T, method, address, path, body string, change func(*http.Request)) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest(method, "http://"+address+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/json")
	}
	if change != nil {
		change(r)
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(text)
}

const twoWinners = `{"scenario":"two-winners","at":14}`

func TestForeign(t *testing.T) {
	address, _ := start(t)
	_, port, _ := net.SplitHostPort(address)
	host := func(name string) func(*http.Request) { return func(r *http.Request) { r.Host = name } }
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	for _, test := range []struct {
		name   string
		change func(*http.Request)
		status int
	}{
		{"its address", nil, 200},
		{"localhost", host("localhost:" + port), 200},
		{"the other loopback address", host("[::1]:" + port), 200},
		{"itself as origin", header("Origin", "http://"+address), 200},
		{"a page of itself", header("Sec-Fetch-Site", "same-origin"), 200},

		{"another name", host("evil.example:" + port), 403},
		{"a name that begins alike", host("localhost.evil.example:" + port), 403},
		{"another address", host("192.0.2.1:" + port), 403},
		{"another port", host("localhost:1"), 403},
		{"no port", host("localhost"), 403},
		{"another origin", header("Origin", "http://evil.example"), 403},
		{"the same name in another origin", header("Origin", "http://localhost:"+port), 403},
		{"a secure origin", header("Origin", "https://"+address), 403},
		{"an origin that is none", header("Origin", "http://%zz"), 403},
		{"no origin at all", header("Origin", "null"), 403},
		{"another site", header("Sec-Fetch-Site", "cross-site"), 403},
		{"another page of this machine", header("Sec-Fetch-Site", "same-site"), 403},
		{"a form", header("Content-Type", "text/plain"), 415},
		{"a form with a file", header("Content-Type", "multipart/form-data"), 415},
	} {
		t.Run(test.name, func(t *testing.T) {
			if answer, text := send(t, "POST", address, "/view", twoWinners, test.change); answer.StatusCode != test.status {
				t.Errorf("%d: %.100s", answer.StatusCode, text)
			}
		})
	}
	if answer, _ := send(t, "GET", address, "/", "", host("evil.example:"+port)); answer.StatusCode != 403 {
		t.Errorf("the page itself is served under another name: %d", answer.StatusCode)
	}
}

func TestKnownNames(t *testing.T) {
	own, err := os.Hostname()
	if err != nil {
		t.Skip(err)
	}
	for _, test := range []struct {
		listen, local, host string
		known               bool
	}{
		{"127.0.0.1:80", "127.0.0.1", "127.0.0.1", true},
		{"127.0.0.1:80", "127.0.0.1", own, false},
		{"0.0.0.0:80", "192.0.2.7", "192.0.2.7", true},
		{"0.0.0.0:80", "192.0.2.7", own, true},
		{"0.0.0.0:80", "192.0.2.7", "evil.example", false},
		{"sandbox.example:80", "192.0.2.7", "sandbox.example", true},
		{":80", "192.0.2.7", "", false},
	} {
		s := newServer(test.listen, web.New())
		if got := s.known(test.host, &net.TCPAddr{IP: net.ParseIP(test.local), Port: 80}); got != test.known {
			t.Errorf("listening on %s, reached at %s: %q is known: %t", test.listen, test.local, test.host, got)
		}
	}
}

func TestPaths(t *testing.T) {
	address, _ := start(t)
	for _, path := range []string{"/", "/index.html", "/main.js", "/style.css", "/icon.svg", "/worker.js"} {
		answer, text := send(t, "GET", address, path, "", nil)
		if answer.StatusCode != 200 || text == "" {
			t.Errorf("%s: %d", path, answer.StatusCode)
		}
		policy := answer.Header.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"} {
			if !strings.Contains(policy, want) {
				t.Errorf("%s: the policy is %q", path, policy)
			}
		}
		if strings.Contains(policy, "unsafe-inline") || strings.Contains(policy, "'unsafe-eval'") {
			t.Errorf("%s: the policy is %q", path, policy)
		}
		if answer.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s may be taken for something else", path)
		}
	}
	for _, path := range []string{
		"/../go.mod", "/..%2fgo.mod", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/page/index.html", "/.git/config", "/main.js/", "/main.js%00.html",
		"/./main.js", "//main.js", "/MAIN.JS", `/..\..\go.mod`, "/view/", "/check/x", "/page.go", "/skinny.wasm",
	} {
		if answer, text := send(t, "GET", address, path, "", nil); answer.StatusCode != 404 && answer.StatusCode != 400 {
			t.Errorf("%s: %d %.60q", path, answer.StatusCode, text)
		}
	}
	for method, path := range map[string]string{"GET": "/view", "PUT": "/check", "DELETE": "/explore", "POST": "/"} {
		if answer, _ := send(t, method, address, path, "", nil); answer.StatusCode != 405 {
			t.Errorf("%s %s: %d", method, path, answer.StatusCode)
		}
	}
}

func TestHostileBodies(t *testing.T) {
	address, _ := start(t)
	deep := strings.Repeat("[", 100_000)
	for _, test := range []struct {
		name, body string
		status     int
	}{
		{"nothing", "", 200},
		{"no JSON", "\x00\xff", 200},
		{"deep", deep, 200},
		{"two values", twoWinners + twoWinners, 200},
		{"unknown keys", `{"scenario":"two-winners","command":"rm"}`, 200},
		{"as much as may be", `{"text":"` + strings.Repeat("x", web.MaxQuery-11) + `"}`, 200},
		{"too much", strings.Repeat(" ", web.MaxQuery+1), 413},
	} {
		t.Run(test.name, func(t *testing.T) {
			answer, text := send(t, "POST", address, "/view", test.body, nil)
			if answer.StatusCode != test.status {
				t.Fatalf("%d: %.100s", answer.StatusCode, text)
			}
			var v struct{ Errors []struct{ Message string } }
			if test.status == 200 && (json.Unmarshal([]byte(text), &v) != nil || len(v.Errors) == 0 || strings.Contains(text, "bug")) {
				t.Errorf("%.200s", text)
			}
		})
	}
}

// begun is a connection on which a query was announced, and is being waited for.
func begun(t *testing.T, address string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetReadDeadline(time.Now().Add(time.Minute))
	fmt.Fprintf(c, "POST /view HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n", address, len(twoWinners))
	if line, err := bufio.NewReaderSize(c, 16).ReadString('\n'); !strings.Contains(line, "100 Continue") { // it is being answered
		t.Fatal(line, err)
	}
	return c
}

// A server that ends lets what is being answered come to its end, but waits for it only so long.
func TestEndsWithWhatIsAnswered(t *testing.T) {
	if usualSpans.end < time.Second {
		t.Errorf("an answer gets %v", usualSpans.end)
	}
	for _, patient := range []bool{true, false} {
		spans := spans{view: time.Hour, body: time.Hour, end: time.Hour}
		if !patient {
			spans.end = time.Millisecond
		}
		address, _, end := startWith(t, spans)
		c := begun(t, address)
		ended := make(chan bool)
		go func() { end(); close(ended) }()
		if patient {
			for other, err := net.Dial("tcp", address); err == nil; other, err = net.Dial("tcp", address) {
				other.Close() // it still listens
				time.Sleep(time.Millisecond)
			}
			fmt.Fprint(c, twoWinners)
		}
		answer, err := http.ReadResponse(bufio.NewReader(c), nil)
		if patient && err != nil || !patient && (err == nil || errors.Is(err, os.ErrDeadlineExceeded)) {
			t.Errorf("patient: %v: %v %v", patient, answer, err)
		}
		select {
		case <-ended:
		case <-time.After(time.Minute):
			t.Fatalf("patient: %v: it goes on", patient)
		}
	}
	address, _, end := startWith(t, spans{view: time.Hour, body: time.Hour, end: time.Hour})
	answer, err := http.Post("http://"+address+"/explore", "application/json", strings.NewReader(endless))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	answer.Body.Read(make([]byte, 1)) // it has begun
	end()
	if text, err := io.ReadAll(answer.Body); err != nil || !strings.Contains(string(text), "the search was ended") {
		t.Errorf("%s %v", text, err)
	}
}

// What does not arrive in time, or has not had its turn, is refused; what has arrived may take
// longer than that.
func TestTimes(t *testing.T) {
	if usualSpans.body < 5*time.Second || usualSpans.view < 10*time.Second {
		t.Errorf("on a slow line or machine there are %v", usualSpans)
	}
	const short = 50 * time.Millisecond
	address, _, _ := startWith(t, spans{view: time.Hour, body: short, end: time.Second})
	answer, err := http.ReadResponse(bufio.NewReader(begun(t, address)), nil)
	if err != nil || answer.StatusCode != 400 {
		t.Error(answer, err)
	}
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetReadDeadline(time.Now().Add(time.Minute))
	fmt.Fprint(c, "GET / HTTP/1.1\r\n")
	if _, err := io.ReadAll(c); errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error("a header may take as long as it likes")
	}
	address, s, _ := startWith(t, spans{view: time.Hour, body: short, end: time.Second})
	for range cap(s.views) {
		s.views <- struct{}{}
	}
	time.AfterFunc(3*short, func() { <-s.views })
	if answer, text := send(t, "POST", address, "/view", twoWinners, nil); answer.StatusCode != 200 || strings.Contains(text, `"errors"`) {
		t.Errorf("a view that waits: %d %.100s", answer.StatusCode, text)
	}
	address, s, _ = startWith(t, spans{view: short, body: time.Hour, end: time.Second})
	for range cap(s.views) {
		s.views <- struct{}{}
	}
	if answer, text := send(t, "POST", address, "/view", twoWinners, nil); answer.StatusCode != 503 || text != "too much is asked at once\n" {
		t.Errorf("too many views: %d %s", answer.StatusCode, text)
	}
}

// A header that is announced as huge is not waited for.
func TestHeaders(t *testing.T) {
	address, _ := start(t)
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprintf(c, "GET / HTTP/1.1\r\nHost: %s\r\nX: %s\r\n\r\n", address, strings.Repeat("x", 1<<20))
	line, _ := bufio.NewReader(c).ReadString('\n')
	if !strings.Contains(line, "431") {
		t.Errorf("a huge header is answered with %q", line)
	}
}

func TestManyAtOnce(t *testing.T) {
	address, _ := start(t)
	_, want := send(t, "POST", address, "/view", twoWinners, nil)
	var all sync.WaitGroup
	for i := range 200 {
		all.Go(func() {
			query, wanted := twoWinners, want
			if i%4 == 0 {
				query, wanted = fmt.Sprintf(`{"scenario":"two-winners","at":14,"do":"goto %d"}`, i/4%30), ""
			}
			answer, text := send(t, "POST", address, "/view", query, nil)
			if answer.StatusCode != 200 || wanted != "" && text != wanted || strings.Contains(text, `"errors"`) {
				t.Errorf("%d: %.100s", answer.StatusCode, text)
			}
		})
	}
	all.Wait()
}

// endless is a search that would go on for a long time.
const endless = `{"query":{"scenario":"two-winners","edition":"sound"},"options":{"losses":"4","crashes":"3","retries":"3","timeouts":"4"}}`

// A search ends when whoever asked for it goes, and another one can begin.
func TestSearchEndsWithItsPage(t *testing.T) {
	address, s := start(t)
	for range 2 * mostSearches {
		ctx, cancel := context.WithCancel(t.Context())
		r, err := http.NewRequestWithContext(ctx, "POST", "http://"+address+"/explore", strings.NewReader(endless))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		answer, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(answer.Body).ReadBytes('\n')
		if err != nil || answer.StatusCode != 200 || !bytes.Contains(line, []byte(`"done"`)) {
			t.Fatalf("%d %s %v", answer.StatusCode, line, err)
		}
		cancel()
		answer.Body.Close()
		for range 1000 {
			if len(s.searches) == 0 {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		if len(s.searches) != 0 {
			t.Fatal("the search goes on")
		}
	}
}

func TestOnlyAFewSearches(t *testing.T) {
	address, s := start(t)
	for range mostSearches {
		s.searches <- struct{}{}
	}
	if answer, _ := send(t, "POST", address, "/check", endless, nil); answer.StatusCode != 503 {
		t.Errorf("one search more: %d", answer.StatusCode)
	}
}

func TestLoopbackUnlessTold(t *testing.T) {
	host, _, err := net.SplitHostPort(usual)
	if err != nil || !net.ParseIP(host).IsLoopback() {
		t.Errorf("without --listen it is %s", usual)
	}
	if free, err := net.Listen("tcp", usual); err == nil {
		free.Close()
		l, err := listen(usual)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		if got := l.Addr().String(); got != usual {
			t.Errorf("it is free, and the page is at %s", got)
		}
	}
}

func TestLink(t *testing.T) {
	if link, err := linkTo("two-winners"); err != nil || link != "#two-winners" {
		t.Errorf("%q %v", link, err)
	}
	for name, want := range map[string]string{ // a lesson and an exercise open as such
		"majority": "#learn/majority", "learn/majority": "#learn/majority", "learn/two-winners": "#learn/two-winners",
		"mend-1": "#exercises/mend-1", "exercises/mend-1": "#exercises/mend-1",
	} {
		if link, err := linkTo(name); err != nil || link != want {
			t.Errorf("%s: %q %v", name, link, err)
		}
	}
	t.Chdir(t.TempDir())
	if err := os.WriteFile("own.yaml", []byte("format: 1\ninstances: [{name: a}, {name: b}, {name: c}]\ntimeline: [{at: 0ms, acquire: alice, via: a}]\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if link, err := linkTo("own.yaml"); err != nil || !strings.HasPrefix(link, "#~") {
		t.Errorf("%q %v", link, err)
	}
	link, _ := linkTo("own.yaml")
	if query := unpacked(t, link); query.Scenario != "own.yaml" {
		t.Errorf("%+v", query)
	}
	if _, err := linkTo("nosuch"); err == nil {
		t.Error("a scenario that is not there has a link")
	}
}

// No page starts a program, so the trace of a run with one is refused with what does.
func TestTraceOfPrograms(t *testing.T) {
	sound, _ := protocol.EditionByName("sound")
	s, err := scenarios.Load("typical", scenarios.Overrides{Players: sim.Players{"": {Name: "mine", Program: sim.BuiltIn(sound.Rules)}}})
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	w := trace.NewWriter(&text, &bytes.Buffer{}, s.Header())
	if _, err := s.Run(w); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	if err := os.WriteFile("run.jsonl", text.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	if link, err := linkTo("run.jsonl"); err == nil || !strings.Contains(err.Error(), "a page starts none") || !strings.Contains(err.Error(), "skinny step run.jsonl --program 'COMMAND'") {
		t.Errorf("%q, %v", link, err)
	}
}

func TestExportLeavesOthersAlone(t *testing.T) {
	for name, text := range map[string]string{"thesis.txt": "", "index.html": "<!doctype html><title>My home page</title>"} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if err := ours(dir); err == nil || !strings.Contains(err.Error(), "has other files in it") {
			t.Errorf("%s: %v", name, err)
		}
	}
	index := static(pageFiles()["/index.html"].data)
	if !bytes.Contains(index, []byte(`http-equiv="Content-Security-Policy"`)) || bytes.Contains(index, []byte("frame-ancestors")) {
		t.Error("the exported page has no policy, or one that it may not have")
	}
}
