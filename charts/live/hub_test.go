package live_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/charts/live"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
	"github.com/mykpi/mykpi/test/core"
)

var start = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// stage is a tenant with charts that are watched.
type stage struct {
	*core.Core
	t  *testing.T
	as tenancy.Identity
}

func newStage(t *testing.T) stage {
	c := core.New(t, core.At(start))
	return stage{c, t, c.Tenant(t, "Europe/Paris", directory.Monday)}
}

// charts makes charts.
func (s stage) charts(n int, change ...func(*charts.Settings)) []charts.ID {
	var ids []charts.ID
	for range n {
		ids = append(ids, s.Chart(s.t, s.as, charts.Sum, change...))
	}
	return ids
}

// one records a point of 1 that no other is.
func (s stage) one(id charts.ID) {
	s.Record(s.t, s.as, id, command.PointInput{Value: charts.DecimalOf(1, 0), At: new(s.Clock.Now())})
	s.Clock.Advance(time.Microsecond)
}

// watch watches until the test ends.
func (s stage) watch(ids []charts.ID, after *string) <-chan *live.KpiUpdate {
	s.t.Helper()
	updates, err := s.Hub.KpiUpdated(s.t.Context(), s.as.Tenant(), refs(ids), after)
	if err != nil {
		s.t.Fatal(err)
	}
	return updates
}

func refs(ids []charts.ID) []charts.Ref {
	var refs []charts.Ref
	for _, id := range ids {
		refs = append(refs, charts.Ref{ID: id})
	}
	return refs
}

// expect takes as many updates as there are charts, which must be of these charts, each once, and of this cause.
func expect(t *testing.T, updates <-chan *live.KpiUpdate, cause live.Cause, ids ...charts.ID) (last *live.KpiUpdate) {
	t.Helper()
	missing := map[string]bool{}
	for _, id := range ids {
		missing[string(id)] = true
	}
	for range ids {
		u, open := <-updates
		if !open {
			t.Fatal("the updates ended")
		}
		if u.Cause != cause || !missing[u.Chart.ID] {
			t.Fatalf("%s of %s at version %d, want %s of one of %v", u.Cause, u.Chart.ID, u.Chart.Version, cause, missing)
		}
		delete(missing, u.Chart.ID)
		last = u
	}
	return last
}

// quiet fails where an update waits once everything has come to rest.
func quiet(t *testing.T, updates <-chan *live.KpiUpdate) {
	t.Helper()
	synctest.Wait()
	select {
	case u := <-updates:
		t.Fatalf("%s of %s at version %d, want nothing", u.Cause, u.Chart.ID, u.Chart.Version)
	default:
	}
}

// pass lets time pass, on the clock of the core and on that of its timers.
func (s stage) pass(d time.Duration) {
	s.Clock.Advance(d)
	time.Sleep(d)
}

func TestASnapshotThenChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		ids := s.charts(3)
		updates := s.watch(nil, nil)
		expect(t, updates, live.Snapshot, ids...)
		quiet(t, updates)

		s.one(ids[1])
		u := expect(t, updates, live.PointsRecorded, ids[1])
		if u.Chart.Version != 2 || !u.OccurredAt.Equal(start) {
			t.Errorf("version %d at %v, want 2 at %v", u.Chart.Version, u.OccurredAt, start)
		}
		kpi, err := u.Chart.Kpi(t.Context(), nil, nil, nil)
		if err != nil || kpi.Value.String() != "1" {
			t.Errorf("the KPI is %+v, %v", kpi, err)
		}
		ctx, as := t.Context(), s.as
		ref := charts.Ref{ID: ids[0]}
		for _, step := range []struct {
			cause live.Cause
			do    func() error
		}{
			{live.ChartUpdated, func() error {
				_, err := s.Commands.UpdateChart(ctx, as, command.UpdateChart{Chart: ref, Change: func(s charts.Settings) charts.Settings { s.Name = "Other"; return s }})
				return err
			}},
			{live.ChartArchived, func() error {
				_, err := s.Commands.ArchiveChart(ctx, as, command.ArchiveChart{Chart: ref})
				return err
			}},
			{live.ChartRestored, func() error {
				_, err := s.Commands.RestoreChart(ctx, as, command.RestoreChart{Chart: ref})
				return err
			}},
		} {
			if err := step.do(); err != nil {
				t.Fatal(err)
			}
			expect(t, updates, step.cause, ids[0])
		}
		if _, err := s.Commands.RemoveDataPoints(ctx, as, command.RemoveDataPoints{Chart: charts.Ref{ID: ids[1]}, Instants: []time.Time{start}}); err != nil {
			t.Fatal(err)
		}
		expect(t, updates, live.PointsRemoved, ids[1])
		added := s.charts(1)
		expect(t, updates, live.ChartCreated, added...)
		zone := "Asia/Kathmandu"
		if _, err := s.Directory.UpdateTenant(ctx, as, directory.Changes{TimeZone: &zone}); err != nil {
			t.Fatal(err)
		}
		expect(t, updates, live.TenantUpdated, append(ids, added...)...)
		s.Record(t, as, ids[2], core.Point(start.Add(-time.Hour), "1"))
		expect(t, updates, live.PointsRecorded, ids[2])
		s.Record(t, as, ids[2], core.Point(start.Add(-time.Hour), "1")) // told again
		quiet(t, updates)
	})
}

func TestAWatcherHearsOfItsScopeAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		ids := s.charts(3)
		stranger := stage{s.Core, t, s.Tenant(t, "Europe/Paris", directory.Monday)}
		updates := s.watch(ids[:1], nil)
		expect(t, updates, live.Snapshot, ids[0])
		s.one(ids[1])
		s.charts(1)
		stranger.one(stranger.charts(1)[0])
		quiet(t, updates)
		s.one(ids[0])
		expect(t, updates, live.PointsRecorded, ids[0])

		for _, foreign := range []charts.ID{"chart_of_nobody", stranger.charts(1)[0]} {
			var refusal *tenancy.Refusal
			_, err := s.Hub.KpiUpdated(t.Context(), s.as.Tenant(), refs([]charts.ID{ids[0], foreign}), nil)
			if !errors.As(err, &refusal) || refusal.Code != tenancy.NotFound || refusal.Field != "charts[1]" {
				t.Errorf("watching %s: %v", foreign, err)
			}
		}
	})
}

// Writes that race the attachment are neither lost nor told twice: each chart's first update is its SNAPSHOT, versions
// only rise, and the last one is the newest there is.
func TestWritesThatRaceTheSnapshot(t *testing.T) {
	s := newStage(t)
	ids := s.charts(4)
	const writes = 25
	var group sync.WaitGroup
	for w := range 2 {
		for _, id := range ids {
			group.Go(func() {
				for i := range writes {
					at := start.Add(-time.Duration(2*i+w) * time.Second)
					s.Record(t, s.as, id, core.Point(at, "1"))
				}
			})
		}
	}
	var watchers sync.WaitGroup
	for range 8 {
		updates := s.watch(nil, nil)
		watchers.Go(func() {
			seen := map[string]int{}
			settled := 0
			for settled < len(ids) {
				u := <-updates
				before, again := seen[u.Chart.ID]
				if !again && u.Cause != live.Snapshot || again && u.Cause != live.PointsRecorded {
					t.Errorf("%s of version %d after version %d", u.Cause, u.Chart.Version, before)
				}
				if again && u.Chart.Version <= before {
					t.Errorf("version %d after %d", u.Chart.Version, before)
				}
				seen[u.Chart.ID] = u.Chart.Version
				kpi, err := u.Chart.Kpi(t.Context(), nil, nil, nil)
				if err != nil {
					t.Errorf("%v", err)
					return
				}
				if kpi.Value != nil && kpi.Value.String() != fmt.Sprint(u.Chart.Version-1) {
					t.Errorf("version %d says %s", u.Chart.Version, kpi.Value)
				}
				if u.Chart.Version == 1+2*writes {
					settled++
				}
			}
		})
	}
	group.Wait()
	watchers.Wait()
}

// A watcher that does not read costs one place a chart, however much happens, and then hears the newest alone.
func TestASlowWatcherHearsTheNewest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		ids := s.charts(3)
		updates := s.watch(nil, nil)
		expect(t, updates, live.Snapshot, ids...)
		quiet(t, updates)
		const writes = 50
		for range writes {
			for _, id := range ids {
				s.one(id)
			}
		}
		synctest.Wait()
		told := map[string]int{}
		var heard int
		for {
			synctest.Wait()
			select {
			case u := <-updates:
				heard++
				if u.Chart.Version <= told[u.Chart.ID] {
					t.Errorf("version %d after %d", u.Chart.Version, told[u.Chart.ID])
				}
				told[u.Chart.ID] = u.Chart.Version
				continue
			default:
			}
			break
		}
		for _, id := range ids {
			if told[string(id)] != 1+writes {
				t.Errorf("the last of %s is version %d, want %d", id, told[string(id)], 1+writes)
			}
		}
		// One was on its way when the first write came; each chart's newest follows.
		if heard > 2*len(ids) {
			t.Errorf("heard %d updates of %d charts", heard, len(ids))
		}
	})
}

