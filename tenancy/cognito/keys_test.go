package cognito_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mykpi/mykpi/tenancy/cognito"
	"github.com/mykpi/mykpi/tenancy/httpauth"
)

func signedBy(kid, key, jti string) string {
	return sign(header().with(object{"kid": kid}).json(), idClaims().with(object{"jti": jti}).json(), key)
}

// wantKind wants an error of a kind, or none for nil.
func wantKind(t *testing.T, v *cognito.Verifier, token string, kind error) {
	t.Helper()
	if _, err := v.Verify(t.Context(), token); !errors.Is(err, kind) {
		t.Errorf("got %v, want %v", err, kind)
	}
}

func TestUnknownKeysFetchOnceInTenSeconds(t *testing.T) {
	jwks := serveJWKS(t, document(jwksOf("first")))
	clock := &clock{}
	v := newVerifier(t, config(jwks.URL, clock))

	flood := func() {
		var group sync.WaitGroup
		for n := range 1000 {
			group.Go(func() {
				wantKind(t, v, signedBy(fmt.Sprintf("kid-%d", n), "attacker", ""), httpauth.ErrUnauthenticated)
			})
		}
		group.Wait()
	}
	flood()
	jwks.wantFetches(t, 1)
	clock.advance(9 * time.Second)
	flood()
	jwks.wantFetches(t, 1)
	clock.advance(time.Second)
	flood()
	jwks.wantFetches(t, 2)
	wantKind(t, v, signedBy("first", "first", ""), nil)
	jwks.wantFetches(t, 2)
}

func TestNewKeyIsFound(t *testing.T) {
	jwks := serveJWKS(t, document(jwksOf("first")))
	clock := &clock{}
	v := newVerifier(t, config(jwks.URL, clock))
	wantKind(t, v, signedBy("first", "first", ""), nil)

	jwks.serve(document(jwksOf("first", "second")))
	wantKind(t, v, signedBy("second", "second", ""), httpauth.ErrUnauthenticated)
	clock.advance(10 * time.Second)
	wantKind(t, v, signedBy("second", "second", ""), nil)
	wantKind(t, v, signedBy("first", "first", ""), nil)
	jwks.wantFetches(t, 2)
}

func TestKeyTakenBackEndsItsTokensThoughTheyAreCached(t *testing.T) {
	jwks := serveJWKS(t, document(jwksOf("first", "second")))
	clock := &clock{}
	v := newVerifier(t, config(jwks.URL, clock))
	long := object{"exp": seconds(24 * time.Hour)}
	first := sign(header().json(), idClaims().with(long).json(), "first")
	second := sign(header().with(object{"kid": "second"}).json(), idClaims().with(long).json(), "second")
	wantKind(t, v, first, nil)
	wantKind(t, v, second, nil)

	jwks.serve(document(jwksOf("second")))
	wantKind(t, v, first, nil)
	clock.advance(time.Hour) // a refresh is due, which nobody waits for
	for {
		if _, err := v.Verify(t.Context(), first); errors.Is(err, httpauth.ErrUnauthenticated) {
			break
		}
		time.Sleep(time.Millisecond)
	}
	wantKind(t, v, second, nil)
}

