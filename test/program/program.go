package program

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// patience bounds the wait for a process to start and to end; the machine may be busy.
const patience = time.Minute

// Build builds the server into a folder and answers its path.
func Build(dir string) (string, error) {
	path := filepath.Join(dir, "mykpi")
	if output, err := exec.Command("go", "build", "-o", path, "github.com/mykpi/mykpi/cmd/mykpi").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, output)
	}
	return path, nil
}

// Run runs a command of the binary to its end and answers what it printed, without the space around it.
func Run(path string, arguments ...string) (string, error) {
	command := exec.Command(path, arguments...)
	command.Env = environment()
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
}

// Serve starts the binary on a free port and waits until it serves. Flags name its store and whatever else.
func Serve(path string, flags ...string) (*Server, error) {
	s := &Server{exited: make(chan struct{})}
	s.process = exec.Command(path, append([]string{"serve", "--listen", "127.0.0.1:0", "--log-format", "json"}, flags...)...)
	s.process.Env = environment()
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
		_ = s.process.Wait() // how it ended is in ProcessState
	}()
	select {
	case s.URL = <-serving:
		return s, nil
	case <-s.exited:
		return nil, fmt.Errorf("the server ended at once:\n%s", &s.logs)
	case <-time.After(patience):
		s.Kill()
		return nil, fmt.Errorf("the server does not serve after %v:\n%s", patience, &s.logs)
	}
}

// Stop lets the process end by itself.
func (s *Server) Stop() error {
	_ = s.process.Process.Signal(syscall.SIGTERM) // one that has ended already takes no signal
	select {
	case <-s.exited:
		return nil
	case <-time.After(patience):
		s.Kill()
		return errors.New("the server did not end")
	}
}

// Kill ends the process as a power cut would, as far as the process can tell.
func (s *Server) Kill() {
	_ = s.process.Process.Kill()
	<-s.exited
}

// PID is the process'.
func (s *Server) PID() int { return s.process.Process.Pid }

// Logs are its last lines.
func (s *Server) Logs() string { return s.logs.String() }

// environment is the caller's own without settings of MyKPI and AWS, which would change what is run.
func environment() []string {
	var kept []string
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
