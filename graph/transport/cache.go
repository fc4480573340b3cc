package transport

import (
	"container/list"
	"context"
	"sync"
)

// Cache keeps values within a budget of bytes, and gives up those that were used longest ago. It is a graphql.Cache.
type Cache[V any] struct {
	budget int
	size   func(key string, value V) int

	mu      sync.Mutex
	used    int
	recent  list.List // of *cached[V], the latest first
	entries map[string]*list.Element
}

type cached[V any] struct {
	key   string
	value V
	size  int
}

// NewCache returns a cache of at most budget bytes. size says how many a value takes with all that belongs to it.
func NewCache[V any](budget int, size func(key string, value V) int) *Cache[V] {
	return &Cache[V]{budget: budget, size: size, entries: make(map[string]*list.Element)}
}

// Get returns the value of key.
func (c *Cache[V]) Get(_ context.Context, key string) (value V, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.entries[key]
	if !ok {
		return value, false
	}
	c.recent.MoveToFront(e)
	return e.Value.(*cached[V]).value, true
}

// Add keeps a value. One that is larger than an eighth of the budget is not kept: it would cost too many others.
func (c *Cache[V]) Add(_ context.Context, key string, value V) {
	size := c.size(key, value)
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.entries[key]; ok {
		c.drop(e)
	}
	if size > c.budget/8 {
		return
	}
	c.entries[key] = c.recent.PushFront(&cached[V]{key, value, size})
	c.used += size
	for c.used > c.budget {
		c.drop(c.recent.Back())
	}
}

func (c *Cache[V]) drop(e *list.Element) {
	old := c.recent.Remove(e).(*cached[V])
	delete(c.entries, old.key)
	c.used -= old.size
}
