package command_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
	"github.com/mykpi/mykpi/test/core"
)

// batch is n points at a step, the next of which begin behind it.
func batch(n int, from time.Time, step time.Duration) []command.PointInput {
	points := make([]command.PointInput, n)
	for i := range points {
		points[i] = core.Point(from.Add(time.Duration(i)*step), fmt.Sprintf("%d.%02d", i%1000, i%100))
	}
	return points
}

// An append of 1, 100 and 10,000 points, durable: what one mutation of a flow costs below the edge.
func BenchmarkAppend(b *testing.B) {
	for _, n := range []int{1, 100, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			c := core.New(b, core.At(start))
			as := c.Tenant(b, "Europe/Paris", directory.Monday)
			id := c.Chart(b, as, charts.Sum)
			at := start.AddDate(-10, 0, 0)
			for b.Loop() {
				c.Record(b, as, id, batch(n, at, time.Second)...)
				at = at.Add(time.Duration(n) * time.Second)
				if at.After(start.AddDate(0, 0, -1)) {
					at = at.AddDate(-10, 0, 0).Add(time.Millisecond)
				}
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "points/s")
		})
	}
}

// filled records points in batches of 10,000, one a minute, up to the clock.
func filled(b *testing.B, c *core.Core, as tenancy.Identity, points int) charts.ID {
	b.Helper()
	const most = charts.MaxPointsPerCommand
	id := c.Chart(b, as, charts.Sum)
	for left := points; left > 0; left -= most {
		from := c.Clock.Now().Add(-time.Duration(left) * time.Minute)
		c.Record(b, as, id, batch(min(left, most), from, time.Minute)...)
	}
	return id
}

// One more point on a chart of 1,000,000 costs what it costs on an empty one. The two take turns, so that both meet the
// same machine; "ratio" is that of their medians. "heap-MB" is what lives after the million was recorded and collected.
func BenchmarkAppendToAMillion(b *testing.B) {
	points := 1_000_000
	if testing.Short() {
		points = 100_000
	}
	c := core.New(b, core.At(start))
	as := c.Tenant(b, "Europe/Paris", directory.Monday)
	before := heap()
	empty, full := c.Chart(b, as, charts.Sum), filled(b, c, as, points)
	grown := heap() - before
	var took [2][]time.Duration
	for b.Loop() {
		c.Clock.Advance(time.Minute)
		for i, id := range []charts.ID{empty, full} {
			began := time.Now()
			_, err := c.Commands.RecordDataPoints(context.Background(), as, command.RecordDataPoints{
				Chart: charts.Ref{ID: id}, Points: batch(1, c.Clock.Now(), 0),
			})
			took[i] = append(took[i], time.Since(began))
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	median := func(d []time.Duration) float64 { slices.Sort(d); return float64(d[len(d)/2]) }
	b.ReportMetric(median(took[1])/median(took[0]), "ratio")
	b.ReportMetric(median(took[0])/1e3, "empty-µs")
	b.ReportMetric(median(took[1])/1e3, "full-µs")
	b.ReportMetric(grown/(1<<20), "heap-MB")
}

func heap() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}
