package dynamo_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/eventstore/dynamo"
)

// The engine proves by itself that an append leaves no gap, whatever is put beside it.
func TestAppendLeavesNoGap(t *testing.T) {
	s := open(t, freshTables(t))
	a, b := chart("a"), chart("b")
	commit(t, s, eventstore.Commit{Appends: []eventstore.Append{appendTo(a, 0, 2)}, Puts: []eventstore.Put{now("a", eventstore.IfAbsent())}})
	commit(t, s, eventstore.Commit{Appends: []eventstore.Append{appendTo(b, 0, 5)}, Puts: []eventstore.Put{now("b", eventstore.IfAbsent())}})
	commit(t, s, eventstore.Commit{Puts: []eventstore.Put{{Key: eventstore.Key{Name: "NOW#c"}, Body: []byte("no head")}}})

	for _, c := range []struct {
		name     string
		puts     []eventstore.Put
		expected int64
		conflict bool
	}{
		{"ahead, alone", nil, 3, true},
		{"ahead, beside its own document", []eventstore.Put{now("a", eventstore.IfRevision(1))}, 5, true},
		{"ahead, beside another stream's document of that version", []eventstore.Put{now("b", eventstore.IfRevision(1))}, 5, true},
		{"ahead, beside a document without a head", []eventstore.Put{now("c", eventstore.IfRevision(1))}, 5, true},
		{"ahead, beside a document put always", []eventstore.Put{now("a", eventstore.Always())}, 5, true},
		{"behind", []eventstore.Put{now("a", eventstore.IfRevision(1))}, 1, true},
		{"begun again", nil, 0, true},
		{"right, beside another revision", []eventstore.Put{now("a", eventstore.IfRevision(2))}, 2, true},
		{"right, beside a document without a head", []eventstore.Put{now("c", eventstore.IfRevision(1))}, 2, false},
		{"right, beside another stream's document", []eventstore.Put{now("b", eventstore.IfRevision(1))}, 3, false},
		{"right, beside its own older document", []eventstore.Put{now("a", eventstore.IfRevision(1))}, 4, false},
		{"right, beside its own document", []eventstore.Put{now("a", eventstore.IfRevision(2))}, 5, false},
		{"right, alone", nil, 6, false},
	} {
		err := s.Commit(t.Context(), tenant, eventstore.Commit{Appends: []eventstore.Append{appendTo(a, c.expected, 1)}, Puts: c.puts})
		if c.conflict != errors.Is(err, eventstore.ErrConflict) || !c.conflict && err != nil {
			t.Errorf("%s: append after version %d: %v", c.name, c.expected, err)
		}
	}
	if got, want := versions(t, s, a), []int64{1, 2, 3, 4, 5, 6, 7}; !slices.Equal(got, want) {
		t.Errorf("versions are %v, not %v", got, want)
	}
}

// A document's name may look like an event's key without touching the log.
func TestDocumentNameIsNoEventKey(t *testing.T) {
	s := open(t, freshTables(t))
	stream := chart("a")
	name := "VERSION#0000000000000000001"
	commit(t, s, eventstore.Commit{Appends: []eventstore.Append{appendTo(stream, 0, 1)}})
	for _, n := range []string{name, "DOC#" + name} {
		commit(t, s, eventstore.Commit{Puts: []eventstore.Put{{Key: eventstore.Key{Stream: stream, Name: n}, Body: []byte(n)}}})
	}
	for _, n := range []string{name, "DOC#" + name} {
		if d, ok := one(t, s, eventstore.Key{Stream: stream, Name: n}); !ok || string(d.Body) != n {
			t.Errorf("%s: %+v, %v", n, d, ok)
		}
	}
	if got := versions(t, s, stream); !slices.Equal(got, []int64{1}) {
		t.Errorf("versions are %v", got)
	}
}

// DynamoDB takes expired items away within days; until then each condition must see them as absent.
func TestExpiredCountsAsAbsent(t *testing.T) {
	o := freshTables(t)
	clock := time.Now()
	o.Now = func() time.Time { return clock }
	s := open(t, o)
	put := func(name string, c eventstore.Condition) error {
		return s.Commit(t.Context(), tenant, eventstore.Commit{Puts: []eventstore.Put{{
			Key: eventstore.Key{Name: name}, Body: []byte("x"), If: c, Expires: clock.Add(time.Hour),
		}}})
	}
	for _, name := range []string{"always", "absent", "revision", "deleted"} {
		for range 3 {
			if err := put(name, eventstore.Always()); err != nil {
				t.Fatal(err)
			}
		}
		if d, ok := one(t, s, eventstore.Key{Name: name}); !ok || d.Revision != 3 {
			t.Fatalf("%s: %+v, %v", name, d, ok)
		}
	}
	clock = clock.Add(2 * time.Hour)
	if _, ok := one(t, s, eventstore.Key{Name: "always"}); ok {
		t.Error("an expired document is read")
	}
	if err := put("revision", eventstore.IfRevision(3)); !errors.Is(err, eventstore.ErrConflict) {
		t.Errorf("put at the revision of an expired document: %v", err)
	}
	if err := s.Commit(t.Context(), tenant, eventstore.Commit{Deletes: []eventstore.Delete{{Key: eventstore.Key{Name: "deleted"}, If: eventstore.IfRevision(3)}}}); !errors.Is(err, eventstore.ErrConflict) {
		t.Errorf("delete at the revision of an expired document: %v", err)
	}
	for name, c := range map[string]eventstore.Condition{"always": eventstore.Always(), "absent": eventstore.IfAbsent()} {
		if err := put(name, c); err != nil {
			t.Errorf("%s over an expired document: %v", name, err)
		}
		if d, ok := one(t, s, eventstore.Key{Name: name}); !ok || d.Revision != 1 {
			t.Errorf("%s over an expired document: %+v, %v", name, d, ok)
		}
	}
}

