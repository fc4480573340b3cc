package query

import (
	"sync"

	"github.com/mykpi/mykpi/charts"
)

// view is one answer's look at a board: all that it says is of one instant.
type view struct {
	*board
	now    charts.Instant
	states []*state // of the charts in the answer

	mu      sync.Mutex // guards what follows: resolvers of several charts run at once
	windows []knownWindow
	buckets []knownBuckets
}

// The charts of an answer are mostly asked for the same periods.
type (
	knownWindow struct {
		period charts.Period
		charts.Window
	}
	knownBuckets struct {
		from, to charts.Instant
		by       charts.Granularity
		list     []charts.Bucket
	}
)

// view is a look at charts of the board now; nil for a nil state.
func (b *board) view(states []*state) []*Chart {
	v := &view{board: b, now: charts.InstantOf(b.reader.Now()), states: make([]*state, 0, len(states))}
	answer, looks := make([]*Chart, len(states)), make([]Chart, len(states))
	for i, s := range states {
		if s == nil {
			continue
		}
		v.states = append(v.states, s)
		looks[i] = Chart{&s.facts, v, s}
		answer[i] = &looks[i]
	}
	return answer
}

// second is that of the view's instant.
func (v *view) second() int64 { return v.now.Time().Unix() }

// window is a named period at the view's instant.
func (v *view) window(p charts.Period) (charts.Window, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, known := range v.windows {
		if known.period == p {
			return known.Window, nil
		}
	}
	w, err := v.calendar.Window(p, v.now)
	if err == nil {
		v.windows = append(v.windows, knownWindow{p, w})
	}
	return w, err
}

// bucketsOf are the buckets of a period. The list is only read.
func (v *view) bucketsOf(from, to charts.Instant, by charts.Granularity) ([]charts.Bucket, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, known := range v.buckets {
		if known.from == from && known.to == to && known.by == by {
			return known.list, nil
		}
	}
	list, err := v.calendar.AppendBuckets(nil, from, to, by)
	if err == nil {
		v.buckets = append(v.buckets, knownBuckets{from, to, by, list})
	}
	return list, err
}
