package command_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
)

// A large batch gives way before each of its steps: checking, reserving, deciding, folding and committing. A small one is a step
// itself.
func TestLargeBatchesYield(t *testing.T) {
	for points, steps := range map[int]int{1: 0, 100: 0, 101: 5, 1000: 5} {
		w := newWorld(t)
		w.chart(t, "revenue", charts.Sum)
		yields := 0
		w.commands.Yield = func() { yields++ }
		c := command.RecordDataPoints{Chart: charts.Ref{Key: "revenue"}}
		for n := range points {
			c.Points = append(c.Points, keyed(fmt.Sprint(n), "1", start.Add(-time.Duration(n)*time.Minute)))
		}
		if done := w.record(t, c); done.Recorded != points || yields != steps {
			t.Errorf("%d of %d points were recorded, giving way %d times, want %d", done.Recorded, points, yields, steps)
		}
	}
}
