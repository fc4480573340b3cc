// Package recall remembers for a moment what was read from the store: every request asks whether its tenant stands, and
// most ask within a second of the last.
//
// It imports a list of what was used last. It promises: nothing is told that was read longer ago than the cache's age; no
// more is kept than its size; callers who ask at once for what is not there wait for one read; an error is never kept.
package recall
