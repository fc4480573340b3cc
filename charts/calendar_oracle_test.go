package charts

import (
	"math/rand/v2"
	"testing"
	"time"
)

// slowZone is a second opinion on calendars: it walks minute by minute and asks package time what the clock shows.
// It shares no code with Calendar.
type slowZone struct {
	location  *time.Location
	weekStart time.Weekday
}

// shown is what the clock shows at t, as if it were UTC.
func (z slowZone) shown(t time.Time) time.Time {
	l := t.In(z.location)
	return time.Date(l.Year(), l.Month(), l.Day(), l.Hour(), l.Minute(), l.Second(), l.Nanosecond(), time.UTC)
}

// longestFold is more than any clock was put back at once since 1970.
const longestFold = 3 * time.Hour

// firstShowing is the first instant at which the clock shows wanted or more.
func (z slowZone) firstShowing(wanted time.Time) time.Time {
	t := wanted.Add(-16 * time.Hour)
	for z.shown(t.Add(longestFold + time.Hour)).Before(wanted) {
		t = t.Add(time.Hour) // nothing in this hour can show as much
	}
	for z.shown(t).Before(wanted) {
		t = t.Add(time.Minute)
	}
	return t
}

func midnight(t time.Time) time.Time { return t.Truncate(24 * time.Hour) }

// date is the newest date that the clock has shown by t.
func (z slowZone) date(t time.Time) time.Time {
	newest := midnight(z.shown(t))
	for back := time.Duration(0); back <= longestFold; back += time.Minute {
		if d := midnight(z.shown(t.Truncate(time.Minute).Add(-back))); d.After(newest) {
			newest = d
		}
	}
	return newest
}

func (z slowZone) fullHour(t time.Time) bool {
	s := z.shown(t)
	return s.Minute() == 0 && s.Second() == 0 && s.Nanosecond() == 0
}

func (z slowZone) hourStart(t time.Time) time.Time {
	t = t.Truncate(time.Minute)
	for !z.fullHour(t) {
		t = t.Add(-time.Minute)
	}
	return t
}

func (z slowZone) nextHour(t time.Time) time.Time {
	t = t.Truncate(time.Minute).Add(time.Minute)
	for !z.fullHour(t) {
		t = t.Add(time.Minute)
	}
	return t
}

// exists tells whether the clock ever shows a date.
func (z slowZone) exists(d time.Time) bool {
	return midnight(z.shown(z.firstShowing(d))).Equal(d)
}

func (z slowZone) daysBefore(d time.Time, n int) time.Time {
	for n > 0 {
		d = d.AddDate(0, 0, -1)
		if z.exists(d) {
			n--
		}
	}
	return d
}

func (z slowZone) startOfWeek(d time.Time) time.Time {
	for d.Weekday() != z.weekStart {
		d = d.AddDate(0, 0, -1)
	}
	return d
}

func monthsBefore(d time.Time, n int) time.Time {
	for day := d.Day(); ; day-- {
		b := time.Date(d.Year(), d.Month()-time.Month(n), day, 0, 0, 0, 0, time.UTC)
		if b.Day() == day {
			return b
		}
	}
}

// buckets walks minute by minute and starts a bucket wherever a unit starts.
func (z slowZone) buckets(from, to time.Time, g Granularity) []Bucket {
	var all []Bucket
	newest, start := z.date(from), from
	for t := from.Truncate(time.Minute).Add(time.Minute); t.Before(to); t = t.Add(time.Minute) {
		starts := g == ByHour && z.fullHour(t)
		if d := midnight(z.shown(t)); d.After(newest) {
			week := !z.startOfWeek(d).Equal(z.startOfWeek(newest))
			starts = starts || g == ByDay || g == ByWeek && week || g == ByMonth && d.Month() != newest.Month()
			newest = d
		}
		if starts {
			all = append(all, Bucket{InstantOf(start), InstantOf(t)})
			start = t
		}
	}
	return append(all, Bucket{InstantOf(start), InstantOf(to)})
}

