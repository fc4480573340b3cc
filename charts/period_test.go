package charts

import (
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/mykpi/mykpi/tenancy"
	"pgregory.net/rapid"
)

func TestPeriodWindows(t *testing.T) {
	const noon = "2026-07-14T12:00:00+02:00" // a Tuesday
	for _, tt := range []struct {
		name, zone               string
		weekStart                time.Weekday
		period                   Period
		now                      string
		from, to                 string
		previousFrom, previousTo string
		granularity              Granularity
	}{
		{"today", "Europe/Paris", time.Monday, Today, noon,
			"2026-07-14T00:00:00+02:00", "2026-07-15T00:00:00+02:00",
			"2026-07-13T00:00:00+02:00", "2026-07-13T12:00:00+02:00", ByHour},
		{"today, just begun", "Europe/Paris", time.Monday, Today, "2026-07-14T00:00:00+02:00",
			"2026-07-14T00:00:00+02:00", "2026-07-15T00:00:00+02:00",
			"2026-07-13T00:00:00+02:00", "2026-07-13T00:00:00+02:00", ByHour},
		{"today after a day of 23 hours", "Europe/Paris", time.Monday, Today, "2026-03-30T02:30:00+02:00",
			"2026-03-30T00:00:00+02:00", "2026-03-31T00:00:00+02:00",
			"2026-03-29T00:00:00+01:00", "2026-03-29T03:00:00+02:00", ByHour},
		{"today of 25 hours, noon is noon", "Europe/Paris", time.Monday, Today, "2026-10-25T12:00:00+01:00",
			"2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00",
			"2026-10-24T00:00:00+02:00", "2026-10-24T12:00:00+02:00", ByHour},
		{"today without midnight", "America/Santiago", time.Monday, Today, "2023-09-03T12:00:00-03:00",
			"2023-09-03T01:00:00-03:00", "2023-09-04T00:00:00-03:00",
			"2023-09-02T00:00:00-04:00", "2023-09-02T12:00:00-04:00", ByHour},
		{"today after a day left out", "Pacific/Apia", time.Monday, Today, "2011-12-31T12:00:00+14:00",
			"2011-12-31T00:00:00+14:00", "2012-01-01T00:00:00+14:00",
			"2011-12-29T00:00:00-10:00", "2011-12-29T12:00:00-10:00", ByHour},
		{"today, clocks put back to yesterday", "America/St_Johns", time.Monday, Today, "2010-11-06T23:30:00-03:30",
			"2010-11-07T00:00:00-02:30", "2010-11-08T00:00:00-03:30",
			"2010-11-06T00:00:00-02:30", "2010-11-06T00:00:00-02:30", ByHour},

		{"24 hours", "Europe/Paris", time.Monday, Last24Hours, "2026-07-14T12:20:00+02:00",
			"2026-07-13T13:00:00+02:00", "2026-07-14T13:00:00+02:00",
			"2026-07-12T13:00:00+02:00", "2026-07-13T12:20:00+02:00", ByHour},
		{"24 hours at the full hour: it has begun", "Europe/Paris", time.Monday, Last24Hours, noon,
			"2026-07-13T13:00:00+02:00", "2026-07-14T13:00:00+02:00",
			"2026-07-12T13:00:00+02:00", "2026-07-13T12:00:00+02:00", ByHour},
		{"24 hours over a gap: never overlapping", "Europe/Paris", time.Monday, Last24Hours, "2026-03-29T12:20:00+02:00",
			"2026-03-28T12:00:00+01:00", "2026-03-29T13:00:00+02:00",
			"2026-03-27T12:00:00+01:00", "2026-03-28T12:00:00+01:00", ByHour},
		{"24 hours over an hour twice", "Europe/Paris", time.Monday, Last24Hours, "2026-10-25T12:20:00+01:00",
			"2026-10-24T14:00:00+02:00", "2026-10-25T13:00:00+01:00",
			"2026-10-23T14:00:00+02:00", "2026-10-24T12:20:00+02:00", ByHour},
		{"24 hours, one of 90 minutes", "Australia/Lord_Howe", time.Monday, Last24Hours, "2026-04-05T12:20:00+10:30",
			"2026-04-04T13:00:00+11:00", "2026-04-05T13:00:00+10:30",
			"2026-04-03T13:00:00+11:00", "2026-04-04T12:20:00+11:00", ByHour},
		{"24 hours, off by 45 minutes", "Asia/Kathmandu", time.Monday, Last24Hours, "2026-07-14T12:20:00+05:45",
			"2026-07-13T13:00:00+05:45", "2026-07-14T13:00:00+05:45",
			"2026-07-12T13:00:00+05:45", "2026-07-13T12:20:00+05:45", ByHour},

		{"24 hours over a day left out", "Pacific/Apia", time.Monday, Last24Hours, "2011-12-31T12:20:00+14:00",
			"2011-12-29T13:00:00-10:00", "2011-12-31T13:00:00+14:00",
			"2011-12-28T13:00:00-10:00", "2011-12-29T12:20:00-10:00", ByHour},
		{"24 hours after a day left out", "Pacific/Apia", time.Monday, Last24Hours, "2012-01-01T12:20:00+14:00",
			"2011-12-31T13:00:00+14:00", "2012-01-01T13:00:00+14:00",
			"2011-12-29T13:00:00-10:00", "2011-12-31T12:20:00+14:00", ByHour},

		{"7 days", "Europe/Paris", time.Monday, Last7Days, noon,
			"2026-07-08T00:00:00+02:00", "2026-07-15T00:00:00+02:00",
			"2026-07-01T00:00:00+02:00", "2026-07-07T12:00:00+02:00", ByDay},
		{"7 days over a gap", "Europe/Paris", time.Monday, Last7Days, "2026-03-31T12:00:00+02:00",
			"2026-03-25T00:00:00+01:00", "2026-04-01T00:00:00+02:00",
			"2026-03-18T00:00:00+01:00", "2026-03-24T12:00:00+01:00", ByDay},
		{"7 days over a day left out", "Pacific/Apia", time.Monday, Last7Days, "2012-01-02T12:00:00+14:00",
			"2011-12-26T00:00:00-10:00", "2012-01-03T00:00:00+14:00",
			"2011-12-19T00:00:00-10:00", "2011-12-25T12:00:00-10:00", ByDay},
		{"7 days, it lies in the previous ones", "Pacific/Apia", time.Monday, Last7Days, "2012-01-08T12:00:00+14:00",
			"2012-01-02T00:00:00+14:00", "2012-01-09T00:00:00+14:00",
			"2011-12-25T00:00:00-10:00", "2012-01-01T12:00:00+14:00", ByDay},
		{"30 days", "Europe/Paris", time.Monday, Last30Days, noon,
			"2026-06-15T00:00:00+02:00", "2026-07-15T00:00:00+02:00",
			"2026-05-16T00:00:00+02:00", "2026-06-14T12:00:00+02:00", ByDay},
		{"90 days", "Europe/Paris", time.Monday, Last90Days, "2026-11-30T12:00:00+01:00",
			"2026-09-02T00:00:00+02:00", "2026-12-01T00:00:00+01:00",
			"2026-06-04T00:00:00+02:00", "2026-09-01T12:00:00+02:00", ByDay},

		{"this week", "Europe/Paris", time.Monday, ThisWeek, noon,
			"2026-07-13T00:00:00+02:00", "2026-07-15T00:00:00+02:00",
			"2026-07-06T00:00:00+02:00", "2026-07-07T12:00:00+02:00", ByHour},
		{"this week from Sunday", "Europe/Paris", time.Sunday, ThisWeek, noon,
			"2026-07-12T00:00:00+02:00", "2026-07-15T00:00:00+02:00",
			"2026-07-05T00:00:00+02:00", "2026-07-07T12:00:00+02:00", ByDay},
		{"this week from Saturday", "Europe/Paris", time.Saturday, ThisWeek, noon,
			"2026-07-11T00:00:00+02:00", "2026-07-15T00:00:00+02:00",
			"2026-07-04T00:00:00+02:00", "2026-07-07T12:00:00+02:00", ByDay},
		{"two days with 49 hours are 48 on the wall", "Europe/Paris", time.Saturday, ThisWeek, "2026-10-25T12:00:00+01:00",
			"2026-10-24T00:00:00+02:00", "2026-10-26T00:00:00+01:00",
			"2026-10-17T00:00:00+02:00", "2026-10-18T12:00:00+02:00", ByHour},

		{"this month", "Europe/Paris", time.Monday, ThisMonth, noon,
			"2026-07-01T00:00:00+02:00", "2026-07-15T00:00:00+02:00",
			"2026-06-01T00:00:00+02:00", "2026-06-14T12:00:00+02:00", ByDay},
		{"this month, the one before is shorter", "Europe/Paris", time.Monday, ThisMonth, "2026-03-31T12:00:00+02:00",
			"2026-03-01T00:00:00+01:00", "2026-04-01T00:00:00+02:00",
			"2026-02-01T00:00:00+01:00", "2026-02-28T12:00:00+01:00", ByDay},
		{"this month, the one before is last year", "UTC", time.Monday, ThisMonth, "2026-01-31T23:59:59Z",
			"2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z",
			"2025-12-01T00:00:00Z", "2025-12-31T23:59:59Z", ByDay},
		{"this quarter", "UTC", time.Monday, ThisQuarter, "2026-05-31T12:00:00Z",
			"2026-04-01T00:00:00Z", "2026-06-01T00:00:00Z",
			"2026-01-01T00:00:00Z", "2026-02-28T12:00:00Z", ByDay},
		{"this quarter, all 92 days", "Europe/Paris", time.Monday, ThisQuarter, "2026-12-31T12:00:00+01:00",
			"2026-10-01T00:00:00+02:00", "2027-01-01T00:00:00+01:00",
			"2026-07-01T00:00:00+02:00", "2026-09-30T12:00:00+02:00", ByDay},
		{"this year", "Europe/Paris", time.Monday, ThisYear, noon,
			"2026-01-01T00:00:00+01:00", "2026-07-15T00:00:00+02:00",
			"2025-01-01T00:00:00+01:00", "2025-07-14T12:00:00+02:00", ByWeek},
		{"this year on a leap day", "UTC", time.Monday, ThisYear, "2024-02-29T12:00:00Z",
			"2024-01-01T00:00:00Z", "2024-03-01T00:00:00Z",
			"2023-01-01T00:00:00Z", "2023-02-28T12:00:00Z", ByDay},
		{"this year of 366 days", "UTC", time.Monday, ThisYear, "2024-12-31T12:00:00Z",
			"2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z",
			"2023-01-01T00:00:00Z", "2023-12-31T12:00:00Z", ByWeek},
		{"12 months", "Europe/Paris", time.Monday, Last12Months, noon,
			"2025-08-01T00:00:00+02:00", "2026-08-01T00:00:00+02:00",
			"2024-08-01T00:00:00+02:00", "2025-07-14T12:00:00+02:00", ByMonth},
		{"12 months to a leap day", "UTC", time.Monday, Last12Months, "2024-02-29T12:00:00Z",
			"2023-03-01T00:00:00Z", "2024-03-01T00:00:00Z",
			"2022-03-01T00:00:00Z", "2023-02-28T12:00:00Z", ByMonth},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := mustCalendar(t, tt.zone, tt.weekStart)
			w, err := c.Window(tt.period, mustInstant(t, tt.now))
			if err != nil {
				t.Fatal(err)
			}
			expectWindow(t, w, tt.from, tt.to, tt.previousFrom, tt.previousTo, tt.granularity)
		})
	}
}

