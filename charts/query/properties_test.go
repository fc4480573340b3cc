package query_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/charts/query"
	"github.com/mykpi/mykpi/test/core"
	"github.com/mykpi/mykpi/test/oracle"
	"pgregory.net/rapid"
)

// distinct draws points that are told once each: no order between them matters but, for LAST, that of one instant, so
// instants differ.
func (s *scene) distinct(t *rapid.T) []command.PointInput {
	var points []command.PointInput
	taken := map[time.Time]bool{}
	for i := range rapid.IntRange(0, 60).Draw(t, "points") {
		at := s.around(t, "at")
		for taken[at] {
			at = at.Add(1)
		}
		taken[at] = true
		p := core.Point(at, value.Draw(t, "value"))
		if rapid.Bool().Draw(t, "has a key") {
			p = core.Keyed(fmt.Sprint("evt_", i), at, p.Value.String())
		}
		points = append(points, p)
	}
	return points
}

// Any order, any batching and any repetition of the same points says the same.
func TestOrderBatchesAndRepetitionsSayTheSame(t *testing.T) {
	c := core.New(t, core.At(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)))
	rapid.Check(t, func(t *rapid.T) {
		s := newScene(t, c)
		points := s.distinct(t)
		twin := *s
		twin.chart = c.Chart(t, s.as, charts.Aggregation(s.told.Aggregation), func(settings *charts.Settings) {
			settings.Direction = charts.Direction(s.told.Direction)
		})
		plain := *s
		plain.chart = c.Chart(t, s.as, charts.Aggregation(s.told.Aggregation), func(settings *charts.Settings) {
			settings.Direction = charts.Direction(s.told.Direction)
		})
		plain.recordIn(t, points, len(points)) // all at once, in the order drawn
		told := rapid.Permutation(append(points, points[:len(points)/2]...)).Draw(t, "order")
		twin.recordIn(t, told, rapid.IntRange(1, 20).Draw(t, "batch"))
		c.Clock.Set(s.around(t, "now"))
		for _, p := range periods {
			if got, want := twin.says(t, p), plain.says(t, p); fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
				t.Fatalf("%s in another order says\n%+v, in order\n%+v", p, got, want)
			}
		}
	})
}

func (s *scene) recordIn(t *rapid.T, points []command.PointInput, batch int) {
	for len(points) > 0 {
		n := min(batch, len(points))
		s.core.Record(t, s.as, s.chart, points[:n]...)
		points = points[n:]
	}
}

// says is a chart's KPI and its trend by the default granularity.
func (s *scene) says(t *rapid.T, p charts.Period) (said struct {
	oracle.KPI
	oracle.Trend
}) {
	chart := s.core.Read(t, s.as, s.chart)
	kpi, err := chart.Kpi(context.Background(), &p, nil, nil)
	if err != nil {
		t.Fatalf("KPI: %v", err)
	}
	said.KPI, said.Trend = kpiOf(kpi), trendOf(s.trend(t, p, nil))
	return said
}

func (s *scene) trend(t *rapid.T, p charts.Period, g *charts.Granularity) *query.Trend {
	trend, err := s.core.Read(t, s.as, s.chart).Trend(context.Background(), &p, nil, nil, g)
	if err != nil {
		t.Fatalf("trend: %v", err)
	}
	return trend
}

// A trend by hours or days sums to the same by weeks and months, bucket by bucket, and to the KPI; its buckets follow
// each other without a gap.
func TestFineTrendsSumToCoarseOnes(t *testing.T) {
	c := core.New(t, core.At(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)))
	rapid.Check(t, func(t *rapid.T) {
		s := newScene(t, c)
		if s.told.Aggregation != "COUNT" {
			s.told.Aggregation = "SUM"
			s.chart = c.Chart(t, s.as, charts.Sum)
		}
		s.recordIn(t, s.distinct(t), 25)
		c.Clock.Set(s.around(t, "now"))
		p := rapid.SampledFrom(periods).Draw(t, "period")
		fine := s.trend(t, p, &granularities[rapid.IntRange(0, 1).Draw(t, "fine")])
		for i, b := range fine.Buckets {
			if i > 0 && b.Start != fine.Buckets[i-1].End || b.Start >= b.End {
				t.Fatalf("bucket %d is %v to %v", i, b.Start.Time(), b.End.Time())
			}
		}
		for _, g := range granularities[1:] {
			coarse := s.trend(t, p, &g)
			i := 0
			var all charts.Decimal
			for _, b := range coarse.Buckets {
				var sum charts.Decimal
				for ; i < len(fine.Buckets) && fine.Buckets[i].Start < b.End; i++ {
					sum = sum.Add(*fine.Buckets[i].Value())
				}
				if sum != *b.Value() {
					t.Fatalf("%s from %v is %s, its parts sum to %s", g, b.Start.Time(), b.Value(), sum)
				}
				all = all.Add(sum)
			}
			kpi, err := s.core.Read(t, s.as, s.chart).Kpi(context.Background(), &p, nil, nil)
			if err != nil || kpi.Value != nil && *kpi.Value != all || kpi.Value == nil && !all.IsZero() {
				t.Fatalf("the KPI is %v, %v; its buckets sum to %s", kpi.Value, err, all)
			}
		}
	})
}
