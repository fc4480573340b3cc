package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/spf13/cobra"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/apikey"
)

// n8n is a running server with a tenant, a chart with the key orders, and an API key; it sends what n8n's nodes send.
type n8n struct {
	t    *testing.T
	url  string
	key  string
	core *core
}

func startForN8n(t *testing.T, configure ...func(*serverConfig)) *n8n {
	t.Helper()
	var c serverConfig
	c.flags(&cobra.Command{})
	for _, f := range configure {
		f(&c)
	}
	c.data, c.listen, c.logLevel = t.TempDir(), "127.0.0.1:0", "error"
	ctx, cancel := context.WithCancel(context.Background())
	s, err := newServer(ctx, c, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- s.run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	tenant := tenancy.MustParseID("acme")
	if err := s.core.directory.Ensure(ctx, tenant, operator); err != nil {
		t.Fatal(err)
	}
	as := tenancy.Verified(tenancy.Claims{Tenant: tenant, Role: tenancy.Admin, Actor: operator})
	_, err = s.core.commands.CreateChart(ctx, as, command.CreateChart{Key: "orders", Aggregation: charts.Sum, Settings: charts.Settings{
		Name: "Orders", Visualization: charts.Line, Unit: charts.Unit{Kind: charts.UnitNumber}, Direction: charts.UpIsGood,
	}})
	if err != nil {
		t.Fatal(err)
	}
	_, key, err := s.core.apiKeys.Create(ctx, as, apikey.New{Name: "n8n", Permissions: []tenancy.Permission{tenancy.Read, tenancy.Record, tenancy.Edit}})
	if err != nil {
		t.Fatal(err)
	}
	return &n8n{t, s.url(), key, s.core}
}

// reply is what came back.
type reply struct {
	status int
	body   string
	Errors []struct {
		Message    string
		Extensions struct{ Code, Field string }
	}
}

func (n *n8n) send(path, contentType, accept, body string, headers ...string) (reply, error) {
	r, err := http.NewRequest(http.MethodPost, n.url+path, strings.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	r.Close = true
	r.Header.Set("Authorization", "Bearer "+n.key)
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("Accept", accept)
	r.Header.Set("Accept-Encoding", "gzip, compress, deflate, br")
	r.Header.Set("User-Agent", "axios/1.8.3")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := (&http.Transport{DisableCompression: true}).RoundTrip(r)
	if err != nil {
		return reply{}, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return reply{}, err
	}
	got := reply{status: response.StatusCode, body: string(text)}
	if err := json.Unmarshal(text, &got); err != nil || !strings.HasPrefix(response.Header.Get("Content-Type"), "application/json") {
		return got, fmt.Errorf("%s is not JSON: %v", text, err)
	}
	return got, nil
}

func (n *n8n) must(got reply, err error) reply {
	n.t.Helper()
	if err != nil {
		n.t.Fatal(err)
	}
	return got
}

// graphqlNode sends as the GraphQL node does, variables as they are told.
func (n *n8n) graphqlNode(query, variables string, headers ...string) (reply, error) {
	return n.graphqlNodeAt("/graphql", query, variables, headers...)
}

func (n *n8n) graphqlNodeAt(path, query, variables string, headers ...string) (reply, error) {
	body := fmt.Sprintf(`{"query":%s,"variables":%s,"operationName":null}`, quote(query), variables)
	return n.send(path, "application/json", "application/json", body, headers...)
}

// httpNode sends as the HTTP Request node does.
func (n *n8n) httpNode(path, body string, headers ...string) (reply, error) {
	return n.send(path, "application/json", "application/json,text/html,application/xhtml+xml,application/xml,text/*;q=0.9, image/*;q=0.8, */*;q=0.7", body, headers...)
}

func quote(s string) string {
	b, _ := json.Marshal(s) // a string can't fail to encode
	return string(b)
}

const recordMutation = `mutation Record($input: RecordDataPointsInput!) { recordDataPoints(input: $input) { ingestionId recorded corrected unchanged rejected { index code message } } }`

func TestN8nRequests(t *testing.T) {
	n := startForN8n(t)
	for _, test := range []struct {
		name string
		send func() (reply, error)
		// status 0 is 200; want is in the body
		status int
		want   string
	}{
		{"the credential's test", func() (reply, error) {
			return n.graphqlNode(`{ viewer { subject permissions tenant { name } } }`, `{}`)
		}, 0, `"permissions":["READ","RECORD","EDIT"]`},
		{"a mutation by the GraphQL node", func() (reply, error) {
			return n.graphqlNode(recordMutation, `{"input":{"chart":{"key":"orders"},"points":[{"key":"a","value":1.5}],"source":"4711"}}`)
		}, 0, `"recorded":1,"corrected":0,"unchanged":0,"rejected":[]`},
		{"its retry", func() (reply, error) {
			return n.graphqlNode(recordMutation, `{"input":{"chart":{"key":"orders"},"points":[{"key":"a","value":1.5}],"source":"4711"}}`)
		}, 0, `"recorded":0,"corrected":0,"unchanged":1`},
		{"a mutation by the HTTP Request node", func() (reply, error) {
			return n.httpNode("/graphql", `{"query":`+quote(recordMutation)+`,"variables":{"input":{"chart":{"key":"orders"},"points":[{"key":"b","value":"2"}]}}}`)
		}, 0, `"recorded":1`},
		{"raw GraphQL", func() (reply, error) {
			return n.send("/graphql", "application/graphql", "*/*", `mutation { recordDataPoints(input: {chart: {key: "orders"}, points: [{key: "c", value: 3}]}) { recorded } }`)
		}, 0, `"recorded":1`},
		{"variables as a string", func() (reply, error) {
			return n.graphqlNode(recordMutation, quote(`{"input":{"chart":{"key":"orders"},"points":[{"key":"d","value":4}]}}`))
		}, 400, `send a JSON object`},
		{"a missing variable", func() (reply, error) { return n.httpNode("/graphql", `{"query":`+quote(recordMutation)+`}`) }, 400, `"message":"input: is missing: send it in variables"`},
		{"a wrong enum", func() (reply, error) {
			return n.httpNode("/graphql", `{"query":`+quote(recordMutation)+`,"variables":{"input":{"chart":{"key":"orders"},"points":[{"value":1}],"mode":"LATER"}}}`)
		}, 400, `"message":"input.mode: must be one of LIVE, BACKFILL"`},
		{"an enum in small letters", func() (reply, error) {
			return n.httpNode("/graphql", `{"query":`+quote(recordMutation)+`,"variables":{"input":{"chart":{"key":"orders"},"points":[{"value":1}],"mode":"backfill"}}}`)
		}, 400, `"message":"input.mode: must be one of LIVE, BACKFILL"`},
		{"a wrong enum in the text", func() (reply, error) {
			return n.send("/graphql", "application/graphql", "*/*", `mutation { createChart(input: {name: "x", aggregation: SUMM}) { chart { id } } }`)
		}, 400, `"message":"input.aggregation: must be one of LAST, SUM, AVERAGE, MINIMUM, MAXIMUM, COUNT"`},
		{"an enum in quotes in the text", func() (reply, error) {
			return n.graphqlNode(`{ ... on Query { ...F } } fragment F on Query { chart(by: {key: "orders"}) { kpi(period: "TODAY") { value } } }`, `{}`)
		}, 400, `"message":"period: must be one of TODAY, `},
		{"an enum that a variable has by default", func() (reply, error) {
			return n.graphqlNode(`query($s: ChartStatus = ACTIV) { charts(status: $s) { totalCount } }`, `{}`)
		}, 400, `"message":"s: must be one of ACTIVE, ARCHIVED"`},
		{"a text where a number is due", func() (reply, error) {
			return n.graphqlNode(`{ charts(first: "5") { totalCount } }`, `{}`)
		}, 400, `"message":"first: Int cannot represent`},
		{"points left out", func() (reply, error) {
			return n.graphqlNode(recordMutation, `{"input":{"chart":{"key":"orders"}}}`)
		}, 400, `"message":"input.points: is missing: send it in variables"`},
		{"a field that is not there", func() (reply, error) {
			return n.graphqlNode(recordMutation, `{"input":{"chart":{"key":"orders"},"points":[{"value":1,"date":"x"}]}}`)
		}, 400, `"message":"input.points[0].date: is not known: take it out, or mend its name"`},
		{"no points", func() (reply, error) {
			return n.graphqlNode(recordMutation, `{"input":{"chart":{"key":"orders"},"points":[]}}`)
		}, 422, `"message":"input.points: `},
		{"a chart that is not there", func() (reply, error) {
			return n.httpNode("/graphql", `{"query":`+quote(recordMutation)+`,"variables":{"input":{"chart":{"key":"nope"},"points":[{"value":1}]}}}`)
		}, 404, `"message":"input.chart: there is no such chart"`},
		{"a key that is not one", func() (reply, error) {
			return n.graphqlNode(`{ viewer { subject } }`, `{}`, "Authorization", "Bearer mykpi_wrong")
		}, 401, `"code":"UNAUTHENTICATED"`},
		{"a webhook", func() (reply, error) {
			return n.httpNode("/webhooks/charts/orders?source=4712", `{"value":5,"key":"e"}`)
		}, 0, `"recorded":1`},
		{"a webhook of a chart that is not there", func() (reply, error) { return n.httpNode("/webhooks/charts/nope", `{"value":5}`) }, 404, `there is no such chart`},
		{"a point that is refused", func() (reply, error) {
			return n.graphqlNode(recordMutation, `{"input":{"chart":{"key":"orders"},"points":[{"key":"f","value":"1,5"}],"source":"4713"}}`)
		}, 0, `"rejected":[{"index":0,"code":"BAD_USER_INPUT"`},
		{"what was refused", func() (reply, error) {
			return n.graphqlNode(`{ rejectedPoints(first: 5) { nodes { chartKey source raw } } }`, `{}`)
		}, 0, `"chartKey":"orders","source":"4713","raw":{`},
		{"an address that is mistyped", func() (reply, error) { return n.httpNode("/webhook/charts/orders", `{"value":5}`) }, 404, `post points to /webhooks/charts/KEY`},
		{"another", func() (reply, error) { return n.httpNode("/webhooks/chart/orders", `{"value":5}`) }, 404, `post points to /webhooks/charts/KEY`},
		{"an address that is short of a chart", func() (reply, error) { return n.httpNode("/webhooks", `{"value":5}`) }, 404, `post points to /webhooks/charts/KEY`},
		{"GraphQL at an address that is mistyped", func() (reply, error) { return n.graphqlNodeAt("/graphq", `{ viewer { subject } }`, `{}`) }, 404, `GraphQL to /graphql`},
		{"GraphQL at the page", func() (reply, error) { return n.graphqlNodeAt("/", `{ viewer { subject } }`, `{}`) }, 404, `"code":"NOT_FOUND"`},
	} {
		got := n.must(test.send())
		if test.status == 0 {
			test.status = http.StatusOK
		}
		if got.status != test.status || !strings.Contains(got.body, test.want) {
			t.Errorf("%s: %d %s, want %d %s", test.name, got.status, got.body, test.status, test.want)
		}
		if strings.Contains(got.body, `"errors":[]`) || strings.Contains(got.body, `"error":`) {
			t.Errorf("%s: %s", test.name, got.body)
		}
	}
}

// Duplicates at the same time, as of two executions of one retried webhook, execute once.
func TestN8nIdempotencyHeader(t *testing.T) {
	n := startForN8n(t)
	var wait sync.WaitGroup
	for range 60 {
		wait.Go(func() {
			got, err := n.graphqlNode(recordMutation, `{"input":{"chart":{"key":"orders"},"points":[{"value":1}]}}`, "Idempotency-Key", "execution-1")
			if err != nil || !strings.Contains(got.body, `"recorded":1`) {
				t.Errorf("%v %s", err, got.body)
			}
		})
	}
	wait.Wait()
	if got := n.must(n.graphqlNode(`{ chart(by: {key: "orders"}) { version } ingestions { nodes { recorded } } }`, `{}`)); !strings.Contains(got.body, `"version":2`) || !strings.Contains(got.body, `"nodes":[{"recorded":1}]`) {
		t.Error(got.body)
	}
	// Other points under the key are refused alike, by whichever way they come.
	for _, got := range []reply{
		n.must(n.graphqlNode(recordMutation, `{"input":{"chart":{"key":"orders"},"points":[{"value":2}]}}`, "Idempotency-Key", "execution-1")),
		n.must(n.httpNode("/webhooks/charts/orders", `{"value":2}`, "Idempotency-Key", "execution-1")),
	} {
		if got.status != http.StatusUnprocessableEntity || got.Errors[0].Extensions.Code != "IDEMPOTENCY_KEY_REUSED" {
			t.Error(got.status, got.body)
		}
	}
}

// The HTTP Request node sends all its items at once, and on a failure of one all of them again.
func TestN8nItemsAtOnce(t *testing.T) {
	n := startForN8n(t)
	for range 2 {
		var wait sync.WaitGroup
		for i := range 200 {
			wait.Go(func() {
				got, err := n.httpNode("/webhooks/charts/orders?source=run", fmt.Sprintf(`{"value":1,"key":"item-%d"}`, i))
				if err != nil || got.status != http.StatusOK {
					t.Errorf("item %d: %v %s", i, err, got.body)
				}
			})
		}
		wait.Wait()
	}
	if got := n.must(n.graphqlNode(`{ chart(by: {key: "orders"}) { kpi { value } } }`, `{}`)); !strings.Contains(got.body, `"value":200`) {
		t.Error(got.body)
	}
}

// A wrong run is found by its execution, taken back, and brought back.
func TestN8nUndo(t *testing.T) {
	n := startForN8n(t)
	n.must(n.httpNode("/webhooks/charts/orders?source=4711", `[{"value":1,"key":"a"},{"value":2,"key":"b"}]`))
	found := n.must(n.graphqlNode(`{ ingestions(source: "4711") { nodes { id status charts { key } } } }`, `{}`))
	_, rest, _ := strings.Cut(found.body, `"id":"`)
	id, _, _ := strings.Cut(rest, `"`)
	for _, step := range []struct{ mutation, want string }{
		{`undoIngestion(input: {id: "%s", dryRun: true}) { removed restored kept ingestion { status } }`, `"removed":2,"restored":0,"kept":0,"ingestion":{"status":"RECORDED"}`},
		{`undoIngestion(input: {id: "%s"}) { removed ingestion { status } }`, `"removed":2,"ingestion":{"status":"UNDONE"}`},
		{`redoIngestion(input: {id: "%s"}) { recorded ingestion { status } }`, `"recorded":2,"ingestion":{"status":"RECORDED"}`},
	} {
		if got := n.must(n.graphqlNode(`mutation { `+fmt.Sprintf(step.mutation, id)+` }`, `{}`)); !strings.Contains(got.body, step.want) {
			t.Errorf("%s: %s", step.mutation, got.body)
		}
	}
}

// A body that is too large is answered, though it comes whole before its sender reads, as axios sends it.
func TestN8nSendsTooMuch(t *testing.T) {
	n := startForN8n(t)
	body := `{"query":"` + strings.Repeat("#", 10<<20) + `"}`
	for _, path := range []string{"/graphql", "/webhooks/charts/orders"} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(n.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		_, err = fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
			path, n.key, len(body), body)
		if err != nil {
			t.Errorf("%s: cut off while it sends: %v", path, err)
		}
		answer, err := io.ReadAll(conn)
		if text := string(answer); err != nil || !strings.HasPrefix(text, "HTTP/1.1 413 ") || !strings.Contains(text, `"code":"LIMIT_EXCEEDED"`) {
			t.Errorf("%s: %v %.300s", path, err, text)
		}
	}
}

// Over its rate a key is told to wait, with a status that n8n sees and a message that it shows.
func TestN8nOverTheRate(t *testing.T) {
	n := startForN8n(t, func(c *serverConfig) { c.rateMutations = rate{1, 3} })
	over := 0
	for i := range 20 {
		got := n.must(n.httpNode("/webhooks/charts/orders", fmt.Sprintf(`{"value":1,"key":"%d"}`, i)))
		switch got.status {
		case http.StatusOK:
		case http.StatusTooManyRequests:
			if over++; len(got.Errors) != 1 || got.Errors[0].Extensions.Code != "RATE_LIMITED" {
				t.Error(got.body)
			}
		default:
			t.Errorf("%d %s", got.status, got.body)
		}
	}
	if over == 0 {
		t.Error("20 at once were let through at 1 a second")
	}
}