func expectWindow(t *testing.T, w Window, from, to, previousFrom, previousTo string, g Granularity) {
	t.Helper()
	expectInstant(t, "From", w.From, from)
	expectInstant(t, "To", w.To, to)
	expectInstant(t, "PreviousFrom", w.PreviousFrom, previousFrom)
	expectInstant(t, "PreviousTo", w.PreviousTo, previousTo)
	if w.Default != g {
		t.Errorf("Default = %s, want %s", w.Default, g)
	}
}

func TestPeriodCustomWindows(t *testing.T) {
	for _, tt := range []struct {
		name, zone, from, to, now string
		previousFrom, previousTo  string
		granularity               Granularity
	}{
		{"past", "UTC", "2026-07-01T00:00:00Z", "2026-07-11T00:00:00Z", "2026-08-01T00:00:00Z",
			"2026-06-21T00:00:00Z", "2026-07-01T00:00:00Z", ByDay},
		{"under way", "UTC", "2026-07-01T00:00:00Z", "2026-07-11T00:00:00Z", "2026-07-03T12:00:00Z",
			"2026-06-21T00:00:00Z", "2026-06-23T12:00:00Z", ByDay},
		{"to come", "UTC", "2026-07-01T00:00:00Z", "2026-07-11T00:00:00Z", "2026-06-01T00:00:00Z",
			"2026-06-21T00:00:00Z", "2026-06-21T00:00:00Z", ByDay},
		{"48 hours", "UTC", "2026-07-01T00:30:00Z", "2026-07-03T00:30:00Z", "2026-08-01T00:00:00Z",
			"2026-06-29T00:30:00Z", "2026-07-01T00:30:00Z", ByHour},
		{"a nanosecond more", "UTC", "2026-07-01T00:00:00Z", "2026-07-03T00:00:00.000000001Z", "2026-08-01T00:00:00Z",
			"2026-06-28T23:59:59.999999999Z", "2026-07-01T00:00:00Z", ByDay},
		{"48 hours of time, 49 on the wall", "Europe/Paris", "2026-03-28T12:00:00+01:00", "2026-03-30T13:00:00+02:00",
			"2026-08-01T00:00:00Z", "2026-03-26T12:00:00+01:00", "2026-03-28T12:00:00+01:00", ByHour},
		{"two days to a missing midnight", "America/Santiago", "2023-09-01T00:00:00-04:00", "2023-09-03T01:00:00-03:00",
			"2026-08-01T00:00:00Z", "2023-08-30T00:00:00-04:00", "2023-09-01T00:00:00-04:00", ByHour},
		{"92 days with an hour more", "Europe/Paris", "2026-10-01T00:00:00+02:00", "2027-01-01T00:00:00+01:00",
			"2028-01-01T00:00:00Z", "2026-06-30T23:00:00+02:00", "2026-10-01T00:00:00+02:00", ByDay},
		{"93 days", "UTC", "2026-10-01T00:00:00Z", "2027-01-02T00:00:00Z",
			"2028-01-01T00:00:00Z", "2026-06-30T00:00:00Z", "2026-10-01T00:00:00Z", ByWeek},
		{"366 days", "UTC", "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z",
			"2028-01-01T00:00:00Z", "2022-12-31T00:00:00Z", "2024-01-01T00:00:00Z", ByWeek},
		{"367 days", "UTC", "2024-01-01T00:00:00Z", "2025-01-02T00:00:00Z",
			"2028-01-01T00:00:00Z", "2022-12-30T00:00:00Z", "2024-01-01T00:00:00Z", ByMonth},
		{"all there is", "UTC", "1970-01-01T00:00:00Z", "2100-01-01T00:00:00Z",
			"2100-01-01T00:00:00Z", "1840-01-01T00:00:00Z", "1970-01-01T00:00:00Z", ByMonth},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := mustCalendar(t, tt.zone, time.Monday)
			w, err := c.CustomWindow(mustInstant(t, tt.from).Time(), mustInstant(t, tt.to).Time(), mustInstant(t, tt.now))
			if err != nil {
				t.Fatal(err)
			}
			expectWindow(t, w, tt.from, tt.to, tt.previousFrom, tt.previousTo, tt.granularity)
		})
	}
}

