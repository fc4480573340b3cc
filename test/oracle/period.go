package oracle

import "time"

// Span is what is asked for: a period by its name in the API ("" for LAST_7_DAYS), or From <= t < To where From is set,
// with To zero for now.
type Span struct {
	Period   string
	From, To time.Time
}

// Window is a span at an instant, From <= t < To, and the one before that it is compared with.
type Window struct {
	From, To, PreviousFrom, PreviousTo time.Time
}

// Window is what a span is at an instant.
func (c Calendar) Window(s Span, now time.Time) Window {
	if s.From.IsZero() {
		return c.named(s.Period, now)
	}
	w := Window{From: s.From, To: s.To}
	if w.To.IsZero() {
		w.To = now
	}
	w.PreviousFrom = w.From.Add(-w.To.Sub(w.From))
	w.PreviousTo = w.From // cut as far in as it is now
	if now.Before(w.To) {
		w.PreviousTo = w.PreviousFrom.Add(max(now.Sub(w.From), 0))
	}
	return w
}

func (c Calendar) named(period string, now time.Time) Window {
	today, clock := c.Date(now), c.Shown(now).Sub(midnight(c.Shown(now)))
	if midnight(c.Shown(now)).Before(today) {
		clock = 0 // put back across midnight, the clock shows yesterday again
	}
	first, end, previousFirst, counterpart := today, today.AddDate(0, 0, 1), today, today
	days := map[string]int{"TODAY": 1, "": 7, "LAST_7_DAYS": 7, "LAST_30_DAYS": 30, "LAST_90_DAYS": 90}
	months := map[string]int{"THIS_MONTH": 1, "THIS_QUARTER": 3, "THIS_YEAR": 12}
	switch period {
	case "TODAY", "", "LAST_7_DAYS", "LAST_30_DAYS", "LAST_90_DAYS":
		first = c.daysBefore(today, days[period]-1)
		counterpart = c.daysBefore(today, days[period])
		previousFirst = c.daysBefore(first, days[period])
	case "THIS_WEEK":
		first = c.startOfWeek(today)
		previousFirst, counterpart = first.AddDate(0, 0, -7), today.AddDate(0, 0, -7)
	case "THIS_MONTH", "THIS_QUARTER", "THIS_YEAR":
		for first.Day() != 1 || (int(first.Month())-1)%months[period] != 0 {
			first = first.AddDate(0, 0, -1)
		}
		previousFirst, counterpart = monthsBefore(first, months[period]), monthsBefore(today, months[period])
	case "LAST_12_MONTHS":
		for end.Day() != 1 {
			end = end.AddDate(0, 0, 1)
		}
		first, previousFirst = monthsBefore(end, 12), monthsBefore(end, 24)
		counterpart = monthsBefore(today, 12)
	case "LAST_24_HOURS":
		return c.last24Hours(today, now)
	default:
		panic("oracle: unknown period " + period)
	}
	return Window{
		From: c.FirstShowing(first), To: c.FirstShowing(end),
		PreviousFrom: c.FirstShowing(previousFirst),
		PreviousTo:   earlier(c.FirstShowing(counterpart.Add(clock)), c.FirstShowing(first)),
	}
}

func (c Calendar) last24Hours(today, now time.Time) Window {
	w := Window{From: c.HourStart(now), To: c.NextHour(now)}
	for range 23 {
		w.From = c.HourStart(w.From.Add(-time.Minute))
	}
	// The same clock a day earlier, at both ends.
	dayBefore := func(day, t time.Time) time.Time {
		shown := c.Shown(t)
		return c.FirstShowing(c.daysBefore(day, 1).Add(shown.Sub(midnight(shown))))
	}
	w.PreviousFrom = dayBefore(midnight(c.Shown(w.From)), w.From)
	w.PreviousTo = earlier(dayBefore(midnight(c.Shown(now)), now), w.From)
	return w
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// granularity is the one of trends that ask for none: by the length that a clock on the wall tells, lest an hour more
// or less of a changed clock makes a difference.
func (c Calendar) granularity(s Span, w Window) string {
	switch s.Period {
	case "LAST_24_HOURS":
		return "HOUR"
	case "LAST_12_MONTHS":
		return "MONTH"
	}
	const day = 24 * time.Hour
	length := min(w.To.Sub(w.From), c.Shown(w.To).Sub(c.Shown(w.From)))
	switch {
	case length <= 48*time.Hour:
		return "HOUR"
	case length <= 92*day:
		return "DAY"
	case length <= 366*day:
		return "WEEK"
	}
	return "MONTH"
}
