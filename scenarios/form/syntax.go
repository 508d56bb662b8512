package form

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// maxDepth is how deeply lists and mappings may stand in one another.
const maxDepth = 20

var errTooDeep = fmt.Errorf("nested more than %d levels deep", maxDepth)

// limits keeps the YAML reader from descending for ever.
type limits struct{}

func (limits) CheckDepth(depth int, _ *yaml.DepthContext) error {
	if depth > maxDepth {
		return errTooDeep
	}
	return nil
}

func (limits) CheckAlias(int, int) error { return nil }

// parse reads a text into nodes: nil if there is nothing to read, which is reported.
func (r *Reader) parse(k *Kind, data []byte) *yaml.Node {
	if !r.PassesAt(Place{}, k.Bound(data)) {
		return nil
	}
	r.Source.lines = linesOf(data)
	if r.checkCharacters(); len(r.Found) > 0 {
		return nil
	}
	// Repeated keys are found by the tables, which report all of them.
	loader, err := yaml.NewLoader(bytes.NewReader(data), yaml.WithUniqueKeys(false), yaml.WithPlugin(limits{}))
	if err != nil {
		panic(fmt.Sprintf("form: options of the YAML reader: %v", err))
	}
	var document, second yaml.Node
	switch err := loader.Load(&document); {
	case err == io.EOF || err == nil && (len(document.Content) == 0 || document.Content[0].ShortTag() == "!!null"):
		r.Report(Place{}, k.Empty, "the file is empty: it holds no %s", k.Name)
		return nil
	case err != nil:
		r.reportSyntax(err)
		return nil
	}
	switch err := loader.Load(&second); {
	case err == nil:
		r.Report(Place{second.Line, second.Column}, "put each "+k.Name+" into a file of its own", "a second document begins here; a file holds one %s", k.Name)
	case err != io.EOF:
		r.reportSyntax(err)
	}
	root := document.Content[0]
	r.checkFeatures(root)
	return root
}

// PlaceOf is where a node begins.
func PlaceOf(n *yaml.Node) Place { return Place{n.Line, n.Column} }

// checkFeatures reports what YAML has and forms do not.
func (r *Reader) checkFeatures(n *yaml.Node) {
	at := PlaceOf(n)
	switch {
	case n.Kind == yaml.AliasNode:
		r.Report(at, "write the value out again, or put text that begins with * in quotes", "an alias (*%s) is not allowed", n.Value)
		return
	case n.Anchor != "":
		r.Report(at, "write values out where they are needed, or put text that begins with & in quotes", "an anchor (&%s) is not allowed", n.Anchor)
	case n.Style&yaml.TaggedStyle != 0 || n.Tag == "!":
		r.Report(at, "leave it out; quotes make a text of a value", "a tag (%s) is not allowed", n.Tag)
	case n.Tag == "!!merge":
		r.Report(at, "write the keys out", "a merge key (<<) is not allowed")
	}
	for _, child := range n.Content {
		r.checkFeatures(child)
	}
}

