package e2e

import (
	"encoding/json"
	"testing"
	"time"
)

// ingestion is a call that brought points in.
type ingestion struct {
	ID, Status                               string
	Source                                   *string
	At                                       time.Time
	Actor                                    struct{ Kind, ID, Label string }
	Charts                                   []chart
	Recorded, Corrected, Unchanged, Rejected int
}

// rejectedPoint is a point that was refused within a call that was taken.
type rejectedPoint struct {
	ID, Code, Message           string
	ChartKey, Source, Ingestion *string
	Raw                         json.RawMessage
	ReceivedAt                  time.Time
}

// ingestions are all of a source, or all there are for "".
func (c *client) ingestions(tb testing.TB, source string) []ingestion {
	tb.Helper()
	filter := ""
	if source != "" {
		filter = `, source: ` + quote(source)
	}
	return every(func(after string) page[ingestion] {
		return ask[struct{ Ingestions page[ingestion] }](tb, c, `{ ingestions(first: 200, after: `+after+filter+`) {
			nodes { id status source at actor { kind id label } charts { key } recorded corrected unchanged rejected } `+pageFields+` } }`, nil).Ingestions
	})
}

// rejectedPoints are all that are kept.
func (c *client) rejectedPoints(tb testing.TB) []rejectedPoint {
	tb.Helper()
	return every(func(after string) page[rejectedPoint] {
		return ask[struct{ RejectedPoints page[rejectedPoint] }](tb, c, `{ rejectedPoints(first: 500, after: `+after+`) {
			nodes { id chartKey code message raw source ingestion receivedAt } `+pageFields+` } }`, nil).RejectedPoints
	})
}
