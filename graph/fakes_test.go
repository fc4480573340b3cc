package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/charts/live"
	"github.com/mykpi/mykpi/charts/query"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
	"github.com/mykpi/mykpi/tenancy/httpauth"
)

// domain is all that the handler calls, by functions that a test sets, and what it was called with.
type domain struct {
	fail    func() error // of every call; nil is no error
	updates chan *live.KpiUpdate

	mu       sync.Mutex
	created  command.CreateChart
	updated  command.UpdateChart
	recorded command.RecordDataPoints
	removed  command.RemoveDataPoints
	changes  directory.Changes
	page     query.Page
	refs     []charts.Ref
	after    *string
	tenants  []tenancy.ID
}

// called notes a call for a tenant and answers the error it is to fail with.
func (d *domain) called(tenant tenancy.ID, note func()) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.tenants = append(d.tenants, tenant)
	if note != nil {
		note()
	}
	if d.fail != nil {
		return d.fail()
	}
	return nil
}

func (d *domain) CreateChart(_ context.Context, as tenancy.Identity, c command.CreateChart) (charts.ID, error) {
	return "c1", d.called(as.Tenant(), func() { d.created = c })
}

func (d *domain) UpdateChart(_ context.Context, as tenancy.Identity, c command.UpdateChart) (charts.ID, error) {
	return "c1", d.called(as.Tenant(), func() { d.updated = c })
}

func (d *domain) ArchiveChart(_ context.Context, as tenancy.Identity, _ command.ArchiveChart) (charts.ID, error) {
	return "c1", d.called(as.Tenant(), nil)
}

func (d *domain) RestoreChart(_ context.Context, as tenancy.Identity, _ command.RestoreChart) (charts.ID, error) {
	return "c1", d.called(as.Tenant(), nil)
}

func (d *domain) RecordDataPoints(_ context.Context, as tenancy.Identity, c command.RecordDataPoints) (command.Recorded, error) {
	err := d.called(as.Tenant(), func() { d.recorded = c })
	done := command.Recorded{Chart: "c1"}
	for i, p := range c.Points {
		if p.Invalid == nil {
			done.Recorded++
			continue
		}
		done.Rejected = append(done.Rejected, command.Rejection{Index: i, Code: p.Invalid.Code, Message: p.Invalid.Error()})
	}
	return done, err
}

func (d *domain) RemoveDataPoints(_ context.Context, as tenancy.Identity, c command.RemoveDataPoints) (command.Removed, error) {
	return command.Removed{Chart: "c1", Removed: 1}, d.called(as.Tenant(), func() { d.removed = c })
}

// Chart knows one chart, c1 with the key revenue, of the tenant acme.
func (d *domain) Chart(_ context.Context, tenant tenancy.ID, ref charts.Ref) (*query.Chart, error) {
	if err := d.called(tenant, nil); err != nil {
		return nil, err
	}
	if tenant.String() != "acme" || ref.ID != "c1" && ref.Key != "revenue" {
		return nil, nil
	}
	return revenue(), nil
}

func (d *domain) Named(ctx context.Context, tenant tenancy.ID, refs []charts.Ref) (named []*query.Chart, err error) {
	for _, ref := range refs {
		chart, err := d.Chart(ctx, tenant, ref)
		if err != nil {
			return nil, err
		}
		named = append(named, chart)
	}
	return named, nil
}

func revenue() *query.Chart {
	return &query.Chart{Facts: &query.Facts{ID: "c1", Key: "revenue", Name: "Revenue", Version: 3}}
}

func (d *domain) Charts(_ context.Context, tenant tenancy.ID, p query.Page) (*query.ChartConnection, error) {
	err := d.called(tenant, func() { d.page = p })
	return &query.ChartConnection{}, err
}

func (d *domain) Tenant(_ context.Context, tenant tenancy.ID) (*directory.Tenant, error) {
	err := d.called(tenant, nil)
	return &directory.Tenant{ID: tenant.String(), Name: "Acme", TimeZone: "Europe/Paris", WeekStart: directory.Monday}, err
}

func (d *domain) UpdateTenant(ctx context.Context, as tenancy.Identity, c directory.Changes) (*directory.Tenant, error) {
	if err := d.called(as.Tenant(), func() { d.changes = c }); err != nil {
		return nil, err
	}
	return d.Tenant(ctx, as.Tenant())
}

