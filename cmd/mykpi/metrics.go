package main

import (
	"fmt"
	"io"
	"net/http"
)

// metric is one number for Prometheus.
type metric struct {
	name, kind, help string
	value            int64
}

// metrics answers the numbers that an operator of several instances needs, as Prometheus reads them. They tell of no tenant.
func (s *server) metrics(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	writeMetrics(w, append(s.journalMetrics(), s.instances.metrics()...))
}

func writeMetrics(w io.Writer, all []metric) {
	for _, m := range all {
		fmt.Fprintf(w, "# HELP %[1]s %[2]s\n# TYPE %[1]s %[3]s\n%[1]s %[4]d\n", m.name, m.help, m.kind, m.value)
	}
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
