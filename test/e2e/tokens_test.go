package e2e

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// forge is an issuer of the test's own, whose JWKS the server believes, and an attacker's key beside.
type forge struct {
	*httptest.Server
	genuine, attackers *rsa.PrivateKey
	fetches            atomic.Int64
	calls              atomic.Int64 // to anywhere else
}

func newForge(t *testing.T) *forge {
	t.Helper()
	f := &forge{}
	var err error
	if f.genuine, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		t.Fatal(err)
	}
	if f.attackers, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		t.Fatal(err)
	}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/jwks" {
			f.calls.Add(1)
			http.NotFound(w, r)
			return
		}
		f.fetches.Add(1)
		json.NewEncoder(w).Encode(vars{"keys": []vars{publicKey(f.genuine, "genuine")}})
	}))
	t.Cleanup(f.Close)
	return f
}

func publicKey(key *rsa.PrivateKey, id string) vars {
	return vars{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": id, "n": b64(key.N.Bytes()), "e": b64(big.NewInt(int64(key.E)).Bytes())}
}

func b64(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }

const forgeClient = "client-of-the-test"

func (f *forge) claims(tenant string) vars {
	now := time.Now().Unix()
	return vars{"sub": "sue", "cognito:groups": []string{"ADMIN"}, "custom:tenant_id": tenant, "iss": f.URL, "aud": forgeClient,
		"token_use": "id", "iat": now, "exp": now + 3600}
}

// but is a copy with other members; nil leaves one out.
func (v vars) but(changes vars) vars {
	changed := maps.Clone(v)
	for name, value := range changes {
		if changed[name] = value; value == nil {
			delete(changed, name)
		}
	}
	return changed
}

// sign signs by RS256, whatever the header says.
func sign(tb testing.TB, header, claims vars, key *rsa.PrivateKey) string {
	text := b64(marshal(tb, header)) + "." + b64(marshal(tb, claims))
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		tb.Fatal(err)
	}
	return text + "." + b64(signature)
}

