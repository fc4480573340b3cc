// Package query is what a dashboard reads: the read model of charts and the Reader that makes it from documents.
//
// It imports charts, charts/projection, charts/journal, eventstore and tenancy; it touches neither aggregates nor,
// but for history and provenance, events. Its promise: answers are exact, follow every acknowledged command, and one
// dashboard costs one pass over its tenant's documents whatever is asked of it.
package query
