package graph

import "github.com/mykpi/mykpi/graph/memory"

// Remembered is what package memory may remember: charts with all below them, which follow from the tenant's commits and
// the time. A test holds that none of these types has a resolver, which could ask something else.
func Remembered() memory.Observer {
	return memory.Observer{
		Fields: []string{"chart", "charts", "version"},
		Types: []string{
			"Actor", "Chart", "ChartConnection", "ChartEdge", "ChartEvent", "ChartEventConnection", "ChartEventEdge",
			"DataPoint", "DataPointConnection", "DataPointEdge", "Kpi", "PageInfo", "Trend", "TrendBucket", "Unit",
		},
	}
}
