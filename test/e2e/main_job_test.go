package e2e

import (
	"slices"
	"testing"
	"time"
)

// TestMainJob is the product's one job from the first token to the live update, as a client sees it.
func TestMainJob(t *testing.T) {
	engines(t, func(t *testing.T, start starter) {
		s := start(t)
		tenant := unique()
		c := s.as(t, tenant, "ADMIN")

		made := c.create(t, vars{
			"key": "revenue", "name": "Revenue", "description": "Paid orders", "visualization": "AREA", "aggregation": "SUM",
			"unit": vars{"kind": "CURRENCY", "currency": "EUR"}, "target": 1000.5, "staleAfter": 3600,
		})
		if made.Key != "revenue" || made.Version != 1 || made.Status != "ACTIVE" || number(made.Target) != "1000.5" ||
			*made.Unit.Currency != "EUR" || made.Unit.Decimals != 2 || made.Direction != "UP_IS_GOOD" || *made.StaleAfter != 3600 {
			t.Fatalf("made %+v", made)
		}

		socket := c.subscribe(t, `subscription { kpiUpdated { cause cursor chart { key version kpi { value } } } }`)
		if u := socket.next(t).KpiUpdated; u.Cause != "SNAPSHOT" || u.Chart.Key != "revenue" || u.Chart.Version != 1 {
			t.Fatalf("first update %+v", u)
		}

		now := time.Now().UTC().Truncate(time.Second)
		at := func(before time.Duration) string { return now.Add(-before).Format(time.RFC3339Nano) }
		answer := c.record(t, "revenue", []point{
			{"key": "order-1", "at": at(time.Minute), "value": 19.99},
			{"key": "order-2", "at": at(30 * time.Second), "value": "0.01"},
			{"value": 5},
		}, vars{"source": "execution 7"})
		if answer.Recorded != 3 || answer.Corrected+answer.Unchanged+len(answer.Rejected) != 0 || answer.IngestionID == nil || answer.Chart.Version != 2 {
			t.Fatalf("recorded %+v", answer)
		}
		if u := socket.next(t).KpiUpdated; u.Cause != "POINTS_RECORDED" || u.Chart.Version != 2 || number(u.Chart.Kpi.Value) != "25" {
			t.Fatalf("update of the points %+v", u)
		}

		again := c.record(t, "revenue", []point{
			{"key": "order-1", "at": at(time.Minute), "value": "19.990"}, // the same
			{"key": "order-2", "at": at(30 * time.Second), "value": 0.02},
		}, nil)
		if again.Recorded != 0 || again.Corrected != 1 || again.Unchanged != 1 {
			t.Fatalf("recorded again %+v", again)
		}
		if u := socket.next(t).KpiUpdated; number(u.Chart.Kpi.Value) != "25.01" {
			t.Fatalf("update of the correction %+v", u)
		}

		from, to := at(time.Hour), now.Add(time.Hour).Format(time.RFC3339)
		k := c.kpi(t, "revenue", from, to)
		if number(k.Value) != "25.01" || number(k.PreviousValue) != "null" || k.Status != "OFF_TRACK" || number(k.TargetProgress) != "0.024998" || k.AsOf == nil {
			t.Errorf("kpi %+v", k)
		}
		week := c.chart(t, "revenue", `trend { `+trendFields+` }`, nil).Trend
		if len(week.Buckets) != 7 || week.Granularity != "DAY" || week.TimeZone != "UTC" || week.Buckets[6].Complete || number(week.Buckets[0].Value) != "0" {
			t.Errorf("trend %+v", week)
		}

		points := c.points(t, "revenue")
		if len(points) != 3 || points[0].Key != "order-1" || points[0].Value != "19.99" || *points[0].Source != "execution 7" || points[1].Value != "0.02" || points[1].Source != nil {
			t.Errorf("points %+v", points)
		}

		updated := ask[struct{ UpdateChart struct{ Chart chart } }](t, c, updateChart, vars{"input": vars{
			"chart": vars{"id": made.ID}, "expectedVersion": 3, "name": "Takings", "target": nil,
		}}).UpdateChart.Chart
		if updated.Name != "Takings" || updated.Target != nil || updated.Version != 4 || *updated.Description != "Paid orders" {
			t.Errorf("updated %+v", updated)
		}
		if u := socket.next(t).KpiUpdated; u.Cause != "CHART_UPDATED" {
			t.Errorf("update of the settings %+v", u)
		}

		one := vars{"input": vars{"chart": vars{"key": "revenue"}}}
		if got := ask[struct{ ArchiveChart struct{ Chart chart } }](t, c, archive, one).ArchiveChart.Chart; got.Status != "ARCHIVED" || got.Version != 5 {
			t.Errorf("archived %+v", got)
		}
		if u := socket.next(t).KpiUpdated; u.Cause != "CHART_ARCHIVED" {
			t.Errorf("update of the archiving %+v", u)
		}
		if got := charts(t, c, `charts`); got.TotalCount != 0 {
			t.Errorf("active charts %+v", got)
		}
		if got := charts(t, c, `charts(status: ARCHIVED)`); got.TotalCount != 1 {
			t.Errorf("archived charts %+v", got)
		}
		refused(t, c.do(t, record, recordInput("revenue", []point{{"value": 1}}, nil)), "BAD_USER_INPUT", "input.chart")
		if got := ask[struct{ RestoreChart struct{ Chart chart } }](t, c, restore, one).RestoreChart.Chart; got.Status != "ACTIVE" || got.Version != 6 {
			t.Errorf("restored %+v", got)
		}
		if u := socket.next(t).KpiUpdated; u.Cause != "CHART_RESTORED" {
			t.Errorf("update of the restoring %+v", u)
		}

		removed := ask[struct{ RemoveDataPoints struct{ Removed int } }](t, c, remove, vars{"input": vars{
			"chart": vars{"key": "revenue"}, "keys": []string{"order-1", "never-sent"}, "instants": []string{points[2].At.Format(time.RFC3339Nano)}, "reason": "refunded",
		}}).RemoveDataPoints.Removed
		if removed != 2 {
			t.Errorf("removed %d", removed)
		}
		if u := socket.next(t).KpiUpdated; u.Cause != "POINTS_REMOVED" || number(u.Chart.Kpi.Value) != "0.02" {
			t.Errorf("update of the removal %+v", u)
		}

		var types []string
		for i, e := range c.history(t, "revenue") {
			types = append(types, e.Type)
			if e.Version != 7-i || e.ID == "" || e.Summary == "" || e.Actor.Kind != "USER" || e.Actor.ID == "" {
				t.Errorf("event %d: %+v", i, e)
			}
		}
		if want := []string{"DataPointsRemoved", "ChartRestored", "ChartArchived", "ChartUpdated", "DataPointsRecorded", "DataPointsRecorded", "ChartCreated"}; !slices.Equal(types, want) {
			t.Errorf("history %q, want %q", types, want)
		}
	})
}

