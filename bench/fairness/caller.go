package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// charts are those of each tenant.
const charts = 8

const (
	dashboard = `{ charts { nodes { key name kpi { value previousValue changePercent status } trend { buckets { start value } } } } }`
	record    = `mutation($key: String!, $value: Decimal!) { recordDataPoints(input: {chart: {key: $key}, points: [{value: $value}]}) { recorded } }`
)

// caller asks as one tenant.
type caller struct {
	url, token string
	client     *http.Client
}

// newCaller calls from an address of the loopback interface that is its tenant's own: a server counts by address too.
func newCaller(url, token, address string) caller {
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
	return caller{url, token, &http.Client{Transport: &http.Transport{DialContext: dialer.DialContext, MaxIdleConnsPerHost: 1000}}}
}

// The addresses of the tenants.
const quietAddress, floodAddress = "127.0.0.2", "127.0.0.3"

// post answers the status, once the whole body has come.
func (c caller) post(path, contentType string, body []byte) (int, []byte, error) {
	r, err := http.NewRequest(http.MethodPost, c.url+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("Authorization", "Bearer "+c.token)
	response, err := c.client.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	return response.StatusCode, answer, err
}

func graphQL(query string, variables map[string]any) []byte {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		panic(err) // strings and numbers
	}
	return body
}

func chartKey(n int) string { return fmt.Sprint("chart-", n%charts) }

// prepare makes the charts, each with 90 days of hourly points.
func prepare(c caller) error {
	var rows strings.Builder
	rows.WriteString("at,value\n")
	for at := time.Now().UTC().AddDate(0, 0, -90).Truncate(time.Hour); at.Before(time.Now()); at = at.Add(time.Hour) {
		fmt.Fprintf(&rows, "%s,%d\n", at.Format(time.RFC3339), at.Unix()%997)
	}
	for n := range charts {
		make := graphQL(fmt.Sprintf(`mutation { createChart(input: {key: %q, name: %q, aggregation: SUM}) { chart { id } } }`, chartKey(n), chartKey(n)), nil)
		if status, answer, err := c.post("/graphql", "application/json", make); err != nil || status != http.StatusOK || bytes.Contains(answer, []byte(`"errors"`)) {
			return fmt.Errorf("createChart: %d %s %w", status, answer, err)
		}
		if status, answer, err := c.post("/webhooks/charts/"+chartKey(n)+"?mode=BACKFILL", "text/csv", []byte(rows.String())); err != nil || status != http.StatusOK {
			return fmt.Errorf("points of %s: %d %s %w", chartKey(n), status, answer, err)
		}
	}
	return nil
}
