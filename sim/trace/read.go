package trace

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"

	"skinny/protocol"
)

// Trace is a run as it was written.
type Trace struct {
	Header *Header
	Lines  [][]byte // as a Writer writes them: event number n is Lines[n-1]
}

// LineError says what is wrong in a line of a trace.
type LineError struct {
	Line int // from 1
	What string
}

func (e *LineError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.What) }

type headerLine struct {
	Format        int            `json:"format"`
	Title         string         `json:"title"`
	Edition       string         `json:"edition"`
	Rules         []string       `json:"rules"`
	Seed          uint64         `json:"seed"`
	Quorums       quorumsLine    `json:"quorums,omitzero"`
	Instances     []instanceLine `json:"instances"`
	ClientLatency Time           `json:"client_latency_ns"`
	Decisions     []string       `json:"decisions"` // nil: those of old did not have them
}

type quorumsLine struct {
	Promise uint8 `json:"promise"`
	Commit  uint8 `json:"commit"`
}

type instanceLine struct {
	Name           string      `json:"name"`
	Increment      protocol.ID `json:"increment"`
	Timeout        Time        `json:"timeout_ns"`
	PromiseTimeout Time        `json:"promise_timeout_ns,omitzero"` // 0: the same
	PromiseDelay   []Time      `json:"promise_delay_ns,omitempty"`
	Rules          []string    `json:"rules,omitzero"` // nil: those of all
	Program        string      `json:"program,omitempty"`
}

func (h *Header) appendLine(b []byte, decisions []string) []byte {
	l := headerLine{1, h.Title, h.Edition, h.Rules.Names(), h.Seed, quorumsLine(h.Quorums), nil, h.ClientLatency, append([]string{}, decisions...)}
	for i, name := range h.Instances {
		s := &h.Settings[i]
		in := instanceLine{Name: name, Increment: s.Increment, Timeout: s.Timeout, Program: s.Program}
		if s.PromiseTimeout != s.Timeout {
			in.PromiseTimeout = s.PromiseTimeout
		}
		if d := s.PromiseDelay; d.High > 0 {
			in.PromiseDelay = []Time{d.Low, d.High}
		}
		if own := h.Rules&^s.RulesOff | s.RulesOn; own != h.Rules {
			in.Rules = own.Names()
		}
		l.Instances = append(l.Instances, in)
	}
	out := bytes.NewBuffer(b)
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false) // an arrow is one
	if err := e.Encode(&l); err != nil {
		panic(err) // it is only text and numbers
	}
	return out.Bytes()
}

// Is reports whether a text begins like a trace, which may be cut off: with an object
// that has a format and a list of rules. (A scenario may be JSON, too, but not its
// rules a list.)
func Is(data []byte) bool {
	d := json.NewDecoder(bytes.NewReader(Plain(data)))
	if start, _ := d.Token(); start != json.Delim('{') {
		return false
	}
	format, rules := false, false
	for !format || !rules {
		var value json.RawMessage
		key, err := d.Token()
		if err != nil || d.Decode(&value) != nil {
			return false
		}
		format = format || key == "format"
		rules = rules || key == "rules" && value[0] == '['
	}
	return true
}

// Plain is a text in UTF-8 without a byte order mark, also if it came in UTF-16 with
// one, as some shells write it.
func Plain(data []byte) []byte {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		return data[3:]
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		order = binary.LittleEndian
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		order = binary.BigEndian
	default:
		return data
	}
	var units []uint16
	for rest := data[2:]; len(rest) >= 2; rest = rest[2:] {
		units = append(units, order.Uint16(rest))
	}
	return []byte(string(utf16.Decode(units)))
}

// Read reads a trace: its header, which must make sense, and lines that are events,
// numbered from 1; a last line that was cut off does not count. Whether they are those that the decisions of its header give, a
// [Comparison] says. The error is a *LineError.
func Read(data []byte) (*Trace, error) {
	data = Plain(data)
	lines := bytes.Split(bytes.TrimRight(data, " \r\n"), []byte("\n"))
	t := &Trace{}
	var err error
	if t.Header, err = readHeader(lines[0]); err != nil {
		return nil, &LineError{1, "it is no head of a trace: " + err.Error()}
	}
	for i, text := range lines[1:] {
		var event struct {
			Number int `json:"number"`
		}
		err := readJSON(text, &event)
		if i+2 == len(lines) && !bytes.HasSuffix(data, []byte("\n")) && !json.Valid(text) {
			break
		}
		if err != nil {
			return nil, &LineError{i + 2, "it is no event: " + err.Error()}
		}
		if event.Number != len(t.Lines)+1 {
			return nil, &LineError{i + 2, fmt.Sprintf("it has number %d, and %d comes here", event.Number, len(t.Lines)+1)}
		}
		line := &bytes.Buffer{}
		if err := json.Compact(line, text); err != nil {
			panic(err) // it was read right now
		}
		t.Lines = append(t.Lines, append(line.Bytes(), '\n'))
	}
	return t, nil
}

