package isolation

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/mykpi/mykpi/eventstore/dynamo/dynamolocal"
	"github.com/mykpi/mykpi/test/program"
)

// binary is the server as it is built; local is the DynamoDB Local of this run.
var (
	binary string
	local  dynamolocal.Server
)

func TestMain(m *testing.M) {
	code := program.RunTests(m, &binary)
	local.Stop()
	os.Exit(code)
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
		s.store = append(s.store, program.Tables(t, binary, local.Endpoint(t))...)
	}
	process := program.MustServe(t, binary, append(s.store, flags...)...)
	t.Cleanup(func() { process.End(t) })
	s.url = process.URL
	return s
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
	return &caller{s, name, program.MustRun(t, s.binary, append([]string{"token", "--tenant", name, "--ttl", "24h"}, s.store...)...)}
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