func TestACursorGoesOnWhereItWas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		ids := s.charts(3)
		first := s.watch(nil, nil)
		cursor := expect(t, first, live.Snapshot, ids...).Cursor
		quiet(t, s.watch(nil, &cursor))

		s.one(ids[2])
		s.one(ids[2])
		again := s.watch(nil, &cursor)
		expect(t, again, live.PointsRecorded, ids[2])
		quiet(t, again)

		s.one(ids[0])
		next := expect(t, again, live.PointsRecorded, ids[0]).Cursor
		quiet(t, s.watch(nil, &next))

		// In the middle of a snapshot nothing can be told yet.
		half := s.watch(nil, nil)
		u := <-half
		expect(t, s.watch(nil, &u.Cursor), live.Resync, ids...)

		name := "Other"
		if _, err := s.Directory.UpdateTenant(t.Context(), s.as, directory.Changes{Name: &name}); err != nil {
			t.Fatal(err)
		}
		expect(t, s.watch(nil, &next), live.Resync, ids...)
		other := core.On(s.Store, s.Clock)
		elsewhere, err := other.Hub.KpiUpdated(t.Context(), s.as.Tenant(), nil, &next)
		if err != nil {
			t.Fatal(err)
		}
		expect(t, elsewhere, live.Resync, ids...)
		for _, wrong := range []string{"", "!", "MTIz", "YWJj"} {
			var refusal *tenancy.Refusal
			if _, err := s.Hub.KpiUpdated(t.Context(), s.as.Tenant(), nil, &wrong); !errors.As(err, &refusal) || refusal.Field != "after" {
				t.Errorf("cursor %q: %v", wrong, err)
			}
		}
	})
}

// No change is lost between the lives of a watcher that is cut off at any update and goes on from its cursor.
func TestNothingIsLostFromLifeToLife(t *testing.T) {
	s := newStage(t)
	ids := s.charts(3)
	const writes = 60
	go func() {
		for i := range writes {
			for _, id := range ids {
				s.Record(t, s.as, id, core.Point(start.Add(-time.Duration(i)*time.Second), "1"))
			}
		}
	}()
	var after *string
	newest := map[string]int{}
	for life := 0; len(newest) < len(ids) || min(newest[string(ids[0])], newest[string(ids[1])], newest[string(ids[2])]) < 1+writes; life++ {
		ctx, cut := context.WithCancel(t.Context())
		updates, err := s.Hub.KpiUpdated(ctx, s.as.Tenant(), nil, after)
		if err != nil {
			t.Fatal(err)
		}
		for range 1 + life%5 {
			u := <-updates
			newest[u.Chart.ID] = max(newest[u.Chart.ID], u.Chart.Version)
			after = &u.Cursor
			if newest[u.Chart.ID] == 1+writes {
				break
			}
		}
		cut()
	}
}

func TestTheDayEndsAndPointsGrowOld(t *testing.T) {
	for _, resumed := range []bool{false, true} {
		t.Run(fmt.Sprint("resumed ", resumed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t)
				s.Clock.Set(time.Date(2026, 11, 23, 20, 0, 0, 0, time.UTC)) // midnight in Paris is 23:00
				hour := func(s *charts.Settings) { s.StaleAfter = 3600 }
				lasting, passing, empty := s.charts(1)[0], s.charts(1, hour)[0], s.charts(1, hour)[0]
				s.one(lasting)
				s.one(passing)
				updates := s.watch(nil, nil)
				u := expect(t, updates, live.Snapshot, lasting, passing, empty)
				if resumed {
					updates = s.watch(nil, &u.Cursor)
				}
				quiet(t, updates)
				s.pass(30 * time.Minute)
				s.one(passing) // puts it off
				expect(t, updates, live.PointsRecorded, passing)
				s.pass(45 * time.Minute)
				quiet(t, updates)
				s.pass(20 * time.Minute)
				u = expect(t, updates, live.Stale, passing)
				if kpi, err := u.Chart.Kpi(t.Context(), nil, nil, nil); err != nil || kpi.Status != charts.Stale {
					t.Errorf("the KPI is %+v, %v", kpi, err)
				}
				s.pass(time.Hour)
				quiet(t, updates) // once is enough
				s.pass(25 * time.Minute)
				u = expect(t, updates, live.PeriodRolled, lasting, passing, empty)
				if want := time.Date(2026, 11, 23, 23, 0, 0, 0, time.UTC); !u.OccurredAt.Equal(want) {
					t.Errorf("the day ended at %v, want %v", u.OccurredAt, want)
				}
			})
		})
	}
}

// A day of 25 hours ends too.
func TestALongDayEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		s.Clock.Set(time.Date(2026, 10, 24, 22, 0, 0, 1, time.UTC)) // just begun in Paris, where the clock is put back
		ids := s.charts(2)
		updates := s.watch(nil, nil)
		expect(t, updates, live.Snapshot, ids...)
		s.pass(24*time.Hour + 30*time.Minute)
		quiet(t, updates)
		s.pass(30 * time.Minute)
		expect(t, updates, live.PeriodRolled, ids...)
	})
}

// The bubble of synctest fails the test where a goroutine is left.
func TestAWatcherEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		ids := s.charts(2)
		ctx, cancel := context.WithCancel(t.Context())
		reading, err := s.Hub.KpiUpdated(ctx, s.as.Tenant(), nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		stuck, err := s.Hub.KpiUpdated(ctx, s.as.Tenant(), nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		expect(t, reading, live.Snapshot, ids...)
		cancel()
		synctest.Wait()
		for name, updates := range map[string]<-chan *live.KpiUpdate{"one that reads": reading, "one that does not": stuck} {
			if u, open := <-updates; open {
				t.Errorf("%s was sent %+v after its end", name, u)
			}
		}
		s.one(ids[0])
	})
}
