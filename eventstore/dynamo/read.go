package dynamo

import (
	"context"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

// Events reads one page: DynamoDB ends it at 1 MB, which may be before the limit.
func (s *Store) Events(ctx context.Context, tenant tenancy.ID, stream eventstore.Stream, after int64, limit int) ([]eventstore.Event, error) {
	after = max(after, 0)
	if after == math.MaxInt64 {
		return nil, check(tenant, stream, limit)
	}
	return s.eventsPage(ctx, tenant, stream, versionSK(after+1), versionPrefix+afterAll, limit, false)
}

// EventsBefore is Events from the other end.
func (s *Store) EventsBefore(ctx context.Context, tenant tenancy.ID, stream eventstore.Stream, before int64, limit int) ([]eventstore.Event, error) {
	last := versionPrefix + afterAll
	switch {
	case before == 1:
		return nil, check(tenant, stream, limit)
	case before > 1:
		last = versionSK(before - 1)
	}
	return s.eventsPage(ctx, tenant, stream, versionSK(1), last, limit, true)
}

func check(tenant tenancy.ID, stream eventstore.Stream, limit int) error {
	if tenant.IsZero() {
		return fmt.Errorf("%w: no tenant", eventstore.ErrInvalid)
	}
	if limit <= 0 {
		return fmt.Errorf("%w: limit %d", eventstore.ErrInvalid, limit)
	}
	return stream.Validate()
}

func (s *Store) eventsPage(ctx context.Context, tenant tenancy.ID, stream eventstore.Stream, from, last string, limit int, desc bool) ([]eventstore.Event, error) {
	if err := check(tenant, stream, limit); err != nil {
		return nil, err
	}
	out, err := s.client.Query(ctx, query{table: s.events, pk: streamPK(tenant, stream), from: from, last: last, limit: limit, desc: desc, consistent: true}.input())
	if err != nil {
		return nil, fmt.Errorf("dynamo: events of %v: %w", stream, err)
	}
	events := make([]eventstore.Event, len(out.Items))
	for i, it := range out.Items {
		if events[i], err = eventOf(it); err != nil {
			return nil, err
		}
	}
	return events, nil
}

// Streams reads the registry that each stream's first event writes.
func (s *Store) Streams(ctx context.Context, tenant tenancy.ID, kind, after string, limit int) ([]eventstore.Stream, error) {
	first := eventstore.Stream{Kind: kind, ID: after}
	if after == "" {
		first.ID = "-" // any ID, to check the kind
	}
	if err := check(tenant, first, limit); err != nil {
		return nil, err
	}
	prefix := kind + "#"
	from := prefix
	if after != "" {
		from = prefix + after + beforeAll
	}
	items, err := s.query(ctx, query{table: s.events, pk: tenantPK(tenant), from: from, last: prefix + afterAll, limit: limit, consistent: true, keysOnly: true}, nil)
	if err != nil {
		return nil, fmt.Errorf("dynamo: streams: %w", err)
	}
	streams := make([]eventstore.Stream, len(items))
	for i, it := range items {
		streams[i] = eventstore.Stream{Kind: kind, ID: strings.TrimPrefix(textOf(it, attrSK), prefix)}
	}
	return streams, nil
}

// Tenants reads the list that each tenant's first stream writes.
func (s *Store) Tenants(ctx context.Context, after tenancy.ID, limit int) ([]tenancy.ID, error) {
	if limit <= 0 {
		return nil, fmt.Errorf("%w: limit %d", eventstore.ErrInvalid, limit)
	}
	items, err := s.query(ctx, query{table: s.events, pk: tenantsPK, from: after.String() + beforeAll, last: afterAll, limit: limit, consistent: true, keysOnly: true}, nil)
	if err != nil {
		return nil, fmt.Errorf("dynamo: tenants: %w", err)
	}
	tenants := make([]tenancy.ID, len(items))
	for i, it := range items {
		if tenants[i], err = tenancy.ParseID(textOf(it, attrSK)); err != nil {
			return nil, fmt.Errorf("dynamo: tenants: %w", err)
		}
	}
	return tenants, nil
}

// get reads one item, strongly consistent, or some of its attributes; nil where it is not there.
func (s *Store) get(ctx context.Context, k key, attributes ...string) (item, error) {
	in := &dynamodb.GetItemInput{TableName: &k.table, Key: k.item(), ConsistentRead: aws.Bool(true)}
	if len(attributes) > 0 {
		in.ProjectionExpression = aws.String(strings.Join(attributes, ", "))
	}
	out, err := s.client.GetItem(ctx, in)
	if err != nil {
		return nil, fmt.Errorf("dynamo: %w", err)
	}
	return out.Item, nil
}

// query asks for the items of a partition with from <= SK <= last.
type query struct {
	table, pk  string
	from, last string // both "": the whole partition
	limit      int    // 0 for all
	desc       bool
	consistent bool
	keysOnly   bool
}

func (q query) input() *dynamodb.QueryInput {
	in := &dynamodb.QueryInput{
		TableName:                 &q.table,
		KeyConditionExpression:    aws.String("PK = :pk"),
		ExpressionAttributeValues: item{":pk": text(q.pk)},
		ScanIndexForward:          aws.Bool(!q.desc),
		ConsistentRead:            &q.consistent,
	}
	if q.from != "" || q.last != "" {
		in.KeyConditionExpression = aws.String("PK = :pk AND SK BETWEEN :from AND :last")
		in.ExpressionAttributeValues[":from"], in.ExpressionAttributeValues[":last"] = text(q.from), text(q.last)
	}
	if q.keysOnly {
		in.ProjectionExpression = aws.String("PK, SK")
	}
	if q.limit > 0 {
		in.Limit = aws.Int32(int32(min(q.limit, math.MaxInt32)))
	}
	return in
}

// query follows the pages until there are limit items that keep (nil for all) accepts.
func (s *Store) query(ctx context.Context, q query, keep func(item) bool) ([]item, error) {
	in := q.input()
	var items []item
	for {
		out, err := s.client.Query(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, it := range out.Items {
			if keep == nil || keep(it) {
				items = append(items, it)
			}
		}
		if len(out.LastEvaluatedKey) == 0 || q.limit > 0 && len(items) >= q.limit {
			return items, nil
		}
		in.ExclusiveStartKey = out.LastEvaluatedKey
		if q.limit > 0 {
			in.Limit = aws.Int32(int32(min(q.limit-len(items), math.MaxInt32)))
		}
	}
}

// validName reports whether a bound of a span can be compared with names at all.
func validName(name string) bool { return len(name) <= maxKey && utf8.ValidString(name) }

// maxKey is DynamoDB's limit of a sort key in bytes.
const maxKey = 1024
