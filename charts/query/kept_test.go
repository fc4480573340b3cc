package query_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/charts/projection"
	"github.com/mykpi/mykpi/charts/query"
	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/eventstore/sqlite"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
	"github.com/mykpi/mykpi/test/core"
	"pgregory.net/rapid"
)

// saidBy is all that a reader says of a tenant: settings, KPIs, trends and points of every chart.
func saidBy(t core.T, r *query.Reader, tenant tenancy.ID) (said []string) {
	t.Helper()
	ctx, hour := context.Background(), charts.ByHour
	all, err := r.All(ctx, tenant)
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	for _, c := range all {
		said = append(said, fmt.Sprintf("%s %s %s v%d %v %v", c.ID, c.Name, c.Status, c.Version, c.CreatedAt, c.UpdatedAt))
		for _, p := range []charts.Period{charts.Today, charts.Last7Days, charts.Last90Days} {
			kpi, err := c.Kpi(ctx, &p, nil, nil)
			if err != nil {
				t.Fatalf("KPI: %v", err)
			}
			said = append(said, fmt.Sprint(kpiOf(kpi)))
			for _, by := range []*charts.Granularity{nil, &hour} {
				trend, err := c.Trend(ctx, &p, nil, nil, by)
				if err != nil {
					t.Fatalf("trend: %v", err)
				}
				said = append(said, fmt.Sprint(trendOf(trend)))
			}
		}
		points, err := c.Points(ctx, nil, nil, nil, nil)
		if err != nil {
			t.Fatalf("points: %v", err)
		}
		for _, p := range points.Nodes() {
			said = append(said, fmt.Sprint(p.Key, p.At, p.Value))
		}
	}
	return said
}

// Whatever happens to a tenant, what is kept of it says the same as its documents read again.
func TestWhatIsKeptSaysWhatTheStoreSays(t *testing.T) {
	c := core.New(t, core.At(time.Date(2026, 3, 20, 9, 30, 0, 0, time.UTC)))
	rapid.Check(t, func(t *rapid.T) {
		keeping := core.Keeping(c.Store, c.Engine, c.Clock)
		keeping.Reader.Memory = rapid.SampledFrom([]int{0, 30_000, 1 << 20}).Draw(t, "memory")
		as := keeping.Tenant(t, "Europe/Paris", directory.Monday)
		fresh := core.On(c.Store, c.Clock).Reader
		var made []charts.ID
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			happens(t, keeping, as, &made)
			if rapid.Bool().Draw(t, "is looked at") {
				kept, read := saidBy(t, keeping.Reader, as.Tenant()), saidBy(t, fresh, as.Tenant())
				if i := differs(kept, read); i >= 0 {
					t.Fatalf("what is kept says otherwise:\n%.300v\nread again:\n%.300v", kept[min(i, len(kept)):], read[min(i, len(read)):])
				}
			}
		}
	})
}

