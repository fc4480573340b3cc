package e2e

import (
	"slices"
	"sync"
	"testing"

	"github.com/mykpi/mykpi/test/program"
)

// server is a server process, which can be killed and started again on the same store.
type server struct {
	store []string // flags that name the store
	flags []string // others

	mu      sync.Mutex // guards what follows: writers ask for the URL while a test kills and starts
	process *program.Server
}

// start runs the process until it serves.
func (s *server) start(tb testing.TB) {
	tb.Helper()
	// Tests write as fast as they can, on a busy machine. Those of the limits give flags of their own, which win.
	process := program.MustServe(tb, binary, slices.Concat(s.store, []string{"--request-timeout", "1m", "--rate-mutations", "0"}, s.flags)...)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.process = process
}

// running is the process now.
func (s *server) running() *program.Server {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.process
}

// at is the address of a path now.
func (s *server) at(path string) string { return s.running().URL + path }

// run runs another command of the binary on the server's store and answers what it printed.
func (s *server) run(tb testing.TB, arguments ...string) string {
	tb.Helper()
	return program.MustRun(tb, binary, slices.Concat(arguments, s.store)...)
}
