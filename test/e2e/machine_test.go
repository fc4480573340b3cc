package e2e

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestAMachineOfTheClientCredentialsGrant sends what n8n's nodes send with an OAuth2 credential: an access token of a
// client, of which the server knows the tenant. Only HTTP 401 makes n8n fetch another.
func TestAMachineOfTheClientCredentialsGrant(t *testing.T) {
	const robot = "7machineclient0000000000000"
	f, tenant := newForge(t), unique()
	clients := filepath.Join(t.TempDir(), "machines.json")
	if err := os.WriteFile(clients, []byte(`{"`+robot+`": {"tenant": "`+tenant+`", "permissions": ["READ", "RECORD"]}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	engines(t, func(t *testing.T, start starter) {
		s := start(t, "--jwt-issuer", f.URL, "--jwt-jwks", f.URL+"/jwks", "--jwt-client", forgeClient, "--machine-clients", clients)
		s.run(t, "tenants", "create", tenant)
		header, people := vars{"alg": "RS256", "kid": "genuine"}, f.claims(tenant)
		s.with(sign(t, header, people, f.genuine)).create(t, vars{"key": "orders", "aggregation": "SUM"})

		now := time.Now().Unix()
		claims := vars{"sub": robot, "client_id": robot, "iss": f.URL, "token_use": "access", "scope": "mykpi/read mykpi/record",
			"iat": now, "exp": now + 3600, "jti": unique()}
		n8n := map[string]string{"Accept": "application/json,text/html,application/xhtml+xml,application/xml,text/*;q=0.9, image/*;q=0.8, */*;q=0.7",
			"User-Agent": "axios/1.8.3", "Connection": "close"}
		send := func(claims vars, path, body string) answer {
			t.Helper()
			a, err := s.with(sign(t, header, claims, f.genuine)).sendTo(t.Context(), path, []byte(body), n8n)
			if err != nil {
				t.Fatal(err)
			}
			return a
		}
		const mutation = `{"query":"mutation { recordDataPoints(input: {chart: {key: \"orders\"}, points: [{key: \"a\", value: 2}]}) { recorded } }","variables":{},"operationName":null}`
		for _, c := range []struct {
			name, path, body string
			claims           vars
			status           int
			want             string
		}{
			{"the credential's test", "/graphql", `{"query":"{ viewer { permissions } }"}`, claims, 200, `"permissions":["READ","RECORD"]`},
			{"a mutation", "/graphql", mutation, claims, 200, `"recorded":1`},
			{"a webhook", "/webhooks/charts/orders", `{"key":"b","value":3}`, claims, 200, `"recorded":1`},
			{"a chart that is not there", "/graphql", strings.Replace(mutation, "orders", "nope", 1), claims, 404, `input.chart: there is no such chart`},
			{"an expired token", "/graphql", mutation, claims.but(vars{"iat": now - 7200, "exp": now - 3600}), 401, `"code":"UNAUTHENTICATED"`},
			{"an expired token at a webhook", "/webhooks/charts/orders", `{"value":3}`, claims.but(vars{"iat": now - 7200, "exp": now - 3600}), 401, `"code":"UNAUTHENTICATED"`},
			{"a scope too few", "/webhooks/charts/orders", `{"value":3}`, claims.but(vars{"scope": "mykpi/read"}), 403, `"code":"FORBIDDEN"`},
			{"a client that nobody knows", "/graphql", mutation, claims.but(vars{"client_id": "another", "sub": "another"}), 401, `"code":"UNAUTHENTICATED"`},
		} {
			if a := send(c.claims, c.path, c.body); a.status != c.status || !strings.Contains(string(a.body), c.want) {
				t.Errorf("%s: %d %s, want %d %s", c.name, a.status, a.body, c.status, c.want)
			}
		}
		s.with(sign(t, header, people, f.genuine)).holds(t, "orders", map[string]string{"a": "2", "b": "3"})
		if a := send(claims, "/graphql", `{"query":"{ ingestions { nodes { actor { kind id } } } }"}`); a.status != http.StatusOK || !strings.Contains(string(a.body), `{"kind":"API_KEY","id":"`+robot+`"}`) {
			t.Errorf("who sent it: %s", a.body)
		}
	})
}
