package query

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/charts/projection"
	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
)

// board is the charts of one answer and what has been read for them. What one chart lacks is read for all, in one call:
// the others will be asked the same.
type board struct {
	reader   *Reader
	tenant   tenancy.ID
	about    *directory.Tenant
	calendar charts.Calendar
	now      charts.Instant // one instant for the whole answer
	charts   []*Chart
	floors   map[charts.ID]journal.Floor // of the charts that changed of late

	mu     sync.Mutex // guards what follows: resolvers of several charts run at once
	series []*projection.Series
	broken []error // why a chart's figures can't be told: it alone suffers
}

// addBroken adds a chart of which the settings alone can be read.
func (b *board) addBroken(c charts.Chart, why error) {
	b.add(c, &projection.Now{Aggregation: c.Aggregation, Zone: b.calendar.Zone(), Updated: charts.InstantOf(c.ChangedAt)})
	b.broken[len(b.broken)-1] = why
}

func (b *board) add(c charts.Chart, now *projection.Now) {
	b.series = append(b.series, projection.Open(c.ID, now, b.calendar))
	b.broken = append(b.broken, nil)
	b.charts = append(b.charts, &Chart{
		ID: string(c.ID), Key: c.Key, Name: c.Name, Description: optional(c.Description),
		Visualization: c.Visualization, Aggregation: c.Aggregation,
		Unit:   Unit{Kind: c.Unit.Kind, Currency: optional(c.Unit.Currency), Decimals: c.Unit.Decimals, Suffix: optional(c.Unit.Suffix)},
		Target: c.Target, Direction: c.Direction, StaleAfter: optional(c.StaleAfter), Status: c.Status,
		Version: int(c.Version), CreatedAt: c.CreatedAt.UTC(), UpdatedAt: now.Updated.Time(),
		board: b, place: len(b.charts), settings: c.Settings,
	})
}

// optional is nil for what is not set.
func optional[T comparable](v T) *T {
	var none T
	if v == none {
		return nil
	}
	return &v
}

// mostReads bounds the rounds of one ask: years, hours, points, and again where a chart moved on meanwhile.
const mostReads = 10

// ask runs a question on a chart's series until it lacks nothing.
func (b *board) ask(ctx context.Context, c *Chart, question func(*projection.Series)) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for range mostReads {
		if err := b.broken[c.place]; err != nil {
			return fmt.Errorf("query: the figures of chart %s: %w", c.ID, err)
		}
		question(b.series[c.place])
		if !b.series[c.place].Wants() {
			return nil
		}
		for i, s := range b.series {
			if i != c.place && b.broken[i] == nil {
				question(s)
			}
		}
		if err := b.read(ctx); err != nil {
			return err
		}
	}
	return fmt.Errorf("query: chart %s changes faster than it can be read: %w", c.ID, eventstore.ErrUnavailable)
}

// read loads what the series want, in one call.
func (b *board) read(ctx context.Context) error {
	var spans []eventstore.Span
	ends := make([]int, len(b.series))
	for i, s := range b.series {
		start := len(spans)
		spans = append(spans, s.Spans()...)
		ends[i] = len(spans)
		for k := start; k < ends[i]; k++ {
			spans[k].Eventual = b.settled(s)
		}
	}
	answers, err := b.reader.Journal.Store.Documents(ctx, b.tenant, spans...)
	if err != nil {
		return err
	}
	start := 0
	for i, s := range b.series {
		err := s.Absorb(answers[start:ends[i]])
		if errors.Is(err, projection.ErrMoved) {
			err = b.reopen(ctx, i)
		}
		switch {
		case errors.Is(err, projection.ErrCorrupt):
			b.broken[i] = err
		case err != nil:
			return err
		}
		start = ends[i]
	}
	return nil
}

// settled reports whether a chart has stood long enough that an eventual read sees all of it. Only NOW tells which commit
// it is of; what is read after it has no floor of its own.
func (b *board) settled(s *projection.Series) bool {
	return s.Now.Updated.Time().Add(journal.Settling).Before(b.now.Time()) && b.floors[s.Chart] == (journal.Floor{})
}

// reopen reads a chart's newest figures again, after another commit came between two reads.
func (b *board) reopen(ctx context.Context, i int) error {
	id := b.series[i].Chart
	answers, err := b.reader.Journal.Store.Documents(ctx, b.tenant, eventstore.One(eventstore.Key{Name: projection.NowName(id)}))
	if err != nil {
		return err
	}
	if len(answers[0]) == 0 {
		return fmt.Errorf("query: chart %s is gone: %w", id, eventstore.ErrUnavailable)
	}
	now, err := projection.ReadNow(answers[0][0].Body)
	if err != nil {
		return err
	}
	if now.Zone != b.calendar.Zone() {
		return fmt.Errorf("query: the tenant's time zone changed meanwhile: %w", eventstore.ErrUnavailable)
	}
	b.series[i] = projection.Open(id, now, b.calendar)
	return nil
}
