package ingest_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/eventstore/sqlite"
	"github.com/mykpi/mykpi/tenancy"
)

const benchPoints, benchBatch = 100_000, 1000

// benchRow is the instant, the value and, where it has one, the key of a point.
type benchRow struct{ at, value, key string }

// minutes are points of the minutes up to now, in order.
func minutes() []benchRow {
	rows := make([]benchRow, benchPoints)
	for i := range rows {
		rows[i].at = now.Add(-time.Duration(benchPoints-i) * time.Minute).Format(time.RFC3339)
		rows[i].value = fmt.Sprintf("%d.%02d", i%1000, i%100)
	}
	return rows
}

// orders are minutes with keys that ascend, as a shop numbers its orders.
func orders() []benchRow {
	rows := minutes()
	for i := range rows {
		rows[i].key = fmt.Sprintf("order-%d", 1_000_000+i)
	}
	return rows
}

// scattered are minutes with random keys: each is a place of its own in the engine's index.
func scattered() []benchRow {
	random := rand.New(rand.NewPCG(1, 2))
	rows := minutes()
	for i := range rows {
		rows[i].key = fmt.Sprintf("%016x%016x", random.Uint64(), random.Uint64())
	}
	return rows
}

// shuffledYear is a year of points to the second, in no order.
func shuffledYear() []benchRow {
	rows := minutes()
	for i := range rows { // every 315th second, which is an instant of its own each
		rows[i].at = now.Add(-time.Duration(i) * 315 * time.Second).Format(time.RFC3339)
	}
	random := rand.New(rand.NewPCG(1, 2))
	random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	return rows
}

// request is one that the benchmark sends.
type request struct {
	path, kind, body string
	points           int
}

// asCSV is one file of all points.
func asCSV(rows []benchRow) []request {
	var file strings.Builder
	file.WriteString("date,value,id\n")
	for _, r := range rows {
		fmt.Fprintf(&file, "%s,%s,%s\n", r.at, r.value, r.key)
	}
	return []request{{"/webhooks/charts/revenue?mode=BACKFILL", "text/csv", file.String(), len(rows)}}
}

// asBatches are requests of 1,000 points each.
func asBatches(rows []benchRow) []request {
	var requests []request
	for ; len(rows) > 0; rows = rows[benchBatch:] {
		var body strings.Builder
		for _, r := range rows[:benchBatch] {
			key := ""
			if r.key != "" {
				key = fmt.Sprintf(`,"key":%q`, r.key)
			}
			fmt.Fprintf(&body, `,{"at":%q,"value":%s%s}`, r.at, r.value, key)
		}
		requests = append(requests, request{"/webhooks/charts/revenue", "application/json", "[" + body.String()[1:] + "]", benchBatch})
	}
	return requests
}

// ledger is a store that remembers what was committed.
type ledger struct {
	eventstore.Store
	mu      sync.Mutex
	commits []committed
}

type committed struct {
	tenant tenancy.ID
	commit eventstore.Commit
}

func (l *ledger) Commit(ctx context.Context, tenant tenancy.ID, c eventstore.Commit) error {
	err := l.Store.Commit(ctx, tenant, c)
	if err == nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.commits = append(l.commits, committed{tenant, c})
	}
	return err
}

// usage is time that passed, by the clock and on processors.
type usage struct{ wall, cpu time.Duration }

func measured(b *testing.B, f func()) usage {
	runtime.GC()
	var before, after syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &before); err != nil {
		b.Fatal(err)
	}
	start := time.Now()
	f()
	wall := time.Since(start)
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &after); err != nil {
		b.Fatal(err)
	}
	cpu := func(u syscall.Rusage) time.Duration { return time.Duration(u.Utime.Nano() + u.Stime.Nano()) }
	return usage{wall, cpu(after) - cpu(before)}
}

func (u *usage) add(o usage) { u.wall, u.cpu = u.wall+o.wall, u.cpu+o.cpu }

