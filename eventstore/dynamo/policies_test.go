package dynamo_test

import (
	"context"
	"encoding/json"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/guregu/dynamo/v2/dynamodbiface"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

// statement is a part of a policy of deploy/aws/policies.json.
type statement struct {
	Sid       string
	Action    []string
	Condition map[string]map[string]any
}

func policies(t *testing.T) map[string][]statement {
	t.Helper()
	raw, err := os.ReadFile("../../deploy/aws/policies.json")
	if err != nil {
		t.Fatal(err)
	}
	var template struct {
		Resources map[string]struct {
			Properties struct {
				PolicyDocument struct{ Statement []statement }
			}
		}
	}
	if err := json.Unmarshal(raw, &template); err != nil {
		t.Fatal(err)
	}
	all := map[string][]statement{}
	for name, r := range template.Resources {
		all[name] = r.Properties.PolicyDocument.Statement
	}
	return all
}

func actions(statements []statement) []string {
	var all []string
	for _, s := range statements {
		all = append(all, s.Action...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// recorder notes which actions IAM is asked for, and on which partition keys. DynamoDB asks for those of the items of
// a transaction, not for the transaction.
type recorder struct {
	mu      sync.Mutex
	actions map[string]map[string]bool // action -> partition keys
}

func (r *recorder) note(action string, keyed map[string]types.AttributeValue, name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	action = "dynamodb:" + action
	if r.actions[action] == nil {
		r.actions[action] = map[string]bool{}
	}
	r.actions[action][keyed[name].(*types.AttributeValueMemberS).Value] = true
}

func (r *recorder) wrap(api dynamodbiface.DynamoDBAPI) dynamodbiface.DynamoDBAPI {
	return recorded{api, r}
}

type recorded struct {
	dynamodbiface.DynamoDBAPI
	*recorder
}

func (r recorded) TransactWriteItems(ctx context.Context, in *dynamodb.TransactWriteItemsInput, o ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error) {
	for _, w := range in.TransactItems {
		switch {
		case w.Put != nil:
			r.note("PutItem", w.Put.Item, "PK")
		case w.Update != nil:
			r.note("UpdateItem", w.Update.Key, "PK")
		case w.Delete != nil:
			r.note("DeleteItem", w.Delete.Key, "PK")
		case w.ConditionCheck != nil:
			r.note("ConditionCheckItem", w.ConditionCheck.Key, "PK")
		}
	}
	return r.DynamoDBAPI.TransactWriteItems(ctx, in, o...)
}

func (r recorded) PutItem(ctx context.Context, in *dynamodb.PutItemInput, o ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error) {
	r.note("PutItem", in.Item, "PK")
	return r.DynamoDBAPI.PutItem(ctx, in, o...)
}

func (r recorded) GetItem(ctx context.Context, in *dynamodb.GetItemInput, o ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error) {
	r.note("GetItem", in.Key, "PK")
	return r.DynamoDBAPI.GetItem(ctx, in, o...)
}

func (r recorded) BatchGetItem(ctx context.Context, in *dynamodb.BatchGetItemInput, o ...func(*dynamodb.Options)) (*dynamodb.BatchGetItemOutput, error) {
	for _, request := range in.RequestItems {
		for _, key := range request.Keys {
			r.note("BatchGetItem", key, "PK")
		}
	}
	return r.DynamoDBAPI.BatchGetItem(ctx, in, o...)
}

func (r recorded) BatchWriteItem(ctx context.Context, in *dynamodb.BatchWriteItemInput, o ...func(*dynamodb.Options)) (*dynamodb.BatchWriteItemOutput, error) {
	for _, requests := range in.RequestItems {
		for _, w := range requests {
			r.note("BatchWriteItem", w.DeleteRequest.Key, "PK")
		}
	}
	return r.DynamoDBAPI.BatchWriteItem(ctx, in, o...)
}

func (r recorded) Query(ctx context.Context, in *dynamodb.QueryInput, o ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error) {
	r.note("Query", in.ExpressionAttributeValues, ":pk")
	return r.DynamoDBAPI.Query(ctx, in, o...)
}

// live does for a tenant all that a server does.
func live(t *testing.T, s eventstore.Store, tenant tenancy.ID) {
	t.Helper()
	do := func(c eventstore.Commit) {
		t.Helper()
		if err := s.Commit(t.Context(), tenant, c); err != nil {
			t.Fatal(err)
		}
	}
	a := chart("a")
	do(point(a, 0, 0))
	do(point(a, 1, 1))
	do(eventstore.Commit{Appends: []eventstore.Append{appendTo(a, 2, 1)}})
	do(eventstore.Commit{Puts: []eventstore.Put{
		{Key: eventstore.Key{Name: "KEY#k"}, Body: []byte("a")},
		{Key: eventstore.Key{Stream: chart("orphan"), Name: "IDEM#1"}, Expires: time.Now().Add(time.Hour)},
	}})
	do(eventstore.Commit{Deletes: []eventstore.Delete{{Key: eventstore.Key{Name: "KEY#k"}}}})
	_, documents := s.Documents(t.Context(), tenant, eventstore.Between("CHART#", "NOW$"), eventstore.One(eventstore.Key{Stream: a, Name: "IDEM#1"}))
	_, events := s.Events(t.Context(), tenant, a, 0, 10)
	_, before := s.EventsBefore(t.Context(), tenant, a, 0, 10)
	_, streams := s.Streams(t.Context(), tenant, "CHART", "", 10)
	for _, err := range []error{documents, events, before, streams, s.Ready(t.Context())} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// The policies allow what the engine does, and not more.
func TestPolicies(t *testing.T) {
	r := &recorder{actions: map[string]map[string]bool{}}
	o := freshTables(t)
	o.Wrap = r.wrap
	s := open(t, o)
	live(t, s, tenancy.MustParseID("t1"))
	if _, err := s.Tenants(t.Context(), tenancy.ID{}, 10); err != nil {
		t.Fatal(err)
	}
	asked := func() []string {
		all := []string{"dynamodb:DescribeTable"} // Open's, past the wrapper
		for action := range r.actions {
			all = append(all, action)
		}
		slices.Sort(all)
		return all
	}
	all := policies(t)
	if got, want := actions(all["Server"]), asked(); !slices.Equal(got, want) {
		t.Errorf("Server allows %v, the engine asks for %v", got, want)
	}
	if got := actions(all["OneTenant"]); !slices.Equal(got, actions(all["Server"])) {
		t.Errorf("OneTenant allows %v", got)
	}
	if err := s.Erase(t.Context(), tenancy.MustParseID("t1")); err != nil {
		t.Fatal(err)
	}
	if got, want := actions(slices.Concat(all["Server"], all["Eraser"])), asked(); !slices.Equal(got, want) {
		t.Errorf("Server and Eraser allow %v, the engine asks for %v", got, want)
	}
}

// By the policy OneTenant a tenant's session may use the keys of that tenant alone.
func TestLeadingKeysHoldTheWall(t *testing.T) {
	statements := policies(t)["OneTenant"]
	allowed := func(tenant, action, key string) bool {
		for _, s := range statements {
			keyed := s.Condition["ForAllValues:StringLike"]
			if keyed == nil {
				keyed = s.Condition["ForAllValues:StringEquals"]
			}
			patterns, _ := keyed["dynamodb:LeadingKeys"].([]any)
			for _, p := range patterns {
				// '*' of IAM is that of path.Match as long as no key has a slash.
				pattern := strings.ReplaceAll(p.(string), "${aws:PrincipalTag/mykpi-tenant}", tenant)
				if match, err := path.Match(pattern, key); err == nil && match && slices.Contains(s.Action, action) {
					return true
				}
			}
		}
		return false
	}
	tenants := []string{"t1", "t10", "T1", "1", "CHART", "a", "TENANT", "TENANTS"}
	used := map[string]map[string]map[string]bool{}
	for _, name := range tenants {
		r := &recorder{actions: map[string]map[string]bool{}}
		o := freshTables(t)
		o.Wrap = r.wrap
		live(t, open(t, o), tenancy.MustParseID(name))
		used[name] = r.actions
	}
	for _, name := range tenants {
		for action, keys := range used[name] {
			for key := range keys {
				for _, session := range tenants {
					want := session == name || key == "TENANTS"
					if got := allowed(session, action, key); got != want {
						t.Errorf("session of %s, %s on %s: allowed %v", session, action, key, got)
					}
				}
			}
		}
	}
	if allowed("t1", "dynamodb:Query", "TENANTS") {
		t.Error("a tenant's session may read the list of tenants")
	}
}
