package main

import (
	"errors"
	"time"

	"github.com/mykpi/mykpi/bench/rig"
)

// subject is one server and what it is asked, in one of two ways.
type subject struct {
	name   string
	server *rig.Process
	asked  way
	cpu    []time.Duration // a request, one for each round of the run
	rate   []float64       // requests a second
}

// way asks a server for some time, and tells how many requests that were, the CPU time that they cost it, and how long they took.
type way interface {
	ask(server *rig.Process, each time.Duration) (requests int64, cpu, took time.Duration, err error)
}

// measure asks for some time and keeps what it cost.
func (s *subject) measure(each time.Duration, keep bool) error {
	n, cpu, took, err := s.asked.ask(s.server, each)
	if err == nil && keep {
		s.cpu = append(s.cpu, cpu/time.Duration(n))
		s.rate = append(s.rate, float64(n)/took.Seconds())
	}
	return err
}

// load is rounds of requests by all connections, each as fast as it is answered.
type load func(round int64) [][]byte

func (l load) ask(server *rig.Process, each time.Duration) (n int64, cpu, took time.Duration, err error) {
	before, err := server.CPU()
	if err != nil {
		return 0, 0, 0, err
	}
	start := time.Now()
	if n, err = rig.Load(server.Host, each, l); err != nil {
		return 0, 0, 0, err
	}
	took = time.Since(start)
	after, err := server.CPU()
	return n, after - before, took, err
}

// bursts are reads by all connections at once, each of a tenant of its own. Before them each connection asks something else,
// and all have been answered before the first reads: what that cost is not counted.
type bursts struct {
	before func(connection int, n int64) []byte
	writes bool // what is asked before changes what is read
	read   func(connection int) []byte

	n       int64 // of all that was asked before
	answers []uint64
}

func (b *bursts) ask(server *rig.Process, each time.Duration) (n int64, cpu, took time.Duration, err error) {
	connections, err := rig.NewVolley(server.Host, tenants) // anew: a server closes those that are silent while others are asked
	if err != nil {
		return 0, 0, 0, err
	}
	defer connections.Close()
	for end := time.Now().Add(each); time.Now().Before(end); n += int64(len(b.answers)) {
		if _, err := connections.Ask(func(connection int) []byte { return b.before(connection, b.n+int64(connection)) }); err != nil {
			return 0, 0, 0, err
		}
		b.n += int64(tenants)
		before, err := server.CPU()
		if err != nil {
			return 0, 0, 0, err
		}
		start := time.Now()
		answers, err := connections.Ask(b.read)
		took += time.Since(start)
		after, err2 := server.CPU()
		if err = errors.Join(err, err2); err != nil {
			return 0, 0, 0, err
		}
		cpu += after - before
		if b.writes && b.answers != nil {
			for i := range answers {
				if answers[i] == b.answers[i] {
					return 0, 0, 0, errors.New("a read answered what it had answered before the write")
				}
			}
		}
		b.answers = answers
	}
	return n, cpu, took, nil
}
