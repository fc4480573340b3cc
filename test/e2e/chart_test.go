package e2e

import (
	"context"
	"encoding/json"
	"testing"
	"time"
)

// chart is a chart as clients see it.
type chart struct {
	ID, Key, Name              string
	Description                *string
	Visualization, Aggregation string
	Unit                       unit
	Target                     *json.Number
	Direction, Status          string
	StaleAfter                 *int
	Version                    int
	CreatedAt, UpdatedAt       time.Time
	Kpi                        kpi
	Trend                      trend
	Points                     page[dataPoint]
	History                    page[chartEvent]
}

type unit struct {
	Kind             string
	Currency, Suffix *string
	Decimals         int
}

type kpi struct {
	Value, PreviousValue, Change, ChangePercent, TargetProgress *json.Number
	Sentiment, Status                                           string
	AsOf                                                        *time.Time
}

type trend struct {
	From, To              time.Time
	Granularity, TimeZone string
	Buckets               []bucket
}

type bucket struct {
	Start, End time.Time
	Value      *json.Number
	Count      int
	Complete   bool
}

type dataPoint struct {
	Key    string
	At     time.Time
	Value  json.Number
	Source *string
}

type chartEvent struct {
	ID, Type, Summary      string
	Version                int
	OccurredAt, RecordedAt time.Time
	Actor                  struct{ Kind, ID, Label string }
	Data                   json.RawMessage
}

type page[T any] struct {
	Nodes    []T
	PageInfo struct {
		HasNextPage, HasPreviousPage bool
		StartCursor, EndCursor       *string
	}
	TotalCount int
}

// point is a point as it is sent.
type point map[string]any

const (
	settingsFields = `id key name description visualization aggregation unit { kind currency decimals suffix } target
		direction staleAfter status version createdAt updatedAt`
	kpiFields   = `value previousValue change changePercent sentiment targetProgress status asOf`
	trendFields = `from to granularity timeZone buckets { start end value count complete }`
	pageFields  = `pageInfo { hasNextPage hasPreviousPage startCursor endCursor }`

	createChart = `mutation($input: CreateChartInput!) { createChart(input: $input) { chart { ` + settingsFields + ` } } }`
	updateChart = `mutation($input: UpdateChartInput!) { updateChart(input: $input) { chart { ` + settingsFields + ` } } }`
	archive     = `mutation($input: ArchiveChartInput!) { archiveChart(input: $input) { chart { ` + settingsFields + ` } } }`
	restore     = `mutation($input: RestoreChartInput!) { restoreChart(input: $input) { chart { ` + settingsFields + ` } } }`
	record      = `mutation($input: RecordDataPointsInput!) { recordDataPoints(input: $input) {
		ingestionId recorded corrected unchanged rejected { index code message } chart { id version } } }`
	remove = `mutation($input: RemoveDataPointsInput!) { removeDataPoints(input: $input) { removed chart { id version } } }`
)

// create makes a chart; input may leave out all but the key.
func (c *client) create(tb testing.TB, input vars) chart {
	tb.Helper()
	if input["name"] == nil {
		input["name"] = input["key"]
	}
	return ask[struct{ CreateChart struct{ Chart chart } }](tb, c, createChart, vars{"input": input}).CreateChart.Chart
}

// recorded is the answer of recordDataPoints.
type recorded struct {
	IngestionID                    *string
	Recorded, Corrected, Unchanged int
	Rejected                       []struct {
		Index         int
		Code, Message string
	}
	Chart struct {
		ID      string
		Version int
	}
}

// record records points into the chart of a key; more is merged into the input.
func (c *client) record(tb testing.TB, key string, points []point, more vars) recorded {
	tb.Helper()
	return ask[struct{ RecordDataPoints recorded }](tb, c, record, recordInput(key, points, more)).RecordDataPoints
}

// tryRecord is record for callers that expect the server to go away.
func (c *client) tryRecord(ctx context.Context, key string, points []point, more vars) (answer, error) {
	return c.try(ctx, record, recordInput(key, points, more))
}

func recordInput(key string, points []point, more vars) vars {
	input := vars{"chart": vars{"key": key}, "points": points}
	for name, v := range more {
		input[name] = v
	}
	return vars{"input": input}
}

// chart reads fields of the chart of a key; nil where there is none.
func (c *client) chart(tb testing.TB, key, fields string, variables vars) *chart {
	tb.Helper()
	return ask[struct{ Chart *chart }](tb, c, `{ chart(by: {key: `+quote(key)+`}) { `+fields+` } }`, variables).Chart
}

// kpi is what a chart says for from <= instant < to.
func (c *client) kpi(tb testing.TB, key, from, to string) kpi {
	tb.Helper()
	return c.chart(tb, key, `kpi(from: `+quote(from)+`, to: `+quote(to)+`) { `+kpiFields+` }`, nil).Kpi
}

// every reads a list to its end, page by page; read answers the page after a cursor, written as GraphQL.
func every[T any](read func(after string) page[T]) []T {
	var all []T
	for after := "null"; ; {
		p := read(after)
		all = append(all, p.Nodes...)
		if !p.PageInfo.HasNextPage {
			return all
		}
		after = quote(*p.PageInfo.EndCursor)
	}
}

// points reads all points of a chart.
func (c *client) points(tb testing.TB, key string) []dataPoint {
	tb.Helper()
	return every(func(after string) page[dataPoint] {
		return c.chart(tb, key, `points(first: 500, after: `+after+`) { nodes { key at value source } `+pageFields+` }`, nil).Points
	})
}

// history reads all events of a chart, newest first.
func (c *client) history(tb testing.TB, key string) []chartEvent {
	tb.Helper()
	return every(func(after string) page[chartEvent] {
		return c.chart(tb, key, `history(first: 500, after: `+after+`) {
			nodes { id type version occurredAt recordedAt actor { kind id label } summary data } `+pageFields+` }`, nil).History
	})
}

// quote writes a GraphQL string: JSON's form is one.
func quote(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err) // strings always can be
	}
	return string(text)
}

// number is the text of a value, "null" for none.
func number(n *json.Number) string {
	if n == nil {
		return "null"
	}
	return n.String()
}

// text is the text of a value, "" for none.
func text(n *json.Number) string {
	if n == nil {
		return ""
	}
	return n.String()
}