func (d *domain) KpiUpdated(ctx context.Context, tenant tenancy.ID, refs []charts.Ref, after *string) (<-chan *live.KpiUpdate, error) {
	if err := d.called(tenant, func() { d.refs, d.after = refs, after }); err != nil {
		return nil, err
	}
	updates := make(chan *live.KpiUpdate)
	go func() {
		defer close(updates)
		for {
			select {
			case <-ctx.Done():
				return
			case u, ok := <-d.updates:
				if !ok {
					return
				}
				select {
				case <-ctx.Done():
					return
				case updates <- u:
				}
			}
		}
	}()
	return updates, nil
}

// roleHeader makes the caller of a test's request an identity of the tenant acme with that role.
const roleHeader = "Test-Role"

func withRole(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if role := r.Header.Get(roleHeader); role != "" {
			r = r.WithContext(httpauth.With(r.Context(), caller("acme", tenancy.Role(role))))
		}
		next.ServeHTTP(w, r.WithContext(WithTrace(r.Context(), "trace1")))
	})
}

func caller(tenant string, role tenancy.Role) tenancy.Identity {
	return tenancy.Verified(tenancy.Claims{
		Tenant: tenancy.MustParseID(tenant),
		Actor:  tenancy.Actor{Kind: tenancy.User, ID: "u1", Label: "Ada"},
		Email:  "ada@acme.example",
		Role:   role,
	})
}

// api is a server over a domain, and its log.
type api struct {
	*httptest.Server
	t      *testing.T
	domain *domain
	log    *bytes.Buffer
}

func serve(t *testing.T, configure ...func(*Config)) *api {
	t.Helper()
	a := &api{t: t, domain: &domain{updates: make(chan *live.KpiUpdate)}, log: &bytes.Buffer{}}
	config := Config{
		Commands: a.domain, Queries: a.domain, Directory: a.domain, Live: a.domain,
		APIKeys: keys{a.domain}, Members: people{a.domain}, Quotas: a.domain, Sources: feeds{a.domain},
		Version: "v1.2.3",
		Logger:  slog.New(slog.NewJSONHandler(&lockedWriter{w: a.log}, nil)),
	}
	for _, c := range configure {
		c(&config)
	}
	handler, err := NewHandler(config)
	if err != nil {
		t.Fatal(err)
	}
	a.Server = httptest.NewServer(withRole(handler))
	t.Cleanup(a.Close)
	return a
}

type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lockedWriter) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}

// answer is what came back.
type answer struct {
	Data   map[string]any `json:"data"`
	Errors []struct {
		Message    string         `json:"message"`
		Path       []any          `json:"path"`
		Extensions map[string]any `json:"extensions"`
	} `json:"errors"`
	body   string
	status int
}

// as asks in a role ("" for nobody) with a query and JSON variables ("" for none).
func (a *api) as(role tenancy.Role, query, variables string) answer {
	a.t.Helper()
	body := map[string]any{"query": query}
	if variables != "" {
		body["variables"] = json.RawMessage(variables)
	}
	encoded, err := json.Marshal(body)
	if err != nil {
		a.t.Fatal(err)
	}
	return a.post(role, string(encoded))
}

func (a *api) post(role tenancy.Role, body string) answer {
	a.t.Helper()
	request, err := http.NewRequest(http.MethodPost, a.URL, bytes.NewReader([]byte(body)))
	if err != nil {
		a.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	return a.do(role, request)
}

func (a *api) do(role tenancy.Role, request *http.Request) answer {
	a.t.Helper()
	request.Header.Set(roleHeader, string(role))
	response, err := a.Client().Do(request)
	if err != nil {
		a.t.Fatal(err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		a.t.Fatal(err)
	}
	got := answer{body: string(raw), status: response.StatusCode}
	if err := json.Unmarshal(raw, &got); err != nil {
		a.t.Fatalf("%v in %s", err, raw)
	}
	return got
}

// refused checks that the answer is one error with a code and a field ("" for none), and answers its message.
func (g answer) refused(t *testing.T, code tenancy.Code, field string) string {
	t.Helper()
	if len(g.Errors) != 1 {
		t.Fatalf("want one error %s, got %s", code, g.body)
	}
	e := g.Errors[0]
	if e.Extensions["code"] != string(code) {
		t.Errorf("code %v, want %s: %s", e.Extensions["code"], code, g.body)
	}
	if got, _ := e.Extensions["field"].(string); got != field {
		t.Errorf("field %q, want %q: %s", got, field, g.body)
	}
	if e.Extensions["traceId"] != "trace1" {
		t.Errorf("no trace ID: %s", g.body)
	}
	return e.Message
}

func (g answer) fine(t *testing.T) answer {
	t.Helper()
	if g.status != http.StatusOK || g.Errors != nil {
		t.Fatalf("status %d: %s", g.status, g.body)
	}
	return g
}
