package cognito

import (
	"encoding/binary"
	"testing"

	"pgregory.net/rapid"
)

func TestCacheIsBoundedAndNeverWrong(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(2, 20).Draw(t, "size")
		c := newCache(size)
		for _, n := range rapid.SliceOf(rapid.Uint64Range(0, 50)).Draw(t, "tokens") {
			var key fingerprint
			binary.BigEndian.PutUint64(key[:], n)
			entry, ok := c.get(key)
			if ok && entry.generation != n {
				t.Fatalf("asked for %d, got %d", n, entry.generation)
			}
			if !ok {
				c.put(key, verified{generation: n})
			}
			if again, ok := c.get(key); !ok || again.generation != n {
				t.Fatalf("%d was forgotten at once", n)
			}
			if kept := len(c.young) + len(c.old); kept > size {
				t.Fatalf("%d are kept, at most %d may be", kept, size)
			}
		}
	})
}

func TestCacheKeepsWhatIsUsed(t *testing.T) {
	c := newCache(100)
	var used fingerprint
	c.put(used, verified{generation: 7})
	for n := range uint64(1000) {
		var key fingerprint
		binary.BigEndian.PutUint64(key[:], n+1)
		c.put(key, verified{})
		if _, ok := c.get(used); !ok {
			t.Fatalf("forgotten after %d others, though it is used all the time", n)
		}
	}
}
