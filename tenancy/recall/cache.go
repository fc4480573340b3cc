package recall

import (
	"context"
	"sync"
	"time"
)

// loadTimeout bounds a read, which does not end with the caller that began it: others wait for it too.
const loadTimeout = 5 * time.Second

// Cache remembers values by their keys. Make one with New; it is safe for concurrent use.
type Cache[K comparable, V any] struct {
	load func(context.Context, K) (V, error)
	age  time.Duration
	half int
	now  func() time.Time

	// Two halves bound the memory: when the young one is full it becomes the old one, and the old one is dropped.
	mu         sync.Mutex
	young, old map[K]*entry[V]
}

type entry[V any] struct {
	loaded chan struct{} // closed when the rest is set
	value  V
	err    error
	until  time.Time
}

// New makes a cache of values at most so old, of at most size of them (2 or more), which load reads.
func New[K comparable, V any](age time.Duration, size int, now func() time.Time, load func(context.Context, K) (V, error)) *Cache[K, V] {
	return &Cache[K, V]{load: load, age: age, half: max(1, size/2), now: now, young: map[K]*entry[V]{}}
}

// Get is the value of a key, remembered or read. Errors are those of load, or the context's.
func (c *Cache[K, V]) Get(ctx context.Context, key K) (V, error) {
	e := c.entry(ctx, key)
	select {
	case <-e.loaded:
		return e.value, e.err
	case <-ctx.Done():
		var none V
		return none, ctx.Err()
	}
}

// Forget has the next Get read again. A read that is under way is not waited for by those who ask after it.
func (c *Cache[K, V]) Forget(key K) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.young, key)
	delete(c.old, key)
}

// entry is one that still holds, or a new one that is being read.
func (c *Cache[K, V]) entry(ctx context.Context, key K) *entry[V] {
	now := c.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.young[key]
	if !ok {
		e, ok = c.old[key]
	}
	if ok && e.holds(now) {
		return e
	}
	e = &entry[V]{loaded: make(chan struct{})}
	if len(c.young) >= c.half {
		c.old, c.young = c.young, make(map[K]*entry[V], c.half)
	}
	c.young[key] = e
	go c.read(context.WithoutCancel(ctx), key, e, now)
	return e
}

// read counts the age from before the read, since what was read may change at once.
func (c *Cache[K, V]) read(ctx context.Context, key K, e *entry[V], from time.Time) {
	ctx, cancel := context.WithTimeout(ctx, loadTimeout)
	defer cancel()
	defer close(e.loaded)
	e.value, e.err = c.load(ctx, key)
	if e.err == nil {
		e.until = from.Add(c.age)
	}
}

// holds reports whether the entry is being read or is young enough.
func (e *entry[V]) holds(now time.Time) bool {
	select {
	case <-e.loaded:
		return now.Before(e.until)
	default:
		return true
	}
}
