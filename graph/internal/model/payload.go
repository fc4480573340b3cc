package model

import "github.com/mykpi/mykpi/charts/query"

// ChartPayload is what every mutation answers that leaves a chart and nothing else to tell.
type ChartPayload struct{ Chart *query.Chart }