// happens draws one thing that can happen to a tenant.
func happens(t *rapid.T, c *core.Core, as tenancy.Identity, made *[]charts.ID) {
	ctx := context.Background()
	must := func(err error) {
		if err != nil {
			t.Fatalf("%v", err)
		}
	}
	what := rapid.SampledFrom([]string{"create", "record", "record", "record", "rename", "archive", "rebuild", "zone", "time"}).Draw(t, "what")
	if len(*made) == 0 {
		what = "create"
	}
	var chart charts.ID
	if len(*made) > 0 {
		chart = rapid.SampledFrom(*made).Draw(t, "chart")
	}
	switch what {
	case "create":
		*made = append(*made, c.Chart(t, as, rapid.SampledFrom(aggregations).Draw(t, "aggregation")))
	case "record":
		var points []command.PointInput
		late := rapid.SampledFrom([]int{9, 30 * 60, 100 * 24 * 60}).Draw(t, "minutes late")
		for range rapid.IntRange(1, 40).Draw(t, "points") {
			ago := time.Duration(rapid.IntRange(0, late).Draw(t, "minutes ago")) * time.Minute
			points = append(points, core.Point(c.Clock.Now().Add(-ago), fmt.Sprint(rapid.IntRange(-9, 9).Draw(t, "value"))))
		}
		if _, err := c.Commands.RecordDataPoints(ctx, as, command.RecordDataPoints{Chart: charts.Ref{ID: chart}, Points: points}); err != nil {
			return // an archived chart takes none
		}
	case "rename":
		_, err := c.Commands.UpdateChart(ctx, as, command.UpdateChart{Chart: charts.Ref{ID: chart}, Change: func(s charts.Settings) charts.Settings {
			s.Name = rapid.StringMatching("[a-z]{1,9}").Draw(t, "name")
			return s
		}})
		must(err)
	case "archive":
		if _, err := c.Commands.ArchiveChart(ctx, as, command.ArchiveChart{Chart: charts.Ref{ID: chart}}); err != nil {
			_, err = c.Commands.RestoreChart(ctx, as, command.RestoreChart{Chart: charts.Ref{ID: chart}})
			must(err)
		}
	case "rebuild":
		must(c.Journal.Rebuild(ctx, as.Tenant(), chart))
	case "zone":
		zone := rapid.SampledFrom([]string{"Europe/Paris", "Asia/Kathmandu", "America/Santiago"}).Draw(t, "zone")
		_, err := c.Directory.UpdateTenant(ctx, as, directory.Changes{TimeZone: &zone})
		must(err)
	case "time":
		c.Clock.Advance(time.Duration(rapid.IntRange(1, 40*24*60).Draw(t, "minutes")) * time.Minute)
	}
}

// While charts are written to, nobody is told less than what was acknowledged before he asked, nor less than what another was told.
func TestWhatIsKeptFollowsEveryAcknowledgement(t *testing.T) {
	c := core.New(t, core.At(time.Date(2026, 3, 20, 9, 30, 0, 0, time.UTC)))
	as := c.Tenant(t, "Europe/Paris", directory.Monday)
	const writers = 4
	each := 150
	if testing.Short() { // under the race detector
		each = 40
	}
	var charts4 [writers]charts.ID
	for i := range charts4 {
		charts4[i] = c.Chart(t, as, charts.Count)
	}
	var least [writers]atomic.Int64 // versions that were acknowledged or told
	var working, reading sync.WaitGroup
	done := make(chan struct{})
	for w := range writers {
		working.Go(func() {
			for n := range each {
				c.Record(t, as, charts4[w], core.Point(c.Clock.Now().Add(-time.Duration(n)*time.Second), "1"))
				raise(&least[w], int64(n)+2)
			}
		})
		reading.Go(func() {
			for open := true; open; {
				select {
				case <-done:
					open = false
				default:
				}
				var before [writers]int64
				for i := range least {
					before[i] = least[i].Load()
				}
				all, err := c.Reader.All(t.Context(), as.Tenant())
				if err != nil {
					t.Error(err)
					return
				}
				for _, chart := range all {
					for i, id := range charts4 {
						if chart.ID != string(id) {
							continue
						}
						if int64(chart.Version) < before[i] {
							t.Errorf("chart %d is told at version %d after %d", i, chart.Version, before[i])
						}
						raise(&least[i], int64(chart.Version))
						if kpi, err := chart.Kpi(t.Context(), nil, nil, nil); err != nil || kpi.Value == nil && chart.Version > 1 {
							t.Errorf("version %d: %+v, %v", chart.Version, kpi, err)
						}
					}
				}
			}
		})
	}
	working.Wait()
	close(done)
	reading.Wait()
}

func raise(least *atomic.Int64, to int64) {
	for now := least.Load(); now < to && !least.CompareAndSwap(now, to); now = least.Load() {
	}
}

