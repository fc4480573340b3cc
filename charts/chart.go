package charts

import (
	"time"
)

// ID identifies a chart within its tenant, for ever.
type ID string

// Visualization is how a dashboard draws a chart.
type Visualization string

// The visualizations.
const (
	Number Visualization = "NUMBER"
	Line   Visualization = "LINE"
	Area   Visualization = "AREA"
	Bar    Visualization = "BAR"
	Gauge  Visualization = "GAUGE"
)

// Aggregation is how the points of a bucket combine. It is chosen when a chart is created and never changes.
type Aggregation string

// The aggregations.
const (
	Last    Aggregation = "LAST"
	Sum     Aggregation = "SUM"
	Average Aggregation = "AVERAGE"
	Minimum Aggregation = "MINIMUM"
	Maximum Aggregation = "MAXIMUM"
	Count   Aggregation = "COUNT"
)

// Direction says which way a chart's figures should go.
type Direction string

// The directions.
const (
	UpIsGood   Direction = "UP_IS_GOOD"
	DownIsGood Direction = "DOWN_IS_GOOD"
	Neutral    Direction = "NEUTRAL"
)

// Status says whether a chart is in use.
type Status string

// The statuses.
const (
	Active   Status = "ACTIVE"
	Archived Status = "ARCHIVED"
)

// UnitKind is what a chart's values measure.
type UnitKind string

// The kinds of units.
const (
	UnitNumber   UnitKind = "NUMBER"
	UnitPercent  UnitKind = "PERCENT"
	UnitCurrency UnitKind = "CURRENCY"
	UnitDuration UnitKind = "DURATION"
	UnitBytes    UnitKind = "BYTES"
)

// Unit is how a chart's values are shown. Values are kept as they were recorded; Decimals alone rounds them, on the
// screen.
type Unit struct {
	Kind     UnitKind `json:"kind"`
	Currency string   `json:"currency,omitempty"` // ISO 4217, for UnitCurrency alone
	Decimals int      `json:"decimals"`           // 0 to 6
	Suffix   string   `json:"suffix,omitempty"`
}

// Settings are what people decide about a chart.
type Settings struct {
	Name          string        `json:"name"`
	Description   string        `json:"description,omitempty"`
	Visualization Visualization `json:"visualization"`
	Unit          Unit          `json:"unit"`
	Target        *Decimal      `json:"target,omitempty"`
	Direction     Direction     `json:"direction"`
	StaleAfter    int           `json:"staleAfter,omitempty"` // seconds; 0 for never
}

// Chart is the aggregate: one KPI of a tenant, as its events tell it. The zero Chart (Version 0) does not exist yet.
// Its points are not in it: a command brings along what is known of the points it names (RecordPoints.Known).
type Chart struct {
	ID          ID          `json:"id"`
	Key         string      `json:"key"`
	Aggregation Aggregation `json:"aggregation"`
	Settings
	Status    Status    `json:"status"`
	CreatedAt time.Time `json:"createdAt"`
	ChangedAt time.Time `json:"changedAt"` // of the newest event that was not about points
	Version   int64     `json:"-"`         // events so far
}

// Exists reports whether the chart has been created.
func (c Chart) Exists() bool { return c.Version > 0 }

// Ref names a chart as callers do: by ID or by Key, exactly one of them set.
type Ref struct {
	ID  ID
	Key string
}