// commitAll does the commits on a new store: the first of them unmeasured.
func commitAll(b *testing.B, commits []committed, unmeasured int) usage {
	store, err := sqlite.Open(b.TempDir(), sqlite.Options{Now: func() time.Time { return now }})
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	do := func(commits []committed) {
		for _, c := range commits {
			if err := store.Commit(b.Context(), c.tenant, c.commit); err != nil {
				b.Fatal(err)
			}
		}
	}
	do(commits[:unmeasured])
	return measured(b, func() { do(commits[unmeasured:]) })
}

// BenchmarkIngest is how many points become durable in a second, through HTTP, client and server in this process. The
// floor of each way is the bare engine in the same run: the very commits of that way, event by event, document by
// document, byte by byte and in the same number, given to eventstore.Store.Commit on a new store one after the other, as
// those of one chart must be, over however many connections its points come.
// "of-floor" is points a second as a share of the floor's; "cpu" is the whole process', the client's included. "again"
// sends what is there already, which commits next to nothing and has no floor.
func BenchmarkIngest(b *testing.B) {
	for _, way := range []struct {
		name        string
		connections int // at once
		requests    []request
	}{
		{"csv", 1, asCSV(minutes())},
		{"csv of orders", 1, asCSV(orders())},
		{"http", 1, asBatches(minutes())},
		{"http by 4 at once", 4, asBatches(minutes())},
		{"http of orders", 1, asBatches(orders())},
		{"http of scattered keys", 1, asBatches(scattered())},
		{"http of a shuffled year", 1, asBatches(shuffledYear())},
	} {
		var first, again, floor usage
		b.Run(way.name, func(b *testing.B) {
			for b.Loop() {
				l := &ledger{}
				s := stationOn(b, func(store eventstore.Store) eventstore.Store { l.Store = store; return l })
				prepared := len(l.commits)
				first.add(s.send(b, way.requests, way.connections, func(a answer) int { return a.Recorded }))
				commits := l.commits
				again.add(s.send(b, way.requests, way.connections, func(a answer) int { return a.Unchanged }))
				floor.add(commitAll(b, commits, prepared))
			}
			points := float64(b.N * benchPoints)
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(points/first.wall.Seconds(), "points/s")
			b.ReportMetric(floor.wall.Seconds()/first.wall.Seconds(), "of-floor")
			b.ReportMetric(float64(first.cpu.Nanoseconds())/points, "cpu-ns/point")
			b.ReportMetric(float64(floor.cpu.Nanoseconds())/points, "floor-cpu-ns/point")
			b.ReportMetric(points/again.wall.Seconds(), "again-points/s")
		})
	}
}

// send sends the requests over so many connections at once, of whose points the same must become of all.
func (s *station) send(b *testing.B, requests []request, connections int, became func(answer) int) usage {
	address := strings.TrimPrefix(s.url, "http://")
	written := make([][]byte, len(requests)) // beforehand: what is measured is the server
	for i, r := range requests {
		written[i] = fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s",
			r.path, address, acmeKey, r.kind, len(r.body), r.body)
	}
	return measured(b, func() {
		var group errgroup.Group
		group.SetLimit(connections)
		for i, r := range requests {
			group.Go(func() error {
				a, err := exchange(address, written[i])
				if err == nil && became(a) != r.points {
					err = fmt.Errorf("%+v", a)
				}
				return err
			})
		}
		if err := group.Wait(); err != nil {
			b.Fatal(err)
		}
	})
}

// exchange sends a request on a connection of its own, as n8n does.
func exchange(address string, request []byte) (a answer, err error) {
	connection, err := net.Dial("tcp", address)
	if err != nil {
		return a, err
	}
	defer connection.Close()
	if _, err := connection.Write(request); err != nil {
		return a, err
	}
	response, err := http.ReadResponse(bufio.NewReader(connection), nil)
	if err != nil {
		return a, err
	}
	a.status = response.StatusCode
	return a, json.NewDecoder(response.Body).Decode(&a)
}
