package cluster

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// Subscribers of every instance see what any of them takes: by NATS at once, and by looking while NATS is away, which
// /readyz and /metrics say.
func TestSubscribersOfEveryInstance(t *testing.T) {
	nats := startNATS(t)
	c := startCluster(t, binary, 3, "--nats", nats.url())
	as := c.admin(t)
	as.must(t, c.instances[0], create, vars{"key": "orders"}, nil)
	var streams []*stream
	for _, i := range c.instances {
		s := as.watch(t, i)
		s.until(t, "orders", 1)
		streams = append(streams, s)
	}
	version := 1
	// change records at one instance and answers how long the slowest subscriber waited.
	change := func(at int) (slowest time.Duration) {
		version++
		start := time.Now()
		as.must(t, c.instances[at], record, vars{"key": "orders", "once": unique()}, nil)
		for _, s := range streams {
			slowest = max(slowest, s.until(t, "orders", version).Sub(start))
		}
		return slowest
	}
	for at := range c.instances {
		waitFor(t, c.instances[at], `"status":"ready"`, "mykpi_nats_connected 1")
	}
	looks := metricOf(t, c.instances[0], "mykpi_nats_heard_total")
	for at := range c.instances {
		t.Logf("with NATS: every subscriber has it after %v", change(at).Round(time.Millisecond))
	}
	if heard := metricOf(t, c.instances[0], "mykpi_nats_heard_total"); heard == looks {
		t.Error("the first instance has heard nothing by NATS")
	}

	nats.kill()
	for _, i := range c.instances {
		waitFor(t, i, `"status":"degraded"`, "mykpi_nats_connected 0")
	}
	slowest := change(1)
	t.Logf("without NATS: every subscriber has it after %v; at most 30 s are promised", slowest.Round(time.Millisecond))

	nats.start(t)
	for _, i := range c.instances {
		waitFor(t, i, `"status":"ready"`, "mykpi_nats_connected 1")
	}
	t.Logf("with NATS again: %v", change(2).Round(time.Millisecond))
}

func get(t *testing.T, i *instance, path string) string {
	t.Helper()
	response, err := http.Get(i.running().URL + path)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d, %v: %s", path, response.StatusCode, err, text)
	}
	return string(text)
}

func waitFor(t *testing.T, i *instance, ready, metric string) {
	t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		status, metrics := get(t, i, "/readyz"), get(t, i, "/metrics")
		if strings.Contains(status, ready) && strings.Contains(metrics, metric) {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("not %s and %s, but %s\n%s", ready, metric, status, metrics)
		}
	}
}

func metricOf(t *testing.T, i *instance, name string) (value int) {
	t.Helper()
	for line := range strings.Lines(get(t, i, "/metrics")) {
		if rest, found := strings.CutPrefix(line, name+" "); found {
			if _, err := fmt.Sscan(rest, &value); err != nil {
				t.Fatal(err)
			}
			return value
		}
	}
	t.Fatalf("no metric %s", name)
	return 0
}
