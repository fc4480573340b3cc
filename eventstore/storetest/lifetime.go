package storetest

import (
	"context"
	"testing"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

// everyCall answers the error of each method.
func everyCall(ctx context.Context, s eventstore.Store) map[string]error {
	_, documents := s.Documents(ctx, acme, eventstore.One(common("a")))
	_, events := s.Events(ctx, acme, chart, 0, 1)
	_, before := s.EventsBefore(ctx, acme, chart, 0, 1)
	_, streams := s.Streams(ctx, acme, "CHART", "", 1)
	_, tenants := s.Tenants(ctx, tenancy.ID{}, 1)
	return map[string]error{
		"Commit":    s.Commit(ctx, acme, onlyAppend(chart, 1, 1)),
		"Documents": documents, "Events": events, "EventsBefore": before, "Streams": streams, "Tenants": tenants,
		"Erase": s.Erase(ctx, acme), "Ready": s.Ready(ctx),
	}
}

func testContext(t *testing.T, f *fixture) {
	f.commit(acme, onlyAppend(chart, 0, 1))
	expect(t, context.Canceled, everyCall(canceled(), f.Store))
	f.isIntact(acme, chart, 1)
	f.commit(acme, onlyAppend(chart, 1, 1)) // nothing of it was left behind
}

func testReady(t *testing.T, f *fixture) {
	for range 3 {
		if err := f.Ready(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	f.equal("tenants after the probes", f.tenants(10), []string{})
}

func testClose(t *testing.T, f *fixture) {
	f.commit(acme, onlyAppend(chart, 0, 1))
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	for method, err := range everyCall(t.Context(), f.Store) {
		if err == nil {
			t.Errorf("%s answers no error after Close", method)
		}
	}
}