// window is domain.md's text, word for word.
func (z slowZone) window(p Period, now time.Time) (from, to, previousFrom, previousTo time.Time) {
	today := z.date(now)
	clock := z.shown(now).Sub(midnight(z.shown(now)))
	first, end, previousFirst, counterpart := today, today.AddDate(0, 0, 1), today, today
	days := map[Period]int{Today: 1, Last7Days: 7, Last30Days: 30, Last90Days: 90}
	months := map[Period]int{ThisMonth: 1, ThisQuarter: 3, ThisYear: 12}
	switch p {
	case Today, Last7Days, Last30Days, Last90Days:
		first = z.daysBefore(today, days[p]-1)
		counterpart = z.daysBefore(today, days[p])
		previousFirst = z.daysBefore(first, days[p])
	case ThisWeek:
		first = z.startOfWeek(today)
		previousFirst, counterpart = first.AddDate(0, 0, -7), today.AddDate(0, 0, -7)
	case ThisMonth, ThisQuarter, ThisYear:
		for first.Day() != 1 || (int(first.Month())-1)%months[p] != 0 {
			first = first.AddDate(0, 0, -1)
		}
		previousFirst, counterpart = monthsBefore(first, months[p]), monthsBefore(today, months[p])
	case Last12Months:
		end = today
		for ok := true; ok; ok = end.Day() != 1 {
			end = end.AddDate(0, 0, 1)
		}
		first = monthsBefore(end, 12)
		previousFirst, counterpart = monthsBefore(end, 24), monthsBefore(today, 12)
	case Last24Hours:
		from, to = z.hourStart(now), z.nextHour(now)
		for range 23 {
			from = z.hourStart(from.Add(-time.Minute))
		}
		shownFrom := z.shown(from)
		previousFrom = z.firstShowing(z.daysBefore(midnight(shownFrom), 1).Add(shownFrom.Sub(midnight(shownFrom))))
		previousTo = z.firstShowing(z.daysBefore(today, 1).Add(clock))
	}
	if p != Last24Hours {
		from, to = z.firstShowing(first), z.firstShowing(end)
		previousFrom, previousTo = z.firstShowing(previousFirst), z.firstShowing(counterpart.Add(clock))
	}
	if previousTo.After(from) {
		previousTo = from
	}
	return from, to, previousFrom, previousTo
}

var peculiarZones = []string{
	"UTC", "Europe/Paris", "America/New_York", "America/Santiago", "America/Havana", "America/Asuncion", "America/Sao_Paulo",
	"Asia/Kathmandu", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Kwajalein", "Asia/Pyongyang",
	"America/Caracas", "Pacific/Chatham", "Africa/Casablanca", "Europe/Dublin",
}

var allPeriods = []Period{
	Today, Last24Hours, Last7Days, Last30Days, Last90Days, Last12Months, ThisWeek, ThisMonth, ThisQuarter, ThisYear,
}

var allGranularities = []Granularity{ByHour, ByDay, ByWeek, ByMonth}

// changesOf are the instants between 1984 and 2040 at which a zone's clocks were or will be changed.
func changesOf(location *time.Location) []time.Time {
	var changes []time.Time
	last := time.Date(1984, 1, 1, 0, 0, 0, 0, time.UTC)
	for last.Year() < 2040 {
		next := last.Add(time.Hour)
		_, was := last.In(location).Zone()
		if _, is := next.In(location).Zone(); is != was {
			for t := last; ; t = t.Add(time.Minute) {
				if _, is := t.In(location).Zone(); is != was {
					changes = append(changes, t)
					break
				}
			}
		}
		last = next
	}
	return changes
}

func TestCalendarAgreesWithAWalkByMinutes(t *testing.T) {
	for _, name := range peculiarZones {
		t.Run(name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(2026, uint64(len(name))))
			location := mustLocation(t, name)
			weekStart := []time.Weekday{time.Monday, time.Sunday, time.Saturday}[random.IntN(3)]
			c, slow := mustCalendar(t, name, weekStart), slowZone{location, weekStart}
			changes := append(changesOf(location), time.Date(2024, 2, 29, 23, 30, 0, 0, time.UTC))
			near := func() time.Time {
				change := changes[random.IntN(len(changes))]
				return change.Add(time.Duration(random.IntN(50*60)-25*60) * time.Minute)
			}
			for range 60 {
				now := near()
				compareInstant(t, c, slow, now)
				compareInstant(t, c, slow, now.Add(17*time.Second+1))
			}
			for range 40 {
				compareWindow(t, c, slow, Last24Hours, near())
			}
			for range 3 {
				for _, p := range allPeriods {
					compareWindow(t, c, slow, p, near())
				}
				for i, g := range allGranularities {
					from := near()
					compareBuckets(t, c, slow, from, from.Add(time.Duration(1+random.IntN(4<<(2*i)*1440))*time.Minute), g)
				}
			}
		})
	}
}

