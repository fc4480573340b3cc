package versions

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

const (
	// Poll is how long a commit of another process may go unseen where the engine tells of them.
	Poll = 20 * time.Millisecond
	// doubt is how long a commit may still happen whose outcome was not told: longer than anything waits for one.
	doubt = 30 * time.Second
)

// Engine is a store that can tell of commits that the Counter has not counted.
type Engine interface {
	// Changed answers a number that changes when another process has committed.
	Changed(context.Context) (uint64, error)
}

// Counter counts the commits of each tenant. Make one with New.
type Counter struct {
	now    func() time.Time
	engine Engine

	mu      sync.RWMutex
	tenants map[tenancy.ID]*tenant

	foreign  atomic.Uint64 // changes by other processes
	asked    atomic.Int64  // when the engine was last asked for it, in Unix nanoseconds
	asking   sync.Mutex
	seen     uint64 // the last answer of the engine; guarded by asking
	answered bool   // whether there was one; guarded by asking
}

type tenant struct {
	commits  atomic.Uint64 // begun or ended, or heard of
	underway atomic.Int64
	doubtful atomic.Int64 // Unix nanoseconds until which a commit of unknown outcome may happen

	mu      sync.Mutex
	changes changes // guarded by mu
}

func (t *tenant) inDoubt(now time.Time) bool { return t.doubtful.Load() > now.UnixNano() }

// begin takes note of a change before it can be seen.
func (t *tenant) begin(ch *change) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.changes.add(ch)
}

// outcome is what is known of a change that has ended.
type outcome int

const (
	unknown  outcome = iota // perhaps it happens yet
	nothing                 // and it never will
	happened                // whoever reads now sees it
)

// end takes note of a change's end before anybody is told of it.
func (t *tenant) end(ch *change, o outcome) {
	t.mu.Lock()
	defer t.mu.Unlock()
	ch.ended = true
	switch o {
	case unknown:
		ch.forget()
	case nothing:
		ch.written = nil
	}
}

// New makes a counter of the commits to a store. engine is nil where the store tells of none but its own.
func New(now func() time.Time, engine Engine) *Counter {
	return &Counter{now: now, engine: engine, tenants: map[tenancy.ID]*tenant{}}
}

// Version is the tenant's version; ok is false while it can't be told. It only grows.
func (c *Counter) Version(ctx context.Context, id tenancy.ID) (version uint64, ok bool) {
	if id.IsZero() || !c.poll(ctx) {
		return 0, false
	}
	t := c.tenant(id)
	foreign := c.foreign.Load()
	commits := t.commits.Load()
	// Read after commits: a commit that began since has raised it, and one that is under way shows here.
	if t.underway.Load() != 0 || t.inDoubt(c.now()) {
		return 0, false
	}
	return foreign + commits, true
}

// Reached is a version that every one told from now on is at least, and that every commit acknowledged so far is below or at.
func (c *Counter) Reached(id tenancy.ID) uint64 {
	return c.foreign.Load() + c.tenant(id).commits.Load()
}

// Moved takes note that something of a tenant has changed in another process.
func (c *Counter) Moved(id tenancy.ID) {
	t := c.tenant(id)
	t.begin(&change{any: true, ended: true})
	t.commits.Add(1)
}

func (c *Counter) tenant(id tenancy.ID) *tenant {
	c.mu.RLock()
	t := c.tenants[id]
	c.mu.RUnlock()
	if t != nil {
		return t
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if t = c.tenants[id]; t == nil {
		t = &tenant{}
		c.tenants[id] = t
	}
	return t
}

// poll asks whether other processes have committed, at most once in Poll; false where that can't be told.
func (c *Counter) poll(ctx context.Context) bool {
	if c.engine == nil {
		return true
	}
	now := c.now().UnixNano()
	if age := now - c.asked.Load(); age >= 0 && age < int64(Poll) {
		return true
	}
	c.asking.Lock()
	defer c.asking.Unlock()
	if age := now - c.asked.Load(); age >= 0 && age < int64(Poll) {
		return true // another request asked meanwhile
	}
	answer, err := c.engine.Changed(ctx)
	if err != nil {
		return false
	}
	if !c.answered || answer != c.seen {
		c.foreign.Add(1)
		c.seen, c.answered = answer, true
	}
	c.asked.Store(now)
	return true
}

// Store is a store whose commits are counted. Every commit that this process makes must go through it.
func (c *Counter) Store(store eventstore.Store) eventstore.Store { return &counted{store, c} }

type counted struct {
	eventstore.Store
	counter *Counter
}

// Commit implements eventstore.Store.
func (s *counted) Commit(ctx context.Context, id tenancy.ID, commit eventstore.Commit) error {
	return s.count(id, changeOf(commit), func() error { return s.Store.Commit(ctx, id, commit) })
}

// Erase implements eventstore.Store.
func (s *counted) Erase(ctx context.Context, id tenancy.ID) error {
	return s.count(id, &change{any: true}, func() error { return s.Store.Erase(ctx, id) })
}

// count makes one change between two steps of the tenant's version.
func (s *counted) count(id tenancy.ID, what *change, change func() error) error {
	t := s.counter.tenant(id)
	t.begin(what)
	t.underway.Add(1)
	t.commits.Add(1)
	came := unknown
	defer func() {
		if came == unknown {
			t.doubtful.Store(s.counter.now().Add(doubt).UnixNano())
		}
		t.end(what, came)
		t.commits.Add(1)
		t.underway.Add(-1)
	}()
	err := change()
	switch {
	case err == nil:
		came = happened
	case errors.Is(err, eventstore.ErrConflict) || errors.Is(err, eventstore.ErrTooLarge) || errors.Is(err, eventstore.ErrInvalid):
		came = nothing
	}
	return err
}
