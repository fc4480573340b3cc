package sqlite

import (
	"bytes"
	"testing"
	"time"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
	"pgregory.net/rapid"
)

func TestRecord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String()
		instant := rapid.Custom(func(t *rapid.T) time.Time {
			return time.Unix(rapid.Int64Range(-1<<40, 1<<40).Draw(t, "s"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns")).UTC()
		})
		want := eventstore.Event{
			Version: 7, ID: text.Draw(t, "id"), Type: text.Draw(t, "type"), Schema: rapid.IntRange(1, 1<<31).Draw(t, "schema"),
			OccurredAt: instant.Draw(t, "occurred"), RecordedAt: instant.Draw(t, "recorded"),
			Actor:  tenancy.Actor{Kind: tenancy.ActorKind(text.Draw(t, "kind")), ID: text.Draw(t, "actor"), Label: text.Draw(t, "label")},
			Source: text.Draw(t, "source"), CorrelationID: text.Draw(t, "correlation"), CausationID: text.Draw(t, "causation"),
			Data: rapid.SliceOf(rapid.Byte()).Draw(t, "data"),
		}
		record := appendRecord(nil, &want)
		got, err := decodeRecord(7, bytes.Clone(record))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Data, want.Data) {
			t.Fatalf("data %x, want %x", got.Data, want.Data)
		}
		if !bytes.Equal(appendRecord(nil, &got), record) || !got.OccurredAt.Equal(want.OccurredAt) || got.Actor != want.Actor || got.ID != want.ID || got.CausationID != want.CausationID {
			t.Fatalf("got %+v, want %+v", got, want)
		}
		if header := len(record) - len(want.Data); header > 0 {
			if _, err := decodeRecord(7, record[:rapid.IntRange(0, header-1).Draw(t, "cut")]); err == nil {
				t.Fatal("a record cut short decodes")
			}
		}
	})
}

// FuzzRecord: whatever lies in the file, decoding it ends with an event or an error.
func FuzzRecord(f *testing.F) {
	f.Add(appendRecord(nil, &eventstore.Event{ID: "a", Type: "T", Schema: 1, Data: []byte("x")}))
	f.Add([]byte{recordForm})
	f.Add([]byte{recordForm, 1, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := decodeRecord(1, bytes.Clone(b)); err != nil {
			return
		}
	})
}
