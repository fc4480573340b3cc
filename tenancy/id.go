package tenancy

import (
	"errors"
	"fmt"
)

// MaxIDLength is the longest tenant ID in bytes.
const MaxIDLength = 63

// ErrInvalidID says that a string can't name a tenant.
var ErrInvalidID = errors.New("tenancy: invalid tenant id")

// ID names one tenant, the isolation boundary. It is a struct with a hidden field, so no string, constant or
// variable becomes an ID without ParseID; the zero ID names nobody and every store refuses it.
type ID struct{ name string }

// ParseID takes 1 to 63 of the characters A-Z a-z 0-9 - _ . and starts with a letter or digit. Characters that have
// a meaning in a storage key (# % * /) are refused, so that no tenant's keys can be a prefix of another's.
func ParseID(s string) (ID, error) {
	if s == "" || len(s) > MaxIDLength {
		return ID{}, fmt.Errorf("%w: 1 to %d characters, got %d", ErrInvalidID, MaxIDLength, len(s))
	}
	for i := range len(s) {
		c := s[i]
		alphanumeric := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !alphanumeric && (i == 0 || c != '-' && c != '_' && c != '.') {
			return ID{}, fmt.Errorf("%w: letters and digits, after the first also hyphens, underscores and dots", ErrInvalidID)
		}
	}
	return ID{s}, nil
}

// MustParseID is ParseID for names known to be valid, such as those of a test; it panics on others.
func MustParseID(s string) ID {
	id, err := ParseID(s)
	if err != nil {
		panic(err)
	}
	return id
}

// String is the ID as it was parsed, or "" for the zero ID.
func (id ID) String() string { return id.name }

// IsZero reports whether the ID names nobody.
func (id ID) IsZero() bool { return id.name == "" }
