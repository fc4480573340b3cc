// Package eventstore is the narrow waist: streams of events and the documents projected from them, committed in one
// atomic step.
//
// It holds the Store interface, its records and its errors; the engines below it (sqlite, dynamo) know nothing of
// charts, and what stands above it does not know which engine it stands on. storetest is the conformance suite that
// both pass. It imports the standard library and tenancy alone.
package eventstore
