package projection

import (
	"math"
	"slices"
	"sort"

	"github.com/mykpi/mykpi/charts"
)

// Fold is the tally of the points with from <= instant < to. It holds only where Wants is false afterwards.
func (s *Series) Fold(from, to charts.Instant) charts.Tally {
	var sum charts.Tally
	if from >= to {
		return sum
	}
	start := s.daysStart()
	if from < start {
		for y := s.year(s.calendar.Date(from)); y <= s.year(s.calendar.Date(min(to, start)-1)); y++ {
			if s.needYear(y) && s.years[y] != nil {
				s.foldDays(&sum, s.years[y].list, from, to)
			}
		}
	}
	if to > start {
		s.foldDays(&sum, s.Now.Days, from, to)
	}
	return sum
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

// foldDays folds day tallies, which are in order of time.
func (s *Series) foldDays(sum *charts.Tally, days []charts.Tally, from, to charts.Instant) {
	for _, d := range days[reaching(days, from):] {
		switch {
		case d.First >= to:
			return
		case d.Within(from, to):
			sum.Merge(s.Now.Aggregation, d)
		case !d.Outside(from, to):
			s.foldDay(sum, d, from, to)
		}
	}
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

// foldDay goes below a day that straddles an end.
func (s *Series) foldDay(sum *charts.Tally, day charts.Tally, from, to charts.Instant) {
	d := s.dayAt(day.First)
	var hours []charts.Tally
	switch {
	case d == s.Now.Day:
		hours = s.Now.Hours
	case d == s.Now.Day-7:
		hours = s.Now.WeekAgo
	case s.hoursKept(d):
		if !s.needHours() {
			return
		}
		hours = s.hoursOf(day)
	default:
		s.foldPoints(sum, max(from, day.First), min(to, day.Last+1))
		return
	}
	for _, h := range hours[reaching(hours, from):] {
		switch {
		case h.First >= to:
			return
		case h.Within(from, to):
			sum.Merge(s.Now.Aggregation, h)
		case !h.Outside(from, to):
			s.foldPoints(sum, max(from, h.First), min(to, h.Last+1))
		}
	}
}

func (s *Series) foldPoints(sum *charts.Tally, from, to charts.Instant) {
	for _, p := range s.Points(from, to) {
		sum.Add(s.Now.Aggregation, p.At, p.Value)
	}
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
	return append(found, between(s.Now.Tail, from, to)...)
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
		if t, found := s.newestOf(s.years[y].list, to); found {
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
			var part charts.Tally
			s.foldDay(&part, d, d.First, to)
			d = part
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
			if walk(s.years[y].list) {
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

// hoursOf are the hours of a closed day of the window; the TREND#H document must be loaded. It holds no day of a single
// point.
func (s *Series) hoursOf(day charts.Tally) []charts.Tally {
	if day.Count == 1 {
		return []charts.Tally{day}
	}
	list := s.hours.list[reaching(s.hours.list, day.First):]
	return list[:reaching(list, day.Last+1)]
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
