package query

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/eventstore/versions"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
)

// Reader answers queries.
type Reader struct {
	Journal *journal.Journal
	Now     func() time.Time
	Changes *versions.Counter // of the store's commits, all of which go through it; nil where nothing is to be kept
	Memory  int               // bytes, about, of what is kept of tenants for their next query

	kept kept
}

// Page asks for a page of charts.
type Page struct {
	First  int
	After  *string
	Status *charts.Status // nil for any
	Search *string        // in names, keys and descriptions, whatever the case
}

// MaxPage is the largest page that may be asked for.
const MaxPage = 500

// Chart answers one chart, or nil where the tenant has none of that name.
func (r *Reader) Chart(ctx context.Context, tenant tenancy.ID, ref charts.Ref) (*Chart, error) {
	found, err := r.Named(ctx, tenant, []charts.Ref{ref})
	if err != nil {
		return nil, err
	}
	return found[0], nil
}

// Named answers the charts of these names in their order; nil for one that is not there.
func (r *Reader) Named(ctx context.Context, tenant tenancy.ID, refs []charts.Ref) ([]*Chart, error) {
	b, err := r.current(ctx, tenant)
	if err == nil && b == nil {
		b, err = r.namedBoard(ctx, tenant, refs)
	}
	if err != nil {
		return nil, err
	}
	states := make([]*state, len(refs))
	for i, ref := range refs {
		states[i] = b.find(ref)
	}
	return b.view(states), nil
}

// namedBoard is a board of the charts of these names alone.
func (r *Reader) namedBoard(ctx context.Context, tenant tenancy.ID, refs []charts.Ref) (*board, error) {
	ids := make([]charts.ID, 0, len(refs))
	for _, ref := range refs {
		id, err := r.Journal.Resolve(ctx, tenant, ref)
		if refused(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return r.board(ctx, tenant, ids)
}

func refused(err error) bool {
	var refusal *tenancy.Refusal
	return errors.As(err, &refusal)
}

// All answers all charts of a tenant, the oldest first.
func (r *Reader) All(ctx context.Context, tenant tenancy.ID) ([]*Chart, error) {
	b, err := r.whole(ctx, tenant)
	if err != nil {
		return nil, err
	}
	return b.view(b.charts), nil
}

// whole is the board of all charts of a tenant.
func (r *Reader) whole(ctx context.Context, tenant tenancy.ID) (*board, error) {
	if r.Changes == nil {
		return r.board(ctx, tenant, nil)
	}
	if b, err := r.current(ctx, tenant); b != nil || err != nil {
		return b, err
	}
	leave, err := r.kept.turn(ctx, tenant)
	if err != nil {
		return nil, err
	}
	defer leave()
	if b, err := r.refreshed(ctx, tenant); b != nil || err != nil {
		return b, err
	}
	mark, told := r.Changes.Mark(ctx, tenant)
	b, err := r.board(ctx, tenant, nil)
	if err == nil && told {
		r.keep(b, mark)
	}
	return b, err
}

// Charts answers a page of a tenant's charts, the oldest first.
func (r *Reader) Charts(ctx context.Context, tenant tenancy.ID, p Page) (*ChartConnection, error) {
	if p.First < 0 || p.First > MaxPage {
		return nil, tenancy.Refuse(tenancy.BadUserInput, "first", "must be 0 to %d, got %d", MaxPage, p.First)
	}
	after, err := parseCursor(p.After, chartCursor)
	if err != nil {
		return nil, err
	}
	b, err := r.whole(ctx, tenant)
	if err != nil {
		return nil, err
	}
	found := slices.DeleteFunc(slices.Clone(b.charts), func(s *state) bool { return !p.matches(&s.facts) })
	start := 0
	for start < len(found) && after != "" && found[start].place() <= after {
		start++
	}
	end := min(start+p.First, len(found))
	connection := &ChartConnection{
		TotalCount: len(found), Edges: make([]ChartEdge, 0, end-start),
		more: end < len(found), before: start > 0,
	}
	for _, c := range b.view(found[start:end]) {
		connection.Edges = append(connection.Edges, ChartEdge{c})
	}
	return connection, nil
}

func (p Page) matches(c *Facts) bool {
	if p.Status != nil && c.Status != *p.Status {
		return false
	}
	if p.Search == nil {
		return true
	}
	wanted := strings.ToLower(*p.Search)
	return strings.Contains(strings.ToLower(c.Name), wanted) || strings.Contains(c.Key, wanted) ||
		c.Description != nil && strings.Contains(strings.ToLower(*c.Description), wanted)
}

// board reads the named charts of a tenant, or all of them, in one call. Charts whose documents can't serve as they are
// (another format, another zone) are rebuilt first; one whose log can't be replayed is told without figures.
func (r *Reader) board(ctx context.Context, tenant tenancy.ID, ids []charts.ID) (*board, error) {
	broken := map[charts.ID]error{}
	for attempt := 0; ; attempt++ {
		// What was just rebuilt is read as it is now.
		b, stale, err := r.readBoard(ctx, tenant, ids, attempt == 0, broken)
		if err != nil || len(stale) == 0 {
			return b, err
		}
		if attempt == 2 {
			return nil, fmt.Errorf("query: charts %v change as fast as they are rebuilt: %w", stale, eventstore.ErrUnavailable)
		}
		for _, id := range stale {
			err := r.Journal.Rebuild(ctx, tenant, id)
			switch {
			case ctx.Err() != nil: // the rebuild goes on to its end, and may well succeed
				return nil, ctx.Err()
			case errors.Is(err, eventstore.ErrUnavailable):
				return nil, err
			case err != nil:
				broken[id] = err
			}
		}
	}
}

func (r *Reader) readBoard(ctx context.Context, tenant tenancy.ID, ids []charts.ID, first bool, broken map[charts.ID]error) (b *board, stale []charts.ID, err error) {
	floors, settled := r.Journal.Floors(tenant)
	documents := newDocuments(manyCharts)
	if err := r.readAll(ctx, tenant, ids, first && settled, floors, documents); err != nil {
		return nil, nil, err
	}
	if documents.about == nil {
		return nil, nil, directory.ErrNotFound()
	}
	b = &board{reader: r, tenant: tenant, about: documents.about, floors: floors, reading: new(sync.Mutex)}
	if b.calendar, err = r.Journal.Calendars.Of(b.about); err != nil {
		return nil, nil, err
	}
	for id, c := range documents.charts {
		if c.revision == 0 {
			continue
		}
		if why := broken[id]; why != nil {
			b.charts = append(b.charts, brokenState(c.settings, why, b.calendar))
			continue
		}
		now, err := c.figures()
		if journal.NeedsRebuild(now, err, b.calendar) {
			stale = append(stale, id)
			continue
		}
		if err != nil {
			return nil, nil, fmt.Errorf("query: the newest figures of chart %s: %w", id, err)
		}
		b.charts = append(b.charts, newState(c.settings, now, revisions{c.revision, c.now.Revision}, b.calendar))
	}
	b.sort()
	return b, stale, nil
}
