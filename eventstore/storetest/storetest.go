package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

// Options are what the suite asks of the Store that it tests.
type Options struct {
	Now func() time.Time // the clock by which documents expire; never nil
}

// Run tests an engine. open answers an empty Store and closes it when t ends; to close it twice must do no harm.
func Run(t *testing.T, open func(t *testing.T, o Options) eventstore.Store) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, *fixture)
	}{
		{"append", testAppend},
		{"append/conflict leaves nothing", testConflictLeavesNothing},
		{"commit/invalid", testInvalid},
		{"commit/atomic over streams and documents", testAtomic},
		{"commit/empty", testEmptyCommit},
		{"commit/caller's buffers", testBuffers},
		{"documents/revisions", testRevisions},
		{"documents/conditions", testConditions},
		{"documents/conditions of deletes", testDeleteConditions},
		{"documents/expiry", testExpiry},
		{"documents/spans", testSpans},
		{"documents/eventual", testEventual},
		{"documents/active", testActive},
		{"documents/odd names", testOddNames},
		{"documents/of streams and common", testStreamDocuments},
		{"documents/bodies", testBodies},
		{"documents/kept bodies", testKeptBodies},
		{"events/paging", testEventPages},
		{"events/large pages", testLargePages},
		{"events/round trip", testRoundTrip},
		{"events/bounds", testEventBounds},
		{"streams", testStreams},
		{"tenants", testTenants},
		{"tenants/isolation", testIsolation},
		{"tenants/erase", testErase},
		{"tenants/zero is refused", testZeroTenant},
		{"limits", testLimits},
		{"concurrency/one stream", testOneStream},
		{"concurrency/one winner", testOneWinner},
		{"concurrency/read your writes", testReadYourWrites},
		{"context", testContext},
		{"ready", testReady},
		{"close", testClose},
		{"model", testModel},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := &fixture{T: t, clock: &clock{now: time.Now().Truncate(time.Second)}}
			f.Store = open(t, Options{Now: f.clock.Now})
			test.run(t, f)
		})
	}
}

// fixture is a Store with shorthands that fail the test.
type fixture struct {
	*testing.T
	eventstore.Store
	clock *clock
}

var (
	acme  = tenancy.MustParseID("acme")
	chart = eventstore.Stream{Kind: "CHART", ID: "c1"}
)

func (f *fixture) commit(tenant tenancy.ID, c eventstore.Commit) {
	f.Helper()
	if err := f.Commit(f.Context(), tenant, c); err != nil {
		f.Fatalf("commit: %v", err)
	}
}

func (f *fixture) refused(tenant tenancy.ID, c eventstore.Commit, want error) {
	f.Helper()
	if err := f.Commit(f.Context(), tenant, c); !errors.Is(err, want) {
		f.Fatalf("commit answered %v, want %v", err, want)
	}
}

func (f *fixture) read(tenant tenancy.ID, span eventstore.Span) []eventstore.Document {
	f.Helper()
	answers, err := f.Documents(f.Context(), tenant, span)
	if err != nil {
		f.Fatalf("documents: %v", err)
	}
	if len(answers) != 1 {
		f.Fatalf("%d answers to one span", len(answers))
	}
	return answers[0]
}

// document answers the one document of a key; one of revision 0 where none is.
func (f *fixture) document(tenant tenancy.ID, k eventstore.Key) eventstore.Document {
	f.Helper()
	switch found := f.read(tenant, eventstore.One(k)); len(found) {
	case 0:
		return eventstore.Document{}
	case 1:
		return found[0]
	default:
		f.Fatalf("%d documents of one key", len(found))
		return eventstore.Document{}
	}
}

func (f *fixture) names(tenant tenancy.ID, span eventstore.Span) []string {
	f.Helper()
	names := []string{}
	for _, d := range f.read(tenant, span) {
		names = append(names, d.Key.Name)
	}
	return names
}

// log answers the whole stream, in pages of limit.
func (f *fixture) log(tenant tenancy.ID, s eventstore.Stream, limit int) []eventstore.Event {
	f.Helper()
	var all []eventstore.Event
	for {
		page, err := f.Events(f.Context(), tenant, s, int64(len(all)), limit)
		if err != nil {
			f.Fatalf("events: %v", err)
		}
		if len(page) == 0 {
			return all
		}
		if len(page) > limit {
			f.Fatalf("a page of %d events, the limit is %d", len(page), limit)
		}
		all = append(all, page...)
	}
}

