package journal_test

import (
	"context"
	"errors"
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

// reading counts the reads of documents.
type reading struct {
	eventstore.Store
	reads int
}

func (r *reading) Documents(ctx context.Context, tenant tenancy.ID, spans ...eventstore.Span) ([][]eventstore.Document, error) {
	r.reads++
	return r.Store.Documents(ctx, tenant, spans...)
}

// A chart that was just recorded into is not read again for the next point, until it was left alone for a while.
func TestAChartThatWasJustCommittedIsKept(t *testing.T) {
	store := &reading{Store: core.New(t, core.At(start)).Store}
	c := core.On(store, core.At(start))
	as := c.Tenant(t, "Europe/Paris", directory.Monday)
	id := c.Chart(t, as, charts.Sum)
	settings := c.Read(t, as, id)
	recorded := func(minute int) (reads int) {
		store.reads = 0
		_, err := c.Commands.RecordDataPoints(t.Context(), as, command.RecordDataPoints{
			Chart: charts.Ref{Key: settings.Key}, Points: []command.PointInput{core.Point(start.Add(time.Duration(minute-60)*time.Minute), "1")},
		})
		if err != nil {
			t.Fatal(err)
		}
		return store.reads
	}
	if first, second := recorded(1), recorded(2); first == 0 || second != 0 {
		t.Errorf("%d reads, then %d; want some, then none", first, second)
	}
	c.Clock.Advance(time.Minute)
	if later := recorded(3); later == 0 {
		t.Error("a chart is kept for ever")
	}
}

// What is kept of a chart decides nothing that another instance's changes make wrong, and commits nothing over them.
func TestWhatIsKeptOfAChartIsOutOfDate(t *testing.T) {
	c := core.New(t, core.At(start.Add(time.Hour)))
	other := core.On(c.Store, c.Clock)
	as := c.Tenant(t, "Europe/Paris", directory.Monday)
	at := func(minute int) time.Time { return start.Add(time.Duration(minute) * time.Minute) }
	for name, test := range map[string]func(t *testing.T, id charts.ID){
		"a point that another recorded": func(t *testing.T, id charts.ID) {
			other.Record(t, as, id, core.Point(at(2), "5"), core.Keyed("k", at(3), "7"))
			if r := c.Record(t, as, id, core.Point(at(2), "5"), core.Keyed("k", at(3), "7")); r.Unchanged != 2 {
				t.Errorf("told again: %+v", r)
			}
			other.Record(t, as, id, core.Point(at(4), "5"))
			if r := c.Record(t, as, id, core.Point(at(4), "6"), core.Keyed("k", at(3), "8")); r.Corrected != 2 {
				t.Errorf("corrected: %+v", r)
			}
		},
		"archived and restored": func(t *testing.T, id charts.ID) {
			if _, err := other.Commands.ArchiveChart(t.Context(), as, command.ArchiveChart{Chart: charts.Ref{ID: id}}); err != nil {
				t.Fatal(err)
			}
			refused := &tenancy.Refusal{}
			_, err := c.Commands.RecordDataPoints(t.Context(), as, command.RecordDataPoints{Chart: charts.Ref{ID: id}, Points: []command.PointInput{core.Point(at(5), "1")}})
			if !errors.As(err, &refused) {
				t.Errorf("recorded into an archived chart: %v", err)
			}
			if _, err := other.Commands.RestoreChart(t.Context(), as, command.RestoreChart{Chart: charts.Ref{ID: id}}); err != nil {
				t.Fatal(err)
			}
			c.Record(t, as, id, core.Point(at(5), "1"))
		},
		"a failure after something was staged": func(t *testing.T, id charts.ID) {
			other.Record(t, as, id, core.Point(at(6), "1"))
			var seen []int64
			err := c.Journal.Do(t.Context(), as.Tenant(), id, func(ctx context.Context, s *journal.Session) error {
				seen = append(seen, s.Chart.Version)
				if err := record(7)(ctx, s); err != nil {
					return err
				}
				return charts.NotFound()
			})
			if err == nil || len(seen) != 2 || seen[0] != 2 || seen[1] != 3 {
				t.Errorf("%v, decided on versions %d; want 2, which is out of date, and 3", err, seen)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			id := c.Chart(t, as, charts.Sum)
			c.Record(t, as, id, core.Point(at(1), "1"))
			test(t, id)
			gapless(t, c, as, id)
			sameAsRebuilt(t, c, as, id)
		})
	}
}

// A tenant that was erased and began anew names new charts by its old keys.
func TestAKeyNamesTheChartThatWasMadeLast(t *testing.T) {
	c := core.New(t, core.At(start))
	as := c.Tenant(t, "Europe/Paris", directory.Monday)
	recorded := func() {
		t.Helper()
		settings := charts.Settings{Name: "Revenue", Visualization: charts.Line, Unit: charts.Unit{Kind: charts.UnitNumber}, Direction: charts.UpIsGood}
		made, err := c.Commands.CreateChart(t.Context(), as, command.CreateChart{Aggregation: charts.Sum, Settings: settings, Key: "revenue"})
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.Commands.RecordDataPoints(t.Context(), as, command.RecordDataPoints{
			Chart: charts.Ref{Key: "revenue"}, Points: []command.PointInput{core.Point(start.Add(-time.Minute), "1")},
		})
		if err != nil {
			t.Fatalf("recorded into %s by its key: %v", made, err)
		}
	}
	recorded()
	other := core.On(c.Store, c.Clock)
	if err := other.Store.Erase(t.Context(), as.Tenant()); err != nil {
		t.Fatal(err)
	}
	if err := other.Directory.Create(t.Context(), as.Tenant(), as.Actor(), "Anew", "Europe/Paris", directory.Monday); err != nil {
		t.Fatal(err)
	}
	recorded()
}
