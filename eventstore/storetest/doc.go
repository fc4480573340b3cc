// Package storetest is what every eventstore engine must pass: Run holds a subtest for each sentence of the Store
// contract, Bench the benchmarks by which engines are compared.
//
// It may import eventstore, tenancy, testing and rapid; no engine. It asks nothing of an engine that its Limits don't
// allow, takes pages of any size, and leans on one promise throughout: reads follow every acknowledged commit.
//
// Where the contract leaves a choice, the suite settles it for all engines:
//
//   - A document expires at the second of Expires itself: a clock that shows it is too late to read it.
//   - An expired document is absent, so a put over it (IfAbsent or Always) gives revision 1 again, and IfRevision of
//     what it was is a conflict.
//   - A limit below 1 of Events, EventsBefore, Streams or Tenants, and a Span with a negative one, is ErrInvalid.
//   - A delete with IfAbsent is a conflict where a document is.
//   - A Commit of nothing is answered nil.
//   - After Close every call answers an error.
package storetest
