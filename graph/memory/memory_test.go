package memory_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"weak"

	"github.com/99designs/gqlgen/graphql"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/query"
	"github.com/mykpi/mykpi/eventstore/versions"
	"github.com/mykpi/mykpi/graph"
	"github.com/mykpi/mykpi/graph/memory"
	"github.com/mykpi/mykpi/ingest/source"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
	"github.com/mykpi/mykpi/tenancy/httpauth"
	"github.com/mykpi/mykpi/test/core"
)

// counted counts what is read.
type counted struct {
	*query.Reader
	reads atomic.Int64
}

func (c *counted) Charts(ctx context.Context, tenant tenancy.ID, p query.Page) (*query.ChartConnection, error) {
	c.reads.Add(1)
	return c.Reader.Charts(ctx, tenant, p)
}

func (c *counted) Chart(ctx context.Context, tenant tenancy.ID, ref charts.Ref) (*query.Chart, error) {
	c.reads.Add(1)
	return c.Reader.Chart(ctx, tenant, ref)
}

// subject is a server with a memory, and its parts.
type subject struct {
	*core.Core
	queries *counted
	handler http.Handler
	as      tenancy.Identity // the caller of the next request
	chart   charts.ID        // of acme
}

func newSubject(t testing.TB) *subject {
	t.Helper()
	clock := core.At(time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC))
	base := core.New(t, clock)
	versions := versions.New(clock.Now, nil)
	s := &subject{Core: core.On(versions.Store(base.Store), clock)}
	s.queries = &counted{Reader: s.Reader}
	s.as = s.Tenant(t, "UTC", directory.Monday)
	s.chart = s.Chart(t, s.as, charts.Sum, func(c *charts.Settings) { c.Description = strings.Repeat("long ", 300) })
	h, err := graph.NewHandler(graph.Config{
		Commands: s.Commands, Queries: s.queries, Directory: s.Directory, Live: s.Hub, Version: "v1",
		APIKeys: struct{ graph.APIKeys }{}, Members: struct{ graph.Members }{}, Quotas: struct{ graph.Quotas }{}, Sources: &source.Registry{},
		Extensions: []graphql.HandlerExtension{graph.Remembered()},
	})
	if err != nil {
		t.Fatal(err)
	}
	h = memory.New(versions, 1<<20, clock.Now).Wrap(h)
	s.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r.WithContext(httpauth.With(r.Context(), s.as)))
	})
	return s
}

func (s *subject) do(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

func post(query string, header ...string) *http.Request {
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		panic(err) // a string
	}
	r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(string(body)))
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return r
}

const dashboard = `{ charts { nodes { id name description kpi { value } } } }`

// read asks and answers how many reads that took, and the text.
func (s *subject) read(t *testing.T, r *http.Request) (reads int64, body string) {
	t.Helper()
	before := s.queries.reads.Load()
	w := s.do(r)
	if w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	return s.queries.reads.Load() - before, w.Body.String()
}

func (s *subject) expect(t *testing.T, what string, r *http.Request, reads int64, contains string) {
	t.Helper()
	n, body := s.read(t, r)
	if n != reads || !strings.Contains(body, contains) {
		t.Errorf("%s: %d reads, want %d, with %q in %s", what, n, reads, contains, body)
	}
}

func TestTheSameRequestIsAnsweredOnce(t *testing.T) {
	s := newSubject(t)
	_, first := s.read(t, post(dashboard))
	n, second := s.read(t, post(dashboard))
	if n != 0 || second != first {
		t.Errorf("%d reads for the second, %s after %s", n, second, first)
	}
	s.expect(t, "another document", post(`{ charts { totalCount } }`), 1, `"totalCount":1`)
	s.expect(t, "version", post(`{ version charts { totalCount } }`), 1, "v1")
	s.expect(t, "version again", post(`{ version charts { totalCount } }`), 0, "v1")
}

// What a request took besides its answer would be many times the budget.
func TestAnAnswerThatIsKeptHoldsNothingElseOfItsRequest(t *testing.T) {
	s := newSubject(t)
	held := weak.Make(s.do(post(dashboard)))
	runtime.GC()
	if held.Value() != nil {
		t.Error("the response to the first request is still held")
	}
	s.expect(t, "the same again", post(dashboard), 0, `"value":null`)
}

