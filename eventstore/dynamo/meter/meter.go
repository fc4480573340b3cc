package meter

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/guregu/dynamo/v2/dynamodbiface"
)

// Use is what requests cost.
type Use struct {
	WCU, RCU float64
	Requests map[string]int // by the name of the operation, those that reached DynamoDB and were not throttled
}

// Meter counts what passes it. Its zero value is ready:
//
//	var m meter.Meter
//	store, err := dynamo.Open(ctx, dynamo.Options{Wrap: m.Wrap, …})
type Meter struct {
	mu  sync.Mutex
	use Use
}

// Wrap is for dynamo.Options.Wrap.
func (m *Meter) Wrap(api dynamodbiface.DynamoDBAPI) dynamodbiface.DynamoDBAPI {
	return metered{DynamoDBAPI: api, meter: m}
}

// Take answers what was used since the last Take.
func (m *Meter) Take() Use {
	m.mu.Lock()
	defer m.mu.Unlock()
	use := m.use
	m.use = Use{}
	return use
}

func (m *Meter) add(operation string, wcu, rcu float64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.use.Requests == nil {
		m.use.Requests = map[string]int{}
	}
	m.use.Requests[operation]++
	m.use.WCU += wcu
	m.use.RCU += rcu
}

// Sizes that a unit pays for, and what a transaction costs.
const (
	writeUnit   = 1024
	readUnit    = 4096
	transaction = 2
)

func writeUnits(size int) float64 { return float64(max(1, (size+writeUnit-1)/writeUnit)) }

func readUnits(size int, consistent *bool) float64 {
	units := float64(max(1, (size+readUnit-1)/readUnit))
	if !aws.ToBool(consistent) {
		return units / 2
	}
	return units
}

// metered overrides the operations on items; those on tables cost nothing.
type metered struct {
	dynamodbiface.DynamoDBAPI
	meter *Meter
}

type place struct {
	table *string
	key   item
}

// items looks at the items themselves, since answers may hold a part of them alone.
func (m metered) items(ctx context.Context, places []place) ([]item, error) {
	items := make([]item, len(places))
	for i, p := range places {
		out, err := m.DynamoDBAPI.GetItem(ctx, &dynamodb.GetItemInput{TableName: p.table, Key: p.key, ConsistentRead: aws.Bool(true)})
		if err != nil {
			return nil, fmt.Errorf("meter: %w", err)
		}
		items[i] = out.Item
	}
	return items, nil
}

// sizes are those of the items.
func (m metered) sizes(ctx context.Context, places []place) ([]int, error) {
	items, err := m.items(ctx, places)
	sizes := make([]int, len(items))
	for i, it := range items {
		sizes[i] = Size(it)
	}
	return sizes, err
}

// write counts the larger of each item before and after what call does; where its condition failed, the item as it is.
func (m metered) write(ctx context.Context, operation string, factor float64, places []place, call func() error) error {
	before, err := m.items(ctx, places)
	if err != nil {
		return err
	}
	failure := call()
	var cancelled *types.TransactionCanceledException
	var condition *types.ConditionalCheckFailedException
	if failure != nil && !errors.As(failure, &cancelled) && !errors.As(failure, &condition) {
		return failure
	}
	after, err := m.items(ctx, places)
	if err != nil {
		return errors.Join(failure, err)
	}
	wcu := 0.0
	for i := range places {
		wcu += factor*writeUnits(max(Size(before[i]), Size(after[i]))) + indexed(before[i], after[i])
	}
	m.meter.add(operation, wcu, 0)
	return failure
}

// indexed is what the sparse index of active documents costs, which holds keys alone: one unit where an item enters it
// or leaves it, whether in a transaction or not.
func indexed(before, after item) float64 {
	if (before["active"] == nil) == (after["active"] == nil) {
		return 0
	}
	return 1
}

// keyOf takes the key out of a whole item. Both tables of the engine have the same.
func keyOf(it item) item { return item{"PK": it["PK"], "SK": it["SK"]} }

func (m metered) TransactWriteItems(ctx context.Context, in *dynamodb.TransactWriteItemsInput, o ...func(*dynamodb.Options)) (out *dynamodb.TransactWriteItemsOutput, err error) {
	var places []place
	for _, w := range in.TransactItems {
		switch {
		case w.Put != nil:
			places = append(places, place{w.Put.TableName, keyOf(w.Put.Item)})
		case w.Update != nil:
			places = append(places, place{w.Update.TableName, w.Update.Key})
		case w.Delete != nil:
			places = append(places, place{w.Delete.TableName, w.Delete.Key})
		case w.ConditionCheck != nil:
			places = append(places, place{w.ConditionCheck.TableName, w.ConditionCheck.Key})
		}
	}
	err = m.write(ctx, "TransactWriteItems", transaction, places, func() (err error) {
		out, err = m.DynamoDBAPI.TransactWriteItems(ctx, in, o...)
		return err
	})
	return out, err
}

