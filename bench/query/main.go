package main

import (
	"bytes"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

func main() {
	log.SetFlags(0)
	serve := flag.String("serve", "", "be one of the servers: floor or stock")
	data := flag.String("data", "", "what the server serves")
	rounds := flag.Int("rounds", 5, "rounds; each server is asked once in each")
	each := flag.Duration("each", time.Second, "how long a server is asked in a round")
	only := flag.String("only", "", "names of servers, comma-separated; all if empty")
	peers := flag.Bool("peers", true, "measure the Node peers too")
	flag.Parse()
	var err error
	switch *serve {
	case "":
		err = run(*rounds, *each, *only, *peers)
	case "floor":
		err = serveFloor(*data)
	case "stock":
		err = serveStock(*data)
	default:
		err = fmt.Errorf("there is no server %q", *serve)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// subject is one server and what it is asked.
type subject struct {
	name     string
	server   *process
	requests func(round int64) [][]byte
	cpu      []time.Duration // a round of requests, one for each round of the run
	rate     []float64       // rounds of requests a second
}

func run(rounds int, each time.Duration, only string, peers bool) error {
	dir, err := os.MkdirTemp("", "mykpi-bench-query-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	for _, granularity := range []string{"DAY", "HOUR"} {
		if err := measure(dir, granularity, rounds, each, only, peers); err != nil {
			return err
		}
	}
	return nil
}

func measure(dir, granularity string, rounds int, each time.Duration, only string, peers bool) error {
	set, err := prepare(filepath.Join(dir, granularity), granularity, only, peers)
	if set != nil {
		defer set.stop()
	}
	if err != nil {
		return err
	}
	for round := -1; round < rounds; round++ { // the first warms up
		for _, s := range set.subjects {
			before, err := s.server.cpu()
			if err != nil {
				return err
			}
			start := time.Now()
			n, err := load(s.server.host, each, s.requests)
			if err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
			after, err := s.server.cpu()
			if err != nil {
				return err
			}
			if round >= 0 {
				s.cpu = append(s.cpu, (after-before)/time.Duration(n))
				s.rate = append(s.rate, float64(n)/time.Since(start).Seconds())
			}
		}
	}
	set.print(granularity)
	return nil
}

func median[T int64 | float64 | time.Duration](all []T) T {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}

// set is the servers of one run.
type set struct {
	answer    int // bytes
	processes []*process
	subjects  []*subject
}

func (s *set) stop() {
	for _, p := range s.processes {
		p.stop()
	}
}

// prepare builds MyKPI, fills it, and starts what is to be measured.
func prepare(dir, granularity, only string, peers bool) (*set, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	binary, data := filepath.Join(dir, "mykpi"), filepath.Join(dir, "data")
	if out, err := exec.Command("go", "build", "-o", binary, "./cmd/mykpi").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build: %w\n%s", err, out)
	}
	out, err := exec.Command(binary, "token", "--data", data, "--tenant", tenant, "--ttl", "24h").Output()
	if err != nil {
		return nil, fmt.Errorf("mykpi token: %w", err)
	}
	token := string(bytes.TrimSpace(out))
	s := &set{}
	run := func(cmd *exec.Cmd) (*process, error) {
		p, err := start(cmd)
		if p != nil {
			s.processes = append(s.processes, p)
		}
		return p, err
	}
	mykpi, err := run(exec.Command(binary, "serve", "--data", data, "--listen", "127.0.0.1:0", "--rate-address", "0", "--rate-tenant", "0", "--rate-mutations", "0"))
	if err != nil {
		return s, err
	}
	if err := fill(mykpi.host, token); err != nil {
		return s, err
	}
	dashboard := body(document(granularity), nil)
	answer, err := ask(mykpi.host, token, dashboard)
	if err != nil {
		return s, err
	}
	s.answer = len(answer)
	file := filepath.Join(dir, "answer.json")
	if err := os.WriteFile(file, answer, 0o600); err != nil {
		return s, err
	}
	add := func(name string, cmd *exec.Cmd) (*process, error) {
		if only != "" && !slices.Contains(strings.Split(only, ","), name) {
			return nil, nil
		}
		p, err := run(cmd)
		if err == nil {
			read := [][]byte{post(p.host, token, dashboard)}
			s.subjects = append(s.subjects, &subject{name: name, server: p, requests: func(int64) [][]byte { return read }})
		}
		return p, err
	}
	read := [][]byte{post(mykpi.host, token, dashboard)}
	if _, err := add("raw", exec.Command(self, "-serve", "floor", "-data", file)); err != nil {
		return s, err
	}
	s.subjects = append(s.subjects,
		&subject{name: "mykpi", server: mykpi, requests: func(int64) [][]byte { return read }})
	if _, err := add("stock gqlgen", exec.Command(self, "-serve", "stock", "-data", data)); err != nil {
		return s, err
	}
	return s, nil
}

// print writes the table of a run.
func (s *set) print(granularity string) {
	fmt.Printf("\n%s buckets, an answer of %d bytes, %d connections\n\n", granularity, s.answer, connections)
	fmt.Println("| server | CPU a request | of raw | requests/s | of raw | resident |")
	fmt.Println("|---|---|---|---|---|---|")
	rawCPU, rawRate := median(s.subjects[0].cpu), median(s.subjects[0].rate)
	for _, of := range s.subjects {
		cpu, rate := median(of.cpu), median(of.rate)
		memory, err := of.server.memory()
		if err != nil {
			memory = 0
		}
		fmt.Printf("| %s | %v | %.2f | %.0f | %.3f | %d MiB |\n", of.name, cpu.Round(100*time.Nanosecond), float64(cpu)/float64(rawCPU), rate, rate/rawRate, memory>>20)
	}
}
