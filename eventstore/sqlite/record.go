package sqlite

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

// An event's columns that no query asks for are one record, for binding one value costs a fraction of binding ten:
//
//	byte    1, the form
//	uvarint schema
//	varint  seconds, uvarint nanoseconds of OccurredAt; then the same of RecordedAt
//	8 times uvarint length and bytes: id, type, actor kind, id, label, source, correlation id, causation id
//	the rest is the payload
const recordForm = 1

const recordTexts = 8

var errRecord = errors.New("malformed event record")

func appendRecord(b []byte, e *eventstore.Event) []byte {
	b = append(b, recordForm)
	b = binary.AppendUvarint(b, uint64(e.Schema))
	b = appendTime(b, e.OccurredAt)
	b = appendTime(b, e.RecordedAt)
	for _, s := range [recordTexts]string{e.ID, e.Type, string(e.Actor.Kind), e.Actor.ID, e.Actor.Label, e.Source, e.CorrelationID, e.CausationID} {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	return append(b, e.Data...)
}

func appendTime(b []byte, t time.Time) []byte {
	b = binary.AppendVarint(b, t.Unix())
	return binary.AppendUvarint(b, uint64(t.Nanosecond()))
}

// decodeRecord takes b over: the event's Data lies in it.
func decodeRecord(version int64, b []byte) (eventstore.Event, error) {
	e := eventstore.Event{Version: version}
	if len(b) == 0 || b[0] != recordForm {
		return e, fmt.Errorf("%w: unknown form", errRecord)
	}
	r := recordReader{b: b[1:]}
	e.Schema = int(r.uvarint())
	e.OccurredAt = r.time()
	e.RecordedAt = r.time()
	// One string of the whole, cut in pieces: one allocation instead of eight.
	var ends [recordTexts]int
	start := r.b
	var starts [recordTexts]int
	for i := range ends {
		n := r.uvarint()
		if n > uint64(len(r.b)) {
			return e, fmt.Errorf("%w: cut short", errRecord)
		}
		starts[i] = len(start) - len(r.b)
		ends[i] = starts[i] + int(n)
		r.b = r.b[n:]
	}
	if r.short {
		return e, fmt.Errorf("%w: cut short", errRecord)
	}
	texts := string(start[:ends[recordTexts-1]])
	text := func(i int) string { return texts[starts[i]:ends[i]] }
	e.ID, e.Type = text(0), text(1)
	e.Actor = tenancy.Actor{Kind: tenancy.ActorKind(text(2)), ID: text(3), Label: text(4)}
	e.Source, e.CorrelationID, e.CausationID = text(5), text(6), text(7)
	e.Data = r.b
	return e, nil
}

type recordReader struct {
	b     []byte
	short bool
}

func (r *recordReader) uvarint() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.short = true
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *recordReader) time() time.Time {
	seconds, n := binary.Varint(r.b)
	if n <= 0 {
		r.short = true
		return time.Time{}
	}
	r.b = r.b[n:]
	return time.Unix(seconds, int64(r.uvarint())).UTC()
}
