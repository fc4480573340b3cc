package oracle

import "time"

// Calendar is a tenant's: its zone and the first day of its weeks.
type Calendar struct {
	Zone      *time.Location
	WeekStart time.Weekday
}

// longestFold is more than any clock was put back at once since 1970, but for the days that islands had twice.
const longestFold = 3 * time.Hour

// Shown is what the clock shows at t, as if it were UTC.
func (c Calendar) Shown(t time.Time) time.Time {
	l := t.In(c.Zone)
	return time.Date(l.Year(), l.Month(), l.Day(), l.Hour(), l.Minute(), l.Second(), l.Nanosecond(), time.UTC)
}

func midnight(t time.Time) time.Time { return t.Truncate(24 * time.Hour) }

// FirstShowing is the first instant at which the clock shows wanted or more.
func (c Calendar) FirstShowing(wanted time.Time) time.Time {
	t := wanted.Add(-16 * time.Hour)
	for c.Shown(t.Add(longestFold + time.Hour)).Before(wanted) {
		t = t.Add(time.Hour) // nothing in this hour can show as much
	}
	for c.Shown(t).Before(wanted) {
		t = t.Add(time.Minute)
	}
	return t
}

// Date is the newest date that the clock has shown by t.
func (c Calendar) Date(t time.Time) time.Time {
	newest := midnight(c.Shown(t))
	for back := time.Duration(0); back <= longestFold; back += time.Minute {
		if d := midnight(c.Shown(t.Truncate(time.Minute).Add(-back))); d.After(newest) {
			newest = d
		}
	}
	return newest
}

func (c Calendar) fullHour(t time.Time) bool {
	s := c.Shown(t)
	return s.Minute() == 0 && s.Second() == 0 && s.Nanosecond() == 0
}

// HourStart is the last instant up to t, to the minute, at which the clock shows a full hour.
func (c Calendar) HourStart(t time.Time) time.Time {
	t = t.Truncate(time.Minute)
	for !c.fullHour(t) {
		t = t.Add(-time.Minute)
	}
	return t
}

// NextHour is the first instant after t at which the clock shows a full hour.
func (c Calendar) NextHour(t time.Time) time.Time {
	t = t.Truncate(time.Minute).Add(time.Minute)
	for !c.fullHour(t) {
		t = t.Add(time.Minute)
	}
	return t
}

// daysBefore is the nth date before d that the clock ever shows.
func (c Calendar) daysBefore(d time.Time, n int) time.Time {
	for n > 0 {
		d = d.AddDate(0, 0, -1)
		if midnight(c.Shown(c.FirstShowing(d))).Equal(d) {
			n--
		}
	}
	return d
}

func (c Calendar) startOfWeek(d time.Time) time.Time {
	for d.Weekday() != c.WeekStart {
		d = d.AddDate(0, 0, -1)
	}
	return d
}

// monthsBefore is the same day n months before d, or that month's last day.
func monthsBefore(d time.Time, n int) time.Time {
	for day := d.Day(); ; day-- {
		b := time.Date(d.Year(), d.Month()-time.Month(n), day, 0, 0, 0, 0, time.UTC)
		if b.Day() == day {
			return b
		}
	}
}

// next is the instant to look at after t: the next minute, or the next quarter of an hour where the clock runs evenly
// until then.
func (c Calendar) next(t time.Time) time.Time {
	minute, quarter := t.Truncate(time.Minute).Add(time.Minute), t.Truncate(15*time.Minute).Add(15*time.Minute)
	if c.Shown(quarter).Sub(c.Shown(t)) == quarter.Sub(t) {
		return quarter
	}
	return minute
}

// Units walks from <= t < to and answers where it begins and where each unit of a granularity of the API begins in it.
func (c Calendar) Units(from, to time.Time, granularity string) []time.Time {
	starts := []time.Time{from}
	newest := c.Date(from)
	for t := c.next(from); t.Before(to); t = c.next(t) {
		begins := granularity == "HOUR" && c.fullHour(t)
		if d := midnight(c.Shown(t)); d.After(newest) {
			switch granularity {
			case "DAY":
				begins = true
			case "WEEK":
				begins = !c.startOfWeek(d).Equal(c.startOfWeek(newest))
			case "MONTH":
				begins = d.Month() != newest.Month()
			}
			newest = d
		}
		if begins {
			starts = append(starts, t)
		}
	}
	return starts
}
