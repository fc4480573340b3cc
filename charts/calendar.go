package charts

import (
	"time"

	"github.com/mykpi/mykpi/tenancy"
)

// Calendars know the changes of clocks from MinInstant to MaxInstant, 1970 to the end of 2099. Outside of them the
// nearest offset goes on to hold.
var (
	MinInstant = InstantOf(time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC))
	MaxInstant = InstantOf(time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC))
)

// Calendar is a tenant's: what its clocks show, and with which day its weeks begin. It never changes, is small, and
// may be used by many goroutines at once. The zero Calendar is of no use.
//
// Its days are unbroken stretches of time that follow each other. A day starts at the first instant at which the
// clocks show its date and ends where the next starts, even where clocks are put back across midnight and show the
// old date once more.
type Calendar struct {
	zone      *timezone
	weekStart time.Weekday
}

// NewCalendar makes the calendar of a zone of the IANA database, such as Europe/Paris. Every other name is refused
// with a tenancy.Refusal. It costs some 100 microseconds and 5 kB: keep it.
func NewCalendar(zone string, weekStart time.Weekday) (Calendar, error) {
	if weekStart < time.Sunday || weekStart > time.Saturday {
		return Calendar{}, tenancy.Refuse(tenancy.BadUserInput, "weekStart", "must be a day of the week")
	}
	z, err := loadTimezone(zone)
	if err != nil {
		return Calendar{}, err
	}
	return Calendar{zone: z, weekStart: weekStart}, nil
}

// Zone is the IANA name of the calendar's zone.
func (c Calendar) Zone() string { return c.zone.name }

// WeekStart is the first day of the calendar's weeks.
func (c Calendar) WeekStart() time.Weekday { return c.weekStart }

// Date is the day that t is in.
func (c Calendar) Date(t Instant) Day {
	s := c.zone.segments[c.zone.find(t)]
	return max(dayOfLocal(s.local(t)), s.floor)
}

// Clock is the date and the time since midnight that clocks show at t. They differ from the elapsed time of the day
// where the clock was changed.
func (c Calendar) Clock(t Instant) (Day, time.Duration) {
	local := c.local(t)
	d := dayOfLocal(local)
	return d, time.Duration(local - Instant(d)*oneDay)
}

// Wall is the instant at which clocks show a time of a day: the earlier one where they show it twice, and the first
// instant after the gap where they never do.
func (c Calendar) Wall(d Day, clock time.Duration) Instant {
	return c.zone.first(Instant(d)*oneDay + Instant(clock))
}

// StartOf is the first instant of a day: midnight, or what comes next where the clock is put forward at midnight. A
// day that the zone left out starts, and ends, where the next one starts.
func (c Calendar) StartOf(d Day) Instant { return c.zone.first(Instant(d) * oneDay) }

// StartOfWeek is the first day of d's week.
func (c Calendar) StartOfWeek(d Day) Day {
	return d - Day((d.Weekday()-c.weekStart+daysPerWeek)%daysPerWeek)
}

// HourStart is the last instant up to t at which clocks show full minutes 00. Where they are changed by a part of an
// hour, an hour is longer or shorter.
func (c Calendar) HourStart(t Instant) Instant {
	for i := c.zone.find(t); ; i-- {
		s := c.zone.segments[i]
		if start := floorDiv(s.local(t), oneHour)*oneHour - s.ahead(); start >= s.start {
			return start
		}
		t = s.start - 1
	}
}

// NextHour is the first instant after t at which clocks show full minutes 00.
func (c Calendar) NextHour(t Instant) Instant {
	for i := c.zone.find(t); ; {
		s := c.zone.segments[i]
		next := (floorDiv(s.local(t), oneHour)+1)*oneHour - s.ahead()
		i++
		if i == len(c.zone.segments) || next < c.zone.segments[i].start {
			return next
		}
		t = c.zone.segments[i].start - 1 // the instant before, so that the change itself may be a full hour
	}
}

// hoursBefore is the start of the hour that is n hours before the one that starts at t.
func (c Calendar) hoursBefore(t Instant, n int) Instant {
	for n > 0 {
		s := c.zone.segments[c.zone.find(t)]
		if inSegment := t - Instant(n)*oneHour; inSegment >= s.start {
			return inSegment
		}
		t = c.HourStart(t - 1)
		n--
	}
	return t
}

// daysBefore is the nth day before d, passing over the days that the zone left out.
func (c Calendar) daysBefore(d Day, n int) Day {
	before := d - Day(n)
	for i := len(c.zone.skipped) - 1; i >= 0; i-- {
		if s := c.zone.skipped[i]; before <= s && s < d {
			before--
		}
	}
	return before
}

func (c Calendar) local(t Instant) Instant { return c.zone.segments[c.zone.find(t)].local(t) }