func TestPeriodRefusals(t *testing.T) {
	c := mustCalendar(t, "UTC", time.Monday)
	now := mustInstant(t, "2026-07-01T00:00:00Z")
	custom := func(from, to string) func() error {
		return func() error {
			f, err := time.Parse(time.RFC3339, from)
			if err != nil {
				return err
			}
			u, err := time.Parse(time.RFC3339, to)
			if err != nil {
				return err
			}
			_, err = c.CustomWindow(f, u, now)
			return err
		}
	}
	buckets := func(to Instant, g Granularity) func() error {
		return func() error {
			dst := make([]Bucket, 1, 2)
			got, err := c.AppendBuckets(dst, 0, to, g)
			if err != nil && len(got) != 1 {
				t.Errorf("refused, yet %d buckets", len(got))
			}
			return err
		}
	}
	for _, tt := range []struct {
		name, field string
		do          func() error
	}{
		{"unknown period", "period", func() error { _, err := c.Window("LAST_DECADE", now); return err }},
		{"no period", "period", func() error { _, err := c.Window("", now); return err }},
		{"empty", "to", custom("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z")},
		{"backwards", "to", custom("2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z")},
		{"before 1970", "from", custom("1969-12-31T23:59:59Z", "2026-01-01T00:00:00Z")},
		{"year 1", "from", custom("0001-01-01T00:00:00Z", "2026-01-01T00:00:00Z")},
		{"after 2099", "to", custom("2026-01-01T00:00:00Z", "2100-01-01T00:00:01Z")},
		{"year 9999", "to", custom("2026-01-01T00:00:00Z", "9999-12-31T23:59:59Z")},
		{"unknown granularity", "granularity", buckets(oneDay, "MINUTE")},
		{"one hour too many", "granularity", buckets((MaxBuckets+1)*oneHour, ByHour)},
		{"a piece of an hour too many", "granularity", buckets(MaxBuckets*oneHour+1, ByHour)},
		{"far too many", "granularity", buckets(MaxInstant, ByHour)},
		{"too many days", "granularity", buckets((MaxBuckets+1)*oneDay, ByDay)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.do()
			var refusal *tenancy.Refusal
			if !errors.As(err, &refusal) || refusal.Code != tenancy.BadUserInput || refusal.Field != tt.field {
				t.Errorf("got %v, want a refusal of %s", err, tt.field)
			}
		})
	}
	if got, err := c.AppendBuckets(make([]Bucket, 1), 0, MaxBuckets*oneHour, ByHour); err != nil || len(got) != MaxBuckets+1 {
		t.Errorf("%d buckets are refused: %v", MaxBuckets, err)
	}
	if got, err := c.AppendBuckets(nil, 5, 5, ByHour); err != nil || len(got) != 0 {
		t.Errorf("nothing makes %v, %v", got, err)
	}
}

