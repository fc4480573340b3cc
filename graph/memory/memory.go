package memory

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/mykpi/mykpi/onewrite"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/httpauth"
)

const (
	// VersionHeader of an answer is the tenant's version that it is of, or later.
	VersionHeader = "Mykpi-Version"
	// AtLeastHeader of a request names a version, as VersionHeader of a mutation told it, that the answer must not be older than.
	AtLeastHeader = "Mykpi-At-Least"

	// maxRequest is the largest body of a request that is looked up, in bytes.
	maxRequest = 64 << 10
	// overhead is what an answer takes besides its text, in bytes, about.
	overhead = 512
)

// Versions tell how far a tenant has come. A version that was told once is not told again after a commit has been
// acknowledged; ok is false while the version can't be told, and then nothing is remembered.
type Versions interface {
	Version(ctx context.Context, tenant tenancy.ID) (version uint64, ok bool)
	// Reached is a version that every one told from now on is at least, and that every commit acknowledged so far is below or at.
	Reached(tenant tenancy.ID) uint64
	// Moved takes note that another instance may have committed.
	Moved(tenant tenancy.ID)
}

// Memory remembers answers. Make one with New.
type Memory struct {
	versions Versions
	now      func() time.Time
	instance string // tells this memory's versions from those of another
	most     int    // bytes of an answer
	answers  answers
}

// kept are the headers of an answer that belong to its text, besides those that follow from it. All others are of a request,
// and are set for each.
var kept = []string{"Content-Type", "Content-Encoding", "X-Content-Type-Options"}

const vary = "Accept, Accept-Encoding"

// New makes a memory of at most budget bytes. With none it tells versions all the same.
func New(versions Versions, budget int, now func() time.Time) *Memory {
	return &Memory{
		versions: versions, now: now, instance: rand.Text()[:10], most: budget / 16,
		answers: answers{budget: budget},
	}
}

// Wrap answers from memory what it can, and has next answer the rest. Requests must have been authenticated, and counted,
// before.
func (m *Memory) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		as, ok := httpauth.From(r.Context())
		if !ok || as.Tenant().IsZero() || !single(r) {
			next.ServeHTTP(w, r)
			return
		}
		m.serve(w, r, as, next)
	})
}

// single reports whether a request asks for a single answer.
func single(r *http.Request) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodPost || r.Header.Get("Upgrade") != "" {
		return false
	}
	for _, accept := range r.Header["Accept"] {
		if strings.Contains(strings.ToLower(accept), "event-stream") {
			return false
		}
	}
	return true
}

var bodies = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func (m *Memory) serve(w http.ResponseWriter, r *http.Request, as tenancy.Identity, next http.Handler) {
	version, told := m.versions.Version(r.Context(), as.Tenant())
	second := m.now().Unix()
	var k key
	var recorded *bytes.Buffer
	if m.reaches(r, as.Tenant(), version) && told && m.most > 0 && r.ContentLength >= 0 && r.ContentLength <= maxRequest {
		buffer := bodies.Get().(*bytes.Buffer)
		defer bodies.Put(buffer)
		buffer.Grow(int(r.ContentLength))
		body := buffer.AvailableBuffer()[:r.ContentLength]
		n, err := io.ReadFull(r.Body, body)
		if err == nil {
			k = keyOf(r, as, body)
			var a *answer
			if a, recorded = m.answers.find(k, version, second); a != nil {
				defer a.leave()
				a.send(w, r)
				return
			}
		}
		r.Body = again{io.MultiReader(bytes.NewReader(body[:n]), r.Body), r.Body}
	}
	n := &note{}
	record := &recorder{ResponseWriter: w, body: recorded, limit: m.most, release: func(rec *recorder) {
		switch {
		case n.mutation:
			rec.Header().Set(VersionHeader, m.token(m.versions.Reached(as.Tenant())))
		case told:
			rec.Header().Set(VersionHeader, m.token(version))
		}
	}}
	defer record.forget()
	next.ServeHTTP(record, r.WithContext(context.WithValue(r.Context(), noteKey{}, n)))
	if record.released {
		return
	}
	if recorded != nil && n.keep && record.status == http.StatusOK {
		a := newAnswer(version, second, m.token(version), record)
		m.answers.put(k, a)
		defer a.leave()
		a.send(w, r)
		return
	}
	_ = record.send() // a client that left is no error of ours
}

// again is a body that was read in part: what was read comes first.
type again struct {
	io.Reader
	io.Closer
}

// reaches reports whether a version is as late as the request asks for. A version of another instance can't be compared:
// then the store answers, which follows every acknowledged commit, and nothing that was read before is believed.
func (m *Memory) reaches(r *http.Request, tenant tenancy.ID, version uint64) bool {
	token := r.Header.Get(AtLeastHeader)
	if token == "" {
		return true
	}
	instance, number, _ := strings.Cut(token, ".")
	if instance != m.instance {
		m.versions.Moved(tenant)
		return false
	}
	least, err := strconv.ParseUint(number, 10, 64)
	return err == nil && version >= least
}

func (m *Memory) token(version uint64) string {
	return m.instance + "." + strconv.FormatUint(version, 10)
}

// newAnswer takes what was recorded, and nothing else of the request: the answer outlives it. It is to be left by who sends it.
func newAnswer(version uint64, second int64, token string, r *recorder) *answer {
	body := r.take()
	a := &answer{
		version: version, second: second, body: body,
		header: map[string][]string{"Cache-Control": {"no-store"}, "Content-Length": {strconv.Itoa(len(body))}, VersionHeader: {token}},
		etag: sync.OnceValue(func() string {
			sum := sha256.Sum256(body)
			return `"` + base64.RawURLEncoding.EncodeToString(sum[:16]) + `"`
		}),
	}
	a.senders.Store(1)
	for _, name := range kept {
		if values := r.Header()[name]; len(values) > 0 {
			a.header[name] = values
		}
	}
	return a
}

// send answers with the text, or with 304 where a GET's caller has it.
func (a *answer) send(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	maps.Copy(header, a.header)
	if !slices.Contains(header["Vary"], vary) {
		header.Add("Vary", vary)
	}
	if r.Method == http.MethodGet {
		header.Set("Cache-Control", "private, no-cache")
		header.Set("Etag", a.etag())
		if matches(r.Header["If-None-Match"], a.etag()) {
			header.Del("Content-Type")
			header.Del("Content-Encoding")
			header.Del("Content-Length")
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	w.WriteHeader(http.StatusOK)
	_ = onewrite.Write(w, r, a.body) // a client that left is no error of ours
}

// matches reports whether a list of If-None-Match has a tag. A weak one is as good: it names the same text.
func matches(lists []string, etag string) bool {
	for _, list := range lists {
		for tag := range strings.SplitSeq(list, ",") {
			if tag = strings.TrimSpace(tag); tag == "*" || strings.TrimPrefix(tag, "W/") == etag {
				return true
			}
		}
	}
	return false
}
