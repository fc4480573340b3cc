package live

import (
	"context"
	"encoding/base64"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/query"
	"github.com/mykpi/mykpi/tenancy"
)

// KpiUpdate is what a watcher is sent.
type KpiUpdate struct {
	Chart      *query.Chart
	Cause      Cause
	OccurredAt time.Time
	Cursor     string // the watcher has seen everything up to here
}

// watcher is one subscription. What waits for it is a set of charts, however often each of them changed.
type watcher struct {
	hub    *Hub
	feed   *feed
	tenant tenancy.ID
	scope  map[charts.ID]bool // nil for all charts
	wake   chan struct{}      // of one: something waits

	mu      sync.Mutex
	waiting map[charts.ID]reason
	all     *reason // every chart in scope waits

	// of the goroutine that serves
	sent     map[charts.ID]int // versions
	staleAt  map[charts.ID]time.Time
	position int64 // of the cursor; -1 until the first charts are all sent
}

// KpiUpdated watches the named charts, or all where none is named. The channel gets an update for each chart in scope
// first, then for each change, until ctx ends, when it is closed. after is the cursor of the last update that the
// caller had before: where what changed since can be told, only that comes first.
func (h *Hub) KpiUpdated(ctx context.Context, tenant tenancy.ID, refs []charts.Ref, after *string) (<-chan *KpiUpdate, error) {
	w := &watcher{
		hub: h, feed: h.feed(tenant), tenant: tenant, wake: make(chan struct{}, 1),
		waiting: map[charts.ID]reason{}, sent: map[charts.ID]int{}, staleAt: map[charts.ID]time.Time{}, position: -1,
	}
	if refs != nil {
		named, err := h.reader.Named(ctx, tenant, refs)
		if err != nil {
			return nil, err
		}
		w.scope = map[charts.ID]bool{}
		for i, c := range named {
			if c == nil {
				return nil, tenancy.Refuse(tenancy.NotFound, fmt.Sprintf("charts[%d]", i), "there is no such chart")
			}
			w.scope[charts.ID(c.ID)] = true
		}
	}
	position, resumes, err := h.parseCursor(after)
	if err != nil {
		return nil, err
	}
	// Attached before anything is read: what is committed from here on is either read or marked, or both.
	w.feed.attach(w)
	w.first(position, resumes, after != nil)
	updates := make(chan *KpiUpdate)
	go w.serve(ctx, updates)
	return updates, nil
}

// first marks what the watcher must hear of before any change.
func (w *watcher) first(position int64, resumes, asked bool) {
	now := w.hub.now()
	if resumes {
		if changed, ok := w.feed.since(position); ok {
			w.position = position
			for id, r := range changed {
				w.mark(id, r)
			}
			return
		}
	}
	if asked {
		w.markAll(reason{Resync, now})
		return
	}
	w.markAll(reason{Snapshot, now})
}

func (w *watcher) mark(id charts.ID, r reason) {
	if w.scope != nil && !w.scope[id] {
		return
	}
	w.mu.Lock()
	w.waiting[id] = r
	w.mu.Unlock()
	w.rouse()
}

func (w *watcher) markAll(r reason) {
	w.mu.Lock()
	w.all = &r
	w.mu.Unlock()
	w.rouse()
}

func (w *watcher) rouse() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// take empties what waits.
func (w *watcher) take() (waiting map[charts.ID]reason, all *reason) {
	w.mu.Lock()
	defer w.mu.Unlock()
	waiting, all = w.waiting, w.all
	w.waiting, w.all = map[charts.ID]reason{}, nil
	return waiting, all
}

// waits reports whether a chart changed again.
func (w *watcher) waits(id charts.ID) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, waiting := w.waiting[id]
	return waiting || w.all != nil
}

// retryAfter is how long a watcher waits after a read that failed; its charts go on waiting.
const retryAfter = time.Second