func TestPeriodBuckets(t *testing.T) {
	for _, tt := range []struct {
		name, zone  string
		granularity Granularity
		bounds      []string // from, the bounds within, to
	}{
		{"hours, cut at both ends", "Asia/Kolkata", ByHour, []string{
			"2026-07-01T10:20:00+05:30", "2026-07-01T11:00:00+05:30", "2026-07-01T12:00:00+05:30", "2026-07-01T12:10:00+05:30"}},
		{"the hour that comes twice is two", "Europe/Paris", ByHour, []string{
			"2026-10-25T01:00:00+02:00", "2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00", "2026-10-25T03:00:00+01:00"}},
		{"within one hour", "UTC", ByHour, []string{"2026-07-01T10:20:00Z", "2026-07-01T10:30:00Z"}},
		{"days of 23 and 24 hours", "Europe/Paris", ByDay, []string{
			"2026-03-28T12:00:00+01:00", "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00", "2026-03-31T00:00:00+02:00"}},
		{"a day left out is no bucket", "Pacific/Apia", ByDay, []string{
			"2011-12-29T00:00:00-10:00", "2011-12-31T00:00:00+14:00", "2012-01-01T00:00:00+14:00"}},
		{"weeks", "Europe/Paris", ByWeek, []string{
			"2026-03-25T00:00:00+01:00", "2026-03-30T00:00:00+02:00", "2026-04-06T00:00:00+02:00", "2026-04-08T00:00:00+02:00"}},
		{"months", "Europe/Paris", ByMonth, []string{
			"2026-02-10T00:00:00+01:00", "2026-03-01T00:00:00+01:00", "2026-04-01T00:00:00+02:00", "2026-05-01T00:00:00+02:00"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := mustCalendar(t, tt.zone, time.Monday)
			var want []Bucket
			for i := range tt.bounds[1:] {
				want = append(want, Bucket{mustInstant(t, tt.bounds[i]), mustInstant(t, tt.bounds[i+1])})
			}
			got, err := c.AppendBuckets(nil, want[0].From, want[len(want)-1].To, tt.granularity)
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != len(want) {
				t.Fatalf("%d buckets, want %d: %v", len(got), len(want), got)
			}
			for i := range got {
				if got[i] != want[i] {
					t.Errorf("bucket %d is %v to %v, want %v to %v", i, got[i].From.Time(), got[i].To.Time(), want[i].From.Time(), want[i].To.Time())
				}
			}
		})
	}
}

