package journal

import (
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/tenancy"
)

// keptSessions are those of charts that were committed of late: the next command on one need not read its documents. What
// another process has done to the chart meanwhile such a session does not know; as between the groups of a queue, its commit
// is refused then, and what would commit nothing is decided again. It has two halves, the older of which is dropped when the
// young one is full, or after a while. The journal's lock guards it.
type keptSessions struct {
	young, old keptHalf
	turned     time.Time
	tenants    int // changes of tenants so far
}

type keptHalf struct {
	sessions map[chartKey]*Session
	ids      map[chartName]charts.ID // of these charts, and of those whose sessions are in use. No chart ever changes its key
	size     int                     // bytes of sessions
}

// chartName is how callers name a chart.
type chartName struct {
	tenant tenancy.ID
	key    string
}

// keptFor is how long a session surely stays, where there is room.
const keptFor = 5 * time.Second

// put keeps a session that nobody uses any more, where all together take at most so many bytes.
func (k *keptSessions) put(now time.Time, key chartKey, s *Session, budget int) {
	s.reset()
	s.series.Shrink()
	size := s.size()
	if size > budget/2 || s.tenants != k.tenants {
		return
	}
	if k.turn(now); k.young.size+size > budget/2 {
		k.renew(now)
	}
	k.young.size += size
	k.young.sessions[key] = s
	k.young.ids[chartName{key.tenant, s.Chart.Key}] = key.chart
}

// take answers the chart's session for use by the caller alone, or nil.
func (k *keptSessions) take(now time.Time, key chartKey) *Session {
	k.turn(now)
	for _, half := range []*keptHalf{&k.young, &k.old} {
		if s := half.sessions[key]; s != nil {
			half.size -= s.size()
			delete(half.sessions, key)
			return s
		}
	}
	return nil
}

// id answers the ID of a chart, or "" where that is not kept.
func (k *keptSessions) id(now time.Time, name chartName) charts.ID {
	k.turn(now)
	if id := k.young.ids[name]; id != "" {
		return id
	}
	return k.old.ids[name]
}

// turn drops what is old.
func (k *keptSessions) turn(now time.Time) {
	switch age := now.Sub(k.turned); {
	case k.young.sessions == nil || age >= 2*keptFor:
		k.renew(now)
		k.old = keptHalf{}
	case age >= keptFor:
		k.renew(now)
	}
}

// tenantChanged forgets all: some may be cut by the days of a zone that their tenant has left, which no commit would tell.
func (k *keptSessions) tenantChanged() { *k = keptSessions{tenants: k.tenants + 1} }

// renew makes the young half the old one.
func (k *keptSessions) renew(now time.Time) {
	k.old, k.turned = k.young, now
	k.young = keptHalf{sessions: map[chartKey]*Session{}, ids: map[chartName]charts.ID{}}
}

// size is what the session takes in memory, in bytes, about.
func (s *Session) size() int {
	const itself, keyed = 2000, 300
	return itself + len(s.Chart.Description) + len(s.keyed)*keyed + s.series.Size()
}
