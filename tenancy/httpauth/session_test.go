package httpauth

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mykpi/mykpi/tenancy"
)

// TestKeep runs on the clock of synctest: a session is opened at 0, things change at 3 s, and it is checked every 2 s.
func TestKeep(t *testing.T) {
	acme, other := tenancy.MustParseID("acme"), tenancy.MustParseID("other")
	viewer := tenancy.Claims{Tenant: acme, Role: tenancy.Viewer}
	for _, test := range []struct {
		name    string
		after   tenancy.Claims // whom the credential proves from 3 s on
		err     error          // or how it is refused
		ttl     time.Duration  // of the identity; 0 for ever
		kind    error
		message string
		at      time.Duration
	}{
		{name: "nothing happens", after: viewer, kind: context.DeadlineExceeded, at: time.Minute},
		{name: "revoked", err: Refuse(ErrUnauthenticated, "revoked"), kind: ErrUnauthenticated, message: "revoked", at: 4 * time.Second},
		{name: "suspended", err: Refuse(ErrForbidden, "suspended"), kind: ErrForbidden, message: "suspended", at: 4 * time.Second},
		{name: "expires", after: viewer, ttl: 3500 * time.Millisecond, kind: ErrUnauthenticated, message: "expired", at: 3500 * time.Millisecond},
		{name: "expired at the start", after: viewer, ttl: -time.Second, kind: ErrUnauthenticated, message: "expired", at: 0},
		{name: "nobody can tell", err: ErrUnavailable, kind: context.DeadlineExceeded, at: time.Minute},
		{name: "expires while nobody can tell", err: ErrUnavailable, ttl: 9 * time.Second, kind: ErrUnauthenticated, message: "expired", at: 9 * time.Second},
		{name: "more rights", after: tenancy.Claims{Tenant: acme, Role: tenancy.Admin}, kind: ErrUnauthenticated, message: "rights", at: 4 * time.Second},
		{name: "no rights", after: tenancy.Claims{Tenant: acme}, kind: ErrUnauthenticated, message: "rights", at: 4 * time.Second},
		{name: "another tenant", after: tenancy.Claims{Tenant: other, Role: tenancy.Viewer}, kind: ErrUnauthenticated, message: "rights", at: 4 * time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				var changed atomic.Bool
				auth := Verifiers{Tokens: verifierFunc(func(context.Context, string) (tenancy.Identity, error) {
					if changed.Load() {
						return tenancy.Verified(test.after), test.err
					}
					before := viewer
					if test.ttl != 0 {
						before.Expires = start.Add(test.ttl)
					}
					return tenancy.Verified(before), nil
				})}
				session, err := Open(t.Context(), auth, NewCredential(Bearer, "t"))
				if err != nil {
					t.Fatal(err)
				}
				time.AfterFunc(3*time.Second, func() { changed.Store(true) })
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				err = session.Keep(ctx, auth, 2*time.Second)
				if !errors.Is(err, test.kind) || !strings.Contains(err.Error(), test.message) {
					t.Errorf("ended with %v, want %v", err, test.kind)
				}
				if at := time.Since(start); at != test.at {
					t.Errorf("ended after %s, want %s", at, test.at)
				}
			})
		})
	}
}

func TestWithAndFrom(t *testing.T) {
	if _, ok := From(t.Context()); ok {
		t.Error("there is somebody in an empty context")
	}
	identity, ok := From(With(t.Context(), identityOf("acme")))
	if !ok || identity.Tenant().String() != "acme" {
		t.Errorf("got %q, %v", identity.Tenant(), ok)
	}
}

func TestOpenRefuses(t *testing.T) {
	refusal := Refuse(ErrForbidden, "no")
	session, err := Open(t.Context(), Verifiers{Tokens: refuses(refusal)}, NewCredential(Bearer, "t"))
	if !errors.Is(err, ErrForbidden) || !session.Credential.Absent() {
		t.Errorf("got %v, %v", session, err)
	}
}
