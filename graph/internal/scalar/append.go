package scalar

import (
	"strconv"
	"sync/atomic"
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
	seconds := t.Unix()
	if t.Nanosecond() != 0 || seconds < 0 || seconds > lastSecond {
		b = append(b, '"')
		b = t.UTC().AppendFormat(b, time.RFC3339Nano)
		return append(b, '"')
	}
	return appendSecond(b, seconds)
}

// AppendInstant appends a DateTime. Most are ends of buckets, and most of an answer is those.
func AppendInstant(b []byte, i charts.Instant) []byte {
	if i < 0 || i%1e9 != 0 {
		return AppendDateTime(b, i.Time())
	}
	return appendSecond(b, int64(i/1e9))
}

// appendSecond appends a whole second since 1970, at a fraction of what package time takes.
func appendSecond(b []byte, seconds int64) []byte {
	clock := int(seconds % secondsOfDay)
	b = append(b, dateOf(seconds / secondsOfDay).text[:]...)
	b = append(b, `15:04:05Z"`...)
	text := b[len(b)-len(`15:04:05Z"`):]
	twoDigits(text[0:], clock/3600)
	twoDigits(text[3:], clock/60%60)
	twoDigits(text[6:], clock%60)
	return b
}

const (
	secondsOfDay = 24 * 60 * 60
	lastSecond   = 253402300799 // of the year 9999
)

// date is a day since 1970 as it is written.
type date struct {
	day  int64
	text [len(`"2006-01-02T`)]byte
}

// dates are those written last, each at its day's remainder: the buckets of an answer are of a few days.
var dates [128]atomic.Pointer[date]

func dateOf(day int64) *date {
	place := &dates[day%int64(len(dates))]
	d := place.Load()
	if d == nil || d.day != day {
		d = &date{day: day}
		time.Unix(day*secondsOfDay, 0).UTC().AppendFormat(d.text[:0], `"2006-01-02T`)
		place.Store(d)
	}
	return d
}

// twoDigits writes a number of 0 to 99.
func twoDigits(text []byte, n int) { text[0], text[1] = byte('0'+n/10), byte('0'+n%10) }

// AppendTimeZone appends the name.
func AppendTimeZone(b []byte, name string) []byte { return plan.AppendString(b, name) }

// AppendCursor appends the cursor.
func AppendCursor(b []byte, cursor string) []byte { return plan.AppendString(b, cursor) }
