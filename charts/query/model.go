package query

import (
	"encoding/json"
	"sync"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/tenancy"
)

// Chart is a chart as clients see it. Its methods answer what it says for a period; they read for all charts of the same
// answer at once.
type Chart struct {
	*Facts
	view  *view
	state *state
}

// Facts are what is the same of a chart until it changes, whatever the time. Nil pointers are nulls.
type Facts struct {
	ID            string
	Key           string
	Name          string
	Description   *string
	Visualization charts.Visualization
	Aggregation   charts.Aggregation
	Unit          Unit
	Target        *charts.Decimal
	Direction     charts.Direction
	StaleAfter    *int
	Status        charts.Status
	Version       int
	CreatedAt     time.Time
	UpdatedAt     time.Time // of the newest event, points included
}

// IsNode marks Chart as a Node of the GraphQL schema.
func (*Chart) IsNode() {}

// GetID is the chart's ID, as the Node interface asks.
func (c *Chart) GetID() string { return c.ID }

// Unit is how values are shown.
type Unit struct {
	Kind     charts.UnitKind
	Currency *string
	Decimals int
	Suffix   *string
}

// Kpi is what a chart says for a period.
type Kpi struct {
	Value          *charts.Decimal
	PreviousValue  *charts.Decimal
	Change         *charts.Decimal
	ChangePercent  *charts.Decimal
	Sentiment      charts.Sentiment
	TargetProgress *charts.Decimal
	Status         charts.KpiStatus
	AsOf           *time.Time

	asOf time.Time // what AsOf points to
}

var kpis = sync.Pool{New: func() any { return new(Kpi) }}

// Release lets another KPI have the memory of this one, which must be of no use any more.
func (k *Kpi) Release() { kpis.Put(k) }

// Trend is a period in buckets of the tenant's calendar.
type Trend struct {
	From        time.Time
	To          time.Time
	Granularity charts.Granularity
	TimeZone    string
	Buckets     []TrendBucket
}

var trends = sync.Pool{New: func() any { return new(Trend) }}

// Release lets another trend have the memory of this one, its buckets among it. It must be of no use any more.
func (t *Trend) Release() {
	const most = 1000 // buckets: more is not worth keeping
	if cap(t.Buckets) <= most {
		trends.Put(t)
	}
}

// TrendBucket is one bucket: [Start, End). Complete: its end has passed. A trend has thousands, so that it holds no pointer.
type TrendBucket struct {
	Start    charts.Instant
	End      charts.Instant
	Count    int
	Complete bool

	valued bool
	value  charts.Decimal
}

// Value is the aggregate of the bucket's points: of none 0 for SUM and COUNT, else nil.
func (b *TrendBucket) Value() *charts.Decimal {
	if !b.valued {
		return nil
	}
	return &b.value
}

// DataPoint is a point as it stands. Its Source is read when asked for.
type DataPoint struct {
	Key   string
	At    time.Time
	Value charts.Decimal

	version    int64
	provenance *provenance
}

// ChartEvent is one event of a chart's history.
type ChartEvent struct {
	ID         string
	Type       string
	Version    int
	OccurredAt time.Time
	RecordedAt time.Time
	Actor      tenancy.Actor
	Summary    string
	Data       json.RawMessage
}

// PageInfo is Relay's.
type PageInfo struct {
	HasNextPage     bool
	HasPreviousPage bool
	StartCursor     *string
	EndCursor       *string
}

// ChartConnection is a page of charts; TotalCount counts those of all pages.
type ChartConnection struct {
	Edges      []ChartEdge
	TotalCount int

	more, before bool // charts after the page, and before it
}

// PageInfo is where the page begins and ends.
func (c *ChartConnection) PageInfo() PageInfo {
	info := PageInfo{HasNextPage: c.more, HasPreviousPage: c.before}
	if n := len(c.Edges); n > 0 {
		start, end := c.Edges[0].Cursor(), c.Edges[n-1].Cursor()
		info.StartCursor, info.EndCursor = &start, &end
	}
	return info
}

// ChartEdge is a chart and where it stands.
type ChartEdge struct{ Node *Chart }

// Cursor is where the chart stands.
func (e *ChartEdge) Cursor() string { return formatCursor(chartCursor, e.Node.state.place()) }

// Nodes are the charts of the page.
func (c *ChartConnection) Nodes() []*Chart {
	nodes := make([]*Chart, len(c.Edges))
	for i, e := range c.Edges {
		nodes[i] = e.Node
	}
	return nodes
}

// DataPointConnection is a page of points, oldest first.
type DataPointConnection struct {
	Edges    []DataPointEdge
	PageInfo PageInfo
}

// DataPointEdge is a point and where it stands.
type DataPointEdge struct {
	Cursor string
	Node   *DataPoint
}

// Nodes are the points of the page.
func (c *DataPointConnection) Nodes() []*DataPoint {
	nodes := make([]*DataPoint, len(c.Edges))
	for i, e := range c.Edges {
		nodes[i] = e.Node
	}
	return nodes
}

// ChartEventConnection is a page of a chart's history, newest first.
type ChartEventConnection struct {
	Edges    []ChartEventEdge
	PageInfo PageInfo
}

// ChartEventEdge is an event and where it stands.
type ChartEventEdge struct {
	Cursor string
	Node   *ChartEvent
}

// Nodes are the events of the page.
func (c *ChartEventConnection) Nodes() []*ChartEvent {
	nodes := make([]*ChartEvent, len(c.Edges))
	for i, e := range c.Edges {
		nodes[i] = e.Node
	}
	return nodes
}
