package main

import (
	"net/http"
	"time"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/eventstore/versions"
	"github.com/mykpi/mykpi/graph/memory"
)

// countVersions makes the counter of a store's commits.
func countVersions(store eventstore.Store) *versions.Counter {
	engine, _ := store.(versions.Engine) // none on DynamoDB, which tells nothing of other instances
	return versions.New(time.Now, engine)
}

// remember has queries answered from memory.
func (e *edge) remember(next http.Handler) http.Handler {
	return memory.New(e.core.versions, int(e.config.answerMemory), time.Now).Wrap(next)
}

// keep has queries read those documents alone that have changed since they were last read, within so many bytes, and commands
// none of a chart that was just committed, within an eighth of that more. On DynamoDB other instances commit too: there
// nothing is kept.
func (c *core) keep(bytes int64) {
	if bytes > 0 {
		c.queries.Changes, c.queries.Memory = c.versions, int(bytes)
	}
	if _, alone := c.store.(versions.Engine); alone {
		c.journal.Memory = int(bytes / 8)
	}
}
