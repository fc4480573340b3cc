// Package directory keeps what tenants are: their names, time zones and first days of the week, their quotas, and whether
// they are suspended, event-sourced.
//
// It imports tenancy, charts (for what a calendar is) and eventstore. Its promise: a tenant's settings and their events
// are committed together, and every change says who made it.
package directory
