package cognito

import (
	"slices"
	"strings"
	"time"

	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/httpauth"
)

var (
	strongestFirst = []tenancy.Role{tenancy.Admin, tenancy.Editor, tenancy.Viewer}
	allPermissions = tenancy.Admin.Permissions()
)

// identify makes an Identity of the claims of a token whose signature, issuer and dates are verified already.
func (v *Verifier) identify(from *issuer, c claims, expires time.Time) (tenancy.Identity, error) {
	subject := c.text("sub")
	if subject == "" || label(subject) != subject {
		return tenancy.Identity{}, httpauth.Refuse(httpauth.ErrUnauthenticated, "the token has no usable sub claim")
	}
	switch c.text("token_use") {
	case "id":
		audience, err := c.GetAudience()
		if err != nil || !slices.ContainsFunc(audience, from.isClient) {
			return tenancy.Identity{}, foreignClient()
		}
		return v.person(c, subject, c.text("cognito:username"), expires)
	case "access":
		client := c.text("client_id")
		machine, known := from.machines[client]
		isMachine := subject == client // so it is in the client-credentials grant alone: a user's sub is a UUID
		switch {
		case isMachine && (known || from.isClient(client)):
			return v.machine(c, client, machine, expires)
		case !isMachine && from.isClient(client):
			return v.person(c, subject, c.text("username"), expires)
		}
		return tenancy.Identity{}, foreignClient()
	}
	return tenancy.Identity{}, httpauth.Refuse(httpauth.ErrUnauthenticated, "the token is neither an ID nor an access token: send one of those")
}

func foreignClient() error {
	return httpauth.Refuse(httpauth.ErrUnauthenticated, "the token was issued to an app client that this server does not serve: sign in with the right one")
}

func (v *Verifier) person(c claims, subject, username string, expires time.Time) (tenancy.Identity, error) {
	tenant, err := tenancy.ParseID(c.text(v.tenantClaim))
	if err != nil {
		return tenancy.Identity{}, v.noTenant().Because(err)
	}
	email := c.email()
	name := email
	if name == "" {
		name = label(username)
	}
	if name == "" {
		name = subject
	}
	return tenancy.Verified(tenancy.Claims{
		Tenant:  tenant,
		Actor:   tenancy.Actor{Kind: tenancy.User, ID: subject, Label: name},
		Email:   email,
		Role:    v.role(c.groups()),
		Expires: expires,
	}), nil
}

// machine takes the tenant from the map of machine clients, or from the claim if a pre-token trigger adds one. If
// both are there they have to agree.
func (v *Verifier) machine(c claims, client string, machine Machine, expires time.Time) (tenancy.Identity, error) {
	tenant := machine.Tenant
	if _, ok := c[v.tenantClaim]; ok || tenant.IsZero() {
		claimed, err := tenancy.ParseID(c.text(v.tenantClaim))
		if err != nil {
			return tenancy.Identity{}, v.noTenant().Because(err)
		}
		if !tenant.IsZero() && claimed != tenant {
			return tenancy.Identity{}, httpauth.Refuse(httpauth.ErrForbidden, "the token names another tenant than the one that this machine client is set up for")
		}
		tenant = claimed
	}
	return tenancy.Verified(tenancy.Claims{
		Tenant:      tenant,
		Actor:       tenancy.Actor{Kind: tenancy.APIKey, ID: client, Label: client},
		Permissions: permissionsOf(c.text("scope"), machine.Permissions),
		Expires:     expires,
	}), nil
}

func (v *Verifier) noTenant() *httpauth.Refusal {
	return httpauth.Refuse(httpauth.ErrForbidden, "the token names no tenant: send an ID token with the claim %s, or ask the administrator to set it", v.tenantClaim)
}

// role is the strongest that the groups grant, or "" for none.
func (v *Verifier) role(groups []string) tenancy.Role {
	for _, role := range strongestFirst {
		if slices.ContainsFunc(groups, func(group string) bool { return v.roles[group] == role }) {
			return role
		}
	}
	return ""
}

// permissionsOf are the permissions of a machine's token. A scope names one by what follows its resource server:
// mykpi/record is RECORD. The bound, where there is one, limits them; a token without any scope has all of the bound.
func permissionsOf(scope string, bound []tenancy.Permission) []tenancy.Permission {
	scopes := strings.Fields(scope)
	if len(scopes) == 0 {
		return bound
	}
	var permissions []tenancy.Permission
	for _, scope := range scopes {
		permission := tenancy.Permission(strings.ToUpper(scope[strings.LastIndexByte(scope, '/')+1:]))
		if slices.Contains(allPermissions, permission) && (len(bound) == 0 || slices.Contains(bound, permission)) {
			permissions = append(permissions, permission)
		}
	}
	return permissions
}
