package members

import (
	"time"

	"github.com/mykpi/mykpi/tenancy"
)

// Status says how far a member has come.
type Status string

// The stages of a membership.
const (
	Invited Status = "INVITED"
	Active  Status = "ACTIVE"
	Removed Status = "REMOVED"
)

// Member is one person of a tenant.
type Member struct {
	ID        string       `json:"id"`
	Email     string       `json:"email"` // in lower case
	Role      tenancy.Role `json:"role"`
	Status    Status       `json:"status"`
	Subject   string       `json:"subject,omitempty"` // of the account that took the invitation up
	InvitedAt time.Time    `json:"invitedAt"`
	JoinedAt  *time.Time   `json:"joinedAt,omitempty"`
}

// IsNode marks Member as a Node of the GraphQL schema.
func (*Member) IsNode() {}

// GetID is the member's ID, as the Node interface asks.
func (m *Member) GetID() string { return m.ID }

func (m *Member) isActiveAdmin() bool { return m.Status == Active && m.Role == tenancy.Admin }
