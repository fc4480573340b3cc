package charts

import (
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/mykpi/mykpi/tenancy"
)

// Instant is a moment as nanoseconds since 1970 UTC: what points are ordered and identified by.
type Instant int64

// InstantOf is t without its zone.
func InstantOf(t time.Time) Instant { return Instant(t.UnixNano()) }

// Time is the instant in UTC.
func (i Instant) Time() time.Time { return time.Unix(0, int64(i)).UTC() }

// Point is one value at one instant.
type Point struct {
	Key   string // "" where the point is known by its instant
	At    Instant
	Value Decimal
}

// PointID is how a chart knows a point: by its key, or, where it has none, by its instant.
type PointID struct {
	Key string
	At  Instant // 0 where there is a key
}

// ID is the point's identity.
func (p Point) ID() PointID {
	if p.Key != "" {
		return PointID{Key: p.Key}
	}
	return PointID{At: p.At}
}

// Name is the point's key as clients see it: its own, or its instant.
func (p Point) Name() string {
	if p.Key != "" {
		return p.Key
	}
	return p.At.Time().Format(time.RFC3339Nano)
}

// Limits of points (security.md).
const (
	MaxPointKey         = 255 // bytes
	MaxPointsPerCommand = 10_000
	MaxAhead            = 5 * time.Minute
)

// EarliestPoint is the oldest instant that may be recorded.
var EarliestPoint = InstantOf(time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC))

// CheckInstant refuses an instant that no point may have.
func CheckInstant(field string, at time.Time, now Instant) error {
	if at.Before(EarliestPoint.Time()) {
		return tenancy.Refuse(tenancy.BadUserInput, field, "is before 1990-01-01T00:00:00Z; points are kept from 1990 on")
	}
	if at.After(now.Time().Add(MaxAhead)) {
		return tenancy.Refuse(tenancy.BadUserInput, field, "is more than 5 minutes in the future; send it when its time has come")
	}
	return nil
}

// CheckPointKey refuses a string that can't be a point's key.
func CheckPointKey(field, key string) error {
	switch {
	case key == "":
		return tenancy.Refuse(tenancy.BadUserInput, field, "must not be empty; leave it out to identify the point by its instant")
	case len(key) > MaxPointKey:
		return tenancy.Refuse(tenancy.BadUserInput, field, "must be at most %d bytes, has %d", MaxPointKey, len(key))
	case !utf8.ValidString(key):
		return tenancy.Refuse(tenancy.BadUserInput, field, "must be valid UTF-8")
	}
	for _, r := range key {
		if unicode.IsControl(r) {
			return tenancy.Refuse(tenancy.BadUserInput, field, "must not hold control characters")
		}
	}
	return nil
}
