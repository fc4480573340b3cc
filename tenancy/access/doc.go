// Package access decides whether a caller who proved who it is may come in: its tenant has to be there and not suspended,
// and a person must not be kept out by the tenant's members.
//
// It imports tenancy with directory, httpauth, members and recall, and eventstore. It promises: a suspension, a removal and
// a change of role bite within the age that is remembered (two seconds), on every instance, sockets included, since
// httpauth.Session asks again; while the store can't tell, nobody new comes in.
package access
