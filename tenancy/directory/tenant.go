package directory

import (
	"cmp"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/tenancy"
)

// Weekday is a first day of the week that a tenant may have.
type Weekday string

// The first days of a week that are in use in the world.
const (
	Monday   Weekday = "MONDAY"
	Sunday   Weekday = "SUNDAY"
	Saturday Weekday = "SATURDAY"
)

func (w Weekday) day() time.Weekday {
	switch w {
	case Sunday:
		return time.Sunday
	case Saturday:
		return time.Saturday
	}
	return time.Monday
}

// Tenant is one business as it stands.
type Tenant struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	TimeZone  string    `json:"timeZone"` // an IANA name
	WeekStart Weekday   `json:"weekStart"`
	CreatedAt time.Time `json:"createdAt"`
	Version   int64     `json:"version"`

	Suspended *Suspension `json:"suspended,omitempty"` // nil while it is served
	Quotas    Quotas      `json:"quotas,omitzero"`
}

// Suspension says since when, and why, nobody of a tenant is served.
type Suspension struct {
	At     time.Time `json:"at"`
	Reason string    `json:"reason,omitempty"` // for the operator alone
}

// Quotas are the most that a tenant may have; 0 stands for what the server has by default.
type Quotas struct {
	Charts       int `json:"charts,omitempty"`
	PointsPerDay int `json:"pointsPerDay,omitempty"`
	Sockets      int `json:"sockets,omitempty"`
}

// Or is the quotas with those of the server where they say none.
func (q Quotas) Or(server Quotas) Quotas {
	return Quotas{cmp.Or(q.Charts, server.Charts), cmp.Or(q.PointsPerDay, server.PointsPerDay), cmp.Or(q.Sockets, server.Sockets)}
}

// IsNode marks Tenant as a Node of the GraphQL schema.
func (*Tenant) IsNode() {}

// GetID is the tenant's ID, as the Node interface asks.
func (t *Tenant) GetID() string { return t.ID }

// Calendar is the tenant's calendar.
func (t *Tenant) Calendar() (charts.Calendar, error) {
	return charts.NewCalendar(t.TimeZone, t.WeekStart.day())
}

// Changes are what is wished of a tenant; nil leaves as it is.
type Changes struct {
	Name      *string
	TimeZone  *string
	WeekStart *Weekday
}

// apply answers the tenant with the changes in it and the names of those that change something, or a Refusal.
func (t Tenant) apply(c Changes) (Tenant, []string, error) {
	var changed []string
	if c.Name != nil && *c.Name != t.Name {
		if err := tenancy.CheckName("name", *c.Name); err != nil {
			return t, nil, err
		}
		t.Name, changed = *c.Name, append(changed, "name")
	}
	if c.TimeZone != nil && *c.TimeZone != t.TimeZone {
		t.TimeZone, changed = *c.TimeZone, append(changed, "timeZone")
	}
	if c.WeekStart != nil && *c.WeekStart != t.WeekStart {
		t.WeekStart, changed = *c.WeekStart, append(changed, "weekStart")
	}
	if _, err := t.Calendar(); err != nil {
		return t, nil, tenancy.Refuse(tenancy.BadUserInput, "timeZone", "must be an IANA time zone such as Europe/Paris")
	}
	return t, changed, nil
}