func TestPeriodBucketIsCompleteOnceItEnds(t *testing.T) {
	b := Bucket{From: 10, To: 20}
	if b.Complete(19) || !b.Complete(20) {
		t.Error("a bucket is complete from its end on, and not before")
	}
}

func TestPeriodCountsUpToNow(t *testing.T) {
	w := Window{From: 10, To: 20}
	for now, want := range map[Instant]Instant{5: 10, 10: 11, 15: 16, 19: 20, 20: 20, 30: 20} {
		if got := w.Counted(now); got != want {
			t.Errorf("at %d it counts to %d, want %d", now, got, want)
		}
	}
}

func TestPeriodProperties(t *testing.T) {
	units := map[Period]struct {
		Granularity
		n int
	}{Last24Hours: {ByHour, 24}, Today: {ByDay, 1}, Last7Days: {ByDay, 7}, Last30Days: {ByDay, 30}, Last90Days: {ByDay, 90}, Last12Months: {ByMonth, 12}}
	rapid.Check(t, func(t *rapid.T) {
		c, now := drawCalendar(t)
		p := rapid.SampledFrom(allPeriods).Draw(t, "period")
		w, err := c.Window(p, now)
		if err != nil {
			t.Fatal(err)
		}
		if w.From > now || now >= w.To {
			t.Fatalf("%v is not within %v to %v", now.Time(), w.From.Time(), w.To.Time())
		}
		if w.PreviousFrom > w.PreviousTo || w.PreviousTo > w.From {
			t.Fatalf("the previous period is %v to %v before %v", w.PreviousFrom.Time(), w.PreviousTo.Time(), w.From.Time())
		}
		if unit, ok := units[p]; ok {
			if got, err := c.AppendBuckets(nil, w.From, w.To, unit.Granularity); err != nil || len(got) != unit.n {
				t.Fatalf("%s has %d buckets by %s (%v), want %d", p, len(got), unit.Granularity, err, unit.n)
			}
		}
	})
}

