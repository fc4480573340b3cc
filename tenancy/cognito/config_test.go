package cognito_test

import (
	"slices"
	"testing"

	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/cognito"
)

func TestPool(t *testing.T) {
	pool, err := cognito.Pool("us-gov-west-1_AbC123", "one", "two")
	if err != nil {
		t.Fatal(err)
	}
	names := []string{
		"https://cognito-idp.us-gov-west-1.amazonaws.com/us-gov-west-1_AbC123",
		"https://issuer.cognito-idp.us-gov-west-1.amazonaws.com/us-gov-west-1_AbC123",
	}
	if !slices.Equal(pool.Names, names) || pool.JWKS != names[0]+"/.well-known/jwks.json" || !slices.Equal(pool.Clients, []string{"one", "two"}) {
		t.Errorf("got %+v", pool)
	}
	for _, id := range []string{"", "eu-west-1", "_AbC", "eu-west-1_", "eu-west-1_a/b", "evil.example/_a", "eu-west-1_a\n", "EU-WEST-1_a"} {
		if _, err := cognito.Pool(id, "one"); err == nil {
			t.Errorf("%q was taken", id)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	for name, spoil := range map[string]func(*cognito.Config){
		"no issuer":              func(c *cognito.Config) { c.Issuers = nil },
		"no name":                func(c *cognito.Config) { c.Issuers[0].Names = nil },
		"empty name":             func(c *cognito.Config) { c.Issuers[0].Names = []string{""} },
		"one issuer twice":       func(c *cognito.Config) { c.Issuers = append(c.Issuers, c.Issuers[0]) },
		"neither JWKS nor keys":  func(c *cognito.Config) { c.Issuers[0].KeySet = nil },
		"both JWKS and keys":     func(c *cognito.Config) { c.Issuers[0].JWKS = "https://127.0.0.1/jwks.json" },
		"JWKS in a file":         func(c *cognito.Config) { c.Issuers[0].KeySet, c.Issuers[0].JWKS = nil, "file:///etc/jwks.json" },
		"JWKS without a host":    func(c *cognito.Config) { c.Issuers[0].KeySet, c.Issuers[0].JWKS = nil, "https:///jwks.json" },
		"keys that are none":     func(c *cognito.Config) { c.Issuers[0].KeySet = []byte(`{"keys":[]}`) },
		"no client":              func(c *cognito.Config) { c.Issuers[0].Clients, c.Issuers[0].Machines = nil, nil },
		"empty client":           func(c *cognito.Config) { c.Issuers[0].Clients = []string{""} },
		"machine without tenant": func(c *cognito.Config) { c.Issuers[0].Machines[robot] = cognito.Machine{} },
		"machine without ID":     func(c *cognito.Config) { c.Issuers[0].Machines[""] = c.Issuers[0].Machines[robot] },
		"unknown permission": func(c *cognito.Config) {
			c.Issuers[0].Machines[robot] = cognito.Machine{Tenant: tenancy.MustParseID("a"), Permissions: []tenancy.Permission{"read"}}
		},
		"unknown role":             func(c *cognito.Config) { c.Roles = map[string]tenancy.Role{"staff": "OWNER"} },
		"negative leeway":          func(c *cognito.Config) { c.Leeway = -1 },
		"cache of a negative size": func(c *cognito.Config) { c.CacheSize = -1 },
	} {
		t.Run(name, func(t *testing.T) {
			c := config("", &clock{})
			c.Issuers[0].KeySet = jwksOf("first")
			spoil(&c)
			if _, err := cognito.New(c); err == nil {
				t.Error("it was taken")
			}
		})
	}
}
