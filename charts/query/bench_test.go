package query_test

import (
	"testing"
	"time"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/test/core"
)

// A dashboard of 20 charts, KPI and trend of each, by the Reader alone: from the store's documents to the answer, with its board kept and without.
func BenchmarkDashboard(b *testing.B) {
	c := core.New(b, core.At(time.Date(2026, 11, 23, 15, 30, 0, 0, time.UTC)))
	as := dashboard(b, c, 400, time.Hour)
	hour := charts.ByHour
	for _, d := range []struct {
		name        string
		period      charts.Period
		granularity *charts.Granularity
	}{
		{"7 days by the day", charts.Last7Days, nil},
		{"7 days by the hour", charts.Last7Days, &hour},
		{"90 days by the day", charts.Last90Days, nil},
		{"12 months", charts.Last12Months, nil},
	} {
		for name, of := range map[string]*core.Core{"kept": c, "read again": core.On(c.Store, c.Clock)} {
			b.Run(d.name+"/"+name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					show(b, of, as, d.period, d.granularity)
				}
			})
		}
	}
}
