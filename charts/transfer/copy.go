package transfer

import (
	"context"
	"fmt"

	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/charts/query"
	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

// Copy brings a tenant from a store to the journal's and makes its charts there. What the target has already is not read
// again: each stream goes on at the target's newest event, which must be the source's too. copied is told of every
// record.
func Copy(ctx context.Context, from eventstore.Store, to *journal.Journal, reader *query.Reader, tenant tenancy.ID, copied func(Record)) error {
	w := NewWriter(to, tenant)
	after := func(s eventstore.Stream) (int64, error) {
		newest, err := Head(ctx, from, tenant, s)
		if err != nil {
			return 0, err
		}
		head, err := w.head(ctx, s)
		if err == nil && head.Version > newest.Version {
			err = fmt.Errorf("%w: %v has %d events there and %d here", ErrDiverged, s, head.Version, newest.Version)
		}
		return max(head.Version-1, 0), err
	}
	err := Read(ctx, from, tenant, after, func(r Record) error {
		copied(r)
		return w.Write(ctx, r)
	})
	if err != nil {
		return err
	}
	return w.Finish(ctx, reader)
}
