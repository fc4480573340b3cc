package e2e

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// server is a server process, which can be killed and started again on the same store.
type server struct {
	dir   string
	store []string // flags that name the store
	flags []string // others

	mu      sync.Mutex // guards what follows: writers ask for the URL while a test kills and starts
	url     string
	process *exec.Cmd
	logs    *tail
	exited  chan struct{}
}

// startTimeout is generous: the machine may be busy with the tests of other packages.
const startTimeout = time.Minute

// start runs the process until it says where it serves.
func (s *server) start(tb testing.TB) {
	tb.Helper()
	arguments := append([]string{"serve", "--listen", "127.0.0.1:0", "--log-format", "json"}, s.store...)
	// Tests write as fast as they can, on a busy machine. Those of the limits give flags of their own, which win.
	arguments = append(arguments, "--request-timeout", "1m", "--rate-mutations", "0")
	process := exec.Command(binary, append(arguments, s.flags...)...)
	process.Env = environment()
	stderr, err := process.StderrPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := process.Start(); err != nil {
		tb.Fatal(err)
	}
	logs, exited := &tail{}, make(chan struct{})
	serving := make(chan string, 1)
	go func() {
		defer close(exited)
		logs.follow(stderr, serving)
		process.Wait() // how it ended is for the test to judge, by what it asks next
	}()
	select {
	case url := <-serving:
		s.mu.Lock()
		s.url, s.process, s.logs, s.exited = url, process, logs, exited
		s.mu.Unlock()
	case <-exited:
		tb.Fatalf("the server ended at once:\n%s", logs)
	case <-time.After(startTimeout):
		process.Process.Kill()
		tb.Fatalf("the server does not serve after %v:\n%s", startTimeout, logs)
	}
}

// kill ends the process as a power cut would, as far as the process can tell.
func (s *server) kill() {
	s.process.Process.Kill()
	<-s.exited
}

// stop lets the server end by itself and tells what it logged where the test failed.
func (s *server) stop(tb testing.TB) {
	s.process.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.exited:
	case <-time.After(startTimeout):
		s.kill()
		tb.Errorf("the server did not stop within %v", startTimeout)
	}
	if tb.Failed() {
		tb.Logf("the server's last lines:\n%s", s.logs)
	}
}

// at is the address of a path now.
func (s *server) at(path string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.url + path
}

func (s *server) pid() int { return s.process.Process.Pid }

// run runs another command of the binary on the server's store and answers what it printed.
func (s *server) run(tb testing.TB, name string, arguments ...string) string {
	tb.Helper()
	return command(tb, append(append([]string{name}, s.store...), arguments...)...)
}

// command runs the binary to its end and answers what it printed.
func command(tb testing.TB, arguments ...string) string {
	tb.Helper()
	c := exec.Command(binary, arguments...)
	c.Env = environment()
	var stderr strings.Builder
	c.Stderr = &stderr
	output, err := c.Output()
	if err != nil {
		tb.Fatalf("mykpi %s: %v\n%s", arguments[0], err, stderr.String())
	}
	return strings.TrimSpace(string(output))
}

// environment is the test's own without settings of MyKPI and AWS, which would change what is tested, and with the
// credentials that DynamoDB Local does not check.
func environment() []string {
	kept := []string{"AWS_REGION=eu-central-1", "AWS_ACCESS_KEY_ID=local", "AWS_SECRET_ACCESS_KEY=local"}
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "MYKPI_") && !strings.HasPrefix(v, "AWS_") {
			kept = append(kept, v)
		}
	}
	return kept
}

// tail keeps the last lines of a log.
type tail struct {
	mu    sync.Mutex
	lines []string
}

// follow reads a log to its end and tells the URL of the line that says where the server serves.
func (l *tail) follow(log io.Reader, serving chan<- string) {
	lines := bufio.NewScanner(log)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		l.mu.Lock()
		l.lines = append(l.lines[max(0, len(l.lines)-50):], lines.Text())
		l.mu.Unlock()
		var line struct{ Msg, URL string }
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.Msg == "serving" {
			serving <- line.URL
		}
	}
}

func (l *tail) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.lines, "\n")
}
