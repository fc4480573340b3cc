package main

import (
	"context"

	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/graph/transport/ratelimit"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/turns"
)

// batches are the turns of large batches, each tenant's at a pace: a file counts as one mutation, however long it is, and
// would else have the processors for as long as it lasts.
type batches struct {
	turns  *turns.Turns
	points *ratelimit.Limiter // nil for any pace
}

var _ command.Turns = batches{}

// Take implements command.Turns.
func (b batches) Take(ctx context.Context, tenant tenancy.ID, points int) (done func(), err error) {
	if err := b.points.Wait(ctx, tenant.String(), points); err != nil {
		return nil, err
	}
	return b.turns.Take(ctx, tenant)
}
