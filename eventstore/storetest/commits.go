package storetest

import (
	"strings"
	"testing"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

func testAppend(t *testing.T, f *fixture) {
	f.isIntact(acme, chart, 0)
	f.commit(acme, onlyAppend(chart, 0, 1))
	f.commit(acme, onlyAppend(chart, 1, 3))
	f.commit(acme, onlyAppend(chart, 4, 1))
	f.isIntact(acme, chart, 5)
	for _, expected := range []int64{0, 1, 4, 6, 100} {
		f.refused(acme, onlyAppend(chart, expected, 1), eventstore.ErrConflict)
	}
	f.refused(acme, onlyAppend(eventstore.Stream{Kind: "CHART", ID: "new"}, 1, 1), eventstore.ErrConflict)
	f.isIntact(acme, chart, 5)
	f.commit(acme, onlyAppend(chart, 5, 2))
	f.isIntact(acme, chart, 7)
}

func testConflictLeavesNothing(t *testing.T, f *fixture) {
	other := eventstore.Stream{Kind: "CHART", ID: "c2"}
	f.commit(acme, eventstore.Commit{
		Appends: []eventstore.Append{appending(chart, 0, 2)},
		Puts:    []eventstore.Put{putting("there", "old", eventstore.Always())},
	})
	for name, c := range map[string]eventstore.Commit{
		"a stream's version": {
			Appends: []eventstore.Append{appending(other, 0, 1), appending(chart, 1, 1)},
			Puts:    []eventstore.Put{putting("new", "x", eventstore.Always()), putting("there", "x", eventstore.Always())},
		},
		"a put's condition": {
			Appends: []eventstore.Append{appending(other, 0, 1), appending(chart, 2, 1)},
			Puts:    []eventstore.Put{putting("new", "x", eventstore.Always()), putting("there", "x", eventstore.IfAbsent())},
		},
		"a delete's condition": {
			Appends: []eventstore.Append{appending(other, 0, 1), appending(chart, 2, 1)},
			Puts:    []eventstore.Put{putting("new", "x", eventstore.Always())},
			Deletes: []eventstore.Delete{{Key: common("there"), If: eventstore.IfRevision(7)}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			f.refused(acme, c, eventstore.ErrConflict)
			f.isIntact(acme, chart, 2)
			f.isIntact(acme, other, 0)
			f.equal("documents", f.names(acme, eventstore.Between("a", "z")), []string{"there"})
			if d := f.document(acme, common("there")); string(d.Body) != "old" || d.Revision != 1 {
				t.Fatalf("the document is %q at revision %d", d.Body, d.Revision)
			}
			f.equal("streams", f.streams(acme, "CHART", 10), []string{"c1"})
		})
	}
}

func testInvalid(t *testing.T, f *fixture) {
	gap := onlyAppend(chart, 0, 2)
	gap.Appends[0].Events[1].Version = 3
	unordered := onlyAppend(chart, 0, 2)
	unordered.Appends[0].Events[0].Version, unordered.Appends[0].Events[1].Version = 2, 1
	unnamed := onlyAppend(chart, 0, 1)
	unnamed.Appends[0].Events[0].ID = ""
	for name, c := range map[string]eventstore.Commit{
		"gap":                  gap,
		"order":                unordered,
		"event without an id":  unnamed,
		"no events":            {Appends: []eventstore.Append{{Stream: chart}}},
		"negative version":     onlyAppend(chart, -1, 1),
		"stream named twice":   {Appends: []eventstore.Append{appending(chart, 0, 1), appending(chart, 1, 1)}},
		"kind with #":          onlyAppend(eventstore.Stream{Kind: "A#B", ID: "c"}, 0, 1),
		"id with #":            onlyAppend(eventstore.Stream{Kind: "A", ID: "b#c"}, 0, 1),
		"stream without id":    onlyAppend(eventstore.Stream{Kind: "A"}, 0, 1),
		"document named twice": {Puts: []eventstore.Put{putting("a", "x", eventstore.Always())}, Deletes: []eventstore.Delete{{Key: common("a")}}},
		"document unnamed":     onlyPut(putting("", "x", eventstore.Always())),
		"document name long":   onlyPut(putting(strings.Repeat("n", 1001), "x", eventstore.Always())),
		"document name bytes":  onlyPut(putting("a\xff", "x", eventstore.Always())),
		"active in a stream":   onlyPut(eventstore.Put{Key: eventstore.Key{Stream: chart, Name: "n"}, Active: true}),
		"document's stream":    onlyPut(eventstore.Put{Key: eventstore.Key{Stream: eventstore.Stream{Kind: "CHART"}, Name: "n"}}),
	} {
		t.Run(name, func(t *testing.T) {
			f.refused(acme, c, eventstore.ErrInvalid)
			f.isIntact(acme, chart, 0)
		})
	}
}

func testAtomic(t *testing.T, f *fixture) {
	other := eventstore.Stream{Kind: "TENANT", ID: "acme"}
	f.commit(acme, onlyPut(putting("old", "x", eventstore.Always()), putting("kept", "x", eventstore.Always())))
	f.commit(acme, eventstore.Commit{
		Appends: []eventstore.Append{appending(chart, 0, 3), appending(other, 0, 2)},
		Puts: []eventstore.Put{
			putting("new", "1", eventstore.IfAbsent()),
			putting("kept", "2", eventstore.IfRevision(1)),
			{Key: eventstore.Key{Stream: chart, Name: "new"}, Body: []byte("own")},
		},
		Deletes: []eventstore.Delete{{Key: common("old"), If: eventstore.IfRevision(1)}, {Key: common("never there")}},
	})
	f.isIntact(acme, chart, 3)
	f.isIntact(acme, other, 2)
	f.equal("documents", f.names(acme, eventstore.Between("a", "z")), []string{"kept", "new"})
	for k, body := range map[eventstore.Key]string{common("kept"): "2", common("new"): "1", {Stream: chart, Name: "new"}: "own"} {
		if d := f.document(acme, k); string(d.Body) != body || d.Key != k {
			t.Errorf("%v is %v with body %q, want %q", k, d.Key, d.Body, body)
		}
	}
}

func testEmptyCommit(t *testing.T, f *fixture) {
	f.commit(acme, eventstore.Commit{})
	f.equal("tenants", f.tenants(10), []string{})
}

// testBuffers: what the caller does with its slices before and after a call is its own affair.
func testBuffers(t *testing.T, f *fixture) {
	data, body := []byte("payload 1"), []byte("body")
	e := event(1)
	e.Data = data
	f.commit(acme, eventstore.Commit{
		Appends: []eventstore.Append{{Stream: chart, Events: []eventstore.Event{e}}},
		Puts:    []eventstore.Put{{Key: common("d"), Body: body}},
	})
	clear(data)
	clear(body)
	f.isIntact(acme, chart, 1)
	answer := f.document(acme, common("d"))
	if string(answer.Body) != "body" {
		t.Fatalf("the body changed with the caller's buffer: %q", answer.Body)
	}
	clear(answer.Body)
	clear(f.log(acme, chart, 1)[0].Data)
	f.isIntact(acme, chart, 1)
	if d := f.document(acme, common("d")); string(d.Body) != "body" {
		t.Fatalf("the body changed with an answer's buffer: %q", d.Body)
	}
}

func testZeroTenant(t *testing.T, f *fixture) {
	f.commit(acme, onlyAppend(chart, 0, 1))
	var nobody tenancy.ID
	ctx := t.Context()
	f.refused(nobody, onlyAppend(chart, 0, 1), eventstore.ErrInvalid)
	f.refused(nobody, eventstore.Commit{}, eventstore.ErrInvalid)
	_, documents := f.Documents(ctx, nobody, eventstore.One(common("a")))
	_, events := f.Events(ctx, nobody, chart, 0, 1)
	_, before := f.EventsBefore(ctx, nobody, chart, 0, 1)
	_, streams := f.Streams(ctx, nobody, "CHART", "", 1)
	expect(t, eventstore.ErrInvalid, map[string]error{
		"Documents": documents, "Events": events, "EventsBefore": before, "Streams": streams, "Erase": f.Erase(ctx, nobody),
	})
	f.isIntact(acme, chart, 1)
}
