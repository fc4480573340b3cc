package graph

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/tenancy"
)

// BenchmarkRecord is what a mutation costs before its command runs: JSON, validation, coercion of the points.
func BenchmarkRecord(b *testing.B) {
	for _, n := range []int{1, 100, charts.MaxPointsPerCommand} {
		b.Run(fmt.Sprintf("points=%d", n), func(b *testing.B) {
			points := strings.Repeat(`,{"at":"2026-03-29T01:30:00+01:00","value":1234.56}`, n)[1:]
			body, err := json.Marshal(map[string]any{
				"query":     `mutation($input: RecordDataPointsInput!) { recordDataPoints(input: $input) { recorded } }`,
				"variables": json.RawMessage(`{"input":{"chart":{"key":"revenue"},"points":[` + points + `]}}`),
			})
			if err != nil {
				b.Fatal(err)
			}
			d := &domain{}
			handler, err := NewHandler(Config{Commands: d, Queries: d, Directory: d, Live: d, APIKeys: keys{d}, Members: people{d}, Quotas: d, Sources: feeds{d}})
			if err != nil {
				b.Fatal(err)
			}
			handler = withRole(handler)
			b.ReportAllocs()
			for b.Loop() {
				d.tenants = nil
				request := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(string(body)))
				request.Header.Set("Content-Type", "application/json")
				request.Header.Set(roleHeader, string(tenancy.Editor))
				recorder := httptest.NewRecorder()
				handler.ServeHTTP(recorder, request)
				if !strings.Contains(recorder.Body.String(), fmt.Sprintf(`"recorded":%d}`, n)) {
					b.Fatal(recorder.Body)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/point")
		})
	}
}
