package cognito_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/cognito"
	"github.com/mykpi/mykpi/tenancy/httpauth"
)

func TestWhomATokenProves(t *testing.T) {
	acme, robots := tenancy.MustParseID("acme"), tenancy.MustParseID("robots")
	expires := noon.Add(time.Hour)
	sue := tenancy.Claims{
		Tenant: acme, Actor: tenancy.Actor{Kind: tenancy.User, ID: subject, Label: "sue@example.com"},
		Email: "sue@example.com", Role: tenancy.Editor, Expires: expires,
	}
	person := func(change func(*tenancy.Claims)) tenancy.Claims {
		changed := sue
		change(&changed)
		return changed
	}
	noEmail := func(label string) tenancy.Claims {
		return person(func(c *tenancy.Claims) { c.Email, c.Actor.Label = "", label })
	}
	role := func(role tenancy.Role) tenancy.Claims { return person(func(c *tenancy.Claims) { c.Role = role }) }
	machine := func(tenant tenancy.ID, permissions ...tenancy.Permission) tenancy.Claims {
		return tenancy.Claims{Tenant: tenant, Actor: tenancy.Actor{Kind: tenancy.APIKey, ID: robot, Label: robot}, Permissions: permissions, Expires: expires}
	}
	bound := func(permissions ...tenancy.Permission) func(*cognito.Config) {
		return func(c *cognito.Config) {
			c.Issuers[0].Machines = map[string]cognito.Machine{robot: {Tenant: robots, Permissions: permissions}}
		}
	}
	id := func(changes object) object { return idClaims().with(changes) }
	scope := func(scope any) object { return machineClaims().with(object{"scope": scope}) }

	for _, test := range []struct {
		name   string
		claims object
		change func(*cognito.Config)
		want   tenancy.Claims
	}{
		{"ID token", id(nil), nil, sue},
		{"the other form of issuer", id(object{"iss": strings.Replace(issuerName, "cognito-idp", "issuer.cognito-idp", 1)}), nil, sue},
		{"aud a list", id(object{"aud": []string{"another", client}}), nil, sue},
		{"exp with a fraction", id(object{"exp": float64(expires.Unix()) + 0.9}), nil, sue},
		{"expired within the leeway", id(object{"exp": seconds(-29 * time.Second)}), nil, person(func(c *tenancy.Claims) { c.Expires = noon.Add(-29 * time.Second) })},
		{"nbf and iat ahead within the leeway", id(object{"nbf": seconds(29 * time.Second), "iat": seconds(29 * time.Second)}), nil, sue},
		{"no groups", id(object{"cognito:groups": nil}), nil, role("")},
		{"groups a string", id(object{"cognito:groups": "ADMIN"}), nil, role("")},
		{"groups an object", id(object{"cognito:groups": object{"ADMIN": true}}), nil, role("")},
		{"groups unknown", id(object{"cognito:groups": []string{"admin", "eu-west-1_Google"}}), nil, role("")},
		{"groups of many types", id(object{"cognito:groups": []any{nil, 1, []string{"ADMIN"}, "VIEWER"}}), nil, role(tenancy.Viewer)},
		{"the strongest group", id(object{"cognito:groups": []string{"VIEWER", "ADMIN", "EDITOR"}}), nil, role(tenancy.Admin)},
		{"groups by a map", id(object{"cognito:groups": []string{"ADMIN", "staff"}}),
			func(c *cognito.Config) { c.Roles = map[string]tenancy.Role{"staff": tenancy.Viewer} }, role(tenancy.Viewer)},
		{"e-mail not verified", id(object{"email_verified": false}), nil, noEmail("sue")},
		{"e-mail not verified, as a string", id(object{"email_verified": "False"}), nil, noEmail("sue")},
		{"e-mail verified, as a string", id(object{"email_verified": "true"}), nil, sue},
		{"e-mail of unknown verification", id(object{"email_verified": nil}), nil, sue},
		{"no e-mail", id(object{"email": nil}), nil, noEmail("sue")},
		{"no e-mail, no name", id(object{"email": nil, "cognito:username": nil}), nil, noEmail(subject)},
		{"a name that poses as another", id(object{"email": nil, "cognito:username": "s\u202eeu"}), nil, noEmail(subject)},
		{"a name with a line break", id(object{"email": "a@b\nc", "cognito:username": "s\nue"}), nil, noEmail(subject)},
		{"a name too long", id(object{"email": nil, "cognito:username": strings.Repeat("s", 255)}), nil, noEmail(subject)},
		{"tenant by another claim", id(object{"custom:tenant_id": "other", "org": "acme"}), func(c *cognito.Config) { c.TenantClaim = "org" }, sue},
		{"access token with a trigger's claim", accessClaims().with(object{"custom:tenant_id": "acme"}), nil,
			person(func(c *tenancy.Claims) { c.Email, c.Actor.Label, c.Role = "", "sue", tenancy.Viewer })},
		{"machine", scope("mykpi/record mykpi/read"), nil, machine(robots, tenancy.Record, tenancy.Read)},
		{"machine with every scope", scope("mykpi/read mykpi/record mykpi/edit mykpi/administer"), nil, machine(robots, tenancy.Admin.Permissions()...)},
		{"machine with odd scopes", scope("record other/api aws.cognito.signin.user.admin /"), nil, machine(robots, tenancy.Record)},
		{"machine with a scope twice", scope("a/read b/read"), nil, machine(robots, tenancy.Read)},
		{"machine without a scope", scope(nil), nil, machine(robots)},
		{"machine with scopes as a list", scope([]string{"mykpi/read"}), nil, machine(robots)},
		{"machine within a bound", scope("mykpi/record mykpi/administer"), bound(tenancy.Record, tenancy.Read), machine(robots, tenancy.Record)},
		{"machine with a bound alone", scope(nil), bound(tenancy.Record), machine(robots, tenancy.Record)},
		{"machine with foreign scopes and a bound", scope("other/api"), bound(tenancy.Record), machine(robots)},
		{"machine with its tenant's claim", machineClaims().with(object{"custom:tenant_id": "robots"}), nil, machine(robots, tenancy.Record, tenancy.Read)},
		{"machine by a trigger's claim alone", machineClaims().with(object{"custom:tenant_id": "acme"}), func(c *cognito.Config) {
			c.Issuers[0].Machines, c.Issuers[0].Clients = nil, []string{robot}
		}, machine(acme, tenancy.Record, tenancy.Read)},
		{"machine's groups grant nothing", machineClaims().with(object{"cognito:groups": []string{"ADMIN"}, "scope": "mykpi/read"}), nil, machine(robots, tenancy.Read)},
	} {
		t.Run(test.name, func(t *testing.T) {
			v, _ := local(t, test.change)
			want := tenancy.Verified(test.want)
			for _, when := range []string{"first", "from the cache"} {
				got, err := v.Verify(t.Context(), genuine(test.claims))
				if err != nil {
					t.Fatal(err)
				}
				if !got.Expires().Equal(want.Expires()) || got.Tenant() != want.Tenant() || got.Actor() != want.Actor() || got.Email() != want.Email() ||
					got.Role() != want.Role() || !slices.Equal(got.Permissions(), want.Permissions()) {
					t.Errorf("%s\n got %+v\nwant %+v", when, got, want)
				}
			}
		})
	}
}

func TestCachedTokenExpires(t *testing.T) {
	v, clock := local(t, nil)
	token := genuine(idClaims())
	fresh, err := v.Verify(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	clock.advance(time.Hour + 30*time.Second - 1)
	cached, err := v.Verify(t.Context(), token)
	if err != nil || !reflect.DeepEqual(cached, fresh) {
		t.Errorf("a moment before its end: %+v, %v", cached, err)
	}
	clock.advance(1)
	wantKind(t, v, token, httpauth.ErrUnauthenticated)
}

func TestTokensOfTenantsDoNotCross(t *testing.T) {
	v, _ := local(t, func(c *cognito.Config) { c.CacheSize = 8 })
	tokens := map[string]string{}
	for _, tenant := range []string{"t1", "t10", "t2", "t3", "t4", "t5", "t6", "t7", "t8", "t9", "T1"} {
		tokens[tenant] = genuine(idClaims().with(object{"custom:tenant_id": tenant}))
	}
	for range 5 {
		for tenant, token := range tokens {
			identity, err := v.Verify(t.Context(), token)
			if err != nil || identity.Tenant().String() != tenant {
				t.Fatalf("the token of %s proves %s, %v", tenant, identity.Tenant(), err)
			}
		}
	}
}
