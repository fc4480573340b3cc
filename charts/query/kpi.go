package query

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/projection"
	"github.com/mykpi/mykpi/tenancy"
)

// Kpi is what the chart says for a period: a named one, LAST_7_DAYS where none is named, or from <= instant < to.
func (c *Chart) Kpi(ctx context.Context, period *charts.Period, from, to *time.Time) (*Kpi, error) {
	w, err := c.window(period, from, to)
	if err != nil {
		return nil, err
	}
	now := c.view.now
	var current, previous, newest charts.Tally
	err = c.ask(ctx, func(s *projection.Series) {
		newest = s.Newest(now + 1)
		current = fold(s, w.From, w.Counted(now), now)
		previous = fold(s, w.PreviousFrom, w.PreviousTo, now)
	})
	if err != nil {
		return nil, err
	}
	k := charts.Judge(c.Aggregation, c.state.about.Settings, current, previous, newest.Last, now)
	answer := kpis.Get().(*Kpi)
	*answer = Kpi{
		Value: k.Value, PreviousValue: k.PreviousValue, Change: k.Change, ChangePercent: k.ChangePercent,
		Sentiment: k.Sentiment, TargetProgress: k.TargetProgress, Status: k.Status,
	}
	if k.AsOf != nil {
		answer.asOf = k.AsOf.Time()
		answer.AsOf = &answer.asOf
	}
	return answer, nil
}

// ask runs a question on the chart's series until it lacks nothing.
func (c *Chart) ask(ctx context.Context, question func(*projection.Series)) error {
	return c.view.ask(ctx, c.state, c.view.states, question)
}

// fold is the tally of a period; for LAST the newest point in or before it that has come by now.
func fold(s *projection.Series, from, to, now charts.Instant) charts.Tally {
	t := s.Fold(from, to)
	if t.Count == 0 && s.Now.Aggregation == charts.Last {
		return s.Newest(min(from, now+1))
	}
	return t
}

func (c *Chart) window(period *charts.Period, from, to *time.Time) (charts.Window, error) {
	switch {
	case from != nil && to != nil:
		return c.view.calendar.CustomWindow(*from, *to, c.view.now)
	case from != nil:
		return c.view.calendar.CustomWindow(*from, c.view.now.Time(), c.view.now)
	case to != nil:
		return charts.Window{}, tenancy.Refuse(tenancy.BadUserInput, "from", "goes with to: give both, or a period")
	case period != nil:
		return c.view.window(*period)
	}
	return c.view.window(charts.Last7Days)
}

// scratch are tallies of buckets, for as long as a trend is made of them.
var scratch = sync.Pool{New: func() any { return new([]charts.Tally) }}

// Trend is the period in buckets of the tenant's calendar.
func (c *Chart) Trend(ctx context.Context, period *charts.Period, from, to *time.Time, granularity *charts.Granularity) (*Trend, error) {
	w, err := c.window(period, from, to)
	if err != nil {
		return nil, err
	}
	g := w.Default
	if granularity != nil {
		g = *granularity
	}
	buckets, err := c.view.bucketsOf(w.From, w.To, g)
	if err != nil {
		return nil, err
	}
	now := c.view.now
	sums := scratch.Get().(*[]charts.Tally)
	defer scratch.Put(sums)
	*sums = slices.Grow((*sums)[:0], len(buckets))[:len(buckets)]
	err = c.ask(ctx, func(s *projection.Series) {
		clear(*sums)
		s.FoldInto(*sums, buckets, now+1)
	})
	if err != nil {
		return nil, err
	}
	trend := trends.Get().(*Trend)
	*trend = Trend{
		From: w.From.Time(), To: w.To.Time(), Granularity: g, TimeZone: c.view.about.TimeZone,
		Buckets: slices.Grow(trend.Buckets[:0], len(buckets))[:len(buckets)],
	}
	zero := c.Aggregation == charts.Sum || c.Aggregation == charts.Count // is the value of an empty bucket
	for i, b := range buckets {
		t := &(*sums)[i]
		value, ok := t.Result(c.Aggregation)
		trend.Buckets[i] = TrendBucket{Start: b.From, End: b.To, Count: int(t.Count), Complete: b.Complete(now), valued: ok || zero, value: value}
	}
	return trend, nil
}
