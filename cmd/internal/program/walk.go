package program

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"unicode/utf8"
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
			continue
		case '}', ']':
			depth--
		case ',', ':':
			continue
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

// members are the names, as they are written, and the values of an object.
func members(object []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(name, value []byte) bool) {
		for rest := object[1:]; rest[0] != '}'; {
			if rest[0] == ',' {
				rest = rest[1:]
			}
			var name, value []byte
			name, rest = cut(rest)
			value, rest = cut(rest[1:])
			if !yield(name, value) {
				return
			}
		}
	}
}

// elements are the values of a list.
func elements(list []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for rest := list[1:]; rest[0] != ']'; {
			if rest[0] == ',' {
				rest = rest[1:]
			}
			var value []byte
			if value, rest = cut(rest); !yield(value) {
				return
			}
		}
	}
}

// unquote is the text of a string.
func unquote(value []byte) string {
	if bytes.IndexByte(value, '\\') < 0 {
		return string(value[1 : len(value)-1])
	}
	var text string
	if err := json.Unmarshal(value, &text); err != nil {
		panic(fmt.Sprintf("program: a valid string cannot be read: %v", err))
	}
	return text
}

// quote appends a text as a string.
func quote(b []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			quoted, err := json.Marshal(text)
			if err != nil {
				panic(fmt.Sprintf("program: a text cannot be written: %v", err))
			}
			return append(b, quoted...)
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

// excerpt is the beginning of a text.
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

// number reads a whole number.
func number(value []byte) (uint64, error) {
	n, err := strconv.ParseUint(string(value), 10, 64)
	if err != nil || n > mostNumber {
		return 0, fmt.Errorf("takes a whole number from 0 to %d, not %s", uint64(mostNumber), kindOf(value))
	}
	return n, nil
}

// flag reads true or false.
func flag(value []byte) (bool, error) {
	switch value[0] {
	case 't':
		return true, nil
	case 'f':
		return false, nil
	}
	return false, fmt.Errorf("takes true or false, not %s", kindOf(value))
}

// text reads a string.
func text(value []byte) (string, error) {
	if value[0] != '"' {
		return "", fmt.Errorf("takes a text, not %s", kindOf(value))
	}
	return unquote(value), nil
}