func TestKnownKeysServeWhileTheJWKSIsBroken(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"down":         status(http.StatusInternalServerError),
		"hangs up":     func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"not JSON":     document([]byte("<html>")),
		"no keys":      document([]byte(`{"keys":[]}`)),
		"empty object": document([]byte(`{}`)),
		"other keys":   document([]byte(`{"keys":[{"kty":"EC","kid":"x"},{"kty":"RSA","kid":"first","n":"AQAB","e":"AQAB"}]}`)),
		"too many":     document(tooMany()),
		"huge":         huge,
	} {
		t.Run(name, func(t *testing.T) {
			jwks := serveJWKS(t, document(jwksOf("first")))
			clock := &clock{}
			v := newVerifier(t, config(jwks.URL, clock))
			wantKind(t, v, signedBy("first", "first", "before"), nil)

			jwks.serve(answer)
			clock.advance(10 * time.Second)
			wantKind(t, v, signedBy("second", "second", ""), httpauth.ErrUnauthenticated)
			wantKind(t, v, signedBy("first", "first", "after"), nil)
			jwks.wantFetches(t, 2)
		})
		t.Run(name+" from the start", func(t *testing.T) {
			jwks := serveJWKS(t, answer)
			clock := &clock{}
			v := newVerifier(t, config(jwks.URL, clock))
			for range 3 {
				wantKind(t, v, signedBy("first", "first", ""), httpauth.ErrUnavailable)
			}
			jwks.wantFetches(t, 1)

			jwks.serve(document(jwksOf("first")))
			clock.advance(10 * time.Second)
			wantKind(t, v, signedBy("first", "first", ""), nil)
		})
	}
}

// tooMany is a JWKS of more good keys than any issuer has.
func tooMany() []byte {
	kids := map[string]string{}
	for n := range 100 {
		kids[fmt.Sprint(n)] = "second"
	}
	kids["second"] = "second"
	return jwksAs(kids)
}

// huge writes until the client has had enough.
func huge(w http.ResponseWriter, _ *http.Request) {
	_, err := w.Write([]byte(`{"keys":[`))
	for err == nil {
		_, err = w.Write([]byte(strings.Repeat(" ", 1<<16)))
	}
}

func TestHugeJWKSIsNotReadToItsEnd(t *testing.T) {
	const much = 64 << 20 // far more than the limit and all the buffers between
	written := make(chan int, 1)
	jwks := serveJWKS(t, func(w http.ResponseWriter, _ *http.Request) {
		sum, block := 0, []byte(strings.Repeat(" ", 1<<16))
		for sum < much {
			n, err := w.Write(block)
			sum += n
			if err != nil {
				break
			}
		}
		written <- sum
	})
	wantKind(t, newVerifier(t, config(jwks.URL, &clock{})), signedBy("first", "first", ""), httpauth.ErrUnavailable)
	if sum := <-written; sum >= much {
		t.Error("all of it was read")
	}
}

func TestRedirectedJWKSIsNotFollowed(t *testing.T) {
	elsewhere := serveJWKS(t, document(jwksOf("first")))
	jwks := serveJWKS(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, http.StatusFound) })
	wantKind(t, newVerifier(t, config(jwks.URL, &clock{})), signedBy("first", "first", ""), httpauth.ErrUnavailable)
	elsewhere.wantFetches(t, 0)
}

func TestSlowJWKSIsFetchedOnceAndKeepsNobodyElseWaiting(t *testing.T) {
	jwks := serveJWKS(t, document(jwksOf("first")))
	clock := &clock{}
	v := newVerifier(t, config(jwks.URL, clock))
	wantKind(t, v, signedBy("first", "first", ""), nil)

	begun, release := make(chan struct{}), make(chan struct{})
	jwks.serve(func(w http.ResponseWriter, r *http.Request) {
		close(begun)
		<-release
		document(jwksOf("first", "second"))(w, r)
	})
	clock.advance(10 * time.Second)
	var waiting sync.WaitGroup
	for range 50 {
		waiting.Go(func() { wantKind(t, v, signedBy("second", "second", ""), nil) })
	}
	<-begun
	wantKind(t, v, signedBy("first", "first", "meanwhile"), nil)
	impatient, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := v.Verify(impatient, signedBy("second", "second", "")); !errors.Is(err, httpauth.ErrUnavailable) || !errors.Is(err, context.Canceled) {
		t.Errorf("one who gave up got %v", err)
	}
	close(release)
	waiting.Wait()
	jwks.wantFetches(t, 2)
}

func TestJWKSThatNeverAnswersIsGivenUp(t *testing.T) {
	t.Parallel()
	jwks := serveJWKS(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	wantKind(t, newVerifier(t, config(jwks.URL, &clock{})), signedBy("first", "first", ""), httpauth.ErrUnavailable)
}
