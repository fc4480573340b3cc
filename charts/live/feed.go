package live

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/query"
	"github.com/mykpi/mykpi/tenancy"
)

// feed is one tenant's changes: for each chart its newest update, in the order in which they came. However many watch, a
// change is read once; and however slow they are, no more is kept than one update a chart.
type feed struct {
	hub    *Hub
	tenant tenancy.ID
	epoch  string // tells this feed's cursors from those of any other

	mu       sync.Mutex
	watches  int                 // that are attached
	told     map[*Watch]struct{} // those of them that want to be woken
	standing standing

	// What was told and is to be read.
	marks   map[charts.ID]reason
	all     *reason // every chart is
	joining []*Watch
	working bool // a goroutine reads

	// What was read.
	latest   map[charts.ID]*entry
	newest   *entry    // the head of the list, by falling sequence
	sequence int64     // of the newest update; the first is 1
	floor    int64     // from a cursor below it nothing can be told
	readAt   time.Time // when every chart was last read; zero before the first time
	pins     map[pinKey]*pin

	// What will change without being told.
	midnight time.Time // of the tenant
	staleAt  map[charts.ID]time.Time
	clock    *time.Timer
	expiry   *time.Timer // nil while somebody watches
}

// entry is what is known of one chart.
type entry struct {
	id            charts.ID
	sequence      int64 // 0 before its first update
	version       int   // that has been told
	update        *KpiUpdate
	older, recent *entry // by sequence; of those with one

	read    *query.Chart         // as it was last read, perhaps ahead of update
	initial map[Cause]*KpiUpdate // the same as a watch is first told of it
}

func newFeed(h *Hub, tenant tenancy.ID) *feed {
	return &feed{
		hub: h, tenant: tenant, epoch: rand.Text()[:8],
		told: map[*Watch]struct{}{}, marks: map[charts.ID]reason{}, latest: map[charts.ID]*entry{},
		pins: map[pinKey]*pin{}, staleAt: map[charts.ID]time.Time{},
	}
}

// attach adds a watch, which is told of when the feed has been read.
func (f *feed) attach(w *Watch) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.expiry != nil {
		f.expiry.Stop()
		f.expiry = nil
	}
	w.attached = true
	f.watches++
	if w.wake != nil {
		f.told[w] = struct{}{}
	}
	f.joining = append(f.joining, w)
	f.start()
}

func (f *feed) detach(w *Watch) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !w.attached {
		return
	}
	w.attached = false
	f.watches--
	delete(f.told, w)
	if f.watches > 0 {
		return
	}
	if f.clock != nil {
		f.clock.Stop()
	}
	f.expiry = time.AfterFunc(keptFor, func() { f.hub.forget(f) })
}

func (f *feed) idle() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.watches == 0
}

// mark has a chart read again.
func (f *feed) mark(id charts.ID, r reason) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.marks[id] = r
	f.start()
}

// markAll has every chart read again. A cursor from before is answered by RESYNC.
func (f *feed) markAll(r reason) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.all = &r
	f.start()
}

// start reads what is to be read, unless that is going on or nobody watches; mu is held.
func (f *feed) start() {
	if !f.working && f.watches > 0 {
		f.working = true
		go f.work()
	}
}

// rouse looks at the clock.
func (f *feed) rouse() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.start()
}

// work reads until nothing is left to be read.
func (f *feed) work() {
	for {
		f.mu.Lock()
		f.tick()
		t := f.take()
		if t == nil {
			f.working = false
			f.arm()
			f.mu.Unlock()
			return
		}
		f.mu.Unlock()

		ctx, cancel := context.WithTimeout(context.Background(), readTimeout)
		read, stale, err := f.read(ctx, t)
		cancel()

		f.mu.Lock()
		if err != nil {
			again := f.putBack(t, err)
			f.mu.Unlock()
			if again {
				slog.Warn("live: dashboards could not be read; trying again", "tenant", f.tenant, "error", err)
				time.AfterFunc(retryAfter, f.rouse)
				return
			}
			continue
		}
		told := f.absorb(t, read, stale)
		f.mu.Unlock()
		for _, w := range told {
			w.wake()
		}
	}
}

const (
	readTimeout = 10 * time.Second
	retryAfter  = time.Second // after a read that failed
)

// turn is what one reading is for.
type turn struct {
	marks   map[charts.ID]reason
	all     *reason
	joining []*Watch
	every   bool // read every chart
}

// freshFor is how old a chart may be that a new watch is told of: its KPIs move with time itself. Those that come together
// share one reading.
const freshFor = 2 * time.Second

