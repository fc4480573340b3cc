package transport

import "bytes"

// hasLoneSurrogate finds \uD800 to \uDFFF escapes that are not a pair; encoding/json would put U+FFFD in their place.
func hasLoneSurrogate(text []byte) bool {
	for {
		i := bytes.IndexByte(text, '\\')
		if i < 0 || i+1 >= len(text) {
			return false
		}
		text = text[i:]
		if text[1] != 'u' {
			text = text[2:]
			continue
		}
		unit, ok := escapedUnit(text)
		if !ok {
			return false // not JSON at all: the decoder says so
		}
		text = text[6:]
		switch {
		case unit >= 0xDC00 && unit <= 0xDFFF:
			return true
		case unit >= 0xD800 && unit <= 0xDBFF:
			if low, ok := escapedUnit(text); !ok || low < 0xDC00 || low > 0xDFFF {
				return true
			}
			text = text[6:]
		}
	}
}

// escapedUnit reads the \uXXXX at the start of text.
func escapedUnit(text []byte) (unit int, ok bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	for _, c := range text[2:6] {
		switch {
		case c >= '0' && c <= '9':
			unit = unit<<4 | int(c-'0')
		case c >= 'a' && c <= 'f':
			unit = unit<<4 | int(c-'a'+10)
		case c >= 'A' && c <= 'F':
			unit = unit<<4 | int(c-'A'+10)
		default:
			return 0, false
		}
	}
	return unit, true
}
