// Package command carries out what callers ask of charts, one file a command: it checks the input, lets the chart
// decide, and has the journal commit what follows.
//
// It imports charts, charts/journal, eventstore's errors and tenancy. Its promise: every error that is the caller's to mend
// is a *tenancy.Refusal that names the field; a command either happened, durably and once, or changed nothing.
package command