func (f *fixture) streams(tenant tenancy.ID, kind string, limit int) []string {
	f.Helper()
	ids, after := []string{}, ""
	for {
		page, err := f.Streams(f.Context(), tenant, kind, after, limit)
		if err != nil {
			f.Fatalf("streams: %v", err)
		}
		if len(page) == 0 {
			return ids
		}
		if len(page) > limit {
			f.Fatalf("a page of %d streams, the limit is %d", len(page), limit)
		}
		for _, s := range page {
			if s.Kind != kind {
				f.Fatalf("%v among the streams of kind %s", s, kind)
			}
			ids = append(ids, s.ID)
		}
		after = page[len(page)-1].ID
	}
}

func (f *fixture) tenants(limit int) []string {
	f.Helper()
	ids, after := []string{}, tenancy.ID{}
	for {
		page, err := f.Tenants(f.Context(), after, limit)
		if err != nil {
			f.Fatalf("tenants: %v", err)
		}
		if len(page) == 0 {
			return ids
		}
		if len(page) > limit {
			f.Fatalf("a page of %d tenants, the limit is %d", len(page), limit)
		}
		for _, id := range page {
			ids = append(ids, id.String())
		}
		after = page[len(page)-1]
	}
}

// equal compares two lists of names.
func (f *fixture) equal(what string, got, want []string) {
	f.Helper()
	if !slices.Equal(got, want) {
		f.Fatalf("%s:\n got %q\nwant %q", what, got, want)
	}
}

// clock is a clock that the test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// event is a believable event of a version.
func event(version int64) eventstore.Event {
	at := time.Date(2026, 3, 29, 1, 59, 59, 123456789, time.UTC).Add(time.Duration(version) * time.Second)
	return eventstore.Event{
		Version: version, ID: fmt.Sprintf("event-%d", version), Type: "DataPointsRecorded", Schema: 1,
		OccurredAt: at, RecordedAt: at.Add(time.Millisecond),
		Actor: tenancy.Actor{Kind: tenancy.APIKey, ID: "key-1", Label: "n8n"},
		Data:  fmt.Appendf(nil, "payload %d", version),
	}
}

// appending is an Append of n events after a version.
func appending(s eventstore.Stream, expected int64, n int) eventstore.Append {
	a := eventstore.Append{Stream: s, Expected: expected}
	for i := range int64(n) {
		a.Events = append(a.Events, event(expected+i+1))
	}
	return a
}

// onlyAppend is a Commit of that alone.
func onlyAppend(s eventstore.Stream, expected int64, n int) eventstore.Commit {
	return eventstore.Commit{Appends: []eventstore.Append{appending(s, expected, n)}}
}

func common(name string) eventstore.Key { return eventstore.Key{Name: name} }

func putting(name, body string, when eventstore.Condition) eventstore.Put {
	return eventstore.Put{Key: common(name), Body: []byte(body), If: when}
}

func onlyPut(p ...eventstore.Put) eventstore.Commit       { return eventstore.Commit{Puts: p} }
func onlyDelete(d ...eventstore.Delete) eventstore.Commit { return eventstore.Commit{Deletes: d} }

// same reports in words how two events differ, "" if they don't. Times must be the same instant, in UTC.
func same(got, want eventstore.Event) string {
	var b strings.Builder
	differ := func(field string, got, want any) {
		if got != want {
			fmt.Fprintf(&b, "%s: got %v, want %v; ", field, got, want)
		}
	}
	differ("Version", got.Version, want.Version)
	differ("ID", got.ID, want.ID)
	differ("Type", got.Type, want.Type)
	differ("Schema", got.Schema, want.Schema)
	differ("OccurredAt", got.OccurredAt, want.OccurredAt.UTC())
	differ("RecordedAt", got.RecordedAt, want.RecordedAt.UTC())
	differ("Actor", got.Actor, want.Actor)
	differ("Source", got.Source, want.Source)
	differ("CorrelationID", got.CorrelationID, want.CorrelationID)
	differ("CausationID", got.CausationID, want.CausationID)
	if string(got.Data) != string(want.Data) {
		fmt.Fprintf(&b, "Data: got %d bytes, want %d bytes or others", len(got.Data), len(want.Data))
	}
	return b.String()
}

// isIntact fails unless the stream has n events in order, each as event made it.
func (f *fixture) isIntact(tenant tenancy.ID, s eventstore.Stream, n int) {
	f.Helper()
	all := f.log(tenant, s, 1000)
	if len(all) != n {
		f.Fatalf("%v of %v has %d events, want %d", s, tenant, len(all), n)
	}
	for i, e := range all {
		if diff := same(e, event(int64(i)+1)); diff != "" {
			f.Fatalf("event %d: %s", i, diff)
		}
	}
}

// canceled is a context that has ended.
func canceled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}
