// Package cluster tests several instances on one DynamoDB as a client and an operator meet them: server processes, a real
// NATS, kill -9 at random, clients that retry. Its promise: what it acknowledged is there once, whichever instance took
// it, and a build that forgets idempotency keys is caught.
//
// It has tests alone. MYKPI_TORTURE=50 asks for so many kills.
package cluster
