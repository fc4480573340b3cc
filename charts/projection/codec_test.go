package projection

import (
	"testing"

	"github.com/mykpi/mykpi/charts"
	"pgregory.net/rapid"
)

// Every span between two instants that may be stored comes back as it was, to the nanosecond.
func TestDeltasOfAnyLength(t *testing.T) {
	longest := charts.MaxInstant - charts.MinInstant
	rapid.Check(t, func(t *rapid.T) {
		d := charts.Instant(rapid.Int64Range(int64(-longest), int64(longest)).Draw(t, "delta"))
		d -= d % charts.Instant(rapid.SampledFrom([]int64{1, 1e3, 1e6, 1e9, 3600e9}).Draw(t, "unit"))
		r := reader{b: appendDelta(nil, d)}
		if got := r.delta(); got != d || r.err("") != nil {
			t.Fatalf("%d came back as %d, %v", d, got, r.err(""))
		}
	})
}

func FuzzReadNow(f *testing.F) {
	n := Now{Version: 3, Generation: 1, Zone: "Europe/Paris", Aggregation: charts.Sum, Day: 20_000}
	n.points = []Point{{Point: charts.Point{Key: "k", At: charts.EarliestPoint, Value: charts.DecimalOf(1, 5)}, Version: 2}}
	written, _ := unsealed(n.Encode())
	f.Add(written)
	f.Add([]byte{Format, 0, 0, 0, 0xff, 0xff, 0xff, 0x7f})
	f.Fuzz(func(t *testing.T, b []byte) {
		if n, err := ReadNow(sealed(b)); err == nil {
			n.hours.all()
			n.weekAgo.unpack(nil)
			if _, err := ReadNow(n.Encode()); err != nil {
				t.Errorf("what was read can't be written: %v", err)
			}
		}
	})
}
