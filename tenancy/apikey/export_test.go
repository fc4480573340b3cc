package apikey

import "strings"

// Forge is a well-formed secret behind a prefix.
func Forge(prefix string) string {
	text := prefix + "_" + strings.Repeat("a", randomLength)
	return text + checksum(text)
}