// Erase finds what no event names: documents of streams that never began.
func TestEraseFindsDocumentsWithoutEvents(t *testing.T) {
	s := open(t, freshTables(t))
	k := eventstore.Key{Stream: chart("ghost"), Name: "IDEM#1"}
	commit(t, s, eventstore.Commit{Puts: []eventstore.Put{{Key: k, Body: []byte("x")}}})
	if streams, err := s.Streams(t.Context(), tenant, "CHART", "", 10); err != nil || len(streams) != 0 {
		t.Errorf("streams %v, %v: a document alone is no stream", streams, err)
	}
	if err := s.Erase(t.Context(), tenant); err != nil {
		t.Fatal(err)
	}
	if _, ok := one(t, s, k); ok {
		t.Error("the document is still there")
	}
}

// Without a Config the engine finds region and credentials as every AWS tool does.
func TestOpenByTheEnvironment(t *testing.T) {
	o := freshTables(t)
	o.Config, o.Endpoint = nil, local.Endpoint(t)
	none := filepath.Join(t.TempDir(), "none")
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_SESSION_TOKEN": "", "AWS_REGION": "", "AWS_DEFAULT_REGION": "",
		"AWS_PROFILE": "", "AWS_CONFIG_FILE": none, "AWS_SHARED_CREDENTIALS_FILE": none, "AWS_EC2_METADATA_DISABLED": "true",
	} {
		t.Setenv(name, value)
	}
	if _, err := dynamo.Open(t.Context(), o); err == nil || !strings.Contains(err.Error(), "AWS_REGION") {
		t.Errorf("without a region: %v", err)
	}
	t.Setenv("AWS_REGION", local.Config(t).Region)
	commit(t, open(t, o), point(chart("a"), 0, 0))
	o.Region = "eu-west-1"
	if _, err := dynamo.Open(t.Context(), o); !errors.Is(err, dynamo.ErrTables) {
		t.Errorf("in a region without the tables: %v", err)
	}
}

// A time that RFC 3339 can't say is refused, not bent.
func TestYearsBeyondRFC3339(t *testing.T) {
	s := open(t, freshTables(t))
	c := eventstore.Commit{Appends: []eventstore.Append{appendTo(chart("a"), 0, 1)}}
	c.Appends[0].Events[0].OccurredAt = time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)
	if err := s.Commit(t.Context(), tenant, c); !errors.Is(err, eventstore.ErrInvalid) {
		t.Errorf("%v, want ErrInvalid", err)
	}
}

// The sparse index holds the documents that were last put as active, by tenant.
func TestActiveIndex(t *testing.T) {
	o := freshTables(t)
	s := open(t, o)
	put := func(id string, active bool, when eventstore.Condition) eventstore.Put {
		return eventstore.Put{Key: eventstore.Key{Name: "CHART#" + id}, Body: []byte("x"), If: when, Active: active}
	}
	commit(t, s, eventstore.Commit{Puts: []eventstore.Put{
		put("a", true, eventstore.IfAbsent()), put("b", true, eventstore.Always()), put("c", false, eventstore.Always()), put("d", true, eventstore.Always()),
	}})
	commit(t, s, eventstore.Commit{Puts: []eventstore.Put{put("a", false, eventstore.IfRevision(1)), put("d", false, eventstore.Always())}})
	out, err := dynamodb.NewFromConfig(*o.Config).Query(t.Context(), &dynamodb.QueryInput{
		TableName: aws.String(o.TablePrefix + "charts_projection"), IndexName: aws.String("active"),
		KeyConditionExpression: aws.String("active = :t"), ExpressionAttributeValues: map[string]types.AttributeValue{":t": &types.AttributeValueMemberS{Value: "TENANT#" + tenant.String()}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Items) != 1 || out.Items[0]["SK"].(*types.AttributeValueMemberS).Value != "CHART#b" {
		t.Errorf("the index holds %v, want CHART#b", out.Items)
	}
}

// More streams begin in one commit than their entries in the registry leave room for.
func TestTooManyNewStreams(t *testing.T) {
	s := open(t, freshTables(t))
	many := func(n int) (c eventstore.Commit) {
		for i := range n {
			c.Appends = append(c.Appends, appendTo(chart(fmt.Sprint("many", n, "-", i)), 0, 1))
		}
		return c
	}
	commit(t, s, many(49))
	if err := s.Commit(t.Context(), tenant, many(51)); !errors.Is(err, eventstore.ErrTooLarge) {
		t.Errorf("51 new streams: %v, want ErrTooLarge", err)
	}
}
