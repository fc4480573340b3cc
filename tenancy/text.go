package tenancy

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The longest texts that people may give things, in code points.
const (
	MaxName = 120
	MaxText = 2000
)

// CheckName refuses a name that is empty, longer than MaxName, or not plain text.
func CheckName(field, s string) error {
	if strings.TrimSpace(s) == "" {
		return Refuse(BadUserInput, field, "must not be empty")
	}
	return checkText(field, s, MaxName, false)
}

// CheckText refuses a text that is longer than MaxText or not plain text; line breaks and tabs are allowed.
func CheckText(field, s string) error { return checkText(field, s, MaxText, true) }

// CheckLine refuses a one-line text that is longer than most code points or not plain text; it may be empty.
func CheckLine(field, s string, most int) error { return checkText(field, s, most, false) }

// checkText refuses what can't be shown safely: invalid UTF-8, control characters, and the bidirectional controls by
// which a name can be made to look like another (security.md, Bad data).
func checkText(field, s string, most int, lines bool) error {
	if !utf8.ValidString(s) {
		return Refuse(BadUserInput, field, "must be valid UTF-8")
	}
	if n := utf8.RuneCountInString(s); n > most {
		return Refuse(BadUserInput, field, "must be at most %d characters, has %d", most, n)
	}
	for _, r := range s {
		switch {
		case lines && (r == '\n' || r == '\r' || r == '\t'):
		case unicode.IsControl(r):
			return Refuse(BadUserInput, field, "must not hold control characters, has U+%04X", r)
		case unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029' || r == '\ufffd':
			return Refuse(BadUserInput, field, "must not hold text direction or replacement characters, has U+%04X", r)
		}
	}
	return nil
}
