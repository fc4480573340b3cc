package oracle_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/mykpi/mykpi/test/oracle"
)

func calendar(t *testing.T, zone string) oracle.Calendar {
	t.Helper()
	location, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	return oracle.Calendar{Zone: location, WeekStart: time.Monday}
}

func at(t *testing.T, s string) time.Time {
	t.Helper()
	parsed, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// Windows counted by hand, on a wall calendar.
func TestWindows(t *testing.T) {
	for _, c := range []struct{ zone, period, now, want string }{
		{"Europe/Paris", "LAST_7_DAYS", "2026-11-23T11:00:00Z", "2026-11-16T23:00 2026-11-23T23:00 2026-11-09T23:00 2026-11-16T11:00"},
		{"Europe/Paris", "TODAY", "2024-03-31T10:00:00Z", "2024-03-30T23:00 2024-03-31T22:00 2024-03-29T23:00 2024-03-30T11:00"}, // 23 hours, noon
		{"Europe/Paris", "THIS_MONTH", "2026-03-31T10:00:00Z", "2026-02-28T23:00 2026-03-31T22:00 2026-01-31T23:00 2026-02-28T11:00"},
		{"America/Santiago", "TODAY", "2025-09-07T12:00:00Z", "2025-09-07T04:00 2025-09-08T03:00 2025-09-06T04:00 2025-09-06T13:00"}, // it began at 01:00
		{"Pacific/Apia", "LAST_7_DAYS", "2011-12-31T00:00:00Z", "2011-12-24T10:00 2011-12-31T10:00 2011-12-17T10:00 2011-12-24T00:00"},
		{"Asia/Kathmandu", "LAST_24_HOURS", "2026-11-23T12:30:00Z", "2026-11-22T13:15 2026-11-23T13:15 2026-11-21T13:15 2026-11-22T12:30"},
	} {
		w := calendar(t, c.zone).Window(oracle.Span{Period: c.period}, at(t, c.now))
		const layout = "2006-01-02T15:04"
		got := fmt.Sprint(w.From.UTC().Format(layout), " ", w.To.UTC().Format(layout), " ", w.PreviousFrom.UTC().Format(layout), " ", w.PreviousTo.UTC().Format(layout))
		if got != c.want {
			t.Errorf("%s in %s at %s:\n%s, want\n%s", c.period, c.zone, c.now, got, c.want)
		}
	}
}

func TestKPI(t *testing.T) {
	now := at(t, "2026-11-23T11:00:00Z")
	sent := []oracle.Point{
		{At: at(t, "2026-11-16T10:59:59Z"), Value: "4"},                // of the period before, just counted
		{At: at(t, "2026-11-16T11:00:00Z"), Value: "1000"},             // later in its day than it is now
		{Key: "a", At: at(t, "2026-11-20T00:00:00Z"), Value: "1"},      // corrected below
		{At: at(t, "2026-11-23T11:00:00Z"), Value: "2.5"},              // now
		{At: at(t, "2026-11-23T11:00:01Z"), Value: "7"},                // to come
		{Key: "a", At: at(t, "2026-11-21T00:00:00Z"), Value: "3.5"},    // moved and corrected
		{Key: "a", At: at(t, "2026-11-21T00:00:00Z"), Value: "3.5000"}, // the same
	}
	for aggregation, want := range map[string]string{
		"SUM": "6 4 2 50 GOOD 0.6 OFF_TRACK", "COUNT": "2 1 1 100 GOOD 0.2 OFF_TRACK", "AVERAGE": "3 4 -1 -25 BAD 0.3 OFF_TRACK",
		"MINIMUM": "2.5 4 -1.5 -37.5 BAD 0.25 OFF_TRACK", "MAXIMUM": "3.5 4 -0.5 -12.5 BAD 0.35 OFF_TRACK", "LAST": "2.5 4 -1.5 -37.5 BAD 0.25 OFF_TRACK",
	} {
		k := calendar(t, "Europe/Paris").KPI(oracle.Chart{Aggregation: aggregation, Direction: "UP_IS_GOOD", Target: "10"}, sent, oracle.Span{}, now)
		got := fmt.Sprint(k.Value, " ", k.PreviousValue, " ", k.Change, " ", k.ChangePercent, " ", k.Sentiment, " ", k.TargetProgress, " ", k.Status)
		if got != want || !k.AsOf.Equal(now) {
			t.Errorf("%s: %s as of %v, want %s", aggregation, got, k.AsOf, want)
		}
	}
}

func TestTrend(t *testing.T) {
	c := calendar(t, "Australia/Lord_Howe") // its clock is put back by half an hour at 15:00 UTC
	trend := c.Trend(oracle.Chart{Aggregation: "SUM"}, []oracle.Point{
		{At: at(t, "2024-04-06T14:59:59Z"), Value: "1"}, {At: at(t, "2024-04-06T15:00:00Z"), Value: "2"}, {At: at(t, "2024-04-06T15:30:00Z"), Value: "4"},
	}, oracle.Span{From: at(t, "2024-04-06T14:00:00Z"), To: at(t, "2024-04-06T16:30:00Z")}, "", at(t, "2024-04-06T16:00:00Z"))
	got := trend.Granularity
	for _, b := range trend.Buckets {
		got += fmt.Sprint(" ", b.Start.Format("15:04"), "=", b.Value, "/", b.Count, "/", b.Complete)
	}
	// 01:00 lasts an hour and a half: it is 01:30 twice.
	if want := "HOUR 14:00=3/2/true 15:30=4/1/false"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
