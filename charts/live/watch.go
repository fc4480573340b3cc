package live

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/query"
	"github.com/mykpi/mykpi/tenancy"
)

// KpiUpdate is what a watcher is sent. All watchers that are sent the same get the same one: it is only read.
type KpiUpdate struct {
	Chart      *query.Chart
	Cause      Cause
	OccurredAt time.Time
	Cursor     string // the watcher has seen everything up to here
}

// Watch is one subscription's place in its tenant's feed. It holds no updates of its own once the first were taken.
type Watch struct {
	feed   *feed
	scope  map[charts.ID]bool // nil for all charts
	named  string             // the scope as a text, "" for all charts
	resume *place             // nil for a new watch
	wake   func()             // nil for none
	joined chan error         // of one; nil once it was read

	// under the feed's mu
	attached bool
	first    *pin // what comes ahead of all changes; nil when it was taken
	next     int  // in first
	position int64
	ahead    map[charts.ID]int // versions told in first that the feed has not published yet; nil most often
}

// Watch watches the named charts, or all where none is named. after is the cursor of the last update that the caller had
// before: where what changed since can be told, only that comes first, and otherwise all charts in scope. wake is called
// when there may be something to take, from any goroutine; it must not block. It is nil for a watch that is asked when
// another is woken. Close the watch when it is done.
func (h *Hub) Watch(ctx context.Context, tenant tenancy.ID, refs []charts.Ref, after *string, wake func()) (*Watch, error) {
	w := &Watch{wake: wake, joined: make(chan error, 1)}
	if after != nil {
		from, err := parseCursor(*after)
		if err != nil {
			return nil, err
		}
		w.resume = &from
	}
	if refs != nil {
		named, err := h.reader.Named(ctx, tenant, refs)
		if err != nil {
			return nil, err
		}
		w.scope = map[charts.ID]bool{}
		ids := make([]string, len(named))
		for i, c := range named {
			if c == nil {
				return nil, tenancy.Refuse(tenancy.NotFound, fmt.Sprintf("charts[%d]", i), "there is no such chart")
			}
			w.scope[charts.ID(c.ID)] = true
			ids[i] = c.ID
		}
		slices.Sort(ids)
		w.named = "in " + strings.Join(ids, " ")
	}
	// Attached before anything is read: what is committed from here on is either read or marked, or both.
	h.attach(w, tenant)
	select {
	case err := <-w.joined:
		w.joined = nil
		if err != nil {
			w.Close()
			return nil, err
		}
		return w, nil
	case <-ctx.Done():
		w.Close()
		return nil, ctx.Err()
	}
}

// join places the watch in the feed, which has just been read; mu is held. A nil feed is an error's.
func (w *Watch) join(f *feed, err error) {
	if err == nil {
		w.position = f.sequence
		switch {
		case w.resume == nil:
			f.pin(w, Snapshot, time.Time{})
		case w.resume.epoch == f.epoch && w.resume.position >= f.floor && w.resume.position <= f.sequence:
			w.position = w.resume.position
		default:
			f.pin(w, Resync, w.resume.at)
		}
		w.resume = nil
	}
	w.joined <- err
}

// Next takes the oldest update that the watch has not had; nil while there is none. It never waits.
func (w *Watch) Next() *KpiUpdate {
	f := w.feed
	f.mu.Lock()
	defer f.mu.Unlock()
	if w.first != nil {
		if w.next < len(w.first.updates) {
			w.next++
			return w.first.updates[w.next-1]
		}
		w.first = nil
	}
	for e := f.after(w.position); e != nil; e = e.recent {
		w.position = e.sequence
		if w.wants(e) {
			return e.update
		}
	}
	return nil
}

// Skip leaves out what comes first: the watch is told of changes alone.
func (w *Watch) Skip() {
	w.feed.mu.Lock()
	defer w.feed.mu.Unlock()
	w.first, w.ahead = nil, nil
}

// wants reports whether an update is for this watch.
func (w *Watch) wants(e *entry) bool {
	if w.scope != nil && !w.scope[e.id] {
		return false
	}
	if told, ok := w.ahead[e.id]; ok {
		delete(w.ahead, e.id)
		return e.version > told || !e.update.Cause.ofEvent()
	}
	return true
}

// Close ends the watch.
func (w *Watch) Close() { w.feed.detach(w) }

// KpiUpdated is a Watch by way of a channel, which is closed when ctx ends.
func (h *Hub) KpiUpdated(ctx context.Context, tenant tenancy.ID, refs []charts.Ref, after *string) (<-chan *KpiUpdate, error) {
	wake := make(chan struct{}, 1)
	w, err := h.Watch(ctx, tenant, refs, after, func() {
		select {
		case wake <- struct{}{}:
		default:
		}
	})
	if err != nil {
		return nil, err
	}
	updates := make(chan *KpiUpdate)
	go func() {
		defer close(updates)
		defer w.Close()
		for {
			u := w.Next()
			if u == nil {
				select {
				case <-wake:
				case <-ctx.Done():
					return
				}
				continue
			}
			select {
			case updates <- u:
			case <-ctx.Done():
				return
			}
		}
	}()
	return updates, nil
}
