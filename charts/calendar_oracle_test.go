package charts

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/mykpi/mykpi/test/oracle"
)

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

// What calendars say is what walking time and asking package time what the clock shows says.
func TestCalendarAgreesWithTheOracle(t *testing.T) {
	for _, name := range peculiarZones {
		t.Run(name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(2026, uint64(len(name))))
			location := mustLocation(t, name)
			weekStart := []time.Weekday{time.Monday, time.Sunday, time.Saturday}[random.IntN(3)]
			c, slow := mustCalendar(t, name, weekStart), oracle.Calendar{Zone: location, WeekStart: weekStart}
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
		c, slow := mustCalendar(t, name, time.Monday), oracle.Calendar{Zone: mustLocation(t, name)}
		for at := MinInstant; at < MaxInstant; at += 13*oneHour + 7 {
			d, clock := c.Clock(at)
			if want := slow.Shown(at.Time()); Instant(d)*oneDay+Instant(clock) != InstantOf(want) {
				t.Fatalf("%s at %v: %v %v, want %v", name, at.Time(), d, clock, want)
			}
		}
	}
}

func compareInstant(t *testing.T, c Calendar, slow oracle.Calendar, at time.Time) {
	t.Helper()
	i := InstantOf(at)
	date := slow.Date(at)
	if got := c.Date(i).String(); got != date.Format(time.DateOnly) {
		t.Errorf("Date(%v) = %s, want %v", at, got, date)
	}
	if got, want := c.StartOf(c.Date(i)), InstantOf(slow.FirstShowing(date)); got != want {
		t.Errorf("StartOf(%v) = %v, want %v", date, got.Time(), want.Time())
	}
	if got, want := c.HourStart(i), InstantOf(slow.HourStart(at)); got != want {
		t.Errorf("HourStart(%v) = %v, want %v", at, got.Time(), want.Time())
	}
	if got, want := c.NextHour(i), InstantOf(slow.NextHour(at)); got != want {
		t.Errorf("NextHour(%v) = %v, want %v", at, got.Time(), want.Time())
	}
	shown := slow.Shown(at)
	d, clock := c.Clock(i)
	if d.String() != shown.Format(time.DateOnly) || clock != shown.Sub(shown.Truncate(24*time.Hour)) {
		t.Errorf("Clock(%v) = %v %v, want %v", at, d, clock, shown)
	}
}

func compareWindow(t *testing.T, c Calendar, slow oracle.Calendar, p Period, now time.Time) {
	t.Helper()
	got, err := c.Window(p, InstantOf(now))
	if err != nil {
		t.Fatal(err)
	}
	w := slow.Window(oracle.Span{Period: string(p)}, now)
	want := Window{InstantOf(w.From), InstantOf(w.To), InstantOf(w.PreviousFrom), InstantOf(w.PreviousTo), got.Default}
	if got != want {
		t.Errorf("%s at %v:\n got %v\nwant %v", p, now.In(slow.Zone), inZone(got, slow.Zone), inZone(want, slow.Zone))
	}
}

func compareBuckets(t *testing.T, c Calendar, slow oracle.Calendar, from, to time.Time, g Granularity) {
	t.Helper()
	got, err := c.AppendBuckets(nil, InstantOf(from), InstantOf(to), g)
	if err != nil {
		t.Fatal(err)
	}
	var want []Bucket
	starts := slow.Units(from, to, string(g))
	for i, end := range append(starts[1:], to) {
		want = append(want, Bucket{InstantOf(starts[i]), InstantOf(end)})
	}
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
