package tenancy

import (
	"slices"
	"time"
)

// Permission is one thing that a caller may do in its tenant. The names are those of the GraphQL enum.
type Permission string

// The permissions, from the weakest to the strongest; none includes another.
const (
	Read       Permission = "READ"
	Record     Permission = "RECORD"
	Edit       Permission = "EDIT"
	Administer Permission = "ADMINISTER"
)

// Role is a person's role in a tenant: a fixed set of permissions.
type Role string

// The roles. The zero Role holds no permission.
const (
	Viewer Role = "VIEWER"
	Editor Role = "EDITOR"
	Admin  Role = "ADMIN"
)

// Permissions are those a role holds; an unknown role holds none.
func (r Role) Permissions() []Permission {
	switch r {
	case Viewer:
		return []Permission{Read}
	case Editor:
		return []Permission{Read, Record, Edit}
	case Admin:
		return []Permission{Read, Record, Edit, Administer}
	}
	return nil
}

// ActorKind says what kind of caller did something.
type ActorKind string

// The kinds of actors.
const (
	User   ActorKind = "USER"
	APIKey ActorKind = "API_KEY"
	System ActorKind = "SYSTEM"
)

// Actor is who did something, as it is kept in every event: a stable ID and a label a person understands.
type Actor struct {
	Kind  ActorKind `json:"kind"`
	ID    string    `json:"id"`
	Label string    `json:"label"`
}

// Identity is a verified caller bound to one tenant. Its fields are hidden: what it says was verified when it was
// made, and stays so. The zero Identity is nobody and may do nothing.
type Identity struct {
	tenant      ID
	actor       Actor
	email       string
	role        Role
	permissions []Permission
	charts      []string
	expires     time.Time
}

// Claims are what a verifier found out about a caller.
type Claims struct {
	Tenant      ID
	Actor       Actor
	Email       string       // "" where unknown
	Role        Role         // "" for machines
	Permissions []Permission // added to the role's
	Charts      []string     // IDs of the only charts into which it may record; nil for all
	Expires     time.Time    // when the proof ends; zero for never
}

// Verified makes an Identity of what was verified. Only the packages that verify (cognito, apikey) and the command
// line call it; deps_test.go holds the list.
func Verified(c Claims) Identity {
	permissions := c.Role.Permissions()
	for _, p := range c.Permissions {
		if !slices.Contains(permissions, p) {
			permissions = append(permissions, p)
		}
	}
	return Identity{tenant: c.Tenant, actor: c.Actor, email: c.Email, role: c.Role, permissions: permissions, charts: slices.Clone(c.Charts), expires: c.Expires}
}

// Tenant is the one tenant the caller is bound to.
func (i Identity) Tenant() ID { return i.tenant }

// Actor is the caller as events name it.
func (i Identity) Actor() Actor { return i.actor }

// Email is the caller's verified address, or "".
func (i Identity) Email() string { return i.email }

// Role is the caller's role, or "" for a machine.
func (i Identity) Role() Role { return i.role }

// Permissions are all that the caller holds.
func (i Identity) Permissions() []Permission { return slices.Clone(i.permissions) }

// Charts are the IDs of the only charts into which the caller may record; nil for all.
func (i Identity) Charts() []string { return slices.Clone(i.charts) }

// ReachesChart reports whether a chart of its tenant is among those into which the caller may record, if it may record.
func (i Identity) ReachesChart(chart string) bool {
	return i.charts == nil || slices.Contains(i.charts, chart)
}

// SameRights reports whether two callers may do the same in the same tenant.
func (i Identity) SameRights(o Identity) bool {
	return i.tenant == o.tenant && slices.Equal(i.permissions, o.permissions) &&
		(i.charts == nil) == (o.charts == nil) && slices.Equal(i.charts, o.charts)
}

// Expires is when the proof of the identity ends; zero for never.
func (i Identity) Expires() time.Time { return i.expires }

// Can reports whether the caller holds a permission. The zero Identity holds none.
func (i Identity) Can(p Permission) bool {
	return !i.tenant.IsZero() && slices.Contains(i.permissions, p)
}
