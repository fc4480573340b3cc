package lru

import (
	"math"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// BySize keeps values of different sizes. The zero value is empty and ready. It is not safe for concurrent use.
type BySize[K comparable, V any] struct {
	entries *simplelru.LRU[K, sized[V]] // nil while nothing was ever kept
	size    int
}

type sized[V any] struct {
	value V
	size  int
}

// Get is the value of a key, which counts as used.
func (c *BySize[K, V]) Get(key K) (value V, found bool) {
	if c.entries == nil {
		return value, false
	}
	e, found := c.entries.Get(key)
	return e.value, found
}

// Add keeps a value in the place of any that the key has, and gives up others until all take at most budget. A value that
// alone takes more is not kept. Sizes and budget are in one unit, such as bytes.
func (c *BySize[K, V]) Add(key K, value V, size, budget int) {
	if size > budget {
		c.Remove(key)
		return
	}
	if c.entries == nil {
		c.entries, _ = simplelru.NewLRU[K, sized[V]](math.MaxInt, nil) // refuses none but sizes below 1
	}
	before, _ := c.entries.Peek(key)
	c.size += size - before.size
	c.entries.Add(key, sized[V]{value, size})
	for c.size > budget {
		c.RemoveOldest()
	}
}

// Remove takes a key's value away and answers it.
func (c *BySize[K, V]) Remove(key K) (value V, found bool) {
	if c.entries == nil {
		return value, false
	}
	e, found := c.entries.Peek(key)
	if found {
		c.entries.Remove(key)
		c.size -= e.size
	}
	return e.value, found
}

// Oldest is the value that was used longest ago, which does not count as used.
func (c *BySize[K, V]) Oldest() (value V, found bool) {
	if c.entries == nil {
		return value, false
	}
	_, e, found := c.entries.GetOldest()
	return e.value, found
}

// RemoveOldest takes away the value that was used longest ago, if there is any.
func (c *BySize[K, V]) RemoveOldest() {
	if c.entries == nil {
		return
	}
	if _, e, found := c.entries.RemoveOldest(); found {
		c.size -= e.size
	}
}
