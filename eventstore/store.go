package eventstore

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/mykpi/mykpi/tenancy"
)

// The errors that a Store answers with, wrapped; test with errors.Is. Any other error is a fault of the caller
// (invalid records) or of the machine.
var (
	// ErrConflict: another commit came first. Nothing was written; load again and decide again.
	ErrConflict = errors.New("eventstore: conflict")
	// ErrUnavailable: the engine can't serve now (disk full, throttled, network). Nothing was written, or it
	// can't be told: a commit may be repeated as it is, for its conditions keep it from counting twice.
	ErrUnavailable = errors.New("eventstore: unavailable")
	// ErrTooLarge: the commit or one of its records is over Limits. Nothing was written; split it.
	ErrTooLarge = errors.New("eventstore: too large")
	// ErrInvalid: a record breaks a rule of this package. Nothing was written.
	ErrInvalid = errors.New("eventstore: invalid")
)

// Stream names a stream of events within a tenant. Kind is the aggregate's (CHART, TENANT, MEMBER …), ID its
// identity. Both are 1 to 128 characters of A-Z a-z 0-9 - _ . and hold no '#'.
type Stream struct{ Kind, ID string }

// Event is one immutable fact of a stream.
type Event struct {
	Version       int64  // 1, 2, 3 … in its stream, without gaps
	ID            string // unique, at most 64 bytes
	Type          string // such as ChartCreated
	Schema        int    // version of the type's payload, from 1
	OccurredAt    time.Time
	RecordedAt    time.Time // both UTC, kept to the nanosecond
	Actor         tenancy.Actor
	Source        string // such as an n8n execution id; "" where none
	CorrelationID string
	CausationID   string
	Data          []byte // the payload; the store does not look into it
}

// Key names a document of a tenant. A document with a Stream lives and dies with that stream; one without (zero Stream)
// lies in the tenant's common space. Spans read either in the order of Name, one space at a time.
// Name is 1 to 1,000 bytes of valid UTF-8.
type Key struct {
	Stream Stream
	Name   string
}

// Document is a record projected from events, or kept beside them (an idempotency record).
type Document struct {
	Key      Key
	Revision int64     // 1 when it is first put, then one more with every put; survives nothing: after a delete it is 1 again
	Expires  time.Time // zero for never. Whole seconds. An expired document is absent to every reader and every condition: put again it is of revision 1
	Body     []byte    // its own memory: to keep one document keeps no other
}

// Put writes a document under a condition.
type Put struct {
	Key     Key
	Body    []byte
	Expires time.Time
	If      Condition
	// Active lists the document, of the common space, in an index of active documents, where the engine keeps one for
	// other tools to read; a put without it takes it out. Nothing that this package answers depends on it.
	Active bool
}

// Condition guards a Put or a Delete.
type Condition struct {
	kind     conditionKind
	revision int64
}

type conditionKind int8

const (
	always conditionKind = iota
	absent
	atRevision
)

// Always puts whatever is there. It is the zero Condition.
func Always() Condition { return Condition{} }

// IfAbsent puts only where no document (or an expired one) is.
func IfAbsent() Condition { return Condition{kind: absent} }

// IfRevision puts only where the document has that revision; 0 is the same as IfAbsent.
func IfRevision(n int64) Condition {
	if n == 0 {
		return IfAbsent()
	}
	return Condition{kind: atRevision, revision: n}
}

// Absent reports whether the condition asks that nothing is there, Revision the revision it asks for, or 0.
func (c Condition) Absent() bool    { return c.kind == absent }
func (c Condition) Revision() int64 { return c.revision }

// Next is the revision of what a Put by the condition has put, or 0 where the condition does not tell.
func (c Condition) Next() int64 {
	if c.kind == always {
		return 0
	}
	return c.revision + 1
}

// Delete removes a document, which need not be there unless the condition asks for a revision.
type Delete struct {
	Key Key
	If  Condition
}

// Append adds events to the end of a stream.
type Append struct {
	Stream   Stream
	Expected int64   // the stream's version before; 0 for a new stream
	Events   []Event // their Versions are Expected+1, Expected+2, …; at least one
}

// Commit is one atomic step within one tenant: all of it happens, or nothing. It names each stream and each document
// at most once.
type Commit struct {
	Appends []Append
	Puts    []Put
	Deletes []Delete
}

// Span asks for documents of a tenant: for one, or for a range of names.
type Span struct {
	Key   Key    // with To == "": that one document
	To    string // else: names with Key.Name <= name < To, of the space of Key.Stream
	Limit int    // at most so many; 0 for all
	Desc  bool   // from the end
	// Without is the beginning of names that nobody asks for: they may be left out, where that is cheaper; "" for none.
	Without string
	// Eventual may miss what was committed within about the last second, where that is cheaper.
	Eventual bool
}

// One is the Span of one document.
func One(k Key) Span { return Span{Key: k} }

// Between is the Span of all documents of the common space with from <= name < to.
func Between(from, to string) Span { return Span{Key: Key{Name: from}, To: to} }

// Limits are what one commit may hold. They differ by engine; what stands above splits its work by them.
type Limits struct {
	Records     int // events, puts and deletes in one commit; a stream that begins counts as one more
	CommitBytes int // all of them, bodies and names
	RecordBytes int // one of them
}

// Store keeps streams of events and documents, strictly by tenant: no call reads or writes two tenants, but for
// Tenants. Every method refuses the zero tenancy.ID with ErrInvalid, is safe for concurrent use, and returns the
// context's error when it ends first. A nil error of Commit means durable: it survives kill -9 and power loss.
type Store interface {
	// Commit does c, atomically. ErrConflict: an Expected version or a Condition does not hold.
	Commit(ctx context.Context, tenant tenancy.ID, c Commit) error

	// Documents answers each span's documents in the span's order; a missing one is simply not there. All spans of one
	// call are read at one instant on SQLite; on DynamoDB each document is whole but they may be of different
	// commits, which is why documents carry versions (charts/projection). Reads follow every acknowledged
	// commit, but for the spans that are Eventual.
	Documents(ctx context.Context, tenant tenancy.ID, spans ...Span) ([][]Document, error)

	// Events answers a stream's events with Version > after, oldest first, at most limit (> 0) and fewer only at the
	// end of the stream or where a page grew too large: an empty answer alone means the end.
	Events(ctx context.Context, tenant tenancy.ID, s Stream, after int64, limit int) ([]Event, error)

	// EventsBefore answers a stream's events with Version < before, newest first; before <= 0 means from the newest.
	// Its limit is that of Events.
	EventsBefore(ctx context.Context, tenant tenancy.ID, s Stream, before int64, limit int) ([]Event, error)

	// Streams answers a tenant's streams of a kind in the order of ID, after an ID ("" for the first), at most limit.
	Streams(ctx context.Context, tenant tenancy.ID, kind, after string, limit int) ([]Stream, error)

	// Tenants answers the tenants that have any stream, in the order of ID, after one (zero for the first).
	Tenants(ctx context.Context, after tenancy.ID, limit int) ([]tenancy.ID, error)

	// Erase removes all of a tenant: every stream, event and document. It may take many steps; run it again after
	// a failure until it answers nil.
	Erase(ctx context.Context, tenant tenancy.ID) error

	// Limits are constant for the life of the Store.
	Limits() Limits

	// Ready answers nil while the engine can read and write.
	Ready(ctx context.Context) error

	io.Closer
}
