package query

import (
	"bytes"
	"sync"

	"github.com/mykpi/mykpi/tenancy"
)

// maxDecoded is how many bytes of documents are kept decoded, in each of two halves.
const maxDecoded = 16 << 20

// decoded keeps what documents say, so that a dashboard decodes those alone that have changed. A document is known by its
// bytes: what was decoded of the same bytes can't be out of date. What is kept is only read.
type decoded struct {
	mu         sync.Mutex
	young, old map[decodedKey]decodedDocument
	size       int // of young, in bytes of documents
}

type decodedKey struct {
	tenant tenancy.ID
	name   string
}

type decodedDocument struct {
	body  []byte
	value any
}

func (c *decoded) get(key decodedKey, body []byte) (any, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if d, found := c.young[key]; found {
		return d.value, bytes.Equal(d.body, body)
	}
	d, found := c.old[key]
	if !found || !bytes.Equal(d.body, body) {
		return nil, false
	}
	c.keep(key, d)
	return d.value, true
}

func (c *decoded) put(key decodedKey, body []byte, value any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keep(key, decodedDocument{body, value})
}

// keep adds to the young half. When that is full it becomes the old one. The caller holds the lock.
func (c *decoded) keep(key decodedKey, d decodedDocument) {
	if c.young == nil || c.size+len(d.body) > maxDecoded {
		c.old, c.young, c.size = c.young, map[decodedKey]decodedDocument{}, 0
	}
	c.size += len(key.name) + len(d.body) - len(c.young[key].body)
	c.young[key] = d
}

// decode is what a document says, by read where it is not known.
func decode[T any](r *Reader, tenant tenancy.ID, name string, body []byte, read func([]byte) (T, error)) (T, error) {
	key := decodedKey{tenant, name}
	if known, ok := r.decoded.get(key, body); ok {
		return known.(T), nil
	}
	value, err := read(body)
	if err == nil {
		r.decoded.put(key, body, value)
	}
	return value, err
}
