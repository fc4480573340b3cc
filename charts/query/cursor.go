package query

import (
	"encoding/base64"
	"strings"

	"github.com/mykpi/mykpi/tenancy"
)

// cursorKind tells the cursors of different lists apart, so that one can't be used for another.
type cursorKind string

const (
	chartCursor     cursorKind = "c:"
	pointCursor     cursorKind = "p:"
	historyCursor   cursorKind = "h:"
	ingestionCursor cursorKind = "i:"
	rejectedCursor  cursorKind = "r:"
)

func formatCursor(kind cursorKind, position string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(string(kind) + position))
}

// parseCursor is the position in a cursor, or "" for none. It names a position, never a tenant: a cursor of another
// tenant's list is just a place in the caller's own.
func parseCursor(cursor *string, kind cursorKind) (string, error) {
	if cursor == nil {
		return "", nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(*cursor)
	position, found := strings.CutPrefix(string(raw), string(kind))
	if err != nil || !found || len(raw) > 200 {
		return "", refuseCursor()
	}
	return position, nil
}

func refuseCursor() error {
	return tenancy.Refuse(tenancy.BadUserInput, "after", "is no cursor of this list: use a cursor that it answered")
}
