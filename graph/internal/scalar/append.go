package scalar

import (
	"strconv"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/graph/plan"
)

// Each AppendX appends what MarshalX writes, for compiled selections.

// AppendString appends a JSON string.
func AppendString(b []byte, s string) []byte { return plan.AppendString(b, s) }

// AppendInt appends a JSON number.
func AppendInt(b []byte, i int) []byte { return strconv.AppendInt(b, int64(i), 10) }

// AppendDecimal appends a JSON number.
func AppendDecimal(b []byte, d charts.Decimal) []byte { return d.AppendTo(b) }

// AppendDateTime appends UTC with as many decimals of a second as there are.
func AppendDateTime(b []byte, t time.Time) []byte {
	t = t.UTC()
	year, month, day := t.Date()
	if t.Nanosecond() != 0 || year < 0 || year > 9999 {
		b = append(b, '"')
		b = t.AppendFormat(b, time.RFC3339Nano)
		return append(b, '"')
	}
	// Most are ends of buckets, and most of an answer is those: written here at a third of the cost.
	hour, minute, second := t.Clock()
	return append(b, '"',
		digit(year/1000), digit(year/100), digit(year/10), digit(year), '-', digit(int(month)/10), digit(int(month)), '-', digit(day/10), digit(day), 'T',
		digit(hour/10), digit(hour), ':', digit(minute/10), digit(minute), ':', digit(second/10), digit(second), 'Z', '"')
}

// digit is the last one of a number.
func digit(n int) byte { return byte('0' + n%10) }

// AppendTimeZone appends the name.
func AppendTimeZone(b []byte, name string) []byte { return plan.AppendString(b, name) }

// AppendCursor appends the cursor.
func AppendCursor(b []byte, cursor string) []byte { return plan.AppendString(b, cursor) }
