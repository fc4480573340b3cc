// Package memory remembers answers. The same request by a caller of the same tenant and rights, at the same version of the
// tenant and in the same second, gets the bytes that were sent before: ahead of parsing, behind authentication and limits.
//
// An answer depends on nothing else, for it is kept only where the Observer, which sees the operation being executed, says
// that it is a query that asks nothing but functions of the tenant's data and the time, and that it has no error. What of
// a request an answer can depend on is its key, in keyOf: method, query string, body, and the headers that graph/transport
// reads. A transport that comes to read another header must add it there.
//
// It imports lru, tenancy, httpauth, gqlgen and gqlparser. Its promise: no answer of another tenant, of other
// rights or of an earlier version; none that is older than its second; no error, mutation or subscription; and no more
// bytes than its budget.
package memory
