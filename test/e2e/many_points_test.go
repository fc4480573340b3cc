package e2e

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestManyPointsInOneChart fills a chart with 100,000 points, or 1,000,000 in the long form, in batches of 10,000, and
// appends single ones to it and to an empty chart. It tells how both compare; what it holds the server to is its memory.
func TestManyPointsInOneChart(t *testing.T) {
	engines(t, func(t *testing.T, start starter) {
		total := 100_000
		if torture(t) > 0 {
			total = 1_000_000
		}
		s := start(t)
		c := s.admin(t)
		c.create(t, vars{"key": "empty", "aggregation": "SUM"})
		c.create(t, vars{"key": "full", "aggregation": "SUM"})

		// One point a minute, up to a day ago.
		first := time.Now().UTC().Truncate(time.Hour).AddDate(0, 0, -1).Add(-time.Duration(total) * time.Minute)
		const size = 10_000
		batch := make([]point, size)
		var resident []int // kB after each batch
		for n := 0; n < total; n += size {
			for i := range batch {
				batch[i] = point{"at": first.Add(time.Duration(n+i) * time.Minute).Format(time.RFC3339), "value": 1}
			}
			if got := c.record(t, "full", batch, vars{"mode": "BACKFILL"}); got.Recorded != size {
				t.Fatalf("after %d points: %+v", n, got)
			}
			resident = append(resident, s.resident(t))
		}
		// The first batches warm up the heap; after that the number of points must not tell.
		half := len(resident) / 2
		early, late := slices.Max(resident[:half]), slices.Max(resident[half:])
		t.Logf("resident memory: at most %d kB in the first half, %d kB in the second", early, late)
		if late > early*3/2+32<<10 {
			t.Errorf("memory grows with the points: %v kB", resident)
		}

		full, empty := c.appendTime(t, "full"), c.appendTime(t, "empty")
		t.Logf("one more point: %v on %d points, %v on an empty chart, ratio %.2f", full, total, empty, float64(full)/float64(empty))

		k := c.kpi(t, "full", first.Format(time.RFC3339), first.Add(time.Duration(total)*time.Minute).Format(time.RFC3339))
		if number(k.Value) != strconv.Itoa(total) {
			t.Errorf("the KPI is %s, want %d", number(k.Value), total)
		}
	})
}

// appendTime is the median time of recording one point more.
func (c *client) appendTime(tb testing.TB, key string) time.Duration {
	tb.Helper()
	times := make([]time.Duration, 41)
	for i := range times {
		began := time.Now()
		if got := c.record(tb, key, []point{{"value": 1}}, nil); got.Recorded != 1 {
			tb.Fatalf("%+v", got)
		}
		times[i] = time.Since(began)
	}
	slices.Sort(times)
	return times[len(times)/2]
}

// resident is the memory that the server's process holds, in kB.
func (s *server) resident(tb testing.TB) int {
	tb.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.running().PID()))
	if err != nil {
		tb.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if text, found := strings.CutPrefix(line, "VmRSS:"); found {
			kilobytes, err := strconv.Atoi(strings.Fields(text)[0])
			if err != nil {
				tb.Fatal(err)
			}
			return kilobytes
		}
	}
	tb.Fatal("no VmRSS in /proc")
	return 0
}
