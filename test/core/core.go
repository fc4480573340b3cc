// Package core is everything below the edge, wired as cmd/mykpi wires it, on a store in a folder of its own and with a
// clock that the test sets: what tests of charts and its packages start from.
//
// Tests alone import it. Its promise: nothing of it outlives the test.
package core

import (
	"context"
	"crypto/rand"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/charts/live"
	"github.com/mykpi/mykpi/charts/query"
	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/eventstore/sqlite"
	"github.com/mykpi/mykpi/eventstore/versions"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
)

// Core is one instance: what runs in one process.
type Core struct {
	Store     eventstore.Store
	Engine    versions.Engine // below the store; nil where nothing is kept
	Clock     *Clock
	Directory *directory.Directory
	Journal   *journal.Journal
	Commands  *command.Handlers
	Reader    *query.Reader
	Hub       *live.Hub
}

// Clock is a clock that stands still until it is set.
type Clock struct{ nanoseconds atomic.Int64 }

// At is a clock that shows t.
func At(t time.Time) *Clock {
	c := &Clock{}
	c.Set(t)
	return c
}

// Now is what the clock shows, in UTC.
func (c *Clock) Now() time.Time { return time.Unix(0, c.nanoseconds.Load()).UTC() }

// Set sets the clock.
func (c *Clock) Set(t time.Time) { c.nanoseconds.Store(t.UnixNano()) }

// Advance moves the clock on.
func (c *Clock) Advance(d time.Duration) { c.nanoseconds.Add(int64(d)) }

// New is an instance on a new store of SQLite.
func New(t testing.TB, clock *Clock) *Core {
	t.Helper()
	store, err := sqlite.Open(t.TempDir(), sqlite.Options{Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return Keeping(store, store, clock)
}

// Keeping is an instance that keeps what it has read, on a store of the engine.
func Keeping(store eventstore.Store, engine versions.Engine, clock *Clock) *Core {
	counter := versions.New(clock.Now, engine)
	c := On(counter.Store(store), clock)
	c.Engine, c.Reader.Changes, c.Reader.Memory = engine, counter, 64<<20
	return c
}

// On is an instance on a store, as another process would be. Queries read everything again.
func On(store eventstore.Store, clock *Clock) *Core {
	c := &Core{Store: store, Clock: clock}
	c.Journal = journal.New(store, &directory.Calendars{}, clock.Now, rand.Text, func(changes []journal.Change) { c.Hub.Committed(changes) })
	c.Journal.Memory = 1 << 20
	c.Reader = &query.Reader{Journal: c.Journal, Now: clock.Now}
	c.Hub = live.New(c.Reader, clock.Now)
	c.Commands = &command.Handlers{Journal: c.Journal, Now: clock.Now, NewID: rand.Text}
	c.Directory = &directory.Directory{Store: store, Now: clock.Now, NewID: rand.Text, Changed: func(id tenancy.ID) {
		c.Journal.TenantChanged(id)
		c.Hub.TenantUpdated(id)
	}}
	return c
}

// T is what a test or a property's case fails by.
type T interface {
	Helper()
	Fatalf(format string, args ...any)
}

// Tenant makes a tenant that no other test has and answers its administrator.
func (c *Core) Tenant(t T, zone string, weekStart directory.Weekday) tenancy.Identity {
	t.Helper()
	name := "t" + strings.ToLower(rand.Text())
	as := tenancy.Verified(tenancy.Claims{
		Tenant: tenancy.MustParseID(name),
		Actor:  tenancy.Actor{Kind: tenancy.User, ID: "ada", Label: "Ada"}, Role: tenancy.Admin,
	})
	if err := c.Directory.Create(context.Background(), as.Tenant(), as.Actor(), name, zone, weekStart); err != nil {
		t.Fatalf("make a tenant in %s: %v", zone, err)
	}
	return as
}

// Chart makes a chart and answers its ID.
func (c *Core) Chart(t T, as tenancy.Identity, a charts.Aggregation, change ...func(*charts.Settings)) charts.ID {
	t.Helper()
	s := charts.Settings{Name: "Figures", Visualization: charts.Line, Unit: charts.Unit{Kind: charts.UnitNumber}, Direction: charts.UpIsGood}
	for _, f := range change {
		f(&s)
	}
	id, err := c.Commands.CreateChart(context.Background(), as, command.CreateChart{Aggregation: a, Settings: s, Key: "c" + strings.ToLower(rand.Text())})
	if err != nil {
		t.Fatalf("create a chart: %v", err)
	}
	return id
}

// Record records points and answers what became of them. None may be refused.
func (c *Core) Record(t T, as tenancy.Identity, chart charts.ID, points ...command.PointInput) command.Recorded {
	t.Helper()
	answer, err := c.Commands.RecordDataPoints(context.Background(), as, command.RecordDataPoints{Chart: charts.Ref{ID: chart}, Points: points})
	if err != nil || len(answer.Rejected) > 0 {
		t.Fatalf("record %d points: %v, rejected %v", len(points), err, answer.Rejected)
	}
	return answer
}

// Read reads a chart.
func (c *Core) Read(t T, as tenancy.Identity, chart charts.ID) *query.Chart {
	t.Helper()
	read, err := c.Reader.Chart(context.Background(), as.Tenant(), charts.Ref{ID: chart})
	if err != nil || read == nil {
		t.Fatalf("read chart %s: %v, %v", chart, read, err)
	}
	return read
}

// Point is a point without a key.
func Point(at time.Time, value string) command.PointInput {
	return command.PointInput{At: &at, Value: charts.MustDecimal(value)}
}

// Keyed is a point with a key.
func Keyed(key string, at time.Time, value string) command.PointInput {
	p := Point(at, value)
	p.Key = &key
	return p
}
