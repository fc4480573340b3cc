package versions

import (
	"context"
	"slices"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

// Mark is a moment in the history of a tenant's commits. Take it before a read: Since then tells what the read may have
// missed.
type Mark struct {
	place   uint64 // of the first change that the read may have missed
	foreign uint64
}

// Written is a document of the common space that a commit has written, or may have.
type Written struct {
	Name     string
	Revision int64  // that the document has by it, with Body; 0 where only a read can tell
	Body     []byte // not to be changed
}

const (
	changesKept = 64 // of a tenant, besides those under way; who has missed more reads all
	namesKept   = 64 // of a commit; one that names more may have changed anything
	bodiesKept  = 16 // the newest changes of a tenant, where it was asked about since the ones before
	bodyLimit   = 16 << 10
)

// change is one commit, from the moment that it begins.
type change struct {
	written []Written
	any     bool // it may write anything
	ended   bool
}

// changeOf is what a commit will have changed when it has succeeded.
func changeOf(c eventstore.Commit) *change {
	ch := &change{}
	add := func(k eventstore.Key, revision int64, body []byte) {
		if k.Stream == (eventstore.Stream{}) {
			ch.written = append(ch.written, Written{k.Name, revision, body})
		}
	}
	size := 0
	for _, p := range c.Puts {
		if size += len(p.Body); size > bodyLimit || !p.Expires.IsZero() {
			add(p.Key, 0, nil)
			continue
		}
		add(p.Key, p.If.Next(), p.Body)
	}
	for _, d := range c.Deletes {
		add(d.Key, 0, nil)
	}
	if len(ch.written) > namesKept {
		return &change{any: true}
	}
	return ch
}

// forget leaves what was written to those who read it.
func (ch *change) forget() {
	for i := range ch.written {
		ch.written[i].Revision, ch.written[i].Body = 0, nil
	}
}

// changes are the newest of a tenant.
type changes struct {
	list  []*change // oldest first
	first uint64    // the place of the oldest in the tenant's history
	asked uint64    // where the history's end was when somebody last asked
}

func (l *changes) end() uint64 { return l.first + uint64(len(l.list)) }

func (l *changes) add(ch *change) {
	l.list = append(l.list, ch)
	for len(l.list) > changesKept && l.list[0].ended {
		l.list = slices.Delete(l.list, 0, 1)
		l.first++
	}
	if l.end() > l.asked+bodiesKept {
		ch.forget()
	}
	if old := len(l.list) - 1 - bodiesKept; old >= 0 {
		l.list[old].forget()
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

// from is what the changes from a place on have written, or may have; ok is false where that can be anything. Those that are
// still under way are left out, or not.
func (l *changes) from(place uint64, underway bool) (written []Written, ok bool) {
	if place < l.first {
		return nil, false
	}
	for _, ch := range l.list[place-l.first:] {
		switch {
		case !ch.ended && !underway:
			continue
		case ch.any:
			return nil, false
		}
		written = append(written, ch.written...)
	}
	return written, true
}

// Mark answers the present moment; ok is false where it can't be told what comes after it: on an engine that tells nothing
// of other processes, and while a commit may still happen whose outcome was not told.
func (c *Counter) Mark(ctx context.Context, id tenancy.ID) (m Mark, ok bool) {
	if c.engine == nil || id.IsZero() || !c.poll(ctx) {
		return Mark{}, false
	}
	foreign := c.foreign.Load()
	t := c.tenant(id)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.changes.asked = t.changes.end()
	return Mark{place: t.changes.unseen(), foreign: foreign}, !t.inDoubt(c.now())
}

// Since answers what commits have written that were acknowledged since the mark, or may have, where their outcome was not told:
// of one document several times where several wrote it, in no order. With it comes the mark for who knows those as well. A
// commit that is under way has been told to nobody, and is left out. ok is false where anything may have been written.
func (c *Counter) Since(ctx context.Context, id tenancy.ID, m Mark) (written []Written, next Mark, ok bool) {
	if !c.poll(ctx) || c.foreign.Load() != m.foreign {
		return nil, m, false
	}
	t := c.tenant(id)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.changes.asked = t.changes.end()
	written, ok = t.changes.from(m.place, false)
	if ok && !t.inDoubt(c.now()) {
		m.place = t.changes.unseen()
	}
	return written, m, ok
}

// Begun answers what Since does, with the commits that are under way: a read that is over has seen nothing else of this
// process.
func (c *Counter) Begun(id tenancy.ID, m Mark) (written []Written, ok bool) {
	if c.foreign.Load() != m.foreign {
		return nil, false
	}
	t := c.tenant(id)
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.changes.from(m.place, true)
}
