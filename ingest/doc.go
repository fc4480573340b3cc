// Package ingest takes numbers in by HTTP: webhooks of n8n and other flows, CSV files, and foreign payloads that a source
// maps to points. It turns requests into commands, and what became of them into answers.
//
// It imports charts and charts/command, tenancy and its packages, patience and net/http; CEL reads the mappings of sources, and
// jsontext checks bodies. Its
// promises: every answer is JSON with a status that tells success from failure; a request may be repeated at any time
// without counting twice; a point that is refused within a request that was taken is kept with the reason
// (command.ReplayRejectedPoints), and no answer holds any part of a body that could not be read.
package ingest
