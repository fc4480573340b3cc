package charts

import "time"

// Day is a day of the calendar without a zone: the number of days since 1970-01-01.
type Day int32

const (
	secondsPerDay = 24 * 60 * 60
	daysPerWeek   = 7
)

// DayOf is the day of a date. Months and days outside their range are carried over, as time.Date does.
func DayOf(year int, month time.Month, day int) Day {
	return Day(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / secondsPerDay)
}

// Date is the day's year, month and day of the month.
func (d Day) Date() (year int, month time.Month, day int) { return d.midnightUTC().Date() }

// Weekday is the day's day of the week.
func (d Day) Weekday() time.Weekday {
	const first = Day(time.Thursday) // of 1970
	return time.Weekday(((d+first)%daysPerWeek + daysPerWeek) % daysPerWeek)
}

// String is the day as 2006-01-02.
func (d Day) String() string { return d.midnightUTC().Format(time.DateOnly) }

// StartOfMonth is the first day of d's month.
func (d Day) StartOfMonth() Day {
	_, _, day := d.Date()
	return d - Day(day-1)
}

// StartOfQuarter is the first day of January, April, July or October, whichever came last.
func (d Day) StartOfQuarter() Day {
	year, month, _ := d.Date()
	return DayOf(year, month-(month-1)%3, 1)
}

// StartOfYear is January 1.
func (d Day) StartOfYear() Day {
	year, _, _ := d.Date()
	return DayOf(year, time.January, 1)
}

// AddMonths is the same day of the month n months later, or the month's last day where it has no such day: one month
// before March 31 is the last of February.
func (d Day) AddMonths(n int) Day {
	year, month, day := d.Date()
	first := DayOf(year, month+time.Month(n), 1)
	last := DayOf(year, month+time.Month(n)+1, 1) - 1
	return min(first+Day(day-1), last)
}

func (d Day) midnightUTC() time.Time { return time.Unix(int64(d)*secondsPerDay, 0).UTC() }
