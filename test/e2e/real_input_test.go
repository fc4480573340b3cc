package e2e

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mykpi/mykpi/test/oracle"
)

// series is a real series, and the chart that it becomes.
type series struct {
	name, file, column string
	times, layout      string   // column of the times, and how it writes them
	keys               []string // the columns that make a point's key; none where points are known by their instants
	aggregation        string
	direction, target  string
}

var allSeries = []series{
	{"github-pushes", "github.csv", "count", "time", "2006/01/02 15:04:05", nil, "SUM", "UP_IS_GOOD", "5000"},
	{"github-count", "github.csv", "count", "time", "2006/01/02 15:04:05", []string{"time"}, "COUNT", "NEUTRAL", ""},
	{"seattle-temperature", "seattle-weather.csv", "temp_max", "date", "2006-01-02", []string{"date"}, "AVERAGE", "DOWN_IS_GOOD", "16.5"},
	{"seattle-rain", "seattle-weather.csv", "precipitation", "date", "2006-01-02", nil, "SUM", "DOWN_IS_GOOD", ""},
	{"seattle-pressure", "seattle-weather-hourly-normals.csv", "pressure", "date", "2006-01-02T15:04:05", nil, "MINIMUM", "UP_IS_GOOD", "1016.6"},
	{"sp500", "sp500.csv", "price", "date", "Jan 2 2006", []string{"date"}, "LAST", "UP_IS_GOOD", "1400"},
	{"sp500-volume", "sp500-2000.csv", "volume", "date", "2006-01-02", nil, "SUM", "UP_IS_GOOD", ""},
	{"stocks-high", "stocks.csv", "price", "date", "Jan 2 2006", []string{"symbol", "date"}, "MAXIMUM", "UP_IS_GOOD", "700"},
}

// read is what the series tells, in its own order. Its times are those of clocks in Seattle, with hours that come twice
// and hours that never were.
func (s series) read(tb testing.TB) []oracle.Point {
	tb.Helper()
	seattle, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		tb.Fatal(err)
	}
	var points []oracle.Point
	for _, row := range readCSV(tb, s.file) {
		at, err := time.ParseInLocation(s.layout, row[s.times], seattle)
		if err != nil {
			tb.Fatalf("%s: %v", s.file, err)
		}
		var key []string
		for _, column := range s.keys {
			key = append(key, row[column])
		}
		points = append(points, oracle.Point{Key: strings.Join(key, " "), At: at, Value: row[s.column]})
	}
	return points
}

// delivered is a series as careless senders deliver it: out of order, in batches, many of which come again, with values
// that are wrong at first and put right later.
func delivered(points []oracle.Point, random *rand.Rand) [][]oracle.Point {
	late := slices.Clone(points)
	random.Shuffle(len(late), func(i, j int) {
		if random.IntN(3) > 0 { // some stay nearly where they were
			late[i], late[j] = late[j], late[i]
		}
	})
	var batches [][]oracle.Point
	for len(late) > 0 {
		n := min(1+random.IntN(3000), len(late))
		right := late[:n]
		late = late[n:]
		if random.IntN(2) == 0 {
			wrong := slices.Clone(right)
			for i := range wrong {
				if random.IntN(4) == 0 {
					wrong[i].Value = fmt.Sprintf("%d.%02d", random.IntN(1000), random.IntN(100))
				}
			}
			batches = append(batches, wrong)
		}
		batches = append(batches, right)
		if random.IntN(3) == 0 {
			batches = append(batches, batches[random.IntN(len(batches))], right)
		}
	}
	// The last word on every point is the right one, even where clocks showed an hour twice.
	return append(batches, points)
}

