package projection

import (
	"math"
	"slices"
	"sort"
	"sync"

	"github.com/mykpi/mykpi/charts"
)

// Fold is the tally of the points with from <= instant < to. It holds only where Wants is false afterwards.
func (s *Series) Fold(from, to charts.Instant) charts.Tally {
	var sum [1]charts.Tally
	s.FoldInto(sum[:], []charts.Bucket{{From: from, To: to}}, to)
	return sum[0]
}

// FoldInto counts the points before an instant into the tallies of their buckets, one for each, which are empty. The buckets
// are in order of time, and what lies between two counts nowhere. The tallies hold only where Wants is false afterwards.
func (s *Series) FoldInto(sums []charts.Tally, buckets []charts.Bucket, before charts.Instant) {
	if len(buckets) == 0 {
		return
	}
	f := folding{series: s, aggregation: s.Now.Aggregation, sums: sums, buckets: buckets, from: buckets[0].From, to: min(buckets[len(buckets)-1].To, before)}
	if f.from >= f.to {
		return
	}
	var lent *rooms // a variable of its own, for Put would have all of f on the heap
	f.rooms = &lent
	start := s.daysStart()
	if f.from < start {
		for y := s.year(s.calendar.Date(f.from)); y <= s.year(s.calendar.Date(min(f.to, start)-1)); y++ {
			if s.needYear(y) && s.years[y] != nil {
				f.days(*s.years[y].all())
			}
		}
	}
	if f.to > start {
		f.days(s.Now.Days)
	}
	if lent != nil {
		freeRooms.Put(lent)
	}
}

// folding is one pass over tallies and points, in order of time, which go into buckets in the same order.
type folding struct {
	series      *Series
	aggregation charts.Aggregation // the series', at hand for each tally
	sums        []charts.Tally
	buckets     []charts.Bucket
	at          int // the bucket that the last one went into, or was before
	from, to    charts.Instant

	rooms  **rooms        // nil until something is unpacked
	window []charts.Tally // TREND#H, once a day of it straddles an end
}

// rooms are where a fold unpacks hours: those of one day after another, and those of the window.
type rooms [2][]charts.Tally

const (
	ofDay = iota
	ofWindow
)

var freeRooms = sync.Pool{New: func() any { return new(rooms) }}

// look is a list, which is in a room of the fold's until it looks at another there.
func (f *folding) look(l *list, in int) []charts.Tally {
	if l.packed == nil || l.seen {
		return *l.all()
	}
	l.seen = !f.series.Wants() // or else the same is asked again
	if *f.rooms == nil {
		*f.rooms = freeRooms.Get().(*rooms)
	}
	room := &(*f.rooms)[in]
	*room = l.unpack((*room)[:0])
	return *room
}

// bucketOf moves on to the bucket that an instant is in, or before; false behind the last.
func (f *folding) bucketOf(t charts.Instant) (b charts.Bucket, ok bool) {
	if t >= f.to {
		return b, false
	}
	for f.buckets[f.at].To <= t {
		f.at++ // there is one, for t is before the end of the last
	}
	b = f.buckets[f.at]
	b.To = min(b.To, f.to)
	return b, true
}

// merge takes a tally into its bucket. whole is false where it straddles an end of one, and nothing was taken; more where
// those after it may count.
func (f *folding) merge(t *charts.Tally) (whole, more bool) {
	b, ok := f.bucketOf(t.First)
	switch {
	case !ok:
		return true, false
	case t.Within(b.From, b.To):
		f.sums[f.at].Merge(f.aggregation, t)
		return true, true
	}
	return t.Outside(b.From, b.To), true
}

func (f *folding) days(list []charts.Tally) {
	for i := reaching(list, f.from); i < len(list); i++ {
		d := &list[i]
		whole, more := f.merge(d)
		if !more {
			return
		}
		if !whole {
			f.below(d)
		}
	}
}

// below takes a day that straddles an end by its hours.
func (f *folding) below(day *charts.Tally) {
	s := f.series
	d := s.dayAt(day.First)
	switch {
	case d == s.Now.Day:
		f.hours(f.look(&s.Now.hours, ofDay))
	case d == s.Now.Day-7:
		f.hours(f.look(&s.Now.weekAgo, ofDay))
	case !s.hoursKept(d):
		f.points(day)
	case s.needHours():
		if f.window == nil {
			f.window = f.look(&s.hours.list, ofWindow)
		}
		f.hours(hoursOf(f.window, day))
	}
}

func (f *folding) hours(list []charts.Tally) {
	for i := reaching(list, f.from); i < len(list); i++ {
		h := &list[i]
		whole, more := f.merge(h)
		if !more {
			return
		}
		if !whole {
			f.points(h)
		}
	}
}

// points takes the points of a tally that straddles an end.
func (f *folding) points(of *charts.Tally) {
	for _, p := range f.series.Points(max(f.from, of.First), min(f.to, of.Last+1)) {
		if b, ok := f.bucketOf(p.At); ok && p.At >= b.From {
			f.sums[f.at].Add(f.aggregation, p.At, p.Value)
		}
	}
}

