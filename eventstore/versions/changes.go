package versions

import (
	"context"
	"slices"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

// Mark is a moment in the history of a tenant's commits. Take it before a read: Since then tells what of the read may be out
// of date.
type Mark struct {
	place     uint64 // of the first change that the read may have missed
	foreign   uint64
	committed uint64 // what the engine had committed
}

const (
	changesKept = 64 // of a tenant, besides those under way; who has missed more reads all
	namesKept   = 64 // of a commit; one that names more may have changed anything
)

// change is one commit, from the moment that it begins.
type change struct {
	names []string // of the documents of the common space that it may write
	any   bool     // it may write any
	ended bool
}

// changes are the newest of a tenant.
type changes struct {
	list  []*change // oldest first
	first uint64    // the place of the oldest in the tenant's history
}

func (l *changes) add(ch *change) {
	l.list = append(l.list, ch)
	for len(l.list) > changesKept && l.list[0].ended {
		l.list = slices.Delete(l.list, 0, 1)
		l.first++
	}
}

// unseen is the place of the first change that who reads now may not see.
func (l *changes) unseen() uint64 {
	i := slices.IndexFunc(l.list, func(ch *change) bool { return !ch.ended })
	if i < 0 {
		i = len(l.list)
	}
	return l.first + uint64(i)
}

// from are the names of what changes from a place on may have written; ok is false where they can be any.
func (l *changes) from(place uint64) (names []string, ok bool) {
	if place < l.first {
		return nil, false
	}
	for _, ch := range l.list[place-l.first:] {
		if ch.any {
			return nil, false
		}
		names = append(names, ch.names...)
	}
	return names, true
}

// Mark answers the present moment; ok is false where it can't be told what comes after it: on an engine that tells nothing
// of other processes, and while a commit may still happen whose outcome was not told.
func (c *Counter) Mark(ctx context.Context, id tenancy.ID) (m Mark, ok bool) {
	if c.engine == nil || id.IsZero() || !c.poll(ctx) {
		return Mark{}, false
	}
	foreign := c.foreign.Load()
	committed, err := c.engine.Committed(ctx)
	if err != nil {
		return Mark{}, false
	}
	t := c.tenant(id)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.inDoubt(c.now()) {
		return Mark{}, false
	}
	return Mark{place: t.changes.unseen(), foreign: foreign, committed: committed}, true
}

// Since answers the names of the documents of the common space that commits may have changed which a read after the mark
// need not have seen, and the mark for who reads those now; ok is false where the names can be any.
func (c *Counter) Since(ctx context.Context, id tenancy.ID, m Mark) (names []string, next Mark, ok bool) {
	if !c.poll(ctx) || c.foreign.Load() != m.foreign {
		return nil, m, false
	}
	t := c.tenant(id)
	if t.isAt(m.place) {
		return nil, m, true
	}
	committed, err := c.engine.Committed(ctx)
	switch {
	case err != nil:
		return nil, m, false
	case committed == m.committed:
		return nil, m, true // whatever is under way can't be seen yet
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	names, ok = t.changes.from(m.place)
	if ok && !t.inDoubt(c.now()) {
		m.place, m.committed = t.changes.unseen(), committed
	}
	return names, m, ok
}

// Begun answers what Since does, and besides what commits may change that have begun by now, whether or not they can be seen.
// So a read that was over before has seen nothing else of this process. It asks the engine nothing.
func (c *Counter) Begun(id tenancy.ID, m Mark) (names []string, ok bool) {
	if c.foreign.Load() != m.foreign {
		return nil, false
	}
	t := c.tenant(id)
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.changes.from(m.place)
}

// changeOf is what a commit may change.
func changeOf(c eventstore.Commit) *change {
	ch := &change{}
	add := func(k eventstore.Key) {
		if k.Stream == (eventstore.Stream{}) {
			ch.names = append(ch.names, k.Name)
		}
	}
	for _, p := range c.Puts {
		add(p.Key)
	}
	for _, d := range c.Deletes {
		add(d.Key)
	}
	if len(ch.names) > namesKept {
		return &change{any: true}
	}
	return ch
}
