package cognito

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"time"

	"github.com/mykpi/mykpi/tenancy"
)

// The defaults of Config.
const (
	DefaultTenantClaim = "custom:tenant_id"
	DefaultLeeway      = 30 * time.Second
	DefaultCacheSize   = 10_000
)

// Issuer is one issuer that is trusted, for every tenant that its tokens name.
type Issuer struct {
	// Names are the values of iss that are accepted, compared byte for byte.
	Names []string
	// JWKS is the URL of its public keys. An issuer within the process has KeySet instead.
	JWKS string
	// KeySet is a JWKS document, for an issuer that needs no fetching.
	KeySet []byte
	// Clients are the IDs of the app clients whose tokens are accepted: aud of ID tokens, client_id of access tokens.
	Clients []string
	// Machines are the clients of the client-credentials grant, by client_id. They need not be in Clients too.
	Machines map[string]Machine
}

// Machine is what a machine client may do, and in which tenant. Its tokens carry neither tenant nor groups.
type Machine struct {
	Tenant tenancy.ID
	// Permissions are the most that the client may hold. None sets no bound: then the scopes of the token decide alone.
	// Where a token has scopes, it holds those permissions that its scopes name (see permissionsOf) within the bound.
	Permissions []tenancy.Permission
}

// Config is what a Verifier is made of.
type Config struct {
	Issuers []Issuer
	// TenantClaim names the claim that holds the tenant ID; DefaultTenantClaim if empty. An app client must not be able
	// to write the attribute behind it.
	TenantClaim string
	// Roles says which role a group of cognito:groups grants; nil means the roles' own names.
	Roles map[string]tenancy.Role
	// Leeway is how far clocks may differ; DefaultLeeway if zero.
	Leeway time.Duration
	// CacheSize is how many verified tokens are kept at most; DefaultCacheSize if zero.
	CacheSize int
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Logger gets the failures to fetch a JWKS; nil logs nothing.
	Logger *slog.Logger
}

// poolID is REGION_ID, such as eu-west-1_AbCdEf123.
var poolID = regexp.MustCompile(`^([a-z]{2}(?:-[a-z]+)+-[0-9]+)_[0-9A-Za-z]+$`)

// Pool is the Issuer of a Cognito user pool, by its ID (REGION_ID) and app clients. Cognito has two forms of issuer
// URL; both are accepted.
func Pool(id string, clients ...string) (Issuer, error) {
	match := poolID.FindStringSubmatch(id)
	if match == nil {
		return Issuer{}, fmt.Errorf("cognito: %q is not the ID of a user pool, such as eu-west-1_AbCdEf123", id)
	}
	host := "cognito-idp." + match[1] + ".amazonaws.com/" + id
	return Issuer{
		Names:   []string{"https://" + host, "https://issuer." + host},
		JWKS:    "https://" + host + "/.well-known/jwks.json",
		Clients: clients,
	}, nil
}

func (c Config) withDefaults() Config {
	if c.TenantClaim == "" {
		c.TenantClaim = DefaultTenantClaim
	}
	if c.Roles == nil {
		c.Roles = map[string]tenancy.Role{}
		for _, role := range strongestFirst {
			c.Roles[string(role)] = role
		}
	}
	if c.Leeway == 0 {
		c.Leeway = DefaultLeeway
	}
	if c.CacheSize == 0 {
		c.CacheSize = DefaultCacheSize
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return c
}

func (c Config) validate() error {
	if len(c.Issuers) == 0 {
		return errors.New("cognito: no issuer: give a user pool or another issuer")
	}
	seen := map[string]bool{}
	for _, issuer := range c.Issuers {
		if err := issuer.validate(); err != nil {
			return err
		}
		for _, name := range issuer.Names {
			if seen[name] {
				return fmt.Errorf("cognito: issuer %q is given twice", name)
			}
			seen[name] = true
		}
	}
	for group, role := range c.Roles {
		if !slices.Contains(strongestFirst, role) {
			return fmt.Errorf("cognito: group %q: there is no role %q", group, role)
		}
	}
	if c.Leeway < 0 || c.CacheSize < 0 {
		return errors.New("cognito: the leeway and the cache size have to be 0 or more")
	}
	return nil
}

func (i Issuer) validate() error {
	if len(i.Names) == 0 || slices.Contains(i.Names, "") {
		return errors.New("cognito: an issuer needs its name, the value of iss")
	}
	if (i.JWKS == "") == (len(i.KeySet) == 0) {
		return fmt.Errorf("cognito: issuer %q needs either the URL of its JWKS or its keys", i.Names[0])
	}
	if i.JWKS != "" {
		u, err := url.Parse(i.JWKS)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
			return fmt.Errorf("cognito: issuer %q: the JWKS has to be an http or https URL, got %q", i.Names[0], i.JWKS)
		}
	}
	if len(i.Clients)+len(i.Machines) == 0 || slices.Contains(i.Clients, "") {
		return fmt.Errorf("cognito: issuer %q needs the IDs of the app clients it serves", i.Names[0])
	}
	for _, id := range slices.Sorted(maps.Keys(i.Machines)) {
		machine := i.Machines[id]
		if id == "" || machine.Tenant.IsZero() {
			return fmt.Errorf("cognito: issuer %q: machine client %q needs an ID and a tenant", i.Names[0], id)
		}
		for _, permission := range machine.Permissions {
			if !slices.Contains(allPermissions, permission) {
				return fmt.Errorf("cognito: issuer %q: machine client %q: there is no permission %q", i.Names[0], id, permission)
			}
		}
	}
	return nil
}
