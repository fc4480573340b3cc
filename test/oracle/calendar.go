package oracle

import "time"

// Calendar is a tenant's: its zone and the first day of its weeks.
type Calendar struct {
	Zone      *time.Location
	WeekStart time.Weekday
}

// longestFold is more than any clock was put back at once since 1970, but for the days that islands had twice.
const longestFold = 3 * time.Hour

// shown is what the clock shows at t, as if it were UTC.
func (c Calendar) shown(t time.Time) time.Time {
	l := t.In(c.Zone)
	return time.Date(l.Year(), l.Month(), l.Day(), l.Hour(), l.Minute(), l.Second(), l.Nanosecond(), time.UTC)
}

func midnight(t time.Time) time.Time { return t.Truncate(24 * time.Hour) }

// firstShowing is the first instant at which the clock shows wanted or more.
func (c Calendar) firstShowing(wanted time.Time) time.Time {
	t := wanted.Add(-16 * time.Hour)
	for c.shown(t.Add(longestFold + time.Hour)).Before(wanted) {
		t = t.Add(time.Hour) // nothing in this hour can show as much
	}
	for c.shown(t).Before(wanted) {
		t = t.Add(time.Minute)
	}
	return t
}

// date is the newest date that the clock has shown by t.
func (c Calendar) date(t time.Time) time.Time {
	newest := midnight(c.shown(t))
	for back := time.Duration(0); back <= longestFold; back += time.Minute {
		if d := midnight(c.shown(t.Truncate(time.Minute).Add(-back))); d.After(newest) {
			newest = d
		}
	}
	return newest
}

func (c Calendar) fullHour(t time.Time) bool {
	s := c.shown(t)
	return s.Minute() == 0 && s.Second() == 0 && s.Nanosecond() == 0
}

func (c Calendar) hourStart(t time.Time) time.Time {
	t = t.Truncate(time.Minute)
	for !c.fullHour(t) {
		t = t.Add(-time.Minute)
	}
	return t
}

func (c Calendar) nextHour(t time.Time) time.Time {
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
		if midnight(c.shown(c.firstShowing(d))).Equal(d) {
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
	if c.shown(quarter).Sub(c.shown(t)) == quarter.Sub(t) {
		return quarter
	}
	return minute
}

// units walks from <= t < to and answers where it begins and where each unit begins in it.
func (c Calendar) units(from, to time.Time, granularity string) []time.Time {
	starts := []time.Time{from}
	newest := c.date(from)
	for t := c.next(from); t.Before(to); t = c.next(t) {
		begins := granularity == "HOUR" && c.fullHour(t)
		if d := midnight(c.shown(t)); d.After(newest) {
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
