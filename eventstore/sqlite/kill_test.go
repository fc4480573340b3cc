package sqlite_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/eventstore/sqlite"
)

const (
	killedCharts = 8
	// roundsVariable is how often TestKill kills; unset for a few times.
	roundsVariable = "MYKPI_KILL_ROUNDS"
)

// TestKill kills a process that commits under load, again and again on the same folder: what it had acknowledged is
// there, a commit is there as a whole or not at all, and versions have no gaps.
func TestKill(t *testing.T) {
	rounds := 4
	if text := os.Getenv(roundsVariable); text != "" {
		var err error
		if rounds, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	acknowledged := make([]int64, killedCharts)
	for round := range rounds {
		commitAndKill(t, dir, acknowledged)
		s, err := sqlite.Open(dir, sqlite.Options{})
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		for chart, version := range acknowledged {
			isWhole(t, s, chart, version)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("acknowledged versions after %d kills: %v", rounds, acknowledged)
}

// commitAndKill keeps in acknowledged what the child tells until it is killed.
func commitAndKill(t *testing.T, dir string, acknowledged []int64) {
	t.Helper()
	cmd := child(t, "commit", dir)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	told, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := 0
	for scanner := bufio.NewScanner(told); scanner.Scan(); lines++ {
		var chart int
		var version int64
		if _, err := fmt.Sscan(scanner.Text(), &chart, &version); err != nil {
			t.Fatalf("%q: %v", scanner.Text(), err)
		}
		acknowledged[chart] = max(acknowledged[chart], version)
		if lines == 0 {
			time.AfterFunc(rand.N(150*time.Millisecond), func() { cmd.Process.Kill() })
		}
	}
	if err := cmd.Wait(); err == nil || lines == 0 {
		t.Fatalf("the child ended by itself after %d lines (%v): %s", lines, err, &stderr)
	}
}

// isWhole fails unless the chart has its acknowledged versions and documents that agree with its log.
func isWhole(t *testing.T, s *sqlite.Store, chart int, acknowledged int64) {
	t.Helper()
	var version int64
	for {
		page, err := s.Events(t.Context(), acme, chartStream(chart), version, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, e := range page {
			version++
			if e.Version != version || string(e.Data) != fmt.Sprintf("event %d of %d", version, chart) {
				t.Fatalf("chart %d: version %d holds %q where version %d should be", chart, e.Version, e.Data, version)
			}
		}
	}
	if version < acknowledged {
		t.Fatalf("chart %d: version %d is lost, the last is %d", chart, acknowledged, version)
	}
	answers, err := s.Documents(t.Context(), acme, eventstore.One(nowOf(chart)), eventstore.One(ownOf(chart)))
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range answers {
		if version == 0 && len(found) == 0 {
			continue // killed before anything was committed
		}
		if len(found) != 1 || string(found[0].Body) != fmt.Sprint(version) {
			t.Fatalf("chart %d: its log ends at version %d, its document is %+v", chart, version, found)
		}
	}
}

func nowOf(chart int) eventstore.Key {
	return eventstore.Key{Name: "NOW#" + chartStream(chart).ID}
}

func ownOf(chart int) eventstore.Key {
	return eventstore.Key{Stream: chartStream(chart), Name: "version"}
}

// commitUntilKilled is the child's part: it tells each version when it is acknowledged.
func commitUntilKilled(dir string) error {
	s, err := sqlite.Open(dir, sqlite.Options{})
	if err != nil {
		return err
	}
	ctx := context.Background()
	failed := make(chan error)
	var printing sync.Mutex
	for chart := range killedCharts {
		go func() {
			newest, err := s.EventsBefore(ctx, acme, chartStream(chart), 0, 1)
			var version int64
			if len(newest) > 0 {
				version = newest[0].Version
			}
			for err == nil {
				c := killedCommit(chart, version, 1+rand.IntN(3))
				if err = s.Commit(ctx, acme, c); err == nil {
					version += int64(len(c.Appends[0].Events))
					printing.Lock()
					_, err = fmt.Println(chart, version)
					printing.Unlock()
				}
			}
			failed <- err
		}()
	}
	return <-failed
}

func killedCommit(chart int, version int64, n int) eventstore.Commit {
	a := eventstore.Append{Stream: chartStream(chart), Expected: version}
	for range n {
		version++
		e := point(chart, version-1, 0).Appends[0].Events[0]
		e.Data = fmt.Appendf(nil, "event %d of %d", version, chart)
		a.Events = append(a.Events, e)
	}
	body := fmt.Append(nil, version)
	return eventstore.Commit{
		Appends: []eventstore.Append{a},
		Puts:    []eventstore.Put{{Key: nowOf(chart), Body: body}, {Key: ownOf(chart), Body: body}},
	}
}
