package e2e

import (
	"fmt"
	"testing"
	"time"
)

// BenchmarkDashboard asks for what a dashboard shows: 20 charts with the KPI and the trend of seven days by day, through
// HTTP, with a token that is verified each time. It asks the same again and again: "read" is by a server that remembers no
// answers, "remembered" by one that does.
func BenchmarkDashboard(b *testing.B) {
	for _, e := range allEngines {
		for name, flags := range map[string][]string{"read": {"--answer-memory", "0"}, "remembered": nil} {
			b.Run(e.name+"/"+name, func(b *testing.B) {
				c := e.start(b, append(flags, "--rate-tenant", "0", "--rate-address", "0")...).admin(b)
				fillDashboard(b, c)
				const dashboard = `{ charts(first: 20) { nodes { ` + settingsFields + ` kpi { ` + kpiFields + ` } trend { ` + trendFields + ` } } } }`
				for b.Loop() {
					if a := c.do(b, dashboard, nil); a.Errors != nil {
						b.Fatalf("%s", a.body)
					}
				}
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "dashboards/s")
			})
		}
	}
}

// fillDashboard makes 20 charts with a month of hourly points.
func fillDashboard(b *testing.B, c *client) {
	b.Helper()
	now := time.Now().UTC().Truncate(time.Hour)
	points := make([]point, 30*24)
	for i := range points {
		points[i] = point{"at": now.Add(-time.Duration(i) * time.Hour).Format(time.RFC3339), "value": i}
	}
	for i := range 20 {
		key := fmt.Sprint("chart-", i)
		c.create(b, vars{"key": key, "aggregation": []string{"SUM", "LAST", "AVERAGE", "COUNT"}[i%4], "target": 100})
		c.record(b, key, points, vars{"mode": "BACKFILL"})
	}
}
