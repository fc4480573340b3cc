package query

import (
	"context"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/projection"
)

// NextDay is when the tenant's next day begins: then every named period moves.
func (c *Chart) NextDay() time.Time {
	calendar := c.view.calendar
	day := calendar.Date(c.view.now)
	for next := day + 1; ; next++ {
		if start := calendar.StartOf(next); start > c.view.now {
			return start.Time()
		}
	}
}

// StaleAt is when the chart will be stale without a new point; zero where it never will, or is already.
func (c *Chart) StaleAt(ctx context.Context) (time.Time, error) {
	if c.StaleAfter == nil {
		return time.Time{}, nil
	}
	var newest charts.Tally
	if err := c.ask(ctx, func(s *projection.Series) { newest = s.Newest(c.view.now + 1) }); err != nil {
		return time.Time{}, err
	}
	if newest.Count == 0 || c.state.about.IsStale(newest.Last, c.view.now) {
		return time.Time{}, nil
	}
	return newest.Last.Time().Add(time.Duration(*c.StaleAfter)*time.Second + time.Nanosecond), nil
}
