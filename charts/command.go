package charts

// Command asks a chart for something. The concrete types are those of this file, and no others.
type Command interface{ isCommand() }

// Create makes a chart.
type Create struct {
	ID          ID
	Key         string
	Aggregation Aggregation
	Settings
}

// Update changes settings: Change is told the present ones and answers the wished ones.
type Update struct {
	ExpectedVersion int64 // 0 for any
	Change          func(Settings) Settings
}

// Archive takes a chart out of use. Archiving an archived chart changes nothing.
type Archive struct{ ExpectedVersion int64 }

// Restore brings a chart back. Restoring an active chart changes nothing.
type Restore struct{ ExpectedVersion int64 }

// Record brings valid points in. A point that is known with the same value and instant changes nothing. A point with
// At 0 came without an instant: a known one keeps its own, a new one gets Now.
type Record struct {
	Points []Point
	Known  Known
	Now    Instant
}

// Remove takes points back. Points that are not known are passed over.
type Remove struct {
	IDs    []PointID
	Known  Known
	Reason string
}

// Known are the points that a command names and the chart already has.
type Known map[PointID]Point

func (Create) isCommand()  {}
func (Update) isCommand()  {}
func (Archive) isCommand() {}
func (Restore) isCommand() {}
func (Record) isCommand()  {}
func (Remove) isCommand()  {}
