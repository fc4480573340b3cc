// Package ratelimit keeps callers to a rate, by token buckets in bounded memory: by address ahead of authentication, by
// key and by tenant after it.
//
// A request over a rate is answered, after a while, with 429, Retry-After and an error of code RATE_LIMITED; every answer carries RateLimit
// and RateLimit-Policy as draft-ietf-httpapi-ratelimit-headers has them. The buckets are this process's own: with n
// instances behind a balancer a caller has up to n times the rate. It imports gqlparser's error type, and package
// transport for its codes.
package ratelimit
