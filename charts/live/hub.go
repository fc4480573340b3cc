package live

import (
	"crypto/rand"
	"sync"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/charts/query"
	"github.com/mykpi/mykpi/tenancy"
)

// Hub knows the watchers of each tenant. Make one with New.
type Hub struct {
	reader *query.Reader
	now    func() time.Time
	epoch  string // tells this hub's cursors from those of any other

	mu    sync.Mutex
	feeds map[tenancy.ID]*feed
}

// feed is one tenant's changes since somebody first watched: a number for each, and for each chart its newest.
type feed struct {
	mu       sync.Mutex
	sequence int64
	changed  map[charts.ID]change
	watchers map[*watcher]struct{}
	standing standing
}

type change struct {
	sequence int64
	reason
}

// New makes a hub whose updates are read by reader.
func New(reader *query.Reader, now func() time.Time) *Hub {
	return &Hub{reader: reader, now: now, epoch: rand.Text()[:8], feeds: map[tenancy.ID]*feed{}}
}

// Committed tells the watchers of changes that have become durable. It never blocks.
func (h *Hub) Committed(changes []journal.Change) {
	for _, c := range changes {
		if f := h.existing(c.Tenant); f != nil {
			f.advance(c.Chart, c.Version)
			f.mark(c.Chart, reason{causeOf[c.Kind], c.OccurredAt})
		}
	}
}

// TenantUpdated tells the watchers that all their charts may say something else, for the tenant's calendar may have
// changed.
func (h *Hub) TenantUpdated(tenant tenancy.ID) {
	if f := h.existing(tenant); f != nil {
		f.markAll(reason{TenantUpdated, h.now()})
	}
}

func (h *Hub) existing(tenant tenancy.ID) *feed {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.feeds[tenant]
}

func (h *Hub) feed(tenant tenancy.ID) *feed {
	h.mu.Lock()
	defer h.mu.Unlock()
	f := h.feeds[tenant]
	if f == nil {
		f = &feed{changed: map[charts.ID]change{}, watchers: map[*watcher]struct{}{}}
		h.feeds[tenant] = f
	}
	return f
}

func (f *feed) mark(id charts.ID, r reason) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sequence++
	f.changed[id] = change{f.sequence, r}
	for w := range f.watchers {
		w.mark(id, r)
	}
}

// markAll marks every chart for every watcher. A cursor from before is answered by RESYNC.
func (f *feed) markAll(r reason) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sequence++
	f.changed[everyChart] = change{f.sequence, r}
	for w := range f.watchers {
		w.markAll(r)
	}
}

// everyChart stands in feed.changed for a change to all charts; no chart has it as an ID.
const everyChart = charts.ID("")

// since are the charts that changed after a position; ok is false where that can't be told.
func (f *feed) since(position int64) (changed map[charts.ID]reason, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if position < 0 || position > f.sequence || f.changed[everyChart].sequence > position {
		return nil, false
	}
	changed = map[charts.ID]reason{}
	for id, c := range f.changed {
		if c.sequence > position {
			changed[id] = c.reason
		}
	}
	return changed, true
}

func (f *feed) attach(w *watcher) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.watchers[w] = struct{}{}
}

func (f *feed) detach(w *watcher) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.watchers, w)
}

func (f *feed) position() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.sequence
}