// serve sends updates until ctx ends.
func (w *watcher) serve(ctx context.Context, updates chan<- *KpiUpdate) {
	defer close(updates)
	defer w.feed.detach(w)
	clock := time.NewTimer(0)
	defer clock.Stop()
	<-clock.C
	if w.position >= 0 {
		w.resume(ctx, clock)
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-w.wake:
		case <-clock.C:
			w.tick()
			w.arm(clock)
		}
		// Before what waits is taken: all up to here is in it.
		position := w.feed.position()
		waiting, all := w.take()
		if len(waiting) == 0 && all == nil {
			continue
		}
		read, err := w.read(ctx, waiting, all)
		if err != nil {
			if ctx.Err() != nil {
				return
			}
			slog.WarnContext(ctx, "live: a dashboard could not be read; trying again", "tenant", w.tenant, "error", err)
			w.putBack(waiting, all)
			time.AfterFunc(retryAfter, w.rouse)
			continue
		}
		if !w.send(ctx, updates, read, waiting, all, position) {
			return
		}
		w.position = max(w.position, position)
		w.schedule(ctx, clock, read)
	}
}

// resume reads the charts of a watcher that goes on where it was: it is not sent those that stayed as they were, but
// their time may come.
func (w *watcher) resume(ctx context.Context, clock *time.Timer) {
	read, err := w.read(ctx, nil, &reason{})
	if err != nil {
		w.markAll(reason{Resync, w.hub.now()})
		return
	}
	w.schedule(ctx, clock, read)
}

func (w *watcher) putBack(waiting map[charts.ID]reason, all *reason) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for id, r := range waiting {
		if _, newer := w.waiting[id]; !newer {
			w.waiting[id] = r
		}
	}
	if w.all == nil {
		w.all = all
	}
}

// read answers the charts that wait, in one pass over the tenant's documents.
func (w *watcher) read(ctx context.Context, waiting map[charts.ID]reason, all *reason) ([]*query.Chart, error) {
	if all != nil && w.scope == nil {
		return w.hub.reader.All(ctx, w.tenant)
	}
	var refs []charts.Ref
	if all != nil {
		for id := range w.scope {
			refs = append(refs, charts.Ref{ID: id})
		}
	} else {
		for id := range waiting {
			refs = append(refs, charts.Ref{ID: id})
		}
	}
	return w.hub.reader.Named(ctx, w.tenant, refs)
}

// send sends one update a chart and reports whether to go on. Those that changed again while a slow watcher took its
// time are left out: they wait already. None is left out of what a watcher hears first.
func (w *watcher) send(ctx context.Context, updates chan<- *KpiUpdate, read []*query.Chart, waiting map[charts.ID]reason, all *reason, position int64) bool {
	for i, c := range read {
		if c == nil {
			continue
		}
		id := charts.ID(c.ID)
		why, changed := waiting[id]
		known, sent := w.sent[id]
		if all != nil && (!changed || !sent || c.Version == known) {
			why = *all // a change that came before its first update is in it
		}
		switch {
		case sent && i > 0 && w.waits(id):
			continue
		case !sent && w.scope == nil && c.Status == charts.Archived && why.cause != ChartArchived:
			continue // nobody watches what was archived before
		case sent && c.Version < known, sent && c.Version == known && w.stands(why.cause):
			continue
		}
		at := w.position
		if i == len(read)-1 {
			at = max(at, position)
		}
		select {
		case updates <- &KpiUpdate{Chart: c, Cause: why.cause, OccurredAt: why.at.UTC(), Cursor: w.hub.cursor(at)}:
			w.sent[id] = c.Version
		case <-ctx.Done():
			return false
		}
	}
	return true
}

// stands reports whether a cause tells nothing new about a version that was sent already: the change had been read
// before its mark was seen.
func (w *watcher) stands(c Cause) bool {
	return c != PeriodRolled && c != Stale && c != TenantUpdated && c != Resync && c != Snapshot
}

func (h *Hub) cursor(position int64) string {
	return base64.RawURLEncoding.EncodeToString([]byte(h.epoch + ":" + strconv.FormatInt(position, 10)))
}

// parseCursor reads a cursor; one of another hub is valid, but nothing can be told from it.
func (h *Hub) parseCursor(after *string) (position int64, ours bool, err error) {
	if after == nil {
		return 0, false, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(*after)
	epoch, rest, found := strings.Cut(string(raw), ":")
	if err == nil && found {
		position, err = strconv.ParseInt(rest, 10, 64)
	}
	if err != nil || !found {
		return 0, false, tenancy.Refuse(tenancy.BadUserInput, "after", "is no cursor of an update: use one that kpiUpdated sent, or none")
	}
	return position, epoch == h.epoch && position >= 0, nil
}
