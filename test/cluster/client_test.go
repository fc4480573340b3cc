package cluster

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// client asks any instance of a cluster, as an administrator of one tenant.
type client struct {
	cluster       *cluster
	tenant, token string
	http          *http.Client
}

func (c *cluster) admin(tb testing.TB) *client {
	tb.Helper()
	tenant := unique()
	token := c.run(tb, "token", "--tenant", tenant, "--ttl", "24h")
	return &client{c, tenant, token, &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}}
}

type vars map[string]any

var errAnswer = errors.New("an answer with errors")

// ask asks one instance once.
func (c *client) ask(ctx context.Context, i *instance, query string, variables vars, data any) error {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return err
	}
	response, err := c.post(ctx, i, body, "application/json")
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	answer := struct {
		Data   any
		Errors []struct{ Message string }
	}{Data: data}
	if err := json.Unmarshal(text, &answer); err != nil {
		return fmt.Errorf("status %d: %w: %.200s", response.StatusCode, err, text)
	}
	if len(answer.Errors) > 0 {
		return fmt.Errorf("%w: %s", errAnswer, text)
	}
	return nil
}

func (c *client) post(ctx context.Context, i *instance, body []byte, accept string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, i.running().URL+"/graphql", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", accept)
	request.Header.Set("Authorization", "Bearer "+c.token)
	return c.http.Do(request)
}

// must asks what has to succeed at once.
func (c *client) must(tb testing.TB, i *instance, query string, variables vars, data any) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), patience)
	defer cancel()
	if err := c.ask(ctx, i, query, variables, data); err != nil {
		tb.Fatalf("%s: %v", query, err)
	}
}

const (
	create = `mutation($key: String!) { createChart(input: {name: $key, key: $key, aggregation: SUM}) { chart { id } } }`
	record = `mutation($key: String!, $once: String!) {
		recordDataPoints(input: {chart: {key: $key}, points: [{value: 1}], idempotencyKey: $once}) { recorded } }`
	look = `query($key: String!) { chart(by: {key: $key}) { version kpi(period: LAST_12_MONTHS) { value } } }`
	feed = `subscription { kpiUpdated { cause chart { key version } } }`
)

type figures struct {
	Chart struct {
		Version int
		Kpi     struct{ Value json.Number }
	}
}

// stream is a subscription to all charts of the tenant.
type stream struct {
	lines *bufio.Scanner
	body  io.Closer
}

func (c *client) watch(tb testing.TB, i *instance) *stream {
	tb.Helper()
	body, err := json.Marshal(map[string]any{"query": feed})
	if err != nil {
		tb.Fatal(err)
	}
	response, err := c.post(tb.Context(), i, body, "text/event-stream")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { response.Body.Close() })
	return &stream{bufio.NewScanner(response.Body), response.Body}
}

// until waits for a chart's version and answers when it came. What never comes ends the test by the body's close.
func (s *stream) until(tb testing.TB, key string, version int) time.Time {
	tb.Helper()
	timer := time.AfterFunc(patience, func() { s.body.Close() })
	defer timer.Stop()
	for s.lines.Scan() {
		data, isData := strings.CutPrefix(s.lines.Text(), "data: ")
		if !isData || data == "" {
			continue
		}
		var next struct {
			Data struct {
				KpiUpdated struct {
					Chart struct {
						Key     string
						Version int
					}
				}
			}
		}
		if err := json.Unmarshal([]byte(data), &next); err != nil {
			tb.Fatalf("%v: %s", err, data)
		}
		if chart := next.Data.KpiUpdated.Chart; chart.Key == key && chart.Version >= version {
			return time.Now()
		}
	}
	tb.Fatalf("version %d of %s never came: %v", version, key, s.lines.Err())
	return time.Time{}
}
