package isolation

import (
	"slices"
	"testing"
	"time"
)

// BenchmarkLookup asks, by turns, for a chart that never was and for one that is another tenant's, and reports the medians:
// how long it takes must not tell them apart.
func BenchmarkLookup(b *testing.B) {
	s := start(b, binary, onSQLite, "--rate-tenant", "0", "--rate-address", "0")
	a, other := s.tenant(b, unique()), s.tenant(b, unique())
	theirs := furnish(b, other, figureOfB)
	for _, c := range []struct{ name, query, value string }{
		{"ID", `query($v: ID!, $n: Int) { chart(by: {id: $v}) { id points(first: $n) { nodes { key } } } }`, theirs[chartIDs][0]},
		{"key", `query($v: String!, $n: Int) { chart(by: {key: $v}) { id points(first: $n) { nodes { key } } } }`, theirs[chartKeys][0]},
	} {
		b.Run(c.name, func(b *testing.B) {
			took := map[string][]time.Duration{}
			n := 0
			for b.Loop() {
				for _, value := range []string{stranger(c.value), c.value} {
					n++ // another number of points each time, so that no answer is one that is remembered
					began := time.Now()
					_, body, err := a.ask(c.query, vars{"v": value, "n": n % 100})
					took[value] = append(took[value], time.Since(began))
					if err != nil || body != `{"data":{"chart":null}}` {
						b.Fatalf("%v %s", err, body)
					}
				}
			}
			for value, all := range took {
				unit := "µs/never-was"
				if value == c.value {
					unit = "µs/not-yours"
				}
				slices.Sort(all)
				b.ReportMetric(float64(all[len(all)/2].Microseconds()), unit)
			}
		})
	}
}
