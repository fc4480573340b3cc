package charts

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/mykpi/mykpi/tenancy"
	"pgregory.net/rapid"
)

// mustInstant reads RFC 3339.
func mustInstant(t testing.TB, s string) Instant {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		t.Fatal(err)
	}
	return InstantOf(at)
}

func mustDay(t testing.TB, s string) Day {
	t.Helper()
	at, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t.Fatal(err)
	}
	return DayOf(at.Date())
}

func expectInstant(t *testing.T, what string, got Instant, want string) {
	t.Helper()
	if got != mustInstant(t, want) {
		t.Errorf("%s = %v, want %s", what, got.Time().Format(time.RFC3339Nano), want)
	}
}

func TestCalendarDayStarts(t *testing.T) {
	for _, tt := range []struct{ name, zone, day, start, end string }{
		{"a day", "Europe/Paris", "2026-07-01", "2026-07-01T00:00:00+02:00", "2026-07-02T00:00:00+02:00"},
		{"23 hours", "Europe/Paris", "2026-03-29", "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00"},
		{"25 hours", "Europe/Paris", "2026-10-25", "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00"},
		{"no midnight in Santiago", "America/Santiago", "2023-09-03", "2023-09-03T01:00:00-03:00", "2023-09-04T00:00:00-03:00"},
		{"put back at midnight", "America/Santiago", "2024-04-06", "2024-04-06T00:00:00-03:00", "2024-04-07T00:00:00-04:00"},
		{"no midnight in Havana", "America/Havana", "2024-03-10", "2024-03-10T01:00:00-04:00", "2024-03-11T00:00:00-04:00"},
		{"midnight twice in Havana", "America/Havana", "2024-11-03", "2024-11-03T00:00:00-04:00", "2024-11-04T00:00:00-05:00"},
		{"no midnight in Asuncion", "America/Asuncion", "2023-10-01", "2023-10-01T01:00:00-03:00", "2023-10-02T00:00:00-03:00"},
		{"half an hour more in Pyongyang", "Asia/Pyongyang", "2015-08-14", "2015-08-14T00:00:00+09:00", "2015-08-15T00:00:00+08:30"},
		{"half an hour less in Pyongyang", "Asia/Pyongyang", "2018-05-04", "2018-05-04T00:00:00+08:30", "2018-05-05T00:00:00+09:00"},
		{"no midnight in Kathmandu", "Asia/Kathmandu", "1986-01-01", "1986-01-01T00:15:00+05:45", "1986-01-02T00:00:00+05:45"},
		{"a day left out", "Pacific/Apia", "2011-12-30", "2011-12-31T00:00:00+14:00", "2011-12-31T00:00:00+14:00"},
		{"after it", "Pacific/Apia", "2011-12-31", "2011-12-31T00:00:00+14:00", "2012-01-01T00:00:00+14:00"},
		{"before it", "Pacific/Apia", "2011-12-29", "2011-12-29T00:00:00-10:00", "2011-12-31T00:00:00+14:00"},
		{"put back across midnight", "America/St_Johns", "2010-11-07", "2010-11-07T00:00:00-02:30", "2010-11-08T00:00:00-03:30"},
		{"far ahead, a leap year's last day", "Europe/Paris", "2096-12-31", "2096-12-31T00:00:00+01:00", "2097-01-01T00:00:00+01:00"},
		{"the first year", "Europe/Paris", "1970-01-01", "1970-01-01T00:00:00+01:00", "1970-01-02T00:00:00+01:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, d := mustCalendar(t, tt.zone, time.Monday), mustDay(t, tt.day)
			expectInstant(t, "StartOf", c.StartOf(d), tt.start)
			expectInstant(t, "StartOf the next", c.StartOf(d+1), tt.end)
			start, end := c.StartOf(d), c.StartOf(d+1)
			if start < end && (c.Date(start) != d || c.Date(end-1) != d || c.Date(start-1) >= d) {
				t.Errorf("the days around are %v, %v to %v", c.Date(start-1), c.Date(start), c.Date(end-1))
			}
		})
	}
}

// At 00:01 on November 7 the clocks of St. John's went back to 23:01 on the 6th. The 7th had begun, and goes on.
func TestCalendarDaysAreUnbroken(t *testing.T) {
	c := mustCalendar(t, "America/St_Johns", time.Sunday)
	again := mustInstant(t, "2010-11-06T23:30:00-03:30")
	if got := c.Date(again); got != mustDay(t, "2010-11-07") {
		t.Errorf("Date = %v", got)
	}
	if d, clock := c.Clock(again); d != mustDay(t, "2010-11-06") || clock != 23*time.Hour+30*time.Minute {
		t.Errorf("Clock = %v %v", d, clock)
	}
}

