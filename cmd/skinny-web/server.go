package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"skinny/cmd/internal/web"
)

// usual is where the page is if nobody says. Where that port is taken, it is another.
const usual = "127.0.0.1:7625"

const mostSearches = 2 // at once

// spans are how long a server waits.
type spans struct {
	view time.Duration // that a view may wait and take
	body time.Duration // until a request has arrived
	end  time.Duration // until what is being answered when the server ends has ended
}

var usualSpans = spans{view: 20 * time.Second, body: 10 * time.Second, end: time.Second}

// listen listens on an address. In place of the usual one it takes a free port if
// something else is there.
func listen(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil && address == usual {
		return net.Listen("tcp", "127.0.0.1:0")
	}
	return l, err
}

// server serves the page and answers its queries.
type server struct {
	spans    spans
	door     *web.Door
	files    map[string]file
	host     string        // that it listens on, as it was given; "" for all
	views    chan struct{} // one for each that is computed
	searches chan struct{} // likewise
}

type file struct {
	kind string
	data []byte
}

func newServer(address string, door *web.Door) *server {
	host, _, _ := net.SplitHostPort(address)
	return &server{
		spans: usualSpans, door: door, files: pageFiles(), host: host,
		views: make(chan struct{}, runtime.GOMAXPROCS(0)), searches: make(chan struct{}, mostSearches),
	}
}

// pageFiles is the page, by the paths at which it is served.
func pageFiles() map[string]file {
	files := map[string]file{}
	entries, err := fs.ReadDir(web.Page, "page")
	for _, entry := range entries {
		data, e := fs.ReadFile(web.Page, "page/"+entry.Name())
		err = errors.Join(err, e)
		files["/"+entry.Name()] = file{kindOf(entry.Name()), data}
	}
	if err != nil {
		panic(err) // it is part of the program
	}
	files["/"] = files["/index.html"]
	return files
}

// kindOf is the media type of a file, whatever the machine thinks of its ending.
func kindOf(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	}
	return "image/svg+xml"
}

func (s *server) name(a *net.TCPAddr) string {
	host := a.IP.String()
	if a.IP.IsUnspecified() {
		host = "localhost"
		if own, err := os.Hostname(); err == nil {
			host = own
		}
	}
	return net.JoinHostPort(host, strconv.Itoa(a.Port))
}

// serve serves until the context ends. Whatever is being answered then ends, too.
func (s *server) serve(ctx context.Context, l net.Listener) error {
	h := &http.Server{
		Handler: s, BaseContext: func(net.Listener) context.Context { return ctx },
		ReadHeaderTimeout: s.spans.body, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10,
	}
	var ended sync.WaitGroup
	ended.Go(func() {
		<-ctx.Done()
		soon, cancel := context.WithTimeout(context.Background(), s.spans.end)
		defer cancel()
		if h.Shutdown(soon) != nil {
			h.Close()
		}
	})
	err := h.Serve(l)
	if errors.Is(err, http.ErrServerClosed) {
		ended.Wait()
		return nil
	}
	return err
}

// ServeHTTP answers a request, if it comes from the page itself.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", web.Policy+"; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-cache")
	if why := s.foreign(r); why != "" {
		http.Error(w, why, http.StatusForbidden)
		return
	}
	switch r.URL.Path {
	case "/view", "/check", "/explore":
		s.ask(w, r)
	default:
		s.page(w, r)
	}
}

// foreign says why a request is not one of the page, or "". A name that somebody else
// has pointed to this machine is not its name, and another page has no business here.
func (s *server) foreign(r *http.Request) string {
	local, _ := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	if local == nil || !s.known(r.Host, local) {
		return "this page is not served under that name"
	}
	for _, origin := range r.Header.Values("Origin") {
		if u, err := url.Parse(origin); err != nil || u.Scheme != "http" || u.Host != r.Host {
			return "only the page itself may ask"
		}
	}
	if site := r.Header.Get("Sec-Fetch-Site"); r.Method == http.MethodPost && site != "" && site != "same-origin" {
		return "only the page itself may ask"
	}
	return ""
}

// known reports whether a Host header names this server: by an address, by localhost,
// or by the name that it was told to listen on.
func (s *server) known(host string, local *net.TCPAddr) bool {
	name, port, err := net.SplitHostPort(host)
	if err != nil {
		name, port = strings.Trim(host, "[]"), "80"
	}
	if port != strconv.Itoa(local.Port) || name == "" {
		return false
	}
	if address, err := netip.ParseAddr(name); err == nil {
		return !local.IP.IsLoopback() || address.IsLoopback()
	}
	if name = strings.ToLower(name); name == "localhost" || name == strings.ToLower(s.host) {
		return true
	}
	own, err := os.Hostname()
	return err == nil && !local.IP.IsLoopback() && name == strings.ToLower(own)
}

// page answers with a file of the page. There are no others.
func (s *server) page(w http.ResponseWriter, r *http.Request) {
	f, ok := s.files[r.URL.Path]
	switch {
	case !ok:
		http.Error(w, "there is nothing here", http.StatusNotFound)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "it can only be read", http.StatusMethodNotAllowed)
	default:
		w.Header().Set("Content-Type", f.kind)
		w.Header().Set("Content-Length", strconv.Itoa(len(f.data)))
		w.Write(f.data)
	}
}

// ask answers a query. Its context ends when the page goes.
func (s *server) ask(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", "POST")
		http.Error(w, "a query is posted", http.StatusMethodNotAllowed)
		return
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		http.Error(w, "a query is application/json", http.StatusUnsupportedMediaType)
		return
	}
	http.NewResponseController(w).SetReadDeadline(time.Now().Add(s.spans.body)) // until all is read
	query, err := io.ReadAll(http.MaxBytesReader(w, r.Body, web.MaxQuery))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		http.Error(w, "a query has at most 1 MiB", http.StatusRequestEntityTooLarge)
	case err != nil:
		http.Error(w, "the query did not arrive", http.StatusBadRequest)
	case r.URL.Path == "/view":
		s.view(w, r, query)
	default:
		s.search(w, r, query)
	}
}

// view answers what there is to see. A view for each core is computed at once; others
// wait for their turn.
func (s *server) view(w http.ResponseWriter, r *http.Request, query []byte) {
	ctx, cancel := context.WithTimeout(r.Context(), s.spans.view)
	defer cancel()
	select {
	case s.views <- struct{}{}:
		defer func() { <-s.views }()
	case <-ctx.Done():
		http.Error(w, "too much is asked at once", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(s.door.View(ctx, query))
}

// search looks for a violation, and says in lines how far it is and what it has found.
func (s *server) search(w http.ResponseWriter, r *http.Request, query []byte) {
	select {
	case s.searches <- struct{}{}:
		defer func() { <-s.searches }()
	default:
		http.Error(w, "two searches are running; cancel one of them", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	control := http.NewResponseController(w)
	say := func(line []byte) {
		w.Write(append(line, '\n'))
		control.Flush()
	}
	say(s.door.Search(r.Context(), strings.TrimPrefix(r.URL.Path, "/"), query, say))
}
