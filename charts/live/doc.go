// Package live says who watches what: it turns commits into updates of the dashboards that show them.
//
// It imports charts, charts/query, charts/journal and tenancy. Its promise: a watcher first hears of every chart in its
// scope, then of each change; it gets the newest state of a chart, never an old one after a new one; and what waits
// for a slow watcher is bounded by its number of charts, not of changes. What
// other processes commit is marked as they tell it (package cluster), or when CatchUp looks.
package live
