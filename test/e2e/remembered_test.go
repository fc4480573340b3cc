package e2e

import (
	"fmt"
	"net/http"
	"testing"
)

// TestSameQuestion asks the very same bytes as different callers and between changes. The server may remember answers;
// whoever asks, and whatever has been written, must not notice.
func TestSameQuestion(t *testing.T) {
	engines(t, func(t *testing.T, start starter) {
		s := start(t)
		tenant := unique()
		ana := s.with(s.run(t, "token", "--tenant", tenant, "--role", "EDITOR", "--subject", "ana"))
		ben := s.with(s.run(t, "token", "--tenant", tenant, "--role", "VIEWER", "--subject", "ben"))
		eve := s.with(s.run(t, "token", "--tenant", unique(), "--role", "EDITOR", "--subject", "eve"))
		for _, c := range []*client{ana, eve} {
			c.create(t, vars{"key": "sum", "aggregation": "SUM"})
		}

		const question = `{ viewer { subject role tenant { name } } chart(by: {key: "sum"}) { id version kpi { value } trend { buckets { value } } } }`
		type answered struct {
			Viewer struct{ Subject string }
			Chart  chart
		}
		eve.record(t, "sum", []point{{"key": "1", "value": -1}}, nil)
		for n := 1; n <= 10; n++ {
			ana.record(t, "sum", []point{{"key": fmt.Sprint(n), "value": 1}}, nil)
			for subject, c := range map[string]*client{"ana": ana, "ben": ben} {
				for range 2 {
					got := ask[answered](t, c, question, nil)
					buckets := got.Chart.Trend.Buckets
					if want := fmt.Sprint(n); got.Viewer.Subject != subject || number(got.Chart.Kpi.Value) != want || number(buckets[len(buckets)-1].Value) != want {
						t.Fatalf("after %d points %s is answered %+v", n, subject, got)
					}
				}
			}
			if got := ask[answered](t, eve, question, nil); got.Viewer.Subject != "eve" || number(got.Chart.Kpi.Value) != "-1" || got.Chart.Version != 2 {
				t.Fatalf("eve is answered %+v", got)
			}
			if a := s.with("").do(t, question, nil); a.status != http.StatusUnauthorized || a.code() != "UNAUTHENTICATED" || len(a.Data) > 0 && string(a.Data) != "null" {
				t.Fatalf("nobody is answered %d %s", a.status, a.body)
			}
			refused(t, ben.do(t, record, recordInput("sum", []point{{"value": 1}}, nil)), "FORBIDDEN", "")
		}

		admin := s.as(t, tenant, "ADMIN")
		const calendar = `{ tenant { timeZone } chart(by: {key: "sum"}) { trend(period: TODAY, granularity: DAY) { timeZone } } }`
		for _, zone := range []string{"UTC", "Asia/Kathmandu", "Europe/Paris", "Asia/Kathmandu"} {
			ask[any](t, admin, `mutation($zone: TimeZone!) { updateTenant(input: {timeZone: $zone}) { tenant { id } } }`, vars{"zone": zone})
			got := ask[struct {
				Tenant struct{ TimeZone string }
				Chart  chart
			}](t, ben, calendar, nil)
			if got.Tenant.TimeZone != zone || got.Chart.Trend.TimeZone != zone {
				t.Errorf("moved to %s, and ben is answered %+v", zone, got)
			}
		}
	})
}
