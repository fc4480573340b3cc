// Package rawjson walks JSON that is known to be valid, and copies none of it: for bodies of thousands of small values,
// which encoding/json would read several times over.
//
// It imports the standard library alone. It promises to find in valid JSON what encoding/json finds there; of anything
// else it makes nothing sensible, but never panics. What it answers lies in what it was given.
package rawjson

import (
	"bytes"
	"encoding/json"
	"iter"
	"strings"
	"unicode/utf8"
)

// Elements are the elements of an array, each without the white space around it; none of any other value.
func Elements(array []byte) iter.Seq[json.RawMessage] {
	return func(yield func(json.RawMessage) bool) {
		for rest := inside(array, '['); len(rest) > 0 && rest[0] != ']'; {
			n := length(rest)
			if !yield(rest[:n:n]) {
				return
			}
			rest = behind(rest[n:], ',')
		}
	}
}

// Members are the names, as they are written, and the values of an object's members; none of any other value.
func Members(object []byte) iter.Seq2[Name, json.RawMessage] {
	return func(yield func(Name, json.RawMessage) bool) {
		for rest := inside(object, '{'); len(rest) > 0 && rest[0] == '"'; {
			n := length(rest)
			name := Name(rest[:n])
			rest = behind(rest[n:], ':')
			n = length(rest)
			if !yield(name, rest[:n:n]) {
				return
			}
			rest = behind(rest[n:], ',')
		}
	}
}

// Name is the name of a member, in its quotes.
type Name []byte

// Is reports whether encoding/json takes a member of this name for a field that is named so, in ASCII: whatever the case.
func (n Name) Is(field string) bool {
	if len(n) >= 2 && n[1] != '\\' && n[1] < utf8.RuneSelf && n[1]|0x20 != field[0]|0x20 {
		return false // as most are
	}
	if len(n) == len(field)+2 && string(n[1:len(n)-1]) == field {
		return true
	}
	if plain := len(n) >= 2 && bytes.IndexByte(n, '\\') < 0; plain {
		return strings.EqualFold(string(n[1:len(n)-1]), field)
	}
	name, ok := Text(n)
	return ok && strings.EqualFold(name, field)
}

// Text is what a string says; ok is false for any other value.
func Text(value []byte) (s string, ok bool) {
	said, ok := Said(value)
	return string(said), ok
}

// Said is Text in bytes, which lie in the value where nothing is escaped.
func Said(value []byte) (s []byte, ok bool) {
	if len(value) < 2 || value[0] != '"' {
		return nil, false
	}
	if s := value[1 : len(value)-1]; bytes.IndexByte(s, '\\') < 0 && utf8.Valid(s) {
		return s, true
	}
	return unescaped(value)
}

func unescaped(value []byte) ([]byte, bool) {
	var s string
	err := json.Unmarshal(value, &s)
	return []byte(s), err == nil
}

// inside is what follows the bracket that opens a value, or nothing where another opens it.
func inside(b []byte, bracket byte) []byte {
	if b = unspaced(b); len(b) == 0 || b[0] != bracket {
		return nil
	}
	return unspaced(b[1:])
}

// behind is what follows a separator, where there is one.
func behind(b []byte, separator byte) []byte {
	if b = unspaced(b); len(b) > 0 && b[0] == separator {
		b = unspaced(b[1:])
	}
	return b
}

func unspaced(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\n' || b[0] == '\r' || b[0] == '\t') {
		b = b[1:]
	}
	return b
}

// length is that of the value that b begins with. It is at least 1 where b is not empty, so that a walk comes to its end.
func length(b []byte) int {
	for depth, i := 0, 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			i += stringLength(b[i:]) - 1
		case '{', '[':
			depth++
			continue
		case '}', ']':
			depth--
		default:
			if depth > 0 {
				continue
			}
			return max(wordLength(b), 1)
		}
		if depth <= 0 {
			return min(i+1, len(b))
		}
	}
	return len(b)
}

// wordLength is that of the number or the word that b begins with: up to what can't belong to it.
func wordLength(b []byte) int {
	for i, c := range b {
		switch c {
		case ',', ':', ']', '}', ' ', '\n', '\r', '\t':
			return i
		}
	}
	return len(b)
}

// stringLength is that of the string that b begins with, its quotes counted.
func stringLength(b []byte) int {
	for i := 1; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(b)
}
