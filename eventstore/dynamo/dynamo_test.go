package dynamo_test

import (
	"context"
	"fmt"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/eventstore/dynamo"
	"github.com/mykpi/mykpi/eventstore/dynamo/dynamolocal"
	"github.com/mykpi/mykpi/tenancy"
)

var local dynamolocal.Server

func TestMain(m *testing.M) {
	code := m.Run()
	local.Stop()
	os.Exit(code)
}

var (
	tenant  = tenancy.MustParseID("t1")
	instant = time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)
)

var prefixes atomic.Int64

// freshPrefix begins the names of tables that no other test has.
func freshPrefix() string { return fmt.Sprintf("p%d_", prefixes.Add(1)) }

// freshTables makes tables of their own for a test and answers the Options to open them.
func freshTables(t testing.TB) dynamo.Options {
	t.Helper()
	o := dynamo.Options{Config: local.Config(t), TablePrefix: freshPrefix()}
	tables, err := dynamo.NewTables(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := tables.Create(t.Context()); err != nil {
		t.Fatal(err)
	}
	return o
}

func open(t testing.TB, o dynamo.Options) *dynamo.Store {
	t.Helper()
	s, err := dynamo.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func chart(id string) eventstore.Stream { return eventstore.Stream{Kind: "CHART", ID: id} }

// event is a valid one; its ID tells stream and version.
func event(s eventstore.Stream, version int64) eventstore.Event {
	return eventstore.Event{
		Version: version, ID: fmt.Sprintf("%s-%d", s.ID, version), Type: "DataPointsRecorded", Schema: 1,
		OccurredAt: instant, RecordedAt: instant, Actor: tenancy.Actor{Kind: tenancy.APIKey, ID: "k1", Label: "n8n"},
		Source: "execution-1", CorrelationID: "c1", CausationID: "c0", Data: []byte(`{"value":"1"}`),
	}
}

func appendTo(s eventstore.Stream, expected int64, n int) eventstore.Append {
	a := eventstore.Append{Stream: s, Expected: expected}
	for i := range n {
		a.Events = append(a.Events, event(s, expected+int64(i)+1))
	}
	return a
}

func commit(t testing.TB, s eventstore.Store, c eventstore.Commit) {
	t.Helper()
	if err := s.Commit(t.Context(), tenant, c); err != nil {
		t.Fatal(err)
	}
}

// now is the NOW document of a chart under a condition, as the layer above puts it beside every append.
func now(id string, c eventstore.Condition) eventstore.Put {
	return eventstore.Put{Key: eventstore.Key{Name: "NOW#" + id}, Body: []byte("now of " + id), If: c}
}

func one(t testing.TB, s eventstore.Store, k eventstore.Key) (eventstore.Document, bool) {
	t.Helper()
	found, err := s.Documents(context.WithoutCancel(t.Context()), tenant, eventstore.One(k))
	if err != nil {
		t.Fatal(err)
	}
	if len(found[0]) == 0 {
		return eventstore.Document{}, false
	}
	return found[0][0], true
}

func versions(t testing.TB, s eventstore.Store, stream eventstore.Stream) []int64 {
	t.Helper()
	var all []int64
	for after := int64(0); ; {
		events, err := s.Events(t.Context(), tenant, stream, after, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if len(events) == 0 {
			return all
		}
		for _, e := range events {
			all = append(all, e.Version)
			after = e.Version
		}
	}
}
