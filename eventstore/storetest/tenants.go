package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

// expect fails for each error that isn't want.
func expect(t *testing.T, want error, errs map[string]error) {
	t.Helper()
	for what, err := range errs {
		if !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", what, err, want)
		}
	}
}

func testStreams(t *testing.T, f *fixture) {
	ids := []string{"c1", "c10", "c2", "C1", "c-1", "c_1", "c.1", "z", "0"}
	for i := range 30 {
		ids = append(ids, fmt.Sprintf("many-%03d", i))
	}
	for _, id := range ids {
		f.commit(acme, onlyAppend(eventstore.Stream{Kind: "CHART", ID: id}, 0, 1))
	}
	f.commit(acme, onlyAppend(eventstore.Stream{Kind: "CHARTS", ID: "other-kind"}, 0, 1))
	f.commit(acme, onlyAppend(eventstore.Stream{Kind: "CHAR", ID: "T"}, 0, 1))
	f.commit(acme, onlyAppend(eventstore.Stream{Kind: "CHART", ID: "z"}, 1, 1))
	slices.Sort(ids)
	for _, limit := range []int{1, 7, 100} {
		f.equal(fmt.Sprintf("in pages of %d", limit), f.streams(acme, "CHART", limit), ids)
	}
	f.equal("another kind", f.streams(acme, "CHAR", 10), []string{"T"})
	f.equal("an unknown kind", f.streams(acme, "CHA", 10), []string{})
	after, err := f.Streams(t.Context(), acme, "CHART", "c1", 1)
	if err != nil || len(after) != 1 || after[0].ID != "c10" {
		t.Errorf("after c1: %v, %v", after, err)
	}
	_, zero := f.Streams(t.Context(), acme, "CHART", "", 0)
	_, kind := f.Streams(t.Context(), acme, "", "", 1)
	expect(t, eventstore.ErrInvalid, map[string]error{"limit 0": zero, "no kind": kind})
}

// neighbours are tenants whose names a careless key would mix up.
var neighbours = []string{"t1", "t10", "T1", "t-1", "t.1", "t_1", "t", "t1-", "t1.CHART", "t1-CHART-c1", "11", "t2"}

func testTenants(t *testing.T, f *fixture) {
	f.equal("an empty store", f.tenants(10), []string{})
	for _, name := range neighbours {
		for _, s := range []eventstore.Stream{chart, {Kind: "TENANT", ID: name}} {
			f.commit(tenancy.MustParseID(name), onlyAppend(s, 0, 2))
		}
	}
	want := slices.Sorted(slices.Values(neighbours))
	for _, limit := range []int{1, 5, 100} {
		f.equal(fmt.Sprintf("in pages of %d", limit), f.tenants(limit), want)
	}
	between, err := f.Tenants(t.Context(), tenancy.MustParseID("t1-A"), 1)
	if err != nil || len(between) != 1 || between[0].String() != "t1-CHART-c1" {
		t.Errorf("after a tenant that isn't there: %v, %v", between, err)
	}
	_, zero := f.Tenants(t.Context(), tenancy.ID{}, 0)
	expect(t, eventstore.ErrInvalid, map[string]error{"limit 0": zero})
}

// inhabit gives each of the neighbours the same names with other contents, and one event more than the one before.
func inhabit(f *fixture) {
	f.Helper()
	for i, name := range neighbours {
		tenant := tenancy.MustParseID(name)
		f.commit(tenant, eventstore.Commit{
			Appends: []eventstore.Append{appending(chart, 0, i+1), appending(eventstore.Stream{Kind: "MEMBER", ID: "m"}, 0, 1)},
			Puts: []eventstore.Put{
				putting("now", "now of "+name, eventstore.IfAbsent()),
				putting("CHART#c1", "settings of "+name, eventstore.IfAbsent()),
				{Key: eventstore.Key{Stream: chart, Name: "now"}, Body: []byte("own of " + name), If: eventstore.IfAbsent()},
			},
		})
	}
}

// lives fails unless neighbour i has all that inhabit gave it, and nothing else.
func lives(f *fixture, i int) {
	f.Helper()
	name := neighbours[i]
	tenant := tenancy.MustParseID(name)
	f.isIntact(tenant, chart, i+1)
	f.equal("charts of "+name, f.streams(tenant, "CHART", 10), []string{"c1"})
	f.equal("members of "+name, f.streams(tenant, "MEMBER", 10), []string{"m"})
	f.equal("documents of "+name, f.names(tenant, eventstore.Between("\x01", "\U0010ffff")), []string{"CHART#c1", "now"})
	for k, body := range map[eventstore.Key]string{common("now"): "now of ", common("CHART#c1"): "settings of ", {Stream: chart, Name: "now"}: "own of "} {
		if d := f.document(tenant, k); string(d.Body) != body+name {
			f.Fatalf("%v of %s has body %q", k, name, d.Body)
		}
	}
}

func testIsolation(t *testing.T, f *fixture) {
	inhabit(f)
	for i, name := range neighbours {
		lives(f, i)
		tenant := tenancy.MustParseID(name)
		// A neighbour's versions and revisions count for nothing here.
		f.refused(tenant, onlyAppend(chart, int64(len(neighbours)+5), 1), eventstore.ErrConflict)
		f.refused(tenant, onlyPut(putting("now", "x", eventstore.IfRevision(2))), eventstore.ErrConflict)
	}
	stranger := tenancy.MustParseID("t1-CHART")
	f.isIntact(stranger, chart, 0)
	f.equal("documents of a stranger", f.names(stranger, eventstore.Between("\x01", "\U0010ffff")), []string{})
	f.equal("streams of a stranger", f.streams(stranger, "CHART", 10), []string{})
	if d := f.document(stranger, common("now")); d.Revision != 0 {
		t.Fatalf("a stranger reads %q", d.Body)
	}
}

func testErase(t *testing.T, f *fixture) {
	inhabit(f)
	// More than one step of any engine.
	tenant := tenancy.MustParseID(neighbours[0])
	const more = 1200
	for at := 1; at < more; {
		n := min(more-at, f.Limits().Records-1, 300)
		f.commit(tenant, eventstore.Commit{
			Appends: []eventstore.Append{appending(chart, int64(at), n)},
			Puts:    []eventstore.Put{{Key: eventstore.Key{Stream: chart, Name: fmt.Sprint("POINT#", at)}, Body: []byte("x")}},
		})
		at += n
	}
	for i, name := range neighbours[:6] {
		tenant := tenancy.MustParseID(name)
		for range 2 { // again: there is nothing left to do
			if err := f.Erase(t.Context(), tenant); err != nil {
				t.Fatal(err)
			}
		}
		f.isIntact(tenant, chart, 0)
		f.equal("streams", f.streams(tenant, "CHART", 10), []string{})
		f.equal("documents", f.names(tenant, eventstore.Between("\x01", "\U0010ffff")), []string{})
		for _, k := range []eventstore.Key{common("now"), {Stream: chart, Name: "now"}, {Stream: chart, Name: "POINT#1"}} {
			if d := f.document(tenant, k); d.Revision != 0 {
				t.Fatalf("%v is still there", k)
			}
		}
		for other := i + 1; other < len(neighbours); other++ {
			lives(f, other)
		}
		f.equal("tenants", f.tenants(100), slices.Sorted(slices.Values(neighbours[i+1:])))
	}
	f.commit(tenant, onlyAppend(chart, 0, 2)) // the name is free again
	f.isIntact(tenant, chart, 2)
	if err := f.Erase(t.Context(), tenancy.MustParseID("never-there")); err != nil {
		t.Errorf("erase of an unknown tenant: %v", err)
	}
}
