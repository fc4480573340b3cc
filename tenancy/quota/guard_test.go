package quota_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/eventstore/sqlite"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
	"github.com/mykpi/mykpi/tenancy/quota"
)

var acme = tenancy.MustParseID("acme")

// counted counts commits.
type counted struct {
	eventstore.Store
	mu      sync.Mutex
	commits int
}

func (c *counted) Commit(ctx context.Context, id tenancy.ID, commit eventstore.Commit) error {
	c.mu.Lock()
	c.commits++
	c.mu.Unlock()
	return c.Store.Commit(ctx, id, commit)
}

type world struct {
	store     *counted
	now       time.Time
	quotas    directory.Quotas
	suspended *directory.Suspension
}

func open(t testing.TB) *world {
	t.Helper()
	w := &world{now: time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)}
	store, err := sqlite.Open(t.TempDir(), sqlite.Options{Now: func() time.Time { return w.now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	w.store = &counted{Store: store}
	return w
}

func (w *world) instance(name string) *quota.Guard {
	return quota.New(quota.Options{
		Store: w.store, Now: func() time.Time { return w.now }, Instance: name,
		Tenant: func(context.Context, tenancy.ID) (*directory.Tenant, error) {
			return &directory.Tenant{Quotas: w.quotas, Suspended: w.suspended}, nil
		},
		Sockets: func(tenancy.ID) int { return 3 },
	})
}

// record records n points, and reports whether they fit.
func record(t testing.TB, g *quota.Guard, n int) bool {
	t.Helper()
	settle, err := g.Points(t.Context(), acme, n)
	if r, ok := errors.AsType[*tenancy.Refusal](err); ok {
		if r.Code != tenancy.LimitExceeded || !strings.Contains(r.Message, "points a day") {
			t.Errorf("refused by %+v", r)
		}
		return false
	}
	if err != nil {
		t.Fatal(err)
	}
	settle(t.Context(), n)
	return true
}

func used(t testing.TB, g *quota.Guard) int {
	t.Helper()
	u, err := g.Usage(t.Context(), acme)
	if err != nil {
		t.Fatal(err)
	}
	return u.PointsToday
}

func TestOneInstanceIsExact(t *testing.T) {
	w := open(t)
	w.quotas.PointsPerDay = 500
	g := w.instance("a")
	var all sync.WaitGroup
	var mu sync.Mutex
	fitted := 0
	for range 1000 {
		all.Go(func() {
			if record(t, g, 1) {
				mu.Lock()
				fitted++
				mu.Unlock()
			}
		})
	}
	all.Wait()
	if fitted != 500 || used(t, g) != 500 {
		t.Errorf("%d points fitted and %d are counted, want 500", fitted, used(t, g))
	}
	w.now = w.now.Add(12 * time.Hour)
	if !record(t, g, 500) || record(t, g, 1) {
		t.Error("the next day does not begin with nothing")
	}
}

func TestCountingCostsAWriteInAHundredPoints(t *testing.T) {
	w := open(t)
	g := w.instance("a")
	w.quotas.PointsPerDay = 5000
	for range 1000 {
		record(t, g, 1)
	}
	if w.store.commits != 10 {
		t.Errorf("%d writes for 1,000 points, want 10", w.store.commits)
	}
}

func TestInstancesKnowOfEachOther(t *testing.T) {
	w := open(t)
	w.quotas.PointsPerDay = 1000
	a, b := w.instance("a"), w.instance("b")
	record(t, a, 600)
	if record(t, b, 500) {
		t.Error("b does not know of a's points")
	}
	if !record(t, b, 399) {
		t.Error("b knows of more than a's points")
	}
	w.now = w.now.Add(10 * time.Second)
	if record(t, a, 2) {
		t.Error("a does not know of b's points after ten seconds")
	}
	if got := used(t, a); got != 999 {
		t.Errorf("a counts %d", got)
	}
}

func TestAfterARestartTheCountGoesOn(t *testing.T) {
	w := open(t)
	first := w.instance("first")
	record(t, first, 42)
	if err := first.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := used(t, w.instance("second")); got != 42 {
		t.Errorf("counted %d, want 42", got)
	}
}

func TestWhatWasNotRecordedDoesNotCount(t *testing.T) {
	w := open(t)
	w.quotas.PointsPerDay = 10
	g := w.instance("a")
	settle, err := g.Points(t.Context(), acme, 10)
	if err != nil {
		t.Fatal(err)
	}
	if record(t, g, 1) {
		t.Error("reserved points are given twice")
	}
	settle(t.Context(), 4)
	if !record(t, g, 6) || record(t, g, 1) {
		t.Error("six must fit, and no more")
	}
}

func TestASuspendedTenantRecordsNothing(t *testing.T) {
	w := open(t)
	w.suspended = &directory.Suspension{}
	g := w.instance("a")
	_, err := g.Points(t.Context(), acme, 1)
	for _, err := range []error{err, g.Chart(t.Context(), acme)} {
		if r, ok := errors.AsType[*tenancy.Refusal](err); !ok || r.Code != tenancy.Forbidden {
			t.Errorf("%v", err)
		}
	}
}

func TestCharts(t *testing.T) {
	w := open(t)
	w.quotas.Charts = 2
	g := w.instance("a")
	for i, id := range []string{"c1", "c2", "c3"} {
		err := g.Chart(t.Context(), acme)
		if r, ok := errors.AsType[*tenancy.Refusal](err); ok != (i == 2) || ok && (r.Code != tenancy.LimitExceeded || !strings.Contains(r.Message, "charts")) {
			t.Errorf("chart %d: %v", i, err)
		}
		if err == nil {
			err = w.store.Commit(t.Context(), acme, eventstore.Commit{Appends: []eventstore.Append{{Stream: eventstore.Stream{Kind: "CHART", ID: id},
				Events: []eventstore.Event{{Version: 1, ID: id, Type: "x", Schema: 1, OccurredAt: w.now, RecordedAt: w.now}}}}})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	u, err := g.Usage(t.Context(), acme)
	if err != nil || *u != (quota.Usage{Charts: 2, ChartLimit: 2, PointsPerDayLimit: quota.Default.PointsPerDay, Sockets: 3, SocketLimit: quota.Default.Sockets}) {
		t.Errorf("%+v, %v", u, err)
	}
}
