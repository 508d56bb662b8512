// Package web is the sandbox's page, and the door through which it sees a run: a query
// is the whole state, and a [Door] answers what there is to see. The same Go code answers
// a server's page and, as WebAssembly, one without a server. It knows neither files nor
// networks.
package web

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"skinny/scenarios"
)

// viewTime is how long a view may take, once its scenario has been run, which is bounded
// by its events. Tests, which must not depend on how fast a machine is, take longer.
var viewTime = 3 * time.Second

var errSlow = errors.New("this takes too long to show\na shorter run (until, events), fewer branches or fewer decisions take less")

// Door answers queries. It remembers runs that it has shown, so that the next moment of
// one is there at once, and forgets them when they are too many. Many may ask at once.
type Door struct {
	mutex sync.Mutex
	runs  []*run // the one that was asked for last is the last
}

// New is a door that remembers nothing.
func New() *Door { return &Door{} }

// View answers a query with what there is to see: JSON for JSON. Whatever is wrong with
// it is an answer, too.
func (d *Door) View(ctx context.Context, data []byte) (answer []byte) {
	defer func() {
		if r := recover(); r != nil {
			answer = encode(&view{Errors: scenarios.Diagnostics{{Message: fmt.Sprintf("this is a bug of the sandbox: %v", r)}}})
		}
	}()
	q := &query{}
	if err := decode(data, q); err != nil {
		return encode(&view{Errors: faults(err)})
	}
	if q.Ask != "" {
		found, err := ask(q)
		if err != nil {
			found = map[string]any{"errors": faults(err)}
		}
		return encode(found)
	}
	v := &view{Query: q}
	if err := d.show(ctx, v); err != nil {
		q.Do = ""
		v = &view{Query: q, Errors: faults(err)}
	}
	return encode(v)
}

func encode(value any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // it is read as data
	if err := e.Encode(value); err != nil {
		panic(err) // it is of plain types
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// show carries out what is asked, and looks at what comes of it.
func (d *Door) show(ctx context.Context, v *view) error {
	q := v.Query
	if err := q.check(); err != nil {
		return err
	}
	r := d.run(q)
	r.mutex.Lock()
	defer r.mutex.Unlock()
	defer d.shrink(r)
	if r.tree == nil {
		if err := r.begin(); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, viewTime)
	defer cancel()
	p, err := r.place(ctx, q)
	if err != nil {
		return err
	}
	if q.Do != "" {
		if err := p.do(v, strings.TrimSpace(q.Do)); err != nil {
			return err
		}
		q.Do = ""
	}
	if ctx.Err() != nil && v.Which == nil { // rules that were tried in time are worth showing
		return errSlow
	}
	p.fill(v)
	r.grown = q.Branches
	return nil
}

// library is the bundled scenarios, by what they have in common.
type library struct {
	Groups []shelf `json:"groups"`
}

type shelf struct {
	Title     string `json:"title"`
	Taught    bool   `json:"taught,omitempty"` // lessons or exercises
	Scenarios []book `json:"scenarios"`
}

type book struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	About string `json:"about,omitempty"`
}

// ask answers what is not about a moment of a run.
func ask(q *query) (any, error) {
	switch q.Ask {
	case "library":
		return books(), nil
	case "complete":
		if err := q.check(); err != nil || q.Text == nil {
			return nil, errors.Join(err, errors.New("there is no text to complete"))
		}
		return complete(*q.Text), nil
	case "text":
		entry, err := scenarios.Find(q.Scenario)
		return map[string]string{"text": string(entry.Data)}, err
	case "lint":
		if err := q.check(); err != nil {
			return nil, err
		}
		_, err := q.file()
		return map[string]any{"errors": scenarios.Diagnostics{}}, err
	}
	return nil, fmt.Errorf("nothing is known of %q", q.Ask)
}

// books reads the library once.
var books = sync.OnceValue(func() *library {
	l := &library{}
	for _, g := range scenarios.Groups() {
		s := shelf{Title: g.Name, Taught: g.Taught}
		for _, e := range g.Entries {
			b := book{Name: e.Name, Title: e.Title()}
			if s.Taught {
				b.Name = e.Taught()
			}
			if file, err := e.Decode(); err == nil {
				b.About, _, _ = strings.Cut(strings.TrimSpace(file.About.Value), "\n\n")
			}
			s.Scenarios = append(s.Scenarios, b)
		}
		l.Groups = append(l.Groups, s)
	}
	return l
})

// Page is the files of the page, below the folder page.
//
//go:embed page
var Page embed.FS

// Policy is the content security policy of the page, without frame-ancestors, which
// only a server can demand.
const Policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; " +
	"connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'"
