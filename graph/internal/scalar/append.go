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
	// Most are ends of buckets, and most of an answer is those: written here at a fraction of the cost.
	const secondsOfDay = 24 * 60 * 60
	clock := int((t.Unix()%secondsOfDay + secondsOfDay) % secondsOfDay)
	const like = `"2006-01-02T15:04:05Z"`
	b = append(b, like...)
	text := b[len(b)-len(like):]
	twoDigits(text[1:], year/100)
	twoDigits(text[3:], year%100)
	twoDigits(text[6:], int(month))
	twoDigits(text[9:], day)
	twoDigits(text[12:], clock/3600)
	twoDigits(text[15:], clock/60%60)
	twoDigits(text[18:], clock%60)
	return b
}

// twoDigits writes a number of 0 to 99.
func twoDigits(text []byte, n int) { text[0], text[1] = byte('0'+n/10), byte('0'+n%10) }

// AppendTimeZone appends the name.
func AppendTimeZone(b []byte, name string) []byte { return plan.AppendString(b, name) }

// AppendCursor appends the cursor.
func AppendCursor(b []byte, cursor string) []byte { return plan.AppendString(b, cursor) }
