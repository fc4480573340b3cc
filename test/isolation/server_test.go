package isolation

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/mykpi/mykpi/eventstore/dynamo/dynamolocal"
)

// binary is the server as it is built; local is the DynamoDB Local of this run.
var (
	binary string
	local  dynamolocal.Server
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "mykpi-isolation-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	defer local.Stop()
	binary = filepath.Join(dir, "mykpi")
	if output, err := build(binary); err != nil {
		fmt.Fprintf(os.Stderr, "go build: %v\n%s", err, output)
		return 1
	}
	return m.Run()
}

func build(to string, flags ...string) ([]byte, error) {
	arguments := append(append([]string{"build"}, flags...), "-o", to, "github.com/mykpi/mykpi/cmd/mykpi")
	return exec.Command("go", arguments...).CombinedOutput()
}

const onSQLite, onDynamoDB = "sqlite", "dynamodb"

// server is a server process on a store of its own.
type server struct {
	binary string
	store  []string
	url    string
}

// start starts a server on an engine. It ends with the test.
func start(t testing.TB, binary, engine string, flags ...string) *server {
	t.Helper()
	s := &server{binary: binary, store: []string{"--data", t.TempDir()}}
	if engine == onDynamoDB {
		tables := []string{"--dynamodb-endpoint", local.Endpoint(t), "--table-prefix", unique() + "-"}
		s.command(t, append([]string{"tables", "create"}, tables...)...)
		s.store = append(append(s.store, tables...), "--store", "dynamodb")
	}
	arguments := append(append([]string{"serve", "--listen", "127.0.0.1:0", "--log-format", "json"}, s.store...), flags...)
	process := exec.Command(binary, arguments...)
	process.Env = environment()
	stderr, err := process.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	serving, ended := make(chan string, 1), make(chan struct{})
	go func() {
		defer close(ended)
		for lines := bufio.NewScanner(io.TeeReader(stderr, &log)); lines.Scan(); {
			var line struct{ Msg, URL string }
			if json.Unmarshal(lines.Bytes(), &line) == nil && line.Msg == "serving" {
				serving <- line.URL
			}
		}
	}()
	t.Cleanup(func() {
		process.Process.Signal(syscall.SIGTERM)
		<-ended
		if err := process.Wait(); err != nil {
			t.Errorf("the server ended with %v", err)
		}
		if t.Failed() {
			t.Logf("its log ends with:\n%s", log.String()[max(0, log.Len()-4000):])
		}
	})
	select {
	case s.url = <-serving:
	case <-ended:
		t.Fatalf("the server ended at once: %s", log.String())
	case <-time.After(time.Minute):
		process.Process.Kill()
		t.Fatal("the server does not serve")
	}
	return s
}

// command runs another command of the binary and answers what it printed.
func (s *server) command(t testing.TB, arguments ...string) string {
	t.Helper()
	c := exec.Command(s.binary, arguments...)
	c.Env = environment()
	var stderr strings.Builder
	c.Stderr = &stderr
	output, err := c.Output()
	if err != nil {
		t.Fatalf("mykpi %v: %v\n%s", arguments, err, stderr.String())
	}
	return strings.TrimSpace(string(output))
}

// environment is the test's own, without settings of MyKPI, and with credentials that DynamoDB Local does not check.
func environment() []string {
	env := []string{"AWS_REGION=eu-central-1", "AWS_ACCESS_KEY_ID=local", "AWS_SECRET_ACCESS_KEY=local"}
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "MYKPI_") && !strings.HasPrefix(v, "AWS_") {
			env = append(env, v)
		}
	}
	return env
}

// caller is an administrator of one tenant.
type caller struct {
	server *server
	tenant string
	token  string
}

// tenant makes a tenant with an administrator.
func (s *server) tenant(t testing.TB, name string) *caller {
	t.Helper()
	return &caller{s, name, s.command(t, append([]string{"token", "--tenant", name, "--ttl", "24h"}, s.store...)...)}
}

type vars map[string]any

var client = &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}

// ask asks, and answers the status and the body as they came.
func (c *caller) ask(query string, variables vars) (int, string, error) {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return 0, "", err
	}
	return c.send(body)
}

// post sends a body as it is, and answers the answer's.
func (c *caller) post(t testing.TB, body []byte) string {
	t.Helper()
	_, answer, err := c.send(body)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func (c *caller) send(body []byte) (int, string, error) {
	request, err := http.NewRequest(http.MethodPost, c.server.url+"/graphql", bytes.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+c.token)
	response, err := client.Do(request)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	return response.StatusCode, string(answer), err
}

// must asks what has to succeed, and answers the data.
func (c *caller) must(t testing.TB, query string, variables vars) map[string]any {
	t.Helper()
	_, body, err := c.ask(query, variables)
	var a struct {
		Data   map[string]any
		Errors []any
	}
	if err == nil {
		err = json.Unmarshal([]byte(body), &a)
	}
	if err != nil || a.Errors != nil {
		t.Fatalf("%s %v: %v %s", query, variables, err, body)
	}
	return a.Data
}

// at is what lies in decoded JSON along a path of names and places.
func at(v any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			v, _ = v.(map[string]any)[step]
		case int:
			v = v.([]any)[step]
		}
	}
	return v
}

// unique is a name that no other test has.
func unique() string { return "t" + strings.ToLower(rand.Text()[:12]) }