// Clocks put back once more before they show the newest date again: no zone has done so yet.
func TestCalendarDaysAreUnbrokenByTwoChanges(t *testing.T) {
	var z timezone
	for _, change := range []struct {
		at     Instant
		offset int
	}{{beginning, 0}, {10*oneDay + 60e9, -3600}, {10*oneDay + 600e9, -7200}} {
		z.add(change.at, change.at.Time().In(time.FixedZone("", change.offset)))
	}
	if got := (Calendar{zone: &z}).Date(10*oneDay + 1200e9); got != 10 {
		t.Errorf("Date = %d, want 10", got)
	}
}

func TestCalendarHours(t *testing.T) {
	for _, tt := range []struct{ name, zone, at, start, next string }{
		{"an hour", "UTC", "2026-01-01T10:59:59.999999999Z", "2026-01-01T10:00:00Z", "2026-01-01T11:00:00Z"},
		{"its first instant", "UTC", "2026-01-01T10:00:00Z", "2026-01-01T10:00:00Z", "2026-01-01T11:00:00Z"},
		{"before 1970", "UTC", "1969-12-31T23:30:00Z", "1969-12-31T23:00:00Z", "1970-01-01T00:00:00Z"},
		{"half past in UTC", "Asia/Kolkata", "2026-01-01T10:15:00+05:30", "2026-01-01T10:00:00+05:30", "2026-01-01T11:00:00+05:30"},
		{"a quarter past in UTC", "Asia/Kathmandu", "2026-01-01T10:50:00+05:45", "2026-01-01T10:00:00+05:45", "2026-01-01T11:00:00+05:45"},
		{"three quarters past", "Pacific/Chatham", "2026-01-01T10:50:00+13:45", "2026-01-01T10:00:00+13:45", "2026-01-01T11:00:00+13:45"},
		{"before the gap", "Europe/Paris", "2026-03-29T01:30:00+01:00", "2026-03-29T01:00:00+01:00", "2026-03-29T03:00:00+02:00"},
		{"the first of two", "Europe/Paris", "2026-10-25T02:30:00+02:00", "2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00"},
		{"the second of two", "Europe/Paris", "2026-10-25T02:30:00+01:00", "2026-10-25T02:00:00+01:00", "2026-10-25T03:00:00+01:00"},
		{"90 minutes, forward", "Australia/Lord_Howe", "2025-10-05T02:45:00+11:00", "2025-10-05T01:00:00+10:30", "2025-10-05T03:00:00+11:00"},
		{"90 minutes, back", "Australia/Lord_Howe", "2026-04-05T01:45:00+10:30", "2026-04-05T01:00:00+11:00", "2026-04-05T02:00:00+10:30"},
		{"105 minutes across a day", "Asia/Kathmandu", "1986-01-01T00:20:00+05:45", "1985-12-31T23:00:00+05:30", "1986-01-01T01:00:00+05:45"},
		{"30 minutes", "America/Caracas", "2016-05-01T02:29:00-04:30", "2016-05-01T02:00:00-04:30", "2016-05-01T03:00:00-04:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, at := mustCalendar(t, tt.zone, time.Monday), mustInstant(t, tt.at)
			expectInstant(t, "HourStart", c.HourStart(at), tt.start)
			expectInstant(t, "NextHour", c.NextHour(at), tt.next)
		})
	}
}

func TestCalendarWall(t *testing.T) {
	for _, tt := range []struct {
		name, zone, day string
		clock           time.Duration
		want            string
	}{
		{"once", "Europe/Paris", "2026-07-01", 10*time.Hour + 1, "2026-07-01T10:00:00.000000001+02:00"},
		{"never: the first instant after the gap", "Europe/Paris", "2026-03-29", 2*time.Hour + 30*time.Minute, "2026-03-29T03:00:00+02:00"},
		{"twice: the earlier", "Europe/Paris", "2026-10-25", 2*time.Hour + 30*time.Minute, "2026-10-25T02:30:00+02:00"},
		{"on a day left out", "Pacific/Apia", "2011-12-30", 12 * time.Hour, "2011-12-31T00:00:00+14:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := mustCalendar(t, tt.zone, time.Monday)
			expectInstant(t, "Wall", c.Wall(mustDay(t, tt.day), tt.clock), tt.want)
		})
	}
}

