package projection

import (
	"strconv"
	"strings"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/eventstore"
)

// The names of documents in a tenant's common space. One range, from the tenant's own document (ABOUT) to AfterNow, reads
// a whole dashboard; what a dashboard does not need has a name outside it, but for the keys, which the range goes without.
const (
	ChartPrefix = "CHART#"
	KeyPrefix   = "KEY#"
	NowPrefix   = "NOW#"
	AfterNow    = "NOW$" // '$' follows '#'
	HoursPrefix = "TREND#H#"
	AfterHours  = "TREND#H$"
)

// ChartName is the document of a chart's settings.
func ChartName(id charts.ID) string { return ChartPrefix + string(id) }

// KeyName is the document that says which chart has a key.
func KeyName(key string) string { return KeyPrefix + key }

// NowName is the document of a chart's newest figures.
func NowName(id charts.ID) string { return NowPrefix + string(id) }

// HoursName is the document of a chart's hours of the last days.
func HoursName(id charts.ID) string { return HoursPrefix + string(id) }

const (
	years = "TREND#D#"
	pages = "POINTS#"
)

func yearsPrefix(id charts.ID, generation int64) string { return prefixOf(years, id, generation) }

func pagesPrefix(id charts.ID, generation int64) string { return prefixOf(pages, id, generation) }

func prefixOf(kind string, id charts.ID, generation int64) string {
	return kind + string(id) + "#" + strconv.FormatInt(generation, 10) + "#"
}

// isPart reports whether a document is one of those besides NOW that a chart's figures are in, of any generation.
func isPart(id charts.ID, name string) bool {
	for _, kind := range [...]string{HoursPrefix, years, pages} {
		if rest, found := strings.CutPrefix(name, kind); found {
			of, _, _ := strings.Cut(rest, "#")
			return of == string(id)
		}
	}
	return false
}

// AllGenerations are the spans of the documents that any generation of a chart's projection keeps under its own names;
// NOW and TREND#H are replaced, not added, by a rebuild.
func AllGenerations(id charts.ID) []eventstore.Span {
	years, pages := years+string(id)+"#", pages+string(id)+"#"
	return []eventstore.Span{eventstore.Between(years, years+"~"), eventstore.Between(pages, pages+"~")}
}

// GenerationOf is the generation that a document's name tells, or -1.
func GenerationOf(name string) int64 {
	parts := strings.Split(name, "#")
	at := 2 // POINTS#<chart>#<generation>#…
	if parts[0] == "TREND" {
		at = 3 // TREND#D#<chart>#<generation>#…
	}
	if len(parts) <= at {
		return -1
	}
	g, err := strconv.ParseInt(parts[at], 10, 64)
	if err != nil {
		return -1
	}
	return g
}
