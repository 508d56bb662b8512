package trace

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"strconv"
	"unicode/utf8"

	"skinny/protocol"
)

var kindNames = [kinds]string{
	"", "call", "answer", "receive", "give-up",
	"propose", "commit", "backoff", "expire",
	"promise", "accept", "reply", "count", "ignore", "fail", "wait", "hold", "lose", "duplicate", "refuse",
	"crash", "restart", "pause", "resume", "cut", "mend", "isolate", "rejoin", "partition", "unite", "heal-all", "step",
}

var reasonNames = [reasons]string{
	"", "dropped", "cut-at-sending", "cut-at-arrival", "host-down", "receiver-down", "crashed-waiting",
	"phase-over", "call-over", "asker-restarted", "client-gone",
	"mutex-held", "mutex-work", "turn-taken",
	"deadline-due", "retry-due", "work-due",
	"refused", "crashed-peer",
	"already-so",
}

func (k Kind) String() string { return kindNames[k] }

func (r Reason) String() string { return reasonNames[r] }

// Hash is the SHA-256 of a run's event lines, as a trace has them; the header is not
// included. It is an Observer.
type Hash struct {
	header *Header
	hash   hash.Hash
	line   []byte // of the last event
}

// NewHash is that of no event yet.
func NewHash(h *Header) *Hash { return &Hash{header: h, hash: sha256.New()} }

// Observe adds an event.
func (d *Hash) Observe(e *Event) {
	d.line = d.header.AppendEvent(d.line[:0], e)
	d.hash.Write(d.line)
}

// Digest is the digest of the events so far, as "sha256:" and hexadecimal digits.
func (d *Hash) Digest() string {
	return "sha256:" + hex.EncodeToString(d.hash.Sum(nil))
}

// Writer writes a trace as JSON Lines: a header, then a line for every event. It is an
// Observer.
type Writer struct {
	Hash
	out       io.Writer
	spool     io.ReadWriter
	buffer    *bufio.Writer // before spool
	decisions []byte        // as the header has them
	err       error
}

// NewWriter writes a trace to out. Its header says what was decided, which is known at
// the end: until then the events are kept in spool, which is empty. If that is an
// io.Seeker, it is read from its start.
func NewWriter(out io.Writer, spool io.ReadWriter, h *Header) *Writer {
	return &Writer{Hash: *NewHash(h), out: out, spool: spool, buffer: bufio.NewWriterSize(spool, 1<<16)}
}

// Observe takes down an event.
func (w *Writer) Observe(e *Event) {
	w.Hash.Observe(e)
	if w.err == nil {
		_, w.err = w.buffer.Write(w.line)
	}
}

// Decide takes down what is decided, in the words of a schedule, with its time.
func (w *Writer) Decide(words string) {
	if len(w.decisions) > 0 {
		w.decisions = append(w.decisions, ',')
	}
	w.decisions = appendString(w.decisions, words)
}

// Close writes the trace, and returns the first error of all writing. It closes
// neither out nor spool.
func (w *Writer) Close() error {
	if w.err == nil {
		w.err = w.buffer.Flush()
	}
	if s, ok := w.spool.(io.Seeker); ok && w.err == nil {
		_, w.err = s.Seek(0, io.SeekStart)
	}
	if w.err == nil {
		_, w.err = w.out.Write(appendHeader(nil, w.header, w.decisions))
	}
	if w.err == nil {
		_, w.err = io.Copy(w.out, w.spool)
	}
	return w.err
}

