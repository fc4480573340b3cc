package live

import "time"

// Cause is why an update is sent.
type Cause string

// The causes.
const (
	Snapshot       Cause = "SNAPSHOT"
	Resync         Cause = "RESYNC"
	ChartCreated   Cause = "CHART_CREATED"
	ChartUpdated   Cause = "CHART_UPDATED"
	ChartArchived  Cause = "CHART_ARCHIVED"
	ChartRestored  Cause = "CHART_RESTORED"
	PointsRecorded Cause = "POINTS_RECORDED"
	PointsRemoved  Cause = "POINTS_REMOVED"
	TenantUpdated  Cause = "TENANT_UPDATED"
	PeriodRolled   Cause = "PERIOD_ROLLED"
	Stale          Cause = "STALE"
)

// causeOf is the cause that a type of event has.
var causeOf = map[string]Cause{
	"ChartCreated":       ChartCreated,
	"ChartUpdated":       ChartUpdated,
	"ChartArchived":      ChartArchived,
	"ChartRestored":      ChartRestored,
	"DataPointsRecorded": PointsRecorded,
	"DataPointsRemoved":  PointsRemoved,
}

// reason is a cause and when it arose.
type reason struct {
	cause Cause
	at    time.Time
}

// ofEvent reports whether a cause is told by an event of the chart, which makes a version.
func (c Cause) ofEvent() bool {
	switch c {
	case PeriodRolled, Stale, TenantUpdated, Snapshot, Resync:
		return false
	}
	return true
}
