package members

import (
	"context"
	"strings"

	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/httpauth"
)

// Rule says who decides what a person may do.
type Rule string

// The rules.
const (
	// ByGroups: the groups of the token decide, and membership only keeps removed members out.
	ByGroups Rule = "groups"
	// ByMembership: the member's role decides, and a person without an active membership gets nothing.
	ByMembership Rule = "required"
)

// Admit lets a person in by a rule and the roster, which may be a moment old. An open invitation for the verified address
// is taken up. The identity is then labelled by the member's address. Machines are let in as they are.
func (h *Members) Admit(ctx context.Context, as tenancy.Identity, rule Rule, roster *Roster) (tenancy.Identity, error) {
	if as.Actor().Kind != tenancy.User {
		return as, nil
	}
	m := roster.of(as)
	if m != nil && m.Status == Invited {
		joined, err := h.join(ctx, as, m)
		if err != nil {
			return tenancy.Identity{}, err
		}
		m = joined
	}
	switch {
	case m != nil && m.Status == Removed:
		return tenancy.Identity{}, httpauth.Refuse(httpauth.ErrForbidden, "you were removed from this business: ask its administrator for a new invitation")
	case rule == ByMembership && (m == nil || m.Status != Active):
		return tenancy.Identity{}, httpauth.Refuse(httpauth.ErrForbidden, "you are no member of this business: ask its administrator for an invitation, and sign in first with an ID token that holds its verified e-mail address")
	case m == nil:
		return as, nil
	case rule == ByMembership:
		return identityOf(as, m, m.Role, nil), nil
	}
	return identityOf(as, m, as.Role(), as.Permissions()), nil
}

// of is the member that an identity is: the one whose account it is, or whose invitation or removal names its address. An
// active member's address alone proves nothing: it may have been given to another person since.
func (r *Roster) of(as tenancy.Identity) *Member {
	if m := r.bySubject(as.Actor().ID); m != nil {
		return m
	}
	if m := r.byEmail(strings.ToLower(as.Email())); m != nil && m.Status != Active {
		return m
	}
	return nil
}

// join takes an invitation up, and answers the member as it is then.
func (h *Members) join(ctx context.Context, as tenancy.Identity, m *Member) (*Member, error) {
	r, err := h.decide(ctx, as.Tenant(), as.Actor(), join(m.ID, as.Actor().ID))
	if err != nil {
		return nil, err
	}
	return r.of(as), nil
}

func identityOf(as tenancy.Identity, m *Member, role tenancy.Role, permissions []tenancy.Permission) tenancy.Identity {
	return tenancy.Verified(tenancy.Claims{
		Tenant: as.Tenant(), Email: as.Email(), Role: role, Permissions: permissions, Expires: as.Expires(),
		Actor: tenancy.Actor{Kind: tenancy.User, ID: as.Actor().ID, Label: m.Email},
	})
}