// syntax says in plain words what the YAML reader complains about. Of the entries
// whose words are in its message and context, the first one counts.
var syntax = []struct{ message, context, say, hint string }{
	{"unknown anchor", "", "an alias (*) is not allowed",
		"put text that begins with * in quotes: '*'"},
	{"alphabetic or numeric", "alias", "an alias (*) is not allowed",
		"put text that begins with * in quotes: '*'"},
	{"alphabetic or numeric", "anchor", "an anchor (&) is not allowed",
		"put text that begins with & in quotes"},
	{"", "tag", "a tag (!) is not allowed", "put text that begins with ! in quotes"},
	{"tag handle", "", "a tag (!) is not allowed", "put text that begins with ! in quotes"},
	{"directive", "", "a line that begins with % is not allowed", "put text that begins with % in quotes"},
	{"", "directive", "a line that begins with % is not allowed", "put text that begins with % in quotes"},
	{"incompatible", "", "a line that begins with % is not allowed", "put text that begins with % in quotes"},
	{errTooDeep.Error(), "", errTooDeep.Error(), "look for a bracket too many"},
	{"tab character", "", "a tab cannot indent a line", "indent with spaces"},
	{"mapping values are not allowed", "", "there is a `:` where none can be",
		"indent the lines of a mapping equally; put text that contains `: ` in quotes"},
	{"mapping keys are not allowed", "", "there is a `?` where none can be", "put text that begins with ? in quotes"},
	{"block sequence entries", "", "there is a `-` where no list can begin", "begin a list on a line of its own"},
	{"expected ','", "sequence", "a list is not closed here: expected `,` or `]`", ""},
	{"expected ','", "mapping", "a mapping is not closed here: expected `,` or `}`", ""},
	{"expected node content", "", "a value is missing here", "look for a comma or a bracket too many"},
	{"expected '-'", "", "expected `-`, the next entry of the list", "indent all entries of a list equally"},
	{"expected key", "", "expected a key", "indent all keys of a mapping equally; put text that contains quotes or brackets in quotes"},
	{"expected ':'", "", "expected `:` after a key", "write `key: value`, with a space after the colon"},
	{"unexpected end of stream", "quoted", "a text in quotes does not end", "close it with the same quote"},
	{"document indicator", "quoted", "a text in quotes does not end", "close it with the same quote"},
	{"escape", "quoted", "unknown escape sequence in double quotes", `write \\ for a backslash, or use single quotes`},
	{"hexadecimal", "quoted", "this escape sequence needs hexadecimal digits", `write \\ for a backslash, or use single quotes`},
	{"indentation indicator", "", "the indentation after `|` or `>` cannot be 0", "leave the number out"},
	{"", "block scalar", "after `|` or `>` the text begins on the next line", ""},
	{"comment without preceding", "", "a comment needs a space in front of its #", ""},
	{"document-end", "", "there is something after the end of the document", "a file holds one document"},
	{"document", "", "there is something after the end of the document", "indent all keys equally; a file holds one document"},
}

// reportSyntax reports an error of the YAML reader.
func (r *Reader) reportSyntax(err error) {
	var e *yaml.LoadError
	if !errors.As(err, &e) {
		r.Report(Place{}, "", "the file cannot be read as YAML")
		return
	}
	mark := e.Mark
	if strings.Contains(e.ContextMsg, "quoted scalar") && !strings.Contains(e.Message, "escape") || strings.Contains(e.ContextMsg, "simple key") {
		mark = e.ContextMark // what is not ended is better seen where it begins
	}
	at := Place{mark.Line, mark.Column}
	say, hint := "this is not YAML", "see https://yaml.org/spec/1.2.2 or put the text in quotes"
	for _, s := range syntax {
		if strings.Contains(e.Message, s.message) && strings.Contains(e.ContextMsg, s.context) {
			say, hint = s.say, s.hint
			break
		}
	}
	if strings.Contains(e.Message, "cannot start any token") {
		say, hint = r.badStart(at)
	}
	if begin := e.ContextMark; hint == "" && begin.Line > 0 {
		hint = fmt.Sprintf("it begins in line %d, column %d", begin.Line, begin.Column)
	}
	if r.Source.line(at.Line) == "" {
		at = r.lastCharacter(at.Line) // the end of the file shows nothing
	}
	r.Report(at, hint, "%s", say)
}

// badStart is what to say about a character that begins nothing.
func (r *Reader) badStart(at Place) (say, hint string) {
	line := []rune(r.Source.line(at.Line))
	if at.Column > len(line) {
		return "this is not YAML", ""
	}
	if c := line[at.Column-1]; c != '\t' {
		return fmt.Sprintf("a value cannot begin with %c", c), "put it in quotes"
	}
	return "a tab cannot indent a line", "indent with spaces"
}

// lastCharacter is the end of the last line up to the given one that has text.
func (r *Reader) lastCharacter(line int) Place {
	for ; ; line-- {
		if n := len([]rune(strings.TrimRight(r.Source.line(line), " \t"))); n > 0 || line <= 1 {
			return Place{line, n + 1}
		}
	}
}

