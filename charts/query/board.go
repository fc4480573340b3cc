package query

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/charts/projection"
	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
)

// board is charts of a tenant as they stood at one moment, with what has been read of their documents. It does not follow
// its charts: where it is kept, a newer one takes its place and shares the states that have not changed.
type board struct {
	reader   *Reader
	tenant   tenancy.ID
	about    *directory.Tenant
	calendar charts.Calendar
	floors   map[charts.ID]journal.Floor // of the charts that had changed of late
	charts   []*state                    // the oldest first

	reading *sync.Mutex // guards the series of the states; boards that share states share it
}

// state is a chart of a board.
type state struct {
	about     *charts.Chart // only read
	facts     Facts
	revisions revisions
	series    *projection.Series
	broken    error // why its figures can't be told: it alone suffers
	mended    bool  // its documents were made again for this board
	texts     texts
	replaced  bool // by a newer one, in the board that is kept; written under reading and the lock of texts, read under either
}

// revisions are those of the documents that a state was made of; 0 where there was none.
type revisions struct{ settings, now int64 }

// newState is a chart's settings with its newest figures.
func newState(c *charts.Chart, now *projection.Now, of revisions, calendar charts.Calendar) *state {
	return &state{
		about: c, revisions: of, series: projection.Open(c.ID, now, calendar),
		facts: Facts{
			ID: string(c.ID), Key: c.Key, Name: c.Name, Description: given(&c.Description),
			Visualization: c.Visualization, Aggregation: c.Aggregation,
			Unit:   Unit{Kind: c.Unit.Kind, Currency: given(&c.Unit.Currency), Decimals: c.Unit.Decimals, Suffix: given(&c.Unit.Suffix)},
			Target: c.Target, Direction: c.Direction, StaleAfter: given(&c.StaleAfter), Status: c.Status,
			Version: int(now.Version), CreatedAt: c.CreatedAt.UTC(), UpdatedAt: now.Updated.Time(),
		},
	}
}

// brokenState is a chart of which the settings alone can be read.
func brokenState(c *charts.Chart, why error, calendar charts.Calendar) *state {
	now := &projection.Now{Version: c.Version, Aggregation: c.Aggregation, Zone: calendar.Zone(), Updated: charts.InstantOf(c.ChangedAt)}
	s := newState(c, now, revisions{}, calendar)
	s.broken = why
	return s
}

// given is nil for a setting that is not set.
func given[T comparable](setting *T) *T {
	var none T
	if *setting == none {
		return nil
	}
	return setting
}

// optional is nil for what is not set.
func optional[T comparable](v T) *T { return given(&v) }

// place is where the chart is in the order of charts, which is that of their creation. Places compare as texts.
func (s *state) place() string {
	return s.about.CreatedAt.UTC().Format("2006-01-02T15:04:05.000000000") + string(s.about.ID)
}

// sort brings the charts in the order of their places.
func (b *board) sort() {
	slices.SortFunc(b.charts, func(x, y *state) int {
		return cmp.Or(x.about.CreatedAt.Compare(y.about.CreatedAt), cmp.Compare(x.about.ID, y.about.ID))
	})
}

// find is the chart that a caller names, or nil.
func (b *board) find(ref charts.Ref) *state {
	i := slices.IndexFunc(b.charts, func(s *state) bool {
		return ref.Key != "" && s.facts.Key == ref.Key || ref.Key == "" && s.facts.ID == string(ref.ID)
	})
	if i < 0 {
		return nil
	}
	return b.charts[i]
}

// mostReads bounds the rounds of one ask: years, hours, points, and again where a chart moved on meanwhile.
const mostReads = 10

// ask runs a question on a chart's series until it lacks nothing. What it lacks is read for all the others too, in one call:
// they will be asked the same.
func (b *board) ask(ctx context.Context, of *state, others []*state, question func(*projection.Series)) error {
	b.reading.Lock()
	defer b.reading.Unlock()
	for range mostReads {
		if of.broken != nil {
			return fmt.Errorf("query: the figures of chart %s: %w", of.facts.ID, of.broken)
		}
		b.put(question, of)
		if !of.series.Wants() {
			b.grew(of, -of.series.Shrink())
			return nil
		}
		wanting := []*state{of}
		for _, s := range others {
			if s != of && s.broken == nil {
				b.put(question, s)
				wanting = append(wanting, s)
			}
		}
		if err := b.read(ctx, wanting); err != nil {
			return err
		}
	}
	return fmt.Errorf("query: chart %s changes faster than it can be read: %w", of.facts.ID, eventstore.ErrUnavailable)
}

