package sqlite_test

import (
	"testing"
	"time"

	"github.com/mykpi/mykpi/eventstore/sqlite"
)

// BenchmarkLongStream measures an append to a stream of 1,000,000 events against one to a stream of 10, by turns in
// the same store (of-short: 1 where length costs nothing).
func BenchmarkLongStream(b *testing.B) {
	s := open(b, b.TempDir(), sqlite.Options{})
	versions := [2]int64{10, 1_000_000}
	for chart, n := range versions {
		for at := int64(0); at < n; {
			c := point(chart, at, 100)
			for a := &c.Appends[0]; len(a.Events) < 10_000 && at+int64(len(a.Events)) < n; {
				next := a.Events[len(a.Events)-1]
				next.Version++
				a.Events = append(a.Events, next)
			}
			if err := s.Commit(b.Context(), acme, c); err != nil {
				b.Fatal(err)
			}
			at += int64(len(c.Appends[0].Events))
		}
	}
	var spent [2]time.Duration
	for b.Loop() {
		for chart := range versions {
			c := point(chart, versions[chart], 100)
			start := time.Now()
			newest, err := s.EventsBefore(b.Context(), acme, chartStream(chart), 0, 1)
			if err != nil || newest[0].Version != versions[chart] {
				b.Fatalf("the newest is %+v, %v", newest, err)
			}
			if err := s.Commit(b.Context(), acme, c); err != nil {
				b.Fatal(err)
			}
			spent[chart] += time.Since(start)
			versions[chart]++
		}
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(spent[1].Microseconds())/float64(b.N), "us/long-append")
	b.ReportMetric(spent[1].Seconds()/spent[0].Seconds(), "of-short")
}
