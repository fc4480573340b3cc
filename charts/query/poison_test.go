package query_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/charts/projection"
	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
	"github.com/mykpi/mykpi/test/core"
)

// A chart whose log or documents can't be read suffers alone: it says so, and the others say what they said.
func TestAPoisonedChartSuffersAlone(t *testing.T) {
	ctx := context.Background()
	for name, poison := range map[string]func(t *testing.T, c *core.Core, tenant tenancy.ID, id charts.ID){
		"an event of nobody's": func(t *testing.T, c *core.Core, tenant tenancy.ID, id charts.ID) {
			commit(t, c, tenant, eventstore.Commit{
				Appends: []eventstore.Append{{Stream: eventstore.Stream{Kind: "CHART", ID: string(id)}, Expected: 2, Events: []eventstore.Event{
					{Version: 3, ID: "poison", Type: "ChartBurnt", Schema: 1, OccurredAt: c.Clock.Now(), RecordedAt: c.Clock.Now()},
				}}},
				Deletes: []eventstore.Delete{{Key: eventstore.Key{Name: projection.NowName(id)}}},
			})
		},
		"a page of garbage": func(t *testing.T, c *core.Core, tenant tenancy.ID, id charts.ID) {
			answers, err := c.Store.Documents(ctx, tenant, projection.AllGenerations(id)...)
			if err != nil {
				t.Fatal(err)
			}
			var puts []eventstore.Put
			for _, docs := range answers {
				for _, d := range docs {
					puts = append(puts, eventstore.Put{Key: d.Key, Body: append(d.Body[:len(d.Body)/2:len(d.Body)/2], 0xff)})
				}
			}
			commit(t, c, tenant, eventstore.Commit{Puts: puts})
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := core.New(t, core.At(time.Date(2026, 11, 23, 15, 30, 0, 0, time.UTC)))
			as := c.Tenant(t, "Europe/Paris", directory.Monday)
			sick, well := c.Chart(t, as, charts.Sum), c.Chart(t, as, charts.Sum)
			for _, id := range []charts.ID{sick, well} {
				var points []command.PointInput
				for i := range 400 {
					points = append(points, core.Point(c.Clock.Now().Add(-time.Duration(i)*4*time.Hour), "1"))
				}
				c.Record(t, as, id, points...)
			}
			poison(t, c, as.Tenant(), sick)
			all, err := c.Reader.All(ctx, as.Tenant())
			if err != nil || len(all) != 2 {
				t.Fatalf("the dashboard: %d charts, %v", len(all), err)
			}
			p := charts.Last90Days
			for _, chart := range all {
				kpi, err := chart.Kpi(ctx, &p, nil, nil)
				switch {
				case chart.ID == string(well):
					if err != nil || kpi.Value.String() != "400" {
						t.Errorf("the other chart says %+v, %v", kpi, err)
					}
				case err == nil || !strings.Contains(err.Error(), string(sick)):
					t.Errorf("the poisoned chart says %+v, %v", kpi, err)
				case chart.Name == "":
					t.Error("the poisoned chart has lost its name")
				}
			}
			c.Record(t, as, well, core.Point(c.Clock.Now(), "1"))
		})
	}
}

func commit(t *testing.T, c *core.Core, tenant tenancy.ID, change eventstore.Commit) {
	t.Helper()
	if err := c.Store.Commit(context.Background(), tenant, change); err != nil {
		t.Fatal(err)
	}
}

// cancelling ends a context when the log is read.
type cancelling struct {
	eventstore.Store
	cancel func()
}

func (s cancelling) Events(ctx context.Context, tenant tenancy.ID, of eventstore.Stream, after int64, limit int) ([]eventstore.Event, error) {
	s.cancel()
	return s.Store.Events(ctx, tenant, of, after, limit)
}

// Whoever runs out of time while charts are rebuilt for him is told so, and the next asker finds them rebuilt.
func TestTimeRunsOutWhileChartsAreRebuilt(t *testing.T) {
	c := core.New(t, core.At(time.Date(2026, 11, 23, 15, 30, 0, 0, time.UTC)))
	as := c.Tenant(t, "Europe/Paris", directory.Monday)
	c.Record(t, as, c.Chart(t, as, charts.Sum), core.Point(c.Clock.Now(), "1"))
	zone := "Asia/Kathmandu"
	if _, err := c.Directory.UpdateTenant(t.Context(), as, directory.Changes{TimeZone: &zone}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	c.Reader.Journal.Store = cancelling{c.Reader.Journal.Store, cancel}
	if all, err := c.Reader.All(ctx, as.Tenant()); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, %v", all, err)
	}
	if all, err := c.Reader.All(t.Context(), as.Tenant()); err != nil || len(all) != 1 {
		t.Errorf("%v, %v", all, err)
	}
}
