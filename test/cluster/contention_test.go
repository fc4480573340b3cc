package cluster

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/eventstore/dynamo"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/directory"
	"github.com/mykpi/mykpi/test/core"
)

// Two, four and eight instances hammer one chart with four callers each: how many attempts an append takes, and that
// nobody starves. Every caller's points are counted.
func TestContention(t *testing.T) {
	const callers, each = 4, 10
	o := dynamo.Options{Config: local.Config(t), TablePrefix: unique() + "-"}
	tables, err := dynamo.NewTables(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := tables.Create(t.Context()); err != nil {
		t.Fatal(err)
	}
	clock := core.At(time.Now())
	open := func() *core.Core {
		store, err := dynamo.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		return core.On(store, clock)
	}
	first := open()
	as := first.Tenant(t, "UTC", directory.Monday)
	for _, n := range []int{1, 2, 4, 8} {
		id := first.Chart(t, as, charts.Sum)
		var instances []*core.Core
		for range n {
			instances = append(instances, open())
		}
		var working sync.WaitGroup
		var slowest time.Duration
		refused := 0
		var mu sync.Mutex
		start := time.Now()
		for i, instance := range instances {
			for caller := range callers {
				working.Go(func() {
					for p := range each {
						began := time.Now()
						point := core.Keyed(fmt.Sprintf("%d-%d-%d", i, caller, p), clock.Now(), "1")
						refusals, err := insist(t.Context(), instance, as, id, point)
						if err != nil {
							t.Errorf("instance %d of %d: %v", i, n, err)
						}
						mu.Lock()
						slowest = max(slowest, time.Since(began))
						refused += refusals
						mu.Unlock()
					}
				})
			}
		}
		working.Wait()
		var commits, attempts int64
		for _, instance := range instances {
			c, a := instance.Journal.Contention()
			commits, attempts = commits+c, attempts+a
		}
		points := n * callers * each
		t.Logf("%d instances: %d points in %d appends of %.2f attempts; %.0f points a second, the slowest took %v, %d refused as busy",
			n, points, commits, float64(attempts)/float64(commits), float64(points)/time.Since(start).Seconds(), slowest.Round(time.Millisecond), refused)
		period := charts.Last7Days
		kpi, err := first.Read(t, as, id).Kpi(t.Context(), &period, nil, nil)
		if err != nil || kpi.Value == nil || kpi.Value.String() != fmt.Sprint(points) {
			t.Errorf("%d instances: %d points, and the sum is %v, %v", n, points, kpi, err)
		}
	}
}

// insist records a point as a client does that is told to come again, and answers how often it was.
func insist(ctx context.Context, c *core.Core, as tenancy.Identity, id charts.ID, p command.PointInput) (refusals int, err error) {
	for ; ; refusals++ {
		_, err = c.Commands.RecordDataPoints(ctx, as, command.RecordDataPoints{Chart: charts.Ref{ID: id}, Points: []command.PointInput{p}})
		if !errors.Is(err, eventstore.ErrUnavailable) || refusals == 10 {
			return refusals, err
		}
	}
}
