package projection

import (
	"slices"
	"sort"

	"github.com/mykpi/mykpi/charts"
)

// What the documents are sized by. Changing one asks for a new Format: the documents are a function of the events, to
// the byte.
const (
	// So that NOW with its name, the longest tenant and what the engine adds is below 1 KB, the unit DynamoDB bills writes by.
	// Where instants are to the millisecond the tallies alone may take more.
	nowBytes    = 890
	tailBytes   = 96 // … but the tail is never squeezed below this
	pageBytes   = 4096
	hoursWindow = 8  // closed days kept by the hour
	daysKept    = 14 // days that stay in NOW when the others go to their years
	daysInNow   = 28 // day tallies at which they do
	fewPages    = 16 // late points up to which each asks for its own page
)

// Plan wants the documents that applying an event will need. Call it until Wants is false, then Apply.
func (s *Series) Plan(e charts.Event) {
	var at []charts.Instant     // of every point that comes or goes
	var refold []charts.Instant // of those whose day must be folded again
	switch e := e.(type) {
	case charts.DataPointsRecorded:
		at = make([]charts.Instant, 0, len(e.Points))
		for _, p := range e.Points {
			at = append(at, p.At)
			if p.Corrects {
				at = append(at, p.Was.At)
				refold = append(refold, p.At, p.Was.At)
			}
		}
	case charts.DataPointsRemoved:
		for _, p := range e.Points {
			at = append(at, p.At)
			refold = append(refold, p.At)
		}
	}
	s.PlanPoints(at)
	for _, t := range refold {
		d := s.calendar.Date(t)
		if from, to := s.calendar.StartOf(d), min(s.calendar.StartOf(d+1), s.Now.TailFrom); from < to {
			s.needPages(from, to-1)
		}
	}
}

// PlanPoints is Plan for points of these instants that are new, or may turn out to be.
func (s *Series) PlanPoints(at []charts.Instant) {
	s.planPages(at)
	s.planDays(at)
}

// planPages wants the pages that hold these instants.
func (s *Series) planPages(at []charts.Instant) {
	var late []charts.Instant
	for _, t := range at {
		if t < s.Now.TailFrom {
			late = append(late, t)
		}
	}
	if len(late) > fewPages {
		s.needPages(slices.Min(late), slices.Max(late))
		return
	}
	for _, t := range late {
		s.needPages(t, t)
	}
}

// planDays wants the tallies of these instants' days, and those of the days that may leave NOW for their years.
func (s *Series) planDays(at []charts.Instant) {
	fresh := map[charts.Day]bool{}
	var from, to charts.Instant // of the last day, for most points follow one of the same
	for _, t := range at {
		if t >= from && t < to {
			continue
		}
		d := s.calendar.Date(t)
		from, to = s.calendar.StartOf(d), s.calendar.StartOf(d+1)
		if d < s.Now.DaysFrom {
			s.needYear(s.year(d))
			continue
		}
		fresh[d] = true
		if d != s.Now.Day && d >= s.Now.Day-hoursWindow {
			s.needHours()
		}
	}
	if len(s.Now.Days)+len(fresh) <= daysInNow {
		return
	}
	for d := range fresh {
		s.needYear(s.year(d))
	}
	for _, t := range s.Now.Days {
		s.needYear(s.year(s.calendar.Date(t.First)))
	}
}

// Apply counts an event in: version is the event's, occurred its time. What Plan wanted must be there.
func (s *Series) Apply(e charts.Event, version int64, occurred charts.Instant) {
	s.Now.Version, s.Now.Updated = version, occurred
	refold := map[charts.Day]bool{}
	switch e := e.(type) {
	case charts.DataPointsRecorded:
		tail := s.Now.tail()
		*tail = slices.Grow(*tail, len(e.Points))
		for points := e.Points; len(points) > 0; {
			n, day, tally := s.run(points)
			s.open(day)
			if n == 0 {
				n = 1
				was := charts.Point{Key: points[0].Key, At: points[0].Was.At}
				s.remove(was)
				refold[s.calendar.Date(was.At)] = true
				refold[day] = true
			} else {
				s.count(day, tally)
			}
			for _, p := range points[:n] {
				s.insert(Point{p.Point, version})
			}
			points = points[n:]
		}
	case charts.DataPointsRemoved:
		for _, p := range e.Points {
			s.remove(p)
			refold[s.calendar.Date(p.At)] = true
		}
	default:
		return
	}
	for d := range refold {
		s.refold(d)
	}
	s.retire()
	if s.hours != nil {
		s.Now.weekAgo = list{}
		if i, found := s.findDay(s.Now.Days, s.Now.Day-7); found {
			s.Now.weekAgo.tallies = slices.Clone(hoursOf(*s.hours.all(), &s.Now.Days[i]))
		}
	}
	s.split()
	s.flush()
}

