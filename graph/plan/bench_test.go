package plan_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/test/core"
)

// BenchmarkDashboard is a dashboard of 20 charts from the store to the last byte, with nothing remembered.
func BenchmarkDashboard(b *testing.B) {
	s := newSubject(b)
	for i := range 14 {
		id := s.core.Chart(b, s.as, charts.Sum)
		var points []command.PointInput
		for h := range 16 * 24 {
			points = append(points, core.Point(s.core.Clock.Now().Add(-time.Duration(h)*time.Hour), fmt.Sprint(h*i%1000)))
		}
		s.core.Record(b, s.as, id, points...)
	}
	for _, granularity := range []string{"DAY", "HOUR"} {
		for name, handler := range map[string]http.Handler{"compiled": s.compiled, "gqlgen": s.reference} {
			b.Run(granularity+"/"+name, func(b *testing.B) {
				body := `{"query": "{ charts(first: 20) { nodes { id key name description visualization aggregation direction status ` +
					`kpi { value previousValue changePercent } trend(granularity: ` + granularity + `) { buckets { start value } } } } }"}`
				b.ReportAllocs()
				for b.Loop() {
					r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(body))
					r.Header.Set("Content-Type", "application/json")
					w := httptest.NewRecorder()
					handler.ServeHTTP(w, r)
					if w.Code != http.StatusOK {
						b.Fatal(w.Body)
					}
				}
			})
		}
	}
}