// The table that a calendar makes of its zone says what package time does, to its last year.
func TestCalendarAgreesWithPackageTime(t *testing.T) {
	for _, name := range append(peculiarZones, "America/St_Johns", "Antarctica/Troll", "Africa/El_Aaiun") {
		c, slow := mustCalendar(t, name, time.Monday), slowZone{location: mustLocation(t, name)}
		for at := MinInstant; at < MaxInstant; at += 13*oneHour + 7 {
			d, clock := c.Clock(at)
			if want := slow.shown(at.Time()); Instant(d)*oneDay+Instant(clock) != InstantOf(want) {
				t.Fatalf("%s at %v: %v %v, want %v", name, at.Time(), d, clock, want)
			}
		}
	}
}

func compareInstant(t *testing.T, c Calendar, slow slowZone, at time.Time) {
	t.Helper()
	i := InstantOf(at)
	date := slow.date(at)
	if got := c.Date(i).String(); got != date.Format(time.DateOnly) {
		t.Errorf("Date(%v) = %s, want %v", at, got, date)
	}
	if got, want := c.StartOf(c.Date(i)), InstantOf(slow.firstShowing(date)); got != want {
		t.Errorf("StartOf(%v) = %v, want %v", date, got.Time(), want.Time())
	}
	if got, want := c.HourStart(i), InstantOf(slow.hourStart(at)); got != want {
		t.Errorf("HourStart(%v) = %v, want %v", at, got.Time(), want.Time())
	}
	if got, want := c.NextHour(i), InstantOf(slow.nextHour(at)); got != want {
		t.Errorf("NextHour(%v) = %v, want %v", at, got.Time(), want.Time())
	}
	shown := slow.shown(at)
	d, clock := c.Clock(i)
	if d.String() != shown.Format(time.DateOnly) || clock != shown.Sub(midnight(shown)) {
		t.Errorf("Clock(%v) = %v %v, want %v", at, d, clock, shown)
	}
}

func compareWindow(t *testing.T, c Calendar, slow slowZone, p Period, now time.Time) {
	t.Helper()
	got, err := c.Window(p, InstantOf(now))
	if err != nil {
		t.Fatal(err)
	}
	from, to, previousFrom, previousTo := slow.window(p, now)
	want := Window{InstantOf(from), InstantOf(to), InstantOf(previousFrom), InstantOf(previousTo), got.Default}
	if got != want {
		t.Errorf("%s at %v:\n got %v\nwant %v", p, now.In(slow.location), inZone(got, slow.location), inZone(want, slow.location))
	}
}

func compareBuckets(t *testing.T, c Calendar, slow slowZone, from, to time.Time, g Granularity) {
	t.Helper()
	got, err := c.AppendBuckets(nil, InstantOf(from), InstantOf(to), g)
	if err != nil {
		t.Fatal(err)
	}
	want := slow.buckets(from, to, g)
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Errorf("%s of %v to %v differ from bucket %d on:\n got %v\nwant %v", g, from, to, i, got[min(i, len(got)):], want[min(i, len(want)):])
			return
		}
	}
}

func inZone(w Window, l *time.Location) []string {
	var s []string
	for _, i := range []Instant{w.From, w.To, w.PreviousFrom, w.PreviousTo} {
		s = append(s, i.Time().In(l).Format(time.RFC3339))
	}
	return s
}

func mustLocation(t testing.TB, name string) *time.Location {
	t.Helper()
	location, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return location
}

func mustCalendar(t testing.TB, zone string, weekStart time.Weekday) Calendar {
	t.Helper()
	c, err := NewCalendar(zone, weekStart)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
