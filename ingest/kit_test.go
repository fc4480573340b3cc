package ingest_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/charts/query"
	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/eventstore/dynamo"
	"github.com/mykpi/mykpi/eventstore/dynamo/dynamolocal"
	"github.com/mykpi/mykpi/eventstore/sqlite"
	"github.com/mykpi/mykpi/ingest"
	"github.com/mykpi/mykpi/ingest/source"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
	"github.com/mykpi/mykpi/tenancy/httpauth"
)

// station is a server with two tenants, acme in Paris and other, on a store of its own.
type station struct {
	t        testing.TB
	url      string
	commands *command.Handlers
	reader   *query.Reader
	sources  *source.Registry
	store    eventstore.Store
	logs     *bytes.Buffer
	events   atomic.Int64 // told to subscribers
	acme     tenancy.Identity
}

// The API keys of the tests.
const (
	acmeKey   = "mykpi_acme"
	otherKey  = "mykpi_other"
	viewerKey = "mykpi_viewer" // acme's, without RECORD
)

var now = time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC)

type keys map[string]tenancy.Identity

func (k keys) Verify(_ context.Context, secret string) (tenancy.Identity, error) {
	as, ok := k[secret]
	if !ok {
		return as, httpauth.Refuse(httpauth.ErrUnauthenticated, "the API key is not valid")
	}
	return as, nil
}

func identity(tenant string, permissions ...tenancy.Permission) tenancy.Identity {
	return tenancy.Verified(tenancy.Claims{Tenant: tenancy.MustParseID(tenant), Permissions: permissions,
		Actor: tenancy.Actor{Kind: tenancy.APIKey, ID: "key_1", Label: "n8n"}})
}

// local is the DynamoDB Local of this run.
var local dynamolocal.Server

func TestMain(m *testing.M) {
	code := m.Run()
	local.Stop()
	os.Exit(code)
}

// opener makes a station on a store of its own.
type opener func(t testing.TB) *station

