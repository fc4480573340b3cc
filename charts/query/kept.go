package query

import (
	"context"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/charts/projection"
	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/eventstore/versions"
	"github.com/mykpi/mykpi/lru"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
	"github.com/mykpi/mykpi/tenancy/turns"
)

// kept are the boards of tenants that were asked of late, so that a dashboard reads those charts alone that have changed
// since.
type kept struct {
	mu     sync.Mutex
	boards lru.BySize[tenancy.ID, *keptBoard]

	once  sync.Once
	turns *turns.Turns
}

// turn is waited for by who makes a tenant's next board, and ended by leave. One makes it for all who ask at once, for most have
// been told of the same commit; and of two, the one who read first could keep his last.
func (k *kept) turn(ctx context.Context, tenant tenancy.ID) (leave func(), err error) {
	k.once.Do(func() { k.turns = turns.New(1, 0) })
	return k.turns.Take(ctx, tenant)
}

// keptBoard is not changed once it is kept.
type keptBoard struct {
	*board
	mark versions.Mark // from before it was read
	size int
}

// get answers a tenant's board, or nil.
func (k *kept) get(tenant tenancy.ID) *keptBoard {
	k.mu.Lock()
	defer k.mu.Unlock()
	b, _ := k.boards.Get(tenant)
	return b
}

// put keeps a tenant's board in the place of any that there is, within budget bytes for all.
func (k *kept) put(tenant tenancy.ID, b *keptBoard, budget int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.add(tenant, b, budget)
}

// renew puts a board in the place of the one that it was made of. It takes so many bytes more.
func (k *kept) renew(b *board, mark versions.Mark, grown, budget int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if before := k.kin(b); before != nil {
		k.add(b.tenant, &keptBoard{b, mark, before.size + grown}, budget)
	}
}

// kin is the board that is kept, if it and another were made one of the other, or are the same; else nil. The caller holds the
// lock.
func (k *kept) kin(of *board) *keptBoard {
	b, found := k.boards.Get(of.tenant)
	if !found || b.reading != of.reading {
		return nil
	}
	return b
}

// swap puts a board in the place of another, if that is the one that is kept.
func (k *kept) swap(tenant tenancy.ID, old, marked *keptBoard, budget int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if b, _ := k.boards.Get(tenant); b == old {
		k.add(tenant, marked, budget)
	}
}

// grew takes note that a board's series have loaded so many bytes more.
func (k *kept) grew(of *board, bytes, budget int) { k.grow(of, bytes, math.MaxInt, budget) }

// reserve is grew for what need not be kept. It is false, and nothing is noted, where the board is not kept or takes much already.
func (k *kept) reserve(of *board, bytes, budget int) bool { return k.grow(of, bytes, budget/4, budget) }

// grow takes note that a board takes so many bytes more. It is false, and nothing is noted, where the board is not kept or would
// come to take more than the most.
func (k *kept) grow(of *board, bytes, most, budget int) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	b := k.kin(of)
	if b == nil || bytes > 0 && b.size+bytes > most {
		return false
	}
	k.add(of.tenant, &keptBoard{b.board, b.mark, b.size + bytes}, budget)
	return true
}

// add keeps a board unless it is so large that it would cost all others. The caller holds the lock.
func (k *kept) add(tenant tenancy.ID, b *keptBoard, budget int) {
	if b.size > budget/2 {
		k.boards.Remove(tenant)
		return
	}
	k.boards.Add(tenant, b, b.size, budget)
}

// current is the tenant's board as it is now, made of the one that is kept, or nil where none is or too much has changed.
func (r *Reader) current(ctx context.Context, tenant tenancy.ID) (*board, error) {
	before, changed := r.changed(ctx, tenant)
	if before == nil || len(changed.spans) == 0 {
		return before.orNil(), nil
	}
	leave, err := r.kept.turn(ctx, tenant)
	if err != nil {
		return nil, err
	}
	defer leave()
	return r.refreshed(ctx, tenant)
}