func (m metered) PutItem(ctx context.Context, in *dynamodb.PutItemInput, o ...func(*dynamodb.Options)) (out *dynamodb.PutItemOutput, err error) {
	err = m.write(ctx, "PutItem", 1, []place{{in.TableName, keyOf(in.Item)}}, func() (err error) {
		out, err = m.DynamoDBAPI.PutItem(ctx, in, o...)
		return err
	})
	return out, err
}

func (m metered) BatchWriteItem(ctx context.Context, in *dynamodb.BatchWriteItemInput, o ...func(*dynamodb.Options)) (out *dynamodb.BatchWriteItemOutput, err error) {
	var places []place
	for table, requests := range in.RequestItems {
		for _, r := range requests {
			if r.PutRequest != nil {
				places = append(places, place{&table, keyOf(r.PutRequest.Item)})
			} else {
				places = append(places, place{&table, r.DeleteRequest.Key})
			}
		}
	}
	err = m.write(ctx, "BatchWriteItem", 1, places, func() (err error) {
		out, err = m.DynamoDBAPI.BatchWriteItem(ctx, in, o...)
		return err
	})
	return out, err
}

func (m metered) GetItem(ctx context.Context, in *dynamodb.GetItemInput, o ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error) {
	out, err := m.DynamoDBAPI.GetItem(ctx, in, o...)
	if err != nil {
		return nil, err
	}
	sizes, err := m.sizes(ctx, []place{{in.TableName, in.Key}})
	if err != nil {
		return nil, err
	}
	m.meter.add("GetItem", 0, readUnits(sizes[0], in.ConsistentRead))
	return out, nil
}

// BatchGetItem rounds each item up by itself; one that is not there costs the smallest read.
func (m metered) BatchGetItem(ctx context.Context, in *dynamodb.BatchGetItemInput, o ...func(*dynamodb.Options)) (*dynamodb.BatchGetItemOutput, error) {
	out, err := m.DynamoDBAPI.BatchGetItem(ctx, in, o...)
	if err != nil {
		return nil, err
	}
	rcu := 0.0
	for table, request := range in.RequestItems {
		var places []place
		for _, key := range request.Keys {
			places = append(places, place{&table, key})
		}
		sizes, err := m.sizes(ctx, places)
		if err != nil {
			return nil, err
		}
		for _, size := range sizes {
			rcu += readUnits(size, request.ConsistentRead)
		}
	}
	m.meter.add("BatchGetItem", 0, rcu)
	return out, nil
}

// Query rounds up the sum of a page's items, whole ones even where a projection or a filter leaves something out.
func (m metered) Query(ctx context.Context, in *dynamodb.QueryInput, o ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error) {
	out, err := m.DynamoDBAPI.Query(ctx, in, o...)
	if err != nil {
		return nil, err
	}
	whole := *in
	whole.ProjectionExpression, whole.FilterExpression = nil, nil
	page, err := m.DynamoDBAPI.Query(ctx, &whole)
	if err != nil {
		return nil, fmt.Errorf("meter: %w", err)
	}
	m.meter.add("Query", 0, readUnits(sum(page.Items, Size), in.ConsistentRead))
	return out, nil
}

// errNotCounted refuses what the engine does not use, so that it can't begin to unseen.
var errNotCounted = errors.New("meter: this operation is not counted")

// UpdateItem is refused.
func (m metered) UpdateItem(context.Context, *dynamodb.UpdateItemInput, ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error) {
	return nil, errNotCounted
}

// DeleteItem is refused.
func (m metered) DeleteItem(context.Context, *dynamodb.DeleteItemInput, ...func(*dynamodb.Options)) (*dynamodb.DeleteItemOutput, error) {
	return nil, errNotCounted
}

// TransactGetItems is refused.
func (m metered) TransactGetItems(context.Context, *dynamodb.TransactGetItemsInput, ...func(*dynamodb.Options)) (*dynamodb.TransactGetItemsOutput, error) {
	return nil, errNotCounted
}

// Scan is refused.
func (m metered) Scan(context.Context, *dynamodb.ScanInput, ...func(*dynamodb.Options)) (*dynamodb.ScanOutput, error) {
	return nil, errNotCounted
}
