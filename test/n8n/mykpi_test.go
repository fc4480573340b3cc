//go:build n8n

package n8n

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"testing"

	server "github.com/mykpi/mykpi/test/program"
)

// binary is the server, built from the checkout.
var binary string

func TestMain(m *testing.M) { os.Exit(server.RunTests(m, &binary)) }

// mykpi is a running server, asked by the administrator of one tenant in Paris.
type mykpi struct {
	t          *testing.T
	url, token string
	key        string // an API key as integrations/n8n/README.md has it made
}

func serveMyKPI(t *testing.T) *mykpi {
	t.Helper()
	data := t.TempDir()
	s := server.MustServe(t, binary, "--data", data)
	t.Cleanup(func() { s.End(t) })
	m := &mykpi{t: t, url: s.URL}
	m.token = server.MustRun(t, binary, "token", "--data", data, "--tenant", "shop", "--role", "ADMIN")
	m.ask(nil, `mutation { updateTenant(input: {name: "A shop", timeZone: "Europe/Paris", weekStart: MONDAY}) { tenant { name } } }`)
	var made struct{ CreateAPIKey struct{ Secret string } }
	m.ask(&made, `mutation { createApiKey(input: {name: "n8n", permissions: [RECORD, READ]}) { secret } }`)
	m.key = made.CreateAPIKey.Secret
	return m
}

// ask asks what has to succeed, and reads the data into v, nil for nowhere.
func (m *mykpi) ask(v any, query string, arguments ...any) {
	m.t.Helper()
	body, err := json.Marshal(map[string]string{"query": fmt.Sprintf(query, arguments...)})
	if err != nil {
		m.t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, m.url+"/graphql", bytes.NewReader(body))
	if err != nil {
		m.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+m.token)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		m.t.Fatal(err)
	}
	defer response.Body.Close()
	var answer struct{ Data, Errors json.RawMessage }
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || answer.Errors != nil {
		m.t.Fatalf("%s: %v %s", body, err, answer.Errors)
	}
	if v == nil {
		return
	}
	if err := json.Unmarshal(answer.Data, v); err != nil {
		m.t.Fatal(err)
	}
}

func (m *mykpi) create(key, aggregation string) {
	m.t.Helper()
	m.ask(nil, `mutation { createChart(input: {key: %s, name: %s, aggregation: %s}) { chart { id } } }`, quote(key), quote(key), aggregation)
}

// standing is what a chart holds, and how often it changed.
type standing struct {
	version int
	points  map[string]string // values by key or instant
}

func (m *mykpi) chart(key string) standing {
	m.t.Helper()
	var got struct {
		Chart struct {
			Version int
			Points  struct {
				Nodes []struct {
					Key   string
					Value json.Number
				}
			}
		}
	}
	m.ask(&got, `{ chart(by: {key: %s}) { version points(first: 500) { nodes { key value } } } }`, quote(key))
	s := standing{got.Chart.Version, map[string]string{}}
	for _, p := range got.Chart.Points.Nodes {
		s.points[p.Key] = p.Value.String()
	}
	return s
}

// kpi is what a chart says of today.
func (m *mykpi) kpi(key string) string {
	m.t.Helper()
	var got struct {
		Chart struct{ Kpi struct{ Value *json.Number } }
	}
	m.ask(&got, `{ chart(by: {key: %s}) { kpi(period: TODAY) { value } } }`, quote(key))
	if got.Chart.Kpi.Value == nil {
		return "null"
	}
	return got.Chart.Kpi.Value.String()
}

// ingestion is a call that brought points in.
type ingestion struct {
	ID, Source                               string
	Recorded, Corrected, Unchanged, Rejected int
	Charts                                   []struct{ Key string }
}

// ingestions are the newest, up to 200.
func (m *mykpi) ingestions() []ingestion {
	m.t.Helper()
	var got struct{ Ingestions struct{ Nodes []ingestion } }
	m.ask(&got, `{ ingestions(first: 200) { nodes { id source charts { key } recorded corrected unchanged rejected } } }`)
	return got.Ingestions.Nodes
}
