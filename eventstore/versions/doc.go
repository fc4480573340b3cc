// Package versions says whether anything of a tenant may have changed since an answer was made, so that answers can be
// remembered (docs/adr/0008-answers-are-remembered-by-version.md), and what, so that it need not be read again
// (docs/adr/0012-boards-are-kept.md).
//
// It imports eventstore's interface and tenancy. Its promise: once a commit through the counted store has returned, no
// version that was told before the commit began is told again; and while a commit is under way, or its outcome is not
// known, none is told at all. What Since does not tell of is as it was read after the Mark, but for what nobody was told
// yet. Commits of other processes are seen after Poll on an engine that can tell of them, and else when somebody calls
// Moved.
package versions
