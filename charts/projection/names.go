package projection

import (
	"fmt"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/eventstore"
)

// The names of documents in a tenant's common space. A range from ChartPrefix to AfterNow reads a whole dashboard.
const (
	ChartPrefix = "CHART#"
	KeyPrefix   = "KEY#"
	NowPrefix   = "NOW#"
	AfterNow    = "NOW$" // '$' follows '#'
	HoursPrefix = "HOURS#"
	AfterHours  = "HOURS$"
)

// ChartName is the document of a chart's settings.
func ChartName(id charts.ID) string { return ChartPrefix + string(id) }

// KeyName is the document that says which chart has a key.
func KeyName(key string) string { return KeyPrefix + key }

// NowName is the document of a chart's newest figures.
func NowName(id charts.ID) string { return NowPrefix + string(id) }

// HoursName is the document of a chart's hours of the last days.
func HoursName(id charts.ID) string { return HoursPrefix + string(id) }

func yearsPrefix(id charts.ID, generation int64) string {
	return fmt.Sprintf("TREND#D#%s#%d#", id, generation)
}

func pagesPrefix(id charts.ID, generation int64) string {
	return fmt.Sprintf("POINTS#%s#%d#", id, generation)
}

// Documents are the spans of everything that a generation of a chart's projection keeps under its own names, for
// rebuild and erasure. NOW and HOURS are replaced, not added, by a rebuild.
func Documents(id charts.ID, generation int64) []eventstore.Span {
	years, pages := yearsPrefix(id, generation), pagesPrefix(id, generation)
	return []eventstore.Span{eventstore.Between(years, years+"~"), eventstore.Between(pages, pages+"~")}
}
