package command

import (
	"github.com/mykpi/mykpi/charts"
)

// mostWouldBe bounds what a dry run remembers. A file that names more points than this counts those behind them that it
// names again as if they were named the first time.
const mostWouldBe = 100_000

// wouldBe is what the pieces of a dry run that came before have said of points: nothing of it is written, and the pieces
// that follow are to be counted as if it were.
type wouldBe map[charts.ID]map[charts.PointID]charts.Point

// over lays what would be over what is known.
func (w wouldBe) over(known charts.Known, chart charts.ID, ids []charts.PointID) {
	for _, id := range ids {
		if p, said := w[chart][id]; said {
			known[id] = p
		}
	}
}

// take remembers what events say.
func (w *wouldBe) take(chart charts.ID, events []charts.Event) {
	if *w == nil {
		*w = wouldBe{}
	}
	if (*w)[chart] == nil {
		(*w)[chart] = map[charts.PointID]charts.Point{}
	}
	points := (*w)[chart]
	for _, e := range events {
		for _, p := range e.(charts.DataPointsRecorded).Points {
			if _, said := points[p.ID()]; said || len(points) < mostWouldBe {
				points[p.ID()] = p.Point
			}
		}
	}
}
