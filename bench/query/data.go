package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

const (
	tenant = "bench"
	charts = 20
)

// document is the dashboard: 8 scalars, KPI and trend of 20 charts.
func document(granularity string) string {
	return `query Dashboard { charts(first: 20) { nodes { id key name description visualization aggregation direction status ` +
		`kpi { value previousValue changePercent } trend(period: LAST_7_DAYS, granularity: ` + granularity + `) { buckets { start value } } } } }`
}

func body(query string, variables any) []byte {
	b, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		panic(err) // strings and numbers alone
	}
	return b
}

// ask sends one operation, and fails on errors in the answer.
func ask(host, token string, body []byte) ([]byte, error) {
	request, err := http.NewRequest(http.MethodPost, "http://"+host+"/graphql", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept-Encoding", "identity")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err == nil && (response.StatusCode != http.StatusOK || bytes.Contains(answer, []byte(`"errors"`))) {
		err = fmt.Errorf("%s: %.500s", response.Status, answer)
	}
	return answer, err
}

// fill makes the charts, with a point every hour of the last 16 days.
func fill(host, token string) error {
	now := time.Now().UTC().Truncate(time.Hour)
	for c := range charts {
		key := fmt.Sprintf("chart-%02d", c)
		create := body(`mutation($i: CreateChartInput!) { createChart(input: $i) { chart { id } } }`, map[string]any{"i": map[string]any{
			"key": key, "name": fmt.Sprintf("Chart number %d", c), "description": "Paid orders, VAT included", "aggregation": "SUM",
		}})
		if _, err := ask(host, token, create); err != nil {
			return err
		}
		var points []map[string]any
		for h := range 16 * 24 {
			points = append(points, map[string]any{"at": now.Add(time.Duration(h-16*24) * time.Hour), "value": float64((h*7919+c*104729)%100000) / 100})
		}
		record := body(`mutation($i: RecordDataPointsInput!) { recordDataPoints(input: $i) { recorded } }`, map[string]any{"i": map[string]any{
			"chart": map[string]any{"key": key}, "points": points, "onInvalid": "FAIL",
		}})
		if _, err := ask(host, token, record); err != nil {
			return err
		}
	}
	return nil
}

// point is the mutation that records one point in one chart, another one each time.
func point(n int64) []byte {
	at := time.Now().UTC().Add(-time.Duration(n%1_000_000) * time.Microsecond)
	return body(`mutation($k: String!, $at: DateTime!) { recordDataPoints(input: {chart: {key: $k}, points: [{at: $at, value: 1}]}) { recorded } }`,
		map[string]any{"k": fmt.Sprintf("chart-%02d", n%charts), "at": strings.TrimSuffix(at.Format(time.RFC3339Nano), "Z") + "Z"})
}
