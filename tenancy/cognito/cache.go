package cognito

import (
	"crypto/sha256"
	"sync"
	"time"

	"github.com/mykpi/mykpi/tenancy"
)

// fingerprint stands for a token in the cache, so that memory holds no token that could be used.
type fingerprint [sha256.Size]byte

// fingerprintOf hashes a token, of an ordinary length without allocating.
func fingerprintOf(token string) fingerprint {
	var buffer [3 << 10]byte
	return sha256.Sum256(append(buffer[:0], token...))
}

// verified is a token that was verified with the keys of one generation.
type verified struct {
	identity   tenancy.Identity
	issuer     *issuer
	generation uint64
	until      time.Time
}

// cache keeps verified tokens, at most its size. It has two halves: new ones go into the young half, and when that
// is full it becomes the old half, and the old one is dropped. A token in use moves to the young half again.
type cache struct {
	half int

	mu         sync.RWMutex
	young, old map[fingerprint]verified
}

func newCache(size int) *cache {
	return &cache{half: size / 2, young: map[fingerprint]verified{}}
}

// get finds a token; whether it still holds is for the caller to see.
func (c *cache) get(key fingerprint) (verified, bool) {
	c.mu.RLock()
	entry, ok := c.young[key]
	if ok {
		c.mu.RUnlock()
		return entry, true
	}
	entry, ok = c.old[key]
	c.mu.RUnlock()
	if ok {
		c.put(key, entry)
	}
	return entry, ok
}

func (c *cache) put(key fingerprint, entry verified) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.young) >= c.half {
		c.old, c.young = c.young, make(map[fingerprint]verified, c.half)
	}
	c.young[key] = entry
}