// A dashboard that is asked again takes what has changed from the commits, and reads of it what they did not tell; and no tenant's share in memory is
// without bound.
func TestADashboardAskedAgainReadsWhatHasChanged(t *testing.T) {
	clock := core.At(time.Date(2026, 11, 23, 15, 30, 0, 0, time.UTC))
	alone := core.New(t, clock)
	store := &counting{Store: alone.Store}
	c := core.Keeping(store, alone.Engine, clock)
	as := dashboard(t, c, 20, time.Hour)
	hour := charts.ByHour
	read := func() (calls, documents int64) {
		store.calls.Store(0)
		store.documents.Store(0)
		show(t, c, as, charts.Last7Days, &hour)
		return store.calls.Load(), store.documents.Load()
	}
	read()
	if calls, documents := read(); calls != 0 || documents != 0 {
		t.Errorf("unchanged: %d calls for %d documents", calls, documents)
	}
	all, err := c.Reader.All(t.Context(), as.Tenant())
	if err != nil {
		t.Fatal(err)
	}
	c.Record(t, as, charts.ID(all[3].ID), core.Point(clock.Now(), "1"))
	if calls, documents := read(); calls != 0 || documents != 0 { // the commit told its NOW; its hours have not changed
		t.Errorf("one chart changed: %d calls for %d documents", calls, documents)
	}
	c.Record(t, as, charts.ID(all[3].ID), core.Point(clock.Now().Add(-49*time.Hour), "1"))
	if calls, documents := read(); calls != 1 || documents != 1 { // the hours
		t.Errorf("an hour before today changed: %d calls for %d documents, want 1 for 1", calls, documents)
	}
	for n := range 30 { // more than is held for those who ask
		c.Record(t, as, charts.ID(all[3].ID), core.Point(clock.Now(), fmt.Sprint(2+n)))
	}
	if calls, documents := read(); calls != 1 || documents != 1 { // NOW
		t.Errorf("one chart changed very often: %d calls for %d documents, want 1 for 1", calls, documents)
	}
	other := c.Tenant(t, "UTC", directory.Monday)
	c.Chart(t, other, charts.Sum)
	if calls, documents := read(); calls != 0 || documents != 0 {
		t.Errorf("another tenant changed: %d calls for %d documents", calls, documents)
	}
	for range 100 {
		if err := c.Store.Commit(t.Context(), as.Tenant(), eventstore.Commit{Puts: []eventstore.Put{{Key: eventstore.Key{Name: "OTHER#x"}}}}); err != nil {
			t.Fatal(err)
		}
		if calls, documents := read(); calls != 0 || documents != 0 {
			t.Fatalf("nothing of a chart changed: %d calls for %d documents", calls, documents)
		}
	}
}

// withoutNow is a store that fails to read charts' NOW while it is told to.
type withoutNow struct {
	eventstore.Store
	fails atomic.Bool
}

func (s *withoutNow) Documents(ctx context.Context, tenant tenancy.ID, spans ...eventstore.Span) ([][]eventstore.Document, error) {
	if s.fails.Load() && strings.HasPrefix(spans[0].Key.Name, projection.NowPrefix) {
		return nil, eventstore.ErrUnavailable
	}
	return s.Store.Documents(ctx, tenant, spans...)
}

