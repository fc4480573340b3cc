package transport

import (
	"context"
	"sync"

	"github.com/mykpi/mykpi/lru"
)

// Cache keeps values within a budget of bytes, and gives up those that were used longest ago. It is a graphql.Cache.
type Cache[V any] struct {
	budget int
	size   func(key string, value V) int

	mu      sync.Mutex
	entries lru.BySize[string, V]
}

// NewCache returns a cache of at most budget bytes. size says how many a value takes with all that belongs to it.
func NewCache[V any](budget int, size func(key string, value V) int) *Cache[V] {
	return &Cache[V]{budget: budget, size: size}
}

// Get returns the value of key.
func (c *Cache[V]) Get(_ context.Context, key string) (value V, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.entries.Get(key)
}

// Add keeps a value. One that is larger than an eighth of the budget is not kept: it would cost too many others.
func (c *Cache[V]) Add(_ context.Context, key string, value V) {
	size := c.size(key, value)
	c.mu.Lock()
	defer c.mu.Unlock()
	if size > c.budget/8 {
		c.entries.Remove(key)
		return
	}
	c.entries.Add(key, value, size, c.budget)
}