// refreshed is current for who has the tenant's turn.
func (r *Reader) refreshed(ctx context.Context, tenant tenancy.ID) (*board, error) {
	before, changed := r.changed(ctx, tenant)
	if before == nil || len(changed.spans) == 0 {
		return before.orNil(), nil
	}
	documents, err := changed.documents()
	if err == nil && documents == nil {
		documents = newDocuments(len(changed.spans))
		err = r.read(ctx, tenant, changed.spans, documents)
		// What was read may be of commits that have not been told yet, or began after that.
		begun, known := r.Changes.Begun(ctx, tenant, before.mark)
		if !known {
			return nil, err
		}
		changed.written = append(changed.written, begun...)
	}
	if err != nil {
		return nil, err
	}
	b := before.with(changed, documents)
	if b != nil && !b.broken() {
		r.kept.renew(b, before.mark, b.replace(before.board), r.Memory)
	}
	return b, nil
}

// changes are what commits have written since a board was read.
type changes struct {
	written []versions.Written
	spans   []eventstore.Span // of the documents among them that a board is made of
}

// changed is the board that is kept of a tenant, and what has changed of it, with the mark for who knows that now; nil where
// none is kept or that can't be told.
func (r *Reader) changed(ctx context.Context, tenant tenancy.ID) (*keptBoard, changes) {
	b := r.kept.get(tenant)
	if b == nil {
		return nil, changes{}
	}
	written, mark, known := r.Changes.Since(ctx, tenant, b.mark)
	if !known {
		return nil, changes{}
	}
	spans, known := spansOfWritten(written)
	if !known {
		return nil, changes{}
	}
	if mark == b.mark {
		return b, changes{written, spans}
	}
	marked := &keptBoard{b.board, mark, b.size}
	if len(spans) == 0 {
		r.kept.swap(tenant, b, marked, r.Memory)
	}
	return marked, changes{written, spans}
}

func (b *keptBoard) orNil() *board {
	if b == nil {
		return nil
	}
	return b.board
}

// ofBoard reports whether a document is one of those that a board is made of. Whatever changes a chart's documents writes its
// NOW.
func ofBoard(name string) bool {
	return strings.HasPrefix(name, projection.NowPrefix) || strings.HasPrefix(name, projection.ChartPrefix)
}

// spansOfWritten are those of the documents that a board is made of; known is false where the tenant's own is among them.
func spansOfWritten(written []versions.Written) (spans []eventstore.Span, known bool) {
	for _, w := range written {
		if w.Name == directory.AboutName {
			return nil, false
		}
		span := eventstore.One(eventstore.Key{Name: w.Name})
		if ofBoard(w.Name) && !slices.Contains(spans, span) {
			spans = append(spans, span)
		}
	}
	return spans, true
}