// put runs a question on a chart's series, which may unpack points for it. The caller holds reading.
func (b *board) put(question func(*projection.Series), to *state) {
	before := to.series.Size()
	question(to.series)
	b.grew(to, to.series.Size()-before)
}

// read loads what the series of states want, in one call. The caller holds reading.
func (b *board) read(ctx context.Context, states []*state) error {
	wanted := b.wanted(states)
	answers, err := b.reader.Journal.Store.Documents(ctx, b.tenant, wanted.spans...)
	if err != nil {
		return err
	}
	for i, s := range states {
		before := s.series.Size()
		err := s.series.Absorb(wanted.of(i, s, answers))
		if err != nil {
			// It was filled in part. Others share it or take it over, and would take what is missing for empty.
			s.series = projection.Open(s.series.Chart, s.series.Now, b.calendar)
		}
		if errors.Is(err, projection.ErrCorrupt) {
			s.mended = true
			err = b.reader.Journal.Mend(ctx, b.tenant, s.series.Chart, err)
		}
		if errors.Is(err, projection.ErrMoved) {
			err = b.reopen(ctx, s)
		}
		b.grew(s, s.series.Size()-before)
		switch {
		case errors.Is(err, projection.ErrCorrupt) && !errors.Is(err, eventstore.ErrUnavailable):
			s.broken = err
		case err != nil:
			return err
		}
	}
	return nil
}

// wanted is what the series of some states want: the hours of most charts in one range, which costs less than one read for each.
type wanted struct {
	spans []eventstore.Span
	parts []part
}

// part is what one of the states wants: spans[start:end], and before them its share of the first span where that is shared.
type part struct {
	start, end int
	shared     bool
}

func (b *board) wanted(states []*state) wanted {
	w := wanted{parts: make([]part, len(states))}
	sharing := 0
	for i, s := range states {
		if w.parts[i].shared = s.series.WantsHours() && b.settled(s); w.parts[i].shared {
			sharing++
		}
	}
	together := 2*sharing > len(b.charts)
	if together {
		hours := eventstore.Between(projection.HoursPrefix, projection.AfterHours)
		hours.Eventual = true
		w.spans = append(w.spans, hours)
	}
	for i, s := range states {
		own, p := s.series.Spans(), &w.parts[i]
		if p.shared = p.shared && together; p.shared {
			own = own[1:]
		}
		p.start, p.end = len(w.spans), len(w.spans)+len(own)
		for _, span := range own {
			span.Eventual = b.settled(s)
			w.spans = append(w.spans, span)
		}
	}
	return w
}

// of are the answers to what a state wants.
func (w wanted) of(i int, s *state, answers [][]eventstore.Document) [][]eventstore.Document {
	p := w.parts[i]
	own := answers[p.start:p.end]
	if !p.shared {
		return own
	}
	var hours []eventstore.Document // one, or none
	byName := func(d eventstore.Document, name string) int { return strings.Compare(d.Key.Name, name) }
	if at, found := slices.BinarySearchFunc(answers[0], projection.HoursName(s.series.Chart), byName); found {
		hours = answers[0][at : at+1]
	}
	return append([][]eventstore.Document{hours}, own...)
}

// grew takes note that a state's series takes so many bytes more. The caller holds reading.
func (b *board) grew(s *state, bytes int) {
	if bytes != 0 && !s.replaced {
		b.reader.kept.grew(b, bytes, b.reader.Memory)
	}
}

// settled reports whether a chart has stood long enough that an eventual read sees all of it. Only NOW tells which commit
// it is of; what is read after it has no floor of its own.
func (b *board) settled(s *state) bool {
	return !s.mended && s.series.Now.Updated.Time().Add(journal.Settling).Before(b.reader.Now()) && b.floors[s.series.Chart] == (journal.Floor{})
}

// reopen reads a chart's newest figures again, after another commit came between two reads.
func (b *board) reopen(ctx context.Context, s *state) error {
	id := s.series.Chart
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
	s.series = projection.Open(id, now, b.calendar)
	return nil
}
