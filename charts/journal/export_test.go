package journal

import (
	"runtime"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/tenancy"
)

// What tests outside the package must reach.
var Encode = encode

const Schema = schema

// AwaitQueued answers once so many commands wait for a chart.
func (j *Journal) AwaitQueued(tenant tenancy.ID, id charts.ID, n int) {
	for {
		j.mu.Lock()
		q := j.queues[chartKey{tenant, id}]
		waiting := q != nil && len(q.waiting) >= n
		j.mu.Unlock()
		if waiting {
			return
		}
		runtime.Gosched()
	}
}
