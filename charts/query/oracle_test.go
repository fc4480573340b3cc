package query_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/charts/query"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
	"github.com/mykpi/mykpi/test/core"
	"github.com/mykpi/mykpi/test/oracle"
	"pgregory.net/rapid"
)

// places are where clocks are changed in ways of their own, with instants at which they were, or will be.
var places = map[string][]string{
	"Europe/Paris":        {"2024-03-31T01:00:00Z", "2025-10-26T01:00:00Z"},
	"America/Santiago":    {"2024-04-07T03:00:00Z", "2025-09-07T04:00:00Z"}, // midnight is skipped
	"Asia/Kathmandu":      {"2024-02-29T18:15:00Z", "2025-12-31T18:15:00Z"}, // 45 minutes off
	"Australia/Lord_Howe": {"2024-04-06T15:00:00Z", "2025-10-04T15:30:00Z"}, // changed by half an hour
	"Pacific/Apia":        {"2011-12-30T10:00:00Z", "2012-03-31T14:00:00Z"}, // December 30 never was
}

var (
	aggregations  = []charts.Aggregation{charts.Last, charts.Sum, charts.Average, charts.Minimum, charts.Maximum, charts.Count}
	directions    = []charts.Direction{charts.UpIsGood, charts.DownIsGood, charts.Neutral}
	granularities = []charts.Granularity{charts.ByHour, charts.ByDay, charts.ByWeek, charts.ByMonth}
	periods       = []charts.Period{
		charts.Today, charts.Last24Hours, charts.Last7Days, charts.Last30Days, charts.Last90Days, charts.Last12Months,
		charts.ThisWeek, charts.ThisMonth, charts.ThisQuarter, charts.ThisYear,
	}
	weekStarts = map[directory.Weekday]time.Weekday{
		directory.Monday: time.Monday, directory.Sunday: time.Sunday, directory.Saturday: time.Saturday,
	}
)

// scene is a chart of a tenant somewhere, around a change of its clocks, and what the oracle is told of it.
type scene struct {
	core     *core.Core
	as       tenancy.Identity
	chart    charts.ID
	calendar oracle.Calendar
	told     oracle.Chart
	change   time.Time
	sent     []oracle.Point
}

// around is a time near the change: within hours, days, weeks or a year of it.
func (s *scene) around(t *rapid.T, label string) time.Time {
	reach := rapid.SampledFrom([]time.Duration{3 * time.Hour, 30 * time.Hour, 9 * 24 * time.Hour, 400 * 24 * time.Hour}).Draw(t, label+" within")
	grain := rapid.SampledFrom([]time.Duration{time.Nanosecond, time.Second, time.Minute, 15 * time.Minute, time.Hour}).Draw(t, label+" grain")
	n := int64(reach / time.Second)
	return s.change.Add(time.Duration(rapid.Int64Range(-n, n).Draw(t, label)) * time.Second).Add(7).Truncate(grain)
}

func newScene(t *rapid.T, c *core.Core) *scene {
	zone := rapid.SampledFrom(sortedKeys(places)).Draw(t, "zone")
	weekStart := rapid.SampledFrom(sortedKeys(weekStarts)).Draw(t, "weekStart")
	location, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatalf("%v", err)
	}
	change, err := time.Parse(time.RFC3339, rapid.SampledFrom(places[zone]).Draw(t, "change"))
	if err != nil {
		t.Fatalf("%v", err)
	}
	aggregation := rapid.SampledFrom(aggregations).Draw(t, "aggregation")
	direction := rapid.SampledFrom(directions).Draw(t, "direction")
	s := &scene{
		core: c, calendar: oracle.Calendar{Zone: location, WeekStart: weekStarts[weekStart]}, change: change,
		told: oracle.Chart{Aggregation: string(aggregation), Direction: string(direction)},
	}
	c.Clock.Set(change.Add(800 * 24 * time.Hour)) // when it is set up, all that is recorded has come
	s.as = c.Tenant(t, zone, weekStart)
	s.chart = c.Chart(t, s.as, aggregation, func(settings *charts.Settings) {
		settings.Direction = direction
		if rapid.Bool().Draw(t, "has a target") {
			s.told.Target = value.Draw(t, "target")
			target := charts.MustDecimal(s.told.Target)
			settings.Target = &target
		}
		if rapid.Bool().Draw(t, "grows stale") {
			settings.StaleAfter = rapid.SampledFrom([]int{1, 3600, 86400, 30 * 86400}).Draw(t, "staleAfter")
			s.told.StaleAfter = time.Duration(settings.StaleAfter) * time.Second
		}
	})
	return s
}