func TestACommitIsSeenAtOnce(t *testing.T) {
	s := newSubject(t)
	s.expect(t, "empty", post(dashboard), 1, `"value":null`)
	for i := range 3 {
		s.Record(t, s.as, s.chart, core.Point(s.Clock.Now().Add(-time.Duration(i)*time.Hour), "1.5"))
		s.expect(t, "after a commit", post(dashboard), 1, fmt.Sprintf(`"value":%v}`, 1.5*float64(i+1)))
		s.expect(t, "again", post(dashboard), 0, fmt.Sprintf(`"value":%v}`, 1.5*float64(i+1)))
	}
	const mutation = `mutation { recordDataPoints(input: {chart: {id: "%s"}, points: [{at: "2026-03-01T00:00:00Z", value: 10}]}) { recorded } }`
	s.do(post(fmt.Sprintf(mutation, s.chart)))
	s.expect(t, "after a mutation", post(dashboard), 1, `"value":14.5}`)
	zone := "Asia/Tokyo"
	s.expect(t, "tenant", post(`{ tenant { timeZone } }`), 0, "UTC")
	if _, err := s.Directory.UpdateTenant(t.Context(), s.as, directory.Changes{TimeZone: &zone}); err != nil {
		t.Fatal(err)
	}
	s.expect(t, "tenant, changed", post(`{ tenant { timeZone } }`), 0, zone)
}

func TestAnAnswerIsOfItsSecond(t *testing.T) {
	s := newSubject(t)
	s.Record(t, s.as, s.chart, core.Point(s.Clock.Now().Add(time.Second), "7"))
	s.expect(t, "to come", post(dashboard), 1, `"value":null`)
	s.Clock.Advance(time.Second - 1)
	s.expect(t, "the same second", post(dashboard), 0, `"value":null`)
	s.Clock.Advance(1)
	s.expect(t, "the next", post(dashboard), 1, `"value":7`)
}

// interrupted is a client that takes its answer slowly: meanwhile something happens.
type interrupted struct {
	*httptest.ResponseRecorder
	happens func()
}

func (w *interrupted) Write(p []byte) (int, error) {
	before := string(p)
	w.happens()
	if string(p) != before {
		return 0, errors.New("what is being sent has changed")
	}
	return w.ResponseRecorder.Write(p)
}

// What is recorded in the memory of an answer before is none that somebody is still sending.
func TestAnAnswerThatIsBeingSentStays(t *testing.T) {
	s := newSubject(t)
	points := 0
	next := func() {
		points++
		s.Record(t, s.as, s.chart, core.Point(s.Clock.Now().Add(-time.Duration(points)*time.Minute), "1"))
		s.expect(t, "the next", post(dashboard), 1, fmt.Sprintf(`"value":%d}`, points))
	}
	next()
	for range 3 {
		for _, sent := range []string{"as it was made", "again"} {
			if sent == "as it was made" {
				s.Clock.Advance(time.Second)
			}
			want := fmt.Sprintf(`"value":%d}`, points)
			w := &interrupted{ResponseRecorder: httptest.NewRecorder(), happens: func() { next(); next() }}
			s.handler.ServeHTTP(w, post(dashboard))
			if !strings.Contains(w.Body.String(), want) || !json.Valid(w.Body.Bytes()) {
				t.Errorf("%s: %s, want %s", sent, w.Body, want)
			}
		}
	}
}

// Of a large dashboard that changes all the time, each answer is recorded in the memory of the one before.
func TestAnAnswerTakesTheMemoryOfTheOneBefore(t *testing.T) {
	s := newSubject(t)
	var fields strings.Builder
	for i := range 25 { // answers are remembered up to a sixteenth of a megabyte
		fmt.Fprintf(&fields, " d%d: description", i)
	}
	document := `{ charts { nodes {` + fields.String() + ` } } }`
	_, answer := s.read(t, post(document))
	if len(answer) < 20_000 {
		t.Fatalf("an answer of %d bytes", len(answer))
	}
	least := uint64(math.MaxUint64) // of many: pools may be empty
	for range 100 {
		s.Clock.Advance(time.Second)
		r, w := post(document), &discard{header: http.Header{}}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		s.handler.ServeHTTP(w, r)
		runtime.ReadMemStats(&after)
		least = min(least, after.TotalAlloc-before.TotalAlloc)
	}
	if least > uint64(len(answer)) {
		t.Errorf("an answer of %d bytes takes %d anew", len(answer), least)
	}
}

