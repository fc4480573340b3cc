package oracle

import "time"

// Bucket is one bucket of a trend, Start <= t < End; Value "" is null.
type Bucket struct {
	Start, End time.Time // UTC
	Value      string
	Count      int
	Complete   bool
}

// Trend is a span in buckets of the calendar.
type Trend struct {
	From, To    time.Time // UTC
	Granularity string
	Buckets     []Bucket
}

// Trend is a span in buckets of a granularity, "" for the default, at an instant, after sent were recorded in that
// order.
func (c Calendar) Trend(chart Chart, sent []Point, s Span, granularity string, now time.Time) Trend {
	points := Standing(sent)
	w := c.Window(s, now)
	if granularity == "" {
		granularity = c.granularity(s, w)
	}
	trend := Trend{From: w.From.UTC(), To: w.To.UTC(), Granularity: granularity}
	starts := c.Units(w.From, w.To, granularity)
	for i, start := range starts {
		end := w.To
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		inside := within(points, start, end, now)
		value := decimal(aggregate(chart.Aggregation, inside))
		if value == "" && (chart.Aggregation == "SUM" || chart.Aggregation == "COUNT") {
			value = "0"
		}
		trend.Buckets = append(trend.Buckets, Bucket{start.UTC(), end.UTC(), value, len(inside), !end.After(now)})
	}
	return trend
}
