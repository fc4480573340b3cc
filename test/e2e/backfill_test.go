package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestBackfill takes a long history in by each way there is, and counts what a dashboard that watches is told of it: one
// update, which is of all of it.
func TestBackfill(t *testing.T) {
	const rows = 3500 // several batches by each way
	file := "at,value\n"
	points := make([]point, rows)
	for i := range rows {
		at := time.Date(2026, 1, 1, 0, i, 0, 0, time.UTC).Format(time.RFC3339)
		file += at + ",1\n"
		points[i] = point{"at": at, "value": 1}
	}
	path := filepath.Join(t.TempDir(), "history.csv")
	if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	engines(t, func(t *testing.T, start starter) {
		s := start(t)
		for name, take := range map[string]func(t *testing.T, c *client){
			"mutation": func(t *testing.T, c *client) { c.record(t, "history", points, vars{"mode": "BACKFILL"}) },
			"webhook": func(t *testing.T, c *client) {
				c.webhook(t, "charts/history?mode=BACKFILL", file, map[string]string{"Content-Type": "text/csv"})
			},
			"many charts": func(t *testing.T, c *client) {
				c.webhook(t, "charts?mode=BACKFILL", `{"chart":"history","points":`+string(marshal(t, points))+`}`, map[string]string{"Content-Type": "application/json"})
			},
		} {
			t.Run(name, func(t *testing.T) {
				c := s.admin(t)
				told(t, c, rows, 0, func() { take(t, c) })
			})
		}
	})
	// A server on DynamoDB sees nothing of another process without NATS, and says so when it starts.
	t.Run("command", func(t *testing.T) {
		s, tenant := allEngines[0].start(t), unique()
		told(t, s.as(t, tenant, "ADMIN"), rows, 4*time.Second, func() { s.run(t, "import", "--tenant", tenant, "--chart", "history", path) })
	})
}

// told watches a chart while a history is taken in, and until another change has come after a pause: of the history there
// is one update.
func told(t *testing.T, c *client, rows int, pause time.Duration, take func()) {
	t.Helper()
	c.create(t, vars{"key": "history", "aggregation": "COUNT"})
	c.create(t, vars{"key": "other"})
	watching := c.subscribe(t, `subscription { kpiUpdated { cause chart { key kpi(from: "2026-01-01T00:00:00Z", to: "2026-02-01T00:00:00Z") { value } } } }`)
	watching.next(t)
	watching.next(t)
	take()
	time.Sleep(pause) // what another process has recorded is seen a moment later
	c.record(t, "other", []point{{"value": 1}}, nil)
	var updates []string
	for {
		u := watching.next(t).KpiUpdated
		if u.Chart.Key == "other" {
			break
		}
		updates = append(updates, fmt.Sprintf("%s %v", u.Cause, u.Chart.Kpi.Value))
	}
	if got, want := strings.Join(updates, ", "), fmt.Sprintf("POINTS_RECORDED %d", rows); got != want {
		t.Errorf("told %s; want %s", got, want)
	}
}
