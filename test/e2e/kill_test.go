package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	defaultKills = 5
	killWriters  = 8
	killCharts   = 4
)

// delivery is one batch that a writer sent. Its name is the source of its points, by which they are found again, and its
// idempotency key.
type delivery struct {
	chart, name  string
	size         int // points; a single one has neither key nor instant, so that the idempotency key alone keeps it from counting twice
	acknowledged bool
}

// writer sends one batch after the other. Where the server dies under one, it sends the same again until it is
// acknowledged, or, every other time, gives it up: then nobody knows whether it counts, but all of it or nothing must.
type writer struct {
	ctx    context.Context
	client *client
	name   string
	sent   []delivery
	err    error
}

func (w *writer) run(stop <-chan struct{}) {
	for n := 0; ; n++ {
		select {
		case <-stop:
			return
		default:
		}
		d := delivery{chart: fmt.Sprint("chart-", n%killCharts), name: fmt.Sprint(w.name, "-", n), size: 1 + 2*(n%3%2)}
		giveUp := n%5 == 0
		for attempt := 0; !d.acknowledged && (attempt == 0 || !giveUp); attempt++ {
			if attempt > 0 {
				time.Sleep(20 * time.Millisecond)
			}
			a, err := w.client.tryRecord(w.ctx, d.chart, d.points(), vars{"idempotencyKey": d.name, "source": d.name, "onInvalid": "FAIL"})
			switch {
			case err != nil || a.code() == "UNAVAILABLE" || a.code() == "RATE_LIMITED":
				select {
				case <-stop:
					giveUp = true
				default:
				}
			case a.Errors != nil:
				w.err = fmt.Errorf("%s: %s", d.name, a.body)
				return
			default:
				d.acknowledged = true
			}
		}
		w.sent = append(w.sent, d)
	}
}

func (d delivery) points() []point {
	if d.size == 1 {
		return []point{{"value": 1}}
	}
	points := make([]point, d.size)
	for i := range points {
		points[i] = point{"key": fmt.Sprint(d.name, "-", i), "at": "2026-01-01T00:00:00Z", "value": 1}
	}
	return points
}

// TestKill kills the server with SIGKILL under a load of writers, again and again. Then every acknowledged point is
// there, what was not acknowledged is whole or absent, nothing counts twice, versions have no gaps, and the projection is
// what a rebuild makes of the log, byte for byte.
func TestKill(t *testing.T) {
	engines(t, func(t *testing.T, start starter) {
		kills := torture(t)
		if kills == 0 {
			kills = defaultKills
		}
		s := start(t)
		c := s.admin(t)
		for i := range killCharts {
			c.create(t, vars{"key": fmt.Sprint("chart-", i), "aggregation": "SUM"})
		}
		stop := make(chan struct{})
		var running sync.WaitGroup
		writers := make([]*writer, killWriters)
		for i := range writers {
			writers[i] = &writer{ctx: t.Context(), client: s.with(c.token), name: fmt.Sprint("writer-", i)}
			running.Go(func() { writers[i].run(stop) })
		}
		seed := uint64(time.Now().UnixNano())
		t.Logf("seed %d, %d kills", seed, kills)
		random := rand.New(rand.NewPCG(seed, 0))
		for range kills {
			time.Sleep(time.Duration(20+random.IntN(400)) * time.Millisecond)
			s.running().Kill()
			s.start(t)
		}
		time.Sleep(100 * time.Millisecond)
		close(stop)
		running.Wait()

		checkDeliveries(t, c, writers)
		checkVersions(t, c)
		until := time.Now().Format(time.RFC3339Nano)
		before := everything(t, c, until)
		t.Log(s.run(t, "rebuild"))
		if after := everything(t, c, until); after != before {
			t.Errorf("the rebuilt projection says something else:\n%s\n%s", before, after)
		}
	})
}

func checkDeliveries(t *testing.T, c *client, writers []*writer) {
	t.Helper()
	stored := map[string]map[string]int{} // points by chart, then by source
	for i := range killCharts {
		chart := fmt.Sprint("chart-", i)
		stored[chart] = map[string]int{}
		for _, p := range c.points(t, chart) {
			stored[chart][*p.Source]++
		}
	}
	acknowledged, unknown, counted := 0, 0, 0
	for _, w := range writers {
		if w.err != nil {
			t.Error(w.err)
		}
		for _, d := range w.sent {
			found := stored[d.chart][d.name]
			delete(stored[d.chart], d.name)
			counted += found
			if d.acknowledged {
				acknowledged++
			} else {
				unknown++
			}
			if found != d.size && (d.acknowledged || found != 0) {
				t.Errorf("%s to %s, acknowledged %v: %d of its %d points are there", d.name, d.chart, d.acknowledged, found, d.size)
			}
		}
	}
	sum := 0
	for chart, rest := range stored {
		if len(rest) > 0 {
			t.Errorf("%s has points that nobody sent: %v", chart, rest)
		}
		k := c.kpi(t, chart, "2026-01-01T00:00:00Z", time.Now().Format(time.RFC3339Nano))
		value, err := strconv.Atoi(number(k.Value))
		if err != nil {
			t.Error(err)
		}
		sum += value
	}
	if sum != counted {
		t.Errorf("the KPIs add up to %d, the points to %d", sum, counted)
	}
	t.Logf("%d batches acknowledged, %d unknown, %d points", acknowledged, unknown, counted)
	if acknowledged == 0 {
		t.Error("nothing was acknowledged: the load was none")
	}
}

// checkVersions walks each chart's history: versions without gaps, and as many points told as there are.
func checkVersions(t *testing.T, c *client) {
	t.Helper()
	for i := range killCharts {
		chart := fmt.Sprint("chart-", i)
		events := c.history(t, chart)
		told := 0
		for j, e := range events {
			if want := len(events) - j; e.Version != want {
				t.Fatalf("%s: version %d where %d is due", chart, e.Version, want)
			}
			if e.Type == "DataPointsRecorded" {
				told += read[struct{ Count int }](t, e.Data).Count
			}
		}
		if got := c.chart(t, chart, "version", nil).Version; got != len(events) {
			t.Errorf("%s is at version %d, its history has %d events", chart, got, len(events))
		}
		if points := len(c.points(t, chart)); points != told {
			t.Errorf("%s has %d points, its events tell of %d", chart, points, told)
		}
	}
}

// everything is all that queries say of the charts for times that are past, as bytes.
func everything(t *testing.T, c *client, until string) string {
	t.Helper()
	span := `from: "2025-12-25T00:00:00Z", to: ` + quote(until)
	var all strings.Builder
	for i := range killCharts {
		a := c.do(t, `query($key: String!) { chart(by: {key: $key}) { `+settingsFields+`
			kpi(`+span+`) { `+kpiFields+` }
			hours: trend(from: "2025-12-31T00:00:00Z", to: "2026-01-03T00:00:00Z", granularity: HOUR) { `+trendFields+` }
			days: trend(`+span+`, granularity: DAY) { `+trendFields+` }
			weeks: trend(`+span+`, granularity: WEEK) { `+trendFields+` }
			months: trend(`+span+`, granularity: MONTH) { `+trendFields+` }
			points(first: 500) { nodes { key at value source } `+pageFields+` } } }`, vars{"key": fmt.Sprint("chart-", i)})
		if a.Errors != nil {
			t.Fatalf("%s", a.body)
		}
		all.Write(a.body)
	}
	return all.String()
}
