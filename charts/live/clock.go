package live

import (
	"context"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/query"
)

// Two things change what a chart says without any event: the tenant's day ends, and a chart's newest point grows old.
// Each watcher keeps one timer for the next of them.

// schedule sets the timer after charts were read.
func (w *watcher) schedule(ctx context.Context, clock *time.Timer, read []*query.Chart) {
	var midnight time.Time
	for _, c := range read {
		if c == nil {
			continue
		}
		midnight = c.NextDay()
		if at, err := c.StaleAt(ctx); err == nil && !at.IsZero() {
			w.staleAt[charts.ID(c.ID)] = at
		} else {
			delete(w.staleAt, charts.ID(c.ID))
		}
	}
	if !midnight.IsZero() {
		w.staleAt[everyChart] = midnight
	}
	w.arm(clock)
}

// arm sets the timer to the next time that is known of.
func (w *watcher) arm(clock *time.Timer) {
	now := w.hub.now()
	next := now.Add(24 * time.Hour)
	for _, at := range w.staleAt {
		if at.Before(next) {
			next = at
		}
	}
	clock.Reset(max(next.Sub(now), 0) + time.Millisecond)
}

// tick marks what the time has come for.
func (w *watcher) tick() {
	now := w.hub.now()
	for id, at := range w.staleAt {
		if at.After(now) {
			continue
		}
		delete(w.staleAt, id)
		if id == everyChart {
			w.markAll(reason{PeriodRolled, at})
		} else {
			w.mark(id, reason{Stale, at})
		}
	}
}
