package devissuer_test

import (
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"

	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/cognito"
	"github.com/mykpi/mykpi/tenancy/devissuer"
	"github.com/mykpi/mykpi/tenancy/httpauth"
)

// The whole way of a development token: issued, sent, verified, and found in the context.
func Example() {
	dir, err := os.MkdirTemp("", "mykpi")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	issuer, err := devissuer.Open(dir)
	if err != nil {
		log.Fatal(err)
	}
	tokens, err := cognito.New(cognito.Config{Issuers: []cognito.Issuer{issuer.Trust()}})
	if err != nil {
		log.Fatal(err)
	}
	handler := httpauth.Middleware(httpauth.Verifiers{Tokens: tokens}, httpauth.Options{}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		identity, ok := httpauth.From(r.Context())
		fmt.Println(identity.Tenant(), identity.Role(), ok)
	}))

	token, err := issuer.Issue(devissuer.Token{Tenant: tenancy.MustParseID("acme"), Role: tenancy.Editor})
	if err != nil {
		log.Fatal(err)
	}
	request := httptest.NewRequest(http.MethodPost, "/graphql", nil)
	request.Header.Set("Authorization", "Bearer "+token)
	handler.ServeHTTP(httptest.NewRecorder(), request)
	// Output: acme EDITOR true
}
