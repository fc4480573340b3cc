package dynamo

import (
	"context"
	"fmt"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

// maxRewrites is how often a commit is written anew because its way of asking was wrong, not its conditions.
const maxRewrites = 4

// Commit does c in one TransactWriteItems.
//
// That an append leaves no gap needs proof that version Expected is in the log. A condition check in the transaction
// would cost 2 WCU and more (by the size of that event), a read before it 1 RCU and more and a round trip. But the log
// only grows, so that any trace of the version will do: every lasting document put beside a single append carries the
// head that the append reached, and the next commit's IfRevision put of such a document asks for that head in the
// condition that it has anyway. That costs nothing. Only where no such put is in the commit, or its document carries
// another head (one that was put without an append, as a rebuild does), the version is read, strongly consistent.
// Between that read and the write it can't go, but for Erase.
func (s *Store) Commit(ctx context.Context, tenant tenancy.ID, c eventstore.Commit) error {
	if err := c.Validate(tenant, limits); err != nil {
		return err
	}
	if len(c.Appends)+len(c.Puts)+len(c.Deletes) == 0 {
		return ctx.Err()
	}
	t := newTransaction(s, tenant, c)
	if err := s.adopt(ctx, tenant, c); err != nil {
		return err
	}
	if err := t.register(ctx); err != nil {
		return err
	}
	if t.carrier < 0 {
		if err := t.proveVersions(ctx); err != nil {
			return err
		}
	}
	for range maxRewrites {
		again, err := t.write(ctx)
		if err != nil || !again {
			return err
		}
	}
	return fmt.Errorf("%w: a document expires while it is written", eventstore.ErrConflict)
}

// adopt lists the streams of documents that are put without an event, so that Erase finds them even where the stream
// has none. It does so before the commit: listing a stream too many does no harm.
func (s *Store) adopt(ctx context.Context, tenant tenancy.ID, c eventstore.Commit) error {
	known := map[eventstore.Stream]bool{{}: true}
	for _, a := range c.Appends {
		known[a.Stream] = true
	}
	for _, p := range c.Puts {
		if known[p.Key.Stream] {
			continue
		}
		known[p.Key.Stream] = true
		if err := s.adoptOne(ctx, s.registered(tenant, p.Key.Stream), s.orphaned(tenant, p.Key.Stream)); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) adoptOne(ctx context.Context, registered, orphaned key) error {
	for _, k := range []key{registered, orphaned} {
		if it, err := s.get(ctx, k); err != nil || it != nil {
			return err
		}
	}
	if err := s.db.Table(orphaned.table).Put(orphaned.item()).Run(ctx); err != nil {
		return fmt.Errorf("dynamo: listing a stream: %w", err)
	}
	return nil
}
