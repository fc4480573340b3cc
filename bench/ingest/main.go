package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/mykpi/mykpi/bench/rig"
)

const (
	tenant     = "bench"
	chartCount = 20
)

func main() {
	log.SetFlags(0)
	serve := flag.String("serve", "", "be the floor, of this folder")
	rounds := flag.Int("rounds", 5, "rounds; each server is asked once in each")
	each := flag.Duration("each", time.Second, "how long a server is asked in a round")
	flag.Parse()
	var err error
	if *serve != "" {
		err = serveFloor(*serve)
	} else {
		err = run(*rounds, *each)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// subject is one way to record points, on a server of its own.
type subject struct {
	name   string
	server *rig.Process
	post   func(chart int, points []point) []byte
	cpu    []time.Duration // a request, of each round
	rate   []float64       // requests a second
}

// point is one as every way takes it.
type point struct {
	At    time.Time `json:"at"`
	Value float64   `json:"value"`
}

func run(rounds int, each time.Duration) error {
	dir, err := os.MkdirTemp("", "mykpi-bench-ingest-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	subjects, err := prepare(dir)
	for _, s := range subjects {
		defer s.server.Stop()
	}
	if err != nil {
		return err
	}
	for _, size := range []int{1, 50} {
		for round := -1; round < rounds; round++ { // the first warms up
			for _, s := range subjects {
				if err := s.measure(each, size, round >= 0); err != nil {
					return fmt.Errorf("%s: %w", s.name, err)
				}
			}
		}
		print(subjects, size)
	}
	return nil
}

// measure asks for some time and keeps what it cost.
func (s *subject) measure(each time.Duration, size int, keep bool) error {
	before, err := s.server.CPU()
	if err != nil {
		return err
	}
	start := time.Now()
	n, err := rig.Load(s.server.Host, each, func(n int64) [][]byte {
		// Each chart's points come in the order of time, as those of live figures do.
		points := make([]point, size)
		for i := range points {
			points[i] = point{time.Now().UTC(), float64(n%100_000) / 100}
		}
		return [][]byte{s.post(int(n%chartCount), points)}
	})
	if err != nil {
		return err
	}
	after, err := s.server.CPU()
	if err != nil || !keep {
		return err
	}
	s.cpu = append(s.cpu, (after-before)/time.Duration(n))
	s.rate = append(s.rate, float64(n)/time.Since(start).Seconds())
	return nil
}

func print(subjects []*subject, size int) {
	fmt.Printf("\n%d points a request, %d connections, %d charts\n\n", size, rig.Connections, chartCount)
	fmt.Println("| way | CPU a request | of raw | points/s | of raw |")
	fmt.Println("|---|---|---|---|---|")
	raw := subjects[0]
	rawCPU, rawRate := rig.Median(raw.cpu), rig.Median(raw.rate)
	for _, s := range subjects {
		cpu, rate := rig.Median(s.cpu), rig.Median(s.rate)
		fmt.Printf("| %s | %v | %.2f | %.0f | %.2f |\n", s.name, cpu.Round(100*time.Nanosecond), float64(cpu)/float64(rawCPU), rate*float64(size), rate/rawRate)
	}
	for _, s := range subjects {
		s.cpu, s.rate = nil, nil
	}
}

// prepare builds MyKPI, makes the charts, and starts the servers, each on a copy of the same folder. What it started is
// answered beside an error too.
func prepare(dir string) (subjects []*subject, err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	data := filepath.Join(dir, "data")
	binary, token, err := rig.Build(dir, data, tenant)
	if err != nil {
		return nil, err
	}
	mykpi := func(data string) *exec.Cmd { return rig.Serve(binary, data) }
	ids, err := makeCharts(mykpi(data), token)
	if err != nil {
		return nil, err
	}
	for _, way := range []struct {
		name string
		cmd  func(data string) *exec.Cmd
		post func(host string, chart int, points []point) []byte
	}{
		{"raw", func(data string) *exec.Cmd { return exec.Command(self, "-serve", data) }, func(host string, chart int, points []point) []byte {
			return rig.Post(host, "/", "none", mustJSON(map[string]any{"chart": ids[chart], "points": points}))
		}},
		{"mutation", mykpi, func(host string, chart int, points []point) []byte {
			return rig.Post(host, "/graphql", token, rig.Body(`mutation($i: RecordDataPointsInput!) { recordDataPoints(input: $i) { recorded } }`,
				map[string]any{"i": map[string]any{"chart": map[string]any{"id": ids[chart]}, "points": points}}))
		}},
		{"webhook", mykpi, func(host string, chart int, points []point) []byte {
			return rig.Post(host, "/webhooks/charts/"+keyOf(chart), token, mustJSON(points))
		}},
	} {
		copied := filepath.Join(dir, way.name)
		if out, err := exec.Command("cp", "-a", data, copied).CombinedOutput(); err != nil {
			return subjects, fmt.Errorf("%w: %s", err, out)
		}
		server, err := rig.Start(way.cmd(copied))
		if server != nil {
			subjects = append(subjects, &subject{name: way.name, server: server, post: func(chart int, points []point) []byte {
				return way.post(server.Host, chart, points)
			}})
		}
		if err != nil {
			return subjects, fmt.Errorf("%s: %w", way.name, err)
		}
	}
	return subjects, nil
}

// makeCharts makes the charts by a server that it stops again, and answers their IDs.
func makeCharts(cmd *exec.Cmd, token string) ([]string, error) {
	server, err := rig.Start(cmd)
	if server != nil {
		defer server.Stop()
	}
	if err != nil {
		return nil, err
	}
	ids := make([]string, chartCount)
	for i := range ids {
		answer, err := rig.Ask(server.Host, token, rig.Body(`mutation($i: CreateChartInput!) { createChart(input: $i) { chart { id } } }`,
			map[string]any{"i": map[string]any{"key": keyOf(i), "name": "Orders", "aggregation": "SUM"}}))
		if err != nil {
			return nil, err
		}
		var made struct {
			Data struct {
				CreateChart struct{ Chart struct{ ID string } }
			}
		}
		if err := json.Unmarshal(answer, &made); err != nil {
			return nil, err
		}
		ids[i] = made.Data.CreateChart.Chart.ID
	}
	return ids, nil
}

func keyOf(chart int) string { return fmt.Sprintf("chart-%02d", chart) }

func mustJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings, numbers and times alone
	}
	return b
}