func TestCalendarWeeksStartOnTheTenantsDay(t *testing.T) {
	for _, tt := range []struct {
		start     time.Weekday
		day, want string
	}{
		{time.Monday, "2026-07-01", "2026-06-29"},
		{time.Sunday, "2026-07-01", "2026-06-28"},
		{time.Saturday, "2026-07-01", "2026-06-27"},
		{time.Monday, "2026-06-29", "2026-06-29"},
		{time.Monday, "2026-06-28", "2026-06-22"},
		{time.Sunday, "2026-06-28", "2026-06-28"},
		{time.Saturday, "1969-12-31", "1969-12-27"},
	} {
		c := mustCalendar(t, "UTC", tt.start)
		if got := c.StartOfWeek(mustDay(t, tt.day)).String(); got != tt.want {
			t.Errorf("the week of %s from %v starts on %s, want %s", tt.day, tt.start, got, tt.want)
		}
	}
}

func TestCalendarMonthsQuartersYears(t *testing.T) {
	for _, tt := range []struct{ day, month, quarter, year string }{
		{"2026-03-31", "2026-03-01", "2026-01-01", "2026-01-01"},
		{"2026-04-01", "2026-04-01", "2026-04-01", "2026-01-01"},
		{"2024-12-31", "2024-12-01", "2024-10-01", "2024-01-01"},
		{"1969-08-15", "1969-08-01", "1969-07-01", "1969-01-01"},
	} {
		d := mustDay(t, tt.day)
		got := []string{d.StartOfMonth().String(), d.StartOfQuarter().String(), d.StartOfYear().String()}
		if got[0] != tt.month || got[1] != tt.quarter || got[2] != tt.year {
			t.Errorf("%s is in %v", d, got)
		}
	}
	for _, tt := range []struct {
		day  string
		n    int
		want string
	}{
		{"2026-03-31", -1, "2026-02-28"},
		{"2024-03-31", -1, "2024-02-29"},
		{"2024-02-29", -12, "2023-02-28"},
		{"2026-01-31", 1, "2026-02-28"},
		{"2026-01-15", -1, "2025-12-15"},
		{"2026-05-31", -3, "2026-02-28"},
		{"2026-12-31", 2, "2027-02-28"},
		{"2026-06-30", 25, "2028-07-30"},
	} {
		if got := mustDay(t, tt.day).AddMonths(tt.n).String(); got != tt.want {
			t.Errorf("%s and %d months is %s, want %s", tt.day, tt.n, got, tt.want)
		}
	}
}

func TestCalendarRefusesWhatIsNoZone(t *testing.T) {
	for _, name := range []string{
		"", "Local", "local/../UTC", "localtime", "posixrules", "Factory", "posix/Europe/Paris", "right/Europe/Paris",
		"../etc/passwd", "/etc/localtime", "Europe//Paris", "Europe/Paris/", "/Europe/Paris", "Europe/../UTC", "Europe\\Paris",
		"Europe", "Europe/Paris\x00", " Europe/Paris", "Europe/París", "zone.tab", "+02:00", "-3", "Nowhere/Atall",
		strings.Repeat("A", 65), "Europe/" + strings.Repeat("a", 58),
	} {
		_, err := NewCalendar(name, time.Monday)
		var refusal *tenancy.Refusal
		if !errors.As(err, &refusal) || refusal.Code != tenancy.BadUserInput || refusal.Field != "timeZone" {
			t.Errorf("%q: %v", name, err)
		}
	}
	for _, name := range []string{"UTC", "Etc/GMT+5", "America/Port-au-Prince", "America/Argentina/Buenos_Aires", "EST5EDT", "W-SU"} {
		if c, err := NewCalendar(name, time.Saturday); err != nil || c.Zone() != name || c.WeekStart() != time.Saturday {
			t.Errorf("%q: %v", name, err)
		}
	}
	if _, err := NewCalendar("UTC", 7); err == nil {
		t.Error("weeks may start on an eighth day")
	}
}

