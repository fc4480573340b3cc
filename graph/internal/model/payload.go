package model

import (
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/charts/query"
)

// ChartPayload is what every mutation answers that leaves a chart and nothing else to tell.
type ChartPayload struct{ Chart *query.Chart }

// RecordedPayload is what recordDataPoints answers of what was done. A delivery without an ID, such as a dry run, has
// none to show.
func RecordedPayload(done command.Recorded, chart *query.Chart) *RecordDataPointsPayload {
	p := &RecordDataPointsPayload{
		Chart:     chart,
		Recorded:  done.Recorded,
		Corrected: done.Corrected,
		Unchanged: done.Unchanged,
		Rejected:  done.Rejected,
	}
	if done.IngestionID != "" {
		p.IngestionID = &done.IngestionID
	}
	return p
}
