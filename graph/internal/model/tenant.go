package model

import (
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
)

// Changes are the changes that the input asks for.
func (in UpdateTenantInput) Changes() directory.Changes {
	return directory.Changes{Name: in.Name.Value(), TimeZone: in.TimeZone.Value(), WeekStart: in.WeekStart.Value()}
}

// ViewerOf is the caller as it sees itself. Its Tenant is read when asked for.
func ViewerOf(as tenancy.Identity) *Viewer {
	v := &Viewer{Subject: as.Actor().ID, Permissions: as.Permissions()}
	if email := as.Email(); email != "" {
		v.Email = &email
	}
	if role := as.Role(); role != "" {
		v.Role = &role
	}
	return v
}
