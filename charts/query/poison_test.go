package query_test

import (
	"context"
	"slices"
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
	nobodys := func(c *core.Core, id charts.ID) []eventstore.Append {
		return []eventstore.Append{{Stream: eventstore.Stream{Kind: "CHART", ID: string(id)}, Expected: 2, Events: []eventstore.Event{
			{Version: 3, ID: "poison", Type: "ChartBurnt", Schema: 1, OccurredAt: c.Clock.Now(), RecordedAt: c.Clock.Now()},
		}}}
	}
	for name, poison := range map[string]func(t *testing.T, c *core.Core, tenant tenancy.ID, id charts.ID){
		"an event of nobody's, NOW gone": func(t *testing.T, c *core.Core, tenant tenancy.ID, id charts.ID) {
			commit(t, c, tenant, eventstore.Commit{Appends: nobodys(c, id), Deletes: []eventstore.Delete{{Key: eventstore.Key{Name: projection.NowName(id)}}}})
		},
		"an event of nobody's, pages of garbage": func(t *testing.T, c *core.Core, tenant tenancy.ID, id charts.ID) {
			commit(t, c, tenant, eventstore.Commit{Appends: nobodys(c, id)})
			for _, d := range parts(t, c, tenant, id) {
				commit(t, c, tenant, eventstore.Commit{Puts: []eventstore.Put{{Key: d.Key, Body: append(d.Body[:len(d.Body)/2:len(d.Body)/2], 0xff)}}})
			}
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

// parts are a chart's documents besides NOW.
func parts(t *testing.T, c *core.Core, tenant tenancy.ID, id charts.ID) (all []eventstore.Document) {
	t.Helper()
	spans := append(projection.AllGenerations(id), eventstore.One(eventstore.Key{Name: projection.HoursName(id)}))
	answers, err := c.Store.Documents(context.Background(), tenant, spans...)
	if err != nil {
		t.Fatal(err)
	}
	return slices.Concat(answers...)
}

func commit(t *testing.T, c *core.Core, tenant tenancy.ID, change eventstore.Commit) {
	t.Helper()
	if err := c.Store.Commit(context.Background(), tenant, change); err != nil {
		t.Fatal(err)
	}
}
