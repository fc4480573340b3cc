// Package transfer carries a whole tenant from one store to another, or to a file of JSON lines and back.
//
// What is carried are Records: each event of each stream, and the documents that no event tells (settings, receipts, runs,
// where keyed points stand). The documents of charts are not: they are made again from the log where it arrives, and Compare
// asks both ends the same. It imports charts, its journal, projection and query, eventstore and tenancy. Its promise:
// events arrive as they were, to the byte; what was interrupted goes on where it stopped; a target with another
// history of the same tenant is refused.
//
// A copy is of no single moment while somebody writes: shut the tenant's callers out, or run it again.
package transfer
