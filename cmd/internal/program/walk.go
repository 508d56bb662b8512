package program

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"unicode/utf8"

	"skinny/protocol"
)

// compact checks that a line is one JSON value, and appends it to a buffer without what
// stands between its tokens. Everything else stays as it was written.
func compact(into, line []byte) ([]byte, error) {
	if !utf8.Valid(line) {
		return nil, errors.New("its answer is no JSON: it is not in UTF-8")
	}
	b := bytes.NewBuffer(into)
	if err := json.Compact(b, line); err != nil {
		return nil, fmt.Errorf("its answer is no JSON: %w", err)
	}
	return b.Bytes(), nil
}

// cut cuts the first value off JSON that is valid and compact.
func cut(text []byte) (value, rest []byte) {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			for i++; text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case ',', ':':
		default:
			for i+1 < len(text) && bytes.IndexByte([]byte(`,:]}`), text[i+1]) < 0 {
				i++
			}
		}
		if depth == 0 {
			return text[:i+1], text[i+1:]
		}
	}
	panic("program: JSON that is valid has an end")
}

// inside is the values in an object, with their names, or in a list. The JSON is valid and
// compact.
func inside(value []byte) iter.Seq2[string, []byte] {
	return func(yield func(name string, value []byte) bool) {
		named := value[0] == '{'
		for rest := value[1:]; len(rest) > 1; {
			if rest[0] == ',' {
				rest = rest[1:]
			}
			var inner []byte
			name := ""
			if named {
				inner, rest = cut(rest)
				name = must(text(inner))
				rest = rest[1:]
			}
			if inner, rest = cut(rest); !yield(name, inner) {
				return
			}
		}
	}
}

func text(value []byte) (string, error) {
	if value[0] == '"' && bytes.IndexByte(value, '\\') < 0 {
		return string(value[1 : len(value)-1]), nil
	}
	return read[string](value, "a text")
}

func must[V any](value V, err error) V {
	if err != nil {
		panic(fmt.Sprintf("program: JSON that is valid cannot be read or written: %v", err))
	}
	return value
}

func quote(b []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			return append(b, must(json.Marshal(text))...)
		}
	}
	b = append(b, '"')
	b = append(b, text...)
	return append(b, '"')
}

// kindOf is what a value is, for errors.
func kindOf(value []byte) string {
	switch value[0] {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		return "a text"
	case 'n':
		return "null"
	}
	return string(excerpt(value, 40))
}

func excerpt(text []byte, most int) []byte {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return append(text[:most:most], "…"...)
}

// mostNumber is the highest number that every language reads exactly.
const mostNumber = 1<<53 - 1

var wholeNumber = fmt.Sprintf("a whole number from 0 to %d", uint64(mostNumber))

// read reads a value that is neither object nor list.
func read[V any](value []byte, what string) (v V, err error) {
	if json.Unmarshal(value, &v) != nil {
		err = fmt.Errorf("takes %s, not %s", what, kindOf(value))
	}
	return v, err
}

func number(value []byte) (protocol.ID, error) {
	n, err := read[uint64](value, wholeNumber)
	if err == nil && n > mostNumber {
		err = fmt.Errorf("takes %s, not %d", wholeNumber, n)
	}
	return protocol.ID(n), err
}
