package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// floods are the kinds.
var floods = []string{"points", "dashboards", "CSV", "all"}

// connections are how many a flood of one kind holds, each sending as soon as it is answered.
var connections = map[string]int{"points": 64, "dashboards": 64, "CSV": charts}

// flooding is what a flood was answered.
type flooding struct{ Answers, Refused int64 }

// runFlood floods for a time, and prints what it was answered. What it asks counts only as far as it is over the rate, so
// it yields the load's processor to the quiet tenant, whose times must not be those of its own waiting.
func runFlood(args []string) error {
	if len(args) != 4 {
		return errors.New("flood URL TOKEN KIND TIME")
	}
	span, err := time.ParseDuration(args[3])
	if err != nil {
		return err
	}
	if err := syscall.Setpriority(syscall.PRIO_PROCESS, 0, 19); err != nil {
		return err
	}
	c := newCaller(args[0], args[1], floodAddress)
	var answers, refused atomic.Int64
	var running sync.WaitGroup
	end := time.Now().Add(span)
	for kind, n := range connections {
		if args[2] != kind && args[2] != "all" {
			continue
		}
		for i := range n {
			running.Go(func() {
				for turn := 0; time.Now().Before(end); turn++ {
					status, err := send(c, kind, i, turn)
					if err != nil {
						continue // it was cut off, as a flood may be
					}
					answers.Add(1)
					if status == http.StatusTooManyRequests {
						refused.Add(1)
					}
				}
			})
		}
	}
	running.Wait()
	return json.NewEncoder(os.Stdout).Encode(flooding{answers.Load(), refused.Load()})
}

func send(c caller, kind string, connection, turn int) (int, error) {
	path, contentType := "/graphql", "application/json"
	var body []byte
	switch kind {
	case "points":
		body = graphQL(record, map[string]any{"key": chartKey(connection), "value": turn})
	case "dashboards":
		body = graphQL(dashboard, nil)
	case "CSV":
		path, contentType, body = "/webhooks/charts/"+chartKey(connection)+"?mode=BACKFILL", "text/csv", file()
	}
	status, _, err := c.post(path, contentType, body)
	return status, err
}

// file is a CSV file of 50,000 points that nobody has, 1.7 MiB.
func file() []byte {
	var rows strings.Builder
	rows.WriteString("at,value\n")
	at := time.Now().UTC().AddDate(0, 0, -60).Truncate(time.Millisecond).Add(time.Duration(time.Now().UnixNano() % 1_000_000))
	for range 50_000 {
		at = at.Add(time.Minute)
		fmt.Fprintf(&rows, "%s,1\n", at.Format(time.RFC3339Nano))
	}
	return []byte(rows.String())
}