func TestTenantsAndRightsAreApart(t *testing.T) {
	s := newSubject(t)
	acme := s.as
	globex := s.Tenant(t, "UTC", directory.Monday)
	s.expect(t, "acme", post(dashboard), 1, string(s.chart))
	s.as = globex
	s.expect(t, "globex", post(dashboard), 1, `"nodes":[]`)
	s.as = tenancy.Verified(tenancy.Claims{Tenant: acme.Tenant(), Actor: acme.Actor(), Role: tenancy.Viewer})
	s.expect(t, "a viewer of acme", post(dashboard), 1, string(s.chart))
	s.as = tenancy.Verified(tenancy.Claims{Tenant: acme.Tenant(), Actor: tenancy.Actor{ID: "bob"}, Role: tenancy.Viewer})
	s.expect(t, "another viewer of acme", post(dashboard), 0, string(s.chart))
	s.as = tenancy.Verified(tenancy.Claims{Tenant: acme.Tenant(), Actor: acme.Actor(), Permissions: []tenancy.Permission{tenancy.Record}})
	for range 2 {
		s.expect(t, "nobody who may read", post(dashboard), 0, "FORBIDDEN")
	}
	s.as = tenancy.Identity{}
	if w := s.do(post(dashboard)); w.Code != http.StatusUnauthorized {
		t.Errorf("nobody: %d %s", w.Code, w.Body)
	}
}

func TestWhatIsNotRemembered(t *testing.T) {
	s := newSubject(t)
	for what, query := range map[string]string{
		"the caller":             `{ viewer { subject } charts { totalCount } }`,
		"the caller, aliased":    `{ charts: viewer { subject } x: charts { totalCount } }`,
		"the caller, a fragment": `{ charts { totalCount } ...F } fragment F on Query { ... on Query { viewer { subject } } }`,
		"an error":               fmt.Sprintf(`{ charts { totalCount } chart(by: {id: "%s"}) { kpi(to: "2026-03-01T00:00:00Z") { value } } }`, s.chart),
		"another type":           `{ tenant { name } charts { totalCount } }`,
		"an interface":           `{ node(id: "x") { id } charts { totalCount } }`,
		"a field that is left":   `{ charts { totalCount } tenant @skip(if: true) { name } }`,
		"introspection":          `{ __type(name: "Chart") { name } charts { totalCount } }`,
		"a mutation":             fmt.Sprintf(`mutation { archiveChart(input: {chart: {id: "%s"}}) { chart { id } } }`, s.chart),
	} {
		s.read(t, post(query))
		if n, body := s.read(t, post(query)); n == 0 {
			t.Errorf("%s is remembered: %s", what, body)
		}
	}
}

func TestARequestIsAllThatItsAnswerDependsOn(t *testing.T) {
	s := newSubject(t)
	s.expect(t, "first", post(dashboard), 1, "")
	for _, header := range [][]string{{"Accept", "application/graphql-response+json"}, {"Accept-Encoding", "gzip"}, {"Content-Type", "application/json; charset=utf-8"}} {
		w := s.do(post(dashboard, header...))
		if again := s.do(post(dashboard, header...)); again.Body.String() != w.Body.String() || again.Header().Get("Content-Type") != w.Header().Get("Content-Type") ||
			again.Header().Get("Content-Encoding") != w.Header().Get("Content-Encoding") || again.Header().Get("Content-Length") != w.Header().Get("Content-Length") {
			t.Errorf("%v: %v, then %v", header, w.Header(), again.Header())
		}
	}
	if w := s.do(post(dashboard, "Accept-Encoding", "gzip")); w.Header().Get("Content-Encoding") != "gzip" {
		t.Errorf("not compressed: %v", w.Header())
	}
	for code, header := range map[int][]string{http.StatusUnsupportedMediaType: {"Content-Type", "text/plain"}, http.StatusNotAcceptable: {"Accept", "image/png"}} {
		if w := s.do(post(dashboard, header...)); w.Code != code {
			t.Errorf("%v: %d, want %d", header, w.Code, code)
		}
	}
	large := post(dashboard + strings.Repeat(" ", 2<<20))
	if w := s.do(large); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a large body: %d", w.Code)
	}
}

