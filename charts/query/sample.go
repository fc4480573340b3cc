package query

import (
	"github.com/mykpi/mykpi/charts"
)

// Sample is a point that is not recorded, as it would be told if it were, from a source.
func Sample(p charts.Point, source string) *DataPoint {
	told := &provenance{sources: map[int64]string{0: source}}
	return &DataPoint{Key: p.Name(), At: p.At.Time(), Value: p.Value, provenance: told}
}
