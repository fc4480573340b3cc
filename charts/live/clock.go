package live

import "time"

// Two things change what a chart says without any event: the tenant's day ends, and a chart's newest point grows old. A
// feed keeps one timer for the next of them, while somebody watches.

// tick marks what the time has come for; mu is held.
func (f *feed) tick() {
	now := f.hub.now()
	if !f.midnight.IsZero() && !f.midnight.After(now) {
		if f.all == nil {
			f.all = &reason{PeriodRolled, f.midnight}
		}
		f.midnight = time.Time{} // until the charts are read
	}
	for id, at := range f.staleAt {
		if at.After(now) {
			continue
		}
		delete(f.staleAt, id)
		if _, marked := f.marks[id]; !marked {
			f.marks[id] = reason{Stale, at}
		}
	}
}

// arm sets the timer to the next time that is known of; mu is held.
func (f *feed) arm() {
	if f.watches == 0 {
		return
	}
	now := f.hub.now()
	next := now.Add(24 * time.Hour)
	if !f.midnight.IsZero() && f.midnight.Before(next) {
		next = f.midnight
	}
	for _, at := range f.staleAt {
		if at.Before(next) {
			next = at
		}
	}
	wait := max(next.Sub(now), 0) + time.Millisecond
	if f.clock == nil {
		f.clock = time.AfterFunc(wait, f.rouse)
		return
	}
	f.clock.Reset(wait)
}