// appendHeader writes a header as one line, with what was decided.
func appendHeader(b []byte, h *Header, decisions []byte) []byte {
	b = append(b, `{"format":1,"title":`...)
	b = appendString(b, h.Title)
	b = append(b, `,"edition":`...)
	b = appendString(b, h.Edition)
	b = appendRules(b, h.Rules)
	b = append(b, `,"seed":`...)
	b = strconv.AppendUint(b, h.Seed, 10)
	if h.Quorums != (protocol.Quorums{}) {
		b = append(b, `,"quorums":{"promise":`...)
		b = strconv.AppendUint(b, uint64(h.Quorums.Promise), 10)
		b = append(b, `,"commit":`...)
		b = strconv.AppendUint(b, uint64(h.Quorums.Commit), 10)
		b = append(b, '}')
	}
	b = append(b, `,"instances":[`...)
	for i, name := range h.Instances {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"name":`...)
		b = appendString(b, name)
		b = append(b, `,"increment":`...)
		b = strconv.AppendUint(b, uint64(h.Increment[i]), 10)
		b = append(b, `,"timeout_ns":`...)
		b = strconv.AppendInt(b, int64(h.Timeout[i]), 10)
		if h.Slow(int8(i)) {
			b = append(b, `,"promise_delay_ns":[`...)
			b = strconv.AppendInt(b, int64(h.PromiseDelay[i].Low), 10)
			b = append(b, ',')
			b = strconv.AppendInt(b, int64(h.PromiseDelay[i].High), 10)
			b = append(b, ']')
		}
		if h.RulesOf(int8(i)) != h.Rules {
			b = appendRules(b, h.RulesOf(int8(i)))
		}
		b = append(b, '}')
	}
	b = append(b, `],"client_latency_ns":`...)
	b = strconv.AppendInt(b, int64(h.ClientLatency), 10)
	b = append(b, `,"decisions":[`...)
	b = append(b, decisions...)
	return append(b, "]}\n"...)
}

func appendRules(b []byte, rules protocol.Rules) []byte {
	b = append(b, `,"rules":[`...)
	comma := false
	for _, r := range protocol.RuleTable() {
		if rules.Has(r.Rule) {
			b = appendComma(b, &comma)
			b = appendString(b, r.Name)
		}
	}
	return append(b, ']')
}

func appendComma(b []byte, comma *bool) []byte {
	if *comma {
		b = append(b, ',')
	}
	*comma = true
	return b
}

// AppendEvent appends an event as its line, with its end. Fields that mean nothing for
// it are left out.
func (h *Header) AppendEvent(b []byte, e *Event) []byte {
	b = append(b, `{"number":`...)
	b = strconv.AppendInt(b, int64(e.Number), 10)
	b = append(b, `,"time_ns":`...)
	b = strconv.AppendInt(b, int64(e.At), 10)
	b = h.appendText(b, "kind", e.Kind.String())
	b = h.appendText(b, "reason", e.Reason.String())
	b = h.appendPosition(b, "instance", e.Instance)
	b = h.appendPosition(b, "peer", e.Peer)
	if e.Cause != 0 {
		b = h.appendNumber(b, "cause", uint64(e.Cause))
	}
	if e.Operation.Kind != protocol.NoOperation {
		b = h.appendOperation(b, e)
	}
	if e.Message.Kind != protocol.NoMessage {
		b = h.appendMessage(b, e)
	}
	if e.Kind == Commit || e.Kind == Accept {
		b = h.appendProposal(b, "proposal", e.Proposal)
	}
	if e.Kind == Commit {
		b = h.appendProposal(b, "base", e.Base)
	}
	if e.Outcome != protocol.NoOutcome {
		b = h.appendText(b, "outcome", e.Outcome.String())
		b = append(b, `,"lock_holder":`...)
		b = appendString(b, h.HolderName(e.Holder))
	}
	if e.Try != 0 {
		b = h.appendNumber(b, "try", uint64(e.Try))
	}
	for _, f := range [...]struct {
		name string
		set  bool
	}{
		{"stored", e.Stored}, {"learned", e.Learned}, {"jumped", e.Jumped}, {"pause", e.Pause},
		{"direct", e.Direct}, {"host_up", e.HostUp}, {"won", e.Won},
	} {
		if f.set {
			b = append(b, `,"`...)
			b = append(b, f.name...)
			b = append(b, `":true`...)
		}
	}
	b = h.appendSet(b, "yea", e.Yea)
	b = h.appendSet(b, "nay", e.Nay)
	b = h.appendSet(b, "calls", e.Calls)
	b = h.appendSet(b, "asked", e.Asked)
	if e.Kind == Partition {
		b = append(b, `,"groups":[`...)
		comma := false
		for _, g := range e.Groups {
			b = appendComma(b, &comma)
			b = h.appendNames(b, g)
		}
		b = append(b, ']')
	}
	b = h.appendText(b, "text", e.Text)
	if e.Instance != None {
		b = append(b, `,"state":{"promised":`...)
		b = strconv.AppendUint(b, uint64(e.State.Promised), 10)
		b = append(b, `,"id":`...)
		b = strconv.AppendUint(b, uint64(e.State.Accepted.ID), 10)
		b = append(b, `,"holder":`...)
		b = appendString(b, h.HolderName(e.State.Accepted.Holder))
		b = append(b, '}')
	}
	return append(b, "}\n"...)
}

func (h *Header) appendOperation(b []byte, e *Event) []byte {
	b = append(b, `,"operation":{"n":`...)
	b = strconv.AppendUint(b, uint64(e.Operation.Number), 10)
	b = append(b, `,"op":`...)
	b = appendString(b, e.Operation.Kind.String())
	b = append(b, `,"holder":`...)
	b = appendString(b, h.HolderName(e.Operation.Holder))
	return append(b, '}')
}

func (h *Header) appendMessage(b []byte, e *Event) []byte {
	m := &e.Message
	b = append(b, `,"message":{"kind":`...)
	b = appendString(b, m.Kind.String())
	if m.Kind == protocol.Failure {
		b = h.appendText(b, "call", m.Call.String())
	}
	b = h.appendNumber(b, "id", uint64(m.ID))
	switch m.Kind {
	case protocol.PromiseResponse, protocol.CommitResponse:
		b = append(b, `,"yes":`...)
		b = strconv.AppendBool(b, m.Yes)
	}
	if m.Kind == protocol.PromiseResponse || m.Kind == protocol.CommitRequest {
		b = h.appendProposal(b, "proposal", m.Proposal)
	}
	if m.Told != 0 {
		b = h.appendNumber(b, "told", uint64(m.Told))
	}
	if e.Nth != 0 {
		b = h.appendNumber(b, "nth", uint64(e.Nth))
	}
	if e.Copy {
		b = append(b, `,"copy":true`...)
	}
	return append(b, '}')
}

func (h *Header) appendProposal(b []byte, name string, p protocol.Proposal) []byte {
	b = append(b, `,"`...)
	b = append(b, name...)
	b = append(b, `":{"id":`...)
	b = strconv.AppendUint(b, uint64(p.ID), 10)
	b = append(b, `,"holder":`...)
	b = appendString(b, h.HolderName(p.Holder))
	return append(b, '}')
}

// appendText writes a field, unless it is empty.
func (h *Header) appendText(b []byte, name, value string) []byte {
	if value == "" {
		return b
	}
	b = append(b, `,"`...)
	b = append(b, name...)
	b = append(b, `":`...)
	return appendString(b, value)
}

func (h *Header) appendNumber(b []byte, name string, n uint64) []byte {
	b = append(b, `,"`...)
	b = append(b, name...)
	b = append(b, `":`...)
	return strconv.AppendUint(b, n, 10)
}

func (h *Header) appendPosition(b []byte, name string, p int8) []byte {
	if p == None {
		return b
	}
	return h.appendText(b, name, h.Instances[p])
}

// appendSet writes a field, unless it is empty.
func (h *Header) appendSet(b []byte, name string, s protocol.Set) []byte {
	if s == 0 {
		return b
	}
	b = append(b, `,"`...)
	b = append(b, name...)
	b = append(b, `":`...)
	return h.appendNames(b, s)
}

func (h *Header) appendNames(b []byte, s protocol.Set) []byte {
	b = append(b, '[')
	comma := false
	for ; s != 0; s = s.Without(s.First()) {
		b = appendComma(b, &comma)
		b = appendString(b, h.Instances[s.First()])
	}
	return append(b, ']')
}

// appendString writes a JSON string (RFC 8259, section 7).
func appendString(b []byte, s string) []byte {
	const digits = "0123456789abcdef"
	b = append(b, '"')
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c < ' ':
			b = append(b, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
		case c < utf8.RuneSelf:
			b = append(b, c)
		default:
			r, size := utf8.DecodeRuneInString(s[i:])
			b = utf8.AppendRune(b, r)
			i += size
			continue
		}
		i++
	}
	return append(b, '"')
}
