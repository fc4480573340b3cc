package live

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/mykpi/mykpi/test/program"
)

// binary is the server, built from the checkout.
var binary string

func TestMain(m *testing.M) { os.Exit(program.RunTests(m, &binary)) }

// server is a server process on a folder of its own. It can be ended and started again at the same address.
type server struct {
	t       *testing.T
	data    string
	address string
	flags   []string
	process *program.Server
}

// patience bounds the wait for what has to come; the machine may be busy.
const patience = time.Minute

func serve(t *testing.T, flags ...string) *server {
	t.Helper()
	s := &server{t: t, data: t.TempDir(), address: "127.0.0.1:0", flags: flags}
	s.start()
	t.Cleanup(func() { s.process.End(t) })
	return s
}

// start runs the process until it serves.
func (s *server) start() {
	s.t.Helper()
	s.process = program.MustServe(s.t, binary, append([]string{"--listen", s.address, "--data", s.data}, s.flags...)...)
	s.address = s.process.Address()
}

func (s *server) url() string { return "http://" + s.address + "/graphql" }

// token is a development token of a tenant.
func (s *server) token(tenant, role string, more ...string) string {
	s.t.Helper()
	return program.MustRun(s.t, binary, append([]string{"token", "--data", s.data, "--tenant", tenant, "--role", role}, more...)...)
}

// holding is what the process holds: how many goroutines, and what its descriptors are of. Those of the store's folder don't
// count: each reader of the pool opens its files when it is first asked.
type holding struct {
	goroutines  int
	descriptors []string
}

// holds counts the process' files and sockets, and its goroutines as it tells of them itself. The connection by which it is
// asked counts, each time.
func (s *server) holds() holding {
	s.t.Helper()
	folder := fmt.Sprintf("/proc/%d/fd/", s.process.PID())
	open, err := os.ReadDir(folder)
	if err != nil {
		s.t.Fatal(err)
	}
	var descriptors []string
	for _, entry := range open {
		of, err := os.Readlink(folder + entry.Name())
		if err == nil && !strings.HasPrefix(of, s.data) { // with an error it is closed by now
			descriptors = append(descriptors, of)
		}
	}
	_, _, metrics := s.send("GET", "http://"+s.address+"/metrics", "", "", nil, "Connection", "close")
	for line := range strings.Lines(metrics) {
		if n, err := strconv.Atoi(strings.TrimSpace(strings.TrimPrefix(line, "go_goroutines "))); err == nil {
			return holding{n, descriptors}
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
