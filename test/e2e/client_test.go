package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"
)

// client is a caller with a token of one tenant, or with none.
type client struct {
	server *server
	token  string
	http   *http.Client
}

// as is a caller of a tenant, which is made if it is new.
func (s *server) as(tb testing.TB, tenant, role string) *client {
	tb.Helper()
	return s.with(s.run(tb, "token", "--tenant", tenant, "--role", role, "--ttl", "24h"))
}

// admin is the administrator of a new tenant.
func (s *server) admin(tb testing.TB) *client {
	tb.Helper()
	return s.as(tb, unique(), "ADMIN")
}

// with is a caller with a token, "" for none.
func (s *server) with(token string) *client {
	return &client{server: s, token: token, http: &http.Client{
		Timeout:   time.Minute,
		Transport: &http.Transport{MaxIdleConnsPerHost: 64},
	}}
}

// vars are the variables of an operation.
type vars map[string]any

// answer is what came back.
type answer struct {
	status int
	body   []byte
	Data   json.RawMessage `json:"data"`
	Errors []graphQLError  `json:"errors"`
}

type graphQLError struct {
	Message    string
	Path       []any
	Extensions struct{ Code, Field, TraceID string }
}

// code is the code of the one error, or "" without an error.
func (a answer) code() string {
	if len(a.Errors) == 0 {
		return ""
	}
	return a.Errors[0].Extensions.Code
}

func (a answer) field() string {
	if len(a.Errors) == 0 {
		return ""
	}
	return a.Errors[0].Extensions.Field
}

// send posts a body to /graphql as it is.
func (c *client) send(ctx context.Context, body []byte) (answer, error) {
	return c.sendTo(ctx, "/graphql", body, nil)
}

// sendTo posts a body to a path as it is, as JSON unless headers say otherwise.
func (c *client) sendTo(ctx context.Context, path string, body []byte, headers map[string]string) (answer, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.server.at(path), bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	request.Header.Set("Content-Type", "application/json")
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	for name, value := range headers {
		request.Header.Set(name, value)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	a := answer{status: response.StatusCode}
	if a.body, err = io.ReadAll(response.Body); err != nil {
		return answer{}, err
	}
	if err := json.Unmarshal(a.body, &a); err != nil {
		return answer{}, fmt.Errorf("status %d, and the body is no JSON: %w: %.200s", a.status, err, a.body)
	}
	return a, nil
}

// try asks and lets the test judge whatever comes.
func (c *client) try(ctx context.Context, query string, variables vars) (answer, error) {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return answer{}, err
	}
	return c.send(ctx, body)
}

// do asks and fails the test only where no answer comes.
func (c *client) do(tb testing.TB, query string, variables vars) answer {
	tb.Helper()
	a, err := c.try(tb.Context(), query, variables)
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

// post sends a body as it is and fails the test only where no answer comes.
func (c *client) post(tb testing.TB, body string) answer {
	tb.Helper()
	a, err := c.send(tb.Context(), []byte(body))
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

// ask asks what has to succeed, and reads the data into a T.
func ask[T any](tb testing.TB, c *client, query string, variables vars) T {
	tb.Helper()
	a := c.do(tb, query, variables)
	if a.Errors != nil || bytes.Contains(a.body, []byte(`"errors"`)) {
		tb.Fatalf("%.300s\n%v: %.2000s", query, variables, a.body)
	}
	return read[T](tb, a.Data)
}

// read reads JSON, and keeps numbers as they were written.
func read[T any](tb testing.TB, text []byte) T {
	tb.Helper()
	var v T
	if err := json.Unmarshal(text, &v); err != nil {
		tb.Fatalf("%v: %.2000s", err, text)
	}
	return v
}

// refused fails the test unless the answer is the one error with a code and a field ("" for any).
func refused(tb testing.TB, a answer, code, field string) {
	tb.Helper()
	switch {
	case len(a.Errors) != 1 || a.code() != code:
		tb.Errorf("want %s, got %.1000s", code, a.body)
	case field != "" && a.field() != field:
		tb.Errorf("want the field %s, got %.1000s", field, a.body)
	case a.Errors[0].Extensions.TraceID == "" || a.Errors[0].Message == "":
		tb.Errorf("an error without trace ID or message: %.1000s", a.body)
	}
}
