package cognito

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"
	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/httpauth"
)

const (
	maxToken = 16 << 10 // bytes; Cognito's have 1 to 3 kB
	maxKeyID = 256      // bytes
)

// issuer is an Issuer at work.
type issuer struct {
	clients  []string
	machines map[string]Machine
	keys     *keySet
	keyfunc  keyfunc.Keyfunc
}

func (i *issuer) isClient(id string) bool { return slices.Contains(i.clients, id) }

// Verifier verifies tokens. It is safe for concurrent use.
type Verifier struct {
	issuers     map[string]*issuer // by each of their names
	tenantClaim string
	roles       map[string]tenancy.Role
	leeway      time.Duration
	now         func() time.Time
	parser      *jwt.Parser
	cache       *lru.Cache[fingerprint, verified]
}

var _ httpauth.Verifier = (*Verifier)(nil)

// New makes a Verifier. It fetches nothing: an issuer that is down now is asked when its first token comes.
func New(config Config) (*Verifier, error) {
	if err := config.validate(); err != nil {
		return nil, err
	}
	config = config.withDefaults()
	cache, err := lru.New[fingerprint, verified](config.CacheSize)
	if err != nil {
		return nil, err
	}
	v := &Verifier{
		issuers:     map[string]*issuer{},
		tenantClaim: config.TenantClaim,
		roles:       config.Roles,
		leeway:      config.Leeway,
		now:         config.Now,
		parser: jwt.NewParser(
			jwt.WithValidMethods([]string{jwt.SigningMethodRS256.Alg()}),
			jwt.WithExpirationRequired(),
			jwt.WithIssuedAt(),
			jwt.WithLeeway(config.Leeway),
			jwt.WithTimeFunc(config.Now),
			jwt.WithStrictDecoding(),
		),
		cache: cache,
	}
	for _, trusted := range config.Issuers {
		keys, err := newKeySet(trusted, config.Now, config.Logger)
		if err != nil {
			return nil, err
		}
		lookup, err := keyfunc.New(keyfunc.Options{Storage: keys})
		if err != nil {
			return nil, err
		}
		at := &issuer{clients: trusted.Clients, machines: trusted.Machines, keys: keys, keyfunc: lookup}
		for _, name := range trusted.Names {
			v.issuers[name] = at
		}
	}
	return v, nil
}

// Verify says whom a token proves. The Identity expires with the token; the leeway is for clocks, and not in it.
//
// The error is a *httpauth.Refusal: ErrUnauthenticated if the token proves nothing, ErrForbidden if it is genuine and
// names no tenant, ErrUnavailable if the issuer's keys can't be had at all.
func (v *Verifier) Verify(ctx context.Context, token string) (tenancy.Identity, error) {
	if len(token) > maxToken {
		return tenancy.Identity{}, httpauth.Refuse(httpauth.ErrUnauthenticated, "the token is longer than %d bytes", maxToken)
	}
	now := v.now()
	key := fingerprintOf(token)
	if entry, ok := v.cache.Get(key); ok {
		entry.issuer.keys.refreshIfDue(now)
		if now.Before(entry.until) && entry.generation == entry.issuer.keys.generation.Load() {
			return entry.identity, nil
		}
	}
	entry, err := v.verify(ctx, token)
	if err != nil {
		return tenancy.Identity{}, err
	}
	v.cache.Add(key, entry)
	return entry.identity, nil
}

func (v *Verifier) verify(ctx context.Context, token string) (verified, error) {
	if !compact(token) {
		return verified{}, httpauth.Refuse(httpauth.ErrUnauthenticated, "the token is not a signed JWT, three parts of base64url joined by dots: send it as the issuer gave it")
	}
	var found claims
	var from *issuer
	var generation uint64
	_, err := v.parser.ParseWithClaims(token, &found, func(parsed *jwt.Token) (any, error) {
		if from = v.issuers[found.text("iss")]; from == nil {
			return nil, errIssuer
		}
		if _, critical := parsed.Header["crit"]; critical {
			return nil, errCritical
		}
		if id, ok := parsed.Header["kid"].(string); !ok || id == "" || len(id) > maxKeyID {
			return nil, errKeyID
		}
		generation = from.keys.generation.Load()
		return from.keyfunc.KeyfuncCtx(ctx)(parsed)
	})
	if err != nil {
		return verified{}, v.refusal(err, found)
	}
	expires, err := found.GetExpirationTime()
	if err != nil || expires == nil {
		return verified{}, v.refusal(err, found)
	}
	identity, err := v.identify(from, found, expires.Time)
	if err != nil {
		return verified{}, err
	}
	return verified{identity: identity, issuer: from, generation: generation, until: expires.Add(v.leeway)}, nil
}

// compact reports whether a token has the form of a signed JWT: three parts that are not empty, of base64url. The
// decoder of the standard library would skip line breaks, so that one token had many spellings.
func compact(token string) bool {
	parts := 0
	for part := range strings.SplitSeq(token, ".") {
		parts++
		if part == "" || parts > 3 {
			return false
		}
		for i := range len(part) {
			c := part[i]
			if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' {
				return false
			}
		}
	}
	return parts == 3
}

var (
	errIssuer   = errors.New("issuer is not trusted")
	errKeyID    = errors.New("kid is missing or unusable")
	errCritical = errors.New("crit header is not supported")
)

// refusal words what the parser found. None of it quotes the token but its dates, once the signature is proven.
func (v *Verifier) refusal(err error, found claims) error {
	refuse := func(format string, args ...any) error {
		return httpauth.Refuse(httpauth.ErrUnauthenticated, format, args...).Because(err)
	}
	when := func(date func() (*jwt.NumericDate, error)) string {
		if d, err := date(); err == nil && d != nil {
			return d.UTC().Format(time.RFC3339)
		}
		return "an unknown time"
	}
	switch {
	case errors.Is(err, httpauth.ErrUnavailable):
		return httpauth.Refuse(httpauth.ErrUnavailable, "the keys of the token's issuer can't be had at the moment: try again in a few seconds").Because(err)
	case errors.Is(err, errIssuer):
		return refuse("the token's issuer is not one that this server trusts: sign in where this server says")
	case errors.Is(err, jwkset.ErrKeyNotFound), errors.Is(err, errKeyID):
		return refuse("the token is not signed with a key that its issuer publishes: get a new one")
	case errors.Is(err, errCritical):
		return refuse("the token asks for an extension that this server does not know")
	case errors.Is(err, jwt.ErrTokenSignatureInvalid):
		return refuse("the token is not signed by its issuer with RS256: get a new one")
	case errors.Is(err, jwt.ErrTokenExpired):
		return refuse("the token expired at %s: get a new one", when(found.GetExpirationTime))
	case errors.Is(err, jwt.ErrTokenNotValidYet):
		return refuse("the token is not valid before %s: check the clocks", when(found.GetNotBefore))
	case errors.Is(err, jwt.ErrTokenUsedBeforeIssued):
		return refuse("the token was issued at %s, which is yet to come: check the clocks", when(found.GetIssuedAt))
	case errors.Is(err, jwt.ErrTokenRequiredClaimMissing):
		return refuse("the token never expires, so it is not taken: it needs the claim exp")
	case errors.Is(err, errClaim):
		return refuse("the token has a date that can't be: exp, nbf and iat are seconds since 1970")
	}
	return refuse("the token can't be read: send it as the issuer gave it")
}
