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
	b = append(b, '"')
	b = t.UTC().AppendFormat(b, time.RFC3339Nano)
	return append(b, '"')
}

// AppendTimeZone appends the name.
func AppendTimeZone(b []byte, name string) []byte { return plan.AppendString(b, name) }

// AppendCursor appends the cursor.
func AppendCursor(b []byte, cursor string) []byte { return plan.AppendString(b, cursor) }
