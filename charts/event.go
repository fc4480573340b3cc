package charts

import "time"

// Event is a fact of a chart's stream. The concrete types are those of this file, and no others.
type Event interface{ isEvent() }

// ChartCreated starts a chart.
type ChartCreated struct {
	ID          ID          `json:"id"`
	Key         string      `json:"key"`
	Aggregation Aggregation `json:"aggregation"`
	Settings
}

// ChartUpdated changes a chart's settings: it holds them all as they are from now on, and the names of the fields
// that changed.
type ChartUpdated struct {
	Settings
	Changed []string `json:"changed"`
}

// ChartArchived takes a chart out of use; its points stay.
type ChartArchived struct{}

// ChartRestored brings an archived chart back.
type ChartRestored struct{}

// DataPointsRecorded tells points that are new or now have another value. They hold in the order told: the same point
// may come more than once, and the later entry corrects the earlier.
type DataPointsRecorded struct {
	Points []RecordedPoint
}

// RecordedPoint is a point as it is from now on, and, where it corrects one, what it was before.
type RecordedPoint struct {
	Point
	Corrects bool
	Was      Was // where Corrects
}

// Was is what a corrected point said before.
type Was struct {
	At    Instant
	Value Decimal
}

// DataPointsRemoved takes points back.
type DataPointsRemoved struct {
	Points []Point // as they stood
	Reason string
}

func (ChartCreated) isEvent()       {}
func (ChartUpdated) isEvent()       {}
func (ChartArchived) isEvent()      {}
func (ChartRestored) isEvent()      {}
func (DataPointsRecorded) isEvent() {}
func (DataPointsRemoved) isEvent()  {}

// Evolve is the chart after an event that occurred at a time. It is total: events are facts and never refused.
func Evolve(c Chart, e Event, at time.Time) Chart {
	c.Version++
	switch e := e.(type) {
	case ChartCreated:
		c.ID, c.Key, c.Aggregation, c.Settings = e.ID, e.Key, e.Aggregation, e.Settings
		c.Status, c.CreatedAt, c.ChangedAt = Active, at, at
	case ChartUpdated:
		c.Settings, c.ChangedAt = e.Settings, at
	case ChartArchived:
		c.Status, c.ChangedAt = Archived, at
	case ChartRestored:
		c.Status, c.ChangedAt = Active, at
	case DataPointsRecorded, DataPointsRemoved:
	}
	return c
}
