package dynamo

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"strconv"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

// item is one item as the SDK gives it. Items are read and written by hand: reflection is what costs on reads.
type item = map[string]types.AttributeValue

// Attributes of an event. An empty one is not written.
const (
	attrID          = "id"
	attrType        = "type"
	attrSchema      = "schema"
	attrOccurred    = "occurred" // RFC 3339 in UTC: legible, to the nanosecond, and never part of a key
	attrRecorded    = "recorded"
	attrActorKind   = "actorKind"
	attrActor       = "actor"
	attrActorLabel  = "actorLabel"
	attrSource      = "source"
	attrCorrelation = "correlation"
	attrCausation   = "causation"
	attrData        = "data"
	attrDeflated    = "deflated" // instead of data, where that is smaller
)

// Attributes of a document, besides expires.
const (
	attrRevision = "rev"
	attrBody     = "body"
	attrHead     = "head" // see headOf
)

// smallestDeflated is the size from which deflating is tried: below, its overhead wins.
const smallestDeflated = 100

func text(s string) types.AttributeValue     { return &types.AttributeValueMemberS{Value: s} }
func binaryOf(b []byte) types.AttributeValue { return &types.AttributeValueMemberB{Value: b} }
func number(n int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}
}

func (k key) item() item { return item{attrPK: text(k.pk), attrSK: text(k.sk)} }

func eventItem(k key, e eventstore.Event) (item, error) {
	it := k.item()
	for name, t := range map[string]time.Time{attrOccurred: e.OccurredAt, attrRecorded: e.RecordedAt} {
		u := t.UTC()
		if u.Year() < 0 || u.Year() > 9999 {
			return nil, fmt.Errorf("%w: event %s has a time in the year %d", eventstore.ErrInvalid, e.ID, u.Year())
		}
		it[name] = text(u.Format(time.RFC3339Nano))
	}
	it[attrSchema] = number(int64(e.Schema))
	for name, s := range map[string]string{
		attrID: e.ID, attrType: e.Type, attrActorKind: string(e.Actor.Kind), attrActor: e.Actor.ID, attrActorLabel: e.Actor.Label,
		attrSource: e.Source, attrCorrelation: e.CorrelationID, attrCausation: e.CausationID,
	} {
		if s != "" {
			it[name] = text(s)
		}
	}
	if z := deflate(e.Data); z != nil {
		it[attrDeflated] = binaryOf(z)
	} else if len(e.Data) > 0 {
		it[attrData] = binaryOf(e.Data)
	}
	return it, nil
}

func eventOf(it item) (eventstore.Event, error) {
	e := eventstore.Event{
		ID:            textOf(it, attrID),
		Type:          textOf(it, attrType),
		Actor:         tenancy.Actor{Kind: tenancy.ActorKind(textOf(it, attrActorKind)), ID: textOf(it, attrActor), Label: textOf(it, attrActorLabel)},
		Source:        textOf(it, attrSource),
		CorrelationID: textOf(it, attrCorrelation),
		CausationID:   textOf(it, attrCausation),
		Data:          bytesOf(it, attrData),
	}
	sk := textOf(it, attrSK)
	var err error
	if e.Version, err = versionOf(sk); err != nil {
		return e, fmt.Errorf("dynamo: event %s: %w", sk, err)
	}
	e.Schema = int(numberOf(it, attrSchema))
	if e.OccurredAt, err = time.Parse(time.RFC3339Nano, textOf(it, attrOccurred)); err != nil {
		return e, fmt.Errorf("dynamo: event %s: %w", sk, err)
	}
	if e.RecordedAt, err = time.Parse(time.RFC3339Nano, textOf(it, attrRecorded)); err != nil {
		return e, fmt.Errorf("dynamo: event %s: %w", sk, err)
	}
	if z := bytesOf(it, attrDeflated); z != nil {
		if e.Data, err = inflate(z); err != nil {
			return e, fmt.Errorf("dynamo: event %s: %w", sk, err)
		}
	}
	return e, nil
}

// documentOf answers the document of an item, and false where it is absent: never put, or expired and not yet taken
// away by DynamoDB, which may take days.
func documentOf(k eventstore.Key, it item, now time.Time) (eventstore.Document, bool) {
	d := eventstore.Document{Key: k, Revision: numberOf(it, attrRevision), Body: bytesOf(it, attrBody)}
	if len(it) == 0 || expired(it, now) {
		return eventstore.Document{}, false
	}
	if n := numberOf(it, attrExpires); n != 0 {
		d.Expires = time.Unix(n, 0).UTC()
	}
	return d, true
}

func expired(it item, now time.Time) bool {
	n := numberOf(it, attrExpires)
	return n != 0 && n <= now.Unix()
}

// headOf names a version of a stream in few bytes. Every lasting document of a commit with one append carries the
// head that the append reached: whoever finds it on a document knows that this version is in the log, which only
// ever grows. Streams of one tenant are told apart by 12 bytes of a hash.
func headOf(s eventstore.Stream, version int64) []byte {
	h := sha256.Sum256([]byte(registrySK(s)))
	return binary.AppendUvarint(h[:12:12], uint64(version))
}

func textOf(it item, name string) string {
	if v, ok := it[name].(*types.AttributeValueMemberS); ok {
		return v.Value
	}
	return ""
}

func bytesOf(it item, name string) []byte {
	if v, ok := it[name].(*types.AttributeValueMemberB); ok {
		return v.Value
	}
	return nil
}

func numberOf(it item, name string) int64 {
	if v, ok := it[name].(*types.AttributeValueMemberN); ok {
		n, err := strconv.ParseInt(v.Value, 10, 64)
		if err == nil {
			return n
		}
	}
	return 0
}

var deflaters = sync.Pool{New: func() any {
	w, err := flate.NewWriter(nil, flate.DefaultCompression)
	if err != nil {
		panic(err) // the level is a constant
	}
	return w
}}

// deflate answers nil where deflating would not make data smaller.
func deflate(data []byte) []byte {
	if len(data) < smallestDeflated {
		return nil
	}
	var out bytes.Buffer
	w := deflaters.Get().(*flate.Writer)
	defer deflaters.Put(w)
	w.Reset(&out)
	if _, err := w.Write(data); err != nil {
		return nil
	}
	if err := w.Close(); err != nil || out.Len() >= len(data) {
		return nil
	}
	return out.Bytes()
}

// inflate undoes deflate. No payload was larger than a record when it was written.
func inflate(z []byte) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(z)), recordBytes+1))
	if err != nil {
		return nil, fmt.Errorf("inflating: %w", err)
	}
	if len(data) > recordBytes {
		return nil, fmt.Errorf("inflating: more than %d bytes", recordBytes)
	}
	return data, nil
}
