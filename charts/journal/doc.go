// Package journal carries charts to and from the event store: how events are encoded for ever, how a chart is loaded and
// committed, one at a time and in order, and how its documents are rebuilt from its log.
//
// It imports charts, charts/projection, tenancy/directory and eventstore. Its promise: what Do acknowledges is durable
// with its documents and its idempotency record, happened once, and follows every earlier change of the chart.
package journal
