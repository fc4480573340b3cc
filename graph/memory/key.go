package memory

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"net/http"
	"sync"

	"github.com/mykpi/mykpi/tenancy"
)

// key stands for all of a request that its answer can depend on, but for time and version.
type key [sha256.Size]byte

// asked are the headers that graph/transport reads before it answers a single operation.
var asked = []string{"Accept", "Accept-Encoding", "Content-Type", "Content-Encoding"}

// hasher hashes fields, each with its length before it, so that no two lists of them are the same text.
type hasher struct {
	hash.Hash
	text []byte
}

var hashers = sync.Pool{New: func() any { return &hasher{Hash: sha256.New()} }}

func (h *hasher) field(s string) {
	h.text = binary.AppendUvarint(h.text, uint64(len(s)))
	h.text = append(h.text, s...)
}

func keyOf(r *http.Request, as tenancy.Identity, body []byte) (k key) {
	h := hashers.Get().(*hasher)
	defer hashers.Put(h)
	h.text = h.text[:0]
	h.field(as.Tenant().String())
	for _, p := range as.Permissions() {
		h.field(string(p))
	}
	h.field("")
	for _, c := range as.Charts() {
		h.field(c)
	}
	h.field("")
	h.field(r.Method)
	h.field(r.URL.RawQuery)
	for _, name := range asked {
		for _, value := range r.Header[name] {
			h.field(value)
		}
		h.field("")
	}
	h.Reset()
	h.Write(h.text)
	h.Write(body)
	h.Sum(k[:0])
	return k
}
