package journal

import (
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/lru"
	"github.com/mykpi/mykpi/tenancy"
)

// keptSessions are those of charts that were committed of late: the next command on one need not read its documents. What
// another process has done to the chart meanwhile such a session does not know; as between the groups of a queue, its commit
// is refused then, and what would commit nothing is decided again. The journal's lock guards it.
type keptSessions struct {
	sessions lru.BySize[chartKey, keptSession] // those that nobody uses; the oldest were kept first
	ids      lru.BySize[chartName, keptID]     // of charts that callers named by their keys
	tenants  int                               // changes of tenants so far
}

type keptSession struct {
	*Session
	since time.Time
}

// keptID is a chart's ID; none ever changes its key.
type keptID struct {
	id    charts.ID
	since time.Time
}

// chartName is how callers name a chart.
type chartName struct {
	tenant tenancy.ID
	key    string
}

const (
	keptFor = 10 * time.Second
	idSize  = 300 // bytes of a kept ID with its name and all, about
)

// put keeps a session that nobody uses any more, where all together take at most so many bytes.
func (k *keptSessions) put(now time.Time, key chartKey, s *Session, budget int) {
	s.reset()
	s.series.Shrink()
	if s.tenants != k.tenants {
		return
	}
	k.sessions.Add(key, keptSession{s, now}, s.size(), budget-budget/8)
	for oldest, found := k.sessions.Oldest(); found && now.Sub(oldest.since) >= keptFor; oldest, found = k.sessions.Oldest() {
		k.sessions.RemoveOldest()
	}
}

// take answers the chart's session for use by the caller alone, or nil.
func (k *keptSessions) take(now time.Time, key chartKey) *Session {
	if s, found := k.sessions.Remove(key); found && now.Sub(s.since) < keptFor {
		return s.Session
	}
	return nil
}

// name keeps the ID of a chart that was made or looked up.
func (k *keptSessions) name(now time.Time, name chartName, id charts.ID, budget int) {
	k.ids.Add(name, keptID{id, now}, idSize, budget/8)
}

// id answers the ID of a chart, or "" where that is not kept.
func (k *keptSessions) id(now time.Time, name chartName) charts.ID {
	if kept, found := k.ids.Get(name); found && now.Sub(kept.since) < keptFor {
		return kept.id
	}
	return ""
}

// tenantChanged forgets all: some may be cut by the days of a zone that their tenant has left, which no commit would tell.
func (k *keptSessions) tenantChanged() { *k = keptSessions{tenants: k.tenants + 1} }

// size is what the session takes in memory, in bytes, about.
func (s *Session) size() int {
	const itself, keyed = 2000, 300
	return itself + len(s.Chart.Description) + len(s.keyed)*keyed + s.series.Size()
}
