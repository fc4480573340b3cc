package members

import (
	"slices"
	"strings"

	"github.com/mykpi/mykpi/tenancy"
)

// MaxMembers is how many people a tenant may have, those counted who were removed: the roster is one document.
const MaxMembers = 1000

// Roster is everybody of one tenant. The zero Roster is empty.
type Roster struct {
	Members []Member `json:"members"`
	Version int64    `json:"version"`
}

// Member is the one with an ID, or nil.
func (r *Roster) Member(id string) *Member { return r.byID(id) }

func (r *Roster) byID(id string) *Member {
	return r.first(func(m *Member) bool { return m.ID == id })
}

func (r *Roster) byEmail(email string) *Member {
	if email == "" {
		return nil
	}
	return r.first(func(m *Member) bool { return m.Email == email })
}

func (r *Roster) bySubject(subject string) *Member {
	return r.first(func(m *Member) bool { return m.Subject == subject })
}

func (r *Roster) first(is func(*Member) bool) *Member {
	for i := range r.Members {
		if is(&r.Members[i]) {
			return &r.Members[i]
		}
	}
	return nil
}

// wish decides what follows from a wish for the roster as it stands: an event, nil for no change, or a Refusal.
type wish func(*Roster) (event, error)

func invite(newID, email string, role tenancy.Role) wish {
	return func(r *Roster) (event, error) {
		address, err := normalized(email)
		if err != nil {
			return nil, err
		}
		if err := checkRole(role); err != nil {
			return nil, err
		}
		m := r.byEmail(address)
		switch {
		case m == nil && len(r.Members) >= MaxMembers:
			return nil, tenancy.Refuse(tenancy.LimitExceeded, "", "there may be %d members", MaxMembers)
		case m == nil:
			return memberInvited{newID, address, role}, nil
		case m.Status == Removed:
			return memberInvited{m.ID, m.Email, role}, nil
		case m.Status == Invited && m.Role == role:
			return nil, nil
		}
		return nil, tenancy.Refuse(tenancy.BadUserInput, "email", "is a member already: change the role instead")
	}
}

func changeRole(id string, role tenancy.Role) wish {
	return func(r *Roster) (event, error) {
		m, err := r.standing(id)
		if err != nil {
			return nil, err
		}
		if err := checkRole(role); err != nil || m.Role == role {
			return nil, err
		}
		if r.isLastAdmin(m) {
			return nil, tenancy.Refuse(tenancy.BadUserInput, "role", "this is the last ADMIN: make another member ADMIN first")
		}
		return memberRoleChanged{id, role}, nil
	}
}

func remove(id string) wish {
	return func(r *Roster) (event, error) {
		m := r.byID(id)
		switch {
		case m == nil:
			return nil, notFound()
		case m.Status == Removed:
			return nil, nil
		case r.isLastAdmin(m):
			return nil, tenancy.Refuse(tenancy.BadUserInput, "id", "this is the last ADMIN: make another member ADMIN first")
		}
		return memberRemoved{id}, nil
	}
}

func join(id, subject string) wish {
	return func(r *Roster) (event, error) {
		if m := r.byID(id); m == nil || m.Status != Invited {
			return nil, nil
		}
		return memberJoined{id, subject}, nil
	}
}

// standing is the member with an ID who was not removed.
func (r *Roster) standing(id string) (*Member, error) {
	if m := r.byID(id); m != nil && m.Status != Removed {
		return m, nil
	}
	return nil, notFound()
}

func (r *Roster) isLastAdmin(m *Member) bool {
	return m.isActiveAdmin() && !slices.ContainsFunc(r.Members, func(other Member) bool { return other.ID != m.ID && other.isActiveAdmin() })
}

func notFound() error { return tenancy.Refuse(tenancy.NotFound, "id", "there is no such member") }

func checkRole(role tenancy.Role) error {
	if role.Permissions() == nil {
		return tenancy.Refuse(tenancy.BadUserInput, "role", "must be VIEWER, EDITOR or ADMIN")
	}
	return nil
}

const maxEmail = 254 // bytes, as SMTP has it

// normalized is an address in lower case: that is how people who sign in are compared with it.
func normalized(email string) (string, error) {
	email = strings.TrimSpace(email)
	if err := tenancy.CheckLine("email", email, maxEmail); err != nil {
		return "", err
	}
	local, domain, found := strings.Cut(email, "@")
	if !found || local == "" || domain == "" || strings.ContainsAny(email, " ,;<>\"\\") || strings.Contains(domain, "@") || len(email) > maxEmail {
		return "", tenancy.Refuse(tenancy.BadUserInput, "email", "must be one e-mail address, such as ana@acme.example")
	}
	return strings.ToLower(email), nil
}
