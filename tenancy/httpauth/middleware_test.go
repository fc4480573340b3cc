package httpauth

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/mykpi/mykpi/tenancy"
)

// verifierFunc is a Verifier of the tests.
type verifierFunc func(ctx context.Context, secret string) (tenancy.Identity, error)

func (f verifierFunc) Verify(ctx context.Context, secret string) (tenancy.Identity, error) {
	return f(ctx, secret)
}

func identityOf(tenant string) tenancy.Identity {
	return tenancy.Verified(tenancy.Claims{Tenant: tenancy.MustParseID(tenant), Role: tenancy.Viewer})
}

func takes(tenant string) Verifier {
	return verifierFunc(func(context.Context, string) (tenancy.Identity, error) { return identityOf(tenant), nil })
}

func refuses(err error) Verifier {
	return verifierFunc(func(context.Context, string) (tenancy.Identity, error) { return tenancy.Identity{}, err })
}

func TestMiddlewareRefuses(t *testing.T) {
	for _, test := range []struct {
		name                   string
		err                    error
		status                 int
		code, message          string
		challenge, retry, warn string
	}{
		{"unauthenticated", Refuse(ErrUnauthenticated, `no "such" key`).Because(errors.New("cause")), 401, "UNAUTHENTICATED", `no "such" key`,
			`Bearer realm="mykpi", error="invalid_token", error_description="no such key"`, "", "INFO"},
		{"forbidden", Refuse(ErrForbidden, "no tenant"), 403, "FORBIDDEN", "no tenant", "", "", "INFO"},
		{"unavailable", Refuse(ErrUnavailable, "later"), 503, "UNAVAILABLE", "later", "", "10", "ERROR"},
		{"a kind without a message", ErrForbidden, 403, "FORBIDDEN", "the credential could not be verified", "", "", "INFO"},
		{"outside the contract", errors.New("arn:aws:secret"), 500, "INTERNAL", "internal error", "", "", "ERROR"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var log bytes.Buffer
			options := Options{Logger: slog.New(slog.NewTextHandler(&log, nil)), TraceID: func(context.Context) string { return "trace7" }}
			handler := Middleware(Verifiers{Tokens: refuses(test.err)}, options, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it came through") }))
			request := httptest.NewRequest(http.MethodPost, "/graphql", nil)
			request.Header.Set("Authorization", "Bearer geheim")
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, request)

			want, err := json.Marshal(map[string]any{"errors": []any{map[string]any{"message": test.message, "extensions": map[string]any{"code": test.code, "traceId": "trace7"}}}})
			if err != nil {
				t.Fatal(err)
			}
			var got, wanted any
			if json.Unmarshal(w.Body.Bytes(), &got) != nil || json.Unmarshal(want, &wanted) != nil || w.Code != test.status {
				t.Fatalf("%d %s", w.Code, w.Body)
			}
			if a, b := mustJSON(t, got), mustJSON(t, wanted); a != b {
				t.Errorf("body %s, want %s", a, b)
			}
			for name, value := range map[string]string{"WWW-Authenticate": test.challenge, "Retry-After": test.retry,
				"Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store"} {
				if got := w.Header().Get(name); got != value {
					t.Errorf("%s: %q, want %q", name, got, value)
				}
			}
			if strings.Contains(log.String()+w.Body.String(), "geheim") {
				t.Error("the secret shows")
			}
			if !strings.Contains(log.String(), "traceId=trace7") || !strings.Contains(log.String(), "level="+test.warn) || !strings.Contains(log.String(), test.err.Error()[:8]) {
				t.Errorf("log %s", &log)
			}
		})
	}
}

// Who left before the credential was checked is no fault of the server that somebody should look at.
func TestACallerThatLeftIsNoError(t *testing.T) {
	var log bytes.Buffer
	handler := Middleware(Verifiers{Tokens: refuses(context.Canceled)}, Options{Logger: slog.New(slog.NewTextHandler(&log, nil))}, http.NotFoundHandler())
	ctx, leave := context.WithCancel(t.Context())
	leave()
	request := httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", nil)
	request.Header.Set("Authorization", "Bearer token")
	handler.ServeHTTP(httptest.NewRecorder(), request)
	if log.Len() > 0 {
		t.Errorf("log %s", &log)
	}
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestMiddlewareRefusesWhatItCannotRead(t *testing.T) {
	handler := Middleware(Verifiers{Tokens: takes("acme")}, Options{}, http.NotFoundHandler())
	request := httptest.NewRequest(http.MethodPost, "/graphql", nil)
	request.Header["Authorization"] = []string{"Bearer a", "Bearer b"}
	traces := map[string]bool{}
	for range 2 {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, request)
		var body answer
		if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil || w.Code != http.StatusUnauthorized {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		traces[body.Errors[0].Extensions.TraceID] = true
	}
	if len(traces) != 2 {
		t.Errorf("two requests, trace IDs %v", traces)
	}
}

func TestMiddlewareLetsThrough(t *testing.T) {
	auth := Verifiers{Tokens: takes("by-token"), Keys: takes("by-key")}
	for _, test := range []struct{ name, header, value, tenant string }{
		{"nobody", "", "", ""},
		{"a token", "Authorization", "Bearer a.b.c", "by-token"},
		{"a key as Bearer", "Authorization", "Bearer mykpi_live_x", "by-key"},
		{"a key as password", "Authorization", basic("n8n", "mykpi_live_x"), "by-key"},
		{"a key in its header", "X-API-Key", "mykpi_live_x", "by-key"},
	} {
		t.Run(test.name, func(t *testing.T) {
			reached := false
			handler := Middleware(auth, Options{}, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				reached = true
				identity, ok := From(r.Context())
				if identity.Tenant().String() != test.tenant || ok != (test.tenant != "") {
					t.Errorf("got %q, %v, want %q", identity.Tenant(), ok, test.tenant)
				}
				if session, _ := SessionFrom(r.Context()); session.Credential.Absent() != (test.tenant == "") {
					t.Error("the session holds no credential")
				}
			}))
			request := httptest.NewRequest(http.MethodPost, "/graphql", nil)
			if test.header != "" {
				request.Header.Set(test.header, test.value)
			}
			handler.ServeHTTP(httptest.NewRecorder(), request)
			if !reached {
				t.Error("it did not come through")
			}
		})
	}
}

func TestVerifiersRefuse(t *testing.T) {
	both := Verifiers{Tokens: takes("by-token"), Keys: takes("by-key")}
	for _, test := range []struct {
		name       string
		auth       Verifiers
		credential Credential
	}{
		{"nothing", both, Credential{}},
		{"a token in the key's header", both, NewCredential(Header, "a.b.c")},
		{"a token as password", both, NewCredential(Basic, "a.b.c")},
		{"a key where there are none", Verifiers{Tokens: takes("by-token")}, NewCredential(Bearer, "mykpi_live_x")},
		{"a token where there are none", Verifiers{Keys: takes("by-key")}, NewCredential(Bearer, "a.b.c")},
	} {
		t.Run(test.name, func(t *testing.T) {
			identity, err := test.auth.Authenticate(t.Context(), test.credential)
			if !errors.Is(err, ErrUnauthenticated) || !identity.Tenant().IsZero() {
				t.Errorf("got %q, %v", identity.Tenant(), err)
			}
		})
	}
}
