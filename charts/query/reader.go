package query

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
)

// Reader answers queries.
type Reader struct {
	Journal *journal.Journal
	Now     func() time.Time

	decoded decoded
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
	ids := make([]charts.ID, len(refs))
	for i, ref := range refs {
		id, err := r.Journal.Resolve(ctx, tenant, ref)
		if refused(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		ids[i] = id
	}
	b, err := r.board(ctx, tenant, ids)
	if err != nil {
		return nil, err
	}
	charts := make([]*Chart, len(refs))
	for i, id := range ids {
		if at := slices.IndexFunc(b.charts, func(c *Chart) bool { return c.ID == string(id) }); at >= 0 {
			charts[i] = b.charts[at]
		}
	}
	return charts, nil
}

func refused(err error) bool {
	var refusal *tenancy.Refusal
	return errors.As(err, &refusal)
}

// All answers all charts of a tenant, the oldest first.
func (r *Reader) All(ctx context.Context, tenant tenancy.ID) ([]*Chart, error) {
	b, err := r.board(ctx, tenant, nil)
	if err != nil {
		return nil, err
	}
	return b.charts, nil
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
	all, err := r.All(ctx, tenant)
	if err != nil {
		return nil, err
	}
	found := slices.DeleteFunc(slices.Clone(all), func(c *Chart) bool { return !p.matches(c) })
	start := 0
	for start < len(found) && after != "" && found[start].sortKey() <= after {
		start++
	}
	end := min(start+p.First, len(found))
	connection := &ChartConnection{TotalCount: len(found), Edges: make([]ChartEdge, 0, end-start)}
	for _, c := range found[start:end] {
		connection.Edges = append(connection.Edges, ChartEdge{Cursor: formatCursor(chartCursor, c.sortKey()), Node: c})
	}
	connection.PageInfo = PageInfo{HasNextPage: end < len(found), HasPreviousPage: start > 0}
	if n := len(connection.Edges); n > 0 {
		connection.PageInfo.StartCursor, connection.PageInfo.EndCursor = &connection.Edges[0].Cursor, &connection.Edges[n-1].Cursor
	}
	return connection, nil
}

func (p Page) matches(c *Chart) bool {
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

// sortKey orders charts by their creation.
func (c *Chart) sortKey() string {
	return c.CreatedAt.UTC().Format("2006-01-02T15:04:05.000000000") + c.ID
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
			if ctx.Err() != nil || errors.Is(err, eventstore.ErrUnavailable) {
				return nil, err
			}
			if err != nil {
				broken[id] = err
			}
		}
	}
}

func (r *Reader) readBoard(ctx context.Context, tenant tenancy.ID, ids []charts.ID, first bool, broken map[charts.ID]error) (b *board, stale []charts.ID, err error) {
	floors, settled := r.Journal.Floors(tenant)
	documents := r.newDocuments(tenant)
	if err := r.readAll(ctx, tenant, ids, first && settled, floors, documents); err != nil {
		return nil, nil, err
	}
	if documents.about == nil {
		return nil, nil, directory.ErrNotFound()
	}
	b = &board{reader: r, tenant: tenant, about: documents.about, now: charts.InstantOf(r.Now()), floors: floors}
	if b.calendar, err = r.Journal.Calendars.Of(b.about); err != nil {
		return nil, nil, err
	}
	for id, c := range documents.settings {
		if why := broken[id]; why != nil {
			b.addBroken(c, why)
			continue
		}
		now, err := documents.now(id)
		if journal.NeedsRebuild(now, err, b.calendar) {
			stale = append(stale, id)
			continue
		}
		if err != nil {
			return nil, nil, fmt.Errorf("query: the newest figures of chart %s: %w", id, err)
		}
		c.Version = now.Version
		b.add(c, now)
	}
	slices.SortFunc(b.charts, func(x, y *Chart) int { // the order of their sortKeys
		return cmp.Or(x.CreatedAt.Compare(y.CreatedAt), strings.Compare(x.ID, y.ID))
	})
	return b, stale, nil
}
