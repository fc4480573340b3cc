package model

// DefaultCharts is how many charts a page has whose size was given as null: the default of the schema.
const DefaultCharts = 50

// First is the size of a page of charts.
func First(first *int) int {
	if first == nil {
		return DefaultCharts
	}
	return *first
}