// Within is the place of the character at an index of a scalar's value, if the
// value stands on its line as it is; otherwise it is the scalar's.
func (r *Reader) Within(n *yaml.Node, at int) Place {
	const longest = 4096 // counting the characters of a line takes time
	if len(r.Source.line(n.Line)) > longest {
		return PlaceOf(n)
	}
	begin := n.Column
	if !isPlain(n) {
		begin++ // behind the quote
	}
	line := []rune(r.Source.line(n.Line))
	if begin <= len(line) && strings.HasPrefix(string(line[begin-1:]), n.Value) {
		return Place{n.Line, begin + at}
	}
	return PlaceOf(n)
}

// LineOf says where the characters of a line of a scalar's value stand in the file,
// by the line's index. In a literal block a line of the value is a line of the file
// with its indentation taken away; of other scalars only the beginning is known.
func (r *Reader) LineOf(n *yaml.Node, index int, line string) func(at int) Place {
	if n.Style&yaml.LiteralStyle == 0 {
		return func(int) Place { return PlaceOf(n) }
	}
	number := n.Line + 1 + index
	indent := utf8.RuneCountInString(r.Source.line(number)) - utf8.RuneCountInString(line)
	return func(at int) Place { return Place{number, max(indent, 0) + at + 1} }
}

// Kind is a kind of text.
type Kind struct {
	Name    string // "scenario"
	MaxSize int    // in bytes
	TooLong string // what to do about a longer one
	Empty   string // what to do about an empty one
}

// Parse reads a text with one value in it; name is what it is called in messages.
// False means that there is no value to go on with, and the reader has found out
// why. Otherwise there may be diagnostics, too.
func Parse[T any](k *Kind, name string, data []byte, v Value[T]) (t T, ok bool, r *Reader) {
	r = &Reader{Source: &Source{name: name}}
	if root := r.parse(k, data); root != nil {
		t, ok = v.Read(r, root)
	}
	return t, ok, r
}

// Source is the text that diagnostics show.
type Source struct {
	name  string
	lines []string // without their ends
}

// linesOf splits a text into lines as YAML does.
func linesOf(data []byte) []string {
	text := strings.ReplaceAll(string(data), "\r\n", "\n")
	return strings.Split(strings.ReplaceAll(text, "\r", "\n"), "\n")
}

// Name is what the text is called in messages, "" if there is none.
func (s *Source) Name() string {
	if s == nil {
		return ""
	}
	return s.name
}

// line is a line by its number, "" where there is none.
func (s *Source) line(number int) string {
	if s == nil || number < 1 || number > len(s.lines) {
		return ""
	}
	return s.lines[number-1]
}

// mostMarks is how many lines and entries a text can have, each of some hundred bytes.
const mostMarks = 2 << 20

// Bound says that a text is too large to be read, or nil. What is written keeps to it, too.
func (k *Kind) Bound(data []byte) *Mistake {
	if len(data) > k.MaxSize {
		return &Mistake{What: fmt.Sprintf("the file is larger than %d MiB", k.MaxSize>>20), Hint: k.TooLong}
	}
	marks := 0
	for _, mark := range []string{",", "[", "{", "\n"} {
		marks += bytes.Count(data, []byte(mark))
	}
	if marks > mostMarks {
		return &Mistake{What: fmt.Sprintf("the file has more than %d lines and entries", mostMarks), Hint: k.TooLong}
	}
	return nil
}

// checkCharacters reports the first character that cannot stand in a file.
func (r *Reader) checkCharacters() {
	for number, line := range r.Source.lines {
		column := 0
		for i, c := range line {
			column++
			at := Place{number + 1, column}
			switch {
			case c == utf8.RuneError && !strings.HasPrefix(line[i:], string(utf8.RuneError)):
				r.Report(at, "save the file as UTF-8", "the byte 0x%02x is not part of UTF-8 text", line[i])
			case c == '\u0085' || c == '\u2028' || c == '\u2029':
				// Some readers of YAML end a line here and others do not.
				r.Report(at, "end lines with a line feed", "the line separator U+%04X is not allowed", c)
			case c == '\ufffe' || c == '\uffff' || c == '\ufeff' && at != (Place{1, 1}):
				r.Report(at, "take it out", "the character U+%04X is not allowed", c)
			case unicode.IsControl(c) && c != '\t':
				r.Report(at, "take it out; the file may not be text", "the control character U+%04X is not allowed", c)
			default:
				continue
			}
			return
		}
	}
}
