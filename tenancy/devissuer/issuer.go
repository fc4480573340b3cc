package devissuer

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/cognito"
)

const (
	// Name is the iss of all development tokens. Which directory's they are, the key says.
	Name = "urn:mykpi:development"
	// Client is their aud.
	Client = "mykpi-development"

	// DefaultTTL is how long a token lives that does not say.
	DefaultTTL = time.Hour
	// DefaultSubject is whom a token names that does not say.
	DefaultSubject = "developer"
)

// Issuer issues development tokens. It is safe for concurrent use.
type Issuer struct {
	key   *rsa.PrivateKey
	keyID string
}

// Open opens the issuer of a directory, whose key is made at the first time.
func Open(dir string) (*Issuer, error) {
	key, err := openKey(dir)
	if err != nil {
		return nil, fmt.Errorf("devissuer: %w", err)
	}
	return &Issuer{key: key, keyID: thumbprint(&key.PublicKey)}, nil
}

// Token is what to issue.
type Token struct {
	Tenant  tenancy.ID
	Role    tenancy.Role
	Subject string        // DefaultSubject if empty
	Email   string        // none if empty; it counts as verified
	TTL     time.Duration // DefaultTTL if zero; at least a second
}

// Issue signs a token, shaped as a Cognito ID token.
func (i *Issuer) Issue(token Token) (string, error) {
	if token.Tenant.IsZero() {
		return "", errors.New("devissuer: a token needs a tenant")
	}
	if token.Role.Permissions() == nil {
		return "", fmt.Errorf("devissuer: there is no role %q: use %s, %s or %s", token.Role, tenancy.Viewer, tenancy.Editor, tenancy.Admin)
	}
	if token.TTL == 0 {
		token.TTL = DefaultTTL
	}
	if token.TTL < time.Second {
		return "", fmt.Errorf("devissuer: a token has to live for a second at least, not %s", token.TTL)
	}
	if token.Subject == "" {
		token.Subject = DefaultSubject
	}
	now := time.Now()
	id := rand.Text()
	claims := jwt.MapClaims{
		"sub":                      token.Subject,
		"cognito:groups":           []string{string(token.Role)},
		"cognito:username":         token.Subject,
		cognito.DefaultTenantClaim: token.Tenant.String(),
		"iss":                      Name,
		"aud":                      Client,
		"token_use":                "id",
		"auth_time":                now.Unix(),
		"iat":                      now.Unix(),
		"exp":                      now.Add(token.TTL).Unix(),
		"jti":                      id,
		"origin_jti":               id,
	}
	if token.Email != "" {
		claims["email"] = token.Email
		claims["email_verified"] = true
	}
	unsigned := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
	unsigned.Header["kid"] = i.keyID
	signed, err := unsigned.SignedString(i.key)
	if err != nil {
		return "", fmt.Errorf("devissuer: %w", err)
	}
	return signed, nil
}

// publicKey is an RSA key as RFC 7517 writes it.
type publicKey struct {
	Use string `json:"use,omitempty"`
	Alg string `json:"alg,omitempty"`
	Kid string `json:"kid,omitempty"`
	E   string `json:"e"`
	Kty string `json:"kty"`
	N   string `json:"n"`
}

func encode(key *rsa.PublicKey) publicKey {
	encoding := base64.RawURLEncoding
	return publicKey{
		Kty: "RSA",
		E:   encoding.EncodeToString(big.NewInt(int64(key.E)).Bytes()),
		N:   encoding.EncodeToString(key.N.Bytes()),
	}
}

// thumbprint is the key's ID by RFC 7638: the hash of e, kty and n, in this order, as publicKey has them.
func thumbprint(key *rsa.PublicKey) string {
	text, err := json.Marshal(encode(key))
	if err != nil {
		panic(fmt.Sprintf("devissuer: strings alone can't fail to encode: %v", err))
	}
	sum := sha256.Sum256(text)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// JWKS is the public key as a JWKS document.
func (i *Issuer) JWKS() []byte {
	key := encode(&i.key.PublicKey)
	key.Use, key.Alg, key.Kid = "sig", "RS256", i.keyID
	document, err := json.Marshal(map[string][]publicKey{"keys": {key}})
	if err != nil {
		panic(fmt.Sprintf("devissuer: strings alone can't fail to encode: %v", err))
	}
	return document
}

// Trust is what a cognito.Verifier needs to verify the tokens. The tenant has to be in cognito.DefaultTenantClaim, and
// the groups have to be the names of the roles.
func (i *Issuer) Trust() cognito.Issuer {
	return cognito.Issuer{Names: []string{Name}, KeySet: i.JWKS(), Clients: []string{Client}}
}
