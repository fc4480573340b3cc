package dynamo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"
	"github.com/guregu/dynamo/v2/dynamodbiface"

	"github.com/mykpi/mykpi/eventstore"
)

// Full jitter: each pause is a random part of a ceiling that doubles from the first to the last.
const (
	firstPause = 20 * time.Millisecond
	lastPause  = time.Second
)

// policy says how long to go on.
type policy struct {
	patience time.Duration // all attempts and pauses together
	attempt  time.Duration // one attempt
}

func (p policy) withDefaults() policy {
	if p.patience <= 0 {
		p.patience = defaultPatience
	}
	if p.attempt <= 0 {
		p.attempt = defaultAttemptTimeout
	}
	return p
}

// end is when there is no time for another attempt.
func (p policy) end(ctx context.Context, start time.Time) time.Time {
	end := start.Add(p.patience)
	if d, ok := ctx.Deadline(); ok && d.Before(end) {
		return d
	}
	return end
}

// errUnprocessed: DynamoDB answered a batch, but did not do all of it, which is how it throttles batches.
var errUnprocessed = errors.New("dynamo: part of a batch was not processed")

// outcome is what an error says about the request.
type outcome int

const (
	refused   outcome = iota // DynamoDB said no; another attempt gets the same answer
	deferred                 // it was not done; another attempt may succeed
	uncertain                // it may have been done
)

// uncertainError is the last error of a request of which an earlier attempt may have been done.
type uncertainError struct{ error }

func (e uncertainError) Unwrap() error { return e.error }

// retrying repeats each single request of the engine, whoever sends it: this package or guregu/dynamo. A request is
// repeated as it is, so that a transaction keeps its token and its conditions.
type retrying struct {
	dynamodbiface.DynamoDBAPI
	policy policy
	closed *atomic.Bool
	// away: the last call ended because DynamoDB was not there at all. Until it answers again a call makes one
	// attempt, so that an outage is told fast, instead of each caller waiting out its patience.
	away *atomic.Bool
}

var errClosed = errors.New("dynamo: the store is closed")

func (r retrying) TransactWriteItems(ctx context.Context, in *dynamodb.TransactWriteItemsInput, _ ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error) {
	return do(ctx, r, in, r.DynamoDBAPI.TransactWriteItems)
}

func (r retrying) GetItem(ctx context.Context, in *dynamodb.GetItemInput, _ ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error) {
	return do(ctx, r, in, r.DynamoDBAPI.GetItem)
}

func (r retrying) PutItem(ctx context.Context, in *dynamodb.PutItemInput, _ ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error) {
	return do(ctx, r, in, r.DynamoDBAPI.PutItem)
}

func (r retrying) Query(ctx context.Context, in *dynamodb.QueryInput, _ ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error) {
	return do(ctx, r, in, r.DynamoDBAPI.Query)
}

func (r retrying) BatchGetItem(ctx context.Context, in *dynamodb.BatchGetItemInput, _ ...func(*dynamodb.Options)) (*dynamodb.BatchGetItemOutput, error) {
	return do(ctx, r, in, r.DynamoDBAPI.BatchGetItem)
}

func (r retrying) BatchWriteItem(ctx context.Context, in *dynamodb.BatchWriteItemInput, _ ...func(*dynamodb.Options)) (*dynamodb.BatchWriteItemOutput, error) {
	return do(ctx, r, in, r.DynamoDBAPI.BatchWriteItem)
}

// do calls until the answer is final, the context ends, patience does, or the store is closed.
func do[In, Out any](ctx context.Context, r retrying, in *In, call func(context.Context, *In, ...func(*dynamodb.Options)) (*Out, error)) (*Out, error) {
	end := r.policy.end(ctx, time.Now())
	if r.away.Load() {
		end = time.Now()
	}
	doubt := false
	for attempt := 0; ; attempt++ {
		if r.closed.Load() {
			return nil, errClosed
		}
		out, err := once(ctx, r.policy.attempt, in, call)
		if err == nil {
			r.away.Store(false)
			return out, nil
		}
		if ctx.Err() != nil {
			return nil, ended(ctx, err)
		}
		verdict := classify(err)
		doubt = doubt || verdict == uncertain
		if verdict == refused {
			r.away.Store(false)
			if doubt {
				return nil, uncertainError{err}
			}
			return nil, err
		}
		if err := pause(ctx, attempt, end, err); err != nil {
			r.away.Store(verdict == uncertain)
			return nil, err
		}
	}
}

func once[In, Out any](ctx context.Context, timeout time.Duration, in *In, call func(context.Context, *In, ...func(*dynamodb.Options)) (*Out, error)) (*Out, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return call(ctx, in)
}

// pause waits before the next attempt, or says that there is no time for one.
func pause(ctx context.Context, attempt int, end time.Time, cause error) error {
	wait := jitter(attempt)
	if time.Now().Add(wait).After(end) {
		return fmt.Errorf("%w: after %d attempts: %w", eventstore.ErrUnavailable, attempt+1, cause)
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ended(ctx, cause)
	case <-timer.C:
		return nil
	}
}

func jitter(attempt int) time.Duration {
	ceiling := lastPause
	if attempt < 6 {
		ceiling = min(lastPause, firstPause<<attempt)
	}
	return rand.N(ceiling)
}

// ended is the context's error with what was going on. Where time ran out that is also DynamoDB not serving.
func ended(ctx context.Context, cause error) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Errorf("%w: %w: %v", eventstore.ErrUnavailable, ctx.Err(), cause)
	}
	return fmt.Errorf("dynamo: %w: %v", ctx.Err(), cause)
}

func classify(err error) outcome {
	var cancelled *types.TransactionCanceledException
	if errors.As(err, &cancelled) {
		return classifyReasons(cancelled.CancellationReasons)
	}
	var api smithy.APIError
	if errors.As(err, &api) {
		switch api.ErrorCode() {
		case "TransactionInProgressException": // our own token: the attempt given up is still at work
			return uncertain
		case "TransactionConflictException":
			return deferred
		}
		if _, throttled := retry.DefaultThrottleErrorCodes[api.ErrorCode()]; throttled {
			return deferred
		}
	}
	var response *awshttp.ResponseError
	if errors.As(err, &response) && response.HTTPStatusCode() >= 500 || api != nil && api.ErrorFault() == smithy.FaultServer {
		return uncertain
	}
	if api != nil {
		return refused
	}
	var cut *smithy.DeserializationError
	if errors.As(err, &cut) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || errors.Is(err, context.DeadlineExceeded) || retry.IsErrorRetryables(retry.DefaultRetryables).IsErrorRetryable(err).Bool() {
		return uncertain
	}
	return refused
}

// classifyReasons judges a cancelled transaction: a condition that does not hold is final whatever the others say.
func classifyReasons(reasons []types.CancellationReason) outcome {
	verdict := refused
	for _, r := range reasons {
		if !passing(r) {
			return refused
		}
		if c := code(r); c != "" && c != "None" {
			verdict = deferred
		}
	}
	return verdict
}

const conditionFailed = "ConditionalCheckFailed"

// passing reports whether the reason is none, or one that another attempt may not meet.
func passing(r types.CancellationReason) bool {
	switch code(r) {
	case "", "None", "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded":
		return true
	}
	return false
}

func code(r types.CancellationReason) string {
	if r.Code == nil {
		return ""
	}
	return *r.Code
}