// documents are those of the board as they were written, or nil where only a read can tell.
func (c changes) documents() (*documents, error) {
	d := newDocuments(len(c.spans))
	for _, w := range c.written {
		if !ofBoard(w.Name) {
			continue
		}
		if w.Revision == 0 {
			return nil, nil
		}
		if err := d.add(eventstore.Document{Key: eventstore.Key{Name: w.Name}, Revision: w.Revision, Body: w.Body}); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// names are those of all documents that were written.
func (c changes) names(yield func(string) bool) {
	for _, w := range c.written {
		if !yield(w.Name) {
			return
		}
	}
}

// reach reports whether as many writes of a document are known as lie between two of its revisions. One that is missing is of
// another process, and nobody knows yet what else it wrote.
func (c changes) reach(name string, from, to int64) bool {
	missing := to - from
	for _, w := range c.written {
		if w.Name == name && (w.Revision == 0 || w.Revision > from) {
			missing--
		}
	}
	return missing <= 0
}

// with is the board after what has changed; nil where that can't serve as it is, such as after a chart has gone.
func (b *board) with(changed changes, d *documents) *board {
	b.reading.Lock() // series are taken over
	defer b.reading.Unlock()
	after := *b
	after.charts = slices.Clone(b.charts)
	for _, span := range changed.spans {
		id := charts.ID(span.Key.Name[strings.IndexByte(span.Key.Name, '#')+1:])
		i := slices.IndexFunc(after.charts, func(s *state) bool { return s.about.ID == id })
		if i < 0 {
			i = len(after.charts)
			after.charts = append(after.charts, nil)
		}
		s := after.charts[i].with(*d.of(id), changed, b.calendar)
		if s == nil {
			return nil
		}
		after.charts[i] = s
	}
	if len(after.charts) > len(b.charts) {
		after.sort()
	}
	return &after
}

// replace ends the states of an earlier board that this one has newer ones for, and is how many bytes more those take. What an
// answer still reads and writes of an ended state goes with it, and counts for no board.
func (b *board) replace(earlier *board) (grown int) {
	b.reading.Lock()
	defer b.reading.Unlock()
	old := earlier.charts // in the same order, and no other charts
	for _, s := range b.charts {
		switch {
		case len(old) > 0 && old[0] == s:
		case len(old) > 0 && old[0].about.ID == s.about.ID:
			grown += s.size() - old[0].end()
		default: // new
			grown += s.size()
			continue
		}
		old = old[1:]
	}
	return grown
}

// with is the state, which may be nil, after its documents were written; those that it knows already, or later ones, do
// nothing. It is nil where they can't serve as they are.
func (s *state) with(c chartDocuments, changed changes, calendar charts.Calendar) *state {
	switch {
	case c.now.Revision == 0 || s == nil && c.revision == 0:
		return nil
	case s != nil && c.now.Revision <= s.revisions.now:
		if c.revision > s.revisions.settings {
			return nil // whatever writes them writes NOW
		}
		return s
	case s != nil && c.revision <= s.revisions.settings:
		c.settings, c.revision = s.about, s.revisions.settings
	}
	figures, err := c.figures()
	if err != nil || journal.NeedsRebuild(figures, err, calendar) {
		return nil
	}
	after := newState(c.settings, figures, revisions{c.revision, c.now.Revision}, calendar)
	if s != nil {
		if s.series.Now.Version > figures.Version {
			return nil // it was read again meanwhile, and says more already
		}
		if changed.reach(c.now.Key.Name, s.revisions.now, c.now.Revision) {
			after.series = s.series.Renewed(figures, changed.names)
		}
	}
	return after
}

// keep keeps a board that was read after the mark. One with a broken chart is not kept: it may be mended at any time.
func (r *Reader) keep(b *board, mark versions.Mark) {
	if b.broken() {
		return
	}
	b.reading.Lock()
	defer b.reading.Unlock()
	size := 1 << 10
	for _, s := range b.charts {
		size += s.size()
	}
	r.kept.put(b.tenant, &keptBoard{b, mark, size}, r.Memory)
}

func (b *board) broken() bool {
	b.reading.Lock()
	defer b.reading.Unlock()
	return slices.ContainsFunc(b.charts, func(s *state) bool { return s.broken != nil })
}

// size is what the state takes in memory, in bytes, about. The caller holds reading.
func (s *state) size() int {
	s.texts.mu.Lock()
	defer s.texts.mu.Unlock()
	return s.bytes()
}

// end is size for the last time: from now on the state is replaced. The caller holds reading.
func (s *state) end() int {
	s.texts.mu.Lock()
	defer s.texts.mu.Unlock()
	s.replaced = true
	return s.bytes()
}

func (s *state) bytes() int {
	return stateSize + len(s.facts.Name) + len(s.about.Description) + s.series.Size() + s.texts.size()
}

const stateSize = 1 << 10 // of a state besides its texts and figures, in bytes, about
