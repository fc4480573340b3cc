package command

import (
	"context"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/tenancy"
)

// ArchiveChart asks to take a chart out of use.
type ArchiveChart struct {
	Chart           charts.Ref
	ExpectedVersion int64 // 0 for any
}

// ArchiveChart takes a chart out of use; its points stay. An archived chart stays as it is.
func (h *Handlers) ArchiveChart(ctx context.Context, as tenancy.Identity, c ArchiveChart) (charts.ID, error) {
	return h.decide(ctx, as, c.Chart, charts.Archive{ExpectedVersion: c.ExpectedVersion})
}
