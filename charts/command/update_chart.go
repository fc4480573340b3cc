package command

import (
	"context"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/tenancy"
)

// UpdateChart asks for other settings: Change is told the present ones and answers the wished ones.
type UpdateChart struct {
	Chart           charts.Ref
	ExpectedVersion int64 // 0 for any
	Change          func(charts.Settings) charts.Settings
}

// UpdateChart changes a chart's settings. Wishing what is already so changes nothing.
func (h *Handlers) UpdateChart(ctx context.Context, as tenancy.Identity, c UpdateChart) (charts.ID, error) {
	return h.decide(ctx, as, c.Chart, charts.Update{ExpectedVersion: c.ExpectedVersion, Change: c.Change})
}
