// Package members keeps who belongs to a tenant and in which role, event-sourced: one stream and one document a tenant.
//
// It imports tenancy with httpauth, and eventstore. It promises: a tenant with an active ADMIN never loses the last one; an
// invitation is taken up by the first sign-in with its verified e-mail address, and by no other account after that; a
// removed member is let in again only by a new invitation; each change is an event that says who made it.
package members
