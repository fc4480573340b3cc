// Package cluster is how instances on one store tell one another what changed, so that a dashboard on any of them is live:
// a Link publishes each commit to NATS and hears of those of the others.
//
// It imports charts, charts/journal, tenancy and nats.go, and stands outside charts since that reaches net/http. Its promise
// is speed, not truth: a message is a hint, and may be lost, late or doubled; live.Hub.CatchUp finds what no message told.
package cluster
