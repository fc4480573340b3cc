// Package live says who watches what: it turns commits into updates of the dashboards that show them.
//
// A Hub keeps a feed for each tenant that is watched. A change is read once, however many watch, and becomes the newest
// update of its chart; a feed holds one update a chart, in the order in which they came. A Watch is a place in that order
// and no more: whoever is slow finds the newest state of each chart when it comes for it. What other processes commit is
// marked as they tell it (package cluster), or when CatchUp looks.
//
// It imports charts, charts/query, charts/journal and tenancy. Its promise: a watch first hears of every chart in its
// scope, then of each change; a chart's versions only rise; nothing that was committed before a watch began is missing from
// what it hears first; and what is kept is bounded by the number of charts, not of changes or watchers.
package live