// Buckets cover their period without gap or overlap, each is one unit but for the cuts, and days never lie in two
// weeks or months.
func TestPeriodBucketProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, from := drawCalendar(t)
		g := rapid.SampledFrom(allGranularities).Draw(t, "granularity")
		to := from + Instant(rapid.Int64Range(1, int64(200*oneDay)).Draw(t, "length"))
		all, err := c.AppendBuckets(nil, from, to, g)
		if err != nil {
			t.Fatal(err)
		}
		end := from
		for i, b := range all {
			if b.From != end || b.To <= b.From {
				t.Fatalf("bucket %d is %v to %v after %v", i, b.From.Time(), b.To.Time(), end.Time())
			}
			start, next := c.UnitStart(b.From, g), c.UnitEnd(b.From, g)
			if b.From != max(start, from) || b.To != min(next, to) {
				t.Fatalf("bucket %d is %v to %v, its unit %v to %v", i, b.From.Time(), b.To.Time(), start.Time(), next.Time())
			}
			if g == ByWeek || g == ByMonth {
				if d := c.Date(b.To); b.To != to && c.StartOf(d) != b.To {
					t.Fatalf("bucket %d ends at %v, amid the day %v", i, b.To.Time(), d)
				}
			}
			end = b.To
		}
		if end != to {
			t.Fatalf("buckets end at %v, not %v", end.Time(), to.Time())
		}
	})
}

func BenchmarkPeriodBucketsOfRandomPoints(b *testing.B) {
	c := mustCalendar(b, "America/Santiago", time.Monday)
	random := rand.New(rand.NewPCG(1, 2))
	points := make([]Instant, 1<<16)
	from, to := mustInstant(b, "2016-01-01T00:00:00Z"), mustInstant(b, "2026-01-01T00:00:00Z")
	for i := range points {
		points[i] = from + Instant(random.Int64N(int64(to-from)))
	}
	for _, g := range allGranularities {
		b.Run(string(g), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				c.UnitStart(points[i%len(points)], g)
			}
		})
	}
}
