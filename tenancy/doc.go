// Package tenancy says who is asking and for which business: Tenant IDs, Identities, Permissions and Actors.
//
// It imports the standard library alone, so that every other package can name a tenant. Its promise is the wall's
// first stone: an ID cannot be converted from a string by accident, has no usable zero value, and an Identity is
// only ever made by a package that has verified it.
package tenancy
