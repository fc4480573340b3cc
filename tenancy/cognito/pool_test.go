package cognito_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/cognito"
)

// The keys of the tests: two of the pool, and one of an attacker.
var keys = sync.OnceValue(func() map[string]*rsa.PrivateKey {
	made := map[string]*rsa.PrivateKey{}
	for _, name := range []string{"first", "second", "attacker"} {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		made[name] = key
	}
	return made
})

const (
	poolID  = "eu-west-1_Test12345"
	client  = "3n4b5urk1ft4fl3mg5e62d9ado"
	robot   = "7machineclient0000000000000"
	subject = "8f14e45f-ceea-467f-9d1c-8a4f2a1d7b11"
)

// clock is a clock that the test moves.
type clock struct{ offset atomic.Int64 }

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func (c *clock) now() time.Time           { return noon.Add(time.Duration(c.offset.Load())) }
func (c *clock) advance(by time.Duration) { c.offset.Add(int64(by)) }
func seconds(after time.Duration) int64   { return noon.Add(after).Unix() }
func b64(data []byte) string              { return base64.RawURLEncoding.EncodeToString(data) }

// jwksOf is a JWKS document of keys whose kids are their names.
func jwksOf(names ...string) []byte {
	kids := map[string]string{}
	for _, name := range names {
		kids[name] = name
	}
	return jwksAs(kids)
}

// jwksAs is a JWKS document of kid -> name of a key.
func jwksAs(kids map[string]string) []byte {
	var list []map[string]string
	for kid, name := range kids {
		public := keys()[name].PublicKey
		list = append(list, map[string]string{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid,
			"n": b64(public.N.Bytes()), "e": b64(big.NewInt(int64(public.E)).Bytes())})
	}
	document, err := json.Marshal(map[string]any{"keys": list})
	if err != nil {
		panic(err)
	}
	return document
}

// object is a JSON object of a token, its header or its claims.
type object map[string]any

// with is the object with some members set, or left out where the value is nil.
func (o object) with(changes object) object {
	changed := maps.Clone(o)
	for name, value := range changes {
		if value == nil {
			delete(changed, name)
		} else {
			changed[name] = value
		}
	}
	return changed
}

func (o object) json() string {
	text, err := json.Marshal(o)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// issuerName is the iss of the test's pool.
const issuerName = "https://cognito-idp.eu-west-1.amazonaws.com/" + poolID

func header() object { return object{"alg": "RS256", "kid": "first"} }

func idClaims() object {
	return object{
		"sub": subject, "cognito:groups": []string{"EDITOR"}, "cognito:username": "sue", "email": "sue@example.com", "email_verified": true,
		"custom:tenant_id": "acme", "aud": client, "iss": issuerName, "token_use": "id",
		"auth_time": seconds(0), "iat": seconds(0), "exp": seconds(time.Hour), "jti": "j", "origin_jti": "o",
	}
}

func accessClaims() object {
	return object{
		"sub": subject, "cognito:groups": []string{"VIEWER"}, "client_id": client, "scope": "aws.cognito.signin.user.admin", "username": "sue",
		"iss": issuerName, "token_use": "access", "iat": seconds(0), "exp": seconds(time.Hour), "jti": "j", "origin_jti": "o",
	}
}

func machineClaims() object {
	return object{"sub": robot, "client_id": robot, "scope": "mykpi/record mykpi/read", "token_use": "access", "iss": issuerName,
		"iat": seconds(0), "exp": seconds(time.Hour), "jti": "j"}
}

// sign makes a token of a header and claims with a key of the tests, whatever the header says of the algorithm.
func sign(header, claims string, key string) string {
	text := b64([]byte(header)) + "." + b64([]byte(claims))
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, keys()[key], crypto.SHA256, sum[:])
	if err != nil {
		panic(err)
	}
	return text + "." + b64(signature)
}

func genuine(claims object) string { return sign(header().json(), claims.json(), "first") }

// jwksServer serves a JWKS as the test says at the moment.
type jwksServer struct {
	*httptest.Server
	fetches atomic.Int64
	answer  atomic.Value // http.HandlerFunc
}

func serveJWKS(t *testing.T, answer http.HandlerFunc) *jwksServer {
	t.Helper()
	s := &jwksServer{}
	s.answer.Store(answer)
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.fetches.Add(1)
		s.answer.Load().(http.HandlerFunc)(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *jwksServer) serve(answer http.HandlerFunc) { s.answer.Store(answer) }

func (s *jwksServer) wantFetches(t *testing.T, want int64) {
	t.Helper()
	if got := s.fetches.Load(); got != want {
		t.Errorf("the JWKS was fetched %d times, want %d", got, want)
	}
}

func document(body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) }
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

// config trusts the test's pool, whose JWKS the server serves.
func config(url string, clock *clock) cognito.Config {
	pool, err := cognito.Pool(poolID, client)
	if err != nil {
		panic(fmt.Sprintf("the pool of the tests: %v", err))
	}
	pool.JWKS = url
	pool.Machines = map[string]cognito.Machine{robot: {Tenant: tenancy.MustParseID("robots")}}
	return cognito.Config{Issuers: []cognito.Issuer{pool}, Now: clock.now}
}

func newVerifier(t testing.TB, config cognito.Config) *cognito.Verifier {
	t.Helper()
	v, err := cognito.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// local is a Verifier of the test's pool that has its keys already.
func local(t testing.TB, change func(*cognito.Config)) (*cognito.Verifier, *clock) {
	t.Helper()
	clock := &clock{}
	c := config("", clock)
	c.Issuers[0].KeySet = jwksOf("first", "second")
	if change != nil {
		change(&c)
	}
	return newVerifier(t, c), clock
}
