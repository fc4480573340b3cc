package scalar

import (
	"encoding/json"
	"io"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/tenancy"
)

// MaxCursor is the longest cursor in bytes: more than any that is ever answered.
const MaxCursor = 1024

func refuse(format string, args ...any) error {
	return tenancy.Refuse(tenancy.BadUserInput, "", format, args...)
}

// MarshalString writes a JSON string.
func MarshalString(s string) graphql.Marshaler { return graphql.MarshalString(s) }

// UnmarshalString reads a string. gqlgen's own takes numbers and booleans for their texts.
func UnmarshalString(v any) (string, error) {
	s, ok := v.(string)
	if !ok {
		return "", refuse("must be a string")
	}
	return s, nil
}

// MarshalInt writes a JSON number.
func MarshalInt(i int) graphql.Marshaler { return graphql.MarshalInt(i) }

// UnmarshalInt reads a whole number of 32 bits, as GraphQL has it. gqlgen's own takes 64 bits, and strings. A default of
// the schema comes as an int.
func UnmarshalInt(v any) (int, error) {
	text := ""
	switch v := v.(type) {
	case json.Number:
		text = string(v)
	case int:
		text = strconv.Itoa(v)
	case int64:
		text = strconv.FormatInt(v, 10)
	}
	i, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		return 0, refuse("must be a whole number of 32 bits")
	}
	return int(i), nil
}

// MarshalDecimal writes a JSON number.
func MarshalDecimal(d charts.Decimal) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		var b [48]byte
		_, _ = w.Write(d.AppendTo(b[:0]))
	})
}

// UnmarshalDecimal reads a number or a string that holds one, by the rules of charts.ParseDecimal.
func UnmarshalDecimal(v any) (charts.Decimal, error) {
	var text string
	switch v := v.(type) {
	case json.Number:
		text = string(v)
	case string:
		text = v
	case int64:
		text = strconv.FormatInt(v, 10)
	default:
		return charts.Decimal{}, refuse("must be a number, or a string that holds one")
	}
	d, err := charts.ParseDecimal(text)
	if err != nil {
		return charts.Decimal{}, refuse("%v", err)
	}
	return d, nil
}

// MarshalDateTime writes UTC with as many decimals of a second as there are.
func MarshalDateTime(t time.Time) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		b := make([]byte, 0, len(time.RFC3339Nano)+2)
		b = append(b, '"')
		b = t.UTC().AppendFormat(b, time.RFC3339Nano)
		_, _ = w.Write(append(b, '"'))
	})
}

// The years whose every instant fits in nanoseconds since 1970.
const (
	minYear = 1678
	maxYear = 2261
)

// UnmarshalDateTime reads RFC 3339 strictly, as charts.ParseRFC3339 does.
func UnmarshalDateTime(v any) (time.Time, error) {
	s, ok := v.(string)
	if !ok {
		return time.Time{}, refuse("must be a string such as 2026-03-29T01:30:00+01:00")
	}
	t, ok := charts.ParseRFC3339(s)
	if !ok {
		return time.Time{}, refuse("must be a date and time with an offset and at most nine decimals, such as 2026-03-29T01:30:00+01:00")
	}
	if t.Year() < minYear || t.Year() > maxYear {
		return time.Time{}, refuse("must be in the years %d to %d", minYear, maxYear)
	}
	return t, nil
}

// MarshalInstant writes a DateTime.
func MarshalInstant(i charts.Instant) graphql.Marshaler { return MarshalDateTime(i.Time()) }

// UnmarshalInstant reads a DateTime. gqlgen asks for it beside MarshalInstant; no argument is an Instant.
func UnmarshalInstant(v any) (charts.Instant, error) {
	t, err := UnmarshalDateTime(v)
	if err != nil {
		return 0, err
	}
	return charts.InstantOf(t), nil
}

// MarshalTimeZone writes the name.
func MarshalTimeZone(name string) graphql.Marshaler { return graphql.MarshalString(name) }

// UnmarshalTimeZone reads the name of a zone that this machine knows. Go's other names, "" and Local, are refused.
func UnmarshalTimeZone(v any) (string, error) {
	name, ok := v.(string)
	if !ok || name == "" || name == "Local" {
		return "", refuse("must be the IANA name of a time zone, such as Europe/Paris")
	}
	if _, err := time.LoadLocation(name); err != nil {
		return "", refuse("is not a time zone that is known here; use an IANA name, such as Europe/Paris")
	}
	return name, nil
}

// MarshalCursor writes the cursor.
func MarshalCursor(cursor string) graphql.Marshaler { return graphql.MarshalString(cursor) }

// UnmarshalCursor reads a string; whether it is a cursor is for the list to say.
func UnmarshalCursor(v any) (string, error) {
	cursor, ok := v.(string)
	if !ok || len(cursor) > MaxCursor {
		return "", refuse("is not a cursor that was answered here")
	}
	return cursor, nil
}

// MarshalJSON writes the value as it is. An empty one is null.
func MarshalJSON(raw json.RawMessage) graphql.Marshaler {
	if len(raw) == 0 {
		return graphql.Null
	}
	return graphql.WriterFunc(func(w io.Writer) { _, _ = w.Write(raw) })
}

// UnmarshalJSON takes any value.
func UnmarshalJSON(v any) (json.RawMessage, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, refuse("must be a JSON value")
	}
	return raw, nil
}