func sortedKeys[K ~string, V any](m map[K]V) []K {
	var keys []K
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

var value = rapid.OneOf(
	rapid.Map(rapid.IntRange(-5, 5), func(n int) string { return fmt.Sprint(n) }),
	rapid.Map(rapid.IntRange(0, 1_000_000), func(n int) string { return fmt.Sprintf("%d.%02d", n/100, n%100) }),
	rapid.Map(rapid.Int64Range(-999_999_999_999_999_999, 999_999_999_999_999_999), func(n int64) string {
		sign := ""
		if n < 0 {
			sign, n = "-", -n
		}
		return fmt.Sprintf("%s%d.%06d", sign, n/1_000_000, n%1_000_000)
	}),
)

// record draws points and records them in batches: new ones, keyed and not, some told again with another value or instant.
func (s *scene) record(t *rapid.T) {
	for range rapid.IntRange(0, 6).Draw(t, "batches") {
		var batch []command.PointInput
		start, step := s.around(t, "start"), rapid.SampledFrom([]time.Duration{time.Second, 10 * time.Minute, 6 * time.Hour, 40 * time.Hour}).Draw(t, "step")
		for i := range rapid.SampledFrom([]int{1, 2, 10, 150}).Draw(t, "points") {
			p := oracle.Point{At: start.Add(time.Duration(i) * step), Value: value.Draw(t, "value")}
			switch rapid.IntRange(0, 9).Draw(t, "kind") {
			case 0, 1:
				p.Key = fmt.Sprintf("evt_%d", rapid.IntRange(0, 300).Draw(t, "key"))
			case 2:
				if len(s.sent) > 0 {
					p.At = rapid.SampledFrom(s.sent).Draw(t, "again").At
				}
			}
			s.sent = append(s.sent, p)
			batch = append(batch, input(p))
		}
		s.core.Record(t, s.as, s.chart, batch...)
	}
}

func input(p oracle.Point) command.PointInput {
	if p.Key != "" {
		return core.Keyed(p.Key, p.At, p.Value)
	}
	return core.Point(p.At, p.Value)
}

// Around every change of clocks, every field of KPI and trend is what the oracle makes of the raw points.
func TestKpiAndTrendAgreeWithTheOracle(t *testing.T) {
	c := core.New(t, core.At(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)))
	rapid.Check(t, func(t *rapid.T) {
		s := newScene(t, c)
		s.record(t)
		for range 3 {
			c.Clock.Set(s.around(t, "now"))
			for _, p := range rapid.Permutation(periods).Draw(t, "periods")[:4] {
				s.compare(t, &p, oracle.Span{Period: string(p)})
			}
			from := s.around(t, "from")
			to := from.Add(time.Duration(rapid.Int64Range(1, 200*86400).Draw(t, "length")) * time.Second)
			s.compare(t, nil, oracle.Span{From: from, To: to})
		}
		s.compare(t, nil, oracle.Span{})
		if from := s.around(t, "from"); from.Before(c.Clock.Now()) {
			s.compare(t, nil, oracle.Span{From: from})
		}
	})
}

func (s *scene) compare(t *rapid.T, period *charts.Period, span oracle.Span) {
	ctx, now := context.Background(), s.core.Clock.Now()
	chart := s.core.Read(t, s.as, s.chart)
	from, to := optional(span.From), optional(span.To)
	kpi, err := chart.Kpi(ctx, period, from, to)
	if err != nil {
		t.Fatalf("KPI of %+v: %v", span, err)
	}
	if got, want := kpiOf(kpi), s.calendar.KPI(s.told, s.sent, span, now); got != want {
		t.Fatalf("%s, %+v at %v of %+v: KPI is\n%+v, want\n%+v", s.calendar.Zone, s.told, now, span, got, want)
	}
	// By the default granularity, and by one of the others that the span is not too long for.
	asked := rapid.SampledFrom(append(granularities, "")).Draw(t, "granularity")
	if asked == charts.ByHour && !span.From.IsZero() && span.To.IsZero() && now.Sub(span.From) > charts.MaxBuckets*time.Hour/2 {
		asked = charts.ByDay // so many hours are refused
	}
	var granularity *charts.Granularity
	if asked != "" {
		granularity = &asked
	}
	trend, err := chart.Trend(ctx, period, from, to, granularity)
	if err != nil {
		t.Fatalf("trend of %+v: %v", span, err)
	}
	got, want := trendOf(trend), s.calendar.Trend(s.told, s.sent, span, string(asked), now)
	for i, b := range want.Buckets {
		if i >= len(got.Buckets) || got.Buckets[i] != b {
			t.Fatalf("%s, %+v at %v of %+v: bucket %d by %s is\n%+v, want\n%+v", s.calendar.Zone, s.told, now, span, i, want.Granularity, got.Buckets[i:min(i+1, len(got.Buckets))], b)
		}
	}
	if len(got.Buckets) != len(want.Buckets) || got.From != want.From || got.To != want.To || got.Granularity != want.Granularity {
		t.Fatalf("%s at %v of %+v: %d buckets by %s of %v to %v, want %d by %s of %v to %v", s.calendar.Zone, now, span,
			len(got.Buckets), got.Granularity, got.From, got.To, len(want.Buckets), want.Granularity, want.From, want.To)
	}
}

func optional(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func kpiOf(k *query.Kpi) oracle.KPI {
	answer := oracle.KPI{
		Value: text(k.Value), PreviousValue: text(k.PreviousValue), Change: text(k.Change), ChangePercent: text(k.ChangePercent),
		Sentiment: string(k.Sentiment), TargetProgress: text(k.TargetProgress), Status: string(k.Status),
	}
	if k.AsOf != nil {
		answer.AsOf = *k.AsOf
	}
	return answer
}

func trendOf(tr *query.Trend) oracle.Trend {
	answer := oracle.Trend{From: tr.From, To: tr.To, Granularity: string(tr.Granularity)}
	for _, b := range tr.Buckets {
		answer.Buckets = append(answer.Buckets, oracle.Bucket{Start: b.Start.Time(), End: b.End.Time(), Value: text(b.Value()), Count: b.Count, Complete: b.Complete})
	}
	return answer
}

func text(d *charts.Decimal) string {
	if d == nil {
		return ""
	}
	return d.String()
}