// charts reads a list of charts.
func charts(t *testing.T, c *client, field string) page[chart] {
	t.Helper()
	return ask[struct{ Charts page[chart] }](t, c, `{ charts: `+field+` { nodes { id key name } totalCount `+pageFields+` } }`, nil).Charts
}

// TestOtherRootFields asks the root fields that the main job does not.
func TestOtherRootFields(t *testing.T) {
	engines(t, func(t *testing.T, start starter) {
		s := start(t)
		tenant := unique()
		c := s.with(s.run(t, "token", "--tenant", tenant, "--role", "EDITOR", "--subject", "ana", "--email", "ana@acme.example"))

		if v := ask[struct{ Version string }](t, s.with(""), `{ version }`, nil).Version; v == "" {
			t.Error("no version for somebody without a token")
		}
		who := ask[struct {
			Viewer struct {
				Subject, Email, Role string
				Permissions          []string
				Tenant               struct{ ID, Name, TimeZone, WeekStart string }
			}
		}](t, c, `{ viewer { subject email role permissions tenant { id name timeZone weekStart } } }`, nil).Viewer
		if who.Subject != "ana" || who.Email != "ana@acme.example" || who.Role != "EDITOR" || !slices.Equal(who.Permissions, []string{"READ", "RECORD", "EDIT"}) ||
			who.Tenant.Name != tenant || who.Tenant.TimeZone != "UTC" || who.Tenant.WeekStart != "MONDAY" {
			t.Errorf("viewer %+v", who)
		}

		made := c.create(t, vars{"name": "Monthly revenue (EU)"})
		if made.Key != "monthly-revenue-eu" {
			t.Errorf("key %q made from the name", made.Key)
		}
		for id, want := range map[string]string{made.ID: "Chart", who.Tenant.ID: "Tenant"} {
			node := ask[struct {
				Node struct {
					Typename string `json:"__typename"`
					ID       string
				}
			}](t, c, `query($id: ID!) { node(id: $id) { __typename id } }`, vars{"id": id}).Node
			if node.Typename != want || node.ID != id {
				t.Errorf("node(%s) %+v, want a %s", id, node, want)
			}
		}

		for _, name := range []string{"Orders", "Open orders", "Churn"} {
			c.create(t, vars{"name": name})
		}
		if got := charts(t, c, `charts(search: "ORDER")`); len(got.Nodes) != 2 || got.TotalCount != 2 {
			t.Errorf("search %+v", got)
		}
		first := charts(t, c, `charts(first: 3)`)
		rest := charts(t, c, `charts(first: 3, after: `+quote(*first.PageInfo.EndCursor)+`)`)
		if len(first.Nodes) != 3 || !first.PageInfo.HasNextPage || len(rest.Nodes) != 1 || rest.PageInfo.HasNextPage || rest.TotalCount != 4 || rest.Nodes[0].Name != "Churn" {
			t.Errorf("pages %+v %+v", first, rest)
		}

		admin := s.as(t, tenant, "ADMIN")
		admin.record(t, "orders", []point{{"at": "2026-01-04T23:30:00Z", "value": 1}}, nil)
		const januaryDays = `trend(from: "2026-01-01T00:00:00Z", to: "2026-01-08T00:00:00Z", granularity: DAY) { timeZone buckets { start value count } }`
		ask[any](t, admin, `mutation { updateTenant(input: {name: "Acme", timeZone: "Asia/Kathmandu", weekStart: SUNDAY}) { tenant { name } } }`, nil)
		moved := c.chart(t, "orders", januaryDays, nil).Trend
		for _, b := range moved.Buckets {
			if want := b.Start.Equal(time.Date(2026, 1, 4, 18, 15, 0, 0, time.UTC)); want != (b.Count == 1) {
				t.Errorf("after the tenant moved to Kathmandu: %+v", b)
			}
		}
		if moved.TimeZone != "Asia/Kathmandu" {
			t.Errorf("trend %+v", moved)
		}
	})
}
