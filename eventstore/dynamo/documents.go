package dynamo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"golang.org/x/sync/errgroup"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

const (
	maxBatchGet   = 100 // keys in a BatchGetItem
	maxConcurrent = 16  // requests of one call at once
	smallestName  = "\x00"
)

// Documents reads single documents by BatchGetItem and each range by its own Query, all at once.
func (s *Store) Documents(ctx context.Context, tenant tenancy.ID, spans ...eventstore.Span) ([][]eventstore.Document, error) {
	if tenant.IsZero() {
		return nil, fmt.Errorf("%w: no tenant", eventstore.ErrInvalid)
	}
	for _, span := range spans {
		if err := checkSpan(span); err != nil {
			return nil, err
		}
	}
	now := s.now()
	found := make([][]eventstore.Document, len(spans))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(maxConcurrent)
	wanted := map[key][]int{} // a key may be asked for twice, by a request once
	keys := map[bool][]key{}  // those that have to be read consistently, and those that need not
	for i, span := range spans {
		if span.To != "" {
			g.Go(func() (err error) {
				found[i], err = s.between(ctx, tenant, span, now)
				return err
			})
			continue
		}
		k := s.documentKey(tenant, span.Key)
		wanted[k] = append(wanted[k], i)
	}
	for k, asking := range wanted {
		consistent := slices.ContainsFunc(asking, func(i int) bool { return !spans[i].Eventual })
		keys[consistent] = append(keys[consistent], k)
	}
	for consistent, keys := range keys {
		for batch := range slices.Chunk(keys, maxBatchGet) {
			g.Go(func() error {
				return s.batchGet(ctx, batch, consistent, func(k key, it item) {
					for _, i := range wanted[k] {
						if d, ok := documentOf(spans[i].Key, it, now); ok {
							found[i] = []eventstore.Document{d}
						}
					}
				})
			})
		}
	}
	if err := g.Wait(); err != nil {
		return nil, fmt.Errorf("dynamo: documents: %w", err)
	}
	return found, nil
}

func checkSpan(span eventstore.Span) error {
	switch {
	case span.To == "":
		return span.Key.Validate()
	case span.Key.Stream != (eventstore.Stream{}):
		return fmt.Errorf("%w: a range of the documents of %v: they are found by their exact key alone", eventstore.ErrInvalid, span.Key.Stream)
	case !validName(span.Key.Name) || !validName(span.To) || span.Limit < 0:
		return fmt.Errorf("%w: range from %q to %q, at most %d", eventstore.ErrInvalid, span.Key.Name, span.To, span.Limit)
	}
	return nil
}

// between reads a range. Query's BETWEEN holds its upper end and the Span's does not.
func (s *Store) between(ctx context.Context, tenant tenancy.ID, span eventstore.Span, now time.Time) ([]eventstore.Document, error) {
	from := max(span.Key.Name, smallestName)
	if from >= span.To {
		return nil, nil
	}
	q := query{table: s.projection, pk: tenantPK(tenant), from: from, last: span.To, limit: span.Limit, desc: span.Desc, consistent: !span.Eventual}
	items, err := s.query(ctx, q, func(it item) bool {
		return textOf(it, attrSK) != span.To && !expired(it, now)
	})
	if err != nil {
		return nil, err
	}
	var documents []eventstore.Document
	for _, it := range items {
		if d, ok := documentOf(eventstore.Key{Name: textOf(it, attrSK)}, it, now); ok {
			documents = append(documents, d)
		}
	}
	return documents, nil
}

// batchGet reads at most maxBatchGet different keys and goes on with those that DynamoDB left unprocessed.
func (s *Store) batchGet(ctx context.Context, keys []key, consistent bool, each func(key, item)) error {
	request := map[string]types.KeysAndAttributes{}
	for _, k := range keys {
		r := request[k.table]
		r.ConsistentRead = &consistent
		r.Keys = append(r.Keys, k.item())
		request[k.table] = r
	}
	end := s.client.policy.end(ctx, time.Now())
	for attempt := 0; ; attempt++ {
		out, err := s.client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: request})
		if err != nil {
			return err
		}
		for table, items := range out.Responses {
			for _, it := range items {
				each(key{table, textOf(it, attrPK), textOf(it, attrSK)}, it)
				attempt = 0
			}
		}
		if len(out.UnprocessedKeys) == 0 {
			return nil
		}
		request = out.UnprocessedKeys
		if err := pause(ctx, attempt, end, errUnprocessed); err != nil {
			return err
		}
	}
}