// A board is shared: a read that fails halfway through, of a chart that moved on meanwhile, leaves nothing behind that others
// would take for the chart's figures.
func TestAReadThatFailsLeavesNothingBehind(t *testing.T) {
	alone := core.New(t, core.At(time.Date(2026, 11, 23, 15, 30, 0, 0, time.UTC)))
	store := &withoutNow{Store: alone.Store}
	c := core.Keeping(store, alone.Engine, alone.Clock)
	as := c.Tenant(t, "UTC", directory.Monday)
	id := c.Chart(t, as, charts.Sum)
	now := c.Clock.Now()
	value := 0
	record := func() {
		value++
		var points []command.PointInput
		for i := range 100 { // several hours of each of the last days, and days of the last years
			points = append(points, core.Point(now.Add(-time.Duration(i)*time.Hour), fmt.Sprint(value)), core.Point(now.AddDate(0, 0, -7*i), fmt.Sprint(value)))
		}
		c.Record(t, as, id, points...)
	}
	record()
	board, err := c.Reader.All(t.Context(), as.Tenant())
	if err != nil {
		t.Fatal(err)
	}
	record()
	hour, month := charts.ByHour, charts.ByMonth
	for period, by := range map[charts.Period]*charts.Granularity{charts.Last7Days: &hour, charts.Last12Months: &month} {
		store.fails.Store(true)
		if _, err := board[0].Trend(t.Context(), &period, nil, nil, by); err == nil {
			t.Errorf("%s: no failure: what is tested here?", period)
		}
		store.fails.Store(false)
		trend, err := board[0].Trend(t.Context(), &period, nil, nil, by)
		if err != nil {
			t.Fatal(err)
		}
		want, err := c.Read(t, as, id).Trend(t.Context(), &period, nil, nil, by)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := fmt.Sprint(trendOf(trend)), fmt.Sprint(trendOf(want)); got != want {
			t.Errorf("%s after a read that failed:\n%s\nwant\n%s", period, got, want)
		}
		record()
	}
}

// interrupted has something happen once, before documents are read.
type interrupted struct {
	eventstore.Store
	first func() // nil: nothing
}

func (i *interrupted) Documents(ctx context.Context, tenant tenancy.ID, spans ...eventstore.Span) ([][]eventstore.Document, error) {
	if happens := i.first; happens != nil {
		i.first = nil
		happens()
	}
	return i.Store.Documents(ctx, tenant, spans...)
}

// A commit that lands after what has changed was told, and before that is read again, is in all of what is kept or in none.
func TestWhatLandsWhileChangesAreReadIsWhole(t *testing.T) {
	clock := core.At(time.Date(2026, 11, 23, 15, 30, 0, 0, time.UTC))
	alone := core.New(t, clock)
	store := &interrupted{Store: alone.Store}
	c := core.Keeping(store, alone.Engine, clock)
	as := c.Tenant(t, "UTC", directory.Monday)
	chart := c.Chart(t, as, charts.Sum)
	at := withHours(t, c, as, chart)
	saidBy(t, c.Reader, as.Tenant()) // the hours are loaded
	for n := range 30 {              // more than is told without a read
		c.Record(t, as, chart, core.Point(clock.Now(), fmt.Sprint(n)))
	}
	store.first = func() { c.Record(t, as, chart, core.Point(at.Add(time.Minute), "5")) }
	saysTheSame(t, c.Reader, core.On(alone.Store, clock), as.Tenant())
}

// saysTheSame compares what is kept of a tenant with what is read again, by an instance that keeps nothing.
func saysTheSame(t *testing.T, r *query.Reader, fresh *core.Core, tenant tenancy.ID) {
	t.Helper()
	kept, read := saidBy(t, r, tenant), saidBy(t, fresh.Reader, tenant)
	if i := differs(kept, read); i >= 0 {
		t.Errorf("what is kept says otherwise:\n%.300v\nread again:\n%.300v", kept[min(i, len(kept)):], read[min(i, len(read)):])
	}
}

// differs is where two lists do first, or -1.
func differs(a, b []string) int {
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || a[i] != b[i] {
			return i
		}
	}
	return -1
}

// What commits have told that is too old to be told whole counts in what is read again, as what lands meanwhile does.
func TestWhatWasToldBeforeAReadIsWhole(t *testing.T) {
	c := core.New(t, core.At(time.Date(2026, 11, 23, 15, 30, 0, 0, time.UTC)))
	as := c.Tenant(t, "UTC", directory.Monday)
	chart := c.Chart(t, as, charts.Sum)
	at := withHours(t, c, as, chart)
	saidBy(t, c.Reader, as.Tenant()) // the hours are loaded
	c.Record(t, as, chart, core.Point(at.Add(time.Minute), "5"))
	for n := range 30 { // more than is told without a read
		c.Record(t, as, chart, core.Point(c.Clock.Now(), fmt.Sprint(n)))
	}
	saysTheSame(t, c.Reader, core.On(c.Store, c.Clock), as.Tenant())
}