func FuzzCalendarZone(f *testing.F) {
	for _, seed := range []string{"Europe/Paris", "", "Local", "../UTC", "Etc/GMT+5", "a/b/c", "posix/UTC", "UTC\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		c, err := NewCalendar(name, time.Monday)
		if err != nil {
			var refusal *tenancy.Refusal
			if !errors.As(err, &refusal) {
				t.Fatalf("%q: %v is no refusal", name, err)
			}
			return
		}
		if strings.Contains(name, "..") || strings.Contains(name, "//") || strings.Trim(name, "/") != name {
			t.Fatalf("%q is taken", name)
		}
		for at := MinInstant; at < MaxInstant; at += 97 * oneDay {
			if d := c.Date(at); c.StartOf(d) > at || at >= c.StartOf(d+1) {
				t.Fatalf("%q: %v is not on its day %v", name, at.Time(), d)
			}
		}
	})
}

// calendars draws a calendar, and an instant that is often near a change of its clocks.
func drawCalendar(t *rapid.T) (Calendar, Instant) {
	zone := rapid.SampledFrom(append(peculiarZones, "America/St_Johns")).Draw(t, "zone")
	weekStart := rapid.SampledFrom([]time.Weekday{time.Monday, time.Sunday, time.Saturday}).Draw(t, "weekStart")
	c, err := NewCalendar(zone, weekStart)
	if err != nil {
		t.Fatal(err)
	}
	return c, drawInstant(t, c, "at")
}

func drawInstant(t *rapid.T, c Calendar, label string) Instant {
	if rapid.Bool().Draw(t, label+" anywhere") {
		return Instant(rapid.Int64Range(int64(MinInstant), int64(MaxInstant)).Draw(t, label))
	}
	segments := c.zone.segments
	change := segments[min(1, len(segments)-1):][rapid.IntRange(0, max(len(segments)-2, 0)).Draw(t, label+" change")].start
	return max(change, MinInstant) + Instant(rapid.Int64Range(int64(-2*oneDay), int64(2*oneDay)).Draw(t, label+" off"))
}

func TestCalendarProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, at := drawCalendar(t)
		d := c.Date(at)
		start, end := c.StartOf(d), c.StartOf(d+1)
		if start > at || at >= end || c.Date(start) != d || c.Date(end-1) != d {
			t.Fatalf("%v is not within its day %v: %v to %v", at.Time(), d, start.Time(), end.Time())
		}
		if later := at + Instant(rapid.Int64Range(0, int64(3*oneDay)).Draw(t, "later")); c.Date(later) < d {
			t.Fatalf("days go backwards: %v then %v", d, c.Date(later))
		}
		from, to := c.HourStart(at), c.NextHour(at)
		if from > at || at >= to || c.HourStart(to) != to || c.HourStart(to-1) != from || c.NextHour(from) != to {
			t.Fatalf("%v is not within its hour %v to %v", at.Time(), from.Time(), to.Time())
		}
		shown, clock := c.Clock(at)
		if wall := c.Wall(shown, clock); wall > at {
			t.Fatalf("clocks show %v %v first at %v, yet do at %v", shown, clock, wall.Time(), at.Time())
		} else if d, again := c.Clock(wall); d != shown || again != clock {
			t.Fatalf("clocks show %v %v, not %v %v", d, again, shown, clock)
		}
	})
}

func BenchmarkCalendar(b *testing.B) {
	c := mustCalendar(b, "Europe/Paris", time.Monday)
	at := mustInstant(b, "2026-07-01T10:30:00+02:00")
	d := c.Date(at)
	b.Run("New", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			mustCalendar(b, "Europe/Paris", time.Monday)
		}
	})
	b.Run("Date", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			c.Date(at)
		}
	})
	b.Run("StartOf", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			c.StartOf(d)
		}
	})
	b.Run("HourStart", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			c.HourStart(at)
		}
	})
	b.Run("Window", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := c.Window(Last7Days, at); err != nil {
				b.Fatal(err)
			}
		}
	})
	var buckets []Bucket
	b.Run("168 hours", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var err error
			if buckets, err = c.AppendBuckets(buckets[:0], c.StartOf(d-6), c.StartOf(d+1), ByHour); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func TestCalendarDoesNotAllocate(t *testing.T) {
	c := mustCalendar(t, "Europe/Paris", time.Monday)
	at := mustInstant(t, "2026-07-01T10:30:00+02:00")
	buckets := make([]Bucket, 0, 32)
	if n := testing.AllocsPerRun(100, func() {
		c.StartOf(c.Date(at))
		c.NextHour(c.HourStart(at))
		w, err := c.Window(Last30Days, at)
		if err != nil {
			t.Fatal(err)
		}
		if buckets, err = c.AppendBuckets(buckets[:0], w.From, w.To, ByDay); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
