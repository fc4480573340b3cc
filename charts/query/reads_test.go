package query_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
	"github.com/mykpi/mykpi/test/core"
)

// counting is a store that counts how often documents are read.
type counting struct {
	eventstore.Store
	calls, documents atomic.Int64
}

func (c *counting) Documents(ctx context.Context, tenant tenancy.ID, spans ...eventstore.Span) ([][]eventstore.Document, error) {
	answers, err := c.Store.Documents(ctx, tenant, spans...)
	c.calls.Add(1)
	for _, docs := range answers {
		c.documents.Add(int64(len(docs)))
	}
	return answers, err
}

// dashboard makes a tenant of 20 charts with a point each step of the last days.
func dashboard(t testing.TB, c *core.Core, days int, step time.Duration) tenancy.Identity {
	t.Helper()
	as := c.Tenant(t, "Europe/Paris", directory.Monday)
	now := c.Clock.Now()
	for i := range 20 {
		id := c.Chart(t, as, aggregations[i%len(aggregations)])
		var points []command.PointInput
		for at := now.AddDate(0, 0, -days); !at.After(now); at = at.Add(step) {
			points = append(points, core.Point(at.Add(time.Duration(i)*time.Second-time.Minute), fmt.Sprint(i)))
		}
		for len(points) > 0 {
			n := min(len(points), 1000)
			c.Record(t, as, id, points[:n]...)
			points = points[n:]
		}
	}
	return as
}

// show answers a whole dashboard: KPI and trend of every chart.
func show(t testing.TB, c *core.Core, as tenancy.Identity, p charts.Period, g *charts.Granularity) {
	all, err := c.Reader.All(context.Background(), as.Tenant())
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 20 {
		t.Fatalf("%d charts", len(all))
	}
	for _, chart := range all {
		kpi, err := chart.Kpi(context.Background(), &p, nil, nil)
		if err != nil || kpi.Value == nil {
			t.Fatalf("KPI: %+v, %v", kpi, err)
		}
		if _, err := chart.Trend(context.Background(), &p, nil, nil, g); err != nil {
			t.Fatal(err)
		}
	}
}

// How often a dashboard of 20 charts asks the store, and for how many documents. The default dashboard asks once; what goes
// further back asks once more for all charts together, not once for each.
func TestReadsOfADashboard(t *testing.T) {
	c := core.New(t, core.At(time.Date(2026, 11, 23, 15, 30, 0, 0, time.UTC)))
	store := &counting{Store: c.Store}
	c = core.On(store, c.Clock)
	as := dashboard(t, c, 400, time.Hour)
	hour := charts.ByHour
	for _, d := range []struct {
		period      charts.Period
		granularity *charts.Granularity
		calls       int64
		documents   int64
	}{
		{charts.Last7Days, nil, 1, 41}, // the tenant; of each chart its settings and NOW
		{charts.ThisWeek, nil, 1, 41},
		{charts.Today, nil, 2, 61}, // and yesterday's hours, up to what is the time now
		{charts.Last24Hours, nil, 2, 61},
		{charts.Last7Days, &hour, 2, 61},
		{charts.Last30Days, nil, 3, 85}, // and the days of the year, and a page of points of the day at which the period before is cut
		{charts.ThisMonth, nil, 3, 85},
		{charts.Last90Days, nil, 3, 86},
		{charts.Last12Months, nil, 3, 101},
	} {
		store.calls.Store(0)
		store.documents.Store(0)
		show(t, c, as, d.period, d.granularity)
		if calls, documents := store.calls.Load(), store.documents.Load(); calls != d.calls || documents != d.documents {
			t.Errorf("%s: %d calls for %d documents, want %d for %d", d.period, calls, documents, d.calls, d.documents)
		}
	}
}
