package members

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/mykpi/mykpi/tenancy"
)

// event is one of the four that a roster is made of. The JSON of each is kept for ever.
type event interface{ apply(*Roster, time.Time) }

type (
	// memberInvited also lets a removed member in again.
	memberInvited struct {
		ID    string       `json:"id"`
		Email string       `json:"email"`
		Role  tenancy.Role `json:"role"`
	}
	memberJoined struct {
		ID      string `json:"id"`
		Subject string `json:"subject"`
	}
	memberRoleChanged struct {
		ID   string       `json:"id"`
		Role tenancy.Role `json:"role"`
	}
	memberRemoved struct {
		ID string `json:"id"`
	}
)

func (e memberInvited) apply(r *Roster, at time.Time) {
	if m := r.byID(e.ID); m != nil {
		*m = Member{ID: m.ID, Email: m.Email, Role: e.Role, Status: Invited, InvitedAt: at}
		return
	}
	r.Members = append(r.Members, Member{ID: e.ID, Email: e.Email, Role: e.Role, Status: Invited, InvitedAt: at})
}

func (e memberJoined) apply(r *Roster, at time.Time) {
	m := r.byID(e.ID)
	m.Status, m.Subject, m.JoinedAt = Active, e.Subject, &at
}

func (e memberRoleChanged) apply(r *Roster, _ time.Time) { r.byID(e.ID).Role = e.Role }

func (e memberRemoved) apply(r *Roster, _ time.Time) { r.byID(e.ID).Status = Removed }

func nameOf(e event) string {
	switch e.(type) {
	case memberInvited:
		return "MemberInvited"
	case memberJoined:
		return "MemberJoined"
	case memberRoleChanged:
		return "MemberRoleChanged"
	}
	return "MemberRemoved"
}

// decodeEvent reads an event as it was kept.
func decodeEvent(name string, data []byte) (e event, err error) {
	switch name {
	case "MemberInvited":
		e, err = decodeInto[memberInvited](data)
	case "MemberJoined":
		e, err = decodeInto[memberJoined](data)
	case "MemberRoleChanged":
		e, err = decodeInto[memberRoleChanged](data)
	case "MemberRemoved":
		e, err = decodeInto[memberRemoved](data)
	default:
		err = fmt.Errorf("there is no event %q", name)
	}
	return e, err
}

func decodeInto[E event](data []byte) (E, error) {
	var e E
	err := json.Unmarshal(data, &e)
	return e, err
}
