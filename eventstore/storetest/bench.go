package storetest

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mykpi/mykpi/eventstore"
)

// Bench measures an engine: durable appends by one writer and by 64, each with the document projected from it, and
// the reads of a dashboard. open answers an empty Store and closes it when b ends.
func Bench(b *testing.B, open func(b *testing.B, o Options) eventstore.Store) {
	for _, bench := range []struct {
		name string
		run  func(*testing.B, eventstore.Store)
	}{
		{"append/1 writer", func(b *testing.B, s eventstore.Store) { benchAppend(b, s, 1) }},
		{"append/64 writers", func(b *testing.B, s eventstore.Store) { benchAppend(b, s, 64) }},
		{"documents/40 in one span", benchSpan},
		{"documents/20 by key", benchKeys},
		{"events/1000", benchEvents},
	} {
		b.Run(bench.name, func(b *testing.B) { bench.run(b, open(b, Options{Now: time.Now})) })
	}
}

// The sizes of a point's event, and of the document of what a chart is now.
const (
	eventBytes    = 100 // with its other fields and its place about 200
	documentBytes = 1500
)

// benchAppend commits one event and one document at a time, b.N in all, by writers that each have a stream of their
// own.
func benchAppend(b *testing.B, s eventstore.Store, writers int) {
	var started atomic.Int64
	var group sync.WaitGroup
	b.ResetTimer()
	for writer := range writers {
		stream := eventstore.Stream{Kind: "CHART", ID: fmt.Sprintf("chart-%06d", writer)}
		group.Go(func() {
			body := make([]byte, documentBytes)
			for v := int64(0); started.Add(1) <= int64(b.N); v++ {
				e := event(v + 1)
				e.Data = make([]byte, eventBytes)
				err := s.Commit(b.Context(), acme, eventstore.Commit{
					Appends: []eventstore.Append{{Stream: stream, Expected: v, Events: []eventstore.Event{e}}},
					Puts:    []eventstore.Put{{Key: common("NOW#" + stream.ID), Body: body}},
				})
				if err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commits/s")
}

func benchSpan(b *testing.B, s eventstore.Store) {
	putMany(b, s, 40)
	for b.Loop() {
		answers, err := s.Documents(b.Context(), acme, eventstore.Between("NOW#", "NOW$"))
		if err != nil || len(answers[0]) != 40 {
			b.Fatalf("%d documents, %v", len(answers[0]), err)
		}
	}
}

func benchKeys(b *testing.B, s eventstore.Store) {
	putMany(b, s, 40)
	var spans []eventstore.Span
	for i := range 20 {
		spans = append(spans, eventstore.One(common(fmt.Sprintf("NOW#%06d", i))))
	}
	for b.Loop() {
		if _, err := s.Documents(b.Context(), acme, spans...); err != nil {
			b.Fatal(err)
		}
	}
}

func putMany(b *testing.B, s eventstore.Store, n int) {
	b.Helper()
	for i := range n {
		if err := s.Commit(b.Context(), acme, onlyPut(eventstore.Put{Key: common(fmt.Sprintf("NOW#%06d", i)), Body: make([]byte, documentBytes)})); err != nil {
			b.Fatal(err)
		}
	}
}

func benchEvents(b *testing.B, s eventstore.Store) {
	const n = 1000
	for at := 0; at < n; at += 50 {
		if err := s.Commit(b.Context(), acme, onlyAppend(chart, int64(at), 50)); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		for read := 0; read < n; {
			page, err := s.Events(b.Context(), acme, chart, int64(read), n)
			if err != nil || len(page) == 0 {
				b.Fatalf("after %d: %d events, %v", read, len(page), err)
			}
			read += len(page)
		}
	}
}