// engines runs a test once on each engine: what is stored must be the same.
func engines(t *testing.T, test func(t *testing.T, newStation opener)) {
	t.Run("sqlite", func(t *testing.T) { test(t, newStation) })
	t.Run("dynamodb", func(t *testing.T) {
		test(t, func(t testing.TB) *station {
			clock := ticking()
			o := dynamo.Options{Config: local.Config(t), TablePrefix: rand.Text() + "-", Now: clock}
			tables, err := dynamo.NewTables(t.Context(), o)
			if err == nil {
				err = tables.Create(t.Context())
			}
			if err != nil {
				t.Fatal(err)
			}
			store, err := dynamo.Open(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			return openStation(t, store, clock)
		})
	})
}

// newStation is on SQLite.
func newStation(t testing.TB) *station {
	t.Helper()
	return stationOn(t, func(store eventstore.Store) eventstore.Store { return store })
}

// stationOn is on what wrap makes of SQLite's store.
func stationOn(t testing.TB, wrap func(eventstore.Store) eventstore.Store) *station {
	t.Helper()
	clock := ticking()
	store, err := sqlite.Open(t.TempDir(), sqlite.Options{Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return openStation(t, wrap(store), clock)
}

// ticking is a clock that shows now, and moves on by a microsecond whenever it is looked at.
func ticking() func() time.Time {
	var ticks atomic.Int64
	return func() time.Time { return now.Add(time.Duration(ticks.Add(1)) * time.Microsecond) }
}

func openStation(t testing.TB, store eventstore.Store, clock func() time.Time) *station {
	t.Helper()
	s := &station{t: t, store: store, logs: &bytes.Buffer{}}
	newID := func() string { return strings.ToLower(rand.Text()) }
	calendars := &directory.Calendars{}
	j := journal.New(store, calendars, clock, newID, func(c []journal.Change) { s.events.Add(int64(len(c))) })
	j.Memory = 8 << 20
	s.commands = &command.Handlers{Journal: j, Now: clock, NewID: newID}
	s.reader = &query.Reader{Journal: j, Now: clock}
	s.sources = source.New(j, clock, newID)
	d := &directory.Directory{Store: store, Now: clock, NewID: newID}
	s.acme = identity("acme", tenancy.Read, tenancy.Record, tenancy.Edit, tenancy.Administer)
	other := identity("other", tenancy.Read, tenancy.Record, tenancy.Edit)
	for _, as := range []tenancy.Identity{s.acme, other} {
		if err := d.Create(t.Context(), as.Tenant(), as.Actor(), "A shop", "Europe/Paris", directory.Monday); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"revenue", "orders"} {
			_, err := s.commands.CreateChart(t.Context(), as, command.CreateChart{Key: key, Aggregation: charts.Sum, Settings: charts.Settings{
				Name: key, Visualization: charts.Line, Unit: charts.Unit{Kind: charts.UnitNumber}, Direction: charts.UpIsGood,
			}})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	s.events.Store(0)
	auth := httpauth.Verifiers{Keys: keys{acmeKey: s.acme, otherKey: other, viewerKey: identity("acme", tenancy.Read)}}
	server := httptest.NewServer(ingest.NewHandler(ingest.Config{
		Commands: s.commands, Directory: d, Calendars: calendars, Sources: s.sources, Now: clock,
		Authenticate: func(next http.Handler) http.Handler { return httpauth.Middleware(auth, httpauth.Options{}, next) },
		Unavailable:  func(err error) bool { return errors.Is(err, eventstore.ErrUnavailable) },
		Logger:       slog.New(slog.NewTextHandler(s.logs, nil)),
	}))
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

// answer is what any request is answered.
type answer struct {
	status int
	header http.Header
	body   string

	IngestionID                    string
	Recorded, Corrected, Unchanged int
	Rejected                       []command.Rejection
	Errors                         []struct {
		Message    string
		Extensions struct{ Code, Field, TraceID string }
	}
}

// counts are the numbers of an answer: recorded, corrected, unchanged, rejected.
func (a answer) counts() [4]int {
	return [4]int{a.Recorded, a.Corrected, a.Unchanged, len(a.Rejected)}
}

// post sends a body as n8n does: on a connection of its own. Headers come in pairs, name and value.
func (s *station) post(path, body string, headers ...string) answer {
	s.t.Helper()
	a, err := s.try(path, strings.NewReader(body), headers...)
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

func (s *station) try(path string, body io.Reader, headers ...string) (answer, error) {
	r, err := http.NewRequest(http.MethodPost, s.url+path, body)
	if err != nil {
		return answer{}, err
	}
	r.Close = true
	r.Header.Set("Authorization", "Bearer "+acmeKey)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json,text/html,application/xhtml+xml,application/xml,text/*;q=0.9, image/*;q=0.8, */*;q=0.7")
	r.Header.Set("Accept-Encoding", "gzip, compress, deflate, br")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Del(headers[i])
		if headers[i+1] != "" {
			r.Header.Set(headers[i], headers[i+1])
		}
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return answer{}, err
	}
	a := answer{status: response.StatusCode, header: response.Header, body: string(text)}
	if err := json.Unmarshal(text, &a); err != nil || !strings.HasPrefix(a.header.Get("Content-Type"), "application/json") {
		return a, errors.New("the answer is not JSON: " + a.body)
	}
	return a, nil
}

// points are the values of a chart of acme as they stand, by their names.
func (s *station) points(key string) map[string]string {
	s.t.Helper()
	c, err := s.reader.Chart(s.t.Context(), s.acme.Tenant(), charts.Ref{Key: key})
	if err != nil || c == nil {
		s.t.Fatal(c, err)
	}
	most := query.MaxPage
	page, err := c.Points(s.t.Context(), &most, nil, nil, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	points := map[string]string{}
	for _, p := range page.Nodes() {
		points[p.Key] = p.Value.String()
	}
	return points
}

func (s *station) rejected() []*query.RejectedPoint {
	s.t.Helper()
	page, err := s.reader.RejectedPoints(s.t.Context(), s.acme.Tenant(), query.RejectedPage{})
	if err != nil {
		s.t.Fatal(err)
	}
	return page.Nodes()
}

func (s *station) ingestions() []*query.Ingestion {
	s.t.Helper()
	page, err := s.reader.Ingestions(s.t.Context(), s.acme.Tenant(), query.IngestionPage{})
	if err != nil {
		s.t.Fatal(err)
	}
	return page.Nodes()
}

func settings(name string) charts.Settings {
	return charts.Settings{Name: name, Visualization: charts.Line, Unit: charts.Unit{Kind: charts.UnitNumber}, Direction: charts.UpIsGood}
}
