package query

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/charts/projection"
	"github.com/mykpi/mykpi/eventstore"
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

// keptBoard is not changed once it is kept.
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
	if b := k.young[of.tenant]; b != nil && b.locks == of.locks {
		k.young[of.tenant] = &keptBoard{b.board, b.mark, b.size + bytes}
		k.size += bytes
	}
}

// current is the tenant's board as it is now, made of the one that is kept, or nil where none is or too much has changed.
func (r *Reader) current(ctx context.Context, tenant tenancy.ID) (*board, error) {
	before, changed := r.changed(ctx, tenant)
	if before == nil || len(changed.spans) == 0 {
		return before.orNil(), nil
	}
	// One reads for all who ask at once: most have been told of the same commit.
	before.refreshing.Lock()
	defer before.refreshing.Unlock()
	before, changed = r.changed(ctx, tenant)
	if before == nil || len(changed.spans) == 0 {
		return before.orNil(), nil
	}
	documents := newDocuments(len(changed.spans))
	if err := r.read(ctx, tenant, changed.spans, documents); err != nil {
		return nil, err
	}
	// What was read may hold commits that began after the names were told.
	begun, known := r.Changes.Begun(tenant, before.mark)
	if !known {
		return nil, nil
	}
	changed.names = append(changed.names, begun...)
	b := before.with(changed, documents)
	if b != nil {
		r.keep(b, before.mark)
	}
	return b, nil
}

// changes are what commits may have written since a board was read.
type changes struct {
	names []string          // of documents
	spans []eventstore.Span // of those that a board is made of
}

// changed is the board that is kept of a tenant, and what may have changed of it, with the mark for who reads that now; nil
// where none is kept or that can't be told.
func (r *Reader) changed(ctx context.Context, tenant tenancy.ID) (*keptBoard, changes) {
	b := r.kept.get(tenant, r.Memory)
	if b == nil {
		return nil, changes{}
	}
	names, mark, known := r.Changes.Since(ctx, tenant, b.mark)
	if !known {
		return nil, changes{}
	}
	spans, known := spansOfNames(names)
	if !known {
		return nil, changes{}
	}
	if mark == b.mark {
		return b, changes{names, spans}
	}
	marked := &keptBoard{b.board, mark, b.size}
	if len(spans) == 0 {
		r.kept.put(tenant, marked, r.Memory)
	}
	return marked, changes{names, spans}
}

func (b *keptBoard) orNil() *board {
	if b == nil {
		return nil
	}
	return b.board
}

// spansOfNames are those of the named documents that a board is made of; known is false where the tenant's own is among
// them. Whatever changes a chart's documents writes its NOW.
func spansOfNames(names []string) (spans []eventstore.Span, known bool) {
	for _, name := range names {
		if name == directory.AboutName {
			return nil, false
		}
		span := eventstore.One(eventstore.Key{Name: name})
		if (strings.HasPrefix(name, projection.NowPrefix) || strings.HasPrefix(name, projection.ChartPrefix)) && !slices.Contains(spans, span) {
			spans = append(spans, span)
		}
	}
	return spans, true
}

// with is the board after what has changed was read again; nil where that can't serve as it is, such as after a chart has
// gone.
func (b *board) with(changed changes, d *documents) *board {
	b.reading.Lock() // series are taken over
	defer b.reading.Unlock()
	after := *b
	after.charts = slices.Clone(b.charts)
	for _, span := range changed.spans {
		id := charts.ID(span.Key.Name[strings.IndexByte(span.Key.Name, '#')+1:])
		i := slices.IndexFunc(after.charts, func(s *state) bool { return s.about.ID == id })
		settings, now := d.settings[id], d.nows[id]
		if i >= 0 && settings == nil {
			settings = &after.charts[i].about
		}
		if settings == nil || now == nil {
			return nil
		}
		figures, err := projection.ReadNow(now)
		if err != nil || journal.NeedsRebuild(figures, err, b.calendar) {
			return nil
		}
		switch {
		case i < 0:
			after.charts = append(after.charts, newState(*settings, figures, b.calendar))
		case !after.charts[i].isOf(figures):
			s := newState(*settings, figures, b.calendar)
			s.series = after.charts[i].series.Renewed(figures, changed.names)
			after.charts[i] = s
		}
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
