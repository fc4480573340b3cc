package access_test

import (
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/mykpi/mykpi/eventstore/sqlite"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/access"
	"github.com/mykpi/mykpi/tenancy/apikey"
	"github.com/mykpi/mykpi/tenancy/cognito"
	"github.com/mykpi/mykpi/tenancy/devissuer"
	"github.com/mykpi/mykpi/tenancy/directory"
	"github.com/mykpi/mykpi/tenancy/httpauth"
	"github.com/mykpi/mykpi/tenancy/members"
)

// BenchmarkRequest is a request's whole authentication: none, and by what is remembered of a token and a key.
func BenchmarkRequest(b *testing.B) {
	store, err := sqlite.Open(b.TempDir(), sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { store.Close() })
	if err := (&directory.Directory{Store: store, Now: time.Now, NewID: rand.Text}).Ensure(b.Context(), acme, operator); err != nil {
		b.Fatal(err)
	}
	issuer, err := devissuer.Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	tokens, err := cognito.New(cognito.Config{Issuers: []cognito.Issuer{issuer.Trust()}})
	if err != nil {
		b.Fatal(err)
	}
	token, err := issuer.Issue(devissuer.Token{Tenant: acme, Role: tenancy.Admin})
	if err != nil {
		b.Fatal(err)
	}
	admin := tenancy.Verified(tenancy.Claims{Tenant: acme, Role: tenancy.Admin, Actor: operator})
	_, key, err := (&apikey.Keys{Store: store, Now: time.Now, NewID: rand.Text}).Create(b.Context(), admin,
		apikey.New{Name: "n8n", Permissions: []tenancy.Permission{tenancy.Record}})
	if err != nil {
		b.Fatal(err)
	}
	people := &members.Members{Store: store, Now: time.Now, NewID: rand.Text}
	auth := access.New(people).Behind(httpauth.Verifiers{Tokens: tokens, Keys: apikey.NewVerifier(store, time.Now, nil)}, members.ByGroups)
	next := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})

	for name, c := range map[string]struct {
		handler    http.Handler
		credential string
	}{
		"none":  {next, ""},
		"token": {httpauth.Middleware(auth, httpauth.Options{}, next), token},
		"key":   {httpauth.Middleware(auth, httpauth.Options{}, next), key},
	} {
		b.Run(name, func(b *testing.B) {
			request := httptest.NewRequest(http.MethodPost, "/graphql", nil)
			if c.credential != "" {
				request.Header.Set("Authorization", "Bearer "+c.credential)
			}
			answer := httptest.NewRecorder()
			b.ReportAllocs()
			for b.Loop() {
				c.handler.ServeHTTP(answer, request)
			}
			if answer.Code != http.StatusOK {
				b.Fatalf("status %d %s", answer.Code, answer.Body)
			}
		})
	}
}
