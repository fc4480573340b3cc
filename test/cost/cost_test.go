package cost

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/charts/query"
	"github.com/mykpi/mykpi/eventstore/dynamo"
	"github.com/mykpi/mykpi/eventstore/dynamo/dynamolocal"
	"github.com/mykpi/mykpi/eventstore/dynamo/meter"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
	"github.com/mykpi/mykpi/test/core"
)

var update = flag.Bool("update", false, "write the golden table anew")

var local dynamolocal.Server

func TestMain(m *testing.M) {
	code := m.Run()
	local.Stop()
	os.Exit(code)
}

// start is a Monday, so that neither a month nor a year begins in the days that follow.
var start = time.Date(2026, 3, 9, 8, 0, 0, 0, time.UTC)

// fixture is two instances on the same tables: what loaded prepares is not counted.
type fixture struct {
	*core.Core
	loaded *core.Core
	meter  *meter.Meter
	as     tenancy.Identity
	rows   []row
}

// row is what something costs, each time.
type row struct {
	name     string
	wcu, rcu float64
	requests string
}

func setUp(t *testing.T) *fixture {
	t.Helper()
	f := &fixture{meter: &meter.Meter{}}
	clock := core.At(start)
	o := dynamo.Options{Config: local.Config(t), TablePrefix: "cost-", Now: clock.Now}
	tables, err := dynamo.NewTables(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := tables.Create(t.Context()); err != nil {
		t.Fatal(err)
	}
	open := func(o dynamo.Options) *core.Core {
		store, err := dynamo.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		return core.On(store, clock)
	}
	f.loaded = open(o)
	o.Wrap = f.meter.Wrap
	f.Core = open(o)
	f.as = f.loaded.Tenant(t, "Europe/Paris", directory.Monday)
	return f
}

// count does something n times over and adds its row: the mean, and the requests of the whole.
func (f *fixture) count(name string, n int, do func()) row {
	f.meter.Take()
	do()
	use := f.meter.Take()
	var requests []string
	for _, operation := range slices.Sorted(maps.Keys(use.Requests)) {
		each := float64(use.Requests[operation]) / float64(n)
		requests = append(requests, operation+" "+number(each))
	}
	r := row{name, use.WCU / float64(n), use.RCU / float64(n), strings.Join(requests, ", ")}
	f.rows = append(f.rows, r)
	return r
}

// number shows thousandths where there are any.
func number(x float64) string { return strconv.FormatFloat(math.Round(x*1000)/1000, 'f', -1, 64) }

func (r row) within(t *testing.T, wcu, rcu float64) {
	t.Helper()
	if r.wcu > wcu || r.rcu > rcu {
		t.Errorf("%s: %s WCU and %s RCU, at most %s and %s", r.name, number(r.wcu), number(r.rcu), number(wcu), number(rcu))
	}
}

// settle lets the last commits be so old that they are read at half the price.
func (f *fixture) settle() { f.Clock.Advance(time.Minute) }

// alone is an instance that has nothing loaded, so that what a command reads does not hang on how soon it follows another.
func alone(c *core.Core) *core.Core { return core.On(c.Store, c.Clock) }

// history gives a chart points up to now, every so often, in one go.
func (f *fixture) history(t *testing.T, c *core.Core, as tenancy.Identity, id charts.ID, since, every time.Duration) {
	t.Helper()
	end := f.Clock.Now()
	var points []command.PointInput
	for at := end.Add(-since); at.Before(end); at = at.Add(every) {
		points = append(points, core.Point(at, fmt.Sprintf("%d.%02d", at.Unix()/60%977, at.Unix()/60%100)))
	}
	for batch := range slices.Chunk(points, charts.MaxPointsPerCommand) {
		alone(c).Record(t, as, id, batch...)
	}
}

// What things cost is in testdata/cost.golden, and each is held to its limit.
func TestCost(t *testing.T) {
	const unlimited = math.MaxFloat64
	f := setUp(t)
	var ids []charts.ID
	for i := range 20 {
		ids = append(ids, f.loaded.Chart(t, f.as, []charts.Aggregation{charts.Sum, charts.Average, charts.Last, charts.Maximum}[i%4]))
	}
	f.history(t, f.loaded, f.as, ids[0], 365*24*time.Hour, time.Hour)

	record := func(n int, every time.Duration, key bool) {
		for i := range n {
			f.Clock.Advance(every)
			c := command.RecordDataPoints{Chart: charts.Ref{ID: ids[0]}, IdempotencyKey: fmt.Sprintf("execution-%d-%d", f.Clock.Now().Unix(), i)}
			p := core.Point(f.Clock.Now(), fmt.Sprintf("%d.%02d", 40+i%60, i%100))
			if key {
				p = core.Keyed(fmt.Sprintf("evt_%d_%d", f.Clock.Now().Unix(), i), f.Clock.Now(), "12.34")
			}
			c.Points = []command.PointInput{p}
			if _, err := alone(f.Core).Commands.RecordDataPoints(t.Context(), f.as, c); err != nil {
				t.Fatal(err)
			}
		}
	}
	f.count("a point", 1, func() { record(1, time.Minute, false) }).within(t, 6, unlimited)
	f.count("a point with a key of its own", 1, func() { record(1, time.Minute, true) }).within(t, 8, unlimited)
	f.count("a point a minute, over a day: with the day's close and the pages of points", 1440, func() { record(1440, time.Minute, false) }).within(t, 6.25, unlimited)
	f.count("a point an hour, over a week", 7*24, func() { record(7*24, time.Hour, false) }).within(t, 6.25, unlimited)

	for _, id := range ids[1:] {
		f.history(t, f.loaded, f.as, id, 365*24*time.Hour, time.Hour)
	}
	f.settle()
	dashboard := func(as tenancy.Identity, g charts.Granularity) func() {
		return func() {
			read, err := f.Reader.All(t.Context(), as.Tenant())
			if err != nil || len(read) != 20 {
				t.Fatalf("%d charts, %v", len(read), err)
			}
			for _, c := range read {
				f.ask(t, c, charts.Last7Days, g)
			}
		}
	}
	f.count("a dashboard of 20 charts: kpi and 7 days by the day", 1, dashboard(f.as, charts.ByDay)).within(t, 0, 3.5)
	f.count("the same by the hour", 1, dashboard(f.as, charts.ByHour)).within(t, 0, 8)
	f.count("one chart: kpi and 7 days by the day", 1, func() { f.ask(t, f.Read(t, f.as, ids[1]), charts.Last7Days, charts.ByDay) }).within(t, 0, 2)
	shown := f.Read(t, f.as, ids[1])
	f.count("a year of it by the day, when it is shown already", 1, func() {
		year, byDay := charts.Last12Months, charts.ByDay
		if _, err := shown.Trend(t.Context(), &year, nil, nil, &byDay); err != nil {
			t.Fatal(err)
		}
	}).within(t, 0, 2)
	f.count("a look for what other instances have changed", 1, func() {
		if _, _, err := f.Reader.Standing(t.Context(), f.as.Tenant()); err != nil {
			t.Fatal(err)
		}
	}).within(t, 0, 3.5)

	// The period before ends within an hour, and tallies of hours don't tell which of its points are in.
	busy := f.loaded.Tenant(t, "Europe/Paris", directory.Monday)
	for range 20 {
		f.history(t, f.loaded, busy, f.loaded.Chart(t, busy, charts.Sum), 15*24*time.Hour, time.Minute)
	}
	f.settle()
	f.count("a dashboard of 20 charts with a point a minute, by the day", 1, dashboard(busy, charts.ByDay)).within(t, 0, 34)

	f.count("one of them: kpi and 7 days by the day, as after each of its points", 1, func() {
		all, err := f.loaded.Reader.All(t.Context(), busy.Tenant())
		if err != nil {
			t.Fatal(err)
		}
		f.ask(t, f.Read(t, busy, charts.ID(all[0].ID)), charts.Last7Days, charts.ByDay)
	}).within(t, 0, 4)

	imported := f.loaded.Chart(t, f.as, charts.Sum)
	f.count("a point of 100,000 that are imported", 100_000, func() { f.history(t, f.Core, f.as, imported, 365*24*time.Hour, 365*24*time.Hour/100_000) }).within(t, 0.05, unlimited)

	golden(t, f.rows)
}

func (f *fixture) ask(t *testing.T, c *query.Chart, p charts.Period, g charts.Granularity) {
	t.Helper()
	if _, err := c.Kpi(t.Context(), &p, nil, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Trend(t.Context(), &p, nil, nil, &g); err != nil {
		t.Fatal(err)
	}
}

func golden(t *testing.T, rows []row) {
	t.Helper()
	var text bytes.Buffer
	fmt.Fprintf(&text, "| each | WCU | RCU | requests |\n|---|---|---|---|\n")
	for _, r := range rows {
		fmt.Fprintf(&text, "| %s | %s | %s | %s |\n", r.name, number(r.wcu), number(r.rcu), r.requests)
	}
	const file = "testdata/cost.golden"
	if *update {
		if err := os.WriteFile(file, text.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(text.Bytes(), want) {
		t.Errorf("what things cost has changed (-update, if it should):\n%s\nwant\n%s", text.Bytes(), want)
	}
}
