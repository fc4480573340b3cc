package dynamo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

const (
	maxBatchWrite = 25  // items in a BatchWriteItem
	erasePage     = 500 // keys read before they are deleted
)

// Erase removes the tenant's documents, then each stream, then its entry in the registry, at last the tenant's entry
// in the list: whatever it is interrupted at, what is left is still found. It goes round until it finds nothing.
//
// Shut the tenant's callers out first. A commit in flight begins its streams anew, to be found by the next round, or
// meets that its guarded document is gone; but an append without such a document, its version proved before it was
// erased, could still land behind.
func (s *Store) Erase(ctx context.Context, tenant tenancy.ID) error {
	if tenant.IsZero() {
		return fmt.Errorf("%w: no tenant", eventstore.ErrInvalid)
	}
	for {
		erased, err := s.eraseOnce(ctx, tenant)
		if err != nil {
			return fmt.Errorf("dynamo: erasing %v: %w", tenant, err)
		}
		if !erased {
			return nil
		}
	}
}

func (s *Store) eraseOnce(ctx context.Context, tenant tenancy.ID) (erased bool, err error) {
	if erased, err = s.erasePartition(ctx, s.projection, tenantPK(tenant)); err != nil {
		return false, err
	}
	registry := query{table: s.events, pk: tenantPK(tenant), limit: erasePage, consistent: true, keysOnly: true}
	for {
		entries, err := s.query(ctx, registry, nil)
		if err != nil {
			return false, err
		}
		if len(entries) == 0 {
			break
		}
		erased = true
		for _, entry := range entries {
			kind, id, _ := strings.Cut(strings.TrimPrefix(textOf(entry, attrSK), orphanPrefix), "#")
			if _, err := s.erasePartition(ctx, s.events, streamPK(tenant, eventstore.Stream{Kind: kind, ID: id})); err != nil {
				return false, err
			}
		}
		if err := s.deleteAll(ctx, s.events, entries); err != nil {
			return false, err
		}
	}
	return erased, s.deleteAll(ctx, s.events, []item{s.enlisted(tenant).item()})
}

// erasePartition deletes the items of a partition from its end, so that a stream that is half gone has no gap.
func (s *Store) erasePartition(ctx context.Context, table, pk string) (erased bool, err error) {
	for {
		keys, err := s.query(ctx, query{table: table, pk: pk, limit: erasePage, desc: true, consistent: true, keysOnly: true}, nil)
		if err != nil || len(keys) == 0 {
			return erased, err
		}
		erased = true
		if err := s.deleteAll(ctx, table, keys); err != nil {
			return erased, err
		}
	}
}

func (s *Store) deleteAll(ctx context.Context, table string, keys []item) error {
	for len(keys) > 0 {
		batch := keys[:min(len(keys), maxBatchWrite)]
		keys = keys[len(batch):]
		requests := make([]types.WriteRequest, len(batch))
		for i, k := range batch {
			requests[i].DeleteRequest = &types.DeleteRequest{Key: k}
		}
		if err := s.batchWrite(ctx, map[string][]types.WriteRequest{table: requests}); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) batchWrite(ctx context.Context, requests map[string][]types.WriteRequest) error {
	end := s.client.policy.end(ctx, time.Now())
	for attempt := 0; ; attempt++ {
		out, err := s.client.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{RequestItems: requests})
		if err != nil {
			return err
		}
		if len(out.UnprocessedItems) == 0 {
			return nil
		}
		requests = out.UnprocessedItems
		if err := pause(ctx, attempt, end, errUnprocessed); err != nil {
			return err
		}
	}
}
