package transport_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/mykpi/mykpi/graph/transport"
)

func sum(query string) string {
	s := sha256.Sum256([]byte(query))
	return hex.EncodeToString(s[:])
}

func persisted(hash, query string) string {
	return fmt.Sprintf(`{"extensions":{"persistedQuery":{"version":1,"sha256Hash":%q}},"query":%q}`, hash, query)
}

func TestPersistedQueries(t *testing.T) {
	s := newTestServer(t, func(s *testServer) { s.gql.Use(transport.NewPersistedQueries(1 << 20)) })
	post := func(body string) answer {
		return s.send(t, "POST", "/", body, "Content-Type", jsonType, "Accept", gqlType)
	}
	hash := sum("{version}")
	if a := post(persisted(hash, "")); a.status != 200 || !strings.Contains(a.body, `"PersistedQueryNotFound"`) || !strings.Contains(a.body, "PERSISTED_QUERY_NOT_FOUND") {
		t.Errorf("unknown: %d %s", a.status, a.body)
	}
	if a := post(persisted(hash, "{__typename}")); a.status != 400 || !strings.Contains(a.body, "BAD_USER_INPUT") {
		t.Errorf("another's hash: %d %s", a.status, a.body)
	}
	for _, body := range []string{persisted(hash, "{version}"), persisted(hash, ""), persisted(strings.ToUpper(hash), ""), byPOST("{version}")} {
		if a := post(body); a.body != `{"data":{"version":"test"}}` {
			t.Errorf("%s: %s", body, a.body)
		}
	}
	for _, ext := range []string{`7`, `{}`, `{"version":2,"sha256Hash":"` + hash + `"}`, `{"version":1,"sha256Hash":7}`, `{"version":1,"sha256Hash":"x"}`} {
		if a := post(`{"extensions":{"persistedQuery":` + ext + `}}`); a.status != 400 {
			t.Errorf("%s: %d %s", ext, a.status, a.body)
		}
	}
}

func TestTrustedDocuments(t *testing.T) {
	docs, err := transport.ParseTrustedDocuments([]byte(`{"v1":"{version}","` + sum("{__typename}") + `":"{__typename}"}`))
	if err != nil {
		t.Fatal(err)
	}
	s := newTestServer(t, func(s *testServer) { s.gql.Use(docs) })
	for body, status := range map[string]int{
		`{"documentId":"v1"}`:                                      200,
		`{"documentId":"` + sum("{version}") + `"}`:                200,
		`{"documentId":"sha256:` + sum("{version}") + `"}`:         200,
		persisted(sum("{__typename}"), ""):                         200,
		byPOST("{version}"):                                        200,
		byPOST("{ version }"):                                      403,
		byPOST(`{echo(text:"x")}`):                                 403,
		`{"documentId":"v2"}`:                                      403,
		`{"documentId":"v1","query":"{__typename}"}`:               403,
		persisted(sum("{echo}"), "{echo}"):                         403,
		`{"documentId":"` + strings.Repeat("v", 1000) + `"}`:       403,
		`{"documentId":"","query":"{version}"}`:                    200,
		`{"extensions":{"documentId":7},"query":"{echo}"}`:         403,
		`{"extensions":{"persistedQuery":[]},"query":"{version}"}`: 400,
	} {
		if a := s.send(t, "POST", "/", body, "Content-Type", jsonType, "Accept", gqlType); a.status != status {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
	if a := s.send(t, "GET", "/?documentId=v1", ""); a.body != `{"data":{"version":"test"}}` {
		t.Errorf("GET: %s", a.body)
	}
	for _, manifest := range []string{``, `[]`, `{}`, `{"a":""}`, `{"a":7}`} {
		if _, err := transport.ParseTrustedDocuments([]byte(manifest)); err == nil {
			t.Errorf("manifest %s was taken", manifest)
		}
	}
}

// Whatever is added, a cache stays within its budget, and what it answers is what was added last under the key.
func TestCache(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ctx := context.Background()
		const budget = 800
		c := transport.NewCache(budget, func(key, value string) int { return len(key) + len(value) })
		model := map[string]string{}
		for range rapid.IntRange(1, 200).Draw(t, "steps") {
			key := fmt.Sprint("k", rapid.IntRange(0, 30).Draw(t, "key"))
			value := strings.Repeat("v", rapid.IntRange(0, 120).Draw(t, "size"))
			c.Add(ctx, key, value)
			model[key] = value
			held := 0
			for k, want := range model {
				if got, ok := c.Get(ctx, k); ok {
					held += len(k) + len(got)
					if got != want {
						t.Fatalf("%s is %q, want %q", k, got, want)
					}
				}
			}
			if held > budget {
				t.Fatalf("%d bytes held", held)
			}
			if _, ok := c.Get(ctx, key); !ok && len(key)+len(value) <= budget/8 {
				t.Fatalf("%s is gone at once", key)
			}
		}
	})
}

func TestCORS(t *testing.T) {
	called := 0
	h := transport.CORS{Origins: transport.Origins{"https://app.example"}}.Wrap(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called++ }))
	for _, c := range []struct {
		method, origin, asks string
		status               int
		allowed              string
		calls                int
	}{
		{"OPTIONS", "https://app.example", "POST", 204, "https://app.example", 0},
		{"OPTIONS", "https://evil.example", "POST", 403, "", 0},
		{"OPTIONS", "https://app.example", "", 200, "https://app.example", 1}, // no preflight
		{"POST", "https://app.example", "", 200, "https://app.example", 1},
		{"POST", "https://evil.example", "", 200, "", 1}, // the browser keeps the answer from the page
		{"POST", "", "", 200, "", 1},
	} {
		called = 0
		r := httptest.NewRequest(c.method, "/", nil)
		if c.origin != "" {
			r.Header.Set("Origin", c.origin)
		}
		if c.asks != "" {
			r.Header.Set("Access-Control-Request-Method", c.asks)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != c.status || w.Header().Get("Access-Control-Allow-Origin") != c.allowed || called != c.calls || w.Header().Get("Vary") != "Origin" {
			t.Errorf("%+v: %d %v, %d calls", c, w.Code, w.Header(), called)
		}
	}
}
