package query_test

import (
	"context"
	"testing"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
	"github.com/mykpi/mykpi/test/core"
)

// lagging answers eventual spans as they were when it was frozen.
type lagging struct {
	eventstore.Store
	frozen map[eventstore.Span][]eventstore.Document
	missed int // eventual spans that were asked for
}

func (l *lagging) Documents(ctx context.Context, tenant tenancy.ID, spans ...eventstore.Span) ([][]eventstore.Document, error) {
	answers, err := l.Store.Documents(ctx, tenant, spans...)
	for i, span := range spans {
		if !span.Eventual || err != nil {
			continue
		}
		l.missed++
		if before, ok := l.frozen[span]; ok {
			answers[i] = before
		} else {
			l.frozen[span] = answers[i]
		}
	}
	return answers, err
}

func (l *lagging) thaw() { l.frozen = map[eventstore.Span][]eventstore.Document{} }

// A whole dashboard is read eventually and yet follows what its process has committed or heard of; what it has not heard
// of it misses, which shows that the store of this test lags at all.
func TestDashboardFollowsWhatIsKnown(t *testing.T) {
	clock := core.At(time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC))
	elsewhere := core.New(t, clock)
	store := &lagging{Store: elsewhere.Store}
	here := core.On(store, clock)
	as := elsewhere.Tenant(t, "UTC", directory.Monday)
	chart := elsewhere.Chart(t, as, charts.Sum)
	clock.Advance(time.Minute)

	all := func() map[string]int {
		t.Helper()
		read, err := here.Reader.All(t.Context(), as.Tenant())
		if err != nil {
			t.Fatal(err)
		}
		versions := map[string]int{}
		for _, c := range read {
			versions[c.ID] = c.Version
		}
		return versions
	}
	expect := func(when string, id charts.ID, version int) {
		t.Helper()
		if got := all()[string(id)]; got != version {
			t.Errorf("%s: version %d, want %d", when, got, version)
		}
	}
	store.thaw()
	expect("at first", chart, 1)
	if store.missed == 0 {
		t.Fatal("a dashboard is not read eventually")
	}

	here.Record(t, as, chart, core.Point(clock.Now(), "1"))
	expect("after a point of its own", chart, 2)
	rename := func(s charts.Settings) charts.Settings {
		s.Name = "Other figures"
		return s
	}
	if _, err := here.Commands.UpdateChart(t.Context(), as, command.UpdateChart{Chart: charts.Ref{ID: chart}, Change: rename}); err != nil {
		t.Fatal(err)
	}
	expect("after a change of its own", chart, 3)
	created := here.Chart(t, as, charts.Last)
	expect("with a chart of its own", created, 1)

	store.thaw()
	expect("once all has settled", chart, 3)
	elsewhere.Record(t, as, chart, core.Point(clock.Now().Add(time.Second), "1"))
	expect("after a point that it has heard nothing of", chart, 3)
	here.Journal.Heard(journal.Change{Tenant: as.Tenant(), Chart: chart, Version: 4, Kind: "DataPointsRecorded", OccurredAt: clock.Now()})
	expect("once it has heard", chart, 4)

	zone := "Asia/Kathmandu"
	if _, err := here.Directory.UpdateTenant(t.Context(), as, directory.Changes{TimeZone: &zone}); err != nil {
		t.Fatal(err)
	}
	here.Journal.TenantChanged(as.Tenant())
	read, err := here.Reader.All(t.Context(), as.Tenant())
	if err != nil {
		t.Fatal(err)
	}
	trend, err := read[0].Trend(t.Context(), nil, nil, nil, nil)
	if err != nil || trend.TimeZone != zone {
		t.Errorf("after a change of the time zone: %v, %v", trend, err)
	}
}
