package dynamo_test

import (
	"fmt"
	"maps"
	"os"
	"testing"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/eventstore/dynamo"
	"github.com/mykpi/mykpi/eventstore/dynamo/meter"
)

// grow brings a stream to a version in commits as large as they may be, each with the chart's NOW document, and
// answers the document's revision.
func grow(t testing.TB, s *dynamo.Store, stream eventstore.Stream, version int64) (revision int64) {
	t.Helper()
	for at := int64(0); at < version; revision++ {
		n := min(version-at, int64(s.Limits().Records)-2) // NOW, and the stream itself
		commit(t, s, eventstore.Commit{Appends: []eventstore.Append{appendTo(stream, at, int(n))}, Puts: []eventstore.Put{now(stream.ID, eventstore.IfRevision(revision))}})
		at += n
	}
	return revision
}

// The length of a stream changes neither what an append costs nor how many requests it takes. MYKPI_TORTURE asks for the
// long form.
func TestAppendCostIsThatOfAShortStream(t *testing.T) {
	var m meter.Meter
	o := freshTables(t)
	plain := open(t, o)
	o.Wrap = m.Wrap
	metered := open(t, o)
	var uses []meter.Use
	long := int64(3000)
	if os.Getenv("MYKPI_TORTURE") != "" {
		long = 100_000
	}
	for _, version := range []int64{10, long} {
		stream := chart(fmt.Sprintf("%06d", version))
		revision := grow(t, plain, stream, version)
		m.Take()
		commit(t, metered, point(stream, version, revision))
		commit(t, metered, eventstore.Commit{Appends: []eventstore.Append{appendTo(stream, version+1, 1)}})
		uses = append(uses, m.Take())
	}
	if a, b := uses[0], uses[1]; a.WCU != b.WCU || a.RCU != b.RCU || !maps.Equal(a.Requests, b.Requests) {
		t.Errorf("at 10 events %+v, at %d %+v", a, long, b)
	}
}

func BenchmarkAppend(b *testing.B) {
	s := open(b, freshTables(b))
	for _, version := range []int64{10, 100_000} {
		stream := chart(fmt.Sprintf("%06d", version))
		revision := grow(b, s, stream, version)
		at := version
		b.Run(fmt.Sprintf("after %d events", version), func(b *testing.B) {
			for b.Loop() {
				commit(b, s, point(stream, at, revision))
				at++
				revision++
			}
		})
	}
}
