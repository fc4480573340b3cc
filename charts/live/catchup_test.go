package live_test

import (
	"context"
	"testing"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/charts/live"
	"github.com/mykpi/mykpi/tenancy/directory"
	"github.com/mykpi/mykpi/test/core"
)

// next is the next update; the test's own deadline ends a wait for one that never comes.
func next(t *testing.T, updates <-chan *live.KpiUpdate) *live.KpiUpdate {
	t.Helper()
	u, open := <-updates
	if !open {
		t.Fatal("the updates have ended")
	}
	return u
}

// What another process commits is not told here; a look at the store finds it, and each change once.
func TestCatchUpFindsWhatNobodyTold(t *testing.T) {
	clock := core.At(time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC))
	elsewhere := core.New(t, clock)
	here := core.On(elsewhere.Store, clock)
	as := elsewhere.Tenant(t, "UTC", directory.Monday)
	shown, archived := elsewhere.Chart(t, as, charts.Sum), elsewhere.Chart(t, as, charts.Sum)
	if _, err := elsewhere.Commands.ArchiveChart(t.Context(), as, command.ArchiveChart{Chart: charts.Ref{ID: archived}}); err != nil {
		t.Fatal(err)
	}
	updates, err := here.Hub.KpiUpdated(t.Context(), as.Tenant(), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	look := func() {
		t.Helper()
		if err := here.Hub.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	expect := func(id charts.ID, version int, cause live.Cause) {
		t.Helper()
		if u := next(t, updates); u.Chart.ID != string(id) || u.Chart.Version != version || u.Cause != cause {
			t.Fatalf("%s at version %d for %s, want %s at %d for %s", u.Chart.ID, u.Chart.Version, u.Cause, id, version, cause)
		}
	}
	expect(shown, 1, live.Snapshot)
	look()
	// What it marked is read by the time that another watcher hears of anything: else it might be read as it is after the next point.
	another, leave := context.WithCancel(t.Context())
	others, err := here.Hub.KpiUpdated(another, as.Tenant(), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	next(t, others)
	leave()

	clock.Advance(time.Second)
	elsewhere.Record(t, as, shown, core.Point(clock.Now(), "1"))
	look()
	expect(shown, 2, live.PointsRecorded)

	clock.Advance(time.Second)
	if _, err := elsewhere.Commands.ArchiveChart(t.Context(), as, command.ArchiveChart{Chart: charts.Ref{ID: shown}}); err != nil {
		t.Fatal(err)
	}
	look()
	look()
	expect(shown, 3, live.ChartArchived)

	clock.Advance(time.Second)
	created := elsewhere.Chart(t, as, charts.Last)
	look()
	expect(created, 1, live.ChartCreated)

	// What this process has told is not told again.
	clock.Advance(time.Second)
	here.Record(t, as, created, core.Point(clock.Now(), "1"))
	expect(created, 2, live.PointsRecorded)
	look()

	zone := "Asia/Tokyo"
	if _, err := elsewhere.Directory.UpdateTenant(t.Context(), as, directory.Changes{TimeZone: &zone}); err != nil {
		t.Fatal(err)
	}
	look()
	if u := next(t, updates); u.Cause != live.TenantUpdated {
		t.Errorf("after a change of the tenant: %s", u.Cause)
	}
}