func TestETag(t *testing.T) {
	s := newSubject(t)
	get := func(tag string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, "/graphql?query="+url.QueryEscape(dashboard), nil)
		if tag != "" {
			r.Header.Set("If-None-Match", tag)
		}
		return s.do(r)
	}
	first := get("")
	tag := first.Header().Get("Etag")
	if first.Code != http.StatusOK || tag == "" || first.Header().Get("Cache-Control") != "private, no-cache" {
		t.Fatalf("%d %v", first.Code, first.Header())
	}
	for _, given := range []string{tag, "W/" + tag, `"other", ` + tag, "*"} {
		if w := get(given); w.Code != http.StatusNotModified || w.Body.Len() != 0 || w.Header().Get("Etag") != tag {
			t.Errorf("If-None-Match %s: %d %s %v", given, w.Code, w.Body, w.Header())
		}
	}
	s.Clock.Advance(time.Second) // the same text, made anew
	if w := get(tag); w.Code != http.StatusNotModified {
		t.Errorf("the same text: %d", w.Code)
	}
	s.Record(t, s.as, s.chart, core.Point(s.Clock.Now(), "3"))
	if w := get(tag); w.Code != http.StatusOK || w.Header().Get("Etag") == tag || !strings.Contains(w.Body.String(), `"value":3`) {
		t.Errorf("after a commit: %d %s %v", w.Code, w.Body, w.Header())
	}
	if w := s.do(post(dashboard, "If-None-Match", tag)); w.Code != http.StatusOK || w.Header().Get("Etag") != "" {
		t.Errorf("a POST: %d %v", w.Code, w.Header())
	}
}

func TestAtLeast(t *testing.T) {
	s := newSubject(t)
	s.expect(t, "first", post(dashboard), 1, "")
	const mutation = `mutation { updateTenant(input: {name: "Acme %d"}) { tenant { name } } }`
	token := s.do(post(fmt.Sprintf(mutation, 1))).Header().Get(memory.VersionHeader)
	if token == "" {
		t.Fatal("a mutation tells no version")
	}
	s.expect(t, "after the mutation", post(dashboard, memory.AtLeastHeader, token), 1, "")
	s.expect(t, "again", post(dashboard, memory.AtLeastHeader, token), 0, "")
	instance, _, _ := strings.Cut(token, ".")
	for _, other := range []string{instance + ".999999", "elsewhere.1", "?", instance} {
		for range 2 {
			s.expect(t, "at least "+other, post(dashboard, memory.AtLeastHeader, other), 1, "")
		}
	}
}

// What a hit costs, behind authentication. A change of these numbers is worth a look, not a repair of the test.
func TestAHitAllocatesLittle(t *testing.T) {
	s := newSubject(t)
	s.read(t, post(dashboard))
	body := post(dashboard)
	text := make([]byte, body.ContentLength)
	if _, err := body.Body.Read(text); err != nil {
		t.Fatal(err)
	}
	reader := strings.NewReader(string(text))
	r := post(dashboard)
	w := &discard{header: http.Header{}}
	allocations := testing.AllocsPerRun(100, func() {
		reader.Seek(0, 0)
		r.Body = struct {
			*strings.Reader
			nothing
		}{reader, nothing{}}
		clear(w.header)
		s.handler.ServeHTTP(w, r)
	})
	if s.queries.reads.Load() != 1 {
		t.Fatalf("%d reads: these are no hits", s.queries.reads.Load())
	}
	if allocations > 16 {
		t.Errorf("a hit makes %v allocations", allocations)
	}
}

type nothing struct{}

func (nothing) Close() error { return nil }

type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
func (d *discard) WriteHeader(int)             {}
