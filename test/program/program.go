package program

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// patience bounds the wait for a process to start and to end; the machine may be busy.
const patience = time.Minute

// Build builds the server into a folder, with more flags of go build where there are some, and answers its path.
func Build(dir string, flags ...string) (string, error) {
	path := filepath.Join(dir, "mykpi")
	arguments := slices.Concat([]string{"build", "-o", path}, flags, []string{"github.com/mykpi/mykpi/cmd/mykpi"})
	if output, err := exec.Command("go", arguments...).CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, output)
	}
	return path, nil
}

// Run runs a command of the binary to its end and answers what it printed, without the space around it.
func Run(path string, arguments ...string) (string, error) {
	command := exec.Command(path, arguments...)
	command.Env = Environment()
	var stderr strings.Builder
	command.Stderr = &stderr
	output, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("mykpi %s: %w\n%s", strings.Join(arguments, " "), err, &stderr)
	}
	return strings.TrimSpace(string(output)), nil
}

// Server is a process that serves.
type Server struct {
	URL string // without a path

	process *exec.Cmd
	logs    tail
	exited  chan struct{}
	ended   error // how, once it has exited
}

// Serve starts the binary on a free port and waits until it serves. Flags name its store and whatever else; --listen among
// them names the port instead, which is how another process serves where one has before.
func Serve(path string, flags ...string) (*Server, error) {
	s := &Server{exited: make(chan struct{})}
	s.process = exec.Command(path, append([]string{"serve", "--listen", "127.0.0.1:0", "--log-format", "json"}, flags...)...)
	s.process.Env = Environment()
	stderr, err := s.process.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := s.process.Start(); err != nil {
		return nil, err
	}
	serving := make(chan string, 1)
	go func() {
		defer close(s.exited)
		s.logs.follow(stderr, serving)
		s.ended = s.process.Wait()
	}()
	select {
	case s.URL = <-serving:
		return s, nil
	case <-s.exited:
		return nil, fmt.Errorf("the server ended at once: %v\n%s", s.ended, &s.logs)
	case <-time.After(patience):
		s.Kill()
		return nil, fmt.Errorf("the server does not serve after %v:\n%s", patience, &s.logs)
	}
}

// Stop lets the process end by itself; an error tells that it does not, or that it failed.
func (s *Server) Stop() error {
	_ = s.process.Process.Signal(syscall.SIGTERM) // one that has ended already takes no signal
	select {
	case <-s.exited:
	case <-time.After(patience):
		s.Kill()
		return fmt.Errorf("the server did not end within %v", patience)
	}
	if s.ended != nil {
		return fmt.Errorf("the server ended with %w", s.ended)
	}
	return nil
}

// Kill ends the process as a power cut would, as far as the process can tell.
func (s *Server) Kill() {
	_ = s.process.Process.Kill()
	<-s.exited
}

// Address is where it listens: host and port.
func (s *Server) Address() string { return strings.TrimPrefix(s.URL, "http://") }

// PID is the process'.
func (s *Server) PID() int { return s.process.Process.Pid }

// Logs are its last lines.
func (s *Server) Logs() string { return s.logs.String() }

// Environment is the caller's own without settings of MyKPI and AWS, which would change what is run, and with the
// credentials that DynamoDB Local does not check.
func Environment() []string {
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
