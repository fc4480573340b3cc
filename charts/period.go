package charts

import (
	"time"

	"github.com/mykpi/mykpi/tenancy"
)

// Period is a stretch of time with a name, which moves with the present.
type Period string

// The periods.
const (
	Today        Period = "TODAY"
	Last24Hours  Period = "LAST_24_HOURS"
	Last7Days    Period = "LAST_7_DAYS"
	Last30Days   Period = "LAST_30_DAYS"
	Last90Days   Period = "LAST_90_DAYS"
	Last12Months Period = "LAST_12_MONTHS"
	ThisWeek     Period = "THIS_WEEK"
	ThisMonth    Period = "THIS_MONTH"
	ThisQuarter  Period = "THIS_QUARTER"
	ThisYear     Period = "THIS_YEAR"
)

// Window is a period as it is at one instant, From <= t < To, and the one that it is compared with. A named period
// ends with the present hour, day or month, and so does To: later than now.
type Window struct {
	From, To Instant
	// The previous period, cut where it was as late as it is now: never later than From.
	PreviousFrom, PreviousTo Instant
	// Default is the granularity of trends that ask for none.
	Default Granularity
}

// Counted is the end, exclusive, of what counts at an instant: a point in the future counts once its time has come.
func (w Window) Counted(now Instant) Instant { return max(w.From, min(w.To, now+1)) }

// Window is what a named period is at an instant. An unknown name is refused with a tenancy.Refusal.
//
// Periods of days have as many days as they say even where the zone left one out. The previous period is as many days
// earlier, or as many months; where a month has no such day its last one is meant. It ends when clocks showed what
// they show now.
func (c Calendar) Window(p Period, now Instant) (Window, error) {
	today := c.Date(now)
	switch p {
	case Today:
		return c.lastDays(now, today, 1), nil
	case Last7Days:
		return c.lastDays(now, today, 7), nil
	case Last30Days:
		return c.lastDays(now, today, 30), nil
	case Last90Days:
		return c.lastDays(now, today, 90), nil
	case Last24Hours:
		return c.last24Hours(now), nil
	case ThisWeek:
		first := c.StartOfWeek(today)
		return c.window(now, first, today+1, first-daysPerWeek, today-daysPerWeek), nil
	case ThisMonth:
		return c.monthsSince(now, today, today.StartOfMonth(), 1), nil
	case ThisQuarter:
		return c.monthsSince(now, today, today.StartOfQuarter(), 3), nil
	case ThisYear:
		return c.monthsSince(now, today, today.StartOfYear(), 12), nil
	case Last12Months:
		month := today.StartOfMonth()
		first := month.AddMonths(-11)
		w := c.window(now, first, month.AddMonths(1), first.AddMonths(-12), today.AddMonths(-12))
		w.Default = ByMonth
		return w, nil
	}
	return Window{}, tenancy.Refuse(tenancy.BadUserInput, "period", "is not a known period")
}

func (c Calendar) lastDays(now Instant, today Day, n int) Window {
	first := c.daysBefore(today, n-1)
	counterpart := c.daysBefore(today, n)
	return c.window(now, first, today+1, c.daysBefore(counterpart, n-1), counterpart)
}

func (c Calendar) monthsSince(now Instant, today, first Day, months int) Window {
	return c.window(now, first, today+1, first.AddMonths(-months), today.AddMonths(-months))
}

func (c Calendar) last24Hours(now Instant) Window {
	w := Window{From: c.hoursBefore(c.HourStart(now), 23), To: c.NextHour(now), Default: ByHour}
	fromDay, fromClock := c.Clock(w.From)
	today, clock := c.Clock(now)
	w.PreviousFrom = c.Wall(c.daysBefore(fromDay, 1), fromClock)
	w.PreviousTo = min(c.Wall(c.daysBefore(today, 1), clock), w.From)
	return w
}

// window is the window of the days first <= d < end, whose previous one starts with previousFirst and is cut on the
// counterpart of today, a day before first.
func (c Calendar) window(now Instant, first, end, previousFirst, counterpart Day) Window {
	w := Window{From: c.StartOf(first), To: c.StartOf(end), PreviousFrom: c.StartOf(previousFirst)}
	shown, clock := c.Clock(now)
	if shown < c.Date(now) {
		clock = 0 // put back across midnight, clocks show yesterday: today has hardly begun
	}
	w.PreviousTo = c.Wall(counterpart, clock)
	w.Default = c.defaultGranularity(w.From, w.To)
	return w
}

// CustomWindow is the window from <= t < to. The previous one is as long and ends at from; as long as to has not come
// it is cut after the same elapsed time. What is no period within MinInstant and MaxInstant is refused with a
// tenancy.Refusal.
func (c Calendar) CustomWindow(from, to time.Time, now Instant) (Window, error) {
	for _, bound := range []struct {
		field string
		at    time.Time
	}{{"from", from}, {"to", to}} {
		if bound.at.Before(MinInstant.Time()) || bound.at.After(MaxInstant.Time()) {
			return Window{}, tenancy.Refuse(tenancy.BadUserInput, bound.field, "must be within %s and %s",
				MinInstant.Time().Format(time.RFC3339), MaxInstant.Time().Format(time.RFC3339))
		}
	}
	if !from.Before(to) {
		return Window{}, tenancy.Refuse(tenancy.BadUserInput, "to", "must be after from")
	}
	w := Window{From: InstantOf(from), To: InstantOf(to)}
	length := w.To - w.From
	elapsed := min(max(now-w.From, 0), length)
	w.PreviousFrom = w.From - length
	w.PreviousTo = w.PreviousFrom + elapsed
	w.Default = c.defaultGranularity(w.From, w.To)
	return w, nil
}

// defaultGranularity goes by the length as a clock on the wall tells it, so that two days with 49 hours are 48 still,
// or by the elapsed time, whichever is less.
func (c Calendar) defaultGranularity(from, to Instant) Granularity {
	length := min(to-from, c.local(to)-c.local(from))
	switch {
	case length <= 48*oneHour:
		return ByHour
	case length <= 92*oneDay:
		return ByDay
	case length <= 366*oneDay:
		return ByWeek
	}
	return ByMonth
}
