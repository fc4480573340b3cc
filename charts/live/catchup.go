package live

import (
	"context"
	"errors"
	"sync"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/charts/query"
	"github.com/mykpi/mykpi/tenancy"
)

// standing is how far a tenant and its charts had come when they were last looked at, or told of.
type standing struct {
	looked bool
	about  int64
	charts map[charts.ID]query.Standing
}

// together is how many tenants are looked at at once.
const together = 8

// CatchUp looks at every tenant that is watched and marks what has changed without anybody telling: what other processes
// have committed. It costs one eventual read a tenant, so what was committed in the last moment is left for the next time.
func (h *Hub) CatchUp(ctx context.Context) error {
	var (
		failed  []error
		mu      sync.Mutex
		working sync.WaitGroup
		turns   = make(chan struct{}, together)
	)
	for tenant, f := range h.watched() {
		turns <- struct{}{}
		working.Go(func() {
			defer func() { <-turns }()
			if err := h.catchUp(ctx, tenant, f); err != nil {
				mu.Lock()
				defer mu.Unlock()
				failed = append(failed, err)
			}
		})
	}
	working.Wait()
	return errors.Join(failed...)
}

// watched are the feeds that somebody watches.
func (h *Hub) watched() map[tenancy.ID]*feed {
	h.mu.Lock()
	defer h.mu.Unlock()
	watched := map[tenancy.ID]*feed{}
	for tenant, f := range h.feeds {
		f.mu.Lock()
		if f.watches > 0 {
			watched[tenant] = f
		}
		f.mu.Unlock()
	}
	return watched
}

func (h *Hub) catchUp(ctx context.Context, tenant tenancy.ID, f *feed) error {
	about, read, err := h.reader.Standing(ctx, tenant)
	if err != nil {
		return err
	}
	if f.tenantMoved(about) {
		f.markAll(reason{TenantUpdated, h.now()})
	}
	for _, s := range read {
		if cause, moved := f.moved(s); moved {
			h.reader.Journal.Reached(tenant, s.Chart, journal.Floor{Version: s.Version, Changed: s.Changed})
			f.mark(s.Chart, reason{cause, s.Updated})
		}
	}
	return nil
}

// tenantMoved reports whether the tenant's version is higher than it was when last looked at.
func (f *feed) tenantMoved(version int64) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	moved := f.standing.looked && version > f.standing.about
	f.standing.looked, f.standing.about = true, max(version, f.standing.about)
	return moved
}

// moved reports whether a chart has come further than the feed knows of, and why as far as that can be told. Of a chart
// that it knows nothing of, it says so too: a watcher that has been sent this version is not sent it again.
func (f *feed) moved(s query.Standing) (Cause, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	before, known := f.standing.charts[s.Chart]
	if known && s.Version <= before.Version {
		return "", false
	}
	f.standing.set(s)
	switch {
	case s.Version == 1:
		return ChartCreated, true
	case !known || !s.Changed.After(before.Changed):
		return PointsRecorded, true
	case s.Status == charts.Archived:
		return ChartArchived, true
	}
	return ChartUpdated, true
}

// advance takes note of a version that was told.
func (f *feed) advance(id charts.ID, version int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if s := f.standing.charts[id]; version > s.Version {
		s.Chart, s.Version = id, version
		f.standing.set(s)
	}
}

func (s *standing) set(c query.Standing) {
	if s.charts == nil {
		s.charts = map[charts.ID]query.Standing{}
	}
	s.charts[c.Chart] = c
}
