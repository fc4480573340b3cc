package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync"
	"time"
)

// pace is the time between two requests of the quiet tenant: 25 dashboards and 25 points a second.
const pace = 20 * time.Millisecond

// runQuiet is the quiet tenant for a time: it starts a request at each beat, whether the last one was answered or not, and
// prints what each took.
func runQuiet(args []string) error {
	if len(args) != 3 {
		return errors.New("quiet URL TOKEN TIME")
	}
	span, err := time.ParseDuration(args[2])
	if err != nil {
		return err
	}
	c := newCaller(args[0], args[1], quietAddress)
	var (
		mu      sync.Mutex
		took    = times{}
		failed  error
		running sync.WaitGroup
	)
	beat := time.NewTicker(pace)
	defer beat.Stop()
	end := time.Now().Add(span)
	for n := 0; time.Now().Before(end); n++ {
		<-beat.C
		what, body := "dashboard", graphQL(dashboard, nil)
		if n%2 == 0 {
			what, body = "point", graphQL(record, map[string]any{"key": chartKey(n / 2), "value": n})
		}
		running.Go(func() {
			began := time.Now()
			status, answer, err := c.post("/graphql", "application/json", body)
			ms := float64(time.Since(began).Microseconds()) / 1000
			mu.Lock()
			defer mu.Unlock()
			if err != nil || status != http.StatusOK || bytes.Contains(answer, []byte(`"errors"`)) {
				failed = fmt.Errorf("%s: %d %.300s %w", what, status, answer, err)
			}
			took[what] = append(took[what], ms)
		})
	}
	running.Wait()
	return errors.Join(failed, json.NewEncoder(os.Stdout).Encode(took))
}