// take empties what is to be read; nil where nothing is. mu is held.
func (f *feed) take() *turn {
	if len(f.marks) == 0 && f.all == nil && len(f.joining) == 0 || f.watches == 0 {
		return nil
	}
	age := f.hub.now().Sub(f.readAt)
	t := &turn{marks: f.marks, all: f.all, joining: f.joining}
	t.every = f.all != nil || f.readAt.IsZero() || len(f.joining) > 0 && (age < 0 || age > freshFor)
	f.marks, f.all, f.joining = map[charts.ID]reason{}, nil, nil
	return t
}

// putBack leaves what could not be read for the next time, and reports whether there is to be one: a refusal, such as for a
// tenant that does not exist, ends those who came for it. mu is held.
func (f *feed) putBack(t *turn, err error) bool {
	if _, refused := errors.AsType[*tenancy.Refusal](err); refused {
		for _, w := range t.joining {
			w.join(nil, err)
		}
		t.joining = nil
		if len(t.marks) == 0 && t.all == nil {
			return false
		}
	}
	for id, r := range t.marks {
		if _, newer := f.marks[id]; !newer {
			f.marks[id] = r
		}
	}
	if f.all == nil {
		f.all = t.all
	}
	f.joining = append(t.joining, f.joining...)
	f.working = false
	return true
}

// read answers the charts that a turn is about, and when each grows stale.
func (f *feed) read(ctx context.Context, t *turn) (read []*query.Chart, stale []time.Time, err error) {
	switch {
	case t.every:
		read, err = f.hub.reader.All(ctx, f.tenant)
	case len(t.marks) > 0:
		refs := make([]charts.Ref, 0, len(t.marks))
		for id := range t.marks {
			refs = append(refs, charts.Ref{ID: id})
		}
		read, err = f.hub.reader.Named(ctx, f.tenant, refs)
	}
	if err != nil {
		return nil, nil, err
	}
	stale = make([]time.Time, len(read))
	for i, c := range read {
		if c == nil {
			continue
		}
		if stale[i], err = c.StaleAt(ctx); err != nil {
			return nil, nil, err
		}
	}
	return read, stale, nil
}

// absorb takes in what was read, and answers the watches that have something to hear. mu is held.
func (f *feed) absorb(t *turn, read []*query.Chart, stale []time.Time) []*Watch {
	before := f.sequence
	first := f.readAt.IsZero()
	for i, c := range read {
		if c == nil {
			continue
		}
		f.midnight = c.NextDay()
		id := charts.ID(c.ID)
		e := f.latest[id]
		if e == nil {
			e = &entry{id: id}
			if first {
				e.version = c.Version // nobody was told of anything before
			}
			f.latest[id] = e
		}
		if e.read != nil && c.Version < e.read.Version {
			continue
		}
		e.read, e.initial = c, nil
		clear(f.pins)
		if stale[i].IsZero() {
			delete(f.staleAt, id)
		} else {
			f.staleAt[id] = stale[i]
		}
		if why, ok := t.why(e, stale[i]); ok {
			f.publish(e, why)
		}
	}
	if t.every {
		f.readAt = f.hub.now()
	}
	if t.all != nil && t.all.cause == TenantUpdated {
		f.floor = f.sequence
	}
	for _, w := range t.joining {
		w.join(f, nil)
	}
	if f.sequence == before {
		return nil
	}
	return slices.Collect(maps.Keys(f.told))
}

// why is the reason to tell of a chart that was read, if there is one.
func (t *turn) why(e *entry, stale time.Time) (reason, bool) {
	why, marked := t.marks[e.id]
	switch {
	case marked && why.cause != Stale && e.read.Version > e.version:
		return why, true
	case t.all != nil && e.read.Status != charts.Archived:
		return *t.all, true
	}
	return why, marked && why.cause == Stale && stale.IsZero() && e.read.StaleAfter != nil
}

// publish makes a chart's newest update the feed's newest.
func (f *feed) publish(e *entry, why reason) {
	f.sequence++
	e.version = e.read.Version
	e.update = &KpiUpdate{Chart: e.read, Cause: why.cause, OccurredAt: why.at.UTC(), Cursor: f.cursor(f.sequence)}
	if e.sequence > 0 { // out of its place
		if e.older != nil {
			e.older.recent = e.recent
		}
		if e.recent != nil {
			e.recent.older = e.older
		} else {
			f.newest = e.older
		}
	}
	e.sequence, e.older, e.recent = f.sequence, f.newest, nil
	if f.newest != nil {
		f.newest.recent = e
	}
	f.newest = e
}

// after is the oldest update that came after a position; nil where there is none. mu is held.
func (f *feed) after(position int64) *entry {
	var found *entry
	for e := f.newest; e != nil && e.sequence > position; e = e.older {
		found = e
	}
	return found
}
