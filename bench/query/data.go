package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/mykpi/mykpi/bench/rig"
)

const (
	charts  = 20
	tenants = rig.Connections
)

// tenantOf is the tenant of a connection: where each has one of its own, none sees what another wrote.
func tenantOf(connection int) string { return fmt.Sprintf("bench-%02d", connection) }

// document is the dashboard: 8 scalars, KPI and trend of 20 charts.
func document(granularity string) string {
	return `query Dashboard { charts(first: 20) { nodes { id key name description visualization aggregation direction status ` +
		`kpi { value previousValue changePercent } trend(period: LAST_7_DAYS, granularity: ` + granularity + `) { buckets { start value } } } } }`
}

// fill makes the charts, with a point every hour of the last 16 days.
func fill(host, token string) error {
	now := time.Now().UTC().Truncate(time.Hour)
	for c := range charts {
		key := fmt.Sprintf("chart-%02d", c)
		create := rig.Body(`mutation($i: CreateChartInput!) { createChart(input: $i) { chart { id } } }`, map[string]any{"i": map[string]any{
			"key": key, "name": fmt.Sprintf("Chart number %d", c), "description": "Paid orders, VAT included", "aggregation": "SUM",
		}})
		if _, err := rig.Ask(host, token, create); err != nil {
			return err
		}
		var points []map[string]any
		for h := range 16 * 24 {
			points = append(points, map[string]any{"at": now.Add(time.Duration(h-16*24) * time.Hour), "value": float64((h*7919+c*104729)%100000) / 100})
		}
		record := rig.Body(`mutation($i: RecordDataPointsInput!) { recordDataPoints(input: $i) { recorded } }`, map[string]any{"i": map[string]any{
			"chart": map[string]any{"key": key}, "points": points, "onInvalid": "FAIL",
		}})
		if _, err := rig.Ask(host, token, record); err != nil {
			return err
		}
	}
	return nil
}

// point is the mutation that records one point in one chart, another one each time.
func point(n int64) []byte {
	at := time.Now().UTC().Add(-time.Duration(n%1_000_000) * time.Microsecond)
	return rig.Body(`mutation($k: String!, $at: DateTime!) { recordDataPoints(input: {chart: {key: $k}, points: [{at: $at, value: 1}]}) { recorded } }`,
		map[string]any{"k": fmt.Sprintf("chart-%02d", n%charts), "at": strings.TrimSuffix(at.Format(time.RFC3339Nano), "Z") + "Z"})
}
