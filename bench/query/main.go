package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/mykpi/mykpi/bench/rig"
)

func main() {
	log.SetFlags(0)
	serve := flag.String("serve", "", "be one of the servers: floor or stock")
	data := flag.String("data", "", "what the server serves")
	rounds := flag.Int("rounds", 5, "rounds; each server is asked once in each")
	each := flag.Duration("each", time.Second, "how long a server is asked in a round")
	only := flag.String("only", "", "names of servers, with a semicolon between them; all if empty")
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
	server   *rig.Process
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
			before, err := s.server.CPU()
			if err != nil {
				return err
			}
			start := time.Now()
			n, err := rig.Load(s.server.Host, each, s.requests)
			if err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
			after, err := s.server.CPU()
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

// set is the servers of one run.
type set struct {
	answer    int // bytes
	processes []*rig.Process
	subjects  []*subject
}

func (s *set) stop() {
	for _, p := range s.processes {
		p.Stop()
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
	data := filepath.Join(dir, "data")
	binary, token, err := rig.Build(dir, data, tenant)
	if err != nil {
		return nil, err
	}
	s := &set{}
	run := func(cmd *exec.Cmd) (*rig.Process, error) {
		p, err := rig.Start(cmd)
		if p != nil {
			s.processes = append(s.processes, p)
		}
		return p, err
	}
	serve := func(data string, more ...string) *exec.Cmd { return rig.Serve(binary, data, more...) }
	filling, err := run(serve(data))
	if err != nil {
		return s, err
	}
	if err := fill(filling.Host, token); err != nil {
		return s, err
	}
	dashboard := rig.Body(document(granularity), nil)
	answer, err := rig.Ask(filling.Host, token, dashboard)
	if err != nil {
		return s, err
	}
	filling.Stop()
	s.answer = len(answer)
	file := filepath.Join(dir, "answer.json")
	if err := os.WriteFile(file, answer, 0o600); err != nil {
		return s, err
	}
	// Each server has a folder of its own, so that none sees another's commits.
	add := func(name string, cmd func(data string) *exec.Cmd, requests func(host string) func(int64) [][]byte) error {
		if only != "" && name != raw && !slices.Contains(strings.Split(only, ";"), name) {
			return nil
		}
		copied := filepath.Join(dir, strings.NewReplacer(" ", "-", ",", "").Replace(name))
		if out, err := exec.Command("cp", "-a", data, copied).CombinedOutput(); err != nil {
			return fmt.Errorf("%w: %s", err, out)
		}
		p, err := run(cmd(copied))
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		s.subjects = append(s.subjects, &subject{name: name, server: p, requests: requests(p.Host)})
		return nil
	}
	reads := func(host string) func(int64) [][]byte {
		read := [][]byte{rig.Post(host, "/graphql", token, dashboard)}
		return func(int64) [][]byte { return read }
	}
	writesAnd := func(after func(host string) []byte) func(string) func(int64) [][]byte {
		return func(host string) func(int64) [][]byte {
			read := after(host)
			return func(n int64) [][]byte { return [][]byte{rig.Post(host, "/graphql", token, point(n)), read} }
		}
	}
	glances := func(host string) func(int64) [][]byte {
		return func(int64) [][]byte { return [][]byte{rig.Glance(host)} }
	}
	mykpi := func(data string) *exec.Cmd { return serve(data) }
	computed := func(data string) *exec.Cmd { return serve(data, "--answer-memory", "0") }
	uncached := func(data string) *exec.Cmd { return serve(data, "--answer-memory", "0", "--document-memory", "0") }
	stock := func(data string) *exec.Cmd { return exec.Command(self, "-serve", "stock", "-data", data) }
	floor := func(string) *exec.Cmd { return exec.Command(self, "-serve", "floor", "-data", file) }
	for _, each := range []struct {
		name     string
		cmd      func(string) *exec.Cmd
		requests func(string) func(int64) [][]byte
	}{
		{raw, floor, reads},
		{"MyKPI, repeated", mykpi, reads},
		{"MyKPI, no answer remembered", computed, reads},
		{"MyKPI, nothing kept anywhere", uncached, reads},
		{writeAndRead, mykpi, writesAnd(func(host string) []byte { return rig.Post(host, "/graphql", token, dashboard) })},
		{writeAndGlance, mykpi, writesAnd(rig.Glance)},
		{glanceAlone, mykpi, glances},
		{"gqlgen as it comes", stock, reads},
	} {
		if err := add(each.name, each.cmd, each.requests); err != nil {
			return s, err
		}
	}
	if peers {
		for _, peer := range nodePeers {
			if err := add(peer.name, peer.command(file), reads); err != nil {
				return s, err
			}
		}
	}
	return s, nil
}

// The subjects whose numbers the table derives others from. How writes share their fsyncs depends on what is done between
// them, so that a read after each is compared with a glance after each.
const (
	raw            = "raw"
	writeAndRead   = "MyKPI, a write and a read"
	writeAndGlance = "MyKPI, a write and a glance"
	glanceAlone    = "MyKPI, a glance"
)

// print writes the table of a run.
func (s *set) print(granularity string) {
	fmt.Printf("\n%s buckets, an answer of %d bytes, %d connections\n\n", granularity, s.answer, rig.Connections)
	fmt.Println("| server | CPU a request | of raw | requests/s | of raw | resident |")
	fmt.Println("|---|---|---|---|---|---|")
	floor := s.subject(raw)
	line := func(name string, cpu time.Duration, rate float64, server *rig.Process) {
		memory, err := server.Memory()
		if err != nil {
			log.Printf("%s: %v", name, err)
		}
		fmt.Printf("| %s | %v | %.2f | %.0f | %.3f | %d MiB |\n", name, cpu.Round(100*time.Nanosecond), float64(cpu)/float64(rig.Median(floor.cpu)),
			rate, rate/rig.Median(floor.rate), memory>>20)
	}
	for _, of := range s.subjects {
		line(of.name, rig.Median(of.cpu), rig.Median(of.rate), of.server)
	}
	read, glanced, glance := s.subject(writeAndRead), s.subject(writeAndGlance), s.subject(glanceAlone)
	if read != nil && glanced != nil && glance != nil {
		cpu := rig.Median(read.cpu) - rig.Median(glanced.cpu) + rig.Median(glance.cpu)
		fmt.Printf("\nA read after a write, in a glance's place: %v, %.2f of raw\n", cpu.Round(100*time.Nanosecond), float64(cpu)/float64(rig.Median(floor.cpu)))
	}
}

func (s *set) subject(name string) *subject {
	if i := slices.IndexFunc(s.subjects, func(of *subject) bool { return of.name == name }); i >= 0 {
		return s.subjects[i]
	}
	return nil
}
