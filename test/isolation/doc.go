// Package isolation proves the wall between tenants, from the schema and through the real server.
//
// The proof walks schema/*.graphqls: every argument and input field, below every field that takes any, that can carry an
// ID, key, cursor or name needs a row in the table of cases; the proof fails where one is missing. For each it asks, as
// tenant A, with a value of tenant B and with one of the same shape that names nothing, and requires the same bytes, on both
// engines; afterwards B must be as it was. It writes docs/isolation.md (make isolation). A server whose reader is broken
// on purpose, by an overlay of the build, must fail it.
//
// It holds tests alone, which may import anything.
package isolation
