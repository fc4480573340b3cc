package live

import (
	"sync"
	"time"

	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/charts/query"
	"github.com/mykpi/mykpi/tenancy"
)

// Hub knows the feed of each tenant that is watched. Make one with New.
type Hub struct {
	reader *query.Reader
	now    func() time.Time

	mu    sync.Mutex // taken before that of a feed
	feeds map[tenancy.ID]*feed
}

// New makes a hub whose updates are read by reader.
func New(reader *query.Reader, now func() time.Time) *Hub {
	return &Hub{reader: reader, now: now, feeds: map[tenancy.ID]*feed{}}
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

// attach adds a watch to its tenant's feed, which is made for the first one.
func (h *Hub) attach(w *Watch, tenant tenancy.ID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	f := h.feeds[tenant]
	if f == nil {
		f = newFeed(h, tenant)
		h.feeds[tenant] = f
	}
	w.feed = f
	f.attach(w)
}

// keptFor is how long a feed outlives its last watch: a dashboard that comes back within it is told only what changed.
const keptFor = 15 * time.Minute

// forget drops a feed that nobody watches any more.
func (h *Hub) forget(f *feed) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if f.idle() && h.feeds[f.tenant] == f {
		delete(h.feeds, f.tenant)
	}
}
