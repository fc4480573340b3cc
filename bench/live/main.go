package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"time"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench/live:", err)
		os.Exit(1)
	}
}

// run is the whole comparison, or the part of it that a child process has.
func run(args []string) error {
	if len(args) > 0 && args[0] == "floor" {
		return serveFloor()
	}
	if len(args) > 0 && args[0] == "load" {
		return runLoad(args[1:])
	}
	flags := flag.NewFlagSet("live", flag.ContinueOnError)
	sockets := flags.Int("sockets", 1000, "dashboards")
	rounds := flags.Int("rounds", 30, "changes a server and turn")
	turns := flags.Int("turns", 3, "turns of all servers")
	servers := flags.Int("servers", len(contestants), "how many of the servers, from the floor on")
	if err := flags.Parse(args); err != nil {
		return err
	}
	contestants := contestants[:min(max(*servers, 1), len(contestants))]
	binary, err := buildServer()
	if err != nil {
		return err
	}
	defer os.RemoveAll(binary.dir)
	if err := install(); err != nil {
		return err
	}
	results := make([][]result, len(contestants))
	for turn := range *turns {
		for i, c := range contestants {
			r, err := measure(c, binary, *sockets, *rounds)
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			fmt.Fprintf(os.Stderr, "turn %d: %-24s %v\n", turn+1, c.name, r)
			results[i] = append(results[i], r)
		}
	}
	fmt.Printf("%d sockets, %d changes a turn, %d turns, medians\n\n", *sockets, *rounds, *turns)
	fmt.Println("| | messages/s | of the floor | CPU us a message | p99 ms | memory a socket, KiB | frame, bytes |")
	fmt.Println("|---|---|---|---|---|---|---|")
	floor := median(results[0], func(r result) float64 { return r.Rate })
	for i, c := range contestants {
		of := func(f func(result) float64) float64 { return median(results[i], f) }
		rate := of(func(r result) float64 { return r.Rate })
		fmt.Printf("| %s | %.0f | %.2f | %.1f | %.0f | %.1f | %.0f |\n", c.name, rate, rate/floor,
			of(func(r result) float64 { return r.CPU }), of(func(r result) float64 { return r.P99 }),
			of(func(r result) float64 { return r.Memory }), of(func(r result) float64 { return r.Frame }))
	}
	return nil
}

// result is what one server did in one turn.
type result struct {
	Rate   float64 // messages a second, the median of rounds
	CPU    float64 // of the server, microseconds a message
	P99    float64 // milliseconds from the change to its arrival, the median of rounds
	Memory float64 // KiB of resident memory an idle, subscribed socket
	Frame  float64 // bytes
}

func (r result) String() string {
	return fmt.Sprintf("%7.0f/s %5.1f us p99 %4.0f ms %5.1f KiB %3.0f B", r.Rate, r.CPU, r.P99, r.Memory, r.Frame)
}

func median(results []result, of func(result) float64) float64 {
	var all []float64
	for _, r := range results {
		all = append(all, of(r))
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// measure runs one server and the load against it.
func measure(c contestant, b built, sockets, rounds int) (result, error) {
	s, err := c.start(b)
	if err != nil {
		return result{}, err
	}
	defer s.Stop()
	self, err := os.Executable()
	if err != nil {
		return result{}, err
	}
	load := exec.Command("taskset", "-c", "1", self, "load", s.Host, s.token, strconv.Itoa(sockets), strconv.Itoa(rounds))
	load.Stderr = os.Stderr
	said, err := load.StdoutPipe()
	if err != nil {
		return result{}, err
	}
	order, err := load.StdinPipe()
	if err != nil {
		return result{}, err
	}
	before, err := s.Memory()
	if err != nil {
		return result{}, err
	}
	if err := load.Start(); err != nil {
		return result{}, err
	}
	lines := json.NewDecoder(said)
	var ready struct{ Ready int }
	if err := lines.Decode(&ready); err != nil {
		return result{}, fmt.Errorf("the load: %w", err)
	}
	time.Sleep(6 * time.Second) // what connecting cost is collected, and given back
	held, err := s.Memory()
	if err != nil {
		return result{}, err
	}
	start, err := s.CPU()
	if err != nil {
		return result{}, err
	}
	fmt.Fprintln(order, "go")
	var r result
	if err := lines.Decode(&r); err != nil {
		return result{}, fmt.Errorf("the load: %w", err)
	}
	end, err := s.CPU()
	if err != nil {
		return result{}, err
	}
	r.Memory = float64(held-before) / 1024 / float64(sockets)
	r.CPU = float64((end - start).Microseconds()) / float64(sockets*rounds)
	return r, load.Wait()
}
