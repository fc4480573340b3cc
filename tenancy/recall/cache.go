package recall

import (
	"context"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// loadTimeout bounds a read, which does not end with the caller that began it: others wait for it too.
const loadTimeout = 5 * time.Second

// Cache remembers values by their keys. Make one with New; it is safe for concurrent use.
type Cache[K comparable, V any] struct {
	load func(context.Context, K) (V, error)
	age  time.Duration
	now  func() time.Time

	mu      sync.Mutex
	entries *simplelru.LRU[K, *entry[V]]
}

type entry[V any] struct {
	loaded chan struct{} // closed when the rest is set
	value  V
	err    error
	until  time.Time
}

// New makes a cache of values at most so old, of at most size of them (1 or more), which load reads.
func New[K comparable, V any](age time.Duration, size int, now func() time.Time, load func(context.Context, K) (V, error)) *Cache[K, V] {
	entries, _ := simplelru.NewLRU[K, *entry[V]](max(1, size), nil) // refuses none but sizes below 1
	return &Cache[K, V]{load: load, age: age, now: now, entries: entries}
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
	c.entries.Remove(key)
}

// entry is one that still holds, or a new one that is being read.
func (c *Cache[K, V]) entry(ctx context.Context, key K) *entry[V] {
	now := c.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.entries.Get(key); ok && e.holds(now) {
		return e
	}
	e := &entry[V]{loaded: make(chan struct{})}
	c.entries.Add(key, e)
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
