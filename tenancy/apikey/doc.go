// Package apikey makes, verifies and revokes the keys of machines, such as n8n: a key is bound to one tenant and holds
// permissions of its own.
//
// It imports tenancy with httpauth and recall, and eventstore. It promises: a secret is told once, and only its hash is kept;
// a mistyped key is refused without a read; a key leads to its tenant without a search; a revoked key is refused within
// the age that is remembered (two seconds), on every instance; each change is an event that says who made it.
package apikey
