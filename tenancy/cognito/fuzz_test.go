package cognito_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/mykpi/mykpi/tenancy/httpauth"
)

// FuzzVerify looks for a token that is taken and was not signed by the pool.
func FuzzVerify(f *testing.F) {
	good := genuine(idClaims())
	f.Add(good)
	for _, forgery := range forgeries("http://127.0.0.1:1/jwks.json") {
		f.Add(forgery.token)
	}
	v, _ := local(f, nil)
	f.Fuzz(func(t *testing.T, token string) {
		_, err := v.Verify(context.Background(), token)
		if err == nil && token != good {
			t.Fatalf("taken: %q", token)
		}
		if err != nil && !errors.Is(err, httpauth.ErrUnauthenticated) && !errors.Is(err, httpauth.ErrForbidden) {
			t.Fatalf("an error outside the contract: %v", err)
		}
	})
}

// FuzzClaims signs whatever claims with the pool's key: what an issuer may say must not make a nobody of a somebody.
func FuzzClaims(f *testing.F) {
	for _, claims := range []object{idClaims(), accessClaims(), machineClaims()} {
		f.Add(claims.json())
	}
	f.Add(claimsText("exp", "1e400"))
	f.Add(`{"iss":null}`)
	v, clock := local(f, nil)
	f.Fuzz(func(t *testing.T, claims string) {
		identity, err := v.Verify(context.Background(), sign(header().json(), claims, "first"))
		if err != nil {
			if !errors.Is(err, httpauth.ErrUnauthenticated) && !errors.Is(err, httpauth.ErrForbidden) {
				t.Fatalf("an error outside the contract: %v", err)
			}
			return
		}
		if identity.Tenant().IsZero() || identity.Actor().ID == "" || identity.Actor().Label == "" {
			t.Errorf("a nobody: %+v", identity)
		}
		if left := identity.Expires().Sub(clock.now()); left <= -30*time.Second || identity.Expires().Year() > 9999 {
			t.Errorf("expires at %s", identity.Expires())
		}
	})
}