// run is how many points at the head are new ones of the same hour, their day, and their tally: they are counted at once.
// It is none where the first corrects another, which is of that day.
func (s *Series) run(points []charts.RecordedPoint) (n int, day charts.Day, tally charts.Tally) {
	at := points[0].At
	day = s.calendar.Date(at)
	from := max(s.calendar.HourStart(at), s.calendar.StartOf(day))
	to := min(s.calendar.NextHour(at), s.calendar.StartOf(day+1))
	for n < len(points) && !points[n].Corrects && points[n].At >= from && points[n].At < to {
		tally.Add(s.Now.Aggregation, points[n].At, points[n].Value)
		n++
	}
	return n, day, tally
}

// open makes a later day the open one; the hours of the one before go to TREND#H, unless its one point is all there is
// to tell. Day 0 is no day of points: they begin in 1990.
func (s *Series) open(d charts.Day) {
	if d <= s.Now.Day {
		return
	}
	hours := s.hours.all()
	if h := *s.Now.hours.all(); len(h) > 1 || len(h) == 1 && h[0].Count > 1 {
		*hours = append(*hours, h...)
		s.hours.dirty = true
	}
	s.Now.Day, s.Now.hours = d, list{}
	oldest := s.calendar.StartOf(d - hoursWindow)
	keep := sort.Search(len(*hours), func(i int) bool { return (*hours)[i].First >= oldest })
	if keep > 0 {
		*hours = slices.Clone((*hours)[keep:])
		s.hours.dirty = true
	}
}

// count adds the tally of new points of one hour to those of their day and hour.
func (s *Series) count(d charts.Day, points charts.Tally) {
	days := s.dayList(d)
	i, found := s.findDay(*days, d)
	if !found {
		*days = slices.Insert(*days, i, charts.Tally{})
	}
	day := &(*days)[i]
	before := *day
	day.Merge(s.Now.Aggregation, &points)
	switch {
	case d == s.Now.Day:
		s.countHour(s.Now.hours.all(), points)
	case s.hoursKept(d) && day.Count > 1:
		hours := s.hours.all()
		if before.Count == 1 { // its one point was its hours; now they are kept
			i := sort.Search(len(*hours), func(i int) bool { return (*hours)[i].First >= before.First })
			*hours = slices.Insert(*hours, i, before)
		}
		s.countHour(hours, points)
		s.hours.dirty = true
	}
}

// countHour adds the tally of points of one hour to a list of hours.
func (s *Series) countHour(hours *[]charts.Tally, points charts.Tally) {
	hour := s.calendar.HourStart(points.First)
	// Nearly every point is of the newest hour.
	i := len(*hours)
	for i > 0 && (*hours)[i-1].First >= hour {
		i--
	}
	if i == len(*hours) || s.calendar.HourStart((*hours)[i].First) != hour {
		*hours = slices.Insert(*hours, i, charts.Tally{})
	}
	(*hours)[i].Merge(s.Now.Aggregation, &points)
}

// dayList is the list that a day's tally belongs to.
func (s *Series) dayList(d charts.Day) *[]charts.Tally {
	if d >= s.Now.DaysFrom {
		return &s.Now.Days
	}
	return s.dirtyYear(d).all()
}

func (s *Series) dirtyYear(d charts.Day) *tallies {
	y := s.year(d)
	t := s.years[y]
	if t == nil {
		t = s.setYear(y, list{})
	}
	t.dirty = true
	return t
}

// refold counts a day again from its points: least, greatest and newest can't be undone.
func (s *Series) refold(d charts.Day) {
	var day charts.Tally
	var hours []charts.Tally
	for _, p := range s.Points(s.calendar.StartOf(d), s.calendar.StartOf(d+1)) {
		day.Add(s.Now.Aggregation, p.At, p.Value)
		s.countHour(&hours, charts.Tally{Count: 1, First: p.At, Last: p.At, Value: p.Value})
	}
	days := s.dayList(d)
	i, found := s.findDay(*days, d)
	switch {
	case day.Count == 0 && found:
		*days = slices.Delete(*days, i, i+1)
	case found:
		(*days)[i] = day
	case day.Count > 0:
		*days = slices.Insert(*days, i, day)
	}
	switch {
	case d == s.Now.Day:
		s.Now.hours = list{tallies: hours}
	case s.hoursKept(d):
		if day.Count == 1 {
			hours = nil // its day tally tells as much
		}
		window := s.hours.all()
		start, end := s.dayRange(*window, d)
		*window = slices.Replace(*window, start, end, hours...)
		s.hours.dirty = true
	}
}

// retire moves the older days from NOW to their years, many at a time.
func (s *Series) retire() {
	if len(s.Now.Days) <= daysInNow {
		return
	}
	from := s.Now.Day - daysKept + 1
	if from <= s.Now.DaysFrom {
		return
	}
	start := s.calendar.StartOf(from)
	n := sort.Search(len(s.Now.Days), func(i int) bool { return s.Now.Days[i].First >= start })
	for _, t := range s.Now.Days[:n] {
		d := s.calendar.Date(t.First)
		year := s.dirtyYear(d)
		i, _ := s.findDay(*year.all(), d)
		year.tallies = slices.Insert(year.tallies, i, t)
	}
	s.Now.Days = slices.Clone(s.Now.Days[n:])
	s.Now.DaysFrom = from
}