// daysStart is the first instant of Now.DaysFrom.
func (s *Series) daysStart() charts.Instant {
	if m := &s.memo; m.daysFrom != s.Now.DaysFrom || m.start == 0 {
		m.daysFrom, m.start = s.Now.DaysFrom, s.calendar.StartOf(s.Now.DaysFrom)
	}
	return s.memo.start
}

// dayAt is the day of an instant, which mostly is that of the call before.
func (s *Series) dayAt(t charts.Instant) charts.Day {
	if m := &s.memo; m.at != t {
		m.at, m.day = t, s.calendar.Date(t)
	}
	return s.memo.day
}

// reaching is where in a list of tallies, in order of time, the first is that ends at an instant or later.
func reaching(list []charts.Tally, at charts.Instant) int {
	low, high := 0, len(list)
	for low < high {
		if middle := int(uint(low+high) / 2); list[middle].Last < at {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low
}

// Points are those with from <= instant < to, in order of time, and at one instant in the order recorded. They hold only
// where Wants is false afterwards.
func (s *Series) Points(from, to charts.Instant) []Point {
	var found []Point
	if from >= to {
		return nil
	}
	if until := min(to, s.Now.TailFrom); from < until && s.needPages(from, until-1) {
		for i := s.floorPage(from - 1); i < len(s.pages) && s.pages[i].from < until; i++ {
			found = append(found, between(s.pages[i].points, from, until)...)
		}
	}
	return append(found, between(*s.Now.tail(), from, to)...)
}

// between are the points with from <= instant < to of points in order of time.
func between(points []Point, from, to charts.Instant) []Point {
	start := sort.Search(len(points), func(i int) bool { return points[i].At >= from })
	end := start + sort.Search(len(points)-start, func(i int) bool { return points[start+i].At >= to })
	return points[start:end]
}

// Newest is the tally of the newest point with an instant < to: a single point, or none. It holds only where Wants
// is false afterwards.
func (s *Series) Newest(to charts.Instant) charts.Tally {
	if t, found := s.newestOf(s.Now.Days, to); found {
		return t
	}
	if !s.needAllYears() {
		return charts.Tally{}
	}
	for _, y := range slices.Backward(s.sortedYears()) {
		if t, found := s.newestOf(*s.years[y].all(), to); found {
			return t
		}
	}
	return charts.Tally{}
}

func (s *Series) newestOf(days []charts.Tally, to charts.Instant) (charts.Tally, bool) {
	for _, d := range slices.Backward(days) {
		if d.First >= to {
			continue
		}
		if d.Last >= to {
			d = s.Fold(d.First, to)
		}
		return charts.Tally{Count: 1, First: d.Last, Last: d.Last, Value: d.Value}, true
	}
	// Where no day is kept elsewhere, there is none.
	return charts.Tally{}, s.Now.DaysFrom == 0
}

// Reach is an instant by which there are at least n points from another instant on, or the end of time. It holds only
// where Wants is false afterwards.
func (s *Series) Reach(from charts.Instant, n int64) charts.Instant {
	walk := func(days []charts.Tally) bool {
		for _, d := range days {
			if d.Last < from {
				continue
			}
			if d.First >= from {
				n -= d.Count
			}
			if n <= 0 {
				from = d.Last + 1
				return true
			}
		}
		return false
	}
	if s.calendar.Date(from) < s.Now.DaysFrom {
		if !s.needAllYears() {
			return from
		}
		for _, y := range s.sortedYears() {
			if walk(*s.years[y].all()) {
				return from
			}
		}
	}
	if walk(s.Now.Days) {
		return from
	}
	return math.MaxInt64
}

// hoursKept reports whether a day's hours are in the TREND#H document.
func (s *Series) hoursKept(d charts.Day) bool {
	return d >= s.Now.Day-hoursWindow && d < s.Now.Day
}

// hoursOf are the hours of a closed day of the window, which holds no day of a single point.
func hoursOf(window []charts.Tally, day *charts.Tally) []charts.Tally {
	if day.Count == 1 {
		return []charts.Tally{*day}
	}
	hours := window[reaching(window, day.First):]
	return hours[:reaching(hours, day.Last+1)]
}

// dayRange is where in a list of tallies those of a day are.
func (s *Series) dayRange(list []charts.Tally, d charts.Day) (start, end int) {
	from, to := s.calendar.StartOf(d), s.calendar.StartOf(d+1)
	start = sort.Search(len(list), func(i int) bool { return list[i].First >= from })
	end = sort.Search(len(list), func(i int) bool { return list[i].First >= to })
	return start, end
}

// findDay is where in a list of day tallies a day is, or belongs.
func (s *Series) findDay(days []charts.Tally, d charts.Day) (int, bool) {
	start, end := s.dayRange(days, d)
	return start, end > start
}
