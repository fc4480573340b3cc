package query

import (
	"context"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
)

// Standing is how far a chart has come.
type Standing struct {
	Chart   charts.ID
	Version int64
	Status  charts.Status
	Changed time.Time // of its newest event that was not about points
	Updated time.Time // of its newest event
}

// Standing answers how far a tenant and its charts have come, by one eventual read: perhaps without the last second. It
// leaves out charts whose documents are to be rebuilt, which they are when they are read.
func (r *Reader) Standing(ctx context.Context, tenant tenancy.ID) (about int64, read []Standing, err error) {
	d := newDocuments(manyCharts)
	if err := r.readAll(ctx, tenant, nil, true, nil, d); err != nil {
		return 0, nil, err
	}
	if d.about == nil {
		return 0, nil, directory.ErrNotFound()
	}
	for id, c := range d.charts {
		if now, err := c.figures(); err == nil && c.revision > 0 {
			read = append(read, Standing{Chart: id, Version: now.Version, Status: c.settings.Status, Changed: c.settings.ChangedAt, Updated: now.Updated.Time()})
		}
	}
	return d.about.Version, read, nil
}
