package projection_test

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/projection"
	"github.com/mykpi/mykpi/eventstore"
	"pgregory.net/rapid"
)

// documents is a store of one chart's documents, in memory.
type documents map[string][]byte

func (d documents) put(puts []eventstore.Put) {
	for _, p := range puts {
		d[p.Key.Name] = p.Body
	}
}

func (d documents) answer(spans []eventstore.Span) [][]eventstore.Document {
	answers := make([][]eventstore.Document, len(spans))
	for i, span := range spans {
		var names []string
		for name := range d {
			if name == span.Key.Name || span.To != "" && name >= span.Key.Name && name < span.To {
				names = append(names, name)
			}
		}
		sort.Strings(names)
		if span.Desc {
			slices.Reverse(names)
		}
		if span.Limit > 0 && len(names) > span.Limit {
			names = names[:span.Limit]
		}
		for _, name := range names {
			answers[i] = append(answers[i], eventstore.Document{Key: eventstore.Key{Name: name}, Body: d[name]})
		}
	}
	return answers
}

func (d documents) open(t fataler, c charts.Calendar) *projection.Series {
	now, err := projection.ReadNow(d[projection.NowName("c")])
	if err != nil {
		t.Fatalf("NOW: %v", err)
	}
	return projection.Open("c", now, c)
}

type fataler interface{ Fatalf(string, ...any) }

// load asks until nothing is wanted.
func (d documents) load(t fataler, s *projection.Series, ask func()) {
	for range 10 {
		ask()
		if !s.Wants() {
			return
		}
		if err := s.Absorb(d.answer(s.Spans())); err != nil {
			t.Fatalf("absorb: %v", err)
		}
	}
	t.Fatalf("a series that never has enough: %v", s.Spans())
}

// model is what a chart holds, the obvious way.
type model []charts.Point

func (m *model) apply(e charts.Event) {
	drop := func(id charts.PointID) {
		*m = slices.DeleteFunc(*m, func(p charts.Point) bool { return p.ID() == id })
	}
	switch e := e.(type) {
	case charts.DataPointsRecorded:
		for _, p := range e.Points {
			drop(p.ID())
			*m = append(*m, p.Point)
			slices.SortStableFunc(*m, func(a, b charts.Point) int { return cmp.Compare(a.At, b.At) })
		}
	case charts.DataPointsRemoved:
		for _, p := range e.Points {
			drop(p.ID())
		}
	}
}

func (m model) known() charts.Known {
	k := charts.Known{}
	for _, p := range m {
		k[p.ID()] = p
	}
	return k
}

func (m model) fold(a charts.Aggregation, from, to charts.Instant) string {
	var values []charts.Decimal
	for _, p := range m {
		if p.At >= from && p.At < to {
			values = append(values, p.Value)
		}
	}
	if len(values) == 0 {
		return "none"
	}
	sum := charts.Decimal{}
	for _, v := range values {
		sum = sum.Add(v)
	}
	switch a {
	case charts.Sum:
		return sum.String()
	case charts.Average:
		return sum.DividedBy(int64(len(values))).String()
	case charts.Count:
		return fmt.Sprint(len(values))
	case charts.Last:
		return values[len(values)-1].String()
	case charts.Minimum:
		return slices.MinFunc(values, charts.Decimal.Cmp).String()
	}
	return slices.MaxFunc(values, charts.Decimal.Cmp).String()
}

func told(t charts.Tally, a charts.Aggregation) string {
	if v, ok := t.Result(a); ok {
		return v.String()
	}
	return "none"
}