// readJSON decodes a line, with errors for people.
func readJSON(text []byte, into any) error {
	err := json.Unmarshal(text, into)
	var kind *json.UnmarshalTypeError
	if !errors.As(err, &kind) {
		return err
	}
	what := map[string]string{"string": "text", "slice": "a list", "struct": "an object"}[kind.Type.Kind().String()]
	return fmt.Errorf("%s has to be %s, not %s", cmp.Or(kind.Field, "it"), cmp.Or(what, "a whole number that fits"), kind.Value)
}

func readHeader(text []byte) (*Header, error) {
	var l headerLine
	if err := readJSON(text, &l); err != nil {
		return nil, err
	}
	h := &Header{Title: l.Title, Edition: l.Edition, Seed: l.Seed, Quorums: protocol.Quorums(l.Quorums), ClientLatency: l.ClientLatency, Decisions: l.Decisions}
	switch _, known := protocol.EditionByName(l.Edition); {
	case l.Format != 1:
		return nil, fmt.Errorf("its format is %d, and this program knows 1", l.Format)
	case !known:
		return nil, fmt.Errorf("unknown edition %q", l.Edition)
	case l.Decisions == nil:
		return nil, errors.New("it has no decisions, as those of older versions: run the scenario again with --trace")
	case len(l.Instances) < 2 || len(l.Instances) > protocol.MaxSize:
		return nil, fmt.Errorf("a cluster has 2 to %d instances, not %d", protocol.MaxSize, len(l.Instances))
	case int(max(l.Quorums.Promise, l.Quorums.Commit)) > len(l.Instances):
		return nil, fmt.Errorf("there are no quorums of %d and %d in a cluster of %d", l.Quorums.Promise, l.Quorums.Commit, len(l.Instances))
	case l.ClientLatency < 0:
		return nil, fmt.Errorf("client_latency_ns is %d, and no time is negative", l.ClientLatency)
	}
	var err error
	if h.Rules, err = readRules(l.Rules); err != nil {
		return nil, err
	}
	for n, i := range l.Instances {
		own, delay := h.Rules, append(i.PromiseDelay, 0, 0)
		switch {
		case strings.TrimSpace(i.Name) == "":
			return nil, fmt.Errorf("instance %d has no name", n+1)
		case slices.Contains(h.Instances, i.Name):
			return nil, fmt.Errorf("two instances are called %q", i.Name)
		case i.Increment == 0:
			return nil, fmt.Errorf("instance %q has the increment 0, and 1 is the least", i.Name)
		case i.Timeout <= 0:
			return nil, fmt.Errorf("instance %q has timeout_ns %d, and 1 is the least", i.Name, i.Timeout)
		case i.PromiseTimeout < 0:
			return nil, fmt.Errorf("instance %q has promise_timeout_ns %d, and no time is negative", i.Name, i.PromiseTimeout)
		case len(i.PromiseDelay) != 0 && len(i.PromiseDelay) != 2 || delay[0] < 0 || delay[0] > delay[1]:
			return nil, fmt.Errorf("instance %q has promise_delay_ns %d: there have to be two times, the lesser first", i.Name, i.PromiseDelay)
		}
		if i.Rules != nil {
			if own, err = readRules(i.Rules); err != nil {
				return nil, err
			}
		}
		h.Instances = append(h.Instances, i.Name)
		h.Settings = append(h.Settings, Setting{i.Increment, i.Timeout, i.PromiseTimeout, Delay{delay[0], delay[1]}, own &^ h.Rules, h.Rules &^ own, i.Program})
	}
	return h, nil
}

func readRules(names []string) (rules protocol.Rules, err error) {
	for _, name := range names {
		rule, known := protocol.RuleByName(name)
		if !known {
			return 0, fmt.Errorf("unknown rule %q", name)
		}
		rules |= rule.Rule
	}
	return rules, nil
}

// Comparison compares the events of a run with those of a trace. It is an Observer.
type Comparison struct {
	trace  *Trace
	header *Header
	line   []byte
	events int
	err    error
}

// Compare begins to compare a trace with the run that has a header.
func Compare(t *Trace, h *Header) *Comparison { return &Comparison{trace: t, header: h} }

// Observe compares an event.
func (c *Comparison) Observe(e *Event) {
	c.events++
	if c.err != nil || c.events > len(c.trace.Lines) {
		return
	}
	c.line = c.header.AppendEvent(c.line[:0], e)
	if !bytes.Equal(c.line, c.trace.Lines[c.events-1]) {
		c.err = &LineError{c.events + 1, "its decisions do not give this event, but " + string(bytes.TrimSpace(c.line))}
	}
}

// Err is nil if the run began with the events of the trace. Otherwise the trace was
// changed, or written by another version.
func (c *Comparison) Err() error {
	if c.err == nil && c.events < len(c.trace.Lines) {
		return &LineError{c.events + 2, fmt.Sprintf("the trace has %d events, and its decisions give %d", len(c.trace.Lines), c.events)}
	}
	return c.err
}
