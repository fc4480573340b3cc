package command

import (
	"context"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/tenancy"
)

// RestoreChart asks to bring an archived chart back.
type RestoreChart struct {
	Chart           charts.Ref
	ExpectedVersion int64 // 0 for any
}

// RestoreChart brings an archived chart back. An active chart stays as it is.
func (h *Handlers) RestoreChart(ctx context.Context, as tenancy.Identity, c RestoreChart) (charts.ID, error) {
	return h.decide(ctx, as, c.Chart, charts.Restore{ExpectedVersion: c.ExpectedVersion})
}
