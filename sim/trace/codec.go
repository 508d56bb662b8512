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
	"crash", "restart", "pause", "resume", "cut", "mend", "isolate", "rejoin", "partition", "unite", "heal-all", "wipe", "tear", "step",
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
func (d *Hash) Digest() string { return "sha256:" + hex.EncodeToString(d.hash.Sum(nil)) }

// Writer writes a trace as JSON Lines: a header, then a line for every event. It is an
// Observer.
type Writer struct {
	Hash
	out       io.Writer
	spool     io.ReadWriter
	buffer    *bufio.Writer // before spool
	decisions []string
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
	w.buffer.Write(w.line) // Flush says what went wrong
}

// Decide takes down what is decided, in the words of a schedule, with its time.
func (w *Writer) Decide(words string) { w.decisions = append(w.decisions, words) }

// Close writes the trace, and returns the first error of all writing. It closes
// neither out nor spool.
func (w *Writer) Close() error {
	err := w.buffer.Flush()
	if s, ok := w.spool.(io.Seeker); ok && err == nil {
		_, err = s.Seek(0, io.SeekStart)
	}
	if err == nil {
		_, err = w.out.Write(w.header.appendLine(nil, w.decisions))
	}
	if err == nil {
		_, err = io.Copy(w.out, w.spool)
	}
	return err
}

// line is a line of JSON that is being written. (encoding/json would take several times
// as long.) The keys that its methods take have all of their punctuation.
type line struct {
	text   []byte
	header *Header
}

// AppendEvent appends an event as its line, with its end. Fields that mean nothing for
// it are left out.
func (h *Header) AppendEvent(b []byte, e *Event) []byte {
	l := line{b, h}
	l.number(`{"number":`, uint64(e.Number))
	l.number(`,"time_ns":`, uint64(e.At))
	l.unlessEmpty(`,"kind":`, e.Kind.String())
	l.unlessEmpty(`,"reason":`, e.Reason.String())
	l.position(`,"instance":`, e.Instance)
	l.position(`,"peer":`, e.Peer)
	l.unlessZero(`,"cause":`, uint64(e.Cause))
	if o := &e.Operation; o.Kind != protocol.NoOperation {
		l.number(`,"operation":{"n":`, uint64(o.Number))
		l.unlessEmpty(`,"op":`, o.Kind.String())
		l.holder(`,"holder":`, o.Holder)
		l.text = append(l.text, '}')
	}
	if e.Message.Kind != protocol.NoMessage {
		l.message(e)
	}
	if e.Kind == Commit || e.Kind == Accept {
		l.proposal(`,"proposal":{"id":`, e.Proposal)
	}
	if e.Kind == Commit {
		l.proposal(`,"base":{"id":`, e.Base)
	}
	if e.Outcome != protocol.NoOutcome {
		l.unlessEmpty(`,"outcome":`, e.Outcome.String())
		l.holder(`,"lock_holder":`, e.Holder)
	}
	l.unlessZero(`,"try":`, uint64(e.Try))
	l.flag(`,"stored":true`, e.Stored)
	l.flag(`,"learned":true`, e.Learned)
	l.flag(`,"jumped":true`, e.Jumped)
	l.flag(`,"pause":true`, e.Pause)
	l.flag(`,"direct":true`, e.Direct)
	l.flag(`,"host_up":true`, e.HostUp)
	l.flag(`,"won":true`, e.Won)
	l.unlessNobody(`,"yea":`, e.Yea)
	l.unlessNobody(`,"nay":`, e.Nay)
	l.unlessNobody(`,"calls":`, e.Calls)
	l.unlessNobody(`,"asked":`, e.Asked)
	if e.Kind == Partition {
		key := `,"groups":[`
		for _, g := range e.Groups {
			l.names(key, g)
			key = ","
		}
		l.flag(key, len(e.Groups) == 0)
		l.text = append(l.text, ']')
	}
	l.unlessEmpty(`,"text":`, e.Text)
	l.flag(`,"note":true`, e.Note)
	if e.Instance != None {
		l.number(`,"state":{"promised":`, uint64(e.State.Promised))
		l.proposal(`,"id":`, e.State.Accepted)
	}
	return append(l.text, "}\n"...)
}

func (l *line) message(e *Event) {
	m := &e.Message
	l.unlessEmpty(`,"message":{"kind":`, m.Kind.String())
	if m.Kind == protocol.Failure {
		l.unlessEmpty(`,"call":`, m.Call.String())
	}
	l.number(`,"id":`, uint64(m.ID))
	if m.Kind == protocol.PromiseResponse || m.Kind == protocol.CommitResponse {
		l.text = strconv.AppendBool(append(l.text, `,"yes":`...), m.Yes)
	}
	if m.Kind == protocol.PromiseResponse || m.Kind == protocol.CommitRequest {
		l.proposal(`,"proposal":{"id":`, m.Proposal)
	}
	l.unlessZero(`,"told":`, uint64(m.Told))
	l.unlessZero(`,"nth":`, uint64(e.Nth))
	l.flag(`,"copy":true`, e.Copy)
	l.text = append(l.text, '}')
}

func (l *line) number(key string, n uint64) {
	l.text = strconv.AppendUint(append(l.text, key...), n, 10)
}

func (l *line) unlessZero(key string, n uint64) {
	if n != 0 {
		l.number(key, n)
	}
}

func (l *line) flag(text string, is bool) {
	if is {
		l.text = append(l.text, text...)
	}
}

func (l *line) unlessEmpty(key, value string) {
	if value != "" {
		l.text = appendString(append(l.text, key...), value)
	}
}

func (l *line) holder(key string, h protocol.Holder) {
	l.text = appendString(append(l.text, key...), l.header.HolderName(h))
}

func (l *line) position(key string, p int8) {
	if p != None {
		l.unlessEmpty(key, l.header.Instances[p])
	}
}

// proposal writes a proposal, and ends its object.
func (l *line) proposal(key string, p protocol.Proposal) {
	l.number(key, uint64(p.ID))
	l.holder(`,"holder":`, p.Holder)
	l.text = append(l.text, '}')
}

func (l *line) unlessNobody(key string, s protocol.Set) {
	if s != 0 {
		l.names(key, s)
	}
}

func (l *line) names(key string, s protocol.Set) {
	l.text = append(append(l.text, key...), '[')
	for ; s != 0; s = s.Without(s.First()) {
		l.text = append(appendString(l.text, l.header.Instances[s.First()]), ',')
	}
	if last := len(l.text) - 1; l.text[last] == ',' {
		l.text = l.text[:last]
	}
	l.text = append(l.text, ']')
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
