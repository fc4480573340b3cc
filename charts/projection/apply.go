package projection

import (
	"slices"
	"sort"

	"github.com/mykpi/mykpi/charts"
)

// What the documents are sized by. Changing one asks for a new Format: the documents are a function of the events, to
// the byte.
const (
	nowBytes    = 890 // so that NOW with its name, the longest tenant and what the engine adds is below 1 KB, the unit DynamoDB bills writes by
	tailBytes   = 96  // … but the tail is never squeezed below this
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
	s.planPoints(at)
	s.planDays(at)
	for _, t := range refold {
		d := s.calendar.Date(t)
		if from, to := s.calendar.StartOf(d), min(s.calendar.StartOf(d+1), s.Now.TailFrom); from < to {
			s.needPages(from, to-1)
		}
	}
}

// planPoints wants the pages that hold these instants.
func (s *Series) planPoints(at []charts.Instant) {
	late := make([]charts.Instant, 0, len(at))
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
	for _, t := range at {
		d := s.calendar.Date(t)
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
		for _, p := range e.Points {
			s.open(s.calendar.Date(p.At))
			if p.Corrects {
				was := charts.Point{Key: p.Key, At: p.Was.At}
				s.remove(was)
				refold[s.calendar.Date(was.At)] = true
				refold[s.calendar.Date(p.At)] = true
			} else {
				s.count(p.At, p.Value)
			}
			s.insert(Point{p.Point, version})
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
		s.Now.WeekAgo = nil
		if i, found := s.findDay(s.Now.Days, s.Now.Day-7); found {
			s.Now.WeekAgo = slices.Clone(s.hoursOf(s.Now.Days[i]))
		}
	}
	s.split()
	s.flush()
}

// open makes a later day the open one; the hours of the one before go to TREND#H, unless its one point is all there is
// to tell. Day 0 is no day of points: they begin in 1990.
func (s *Series) open(d charts.Day) {
	if d <= s.Now.Day {
		return
	}
	if h := s.Now.Hours; len(h) > 1 || len(h) == 1 && h[0].Count > 1 {
		s.hours.list = append(s.hours.list, h...)
		s.hours.dirty = true
	}
	s.Now.Day, s.Now.Hours = d, nil
	oldest := s.calendar.StartOf(d - hoursWindow)
	keep := sort.Search(len(s.hours.list), func(i int) bool { return s.hours.list[i].First >= oldest })
	if keep > 0 {
		s.hours.list = slices.Clone(s.hours.list[keep:])
		s.hours.dirty = true
	}
}

// count adds a new point to the tallies of its day and hour.
func (s *Series) count(at charts.Instant, v charts.Decimal) {
	d := s.calendar.Date(at)
	days := s.dayList(d)
	i, found := s.findDay(*days, d)
	if !found {
		*days = slices.Insert(*days, i, charts.Tally{})
	}
	lone := (*days)[i]
	(*days)[i].Add(s.Now.Aggregation, at, v)
	switch {
	case d == s.Now.Day:
		s.countHour(&s.Now.Hours, at, v)
	case s.hoursKept(d) && found:
		if lone.Count == 1 { // its one point was its hours; now they are kept
			i := sort.Search(len(s.hours.list), func(i int) bool { return s.hours.list[i].First >= lone.First })
			s.hours.list = slices.Insert(s.hours.list, i, lone)
		}
		s.countHour(&s.hours.list, at, v)
		s.hours.dirty = true
	}
}

func (s *Series) countHour(hours *[]charts.Tally, at charts.Instant, v charts.Decimal) {
	hour := s.calendar.HourStart(at)
	// Nearly every point is of the newest hour.
	i := len(*hours)
	for i > 0 && (*hours)[i-1].First >= hour {
		i--
	}
	if i == len(*hours) || s.calendar.HourStart((*hours)[i].First) != hour {
		*hours = slices.Insert(*hours, i, charts.Tally{})
	}
	(*hours)[i].Add(s.Now.Aggregation, at, v)
}

// dayList is the list that a day's tally belongs to.
func (s *Series) dayList(d charts.Day) *[]charts.Tally {
	if d >= s.Now.DaysFrom {
		return &s.Now.Days
	}
	return &s.dirtyYear(d).list
}

func (s *Series) dirtyYear(d charts.Day) *tallies {
	y := s.year(d)
	if s.years[y] == nil {
		s.years[y] = &tallies{}
	}
	s.years[y].dirty = true
	return s.years[y]
}

// refold counts a day again from its points: least, greatest and newest can't be undone.
func (s *Series) refold(d charts.Day) {
	var day charts.Tally
	var hours []charts.Tally
	for _, p := range s.Points(s.calendar.StartOf(d), s.calendar.StartOf(d+1)) {
		day.Add(s.Now.Aggregation, p.At, p.Value)
		s.countHour(&hours, p.At, p.Value)
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
		s.Now.Hours = hours
	case s.hoursKept(d):
		if day.Count == 1 {
			hours = nil // its day tally tells as much
		}
		start, end := s.dayRange(s.hours.list, d)
		s.hours.list = slices.Replace(s.hours.list, start, end, hours...)
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
		i, _ := s.findDay(year.list, d)
		year.list = slices.Insert(year.list, i, t)
	}
	s.Now.Days = slices.Clone(s.Now.Days[n:])
	s.Now.DaysFrom = from
}
