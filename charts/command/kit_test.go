package command_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/charts/query"
	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/eventstore/sqlite"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
)

// world is one tenant on a store of its own, with a clock that tests move.
type world struct {
	store    *sqlite.Store
	commands *command.Handlers
	reader   *query.Reader
	as       tenancy.Identity
	now      *atomic.Int64
	changes  *atomic.Int64 // told to subscribers
}

var start = time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC)

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{now: &atomic.Int64{}, changes: &atomic.Int64{}}
	w.now.Store(start.UnixNano())
	clock := func() time.Time { return time.Unix(0, w.now.Add(1000)).UTC() }
	store, err := sqlite.Open(t.TempDir(), sqlite.Options{Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	w.store = store
	var ids atomic.Int64
	newID := func() string { return fmt.Sprintf("id%012d", ids.Add(1)) }
	j := journal.New(store, &directory.Calendars{}, clock, newID, func(c []journal.Change) { w.changes.Add(int64(len(c))) })
	w.commands = &command.Handlers{Journal: j, Now: clock, NewID: newID}
	w.reader = &query.Reader{Journal: j, Now: clock}
	tenant := tenancy.MustParseID("acme")
	w.as = tenancy.Verified(tenancy.Claims{Tenant: tenant, Role: tenancy.Admin, Actor: tenancy.Actor{Kind: tenancy.APIKey, ID: "key_1", Label: "n8n"}})
	d := &directory.Directory{Store: store, Now: clock, NewID: newID}
	if err := d.Ensure(t.Context(), tenant, w.as.Actor()); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) chart(t testing.TB, key string, a charts.Aggregation) charts.ID {
	t.Helper()
	id, err := w.commands.CreateChart(t.Context(), w.as, command.CreateChart{Key: key, Aggregation: a, Settings: charts.Settings{
		Name: key, Visualization: charts.Line, Unit: charts.Unit{Kind: charts.UnitNumber}, Direction: charts.UpIsGood,
	}})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (w *world) record(t testing.TB, c command.RecordDataPoints) command.Recorded {
	t.Helper()
	done, err := w.commands.RecordDataPoints(t.Context(), w.as, c)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// points are the chart's points as they stand, by their names.
func (w *world) points(t testing.TB, key string) map[string]string {
	t.Helper()
	c, err := w.reader.Chart(t.Context(), w.as.Tenant(), charts.Ref{Key: key})
	if err != nil || c == nil {
		t.Fatal(c, err)
	}
	most := query.MaxPage
	page, err := c.Points(t.Context(), &most, nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	points := map[string]string{}
	for _, p := range page.Nodes() {
		points[p.Key] = p.Value.String()
	}
	return points
}

// documents are the names of the common space that begin so.
func (w *world) documents(t testing.TB, prefix string) []eventstore.Document {
	t.Helper()
	answers, err := w.store.Documents(context.Background(), w.as.Tenant(), eventstore.Between(prefix, prefix+"~"))
	if err != nil {
		t.Fatal(err)
	}
	return answers[0]
}

func keyed(key, value string, at time.Time) command.PointInput {
	return command.PointInput{Key: &key, At: &at, Value: charts.MustDecimal(value)}
}

func plain(value string, at time.Time) command.PointInput {
	return command.PointInput{At: &at, Value: charts.MustDecimal(value)}
}
