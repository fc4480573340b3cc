package live

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// binary is the server, built from the checkout.
var binary string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "mykpi-live-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "mykpi")
	if output, err := exec.Command("go", "build", "-o", binary, "github.com/mykpi/mykpi/cmd/mykpi").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "go build: %v\n%s", err, output)
		return 1
	}
	return m.Run()
}

// server is a server process on a folder of its own. It can be ended and started again at the same address.
type server struct {
	t       *testing.T
	data    string
	address string
	flags   []string
	process *exec.Cmd
	exited  chan struct{}
}

// patience bounds the wait for what has to come; the machine may be busy.
const patience = time.Minute

func serve(t *testing.T, flags ...string) *server {
	t.Helper()
	s := &server{t: t, data: t.TempDir(), address: "127.0.0.1:0", flags: flags}
	s.start()
	t.Cleanup(func() { s.end(syscall.SIGTERM) })
	return s
}

// start runs the process until it says where it serves.
func (s *server) start() {
	s.t.Helper()
	s.process = exec.Command(binary, append([]string{"serve", "--listen", s.address, "--data", s.data, "--log-format", "json"}, s.flags...)...)
	logs, err := s.process.StderrPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.process.Start(); err != nil {
		s.t.Fatal(err)
	}
	serving := make(chan string, 1)
	s.exited = make(chan struct{})
	go func() {
		defer close(s.exited)
		lines := bufio.NewScanner(logs)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var line struct{ Msg, URL string }
			if json.Unmarshal(lines.Bytes(), &line) == nil && line.Msg == "serving" {
				serving <- line.URL
			}
		}
		_ = s.process.Wait() // how it ended tells by what it answers next
	}()
	select {
	case url := <-serving:
		s.address = strings.TrimPrefix(url, "http://")
	case <-s.exited:
		s.t.Fatal("the server ended at once")
	case <-time.After(patience):
		_ = s.process.Process.Kill()
		s.t.Fatal("the server does not serve")
	}
}

func (s *server) end(signal os.Signal) {
	_ = s.process.Process.Signal(signal)
	select {
	case <-s.exited:
	case <-time.After(patience):
		_ = s.process.Process.Kill()
		s.t.Error("the server did not end")
	}
}

func (s *server) url() string { return "http://" + s.address + "/graphql" }

// token is a development token of a tenant.
func (s *server) token(tenant, role string, more ...string) string {
	s.t.Helper()
	out, err := exec.Command(binary, append([]string{"token", "--data", s.data, "--tenant", tenant, "--role", role}, more...)...).Output()
	if err != nil {
		s.t.Fatalf("mykpi token: %v", err)
	}
	return strings.TrimSpace(string(out))
}

// holding is what the process holds.
type holding struct{ descriptors, goroutines int }

// holds counts the process' files and sockets, and its goroutines as it tells of them itself. The connection by which it is
// asked counts, each time.
func (s *server) holds() holding {
	s.t.Helper()
	open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", s.process.Process.Pid))
	if err != nil {
		s.t.Fatal(err)
	}
	_, _, metrics := s.send("GET", "http://"+s.address+"/metrics", "", "", nil, "Connection", "close")
	for line := range strings.Lines(metrics) {
		if n, err := strconv.Atoi(strings.TrimSpace(strings.TrimPrefix(line, "go_goroutines "))); err == nil {
			return holding{len(open), n}
		}
	}
	s.t.Fatalf("no goroutines are told of: %s", metrics)
	return holding{}
}

// ask posts an operation and decodes its data.
func (s *server) ask(token, query string, variables map[string]any, data any) error {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return err
	}
	request, err := http.NewRequest(http.MethodPost, s.url(), bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	var answer struct {
		Data   json.RawMessage
		Errors []struct{ Message string }
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return err
	}
	if len(answer.Errors) > 0 {
		return fmt.Errorf("%s", answer.Errors[0].Message)
	}
	return json.Unmarshal(answer.Data, data)
}

// create makes charts and answers their ids.
func (s *server) create(token string, keys ...string) []string {
	s.t.Helper()
	var ids []string
	for _, key := range keys {
		var made struct {
			CreateChart struct{ Chart struct{ ID string } }
		}
		err := s.ask(token, `mutation($input: CreateChartInput!) { createChart(input: $input) { chart { id } } }`,
			map[string]any{"input": map[string]any{"key": key, "name": key, "aggregation": "SUM"}}, &made)
		if err != nil {
			s.t.Fatal(err)
		}
		ids = append(ids, made.CreateChart.Chart.ID)
	}
	return ids
}
