package query

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/charts/projection"
	"github.com/mykpi/mykpi/eventstore/versions"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
)

// kept are the boards of tenants that were asked of late, so that a dashboard reads those charts alone that have changed
// since. It has two halves: when the young one is full it becomes the old one, and the old one is dropped.
type kept struct {
	mu         sync.Mutex
	young, old map[tenancy.ID]*keptBoard
	size       int // of young, in bytes
}

type keptBoard struct {
	*board
	mark versions.Mark // from before it was read
	size int
}

// get answers a tenant's board, or nil.
func (k *kept) get(tenant tenancy.ID, budget int) *keptBoard {
	k.mu.Lock()
	defer k.mu.Unlock()
	if b := k.young[tenant]; b != nil {
		return b
	}
	b := k.old[tenant]
	if b != nil {
		k.add(tenant, b, budget)
	}
	return b
}

func (k *kept) put(tenant tenancy.ID, b *keptBoard, budget int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.add(tenant, b, budget)
}

// add adds to the young half. The caller holds the lock.
func (k *kept) add(tenant tenancy.ID, b *keptBoard, budget int) {
	if b.size > budget/2 {
		return
	}
	if before := k.young[tenant]; before != nil {
		k.size -= before.size
	}
	if k.young == nil || k.size+b.size > budget/2 {
		k.old, k.young, k.size = k.young, map[tenancy.ID]*keptBoard{}, 0
	}
	k.size += b.size
	k.young[tenant] = b
}

// grew takes note that a board's series have loaded so many bytes more.
func (k *kept) grew(of *board, bytes int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if b := k.young[of.tenant]; b != nil && b.reading == of.reading {
		b.size += bytes
		k.size += bytes
	}
}

// current is the tenant's board as it is now, made of the one that is kept, or nil where none is or too much has changed.
func (r *Reader) current(ctx context.Context, tenant tenancy.ID) (*board, error) {
	before := r.kept.get(tenant, r.Memory)
	if before == nil {
		return nil, nil
	}
	names, known := r.Changes.Since(ctx, tenant, before.mark)
	if !known {
		return nil, nil
	}
	changed, known := chartsOf(names)
	if !known {
		return nil, nil
	}
	if len(changed) == 0 {
		return before.board, nil
	}
	mark, told := r.Changes.Mark(ctx, tenant)
	documents := newDocuments()
	if err := r.read(ctx, tenant, spansOf(changed, false), documents); err != nil {
		return nil, err
	}
	b := before.with(changed, documents)
	if b == nil {
		return nil, nil
	}
	if told {
		r.keep(b, mark)
	}
	return b, nil
}

// chartsOf are the charts whose documents have these names; known is false where the tenant's own is among them. Whatever
// changes a chart's documents writes its NOW.
func chartsOf(names []string) (ids []charts.ID, known bool) {
	seen := map[string]bool{}
	for _, name := range names {
		if name == directory.AboutName {
			return nil, false
		}
		id, found := strings.CutPrefix(name, projection.NowPrefix)
		if !found {
			id, found = strings.CutPrefix(name, projection.ChartPrefix)
		}
		if found && !seen[id] {
			seen[id] = true
			ids = append(ids, charts.ID(id))
		}
	}
	return ids, true
}

// with is the board with these charts as the documents have them: changed, new or gone. It is nil where a document can't
// serve as it is.
func (b *board) with(ids []charts.ID, d *documents) *board {
	after := *b
	after.charts = slices.DeleteFunc(slices.Clone(b.charts), func(s *state) bool { return slices.Contains(ids, charts.ID(s.chart.ID)) })
	for id, c := range d.settings {
		now, err := d.now(id)
		if err != nil || journal.NeedsRebuild(now, err, b.calendar) {
			return nil
		}
		s := b.find(charts.Ref{ID: id})
		if s == nil || s.chart.Version != int(now.Version) || s.generation != now.Generation {
			s = newState(*c, now, b.calendar)
		}
		after.charts = append(after.charts, s)
	}
	after.sort()
	return &after
}

// keep keeps a board that was read after the mark. One with a broken chart is not kept: it may be mended at any time.
func (r *Reader) keep(b *board, mark versions.Mark) {
	b.reading.Lock()
	defer b.reading.Unlock()
	size := 1 << 10
	for _, s := range b.charts {
		if s.broken != nil {
			return
		}
		size += stateSize + len(s.chart.Name) + len(s.chart.settings.Description) + s.series.Size()
	}
	r.kept.put(b.tenant, &keptBoard{b, mark, size}, r.Memory)
}

const stateSize = 1 << 10 // of a state besides its texts and figures, in bytes, about
