package query

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/projection"
	"github.com/mykpi/mykpi/tenancy"
)

// Points is a page of the chart's points as they stand, oldest first, with from <= instant < to where given.
func (c *Chart) Points(ctx context.Context, first *int, after *string, from, to *time.Time) (*DataPointConnection, error) {
	limit, err := pageSize(first, 100)
	if err != nil {
		return nil, err
	}
	start, skip, err := pointPosition(after)
	if err != nil {
		return nil, err
	}
	end := charts.MaxInstant
	if to != nil {
		end = clamp(*to)
	}
	begin := charts.EarliestPoint
	if from != nil {
		begin = clamp(*from)
	}
	if start < begin {
		start, skip = begin, 0
	}
	var points []projection.Point
	err = c.view.ask(ctx, c.state, nil, func(s *projection.Series) { // nobody asks for the points of all charts
		until := min(s.Reach(start, int64(limit+skip+1)), end)
		if !s.Wants() {
			points = s.Points(start, until)
		}
	})
	if err != nil {
		return nil, err
	}
	points = points[min(skip, len(points)):]
	connection := &DataPointConnection{PageInfo: PageInfo{HasNextPage: len(points) > limit, HasPreviousPage: after != nil}}
	points = points[:min(limit, len(points))]
	source := &provenance{chart: c}
	connection.Edges = make([]DataPointEdge, len(points))
	run := skip
	for i, p := range points {
		if i == 0 && p.At != start || i > 0 && p.At != points[i-1].At {
			run = 0
		}
		run++
		source.versions = append(source.versions, p.Version)
		connection.Edges[i] = DataPointEdge{
			Cursor: formatCursor(pointCursor, fmt.Sprintf("%d:%d", p.At, run)),
			Node:   &DataPoint{Key: p.Name(), At: p.At.Time(), Value: p.Value, version: p.Version, provenance: source},
		}
	}
	if n := len(connection.Edges); n > 0 {
		connection.PageInfo.StartCursor, connection.PageInfo.EndCursor = &connection.Edges[0].Cursor, &connection.Edges[n-1].Cursor
	}
	return connection, nil
}

// pointPosition reads a cursor: the instant of the last point told, and how many of that instant were told.
func pointPosition(after *string) (at charts.Instant, skip int, err error) {
	position, err := parseCursor(after, pointCursor)
	if err != nil || position == "" {
		return 0, 0, err
	}
	if n, err := fmt.Sscanf(position, "%d:%d", &at, &skip); n != 2 || err != nil || skip < 0 || skip > 1<<30 {
		return 0, 0, refuseCursor()
	}
	return at, skip, nil
}

func clamp(t time.Time) charts.Instant {
	switch {
	case t.Before(charts.EarliestPoint.Time()):
		return charts.EarliestPoint
	case t.After(charts.MaxInstant.Time()):
		return charts.MaxInstant
	}
	return charts.InstantOf(t)
}

func pageSize(first *int, usual int) (int, error) {
	if first == nil {
		return usual, nil
	}
	if *first < 0 || *first > MaxPage {
		return 0, tenancy.Refuse(tenancy.BadUserInput, "first", "must be 0 to %d, got %d", MaxPage, *first)
	}
	return *first, nil
}

// provenance knows where the points of one page came from; the events are read once, when the first is asked for.
type provenance struct {
	chart    *Chart
	versions []int64

	mu      sync.Mutex
	sources map[int64]string
}

// gap is how many events between two that are needed are read along rather than apart.
const gap = 50

// Source is the source that the point's newest recording named, or nil.
func (p *DataPoint) Source(ctx context.Context) (*string, error) {
	o := p.provenance
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.sources == nil {
		if err := o.read(ctx); err != nil {
			return nil, err
		}
	}
	return optional(o.sources[p.version]), nil
}

func (o *provenance) read(ctx context.Context) error {
	slices.Sort(o.versions)
	versions := slices.Compact(o.versions)
	sources := make(map[int64]string, len(versions))
	b := o.chart.view
	for len(versions) > 0 {
		n := 1
		for n < len(versions) && versions[n]-versions[n-1] <= gap {
			n++
		}
		after, last := versions[0]-1, versions[n-1]
		for after < last {
			events, err := b.reader.Journal.Events(ctx, b.tenant, charts.ID(o.chart.ID), after, int(last-after))
			if err != nil {
				return err
			}
			if len(events) == 0 {
				break
			}
			for _, e := range events {
				sources[e.Version] = e.Source
				after = e.Version
			}
		}
		versions = versions[n:]
	}
	o.sources = sources
	return nil
}
