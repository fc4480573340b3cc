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
	case !validName(span.Key.Name) || !validName(span.To) || span.Limit < 0:
		return fmt.Errorf("%w: range from %q to %q, at most %d", eventstore.ErrInvalid, span.Key.Name, span.To, span.Limit)
	case span.Key.Stream != (eventstore.Stream{}):
		return span.Key.Stream.Validate()
	}
	return nil
}

// between reads a range. Query's BETWEEN holds its upper end and the Span's does not.
func (s *Store) between(ctx context.Context, tenant tenancy.ID, span eventstore.Span, now time.Time) ([]eventstore.Document, error) {
	stretches := s.stretches(tenant, span)
	if span.Desc {
		slices.Reverse(stretches)
	}
	var documents []eventstore.Document
	for _, r := range stretches {
		if r.from >= r.to {
			continue
		}
		limit := 0
		if span.Limit > 0 {
			if limit = span.Limit - len(documents); limit == 0 {
				break
			}
		}
		q := query{table: r.table, pk: r.pk, from: r.from, last: r.to, limit: limit, desc: span.Desc, consistent: !span.Eventual}
		items, err := s.query(ctx, q, func(it item) bool { return textOf(it, attrSK) != r.to && !expired(it, now) })
		if err != nil {
			return nil, err
		}
		for _, it := range items {
			if d, ok := documentOf(eventstore.Key{Stream: span.Key.Stream, Name: textOf(it, attrSK)[r.cut:]}, it, now); ok {
				documents = append(documents, d)
			}
		}
	}
	return documents, nil
}

// stretch is a run of sort keys in a partition, from <= SK < to, whose documents' names begin after cut bytes.
type stretch struct {
	table, pk, from, to string
	cut                 int
}

// stretches are where the documents of a range of names lie, in the order of the names: those of the common space in one
// stretch, those of a stream around its events and those that were set apart from them (documentSK).
func (s *Store) stretches(tenant tenancy.ID, span eventstore.Span) []stretch {
	from := max(span.Key.Name, smallestName)
	if span.Key.Stream == (eventstore.Stream{}) {
		return []stretch{{s.projection, tenantPK(tenant), from, span.To, 0}}
	}
	var all []stretch
	add := func(first, behind, apart string) {
		all = append(all, stretch{s.events, streamPK(tenant, span.Key.Stream), apart + max(from, first), apart + min(span.To, behind), len(apart)})
	}
	add("", documentPrefix, "")
	add(documentPrefix, afterDocuments, documentPrefix)
	add(afterDocuments, versionPrefix, "")
	add(versionPrefix, afterVersions, documentPrefix)
	all = append(all, stretch{s.events, streamPK(tenant, span.Key.Stream), max(from, afterVersions), span.To, 0})
	return all
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