// A chart whose documents are loaded piece by piece and saved after each event says what the model says, and its
// documents are those of a rebuild in one go, to the byte.
func TestSeriesAgreesWithTheObviousWay(t *testing.T) {
	zones := []string{"Europe/Paris", "America/Santiago", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"}
	aggregations := []charts.Aggregation{charts.Last, charts.Sum, charts.Average, charts.Minimum, charts.Maximum, charts.Count}
	rapid.Check(t, func(t *rapid.T) {
		calendar, err := charts.NewCalendar(rapid.SampledFrom(zones).Draw(t, "zone"), time.Monday)
		if err != nil {
			t.Fatal(err)
		}
		a := rapid.SampledFrom(aggregations).Draw(t, "aggregation")
		step := rapid.SampledFrom([]time.Duration{time.Second, time.Minute, 37 * time.Minute, time.Hour, 24 * time.Hour, 31 * 24 * time.Hour}).Draw(t, "step")
		start := time.Date(2024, 3, 25, 5, 0, 0, 0, time.UTC)
		instant := rapid.Custom(func(t *rapid.T) charts.Instant {
			return charts.InstantOf(start.Add(time.Duration(rapid.IntRange(0, 400).Draw(t, "n")) * step))
		})

		live, events := documents{}, []charts.Event{charts.ChartCreated{ID: "c", Aggregation: a}}
		first := projection.New("c", a, 1, calendar)
		first.Apply(events[0], 1, 1)
		live.put(first.Puts())
		var m model
		forward := 0
		for range rapid.IntRange(1, 12).Draw(t, "events") {
			e := nextEvent(t, &m, instant, start, step, &forward)
			if e == nil {
				continue
			}
			events = append(events, e)
			s := live.open(t, calendar)
			live.load(t, s, func() { s.Plan(e) })
			s.Apply(e, int64(len(events)), charts.Instant(len(events)))
			live.put(s.Puts())
			m.apply(e)

			r := live.open(t, calendar)
			for range 3 {
				from, to := instant.Draw(t, "from"), instant.Draw(t, "to")
				var got charts.Tally
				live.load(t, r, func() { got = r.Fold(from, to) })
				if want := m.fold(a, from, to); told(got, a) != want {
					t.Fatalf("%s from %v to %v is %s, want %s", a, from.Time(), to.Time(), told(got, a), want)
				}
				ends := slices.Sorted(slices.Values(rapid.SliceOfN(instant, 2, 12).Draw(t, "ends")))
				var buckets []charts.Bucket
				for i := 0; i+1 < len(ends); i += rapid.IntRange(1, 2).Draw(t, "gap") {
					buckets = append(buckets, charts.Bucket{From: ends[i], To: ends[i+1]})
				}
				sums := make([]charts.Tally, len(buckets))
				live.load(t, r, func() {
					clear(sums)
					r.FoldInto(sums, buckets, to)
				})
				for i, b := range buckets {
					if want := m.fold(a, b.From, min(b.To, to)); told(sums[i], a) != want {
						t.Fatalf("bucket %d of %v before %v is %s, want %s", i, buckets, to.Time(), told(sums[i], a), want)
					}
				}
				var newest charts.Tally
				live.load(t, r, func() { newest = r.Newest(to) })
				before := 0
				for before < len(m) && m[before].At < to {
					before++
				}
				if (newest.Count == 1) != (before > 0) || before > 0 && newest.Last != m[before-1].At {
					t.Fatalf("the newest before %v is %v, want point %d of %v", to.Time(), newest, before, m)
				}
			}
		}
		rebuilt := projection.New("c", a, 1, calendar)
		for i, e := range events {
			rebuilt.Plan(e)
			if rebuilt.Wants() {
				t.Fatalf("a rebuild wants documents")
			}
			rebuilt.Apply(e, int64(i+1), charts.Instant(i+1))
		}
		fresh := documents{}
		fresh.put(rebuilt.Puts())
		compare(t, live, fresh)
		all := rebuilt.Points(0, math.MaxInt64)
		if len(all) != len(m) {
			t.Fatalf("%d points, want %d", len(all), len(m))
		}
		for i, p := range all {
			if p.Point != m[i] {
				t.Fatalf("point %d is %v, want %v", i, p.Point, m[i])
			}
		}
	})
}

// One fold over all hours that are kept looks at those of the window, of the day a week ago and of the open day, one between the
// others, while all are packed.
func TestAFoldOverAllHours(t *testing.T) {
	calendar, err := charts.NewCalendar("Europe/Paris", time.Monday)
	if err != nil {
		t.Fatal(err)
	}
	end := time.Date(2026, 11, 23, 20, 0, 0, 0, time.UTC)
	var recorded charts.DataPointsRecorded
	for hour := range int64(12 * 24) {
		at := charts.InstantOf(end.Add(time.Duration(hour-12*24) * time.Hour))
		for n := range charts.Instant(2) { // an hour of one point would do without its tally
			recorded.Points = append(recorded.Points, charts.RecordedPoint{Point: charts.Point{At: at + n, Value: charts.DecimalOf(hour, 0)}})
		}
	}
	stored := documents{}
	first := projection.New("c", charts.Sum, 1, calendar)
	first.Apply(recorded, 1, 1)
	stored.put(first.Puts())

	var buckets []charts.Bucket
	for hours := range 8*24 + 20 { // from the first hour of the window to that of the newest point
		to := end.Add(-time.Duration(hours) * time.Hour)
		buckets = append(buckets, charts.Bucket{From: charts.InstantOf(to.Add(-time.Hour)), To: charts.InstantOf(to)})
	}
	slices.Reverse(buckets)
	s, sums := stored.open(t, calendar), make([]charts.Tally, len(buckets))
	for range 3 { // packed, looked at again, and unpacked
		stored.load(t, s, func() {
			clear(sums)
			s.FoldInto(sums, buckets, math.MaxInt64)
		})
		for i, sum := range sums {
			if want := fmt.Sprint(2 * (12*24 - len(buckets) + i)); told(sum, charts.Sum) != want {
				t.Fatalf("the hour from %v is %s, want %s", buckets[i].From.Time(), told(sum, charts.Sum), want)
			}
		}
	}
}

// compare compares all but the versions at which documents were last written.
func compare(t fataler, live, fresh documents) {
	for name, body := range live {
		if strings.HasPrefix(name, projection.NowPrefix) && !bytes.Equal(body, fresh[name]) {
			t.Fatalf("%s differs from its rebuild:\n%x\n%x", name, body, fresh[name])
		}
	}
	for name := range fresh {
		if live[name] == nil {
			t.Fatalf("%s was never written live", name)
		}
	}
	if len(live) != len(fresh) {
		t.Fatalf("%d documents live, %d rebuilt", len(live), len(fresh))
	}
}

func nextEvent(t *rapid.T, m *model, instant *rapid.Generator[charts.Instant], start time.Time, step time.Duration, forward *int) charts.Event {
	chart := charts.Chart{ID: "c", Status: charts.Active, Version: 1}
	kind := rapid.IntRange(0, 5).Draw(t, "kind")
	var cmd charts.Command
	switch kind {
	case 0:
		var ids []charts.PointID
		for range rapid.IntRange(1, 4).Draw(t, "removals") {
			if len(*m) > 0 {
				ids = append(ids, rapid.SampledFrom(*m).Draw(t, "remove").ID())
			}
		}
		cmd = charts.Remove{IDs: ids, Known: m.known()}
	default:
		points := make([]charts.Point, rapid.SampledFrom([]int{1, 1, 3, 40, 300}).Draw(t, "points"))
		same := instant.Draw(t, "same")
		for i := range points {
			p := charts.Point{At: instant.Draw(t, "at"), Value: charts.DecimalOf(rapid.Int64Range(-50, 1000).Draw(t, "value"), 250_000)}
			if kind >= 3 { // in order, as most are
				*forward++
				p.At = charts.InstantOf(start.Add(time.Duration(*forward) * step))
			}
			if kind == 2 { // many of one instant
				p.At = same
			}
			if kind == 2 || rapid.IntRange(0, 3).Draw(t, "keyed") == 0 {
				p.Key = fmt.Sprint("evt_", strings.Repeat("x", 40), rapid.IntRange(0, 500).Draw(t, "key"))
			}
			points[i] = p
		}
		cmd = charts.Record{Points: points, Known: m.known()}
	}
	events, err := charts.Decide(chart, cmd)
	if err != nil {
		t.Fatalf("decide: %v", err)
	}
	if len(events) == 0 {
		return nil
	}
	return events[0]
}
