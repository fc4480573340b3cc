package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"slices"
)

// metric is one number for Prometheus.
type metric struct {
	name, kind, help string
	value            int64
}

// metrics answers the numbers that an operator needs, as Prometheus reads them. They tell of no tenant.
func (s *server) metrics(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	writeMetrics(w, slices.Concat(s.processMetrics(), s.journalMetrics(), s.instances.metrics()))
}

func writeMetrics(w io.Writer, all []metric) {
	for _, m := range all {
		fmt.Fprintf(w, "# HELP %[1]s %[2]s\n# TYPE %[1]s %[3]s\n%[1]s %[4]d\n", m.name, m.help, m.kind, m.value)
	}
}

// processMetrics have the names that Prometheus' own clients give them.
func (s *server) processMetrics() []metric {
	all := []metric{
		{"mykpi_streams", "gauge", "Websockets and event streams that are open.", int64(s.edge.registry.Len())},
		{"go_goroutines", "gauge", "Goroutines that there are.", int64(runtime.NumGoroutine())},
	}
	if open, err := os.ReadDir("/proc/self/fd"); err == nil { // Linux alone
		all = append(all, metric{"process_open_fds", "gauge", "File descriptors that are open.", int64(len(open) - 1)}) // this one is closed
	}
	return all
}

func (s *server) journalMetrics() []metric {
	commits, attempts := s.core.journal.Contention()
	return []metric{
		{"mykpi_commits_total", "counter", "Commits of charts.", commits},
		{"mykpi_commit_attempts_total", "counter", "Attempts that they took: more where instances meet on one chart.", attempts},
	}
}

func (i *instances) metrics() []metric {
	all := []metric{
		{"mykpi_looks_total", "counter", "Looks at the store for what no message told.", i.looks.Load()},
		{"mykpi_looks_failed_total", "counter", "Those that failed.", i.failures.Load()},
	}
	if i.link == nil {
		return all
	}
	connected := int64(0)
	if i.link.Connected() {
		connected = 1
	}
	sent, heard, dropped := i.link.Stats()
	return append(all,
		metric{"mykpi_nats_connected", "gauge", "1 while NATS is there.", connected},
		metric{"mykpi_nats_sent_total", "counter", "Changes told to other instances.", sent},
		metric{"mykpi_nats_heard_total", "counter", "Changes heard of from other instances.", heard},
		metric{"mykpi_nats_dropped_total", "counter", "Changes that could not be told; others find them by looking.", dropped},
	)
}