// withHours records points that have a chart keep the hours of the day before yesterday, and answers one's instant.
func withHours(t *testing.T, c *core.Core, as tenancy.Identity, chart charts.ID) time.Time {
	t.Helper()
	at := c.Clock.Now().Add(-48 * time.Hour)
	c.Record(t, as, chart, core.Point(at, "1"), core.Point(at.Add(-time.Hour), "1"), core.Point(c.Clock.Now().Add(-time.Minute), "1"))
	return at
}

// A commit of another process that nobody has heard of yet is in none of what is kept, or in all of a chart: where this process
// writes upon it, and where what has changed is read.
func TestWhatAnotherProcessWroteIsWhole(t *testing.T) {
	for what, upon := range map[string]int{"told": 1, "read": 30} {
		t.Run(what, func(t *testing.T) {
			dir, clock := t.TempDir(), core.At(time.Date(2026, 11, 23, 15, 30, 0, 0, time.UTC))
			open := func() *core.Core {
				store, err := sqlite.Open(dir, sqlite.Options{Now: clock.Now})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = store.Close() })
				return core.Keeping(store, store, clock)
			}
			c, other := open(), open()
			as := c.Tenant(t, "UTC", directory.Monday)
			chart := c.Chart(t, as, charts.Sum)
			at := withHours(t, c, as, chart)
			saidBy(t, c.Reader, as.Tenant())
			other.Record(t, as, chart, core.Point(at.Add(time.Minute), "5"))
			for n := range upon {
				c.Record(t, as, chart, core.Point(clock.Now(), fmt.Sprint(n))) // the clock stands still: nobody asks for others' commits
			}
			saysTheSame(t, c.Reader, other, as.Tenant())
		})
	}
}

// A chart that has gone is told no more.
func TestAChartThatHasGoneIsNotKept(t *testing.T) {
	c := core.New(t, core.At(time.Date(2026, 11, 23, 15, 30, 0, 0, time.UTC)))
	as := c.Tenant(t, "UTC", directory.Monday)
	c.Chart(t, as, charts.Sum)
	gone := c.Chart(t, as, charts.Sum)
	saidBy(t, c.Reader, as.Tenant())
	commit(t, c, as.Tenant(), eventstore.Commit{Deletes: []eventstore.Delete{
		{Key: eventstore.Key{Name: projection.NowName(gone)}}, {Key: eventstore.Key{Name: projection.ChartName(gone)}},
	}})
	saysTheSame(t, c.Reader, core.On(c.Store, c.Clock), as.Tenant())
}

// A board that has grown beyond its share of the memory, by what its series have loaded, is not kept.
func TestABoardThatGrowsIsCounted(t *testing.T) {
	alone := core.New(t, core.At(time.Date(2026, 11, 23, 15, 30, 0, 0, time.UTC)))
	store := &counting{Store: alone.Store}
	c := core.Keeping(store, alone.Engine, alone.Clock)
	as := dashboard(t, c, 20, time.Hour)
	asked := func() int64 {
		store.calls.Store(0)
		if _, err := c.Reader.All(t.Context(), as.Tenant()); err != nil {
			t.Fatal(err)
		}
		return store.calls.Load()
	}
	for c.Reader.Memory = 0; asked() > 0; { // until it is just kept as it is read
		c.Reader.Memory += 10_000
		asked()
	}
	hour := charts.ByHour
	show(t, c, as, charts.Last7Days, &hour)
	if asked() == 0 {
		t.Errorf("with all its hours it is still kept in %d bytes", c.Reader.Memory)
	}
}

