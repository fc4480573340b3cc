package transfer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

// Record is an event of a stream, or a document of one or of the common space (zero Stream): one of both is set.
type Record struct {
	Stream   eventstore.Stream
	Event    *eventstore.Event
	Document *eventstore.Document // without its revision, which is each store's own
}

// line is a Record as one line of JSON. Data is the payload as JSON; Bytes is one that is none.
type line struct {
	Stream        string          `json:"stream,omitempty"` // KIND/id
	Version       int64           `json:"version,omitempty"`
	Type          string          `json:"type,omitempty"`
	Schema        int             `json:"schema,omitempty"`
	ID            string          `json:"id,omitempty"`
	OccurredAt    *time.Time      `json:"occurredAt,omitempty"`
	RecordedAt    *time.Time      `json:"recordedAt,omitempty"`
	Actor         *tenancy.Actor  `json:"actor,omitempty"`
	Source        string          `json:"source,omitempty"`
	CorrelationID string          `json:"correlationId,omitempty"`
	CausationID   string          `json:"causationId,omitempty"`
	Document      string          `json:"document,omitempty"` // its name
	Expires       *time.Time      `json:"expires,omitempty"`
	Points        json.RawMessage `json:"points,omitempty"` // the payload of an event about points
	Data          json.RawMessage `json:"data,omitempty"`
	Bytes         []byte          `json:"bytes,omitempty"`
}

// Line is the record as one line of JSON, of which ParseLine makes the same. It is no MarshalJSON, whose answer json.Marshal
// would escape and so change.
func (r Record) Line() ([]byte, error) {
	var l line
	if r.Stream != (eventstore.Stream{}) {
		l.Stream = r.Stream.Kind + "/" + r.Stream.ID
	}
	if d := r.Document; d != nil {
		l.Document = d.Key.Name
		if !d.Expires.IsZero() {
			l.Expires = &d.Expires
		}
		l.body(d.Body)
		return l.marshal()
	}
	e := r.Event
	l.Version, l.Type, l.Schema, l.ID, l.Source, l.CorrelationID, l.CausationID = e.Version, e.Type, e.Schema, e.ID, e.Source, e.CorrelationID, e.CausationID
	l.OccurredAt, l.RecordedAt, l.Actor = &e.OccurredAt, &e.RecordedAt, &e.Actor
	if points, ok := journal.Portable(*e); ok {
		l.Points = points
	} else {
		l.body(e.Data)
	}
	return l.marshal()
}

// body tells bytes as JSON where they are JSON that comes back as the same bytes.
func (l *line) body(b []byte) {
	var compact bytes.Buffer
	if len(b) > 0 && json.Compact(&compact, b) == nil && bytes.Equal(compact.Bytes(), b) {
		l.Data = b
		return
	}
	l.Bytes = b
}

func (l line) marshal() ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false) // it would change what is in Data
	if err := encoder.Encode(l); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// ParseLine reads what Line wrote.
func ParseLine(b []byte) (Record, error) {
	var l line
	decoder := json.NewDecoder(bytes.NewReader(b))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&l); err != nil {
		return Record{}, err
	}
	var r Record
	if l.Stream != "" {
		kind, id, _ := strings.Cut(l.Stream, "/")
		r.Stream = eventstore.Stream{Kind: kind, ID: id}
		if err := r.Stream.Validate(); err != nil {
			return Record{}, err
		}
	}
	body := l.Bytes
	if l.Data != nil {
		body = l.Data
	}
	if l.Document != "" {
		r.Document = &eventstore.Document{Key: eventstore.Key{Stream: r.Stream, Name: l.Document}, Body: body}
		if l.Expires != nil {
			r.Document.Expires = l.Expires.UTC()
		}
		return r, r.Document.Key.Validate()
	}
	if l.Stream == "" || l.OccurredAt == nil || l.RecordedAt == nil || l.Actor == nil {
		return Record{}, fmt.Errorf("transfer: neither an event nor a document: %.200s", b)
	}
	if l.Points != nil {
		var err error
		if body, err = journal.FromPortable(l.Type, l.Points); err != nil {
			return Record{}, err
		}
	}
	r.Event = &eventstore.Event{
		Version: l.Version, ID: l.ID, Type: l.Type, Schema: l.Schema, OccurredAt: l.OccurredAt.UTC(), RecordedAt: l.RecordedAt.UTC(),
		Actor: *l.Actor, Source: l.Source, CorrelationID: l.CorrelationID, CausationID: l.CausationID, Data: body,
	}
	return r, nil
}
