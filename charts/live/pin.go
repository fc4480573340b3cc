package live

import (
	"slices"
	"strings"
	"time"

	"github.com/mykpi/mykpi/charts"
)

// pin is what a new watch is told first: every chart in its scope as it was at one moment. Watches that come at the same
// moment share it.
type pin struct {
	updates []*KpiUpdate
	ahead   map[charts.ID]int // the versions that the feed has not published yet
}

type pinKey struct {
	named string
	cause Cause
	since int64 // for Resync, when the cursor was made
}

// maxPins is how many a feed keeps for others to share. Watches hold on to their own.
const maxPins = 64

// clockSkew is how far the clocks of two instances may be apart.
const clockSkew = time.Minute

// pin gives a watch its first updates; mu is held. After Resync, those who watch all charts are told of the ones that were
// archived since the cursor was made, too: else they would keep them.
func (f *feed) pin(w *Watch, cause Cause, since time.Time) {
	key := pinKey{w.named, cause, since.Unix()}
	p := f.pins[key]
	if p == nil {
		if len(f.pins) >= maxPins {
			clear(f.pins)
		}
		p = f.newPin(w.scope, cause, since)
		f.pins[key] = p
	}
	w.first = p
	for id, version := range p.ahead {
		if w.ahead == nil {
			w.ahead = map[charts.ID]int{}
		}
		w.ahead[id] = version
	}
}

func (f *feed) newPin(scope map[charts.ID]bool, cause Cause, since time.Time) *pin {
	var entries []*entry
	for id, e := range f.latest {
		archived := e.read.Status == charts.Archived
		lately := cause == Resync && !e.read.UpdatedAt.Before(since.Add(-clockSkew))
		if scope == nil && (!archived || lately) || scope[id] {
			entries = append(entries, e)
		}
	}
	slices.SortFunc(entries, func(a, b *entry) int {
		if order := a.read.CreatedAt.Compare(b.read.CreatedAt); order != 0 {
			return order
		}
		return strings.Compare(string(a.id), string(b.id))
	})
	p := &pin{}
	for i, e := range entries {
		u := e.first(f, cause)
		if i == len(entries)-1 { // only now everything has been told
			last := *u
			last.Cursor = f.cursor(f.sequence)
			u = &last
		}
		p.updates = append(p.updates, u)
		if e.read.Version > e.version {
			if p.ahead == nil {
				p.ahead = map[charts.ID]int{}
			}
			p.ahead[e.id] = e.read.Version
		}
	}
	return p
}

// first is the update by which a watch first hears of a chart.
func (e *entry) first(f *feed, cause Cause) *KpiUpdate {
	u := e.initial[cause]
	if u == nil {
		u = &KpiUpdate{Chart: e.read, Cause: cause, OccurredAt: f.hub.now().UTC(), Cursor: f.cursor(nowhere)}
		if e.initial == nil {
			e.initial = map[Cause]*KpiUpdate{}
		}
		e.initial[cause] = u
	}
	return u
}
