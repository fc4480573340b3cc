package graph

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"

	"github.com/mykpi/mykpi/graph/transport"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/httpauth"
)

// What one caller has had prepared says nothing of what another may ask: neither of its rights, nor of its tenant, nor of
// who may see the schema.
func TestWhatIsPreparedIsOfNoCaller(t *testing.T) {
	d := &domain{}
	handler := func(prepared *transport.Prepared) http.Handler {
		h, err := NewHandler(Config{
			Commands: d, Queries: d, Directory: d, Live: d, APIKeys: keys{d}, Members: people{d}, Quotas: d, Sources: feeds{d},
			Transports: []graphql.Transport{&transport.HTTP{Prepared: prepared}},
		})
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	callers := map[string]tenancy.Identity{
		"a viewer": caller("acme", tenancy.Viewer), "another tenant's": caller("globex", tenancy.Viewer), "an administrator": caller("acme", tenancy.Admin),
		"who may do nothing": caller("acme", ""), "nobody": {},
	}
	with, without := handler(transport.NewPrepared(1<<20)), handler(nil)
	ask := func(h http.Handler, as tenancy.Identity, body string) string {
		r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		ctx := WithTrace(r.Context(), "trace1")
		if !as.Tenant().IsZero() {
			ctx = httpauth.With(ctx, as)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r.WithContext(ctx))
		return w.Result().Status + " " + w.Body.String()
	}
	different := map[string]bool{}
	for _, body := range []string{
		`{"query":"{viewer{tenant{id} permissions}}"}`,
		`{"query":"{charts{totalCount nodes{id}}}"}`,
		`{"query":"query($n:Int){charts(first:$n){totalCount}}","variables":{"n":3}}`,
		`{"query":"query($n:Int){charts(first:$n){totalCount}}","variables":{"n":300000}}`,
		`{"query":"{apiKeys{id}}"}`,
		`{"query":"{__schema{queryType{name}}}"}`,
		`{"query":"mutation{archiveChart(input:{chart:{id:\"c1\"}}){chart{id}}}"}`,
		`{"query":"{nothing}"}`,
	} {
		for range 2 {
			for who, as := range callers {
				want := ask(without, as, body)
				if got := ask(with, as, body); got != want {
					t.Errorf("%s as %s: %s, want %s", body, who, got, want)
				}
				different[want] = true
			}
		}
	}
	if len(different) < 10 {
		t.Errorf("only %d answers differ: this compares nothing", len(different))
	}
}
