package ingest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

const benchPoints, benchBatch = 100_000, 1000

// bareCommits commits what 100,000 points take at least, straight to the engine: an event of a batch, packed, and a
// document of a kilobyte.
func bareCommits(b *testing.B, s *station, run int) {
	stream := eventstore.Stream{Kind: "CHART", ID: fmt.Sprint("bare", run)}
	actor := tenancy.Actor{Kind: tenancy.APIKey, ID: "key_1", Label: "n8n"}
	event, document := make([]byte, 6500), make([]byte, 1000)
	for i := range int64(benchPoints / benchBatch) {
		err := s.store.Commit(b.Context(), s.acme.Tenant(), eventstore.Commit{
			Appends: []eventstore.Append{{Stream: stream, Expected: i, Events: []eventstore.Event{{
				Version: i + 1, ID: fmt.Sprint(run, "-", i), Type: "DataPointsRecorded", Schema: 1, OccurredAt: now, RecordedAt: now, Actor: actor, Data: event,
			}}}},
			Puts: []eventstore.Put{{Key: eventstore.Key{Name: fmt.Sprint("BARE#", run)}, Body: document}},
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkIngest is how many points become durable in a second: by one CSV file and by batches over HTTP, beside what the
// engine alone does with as many bytes in as many commits.
func BenchmarkIngest(b *testing.B) {
	at := func(run, i int) string {
		return now.Add(-time.Duration(benchPoints-i) * time.Minute).Add(time.Duration(run) * time.Microsecond).Format(time.RFC3339Nano)
	}
	perSecond := func(b *testing.B) {
		b.ReportMetric(float64(b.N*benchPoints)/b.Elapsed().Seconds(), "points/s")
	}
	b.Run("engine", func(b *testing.B) {
		s := newStation(b)
		for run := 0; b.Loop(); run++ {
			bareCommits(b, s, run)
		}
		perSecond(b)
	})
	b.Run("csv", func(b *testing.B) {
		s := newStation(b)
		for run := 0; b.Loop(); run++ {
			b.StopTimer()
			var file strings.Builder
			file.WriteString("date,value\n")
			for i := range benchPoints {
				fmt.Fprintf(&file, "%s,%d.%02d\n", at(run, i), i%1000, i%100)
			}
			b.StartTimer()
			if a := s.post("/webhooks/charts/revenue?mode=BACKFILL", file.String(), "Content-Type", "text/csv"); a.Recorded != benchPoints {
				b.Fatalf("%d %.300s", a.status, a.body)
			}
		}
		perSecond(b)
	})
	b.Run("http", func(b *testing.B) {
		s := newStation(b)
		for run := 0; b.Loop(); run++ {
			b.StopTimer()
			var bodies []string
			for first := 0; first < benchPoints; first += benchBatch {
				var body strings.Builder
				for i := range benchBatch {
					fmt.Fprintf(&body, `,{"at":%q,"value":%d.%02d}`, at(run, first+i), i, i%100)
				}
				bodies = append(bodies, "["+body.String()[1:]+"]")
			}
			b.StartTimer()
			for _, body := range bodies {
				if a := s.post("/webhooks/charts/revenue", body); a.Recorded != benchBatch {
					b.Fatalf("%d %.300s", a.status, a.body)
				}
			}
		}
		perSecond(b)
	})
}
