package dynamo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/guregu/dynamo/v2"
	"github.com/guregu/dynamo/v2/dynamodbiface"

	"github.com/mykpi/mykpi/eventstore"
)

// Options say which tables to use and how to reach them. The zero value means AWS as the environment names it.
type Options struct {
	Endpoint    string // URL of the service; "" for that of AWS
	Region      string // "" for that of the environment
	TablePrefix string // before the names of both tables

	// Patience is how long a call is retried at most, within its context's deadline; 0 for 5 s.
	Patience time.Duration
	// AttemptTimeout is when one request is given up and repeated; 0 for 2 s.
	AttemptTimeout time.Duration

	// Config replaces what the environment says (credentials, region, HTTP client); nil for the environment.
	Config *aws.Config
	// Wrap stands between the engine and each single request, such as a meter; nil for none.
	Wrap func(dynamodbiface.DynamoDBAPI) dynamodbiface.DynamoDBAPI
	// Now is the clock by which documents expire; nil for time.Now.
	Now func() time.Time
}

const (
	defaultPatience       = 5 * time.Second
	defaultAttemptTimeout = 2 * time.Second

	// idleConnections are kept open to the one host that everything goes to; the SDK's 10 would make a busy server
	// shake hands all day.
	idleConnections = 256
)

// The limits of DynamoDB are 100 items and 4 MiB a transaction, 400 KiB an item, keys and names of attributes
// counted. A commit that begins the tenant's first stream carries one item more (transaction.register).
const (
	maxItems    = 100
	recordBytes = 400_000
	commitBytes = 3_900_000
)

var limits = eventstore.Limits{Records: maxItems - 1, CommitBytes: commitBytes, RecordBytes: recordBytes}

// Store is the engine. Make it with Open.
type Store struct {
	db                 *dynamo.DB
	client             retrying
	events, projection string
	now                func() time.Time
	tables             *Tables
	checked            atomic.Bool
	closed, away       atomic.Bool // see retrying
}

var _ eventstore.Store = (*Store)(nil)

// Open makes a Store on tables that are there (Tables.Create). It answers ErrTables, saying what to run, where they are
// missing or not of this engine; where DynamoDB can't be reached it answers a Store all the same, which looks at the
// tables when it is first asked whether it is Ready.
func Open(ctx context.Context, o Options) (*Store, error) {
	// Without the SDK's own retries: those of this package know a deadline and what a lost answer means.
	client, err := newClient(ctx, o, aws.NopRetryer{})
	if err != nil {
		return nil, err
	}
	s := &Store{
		events:     o.TablePrefix + eventsTable,
		projection: o.TablePrefix + projectionTable,
		now:        o.Now,
		tables:     newTables(client, o.TablePrefix),
	}
	if s.now == nil {
		s.now = time.Now
	}
	var api dynamodbiface.DynamoDBAPI = client
	if o.Wrap != nil {
		api = o.Wrap(api)
	}
	s.client = retrying{DynamoDBAPI: api, policy: policy{patience: o.Patience, attempt: o.AttemptTimeout}.withDefaults(), closed: &s.closed, away: &s.away}
	s.db = dynamo.NewFromIface(s.client)
	if err := s.check(ctx); err != nil && !errors.Is(err, eventstore.ErrUnavailable) {
		return nil, err
	}
	return s, nil
}

// newClient is the SDK's client as the Options and the environment say.
func newClient(ctx context.Context, o Options, retryer aws.Retryer) (*dynamodb.Client, error) {
	var cfg aws.Config
	if o.Config != nil {
		cfg = o.Config.Copy()
	} else {
		loaded, err := config.LoadDefaultConfig(ctx)
		if err != nil {
			return nil, fmt.Errorf("dynamo: AWS configuration: %w", err)
		}
		cfg = loaded
		cfg.HTTPClient = awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) {
			t.MaxIdleConns, t.MaxIdleConnsPerHost = idleConnections, idleConnections
		})
	}
	if o.Region != "" {
		cfg.Region = o.Region
	}
	if cfg.Region == "" {
		return nil, errors.New("dynamo: no region: set AWS_REGION")
	}
	return dynamodb.NewFromConfig(cfg, func(d *dynamodb.Options) {
		d.Retryer = retryer
		if o.Endpoint != "" {
			d.BaseEndpoint = aws.String(o.Endpoint)
		}
	}), nil
}

// check looks once whether the tables are there and ours.
func (s *Store) check(ctx context.Context) error {
	if s.checked.Load() {
		return nil
	}
	_, err := do(ctx, s.client, s.tables, func(ctx context.Context, t *Tables, _ ...func(*dynamodb.Options)) (*struct{}, error) {
		return nil, t.check(ctx)
	})
	if err != nil {
		return err
	}
	s.checked.Store(true)
	return nil
}

// Limits are those of DynamoDB, less what keys and names of attributes take.
func (s *Store) Limits() eventstore.Limits { return limits }

// Ready reads from both tables. DynamoDB has no state in which it answers strongly consistent reads of a partition
// and refuses writes to it, other than throttling, so that a paid write would tell no more.
func (s *Store) Ready(ctx context.Context) error {
	if err := s.check(ctx); err != nil {
		return err
	}
	for _, table := range []string{s.events, s.projection} {
		if _, err := s.get(ctx, key{table, tenantsPK, beforeAll}); err != nil {
			return err
		}
	}
	return nil
}

// Close refuses what comes after it. There is nothing to release: connections are the HTTP client's.
func (s *Store) Close() error {
	s.closed.Store(true)
	return nil
}