// So is one whose charts' newest points were asked for: they were packed until then.
func TestABoardThatUnpacksIsCounted(t *testing.T) {
	alone := core.New(t, core.At(time.Date(2026, 11, 23, 15, 30, 0, 0, time.UTC)))
	store := &counting{Store: alone.Store}
	c := core.Keeping(store, alone.Engine, alone.Clock)
	as := dashboard(t, c, 20, time.Hour)
	asked := func() []*query.Chart {
		store.calls.Store(0)
		all, err := c.Reader.All(t.Context(), as.Tenant())
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	c.Reader.Memory = 0
	for asked(); store.calls.Load() > 0; asked() { // until it is just kept as it is read
		c.Reader.Memory += 10_000
		asked()
	}
	first, from := 1, c.Clock.Now().Add(-time.Hour)
	for _, chart := range asked() {
		if _, err := chart.Points(t.Context(), &first, nil, &from, nil); err != nil {
			t.Fatal(err)
		}
	}
	if store.calls.Load() > 0 {
		t.Fatal("more was read than the newest points")
	}
	if asked(); store.calls.Load() == 0 {
		t.Errorf("with its points unpacked it is still kept in %d bytes", c.Reader.Memory)
	}
}

// And one whose hours are looked at again: the first look leaves them packed.
func TestABoardWhoseHoursAreLookedAtAgainIsCounted(t *testing.T) {
	alone := core.New(t, core.At(time.Date(2026, 11, 23, 15, 30, 0, 0, time.UTC)))
	store := &counting{Store: alone.Store}
	as := dashboard(t, alone, 20, time.Hour)
	hour := charts.ByHour
	keptAfterALook := func(c *core.Core) bool {
		show(t, c, as, charts.Last7Days, &hour)
		store.calls.Store(0)
		if _, err := c.Reader.All(t.Context(), as.Tenant()); err != nil {
			t.Fatal(err)
		}
		return store.calls.Load() == 0
	}
	for memory := 10_000; ; memory += 10_000 {
		c := core.Keeping(store, alone.Engine, alone.Clock)
		if c.Reader.Memory = memory; keptAfterALook(c) {
			if keptAfterALook(c) {
				t.Errorf("with its hours unpacked it is still kept in %d bytes", memory)
			}
			return
		}
	}
}

// A board whose charts let go of what they have loaded is smaller again: it is kept however often they are asked.
func TestABoardThatShrinksIsCounted(t *testing.T) {
	alone := core.New(t, core.At(time.Date(2026, 11, 23, 15, 30, 0, 0, time.UTC)))
	store := &counting{Store: alone.Store}
	c := core.Keeping(store, alone.Engine, alone.Clock)
	c.Reader.Memory = 1 << 20
	as := c.Tenant(t, "UTC", directory.Monday)
	id := c.Chart(t, as, charts.Sum)
	var points []command.PointInput
	for n := range 2000 {
		points = append(points, core.Point(c.Clock.Now().Add(-time.Duration(n)*time.Minute), "1"))
	}
	c.Record(t, as, id, points...)
	first := 10
	for n := range 10 {
		store.calls.Store(0)
		all, err := c.Reader.All(t.Context(), as.Tenant())
		if err != nil {
			t.Fatal(err)
		}
		if n > 0 && store.calls.Load() > 0 {
			t.Fatalf("after its points were asked for %d times the board is not kept", n)
		}
		if _, err := all[0].Points(t.Context(), &first, nil, nil, nil); err != nil {
			t.Fatal(err)
		}
	}
}

// A document that is damaged by a single bit is found, and the chart made again from its log; nothing of what was read before is
// taken for its figures.
func TestWhatIsDamagedIsMadeAgain(t *testing.T) {
	alone := core.New(t, core.At(time.Date(2026, 11, 23, 15, 30, 0, 0, time.UTC)))
	as := alone.Tenant(t, "Europe/Paris", directory.Monday)
	id := alone.Chart(t, as, charts.Sum)
	var points []command.PointInput
	for i := range 400 {
		points = append(points, core.Point(alone.Clock.Now().Add(-time.Duration(i)*5*time.Hour), "1"))
	}
	alone.Record(t, as, id, points...)
	want := saidBy(t, alone.Reader, as.Tenant())
	n := len(parts(t, alone, as.Tenant(), id))
	if n < 3 {
		t.Fatalf("%d documents besides NOW: hours, a year and a page were wanted", n)
	}
	for i := range n {
		for who, c := range map[string]*core.Core{"kept": core.Keeping(alone.Store, alone.Engine, alone.Clock), "read again": alone} {
			if _, err := c.Reader.All(t.Context(), as.Tenant()); err != nil {
				t.Fatal(err)
			}
			damaged := parts(t, alone, as.Tenant(), id)[i]
			damaged.Body[len(damaged.Body)/2] ^= 1
			commit(t, alone, as.Tenant(), eventstore.Commit{Puts: []eventstore.Put{{Key: damaged.Key, Body: damaged.Body}}})
			for range 2 {
				if said := saidBy(t, c.Reader, as.Tenant()); differs(said, want) >= 0 {
					t.Errorf("%s, of a damaged %s: %.500v", who, damaged.Key.Name, said[differs(said, want):])
				}
			}
		}
	}
}

// withoutLog is a store whose events can't be read.
type withoutLog struct{ eventstore.Store }

func (withoutLog) Events(context.Context, tenancy.ID, eventstore.Stream, int64, int) ([]eventstore.Event, error) {
	return nil, errors.New("the log is damaged")
}

// What was read of a chart before it turned out to be damaged is not taken for its figures after the next
// point, where its log can't be read either.
func TestWhatIsDamagedIsNotTakenOver(t *testing.T) {
	alone := core.New(t, core.At(time.Date(2026, 11, 23, 15, 30, 0, 0, time.UTC)))
	c := core.Keeping(withoutLog{alone.Store}, alone.Engine, alone.Clock)
	as := c.Tenant(t, "UTC", directory.Monday)
	chart := c.Chart(t, as, charts.Sum)
	withHours(t, c, as, chart)
	commit(t, c, as.Tenant(), eventstore.Commit{Puts: []eventstore.Put{{Key: eventstore.Key{Name: projection.HoursName(chart)}, Body: []byte{0xff}}}})
	period, hour := charts.Last7Days, charts.ByHour
	for range 2 {
		all, err := c.Reader.All(t.Context(), as.Tenant()) // they are kept
		if err != nil {
			t.Fatal(err)
		}
		if trend, err := all[0].Trend(t.Context(), &period, nil, nil, &hour); err == nil {
			t.Errorf("of damaged hours is told %+v", trendOf(trend))
		}
		c.Record(t, as, chart, core.Point(c.Clock.Now(), "1"))
	}
}

// Who leaves while a chart is rebuilt for him hears that, even if the rebuild succeeds.
func TestWhoLeavesWhileAChartIsRebuilt(t *testing.T) {
	alone := core.New(t, core.At(time.Date(2026, 11, 23, 15, 30, 0, 0, time.UTC)))
	store := &interrupted{Store: alone.Store}
	c := core.Keeping(store, alone.Engine, alone.Clock)
	as := c.Tenant(t, "UTC", directory.Monday)
	c.Chart(t, as, charts.Sum)
	zone := "Asia/Kathmandu"
	if _, err := c.Directory.UpdateTenant(t.Context(), as, directory.Changes{TimeZone: &zone}); err != nil {
		t.Fatal(err)
	}
	ctx, leave := context.WithCancel(t.Context())
	store.first = func() { store.first = leave } // before the rebuild reads, after the board was read
	if all, err := c.Reader.All(ctx, as.Tenant()); !errors.Is(err, context.Canceled) {
		t.Errorf("%d charts, %v", len(all), err)
	}
	if all, err := c.Reader.All(t.Context(), as.Tenant()); err != nil || len(all) != 1 {
		t.Errorf("the next asker: %d charts, %v", len(all), err)
	}
}
