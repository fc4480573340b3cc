package command

import (
	"context"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/tenancy"
)

// Handlers are the commands on charts.
type Handlers struct {
	Journal *journal.Journal
	Now     func() time.Time
	NewID   func() string
	Quota   Quota  // nil is none
	Turns   Turns  // nil is as many at once as come
	Yield   func() // lets other requests go first, between two steps of a large batch; nil lets none
}

// Turns keeps the large batches of one tenant from being at work all at once, and all the time.
type Turns interface {
	// Take waits for a turn for so many points, which ends with done. It fails where the context ends first.
	Take(ctx context.Context, tenant tenancy.ID, points int) (done func(), err error)
}

// largeBatch is more points than the batches have that wait for no turn: those that are small take little of the
// processors, and are the better for being committed together.
const largeBatch = 100

// Quota holds tenants to what they may have, by LIMIT_EXCEEDED Refusals.
type Quota interface {
	// Chart refuses one more chart.
	Chart(ctx context.Context, tenant tenancy.ID) error
	// Points reserves so many points, until settle tells how many were recorded.
	Points(ctx context.Context, tenant tenancy.ID, n int) (settle func(ctx context.Context, recorded int), err error)
}

// decide resolves a chart and runs one plain command on it, one that needs to know nothing of points.
func (h *Handlers) decide(ctx context.Context, as tenancy.Identity, ref charts.Ref, cmd charts.Command) (charts.ID, error) {
	id, err := h.Journal.Resolve(ctx, as.Tenant(), ref)
	if err != nil {
		return "", err
	}
	return id, h.Journal.Do(ctx, as.Tenant(), id, func(ctx context.Context, s *journal.Session) error {
		events, err := charts.Decide(s.Chart, cmd)
		if err != nil {
			return err
		}
		return s.Stage(ctx, journal.Meta{By: as.Actor()}, events...)
	})
}
