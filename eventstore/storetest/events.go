package storetest

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

// fill appends n events in commits that the engine takes, and stirs another stream's among them.
func (f *fixture) fill(s eventstore.Stream, n int) {
	f.Helper()
	other := eventstore.Stream{Kind: s.Kind, ID: s.ID + "0"}
	chunks := []int{1, 2, 7, 64, 65, 100, 500}
	for i, at := 0, 0; at < n; i++ {
		size := min(n-at, chunks[i%len(chunks)], f.Limits().Records-1)
		f.commit(acme, eventstore.Commit{Appends: []eventstore.Append{appending(s, int64(at), size), appending(other, int64(i), 1)}})
		at += size
	}
}

func testEventPages(t *testing.T, f *fixture) {
	const n = 2500
	f.fill(chart, n)
	f.isIntact(acme, chart, n)
	for _, limit := range []int{7, 64, 999, 10_000} {
		if got := f.log(acme, chart, limit); len(got) != n {
			t.Fatalf("pages of %d hold %d events, want %d", limit, len(got), n)
		}
	}
	for _, at := range []int64{0, 1, 62, 63, 64, 65, 127, 128, 129, 1000, n - 1, n, n + 1, n + 1000} {
		page, err := f.Events(t.Context(), acme, chart, at, 3)
		if err != nil {
			t.Fatal(err)
		}
		f.versions(fmt.Sprintf("after %d", at), page, at+1, 1, int(max(0, min(3, n-at))))
		page, err = f.EventsBefore(t.Context(), acme, chart, at, 3)
		if err != nil {
			t.Fatal(err)
		}
		newest := int64(n)
		if at > 0 {
			newest = min(n, at-1)
		}
		f.versions(fmt.Sprintf("before %d", at), page, newest, -1, int(min(3, newest)))
	}
	var back []eventstore.Event
	for before := int64(0); ; {
		page, err := f.EventsBefore(t.Context(), acme, chart, before, 333)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		back = append(back, page...)
		if before = page[len(page)-1].Version; before == 1 {
			break
		}
	}
	f.versions("all backwards", back, n, -1, n)
}

// versions fails unless the page has n events, from a version by steps of one, each as event made it.
func (f *fixture) versions(what string, page []eventstore.Event, first, step int64, n int) {
	f.Helper()
	if len(page) == 0 && n > 0 || len(page) > n {
		f.Fatalf("%s: %d events, want %d", what, len(page), n)
	}
	for i, e := range page {
		if diff := same(e, event(first+int64(i)*step)); diff != "" {
			f.Fatalf("%s, event %d: %s", what, i, diff)
		}
	}
}

func testLargePages(t *testing.T, f *fixture) {
	const n, size = 12, 300_000
	for v := range int64(n) {
		e := event(v + 1)
		e.Data = bytes.Repeat([]byte{byte(v)}, size)
		f.commit(acme, eventstore.Commit{Appends: []eventstore.Append{{Stream: chart, Expected: v, Events: []eventstore.Event{e}}}})
	}
	check := func(what string, e eventstore.Event, version int64) {
		if e.Version != version || len(e.Data) != size || e.Data[0] != byte(version-1) || e.Data[size-1] != byte(version-1) {
			t.Fatalf("%s: version %d with %d bytes where %d should be", what, e.Version, len(e.Data), version)
		}
	}
	for i, e := range f.log(acme, chart, 1000) {
		check("forwards", e, int64(i)+1)
	}
	if got := len(f.log(acme, chart, 1000)); got != n {
		t.Fatalf("%d events, want %d", got, n)
	}
	for version := int64(n); version > 0; {
		page, err := f.EventsBefore(t.Context(), acme, chart, version+1, 1000)
		if err != nil || len(page) == 0 {
			t.Fatalf("before %d: %d events, %v", version+1, len(page), err)
		}
		for _, e := range page {
			check("backwards", e, version)
			version--
		}
	}
}

func testRoundTrip(t *testing.T, f *fixture) {
	lisbon := time.FixedZone("WEST", 3600)
	full := eventstore.Event{
		ID: strings.Repeat("i", 64), Type: "ChartCreated", Schema: 3,
		OccurredAt: time.Date(2026, 10, 25, 2, 30, 0, 1, lisbon), RecordedAt: time.Date(2026, 10, 25, 1, 30, 0, 999_999_999, time.UTC),
		Actor:  tenancy.Actor{Kind: tenancy.User, ID: "sub#1", Label: "Ana \U0001F4C8 \x00 'quoted'"},
		Source: "n8n:4711", CorrelationID: "corr", CausationID: "cause", Data: []byte("\x00\xff{}\n"),
	}
	bare := eventstore.Event{ID: "x", Type: "T", Schema: 1, OccurredAt: time.Unix(0, 0), RecordedAt: time.Unix(0, 1)}
	empty := bare
	empty.Data = []byte{}
	large := bare
	large.Data = bytes.Repeat([]byte("0123456789"), 30_000)
	old := bare
	old.OccurredAt, old.RecordedAt = time.Date(1, 1, 1, 0, 0, 0, 1, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC)
	events := []eventstore.Event{full, bare, empty, large, old}
	for i := range events {
		events[i].Version = int64(i) + 1
		f.commit(acme, eventstore.Commit{Appends: []eventstore.Append{{Stream: chart, Expected: int64(i), Events: events[i : i+1]}}})
	}
	got := f.log(acme, chart, 10)
	if len(got) != len(events) {
		t.Fatalf("%d events, want %d", len(got), len(events))
	}
	for i := range got {
		if diff := same(got[i], events[i]); diff != "" {
			t.Errorf("event %d: %s", i, diff)
		}
	}
}

func testEventBounds(t *testing.T, f *fixture) {
	f.commit(acme, onlyAppend(chart, 0, 3))
	ctx := t.Context()
	missing := eventstore.Stream{Kind: "CHART", ID: "missing"}
	for _, read := range []func() ([]eventstore.Event, error){
		func() ([]eventstore.Event, error) { return f.Events(ctx, acme, missing, 0, 1) },
		func() ([]eventstore.Event, error) { return f.EventsBefore(ctx, acme, missing, 0, 1) },
		func() ([]eventstore.Event, error) { return f.Events(ctx, acme, chart, 3, 1) },
		func() ([]eventstore.Event, error) { return f.EventsBefore(ctx, acme, chart, 1, 1) },
	} {
		if events, err := read(); err != nil || len(events) != 0 {
			t.Errorf("got %d events, %v; want none", len(events), err)
		}
	}
	_, none := f.Events(ctx, acme, chart, 0, 0)
	_, negative := f.Events(ctx, acme, chart, 0, -1)
	_, before := f.EventsBefore(ctx, acme, chart, 0, 0)
	_, unnamed := f.Events(ctx, acme, eventstore.Stream{}, 0, 1)
	expect(t, eventstore.ErrInvalid, map[string]error{"limit 0": none, "limit -1": negative, "before, limit 0": before, "no stream": unnamed})
}