// TestForgedTokens sends every forgery of security.md by HTTP and by websocket. Whatever is wrong, the answer is the same
// refusal, nothing is called out for, and the server goes on.
func TestForgedTokens(t *testing.T) {
	f := newForge(t)
	s := allEngines[0].start(t, "--jwt-issuer", f.URL, "--jwt-jwks", f.URL+"/jwks", "--jwt-client", forgeClient)
	tenant := unique()
	s.run(t, "tenants", "create", tenant)
	header, claims := vars{"alg": "RS256", "kid": "genuine"}, f.claims(tenant)
	genuine := sign(t, header, claims, f.genuine)
	ask[any](t, s.with(genuine), `{ viewer { subject } }`, nil)

	der, err := x509.MarshalPKIXPublicKey(&f.genuine.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	public := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	body := b64(marshal(t, claims))
	confused := b64(marshal(t, vars{"alg": "HS256", "kid": "genuine"})) + "." + body
	mac := hmac.New(sha256.New, public)
	mac.Write([]byte(confused))
	parts := strings.Split(genuine, ".")
	past, ahead := time.Now().Add(-time.Hour).Unix(), time.Now().Add(time.Hour).Unix()
	elsewhere := f.URL + "/elsewhere"
	raw := func(claims string) string { // claims that encoding/json would not write
		text := b64(marshal(t, header)) + "." + b64([]byte(claims))
		sum := sha256.Sum256([]byte(text))
		signature, err := rsa.SignPKCS1v15(rand.Reader, f.genuine, crypto.SHA256, sum[:])
		if err != nil {
			t.Fatal(err)
		}
		return text + "." + b64(signature)
	}
	huge := strings.Replace(string(marshal(t, claims)), fmt.Sprint(claims["exp"]), "1e400", 1)

	for name, token := range map[string]string{
		"alg none":                     b64(marshal(t, vars{"alg": "none"})) + "." + body + ".",
		"alg noNE":                     b64(marshal(t, vars{"alg": "noNE", "kid": "genuine"})) + "." + body + "." + parts[2],
		"HS256 with the public key":    confused + "." + b64(mac.Sum(nil)),
		"an attacker's key, known kid": sign(t, header, claims, f.attackers),
		"header jwk":                   sign(t, header.but(vars{"jwk": publicKey(f.attackers, "genuine")}), claims, f.attackers),
		"header jku":                   sign(t, header.but(vars{"jku": elsewhere}), claims, f.attackers),
		"header x5u":                   sign(t, header.but(vars{"x5u": elsewhere}), claims, f.attackers),
		"header crit":                  sign(t, header.but(vars{"crit": []string{"b64"}}), claims, f.genuine),
		"no kid":                       sign(t, header.but(vars{"kid": nil}), claims, f.genuine),
		"kid injected":                 sign(t, header.but(vars{"kid": "../../etc/passwd' OR 1=1"}), claims, f.attackers),
		"kid of a number":              sign(t, header.but(vars{"kid": 7}), claims, f.genuine),
		"no exp":                       sign(t, header, claims.but(vars{"exp": nil}), f.genuine),
		"exp past":                     sign(t, header, claims.but(vars{"exp": past}), f.genuine),
		"exp of a string":              sign(t, header, claims.but(vars{"exp": "never"}), f.genuine),
		"exp 1e400":                    raw(huge),
		"nbf ahead":                    sign(t, header, claims.but(vars{"nbf": ahead}), f.genuine),
		"iat ahead":                    sign(t, header, claims.but(vars{"iat": ahead, "exp": ahead + 60}), f.genuine),
		"no issuer":                    sign(t, header, claims.but(vars{"iss": nil}), f.genuine),
		"a look-alike issuer":          sign(t, header, claims.but(vars{"iss": f.URL + "/"}), f.genuine),
		"an issuer elsewhere":          sign(t, header, claims.but(vars{"iss": elsewhere}), f.attackers),
		"no token_use":                 sign(t, header, claims.but(vars{"token_use": nil}), f.genuine),
		"token_use refresh":            sign(t, header, claims.but(vars{"token_use": "refresh"}), f.genuine),
		"another app client":           sign(t, header, claims.but(vars{"aud": "another"}), f.genuine),
		"an access token's client":     sign(t, header, claims.but(vars{"token_use": "access", "client_id": "another"}), f.genuine),
		"no aud":                       sign(t, header, claims.but(vars{"aud": nil}), f.genuine),
		"no sub":                       sign(t, header, claims.but(vars{"sub": nil}), f.genuine),
		"a JWE":                        genuine + ".AAAA.AAAA",
		"five parts":                   "a.b.c.d.e",
		"two parts":                    parts[0] + "." + parts[1],
		"JSON serialisation":           `{"payload":"` + parts[1] + `"}`,
		"other claims, old signature":  parts[0] + "." + b64(marshal(t, claims.but(vars{"custom:tenant_id": "other"}))) + "." + parts[2],
		"no text":                      "ÿ",
		"20 kB":                        strings.Repeat("a", 20<<10),
	} {
		t.Run(name, func(t *testing.T) {
			a := s.with(token).do(t, `{ viewer { subject } }`, nil)
			refused(t, a, "UNAUTHENTICATED", "")
			if a.status != http.StatusUnauthorized {
				t.Errorf("status %d", a.status)
			}
			if strings.Contains(string(a.body), parts[1][:40]) {
				t.Errorf("the answer holds the token: %s", a.body)
			}
			if code, reason := s.refusedSocket(t, token); code != 4403 || reason == "" || strings.Contains(reason, parts[1][:20]) {
				t.Errorf("the socket is closed with %d %q", code, reason)
			}
		})
	}
	t.Run("no tenant", func(t *testing.T) {
		for name, claim := range map[string]any{"none": nil, "empty": "", "odd": "a/b", "a list": []string{tenant}, "one that is not there": unique()} {
			token := sign(t, header, claims.but(vars{"custom:tenant_id": claim}), f.genuine)
			a := s.with(token).do(t, `{ viewer { subject } }`, nil)
			refused(t, a, "FORBIDDEN", "")
			if code, _ := s.refusedSocket(t, token); a.status != http.StatusForbidden || code != 4403 {
				t.Errorf("%s: status %d, socket %d", name, a.status, code)
			}
		}
	})
	t.Run("1,000 unknown kids", func(t *testing.T) {
		before := f.fetches.Load()
		for i := range 1000 {
			token := sign(t, header.but(vars{"kid": fmt.Sprint("unknown-", i)}), claims.but(vars{"jti": i}), f.attackers)
			if a := s.with(token).do(t, `{ viewer { subject } }`, nil); a.status != http.StatusUnauthorized {
				t.Fatalf("%d %s", a.status, a.body)
			}
		}
		t.Logf("the JWKS was fetched %d times", f.fetches.Load()-before)
	})
	if n := f.calls.Load(); n > 0 {
		t.Errorf("the server called %d times where a token told it to", n)
	}
	ask[any](t, s.with(genuine), `{ viewer { subject } }`, nil)
	for _, groups := range []any{nil, "ADMIN", []any{7, vars{}}, []string{"admin", "OWNER"}} {
		token := sign(t, header, claims.but(vars{"cognito:groups": groups}), f.genuine)
		refused(t, s.with(token).do(t, `{ charts { totalCount } }`, nil), "FORBIDDEN", "")
	}
}

// refusedSocket opens a socket with a token that must not be believed.
func (s *server) refusedSocket(t *testing.T, token string) (int, string) {
	t.Helper()
	dialer := websocket.Dialer{Subprotocols: []string{"graphql-transport-ws"}}
	conn, _, err := dialer.Dial(strings.Replace(s.at("/graphql"), "http", "ws", 1), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	opened := &socket{conn}
	opened.write(t, frame{Type: "connection_init", Payload: marshal(t, vars{"Authorization": "Bearer " + token})})
	return opened.ended(t)
}