// TestRealSeries records real series through the API, and compares what the charts say with the oracle, in one zone
// after the other: the tenant moves, and its whole past with it.
func TestRealSeries(t *testing.T) {
	spans := []struct{ from, to, granularity string }{
		{"2012-03-09T00:00:00-08:00", "2012-03-14T10:30:00-07:00", "HOUR"},
		{"2010-10-29T17:45:00Z", "2010-11-09T00:00:01Z", "HOUR"},
		{"2015-01-01T00:00:00Z", "2015-02-01T00:00:00Z", "HOUR"},
		{"2015-01-01T00:00:00Z", "2015-06-01T00:00:00Z", "DAY"},
		{"2012-02-20T05:45:00Z", "2012-12-31T23:59:59.999Z", "DAY"},
		{"2010-01-01T00:00:00Z", "2011-01-01T00:00:00Z", "WEEK"},
		{"2000-01-15T00:00:00Z", "2001-01-15T00:00:00Z", "WEEK"},
		{"2004-08-01T00:00:00Z", "2012-06-30T12:00:00Z", "MONTH"},
		{"2009-03-08T01:59:59Z", "2010-03-14T00:00:00Z", ""},
	}
	zones := []struct {
		name, weekStart string
		first           time.Weekday
	}{
		{"UTC", "MONDAY", time.Monday}, {"America/Los_Angeles", "SUNDAY", time.Sunday},
		{"Asia/Kathmandu", "SATURDAY", time.Saturday}, {"Australia/Lord_Howe", "MONDAY", time.Monday},
	}
	var fields strings.Builder
	for i, s := range spans {
		fmt.Fprintf(&fields, " k%d: kpi(from: %q, to: %q) { %s }", i, s.from, s.to, kpiFields)
		granularity := ""
		if s.granularity != "" {
			granularity = ", granularity: " + s.granularity
		}
		fmt.Fprintf(&fields, " t%d: trend(from: %q, to: %q%s) { %s }", i, s.from, s.to, granularity, trendFields)
	}

	deliveries := map[string][][]oracle.Point{}
	standing := map[string][]oracle.Point{}
	want := map[string]figures{}
	for n, s := range allSeries {
		deliveries[s.name] = delivered(s.read(t), rand.New(rand.NewPCG(uint64(n), 7)))
		standing[s.name] = oracle.Standing(slices.Concat(deliveries[s.name]...))
		told := oracle.Chart{Aggregation: s.aggregation, Direction: s.direction, Target: s.target}
		for _, zone := range zones {
			location, err := time.LoadLocation(zone.name)
			if err != nil {
				t.Fatal(err)
			}
			calendar := oracle.Calendar{Zone: location, WeekStart: zone.first}
			for i, asked := range spans {
				span := oracle.Span{From: instant(t, asked.from), To: instant(t, asked.to)}
				points := near(standing[s.name], calendar.Window(span, time.Now()))
				want[fmt.Sprint(s.name, zone.name, i)] = figures{calendar.KPI(told, points, span, time.Now()), calendar.Trend(told, points, span, asked.granularity, time.Now())}
			}
		}
	}

	engines(t, func(t *testing.T, start starter) {
		c := start(t).admin(t)
		for _, s := range allSeries {
			input := vars{"key": s.name, "aggregation": s.aggregation, "direction": s.direction}
			if s.target != "" {
				input["target"] = s.target
			}
			c.create(t, input)
			for _, batch := range deliveries[s.name] {
				c.record(t, s.name, asInput(batch), vars{"onInvalid": "FAIL", "mode": "BACKFILL"})
			}
			if got, want := len(c.points(t, s.name)), len(standing[s.name]); got != want {
				t.Errorf("%s has %d points, want %d", s.name, got, want)
			}
		}
		for _, zone := range zones {
			ask[any](t, c, `mutation($input: UpdateTenantInput!) { updateTenant(input: $input) { tenant { id } } }`,
				vars{"input": vars{"timeZone": zone.name, "weekStart": zone.weekStart}})
			for _, s := range allSeries {
				answer := ask[struct{ Chart map[string]json.RawMessage }](t, c, `{ chart(by: {key: `+quote(s.name)+`}) {`+fields.String()+` } }`, nil).Chart
				for i, asked := range spans {
					where := fmt.Sprintf("%s in %s, %s to %s", s.name, zone.name, asked.from, asked.to)
					expected := want[fmt.Sprint(s.name, zone.name, i)]
					compareKPI(t, where, read[kpi](t, answer[fmt.Sprint("k", i)]), expected.kpi)
					compareTrend(t, where, read[trend](t, answer[fmt.Sprint("t", i)]), expected.trend)
				}
			}
		}
	})
}

// figures are what the oracle says of a span.
type figures struct {
	kpi   oracle.KPI
	trend oracle.Trend
}

// near are the points that have a say in a window: those in it, those in the one before, and the newest before both. The
// oracle looks at each point very often.
func near(points []oracle.Point, w oracle.Window) []oracle.Point {
	first := 0
	for i, p := range points {
		if p.At.Before(w.PreviousFrom) && p.At.After(points[first].At) {
			first = i
		}
	}
	end := len(points)
	for end > first && !points[end-1].At.Before(w.To) {
		end--
	}
	return points[first:end]
}

func asInput(points []oracle.Point) []point {
	input := make([]point, len(points))
	for i, p := range points {
		input[i] = point{"at": p.At.Format(time.RFC3339), "value": p.Value}
		if p.Key != "" {
			input[i]["key"] = p.Key
		}
	}
	return input
}

func compareKPI(tb testing.TB, where string, got kpi, want oracle.KPI) {
	tb.Helper()
	told := oracle.KPI{
		Value: text(got.Value), PreviousValue: text(got.PreviousValue), Change: text(got.Change), ChangePercent: text(got.ChangePercent),
		Sentiment: got.Sentiment, TargetProgress: text(got.TargetProgress), Status: got.Status,
	}
	if got.AsOf != nil {
		told.AsOf = *got.AsOf
	}
	if told != want {
		tb.Errorf("%s: the KPI is\n%+v, want\n%+v", where, told, want)
	}
}

func compareTrend(tb testing.TB, where string, got trend, want oracle.Trend) {
	tb.Helper()
	if !got.From.Equal(want.From) || !got.To.Equal(want.To) || got.Granularity != want.Granularity || len(got.Buckets) != len(want.Buckets) {
		tb.Errorf("%s: %d buckets by %s from %v to %v, want %d by %s from %v to %v", where,
			len(got.Buckets), got.Granularity, got.From, got.To, len(want.Buckets), want.Granularity, want.From, want.To)
		return
	}
	for i, b := range got.Buckets {
		if told := (oracle.Bucket{Start: b.Start, End: b.End, Value: text(b.Value), Count: b.Count, Complete: b.Complete}); told != want.Buckets[i] {
			tb.Errorf("%s: bucket %d by %s is\n%+v, want\n%+v", where, i, got.Granularity, told, want.Buckets[i])
			return
		}
	}
}

func instant(tb testing.TB, text string) time.Time {
	tb.Helper()
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		tb.Fatal(err)
	}
	return at
}
