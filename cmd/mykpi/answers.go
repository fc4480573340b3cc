package main

import (
	"context"
	"net/http"
	"time"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/eventstore/sqlite"
	"github.com/mykpi/mykpi/eventstore/versions"
	"github.com/mykpi/mykpi/graph/memory"
)

// countVersions makes the counter of a store's commits.
func countVersions(store eventstore.Store) *versions.Counter {
	var elsewhere func(context.Context) (uint64, error)
	if s, ok := store.(*sqlite.Store); ok {
		elsewhere = s.Changed
	}
	return versions.New(time.Now, elsewhere)
}

// remember has queries answered from memory. A quarter of it is for charts' texts (graph.Config.TextMemory).
func (e *edge) remember(next http.Handler) http.Handler {
	return memory.New(e.core.versions, int(e.config.answerMemory/4*3), time.Now).Wrap(next)
}

// keep has queries read those documents alone that have changed since they were last read, within so many bytes.
func (c *core) keep(bytes int64) {
	if bytes > 0 {
		c.queries.Changes, c.queries.Memory = c.versions, int(bytes)
	}
}
