package projection

import (
	"runtime"
	"testing"
	"time"

	"github.com/mykpi/mykpi/charts"
)

// A NOW document that is kept packed keeps no more than its tail: the documents of one answer of SQLite share their memory, and
// one chart that stays would have those of the others stay.
func TestAPackedTailHoldsNoOtherBytes(t *testing.T) {
	n := Now{Version: 3, Generation: 1, Zone: "Europe/Paris", Aggregation: charts.Sum, Day: 20_000}
	n.points = []Point{{Point: charts.Point{Key: "k", At: charts.EarliestPoint, Value: charts.DecimalOf(1, 5)}, Version: 2}}
	body := n.AppendTo(nil)
	const others = 16 << 10
	shared := new([others]byte)
	gone := make(chan struct{})
	runtime.AddCleanup(shared, func(struct{}) { close(gone) }, struct{}{})
	kept, err := ReadNow(shared[:copy(shared[:], body)])
	if err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	select {
	case <-gone:
	case <-time.After(5 * time.Second):
		t.Error("what was read holds the memory that it was read from")
	}
	if got := *kept.tail(); len(got) != 1 || got[0] != n.points[0] {
		t.Errorf("the tail is %v", got)
	}
}
