package cognito_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/mykpi/mykpi/tenancy/httpauth"
)

// hs256 signs with the public key as the secret, which everybody has.
func hs256(header object, claims object, secret []byte) string {
	text := b64([]byte(header.with(object{"alg": "HS256"}).json())) + "." + b64([]byte(claims.json()))
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(text))
	return text + "." + b64(mac.Sum(nil))
}

func publicPEM() []byte {
	der, err := x509.MarshalPKIXPublicKey(&keys()["first"].PublicKey)
	if err != nil {
		panic(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

func unsigned(alg string) string {
	return b64([]byte(header().with(object{"alg": alg}).json())) + "." + b64([]byte(idClaims().json())) + "."
}

// claimsText is the genuine claims with one member as raw JSON, such as 1e400, which encoding/json would not write.
func claimsText(name, raw string) string {
	return strings.TrimSuffix(idClaims().with(object{name: nil}).json(), "}") + fmt.Sprintf(`,%q:%s}`, name, raw)
}

type forgery struct {
	name, token string
	status      int
	message     string // a part of it
}

// forgeries are the row "Tokens" of the design's list of attacks. evil is the URL of the attacker's own JWKS.
func forgeries(evil string) []forgery {
	var attackersKey struct {
		Keys []object `json:"keys"`
	}
	if err := json.Unmarshal(jwksAs(map[string]string{"first": "attacker"}), &attackersKey); err != nil {
		panic(err)
	}
	good := genuine(idClaims())
	parts := strings.Split(good, ".")
	with := func(changes object) string { return genuine(idClaims().with(changes)) }
	raw := func(name, value string) string { return sign(header().json(), claimsText(name, value), "first") }
	injected := func(changes object, key string) string {
		return sign(header().with(changes).json(), idClaims().json(), key)
	}
	const no = http.StatusUnauthorized
	return []forgery{
		{"alg none", unsigned("none"), no, "three parts"},
		{"alg none with a signature", unsigned("none") + parts[2], no, "RS256"},
		{"alg noNE with a signature", unsigned("noNE") + parts[2], no, "can't be read"},
		{"alg missing", injected(object{"alg": nil}, "first"), no, "can't be read"},
		{"alg a number", injected(object{"alg": 256}, "first"), no, "can't be read"},
		{"HS256 with the public key as PEM", hs256(header(), idClaims(), publicPEM()), no, "RS256"},
		{"HS256 with the public modulus", hs256(header(), idClaims(), keys()["first"].N.Bytes()), no, "RS256"},
		{"RS512 by its header", injected(object{"alg": "RS512"}, "first"), no, "RS256"},
		{"PS256 by its header", injected(object{"alg": "PS256"}, "first"), no, "RS256"},
		{"attacker's key under a known kid", injected(nil, "attacker"), no, "not signed"},
		{"another published key under a known kid", injected(nil, "second"), no, "not signed"},
		{"header jwk", injected(object{"jwk": attackersKey.Keys[0]}, "attacker"), no, "not signed"},
		{"header jku", injected(object{"jku": evil}, "attacker"), no, "not signed"},
		{"header x5u", injected(object{"x5u": evil}, "attacker"), no, "not signed"},
		{"header jku with an unknown kid", injected(object{"jku": evil, "kid": "evil"}, "attacker"), no, "publishes"},
		{"kid missing", injected(object{"kid": nil}, "first"), no, "publishes"},
		{"kid empty", injected(object{"kid": ""}, "first"), no, "publishes"},
		{"kid a number", injected(object{"kid": 1}, "first"), no, "publishes"},
		{"kid a path", injected(object{"kid": "../../../../dev/null"}, "first"), no, "publishes"},
		{"kid SQL", injected(object{"kid": "first' UNION SELECT 'x"}, "first"), no, "publishes"},
		{"kid a URL", injected(object{"kid": evil}, "attacker"), no, "publishes"},
		{"kid of 10 kB", injected(object{"kid": strings.Repeat("k", 10_000)}, "first"), no, "publishes"},
		{"crit", injected(object{"crit": []string{"exp"}}, "first"), no, "extension"},
		{"exp missing", with(object{"exp": nil}), no, "never expires"},
		{"exp past", with(object{"exp": seconds(-time.Hour)}), no, "expired at 2026-03-02T11:00:00Z: get a new one"},
		{"exp past by the leeway", with(object{"exp": seconds(-30 * time.Second)}), no, "expired"},
		{"exp 1e400", raw("exp", "1e400"), no, "date"},
		{"exp 1e300", raw("exp", "1e300"), no, "date"},
		{"exp 1e18", raw("exp", "1e18"), no, "date"},
		{"exp negative", raw("exp", "-1"), no, "date"},
		{"exp a string", raw("exp", `"9999999999"`), no, "date"},
		{"exp null", raw("exp", "null"), no, "date"},
		{"exp in other letters", raw("exp", `1, "EXP": 99999999999`), no, "expired"},
		{"nbf ahead", with(object{"nbf": seconds(time.Minute)}), no, "not valid before 2026-03-02T12:01:00Z"},
		{"nbf 1e400", raw("nbf", "1e400"), no, "date"},
		{"iat ahead", with(object{"iat": seconds(time.Minute)}), no, "yet to come"},
		{"iat a list", raw("iat", "[1]"), no, "date"},
		{"issuer missing", with(object{"iss": nil}), no, "issuer"},
		{"issuer with a slash", with(object{"iss": issuerName + "/"}), no, "issuer"},
		{"issuer of another pool", with(object{"iss": issuerName + "6"}), no, "issuer"},
		{"issuer on another host", with(object{"iss": "https://cognito-idp.eu-west-1.amazonaws.com.evil.example/" + poolID}), no, "issuer"},
		{"issuer over http", with(object{"iss": strings.Replace(issuerName, "https", "http", 1)}), no, "issuer"},
		{"issuer in capitals", with(object{"iss": strings.ToUpper(issuerName)}), no, "issuer"},
		{"issuer a list", with(object{"iss": []string{issuerName}}), no, "issuer"},
		{"issuer the attacker's", with(object{"iss": evil}), no, "issuer"},
		{"token_use missing", with(object{"token_use": nil}), no, "neither an ID nor an access"},
		{"token_use refresh", with(object{"token_use": "refresh"}), no, "neither an ID nor an access"},
		{"token_use access on an ID token", with(object{"token_use": "access"}), no, "app client"},
		{"token_use id on an access token", genuine(accessClaims().with(object{"token_use": "id"})), no, "app client"},
		{"aud another client", with(object{"aud": "another"}), no, "app client"},
		{"aud missing", with(object{"aud": nil}), no, "app client"},
		{"aud an object", with(object{"aud": object{}}), no, "app client"},
		{"client_id another client", genuine(accessClaims().with(object{"client_id": "another", "custom:tenant_id": "acme"})), no, "app client"},
		{"client_id missing", genuine(accessClaims().with(object{"client_id": nil})), no, "app client"},
		{"a person by a machine client", genuine(accessClaims().with(object{"client_id": robot})), no, "app client"},
		{"sub missing", with(object{"sub": nil}), no, "sub"},
		{"sub that turns the writing", with(object{"sub": "a\u202eb"}), no, "sub"},
		{"JWE", strings.Join([]string{b64([]byte(`{"alg":"RSA-OAEP","enc":"A256GCM"}`)), "a", "b", "c", "d"}, "."), no, "three parts"},
		{"5 parts", good + ".a.b", no, "three parts"},
		{"4 parts", good + ".a", no, "three parts"},
		{"2 parts", parts[0] + "." + parts[1], no, "three parts"},
		{"no parts", "token", no, "three parts"},
		{"dots alone", "..", no, "three parts"},
		{"JSON serialisation", fmt.Sprintf(`{"protected":"%s","payload":"%s","signature":"%s"}`, parts[0], parts[1], parts[2]), no, "character"},
		{"signature cut", strings.TrimRight(good[:len(good)-3], "."), no, ""},
		{"signature with other trailing bits", good[:len(good)-1] + otherTrailingBits(good), no, "can't be read"},
		{"padding", good + "==", no, "three parts"},
		{"claims changed", parts[0] + "." + b64([]byte(idClaims().with(object{"custom:tenant_id": "other"}).json())) + "." + parts[2], no, "not signed"},
		{"claims null", sign(header().json(), "null", "first"), no, "issuer"},
		{"claims a list", sign(header().json(), "[]", "first"), no, "can't be read"},
		{"header null", sign("null", idClaims().json(), "first"), no, "can't be read"},
		{"longer than 16 KiB", with(object{"custom:x": strings.Repeat("x", 16<<10)}), no, "longer"},
		{"no tenant claim", with(object{"custom:tenant_id": nil}), http.StatusForbidden, "no tenant"},
		{"tenant claim empty", with(object{"custom:tenant_id": ""}), http.StatusForbidden, "no tenant"},
		{"tenant claim with #", with(object{"custom:tenant_id": "acme#1"}), http.StatusForbidden, "no tenant"},
		{"tenant claim a list", with(object{"custom:tenant_id": []string{"acme"}}), http.StatusForbidden, "no tenant"},
		{"tenant claim in other letters", with(object{"custom:tenant_id": nil, "Custom:Tenant_ID": "acme"}), http.StatusForbidden, "no tenant"},
		{"access token without a tenant", genuine(accessClaims()), http.StatusForbidden, "no tenant"},
		{"machine of another tenant", genuine(machineClaims().with(object{"custom:tenant_id": "acme"})), http.StatusForbidden, "another tenant"},
		{"machine without a tenant", genuine(machineClaims().with(object{"sub": client, "client_id": client})), http.StatusForbidden, "no tenant"},
	}
}

// otherTrailingBits is a last character for the token's signature that decodes, carelessly, to the same bytes.
func otherTrailingBits(token string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := strings.IndexByte(alphabet, token[len(token)-1])
	return string(alphabet[last^1]) // 256 bytes leave 4 bits of the last character unused
}

func TestForgedTokensThroughHTTP(t *testing.T) {
	evil := serveJWKS(t, document(jwksAs(map[string]string{"first": "attacker", "evil": "attacker"})))
	jwks := serveJWKS(t, document(jwksOf("first", "second")))
	clock := &clock{}
	reached := 0
	server := httptest.NewServer(httpauth.Middleware(httpauth.Verifiers{Tokens: newVerifier(t, config(jwks.URL, clock))}, httpauth.Options{},
		http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached++ })))
	defer server.Close()

	ask := func(t *testing.T, token string) (*http.Response, string) {
		t.Helper()
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+token)
		response, err := server.Client().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return response, string(body)
	}

	if response, body := ask(t, genuine(idClaims())); response.StatusCode != http.StatusOK || reached != 1 {
		t.Fatalf("a genuine token: %s %s", response.Status, body)
	}
	for _, test := range forgeries(evil.URL) {
		t.Run(test.name, func(t *testing.T) {
			for range 2 { // the second time is no other for what a cache remembers
				response, body := ask(t, test.token)
				if response.StatusCode != test.status {
					t.Fatalf("status %d, want %d: %s", response.StatusCode, test.status, body)
				}
				var answer struct {
					Errors []struct {
						Message    string
						Extensions struct{ Code, TraceID string }
					}
				}
				if err := json.Unmarshal([]byte(body), &answer); err != nil || len(answer.Errors) != 1 {
					t.Fatalf("body %s: %v", body, err)
				}
				told := answer.Errors[0]
				if !strings.Contains(told.Message, test.message) {
					t.Errorf("message %q, want in it %q", told.Message, test.message)
				}
				code := map[int]string{http.StatusUnauthorized: "UNAUTHENTICATED", http.StatusForbidden: "FORBIDDEN"}[test.status]
				if told.Extensions.Code != code || len(told.Extensions.TraceID) != 32 {
					t.Errorf("extensions %+v, want %s and a trace ID", told.Extensions, code)
				}
				if challenged := response.Header.Get("WWW-Authenticate") != ""; challenged != (test.status == http.StatusUnauthorized) {
					t.Errorf("WWW-Authenticate: %q", response.Header.Get("WWW-Authenticate"))
				}
				for part := range strings.SplitSeq(test.token, ".") {
					if len(part) > 8 && strings.Contains(body+fmt.Sprint(response.Header), part) {
						t.Error("the token is echoed")
					}
				}
			}
		})
	}
	if reached != 1 {
		t.Errorf("%d requests came through", reached-1)
	}
	evil.wantFetches(t, 0)
	jwks.wantFetches(t, 1)
}
